"""A folder for what does not fit in memory in; a DuckDB of this process, in bounds and without network, out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MEMORY = "1GB"  # of DuckDB's own; what is larger goes to the folder. Python and its libraries take 0.3 GB beside it.
ROWS_OF_A_GROUP = 61_440  # of a Parquet file: half of DuckDB's default, so that a processor keeps its lists at hand
QUIET = "set enable_progress_bar = false"  # it would stand among what a run says
MOST_THREADS = 8  # each holds a group of rows of every column: more of them would not fit in MEMORY


class Database:
    """
    DuckDB in this process: it loads no extension, opens no connection and keeps to MEMORY.

    Not for the process that pages are forked from, which must have one thread.
    """

    def __init__(self, folder: Path):
        import duckdb

        self._connection = duckdb.connect(config={
            "memory_limit": MEMORY, "threads": min(os.cpu_count() or 1, MOST_THREADS),
            "temp_directory": str(folder / "spilled"), "autoinstall_known_extensions": False,
            "autoload_known_extensions": False, "preserve_insertion_order": True,
            # A join that holds its left side in memory would give the rows in another order than they came.
            "disabled_optimizers": "join_order,build_side_probe_side"})
        self._connection.execute(QUIET)
        self.errors = duckdb.Error

    def run(self, sql: str, values: Sequence[object] = ()) -> list[tuple]:
        return self._connection.execute(sql, list(values)).fetchall()

    def one(self, sql: str, values: Sequence[object] = ()):
        """The one value that a query gives."""
        return self.run(sql, values)[0][0]

    def batches(self, sql: str, rows: int) -> Iterator[pd.DataFrame]:
        """What a query gives, as frames of so many rows at most, text as pandas' own kind of text."""
        import pandas as pd

        with self._connection.cursor() as reading:  # another query may be asked before all batches are taken
            reading.execute(QUIET)
            for some in _together(reading.sql(sql).to_arrow_reader(rows), rows):
                frame = some.to_pandas()
                yield frame.astype({name: "str" for name in frame if not pd.api.types.is_numeric_dtype(frame[name])})

    def numbers(self, sql: str) -> dict[str, np.ndarray]:
        """The columns of a query that gives numbers, none of them missing."""
        return {name: np.asarray(column) for name, column in self._connection.execute(sql).fetchnumpy().items()}

    def arrow(self, sql: str) -> pa.Table:
        """What a query gives, as one table of Arrow."""
        return self._connection.sql(sql).to_arrow_table()

    def of_arrow(self, table: pa.Table, sql: str) -> pa.Table:
        """What a query of `some_cells`, which are the rows of this table, gives; may be asked by several threads."""
        with self._connection.cursor() as cursor:
            cursor.register("some_cells", table)
            return cursor.sql(sql).to_arrow_table()

    def keep(self, name: str, frame: pd.DataFrame) -> None:
        """A frame's rows in a table of that name; added to those that it has."""
        import pyarrow as pa

        self._keep(name, pa.Table.from_pandas(frame, preserve_index=False))

    def keep_arrow(self, name: str, columns: Mapping[str, pa.Array]) -> None:
        """Columns of Arrow as a table of that name; added to what it has."""
        import pyarrow as pa

        self._keep(name, pa.table(dict(columns)))

    def _keep(self, name: str, table: pa.Table) -> None:
        self._connection.register("rows_to_keep", table)
        self.run(f"create table if not exists {quoted(name)} as select * from rows_to_keep limit 0")
        self.run(f"insert into {quoted(name)} select * from rows_to_keep")
        self._connection.unregister("rows_to_keep")

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_) -> None:
        self.close()


def _together(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.Table]:
    """Batches, of which DuckDB gives small ones, too, put together to so many rows; the last may have fewer."""
    import pyarrow as pa

    some: list[pa.RecordBatch] = []
    for batch in batches:
        some.append(batch)
        if sum(map(len, some)) >= rows:
            yield pa.Table.from_batches(some)
            some = []
    if some:
        yield pa.Table.from_batches(some)


def repeated(numbers: np.ndarray) -> np.ndarray:
    """What stands more than once among numbers, each once and in order; the array is sorted where it is."""
    numbers.sort()
    return np.unique(numbers[1:][numbers[1:] == numbers[:-1]])


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
