"""A Parquet file in; its rows, numbered from 1, with every value as the text of what it is, out."""

from __future__ import annotations

import datetime
import decimal
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from analysis.errors import ExtractMistake
from analysis.extracts.formats.cells import TRUTH, number_text
from analysis.extracts.formats.source import Cell, Sheet, Source, not_what_it_says

if TYPE_CHECKING:
    from analysis.extracts.plan import ExtractPlan

EXACT_IN_A_FLOAT = 2 ** 24


def sheets(source: Source, plan: ExtractPlan, suffix: str) -> Iterator[Sheet]:
    """The file's one table; a missing value is an empty cell. Raises ExtractMistake for a file that is none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not source.begins(4) == b"PAR1":
        raise not_what_it_says(source, "Parquet file", plan.where)
    try:
        file = pq.ParquetFile(source.open())
        headings = list(file.schema_arrow.names)
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        raise _damaged(source) from None
    yield Sheet(source.place, source.place, source, _rows(file, source), headings=headings)


def _rows(file, source: Source) -> Iterator[tuple[int, Sequence[Cell]]]:
    import pyarrow as pa

    number = 1
    try:
        for batch in file.iter_batches():
            columns = [_texts(column) for column in batch.columns]
            for cells in zip(*columns, strict=True):
                yield number, cells
                number += 1
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        raise _damaged(source) from None


def _texts(column) -> list[Cell]:
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    single = pa.types.is_float32(column.type) or pa.types.is_float16(column.type)
    exact, digits = (EXACT_IN_A_FLOAT, 7) if single else (2 ** 53, 15)
    return [_cell(value, exact, digits) for value in column.to_pylist()]


def _cell(value: object, exact: int, digits: int) -> Cell:
    if value is None:
        return ""
    if isinstance(value, (str, datetime.date, datetime.time, datetime.timedelta)):
        return value.replace(tzinfo=None) if isinstance(value, datetime.datetime) else value
    if isinstance(value, bool):
        return TRUTH[value]
    if isinstance(value, float):
        return number_text(value, exact, digits)
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="backslashreplace")
    return str(value) if isinstance(value, int) else json.dumps(value, default=str, ensure_ascii=False)


def _damaged(source: Source) -> ExtractMistake:
    return ExtractMistake("the Parquet file is damaged or was cut off on its way", where=source.place,
                          remedy="send the file again")
