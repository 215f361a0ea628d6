"""Figures of coded interviews: pairs of codes as squares, saturation as a curve; numbers bound, hidden ones hidden."""

import pandas as pd
import pytest
from coded_material import CODES, GROUPS, INTERVIEWS, codings

from analysis.measures.interviews.by_participant import themes_by_participant
from analysis.measures.interviews.co_occurrence import co_occurrence
from analysis.measures.interviews.saturation import saturation
from analysis.measures.interviews.themes import code_tree as listing
from analysis.present import code_tree, heat_map, pairs_map, saturation_curve, table
from analysis.protect.gate import unbound_in_figure
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release

CODED = codings(("I01", "fear", "A", 0, 10), ("I01", "own-pace", "A", 5, 20), ("I02", "delivery", "A", 0, 9),
                ("I02", "fear", "A", 4, 9), ("I04", "delivery", "A", 0, 9))


def pairs(rules: str):
    return release(co_occurrence(CODES, CODED, INTERVIEWS, groups=GROUPS), Profiles({"interviewed": profile(rules)}))


def runs(rules: str):
    log = INTERVIEWS.assign(date=pd.to_datetime(["2018-01-01", "2018-01-02", "2018-01-03", "2018-01-04"]))
    return release(saturation(CODED, log, base=2, run=1, orders=20), Profiles({"interviewed": profile(rules)}))


def cells(released) -> dict:
    return {identity: {"text": cell.text} for identity, cell in released.cells.items()}


@pytest.mark.parametrize(("draw", "released"), [(pairs_map, pairs), (saturation_curve, runs)])
class TestEachFigure:
    def test_its_numbers_are_released_ones_and_so_are_those_of_its_description(self, draw, released):
        shown = released("none")
        assert unbound_in_figure(draw(shown).content, cells(shown)) == []

    def test_two_drawings_are_the_same_bytes(self, draw, released):
        assert draw(released("none")).content == draw(released("none")).content

    def test_where_everything_is_hidden_a_sentence_says_so(self, draw, released):
        assert "all of these numbers are hidden" in draw(released("opensafely")).content


def test_a_pair_says_its_number_in_the_description():
    assert "Medicines and Delivery: 1." in repr(pairs_map(pairs("none")))


def test_hundreds_of_hidden_rows_do_not_list_hundreds_of_names():
    many = pd.DataFrame([(f"c{n}", None, f"Code {n}") for n in range(9)], columns=["code_id", "parent", "name"])
    hidden = release(co_occurrence(many, CODED[:0], INTERVIEWS, groups=GROUPS),
                     Profiles({"interviewed": profile("opensafely")}))
    assert len(hidden.lines) == 36 and "; and 28 more" in table(hidden).content


# ------------------------------------------------------------------------------------------- who speaks of what

def of_people():
    return themes_by_participant(CODES, CODED, INTERVIEWS, groups=GROUPS)


def everybody(rules: str = "none"):
    return Profiles({f"{group}s interviewed": profile(rules) for group in GROUPS})


def test_each_participant_s_passages_stand_in_their_square():
    shown = release(of_people(), everybody())
    drawing = heat_map(shown)
    assert unbound_in_figure(drawing.content, cells(shown)) == []
    assert "Own (pace)" in drawing.content or "Own {pace}" in drawing.content
    assert "Medicines: P01 1, P02 1" in dict(drawing.bundle)["text/plain"]
    assert "Delivery: P02 1, S01 1" in dict(drawing.bundle)["text/plain"]


def test_a_released_report_says_that_the_heat_map_is_kept_back_and_has_no_number_of_it():
    kept = heat_map(release(of_people().kept_back, everybody()))
    assert "it says who said what, and stands in the working tier only" in kept.content
    assert "P01" not in kept.content and kept.cells == ()


def test_two_heat_maps_are_the_same_bytes():
    assert heat_map(release(of_people(), everybody())).content == heat_map(release(of_people(), everybody())).content


# ------------------------------------------------------------------------------------------- the tree of codes

def test_the_tree_has_every_code_under_its_theme_and_says_so_in_words():
    drawing = code_tree(release(listing(CODES), Profiles({})))
    assert dict(drawing.bundle)["text/plain"].endswith(
        "Medicines: Fear of reducing, Own {pace}; Delivery: no code under it.")
    assert unbound_in_figure(drawing.content, {}) == []


def test_a_number_in_the_name_of_a_code_is_no_loose_number():
    numbered = CODES.assign(name=["Medicines", "Fear in week 2", "Pace", "Delivery"])
    assert unbound_in_figure(code_tree(release(listing(numbered), Profiles({}))).content, {}) == []


@pytest.mark.parametrize("name", [
    "$5 to $10 a week", "<script>alert(1)</script>", "a very long name " * 20 + "of week 12", "\\frac{1}"])
def test_a_code_may_be_called_anything(name):
    odd = CODES.assign(name=["Medicines", name, "Pace", "Delivery"])
    drawing = code_tree(release(listing(odd), Profiles({})))
    assert unbound_in_figure(drawing.content, {}) == [] and "<script" not in drawing.content
    shown = release(themes_by_participant(odd, CODED, INTERVIEWS, groups=GROUPS), everybody())
    assert unbound_in_figure(heat_map(shown).content, cells(shown)) == []
