"""Profile changes: answers to the EQ-5D in; who was better, worse, mixed and the same on its dimensions, out."""

from __future__ import annotations

from collections.abc import Sequence

from pandas import DataFrame, Series

from analysis.measures.cells import Cells
from analysis.measures.questionnaires.paired import CAUTIONS, section_of
from analysis.measures.summary import About, Summary
from analysis.reference.instruments import Instrument

KINDS = ("better", "worse", "mixed", "same")


def profile_changes(responses: DataFrame, scores: DataFrame, enrolled: DataFrame, instruments: Sequence[Instrument], *,
                    baseline: str = "baseline", follow_up: str = "follow_up",
                    window: str = "baseline and follow-up") -> Summary:
    """
    The Paretian classification of health change: it needs no value set and weighs no dimension against another.

    Better is a better level on one dimension at least and a worse one on none; worse the other way round; mixed is
    both; same is neither, and of these those without a problem at both times are told apart, as no service could make
    them better. Whole profiles only: who has an index at both times. Named cells: `eq5d5l_better`, `_worse`, `_mixed`,
    `_same`, each with `_share`, and `eq5d5l_no_problem`, `eq5d5l_profiles`. Method: Devlin 2010; as in PMC9550755.
    """
    cells = Cells("profile changes")
    people = enrolled["patient_id"].dropna().unique()
    cells.people("enrolled", len(people), name="enrolled")
    for one in (one for one in instruments if one.score == "index"):
        first, second = (_profiles(responses, scores, one, people, timepoint) for timepoint in (baseline, follow_up))
        both = first.index.intersection(second.index)
        up = second.loc[both].lt(first.loc[both]).any(axis=1)
        down = second.loc[both].gt(first.loc[both]).any(axis=1)
        where = {"population": "enrolled", "instrument": one.name, "between": f"{baseline}, {follow_up}"}
        masks = {"better": up & ~down, "worse": down & ~up, "mixed": up & down, "same": ~up & ~down}
        counts = {kind: cells.count(int(masks[kind].sum()), kind, name=f"{one.name}_{kind}", **where) for kind in KINDS}
        whole = cells.total(list(counts.values()), "people with both profiles", name=f"{one.name}_profiles", **where)
        fine: Series = masks["same"] & first.loc[both].eq(one.lowest).all(axis=1)
        perfect = cells.count(int(fine.sum()), "no problem at both times", name=f"{one.name}_no_problem", **where)
        for kind in KINDS:
            cells.row(kind.capitalize(), {"People": ("{n}", {"n": counts[kind]}), "Of both profiles": (
                "{share}", {"share": cells.share(counts[kind], whole, name=f"{one.name}_{kind}_share")})},
                section=section_of(one))
        cells.row("of them, no problem at both times", {"People": ("{n}", {"n": perfect})}, section=section_of(one),
                  depth=1)
        cells.row("With both profiles", {"People": ("{n}", {"n": whole})}, section=section_of(one))
    return cells.summary("Health profiles: better, worse, mixed, same", About(
        "people enrolled", "people with a whole profile at both time points",
        missing="a profile with a blank is not compared", window=window),
        notes=("Better: a better level on one dimension or more, a worse one on none. Mixed: better on "
               "some, worse on others.", *CAUTIONS),
        stub="At follow-up", columns=("People", "Of both profiles"))


def _profiles(responses: DataFrame, scores: DataFrame, one: Instrument, people, timepoint: str) -> DataFrame:
    """A row for each person with an index at that time point, a column a dimension."""
    scored = scores[(scores["instrument"] == one.name) & (scores["timepoint"] == timepoint) & scores["score"].notna()
                    & scores["patient_id"].isin(people)]["patient_id"]
    rows = responses[(responses["instrument"] == one.name) & (responses["timepoint"] == timepoint)
                     & responses["patient_id"].isin(scored) & responses["answer"].notna()]
    wide = rows.drop_duplicates(["patient_id", "item"]).pivot(index="patient_id", columns="item", values="answer")
    return wide.reindex(columns=list(one.items)).astype(float)
