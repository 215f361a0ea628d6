"""How complete records are by site and over time, whose queries are whose, and what was declared."""

import datetime

import pandas as pd
from measured import lines, optional, rows

from analysis.measures.records.quality import declared_counts
from analysis.measures.records.quality_over import (
    NO_SITE,
    completeness_by_site,
    completeness_over_time,
    queries_by_site,
    rows_by_quarter_and_site,
)
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release

SITES = {"a": "Practice A", "b": "Practice B"}
CONTACTS = pd.DataFrame({
    "patient_id": ["A", "A", "B", "C"], "practice": ["a", "a", "b", None], "mode": ["telephone", None, None, "video"],
    "minutes": [10, 20, 30, 40], "date": pd.to_datetime(["2017-01-31", "2017-02-01", "2017-07-01", None])})
TABLES, COLUMNS, DATES = {"contacts": CONTACTS}, {"contacts": ["mode", "minutes"]}, {"contacts": "date"}
PERIOD = datetime.date(2017, 1, 1), datetime.date(2017, 9, 30)
FAULTS = pd.DataFrame([("in range", 1, "A", "a"), ("in range", 1, "B", "b"), ("not after death", 1, "A", "a"),
                       ("rows present", 5, None, None)], columns=["rule", "rows", "person", "practice"])
SUBJECTS = {"in range": "structure", "rows present": "structure", "not after death": "time", "known link": "identity"}


def test_completeness_is_the_share_of_values_that_are_there_at_each_site():
    found = completeness_by_site(TABLES, COLUMNS, SITES, "practice")
    assert rows(found) == {"Practice A": {"Contacts": "75"}, "Practice B": {"Contacts": "50"},
                           NO_SITE: {"Contacts": "100"}}
    assert optional(found) == [NO_SITE]


def test_completeness_over_time_has_a_line_for_each_quarter_and_one_for_the_rest():
    assert rows(completeness_over_time(TABLES, COLUMNS | {"patients": ["sex"]}, DATES, PERIOD)) == {
        "2017, quarter 1": {"Contacts": "75"}, "2017, quarter 2": {"Contacts": "–"},
        "2017, quarter 3": {"Contacts": "50"}, "Of another time, or without a date": {"Contacts": "100"}}


def test_the_day_by_which_rows_are_placed_is_not_among_the_values_asked_for():
    found = completeness_over_time(TABLES, {"contacts": ["date", "mode"]}, DATES, PERIOD)
    assert rows(found)["2017, quarter 1"] == {"Contacts": "50"}


def test_a_share_that_would_tell_of_few_or_none_with_a_blank_is_hidden():
    many = pd.DataFrame({"patient_id": [f"P{n}" for n in range(60)], "practice": ["a"] * 30 + ["b"] * 30,
                         "mode": [None] * 3 + ["video"] * 57})
    strict = release(completeness_by_site({"contacts": many}, {"contacts": ["mode"]}, SITES, "practice"),
                     Profiles({"invited": profile("opensafely")}))
    assert {cell.text for cell in strict.cells.values()} == {"30", "[REDACTED]"}


def test_rows_by_site_and_quarter_have_a_section_a_table():
    assert lines(rows_by_quarter_and_site(TABLES, DATES, SITES, "practice", PERIOD)) == [
        ("Contacts", "Practice A", "2", "0", "0", "0"), ("Contacts", "Practice B", "0", "0", "1", "0"),
        ("Contacts", NO_SITE, "0", "0", "0", "1")]


def test_queries_are_counted_by_site_and_by_what_the_rule_is_about():
    assert rows(queries_by_site(FAULTS, SUBJECTS, SITES, "practice")) == {
        "Practice A": {"Structure": "1", "Time": "1", "Identity": "0"},
        "Practice B": {"Structure": "1", "Time": "0", "Identity": "0"},
        NO_SITE: {"Structure": "5", "Time": "0", "Identity": "0"}}


def test_a_declared_count_stands_beside_what_came():
    assert rows(declared_counts([("topic_guide", "rows", 150, 149, 25), ("codebook", "codes", 36, 37, 37)])) == {
        "Topic guide": {"Of": "rows", "Declared": "150", "Delivered": "149"},
        "Codebook": {"Of": "codes", "Declared": "36", "Delivered": "37"}}


def test_where_what_came_is_hidden_so_is_what_was_declared():
    strict = release(declared_counts([("log", "interviews", 5, 5, 5)]),
                     Profiles({"invited": profile("opensafely"), "interviewed": profile("opensafely")}))
    assert [cell.text for cell in strict.cells.values()] == ["[REDACTED]", "[REDACTED]"]


def test_where_nothing_was_declared_a_row_says_so():
    assert list(rows(declared_counts([]))) == ["No count was declared"]
