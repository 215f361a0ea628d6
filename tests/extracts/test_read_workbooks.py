"""Workbooks, as people make them: sheets, merged cells, what Excel does to numbers and dates, files that are none."""

import datetime
import io
import zipfile

import openpyxl
import pytest
from arrivals import HEADINGS, refused, rows
from written_files import MANIFEST, ods, saved, xls, xlsx, zipped

HEADS = HEADINGS.strip().split(",")
C1, C2 = ["C1", "Interview", "Given", None], ["C2", "Interview", "Given", None]


def one_column(arrived, cells: list, formats: dict[int, str] | None = None) -> list[str | None]:
    """These cells as people, read from a workbook; number formats by position."""
    book = openpyxl.Workbook()
    book.active.append(HEADS)
    for number, cell in enumerate(cells):
        book.active.append([cell, "Interview", "Given"])
        if formats and number in formats:
            book.active.cell(number + 2, 1).number_format = formats[number]
    return [r[2] for r in rows(arrived('file = "book.xlsx"', book_dot_xlsx=saved(book)))]


def changed(content: bytes, part: str, *changes: tuple[str, str]) -> bytes:
    """A workbook with words of one of its parts exchanged."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    members = {name: archive.read(name) for name in archive.namelist()}
    for old, new in changes:
        assert old in members[part].decode(), f"{old} is not in {members[part].decode()}"
        members[part] = members[part].decode().replace(old, new).encode()
    return zipped(members)


def test_text_in_a_workbook_stays_text(arrived):
    odd = ["00123", "1234567890123456789", "No", "NA", "1E5", "TRUE", "1.0", "_x0041_ <&>", "a\nb"]
    assert one_column(arrived, odd) == [text.replace("_x0041_", "A") for text in odd]


def test_numbers_have_the_digits_that_excel_keeps_and_no_more(arrived):
    assert one_column(arrived, [7, 7.0, 2.50, 0.1 + 0.2, 1e-7, -5, 123456789012345, 1e5]) == [
        "7", "7", "2.5", "0.3", "0.0000001", "-5", "123456789012345", "100000"]


def test_an_identifier_that_excel_has_cut_is_visible_as_such(arrived):
    assert one_column(arrived, [1234567890123456789, 1.23457e15]) == ["1.23456789012346E+18", "1.23457E+15"]


def test_a_number_shown_with_leading_zeros_keeps_them(arrived):
    assert one_column(arrived, [123, 9990000018, 4512, 12.5, 7],
                      {0: "0000000000", 1: "000 000 0000", 2: r"00\-00\-00", 3: "0000", 4: "0.00"}) == [
        "0000000123", "999 000 0018", "00-45-12", "12.5", "7"]


def test_dates_times_and_truth_are_written_as_people_do(arrived):
    assert one_column(arrived, [datetime.datetime(2017, 2, 1), datetime.datetime(2017, 2, 1, 13, 5),
                                datetime.time(9, 30), datetime.timedelta(hours=30), True, False]) == [
        "2017-02-01", "2017-02-01 13:05", "09:30", "30:00", "TRUE", "FALSE"]


def test_days_are_counted_from_1904_where_the_workbook_says_so(arrived):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(HEADS)
    book.active.append(["C1", None, None, datetime.datetime(2017, 2, 1)])
    assert rows(arrived('file = "b.xlsx"', b_dot_xlsx=saved(book)))[0][5] == "01/02/2017"


def test_an_error_in_a_cell_is_not_an_empty_cell(arrived):
    assert one_column(arrived, ["#N/A", "#DIV/0!"]) == ["#N/A", "#DIV/0!"]


def test_a_formula_has_the_result_that_was_stored_with_it(arrived):
    content = changed(xlsx(S=[HEADS, ["=1+1", "Interview", "Given"], ['=""', "1", None]]), "xl/worksheets/sheet1.xml",
                      ("<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>"), ('<c r="A3"><f>""</f><v></v>',
                                                                   '<c r="A3" t="str"><f>""</f><v></v>'))
    assert [r[2] for r in rows(arrived('file = "b.xlsx"', b_dot_xlsx=content))] == ["2", None]


def test_a_formula_without_a_result_is_told_where_its_column_is_wanted(arrived):
    content = xlsx(S=[[*HEADS, "Clerk"], [*C1, "=1+1"], ["=1+1", "Interview", "Given", None, None]])
    assert refused(arrived, 'file = "b.xlsx"', b_dot_xlsx=content) == (
        "b.xlsx, line 3: a formula under 'Person' was stored without its result\n"
        "  -> open the workbook in Excel or LibreOffice, let it calculate, and save it")
    assert len(rows(arrived('file = "b.xlsx"', b_dot_xlsx=xlsx(S=[[*HEADS, "Clerk"], [*C1, "=1+1"]])))) == 1


def test_a_cell_merged_downwards_holds_for_each_of_its_rows(arrived):
    book = openpyxl.Workbook()
    for line in (HEADS, C1, [None, "1", "Given"], [], [None, "1", None], C2):
        book.active.append(line)
    book.active.merge_cells("A2:A5")
    assert [(r[1], r[2]) for r in rows(arrived('file = "b.xlsx"', b_dot_xlsx=saved(book)))] == [
        (2, "C1"), (3, "C1"), (5, "C1"), (6, "C2")]


def test_a_cell_merged_sideways_stands_in_its_first_column(arrived):
    book = openpyxl.Workbook()
    for line in (["Client", None, "Consent"], ["Person", None, "Consent to", "Status", "Date"],
                 ["C1", None, "Interview", "Given"]):
        book.active.append(line)
    for place in ("A1:B1", "C1:E1", "A2:B2", "A3:B3"):
        book.active.merge_cells(place)
    assert [r[2] for r in rows(arrived('file = "b.xlsx"\nheader_row = 2', b_dot_xlsx=saved(book)))] == ["C1"]


def test_a_heading_merged_over_two_rows_is_found_on_either(arrived):
    book = openpyxl.Workbook()
    book.active.append(["Person", "Consent", None, None])
    book.active.append([None, "Consent to", "Status", "Date"])
    book.active.append(C1)
    book.active.merge_cells("A1:A2")
    assert [r[2] for r in rows(arrived('file = "b.xlsx"\nheader_row = 2', b_dot_xlsx=saved(book)))] == ["C1"]


def test_hidden_sheets_and_rows_are_data(arrived):
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Consents")
    sheet.sheet_state = "hidden"
    for line in (HEADS, C1, C2):
        sheet.append(line)
    sheet.row_dimensions[2].hidden = True
    got = arrived('file = "b.xlsx"\nsheet = "Consents"', b_dot_xlsx=saved(book))
    assert [r[2] for r in rows(got)] == ["C1", "C2"]


def test_several_sheets_are_one_extract_in_the_order_of_the_workbook(arrived):
    content = xlsx(May=[HEADS, C2], April=[HEADS, C1], Notes=[["x"]])
    got = arrived('file = "b.xlsx"\nsheet = ["April", "May"]', b_dot_xlsx=content)
    assert [(r[0], r[1], r[2]) for r in rows(got)] == [("b.xlsx[May]", 2, "C2"), ("b.xlsx[April]", 2, "C1")]


def test_rows_above_the_headings_that_hold_nothing_are_counted(arrived):
    book = openpyxl.Workbook()
    for row, line in ((3, HEADS), (5, C1)):
        for column, cell in enumerate(line, 2):
            book.active.cell(row, column, cell)
    got = arrived('file = "b.xlsx"\nheader_row = 3', b_dot_xlsx=saved(book))
    assert [(r[1], r[2]) for r in rows(got)] == [(5, "C1")]
    assert "  -> they are on line 3: set header_row = 3 at study.toml, line 7; or " in refused(
        arrived, 'file = "b.xlsx"', b_dot_xlsx=saved(book))


def test_cells_beside_the_table_are_no_fault_of_a_row(arrived):
    assert len(rows(arrived('file = "b.xlsx"', b_dot_xlsx=xlsx(S=[HEADS, [*C1, None, "see note"]])))) == 1


def test_a_footer_of_a_workbook_is_no_row(arrived):
    got = arrived('file = "b.xlsx"\nfooter = "Total"', b_dot_xlsx=xlsx(S=[HEADS, C1, [], ["Total", 1]]))
    assert [r[2] for r in rows(got)] == ["C1"]


def test_a_workbook_as_other_programs_write_it_is_read(arrived):
    """Without the places of cells and rows or any styles, with texts in runs and reading aids, in another namespace."""
    main, kinds = "http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships"
    heads = "".join(f'<c t="inlineStr"><is><t>{head}</t></is></c>' for head in HEADS)
    got = arrived('file = "b.xlsx"', b_dot_xlsx=zipped({
        "_rels/.rels": f'<R><r Id="a" Type="{kinds}/officeDocument" Target="/book/main.xml"/></R>',
        "book/_rels/main.xml.rels": f'<R><r Id="b" Type="{kinds}/worksheet" Target="one.xml"/>'
                                    f'<r Id="c" Type="{kinds}/sharedStrings" Target="texts.xml"/></R>',
        "book/main.xml": f'<workbook xmlns="{main}" xmlns:r="{kinds}"><sheets><sheet name="S" r:id="b"/></sheets>'
                         '</workbook>',
        "book/texts.xml": f'<sst xmlns="{main}"><si><r><t>C</t></r><r><t>1</t></r><rPh><t>x</t></rPh></si>'
                          '<si><t>Interview</t></si></sst>',
        "book/one.xml": f'<worksheet xmlns="{main}"><sheetData><row>{heads}</row><row><c t="s"><v>0</v></c>'
                        '<c t="s"><v>1</v></c></row></sheetData></worksheet>'}))
    assert [r[1:4] for r in rows(got)] == [[2, "C1", "Interview"]]


# ------------------------------------------------------------------------------------------------ .ods and .xls

CELLS = """<table:table table:name="S">
<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>
<table:table-row><table:table-cell/>{heads}<table:table-cell table:number-columns-repeated="1000"/></table:table-row>
<table:table-row><table:table-cell/>
 <table:table-cell office:value-type="float" office:value="12" table:number-rows-spanned="2"><text:p>0012</text:p>
 </table:table-cell><table:table-cell office:value-type="float" office:value="0.30000000000000004"><text:p>0.3</text:p>
 </table:table-cell><table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p>
 </table:table-cell><table:table-cell office:value-type="date" office:date-value="2017-02-01"><text:p>1 Feb</text:p>
 </table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell/><table:covered-table-cell/>
 <table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>
 <table:table-cell office:value-type="time" office:time-value="PT30H05M00S"><text:p>30:05</text:p></table:table-cell>
 <table:table-cell office:value-type="date" office:date-value="2017-02-01T13:05:00"><text:p>1 Feb</text:p>
 </table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1024"/>
