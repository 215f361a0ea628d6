"""Who owed a questionnaire, who sent it back, and who gave enough answers for a score."""

import pandas as pd
import pytest

from analysis.measures.questionnaires.completion import completion
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release
from analysis.reference.instruments import instrument

PEG = instrument("peg")
LABELS = {"follow_up": "Follow-up"}
ENROLLED = pd.DataFrame({"patient_id": ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8"]})


def timepoints(**outcomes):
    return pd.DataFrame([(p, "peg", "follow_up", outcome) for p, outcome in outcomes.items()],
                        columns=["patient_id", "instrument", "timepoint", "outcome"])


def scored(**people):
    frame = pd.DataFrame([(p, "peg", "follow_up", score, 3 if score is not None else answered)
                          for p, (score, answered) in people.items()],
                         columns=["patient_id", "instrument", "timepoint", "score", "items_answered"])
    return frame.astype({"score": "Float64", "items_answered": "Int64"})


def value(summary, name):
    return summary.cells[summary.names[name]].value


TIMEPOINTS = timepoints(P1="returned", P2="returned", P3="not returned", P4="died", P5="left",
                        P6="not yet due", P7=None)
SCORES = scored(P1=(5.0, 3), P2=(None, 2), P3=(4.0, 3))


def test_the_dead_the_departed_and_those_not_yet_reached_are_enrolled_but_not_due():
    summary = completion(TIMEPOINTS, SCORES, ENROLLED, [PEG], labels=LABELS)
    assert value(summary, "enrolled") == 8
    assert value(summary, "peg_follow_up_due") == 5  # P1, P2, P3, and P7 and P8 of whom nothing is recorded


def test_returned_and_scored_are_shown_of_those_due_and_of_all_enrolled():
    summary = completion(TIMEPOINTS, SCORES, ENROLLED, [PEG], labels=LABELS)
    assert value(summary, "peg_follow_up_returned") == 2
    assert value(summary, "peg_follow_up_returned_share") == 40.0
    assert value(summary, "peg_follow_up_returned_share_enrolled") == 25.0
    assert value(summary, "peg_follow_up_scored") == 1
    assert value(summary, "peg_follow_up_scored_share") == 20.0


def test_every_enrolled_person_is_in_one_row_and_answers_without_a_return_are_seen():
    summary = completion(TIMEPOINTS, SCORES, ENROLLED, [PEG], labels=LABELS)
    shown = {line.label: summary.cells[line.entry("Follow-up")[1]["n"]].value for line in summary.lines}
    assert shown == {"Enrolled": 8, "Not yet due": 1, "Died": 1, "Left": 1, "Due": 5, "Scored": 1, "Returned": 2,
                     "Returned without a score": 1, "Not returned": 3,
                     "Answered without a record of return": 1}
    assert shown["Enrolled"] == sum(shown[row] for row in ("Not yet due", "Died", "Left", "Due"))


def test_a_few_sheets_without_a_score_do_not_hide_how_many_were_due():
    """30 scored, 2 returned without a score, 8 not returned: under OpenSAFELY 2 is hidden, and what gives it."""
    people = [f"P{n}" for n in range(40)]
    told = timepoints(**{p: "returned" if n < 32 else "not returned" for n, p in enumerate(people)})
    answers = scored(**{p: (5.0, 3) if n < 30 else (None, 2) for n, p in enumerate(people[:32])})
    summary = completion(told, answers, pd.DataFrame({"patient_id": people}), [PEG], labels=LABELS)
    shown = release(summary, Profiles({"enrolled": profile("opensafely")}))
    assert {name: shown.named(f"peg_follow_up_{name}").text for name in (
        "due", "scored", "scored_share", "returned", "not_returned")} == {
        "due": "40", "scored": "30", "scored_share": "75.0%", "returned": "[REDACTED]", "not_returned": "[REDACTED]"}


def test_people_who_are_not_enrolled_are_left_out():
    one = ENROLLED[ENROLLED["patient_id"] == "P1"]
    summary = completion(TIMEPOINTS, SCORES, one, [PEG], labels=LABELS)
    assert (value(summary, "enrolled"), value(summary, "peg_follow_up_due")) == (1, 1)


def test_the_enrolled_are_the_same_cell_in_every_measure():
    summary = completion(TIMEPOINTS, SCORES, ENROLLED, [PEG], labels=LABELS)
    assert summary.cells[summary.names["enrolled"]].measure == "people"


def test_the_rows_do_not_depend_on_what_was_returned():
    full = completion(TIMEPOINTS, SCORES, ENROLLED, [PEG], labels=LABELS)
    none = completion(TIMEPOINTS.head(0), SCORES.head(0), ENROLLED, [PEG], labels=LABELS)
    assert [line.label for line in full.lines] == [line.label for line in none.lines]


def test_a_person_with_two_rows_for_one_time_point_is_refused():
    with pytest.raises(ValueError):
        completion(pd.concat([TIMEPOINTS, TIMEPOINTS.head(1)]), SCORES, ENROLLED, [PEG], labels=LABELS)
