"""Words that name a time point in; our name for it, its label and how many weeks after the start it is due, out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.reference.vocabulary import plain, values

MONTH = 52 / 12
WEEKS = {"week": 1, "wk": 1, "w": 1, "month": MONTH, "mth": MONTH, "mo": MONTH, "m": MONTH, "year": 52, "yr": 52}
AFTER = re.compile(r"(?<![a-z\d])(?:(\d{1,2})\s*(weeks?|wks?|w|months?|mths?|mo|m|years?|yrs?)|"
                   r"(weeks?|wks?|months?|mths?|years?|yrs?)\s*(\d{1,2}))(?![a-z\d])")
NUMBERED = re.compile(r"([a-z]*)(\d{1,2})")
LABELS = {"baseline": "Baseline", "follow_up": "Follow-up"}


@dataclass(frozen=True)
class Timepoint:
    """`weeks` is missing where the words do not say when."""

    name: str
    label: str
    weeks: int | None


def timepoints_of(words: Sequence[str]) -> dict[str, Timepoint]:
    """
    The time points that these words, which stand beside one another, speak of, in their order.

    "T1" and "T2" are the first and the second, as "T0" and "T1" are. What names no time point gets one by its words.
    """
    numbers = {word: int(match[2]) for word in words if (match := NUMBERED.fullmatch(plain(word).replace(" ", "")))}
    letters = {NUMBERED.fullmatch(plain(word).replace(" ", ""))[1] for word in numbers}
    if len(numbers) == len(words) > 1 and len(letters) == 1 and not letters & set(WEEKS):
        order = sorted(numbers, key=numbers.__getitem__)
        later = [("follow_up", "Follow-up")] if len(order) == 2 else [
            (f"follow_up_{n}", f"Follow-up {n}") for n in range(1, len(order))]
        return dict(zip(order, [Timepoint("baseline", "Baseline", 0),
                                *(Timepoint(name, label, None) for name, label in later)], strict=True))
    found = {word: timepoint_in(word) or Timepoint("_".join(plain(word).split()) or "one", word, None)
             for word in words}
    names = [one.name for one in found.values()]
    return {word: one if names.count(one.name) == 1 else Timepoint("_".join(plain(word).split()), word, one.weeks)
            for word, one in found.items()}


def timepoint_in(words: str) -> Timepoint | None:
    """
    The time point that a name of a file or a value speaks of: "PHQ 6 months", "baseline", "T0"; None where it does not.
    """
    said = plain(words)
    if after := AFTER.search(said):
        number = int(after[1] or after[4])
        unit = re.sub(r"s$", "", after[2] or after[3])
        if number == 0:
            return Timepoint("baseline", "Baseline", 0)
        long = {"w": "week", "wk": "week", "m": "month", "mo": "month", "mth": "month", "yr": "year"}.get(unit, unit)
        return Timepoint(f"{long}_{number}", f"{long.capitalize()} {number}", round(number * WEEKS[unit]))
    for name, known in values()["timepoints"]["names"].items():
        if any(f" {plain(word)} " in f" {said} " for word in known):
            return Timepoint(name, LABELS[name], 0 if name == "baseline" else None)
    return None
