"""
Large extracts of issues in; what rules between a person's rows say of them, out.

The issues of some people at a time show which rows may break a rule (`together`): the rule itself is asked of those
only, with all rows that lie together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.extracts.checks.across import findings
from analysis.extracts.checks.expectations import over_rows, words_over_rows
from analysis.extracts.checks.prescriptions import drugs_of, of_no_issue, repeats_of, words_of
from analysis.extracts.checks.seen import POSITION, Seen
from analysis.extracts.large.groups import Group
from analysis.extracts.large.in_order import in_order
from analysis.extracts.large.together import NO_DRUG, NOT_COUNTED, Issues, Numbering

if TYPE_CHECKING:
    from analysis.extracts.large.rules import OverRows

TWICE, STRENGTHS, GAPS, SEVERAL = BETWEEN = (
    "issue not made twice", "one strength a day", "repeats without a gap", "one issue a row")
# Rule -> its column, a column besides COLUMNS that an extract must have, and the rows that the rule must be asked of.
ASKED: dict[str, tuple[str, str, Callable[[Issues], np.ndarray]]] = {
    TWICE: ("product", "", Issues.made_twice), STRENGTHS: ("product", "", Issues.of_two_strengths),
    GAPS: ("issued_on", "status", Issues.with_a_gap), SEVERAL: ("quantity", "quantity", Issues.with_several_in_one)}
TOGETHER = 500_000  # rows, about, that are in memory together
COLUMNS = ("patient_id", "product", "issued_on")
LOOKED_AT = (*COLUMNS, "status")
FURTHER = {SEVERAL: ("quantity", "directions")}  # what a rule looks at beside those
BLANK = ""  # an issue whose product is not said is one of the product ''
NO_ISSUE = 2  # of a status, beside 1 of a repeat and 0 of any other
NONE = -1 << 40  # the number of an issue without a person or a day: no rule says anything of it


def look_between(extracts: Sequence[OverRows]) -> None:
    """Holds the large extracts of prescriptions, all together, against the rules BETWEEN rows."""
    keyed = [one for one in extracts if one.stored.plan.table.name == "prescriptions" and one.counted.rows
             and set(COLUMNS) <= set(one.stored.columns)]
    if keyed:
        _AllIssues(keyed).look()


@dataclass
class _AllIssues:
    """The issues of all extracts, and the numbers that their people, products and quantities have."""

    extracts: Sequence[OverRows]
    people: dict[str, int] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    quantities: dict[float, int] = field(default_factory=dict)

    def __post_init__(self):
        # A row's number among those of all extracts is its position in its own and those of the ones before.
        self.before = np.cumsum([0, *(one.stored.positions for one in self.extracts)])

    def look(self) -> None:
        known = [self._known(one) for one in self.extracts]
        repeats = any((of["status"][1] == 1).any() for of in known if "status" in of)
        asked = [rule for rule in BETWEEN if rule != GAPS or repeats]
        for rule in asked:
            column, wanted, _ = ASKED[rule]
            for one in self.extracts:
                if not wanted or wanted in one.stored.columns:
                    one.also(rule, column, [])

        def may_break(parts: Sequence[Issues]) -> list[np.ndarray]:
            every = Issues.together(parts)
            return [ASKED[rule][2](every) for rule in asked]

        waiting: dict[str, list[np.ndarray]] = {rule: [] for rule in asked}
        for found in in_order(may_break, self._by_people(known)):
            for rule, rows in zip(asked, found, strict=True):
                waiting[rule].append(rows)
                if sum(map(len, waiting[rule])) >= TOGETHER:
                    self._ask(rule, waiting[rule])
                    waiting[rule] = []
        for rule, rows in waiting.items():
            self._ask(rule, rows)

    def _known(self, one: OverRows) -> dict[str, tuple]:
        """Of each column that counts its different texts and the number of each, the last that of a missing cell."""
        numbers = {"patient_id": lambda rows: _numbers(rows["patient_id"], self.people),
                   "product": lambda rows: _numbers(words_of(rows), self.words),
                   "issued_on": lambda rows: (rows["issued_on"] - pd.Timestamp(0)).dt.days}
        known = {column: self._numbered(one, column, of) for column, of in numbers.items()}
        known["product"][1][-1] = self.words.setdefault(BLANK, len(self.words))
        if "status" in one.stored.columns:
            known["status"] = self._numbered(one, "status", lambda rows: repeats_of(rows).astype("int64").mask(
                of_no_issue(rows), NO_ISSUE))
        if "quantity" in one.stored.columns:
            known["quantity"] = self._numbered(one, "quantity", lambda rows: 1 + _numbers(
                rows["quantity"].where(rows["quantity"] > 0), self.quantities))
        return known

    @staticmethod
    def _numbered(one: OverRows, column: str, numbers: Callable[[pd.DataFrame], pd.Series]) -> tuple:
        texts = one.counted.texts(column)
        held = one.counted.held((column,), pd.DataFrame({column: texts.to_pandas()}))
        rows = Seen({**one.beside, one.name: held}).rows(one.name)
        found = np.full(len(texts) + 1, NONE, "int64")
        found[rows[POSITION].to_numpy("int64")] = numbers(rows).astype("Int64").fillna(NONE).to_numpy("int64")
        return texts, found

    def _by_people(self, known: Sequence[dict[str, tuple]]) -> list[list[Issues]]:
        """The issues of some people after those of others, each in several pieces."""
        days = np.concatenate([of["issued_on"][1] for of in known])
        days = days[days != NONE]
        first, many = (int(days.min()), int(days.max() - days.min()) + 1) if len(days) else (0, 1)
        drug, drugs = self._drugs()
        numbering = Numbering(max(1, len(self.people)), len(self.words), many, drug, drugs,
                              np.array([np.nan, *self.quantities]),
                              self.extracts[0].stored.plan.setting.severities.days(GAPS))
        parts: list[list[Issues]] = [[] for _ in range(max(1, -(-int(self.before[-1]) // TOGETHER)))]
        for one, of, before in zip(self.extracts, known, self.before, strict=False):
            for group in one.counted.numbered(list(of), self._issues(of, numbering, first, before, len(parts))):
                for part, some in zip(parts, group, strict=True):
                    part.append(some)
        return parts

    def _drugs(self) -> tuple[np.ndarray, int]:
        """The number of each word's drug, and how many drugs there are that have several words."""
        drugs = drugs_of(pd.Series(list(self.words), dtype="str"))
        named = drugs.value_counts()
        several = {name: n for n, name in enumerate(named.index[named > 1])}
        return drugs.map(several).fillna(NO_DRUG).astype("int64").to_numpy(), max(1, len(several))

    @staticmethod
    def _issues(known: dict[str, tuple], numbering: Numbering, first: int, before: int, parts: int,
                ) -> Callable[[Group], list[Issues]]:
        """What makes issues of a group of rows of an extract, in so many parts by people."""
        def made(group: Group) -> list[Issues]:
            of = {name: numbers[group.numbers(name, texts)] for name, (texts, numbers) in known.items()}
            there = (of["patient_id"] != NONE) & (of["issued_on"] != NONE)
            number = (of["patient_id"] * numbering.words + of["product"]) * numbering.days + of["issued_on"] - first
            status = of.get("status", np.zeros(group.rows, "int64"))
            amount = np.maximum(of["quantity"], 0) if "quantity" in of else np.full(group.rows, NOT_COUNTED)
            issues = Issues(numbering, number, before + group.part.positions(), status == 1,
                            np.where(status == NO_ISSUE, NOT_COUNTED, amount).astype("int32"))
            return issues.some(there).by_people(parts)

        return made

    def _ask(self, rule: str, rows: Sequence[np.ndarray]) -> None:
        """The rule's word on these rows, which lie together."""
        ordered = np.sort(np.concatenate([np.zeros(0, "int64"), *rows]))
        if not len(ordered):
            return
        ends = np.searchsorted(ordered, self.before)
        chosen = [(one, ordered[begins:end] - before) for one, begins, end, before in zip(
            self.extracts, ends, ends[1:], self.before, strict=False) if end > begins]
        held = {one.name: one.counted.of_these(
            [name for name in (*LOOKED_AT, *FURTHER.get(rule, ())) if name in one.stored.columns], positions)
            for one, positions in chosen}
        first = self.extracts[0]
        beside = {name: held.get(name, first.beside.get(name)) for name in first.order
                  if name in held or name in first.beside and first.beside[name].plan.table.name != "prescriptions"}
        found = findings(beside, {rule})
        for one, positions in chosen:
            checks = over_rows(held[one.name], found[one.name])
            for check, broken in one.expectations.broken(
                    held[one.name], checks, words_over_rows(checks).reset_index(drop=True)) if checks else ():
                for _, told, failed in check.told(broken):
                    one.also(rule, told, positions[failed])


def _numbers(values: pd.Series, known: dict[str, int]) -> pd.Series:
    """A number for each different value, the same wherever it stands."""
    for value in values.dropna().unique():
        known.setdefault(value, len(known))
    return values.map(known)
