"""Every time point that was due has an outcome and a reason, whether the site delivers it, a part of it, or nothing."""

import pandas as pd
import pytest
from small_extracts import DEFINITION, opened

from analysis.errors import DefinitionMistake, ExtractMistake
from analysis.extracts.ascertainment import check_events, check_what_is_due, due_timepoints
from analysis.extracts.tables import TABLES

CUT = "2017-12-31"
LATER = {"later": {"label": "Later", "weeks": 4}}               # due on 30 January
WINDOW = {"later": {"label": "Later", "weeks": 4, "window_weeks": 2}}  # from 16 January to 13 February


def made(timepoints=LATER, delivered=None, answers=(), cut=CUT, started="2017-01-02", **days: str) -> list[list]:
    """Outcome and reason of the one person A, whose episode began on 2 January; `answers` are (date, answer)."""
    tables = {
        "episodes": pd.DataFrame({"patient_id": ["A"], "started_on": pd.to_datetime([started])}),
        "patients": pd.DataFrame({"patient_id": ["A"], **{name: pd.to_datetime([day]) for name, day in days.items()}}),
        "responses": pd.DataFrame([("A", "peg", "later", pd.Timestamp(day) if day else pd.NaT, answer)
                                   for day, answer in answers],
                                  columns=["patient_id", "instrument", "timepoint", "date", "answer"])}
    if delivered is not None:
        tables["timepoints"] = pd.DataFrame(delivered, columns=TABLES["timepoints"].names).astype(
            {"due_on": "datetime64[s]", "outcome": "str", "reason": "str"})
    found = due_timepoints(tables, timepoints, ["peg"], cut).astype(object)
    return found.where(found.notna(), None)[["outcome", "reason"]].values.tolist()


@pytest.mark.parametrize("situation, outcome, reason", [
    ({}, "not returned", None),
    ({"answers": [("2017-02-01", 3)]}, "returned", None),
    ({"answers": [(None, 3)], "died_on": "2017-03-01"}, "returned", None),  # who died later had answered
    ({"answers": [("2017-01-20", 3)], "died_on": "2017-01-25"}, "returned", None),
    ({"answers": [("2017-02-01", None)]}, "not returned", None),              # a blank questionnaire came back
    ({"died_on": "2017-01-30"}, "died", None), ({"died_on": "2017-01-31"}, "not returned", None),
    ({"deregistered_on": "2017-01-29"}, "left", "deregistered"),
    ({"deregistered_on": "2017-01-31"}, "not returned", None),
    ({"withdrew_on": "2017-01-15"}, "left", "withdrew"),
    ({"deregistered_on": "2017-01-29", "died_on": "2017-01-29"}, "died", None),  # taken off the list for it
    ({"deregistered_on": "2017-01-10", "died_on": "2017-01-29"}, "left", "deregistered"),
    ({"cut": "2017-01-29"}, "not yet due", None), ({"cut": "2017-01-30"}, "not returned", None),
    # with a window of two weeks around the day
    ({"timepoints": WINDOW, "cut": "2017-02-12"}, "not yet due", "window still open"),
    ({"timepoints": WINDOW, "cut": "2017-02-13"}, "not returned", None),
    ({"timepoints": WINDOW, "died_on": "2017-02-10"}, "died", None),          # before the window closed
    ({"timepoints": WINDOW, "answers": [("2017-02-13", 3)]}, "returned", None),
    ({"timepoints": WINDOW, "answers": [("2017-02-14", 3)]}, "returned", "outside the window"),
    ({"timepoints": WINDOW, "answers": [("2017-01-15", 3)]}, "returned", "outside the window"),
])
def test_a_time_point_has_its_outcome_and_reason(situation, outcome, reason):
    assert made(**situation) == [[outcome, reason]]


