"""
Large extracts of issues in; what rules between a person's rows say of them, out.

An issue becomes one whole number of person, product and day. Sorted, such numbers show which rows may break a rule: the
rule itself is asked of those only, with all rows that lie together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.extracts.across import findings
from analysis.extracts.checks.amounts import may_have_several, several_in_one
from analysis.extracts.checks.prescriptions import APART, IN_A_ROW, drugs_of, of_no_issue, repeats_of, words_of
from analysis.extracts.expectations import over_rows, words_over_rows
from analysis.extracts.large.database import repeated
from analysis.extracts.large.groups import Group
from analysis.extracts.large.in_order import in_order
from analysis.extracts.seen import POSITION, Seen

if TYPE_CHECKING:
    from analysis.extracts.large.rules import OverRows

TWICE, STRENGTHS, GAPS, SEVERAL = BETWEEN = (
    "issue not made twice", "one strength a day", "repeats without a gap", "one issue a row")
TOGETHER = 500_000  # rows, about, that are in memory together
AT_ONCE = 1_000_000  # numbers that a processor works at
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
        _Issues(keyed).look()


@dataclass
class _Issues:
    """
    The issues of all extracts: of each the number of every row that counts, which of them are repeats, and which of the
    different quantities each has, from 1 on: 0 where none is known.
    """

    extracts: Sequence[OverRows]
    people: dict[str, int] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    quantities: dict[float, int] = field(default_factory=dict)
    numbers: list[np.ndarray] = field(default_factory=list)
    repeats: list[np.ndarray | None] = field(default_factory=list)
    amounts: list[np.ndarray | None] = field(default_factory=list)

    def look(self) -> None:
        known = [self._known(one) for one in self.extracts]
        days = np.concatenate([of["issued_on"][1] for of in known])
        days = days[days != NONE]
        self.first, self.days = (int(days.min()), int(days.max() - days.min()) + 1) if len(days) else (0, 1)
        for one, of in zip(self.extracts, known, strict=True):
            self._number(one, of)
        key = np.concatenate([key[key != NONE] for key in self.numbers])
        again = np.concatenate([key[repeat & (key != NONE)] for key, repeat in zip(
            self.numbers, self.repeats, strict=True) if repeat is not None] or [key[:0]])
        twice = repeated(key)  # from here on `key` is sorted
        strengths = self._of_two_strengths(key)
        del key
        self._ask(TWICE, "product", self.numbers, twice)
        self._ask(STRENGTHS, "product", self.numbers, strengths)
        if len(again):
            allowed = self.extracts[0].stored.plan.setting.severities.days(GAPS)
            again.sort()
            gaps = _with_a_gap(again, self.days, allowed)
            del again
            self._ask(GAPS, "issued_on", [
                None if repeat is None else np.where(repeat & (key != NONE), key // self.days, NONE)
                for key, repeat in zip(self.numbers, self.repeats, strict=True)], gaps)
        self._look_for_several()

    def _look_for_several(self) -> None:
        """Asks the rule SEVERAL of all issues of a person and product that can break it."""
        counted = [None if amount is None else (key != NONE) & (amount >= 0)
                   for key, amount in zip(self.numbers, self.amounts, strict=True)]
        if any(rows is not None for rows in counted):
            candidates = self._with_several(counted)
            self._ask(SEVERAL, "quantity", [
                None if rows is None else np.where(rows, key // self.days, NONE) if len(candidates) else key
                for key, rows in zip(self.numbers, counted, strict=True)], candidates)

    def _with_several(self, counted: Sequence[np.ndarray | None]) -> np.ndarray:
        """Person and product, in order, of which some issue may be several, of the rows that are counted."""
        key, amount = (np.concatenate([of[rows] for of, rows in zip(every, counted, strict=True) if rows is not None])
                       for every in (self.numbers, self.amounts))
        many = len(self.quantities) + 1
        if len(key) and int(key.max()) >= (2**63 - many) // many:  # too large for one number with the quantity
            order = np.argsort(key, kind="stable")
            key, amount = key[order], amount[order]
            parts = ((key[some], amount[some]) for some in _of_lines(key, self.days))
        else:
            both = key * many + amount
            del key, amount
            both.sort()
            parts = (np.divmod(both[some], many) for some in _of_lines(both, self.days * many))
        known = np.array([np.nan, *self.quantities])

        def several(part: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
            (line, day), amount = np.divmod(part[0], self.days), part[1]
            may = may_have_several(line, amount, known)
            rows = pd.DataFrame({"line": line[may], "day": day[may], "quantity": known[amount[may]]})
            return rows.loc[several_in_one(rows), "line"].unique()

        return np.concatenate([np.empty(0, "int64"), *in_order(several, parts)])

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

    def _number(self, one: OverRows, known: dict[str, tuple]) -> None:
        """One number of person, product and day for each row."""
        words = len(self.words)

        def numbered(group: Group) -> tuple[np.ndarray, ...]:
            of = {name: numbers[group.numbers(name, texts)] for name, (texts, numbers) in known.items()}
            key = np.where((of["patient_id"] != NONE) & (of["issued_on"] != NONE),
                           (of["patient_id"] * words + of["product"]) * self.days + of["issued_on"] - self.first, NONE)
            status, amount = of.get("status"), of.get("quantity")
            if amount is not None:
                amount = np.where(amount == NONE, 0, amount)
                amount = amount if status is None else np.where(status == NO_ISSUE, -1, amount)
            return key, None if status is None else status == 1, None if amount is None else amount.astype("int32")

        found = list(one.counted.numbered(list(known), numbered))
        for every, n in ((self.numbers, 0), (self.repeats, 1), (self.amounts, 2)):
            every.append(None if found[0][n] is None else np.concatenate([of[n] for of in found]))

    def _of_two_strengths(self, ordered: np.ndarray) -> np.ndarray:
        """The numbers of issues to a person on a day of one opioid under two names, of sorted ones."""
        drugs = drugs_of(pd.Series(list(self.words), dtype="str"))
        named = drugs.value_counts()
        several = {name: n for n, name in enumerate(named.index[named > 1])}
        if not several:
            return ordered[:0]
        drug = drugs.map(several).fillna(-1).astype("int64").to_numpy()

        def some_of(numbers: np.ndarray) -> np.ndarray:
            numbers = numbers[np.r_[True, numbers[1:] != numbers[:-1]]] if len(numbers) else numbers
            return numbers[drug[numbers // self.days % len(self.words)] >= 0]

        some = np.unique(np.concatenate(list(in_order(some_of, _slices(ordered)))))
        person, words = some // self.days // len(self.words), some // self.days % len(self.words)
        together = (person * len(several) + drug[words]) * self.days + some % self.days
        # Each number is there once: two of one person, drug and day are two names.
        return some[np.isin(together, repeated(together.copy()))]

    def _ask(self, rule: str, column: str, numbers: Sequence[np.ndarray | None], candidates: np.ndarray) -> None:
        """The rule's word on all rows that have one of these numbers, some at a time; None: not of this extract."""
        asked = [(one, of) for one, of in zip(self.extracts, numbers, strict=True) if of is not None]
        for one, _ in asked:
            one.also(rule, column, [])
        for chosen in self._together(asked, candidates):
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

    @staticmethod
    def _together(asked: Sequence[tuple[OverRows, np.ndarray]], candidates: np.ndarray,
                  ) -> Iterator[list[tuple[OverRows, np.ndarray]]]:
        """Positions by extract, in order: of rows with these numbers, those of one number always together."""
        if not len(candidates):
            return
        rows = [_where(of, candidates) for _, of in asked]
        reach = np.cumsum(np.bincount(np.concatenate([rank for _, rank in rows]), minlength=len(candidates)))
        part = reach // TOGETHER
        places = [np.arange(len(of)) if one.counted.kept is None else np.flatnonzero(one.counted.kept)
                  for one, of in asked]
        for n in np.unique(part):
            chosen = [(one, place[at[part[rank] == n]])
                      for (one, _), place, (at, rank) in zip(asked, places, rows, strict=True)]
            yield [(one, positions) for one, positions in chosen if len(positions)]


