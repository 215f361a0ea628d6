"""The text of an extract in Parquet files in; its rows, what they hold, and the rows that a person must see, out."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis.extracts.database import Database, quoted
from analysis.extracts.people import PERSON
from analysis.extracts.plan import ExtractPlan
from analysis.extracts.read import FILE, ROW, Delivered

AT_A_TIME = 50_000  # rows that are in memory together while some are read
DISTINCT = 500_000  # different values that are in memory together while they are looked at
# Columns of which the one tells what the other may hold.
TOGETHER = {"contacts": ("minutes", "attendance")}
_NUMBERS = itertools.count()  # so that no two tables or views have one name


@dataclass(frozen=True)
class Stored:
    """
    One large extract as text under our column names: a view of the `database`, with a row a record.

    Beside the columns it has `source_file`, `source_row`, `position` (ascending in the order of delivery), `spaced`,
    which is true where a cell had white space around it, and `spaced_in`, the names of those columns. An empty cell is
    null.
    """

    plan: ExtractPlan
    database: Database
    view: str
    rows: int
    aside: str = ""  # the view of the rows that the definition does not keep, where it keeps only some
    _different: dict[str, str] = field(default_factory=dict)  # columns -> table of what they hold together

    @property
    def set_aside(self) -> int:
        """How many rows the definition does not keep."""
        return self.database.one(f"select count(*) from {self.aside}") if self.aside else 0

    @property
    def columns(self) -> tuple[str, ...]:
        """Our columns that were delivered."""
        return tuple(column.name for column in self.plan.delivered)

    @property
    def person(self) -> tuple[str, ...]:
        """The column that says whom a row is about, if there is one."""
        return tuple(name for name in PERSON if name in self.columns)[:1]

    def cells(self, columns: Sequence[str], such: Callable[[Delivered], pd.Series]) -> pd.DataFrame:
        """What these columns hold together, each combination once, where `such` says yes of it."""
        found = [held.frame[list(columns)][such(held).to_numpy()] for held in self.distinct(columns)] if columns else []
        return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(columns))

    def holds(self, columns: Sequence[str], cells: pd.DataFrame) -> str:
        """The condition of rows in which these columns hold one of these combinations."""
        if not columns or cells.empty:
            return "false"
        return holds(columns, self.kept(cells.fillna("").astype("str")))

    def kept(self, frame: pd.DataFrame) -> str:
        """A frame's rows in a table of the database; its name."""
        table = f"{self.plan.name} holds {next(_NUMBERS)}"
        self.database.keep(table, frame)
        return table

    def without(self, condition: str) -> Stored:
        """The rows but those of this condition."""
        if condition == "false":
            return self
        view = quoted(f"text of {self.plan.name}, {next(_NUMBERS)}")
        self.database.run(f"create view {view} as select * from {self.view} where not {condition}")
        return replace(self, view=view, rows=self.database.one(f"select count(*) from {view}"), _different={})

    def without_rows(self, positions: Sequence[int]) -> Stored:
        """The rows but those at these positions."""
        if not positions:
            return self
        table = self.kept(pd.DataFrame({"position": positions}))
        return self.without(f"(position in (select position from {quoted(table)}))")

    def count(self, where: str) -> int:
        return self.database.one(f"select count(*) from {self.view} where {where}")

    def read(self, where: str = "true", first: int = 0) -> tuple[Delivered, dict[int, int]]:
        """
        Some of the rows as a held extract, in the order of delivery, and where each position stands among them; of many
        the `first`, if so many are said.
        """
        of = f"limit {first}" if first else "order by position"  # DuckDB keeps the order of what it reads
        names = [FILE, ROW, *self.columns]
        frame = pd.concat([pd.DataFrame(columns=[*names, "position", "spaced_in"]), *self.database.batches(
            f"select * exclude (spaced) from {self.view} where {where} {of}", AT_A_TIME)],
            ignore_index=True)
        trimmed = [(row[FILE], int(row[ROW]), column) for _, row in frame[frame["spaced_in"] != ""].iterrows()
                   for column in row["spaced_in"].split("|")]
        text = frame[names].astype({name: "int64" if name == ROW else "str" for name in names})
        return Delivered(self.plan, text, tuple(trimmed)), dict(zip(frame["position"], range(len(frame)), strict=True))

    def distinct(self, columns: Sequence[str]) -> Iterator[Delivered]:
        """
        Each combination of what these columns hold, once, as held extracts of that many columns, some at a time.

        What a rule says of a row, or what type a cell becomes, follows from the cells that it looks at: to look at
        each combination once is to have looked at every row.
        """
        return self.combinations(columns, self.different(columns))

    def combinations(self, columns: Sequence[str], rows: str) -> Iterator[Delivered]:
        """Each combination of these columns among some rows, once, as held extracts; `rows` is a relation with them."""
        plan = replace(self.plan, key=(), columns=tuple(
            column for column in self.plan.columns if column.name in columns or column.value))
        chosen = ", ".join(map(quoted, columns))
        batches = self.database.batches(f"select distinct {chosen} from {rows}", DISTINCT)
        for frame in itertools.chain([next(batches, pd.DataFrame(columns=list(columns)))], batches):
            text = frame.assign(**{FILE: "", ROW: range(len(frame))})[[FILE, ROW, *columns]]
            yield Delivered(plan, text.astype(dict.fromkeys(columns, "str")), ())

    def different(self, columns: Sequence[str]) -> str:
        """The table of what these columns hold together, each combination once."""
        chosen = ", ".join(map(quoted, columns))
        if chosen not in self._different:
            self._different[chosen] = quoted(f"{self.plan.name} different {next(_NUMBERS)}")
            self.database.run(f"create table {self._different[chosen]} as select distinct {chosen} from {self.view}")
        return self._different[chosen]

    def groups(self) -> list[tuple[str, ...]]:
        """The delivered columns, each by itself but for those that are looked at together."""
        together = tuple(name for name in TOGETHER.get(self.plan.table.name, ()) if name in self.columns)
        alone = [(name,) for name in self.columns if name not in together]
        return alone + ([together] if together else [])


def holds(columns: Sequence[str], table: str) -> str:
    """The condition of rows in which these columns hold a combination that is in the table; an empty cell is ''."""
    cells, theirs = (", ".join(names) for names in (
        [f"coalesce({quoted(name)}, '')" for name in columns], map(quoted, columns)))
    if len(columns) == 1:
        return f"({cells} in (select {theirs} from {quoted(table)}))"
    return f"(({cells}) in (select ({theirs}) from {quoted(table)}))"
