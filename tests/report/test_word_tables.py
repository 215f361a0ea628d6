"""Tables for Word: what stands on the page and nothing else, as real rows and cells, whatever letters are in them."""

import re

from bs4 import BeautifulSoup
from small_measure import profiles

from analysis.measures.cells import Cells
from analysis.measures.summary import About
from analysis.present import table
from analysis.protect.released import release
from analysis.report.table_rows import rows_of
from analysis.report.word_tables import rtf_of


def document(rows, *, columns=("People",), rules: str = "none", title: str = "Small", marks=()) -> str:
    """The document of a table of these rows (label, section, depth, people)."""
    cells = Cells("small")
    for label, section, depth, people in rows:
        count = cells.count(people, population="enrolled", label=label, section=section)
        cells.row(label, {column: ("{n}", {"n": count}) for column in columns}, section=section, depth=depth)
    shown = table(release(cells.summary(title, About("people", "people"), stub="Answer"), profiles(rules)))
    return rtf_of(rows_of(BeautifulSoup(shown.content, "html.parser").select_one("table.gt_table")), marks)


def words(rtf: str) -> list[list[str]]:
    """The cells of each row, without what says how they look."""
    return [re.findall(r"\{\\fs20(?:\\b)? (.*)\}\\cell", row) for row in rtf.split("\\trowd")[1:]]


def test_a_row_for_the_headings_for_each_section_and_for_each_line():
    assert words(document([("Due", "PEG", 0, 30), ("Died", "PEG", 1, 10), ("Due", "PHQ-9", 0, 20)])) == [
        ["Answer", "People"], ["PEG"], ["Due", "30"], ["Died", "10"], ["PHQ-9"], ["Due", "20"]]


def test_the_headings_come_again_on_each_page_and_depth_is_an_indent():
    rtf = document([("Due", "", 0, 30), ("Died", "", 1, 10)])
    assert rtf.count(r"\trhdr") == 1 and rtf.count(r"\li240") == 1


def test_a_hidden_number_is_hidden_and_a_rounded_one_rounded():
    assert words(document([("Yes", "", 0, 12), ("No", "", 0, 3)], rules="opensafely"))[1:] == [
        ["Yes", "10"], ["No", "[REDACTED]"]]


def test_every_letter_arrives_and_none_is_an_order_to_the_program():
    rtf = document([("{x} \\par ≥ 120 😀", "", 0, 12)], title="Größe")
    assert rtf.isascii()
    assert r"\{x\} \\par \u8805? 120 \u-10179?\u-8704?" in rtf and r"Gr\u246?\u223?e" in rtf


def test_notes_and_what_the_table_is_from_stand_below_it():
    rtf = document([("Yes", "", 0, 12)], marks=("From: a study.", "WORKING COPY: not for release."))
    assert rtf.split("\\row\n")[-1].splitlines()[:-1] == [
        r"{\pard\sb60\fs16 Population: people. Denominator: people. Missing: none.\par}",
        r"{\pard\sb60\fs16 From: a study.\par}", r"{\pard\sb60\fs16 WORKING COPY: not for release.\par}"]


def test_many_columns_lie_across_the_page_and_stay_within_it():
    rtf = document([("Yes", "", 0, 12)], columns=[f"Practice number {letter}" for letter in "ABCDEFGHIJKL"])
    assert r"\landscape" in rtf and max(map(int, re.findall(r"\\cellx(\d+)", rtf))) <= 16838 - 2 * 1134
    assert r"\landscape" not in document([("Yes", "", 0, 12)])
