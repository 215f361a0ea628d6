"""A workbook or a CSV that a program for coding exported in; its rows as text under their headings, out."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis.errors import ExtractMistake

REMEDY = "export the coded passages again as Excel workbook or CSV (UTF-8)"
LARGEST = 256 * 1024 * 1024
WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".ods"}
SEARCHED = 25  # programs put a title and the time of the export above their headings, never pages of them


@dataclass(frozen=True)
class Sheet:
    """
    The headings of one sheet, and each row below them with its number: heading -> text, empty where nothing is.

    `lacking`: of a row that has fewer cells than there are headings, how many.
    """

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    lacking: Mapping[int, int] = field(default_factory=dict)


def sheets(path: Path) -> list[list[tuple[int, list[str]]]]:
    """Every sheet as (row number, cells); for a CSV the one that it is. ExtractMistake where it cannot be read."""
    if not path.is_file():
        raise ExtractMistake("the file is not there", where=path.name,
                             remedy="put it into the study's folder under data_raw/, or mend its name")
    if path.stat().st_size > LARGEST:
        raise ExtractMistake(f"the file is larger than {LARGEST // 2**20} MB", where=path.name, remedy=REMEDY)
    return _workbook(path) if path.suffix.lower() in WORKBOOKS else [_delimited(path)]


def sheet(name: str, cells: list[tuple[int, list[str]]], heading_row: int) -> Sheet:
    """The sheet whose headings stand in that row (its place in `cells`); a heading that occurs again is numbered."""
    headings: list[str] = []
    for cell in cells[heading_row][1]:
        number, wanted = 1, cell or "no heading"
        while (heading := wanted if number == 1 else f"{wanted} ({number})") in headings:
            number += 1
        headings.append(heading)
    rows = [(number, dict(zip(headings, row + [""] * len(headings), strict=False)))
            for number, row in cells[heading_row + 1:] if any(row)]
    lacking = {number: len(headings) - len(row) for number, row in cells[heading_row + 1:] if len(row) < len(headings)}
    return Sheet(name, tuple(headings), tuple(rows), lacking)


def _workbook(path: Path) -> list[list[tuple[int, list[str]]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        if not book.sheet_names:
            raise ValueError("it has no sheet")
        pages = [book.get_sheet_by_index(n) for n in range(len(book.sheet_names))]
        return [[(number, [_text(cell) for cell in row]) for number, row in
                 enumerate(page.to_python(skip_empty_area=False), 1)] for page in pages]
    except (CalamineError, OSError, ValueError, MemoryError) as error:
        raise ExtractMistake(f"this is no workbook ({error})", where=path.name, remedy=REMEDY) from None


def _delimited(path: Path) -> list[tuple[int, list[str]]]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[:error.start].count(b"\n") + 1
        raise ExtractMistake("the file is not UTF-8 text", where=f"{path.name}, line {line}", remedy=REMEDY) from None
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)  # the first of them where none occurs
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, begins = [], 1
    try:
        for row in reader:
            rows.append((begins, [cell.strip() for cell in row]))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise ExtractMistake(f"this is no table of cells ({error})", where=f"{path.name}, line {begins}",
                             remedy=REMEDY) from None
    return rows


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
