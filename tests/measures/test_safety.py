"""Safety: every kind has a line, and what is not collected is said in words, never as nought."""

import pandas as pd
from measured import named, rows

from analysis.measures.people.safety import safety_events

KINDS = ("overdose", "self-harm", "complaint")
EVENTS = pd.DataFrame([("A", "complaint", "yes"), ("A", "complaint", "no"), ("B", "complaint", None),
                       ("B", "overdose", "no")], columns=["patient_id", "kind", "related"])
NOUGHT = {"Collected": "yes", "Events": "0", "People": "0", "Related": "0", "Not related": "0", "Not known": "0"}


def test_events_people_and_relation_to_the_service_of_each_kind_that_is_collected():
    assert rows(safety_events(EVENTS, KINDS, ["overdose", "self-harm", "complaint"], deaths=1)) == {
        "Overdose": {"Collected": "yes", "Events": "1", "People": "1", "Related": "0", "Not related": "1",
                     "Not known": "0"},
        "Self-harm": NOUGHT,
        "Complaint": {"Collected": "yes", "Events": "3", "People": "2", "Related": "1", "Not related": "1",
                      "Not known": "1"},
        "Death": {"Collected": "yes", "People": "1"}}


def test_where_nothing_is_collected_there_is_a_table_that_says_so_and_no_number():
    made = safety_events(None, KINDS, "not collected", deaths=None)
    assert rows(made) == {label: {"Collected": "not collected"}
                          for label in ("Overdose", "Self-harm", "Complaint", "Death")}
    assert made.cells == {}


def test_a_kind_that_is_not_named_as_collected_is_not_collected():
    assert rows(safety_events(EVENTS, KINDS, ["overdose", "complaint"], None))["Self-harm"] == {
        "Collected": "not collected"}


def test_where_the_definition_says_nothing_only_what_came_is_counted():
    made = rows(safety_events(EVENTS.head(3), KINDS, None, None))
    assert made["Overdose"] == {"Collected": "not stated whether collected"}
    assert made["Complaint"]["Events"] == "3"


def test_a_count_of_events_rests_on_the_people_they_befell():
    made = safety_events(EVENTS, KINDS, list(KINDS), None)
    assert (named(made, "complaint").value, named(made, "complaint").n) == (3, 2)
