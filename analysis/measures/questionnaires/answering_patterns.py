"""Answering patterns: scores in; at which time points people had all, some or none of their questionnaires, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from pandas import DataFrame, Series

from analysis.measures.cells import Cells
from analysis.measures.summary import About, Summary
from analysis.reference.instruments import Instrument

LEVELS = ("all", "some", "none")
MOST = 3  # time points whose patterns are told in full: 27 rows


def answering_patterns(scores: DataFrame, enrolled: DataFrame, instruments: Sequence[Instrument], *,
                       labels: Mapping[str, str]) -> Summary:
    """
    People by pattern: at each time point, a score on all, some or none of the instruments.

    Every pattern that there could be is a row, whether anybody has it or not, for a row that came and went with its
    count would tell of a hidden one. Of more than three time points the first, the second and the last are told.
    With one instrument nobody can have some. `labels` gives time points, in order, and headings. Named cells:
    `enrolled` and, by the first letters of the levels, `pattern_all_none`.
    """
    cells = Cells("answering patterns")
    people = enrolled["patient_id"].dropna().unique()
    everybody = cells.people("enrolled", len(people), name="enrolled")
    told = list(labels) if len(labels) <= MOST else [*list(labels)[:MOST - 1], list(labels)[-1]]
    names = {one.name for one in instruments}
    scored = scores[scores["score"].notna() & scores["instrument"].isin(names) & scores["patient_id"].isin(people)]
    level = {}
    for timepoint in told:
        held = scored[scored["timepoint"] == timepoint].groupby("patient_id")["instrument"].nunique()
        held = held.reindex(people, fill_value=0)
        level[timepoint] = Series("some", index=people).where(held.gt(0), "none").where(held.lt(len(names)), "all")
    levels = LEVELS if len(names) > 1 else ("all", "none")
    for pattern in product(levels, repeat=len(told)):
        here = Series(True, index=people)
        for timepoint, one in zip(told, pattern, strict=True):
            here &= level[timepoint].eq(one)
        n = cells.count(int(here.sum()), "people", population="enrolled", name="pattern_" + "_".join(pattern),
                        **dict(zip(told, pattern, strict=True)))
        cells.row("; ".join(f"{labels[t]}: {one}" for t, one in zip(told, pattern, strict=True)), {
            "People": ("{n}", {"n": n}), "Of all enrolled": ("{share}", {"share": cells.share(n, everybody)})},
            optional=True)
    listed = ", ".join(one.title for one in instruments)
    return cells.summary("Who had a score when", About(
        "people enrolled", "all enrolled", missing="a questionnaire without a score counts as not answered",
        window=", ".join(labels[t] for t in told)),
        notes=(f"All, some or none of: {listed}. Patterns that nobody has are left out where nought may be shown.",),
        stub="Pattern", columns=("People", "Of all enrolled"))
