"""Unscored: scores and the reasons why there is none in; how many answered sheets came to no score, and why, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pandas import DataFrame

from analysis.measures.cells import Cells
from analysis.measures.questionnaires.paired import blanks
from analysis.measures.questionnaires.scores import NOTHING_ANSWERED, OUT_OF_RANGE, TOO_FEW_ANSWERED, TWO_ANSWERS
from analysis.measures.summary import About, Summary
from analysis.reference.instruments import Instrument

REASONS = {TOO_FEW_ANSWERED: "too_few", OUT_OF_RANGE: "out_of_range", TWO_ANSWERS: "two_answers",
           NOTHING_ANSWERED: "nothing"}


def unscored(scores: DataFrame, enrolled: DataFrame, instruments: Sequence[Instrument], *,
             labels: Mapping[str, str]) -> Summary:
    """
    Questionnaires that came back without a score, by reason, for each time point.

    Many answers out of range are the sign of another version than the one that the study names: the levels of an
    EQ-5D-5L do not fit an EQ-5D-3L, and no score is made of them. Named cells: `enrolled` and, by instrument, time
    point and reason, `peg_follow_up_too_few`, `_out_of_range`, `_two_answers`, `_nothing`.
    """
    cells = Cells("unscored")
    people = enrolled["patient_id"].dropna().unique()
    cells.people("enrolled", len(people), name="enrolled")
    for one in instruments:
        rows = scores[(scores["instrument"] == one.name) & scores["patient_id"].isin(people)]
        for reason, name in REASONS.items():
            cells.row(reason.capitalize(), {label: ("{n}", {"n": cells.count(
                int((rows["timepoint"].eq(timepoint) & rows["reason"].eq(reason).fillna(False)).sum()), reason,
                population="enrolled", name=f"{one.name}_{timepoint}_{name}", instrument=one.name,
                timepoint=timepoint)}) for timepoint, label in labels.items()}, section=one.title, optional=True)
    return cells.summary("Questionnaires without a score, and why", About(
        "people enrolled", "none: people whose answers came to no score", missing=blanks(instruments),
        window=", ".join(labels.values())), notes=(
            "An answer out of range costs the whole score. Where many have one, the questionnaire may be another "
            "version than the one that the definition names. Reasons that nobody has are left out where nought may be "
            "shown.",), stub="Reason", columns=tuple(labels.values()))
