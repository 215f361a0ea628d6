"""A table of a page in, the same words and numbers as CSV out: for a spreadsheet, or the next program."""

from __future__ import annotations

import csv
import io
import re

from analysis.report.table_rows import Rows, together

FOLDER = "tables"
FORMULA = re.compile(r"[=+@\t\r]|-(?!\d)")  # what a spreadsheet would compute instead of show


def csv_of(table: Rows) -> str:
    """
    A line for each row of a table.

    What stands on the page stands here, hidden numbers as hidden. Sections and depths, where there are any, are the
    columns Section and Level. Begins with a byte order mark, without which spreadsheets mistake the letters.
    """
    headings = table.headings or ("",)
    rows, section = [], ""
    for row in table.rows:
        if row.heading:
            section = together(row.cells[0])
        else:
            rows.append([section, str(row.depth), *map(together, row.cells)])
    keep = [i for i in range(len(headings) + 2) if i > 1 or any(row[i] not in ("", "0") for row in rows)]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    for line in (["Section", "Level", headings[0] or "Row", *headings[1:]], *rows):
        writer.writerow([_inert(line[i]) for i in keep])
    return "\ufeff" + written.getvalue()


def _inert(words: str) -> str:
    """Words that a spreadsheet would take for a formula, with the mark before them that makes them words."""
    return f"'{words}" if FORMULA.match(words) else words
