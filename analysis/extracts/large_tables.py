"""Checked large extracts in; their canonical tables as Parquet files, the balance of their rows, fingerprints, out."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from analysis.extracts.database import ROWS_OF_A_GROUP, Database, literal, quoted
from analysis.extracts.read import FILE, ROW, Delivered
from analysis.extracts.stored import Stored
from analysis.extracts.tables import TABLES, Column
from analysis.extracts.tidy import ASIDE, balance_of
from analysis.extracts.typed import complete, typed
from analysis.sites import BY_PATIENT

# A column of a canonical table, as the database has it and Parquet keeps it.
SQL_TYPES = {"date": "timestamp_ms", "integer": "bigint", "number": "double"}
PLAIN = ("id", "text", "nhs_number")  # types whose cells are as they were delivered
FEW = 2000  # different texts: a Parquet file lists all of an enumeration for each of its groups of rows
_NUMBERS = itertools.count()  # so that no two types have one name


@dataclass(frozen=True)
class LargeTable:
    """One canonical table with too many rows to hold: a query of the `database` that has them in order."""

    name: str
    database: Database
    query: str

    def to_parquet(self, path: Path, index: bool = False) -> None:
        """The table as a Parquet file, in the types that a table held in memory would have there."""
        import pyarrow as pa

        kept = pa.Schema.from_pandas(complete(self.name, [pd.DataFrame()]), preserve_index=False).metadata[b"pandas"]
        with self.database.in_order():
            self._copy(path, kept)

    def _copy(self, path: Path, kept: bytes) -> None:
        self.database.run(f"copy ({self.query}) to {literal(str(path))} (format parquet, compression snappy, "
                          f"row_group_size {ROWS_OF_A_GROUP}, "
                          f"kv_metadata {{pandas: {literal(kept.decode())}}})")

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
    """
    One large extract under our names and types: a query with its rows in order.

    `person` is the column that says whom a row is about, as the query has it; `joins` tell what it needs for a column.
    """

    stored: Stored
    query: str
    person: Mapping[str, str]
    joins: Mapping[str, str]


def large_part(stored: Stored, delivered: Mapping[str, Delivered], left_out: str = "") -> Part:
    """
    The rows of a large extract but those in the table `left_out`, each cell as `typed` makes it of its text.

    Every combination of cells is converted once, and put in the place of its text by a join. Text of which there are
    few kinds goes as an enumeration: Parquet is written several times as fast from its numbers as from words.
    """
    plan, database = stored.plan, stored.database
    joins, made = {}, {column.name: literal(column.value) for column in plan.columns if column.value}
    kinds = {FILE: _kind(database, FILE, stored.view)}
    for number, columns in enumerate(stored.groups()):
        if all(_is_plain(plan.column(name)) for name in columns):
            made |= {name: f"t.{quoted(name)}" for name in columns}
            kinds |= {name: _kind(database, name, stored.different(columns)) for name in columns}
            continue
        table, there = f"{plan.name} as typed {number}", f"c{number}"
        database.run(f"drop table if exists {quoted(table)}")
        for held in itertools.chain(stored.distinct(columns), _people_aside(stored, columns)):
            frame = typed(held, held.frame, delivered)
            database.keep(table, pd.DataFrame({
                **{f"of {name}": held.frame[name].fillna("") for name in columns},
                **{name: frame[name] for name in columns}}))
        # What becomes of an empty cell that stands alone is missing, as what no row of a left join is.
        here = [f"t.{quoted(name)}" if len(columns) == 1 else f"coalesce(t.{quoted(name)}, '')" for name in columns]
        pairs = zip(here, columns, strict=True)
        same = " and ".join(f"{cell} = {there}.{quoted(f'of {name}')}" for cell, name in pairs)
        joins |= dict.fromkeys(columns, f"left join {quoted(table)} {there} on {same}")
        made |= {name: f"{there}.{quoted(name)}" for name in columns}
        kinds |= {name: _kind(database, name, quoted(table)) for name in columns}
    gone = f"anti join {left_out} gone on gone.position = t.position" if left_out else ""
    query = (f"select {', '.join(_canonical(plan.table.name, made, kinds))}, t.{FILE}::{kinds[FILE]} as {FILE}, "
             f"t.{ROW} from {stored.view} t {' '.join(dict.fromkeys(joins.values()))} {gone}")
    return Part(stored, query, {name: made[name] for name in stored.person}, joins)


def _people_aside(stored: Stored, columns: Sequence[str]) -> Iterator[Delivered]:
    """People of whom there are only rows that are not kept: they are counted in the balance."""
    if stored.aside and tuple(columns) == stored.person:
        person = quoted(columns[0])
        yield from stored.combinations(columns, f"(select * from {stored.aside} where {person} not in (select {person} "
                                                f"from {stored.different(columns)} where {person} is not null))")


def _is_plain(column) -> bool:
    return column.type in PLAIN and not column.codes and not column.through


def _kind(database: Database, name: str, rows: str) -> str:
    """The database's type for text of this column: an enumeration where few different texts are among the rows."""
    some = database.one(f"select count(*) from (select distinct {quoted(name)}::varchar as text from {rows} "
                        f"where text is not null limit {FEW + 1})")
    if not 0 < some <= FEW:
        return "varchar"
    kind = f"{name} {next(_NUMBERS)}"
    database.run(f"create type {quoted(kind)} as enum (select distinct {quoted(name)}::varchar as text from {rows} "
                 f"where text is not null order by text)")
    return quoted(kind)


