"""The text of an extract in Parquet files in; its rows, what they hold, and the rows that a person must see, out."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from analysis.extracts.large.database import Database, quoted
from analysis.extracts.large.groups import Group, groups
from analysis.extracts.large.pieces import Piece
from analysis.extracts.people import PERSON
from analysis.extracts.plan import ExtractPlan
from analysis.extracts.read import FILE, ROW, Delivered

if TYPE_CHECKING:
    import pyarrow as pa

AT_A_TIME = 50_000  # rows that are in memory together while some are read
FEW = 500_000  # different texts of a column that are looked up in memory
DISTINCT = 500_000  # different values that are in memory together while they are looked at
# Columns of which the one tells what the other may hold.
TOGETHER = {"contacts": ("minutes", "attendance")}
_NUMBERS = itertools.count()  # so that no two tables or views have one name

Made = TypeVar("Made")


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
    pieces: Sequence[Piece]
    aside: str = ""  # the view of the rows that the definition does not keep, where it keeps only some
    kept: np.ndarray | None = None  # of each position whether the view has it; None: it has all
    alike: Stored | None = None  # an extract in whose columns the same texts stand together
    _different: dict[str, str] = field(default_factory=dict)  # columns -> table of what they hold together

    @property
    def positions(self) -> int:
        """How many rows the stored files have."""
        return sum(piece.rows for piece in self.pieces)

    @property
    def rows(self) -> int:
        return self.positions if self.kept is None else int(np.count_nonzero(self.kept))

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
        return holds(columns, self.kept_aside(cells.fillna("").astype("str")))

    def kept_aside(self, frame: pd.DataFrame) -> str:
        """A frame's rows in a table of the database; its name."""
        table = f"{self.plan.name} holds {next(_NUMBERS)}"
        self.database.keep(table, frame)
        return table

    def without(self, condition: str, copies: bool = False) -> Stored:
        """The rows but those of this condition; where these are `copies`, no text goes with them."""
        if condition == "false":
            return self
        gone = self.database.numbers(f"select position from {self.view} where {condition}")
        left = self.without_rows(gone["position"])
        return replace(left, alike=self) if copies else left

    def without_rows(self, positions: Sequence[int]) -> Stored:
        """The rows but those at these positions."""
        if not len(positions):
            return self
        table = self.kept_aside(pd.DataFrame({"position": positions}))
        view = quoted(f"text of {self.plan.name}, {next(_NUMBERS)}")
        self.database.run(f"create view {view} as select * from {self.view} "
                          f"where position not in (select position from {quoted(table)})")
        return replace(self, view=view, kept=self.kept_without(positions), alike=None, _different={})

    def kept_without(self, positions: Sequence[int]) -> np.ndarray:
        """Of each position whether its row is kept, those at some positions left out."""
        kept = np.ones(self.positions, bool) if self.kept is None else self.kept.copy()
        kept[np.asarray(positions, dtype="int64")] = False
        return kept

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

    def of_these(self, columns: Sequence[str], positions: np.ndarray) -> Delivered:
        """The rows at these positions in these columns only, as a held extract in which none is a copy of another."""
        table = self.kept_aside(pd.DataFrame({"position": positions}))
        chosen = ", ".join(map(quoted, [*columns, "position"]))
        frame = pd.concat(self.database.batches(
            f"select {chosen} from {self.view} where position in (select position from {quoted(table)}) "
            "order by position", DISTINCT), ignore_index=True)
        held = self.held(columns, frame)
        return replace(held, frame=held.frame.assign(position=frame["position"]))

    def distinct(self, columns: Sequence[str]) -> Iterator[Delivered]:
        """
        Each combination of what these columns hold, once, as held extracts of that many columns, some at a time.

        What a rule says of a row, or what type a cell becomes, follows from the cells that it looks at: to look at
        each combination once is to have looked at every row.
        """
        return self.combinations(columns, self.different(columns))

    def combinations(self, columns: Sequence[str], rows: str) -> Iterator[Delivered]:
        """Each combination of these columns among some rows, once, as held extracts; `rows` is a relation with them."""
        chosen = ", ".join(map(quoted, columns))
        batches = self.database.batches(f"select distinct {chosen} from {rows}", DISTINCT)
        for frame in itertools.chain([next(batches, pd.DataFrame(columns=list(columns)))], batches):
            yield self.held(columns, frame)

    def held(self, columns: Sequence[str], frame: pd.DataFrame) -> Delivered:
        """A frame of texts of these columns as an extract that is held and has no others."""
        plan = replace(self.plan, key=(), columns=tuple(
            column for column in self.plan.columns if column.name in columns or column.value))
        text = frame.assign(**{FILE: "", ROW: range(len(frame))})[[FILE, ROW, *columns]]
        return Delivered(plan, text.astype(dict.fromkeys(columns, "str")), ())

    def different(self, columns: Sequence[str]) -> str:
        """The table of what these columns hold together, each combination once."""
        if self.alike:
            return self.alike.different(columns)
        chosen = ", ".join(map(quoted, columns))
        if chosen not in self._different:
            table = self._different[chosen] = quoted(f"{self.plan.name} different {next(_NUMBERS)}")
            self.database.run(f"create table {table} as select distinct {chosen} from "
                              f"{self._words(columns[0]) if len(columns) == 1 else self.view}")
        return self._different[chosen]

    def _words(self, name: str) -> str:
        """The relation of a column's texts: those of all files, or of the rows of the view where it has not all."""
        cells = [(piece.cells[name], piece.cells[name].words) for piece in self.pieces if piece.rows]
        if not cells:
            return self.view
        import pyarrow as pa

        every = " union all ".join(f"select {cell.text} as {quoted(name)}{words and ' from '}{words}"
                                   for cell, words in cells)
        if self.kept is None:
            return f"({every})"
        if self.database.one(f"select count(*) from ({every})") > FEW:
            return self.view
        texts = self.database.arrow(f"select distinct {quoted(name)} as text from ({every}) where text is not null"
                                    )["text"].combine_chunks()
        seen = np.zeros(len(texts) + 1, bool)  # the last: of a missing cell
        for some in self.numbered((name,), lambda group: _flags(group.numbers(name, texts), len(texts))):
            seen |= some
        table = f"{self.plan.name} present {next(_NUMBERS)}"
        self.database.keep_arrow(table, {name: texts.filter(pa.array(seen[:-1]))})
        if seen[-1]:
            self.database.keep_arrow(table, {name: pa.array([None], pa.string())})
        return quoted(table)

    def has_few(self, name: str) -> bool:
        """Whether a column has so few different texts that they can be looked up in memory."""
        return self.database.one(f"select count(*) from {self.different((name,))}") <= FEW

    def listed(self, name: str) -> bool:
        """Whether a column is stored as numbers of its words, wherever it is stored."""
        return all(piece.is_listed(name) for piece in self.pieces)

    def texts(self, name: str) -> pa.Array:
        """The different texts of a column; that of a missing cell is none of them."""
        found = self.database.arrow(f"select {quoted(name)} as text from {self.different((name,))} "
                                    "where text is not null")
        return found["text"].combine_chunks()

    def numbered(self, columns: Sequence[str], made: Callable[[Group], Made]) -> Iterator[Made]:
        """What is made of each group of the rows, in their order, by several threads."""
        return groups(self.pieces, columns, self.kept, self.database, made)

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


def _flags(numbers: np.ndarray, most: int) -> np.ndarray:
    """Which numbers up to `most` are there; the last flag is that of -1."""
    flags = np.zeros(most + 1, bool)
    flags[numbers] = True
    return flags
