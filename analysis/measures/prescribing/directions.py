"""Directions of a UK prescription in, units a day out: a range, whether as required, and what had to be assumed."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.measures.prescribing.direction_clauses import NOT_UNDERSTOOD, Clauses, Unreadable, clauses_of
from analysis.measures.prescribing.direction_words import plain, tokens

RANGE_RULES = ("minimum", "mean", "maximum")
PRN_RULES = ("none", "half", "full")


@dataclass(frozen=True)
class Directions:
    """
    What directions say.

    `low` and `high` are units a day, `at_once` the units of one time (patches: how many are worn together). `unit` is
    "unit" (tablets, capsules), "patch", "ml", "mg", "mcg", "drop", or "" where none is named. `once_assumed`: no
    interval was written and once a day is assumed. `limit` is a daily maximum in another unit ("1-2 qds, max 400 mg"):
    what it allows depends on the strength. `reason` is set, and the numbers are None, where the text cannot be read.
    """

    low: float | None = None
    high: float | None = None
    at_once: tuple[float, float] | None = None
    unit: str = ""
    as_required: bool = False
    once_assumed: bool = False
    limit: tuple[float, str] | None = None
    reason: str = ""

    def per_day(self, range_rule: str) -> float | None:
        """Units a day under a rule for ranges: minimum, mean or maximum."""
        return within((self.low, self.high), range_rule)


def within(bounds: tuple[float | None, float | None] | None, range_rule: str) -> float | None:
    """One number of a range: its minimum, mean or maximum. Raises ValueError for another rule."""
    if range_rule not in RANGE_RULES:
        raise ValueError(f"range rule '{range_rule}': write one of {', '.join(RANGE_RULES)}")
    if bounds is None or bounds[0] is None:
        return None
    low, high = bounds
    return {"minimum": low, "mean": (low + high) / 2, "maximum": high}[range_rule]


def read_directions(text: str) -> Directions:
    """
    Units a day that a prescription's directions ask for; the rules are those of Karystianis 2015 (doi
    10.1186/s12911-016-0255-x) with UK abbreviations: dose x frequency / interval, ranges kept as ranges.

    A number that no pattern accounts for makes the whole text unreadable: a wrong dose is worse than a listed one. No
    interval means once a day, and says so. "Up to four times" is one to four. As required holds for the whole text,
    also where one of two clauses is regular. A daily maximum caps the range and, where no frequency is given, is its
    upper end.
    """
    said = plain(text)
    if not said:
        return Directions(reason="no directions")
    found, left_over = tokens(said)
    try:
        clauses = clauses_of(found, left_over)
    except Unreadable as reason:
        return Directions(reason=str(reason))
    return _dose(clauses, {kind for kind, _ in found})


def _dose(said: Clauses, kinds: set[str]) -> Directions:
    clauses, caps, cap_times, prn = said.all, said.caps, said.cap_times, "prn" in kinds
    if clauses[0].amount is None:
        patch_change = clauses[0].has_time and clauses[0].a_day[1] < 1
        if not patch_change:
            timed = clauses[0].has_time and not prn and "directed" not in kinds
            return Directions(as_required=prn, reason="no number of units" if timed else "no dose in the directions")
        clauses[0].amount, clauses[0].unit = (1.0, 1.0), "patch"  # "change every 72 hours"
    if len(clauses) > 1 and not all(clause.has_time for clause in clauses):
        return Directions(as_required=prn, reason=NOT_UNDERSTOOD)  # "1 bd (56)"
    if any(clause.too_many for clause in clauses):
        return Directions(as_required=prn, reason=NOT_UNDERSTOOD)  # "28", "MST 30 bd"
    units = {c.unit for c in clauses} - {""}
    if len(units) > 1 or (units & {"mg", "mcg"} and any(not clause.unit for clause in clauses)):  # "1 bd, 30 mg nocte"
        return Directions(as_required=prn, reason="two kinds of unit in the directions")
    unit = units.pop() if units else ""
    if unit in ("mg", "mcg", "ml"):  # "100 mcg, max 4 a day": so many times
        times = [n for n, u in caps if not u and n < clauses[0].amount[1]]
        caps = [one for one in caps if one[0] not in times]
        cap_times = min([*times, *filter(None, [cap_times])], default=None)
    same = [n for n, u in caps if not u or u == unit or (u not in ("mg", "mcg") and not unit)]
    cap, limit = min(same, default=None), next((one for one in caps if one[0] not in same), None)
    once = False
    low = high = 0.0
    for clause in clauses:
        if not clause.has_time:
            if cap is not None and len(clauses) == 1:
                low, high = clause.amount[0], max(cap, clause.amount[0])
                continue
            if limit is not None:
                return Directions(as_required=prn, reason="no time of the dose, and a maximum in another unit")
            clause.often, once = (1.0, 1.0 if cap_times is None else cap_times), cap_times is None
        often = clause.a_day
        if cap_times is not None:
            often = (min(often[0], cap_times), min(often[1], cap_times))
        low += clause.amount[0] * often[0]
        high += clause.amount[1] * often[1]
    if cap is not None:
        low, high = min(low, cap), min(high, cap)
    return Directions(low, high, clauses[0].amount if len(clauses) == 1 else None, unit, prn, once, limit)
