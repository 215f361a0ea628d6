"""Combinations: interventions taken up in; how many people took up exactly which of them together out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from analysis.measures.cells import Cells, levels
from analysis.measures.summary import About, Summary
from analysis.measures.words import capitalised

APART = " + "


def combinations_taken_up(interventions: pd.DataFrame, episodes: pd.DataFrame, setting: str, *,
                          kinds: Mapping[str, Sequence[str]] = MappingProxyType({})) -> Summary:
    """
    People by the exact set of interventions of one setting that they took up; every person is in one set.

    A set that only one person has describes that person: those people stand in one row together. A set whose count may
    not be shown has no row, since there being one would tell that somebody is in it; the rows stand in the order of
    their size and names, never of their counts. The single interventions, each with all who took it up, are in the
    second part.
    """
    cells = Cells("combinations")
    enrolled = sorted(set(episodes["patient_id"]))
    whole = cells.people("enrolled", len(enrolled), "enrolled")
    taken = interventions[interventions["setting"].eq(setting) & interventions["uptake"].eq("taken up")]
    sets = (taken.groupby("patient_id")["intervention"].agg(lambda names: tuple(sorted(set(names))))
            .reindex(enrolled))
    sets = sets.where(sets.notna(), None)
    nothing = cells.count(int(sets.isna().sum()), population="enrolled", setting=setting, combination="none",
                          name="none_taken_up")
    cells.row("Nothing taken up", _people(cells, nothing, whole), section="Exactly these")
    held = sets.dropna().value_counts()
    for combination in sorted((c for c, n in held.items() if n > 1), key=lambda c: (len(c), c)):
        n = cells.count(int(held[combination]), population="enrolled", setting=setting,
                        combination=APART.join(combination))
        said = APART.join(combination)
        cells.row(capitalised(said), _people(cells, n, whole), section="Exactly these", goes_with=n)
    alone = cells.count(int((held == 1).sum()), population="enrolled", setting=setting,
                        combination="one that nobody else has", name="alone")
    cells.row("A combination that nobody else has", _people(cells, alone, whole), section="Exactly these")
    for kind in sorted(levels(taken["intervention"], kinds.get(setting, ()))):
        n = cells.count(int(taken[taken["intervention"].eq(kind)]["patient_id"].nunique()), "took it up",
                        population="enrolled", setting=setting, intervention=kind)
        cells.row(capitalised(kind), _people(cells, n, whole), section="Each, with or without others",
                  optional=True)
    where = "within the service" if setting == "within service" else "in the community"
    return cells.summary(f"Combinations of interventions taken up {where}", About(
        "people enrolled", "people enrolled", "uptake that is not known counts as not taken up"),
        notes=("A combination of a number that may not be shown has no row here.",), stub="Interventions taken up")


def _people(cells: Cells, n: str, whole: str) -> dict:
    return {"People": ("{n} ({share})", {"n": n, "share": cells.share(n, whole)})}
