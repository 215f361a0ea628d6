"""Delivered files to text: nothing is guessed, every row knows its file and line."""

import datetime

import openpyxl
import pytest
from arrivals import CONSENTS, HEADINGS, refused, rows
from small_extracts import opened

from analysis.errors import ExtractMistake
from analysis.extracts.plan import plans
from analysis.extracts.read import read


def test_every_cell_is_text_and_each_row_has_its_file_and_line(arrived):
    got = arrived(consents_dot_csv=HEADINGS + "007,Interview,Given,01/02/2017\nNo,Interview,,\n")
    assert list(got.frame) == ["source_file", "source_row", "person", "kind", "status", "date"]
    assert rows(got) == [["consents.csv", 2, "007", "Interview", "Given", "01/02/2017"],
                         ["consents.csv", 3, "No", "Interview", None, None]]


def test_lines_above_the_headings_and_empty_lines_are_passed_over_but_counted(arrived):
    got = arrived('file = "consents.csv"\nheader_row = 3',
                  consents_dot_csv='Report\n\n' + HEADINGS + "\nC1,Interview,Given,\n,,,\nC2,Interview,Given,\n")
    assert [(r[1], r[2]) for r in rows(got)] == [(5, "C1"), (7, "C2")]


def test_a_record_with_a_line_end_in_a_cell_has_the_line_that_it_begins_on(arrived):
    got = arrived(consents_dot_csv=HEADINGS + '"C1\nnote",Interview,Given,\nC2,Interview,Given,\n')
    assert [(r[1], r[2]) for r in rows(got)] == [(2, "C1\nnote"), (4, "C2")]


def test_columns_are_found_by_heading_wherever_they_stand(arrived):
    got = arrived(consents_dot_csv="Date,Clerk, Status ,Person,Consent to\n,JS,Given,C1,Interview\n")
    assert rows(got) == [["consents.csv", 2, "C1", "Interview", "Given", None]]


def test_white_space_is_taken_off_and_told_with_its_file(arrived):
    got = arrived('file = "consents_*.csv"', consents_1_dot_csv=HEADINGS + "C1,Interview,Given,\n",
                  consents_2_dot_csv=HEADINGS + "C2,Interview, Given ,\n")
    assert [r[4] for r in rows(got)] == ["Given", "Given"]
    assert got.trimmed == (("consents_2.csv", 2, "status"),)


def test_what_stands_for_blank_is_blank(arrived):
    assert [r[4] for r in rows(arrived(consents_dot_csv=HEADINGS + "C1,Interview,-,\n"))] == [None]


def test_many_files_are_one_extract_in_the_order_of_their_names(arrived):
    got = arrived('file = "consents_*.csv"', consents_2_dot_csv=HEADINGS + "C2,Interview,Given,\n",
                  consents_1_dot_csv=HEADINGS + "C1,Interview,Given,\n")
    assert [(r[0], r[1], r[2]) for r in rows(got)] == [("consents_1.csv", 2, "C1"), ("consents_2.csv", 2, "C2")]


def test_the_mark_that_excel_leaves_beside_an_open_file_is_no_extract(arrived):
    got = arrived('file = "*.csv"', consents_dot_csv=HEADINGS + "C1,Interview,Given,\n",
                  **{"~$consents_dot_csv": b"\x05JS"})
    assert [r[2] for r in rows(got)] == ["C1"]


def test_a_value_on_the_first_of_its_rows_only_is_filled_down(arrived):
    got = arrived('file = "consents.csv"\nfill_down = ["Person"]',
                  consents_dot_csv=HEADINGS + "C1,Interview,Given,\n,1,,\nC2,Interview,,\n")
    assert [(r[2], r[4]) for r in rows(got)] == [("C1", "Given"), ("C1", None), ("C2", None)]


def test_another_delimiter_and_encoding_are_read_as_the_definition_says(arrived):
    got = arrived('file = "consents.csv"\ndelimiter = ";"\nencoding = "cp1252"',
                  consents_dot_csv=(HEADINGS + "C1–é,Interview,Given,\n").replace(",", ";").encode("cp1252"))
    assert rows(got) == [["consents.csv", 2, "C1–é", "Interview", "Given", None]]


def test_cells_of_a_workbook_become_the_text_that_a_person_sees(arrived, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["read me"])
    sheet = book.create_sheet("Consents")
    sheet.append(["Person", "Consent to", "Status", "Date"])
    sheet.append([7, 1.0, "Given", datetime.datetime(2017, 2, 1)])
    sheet.append([None, None, None, None])
    sheet.append(["007", "Interview", None, "01/02/2017"])
    book.save(tmp_path / "book.xlsx")
    got = arrived('file = "book.xlsx"\nsheet = "Consents"', book_dot_xlsx=(tmp_path / "book.xlsx").read_bytes())
    assert rows(got) == [["book.xlsx", 2, "7", "1", "Given", "01/02/2017"],
                         ["book.xlsx", 4, "007", "Interview", None, "01/02/2017"]]


