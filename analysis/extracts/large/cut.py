"""A file of text without quotation marks in; its cells in a Parquet file, out: cut at line ends and delimiters."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.extracts.large.in_order import in_order
from analysis.extracts.large.lines import Lines, bytes_of, lines_in, places_of_lines

if TYPE_CHECKING:
    import pyarrow as pa

AT_ONCE = 1 << 25  # bytes of text that become one group of rows: with its own list of the words of each column
AT_A_GLANCE = 1 << 22  # bytes of these that Arrow cuts in one go: no more than a processor keeps at hand
OFTEN = 0.5  # of a column's cells are different texts where listing those would save nothing
MOST = 1_000_000  # different cells of a column that are listed in memory


def cut(plain: Path, into: Path, columns: Mapping[str, int], *, headings: int, delimiter: str, first: int,
        ) -> dict[str, pa.Array] | None:
    """
    The cells of these columns (name -> position) as text in a Parquet file, a row for each line from the `first`.

    Returns the different cells of each column that has few. None where that is not all of the file: there is a
    quotation mark, a line has more cells than headings, or fewer, or none, or is no UTF-8.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    work = _Cutting(plain, columns, headings, delimiter)
    lines, rows, writer = Lines(), 0, None
    try:
        with plain.open("rb") as file:
            above = b"".join(file.readline() for _ in range(first - 1))
            if lines_in(above) is None:
                return None
            parts = places_of_lines(file, AT_ONCE)
            first_part = map(work.table, itertools.islice(parts, 1))  # by itself: it tells which columns are listed
            for made, some, fresh in itertools.chain(first_part, in_order(work.table, parts)):
                lines, rows = lines + some, rows + len(made)
                work.know(fresh)
                if writer is None:
                    listed = [name for name in made.column_names if pa.types.is_dictionary(made[name].type)]
                    writer = pq.ParquetWriter(into, made.schema, compression="lz4", use_dictionary=listed,
                                              write_statistics=False, store_schema=False)
                writer.write_table(made, row_group_size=max(1, len(made)))
    except (pa.ArrowException, ValueError, TypeError):  # ValueError: what is no text, or no delimiter for Arrow
        return None
    finally:
        if writer:
            writer.close()
    return work.known if rows > 0 and rows == lines.number - lines.blank_at_the_end else None


@dataclass
class _Cutting:
    """What is done with each part of a file, by several threads at once."""

    plain: Path
    columns: Mapping[str, int]
    headings: int
    delimiter: str
    known: dict[str, pa.Array] = field(default_factory=dict)  # column -> its different cells up to here
    listed: set[str] | None = None  # columns of few different texts, as the first part has them

    def table(self, place: tuple[int, int]) -> tuple[pa.Table, Lines, dict[str, pa.Array]]:
        """The cells of the part of the file that stands there, its lines, and cells that are not known yet."""
        import pyarrow as pa
        from pyarrow import csv

        part = bytes_of(self.plain, *place)
        lines = lines_in(part)
        if lines is None or lines.quoted:
            raise ValueError("a line is no record")
        _refuse_what_is_no_utf8(part)
        raw = [f"c{position}" for position in range(self.headings)]
        wanted = list(dict.fromkeys(raw[position] for position in self.columns.values()))
        read = csv.read_csv(
            pa.BufferReader(part), csv.ReadOptions(use_threads=False, block_size=AT_A_GLANCE, column_names=raw),
            csv.ParseOptions(delimiter=self.delimiter, quote_char=False, double_quote=False),
            csv.ConvertOptions(column_types=dict.fromkeys(raw, pa.string()), include_columns=wanted, check_utf8=False))
        cells, fresh = {}, {}
        for name, position in self.columns.items():
            cells[name] = read[raw[position]]
            if self.listed is None or name in self.listed:
                coded = cells[name].dictionary_encode().combine_chunks()
                if self.listed is not None or len(coded.dictionary) < OFTEN * len(coded):
                    cells[name], fresh[name] = coded, self._fresh(name, coded.dictionary)
        never_missing = pa.schema([pa.field(name, column.type, nullable=False) for name, column in cells.items()])
        return pa.table(cells, never_missing), lines, fresh

    def know(self, fresh: Mapping[str, pa.Array]) -> None:
        """What a part had that was not known; the parts come in order. A list that grows too long is given up."""
        import pyarrow as pa

        if self.listed is None:
            self.listed = set(fresh)
            self.known = {name: pa.array([], pa.string()) for name in fresh}
        for name, cells in fresh.items():
            if name in self.known and len(new := self._fresh(name, cells)):
                self.known[name] = pa.concat_arrays([self.known[name], new])
                if len(self.known[name]) > MOST:
                    self.known = {other: cells for other, cells in self.known.items() if other != name}

    def _fresh(self, name: str, cells: pa.Array) -> pa.Array:
        import pyarrow.compute as pc

        known = self.known.get(name)
        if known is None or not len(known) or not len(cells):
            return cells
        return cells.filter(pc.invert(pc.is_in(cells, value_set=known)))


def _refuse_what_is_no_utf8(part: bytes) -> None:
    """ArrowInvalid where a text is no UTF-8. Asked of all of it at once, this takes a tenth of what cells would."""
    import pyarrow as pa

    ends = pa.array([0, len(part)], pa.int32())
    pa.Array.from_buffers(pa.string(), 1, [None, ends.buffers()[1], pa.py_buffer(part)]).validate(full=True)
