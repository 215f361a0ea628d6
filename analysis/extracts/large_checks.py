"""
A large extract and the others in; its faults, as the log tells them, and the rows that tidying leaves out, out.

great-expectations does the checking with the suite that any extract of that plan has. It is shown every combination of
cells that a rule looks at, once and some at a time; what lies between rows (copies, keys) DuckDB finds and hands to it.
Only rows that the log names are ever in memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.extracts.across import findings
from analysis.extracts.database import literal, quoted
from analysis.extracts.expectations import (
    CHECKS,
    Check,
    Expectations,
    over_rows,
    suite,
    with_computed_columns,
    words_over_rows,
)
from analysis.extracts.faults import FAULTS, fault, more_faults
from analysis.extracts.read import FILE, ROW, Delivered
from analysis.extracts.rules import RULES
from analysis.extracts.stored import Stored, holds

PEOPLES_ROWS = 500_000  # rows of some people, about, that are in memory together for the rules over rows
MOST_NAMED = 1000  # rows of one kind of fault that the log names; a wrong format breaks every row alike
COPIES, KEYS, SPACES = "row not repeated", "no duplicate key", "no surrounding space"


@dataclass(frozen=True)
class LargeValidation:
    """
    `faults` (FAULTS) and `checks` (CHECKS) as of any extract, but that a kind of fault which more rows have than
    MOST_NAMED ends with a line that says how many more. `named` holds the rows that the log names. `excluded` is the
    table of the database with the `position` of each row to be left out, and the `reason`; empty where there is none.
    """

    stored: Stored
    faults: pd.DataFrame
    checks: pd.DataFrame
    named: Delivered
    excluded: str


def validate_large(stored: Stored, delivered: Mapping[str, Delivered], expectations: Expectations,
                   order: Sequence[str] = ()) -> LargeValidation:
    """
    The large extract held against its suite; `delivered` are the extracts that it may point into.

    Rules over rows look at some people's rows at a time, in the `order` of the definition, beside the extracts that are
    held: at no other large one.
    """
    empty = Delivered(stored.plan, pd.DataFrame(columns=[FILE, ROW, *stored.columns]).astype("str"), ())
    checks = suite(empty, delivered)
    broken = _Broken(stored)
    outcomes: dict[tuple[str, str], tuple[int, str]] = {
        (check.rule, check.column): (_size_is_wrong(check, stored.rows), "") for check in checks if check.whole}
    for check, condition in _between_rows(stored, broken, checks):
        outcomes[check.rule, check.column] = _told(stored, check, condition, expectations, empty)
    for columns in stored.groups():
        asked = [check for check in checks if check.column in columns or (
            len(columns) > 1 and not check.column and not check.whole and (check.rule, "") not in outcomes)]
        if asked:
            for check, condition in broken.by_value(columns, asked, delivered, expectations):
                outcomes[check.rule, check.column] = (stored.count(condition) if condition else 0, condition)
    return _logged(stored, [*((check, *outcomes[check.rule, check.column]) for check in checks),
                            *_over_rows(stored, delivered, expectations, order or [*delivered, stored.plan.name])],
                   broken)


def _size_is_wrong(check: Check, rows: int) -> int:
    said = check.arguments
    return int(rows < said.get("min_value", 0) or rows != said.get("value", rows))


class _Broken:
    """Which rows of a stored extract break a rule, as conditions on its view."""

    def __init__(self, stored: Stored):
        self.stored, self.database, self.first = stored, stored.database, {}

    def by_value(self, columns: Sequence[str], checks: Sequence[Check], delivered: Mapping[str, Delivered],
                 expectations: Expectations) -> list[tuple[Check, str]]:
        """The checks that look at these columns only: each with the condition of rows that break it, or none."""
        called = f"{self.stored.plan.name} breaks {'+'.join(columns)}"
        tables = {number: f"{called} {number}" for number in range(len(checks))}
        numbers, some = {id(check): number for number, check in enumerate(checks)}, set()
        for held in self.stored.distinct(columns):
            frame = with_computed_columns(held, delivered)
            for check, positions in expectations.broken(held, checks, frame):
                if positions:
                    bad = held.frame[list(columns)].iloc[positions].fillna("")
                    self.database.keep(tables[numbers[id(check)]], bad)
                    some.add(numbers[id(check)])
        return [(check, holds(columns, tables[number]) if number in some else "")
                for number, check in enumerate(checks)]

    def again(self, rule: str, columns: Sequence[str], where: str) -> str:
        """The condition of rows in which these columns hold what an earlier row holds."""
        table = quoted(f"{self.stored.plan.name} has {rule}")
        cells, view = ", ".join(map(quoted, columns)), self.stored.view
        self.database.run(
            f"create or replace table {table} as with cells as (select position, hash({cells}) as h from {view} "
            f"where {where}), often as (select h from cells group by h having count(*) > 1), "
            f"alike as (select position, min(position) over (partition by {cells}) as first from {view} where {where} "
            f"and position in (select position from cells where h in (from often))) "
            f"select position, first from alike where position > first")
        self.first[rule] = table
        return f"position in (select position from {table})"


def _over_rows(stored: Stored, delivered: Mapping[str, Delivered], expectations: Expectations, order: Sequence[str],
               ) -> list[tuple[Check, int, str]]:
    """What rules over rows and tables say of the extract: each with how many rows break it, and which."""
    name, parts = stored.plan.name, max(1, -(-stored.rows // PEOPLES_ROWS)) if stored.person else 1
    some: dict[tuple[str, str], list[int]] = {}
    parts_told: dict[tuple[str, str], int] = {}
    whole: set[tuple[str, str]] = set()
    for part in range(parts):
        held, among = stored.read(f"hash({quoted(stored.person[0])}) % {parts} = {part}" if parts > 1 else "true")
        beside = {other: held if other == name else delivered[other]
                  for other in order if other == name or other in delivered}
        told = findings(beside, {rule for rule, _ in some} if part else None)[name]
        whole |= {(one.rule, one.column) for one in told if one.whole}
        if not told:
            return []
        at, checks = list(among), over_rows(held, told)
        for check, positions in expectations.broken(held, checks, words_over_rows(checks).reset_index(drop=True)):
            for rule, column, failed in check.told(positions):
                some.setdefault((rule, column), []).extend(at[position] if position >= 0 else -1 for position in failed)
                parts_told[rule, column] = parts_told.get((rule, column), 0) + 1
    outcomes = []
    for number, ((rule, column), positions) in enumerate(some.items()):
        check = Check(rule, column, "ExpectColumnValuesToBeInSet", {"value_set": ["holds"]}, (rule, column) in whole)
        if check.whole:  # such a rule says something of every row, and so it is broken where it is in every part
            outcomes.append((check, int(len(positions) == parts_told[rule, column]), ""))
            continue
        if positions:
            stored.database.keep(f"{name} over rows {number}", pd.DataFrame({"position": positions}))
        condition = f"(position in (select position from {quoted(f'{name} over rows {number}')}))" if positions else ""
        outcomes.append((check, len(positions), condition))
    return outcomes


def _between_rows(stored: Stored, broken: _Broken, checks: Sequence[Check]) -> list[tuple[Check, str]]:
    """The checks of what lies between rows, or in no cell of them, with the conditions of rows that break them."""
    asked = {check.rule: check for check in checks if not check.column}
    copies = broken.again(COPIES, stored.columns, "true")
    conditions = {COPIES: copies, SPACES: "spaced"}
    if KEYS in asked:
        key = [name for name in stored.plan.key if name in stored.columns]
        filled = " and ".join(f"{quoted(name)} is not null" for name in key)
        conditions[KEYS] = broken.again(KEYS, key, f"{filled} and not {copies}")
    return [(asked[rule], condition) for rule, condition in conditions.items()]


def _told(stored: Stored, check: Check, condition: str, expectations: Expectations, empty: Delivered,
          ) -> tuple[int, str]:
    """What DuckDB found, as words that the stock expectation is shown: how many rows it refuses, and which."""
    rows = stored.count(condition)
    words = pd.DataFrame({f"{check.rule}:{check.column}": ["holds"] * (rows < stored.rows) + ["broken"] * (rows > 0)})
    refused = [position for _, positions in expectations.broken(empty, [check], words) for position in positions]
    return (rows, condition) if refused else (0, "")


def _logged(stored: Stored, outcomes: Sequence[tuple[Check, int, str]], broken: _Broken) -> LargeValidation:
    """The rows that break rules, named in the log as far as it goes, and those to be left out in a table."""
    plan, database = stored.plan, stored.database
    places = {}
    for number, (_, rows, condition) in enumerate(outcomes):
        if rows and condition:
            places[number] = [at for (at,) in database.run(
                f"select position from {stored.view} where {condition} order by position limit {MOST_NAMED}")]
    wanted = {at for found in places.values() for at in found}
    for table in broken.first.values():
        if wanted:
            wanted |= {at for (at,) in database.run(f"select first from {table} where position in "
                                                    f"({', '.join(map(str, wanted))})")}
    named, among = stored.read(f"position in ({', '.join(map(str, sorted(wanted)))})" if wanted else "false")
    faults, checks = [], []
    for number, (check, rows, _) in enumerate(outcomes):
        checks.append([plan.name, check.column, check.rule, plan.severity(check.rule), stored.rows, rows])
        if check.whole:
            faults += [fault(named, check.rule, check.column, -1)] * rows
            continue
        shown = places.get(number, [])
        faults += [fault(named, check.rule, check.column, among[at]) for at in shown]
        if rows > len(shown):
            faults.append(more_faults(named, check.rule, check.column, rows - len(shown)))
    reasons = [(check.rule, condition) for check, rows, condition in outcomes
               if rows and condition and plan.severity(check.rule) == "excluded"]
    reasons.sort(key=lambda reason: list(RULES).index(reason[0]))
    table = quoted(f"{plan.name} leaves out") if reasons else ""
    cases = " ".join(f"when {condition} then {literal(rule)}" for rule, condition in reasons)
    if reasons:
        database.run(f"create or replace table {table} as select * from (select position, case {cases} end as reason "
                     f"from {stored.view}) where reason is not null")
    return LargeValidation(stored, pd.DataFrame(faults, columns=FAULTS), pd.DataFrame(checks, columns=CHECKS), named,
                           table)
