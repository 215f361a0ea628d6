"""Checked large extracts in; their canonical tables as Parquet files, the balance of their rows, fingerprints, out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.extracts.large.database import Database, literal, quoted
from analysis.extracts.large.groups import Group
from analysis.extracts.large.made_cells import MadeCells, made_cells
from analysis.extracts.large.stored import Stored
from analysis.extracts.people import people_of_rows
from analysis.extracts.read import FILE, ROW, Delivered
from analysis.extracts.tables import TABLES
from analysis.extracts.tidy import ASIDE, balance_of
from analysis.extracts.typed import complete
from analysis.sites import BY_PATIENT

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class LargeTable:
    """One canonical table with too many rows to hold: its extracts in their order, held ones among large ones."""

    name: str
    database: Database
    parts: Sequence[Part | pd.DataFrame]

    def to_parquet(self, path: Path, index: bool = False) -> None:
        """The table as a Parquet file, in the types that a table held in memory would have there."""
        import pyarrow.parquet as pq

        schema = self._schema()
        listed = [one.name for one in schema if one.name != ROW]
        with pq.ParquetWriter(path, schema, compression="snappy", use_dictionary=listed, store_schema=False,
                              column_encoding={ROW: "DELTA_BINARY_PACKED"}, write_statistics=False) as writer:
            for part in self.parts:
                rows = [_of_frame(complete(self.name, [part]), schema)] if isinstance(part, pd.DataFrame) \
                    else part.rows(schema)
                for some in rows:
                    writer.write_table(some, row_group_size=max(1, len(some)))

    def _schema(self) -> pa.Schema:
        """What is written: text as numbers of words, but where a column has too many of them."""
        import pyarrow as pa

        kinds = {"date": pa.timestamp("ms"), "integer": pa.int64(), "number": pa.float64()}
        words = pa.dictionary(pa.int32(), pa.string())

        def text(name: str) -> pa.DataType:
            large = [part for part in self.parts if isinstance(part, Part)]
            return pa.string() if any(part.has_many(name) for part in large) else words

        meant = pa.Schema.from_pandas(complete(self.name, [pd.DataFrame()]), preserve_index=False).metadata
        return pa.schema([*((column.name, kinds.get(column.type) or text(column.name))
                            for column in TABLES[self.name].columns), (FILE, words), (ROW, pa.int64())], meant)

    def fingerprint(self, path: Path, site: str, by: str, patients: pd.DataFrame | None) -> str:
        """A hash of a site's rows in the written file: in whichever order they stand, the same rows give the same."""
        whose = "true"
        if site != "all":
            if by in TABLES[self.name].names:
                whose = f"{quoted(by)} = {literal(site)}"
            elif self.name in BY_PATIENT and patients is not None:
                self.database.run("drop table if exists people_of_a_site")
                self.database.keep("people_of_a_site", patients[["patient_id"]].astype("str").drop_duplicates())
                whose = "patient_id in (select patient_id from people_of_a_site)"
        names = [*TABLES[self.name].names, FILE, ROW]
        rows, cells = self.database.run(
            f"select count(*), coalesce(sum(hash({', '.join(map(quoted, names))})::hugeint), 0)::varchar "
            f"from read_parquet({literal(str(path))}) where {whose}")[0]
        return hashlib.sha256(f"{rows}|{cells}|{'|'.join(names)}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Part:
    """One large extract under our names and types: of its rows, those that are not left out, with what is `made`."""

    stored: Stored
    made: Sequence[MadeCells]
    left_out: pd.DataFrame  # position, reason

    def has_many(self, name: str) -> bool:
        """Whether a column of text has too many different ones for a list."""
        return any(one.many for one in self.made if name in one.columns)

    def rows(self, schema: pa.Schema) -> Iterator[pa.Table]:
        """The rows of the canonical table, some at a time and in their order."""
        kept = replace(self.stored, kept=self.stored.kept_without(self.left_out["position"].to_numpy("int64")))
        columns = list(dict.fromkeys(name for one in self.made for name in one.looked_at))
        yield from kept.numbered(columns, lambda group: self._table(group, schema))

    def _table(self, group: Group, schema: pa.Schema) -> pa.Table:
        import pyarrow as pa

        cells: dict[str, pa.Array] = {}
        for one in self.made:
            cells |= one.of(group)
        cells[FILE] = _same(group.part.piece.place, group.rows, schema.field(FILE).type)
        cells[ROW] = pa.array(group.lines(), pa.int64())
        return pa.table([_as(cells[field.name], field.type) if field.name in cells else
                         _same(None, group.rows, field.type) for field in schema], schema=schema)


def large_part(stored: Stored, delivered: Mapping[str, Delivered], left_out: str = "") -> Part:
    """The rows of a large extract but those in the table `left_out`, each cell as `typed` makes it of its text."""
    out = pd.DataFrame({"position": [], "reason": []})
    if left_out:
        out = stored.database.arrow(f"select position, reason from {left_out}").to_pandas()
    return Part(stored, made_cells(stored, delivered), out)


def balance_of_rows(part: Part, delivered: Mapping[str, Delivered], reasons: Sequence[str]) -> list[list]:
    """
    The lines of a large extract in the balance of rows (ROWS); nobody known counts as one person.

    `reasons` are all the rules that take rows out, whether or not one did.
    """
    stored, why = part.stored, np.zeros(part.stored.positions, "int8")
    why[part.left_out["position"].to_numpy("int64")] = part.left_out["reason"].map(
        {reason: n + 1 for n, reason in enumerate(reasons)}).to_numpy("int64")
    person = stored.person or ("",)
    texts, aside = _texts_of_people(stored, person[0])
    numbers = _numbers_of_people(stored, person[0], [*texts.to_pylist(), *aside["text"]], delivered)
    many = int(numbers.max()) + 1

    def counted(group: Group) -> np.ndarray:
        whose = numbers[group.numbers(person[0], texts)] if person[0] else np.zeros(group.rows, "int64")
        return np.bincount(why[group.part.positions()] * np.int64(many) + whose, minlength=many * (len(reasons) + 1))

    counts = np.zeros(many * (len(reasons) + 1), "int64")
    for some in stored.numbered(stored.person, counted):
        counts += some
    of_aside = np.bincount(numbers[len(texts):-1], aside["rows"], minlength=many).astype("int64")
    kept, *others = counts.reshape(-1, many)
    left_out = ({ASIDE: of_aside} if stored.aside else {}) | dict(zip(reasons, others, strict=True))
    every = sum(left_out.values(), kept)
    return balance_of(stored.plan, _rows_and_people(every), {
        reason: _rows_and_people(rows) for reason, rows in left_out.items()}, _rows_and_people(kept))


def _rows_and_people(rows_of: np.ndarray) -> tuple[int, int]:
    return int(rows_of.sum()), int(np.count_nonzero(rows_of))


def _texts_of_people(stored: Stored, person: str) -> tuple[pa.Array, pd.DataFrame]:
    """The different texts that say whom a row is about; and those of the rows that are not kept, with their rows."""
    import pyarrow as pa

    texts = stored.texts(person) if person else pa.array([], pa.string())
    aside = pd.DataFrame({"text": [], "rows": []}).astype({"text": "str", "rows": "int64"})
    if stored.aside:
        who = quoted(person) if person else "null::varchar"
        aside = stored.database.arrow(
            f"select {who} as text, count(*) as rows from {stored.aside} group by 1").to_pandas()
    return texts, aside


def _numbers_of_people(stored: Stored, person: str, texts: Sequence[str | None], delivered: Mapping[str, Delivered],
                       ) -> np.ndarray:
    """The number of the person that each text means, 0 for nobody known; one more, at the end, for a missing text."""
    if not person:
        return np.zeros(len(texts) + 1, "int64")
    held = stored.held((person,), pd.DataFrame({person: pd.Series(texts, dtype="str")}))
    numbers, _ = pd.factorize(people_of_rows(held, delivered))  # -1 where missing
    return np.append(numbers + 1, 0)


def large_table(name: str, database: Database, parts: Sequence[Part | pd.DataFrame]) -> LargeTable:
    """The rows of a canonical table from its extracts in the order of the definition, held ones among large ones."""
    return LargeTable(name, database, parts)


def _of_frame(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """The rows of an extract that is held, as the others are written."""
    import pyarrow as pa

    return pa.table([_as(pa.Array.from_pandas(frame[field.name]), field.type) for field in schema], schema=schema)


def _as(cells: pa.Array, kind: pa.DataType) -> pa.Array:
    """Cells in the type in which they are written: as words, or as numbers of words."""
    import pyarrow as pa

    if cells.type == kind:
        return cells
    if not pa.types.is_dictionary(kind):
        return cells.cast(kind)
    return (cells if pa.types.is_dictionary(cells.type) else cells.cast(pa.string()).dictionary_encode()).cast(kind)


def _same(text: str | None, rows: int, kind: pa.DataType) -> pa.Array:
    """So many cells that all hold one text, or nothing."""
    import pyarrow as pa

    if text is None and not pa.types.is_dictionary(kind):
        return pa.nulls(rows, kind)
    at = pa.nulls(rows, pa.int32()) if text is None else pa.repeat(pa.scalar(0, pa.int32()), rows)
    return _as(pa.DictionaryArray.from_arrays(at, pa.array([] if text is None else [text], pa.string())), kind)
