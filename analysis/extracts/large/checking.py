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

from analysis.extracts.checks.expectations import CHECKS, Check, Expectations, suite, with_computed_columns
from analysis.extracts.checks.faults import FAULTS, fault, faults_at, more_faults
from analysis.extracts.checks.rules import RULES
from analysis.extracts.large.database import literal, quoted, repeated
from analysis.extracts.large.repeats import look_between
from analysis.extracts.large.rules import OverRows
from analysis.extracts.large.stored import Stored, holds
from analysis.extracts.read import FILE, ROW, Delivered

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


def validate_large(large: Mapping[str, Stored], delivered: Mapping[str, Delivered], expectations: Expectations,
                   order: Sequence[str]) -> dict[str, LargeValidation]:
    """
    The large extracts held against their suites, by name; `delivered` are the others, in the `order` of the definition.

    Rules over rows see each large extract beside those that are held in memory; rules between the rows of a table see
    all large extracts of it together.
    """
    found = {name: _of_cells(stored, delivered, expectations) for name, stored in large.items()}
    over = {name: OverRows(stored, *_uncounted(stored, found[name][0]), delivered, order, expectations)
            for name, stored in large.items()}
    for one in over.values():
        one.look()
    look_between(list(over.values()))
    return {name: _logged(stored, [*found[name][0], *over[name].broken()], found[name][1])
            for name, stored in large.items()}


def _of_cells(stored: Stored, delivered: Mapping[str, Delivered], expectations: Expectations,
              ) -> tuple[list[tuple[Check, int, str]], _Broken]:
    """The checks of the extract's own suite, with how many rows break each, and which."""
    empty = Delivered(stored.plan, pd.DataFrame(columns=[FILE, ROW, *stored.columns]).astype("str"), (),
                      pd.DataFrame(index=range(stored.set_aside)))
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
    return [(check, *outcomes[check.rule, check.column]) for check in checks], broken


def _uncounted(stored: Stored, found: Sequence[tuple[Check, int, str]]) -> tuple[str, str]:
    """The conditions of copies and of late rows, of which no other rule has anything to say."""
    late = {column.name for column in stored.plan.delivered if column.latest and not column.earliest}
    copies = [condition for check, rows, condition in found if rows and check.rule == COPIES]
    too_late = [condition for check, rows, condition in found
                if rows and check.rule == "before the data cut" and check.column in late]
    return tuple(f"({' or '.join(such)})" if such else "false" for such in (copies, too_late))


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
        often = self.stored.kept_aside(pd.DataFrame({"h": repeated(self.database.numbers(
            f"select hash({cells}) as h from {view} where {where}")["h"])}))
        self.database.run(
            f"create or replace table {table} as with alike as (select position, min(position) over (partition by "
            f"{cells}) as first from {view} where {where} and hash({cells}) in (select h from {quoted(often)})) "
            f"select position, first from alike where position > first")
        self.first[rule] = table
        return f"position in (select position from {table})"


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
            line = dict(zip(FAULTS, fault(named, check.rule, check.column, -1), strict=True))
            if check.rule == "rows as declared":
                line["found"] = f"{stored.rows + stored.set_aside} rows"
            faults += [list(line.values())] * rows
            continue
        shown = places.get(number, [])
        faults += faults_at(named, check.rule, check.column, [among[at] for at in shown])
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
