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
from analysis.extracts.checks.prescriptions import APART, IN_A_ROW, drugs_of, repeats_of, words_of
from analysis.extracts.database import quoted, repeated
from analysis.extracts.expectations import over_rows, words_over_rows
from analysis.extracts.seen import POSITION, Seen

if TYPE_CHECKING:
    from analysis.extracts.large_rules import OverRows

TWICE, STRENGTHS, GAPS = "issue not made twice", "one strength a day", "repeats without a gap"
BETWEEN = (TWICE, STRENGTHS, GAPS)
TOGETHER = 500_000  # rows, about, that are in memory together
BLANK = ""  # an issue whose product is not said is one of the product ''


def look_between(extracts: Sequence[OverRows]) -> None:
    """Holds the large extracts of prescriptions, all together, against the rules BETWEEN rows."""
    keyed = [one for one in extracts if one.stored.plan.table.name == "prescriptions" and one.counted.rows
             and {"patient_id", "product", "issued_on"} <= set(one.stored.columns)]
    if keyed:
        _Issues(keyed).look()


@dataclass
class _Issues:
    extracts: Sequence[OverRows]
    people: dict[str, int] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)

    def look(self) -> None:
        self.relations = [self._relation(one) for one in self.extracts]
        days = [day for one in self.extracts for day in one.stored.database.run(
            f"select min(n), max(n) from {self._table(one, 'issued_on')}")[0] if day is not None]
        self.first, self.days = (min(days), max(days) - min(days) + 1) if days else (0, 1)
        found = [one.stored.database.numbers(f"select {self._key} as key, repeat from {relation}")
                 for one, relation in zip(self.extracts, self.relations, strict=True)]
        key = np.concatenate([some["key"] for some in found])
        again = key[np.concatenate([some["repeat"] for some in found]).astype(bool)]
        strengths = self._of_two_strengths(key)
        self._ask(TWICE, "product", self._key, repeated(key))
        self._ask(STRENGTHS, "product", self._key, strengths)
        if any(one.stored.database.one(f"select coalesce(bool_or(n), false) from {self._table(one, 'status')}")
               for one in self.extracts if "status" in one.stored.columns):
            allowed = self.extracts[0].stored.plan.setting.severities.days(GAPS)
            self._ask(GAPS, "issued_on", f"case when repeat then {self._key} // {self.days} end",
                      _with_a_gap(np.sort(again), self.days, allowed))

    @property
    def _key(self) -> str:
        """One number of person, product and day."""
        return f"((person * {len(self.words)} + words) * {self.days} + day - {self.first})"

    def _relation(self, one: OverRows) -> str:
        """The query of an extract's issues as numbers: position, person, words of the product, day, repeat or not."""
        self._keep(one, "patient_id", lambda rows: _numbers(rows["patient_id"], self.people))
        self._keep(one, "product", lambda rows: _numbers(words_of(rows), self.words))
        self._keep(one, "issued_on", lambda rows: (rows["issued_on"] - pd.Timestamp(0)).dt.days)
        repeat, join = "false", ""
        if "status" in one.stored.columns:
            self._keep(one, "status", repeats_of)
            repeat, join = "coalesce(s.n, false)", f"left join {self._table(one, 'status')} s on s.of = t.status"
        return (f"(select t.position, p.n::bigint as person, w.n::bigint as words, d.n::bigint as day, "
                f"{repeat} as repeat from {one.counted.view} t "
                f"join {self._table(one, 'patient_id')} p on p.of = t.patient_id "
                f"join {self._table(one, 'product')} w on w.of = coalesce(t.product, '{BLANK}') "
                f"join {self._table(one, 'issued_on')} d on d.of = t.issued_on {join})")

    @staticmethod
    def _table(one: OverRows, column: str) -> str:
        return quoted(f"{one.name} numbers of {column}")

    def _keep(self, one: OverRows, column: str, numbers: Callable[[pd.DataFrame], pd.Series]) -> None:
        """A table with the number of each different text of a column; what has none is left out."""
        one.stored.database.run(f"drop table if exists {self._table(one, column)}")
        for held in one.counted.distinct((column,)):
            rows = Seen({**one.beside, one.name: held}).rows(one.name)
            text = held.frame[column].loc[rows[POSITION]].fillna(BLANK)
            made = pd.DataFrame({"of": text.to_numpy(), "n": numbers(rows).to_numpy()}).dropna()
            kind = "bool" if column == "status" else "int64"
            one.stored.database.keep(f"{one.name} numbers of {column}", made.astype({"of": "str", "n": kind}))

    def _of_two_strengths(self, key: np.ndarray) -> np.ndarray:
        """The numbers of issues to a person on a day of one opioid under two names."""
        drugs = drugs_of(pd.Series(list(self.words), dtype="str"))
        named = drugs.value_counts()
        several = {name: n for n, name in enumerate(named.index[named > 1])}
        drug = drugs.map(several).fillna(-1).astype("int64").to_numpy()
        words = key // self.days % max(1, len(self.words))
        some = key[drug[words] >= 0] if len(drug) else key[:0]
        words = some // self.days % max(1, len(self.words))
        together = (some // self.days // max(1, len(self.words)) * max(1, len(named)) + drug[words]) * self.days
        together += some % self.days
        order = np.lexsort((words, together))
        together, words, some = together[order], words[order], some[order]
        differs = (together[1:] == together[:-1]) & (words[1:] != words[:-1])
        return np.unique(some[np.isin(together, together[1:][differs])])

    def _ask(self, rule: str, column: str, number: str, candidates: np.ndarray) -> None:
        """The rule's word on all rows that have one of these numbers, some of them at a time."""
        for one in self.extracts:
            one.also(rule, column, [])
        for chosen in self._slices(number, candidates):
            read = {one.name: one.counted.read(f"position in (select position from {quoted(table)})")
                    for one, table in chosen}
            held = {name: some for name, (some, _) in read.items()}
            first = self.extracts[0]
            beside = {name: held.get(name, first.beside.get(name)) for name in first.order
                      if name in held or name in first.beside and first.beside[name].plan.table.name != "prescriptions"}
            found = findings(beside, {rule})
            for one, _ in chosen:
                checks = over_rows(held[one.name], found[one.name])
                at = list(read[one.name][1])
                for check, positions in one.expectations.broken(
                        held[one.name], checks, words_over_rows(checks).reset_index(drop=True)) if checks else ():
                    for _, told, failed in check.told(positions):
                        one.also(rule, told, [at[position] for position in failed])

    def _slices(self, number: str, candidates: np.ndarray) -> Iterator[list[tuple[OverRows, str]]]:
        """Tables of positions by extract: of rows with these numbers, those of one number always together."""
        if not len(candidates):
            return
        database = self.extracts[0].stored.database
        table = self.extracts[0].counted.kept_aside(pd.DataFrame({"number": candidates}))
        rows = [database.numbers(f"select position, {number} as number from {relation} "
                                 f"where {number} in (select number from {quoted(table)})")
                for relation in self.relations]
        ranks = [np.searchsorted(candidates, some["number"]) for some in rows]
        reach = np.cumsum(np.bincount(np.concatenate(ranks), minlength=len(candidates)))
        part = reach // TOGETHER
        for n in np.unique(part):
            yield [(one, one.counted.kept_aside(pd.DataFrame({"position": some["position"][part[rank] == n]})))
                   for one, some, rank in zip(self.extracts, rows, ranks, strict=True) if (part[rank] == n).any()]


def _numbers(values: pd.Series, known: dict[str, int]) -> pd.Series:
    """A number for each different value, the same wherever it stands."""
    for value in values.dropna().unique():
        known.setdefault(value, len(known))
    return values.map(known)


def _with_a_gap(ordered: np.ndarray, days: int, allowed: int) -> np.ndarray:
    """Of sorted numbers, person and product (without the day) of repeats that are monthly but for a long gap."""
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
