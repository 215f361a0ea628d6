"""A workbook in (.xlsx, .xlsm, .ods, .xls); the sheets that the definition names, as tables of cells, out."""

from __future__ import annotations

import datetime
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from analysis.errors import ExtractMistake, suggestion
from analysis.extracts.formats.apart import read_apart
from analysis.extracts.formats.cells import EXACT_IN_A_WORKBOOK, TRUTH, number_text
from analysis.extracts.formats.grid import Grid, Merged
from analysis.extracts.formats.ods import Locked, Ods
from analysis.extracts.formats.source import Cell, Sheet, Source, not_what_it_says, pattern
from analysis.extracts.formats.xlsx import NoWorkbook, Xlsx

if TYPE_CHECKING:
    from analysis.extracts.plan import ExtractPlan

LINES = """
import python_calamine as calamine
try:
    book, answer = calamine.CalamineWorkbook.from_filelike(content), {}
    for about in book.sheets_metadata:
        if about.typ == calamine.SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_name(about.name)
            answer[about.name] = sheet.merged_cell_ranges or [], sheet.to_python(skip_empty_area=False)
except calamine.PasswordError:
    answer = "locked"
"""
PACKED_BADLY = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
PASSWORD = "EncryptedPackage".encode("utf-16-le")  # the name of what a locked .xlsx holds
OLE = b"\xd0\xcf\x11\xe0"
KINDS = {".xlsx": "Excel workbook", ".xlsm": "Excel workbook", ".xls": "old Excel workbook",
         ".ods": "OpenDocument spreadsheet"}


def sheets(source: Source, plan: ExtractPlan, suffix: str) -> Iterator[Sheet]:
    """
    The sheets that `sheet` names, in the order of the workbook; the first one where it names none.

    A hidden sheet or row is data like any other: hiding is for reading on a screen. Raises ExtractMistake for a
    workbook that is none, is locked, or lacks the sheet.
    """
    book = _opened(source, plan, suffix)
    if not book.names:
        raise ExtractMistake("the workbook has no sheet with cells", where=source.place,
                             remedy=f"send the file again, or name the right one at {plan.where}")
    for name in _chosen(book.names, source, plan):
        where = f"{source.place}, sheet {name}" if plan.sheets else source.place
        place = f"{source.place}[{name}]" if plan.sheets and not plan.sheet else source.place
        yield Sheet(place, where, source, _guarded(book, name, source, plan), sheet=name)


def _opened(source: Source, plan: ExtractPlan, kind: str):
    reader = {".ods": Ods, ".xls": Binary}.get(kind, Xlsx)
    begins = source.begins(8)
    if begins.startswith(OLE) and PASSWORD in source.begins(-1):
        raise _locked(source)
    if not begins.startswith(OLE if kind == ".xls" else b"PK"):
        raise not_what_it_says(source, KINDS[kind], plan.where)
    try:
        return reader(source.open())
    except Locked:
        raise _locked(source) from None
    except PACKED_BADLY:
        raise ExtractMistake("the workbook is damaged or was cut off on its way", where=source.place,
                             remedy="send the file again") from None
    except (NoWorkbook, *_wrong_inside()):
        raise ExtractMistake(f"this is no {KINDS[kind]}: a part that makes one is missing or damaged",
                             where=source.place, remedy="open it, save it as .xlsx, and name that file at "
                             f"{plan.where}; or send the file again") from None


def _wrong_inside() -> tuple[type[BaseException], ...]:
    """What is raised where a workbook's parts are not as they should be."""
    from lxml import etree

    return KeyError, StopIteration, ValueError, IndexError, OSError, etree.XMLSyntaxError


def _locked(source: Source) -> ExtractMistake:
    return ExtractMistake("the workbook is locked with a password", where=source.place,
                          remedy="save it without a password in the place where it may be stored")


def _chosen(names: list[str], source: Source, plan: ExtractPlan) -> list[str]:
    chosen = [] if plan.sheets else names[:1]
    for said in plan.sheets:
        found = [said] if said in names else [n for n in names if "*" in said and pattern(said).fullmatch(n)]
        if not found:
            raise ExtractMistake(f"no sheet '{said}'", where=source.place,
                                 remedy=suggestion(said, names, always=f"change 'sheet' at {plan.where}; there are: "
                                                                       f"{', '.join(names)}"))
        chosen += found
    return [name for name in names if name in chosen]


def _guarded(book, name: str, source: Source, plan: ExtractPlan) -> Iterator[tuple[int, list[Cell]]]:
    """The sheet's rows; what is wrong deep inside the file is told as a mistake, too."""
    try:
        yield from book.grid(name).filled()
    except (*PACKED_BADLY, *_wrong_inside()):
        raise ExtractMistake("the sheet is damaged or was cut off on its way", where=f"{source.place}, sheet {name}",
                             remedy=f"send the file again, or open it, save it as .xlsx, and name that file at "
                                    f"{plan.where}") from None


class Binary:
    """An open .xls workbook, read by calamine, which knows neither number formats nor errors in cells."""

    def __init__(self, file: BinaryIO):
        with file:
            answer = read_apart(LINES, file.read())
        if answer == "locked":
            raise Locked
        if not isinstance(answer, dict):
            raise NoWorkbook
        self._sheets = answer

    @property
    def names(self) -> list[str]:
        return list(self._sheets)

    def grid(self, name: str) -> Grid:
        merged, lines = self._sheets[name]
        return Grid(iter(enumerate(([_cell(cell) for cell in line] for line in lines), 1)),
                    [Merged((first[0] + 1, first[1]), (last[0] + 1, last[1])) for first, last in merged])


def _cell(cell: object) -> Cell:
    if isinstance(cell, bool):
        return TRUTH[cell]
    if isinstance(cell, (int, float)):
        return number_text(cell, EXACT_IN_A_WORKBOOK)
    return cell if isinstance(cell, (str, datetime.date, datetime.time, datetime.timedelta)) else str(cell)
