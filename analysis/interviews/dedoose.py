"""Dedoose excerpts as an Excel export: the path in, a Project out. An excerpt repeated once a coder is one passage."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from analysis.errors import ExtractMistake
from analysis.interviews.codings import Project
from analysis.interviews.excerpts import Excerpt, day, of_interviews, project, split_path
from analysis.interviews.sheets import SEARCHED, Sheet, sheet, sheets

NEEDS = ("Media Title", "Excerpt Creator", "Excerpt Copy")
# The columns of an excerpt; what stands behind the codes' are descriptors of the medium.
OWN = {*NEEDS, "Excerpt Range", "Excerpt Date", "Resource Creator", "Resource Date", "Codes Applied Combined"}
APPLIED = re.compile(r"Code: (?P<path>.+) Applied")
RANGE = re.compile(r"(\d+)\s*-\s*(\d+)")


def read(path: Path | str) -> Project:
    """
    The excerpts of an export with the columns Media Title, Excerpt Range, Excerpt Creator, Excerpt Copy and, for each
    code, 'Code: Parent\\Child Applied' (headings seen in real files).

    Every row is one creator's; rows of one excerpt differ in who applied what, and stay codings of one place. A range
    is in characters of the medium, half open; a missing one leaves the passage to its words. Descriptors are attributes
    of the interview. Raises ExtractMistake where no sheet has these headings.
    """
    path = Path(path)
    if found := _excerpts(path):
        return _project(found)
    raise ExtractMistake("no sheet has the headings of Dedoose's excerpts", where=path.name,
                         remedy=f"export excerpts with codes; wanted are {', '.join(NEEDS)} and 'Code: … Applied'")


def fits(path: Path) -> bool:
    """Whether some sheet has Dedoose's headings."""
    return _excerpts(path) is not None


def _excerpts(path: Path) -> Sheet | None:
    for cells in sheets(path):
        for row in range(min(SEARCHED, len(cells))):
            if set(NEEDS) <= set(cells[row][1]) and any(map(APPLIED.fullmatch, cells[row][1])):
                return sheet(path.name, cells, row)
    return None


def _project(found: Sheet) -> Project:
    codes = {heading: split_path(match["path"], "\\") for heading in found.headings
             if (match := APPLIED.fullmatch(heading))}
    tolerated: Counter[str] = Counter()
    excerpts = []
    for _, row in found.rows:
        place = RANGE.fullmatch(row.get("Excerpt Range", ""))
        start, end = (int(place[1]), int(place[2])) if place else (None, None)
        if place is None or start >= end:
            tolerated["an excerpt without a range: known by its words"] += 1
            start = end = None
        applied = tuple(path for heading, path in codes.items() if row[heading].casefold() == "true")
        excerpts.append(Excerpt(row["Media Title"], applied, row["Excerpt Copy"], row["Excerpt Creator"], start, end,
                                date=day(row.get("Excerpt Date", ""))))
    about = of_interviews([(row["Media Title"], row) for _, row in found.rows],
                          [name for name in found.headings if name not in OWN and not name.startswith("Code: ")])
    return project(excerpts, "Dedoose", known=codes.values(), tolerated=tolerated, attributes=about)
