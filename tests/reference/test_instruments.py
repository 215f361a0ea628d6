"""Every instrument that ships can be read, agrees with itself, and says where it comes from."""

from dataclasses import replace
from itertools import product

import pytest

from analysis.errors import Mistake
from analysis.reference.instrument_files import defined
from analysis.reference.instruments import SHIPPED, Catalogue, instrument, names

SMALL = {
    "name": "small", "title": "Small", "measures": "smallness", "items": ["1", "2"],
    "answers": {"lowest": 0, "highest": 4}, "score": "sum", "direction": "higher is worse",
    "missing": {"rule": "complete items only", "answered_at_least": 2, "chosen_by": "this package", "source": "none"},
    "source": "invented", "licence": "none", "examples": [{"answers": [1, 2], "score": 3, "source": "counted"}],
}




def versions():
    """Each instrument that ships, in each of its settings and with each of its value sets."""
    for name in names():
        one = instrument(name)
        yield from [one.with_setting(setting) for setting in one.settings] or [
            replace(one, value_set=SHIPPED.value_set(values)) for values in SHIPPED.value_sets(name)] or [one]


def possible_scores(one):
    """Every score that answers can come to, with as many blanks as the instrument allows."""
    if one.score == "conversion":
        return list(one.conversion)
    if one.score == "index":
        return [one.value_set.index(p) for p in product(range(1, one.highest + 1), repeat=len(one.items))]
    found = {(total, given) for given in range(one.answered_at_least, len(one.items) + 1)
             for total in range(one.lowest * given, one.highest * given + 1)}
    return [total / given * (1 if one.score == "mean" else len(one.items)) for total, given in found]


@pytest.mark.parametrize("name", names())
def test_an_instrument_is_found_under_the_name_it_gives_itself(name):
    assert instrument(name).name == name


@pytest.mark.parametrize("one", list(versions()), ids=lambda one: " ".join(filter(None, (one.name, one.setting))))
def test_every_possible_score_lies_in_exactly_one_band(one):
    scores = possible_scores(one)
    for score in scores:
        above = [band for band in one.bands if band.starts <= score]
        assert one.band(score) == (above[-1].label if above else "")
        assert bool(above) == bool(one.bands)
    assert sorted({one.band(s) for s in scores} - {""}) == sorted(b.label for b in one.bands)
    assert (min(scores), max(scores)) == one.score_range


@pytest.mark.parametrize("name", names())
def test_a_missing_rule_says_whose_it_is_and_where_it_was_read(name):
    one = instrument(name)
    assert one.missing_chosen_by in ("this package", "its makers") and one.missing_source
    assert (one.answered_at_least == len(one.items)) == (one.missing_chosen_by == "this package")


@pytest.mark.parametrize("name", names())
def test_an_instrument_ships_its_scoring_and_no_wording(name):
    one = instrument(name)
    assert list(one.items) == [str(n) for n in range(1, len(one.items) + 1)]
    assert one.source and one.licence


def test_each_size_of_change_says_what_kind_it_is():
    """PHQ-9 6 and GAD-7 4 are reliable change, and no important difference."""
    said = {(one.name, change.words): change.kind for one in map(instrument, names()) for change in one.changes}
    assert said == {
        ("phq9", "6 points"): "reliable change", ("gad7", "4 points"): "reliable change",
        ("swemwbs", "2.87 points"): "reliable change", ("wemwbs", "3 points"): "minimally important difference",
        ("peg", "1 point"): "minimally important difference", ("peg", "30%"): "minimal important change",
        ("bpi_severity", "30%"): "minimal important change", ("bpi_severity", "50%"): "minimal important change",
        ("bpi_interference", "1 point"): "minimal important change",
        ("pseq", "7 points and another band"): "minimal important change",
        ("pseq", "11.52 points"): "minimal detectable change"}


@pytest.mark.parametrize(("name", "score", "band"), [
    ("phq9", 4, "minimal"), ("phq9", 5, "mild"), ("phq9", 20, "severe"), ("phq9", 27, "severe"),
    ("gad7", 14, "moderate"), ("gad7", 15, "severe"), ("peg", 3.95, "mild"), ("peg", 4, "moderate"),
    ("bpi_severity", 4.5, "mild"), ("bpi_severity", 6.75, "moderate"), ("pseq", 30, "moderate"), ("pseq", 31, "mild"),
    ("wemwbs", 40, "up to 40"), ("wemwbs", 41, "41 to 44"),
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
    ({"changes": [{"points": 0, "kind": "reliable change", "source": "x"}]}, "not above zero"),
    ({"changes": [{"points": 2, "kind": "large", "source": "x"}]}, "changes.kind is 'large'"),
    ({"changes": [{"kind": "reliable change", "source": "x"}]}, "either in points or in percent"),
    ({"changes": [{"percent": 30, "kind": "reliable change", "source": "x"}], "direction": "higher is better"},
     "needs a scale that is best at 0"),
    ({"changes": [{"points": 2, "another_band": True, "kind": "reliable change", "source": "x"}]},
     "asks for another band, and there are none"),
    ({"bands": {"home": {"source": "x", "starts": [{"from": 3, "label": "some"}]}}}, "do not cover the scores"),
    ({"score": "index"}, "depends on its value set|begin the levels at 1"),
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


# ------------------------------------------------------------------------------------------------ of a study's own

OWN = """
name      = "mood"
title     = "Mood"
measures  = "mood today"
items     = ["a", "b"]
answers   = { lowest = 1, highest = 3 }
score     = "sum"
direction = "higher is better"
source    = "our own form"
licence   = "ours"
missing   = { rule = "complete items only", answered_at_least = 2, chosen_by = "this study", source = "protocol" }
[[examples]]
answers = [1, 3]
score   = 4
source  = "counted"
"""


def test_a_study_may_have_questionnaires_of_its_own_beside_those_that_ship(tmp_path):
    (tmp_path / "mood.toml").write_text(OWN)
    known = Catalogue(tmp_path)
    assert known.names() == sorted([*names(), "mood"])
    assert (known["mood"].title, known["peg"].title) == ("Mood", "PEG")


def test_a_studys_own_file_comes_before_one_that_ships_under_that_name(tmp_path):
    (tmp_path / "peg.toml").write_text(OWN.replace('"mood"', '"peg"'))
    assert Catalogue(tmp_path)["peg"].title == "Mood"


def test_a_file_that_has_changed_is_read_again(tmp_path):
    (tmp_path / "mood.toml").write_text(OWN)
    assert Catalogue(tmp_path)["mood"].highest == 3
    (tmp_path / "mood.toml").write_text(OWN.replace("highest = 3", "highest = 30"))
    assert Catalogue(tmp_path)["mood"].highest == 30


def test_a_file_that_calls_its_instrument_otherwise_is_refused(tmp_path):
    (tmp_path / "mood2.toml").write_text(OWN)
    with pytest.raises(Mistake, match="the file calls its instrument 'mood'"):
        Catalogue(tmp_path)["mood2"]
