"""Adoption: sites and staff, and what they did, in; how many of them took part out."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.people.flow import last_responses, never_invited
from analysis.measures.summary import About, Summary
from analysis.measures.words import capitalised

COLUMNS = ("In all", "Took part", "Share")


def adoption(patients: pd.DataFrame, referrals: pd.DataFrame, sites: Mapping[str, str], *,
             returned: Collection[str] | None = None, label: str = "",
             staff: Mapping[str, Mapping[str, int]] | None = None, contacts: pd.DataFrame | None = None,
             workers: str = "") -> Summary:
    """
    How many sites invited, enrolled and followed anybody up, and how many of the staff in role delivered a contact.

    Sites are no people and are counted as they are; but how many of them took part follows from the counts of people
    at each, and is hidden where one of those is. `staff` has group -> site ('all' for a count of all) -> staff in
    role; `contacts` is the canonical table, None where it names no worker; `workers` is the group of `staff` that the
    workers of the contacts belong to, where the definition says so: else they stand on a row of their own, of nobody.
    Somebody in role at two sites is counted at both.
    """
    cells = Cells("adoption")
    last = last_responses(referrals)
    here = last[~never_invited(last)].merge(patients[["patient_id", "practice"]], on="patient_id")
    joined = here[here["response"].eq("enrolled")]
    whole = cells.count(len(sites), "sites", population="sites", people=0, unit="sites", name="sites")
    did = {"Invited anybody": ("invited", here), "Enrolled anybody": ("enrolled", joined)}
    if returned is not None:
        did[f"Had a questionnaire returned at {label.lower()}"] = (
            "returned", joined[joined["patient_id"].isin(returned)])
    for words, (step, who) in did.items():
        counts = [cells.count(int(who["practice"].eq(site).sum()), population="invited" if step == "invited" else
                              "enrolled", practice=site, step=step) for site in sites]
        if counts:
            took = cells.derived(counts, "how many are not nought", f"sites, {step}", population="invited",
                                 unit="sites", digits=0, name=f"sites_{step}")
            _row(cells, words, "Sites", whole, took)
    seen = None if contacts is None else contacts.loc[contacts["attendance"].eq("attended"), "worker"].nunique()
    if seen is not None:
        delivered = cells.count(int(seen), "delivered a contact", population="service providers", name="delivered")
        if workers not in (staff or {}):
            _row(cells, "Workers named in attended contacts", "Staff", "", delivered)
    for group, counts in (staff or {}).items():
        parts = [cells.count(n, "in role", population="service providers", group=group, site=site)
                 for site, n in counts.items()]
        role = cells.total(parts, "in role, in all", population="service providers", group=group) if len(
            parts) > 1 else parts[0]
        _row(cells, capitalised(group), "Staff", role, delivered if seen is not None and group == workers
             else "")
    return cells.summary(
        "Sites and staff that took part", About(
            "sites of the definition; staff in role as counted by the sites", "sites, or staff in role",
            "a contact without a worker names nobody"),
        notes=("Took part, of staff: delivered at least one attended contact. A group of staff that the records do "
               "not name has no number there.",), stub="Step", columns=COLUMNS)


def _row(cells: Cells, label: str, section: str, whole: str, took: str) -> None:
    entries = {"In all": ("{n}", {"n": whole})} if whole else {}
    entries |= {"Took part": ("{n}", {"n": took})} if took else {}
    if whole and took:
        entries["Share"] = ("{share}", {"share": cells.share(took, whole)})
    cells.row(label, entries, section=section)
