"""What is missing, and where a delivery has a hole: counts of rows that rest on people."""

import datetime

import pandas as pd
from measured import lines, optional, rows

from analysis.measures.records.quality_missing import missing_answers, missing_values, rows_by_quarter
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release

CONTACTS = pd.DataFrame({"patient_id": ["A", "A", "B", "C"], "mode": ["telephone", None, None, None],
                         "minutes": [10, 20, 30, 40],
                         "date": pd.to_datetime(["2017-01-31", "2017-07-01", "2016-12-31", None])})
PERIOD = datetime.date(2017, 1, 1), datetime.date(2017, 9, 30)


def test_missing_values_of_each_column_are_rows_of_its_table():
    found = missing_values({"contacts": CONTACTS}, {"contacts": ["mode", "minutes"]})
    assert lines(found) == [("Contacts", "mode", "4", "3", "75"), ("Contacts", "minutes", "4", "0", "0")]
    assert optional(found) == ["mode", "minutes"]


def test_missing_in_all_rows_but_those_of_one_person_rests_on_that_person():
    found = missing_values({"contacts": CONTACTS}, {"contacts": ["mode"]})
    assert [(cell.value, cell.n) for cell in found.cells.values() if cell.statistic == "rows without"] == [(3, 1)]


def test_a_column_that_nobody_filled_rests_on_everybody():
    found = missing_values({"contacts": CONTACTS.assign(mode=None)}, {"contacts": ["mode"]})
    assert [(cell.value, cell.n) for cell in found.cells.values() if cell.statistic == "rows without"] == [(4, 3)]


def test_where_nothing_may_be_empty_a_row_says_so():
    assert list(rows(missing_values({}, {}))) == ["No column that may be empty is delivered"]


def test_answers_left_blank_are_of_those_asked_for_at_each_time_point():
    responses = pd.DataFrame([("A", "peg", "before", 1.0), ("A", "peg", "before", None), ("B", "peg", "before", 3.0),
                              ("B", "peg", "before", 2.0)],
                             columns=["patient_id", "instrument", "timepoint", "answer"])
    assert lines(missing_answers(responses, {"before": "Before", "after": "After"})) == [
        ("PEG", "Before", "4", "1", "25"), ("PEG", "After", "0", "0", "–")]
    called = missing_answers(responses, {"before": "Before"}, {"peg": "Three questions"})
    assert [line.section for line in called.lines] == ["Three questions"]


def test_every_quarter_has_a_line_and_each_column_adds_up():
    assert rows(rows_by_quarter({"contacts": CONTACTS}, {"contacts": "date"}, PERIOD)) == {
        "2017, quarter 1": {"Contacts": "1"}, "2017, quarter 2": {"Contacts": "0"},
        "2017, quarter 3": {"Contacts": "1"}, "Of another time, or without a date": {"Contacts": "2"},
        "All rows": {"Contacts": "4"}}


def test_few_people_are_hidden_in_every_table():
    profiles = Profiles({"invited": profile("opensafely")})
    for summary in (missing_values({"contacts": CONTACTS}, {"contacts": ["mode", "minutes"]}),
                    rows_by_quarter({"contacts": CONTACTS}, {"contacts": "date"}, PERIOD)):
        shown = {cell.text for cell in release(summary, profiles).cells.values()}
        assert not any(character.isdigit() for text in shown for character in text), shown
