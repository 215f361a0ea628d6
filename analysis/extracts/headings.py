"""A sheet's rows and the columns that a plan wants in; where each stands, and the rows below the headings, out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from analysis.errors import ExtractMistake, nearest
from analysis.extracts.column_plan import ColumnPlan
from analysis.extracts.formats.source import Cell, Sheet
from analysis.extracts.plan import ExtractPlan

Row = tuple[int, Sequence[Cell]]
KEEP = "rows by "  # with a heading: the name of a column that only says which rows are of the extract
FILLED = "*"  # under `keep`: whatever stands there, as long as something does
LOOKED_THROUGH = 60  # lines in which the headings are looked for when they are not where the definition says


@dataclass(frozen=True)
class Wanted:
    """One of our columns in a sheet: their heading and its position; or the one `value` that the name gives."""

    name: str
    source: str
    position: int
    value: str = ""


def parted(sheet: Sheet, plan: ExtractPlan) -> tuple[list[Row], list[str], Iterator[Row]]:
    """What stands above the headings of a sheet, the headings, and the rows that come after them."""
    if sheet.headings is not None:
        return [], sheet.headings, sheet.rows
    above: list[Row] = []
    for number, cells in sheet.rows:
        if number > plan.header_row and sheet.sheet:  # a row without cells is not there in a workbook
            return above, [], itertools.chain([(number, cells)], sheet.rows)
        if number >= plan.header_row:
            return above, [cell.strip() if isinstance(cell, str) else str(cell) for cell in cells], sheet.rows
        above.append((number, cells))
    what = "sheet" if sheet.sheet else "file"
    if above:
        raise ExtractMistake(f"the {what} ends before line {plan.header_row}, where its headings should be",
                             where=sheet.where, remedy=f"set header_row at {plan.where}, or send the file again")
    raise ExtractMistake(f"the {what} is empty", where=sheet.where, remedy="send the file again" + (
        f", or name another sheet at {plan.where}" if sheet.sheet else ""))


def wanted(plan: ExtractPlan, sheet: Sheet, headings: list[str], rows: Iterator[Row]) -> list[Wanted]:
    """
    Each column and questionnaire item that the plan reads, with its position in this sheet.

    Raises ExtractMistake for a heading that is not there or stands twice; `rows` are then looked through for it.
    """
    definition = plan.where.split(",")[0]
    found = []
    for name, source, line in _asked(plan):
        column = plan.column(name)
        if column and column.named:
            found.append(Wanted(name, source, -1, _of_the_name(column, sheet, definition)))
            continue
        if headings.count(source) != 1:
            raise _not_once(plan, sheet, headings, rows, (name, source, f"{definition}, line {line}"))
        found.append(Wanted(name, source, headings.index(source)))
    return found


def _asked(plan: ExtractPlan) -> list[tuple[str, str, int]]:
    items = [(f"{instrument}:{item}", item, plan.line) for instrument, items in plan.items.items() for item in items]
    return [(c.name, c.source, c.line) for c in plan.delivered if not c.of] + items + [
        (f"{KEEP}{heading}", heading, plan.line) for heading in plan.keep]


def _of_the_name(column: ColumnPlan, sheet: Sheet, definition: str) -> str:
    """The part of a file's or sheet's name that stands at the {} of the definition's pattern."""
    kind, _, words = column.named.partition(":")
    shape = re.compile("(.+)".join("[^/]*".join(re.escape(part) for part in side.split("*"))
                                   for side in words.split("{}")))
    place = PurePosixPath(sheet.source.place)
    names = [sheet.sheet] if kind == "sheet" else [place.name, *(parent.name for parent in place.parents), str(place)]
    for name in names:
        if (match := shape.fullmatch(name)) and match[1].strip():
            return match[1].strip()
    said = f"the sheet's name '{sheet.sheet}'" if kind == "sheet" else "the file's name"
    raise ExtractMistake(f"{said} is not like '{words}', from which {column.name} is taken", where=sheet.where,
                         remedy=f"rename it, or change from_{kind} at {definition}, line {column.line}")


def _not_once(plan: ExtractPlan, sheet: Sheet, headings: list[str], rows: Iterator[Row],
              asked: tuple[str, str, str]) -> ExtractMistake:
    name, source, at = asked
    guess = nearest(source, headings)
    found, hint = "no column", f"did you mean '{guess}'? " if guess else ""
    if source in headings:
        found, hint = f"{headings.count(source)} columns called", "rename one of them in the file, or "
    elif sheet.headings is None and (line := _line_with(plan.headings, rows)):
        hint = f"they are on line {line}: set header_row = {line} at {plan.where}; or "
    there = ", ".join(heading for heading in headings if heading) or "no headings there"
    line = f", line {plan.header_row}" if sheet.headings is None else ""
    return ExtractMistake(f"{found} '{source}' (wanted for {plan.table.name}.{name.split(':')[-1]})",
                          where=f"{sheet.where}{line}",
                          remedy=f"{hint}change from = \"{source}\" at {at}; the file has: {there}")


def _line_with(headings: Sequence[str], rows: Iterator[Row]) -> int:
    """The first line, of those that are looked through, that holds all headings; 0 where none does."""
    for number, cells in itertools.islice(rows, LOOKED_THROUGH):
        if set(headings) <= {cell.strip() for cell in cells if isinstance(cell, str)}:
            return number
    return 0
