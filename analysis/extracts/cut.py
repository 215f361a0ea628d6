"""A file of text without quotation marks in; its cells in a Parquet file, out: cut at line ends and delimiters."""

from __future__ import annotations

import collections
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.extracts.lines import Lines

if TYPE_CHECKING:
    import pyarrow as pa

AT_ONCE = 1 << 22  # bytes of text that become one group of rows
MOST_THREADS = 8
OFTEN = 0.2  # of a column's cells are different texts where listing those would save nothing


def cut(plain: Path, into: Path, columns: Mapping[str, int], *, headings: int, delimiter: str, first: int, lines: Lines,
        ) -> bool:
    """
    The cells of these columns (name -> position) as text in a Parquet file, a row for each line from the `first`.

    False where that is not all of the file: a line has more cells than headings, or fewer, or none, or is no UTF-8.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    raw, rows = [f"c{position}" for position in range(headings)], 0

    def table(block: bytes) -> pa.Table:
        from pyarrow import csv

        wanted = list(dict.fromkeys(raw[position] for position in columns.values()))
        read = csv.read_csv(
            pa.BufferReader(block), csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=raw),
            csv.ParseOptions(delimiter=delimiter, quote_char=False, double_quote=False),
            csv.ConvertOptions(column_types=dict.fromkeys(raw, pa.string()), include_columns=wanted))
        return pa.table({name: read[raw[position]] for name, position in columns.items()})

    try:
        with plain.open("rb") as file, ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as pool:
            for _ in range(first - 1):
                file.readline()
            writer = None
            for made in _in_order(pool, table, _blocks(file)):
                if writer is None:
                    seldom = [name for name in made.column_names
                              if len(made[name].unique()) < OFTEN * len(made)] if len(made) else []
                    writer = pq.ParquetWriter(into, made.schema, compression="lz4", use_dictionary=seldom)
                writer.write_table(made, row_group_size=max(1, len(made)))
                rows += len(made)
            if writer:
                writer.close()
    except (pa.ArrowException, ValueError, TypeError):  # ValueError: what is no text, or no delimiter for Arrow
        return False
    return rows > 0 and rows == lines.number - (first - 1) - lines.blank_at_the_end


def _blocks(file) -> Iterator[bytes]:
    """The rest of a file in parts that end where a line does."""
    left = b""
    while part := file.read(AT_ONCE):
        whole, end, rest = part.rpartition(b"\n")
        if end:
            yield left + whole + end
            left = rest
        else:
            left += part
    if left:
        yield left


def _in_order(pool: ThreadPoolExecutor, made, blocks: Iterator[bytes]) -> Iterator[pa.Table]:
    """What is made of each block, in their order, with no more blocks in memory than can be worked at."""
    waiting: collections.deque[Future] = collections.deque()
    for block in blocks:
        waiting.append(pool.submit(made, block))
        if len(waiting) > (os.cpu_count() or 1) + 1:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
