"""A folder of exports in; the tables that are in its files, each with its headings and cells, out."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analysis.errors import ExtractMistake, Mistake
from analysis.extracts.formats.cells import text_of
from analysis.extracts.formats.reading import NOT_READ, SUFFIXES
from analysis.extracts.formats.source import Cell
from analysis.extracts.proposal.dates import formats, is_value
from analysis.extracts.proposal.grids import Grid, grids
from analysis.reference.vocabulary import is_known

PROJECTS = (".qdpx", ".sqlite3", ".sqlite", ".db", ".qda")  # of coded interviews
WRITTEN = (".doc", ".docx", ".pdf")  # no exports, whatever they are saved as
HEADINGS_WITHIN = 60  # lines
# How a line below the rows may begin for its first word to be written down. Of another it is said that it is there.
BELOW = ("total", "totals", "end", "record", "records", "row", "rows", "report", "printed", "prepared", "source",
         "generated", "number", "count", "note", "notes", "produced", "exported", "extracted", "run", "data", "page",
         "confidential", "patients", "synthetic")


@dataclass(frozen=True)
class Found:
    """
    One table of cells: a text file, or a sheet of a workbook.

    `columns` holds the cells of each heading, trimmed, as text; `dated` the positions whose cells are true dates of a
    workbook. `footer` is how the line below the rows begins, where there is one; "…" where that word may not be told.
    `whole` is false for a table of which only the beginning was looked at. Where the headings name time points and this
    is the part of one, `wave` is the word for it, and `meant` has the headings without it. `files` and `sheets` are the
    names of several of one shape, read as one. `labels` are the words that a Stata or SPSS file has for its headings.
    """

    file: str
    member: str  # of an archive
    sheet: str
    encoding: str  # "" where UTF-8, or where the file says it itself
    delimiter: str  # "" where a comma, or where it is no text
    header_row: int
    footer: str
    headings: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    dated: frozenset[int]
    whole: bool
    wave: str = ""
    meant: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def shape(self) -> tuple:
        """What two files must have in common to be one extract."""
        return (self.file if self.member else Path(self.file).suffix.lower(), bool(self.member), self.sheet,
                self.encoding, self.delimiter, self.header_row, self.headings)

    @property
    def name(self) -> str:
        """Of the file, or of the member of an archive that it is."""
        return self.member or self.file

    @property
    def place(self) -> str:
        """The file, with the member or sheet, as messages say it."""
        return self.file + (f"/{self.member}" if self.member else "") + (f", sheet {self.sheet}" if self.sheet else "")

    @property
    def rows(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def column(self, heading: str) -> tuple[str, ...]:
        return self.columns[self.headings.index(heading)]


@dataclass(frozen=True)
class Folder:
    """What a folder holds: `tables`, coded `projects`, and by file why it was `passed` over."""

    tables: tuple[Found, ...]
    projects: tuple[str, ...]
    passed: dict[str, str]


def look(folder: Path) -> Folder:
    """
    Every file of the folder, in the order of their names; folders inside it are passed over, and told.

    Raises Mistake for a folder that is not there or holds no file.
    """
    if not folder.is_dir():
        raise Mistake(f"there is no folder {folder}", remedy="name the folder that the exports are in")
    tables: list[Found] = []
    passed: dict[str, str] = {}
    projects: list[str] = []
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.startswith((".", "~$")):
            continue
        suffix = path.suffix.lower()
        if path.is_dir():
            passed[f"{path.name}/"] = "a folder inside the folder: put its files beside the others"
        elif suffix in PROJECTS:
            projects.append(path.name)
        elif suffix in SUFFIXES:
            found, why = _tables(path)
            tables += found
            passed |= why
        elif suffix in NOT_READ and suffix not in WRITTEN:
            passed[path.name] = f"{NOT_READ[suffix]} files are not read: save it as CSV, .xlsx or Parquet"
        else:
            passed[path.name] = f"no export that this version reads ({suffix or 'no suffix'})"
    if not tables and not projects:
        raise Mistake(f"no table was found in {folder}",
                      remedy="; ".join(f"{name}: {why}" for name, why in passed.items()) or "the folder is empty")
    return Folder(tuple(tables), tuple(projects), passed)


def _tables(path: Path) -> tuple[list[Found], dict[str, str]]:
    found, why = [], {}
    try:
        for grid in grids(path):
            table = _table(path.name, grid)
            if isinstance(table, Found):
                found.append(table)
            else:
                why[grid.place] = table
    except ExtractMistake as mistake:
        why[path.name] = f"{mistake.found}: {mistake.remedy}"
    return found, why


def _table(file: str, grid: Grid) -> Found | str:
    """The table in a grid of cells; in words, why there is none."""
    filled = [(number, cells) for number, cells in grid.rows if any(_text(cell) for cell in cells)]
    if len(filled) < (1 if grid.headings else 2):
        return "it has no rows"
    if grid.headings:
        header_row, heading, body = 1, grid.headings, [cells for _, cells in filled]
    else:
        at = _header(filled, ragged=grid.ragged)
        if at is None:
            return "no row of headings was recognised: a line of names above the columns is needed"
        header_row, heading = filled[at]
        body = [cells for _, cells in filled[at + 1:]]
    heading = [" ".join(_text(cell).split()) for cell in heading]
    ends, footer = _end(body) if grid.whole and body and not grid.headings else (len(body), "")
    body = body[:ends]
    places = [i for i, name in enumerate(heading) if name and heading.count(name) == 1]
    if not body or not places:
        return "it has headings and no rows"
    cells = [[row[i] if i < len(row) else "" for row in body] for i in places]
    dated = frozenset(n for n, column in enumerate(cells) if any(isinstance(c, datetime.date) for c in column)
                      and all(isinstance(c, datetime.date) or not _text(c) for c in column))
    return Found(file, grid.member, grid.sheet, grid.encoding, grid.delimiter, header_row, footer,
                 tuple(heading[i] for i in places), tuple(_column(column) for column in cells), dated, grid.whole,
                 labels=grid.labels)


def _column(cells: Sequence[Cell]) -> tuple[str, ...]:
    """A column as text. True dates among dates written as text are written as those are."""
    if not any(isinstance(cell, datetime.date) for cell in cells):
        return tuple(map(_text, cells))
    written = [_text(cell) for cell in cells if not isinstance(cell, datetime.date) and _text(cell)]
    found = formats(written, 0.9) if len(written) < sum(bool(_text(cell)) for cell in cells) else []
    return tuple(cell.strftime(found[0]) if found and isinstance(cell, datetime.date) else _text(cell)
                 for cell in cells)


def _header(rows: Sequence[tuple[int, list]], ragged: bool) -> int | None:
    """
    The first row that is as wide as the table and names its columns.

    It is told from a row of values by form, not by place: its cells are different, none is a number or a date or stands
    again below it, and the vocabulary knows one of them. Without the last, a name could pass for a heading.
    """
    widths = Counter(len(cells) for _, cells in rows) if ragged else Counter(
        max((i + 1 for i, cell in enumerate(cells) if _text(cell)), default=0) for _, cells in rows)
    usual = max(widths, key=lambda width: (widths[width] * (width > 1), width)) if ragged else max(widths)
    for at, (_, cells) in enumerate(rows[:HEADINGS_WITHIN]):
        names = [_text(cell) for cell in cells]
        some = [name for name in names if name]
        if (ragged and len(cells) != usual) or len(some) < max(2, 0.6 * usual):
            continue
        if len({name.casefold() for name in some}) < 0.8 * len(some) or any(is_value(name) for name in some):
            continue
        below = [cells for _, cells in rows[at + 1:at + 1001]]
        again = sum(any(i < len(cells) and _text(cells[i]) == name for cells in below)
                    for i, name in enumerate(names) if name)
        if again == 0 and any(is_known(name) for name in some):
            return at
    return None


def _end(body: Sequence[list]) -> tuple[int, str]:
    """Where the rows end, and the word that the line below them begins with: one cell where the rows have several."""
    counts = [sum(bool(_text(cell)) for cell in cells) for cells in body]
    usual = sorted(counts)[len(counts) // 2]
    at = len(body)
    while at > 1 and usual >= 3 and counts[at - 1] <= max(1, usual // 4) and _text(body[at - 1][0]):
        at -= 1
    if at == len(body):
        return at, ""
    first = re.match(r"[^\W\d]*", _text(body[at][0]))[0]
    known = first.casefold() in BELOW and not any(_text(cells[0]).startswith(first) for cells in body[:at])
    return at, first if known else "…"


def _text(cell: Cell) -> str:
    """A cell as text; the day of a true date as ISO writes it."""
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    return (cell if isinstance(cell, str) else text_of(cell, "")).strip()
