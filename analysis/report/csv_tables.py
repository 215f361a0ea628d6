"""A table of a page in, the same words and numbers as CSV out: for a spreadsheet, or the next program."""

from __future__ import annotations

import csv
import io
import re

FOLDER = "tables"
INDENT = "\u2003"
FORMULA = re.compile(r"[=+@\t\r]|-(?!\d)")  # what a spreadsheet would compute instead of show


def csv_of(table) -> str:
    """
    A line for each row of a great_tables table (a BeautifulSoup element, its labels still indented).

    What stands on the page stands here, hidden numbers as hidden. Sections and depths, where there are any, are the
    columns Section and Level. Begins with a byte order mark, without which spreadsheets mistake the letters.
    """
    headings = [words_of(cell) for cell in table.select("thead tr.gt_col_headings th")] or [""]
    rows, section = [], ""
    for row in table.select("tbody tr"):
        if heading := row.select_one("th.gt_group_heading"):
            section = words_of(heading)
        elif stub := row.select_one("th.gt_stub"):
            label = stub.get_text()
            depth = len(label) - len(label.lstrip(INDENT))
            rows.append([section, str(depth), words_of(stub), *(words_of(cell) for cell in row.select("td"))])
    keep = [i for i in range(len(headings) + 2) if i > 1 or any(row[i] not in ("", "0") for row in rows)]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    for line in (["Section", "Level", headings[0] or "Row", *headings[1:]], *rows):
        writer.writerow([_inert(line[i]) for i in keep])
    return "\ufeff" + written.getvalue()


def words_of(element) -> str:
    """The words of a cell; where it holds paragraphs, lists or quotations, these set apart."""
    return "; ".join(parts_of(element))


def parts_of(element) -> list[str]:
    """The words of a cell: of each of its paragraphs, items of lists and quotations."""
    parts = element.select("p, li, summary, figcaption") or [element]
    return [words for part in parts if (words := " ".join(part.get_text().split()))]


def _inert(words: str) -> str:
    """Words that a spreadsheet would take for a formula, with the mark before them that makes them words."""
    return f"'{words}" if FORMULA.match(words) else words
