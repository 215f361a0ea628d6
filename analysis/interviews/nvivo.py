"""NVivo coding matrices as workbooks: the path in, a Project out that says who mentioned what, and no passage."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from analysis.errors import ExtractMistake
from analysis.interviews.codings import Project
from analysis.interviews.excerpts import Excerpt, project
from analysis.interviews.sheets import sheets

COLUMN, ROW = re.compile(r"[A-Z]+ : (?P<name>.+)"), re.compile(r"\d+ : (?P<name>.+)")
UNTOLD = ("a matrix does not say whether its cells count references, sources or words: a cell above nought is read "
          "as a mention")


def read(path: Path | str) -> Project:
    """
    The mentions of a coding matrix, codes in its rows ('1 : code') and interviews in its columns ('A : name').

    A matrix holds numbers and no passages, and the file does not say of what (NVivo's help lists references, sources,
    words, duration and shares): so each cell above nought is one coding without a place or words. Raises
    ExtractMistake where the first sheet is no matrix, naming the cell.
    """
    path = Path(path)
    cells = [(number, row) for number, row in sheets(path)[0] if any(row)]
    remedy = "export the coding matrix from NVivo as Excel workbook, codes in rows and interviews in columns"
    if not (names := _columns(cells)):
        raise ExtractMistake("the first row does not hold an empty cell and then 'A : name', 'B : name', …",
                             where=path.name, remedy=remedy)
    excerpts, codes = [], []
    for number, row in cells[1:]:
        code = ROW.fullmatch(row[0])
        if not code:
            raise ExtractMistake("the row does not begin with '1 : code'", where=f"{path.name}, row {number}",
                                 remedy=remedy)
        codes.append((code["name"],))
        for name, cell in zip(names, row[1:], strict=True):
            if _above_nought(cell, path, number):
                excerpts.append(Excerpt(name["name"], ((code["name"],),), key=f"{name['name']}: {code['name']}"))
    return project(excerpts, "NVivo, coding matrix", known=codes, tolerated=Counter({UNTOLD: 1}))


def fits(path: Path) -> bool:
    """Whether the first row of the first sheet is that of a matrix."""
    return bool(_columns([(number, row) for number, row in sheets(path)[0] if any(row)]))


def _columns(cells: list[tuple[int, list[str]]]) -> list[re.Match]:
    """The names in the first row: an empty cell, then 'A : name', 'B : name'; none where it is something else."""
    first = cells[0][1] if cells else [""]
    names = [COLUMN.fullmatch(cell) for cell in first[1:]]
    return names if not first[0] and all(names) else []


def _above_nought(cell: str, path: Path, number: int) -> bool:
    try:
        return float(cell.rstrip("%") or 0) > 0
    except ValueError:
        raise ExtractMistake("a cell of the matrix is no number", where=f"{path.name}, row {number}",
                             remedy="export the matrix with numbers in its cells") from None
