"""How long a patch is made for, by its product, and after how long directions change it: texts in, days out."""

import pytest

from analysis.extracts.checks.patches import changed_after, worn_for


@pytest.mark.parametrize("product, days", [
    ("fentanyl 25micrograms/hour transdermal patches", 3),
    ("butrans 10micrograms/hour transdermal patches", 7),
    ("buprenorphine 52.5micrograms/hour transdermal patches", 4),
    ("hapoctasin 35micrograms/hour transdermal patches", 3),
    ("buprenorphine 35micrograms/hour three day transdermal patches", 3),
    ("fentanyl 4.2mg patches", None),
    ("fentanyl 13micrograms/hour patches", None),
    ("codeine 30mg tablets", None),
])
def test_the_days_that_a_patch_is_made_for(product, days):
    assert worn_for(product) == days


@pytest.mark.parametrize("directions, days", [
    ("Apply ONE patch every THREE days", 3), ("change every 72 hours", 3), ("72 hourly", 3), ("Q72H", 3),
    ("1 patch every third day", 3), ("one patch every 72 hours (3 days)", 3), ("every 96hrs", 4),
    ("Apply one patch weekly", 7), ("once a week", 7), ("one every 7 days", 7), ("each week", 7),
    ("apply ONE twice weekly", 3.5), ("2 times a week", 3.5), ("every other day", 2), ("Apply one patch daily", 1),
    ("1 od", 1), ("as directed", None), ("one patch every 3 to 4 days", None), ("every 3 days or every 7 days", None),
])
def test_after_how_many_days_directions_change_it(directions, days):
    assert changed_after(directions) == days
