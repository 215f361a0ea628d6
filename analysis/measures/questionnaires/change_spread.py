"""Change spread: pairs of scores in; how many people changed by how much, in bins that no data decides, out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pandas import DataFrame

from analysis.measures.cells import Cells
from analysis.measures.questionnaires.paired import CAUTIONS, blanks, pairs_of, section_of
from analysis.measures.statistics.quantiles import quantile
from analysis.measures.summary import About, Summary
from analysis.reference.instruments import Instrument

NO_THRESHOLD = "; no threshold in points"
STEPS = 4  # bins of half a threshold on each side of no change, and one beyond


def bin_width(one: Instrument) -> float:
    """Half of the size of change that counts; where there is none in points, some twentieth of the scale, rounded."""
    low, high = one.score_range
    return one.change.points / 2 if one.change and one.change.points else float(f"{(high - low) / 20:.1g}")


def change_spread(scores: DataFrame, enrolled: DataFrame, instruments: Sequence[Instrument], *,
                  baseline: str = "baseline", follow_up: str = "follow_up", window: str = "baseline and follow-up",
                  rule: str = "type 7") -> Summary:
    """
    People by how far their score was better or worse, and the quartiles of that, for those with both scores.

    The bins follow from the instrument alone (half of its threshold wide, open beyond twice the threshold), never from
    the lowest and highest found, which are two persons' own. A bin begins at the end nearer to no change, so that a
    change of exactly the threshold is in the first bin that counts. Named cells by place, better upwards from 1, worse
    downwards from -1: `peg_bin_2`, `peg_bin_0`, `peg_bin_m1`; and `peg_spread_q1`, `_median`, `_q3`.
    """
    cells = Cells("change spread")
    people = enrolled["patient_id"].dropna().unique()
    cells.people("enrolled", len(people), name="enrolled")
    for one in instruments:
        better = pairs_of(scores, one, people, baseline, follow_up).dropna()["better"]
        where = {"population": "enrolled", "instrument": one.name, "between": f"{baseline}, {follow_up}"}
        width = bin_width(one)
        place = np.sign(better) * np.minimum(np.floor(better.abs() / width + 1e-9) + 1, STEPS + 1)
        counts = {k: cells.count(int((place == k).sum()), "people", change=_words(k, width), **where,
                                 name=f"{one.name}_bin_{k}".replace("-", "m"))
                  for k in range(STEPS + 1, -STEPS - 2, -1)}
        known = "" if one.change and one.change.points else NO_THRESHOLD
        cells.row(f"Median (quartiles), better is above nought{known}", {"People": ("{median} ({q1} to {q3})", {
            word: cells.value(quantile(better, q, rule), f"{word} of change, better is above nought", n=len(better),
                              unit="points", digits=one.digits, name=f"{one.name}_spread_{word}", **where)
            for word, q in (("median", 0.5), ("q1", 0.25), ("q3", 0.75))})}, section=section_of(one))
        for k, cell in counts.items():
            cells.row(_words(k, width), {"People": ("{n}", {"n": cell})}, section=section_of(one), depth=1)
    return cells.summary("How far scores were better or worse", About(
        "people enrolled", "people with a score at both time points",
        missing=f"no score is imputed. {blanks(instruments)}", window=window),
        notes=("A bin holds its end that is nearer to no change; its width is half of the "
               "questionnaire's threshold or, without one in points, about a twentieth of the "
               "scale.", *CAUTIONS),
        stub="Change")


def _words(place: int, width: float) -> str:
    if not place:
        return "No change"
    side, steps = ("Better" if place > 0 else "Worse"), abs(place)
    if steps == 1:
        return f"{side} by less than {width:.4g}"
    if steps > STEPS:
        return f"{side} by {STEPS * width:.4g} or more"
    return f"{side} by {(steps - 1) * width:.4g} to under {steps * width:.4g}"
