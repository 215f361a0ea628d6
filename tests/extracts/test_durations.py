"""Lengths of time as contact logs hold them, and the minutes that they come to."""

import pytest

from analysis.extracts.durations import is_duration, whole_minutes


@pytest.mark.parametrize("said, minutes", [
    ("30", "30"), ("030", "30"), ("30 mins", "30"), ("45m", "45"), ("20 min.", "20"), ("1 hr", "60"), ("1h15", "75"),
    ("1 hr 15 mins", "75"), ("1 hour and 5 minutes", "65"), ("1.5 hours", "90"), ("2hrs", "120"), ("0:45", "45"),
    ("01:15:00", "75"), ("approx 20 mins", "20"), ("~ 40", "40"), ("c. 1 hr", "60"), ("Half an hour", "30"),
    ("½ hr", "30"), ("an hour and a half", "90")])
def test_one_length_of_time_is_its_minutes(said, minutes):
    assert whole_minutes(said) == minutes and is_duration(said)


@pytest.mark.parametrize("said", ["20-30 mins", "long", "30 mins x 2", "1:75", "1.33 hours", "-5", "45 secs", "1.5",
                                  "see notes", "2 sessions"])
def test_what_says_no_one_length_stays_as_it_stands_and_is_then_no_whole_number(said):
    assert whole_minutes(said) == said and not is_duration(said)
