"""One file in; its grids of cells, and what a definition would have to say for them to be read so, out."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from analysis.extracts.formats.delimited import DELIMITERS, MARKS
from analysis.extracts.formats.reading import SUFFIXES, files, sheets_of
from analysis.extracts.formats.source import Cell, Source, what_it_is
from analysis.extracts.plan import ExtractPlan
from analysis.extracts.tables import TABLES

LOOKED_AT = 400_000  # rows of one table: of a larger one the rest is not looked at, and that is said
FOR_DELIMITER = 200_000  # bytes from the beginning
# A plan that wants everything of a file, so that the extracts' own readers can be asked.
EVERYTHING = ExtractPlan(
    name="", table=TABLES["codes"], file="", files=(), members=("*",), read_as="", sheet="", sheets=("*",),
    header_row=1, footer=(), encoding="", delimiter="", labels=True, fill_down=(), key=(), timepoint="", columns=(),
    items={}, where="study.toml", line=1)


@dataclass(frozen=True)
class Grid:
    """
    Numbered rows of cells. `headings` are those of a file that has names and no row of them, `labels` the words that
    it has for them; `whole` is false where more rows follow than were looked at; `encoding` and `delimiter` are empty
    where a definition need not say them.
    """

    place: str
    member: str
    sheet: str
    encoding: str
    delimiter: str
    headings: Sequence[str] | None
    ragged: bool
    rows: Sequence[tuple[int, Sequence[Cell]]]
    whole: bool
    labels: Mapping[str, str]


def grids(path: Path) -> Iterator[Grid]:
    """Every sheet of a workbook, every member of an archive, the one table of any other file. Raises ExtractMistake."""
    from analysis.extracts.formats import archive

    source, = files(replace(EVERYTHING, file=path.name, files=(path.name,)), path.parent)
    if source.suffix == ".zip":
        for member in archive.members(source, EVERYTHING, SUFFIXES):
            if member.suffix in SUFFIXES and member.suffix != ".zip":
                yield from _of(member, member.place.removeprefix(f"{source.place}/"))
    else:
        yield from _of(source, "")


def _of(source: Source, member: str) -> Iterator[Grid]:
    encoding = delimiter = ""
    if SUFFIXES[source.suffix] == "delimited" and not what_it_is(source.begins()):
        encoding, needed = _encoding(source)
        delimiter = _delimiter(source, needed or encoding)
    plan = replace(EVERYTHING, encoding=encoding, delimiter=delimiter)
    for sheet in sheets_of(source, plan, source.suffix):
        rows = list(islice(sheet.rows, LOOKED_AT + 1))
        yield Grid(sheet.where, member, sheet.sheet, encoding, "" if delimiter == "," else delimiter, sheet.headings,
                   sheet.ragged, rows[:LOOKED_AT], len(rows) <= LOOKED_AT, sheet.labels)


def _encoding(source: Source) -> tuple[str, str]:
    """What a definition must say (nothing where a mark says it or all is UTF-8), and what the file is in."""
    beginning = source.begins(4)
    for mark, encoding in MARKS:
        if beginning.startswith(mark):
            return "", encoding
    try:
        with io.TextIOWrapper(source.open(), encoding="utf-8") as file:
            for _ in file:
                pass
    except UnicodeDecodeError:
        return "cp1252", "cp1252"  # what Excel on Windows writes
    return "", "utf-8"


def _delimiter(source: Source, encoding: str) -> str:
    """The one that parts most lines into the same number of cells; of several, the one with most cells."""
    text = source.begins(FOR_DELIMITER).decode(encoding, errors="replace")
    best, chosen = (0.0, 0), ","
    for delimiter in DELIMITERS:
        widths = Counter(len(cells) for cells in csv.reader(io.StringIO(text), delimiter=delimiter) if cells)
        wide = {width: count for width, count in widths.items() if width > 1}
        if wide:
            width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
            score = (round(count / widths.total(), 1), width)
            if score > best:
                best, chosen = score, delimiter
    return chosen
