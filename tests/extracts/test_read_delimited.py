"""Text with delimiters, as it arrives: marks and encodings, delimiters, footers, lines that do not fit."""

import pytest
from arrivals import HEADINGS, refused, rows

C1 = "C1,Interview,Given,\n"
C2 = "C2,Interview,Given,\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_at_the_beginning_says_how_the_file_is_encoded(arrived, encoding):
    got = arrived(consents_dot_csv=(HEADINGS + "Zoë ‘x’,Interview,Given,\n").encode(encoding))
    assert rows(got) == [["consents.csv", 2, "Zoë ‘x’", "Interview", "Given", None]]


def test_the_mark_wins_over_what_the_definition_says_of_other_files(arrived):
    got = arrived('file = "consents_*.csv"\nencoding = "cp1252"',
                  consents_1_dot_csv=(HEADINGS + "Zoë,Interview,Given,\n").encode("utf-8-sig"),
                  consents_2_dot_csv=(HEADINGS + "Zoë,Interview,Given,\n").encode("cp1252"))
    assert [r[2] for r in rows(got)] == ["Zoë", "Zoë"]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_the_one_that_parts_the_headings(arrived, delimiter):
    got = arrived(consents_dot_csv=(HEADINGS + C1).replace(",", delimiter))
    assert rows(got) == [["consents.csv", 2, "C1", "Interview", "Given", None]]


def test_a_delimiter_in_the_lines_above_the_headings_misleads_nobody(arrived):
    got = arrived('file = "consents.csv"\nheader_row = 2',
                  consents_dot_csv="Consents, as of 1 May, by practice\n" + (HEADINGS + C1).replace(",", ";"))
    assert rows(got) == [["consents.csv", 3, "C1", "Interview", "Given", None]]


def test_a_file_of_tabs_may_have_commas_in_its_cells(arrived):
    got = arrived('file = "consents.tsv"',
                  consents_dot_tsv="Person\tConsent to\tStatus\tDate\nSmith, J\tInterview\tGiven\t\n")
    assert rows(got) == [["consents.tsv", 2, "Smith, J", "Interview", "Given", None]]


def test_a_footer_and_all_below_it_are_no_rows(arrived):
    got = arrived('file = "consents.csv"\nfooter = ["Total", "End of report"]',
                  consents_dot_csv=HEADINGS + C1 + C2 + "\nTotal: 2,,,\nEnd of report\nPrinted by JS,1 May\n")
    assert [(r[1], r[2]) for r in rows(got)] == [(2, "C1"), (3, "C2")]


def test_headings_printed_again_are_no_row(arrived):
    got = arrived(consents_dot_csv=HEADINGS + C1 + "\n" + HEADINGS + C2)
    assert [(r[1], r[2]) for r in rows(got)] == [(2, "C1"), (5, "C2")]


def test_a_row_that_ends_early_is_empty_in_its_last_cells(arrived):
    assert rows(arrived(consents_dot_csv=HEADINGS + "C1,Interview\n")) == [
        ["consents.csv", 2, "C1", "Interview", None, None]]


def test_delimiters_after_the_last_heading_are_no_cells(arrived):
    assert [r[2] for r in rows(arrived(consents_dot_csv=HEADINGS + "C1,Interview,Given,,,, ,\n"))] == ["C1"]


def test_a_row_of_white_space_is_an_empty_one(arrived):
    got = arrived(consents_dot_csv=HEADINGS + C1 + " ,\t,,\n" + C2)
    assert [(r[1], r[2]) for r in rows(got)] == [(2, "C1"), (4, "C2")]
    assert got.trimmed == ()


def test_what_a_program_could_take_for_something_else_stays_as_it_is(arrived):
    odd = ["00123", "1234567890123456789", "No", "NA", "null", "1E5", "TRUE", "1.0", "-0", "=1+1", "1,5", "nan", "1/2"]
    lines = "".join(f'"{text}",Interview,Given,\n' for text in odd)
    assert [r[2] for r in rows(arrived(consents_dot_csv=HEADINGS + lines))] == odd


def test_line_ends_of_old_macs_are_line_ends(arrived):
    got = arrived(consents_dot_csv=(HEADINGS + C1 + C2).replace("\n", "\r"))
    assert [(r[1], r[2]) for r in rows(got)] == [(2, "C1"), (3, "C2")]


# ------------------------------------------------------------------------------------------------ what is refused


def test_a_footer_that_does_not_come_tells_that_the_file_was_cut_off(arrived):
    assert refused(arrived, 'file = "consents.csv"\nfooter = "End of report"', consents_dot_csv=HEADINGS + C1) == (
        "consents.csv: no line begins with 'End of report': the file may have been cut off\n"
        "  -> send it again; where it has no footer, change 'footer' at study.toml, line 7")


def test_a_row_below_the_footer_is_not_lost_in_silence(arrived):
    assert refused(arrived, 'file = "consents.csv"\nfooter = "C"', consents_dot_csv=HEADINGS + C1 + C2) == (
        "consents.csv, line 3: the footer begins in line 2, and below it is another row\n"
        "  -> write more of how the footer's first cell begins: footer = \"…\" at study.toml, line 7")


