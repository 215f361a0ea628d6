"""Follow-up: every part begins with the people enrolled, and every box is the sum of what leaves it."""

import pandas as pd
import pytest
from measured import lines, named, optional

from analysis.measures.people.follow_up import follow_up_flow, outcomes_at

EPISODES = pd.DataFrame({"patient_id": ["A", "B", "C", "D", "E", "F", "A"]})  # A came back: a person, not a stay
PATIENTS = pd.DataFrame([
    ("A", None, None, None), ("B", "2017-03-01", "2017-03-01", None), ("C", None, "2017-04-01", None),
    ("D", "2017-09-01", "2017-05-01", "2017-06-01"), ("E", None, None, "2017-06-01"), ("F", "2018-02-01", None, None),
    ("Z", "2017-01-01", None, None)], columns=["patient_id", "died_on", "deregistered_on", "withdrew_on"])
LABELS = {"baseline": "Baseline", "week_12": "12 weeks"}
TIMEPOINTS = pd.DataFrame([
    *((who, "peg", "baseline", "returned", None) for who in "ABCDEF"),
    ("A", "peg", "week_12", "not returned", None), ("A", "phq9", "week_12", "returned", None),
    ("B", "peg", "week_12", "died", None), ("B", "phq9", "week_12", "died", None),
    ("C", "peg", "week_12", "left", "deregistered"), ("D", "peg", "week_12", "not yet due", "window still open"),
    ("E", "peg", "week_12", "not returned", "too ill"), ("Z", "peg", "week_12", "returned", None)],
    columns=["patient_id", "instrument", "timepoint", "outcome", "reason"])


def flow(**more):
    said = {"timepoints": TIMEPOINTS, "labels": LABELS, "data_cut": "2017-12-31"} | more
    return follow_up_flow(EPISODES, PATIENTS, **said)


def part(summary, section: str) -> list[tuple[int, str, float]]:
    return [(line.depth, line.label, summary.cells[line.entry("People")[1]["n"]].value) for line in summary.lines
            if line.section == section]


def test_who_is_alive_and_registered_at_the_data_cut_is_everybody_less_those_who_ended():
    """B died on the day of leaving the list and has died; D left first; F died after the data cut and is alive."""
    assert part(flow(), "At the data cut") == [
        (1, "Died", 1), (1, "Left the practice", 2), (1, "Withdrew from further collection", 1),
        (0, "Alive and registered", 2)]


@pytest.mark.parametrize(("recorded", "rows"), [
    (["died_on"], [(1, "Died", 2), (0, "Alive", 4)]),
    (["deregistered_on"], [(1, "Left the practice", 3), (0, "Registered", 3)]),
    ([], [])])
def test_what_the_service_does_not_record_has_no_box(recorded, rows):
    assert part(flow(recorded=recorded), "At the data cut") == rows


def test_due_is_everybody_less_the_dead_those_who_left_and_those_whose_day_has_not_come():
    assert part(flow(), "12 weeks") == [
        (1, "Not yet due", 1), (1, "Died", 1), (1, "Left", 1), (2, "Deregistered", 1), (2, "No reason recorded", 0),
        (2, "Withdrew", 0), (0, "Due at 12 weeks", 3), (1, "Not returned", 1), (1, "Not recorded", 1),
        (0, "Returned at 12 weeks", 1)]


def test_a_person_who_returned_one_of_two_questionnaires_returned():
    assert outcomes_at(TIMEPOINTS, "week_12", pd.Index(list("ABCDEF")))["outcome"].to_dict() == {
        "A": "returned", "B": "died", "C": "left", "D": "not yet due", "E": "not returned", "F": "not recorded"}


def test_a_word_that_no_box_takes_is_not_recorded():
    """Where somebody delivers 'lost', nobody knows whether the questionnaire came; it is due, which flatters nobody."""
    odd = TIMEPOINTS.replace({"outcome": {"returned": "lost"}})
    assert part(flow(timepoints=odd), "Baseline")[-3:] == [
        (1, "Not returned", 0), (1, "Not recorded", 6), (0, "Returned at baseline", 0)]


def test_reasons_for_not_returning_are_rows_where_the_definition_has_any():
    assert part(flow(reasons=["too ill", "moved"]), "12 weeks")[-6:] == [
        (1, "Not returned", 1), (2, "Moved", 0), (2, "No reason recorded", 0), (2, "Too ill", 1),
        (1, "Not recorded", 1), (0, "Returned at 12 weeks", 1)]


def test_returned_is_a_share_of_those_due_and_of_those_enrolled():
    made = flow()
    assert named(made, "week_12_returned_share").value == pytest.approx(100 / 3)
    assert named(made, "week_12_returned_share_enrolled").value == pytest.approx(100 / 6)


CONSENTS = pd.DataFrame([
    ("A", "evaluation", "declined", "2017-01-01"), ("A", "evaluation", "given", "2017-02-01"),
    ("B", "evaluation", "given", "2017-01-01"), ("C", "evaluation", "declined", None),
    ("D", "evaluation", "given", "2017-01-01"), ("D", "evaluation", "withdrawn", "2017-06-01"),
    ("E", "interview", "given", "2017-01-01")], columns=["person", "kind", "status", "date"])


def test_the_last_decision_on_the_evaluation_says_who_consented():
    assert part(flow(consents=CONSENTS), "Consent to the evaluation") == [
        (1, "Declined", 1), (1, "Withdrew from further collection", 1), (1, "Not recorded", 2), (0, "Consented", 2)]


def test_boxes_that_may_be_empty_are_left_out_where_that_may_be_shown_and_not_returned_never_is():
    assert [label for label in optional(flow()) if label in ("Not returned", "Due at 12 weeks", "Alive and registered")
            ] == []
    assert {"Died", "Left", "Not yet due", "Not recorded"} <= set(optional(flow()))


def test_nobody_enrolled_is_a_flow_of_noughts_without_a_share():
    empty = follow_up_flow(EPISODES.head(0), PATIENTS, data_cut="2017-12-31", timepoints=TIMEPOINTS, labels=LABELS)
    assert {value for *_, value, of_all in (line[:4] for line in lines(empty))} == {"0"}
    assert {line[3] for line in lines(empty)} == {"–"}


def test_where_nothing_is_recorded_of_what_became_of_them_the_people_enrolled_stand_alone():
    alone = follow_up_flow(EPISODES, PATIENTS, data_cut="2017-12-31", recorded=[])
    assert lines(alone) == [("", "Enrolled", "6")]


def test_a_person_listed_twice_among_the_patients_is_one():
    twice = pd.concat([PATIENTS, PATIENTS])
    assert part(follow_up_flow(EPISODES, twice, data_cut="2017-12-31"), "At the data cut")[-1] == (
        0, "Alive and registered", 2)
