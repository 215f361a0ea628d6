"""A column's heading and cells in; what kind of values they are, out. Nothing here says what a column means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.extracts.checks.rules import nhs_number_is_valid
from analysis.extracts.column_plan import OLDEST
from analysis.extracts.durations import is_duration
from analysis.extracts.proposal.dates import formats
from analysis.reference.vocabulary import is_missing, is_private, prefix_of, spelled

MOST = 0.9  # this part of the values must be of a kind, where a fault or two must not hide it
MOST_CODES = 40  # a column with more different values is no list of codes
LONGEST_CODE = 60
LONGEST_NAME = 4  # words of a label: a longer one is a question, in which "house" or "note" may stand
YEAR = re.compile(r"(18|19|20)\d\d")


@dataclass(frozen=True)
class Guess:
    """
    What a column holds: `kind` is private, empty, nhs_number, date, integer, number, category, id or text.

    `formats` are those that fit every value of a date, or nearly every one where `faulty`; `missing` the words that
    stand for an empty cell; `distinct` how many different values there are; `unique` whether none stands twice.
    """

    heading: str
    kind: str
    formats: tuple[str, ...] = ()
    faulty: bool = False
    missing: tuple[str, ...] = ()
    blanks: int = 0
    distinct: int = 0
    unique: bool = False
    dated: bool = False
    words: int = 0  # in the longest values
    lowest: float = 0
    highest: float = 0
    durations: bool = False  # "30 mins", "1 hr 15": lengths of time with words
    label: str = ""  # the words that a Stata or SPSS file has for the heading
    meant: str = ""  # the heading without the time point that it names; the heading itself where it names none

    @property
    def format(self) -> str:
        return self.formats[0] if self.formats else ""

    def can_be(self, kind: str) -> bool:
        """Whether the values could be of a canonical type."""
        if self.kind in ("private",):
            return False
        if self.kind == "empty":
            return True
        fits = {"date": {"date"}, "nhs_number": {"nhs_number"}, "integer": {"integer"},
                "number": {"integer", "number"}, "id": {"id", "integer", "nhs_number", "category"},
                "category": {"category", "integer", "id"}, "text": {"text", "category", "id", "integer", "number"}}
        if kind == "category":
            return self.kind in fits[kind] and self.distinct <= MOST_CODES
        return self.kind in fits[kind] or (kind == "id" and self.kind == "text" and self.words == 1)


def guess(heading: str, cells: Sequence[str], dated: bool = False, meant: str = "", label: str = "") -> Guess:
    """The kind of a column. Cells under a private heading, or a private label of few words, are not looked into."""
    if is_private(label) and len(label.split()) <= LONGEST_NAME:
        return Guess(heading, "private", meant=meant or heading, label=label)
    made = replace(_guess(heading, cells, dated), meant=meant or heading, label=label)
    worded = made.kind in ("category", "id", "text") and _part(
        [cell for cell in cells if cell and cell not in made.missing], is_duration) >= MOST
    return replace(made, durations=worded)


def _guess(heading: str, cells: Sequence[str], dated: bool) -> Guess:
    if is_private(heading):
        return Guess(heading, "private")
    filled = [cell for cell in cells if cell]
    missing = tuple(sorted(cell for cell in set(filled) if is_missing(cell)))
    values = [cell for cell in filled if cell not in missing]
    if not values:
        return Guess(heading, "empty", missing=missing, blanks=len(cells))
    counts = Counter(values)
    about = {"missing": missing, "blanks": len(cells) - len(filled), "distinct": len(counts), "dated": dated,
             "unique": len(counts) == len(values) and len(values) == len(cells)}
    if _part(values, nhs_number_is_valid) >= MOST:
        return Guess(heading, "nhs_number", **about)
    if dated:
        return Guess(heading, "date", ("%Y-%m-%d",) if formats(values) else (), **about)
    if found := formats(values):
        return Guess(heading, "date", tuple(found), **about)
    if found := formats(values, MOST):
        return Guess(heading, "date", tuple(found), faulty=True, **about)
    whole, numbers = re.compile(r"-?(0|[1-9]\d{0,8})").fullmatch, re.compile(r"-?\d{1,12}(\.\d+)?").fullmatch
    padded = any(len(value) > 1 and value[0] == "0" and value.isdecimal() for value in counts)  # "01" is a code
    for kind, is_one in (("integer", whole), ("number", numbers)) if not padded else ():
        if _part(values, is_one) >= MOST and not (kind == "number" and all(len(v) > 9 for v in values)):
            amounts = [float(value) for value in counts if is_one(value)]
            few = kind == "integer" and len(counts) <= 12 and len(values) >= 5 * len(counts)
            return Guess(heading, kind, faulty=_part(values, is_one) < 1, lowest=min(amounts), highest=max(amounts),
                         **(about | ({"words": 1} if few else {})))
    words = max(len(value.split()) for value in counts)
    longest = max(len(value) for value in counts)
    repeated = len(values) >= 2 * len(counts) or len(counts) <= 8
    if len(counts) <= MOST_CODES and longest <= LONGEST_CODE and repeated and not _like_an_id(counts):
        return Guess(heading, "category", words=words, **about)
    if words == 1 and longest <= 40:
        return Guess(heading, "id", words=words, **about)
    return Guess(heading, "text", words=words, **about)


def questionnaires(guesses: Sequence[Guess]) -> dict[str, tuple[str, ...]]:
    """
    Columns whose headings are numbered from 1 up, by the words before the number: the items of a questionnaire.

    Only whole numbers count, two columns or more; what of them may stand for no answer (99, -9) is not weighed here.
    """
    found: dict[str, dict[int, str]] = {}
    for one in guesses:
        _, words, number = prefix_of(one.meant)
        if words and one.kind in ("integer", "empty") and abs(one.lowest) < 10_000 and abs(one.highest) < 10_000:
            found.setdefault(words, {})[number] = one.heading
    return {words: tuple(items[number] for number in sorted(items)) for words, items in found.items()
            if len(items) >= 2 and sorted(items) == list(range(1, len(items) + 1))}


def is_year(one: Guess) -> bool:
    """Whether the whole numbers of a column could be years of birth."""
    return one.kind == "integer" and bool(YEAR.fullmatch(str(int(one.lowest)))) and bool(
        YEAR.fullmatch(str(int(one.highest))))


def is_age(one: Guess) -> bool:
    """Whether a column says that it holds ages, and its whole numbers could be some."""
    said = f"{spelled(one.meant)} {spelled(one.label)}".split()
    return one.kind == "integer" and "age" in said and 0 <= one.lowest <= one.highest <= OLDEST


def _part(values: Sequence[str], is_one) -> float:
    """Which part of the values is one; of a hundred of them where hardly any of those is."""
    some = values[::max(1, len(values) // 100)]
    part = sum(bool(is_one(value)) for value in some) / len(some)
    return part if part < MOST - 0.3 else sum(bool(is_one(value)) for value in values) / len(values)


def _like_an_id(counts: Counter) -> bool:
    """Codes as "C001" or "9f86-d081": each value has digits, and most of them are many."""
    return len(counts) > 2 and all(re.search(r"\d", value) and " " not in value and len(value) >= 3
                                   for value in counts)
