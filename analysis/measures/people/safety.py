"""Safety: events in; a table of every kind out, also where a service collects none."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.summary import About, Summary

NOT_COLLECTED, NOT_STATED = "not collected", "not stated whether collected"
RELATED = {"yes": "Related", "no": "Not related", "not known": "Not known"}


def safety_events(events: pd.DataFrame | None, kinds: Sequence[str], collected: str | Sequence[str] | None,
                  deaths: int | None) -> Summary:
    """
    Events of each kind, the people they befell, and whether they were held to be related to the service.

    `kinds` are all that there can be; `collected` those that the definition says are collected, "not collected", or
    None where it says nothing: then kinds of which something was delivered are shown, and of the others it is said that
    nobody knows. What is not collected is said in words and never as nought. `deaths` of people enrolled come from the
    patients' records, None where those do not hold any; whether one was related is in no record.
    """
    cells = Cells("safety events")
    there = pd.DataFrame(columns=["patient_id", "kind", "related"]) if events is None else events
    if collected is None:
        known = set(there["kind"].dropna())
    else:
        known = set() if isinstance(collected, str) else set(collected)
    for kind in kinds:
        if kind not in known:
            cells.row(kind.capitalize(), {"Collected": (NOT_STATED if collected is None else NOT_COLLECTED, {})})
            continue
        rows = there[there["kind"].eq(kind)]
        people = rows["patient_id"].nunique()
        name = kind.replace("-", "_")
        befell = cells.count(people, population="enrolled", kind=kind, name=f"{name}_people")
        entries = {"Collected": ("yes", {}), "Events": ("{n}", {"n": _events(cells, rows, people, kind, name)}),
                   "People": ("{n}", {"n": befell})}
        for code, label in RELATED.items():
            of_code = rows[rows["related"].fillna("not known").eq(code)]
            entries[label] = ("{n}", {"n": cells.count(
                len(of_code), "events", population="enrolled", people=of_code["patient_id"].nunique(), unit="events",
                kind=kind, related=code)})
        cells.row(kind.capitalize(), entries)
    if deaths is None:
        cells.row("Death", {"Collected": (NOT_COLLECTED, {})})
    else:
        died = cells.count(deaths, population="enrolled", kind="death", name="deaths")
        cells.row("Death", {"Collected": ("yes", {}), "People": ("{n}", {"n": died})})
    return cells.summary("Safety events among people enrolled", About(
        "people enrolled", "none: counts", "an event of which nothing is said counts as not known to be related"),
        notes=("A kind that is not collected may have happened: it is no nought.",), stub="Kind",
        columns=("Collected", "Events", "People", *RELATED.values()))


def _events(cells: Cells, rows: pd.DataFrame, people: int, kind: str, name: str) -> str:
    return cells.count(len(rows), "events", population="enrolled", people=people, unit="events", kind=kind, name=name)
