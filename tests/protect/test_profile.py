"""Profiles: what is hidden and what is rounded, by worked values; the stricter rule where there is a doubt."""

import pytest

from analysis.errors import Mistake
from analysis.protect.profile import Profiles, names, profile

HIDDEN = "hidden"
# A count of so many people, released: OpenSAFELY hides 0 to 7, NHS England 1 to 7; both round the rest to 5, halves up.
COUNTS = {
    "none":        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
    "opensafely":  [HIDDEN] * 8 + [10, 10, 10, 10, 10, 15],
    "nhs-england": [0] + [HIDDEN] * 7 + [10, 10, 10, 10, 10, 15],
}


def test_these_profiles_ship():
    assert names() == ["nhs-england", "none", "opensafely"]


@pytest.mark.parametrize("name", COUNTS)
def test_counts_of_nought_to_thirteen(name):
    rules = profile(name)
    assert [HIDDEN if rules.hides(n) else rules.rounded(n) for n in range(14)] == COUNTS[name]


@pytest.mark.parametrize(("value", "rounded"), [(12.4, 10), (12.5, 15), (17.5, 20), (22.5, 25), (22.49, 20)])
def test_halves_are_rounded_up_to_five(value, rounded):
    assert profile("opensafely").rounded(value) == rounded


def test_each_profile_says_its_rule_and_its_source():
    assert {name: profile(name).rule for name in names()} == {
        "none": "no number is hidden or rounded",
        "opensafely": "counts of 1 to 7 people and zero are hidden, other counts are rounded to the nearest 5 (minutes "
                      "to 60 or more), percentages and totals are computed from those; so a total may be a little "
                      "more or less than another count of the same people",
        "nhs-england": "counts of 1 to 7 people are hidden, other counts are rounded to the nearest 5 (minutes "
                       "to 60 or more), percentages and totals are computed from those; so a total may be a little "
                       "more or less than another count of the same people"}
    assert all(profile(name).source for name in names())


def test_an_unknown_profile_is_a_mistake_that_gives_the_nearest():
    with pytest.raises(Mistake) as mistake:
        profile("open-safely")
    assert str(mistake.value) == ("there is no disclosure profile 'open-safely'\n"
                                  "  -> did you mean 'opensafely'? known: nhs-england, none, opensafely")


# ------------------------------------------------------------------------------------------------ which for whom

MIXED = {"invited": "opensafely", "enrolled": "none", "interviewed": "nhs-england", "service providers": "none"}


@pytest.mark.parametrize(("population", "name"), [
    ("enrolled", "none"),
    ("invited", "opensafely"),
    ("service users interviewed", "nhs-england"),        # a part of a population
    ("invited, not enrolled", "opensafely"),             # who never consented: not the rule of those who did
    ("service providers interviewed", "nhs-england"),
    ("everybody in the town", "opensafely")])            # nobody said: the strictest
def test_a_population_has_its_own_profile_or_the_strictest_that_could_be_meant(population, name):
    assert Profiles({known: profile(rules) for known, rules in MIXED.items()}).of(population).name == name


@pytest.mark.parametrize("counted", ["checks", "publications"])
def test_what_is_no_count_of_people_is_never_hidden(counted):
    """Rules that were run and figures in print are nobody's: not even where every population has the strictest rule."""
    strict = Profiles({"enrolled": profile("opensafely")})
    assert (strict.of(counted).name, strict.of(f"{counted} of people enrolled").name) == ("none", "opensafely")


def test_hiding_zero_is_stricter_than_showing_it():
    assert Profiles({"a": profile("nhs-england"), "b": profile("opensafely")}).of("c").name == "opensafely"


def test_where_no_population_has_a_profile_the_rule_is_opensafely():
    assert Profiles({}).of("enrolled").name == "opensafely"
