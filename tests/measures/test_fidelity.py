"""Fidelity: planned beside delivered; what nobody stated is not stated, and is delivered all the same."""

import pandas as pd
from measured import lines, named

from analysis.measures.people.fidelity import fidelity

EPISODES = pd.DataFrame([("A", "2017-01-01", "2017-03-26"), ("B", "2017-01-01", "2017-01-15"),
                         ("C", "2017-01-01", None), ("D", "2017-01-01", "2017-04-23")],
                        columns=["patient_id", "started_on", "ended_on"])
CONTACTS = pd.DataFrame([
    ("A", "W1", "attended", 50), ("A", "W1", "attended", 40), ("A", "W2", "attended", None),
    ("B", "W1", "attended", 30), ("C", "W3", "did not attend", None), ("Z", "W1", "attended", 90)],
    columns=["patient_id", "worker", "attendance", "minutes"])
INTERVENTIONS = pd.DataFrame([("A", "plan", "taken up"), ("A", "plan", "taken up"), ("B", "plan", "not taken up"),
                              ("C", "plan", "taken up"), ("Z", "plan", "taken up")],
                             columns=["patient_id", "intervention", "uptake"])
PLANNED = {"contacts": 2, "minutes": 40.0, "weeks": 12, "staff": 3, "interventions": ["plan"], "source": "Protocol."}


def test_planned_stands_beside_delivered():
    """Contacts 3, 1, 0 and 0; minutes 50, 40 and 30 of people enrolled; weeks 12, 2 and 16, and one stay is open."""
    assert lines(fidelity(PLANNED, EPISODES, contacts=CONTACTS, interventions=INTERVENTIONS)) == [
        ("", "Attended contacts of a person enrolled", "2", "0.5 (0 to 1.5)", "1 of 4 (25)"),
        ("", "Minutes of an attended contact", "40", "40 (35 to 45)", "2 of 3 (66.7)"),
        ("", "Weeks from the start to the end of a stay", "12", "12 (7 to 14)", "2 of 3 (66.7)"),
        ("", "Staff who delivered a contact", "3", "2"),
        ("Taken up by people enrolled", "Plan", "for everybody", "2 (50)")]


def test_what_is_not_stated_is_shown_as_not_stated_and_nothing_reaches_it():
    made = fidelity({}, EPISODES, contacts=CONTACTS, interventions=INTERVENTIONS)
    assert [line[1:] for line in lines(made)] == [
        ("Attended contacts of a person enrolled", "not stated", "0.5 (0 to 1.5)"),
        ("Minutes of an attended contact", "not stated", "40 (35 to 45)"),
        ("Weeks from the start to the end of a stay", "not stated", "12 (7 to 14)"),
        ("Staff who delivered a contact", "not stated", "2")]
    assert made.notes[0] == "Where the plan stands is not stated."


def test_a_service_without_contacts_has_its_plan_and_no_delivery_of_them():
    assert [line[1:] for line in lines(fidelity(PLANNED, EPISODES))] == [
        ("Attended contacts of a person enrolled", "2"), ("Minutes of an attended contact", "40"),
        ("Weeks from the start to the end of a stay", "12", "12 (7 to 14)", "2 of 3 (66.7)"),
        ("Staff who delivered a contact", "3")]


def test_two_short_stays_of_one_person_are_two_stays_of_one_person():
    twice = pd.concat([EPISODES, EPISODES[EPISODES["patient_id"].eq("B")]])
    twice.index = range(len(twice))
    cell = named(fidelity(PLANNED, twice, contacts=CONTACTS), "weeks_median")
    assert (cell.value, cell.n) == (7, 3)


def test_nobody_enrolled_has_no_median_and_says_why():
    made = fidelity(PLANNED, EPISODES.head(0), contacts=CONTACTS)
    assert [named(made, f"{key}_median").absent for key in ("contacts", "minutes", "weeks")] == [
        "no contacts recorded", "no minutes recorded", "no weeks recorded"]
