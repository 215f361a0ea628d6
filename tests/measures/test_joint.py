"""Statistics by theme: the same cells as in their own tables, beside each other, and held against what is said."""

import pandas as pd
import pytest
from coded_material import CODES, GROUPS, INTERVIEWS, codings, shown
from small_measure import profiles

from analysis.errors import DefinitionMistake
from analysis.measures.cells import Cells
from analysis.measures.interviews.passages import Codebook
from analysis.measures.interviews.themes import asked_counts, theme_counts
from analysis.measures.joint.rows import Halves
from analysis.measures.joint.side_by_side import side_by_side
from analysis.measures.joint.statistics_by_theme import joint_display
from analysis.measures.joint.thread import threads
from analysis.measures.summary import About
from analysis.protect.released import release

SAID = codings(("I01", "fear", "A", 0, 9), ("I04", "fear", "A", 0, 9))
THEMES = theme_counts(CODES, SAID, INTERVIEWS, groups=GROUPS)
ROW = {"question": "Did doses fall?", "theme": "medicines", "cells": ["lower"], "inference": "convergence",
       "says": "Both say so."}


def doses(measure="opioid dose", lower=12):
    cells = Cells(measure)
    enrolled = cells.people("enrolled", 34, name="enrolled")
    part = cells.count(lower, population="enrolled", change="lower", name="lower")
    cells.share(part, enrolled, name="lower_share")
    return cells.summary("Dose", About("enrolled", "enrolled"))


def display(*others, **changes):
    return joint_display([{**ROW, **changes}], halves(*others), place=place)


def halves(*others, signed=(), **changes):
    """What both halves offer; `signed` are the participants who may be quoted on fear."""
    return Halves(Codebook(CODES), THEMES, list(others or [doses()]), lambda code: signed if code == "fear" else (),
                  **changes)


def place(*keys):
    return f"study.toml, [[joint]] {' '.join(keys)}"


def test_a_row_puts_a_theme_beside_numbers_and_states_the_inference():
    found = display(cells=["{lower} people ({lower_share}) had a lower dose at follow-up"])
    assert shown(found, "Did doses fall?") == {
        "Theme": "Medicines",
        "Mentioned in interviews": "Service users 1 of 3; service providers 1 of 1",
        "In the records and questionnaires": "12 people (35.2941) had a lower dose at follow-up",
        "Meta-inference": "Convergence",
        "What it means": "Both say so.",
        "Checked against the numbers": "1; both halves speak: 1"}


def test_the_numbers_are_the_same_cells_as_in_their_own_tables():
    found = display(cells=["lower_share"])
    wanted = {**doses().cells, **THEMES.cells}
    numbers = {identity: cell for identity, cell in found.cells.items() if cell.kind != "verdict"}
    assert numbers and all(wanted[identity] == cell for identity, cell in numbers.items())
    assert {c.kind for c in numbers.values()} >= {"ratio", "count"}  # a share comes with what it is computed from


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
    ({"cells": ["mean"]}, " and 18 more"),
    ({"theme": "medicine"}, "did you mean 'medicines'?"),
    ({"inference": "convergent"}, "did you mean 'convergence'?"),
    ({"expects": ["lowr < 20"]}, "did you mean 'lower'?"),
    ({"expects": ["lower < enroled"]}, "did you mean 'enrolled'?"),
    ({"expects": ["lower falls"]}, "write a number's name, one of < > >= <= =, and a number or the name of one"),
    ({"expects": ["lower < lower_share"]}, "compare numbers of one unit, or each of them with a number"),
    ({"expects": ["lower < 50%"]}, "write 50"),
    ({"mentioned": "mots"}, "did you mean 'most'?"),
    ({"mentioned": {"servce user": "most"}}, "did you mean 'service user'?"),
    ({"question": ""}, 'write: question = "…"'),
])
def test_a_name_that_nobody_has_is_answered_with_the_nearest(changes, remedy):
    with pytest.raises(DefinitionMistake) as told:
        display(**changes)
    assert "study.toml, [[joint]] 0" in str(told.value) and remedy in str(told.value)


def test_a_name_of_two_measures_has_to_say_which():
    two = (doses(), doses("weekly dose", 9))
    with pytest.raises(DefinitionMistake, match="write 'opioid dose: lower' or 'weekly dose: lower'"):
        display(*two)
    said = shown(display(*two, cells=["{weekly dose: lower} people"]), "Did doses fall?")
    assert said["In the records and questionnaires"] == "9 people"


