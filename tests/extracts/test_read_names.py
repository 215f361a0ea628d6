"""Several files as one extract: lists, patterns and folders, columns in another order, values that only a name says."""

from arrivals import HEADINGS, refused, rows
from written_files import xlsx, zipped

C1, C2 = HEADINGS + "C1,Interview,Given,\n", HEADINGS + "C2,Interview,Given,\n"
PRACTICE = 'person = {{ from_file = "{}", codes = {{ "north" = "N", "south" = "S" }} }}'


def test_a_list_of_files_is_one_extract_in_the_order_of_the_list(arrived):
    got = arrived('file = ["second.csv", "first_*.csv"]', first_1_dot_csv=C1, second_dot_csv=C2)
    assert [(r[0], r[2]) for r in rows(got)] == [("second.csv", "C2"), ("first_1.csv", "C1")]


def test_a_file_that_two_patterns_fit_is_read_once(arrived):
    assert [r[2] for r in rows(arrived('file = ["c*.csv", "*1.csv"]', c1_dot_csv=C1))] == ["C1"]


def test_files_in_a_folder_each_are_told_apart_by_it(arrived):
    got = arrived('file = "*/consents.csv"', **{"north/consents_dot_csv": C1, "south/consents_dot_csv": C2})
    assert [(r[0], r[1], r[2]) for r in rows(got)] == [("north/consents.csv", 2, "C1"), ("south/consents.csv", 2, "C2")]


def test_a_bracket_in_a_pattern_is_a_bracket(arrived):
    got = arrived('file = "consents [A] *.csv"', **{"consents [A] 1_dot_csv": C1, "consents A 2_dot_csv": C2})
    assert [r[0] for r in rows(got)] == ["consents [A] 1.csv"]


def test_columns_may_stand_in_another_order_in_each_file(arrived):
    got = arrived('file = "c*.csv"', c1_dot_csv=C1, c2_dot_csv="Status,Clerk,Date,Consent to,Person\nGiven,JS,,1,C2\n")
    assert [r[2:] for r in rows(got)] == [["C1", "Interview", "Given", None], ["C2", "1", "Given", None]]


def test_marks_of_open_files_and_hidden_ones_are_no_extracts(arrived):
    got = arrived('file = "*"', c1_dot_csv=C1, **{"_dot_~lock.c1.csv#": ",JS", "_dot_DS_Store": b"\0"})
    assert [r[0] for r in rows(got)] == ["c1.csv"]


def test_a_column_takes_its_value_from_the_file_s_name(arrived):
    got = arrived('file = "consents_*.csv"', PRACTICE.format("consents_{}_*.csv"),
                  consents_north_2017_dot_csv=C1, consents_south_2017_dot_csv=C2)
    assert [r[2] for r in rows(got)] == ["north", "south"]
    assert got.plan.column("person").codes == {"north": "N", "south": "S"}


def test_a_column_takes_its_value_from_the_folder_s_name(arrived):
    got = arrived('file = "*/consents.csv"', 'person = { from_file = "{}/consents.csv" }',
                  **{"north/consents_dot_csv": C1, "south/consents_dot_csv": C2})
    assert [r[2] for r in rows(got)] == ["north", "south"]


def test_a_column_takes_its_value_from_the_archive_s_name(arrived):
    got = arrived('file = "*.zip"', 'person = { from_file = "{}.zip" }', north_dot_zip=zipped({"c.csv": C1}),
                  south_dot_zip=zipped({"c.csv": C2}))
    assert [(r[0], r[2]) for r in rows(got)] == [("north.zip/c.csv", "north"), ("south.zip/c.csv", "south")]


def test_a_column_takes_its_value_from_the_sheet_s_name(arrived):
    lines = [HEADINGS.strip().split(","), ["C1", "Interview", "Given", None]]
    got = arrived('file = "book.xlsx"\nsheet = "Practice *"', 'person = { from_sheet = "Practice {}" }',
                  book_dot_xlsx=xlsx(**{"Practice A": lines, "Notes": [["x"]], "Practice B": lines}))
    assert [(r[0], r[2]) for r in rows(got)] == [("book.xlsx[Practice A]", "A"), ("book.xlsx[Practice B]", "B")]


def test_a_value_from_a_name_needs_no_heading(arrived):
    got = arrived('file = "*.csv"', 'person = { from_file = "{}.csv" }',
                  c1_dot_csv="Consent to,Status,Date\n1,Given,\n")
    assert [r[2:] for r in rows(got)] == [["c1", "1", "Given", None]]


# ------------------------------------------------------------------------------------------------ what is refused


def test_a_file_of_the_list_that_is_missing_is_named(arrived):
    assert refused(arrived, 'file = ["c1.csv", "d2.xlsx"]', c1_dot_csv=C1) == (
        "study.toml, line 7: [extracts.consents] needs 'd2.xlsx', and data_raw/small/ has no such file\n"
        "  -> put the file there, or change 'file'; there are: c1.csv")


def test_a_name_that_does_not_say_the_value_is_told(arrived):
    assert refused(arrived, 'file = "*.csv"', 'person = { from_file = "consents_{}.csv" }', other_dot_csv=C1) == (
        "other.csv: the file's name is not like 'consents_{}.csv', from which person is taken\n"
        "  -> rename it, or change from_file at study.toml, line 10")


def test_a_sheet_s_name_that_does_not_say_the_value_is_told(arrived):
    assert refused(arrived, 'file = "book.xlsx"', 'person = { from_sheet = "Practice {}" }',
                   book_dot_xlsx=xlsx(Notes=[HEADINGS.strip().split(",")])) == (
        "book.xlsx: the sheet's name 'Notes' is not like 'Practice {}', from which person is taken\n"
        "  -> rename it, or change from_sheet at study.toml, line 10")


def test_a_column_that_one_of_the_files_lacks_is_told_with_that_file(arrived):
    assert refused(arrived, 'file = "c*.csv"', c1_dot_csv=C1, c2_dot_csv="Person,Consent to,Date\n") == (
        "c2.csv, line 1: no column 'Status' (wanted for consents.status)\n"
        "  -> change from = \"Status\" at study.toml, line 12; the file has: Person, Consent to, Date")


def test_a_binary_workbook_is_asked_for_in_another_form(arrived):
    assert refused(arrived, 'file = "c.xlsb"', c_dot_xlsb=b"PK") == (
        "c.xlsb: binary Excel files (.xlsb) are not read\n"
        "  -> save it as CSV, .xlsx or Parquet, and name that file at study.toml, line 7")


def test_a_kind_of_file_that_is_not_read_is_told(arrived):
    assert refused(arrived, 'file = "c.sas7bdat"', c_dot_sas7bdat=b"\0") == (
        "c.sas7bdat: SAS files (.sas7bdat) are not read\n"
        "  -> save it as CSV, .xlsx or Parquet, and name that file at study.toml, line 7")
