"""Tables as CSV: what stands on the page and nothing else, and nothing that a spreadsheet would run."""

import csv
import io

from bs4 import BeautifulSoup
from small_measure import profiles

from analysis.measures.cells import Cells
from analysis.measures.summary import About
from analysis.present import table
from analysis.protect.released import release
from analysis.report.csv_tables import csv_of
from analysis.report.table_rows import rows_of


def lines(rows, *, rules: str = "none") -> list[list[str]]:
    """The CSV of a table of these rows (label, section, depth, people), read again."""
    cells = Cells("small")
    for label, section, depth, people in rows:
        count = cells.count(people, population="enrolled", label=label, section=section)
        cells.row(label, {"People": ("{n}", {"n": count})}, section=section, depth=depth)
    shown = table(release(cells.summary("Small", About("people", "people"), stub="Answer"), profiles(rules)))
    made = csv_of(rows_of(BeautifulSoup(shown.content, "html.parser").select_one("table.gt_table")))
    assert made.startswith("\ufeff")
    return list(csv.reader(io.StringIO(made[1:])))


def test_a_plain_table_has_its_headings_and_a_line_for_each_row():
    assert lines([("Yes", "", 0, 12), ("No, thank you", "", 0, 30)]) == [
        ["Answer", "People"], ["Yes", "12"], ["No, thank you", "30"]]


def test_sections_and_depths_are_columns_where_there_are_any():
    assert lines([("Due", "PEG", 0, 30), ("Died", "PEG", 1, 10), ("Due", "PHQ-9", 0, 20)]) == [
        ["Section", "Level", "Answer", "People"],
        ["PEG", "0", "Due", "30"], ["PEG", "1", "Died", "10"], ["PHQ-9", "0", "Due", "20"]]


def test_a_hidden_number_is_hidden_and_a_rounded_one_rounded():
    assert lines([("Yes", "", 0, 12), ("No", "", 0, 3)], rules="opensafely") == [
        ["Answer", "People"], ["Yes", "10"], ["No", "[REDACTED]"]]


def test_words_that_a_spreadsheet_would_compute_are_words():
    assert [line[0] for line in lines([(label, "", 0, 9) for label in ("=1+1", "@SUM(A1)", "+44", "-x", "-5 to 0")])] \
        == ["Answer", "'=1+1", "'@SUM(A1)", "'+44", "'-x", "-5 to 0"]


def test_the_parts_of_a_cell_are_set_apart():
    html = ('<table><thead><tr class="gt_col_headings"><th>Question</th><th>Said</th></tr></thead><tbody><tr>'
            '<th class="gt_stub">Why?</th><td><p>Fear</p><ul><li>users 3 of\n 4</li><li>staff 1 of 2</li></ul>'
            "<figure><blockquote><p>I was afraid.</p></blockquote><figcaption>P01</figcaption></figure></td></tr>"
            "</tbody></table>")
    made = csv_of(rows_of(BeautifulSoup(html, "html.parser").table))
    assert made == "\ufeffQuestion,Said\nWhy?,Fear; users 3 of 4; staff 1 of 2; I was afraid.; P01\n"
