"""Every instrument that ships can be read, agrees with itself, and says where it comes from."""

import pytest

from analysis.errors import Mistake
from analysis.reference.instruments import defined, instrument, names

SMALL = {
    "name": "small", "title": "Small", "measures": "smallness", "items": ["1", "2"],
    "answers": {"lowest": 0, "highest": 4}, "score": "sum", "direction": "higher is worse",
    "missing": {"rule": "complete items only", "answered_at_least": 2, "chosen_by": "this package", "source": "none"},
    "source": "invented", "licence": "none", "examples": [{"answers": [1, 2], "score": 3, "source": "counted"}],
}


def possible_scores(one):
    sums = range(one.lowest * len(one.items), one.highest * len(one.items) + 1)
    if one.score == "conversion":
        return list(one.conversion)
    return [s / len(one.items) if one.score == "mean" else s for s in sums]


@pytest.mark.parametrize("name", names())
def test_an_instrument_is_found_under_the_name_it_gives_itself(name):
    assert instrument(name).name == name


@pytest.mark.parametrize("name", names())
def test_every_possible_score_lies_in_exactly_one_band(name):
    one = instrument(name)
    for score in possible_scores(one):
        assert bool(one.band(score)) == bool(one.bands)
    assert sorted({one.band(s) for s in possible_scores(one)} - {""}) == sorted(b.label for b in one.bands)


@pytest.mark.parametrize("name", names())
def test_where_a_missing_rule_was_not_read_in_a_source_it_is_called_this_packages_own(name):
    assert instrument(name).missing_words.endswith("complete items only (chosen by this package)")


@pytest.mark.parametrize(("name", "score", "band"), [
    ("phq9", 4, "none or minimal"), ("phq9", 5, "mild"), ("phq9", 20, "severe"), ("phq9", 27, "severe"),
    ("gad7", 14, "moderate"), ("gad7", 15, "severe"), ("peg", 3.95, "mild"), ("peg", 4, "moderate"),
])
def test_a_band_begins_at_its_cut_point_and_leaves_no_gap_below_the_next(name, score, band):
    assert instrument(name).band(score) == band


def test_a_score_off_the_scale_has_no_band():
    with pytest.raises(ValueError, match="runs from 0.0 to 27.0"):
        instrument("phq9").band(28)


def test_a_conversion_never_goes_down_and_keeps_the_ends_of_the_scale():
    table = instrument("swemwbs").conversion
    assert list(table) == sorted(set(table))
    assert (table[0], table[-1]) == (7, 35)


def test_an_unknown_instrument_is_answered_with_the_nearest_name():
    with pytest.raises(Mistake, match="did you mean 'phq9'"):
        instrument("phq-9")


@pytest.mark.parametrize(("change", "message"), [
    ({"revrsed": []}, "did you mean 'reversed'"),
    ({"score": "median"}, "score is 'median'"),
    ({"score": "conversion"}, "go together"),
    ({"reversed": ["3"]}, "reversed items that are no items: 3"),
    ({"answers": {"lowest": 4, "highest": 0}}, "not below the highest"),
    ({"bands": {"source": "x", "starts": [{"from": 1, "label": "some"}]}}, "do not cover the scores"),
    ({"change": {"points": 0, "kind": "reliable change", "source": "x"}}, "not above zero"),
    ({"change": {"points": 2, "kind": "large", "source": "x"}}, "change.kind is 'large'"),
    ({"examples": []}, "no worked example"),
    ({"examples": [{"answers": [1], "source": "x"}]}, "one answer an item"),
])
def test_a_definition_that_contradicts_itself_is_refused_with_a_remedy(change, message):
    with pytest.raises(Mistake, match=message) as told:
        defined(SMALL | change, where="small.toml")
    assert str(told.value).startswith("small.toml")
    assert told.value.remedy


def test_a_missing_part_is_named():
    with pytest.raises(Mistake, match="'licence' is missing"):
        defined({key: value for key, value in SMALL.items() if key != "licence"})
