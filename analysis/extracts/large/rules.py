"""
Rules over rows in, a large extract in; which of its rows break each rule, as conditions of the database, out.

Most rules look at a few cells of a row, so that each combination that stands in those is looked at once; a rule about a
person's days is asked of the first and the last of them. What rules say of rows that lie together is `repeats`'.
A rule of which nothing is said here looks at all rows of some people at a time: right, and slow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.extracts.checks.across import BREAKS, findings
from analysis.extracts.checks.expectations import Check, Expectations, over_rows, words_over_rows
from analysis.extracts.checks.seen import POSITION, Seen
from analysis.extracts.large.database import quoted
from analysis.extracts.large.repeats import BETWEEN
from analysis.extracts.large.stored import AT_A_TIME, Stored
from analysis.extracts.read import Delivered

PEOPLES_ROWS = 500_000  # rows of some people, about, that are in memory together for the rules over rows
# Rules about each column by itself.
EACH = ("NHS number that is issued", "id not rounded", "id with all its digits", "not after the export",
        "no stand-in date", "day and month told apart", "no opt-out code")
PRODUCT = ("product", "strength", "form", "route")
# Rules about a row by itself -> the columns that they look at, as far as they are delivered.
CELLS = {"issue that was made": ("status",), "issued by the practice": ("status",), "strength is stated": PRODUCT,
         "combination strength has its units": PRODUCT, "patch strength an hour": PRODUCT,
         "liquid strength a volume": PRODUCT, "no injection": PRODUCT, "quantity in doses": ("unit",),
         "quantity above nought": ("quantity",), "quantity not huge": ("quantity",),
         "no medicine for dependence": (*PRODUCT, "bnf_code"), "directions say a dose": ("directions",),
         "patch changed when it is worn out": (*PRODUCT, "directions"),
         "recorded after it happened": ("date", "issued_on", "recorded_on"),
         "contact within an episode": ("patient_id", "date")}
# Rules by which a day of a person is too early, or too late: the first or the last of all days tells whether any is.
DAYS = ("not before birth", "not after death", "not after leaving the practice", "nothing after withdrawal")

# Rules about the look of a file, which its first rows have.
FIRST = ("person on every row",)

Broken = tuple[Check, int, str]  # a check, how many rows break it, and the condition of those rows


@dataclass
class OverRows:
    """
    One large extract held against rules over rows.

    No such rule looks at copies and late rows, which are those of these two conditions. `beside` are the other
    extracts, of which these are held in memory, in the `order` of the definition.
    """

    stored: Stored
    copies: str
    late: str
    beside: Mapping[str, Delivered]
    order: Sequence[str]
    expectations: Expectations
    _conditions: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _positions: dict[tuple[str, str], list[np.ndarray]] = field(default_factory=dict)
    _whole: dict[tuple[str, str], list[bool]] = field(default_factory=dict)

    def __post_init__(self):
        self.counted = self.stored.without(self.copies, copies=True).without(self.late)

    @property
    def name(self) -> str:
        return self.stored.plan.name

    def look(self) -> None:
        """Holds the rows against every rule but those `BETWEEN` rows."""
        self._by_cells()
        self._by_days()
        for _ in self.told(self.stored.read("true", AT_A_TIME)[0], set(FIRST)):
            pass  # what is said of a whole column is kept where it is told
        self._by_people(set(BREAKS) - {*EACH, *CELLS, *DAYS, *FIRST, *BETWEEN})

    def also(self, rule: str, column: str, positions: Sequence[int]) -> None:
        """A rule that others found to be broken at these positions of rows that count, or nowhere."""
        self._conditions.setdefault((rule, column), [])
        self._positions.setdefault((rule, column), []).append(np.asarray(positions, "int64"))

    def _by_cells(self) -> None:
        columns: dict[tuple[str, ...], set[str]] = {(name,): set(EACH) for name in self.stored.columns}
        for rule, looked_at in CELLS.items():
            if there := tuple(name for name in looked_at if name in self.stored.columns):
                columns.setdefault(there, set()).add(rule)
        for there, rules in columns.items():
            for held in self.counted.distinct(there):
                for rule, column, failed in self.told(held, rules):
                    if (rule, column) not in self._whole:
                        self._hold(rule, column, there, held.frame[list(there)].iloc[failed])

    def _by_days(self) -> None:
        if not (person := self.stored.person):
            return
        for column in self.stored.plan.delivered:
            if column.type != "date":
                continue
            both = (*person, column.name)
            first = next(self.counted.combinations(both, f"(select * from {self.counted.view} limit 1)"))
            asked = {rule for rule, _, _ in self.told(first, set(DAYS))}
            if not asked:
                continue
            people: list[str] = []
            for held in self.counted.combinations(both, self._ends(both)):
                for rule, told, failed in self.told(held, asked):
                    self._conditions.setdefault((rule, told), [])
                    people += list(held.frame[person[0]].iloc[failed])
            if people:
                theirs = self.counted.holds(person, pd.DataFrame({person[0]: sorted(set(people))}))
                for held in self.counted.combinations(both, f"(select * from {self.counted.view} where {theirs})"):
                    for rule, told, failed in self.told(held, asked):
                        self._hold(rule, told, both, held.frame[list(both)].iloc[failed])

    def _ends(self, columns: tuple[str, str]) -> str:
        """The query of each person's first and last day, as text of these two columns."""
        person, day = map(quoted, columns)
        days = quoted(f"{self.name} days of {columns[1]}")
        self.stored.database.run(f"drop table if exists {days}")
        for held in self.counted.distinct(columns[1:]):
            rows = Seen({**self.beside, self.name: held}).rows(self.name)
            text = held.frame[columns[1]].loc[rows[POSITION]]
            self.stored.database.keep(f"{self.name} days of {columns[1]}", pd.DataFrame(
                {"of": text.to_numpy(), "day": rows[columns[1]].to_numpy()}).dropna())
        ends = (f"select {person}, arg_min({day}, d.day) as first, arg_max({day}, d.day) as last from "
                f"{self.counted.view} t join {days} d on d.of = t.{day} where {person} is not null group by 1")
        return (f"(with ends as ({ends}) select {person}, first as {day} from ends union "
                f"select {person}, last as {day} from ends)")

    def _by_people(self, rules: set[str]) -> None:
        """Rules that are told of the first rows at all, asked of all rows of some people at a time."""
        some, _ = self.counted.read("true", AT_A_TIME)
        if not len(some.frame) or not (rules := {rule for rule, _, _ in self.told(some, rules)}):
            return
        person = self.stored.person
        parts = max(1, -(-self.counted.rows // PEOPLES_ROWS)) if person else 1
        for part in range(parts):
            held, among = self.counted.read(f"hash({quoted(person[0])}) % {parts} = {part}" if parts > 1 else "true")
            at = list(among)
            for rule, column, failed in self.told(held, rules):
                if (rule, column) not in self._whole:
                    self.also(rule, column, [at[position] for position in failed])

    def told(self, held: Delivered, rules: set[str]) -> Iterator[tuple[str, str, list[int]]]:
        """What these rules say of some rows of the extract: rule, column and the positions among them."""
        if not rules or not len(held.frame):
            return
        alike = held.plan.table.name
        beside = {name: held if name == self.name else self.beside[name] for name in self.order
                  if name == self.name or name in self.beside and self.beside[name].plan.table.name != alike}
        found = findings(beside, rules, {self.name})[self.name]
        checks = over_rows(held, found)
        for finding in found:
            if finding.whole:
                self._whole.setdefault((finding.rule, finding.column), []).append(bool(finding.broken.any()))
        for check, positions in self.expectations.broken(held, checks, words_over_rows(checks).reset_index(drop=True)
                                                         ) if checks else ():
            yield from check.told(positions)

    def _hold(self, rule: str, column: str, columns: Sequence[str], cells: pd.DataFrame) -> None:
        conditions = self._conditions.setdefault((rule, column), [])
        if len(cells):
            conditions.append(self.counted.holds(columns, cells))

    def broken(self) -> list[Broken]:
        """What the rules said, in the order in which they say it of a smaller extract."""
        order, names = list(BREAKS), [column.name for column in self.stored.plan.columns]
        found: list[Broken] = []
        for rule, column in sorted({**self._conditions, **self._whole}, key=lambda one: (
                order.index(one[0]), names.index(one[1]) if one[1] else -1)):
            whole = self._whole.get((rule, column))
            check = Check(rule, column, "ExpectColumnValuesToBeInSet", {"value_set": ["holds"]}, whole is not None)
            if whole is not None:  # such a rule says something of every row, and is broken where it is in every part
                found.append((check, int(all(whole)), ""))
                continue
            found.append((check, *self._broken_at(rule, column)))
        severities = list(dict.fromkeys(self.stored.plan.severity(check.rule) for check, _, _ in found))
        return sorted(found, key=lambda one: severities.index(self.stored.plan.severity(one[0].rule)))

    def _broken_at(self, rule: str, column: str) -> tuple[int, str]:
        """How many rows break a rule, and the condition of those."""
        such, rows = list(self._conditions[rule, column]), 0
        if positions := self._positions.get((rule, column)):
            at = np.unique(np.concatenate(positions))
            if rows := len(at):
                table = self.counted.kept_aside(pd.DataFrame({"position": at}))
                such.append(f"position in (select position from {quoted(table)})")
        if not such:
            return 0, ""
        if rows and len(such) == 1:  # these rows count: nobody need look for them
            return rows, f"({such[0]})"
        condition = f"(({' or '.join(such)}) and not {self.copies} and not {self.late})"
        return self.stored.count(condition), condition
