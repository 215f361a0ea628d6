"""Interventions: what was offered within the service and in the community in; offered, taken up and ended out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from analysis.measures.cells import Cells, levels
from analysis.measures.quartiles import quartiles
from analysis.measures.summary import About, Summary
from analysis.measures.words import capitalised

UNKNOWN = "not recorded"
SETTINGS = ("within service", "community")


def interventions_taken_up(interventions: pd.DataFrame, episodes: pd.DataFrame, *,
                           kinds: Mapping[str, Sequence[str]] = MappingProxyType({}),
                           ends: bool = False) -> Summary:
    """
    Interventions within the service and in the community: people offered, offers, and offers taken up.

    An offer is a row: the same thing offered twice to one person is two offers to one person. Uptake 'not known' stays
    in the denominator. `kinds` are the definition's interventions in each setting. `ends` says that the day on which an
    intervention ended is delivered: then those taken up with an end on record are shown as completed.
    """
    cells = Cells("interventions")
    whole = cells.people("enrolled", episodes["patient_id"].nunique(), "enrolled")
    for setting in SETTINGS:
        part = interventions[interventions["setting"].eq(setting)]
        name = setting.replace(" ", "_")
        _offers(cells, "Any", part, setting, {}, whole, name, ends)
        for intervention in sorted(levels(part["intervention"], kinds.get(setting, ()))):
            _offers(cells, intervention.capitalize(), part[part["intervention"].eq(intervention)], setting,
                    {"intervention": intervention}, whole, "", ends)
    return cells.summary("Interventions offered and taken up, within the service and in the community", About(
        "people enrolled", "people: all enrolled; taken up: offers" + ("; completed: taken up" if ends else ""),
        "uptake that is not known counts as not taken up" + (", no end on record as not completed" if ends else "")),
        stub="Intervention")


def interventions_by_practice(interventions: pd.DataFrame, patients: pd.DataFrame, sites: Mapping[str, str]) -> Summary:
    """Offers and offers taken up in each setting, by practice (`sites`: code -> name)."""
    cells = Cells("interventions")
    placed = interventions.merge(patients[["patient_id", "practice"]], on="patient_id", how="left")
    for setting in SETTINGS:
        for site, label in sites.items():
            part = placed[placed["setting"].eq(setting) & placed["practice"].eq(site)]
            cells.row(label, _entries(cells, part, {"setting": setting, "practice": site}),
                      section=setting.capitalize())
    return cells.summary("Interventions by practice", About("people enrolled", "offers in the row",
                         "uptake that is not known counts as not taken up"), stub="Practice")


def intervention_providers(interventions: pd.DataFrame, *, providers: Sequence[str] = ()) -> Summary:
    """Offers by who provides what is offered: a kind of provider, never a person."""
    cells = Cells("intervention providers")
    whole = cells.count(len(interventions), "offers", population="enrolled", unit="offers",
                        people=interventions["patient_id"].nunique(), name="offers")
    said = interventions["provider"].fillna(UNKNOWN).astype(str)
    for provider in [*levels(said[said.ne(UNKNOWN)], providers), UNKNOWN]:
        part = interventions[said.eq(provider)]
        people = part["patient_id"].nunique()
        n = cells.count(len(part), "offers", population="enrolled", people=people, unit="offers", provider=provider)
        who = cells.count(people, population="enrolled", provider=provider)
        cells.row(capitalised(provider), {
            "Offers": ("{n} ({share})", {"n": n, "share": cells.share(n, whole)}), "People": ("{n}", {"n": who})},
            optional=True)
    cells.row("All providers", {"Offers": ("{n}", {"n": whole})})
    return cells.summary("Interventions offered, by who provides them", About(
        "people enrolled", "offers", "a provider that is not recorded has a row"), stub="Provider")


def interventions_per_person(interventions: pd.DataFrame, episodes: pd.DataFrame, *,
                             quantile_rule: str = "type 7") -> Summary:
    """
    How many different interventions each person was offered and took up, in each setting; those with none are in it.
    """
    cells = Cells("interventions per person")
    enrolled = sorted(set(episodes["patient_id"]))
    whole = cells.people("enrolled", len(enrolled), "enrolled")
    for setting in SETTINGS:
        part = interventions[interventions["setting"].eq(setting)]
        for rows, label, short in ((part, "Offered", "offered"),
                                   (part[part["uptake"].eq("taken up")], "Taken up", "taken up")):
            each = rows.groupby("patient_id")["intervention"].nunique().reindex(enrolled, fill_value=0)
            where = {"setting": setting, "step": short}
            some = cells.count(int(each.gt(0).sum()), "one or more", population="enrolled", **where)
            spread = quartiles(cells, each, quantile_rule, population="enrolled", n=len(each), unit="interventions",
                               absent="nobody enrolled", name=f"{setting} {short} ".replace(" ", "_") + "{}", **where)
            share = cells.share(some, whole)
            cells.row(label, {"People with one or more": ("{n} ({share})", {"n": some, "share": share}),
                              "Different ones: median (quartiles)": spread},
                      section=setting.capitalize())
    return cells.summary("Different interventions for each person", About(
        "people enrolled", "people enrolled, those with none included",
        "uptake that is not known counts as not taken up"), notes=(f"Quartiles by rule {quantile_rule}.",), stub="Step")


def _offers(cells: Cells, label: str, part: pd.DataFrame, setting: str, dimensions: dict, whole: str,
            name: str, ends: bool) -> None:
    entries = _entries(cells, part, {"setting": setting, **dimensions}, name)
    if ends:
        ended = part[part["uptake"].eq("taken up") & part["ended_on"].notna()]
        done = cells.count(len(ended), "completed", population="enrolled", people=ended["patient_id"].nunique(),
                           unit="offers", name=f"{name}_completed" if name else "", setting=setting, **dimensions)
        entries["Completed"] = ("{n} ({share})", {"n": done, "share": cells.share(
            done, entries["Taken up"][1]["n"], name=f"{name}_completed_share" if name else "")})
    n = entries["People offered"][1]["n"]
    entries["People offered"] = ("{n} ({share})", {
        "n": n, "share": cells.share(n, whole, name=f"{name}_people_share" if name else "")})
    cells.row(label, entries, section=setting.capitalize(), optional=not name)


def _entries(cells: Cells, part: pd.DataFrame, dimensions: dict[str, str], name: str = "") -> dict:
    people, taken = part["patient_id"].nunique(), part[part["uptake"].eq("taken up")]
    who = cells.count(people, population="enrolled", name=f"{name}_people" if name else "", **dimensions)
    offers = cells.count(len(part), "offers", population="enrolled", people=people, unit="offers",
                         name=f"{name}_offers" if name else "", **dimensions)
    up = cells.count(len(taken), "offers taken up", population="enrolled", people=taken["patient_id"].nunique(),
                     unit="offers", name=f"{name}_taken_up" if name else "", **dimensions)
    share = cells.share(up, offers, name=f"{name}_uptake" if name else "")
    return {"People offered": ("{n}", {"n": who}), "Offers": ("{n}", {"n": offers}),
            "Taken up": ("{n} ({share})", {"n": up, "share": share})}
