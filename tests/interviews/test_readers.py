"""Which reader a file gets: by its ending and, where several programs share one, by what is inside."""

import shutil
import zipfile
from pathlib import Path

import pytest
from qualcoder_project import write as write_qualcoder
from taguette_project import write as write_taguette
from test_spreadsheets import DEDOOSE, table, workbook
from test_word_comments import document, end, run, start

from analysis.errors import ExtractMistake
from analysis.interviews.readers import KINDS, is_known, read

ROOT = Path(__file__).parents[2]
ROWS = (["interview", "code", "text"], ["P01", "fear", "I was afraid"])
WORDS = document(start(1) + run("I was afraid") + end(1), comments=[(1, "ann", "fear")])


def test_a_refi_qda_project_is_known_by_its_ending():
    assert read(ROOT / "data_raw" / "south-glos" / "interviews.qdpx").origin != ""


@pytest.mark.parametrize("name", ["s.sqlite3", "s.db"])
def test_two_programs_keep_sqlite_and_the_file_says_whose_it_is(tmp_path, name):
    folder = write_qualcoder(tmp_path / "s.qda", [(1, "P01", "I was afraid")], [(1, "fear", None)],
                             [(1, 1, "afraid", 6, 12, "ann")])
    shutil.copy(folder / "data.qda", tmp_path / name)
    assert {read(path).origin for path in (folder, folder / "data.qda", tmp_path / name)} == {"QualCoder"}
    (tmp_path / name).unlink()
    write_taguette(tmp_path / name, [("P01", "<p>afraid</p>")], [("fear", "")], [(1, 0, 6, "afraid", [1], "ann")])
    assert read(tmp_path / name).origin == "Taguette"


@pytest.mark.parametrize(("rows", "origin"), [
    (ROWS, "A table with one row a passage and code"), (([None, "A : P01"], ["1 : fear", 2]), "NVivo, coding matrix"),
    ((DEDOOSE, ["P01", "", "ann", "", "afraid", "", "True", *[""] * 5]), "Dedoose")])
def test_a_workbook_is_known_by_its_headings(tmp_path, rows, origin):
    assert read(workbook(tmp_path / "t.xlsx", *rows)).origin == origin


def test_a_csv_is_a_table_of_passages(tmp_path):
    assert read(table(tmp_path / "t.csv", *ROWS)).codings[0].text == "I was afraid"


def test_a_zip_is_known_by_what_is_in_it(tmp_path):
    with zipfile.ZipFile(tmp_path / "w.zip", "w") as packed:
        packed.writestr("P01.docx", WORDS)
    folder = write_qualcoder(tmp_path / "s.qda", [(1, "P01", "I was afraid")], [(1, "fear", None)], [])
    shutil.make_archive(str(tmp_path / "q"), "zip", tmp_path, folder.name)
    assert read(tmp_path / "w.zip").origin == "Word comments" and read(tmp_path / "q.zip").origin == "QualCoder"


def test_a_file_of_no_known_kind_is_refused_with_all_that_are():
    assert is_known("coded.QDPX") and not is_known("coded.nvp")
    with pytest.raises(ExtractMistake, match="no reader knows files that end in '.nvp'") as mistake:
        read(Path("coded.nvp"))
    assert all(kind.title in str(mistake.value) for kind in KINDS)
