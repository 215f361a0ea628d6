"""Directions of a UK prescription in, units a day out: a range, whether as required, and what had to be assumed."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.measures.prescribing.direction_words import IGNORED, plain, tokens

RANGE_RULES = ("minimum", "mean", "maximum")
PRN_RULES = ("none", "half", "full")
CHANGES = "the dose changes within the directions"  # what its steps are: `regimens.read_steps`
MOST_AT_ONCE = 10  # a bare number above this is the size of a pack or milligrams, not tablets taken at one time
MOST_A_DAY = 16  # the same of "so many daily"


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
    return _combine(*tokens(said))


@dataclass
class _Clause:
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
        times = self.often or (float(self.slots or 1), float(self.slots or 1))
        if not self.weekdays or times[1] < 1:  # "every 7 days (change on Sundays)" says it twice
            return times
        return tuple(n * self.weekdays / 7 for n in times)


def _combine(found: list[tuple[str, object]], left_over: bool) -> Directions:
    kinds = [kind for kind, _ in found]
    if "changing" in kinds or ("then" in kinds and "duration" in kinds):
        return Directions(reason=CHANGES)
    if "single" in kinds:
        timed = {"often", "slot", "clock", "daily", "meals"} & set(kinds)
        return Directions(reason=CHANGES if timed else "a single dose")
    if kinds.count("bare_clock") == 1 and not {"slot", "clock"} & set(kinds):
        return Directions(reason="a number in the directions is not understood")  # "2 pm": two, or two o'clock
    if "except" in kinds:
        return Directions(reason="two frequencies in the directions")
    if left_over:
        return Directions(reason="a number in the directions is not understood")
    clauses, caps, up_to, cap_times = [_Clause()], [], False, None
    ended = False  # how long the dose before lasts has been said
    for at, (kind, content) in enumerate(found):
        clause = clauses[-1]
        ended |= kind == "duration" and clause.has_time
        if ended and kind in ("amount", "often", "bare_clock") or (kind == "then" and clause.has_time):
            return Directions(reason=CHANGES)  # "1 od for a week, 1 bd thereafter"
        if kind == "amount":
            low, high, unit = content
            if clause.amount and not clause.has_time and not unit and kinds[at + 1:at + 2] == ["daily"]:
                clause.often = (min(1.0, high) if up_to else low, high)  # "1 tablet 4/day"
                continue
            if up_to and unit in ("", "unit", "patch"):
                low = min(1.0, high)
            if clause.amount is None:
                clause.amount, clause.unit = (low, high), unit
            elif clause.has_time:
                clauses.append(_Clause((low, high), unit))
            elif unit in ("mg", "mcg") and clause.unit not in ("mg", "mcg"):
                pass  # "1 tablet (30 mg)", "5 ml (10 mg)": the same amount said twice
            elif clause.unit in ("mg", "mcg") and unit not in ("mg", "mcg", ""):
                clause.amount, clause.unit = (low, high), unit
            elif clause.unit == unit == "ml":
                pass  # "5 ml of 10 mg/5 ml": the second is the strength
            else:
                return Directions(reason="two amounts and one time in the directions")
        elif kind == "often":
            often = (min(1.0, content[1]), content[1]) if up_to else content
            if clause.often is not None and clause.often != often:
                return Directions(reason="two frequencies in the directions")
            clause.often = often
        elif kind == "daily":
            if not clause.has_time:
                clause.often, clause.daily = (1.0, 1.0), True
        elif kind == "bare_clock" and not clause.clock:  # "2 am, 1 midday": two in the morning, not at two o'clock
            if clause.often is not None or (clause.amount and not clause.has_time):
                return Directions(reason="a number in the directions is not understood")
            if clause.amount:
                clauses.append(clause := _Clause())
            clause.amount, clause.slots = (content, content), 1
        elif kind in ("slot", "clock", "bare_clock"):
            clause.slots += 1
            clause.clock |= kind == "clock"
        elif kind == "meals":
            clause.slots += 3
        elif kind == "weekday":
            clause.weekdays += content or 1.0
        elif kind == "cap":
            caps.append(content)
        elif kind == "cap_times":
            cap_times = content
        up_to = kind == "up_to" or (up_to and kind in IGNORED)
    return _dose(clauses, caps, cap_times, kinds)


def _dose(clauses: list[_Clause], caps: list, cap_times: float | None, kinds: list[str]) -> Directions:
    prn = "prn" in kinds
    if clauses[0].amount is None:
        patch_change = clauses[0].has_time and clauses[0].a_day[1] < 1
        if not patch_change:
            timed = clauses[0].has_time and not prn and "directed" not in kinds
            return Directions(as_required=prn, reason="no number of units" if timed else "no dose in the directions")
        clauses[0].amount, clauses[0].unit = (1.0, 1.0), "patch"  # "change every 72 hours"
    if len(clauses) > 1 and not all(clause.has_time for clause in clauses):
        return Directions(as_required=prn, reason="a number in the directions is not understood")  # "1 bd (56)"
    if any(clause.too_many for clause in clauses):
        return Directions(as_required=prn, reason="a number in the directions is not understood")  # "28", "MST 30 bd"
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
