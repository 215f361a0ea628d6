"""
Issues of some people in; of each rule between rows, the rows that must be looked at together, out.

An issue is one whole number of person, product and day. Sorted, such numbers show quickly which rows may break a rule;
whether they do, the rule itself says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.extracts.checks.amounts import may_have_several, several_in_one
from analysis.extracts.checks.prescriptions import APART, IN_A_ROW

NO_DRUG = -1  # of a product that names no opioid, or the only one that names its drug
NOT_COUNTED = -1  # the quantity of a row that is no issue; 0 where none is known


@dataclass(frozen=True)
class Numbering:
    """
    What the numbers of issues are made of: so many `people`, `words` (products) and `days`; the drug of each word, of
    so many `drugs`; the known quantities, the first of which is none.
    """

    people: int
    words: int
    days: int
    drug: np.ndarray
    drugs: int
    quantities: np.ndarray
    allowed_gap: int  # days between repeats

    @property
    def of_one_person(self) -> int:
        """How many numbers one person has."""
        return self.words * self.days


@dataclass(frozen=True)
class Issues:
    """
    Every issue of some people: its number, which `row` of all it is, whether it is a `repeat`, and the number of its
    quantity, the `amount`.
    """

    of: Numbering
    number: np.ndarray
    row: np.ndarray
    repeat: np.ndarray
    amount: np.ndarray

    @staticmethod
    def together(parts: Sequence[Issues]) -> Issues:
        """The issues of several parts, sorted by person, product and day."""
        every = Issues(parts[0].of, *(np.concatenate([getattr(part, name) for part in parts])
                                      for name in ("number", "row", "repeat", "amount")))
        return every.some(_sorting(every.number))

    def some(self, such: np.ndarray | slice) -> Issues:
        """Those that are so, or that stand there."""
        return Issues(self.of, self.number[such], self.row[such], self.repeat[such], self.amount[such])

    def by_people(self, parts: int) -> list[Issues]:
        """In so many parts, none of which has a person of another: by the numbers of the people."""
        if parts == 1:
            return [self]
        part = (self.number // self.of.of_one_person * parts // self.of.people).astype("uint16")
        order = np.argsort(part, kind="stable")
        ends = np.cumsum(np.bincount(part, minlength=parts))
        ordered = self.some(order)
        return [ordered.some(slice(begins, end)) for begins, end in zip([0, *ends], ends, strict=False)]

    @cached_property
    def line(self) -> np.ndarray:
        """Person and product."""
        return self.number // self.of.days

    @cached_property
    def day(self) -> np.ndarray:
        return self.number - self.line * self.of.days

    def made_twice(self) -> np.ndarray:
        """The rows of a person, product and day that has several."""
        again = self.number[1:] == self.number[:-1]
        return self.row[np.r_[False, again] | np.r_[again, False]] if len(again) else self.row[:0]

    def of_two_strengths(self) -> np.ndarray:
        """The rows of a person and a day with one drug under two names."""
        person = self.line // self.of.words
        drug = self.of.drug[self.line - person * self.of.words]
        at = np.flatnonzero(drug != NO_DRUG)
        number = self.number[at]
        of_the_drug = (person[at] * self.of.drugs + drug[at]) * self.of.days + self.day[at]
        once = np.r_[True, number[1:] != number[:-1]] if len(number) else np.zeros(0, bool)
        names = of_the_drug[once]
        names.sort()
        several = np.unique(names[1:][names[1:] == names[:-1]])
        return self.row[at[np.isin(of_the_drug, several)]]

    def with_a_gap(self) -> np.ndarray:
        """The rows of repeats of a person and product that are monthly but for a long gap."""
        line, day, row = self.line[self.repeat], self.day[self.repeat], self.row[self.repeat]
        same = line[1:] == line[:-1]
        apart, of_one = (day[1:] - day[:-1])[same], line[1:][same]
        if not len(apart):
            return row[:0]
        begins = np.flatnonzero(np.r_[True, of_one[1:] != of_one[:-1]])
        number, longest = np.diff(np.r_[begins, len(apart)]), np.maximum.reduceat(apart, begins)
        at = np.flatnonzero(apart == np.repeat(longest, number))
        once = at[np.r_[True, of_one[at][1:] != of_one[at][:-1]]]  # one of the longest of each
        apart[once] = -1
        others = np.maximum.reduceat(apart, begins)
        such = (number >= IN_A_ROW) & (others <= APART) & (longest > self.of.allowed_gap)
        return row[np.isin(line, of_one[begins][such])]

    def with_several_in_one(self) -> np.ndarray:
        """The rows of a person and product of which one may hold several issues."""
        import pandas as pd

        counted = self.some(self.amount != NOT_COUNTED)
        may = counted.some(may_have_several(counted.line, counted.amount, self.of.quantities))
        rows = pd.DataFrame({"line": may.line, "day": may.day, "quantity": self.of.quantities[may.amount]})
        return counted.row[np.isin(counted.line, rows.loc[several_in_one(rows), "line"].unique())]


def _sorting(numbers: np.ndarray) -> np.ndarray:
    """Where each of the sorted numbers stood; two alike stay as they stood."""
    if not len(numbers):
        return np.zeros(0, "int64")
    places = len(numbers).bit_length()
    first = numbers.min()
    if int(numbers.max() - first).bit_length() + places > 63:
        return np.argsort(numbers, kind="stable")
    # Sorting numbers that end with their place takes a fifth of the time of sorting the places.
    both = (numbers - first << places) | np.arange(len(numbers))
    both.sort()
    return both & (1 << places) - 1
