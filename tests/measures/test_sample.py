"""The interview sample: participants are people, interviews are conversations."""

import pandas as pd

from analysis.measures.interviews.sample import interview_sample
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release

GROUPS = ["service user", "service provider"]
INTERVIEWS = pd.DataFrame(
    [("I01", "P01", "service user", "patient", "practice_a", "female", "50s", "2017-03-01", 30, "face to face"),
     ("I02", "P02", "service user", "patient", "practice_b", "male", None, "2017-04-01", 40, "telephone"),
     ("I03", "P02", "service user", "patient", "practice_a", "male", "60s", "2017-09-01", 51, "face to face"),
     ("I04", "S01", "service provider", "general practitioner", "practice_a", "male", "40s", "2017-05-01", None,
      "telephone")],
    columns=["interview_id", "participant_id", "group", "role", "practice", "sex", "age_band", "date", "minutes",
             "mode"],
).astype({"minutes": "Int64", "date": "datetime64[ns]"})


def row(summary, label, section=""):
    line = next(line for line in summary.lines if line.label == label and line.section == section)
    return [summary.cells[i].value for _, _, ids in line.entries for _, i in ids]


def test_a_person_interviewed_twice_is_one_participant_as_at_the_first_interview():
    found = interview_sample(INTERVIEWS, groups=GROUPS, labels={"practice_b": "Practice B"})
    assert found.columns == ("Service users", "Service providers", "All")
    assert row(found, "Participants") == [2, 1, 3]
    assert row(found, "Interviews") == [3, 1, 4]
    assert row(found, "Practice B", "Practice") == [1, 0, 1]
    assert row(found, "Female", "Sex") == [1, 0, 1]
    assert row(found, "Face to face", "Mode of the interview") == [2, 0, 2]


def test_what_is_not_recorded_is_a_row():
    found = interview_sample(INTERVIEWS, groups=GROUPS)
    assert [line.label for line in found.lines if line.section == "Age band"] == ["40s", "50s", "Not recorded"]
    assert row(found, "Not recorded", "Age band") == [1, 0, 1]


def test_the_median_length_says_over_how_many_interviews():
    found = interview_sample(INTERVIEWS, groups=GROUPS)
    assert row(found, "Interviews of known length", "Length of the interview") == [3, 0, 3]
    assert row(found, "Median, minutes", "Length of the interview") == [40, None, 40]
    assert found.cells[found.names["service_provider_median_minutes"]].absent == "no interview of known length"
    assert found.cells[found.names["median_minutes"]].n == 2


def test_bands_stand_by_size_and_not_by_spelling():
    found = interview_sample(INTERVIEWS.assign(age_band=["10-19", "5-9", "20-29", "100+"]), groups=GROUPS)
    assert [line.label for line in found.lines if line.section == "Age band"] == [
        "5-9", "10-19", "100+", "Not recorded"]


def test_a_value_of_the_definition_has_a_row_whether_it_occurs_or_not_so_that_no_row_tells_a_hidden_count():
    one = INTERVIEWS.head(1)
    found = interview_sample(one, groups=GROUPS, known={"sex": ["female", "male"], "age_band": ["50s", "60s"]})
    labels = {"Sex": ["Female", "Male", "Not recorded"], "Age band": ["50s", "60s", "Not recorded"]}
    assert {section: [line.label for line in found.lines if line.section == section] for section in labels} == labels

    def shown(rules: str) -> list[str]:
        profiles = Profiles({"interviewed": profile(rules)})
        return [line.label for line in release(found, profiles).lines if line.section in labels]

    assert shown("none") == ["Female", "50s"]
    assert shown("opensafely") == [*labels["Sex"], *labels["Age band"]]
