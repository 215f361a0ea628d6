"""Standardised changes: scores on different scales in; their changes on one scale, towards better, out."""

from __future__ import annotations

from collections.abc import Sequence

from pandas import DataFrame

from analysis.measures.cells import Cells
from analysis.measures.questionnaires.paired import (
    CAUTIONS,
    blanks,
    chosen,
    mean,
    pairs_of,
    sd,
    standardised_mean,
    why_no_spread,
)
from analysis.measures.summary import About, Summary
from analysis.reference.instruments import NO_CHANGE, Instrument

UNIT, WITH_ENDS = "SDs of change", "{mean} ({low} to {high})"


def standardised_changes(scores: DataFrame, enrolled: DataFrame, instruments: Sequence[Instrument], *,
                         baseline: str = "baseline", follow_up: str = "follow_up",
                         window: str = "baseline and follow-up") -> Summary:
    """
    Each instrument's mean change in SDs of its own change (standardised response mean), above nought where better.

    With the interval of the noncentral t distribution, and the threshold in the same unit, where it is one in points.
    Named cells: `peg_people`, `peg_gain` (points), `peg_response`, each of the two with `_low` and `_high`, and
    `peg_threshold`. The unit differs between groups of people: a wide spread of changes makes the same points look
    small, so it compares instruments in one group and not services.
    """
    cells = Cells("standardised changes")
    people = enrolled["patient_id"].dropna().unique()
    cells.people("enrolled", len(people), name="enrolled")
    for one in instruments:
        better = pairs_of(scores, one, people, baseline, follow_up).dropna()["better"]
        where = {"population": "enrolled", "instrument": one.name, "between": f"{baseline}, {follow_up}"}

        def value(number, statistic, name, unit, digits, absent, better=better, one=one, where=where):
            return cells.value(number, statistic, n=len(better), unit=unit, digits=digits, **where,
                               absent=absent if number is None else "", name=f"{one.name}_{name}")

        def ends(parts, formula, statistic, name, unit, digits, absent, one=one, where=where):
            """The cells of the ends of an interval, by the name of their place."""
            return {short: cells.derived(parts, f"{formula}, {which} end", f"{statistic}, 95% CI {which} end",
                                         unit=unit, digits=digits, absent=absent, name=f"{one.name}_{name}_{short}",
                                         **where) for short, which in (("low", "lower"), ("high", "upper"))}

        alone, spread = why_no_spread(better), sd(better)
        n = cells.count(len(better), "people with both scores", name=f"{one.name}_people", **where)
        points, ratio = "mean change towards better", "standardised response mean, towards better"
        gain = value(mean(better), points, "gain", "points", one.digits, alone)
        moved = [gain, value(spread, "SD of change towards better", "gain_sd", "points", one.digits, alone), n]
        response = value(standardised_mean(better), ratio, "response", UNIT, 2, alone)
        size = one.change.points if one.change else None
        known = f"threshold in SDs of change ({one.change.words})" if one.change else "threshold"
        cells.row(one.title, {
            "People": ("{n}", {"n": n}),
            "Points": (WITH_ENDS, {"mean": gain, **ends(moved, "mean", points, "gain", "points", one.digits, alone)}),
            "SDs of change": (WITH_ENDS, {"mean": response, **ends([response, n], "standardised mean", ratio,
                                                                   "response", UNIT, 2, alone)}),
            "Threshold": ("{threshold}", {"threshold": value(
                size / spread if size and spread else None, known, "threshold", UNIT, 2,
                alone if size else "no threshold in points" if one.change else NO_CHANGE)})})
    return cells.summary("Changes on one scale, better to the right", About(
        "people enrolled", "people with a score at both time points",
        missing=f"no score is imputed. {blanks(instruments)}", window=window), notes=(
            "Above nought is better for the person, whichever way the questionnaire counts. The unit is the SD of each "
            "questionnaire's own change (standardised response mean), its interval is from the noncentral t "
            "distribution; the threshold is in the same unit and is meant for one person, not for a mean.",
            *chosen(instruments), *CAUTIONS),
        stub="Questionnaire", columns=("People", "Points", "SDs of change", "Threshold"))
