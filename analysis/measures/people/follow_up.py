"""Follow-up: people enrolled and what they returned in; boxes that conserve, at each time point, out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.people.flow import ADDS_UP, conserves, reasons_given
from analysis.measures.summary import About, Summary

# Of a person's questionnaires at one time point the first of these that one of them has: due if any of them was.
OUTCOMES = ("returned", "not returned", "not recorded", "died", "left", "not yet due")
NEVER_DUE = ("died", "left", "not yet due")
LEFT_FOR = ("deregistered", "withdrew")  # what makes a person leave: extracts/ascertainment.py
ENDS = {"died_on": "Died", "deregistered_on": "Left the practice", "withdrew_on": "Withdrew from further collection"}


def outcomes_at(timepoints: pd.DataFrame, timepoint: str, people: pd.Index) -> pd.DataFrame:
    """
    For each of `people` (patient_id) the outcome (one of OUTCOMES) and the reason of a time point, all questionnaires
    taken together: returned if any was, due if any was; not recorded where no row or no known word says.
    """
    rows = timepoints[timepoints["timepoint"].eq(timepoint) & timepoints["patient_id"].isin(people)]
    told = rows["outcome"].astype(object)
    ranked = rows.assign(outcome=told.where(told.isin(OUTCOMES), "not recorded"))
    ranked = ranked.assign(rank=ranked["outcome"].map(OUTCOMES.index)).sort_values("rank", kind="stable")
    found = ranked.drop_duplicates("patient_id").set_index("patient_id")[["outcome", "reason"]].reindex(people)
    return found.assign(outcome=found["outcome"].fillna("not recorded"))


def follow_up_flow(episodes: pd.DataFrame, patients: pd.DataFrame, *, data_cut: object,
                   timepoints: pd.DataFrame | None = None, labels: Mapping[str, str] | None = None,
                   consents: pd.DataFrame | None = None, recorded: Collection[str] = tuple(ENDS),
                   reasons: Sequence[str] = ()) -> Summary:
    """
    From enrolled onwards: consented, due and returned at each time point, alive and registered at the data cut.

    Every part begins with all people enrolled, and its boxes conserve (ValueError where they do not). `recorded` are
    the columns of ENDS that the service delivers; of two ends the earlier holds, and of two on one day death does.
    `labels` gives the time points in order; a person counts as returned with any of the questionnaires, and as due if
    any of them was. `consents` has person, kind, status and date: the last decision on the evaluation stands. Where the
    service records none of this, the people enrolled stand alone.
    `reasons` are the definition's, for questionnaires that were not returned.
    """
    cells = Cells("participant flow")
    people = pd.Index(episodes["patient_id"].dropna().unique())
    enrolled = cells.people("enrolled", len(people), "enrolled")
    if consents is not None:
        _consented(cells, enrolled, consents, people)
    for timepoint, label in (labels or {}).items():
        if timepoints is not None:
            _one_timepoint(cells, enrolled, outcomes_at(timepoints, timepoint, people), timepoint, label, reasons)
    if ends := [column for column in ENDS if column in recorded]:
        _registered(cells, enrolled, patients, people, ends, pd.Timestamp(data_cut))
    if consents is None and not ends and (timepoints is None or not labels):
        cells.row("Enrolled", {"People": ("{n}", {"n": enrolled})})  # of what became of them nothing is recorded
    return cells.summary(
        "Participant flow: from enrolment to follow-up",
        About("people enrolled", "people enrolled, and those due: alive, registered, and reached by the data cut",
              "a person without a recorded outcome is counted as due and not returned"),
        notes=(ADDS_UP, "Returned: any of the questionnaires of that time point."), stub="Step",
        columns=("People", "Share of enrolled", "Share of due"))


def _registered(cells: Cells, enrolled: str, patients: pd.DataFrame, people: pd.Index, ends: list[str],
                data_cut: pd.Timestamp) -> None:
    mine = patients.drop_duplicates("patient_id").set_index("patient_id").reindex(people)
    days = mine[ends].apply(pd.to_datetime)
    days = days.where(days.le(data_cut))
    first = days.min(axis=1)
    section, left, taken = "At the data cut", 0, pd.Series(False, index=people)
    for column in ends:  # in the order of ENDS, so that death goes before leaving on the same day
        here = first.notna() & days[column].eq(first) & ~taken
        taken |= here
        left += int(here.sum())
        _row(cells, section, ENDS[column], int(here.sum()), enrolled, depth=1, optional=True, end=column)
    stays = int(first.isna().sum())
    conserves(len(people), stays + left, "enrolled, at the data cut")
    what = "Alive" if ends == ["died_on"] else "Alive and registered" if "died_on" in ends else "Registered"
    _row(cells, section, what, stays, enrolled, name="registered", end="none")


def _one_timepoint(cells: Cells, enrolled: str, found: pd.DataFrame, timepoint: str, label: str,
                   reasons: Sequence[str]) -> None:
    n = {outcome: int(found["outcome"].eq(outcome).sum()) for outcome in OUTCOMES}
    due = n["returned"] + n["not returned"] + n["not recorded"]
    conserves(len(found), due + sum(n[outcome] for outcome in NEVER_DUE), f"enrolled, {label.lower()}")

    def side(outcome: str, known: Sequence[str] = ()) -> None:
        _row(cells, label, outcome.capitalize(), n[outcome], enrolled, depth=1, optional=outcome != "not returned",
             name=f"{timepoint}_{outcome.replace(' ', '_')}", timepoint=timepoint, outcome=outcome)
        if known:
            for reason, number in reasons_given(found.loc[found["outcome"].eq(outcome), "reason"], known):
                _row(cells, label, reason.capitalize(), number, enrolled, depth=2, optional=True,
                     timepoint=timepoint, outcome=outcome, reason=reason)

    side("not yet due")
    side("died")
    side("left", LEFT_FOR)
    whole = _row(cells, label, f"Due at {label.lower()}", due, enrolled, name=f"{timepoint}_due", timepoint=timepoint,
                 outcome="due")
    side("not returned", reasons)
    side("not recorded")
    _row(cells, label, f"Returned at {label.lower()}", n["returned"], enrolled, of_due=whole,
         name=f"{timepoint}_returned", timepoint=timepoint, outcome="returned")


def _consented(cells: Cells, enrolled: str, consents: pd.DataFrame, people: pd.Index) -> None:
    """The last decision of each person on the evaluation; of one day, the later row."""
    mine = consents[consents["kind"].eq("evaluation")].sort_values("date", kind="stable", na_position="first")
    last = mine.drop_duplicates("person", keep="last").set_index("person")["status"].reindex(people)
    last = last.astype(object).fillna("not recorded")
    section, out = "Consent to the evaluation", 0
    for status, label in (("declined", "Declined"), ("withdrawn", "Withdrew from further collection"),
                          ("not recorded", "Not recorded")):
        n = int(last.eq(status).sum())
        out += n
        _row(cells, section, label, n, enrolled, depth=1, optional=True, consent=status)
    given = int(last.eq("given").sum())
    conserves(len(people), given + out, "enrolled, consent")
    _row(cells, section, "Consented", given, enrolled, name="consented", consent="given")


def _row(cells: Cells, section: str, label: str, n: int, enrolled: str, *, depth: int = 0, optional: bool = False,
         name: str = "", of_due: str = "", **dimensions: str) -> str:
    """A box with its share of the people enrolled, and of those due where that is asked for."""
    cell = cells.count(n, population="enrolled", name=name, **dimensions)
    share = cells.share(cell, enrolled, name=f"{name}_share_enrolled" if of_due else f"{name}_share" if name else "")
    entries = {"People": ("{n}", {"n": cell}), "Share of enrolled": ("{share}", {"share": share})}
    if of_due:
        entries["Share of due"] = ("{share}", {"share": cells.share(cell, of_due, name=f"{name}_share")})
    cells.row(label, entries, section=section, depth=depth, optional=optional)
    return cell
