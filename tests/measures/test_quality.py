"""Data quality: tables that balance, or no table."""

import pandas as pd
import pytest
from measured import rows

from analysis.measures.quality import codings_balance, faults_found, rows_kept

ROWS = pd.DataFrame([
    ("gp_patients", "patients", 59, 0, 0, 59, 59),
    ("contacts", "contacts", 281, 2, 9, 270, 33)],
    columns=["extract", "table", "delivered", "repeated", "after_data_cut", "kept", "people"])


def test_delivered_is_kept_and_left_out():
    assert rows(rows_kept(ROWS)) == {
        "contacts": {"Table": "contacts", "Delivered": "281", "Repeated rows": "2", "After the data cut": "9",
                     "Kept": "270"},
        "gp patients": {"Table": "patients", "Delivered": "59", "Repeated rows": "0", "After the data cut": "0",
                        "Kept": "59"}}


def test_rows_rest_on_no_more_people_than_there_are():
    cells = rows_kept(ROWS.tail(1)).cells.values()
    assert {dict(cell.dimensions)["rows"]: (cell.value, cell.n) for cell in cells} == {
        "delivered": (281, 33), "repeated": (2, 2), "after_data_cut": (9, 9), "kept": (270, 33)}


def test_rows_that_went_missing_stop_the_report():
    with pytest.raises(ValueError, match="^rows of contacts do not balance$"):
        rows_kept(ROWS.assign(kept=[59, 269]))


def test_each_rule_with_the_columns_checked_and_the_rows_that_broke_it():
    checks = pd.DataFrame([("complete", "blocking"), ("complete", "blocking"), ("before the data cut", "excluded")],
                          columns=["rule", "severity"])
    faults = pd.DataFrame([("before the data cut", "excluded")] * 3, columns=["rule", "severity"])
    assert rows(faults_found(checks, faults)) == {
        "Before the data cut": {"If broken": "excluded", "Columns checked": "1", "Rows that broke it": "3"},
        "Complete": {"If broken": "blocking", "Columns checked": "2", "Rows that broke it": "0"}}


def test_what_became_of_every_coding():
    balance = pd.DataFrame({"what": ["codings in the file", "codings read"], "codings": [12, 9]})
    assert rows(codings_balance(balance)) == {
        "Codings in the file": {"Codings": "12"}, "Codings read": {"Codings": "9"}}
