"""A large extract's stored files in; its rows some at a time and in order, as numbers of their different texts, out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from analysis.extracts.large.database import Database
from analysis.extracts.large.in_order import in_order
from analysis.extracts.large.pieces import Piece
from analysis.extracts.large.quick import LINE

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 200_000  # rows, about, that are in memory together for each thread

Made = TypeVar("Made")


@dataclass(frozen=True)
class Part:
    """Some groups of rows of a stored file, which begin after so many rows of it; which rows are `kept`, if not all."""

    piece: Piece
    groups: Sequence[int]
    before: int
    rows: int
    kept: np.ndarray | None

    def positions(self) -> np.ndarray:
        """Where the kept rows stand in the extract."""
        first = self.piece.before + self.before
        return np.arange(first, first + self.rows) if self.kept is None else first + np.flatnonzero(self.kept)


@dataclass(frozen=True)
class Group:
    """Rows that are in memory, of these columns of ours."""

    part: Part
    columns: Sequence[str]
    database: Database

    @cached_property
    def _table(self) -> pa.Table:
        import pyarrow.parquet as pq

        cells = [self.part.piece.cells[name].column for name in self.columns]
        stored = list(dict.fromkeys(cell for cell in cells if cell))
        as_words = [self.part.piece.cells[name].column for name in self.columns if self.part.piece.is_listed(name)]
        with pq.ParquetFile(self.part.piece.path, read_dictionary=as_words) as file:
            read = file.read_row_groups(self.part.groups, [*stored, *([LINE] if self.part.piece.first is None else [])],
                                        use_threads=False)
        return read.combine_chunks()

    @cached_property
    def rows(self) -> int:
        """How many rows are kept."""
        return self.part.rows if self.part.kept is None else int(np.count_nonzero(self.part.kept))

    def lines(self) -> np.ndarray:
        """The line of the file that each row begins on."""
        first = self.part.piece.first
        lines = (np.arange(self.part.before, self.part.before + self.part.rows) + first if first is not None
                 else self._table[LINE].to_numpy())
        return lines if self.part.kept is None else lines[self.part.kept]

    def text(self, name: str) -> pa.Array:
        """A column's texts, missing where a cell is empty: as words, or as numbers of words if they are stored so."""
        import pyarrow as pa

        cell = self.part.piece.cells[name]
        if not cell.column:
            return pa.repeat(self._made(name, pa.array([""]))[0], self.rows)
        found = self._table[cell.column].chunk(0)
        if not cell.as_it_is:
            words, at = listed(found)
            found = self._made(name, words).take(at)
        return found if self.part.kept is None else found.filter(pa.array(self.part.kept))

    def _made(self, name: str, cells: pa.Array) -> pa.Array:
        """Our texts of such cells of a stored file."""
        import pyarrow as pa

        cell = self.part.piece.cells[name]
        made = self.database.of_arrow(pa.table({cell.column or "none": cells}), f"select {cell.text} as text "
                                                                                 "from some_cells")
        return made["text"].combine_chunks().cast(pa.string())

    def numbers(self, name: str, texts: pa.Array) -> np.ndarray:
        """Of each row, which of these texts, none of them missing, the column has; -1 where none."""
        import pyarrow as pa
        import pyarrow.compute as pc

        cell = self.part.piece.cells[name]
        words, at = pa.array([""]), None
        if cell.column:
            words, at = listed(self._table[cell.column].chunk(0))
        made = words if cell.as_it_is else self._made(name, words)
        known = pc.index_in(made, value_set=texts).fill_null(-1).to_numpy(zero_copy_only=False)
        if at is None:
            return np.repeat(known, self.rows)
        known = np.append(known, np.int32(-1))  # the last is that of a missing cell
        found = known[at.fill_null(len(words)).to_numpy(zero_copy_only=False)]
        return found if self.part.kept is None else found[self.part.kept]


def listed(cells: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Different words, and which of them each cell is."""
    import pyarrow as pa

    coded = cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode()
    return coded.dictionary, coded.indices


def groups(pieces: Sequence[Piece], columns: Sequence[str], kept: np.ndarray | None, database: Database,
           made: Callable[[Group], Made]) -> Iterator[Made]:
    """
    What is made of each group of rows that has any kept, in their order, by several threads.

    `kept` tells of each position of the extract whether its row is there; None: all are.
    """
    return in_order(lambda part: made(Group(part, columns, database)), _parts(pieces, kept))


def _parts(pieces: Sequence[Piece], kept: np.ndarray | None) -> Iterator[Part]:
    import pyarrow.parquet as pq

    def part(piece: Piece, some: list[int], before: int, rows: int) -> Iterator[Part]:
        first = piece.before + before
        here = None if kept is None else kept[first:first + rows]
        if here is None or here.all():
            yield Part(piece, some, before, rows, None)
        elif here.any():
            yield Part(piece, some, before, rows, here)

    for piece in pieces:
        with pq.ParquetFile(piece.path) as file:
            sizes = [file.metadata.row_group(n).num_rows for n in range(file.metadata.num_row_groups)]
        some, before, rows = [], 0, 0
        for number, size in enumerate(sizes):
            some.append(number)
            rows += size
            if rows >= ROWS or number == len(sizes) - 1:
                if rows:
                    yield from part(piece, some, before, rows)
                some, before, rows = [], before + rows, 0