# ------------------------------------------------------------------------------------------------ held against numbers

def check(*others, rules="none", **changes):
    """What the page shows of the check of the one row, as it is released."""
    return checked(display(*others, **changes), rules)


def checked(made, rules="none"):
    found = release(made, profiles(rules))
    pattern, ids = found.lines[0].entry("Checked against the numbers")
    return pattern.format(**{name: found.cells[identity].text for name, identity in ids.items()})


def test_what_the_numbers_are_said_to_show_is_checked_and_each_claim_is_shown_with_them():
    assert check(expects=["lower < 20", "lower_share > 30%"]) == (
        "the numbers agree; both halves speak: holds; lower 12 < 20: holds; lower share 35.3% > 30%: holds")


def test_a_sign_that_turned_makes_the_row_disagree():
    assert check(doses(lower=25), expects=["lower < 20"]) == (
        "the numbers do not agree; both halves speak: holds; lower 25 < 20: does not hold")


def test_a_number_is_compared_with_another_of_its_unit():
    assert check(expects=["lower < enrolled"]).endswith("lower 12 < enrolled 34: holds")


@pytest.mark.parametrize(("said", "shown_as"), [
    ("some", "mentioned by somebody, 2 of 4: holds"), ("most", "mentioned by most, 2 of 4: does not hold"),
    ("few", "mentioned by few, 2 of 4: does not hold"), ("none", "mentioned by nobody, 2 of 4: does not hold"),
    ({"service provider": "all"}, "mentioned by all, service providers, 1 of 1: holds"),
    ({"service user": "few"}, "mentioned by few, service users, 1 of 3: does not hold"),
])
def test_by_how_many_the_theme_is_said_to_be_mentioned_is_checked(said, shown_as):
    assert check(mentioned=said).endswith(shown_as)


def test_numbers_of_further_measures_are_found_where_no_usual_one_has_the_name():
    cells = Cells("dose change")
    cells.value(-3.5, "mean change", population="enrolled", n=30, name="change_mean")
    cells.count(99, population="enrolled", name="lower")
    more = cells.summary("Change", About("enrolled", "enrolled"))
    row = {**ROW, "expects": ["change_mean < 0", "lower < 20", "dose change: lower >= 99"]}
    assert checked(joint_display([row], halves(further=lambda: [more]), place=place)).endswith(
        "change mean -3.5 < 0: holds; lower 12 < 20: holds; lower 99 ≥ 99: holds")


def test_a_convergence_whose_theme_nobody_mentions_is_caught():
    assert check(theme="delivery") == "the numbers do not agree; both halves speak: does not hold"


def test_a_convergence_whose_numbers_do_not_exist_is_caught():
    cells = Cells("outcome scores")
    cells.value(None, "mean change", population="enrolled", n=0, name="change")
    nobody = cells.summary("Change", About("enrolled", "those with both scores"))
    assert check(nobody, cells=["change"]) == "the numbers do not agree; both halves speak: does not hold"


def test_a_silence_that_is_none_is_caught():
    silence = {"inference": "silence"}
    assert check(theme="delivery", **silence) == "the numbers agree; nobody mentions it: holds"
    assert check(theme="fear", **silence) == "the numbers do not agree; nobody mentions it: does not hold"
    assert check(theme="delivery", cells=[], **silence) == (
        "the numbers do not agree; somebody mentions it: does not hold")


@pytest.mark.parametrize(("asked", "says"), [
    ("yes", "the numbers agree; nobody mentions it: holds; somebody was asked about it: holds"),
    ("no", "the numbers do not agree; nobody mentions it: holds; somebody was asked about it: does not hold")])
def test_the_silence_of_people_who_were_not_asked_is_none(asked, says):
    topics = pd.DataFrame([("I01", "delivery", asked)], columns=["interview_id", "topic", "asked"])
    held = halves(asked=asked_counts(CODES, SAID, INTERVIEWS, topics, groups=GROUPS))
    made = joint_display([{**ROW, "theme": "delivery", "inference": "silence"}], held, place=place)
    assert checked(made) == says


def test_a_hidden_number_is_not_checked_and_nothing_is_told_of_it():
    for few in (1, 6):
        assert check(doses(lower=few), expects=["lower < 4"], rules="nhs-england") == (
            "cannot be checked; both halves speak: cannot be checked; lower * < 4: cannot be checked")