@pytest.mark.parametrize("row, outcome, reason", [
    (("A", "peg", "later", None, "not returned", "in hospital"), "not returned", "in hospital"),  # it knows better
    (("A", "peg", "later", None, None, None), "died", None),
    (("A", "peg", "later", "2017-01-10", None, None), "not returned", None),  # was due earlier than the rule says
])
def test_what_a_site_delivers_holds_and_what_it_leaves_open_is_made_up(row, outcome, reason):
    assert made(delivered=[row], died_on="2017-01-20") == [[outcome, reason]]


def test_rows_that_a_site_left_out_are_made_up_for_everybody_enrolled_once_by_the_first_episode():
    tables = {
        "episodes": pd.DataFrame({"patient_id": ["A", "A", "B"],
                                  "started_on": pd.to_datetime(["2017-06-01", "2017-01-02", "2017-12-25"])}),
        "patients": pd.DataFrame({"patient_id": ["A", "B", "C"]}),
        "responses": pd.DataFrame(columns=["patient_id", "instrument", "timepoint", "answer"]),
        "timepoints": pd.DataFrame([("A", "peg", "later", None, "returned", None)],
                                   columns=TABLES["timepoints"].names).astype({"due_on": "datetime64[s]"})}
    found = due_timepoints(tables, LATER, ["peg", "phq9"], CUT)
    assert [(one.patient_id, one.instrument, f"{one.due_on:%d/%m/%Y}", one.outcome) for one in found.itertuples()] == [
        ("A", "peg", "30/01/2017", "returned"), ("A", "phq9", "30/01/2017", "not returned"),
        ("B", "peg", "22/01/2018", "not yet due"), ("B", "phq9", "22/01/2018", "not yet due")]


# ------------------------------------------------------------------------------------------------ safety events


def held(root, said: str, *kinds: str, delivered: bool = True) -> str:
    """What is said of these kinds of event; nothing where they fit the definition."""
    tables = {"events": pd.DataFrame({"kind": list(kinds)}, dtype="str")} if delivered else {}
    try:
        check_events(opened(root, {}, DEFINITION + said), tables)
    except ExtractMistake as mistake:
        return str(mistake)
    return ""


@pytest.mark.parametrize("said, kinds, delivered", [
    ("", ["complaint"], True), ('[safety]\ncollected = ["complaint", "overdose"]\n', ["complaint"], True),
    ('[safety]\ncollected = "not collected"\n', [], False)])
def test_events_that_are_named_as_collected_or_of_which_nothing_is_said_pass(tmp_path, said, kinds, delivered):
    assert held(tmp_path, said, *kinds, delivered=delivered) == ""


@pytest.mark.parametrize("said, kinds, delivered, message", [
    ('collected = ["complaint"]', ["overdose"], True,
     "there are safety events of the kind 'overdose', which is not named as collected\n"
     "  -> add 'overdose' to the list"),
    ('collected = ["complaint"]', [], False,
     "kinds of safety event are named as collected, and no extract fills the table 'events'\n"
     '  -> write [extracts.events], or collected = "not collected"')])
def test_events_that_do_not_fit_what_is_said_are_a_mistake(tmp_path, said, kinds, delivered, message):
    assert held(tmp_path, f"[safety]\n{said}\n", *kinds, delivered=delivered).endswith(message)


@pytest.mark.parametrize("table, words", [
    ("episodes", "no extract says when anybody's stay began, after which questionnaires are due"),
    ("responses", "no extract says what anybody answered")])
def test_questionnaires_that_could_never_be_due_are_a_mistake_with_what_to_write(tmp_path, table, words):
    said = DEFINITION.replace(f"[extracts.{'episodes' if table == 'episodes' else 'questionnaire'}", "[extracts.aside")
    said = said.replace('table     = "responses"', 'table     = "memos"') if table == "responses" else said
    study = opened(tmp_path, {}, said + '\n[outcomes]\ninstruments = ["peg"]\n')
    with pytest.raises(DefinitionMistake, match=words) as mistake:
        check_what_is_due(study)
    assert f"write [extracts.{table}]" in str(mistake.value)
