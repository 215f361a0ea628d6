"""Pairs of scores and a published size of change in; who was better or worse by it, or could not be, out."""

from __future__ import annotations

import numpy as np
from pandas import DataFrame, Series

from analysis.reference.instruments import KINDS, Change, Instrument

VERDICTS = ("improved", "unchanged", "worsened")


def verdicts(both: DataFrame, one: Instrument, change: Change) -> Series:
    """
    For each pair, 'improved', 'unchanged' or 'worsened'; a change of exactly the size counts.

    `both` is what `paired.pairs_of` returns, without those who have one score only. A percentage is of the person's own
    first score, so from a score of 0 any change counts; another band is one with another label.
    """
    better = both["better"]
    counts = better.abs().ge(_needed(both, change)) & better.ne(0)
    if change.another_band:
        counts &= both["baseline"].map(one.band).ne(both["follow_up"].map(one.band))
    return Series(np.select([counts & better.gt(0), counts & better.lt(0)], ["improved", "worsened"], "unchanged"),
                  index=both.index, dtype="str")


def no_room(both: DataFrame, one: Instrument, change: Change, end: str) -> Series:
    """
    For each pair, whether the first score left no room to reach the size of change towards an end of the scale.

    `end` is 'best' or 'worst': whom no service could have counted as improved, or as worsened.
    """
    there = {"best": one.best, "worst": one.worst}[end]
    room = (both["baseline"] - there).abs().round(6)
    short = room.lt(_needed(both, change)) | room.eq(0)
    if change.another_band:
        short |= both["baseline"].map(one.band).eq(one.band(there))
    return short


def _needed(both: DataFrame, change: Change) -> Series:
    if change.percent is None:
        return Series(change.points, index=both.index, dtype=float)
    return (both["baseline"].abs() * change.percent / 100).round(6)


def said_of(one: Instrument, change: Change) -> str:
    """The size of change, what kind it is, what that means and where it was read: a note under a table."""
    what = f"a change of {change.words} or more counts" if change.percent is None else (
        f"a change of {change.words} or more of the person's first score counts")
    return f"{one.title}: {what}. This is a {change.kind}: {KINDS[change.kind]}. Source: {change.source}."
