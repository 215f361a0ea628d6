"""The tokens of directions in; the clauses that they make, each of so many units so often, and the maxima out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.measures.prescribing.direction_words import IGNORED

CHANGES = "the dose changes within the directions"  # what its steps are: `regimens.read_steps`
NOT_UNDERSTOOD = "a number in the directions is not understood"
TWO_FREQUENCIES = "two frequencies in the directions"
MOST_AT_ONCE = 10  # a bare number above this is the size of a pack or milligrams, not tablets taken at one time
MOST_A_DAY = 16  # the same of "so many daily"


class Unreadable(Exception):
    """Directions that no dose can be read in; the reason, in words."""


@dataclass
class Clause:
    """One 'so many, so often' of the directions while it is being put together."""

    amount: tuple[float, float] | None = None
    unit: str = ""
    often: tuple[float, float] | None = None
    slots: int = 0
    weekdays: float = 0.0
    clock: bool = False
    daily: bool = False

    @property
    def too_many(self) -> bool:
        """Whether so many tablets cannot be meant: "MST 30 bd" says milligrams, "28" is a pack."""
        if self.unit not in ("", "unit"):
            return False
        if self.daily:
            return not self.unit and self.amount[1] > MOST_A_DAY
        return self.amount[1] > MOST_AT_ONCE

    @property
    def has_time(self) -> bool:
        return self.often is not None or self.slots > 0 or self.weekdays > 0

    @property
    def a_day(self) -> tuple[float, float]:
        """Times a day; those of each named day of the week, where days are named."""
        low, high = self.often or (float(self.slots or 1), float(self.slots or 1))
        if not self.weekdays or high < 1:  # "every 7 days (change on Sundays)" says it twice
            return low, high
        return low * self.weekdays / 7, high * self.weekdays / 7


@dataclass
class Clauses:
    """What has been read so far: the clauses, and how much at most, in units (`caps`) or in times (`cap_times`)."""

    all: list[Clause] = field(default_factory=lambda: [Clause()])
    caps: list[tuple[float, str]] = field(default_factory=list)
    cap_times: float | None = None
    _up_to: bool = False
    _ended: bool = False  # how long the dose before lasts has been said

    def take(self, kind: str, content: Any, before: Sequence[str]) -> None:
        """One token more; `before` is the kinds that come after it. Raises Unreadable."""
        clause = self.all[-1]
        self._ended |= kind == "duration" and clause.has_time
        if self._ended and kind in ("amount", "often", "bare_clock") or (kind == "then" and clause.has_time):
            raise Unreadable(CHANGES)  # "1 od for a week, 1 bd thereafter"
        if kind == "amount":
            self._amount(*content, before)
        elif kind == "often":
            self._often(*content)
        elif kind == "daily":
            if not clause.has_time:
                clause.often, clause.daily = (1.0, 1.0), True
        elif kind == "bare_clock" and not clause.clock:
            self._bare_clock(content)
        elif kind in ("slot", "clock", "bare_clock"):
            clause.slots += 1
            clause.clock |= kind == "clock"
        elif kind == "meals":
            clause.slots += 3
        elif kind == "weekday":
            clause.weekdays += content or 1.0
        elif kind == "cap":
            self.caps.append(content)
        elif kind == "cap_times":
            self.cap_times = content
        self._up_to = kind == "up_to" or (self._up_to and kind in IGNORED)

    def _amount(self, low: float, high: float, unit: str, before: Sequence[str]) -> None:
        clause = self.all[-1]
        if clause.amount and not clause.has_time and not unit and before[:1] == ["daily"]:
            clause.often = (min(1.0, high) if self._up_to else low, high)  # "1 tablet 4/day"
            return
        if self._up_to and unit in ("", "unit", "patch"):
            low = min(1.0, high)
        if clause.amount is None:
            clause.amount, clause.unit = (low, high), unit
        elif clause.has_time:
            self.all.append(Clause((low, high), unit))
        elif unit in ("mg", "mcg") and clause.unit not in ("mg", "mcg"):
            pass  # "1 tablet (30 mg)", "5 ml (10 mg)": the same amount said twice
        elif clause.unit in ("mg", "mcg") and unit not in ("mg", "mcg", ""):
            clause.amount, clause.unit = (low, high), unit
        elif clause.unit == unit == "ml":
            pass  # "5 ml of 10 mg/5 ml": the second is the strength
        else:
            raise Unreadable("two amounts and one time in the directions")

    def _often(self, low: float, high: float) -> None:
        clause, often = self.all[-1], (min(1.0, high) if self._up_to else low, high)
        if clause.often not in (None, often):
            raise Unreadable(TWO_FREQUENCIES)
        clause.often = often

    def _bare_clock(self, units: float) -> None:
        """"2 am, 1 midday": two in the morning, not at two o'clock."""
        clause = self.all[-1]
        if clause.often is not None or (clause.amount and not clause.has_time):
            raise Unreadable(NOT_UNDERSTOOD)
        if clause.amount:
            self.all.append(clause := Clause())
        clause.amount, clause.slots = (units, units), 1


def clauses_of(found: Sequence[tuple[str, Any]], left_over: bool) -> Clauses:
    """
    What the tokens of `direction_words.tokens` say; `left_over` is whether there was a number that none accounts for.

    Raises Unreadable, with the reason, where they cannot be one dose that stays the same.
    """
    kinds = [kind for kind, _ in found]
    if "changing" in kinds or ("then" in kinds and "duration" in kinds):
        raise Unreadable(CHANGES)
    if "single" in kinds:
        timed = {"often", "slot", "clock", "daily", "meals"} & set(kinds)
        raise Unreadable(CHANGES if timed else "a single dose")
    if kinds.count("bare_clock") == 1 and not {"slot", "clock"} & set(kinds):
        raise Unreadable(NOT_UNDERSTOOD)  # "2 pm": two, or two o'clock
    if "except" in kinds:
        raise Unreadable(TWO_FREQUENCIES)
    if left_over:
        raise Unreadable(NOT_UNDERSTOOD)
    clauses = Clauses()
    for at, (kind, content) in enumerate(found):
        clauses.take(kind, content, kinds[at + 1:])
    return clauses
