"""Zip archives: which member is meant, and what of an archive is not trusted."""

import zipfile

import pytest
from arrivals import HEADINGS, refused, rows
from written_files import xlsx, zipped

C1, C2 = HEADINGS + "C1,Interview,Given,\n", HEADINGS + "C2,Interview,Given,\n"


def test_the_only_table_of_an_archive_needs_no_name(arrived):
    content = zipped({"export/consents.csv": C1, "export/read me.pdf": "x", "__MACOSX/export/._consents.csv": "x",
                      "export/.DS_Store": "x"})
    assert rows(arrived('file = "export.zip"', export_dot_zip=content)) == [
        ["export.zip/export/consents.csv", 2, "C1", "Interview", "Given", None]]


@pytest.mark.parametrize("member", ['"c*.csv"', '"export/c*.csv"', '["c2.csv", "c1.csv"]'])
def test_members_are_one_extract(arrived, member):
    content = zipped({"export/c2.csv": C2, "export/c1.csv": C1, "export/other.csv": "x"})
    got = arrived(f'file = "export.zip"\nmember = {member}', export_dot_zip=content)
    assert sorted((r[0], r[2]) for r in rows(got)) == [("export.zip/export/c1.csv", "C1"),
                                                       ("export.zip/export/c2.csv", "C2")]


def test_a_sheet_of_a_workbook_in_an_archive_is_found(arrived):
    content = zipped({"b.xlsx": xlsx(Notes=[["x"]], S1=[HEADINGS.strip().split(","), ["C1", "1", "Given"]])})
    got = arrived('file = "export.zip"\nsheet = "S*"', export_dot_zip=content)
    assert [(r[0], r[2]) for r in rows(got)] == [("export.zip/b.xlsx[S1]", "C1")]


def test_a_member_that_points_out_of_the_archive_writes_nothing(arrived, tmp_path):
    before = sorted(tmp_path.parent.rglob("*"))
    got = arrived('file = "export.zip"', export_dot_zip=zipped({"../../../evil.csv": C1}))
    assert [r[2] for r in rows(got)] == ["C1"]
    assert not [path for path in {*tmp_path.parent.rglob("*")} - {*before} if path.name == "evil.csv"]


# ------------------------------------------------------------------------------------------------ what is refused


def test_an_archive_of_several_tables_asks_which_is_meant(arrived):
    assert refused(arrived, 'file = "e.zip"', e_dot_zip=zipped({"a.csv": C1, "b.csv": C2, "n.txt": "x"})) == (
        "e.zip: the archive holds 3 files that could be meant\n"
        "  -> name one, or a pattern with *, at study.toml, line 7: member = \"…\"; there are: a.csv, b.csv, n.txt")


def test_a_member_that_is_not_there_is_named_with_those_that_are(arrived):
    assert refused(arrived, 'file = "e.zip"\nmember = "consent.csv"', e_dot_zip=zipped({"consents.csv": C1})) == (
        "e.zip: the archive has no 'consent.csv'\n"
        "  -> did you mean 'consents.csv'? change 'member' at study.toml, line 7; there are: consents.csv")


def test_an_archive_without_files_is_told(arrived):
    assert refused(arrived, 'file = "e.zip"', e_dot_zip=zipped({})) == (
        "e.zip: the archive holds no files that could be meant\n"
        "  -> name one, or a pattern with *, at study.toml, line 7: member = \"…\"; there are: no files")


@pytest.mark.parametrize("content, message", [
    (b"", "e.zip: the file is empty (0 bytes)\n  -> send the file again"),
    (b"Person,Date\n", "e.zip: this is no zip archive: it is text\n"
     "  -> send the file again, or say at study.toml, line 7 what it is: read_as = \"csv\""),
    (zipped({"c.csv": C1})[:-30], "e.zip: the archive is damaged or was cut off on its way\n  -> send the file again"),
    (zipped({"c.csv": C1}, zipfile.ZIP_STORED).replace(b"C1,Int", b"C2,Int"),
     "e.zip/c.csv: the archive is damaged or was cut off on its way\n  -> send the file again"),
    (zipped({"c.csv": C1}, zipfile.ZIP_STORED).replace(b"PK\1\2\x14\3\x14\0\0", b"PK\1\2\x14\3\x14\0\1"),
     "e.zip/c.csv: the archive is locked with a password\n"
     "  -> unpack it with the password where its content may be stored, and name what comes out at study.toml, line 7"),
    (zipped({"c.csv": bytes(60_000_000)}),
     "e.zip/c.csv: unpacked it would have 0.1 GB\n"
     "  -> unpack it yourself, if you trust it, and name what comes out at study.toml, line 7"),
    (zipped({"inner.zip": zipped({"c.csv": C1})}), "e.zip/inner.zip: an archive inside an archive is not read\n"
     "  -> unpack the outer one, and name the inner one at study.toml, line 7"),
])
def test_an_archive_that_cannot_be_read_says_why(arrived, content, message):
    assert refused(arrived, 'file = "e.zip"', e_dot_zip=content) == message


def test_a_member_that_is_not_what_its_name_says_is_told_with_its_place(arrived):
    assert refused(arrived, 'file = "e.zip"', e_dot_zip=zipped({"b.xlsx": C1})).startswith(
        "e.zip/b.xlsx: this is no Excel workbook: it is text\n")
