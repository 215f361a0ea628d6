"""Summary: the one shape that every measure returns. True numbers with their derivation; nothing here can be shown."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

CURRENCIES = ("£", "€", "$")  # units that are written before their number
Kind = Literal["count", "sum", "ratio", "lower", "upper", "total", "value", "text", "survival", "derived", "verdict"]

# Minutes are written in fives: a sum of them that is rounded to 5 stays what it was, and the sums of all sites but one
# would tell that of the one. So many fives that 5 of these steps are an hour.
MINUTES = 12
P = "p value"  # the unit of a probability, which is printed as less than its last place where it is


def cell_id(measure: str, population: str, dimensions: Mapping[str, str], statistic: str) -> str:
    """
    A cell's identity, from what the number says and never from where it stands.

    The same number on two pages has one id; ten hexadecimal digits of SHA-256 over the four parts in a fixed order.
    """
    said = [measure, population, *(f"{k}={dimensions[k]}" for k in sorted(dimensions)), statistic]
    said = "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in said)
    return hashlib.sha256(said.encode()).hexdigest()[:10]


@dataclass(frozen=True)
class Cell:
    """
    One true number.

    `n` is how many people it rests upon (for a count of people: itself), which is what disclosure control asks.
    `value` is None where the number cannot be computed; `absent` then says why, in words.
    """

    measure: str
    population: str
    statistic: str
    kind: Kind
    value: float | None
    n: int
    unit: str = ""
    digits: int = 0
    dimensions: tuple[tuple[str, str], ...] = ()
    # ratios, and the ends of their intervals: ids of the two cells they are computed from, again after protection;
    # values and texts: the numerator is the id of a number that they tell
    numerator: str = ""
    denominator: str = ""
    # ids: totals, of the cells they are the sum of; survival, of its steps; derived and verdict, of what it is about
    parts: tuple[str, ...] = ()
    absent: str = ""
    # derived: what of derived.FORMULAS is computed from the parts, again after protection; verdict: which of
    # verdicts.VERDICTS is asked of them
    formula: str = ""
    text: str = ""  # kind 'text': a word that follows from a number (`numerator`) and is hidden with it;
    # of a value that is absent: what stands in its place ('not reached'); verdict: the words for yes and no, 'yes|no'
    goes_by: int = 1  # counts: how much one more of what is counted adds; rounded to so many times as much as people
    factor: float = 1.0  # totals: what the sum is multiplied by; survival: standard errors from the estimate

    @property
    def id(self) -> str:
        return cell_id(self.measure, self.population, dict(self.dimensions), self.statistic)

    @property
    def words(self) -> str:
        """What this number is, for a person: 'contacts, enrolled, mode = telephone: share'."""
        where = ", ".join(f"{k} = {v}" for k, v in self.dimensions)
        return f"{self.measure}, {self.population}{', ' + where if where else ''}: {self.statistic}"


@dataclass(frozen=True)
class Line:
    """One row of a table: a label, and in each column the pattern that its cells are shown by."""

    label: str
    entries: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]  # (column, pattern, ((placeholder, cell id), …))
    section: str = ""
    depth: int = 0
    optional: bool = False  # left out where all its counts are shown and nought; never because of a hidden number
    stays_with: str = ""  # of an optional line: the id of the count that must be nought, where it is not all of them
    goes_with: str = ""  # the id of a number with which the line is left out where it is hidden: being there would tell

    def entry(self, column: str) -> tuple[str, dict[str, str]] | None:
        return next(((pattern, dict(ids)) for name, pattern, ids in self.entries if name == column), None)


@dataclass(frozen=True)
class About:
    """The line under a table: who is counted, over what, and what was done about the missing."""

    population: str
    denominator: str
    missing: str = "none"
    window: str = ""
    prespecified: str = ""  # filled from the study's protocol when the measure is released


@dataclass(frozen=True)
class Summary:
    """What a measure returns: cells by id, the lines of its table, names for sentences, and what it is about."""

    measure: str
    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    cells: Mapping[str, Cell]
    about: About
    names: Mapping[str, str] = field(default_factory=dict)  # name in a sentence -> cell id
    notes: tuple[str, ...] = ()
    stub: str = ""  # heading of the label column
    working: bool = False  # says who said what, so it is shown in the working tier only
    record: bool = False  # of checks, of choices or of what others published: nothing that a protocol could plan

    @property
    def kept_back(self) -> Summary:
        """What a released report says in its place."""
        line = Line("In the working tier only", (("Why", "It says who said what.", ()),))
        return replace(self, columns=("Why",), lines=(line,), cells={}, names={}, notes=())

    def with_about(self, **changes: str) -> Summary:
        return replace(self, about=replace(self.about, **changes))