</table:table-row></table:table>"""


def test_cells_of_an_opendocument_sheet_become_the_text_that_a_person_sees(arrived):
    heads = "".join(f"<table:table-cell><text:p>{head}</text:p></table:table-cell>" for head in HEADS)
    got = arrived('file = "b.ods"\nheader_row = 3', b_dot_ods=ods({}, CELLS.format(heads=heads)))
    assert rows(got) == [["b.ods", 4, "0012", "0.3", "TRUE", "01/02/2017"],
                         ["b.ods", 5, "0012", "#N/A", "30:05", "01/02/2017"],
                         ["b.ods", 6, None, "#N/A", "30:05", "01/02/2017"]]


def test_sheets_of_an_opendocument_file_are_named_as_others_are(arrived):
    content = ods({"May": [["x"]], "April": [HEADS, ["C1", "1", "", ""]]})
    got = arrived('file = "b.ods"\nsheet = "A*"', b_dot_ods=content)
    assert [(r[0], r[2]) for r in rows(got)] == [("b.ods[April]", "C1")]


def test_an_old_workbook_is_read_with_its_merged_cells(arrived):
    content = xls([HEADS, ["00123", "Interview", True, 42767.0], ["", 1.5, "", ""], [1234567890123456789, "1", "", ""]],
                  merged=[(1, 2, 0, 0)])
    assert rows(arrived('file = "b.xls"', b_dot_xls=content)) == [
        ["b.xls", 2, "00123", "Interview", "TRUE", "42767"], ["b.xls", 3, "00123", "1.5", None, None],
        ["b.xls", 4, "1.23456789012346E+18", "1", None, None]]


# ------------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize("name, content, message", [
    ("b.xlsx", b"Person,Date\n", "this is no Excel workbook: it is text\n"
     "  -> send the file again, or say at study.toml, line 7 what it is: read_as = \"csv\""),
    ("b.xls", b"<html><table><tr><td>Person</td></tr></table>", "this is no old Excel workbook: it is a web page or "
     "XML, as some systems export under another name\n"
     "  -> open it in Excel or LibreOffice, save it as .xlsx, and name that file at study.toml, line 7"),
    ("b.xls", xlsx(S=[HEADS]), "this is no old Excel workbook: it is a zip archive, as .xlsx and .ods workbooks are, "
     "too\n  -> send the file again, or say at study.toml, line 7 what it is: read_as = \"xlsx\", \"ods\" or \"zip\""),
    ("b.xlsx", xls([HEADS]), "this is no Excel workbook: it is an old Excel workbook (.xls), or a workbook with a "
     "password\n  -> send the file again, or say at study.toml, line 7 what it is: read_as = \"xls\""),
    ("b.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
     "the workbook is locked with a password\n  -> save it without a password in the place where it may be stored"),
    ("b.ods", ods({"S": [HEADS]}, manifest="<m:encryption-data/>"),
     "the workbook is locked with a password\n  -> save it without a password in the place where it may be stored"),
    ("b.xlsx", xlsx(S=[HEADS])[:-40],
     "the workbook is damaged or was cut off on its way\n  -> send the file again"),
    ("b.xlsx", zipped({"a.csv": "x"}), "this is no Excel workbook: a part that makes one is missing or damaged\n"
     "  -> open it, save it as .xlsx, and name that file at study.toml, line 7; or send the file again"),
    ("b.ods", zipped({"META-INF/manifest.xml": MANIFEST.format("")}),
     "this is no OpenDocument spreadsheet: a part that makes one is missing or damaged\n"
     "  -> open it, save it as .xlsx, and name that file at study.toml, line 7; or send the file again"),
    ("b.xls", xls([HEADS])[:600], "this is no old Excel workbook: a part that makes one is missing or damaged\n"
     "  -> open it, save it as .xlsx, and name that file at study.toml, line 7; or send the file again"),
    ("b.xlsx", b"", "the file is empty (0 bytes)\n  -> send the file again"),
    ("b.xlsx", xlsx(S=[]), "the sheet is empty\n"
     "  -> send the file again, or name another sheet at study.toml, line 7"),
])
def test_a_workbook_that_cannot_be_read_says_why(arrived, name, content, message):
    assert refused(arrived, f'file = "{name}"', **{name.replace(".", "_dot_"): content}) == f"{name}: {message}"


def test_a_sheet_that_is_damaged_inside_is_told(arrived):
    content = changed(xlsx(S=[HEADS, C1]), "xl/worksheets/sheet1.xml", ("</sheetData>", "</sheetDat"))
    assert refused(arrived, 'file = "b.xlsx"', b_dot_xlsx=content) == (
        "b.xlsx, sheet S: the sheet is damaged or was cut off on its way\n  -> send the file again, or open it, "
        "save it as .xlsx, and name that file at study.toml, line 7")


def test_text_under_a_workbook_s_name_is_read_where_the_definition_says_what_it_is(arrived):
    got = arrived('file = "b.xls"\nread_as = "tsv"', b_dot_xls=HEADINGS.replace(",", "\t") + "C1\t1\tGiven\t\n")
    assert [r[2] for r in rows(got)] == ["C1"]


def test_a_heading_that_stands_twice_in_a_sheet_is_not_chosen_from(arrived):
    assert refused(arrived, 'file = "b.xlsx"\nsheet = "S"', b_dot_xlsx=xlsx(S=[[*HEADS, "Status"], C1])) == (
        "b.xlsx, sheet S, line 1: 2 columns called 'Status' (wanted for consents.status)\n"
        "  -> rename one of them in the file, or change from = \"Status\" at study.toml, line 13; "
        "the file has: Person, Consent to, Status, Date, Status")
