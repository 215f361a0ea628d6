"""A codebook alone: codes with their descriptions, in the tree that indents, paths or names say."""

import io
import zipfile

import pytest
from test_spreadsheets import table, workbook
from test_word_comments import W, run

from analysis.errors import ExtractMistake
from analysis.interviews.codebook_table import read
from analysis.interviews.readers import read as read_any

HEAD = ["Name", "Description", "Files", "References"]


def tree(found):
    return [(c.id, c.parent, c.definition) for c in found.codes]


def document(path, *rows):
    """A Word document with one table; each row is an indent and cells."""
    cells = "".join("<w:tr>" + "".join(f'<w:tc><w:p><w:pPr><w:ind w:left="{indent}"/></w:pPr>{run(cell)}</w:p></w:tc>'
                                       for cell in row) + "</w:tr>" for indent, *row in rows)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr("word/document.xml", f"<w:document {W}><w:body><w:p>{run('Codebook')}</w:p><w:tbl>{cells}"
                                             "</w:tbl></w:body></w:document>")
    path.write_bytes(data.getvalue())
    return path


def test_a_workbook_s_paths_are_its_tree(tmp_path):
    found = read_any(workbook(tmp_path / "c.xlsx", ["Codebook"], HEAD, ["Codes\\Medicines", "all tablets", 9, 30],
                              ["Codes\\Medicines\\Fear", "", 4, 11], ["Pace", "slowly", 3, 3]))
    assert tree(found) == [("Medicines", "", "all tablets"), ("Fear", "Medicines", ""), ("Pace", "", "slowly")]
    assert found.balance == (("codings in the file", 0), ("codings read", 0)) and found.origin == "NVivo, codebook"


def test_a_document_s_indents_are_its_tree(tmp_path):
    found = read_any(document(tmp_path / "c.docx", (0, *HEAD), (0, "Medicines", "", "9", "30"),
                              (240, "Fear", "of less", "4", "11"), (480, "Nights", "", "1", "1"),
                              (240, "Pace", "", "1", "1"), (0, "Delivery", "", "2", "2")))
    assert tree(found) == [("Medicines", "", ""), ("Fear", "Medicines", "of less"), ("Nights", "Fear", ""),
                           ("Pace", "Medicines", ""), ("Delivery", "", "")]


@pytest.mark.parametrize("counts", [["number of highlights"], ["number of highlights", "number of documents"]])
def test_taguette_s_names_are_its_tree(tmp_path, counts):
    """As its versions before and since 1.5.2 write it (export.py, codebook_csv)."""
    rows = [["tag", "description", *counts], ["support", "", *counts], ["other.own pace", "slowly", *counts],
            ["support.listened", "felt heard", *counts], ["1.2 Waiting", "", *counts]]
    for file in (table(tmp_path / "codebook.csv", *rows), workbook(tmp_path / "codebook.xlsx", *rows)):
        found = read_any(file)
        assert [(c.id, c.parent, c.definition, c.codable) for c in found.codes] == [
            ("support", "", "", True), ("listened", "support", "felt heard", True), ("other", "", "", False),
            ("own pace", "other", "slowly", True), ("1.2 Waiting", "", "", True)]
        assert found.origin == "Taguette, codebook"


def test_another_table_is_no_codebook(tmp_path):
    with pytest.raises(ExtractMistake, match="no table has the columns Name, Description and Files or References"):
        read(workbook(tmp_path / "c.xlsx", ["Name", "Age"], ["P01", 40]))
