"""Delivered files in, text tables out: every cell is text, nothing is guessed, and each row knows its file and line."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import ExtractMistake
from analysis.extracts.column_plan import OLDEST
from analysis.extracts.durations import FORMAT, whole_minutes
from analysis.extracts.formats.cells import text_of
from analysis.extracts.formats.reading import sheets
from analysis.extracts.formats.source import NOT_CALCULATED, Cell, Sheet
from analysis.extracts.headings import FILLED, KEEP, Wanted, parted, wanted
from analysis.extracts.plan import ExtractPlan

FILE, ROW = "source_file", "source_row"


@dataclass(frozen=True)
class Delivered:
    """
    One extract as text under our column names, with `source_file` and `source_row`; an empty cell is missing.

    `trimmed` lists the (file, row, column) of cells that had white space around them: it is taken off, and told.
    `aside` are the rows that the definition does not keep: they are counted, and nothing else is done with them.
    """

    plan: ExtractPlan
    frame: pd.DataFrame
    trimmed: tuple[tuple[str, int, str], ...]
    aside: pd.DataFrame = field(default_factory=pd.DataFrame)
    _patients: dict[str, pd.Series | dict] = field(default_factory=dict, init=False, compare=False, repr=False)

    _alike: dict[tuple[str, ...], np.ndarray] = field(default_factory=dict, init=False, compare=False, repr=False)

    def patients_by(self, number: str) -> pd.Series | dict:
        """Of an extract of identifiers: number -> patient_id. Made once: many rules ask for it."""
        if number not in self._patients:
            known = self.frame.dropna(subset=[number])
            found = dict(zip(known[number].tolist(), known["patient_id"].tolist(), strict=True))
            self._patients[number] = pd.Series(found) if found else found
        return self._patients[number]

    @property
    def key(self) -> list[str]:
        """The columns of the key that are in the file: a value that holds for every row tells no rows apart."""
        return [name for name in self.plan.key if name in self.frame]

    def first_alike(self, columns: tuple[str, ...]) -> np.ndarray:
        """Of each row, which is the first that holds the same in these columns. Made once: each copy asks for it."""
        if columns not in self._alike:
            group = self.frame.groupby([self.frame[name].fillna("") for name in columns], sort=False).ngroup()
            _, first = np.unique(group, return_index=True)
            self._alike[columns] = first[group]
        return self._alike[columns]

    def rows_named(self, faults: pd.DataFrame) -> pd.Series:
        """Which rows faults speak of."""
        mine = faults[faults["extract"] == self.plan.name]
        if mine.empty:
            return pd.Series(False, index=self.frame.index)
        such = self.frame[ROW].isin(mine["row"])
        return such & self.frame[FILE].isin(mine["file"])


def read(plan: ExtractPlan, folder: Path) -> Delivered:
    """
    The extract's rows, from one file or from all that it is made of: files, members of archives, sheets.

    Columns are found by their headings in each of them, so they may stand in any order. Raises ExtractMistake for a
    file, sheet or column that is not there, with what is there instead.
    """
    frames: list[pd.DataFrame] = []
    aside: list[pd.DataFrame] = []
    trimmed: list[tuple[str, int, str]] = []
    for sheet in sheets(plan, folder):
        above, headings, rows = parted(sheet, plan)
        columns = wanted(plan, sheet, headings, itertools.chain(above, rows))
        numbers, body = [], []
        for number, cells in records(plan, sheet, headings, rows):
            numbers.append(number)
            body.append(cells)
        texts: dict[str, object] = {FILE: sheet.place, ROW: numbers}
        for column in columns:
            texts[column.name], spaced = _column(plan, sheet, column, numbers, body)
            trimmed += [(sheet.place, number, column.name) for number in spaced if not column.name.startswith(KEEP)]
        frame = pd.DataFrame(texts, index=range(len(numbers))).astype(
            {name: "int64" if name == ROW else "str" for name in texts})
        kept = pd.Series(True, index=frame.index)
        for heading, values in plan.keep.items():
            there = frame.pop(f"{KEEP}{heading}")
            kept &= there.notna() if FILLED in values else there.isin(values)
        frames.append(frame[kept])
        aside.append(frame[~kept])
    frame, gone = pd.concat(frames, ignore_index=True), pd.concat(aside, ignore_index=True)
    for name, lender in plan.lenders.items():
        frame[name], gone[name] = _looked_up(name, lender, (frame, gone), folder)
    lost = set(zip(gone[FILE], gone[ROW], strict=True))
    return Delivered(plan, frame, tuple(place for place in trimmed if place[:2] not in lost), gone)


def _looked_up(name: str, lender: ExtractPlan, frames: Sequence[pd.DataFrame], folder: Path) -> list[pd.Series]:
    """What another file says of the person of each row: the first of its rows that says anything."""
    said = read(lender, folder).frame.dropna(subset=["patient_id", name]).drop_duplicates("patient_id")
    known = dict(zip(said["patient_id"], said[name], strict=True))
    return [frame["patient_id"].map(known).astype("str") for frame in frames]


def records(plan: ExtractPlan, sheet: Sheet, headings: list[str], rows: Iterator[tuple[int, Sequence[Cell]]],
            ) -> Iterator[tuple[int, Sequence[Cell]]]:
    """The rows that are records, with their numbers: not the empty ones, headings printed again, or the footer."""
    for number, cells in rows:
        first = cells[0] if cells else ""
        if (first == "" or isinstance(first, str) and not first.strip()) and _is_empty(cells):
            continue
        if plan.footer and _begins_footer(plan, cells):
            _check_footer(plan, sheet, headings, number, rows)
            break
        if len(cells) > len(headings) and sheet.ragged and not _is_empty(cells[len(headings):]):
            raise ExtractMistake(
                f"the row has {len(cells)} cells, and there are {len(headings)} headings",
                where=f"{sheet.where}, line {number}",
                remedy="a delimiter stands inside a cell without quotation marks: correct that line, or ask for an "
                       "export with its cells in quotation marks")
        if headings and first == headings[0] and sheet.headings is None and _same(cells, headings):
            continue
        yield number, cells
    else:
        if plan.footer:
            raise ExtractMistake(
                f"no line begins with {' or '.join(repr(words) for words in plan.footer)}: the file may have been cut "
                "off", where=sheet.where,
                remedy=f"send it again; where it has no footer, change 'footer' at {plan.where}")


def _is_empty(cells: Sequence[Cell]) -> bool:
    return not any(cell.strip() if isinstance(cell, str) else True for cell in cells)


def _same(cells: Sequence[Cell], headings: list[str]) -> bool:
    """Whether a row is the line of headings again, as where a report begins a new page or months are put together."""
    return [cell.strip() if isinstance(cell, str) else cell for cell in cells] == headings


def _begins_footer(plan: ExtractPlan, cells: Sequence[Cell]) -> bool:
    first = next((cell.strip() for cell in cells if isinstance(cell, str) and cell.strip()), "")
    return first.startswith(plan.footer)


def _check_footer(plan: ExtractPlan, sheet: Sheet, headings: list[str], begins: int,
                  rows: Iterator[tuple[int, Sequence[Cell]]]) -> None:
    """Below a footer are no rows: a line there that fills most columns is one, and would be lost."""
    for number, cells in rows:
        if sum(cell != "" for cell in cells) > max(2, len(headings) // 2):
            raise ExtractMistake(f"the footer begins in line {begins}, and below it is another row",
                                 where=f"{sheet.where}, line {number}",
                                 remedy="write more of how the footer's first cell begins: "
                                        f"footer = \"…\" at {plan.where}")


def _column(plan: ExtractPlan, sheet: Sheet, column: Wanted, numbers: list[int], body: list[Sequence[Cell]],
            ) -> tuple[list[str | None], list[int]]:
    """The texts of one column, None where a cell is empty; and the rows whose cell had white space around it."""
    said = plan.column(column.name)
    if column.position < 0:
        return [column.value] * len(body), []
    texts = texts_of(plan, sheet, column, numbers, body)
    stripped = [text.strip() for text in texts]
    spaced = [number for number, text, bare in zip(numbers, texts, stripped, strict=True) if len(text) != len(bare)]
    if column.source in plan.fill_down:
        stripped = _filled_down(stripped)
    if said and said.type == "nhs_number":
        stripped = [text.replace(" ", "") for text in stripped]  # printed 3-3-4, as the NHS asks: 999 013 7315
    blank = {"", *(said or plan).blank}
    found = [None if text in blank else text for text in stripped]
    if said and said.format == FORMAT:
        found = [text and whole_minutes(text) for text in found]
    if said and said.age_in:
        found = years_of_birth(found, said.age_in)
    return found, spaced


def years_of_birth(ages: Sequence[str | None], year: int) -> list[str | None]:
    """The years of birth of people who were so old in that year; what is no age stays as it is."""
    return [str(year - int(text)) if text and text.isdecimal() and int(text) <= OLDEST else text for text in ages]


def texts_of(plan: ExtractPlan, sheet: Sheet, column: Wanted, numbers: list[int], body: list[Sequence[Cell]],
             ) -> list[str]:
    """The cells of one column as text, as they were delivered."""
    said, place = plan.column(column.name), column.position
    date_format = said.format if said and said.type == "date" else ""
    raw = [cells[place] if place < len(cells) else "" for cells in body]
    texts = [cell if isinstance(cell, str) else text_of(cell, date_format) for cell in raw]
    if sheet.sheet and NOT_CALCULATED in texts:
        raise ExtractMistake(f"a formula under '{column.source}' was stored without its result",
                             where=f"{sheet.where}, line {numbers[texts.index(NOT_CALCULATED)]}",
                             remedy="open the workbook in Excel or LibreOffice, let it calculate, and save it")
    return texts


def _filled_down(texts: list[str]) -> list[str]:
    filled, above = [], ""
    for text in texts:
        above = text or above
        filled.append(above)
    return filled