def test_a_row_with_more_cells_than_headings_is_not_read_askew(arrived):
    assert refused(arrived, consents_dot_csv=HEADINGS + C1 + "Smith, J,Interview,Given,01/02/2017\n") == (
        "consents.csv, line 3: the row has 5 cells, and there are 4 headings\n"
        "  -> a delimiter stands inside a cell without quotation marks: correct that line, or ask for an export with "
        "its cells in quotation marks")


@pytest.mark.parametrize("line, found", [
    ('"C1,Interview,Given,\n', "unexpected end of data"),
    ('"the "first" one",Interview,Given,\n', "',' expected after '\"'"),
])
def test_a_quotation_mark_out_of_place_swallows_no_row(arrived, line, found):
    assert refused(arrived, consents_dot_csv=HEADINGS + C1 + line + C2) == (
        f"consents.csv, line 3: this is no table of cells ({found})\n"
        "  -> look for a quotation mark that is never closed, or stands inside a cell without being doubled; "
        "or save the file again as CSV")


def test_quotation_marks_in_their_place_are_read(arrived):
    got = arrived(consents_dot_csv=HEADINGS + '"the ""first"" one",Interview,Given,\n5" cut,Interview,Given,\n')
    assert [r[2] for r in rows(got)] == ['the "first" one', '5" cut']


def test_headings_on_another_line_are_found_for_the_definition(arrived):
    message = refused(arrived, consents_dot_csv="Consents\n\n" + HEADINGS + C1)
    assert message == (
        "consents.csv, line 1: no column 'Person' (wanted for consents.person)\n"
        "  -> they are on line 3: set header_row = 3 at study.toml, line 7; or change from = \"Person\" at study.toml, "
        "line 10; the file has: Consents")


def test_headings_above_the_stated_line_are_found_too(arrived):
    message = refused(arrived, 'file = "consents.csv"\nheader_row = 2', consents_dot_csv=HEADINGS + C1)
    assert "  -> they are on line 1: set header_row = 1 at study.toml, line 7; or " in message


def test_an_empty_file_is_said_to_be_empty(arrived):
    assert refused(arrived, consents_dot_csv="") == (
        "consents.csv: the file is empty (0 bytes)\n  -> send the file again")


def test_letters_of_two_encodings_are_told_with_the_first_line_of_the_other(arrived):
    content = (HEADINGS + "Zoë,Interview,Given,\n").encode() + "Zoë,Interview,Given,\n".encode("cp1252")
    assert refused(arrived, consents_dot_csv=content) == (
        "consents.csv, line 3: the file is not UTF-8 text\n"
        "  -> say how it is encoded at study.toml, line 7: encoding = \"cp1252\" if Excel on Windows saved it")


def test_utf_8_is_not_read_as_the_letters_of_windows(arrived):
    content = (HEADINGS + "Zoë,Interview,Given,\n").encode()
    assert refused(arrived, 'file = "consents.csv"\nencoding = "cp1252"', consents_dot_csv=content) == (
        "consents.csv: the file is UTF-8 text, and the definition says cp1252\n"
        "  -> take 'encoding' out at study.toml, line 7, or write encoding = \"utf-8\"")


def test_utf_16_without_its_mark_is_known_by_its_nul_bytes(arrived):
    assert refused(arrived, consents_dot_csv=(HEADINGS + C1).encode("utf-16-le")) == (
        "consents.csv, line 1: there is a NUL byte, which no text has\n"
        "  -> this looks like UTF-16 without its mark: write encoding = \"utf-16-le\" at study.toml, line 7")
    got = arrived('file = "consents.csv"\nencoding = "utf-16-le"', consents_dot_csv=(HEADINGS + C1).encode("utf-16-le"))
    assert [r[2] for r in rows(got)] == ["C1"]


def test_a_nul_byte_in_a_cell_is_told_with_its_line(arrived):
    assert refused(arrived, consents_dot_csv=HEADINGS + C1 + "C\0002,Interview,Given,\n") == (
        "consents.csv, line 3: there is a NUL byte, which no text has\n"
        "  -> the file is damaged, or no text: send it again")


@pytest.mark.parametrize("content, it_is, remedy", [
    (b"PK\x03\x04", "a zip archive, as .xlsx and .ods workbooks are, too",
     'send the file again, or say at study.toml, line 7 what it is: read_as = "xlsx", "ods" or "zip"'),
    (b"PAR1\x15", "a Parquet file",
     'send the file again, or say at study.toml, line 7 what it is: read_as = "parquet"'),
    (b"\r\n<html><body><table>", "a web page or XML, as some systems export under another name",
     "open it in Excel or LibreOffice, save it as .xlsx, and name that file at study.toml, line 7"),
    (b"%PDF-1.7", "a PDF document", "send the file again, or name the right file at study.toml, line 7"),
])
def test_a_file_that_is_not_what_its_name_says_is_told_by_what_it_is(arrived, content, it_is, remedy):
    assert refused(arrived, consents_dot_csv=content) == (
        f"consents.csv: this is no text with delimiters: it is {it_is}\n  -> {remedy}")
