"""Tables of coded passages from any program, or kept by hand, as workbook or CSV: the path in, a Project out."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analysis.errors import ExtractMistake
from analysis.interviews.codings import Project
from analysis.interviews.excerpts import Excerpt, project, split_path
from analysis.interviews.sheets import REMEDY, SEARCHED, Sheet, sheet, sheets

TOOLS = Path(__file__).parent.parent / "reference" / "coding" / "tools.toml"
NUMBERED = re.compile(r"code ?\d+", re.IGNORECASE)
SEVERAL = re.compile(r"\s*[\n;]\s*")  # codes in one cell stand on lines of their own, or behind semicolons
YES, NO = {"1", "x", "yes", "y", "true"}, {"", "0", "no", "n", "false"}


@dataclass(frozen=True)
class Layout:
    """How one program lays its table out: which of its headings means what."""

    name: str
    title: str
    needs: tuple[str, ...]
    separator: str
    headings: Mapping[str, tuple[str, ...]]

    def columns(self, headings: tuple[str, ...]) -> dict[str, str] | None:
        """What -> heading, for a sheet with these headings; None where it lacks one that the layout needs."""
        folded = {heading.casefold(): heading for heading in reversed(headings)}
        found = {what: folded[name.casefold()] for what, names in self.headings.items()
                 for name in reversed(names) if name.casefold() in folded}
        return found if all(what in found for what in self.needs) else None


@cache
def layouts() -> tuple[Layout, ...]:
    """The layouts that are known, from the particular to the general."""
    said = tomllib.loads(TOOLS.read_text("utf-8"))
    return tuple(Layout(name, one["title"], tuple(one["needs"]), one.get("separator", ""),
                        {what: tuple(names) for what, names in one["headings"].items()})
                 for name, one in said.items())


def read(path: Path | str) -> Project:
    """
    The coded passages of a table with one row a passage, or a passage and a code (reference/coding/tools.toml).

    The first sheet is read that fits a layout, its headings being looked for in the first rows. Without positions a
    passage is known by its words, and an interview by its name. Raises ExtractMistake where no sheet fits.
    """
    path = Path(path)
    pages = sheets(path)
    for layout in layouts():
        for cells in pages:
            for row in range(min(SEARCHED, len(cells))):
                found = sheet(path.name, cells, row)
                columns = layout.columns(found.headings)
                if columns and (layout.name != "marks" or _marks(found, columns)):
                    return _project(found, layout, columns)
    known = "; ".join(f"{one.title}: {', '.join(one.headings[what][0] for what in one.needs)}" for one in layouts())
    raise ExtractMistake("no sheet has the headings of a table of coded passages", where=path.name,
                         remedy=f"{REMEDY}. Known are {known}")


def _project(found: Sheet, layout: Layout, columns: Mapping[str, str]) -> Project:
    marks = _marks(found, columns) if layout.name == "marks" else []
    tolerated: Counter[str] = Counter()
    excerpts = []
    for number, row in found.rows:
        said = {what: row[heading] for what, heading in columns.items()}
        if layout.name == "marks":
            codes = [(heading,) for heading in marks if row[heading].casefold() in YES]
        elif layout.name == "numbered":
            codes = [split_path(row[heading], layout.separator) for heading in found.headings
                     if NUMBERED.fullmatch(heading)]
        elif "codes" in columns:
            codes = [split_path(one, layout.separator) for one in SEVERAL.split(said["codes"])]
        else:
            codes = [split_path(said["code"], layout.separator)]
        start, end = _number(found, number, columns, row, "start"), _number(found, number, columns, row, "end")
        if (start is None) != (end is None) or (start is not None and not start < end):
            raise ExtractMistake("a passage ends before it begins, or has only one of start and end",
                                 where=f"{found.name}, row {number}", remedy="give both, in characters, or neither")
        if start is None:
            tolerated["passages without a position: known by their words"] = 1
        excerpts.append(Excerpt(said["interview"], tuple(dict.fromkeys(code for code in codes if code)),
                                said.get("words", ""), said.get("coder", ""), start, end, said.get("id", "")))
    return project(excerpts, layout.title, known=[(mark,) for mark in marks], tolerated=tolerated)


def _number(found: Sheet, number: int, columns: Mapping[str, str], row: Mapping[str, str], what: str) -> int | None:
    words = row[columns[what]] if what in columns else ""
    if not words:
        return None
    if not words.isdecimal():
        raise ExtractMistake(f"'{columns[what]}' is no whole number", where=f"{found.name}, row {number}",
                             remedy="write the position in characters from the beginning of the interview")
    return int(words)


def _marks(found: Sheet, columns: Mapping[str, str]) -> list[str]:
    """The columns that hold nothing but marks, one of them set: each is a code."""
    others = [heading for heading in found.headings if heading not in columns.values()]
    values = {heading: {row[heading].casefold() for _, row in found.rows} for heading in others}
    return [heading for heading in others if values[heading] <= YES | NO and values[heading] & YES]