def _slices(numbers: np.ndarray) -> Iterator[np.ndarray]:
    for begins in range(0, max(1, len(numbers)), AT_ONCE):
        yield numbers[begins:begins + AT_ONCE]


def _where(numbers: np.ndarray, candidates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where numbers are that are among the candidates, and which of those each is."""
    import pyarrow as pa
    import pyarrow.compute as pc

    known = pa.array(candidates)

    def found(some: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        rank = pc.index_in(pa.array(some), value_set=known).fill_null(-1).to_numpy(zero_copy_only=False)
        at = np.flatnonzero(rank >= 0)
        return at, rank[at]

    every = list(in_order(found, _slices(numbers)))
    at = np.concatenate([n * AT_ONCE + at for n, (at, _) in enumerate(every)])
    return at, np.concatenate([rank for _, rank in every])


def _numbers(values: pd.Series, known: dict[str, int]) -> pd.Series:
    """A number for each different value, the same wherever it stands."""
    for value in values.dropna().unique():
        known.setdefault(value, len(known))
    return values.map(known)


def _with_a_gap(ordered: np.ndarray, days: int, allowed: int) -> np.ndarray:
    """Of sorted numbers, person and product (without the day) of repeats that are monthly but for a long gap."""
    parts = (ordered[some] for some in _of_lines(ordered, days))
    return np.concatenate([ordered[:0], *in_order(lambda part: _gap_in(part, days, allowed), parts)])


def _of_lines(ordered: np.ndarray, width: int) -> Iterator[slice]:
    """Parts of sorted numbers; a line is so many numbers wide, and none is in two parts."""
    ends = {0, len(ordered)}
    for begins in range(AT_ONCE, len(ordered), AT_ONCE):
        ends.add(int(np.searchsorted(ordered, (ordered[begins] // width + 1) * width)))
    bounds = sorted(ends)
    yield from map(slice, bounds, bounds[1:])


def _gap_in(ordered: np.ndarray, days: int, allowed: int) -> np.ndarray:
    group, day = ordered // days, ordered % days
    same = group[1:] == group[:-1]
    apart, group = (day[1:] - day[:-1])[same], group[1:][same]
    if not len(apart):
        return group
    begins = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    number, longest = np.diff(np.r_[begins, len(apart)]), np.maximum.reduceat(apart, begins)
    at = np.flatnonzero(apart == np.repeat(longest, number))
    once = at[np.r_[True, group[at][1:] != group[at][:-1]]]  # one of the longest of each
    apart[once] = -1
    others = np.maximum.reduceat(apart, begins)
    return group[begins][(number >= IN_A_ROW) & (others <= APART) & (longest > allowed)]
