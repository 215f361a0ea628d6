"""Data quality: tables that balance, or no table."""

import pandas as pd
import pytest
from measured import named, rows

from analysis.measures.records.quality import codings_balance, faults_found, rows_kept
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release

ROWS = pd.DataFrame([
    ("gp_patients", "patients", "delivered", 59, 59), ("gp_patients", "patients", "row not repeated", 0, 0),
    ("gp_patients", "patients", "kept", 59, 59),
    ("contacts", "contacts", "delivered", 281, 33), ("contacts", "contacts", "row not repeated", 2, 1),
    ("contacts", "contacts", "before the data cut", 9, 4), ("contacts", "contacts", "issue that was made", 0, 0),
    ("contacts", "contacts", "kept", 270, 30)], columns=["extract", "table", "what", "rows", "people"])
CONTACTS = ROWS[ROWS["extract"] == "contacts"]


def test_delivered_is_kept_and_left_out_for_each_reason_of_the_study():
    assert rows(rows_kept(ROWS)) == {
        "contacts": {"Table": "contacts", "Delivered": "281", "Repeated rows": "2", "After the data cut": "9",
                     "Left out: issue that was made": "0", "Kept": "270"},
        "gp patients": {"Table": "patients", "Delivered": "59", "Repeated rows": "0", "After the data cut": "",
                        "Left out: issue that was made": "", "Kept": "59"},
        "All extracts": {"Table": "", "Delivered": "340", "Repeated rows": "2", "After the data cut": "9",
                         "Left out: issue that was made": "0", "Kept": "329"}}


def test_rows_of_all_extracts_have_names_for_the_sentence_that_answers_the_page():
    made = rows_kept(ROWS)
    assert {name: made.cells[made.names[name]].value for name in ("extracts", "delivered", "kept")} == {
        "extracts": 2, "delivered": 340, "kept": 329}
    assert round(made.cells[made.names["kept_share"]].value, 1) == 96.8


def test_rows_rest_on_the_people_that_they_are_about_however_many_rows_there_are():
    """Nine late rows of four people are as small a number as four."""
    cells = rows_kept(CONTACTS).cells.values()
    assert {dict(cell.dimensions)["rows"]: (cell.value, cell.n) for cell in cells if cell.statistic == "rows"} == {
        "delivered": (281, 33), "row not repeated": (2, 1), "before the data cut": (9, 4),
        "issue that was made": (0, 0), "kept": (270, 30)}


def test_many_rows_of_few_people_are_hidden():
    found = release(rows_kept(CONTACTS), Profiles({"invited": profile("opensafely")}))
    assert {dict(cell.dimensions)["rows"]: cell.text for cell in found.cells.values() if cell.statistic == "rows"} == {
        "delivered": "280", "row not repeated": "[REDACTED]", "before the data cut": "[REDACTED]",
        "issue that was made": "[REDACTED]", "kept": "270"}


def test_rows_that_went_missing_stop_the_report():
    with pytest.raises(ValueError, match="^rows of contacts do not balance$"):
        rows_kept(CONTACTS.assign(rows=[281, 2, 9, 0, 269]))


def test_each_rule_with_the_columns_checked_and_the_rows_that_broke_it():
    checks = pd.DataFrame([("complete", "blocking"), ("complete", "blocking"), ("before the data cut", "excluded")],
                          columns=["rule", "severity"])
    late = ("before the data cut", "excluded", "A")
    faults = pd.DataFrame([(*late, 1), (*late, 1), (*late, 9)],
                          columns=["rule", "severity", "person", "rows"])  # the last line stands for nine rows alike
    assert rows(faults_found(checks, faults)) == {
        "Before the data cut": {"If broken": "excluded", "Columns checked": "1", "Rows that broke it": "11"},
        "Complete": {"If broken": "blocking", "Columns checked": "2", "Rows that broke it": "0"}}


@pytest.mark.parametrize(("people", "n"), [
    ("AAA", 1), ("ABC", 3), ([None] * 3, 1), (["A", None, None], 2), ([], 0)])
def test_broken_rules_rest_on_distinct_people_and_all_rows_of_nobody_known_are_one_persons(people, n):
    """Ten faults of one person tell as much of that person as one does; rows of nobody may be one person's too."""
    faults = pd.DataFrame({"rule": "complete", "severity": "blocking",
                           "rows": 1, "person": pd.Series(list(people), dtype="str")})
    checks = pd.DataFrame([("complete", "blocking")], columns=["rule", "severity"])
    found = faults_found(checks, faults)
    assert (named(found, "complete").value, named(found, "complete").n) == (len(people), n)


def test_how_many_columns_were_checked_is_never_hidden():
    checks = pd.DataFrame([("complete", "blocking")], columns=["rule", "severity"])
    faults = pd.DataFrame([("complete", "blocking", "A", 1)], columns=["rule", "severity", "person", "rows"])
    found = release(faults_found(checks, faults), Profiles({"invited": profile("opensafely")}))
    assert {cell.statistic: cell.text for cell in found.cells.values()} == {
        "columns checked": "1", "rows": "[REDACTED]"}


def test_what_became_of_every_coding():
    balance = pd.DataFrame({"what": ["codings in the file", "codings read"], "codings": [12, 9]})
    assert rows(codings_balance(balance)) == {
        "Codings in the file": {"Codings": "12"}, "Codings read": {"Codings": "9"}}
