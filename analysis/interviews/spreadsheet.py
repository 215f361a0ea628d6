"""Tables of coded passages from any program, or kept by hand, as workbook or CSV: the path in, a Project out."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from analysis.errors import ExtractMistake
from analysis.interviews.codings import ELSEWHERE, PASSAGE, Attribute, Project
from analysis.interviews.excerpts import Excerpt, called, day, of_interviews, project, split_path
from analysis.interviews.sheets import REMEDY, SEARCHED, Sheet, sheet, sheets
from analysis.interviews.taguette import tag_path

TOOLS = Path(__file__).parent.parent / "reference" / "coding" / "tools.toml"
BY_HAND = {"rows", "numbered", "marks"}
NUMBERED = re.compile(r"code ?\d+", re.IGNORECASE)
SEVERAL = re.compile(r"\s*[\n;]\s*")  # codes in one cell stand on lines of their own, or behind semicolons
YES, NO = {"1", "x", "yes", "y", "true"}, {"", "0", "no", "n", "false"}


@dataclass(frozen=True)
class Layout:
    """How one program lays its table out: which of its headings means what."""

    name: str
    title: str
    needs: tuple[str, ...]
    separators: tuple[str, ...]
    headings: Mapping[str, tuple[str, ...]]
    ignored: frozenset[str] = frozenset()
    variables: bool = False  # whether what the program knows of a document stands in further columns
    prefixes: tuple[str, ...] = ()  # how the headings of those columns begin, where they are marked so
    frequencies: tuple[str, ...] = ()  # how the headings of columns begin that count a code in the document
    above: str = ""  # the heading of the columns in which what stands above a code goes up to the top
    elsewhere: tuple[str, ...] = ()  # how the ids of codes on pictures and recordings begin

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
    return tuple(Layout(name, one["title"], tuple(one["needs"]), tuple(one.get("separators", ())),
                        {what: tuple(names) for what, names in one["headings"].items()},
                        ignored=frozenset(name.casefold() for name in one.get("ignored", ())),
                        variables=one.get("variables", False), above=one.get("above", ""),
                        **{what: tuple(one.get(what, ())) for what in ("prefixes", "frequencies", "elsewhere")})
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
    tags = {row[columns["code"]] for _, row in found.rows} if "code" in columns else set()
    names = called(row[columns["interview"]] for _, row in found.rows)
    if layout.name in BY_HAND:  # in whose log they may be called as here
        names = {name: name for name in names}
    tolerated: Counter[str] = Counter()
    excerpts = []
    for number, row in found.rows:
        said = {what: row[heading] for what, heading in columns.items()}
        if layout.name == "marks":
            codes = [(heading,) for heading in marks if row[heading].casefold() in YES]
        elif layout.name == "numbered":
            codes = [split_path(row[heading], *layout.separators) for heading in found.headings
                     if NUMBERED.fullmatch(heading)]
        elif "codes" in columns:
            codes = [split_path(one, *layout.separators) for one in SEVERAL.split(said["codes"])]
        elif layout.name == "taguette":  # its tags are paths by its own rule: a dot after a blank parts nothing
            codes = [tag_path(said["code"], tags)] if said["code"] else []
        elif layout.above:
            codes = [(*reversed(_above(found, layout, number, row)), said["code"])] if said["code"] else []
        else:
            above = (said["theme"],) if said.get("theme") and columns["theme"] != columns["code"] else ()
            code = split_path(said["code"], *layout.separators)
            codes = [code if code[:1] == above else (*above, *code)]
        start, end = _number(found, number, columns, row, "start"), _number(found, number, columns, row, "end")
        if (start is None) != (end is None) or (start is not None and not start < end):
            raise ExtractMistake("a passage ends before it begins, or has only one of start and end",
                                 where=f"{found.name}, row {number}", remedy="give both, in characters, or neither")
        region = said.get("id", "").startswith(layout.elsewhere) if layout.elsewhere else False
        if region:  # in place of words stands what kind of thing it is
            said["words"] = ""
            tolerated["a code on a picture or a recording: a mention without a place"] += 1
        elif start is None:
            tolerated["passages without a position: known by their words"] = 1
        excerpts.append(Excerpt(names[said["interview"]], tuple(dict.fromkeys(code for code in codes if code)),
                                said.get("words", ""), said.get("coder", ""), start, end, said.get("id", ""),
                                day(said.get("date", "")), ELSEWHERE if region else PASSAGE))
    about = _attributes(found, layout, columns, names)
    return project(excerpts, layout.title, known=[(mark,) for mark in marks], tolerated=tolerated, attributes=about)


def _categories(found: Sheet, layout: Layout) -> list[str]:
    """The columns of what stands above a code; a heading that occurs again is numbered."""
    return [name for name in found.headings if layout.above and re.fullmatch(rf"{layout.above}( \(\d+\))?", name)]


def _above(found: Sheet, layout: Layout, number: int, row: Mapping[str, str]) -> list[str]:
    """What stands above the code of a row, from its own category to the top."""
    columns = _categories(found, layout)
    return [row[name] for name in columns[:max(0, len(columns) - found.lacking.get(number, 0))] if row[name]]


def _attributes(found: Sheet, layout: Layout, columns: Mapping[str, str], names: Mapping[str, str]) -> list[Attribute]:
    """What further columns say of the interviews, where the program writes there what it knows of them."""
    if not layout.variables:
        return []
    wanted = [name for name in found.headings if name not in columns.values() and name.casefold() not in layout.ignored
              and (not layout.prefixes or name.startswith(layout.prefixes))
              and not (layout.frequencies and name.startswith(layout.frequencies))]
    most, rows = len(_categories(found, layout)), []
    for number, row in found.rows:
        # QualCoder's CSV leaves out cells of categories that a code lacks: what follows stands so many further left.
        moved = min(most, found.lacking.get(number, 0))
        said = {name: row[found.headings[found.headings.index(name) - moved]] for name in wanted}
        rows.append((names[row[columns["interview"]]], {**row, **said}))
    about = of_interviews(rows, [*([columns["group"]] if "group" in columns else []), *wanted])
    return [replace(one, name=next((one.name.removeprefix(mark) for mark in layout.prefixes
                                    if one.name.startswith(mark)), one.name)) for one in about]


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
