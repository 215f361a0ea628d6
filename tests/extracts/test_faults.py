"""A line of the data query log: where it is, what was expected, the class of what is there; never the value."""

import pytest
from small_extracts import DEFINITION, delivered, five_people, opened

from analysis.extracts.checks.faults import FAULTS, date_words, expected, fault, heading_of, more_faults


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    files = five_people()
    files["contacts_2.csv"][2][:3] = ["K1", "C9", "04/13/2017"]
    files["contacts_2.csv"][3][3] = " Tel "
    files["issues.csv"].append(files["issues.csv"][3])
    return delivered(opened(tmp_path_factory.mktemp("small"), files))


def told(extract, rule: str, column: str, position: int) -> dict:
    line = dict(zip(FAULTS, fault(extract, rule, column, position), strict=True))
    return {key: line[key] for key in ("file", "row", "heading", "expected", "found")}


def test_a_fault_has_every_part_of_the_log(small):
    line = DEFINITION.splitlines().index('date       = { from = "Date", format = "%d/%m/%Y", until = "records" }') + 1
    assert dict(zip(FAULTS, fault(small["contacts"], "date as stated", "date", 3), strict=True)) == {
        "extract": "contacts", "table": "contacts", "file": "contacts_2.csv", "sheet": "", "row": 3, "column": "date",
        "heading": "Date", "rule": "date as stated", "severity": "blocking",
        "expected": "the date has the format that the definition states (DD/MM/YYYY)",
        "found": "like '99/99/9999', a date with day and month the other way round",
        "todo": "write the date in the stated order, or correct `format` in study.toml",
        "definition": f"study.toml, line {line}", "rows": 1}


def test_the_last_line_of_a_kind_says_how_many_more_rows_are_alike_and_names_none(small):
    line = dict(zip(FAULTS, more_faults(small["contacts"], "date as stated", "date", 19_000), strict=True))
    assert (line["row"], line["found"], line["rows"]) == (0, "19,000 more rows", 19_000)


def test_a_shared_key_names_its_headings_and_the_line_and_file_of_the_first(small):
    assert told(small["contacts"], "no duplicate key", "", 3) == {
        "file": "contacts_2.csv", "row": 3, "heading": "Ref", "expected": "no two different rows share a key",
        "found": "the same as in line 2 of contacts_1.csv"}


def test_a_copy_names_the_line_that_it_copies(small):
    assert told(small["issues"], "row not repeated", "", 3) == {
        "file": "issues.csv", "row": 5, "heading": "", "expected": "the row is no exact copy of an earlier one",
        "found": "the same as in line 4"}


def test_white_space_names_the_headings_of_its_cells(small):
    assert told(small["contacts"], "no surrounding space", "", 4) == {
        "file": "contacts_2.csv", "row": 4, "heading": "How", "expected": "the cell has no white space around it",
        "found": "the whole row"}


def test_an_extract_without_rows_is_named_by_its_pattern_and_the_line_of_its_headings(small):
    assert told(small["contacts"], "rows present", "", -1) == {
        "file": "contacts_*.csv", "row": 1, "heading": "", "expected": "the extract has rows", "found": "no rows"}


@pytest.mark.parametrize("extract, rule, column, words", [
    ("contacts", "known code", "mode", "the value is one of the codes of the definition (F2F, Tel)"),
    ("contacts", "in range", "minutes", "the value lies in the stated range (from 0 to 240)"),
    ("issues", "in range", "quantity", "the value lies in the stated range (from 0)"),
    ("questionnaire", "in range", "peg:Q2", "the value lies in the stated range (from 0 to 10)"),
    ("contacts", "before the data cut", "date", "the date is not after the data cut (2017-12-31)"),
    ("episodes", "within the period", "started_on", "the date lies in the study period (2017-01-01 to 2017-12-31)"),
    ("contacts", "known link", "patient_id", "what the row points at is there (patients)"),
    ("patients", "known person", "patient_id", "the person's number is in the extract that links numbers (clients)"),
    ("clients", "complete", "patient_id", "the column is filled"),
])
def test_what_was_expected_says_the_particulars_of_the_definition(small, extract, rule, column, words):
    assert expected(small[extract].plan, rule, column) == words


def test_many_codes_are_not_all_said(tmp_path):
    codes = ", ".join(f'"{n}" = "face to face"' for n in range(10))
    definition = DEFINITION.replace('"F2F" = "face to face", "Tel" = "telephone"', codes)
    plan = delivered(opened(tmp_path, five_people(), definition))["contacts"].plan
    assert expected(plan, "known code", "mode") == (
        "the value is one of the codes of the definition (0, 1, 2, 3, 4, 5, 6, 7, …)")


def test_a_heading_is_what_the_delivered_file_calls_the_column(small):
    assert heading_of(small["contacts"].plan, "date") == "Date"
    assert heading_of(small["questionnaire"].plan, "peg:Q2") == "Q2"


@pytest.mark.parametrize("format, words", [("%d/%m/%Y", "DD/MM/YYYY"), ("%Y-%m-%d %H:%M", "YYYY-MM-DD hh:mm"),
                                           ("%d-%b-%y", "DD-Mon-YY")])
def test_a_format_is_said_as_people_write_it(format, words):
    assert date_words(format) == words
