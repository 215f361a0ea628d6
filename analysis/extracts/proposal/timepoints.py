"""Words that name a time point in; our name for it, its label and how many weeks after the start it is due, out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.reference.vocabulary import plain, values

MONTH = 52 / 12
WEEKS = {"week": 1, "wk": 1, "w": 1, "month": MONTH, "mth": MONTH, "mo": MONTH, "m": MONTH, "year": 52, "yr": 52}
AFTER = re.compile(r"(?<![a-z\d])(?:(\d{1,2})\s*(weeks?|wks?|w|months?|mths?|mo|m|years?|yrs?)|"
                   r"(weeks?|wks?|months?|mths?|years?|yrs?)\s*(\d{1,2}))(?![a-z\d])")
LABELS = {"baseline": "Baseline", "follow_up": "Follow-up"}


@dataclass(frozen=True)
class Timepoint:
    """`weeks` is missing where the words do not say when."""

    name: str
    label: str
    weeks: int | None


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
