"""One file of a large extract, stored as Parquet with its cells as they came: its rows as our text, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.extracts.large.database import literal, quoted
from analysis.extracts.large.quick import LINE, PASSED
from analysis.extracts.read import FILE, ROW


@dataclass(frozen=True)
class Cell:
    """
    How a column of ours comes out of a stored file: the column there that it is made of, and the SQL that makes it.

    `words` is the table of the database with each different cell of that column. Text that the name of the file gives
    is made of no column.
    """

    column: str
    text: str
    words: str = ""

    @property
    def as_it_is(self) -> bool:
        return self.text == quoted(self.column)


@dataclass(frozen=True)
class Piece:
    """
    A stored file that was delivered as `place`: its rows come after so many `before` in the extract.

    `first` is the line of its first row where lines and rows go in step, else a column tells. `spaced` has for columns
    of ours the condition of cells that had white space around them. `passed`: a column tells which rows are no records;
    `keeps` is the condition of rows that the definition keeps, where it keeps only some.
    """

    path: Path
    place: str
    before: int
    rows: int
    first: int | None
    cells: Mapping[str, Cell]
    spaced: Mapping[str, str]
    passed: bool = False
    keeps: str = ""

    @property
    def whole(self) -> bool:
        """Whether every row of it is a record that the definition keeps."""
        return not self.passed and not self.keeps

    def is_listed(self, name: str) -> bool:
        """Whether a column of ours is stored as numbers of its words: it has few of them."""
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.path) as file:
            there, of_rows = file.schema_arrow.names, file.metadata
            column = self.cells[name].column
            return not column or not self.rows or "RLE_DICTIONARY" in of_rows.row_group(0).column(
                there.index(column)).encodings

    @property
    def source(self) -> str:
        return f"read_parquet({literal(str(self.path))}, file_row_number = true)"

    def query(self, kept: bool = True) -> str:
        """The records that the definition keeps as rows of our text, or the others."""
        line = quoted(LINE) if self.first is None else f"{self.first} + file_row_number"
        chosen = [f"{literal(self.place)} as {FILE}", f"{line} as {ROW}",
                  f"{self.before} + file_row_number as position",
                  *(f"{cell.text} as {quoted(name)}" for name, cell in self.cells.items())]
        such = [f"not {quoted(PASSED)}"] * self.passed
        if self.keeps:
            such.append(f"{'' if kept else 'not '}({self.keeps})")
        names = ", ".join(["null", *(f"case when {such_a} then {literal(name)} end"
                                     for name, such_a in self.spaced.items())])
        return (f"(select {', '.join(chosen)}, {' or '.join(['false', *self.spaced.values()])} as spaced, "
                f"concat_ws('|', {names}) as spaced_in from {self.source} "
                f"{'where ' if such else ''}{' and '.join(such)})")
