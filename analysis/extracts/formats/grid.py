"""The rows and merged ranges of a workbook's sheet in; rows in which a merged value stands where it holds, out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.extracts.formats.source import Cell

Place = tuple[int, int]  # (row from 1, column from 0)


@dataclass(frozen=True)
class Merged:
    """A range of cells made one, from its first to its last."""

    first: Place
    last: Place


@dataclass(frozen=True)
class Grid:
    """A sheet as the file holds it: its rows that have cells, in order, and its merged ranges."""

    rows: Iterator[tuple[int, list[Cell]]]
    merged: list[Merged]

    def filled(self) -> Iterator[tuple[int, list[Cell]]]:
        """
        The rows, in which a cell merged downwards holds for each of its rows, and one merged sideways stands in its
        first column. A row with nothing of its own stays empty.
        """
        starts: dict[int, list[Merged]] = {}
        for merged in self.merged:
            if merged.last[0] > merged.first[0]:
                starts.setdefault(merged.first[0], []).append(merged)
        holding: list[tuple[int, int, Cell]] = []  # (last row, column, value)
        for number, cells in self.rows:
            if holding:
                holding = [held for held in holding if held[0] >= number]
                if any(cell != "" for cell in cells):
                    for _, column, value in holding:
                        cells += [""] * (column + 1 - len(cells))
                        cells[column] = value if cells[column] == "" else cells[column]
            for merged in starts.get(number, ()):
                column = merged.first[1]
                if column < len(cells) and cells[column] != "":
                    holding.append((merged.last[0], column, cells[column]))
            yield number, cells