def _canonical(table: str, made: Mapping[str, str], kinds: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    def kind(column: Column) -> str:
        return SQL_TYPES.get(column.type) or kinds.get(column.name, "varchar")

    return [f"{made.get(column.name, 'null')}::{kind(column)} as {quoted(column.name)}"
            for column in TABLES[table].columns]


def balance_of_rows(part: Part, left_out: str, reasons: Sequence[str]) -> list[list]:
    """
    The lines of a large extract in the balance of rows (ROWS); nobody known counts as one person.

    `left_out` is the table of rows that were left out, with the reason of each; `reasons` are all the rules that take
    rows out, whether or not one did.
    """
    stored, database = part.stored, part.stored.database
    person, join = next(((cell, part.joins.get(name, "")) for name, cell in part.person.items()), ("''", ""))
    database.run("drop table if exists counted")
    gone = f"left join {left_out} gone on gone.position = t.position" if left_out else ""
    database.run(f"create table counted as select {'gone.reason' if left_out else 'null::varchar'} as reason, "
                 f"coalesce({person}, '') as person, count(*) as n from {stored.view} t {join} {gone} group by all")
    if stored.aside:
        database.run(f"insert into counted select {literal(ASIDE)}, coalesce({person}, ''), count(*) "
                     f"from {stored.aside} t {join} group by all")
        reasons = [ASIDE, *reasons]
    found = {reason: (int(rows), people) for reason, rows, people in database.run(
        "select reason, sum(n), count(distinct person) from counted group by reason")}
    rows, people = database.run("select coalesce(sum(n), 0), count(distinct person) from counted")[0]
    return balance_of(stored.plan, (int(rows), people), {reason: found.get(reason, (0, 0)) for reason in reasons},
                      found.get(None, (0, 0)))


def large_table(name: str, database: Database, parts: Sequence[Part | pd.DataFrame]) -> LargeTable:
    """The rows of a canonical table from its extracts in the order of the definition, held ones among large ones."""
    queries = []
    for number, part in enumerate(parts):
        if isinstance(part, Part):
            queries.append(part.query)
            continue
        frame, kept = complete(name, [part]), f"held part {number} of {name}"
        database.run(f"drop table if exists {quoted(kept)}")
        database.keep(kept, frame)
        columns = _canonical(name, {column: quoted(column) for column in TABLES[name].names})
        queries.append(f"select {', '.join(columns)}, {FILE}, {ROW} from {quoted(kept)}")
    return LargeTable(name, database, " union all ".join(f"({query})" for query in queries))
