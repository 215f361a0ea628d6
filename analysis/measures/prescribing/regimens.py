"""Directions whose dose changes in ("4 a day for 7 days then 3 a day"); its steps, each with how long it lasts, out."""

from __future__ import annotations

import re
from typing import NamedTuple

from analysis.measures.prescribing.direction_clauses import CHANGES
from analysis.measures.prescribing.direction_words import plain
from analysis.measures.prescribing.directions import Directions, read_directions

_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 28, "7": 1, "52": 7, "12": 28}
_LASTS = re.compile(r"\b(?:for|x|over|after)? ?(?:the )?(?:first |next |another )?(?P<n>\d+) ?"
                    r"(?:(?P<word>day|week|fortnight|month)s?\b|/ ?(?P<latin>7|52|12)\b)")
_NEXT = re.compile(
    r"[,;. ]*\b(?:and )?(?:then|thereafter|after that|followed by)\b"
    r"(?: (?:increase|reduce|decrease)d?(?: down| up)? to)?"
    r"|[,;.]? *\b(?:and )?(?:increas|reduc|decreas)(?:e|ing)(?: down| up)? to\b|[,;]+ ?(?=\d)")
_CONDITION = re.compile(r"\b(?:if|unless|until|when|tolerated|tolerating)\b")
_STOP = re.compile(r"[,;. ]*(?:and|then| )*\bstop(?:ping)?\b.*$")
_FIRST = re.compile(r"^(?P<before>(?:take|use|apply|give) )?(?P<amount>\d+(?:\.\d+)?(?: (?:x )?[a-z]+\b)??)"
                    r"(?P<time> (?:at|in|every|each|od|bd|bds|tds|qds|om|on|mane|nocte|daily|a day|\d|times).*)$")


class Step(NamedTuple):
    """What is taken for so many days; `days` is None for the last step where no end is written."""

    said: Directions
    days: float | None


def read_steps(text: str) -> tuple[Step, ...]:
    """
    The steps of directions whose dose changes, in order; none where they are not clear.

    Clear is: each step but the last says how long it lasts, each is one amount and one time without a range and not
    as required, and nothing depends on an "if". A step that says only what differs takes the rest from the one before
    ("1 od 1/52 then bd", "one at night increasing to two after 3 days"). A month of a course is 28 days. "Reduce by 1
    every week" has no steps: it does not say how far.
    """
    if read_directions(text).reason != CHANGES:
        return ()
    said = plain(text)
    if _CONDITION.search(said):
        return ()
    stops = bool(_STOP.search(said))
    parts = [part.strip(" .,;") for part in _NEXT.split(_STOP.sub("", said))]
    parts = [part for part in parts if part]
    if len(parts) < 2 and not stops:
        return ()
    steps: list[Step] = []
    before = ""
    for part in parts:
        lasts = _LASTS.findall(_without_intervals(part))
        match = _LASTS.search(part) if len(lasts) == 1 else None
        words = part if match is None else f"{part[:match.start()]} {part[match.end():]}".strip()
        days = int(match["n"]) * _DAYS[match["word"] or match["latin"]] if match else None
        if match and match.group().startswith("after"):  # "to 2 after 3 days" says how long the step before lasts
            if not steps or steps[-1].days is not None:
                return ()
            steps[-1], days = steps[-1]._replace(days=days), None
        words = _with_rest(words, before)
        one = read_directions(words)
        if len(lasts) > 1 or one.reason or one.low != one.high or one.as_required or one.once_assumed or one.limit:
            return ()
        steps.append(Step(one, days))
        before = words
    ends = steps[:-1] if not stops else steps
    return tuple(steps) if all(step.days for step in ends) and len(steps) + stops > 1 else ()


def _without_intervals(part: str) -> str:
    """The part without "every 3 days", which is no length of a step."""
    return re.sub(r"\b(?:every|each) \d+ ?(?:days?|weeks?|hours?)", "", part)


def _with_rest(words: str, before: str) -> str:
    """A step that says only an amount or only a time, with the other from the step before."""
    known = _FIRST.match(before)
    if not known or not words:
        return words
    if re.fullmatch(r"\d+(?:\.\d+)?(?: (?:tablets?|tabs?|capsules?|caps?|ml|mg|patch(?:es)?))?", words):
        return words + known["time"]
    if read_directions(words).reason == "no number of units":
        return f"{known['amount']} {words}"
    return words