def test_a_rounded_number_is_checked_only_where_every_number_behind_it_gives_the_same():
    for true in (8, 12):  # both are shown as 10
        assert check(doses(lower=true), expects=["lower < 11"], rules="nhs-england").endswith(
            "10 < 11: cannot be checked")
        assert check(doses(lower=true), expects=["lower < 13"], rules="nhs-england").endswith("10 < 13: holds")
        assert check(doses(lower=true), expects=["lower_share < 50%"], rules="nhs-england").endswith(
            "28.6% < 50%: holds")


def test_a_number_is_checked_as_it_is_printed():
    cells = Cells("outcome scores")
    cells.value(-0.04, "mean change", population="enrolled", n=30, name="change")
    little = cells.summary("Change", About("enrolled", "those with both scores"))
    assert check(little, cells=["change"], expects=["change < 0"]).endswith("0.0 < 0: does not hold")


# ------------------------------------------------------------------------------------------------ side by side

FINDS = {**ROW, "theme": "fear", "finding": "Less was feared more than pain."}


def beside(signed=("P01",), **changes):
    return side_by_side([{**FINDS, **changes}], halves(signed=signed), place=place)


def test_a_finding_in_numbers_stands_beside_one_in_words_and_who_may_be_quoted_on_it():
    found = shown(beside(quotes=["P01"]), "Did doses fall?")
    assert (found["Theme"], found["Qualitative finding"], found["In their words"]) == (
        "Fear of reducing", "Less was feared more than pain.", "fear: P01")
    assert shown(beside(), "Did doses fall?")["In their words"] == "fear: all that were signed off"
    assert shown(beside(signed=()), "Did doses fall?")["In their words"] == ""


def test_a_quotation_that_nobody_signed_is_a_mistake_with_the_nearest():
    with pytest.raises(DefinitionMistake, match="of 'P1' on 'fear' was signed off\n  -> did you mean 'P01'"):
        beside(quotes=["P1"])
    with pytest.raises(DefinitionMistake, match="no quotation on 'fear' was signed off"):
        beside(signed=(), quotes=["P01"])


def test_a_site_s_own_report_leaves_out_who_was_interviewed_elsewhere():
    made = side_by_side([{**FINDS, "quotes": ["P01", "P99"]}], halves(signed=("P01",), partly=True), place=place)
    assert shown(made, "Did doses fall?")["In their words"] == "fear: P01"


def test_an_analysis_that_counts_no_themes_has_its_findings_side_by_side():
    reflexive = Halves(Codebook(CODES), None, [doses()])
    made = side_by_side([{**FINDS, "expects": ["lower < 20"]}], reflexive, place=place)
    assert shown(made, "Did doses fall?")["Checked against the numbers"] == (
        "1; the numbers are there: 1; lower 12 < 20: 1")
    assert not any(cell.unit == "interviews" for cell in made.cells.values())
    with pytest.raises(DefinitionMistake, match="the approach to coding counts no mentions"):
        side_by_side([{**FINDS, "mentioned": "most"}], reflexive, place=place)


# ------------------------------------------------------------------------------------------------ following a thread

THREAD = {"question": "Why not lower?", "why": "Doses stood still.", "says": "Fear.", "steps": [
    {"component": "records", "cells": ["{lower} lower"], "says": "No reason is on record."},
    {"component": "interviews", "theme": "fear", "says": "Fear of pain.", "mentioned": "some"}]}


def thread(**changes):
    return threads([{**THREAD, **changes}], halves(), place=place)


def test_a_thread_begins_where_its_question_arose_and_ends_with_what_it_comes_to():
    made = thread()
    assert [(line.section, line.label, line.entry("What it means")[0]) for line in made.lines] == [
        ("Why not lower?", "1. records: where the question arose", "Doses stood still. No reason is on record."),
        ("Why not lower?", "2. interviews", "Fear of pain."), ("Why not lower?", "What the thread comes to", "Fear.")]
    assert shown(made, "2. interviews", "Why not lower?")["Checked against the numbers"] == (
        "1; somebody mentions it: 1; mentioned by somebody, 2 of 4: 1")


@pytest.mark.parametrize(("steps", "says"), [
    (THREAD["steps"][:1], "the thread stays in one component"),
    ([{"component": "record", "cells": ["lower"]}], "did you mean 'records'?"),
    ([{"component": "records"}], "the step cites nothing"),
    ([THREAD["steps"][0], {"component": "interviews", "theme": "feer"}], "did you mean 'fear'?")])
def test_a_thread_that_leads_nowhere_is_a_mistake(steps, says):
    with pytest.raises(DefinitionMistake) as told:
        thread(steps=steps)
    assert says in str(told.value)
