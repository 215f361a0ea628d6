"""The joint display: the same cells as in their own tables, beside each other."""

import pytest
from coded_material import CODES, GROUPS, INTERVIEWS, codings, shown

from analysis.errors import DefinitionMistake
from analysis.measures.interviews.themes import theme_counts
from analysis.measures.joint import joint_display
from analysis.measures.summary import About, Cells

SAID = codings(("I01", "fear", "A", 0, 9), ("I04", "fear", "A", 0, 9))
THEMES = theme_counts(CODES, SAID, INTERVIEWS, groups=GROUPS)
ROW = {"question": "Did doses fall?", "theme": "medicines", "cells": ["lower"], "inference": "convergence",
       "says": "Both say so."}


def doses(measure="opioid dose", lower=12):
    cells = Cells(measure)
    enrolled = cells.people("enrolled", 34)
    part = cells.count(lower, population="enrolled", change="lower", name="lower")
    cells.share(part, enrolled, name="lower_share")
    return cells.summary("Dose", About("enrolled", "enrolled"))


def display(*others, **changes):
    return joint_display([{**ROW, **changes}], THEMES, list(others or [doses()]))


def test_a_row_puts_a_theme_beside_numbers_and_states_the_inference():
    found = display(cells=["{lower} people ({lower_share}) had a lower dose at follow-up"])
    assert shown(found, "Did doses fall?") == {
        "Theme": "Medicines",
        "Mentioned in interviews": "Service users 1 of 3; service providers 1 of 1",
        "In the records and questionnaires": "12 people (35.2941) had a lower dose at follow-up",
        "Meta-inference": "Convergence",
        "What it means": "Both say so."}


def test_the_numbers_are_the_same_cells_as_in_their_own_tables():
    found = display(cells=["lower_share"])
    wanted = {**doses().cells, **THEMES.cells}
    assert found.cells and all(wanted[identity] == cell for identity, cell in found.cells.items())
    assert {c.kind for c in found.cells.values()} >= {"ratio", "count"}  # a share comes with what it is computed from


def test_a_code_can_stand_where_a_theme_does():
    assert shown(display(theme="fear"), "Did doses fall?")["Theme"] == "Fear of reducing"


def test_a_bare_name_is_shown_after_what_it_is():
    said = shown(display(), "Did doses fall?")["In the records and questionnaires"]
    assert said == "opioid dose, enrolled, change = lower: people: 12"


def test_silence_of_one_half_needs_no_theme_or_no_numbers():
    assert shown(display(theme="", inference="silence"), "Did doses fall?")["Theme"] == "no theme"
    assert shown(display(cells=[], inference="silence"), "Did doses fall?")["In the records and questionnaires"] == ""
    with pytest.raises(DefinitionMistake, match="the row has no theme"):
        display(theme="")


@pytest.mark.parametrize(("changes", "remedy"), [
    ({"cells": ["lowr"]}, "did you mean 'lower'?"),
    ({"cells": ["{lowr} people"]}, "did you mean 'lower'?"),
    ({"theme": "medicine"}, "did you mean 'medicines'?"),
    ({"inference": "convergent"}, "did you mean 'convergence'?"),
    ({"sais": "x"}, "did you mean 'says'?"),
    ({"question": ""}, 'write: question = "…"'),
])
def test_a_name_that_nobody_has_is_answered_with_the_nearest(changes, remedy):
    with pytest.raises(DefinitionMistake) as told:
        display(**changes)
    assert "[[joint]] 1" in str(told.value) and remedy in str(told.value)


def test_a_name_of_two_measures_has_to_say_which():
    two = (doses(), doses("weekly dose", 9))
    with pytest.raises(DefinitionMistake, match="write 'opioid dose: lower' or 'weekly dose: lower'"):
        display(*two)
    said = shown(display(*two, cells=["{weekly dose: lower} people"]), "Did doses fall?")
    assert said["In the records and questionnaires"] == "9 people"