def test_an_nhs_number_is_read_without_the_spaces_that_it_is_printed_with(arrived, tmp_path):
    definition = CONSENTS.format(file='file = "c.csv"').replace(
        'person = { from = "Person" }', 'person = { from = "Person", type = "nhs_number" }')
    study = opened(tmp_path, {"c.csv": [["Person", "Consent to", "Status", "Date"],
                                        ["943 476 5919", "1", "Given", ""]]}, definition)
    assert list(read(plans(study)[0], study.raw).frame["person"]) == ["9434765919"]


def test_a_file_with_headings_only_has_no_rows(arrived):
    assert rows(arrived(consents_dot_csv=HEADINGS)) == []


# ------------------------------------------------------------------------------------------------ what is refused


def test_a_missing_file_is_named_with_the_one_most_like_it(arrived):
    assert refused(arrived, consent_dot_csv=HEADINGS) == (
        "study.toml, line 7: [extracts.consents] needs 'consents.csv', and data_raw/small/ has no such file\n"
        "  -> did you mean 'consent.csv'?")


def test_a_missing_file_with_nothing_like_it_lists_what_is_there(arrived):
    assert refused(arrived, other_dot_txt="") == (
        "study.toml, line 7: [extracts.consents] needs 'consents.csv', and data_raw/small/ has no such file\n"
        "  -> put the file there, or change 'file'; there are: other.txt")


def test_a_missing_folder_is_an_empty_one(tmp_path):
    study = opened(tmp_path, {}, CONSENTS.format(file='file = "consents.csv"'))
    study.raw.rmdir()
    with pytest.raises(ExtractMistake) as mistake:
        read(plans(study)[0], study.raw)
    assert str(mistake.value) == (
        "study.toml, line 7: [extracts.consents] needs 'consents.csv', and data_raw/small/ has no such file\n"
        "  -> put the file there, or change 'file'; there are: no files")


def test_a_renamed_column_is_named_with_the_headings_that_are_there(arrived):
    assert refused(arrived, consents_dot_csv="Person,Consent for,Status,Date\n") == (
        "consents.csv, line 1: no column 'Consent to' (wanted for consents.kind)\n"
        "  -> did you mean 'Consent for'? change from = \"Consent to\" at study.toml, line 11; "
        "the file has: Person, Consent for, Status, Date")


def test_a_heading_that_stands_twice_is_not_chosen_from(arrived):
    assert refused(arrived, consents_dot_csv="Person,Consent to,Status,Date,Status\n") == (
        "consents.csv, line 1: 2 columns called 'Status' (wanted for consents.status)\n"
        "  -> rename one of them in the file, or change from = \"Status\" at study.toml, line 12; "
        "the file has: Person, Consent to, Status, Date, Status")


def test_a_file_that_ends_before_its_headings_is_said_to(arrived):
    assert refused(arrived, 'file = "consents.csv"\nheader_row = 3', consents_dot_csv="Report\n") == (
        "consents.csv: the file ends before line 3, where its headings should be\n"
        "  -> set header_row at study.toml, line 7, or send the file again")


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(arrived, tmp_path):
    book = openpyxl.Workbook()
    book.create_sheet("Consents")
    book.save(tmp_path / "book.xlsx")
    assert refused(arrived, 'file = "book.xlsx"\nsheet = "Consent"',
                   book_dot_xlsx=(tmp_path / "book.xlsx").read_bytes()) == (
        "book.xlsx: no sheet 'Consent'\n"
        "  -> did you mean 'Consents'? change 'sheet' at study.toml, line 7; there are: Sheet, Consents")


def test_a_wrong_encoding_is_said_with_the_first_line_that_does_not_fit(arrived):
    content = (HEADINGS + "C1,Interview,Given,\n" * 2000).encode() + b"C\xe9,Interview,Given,\n"
    assert refused(arrived, consents_dot_csv=content) == (
        "consents.csv, line 2002: the file is not UTF-8 text\n"
        "  -> say how it is encoded at study.toml, line 7: encoding = \"cp1252\" if Excel on Windows saved it")


def test_a_file_that_is_not_utf_16_is_refused_without_a_line(arrived):
    assert refused(arrived, 'file = "consents.csv"\nencoding = "utf-16"', consents_dot_csv=HEADINGS) == (
        "consents.csv: the file is not utf-16 text\n"
        "  -> say how it is encoded at study.toml, line 7: encoding = \"cp1252\" if Excel on Windows saved it")


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_a_large_file(arrived):
    assert refused(arrived, consents_dot_csv=HEADINGS + '"C1,Interview,Given,\n' + "C2,Interview,Given,\n" * 8000) == (
        "consents.csv, line 2: this is no table of cells (field larger than field limit (131072))\n"
        "  -> look for a quotation mark that is never closed, or stands inside a cell without being doubled; "
        "or save the file again as CSV")
