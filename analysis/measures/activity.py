"""What was delivered: contacts and interventions in; how many, how, attended or not, offered and taken up, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from analysis.measures.quantiles import quantile
from analysis.measures.summary import About, Cells, Summary, levels

ATTENDANCE = ("attended", "did not attend", "cancelled by patient", "cancelled by service")
SETTINGS = ("within service", "community")
SPREAD = (("median", 0.5, "median"), ("q1", 0.25, "lower quartile"), ("q3", 0.75, "upper quartile"))
CONTACT_BANDS = ((0, 0, "No contact"), (1, 3, "1 to 3"), (4, 6, "4 to 6"), (7, 12, "7 to 12"),
                 (13, 10_000, "13 or more"))


def contacts_per_patient(contacts: pd.DataFrame, episodes: pd.DataFrame, *, quantile_rule: str = "type 7") -> Summary:
    """
    Attended contacts for each person enrolled, in bands and as a median.

    People who never came are in it with none: leaving them out would make the service look busier than it was.
    """
    cells = Cells("contacts per patient")
    enrolled = sorted(set(episodes["patient_id"]))
    attended = (contacts[contacts["attendance"].eq("attended")].groupby("patient_id").size()
                .reindex(enrolled, fill_value=0))
    whole = cells.people("enrolled", len(enrolled), "enrolled")
    for low, high, label in CONTACT_BANDS:
        n = cells.count(int(attended.between(low, high).sum()), population="enrolled", contacts=label.lower(),
                        name="never_came" if high == 0 else "")
        cells.row(label, {"People": ("{n} ({share})", {
            "n": n, "share": cells.share(n, whole, name="never_came_share" if high == 0 else "")})},
                  section="Attended contacts")
    cells.row("Median (quartiles)", {"People": ("{median} ({q1} to {q3})", _spread(
        cells, attended, "enrolled", "contacts", quantile_rule, prefix="contacts_"))}, section="Attended contacts")
    total = cells.count(int(attended.sum()), "attended contacts", population="enrolled",
                        people=int(attended.gt(0).sum()), unit="contacts", name="attended")
    cells.row("Attended contacts in all", {"People": ("{n}", {"n": total})})
    return cells.summary("Attended contacts per person enrolled",
                         About("people enrolled", "people enrolled, those who never came included"),
                         notes=(f"Quartiles by rule {quantile_rule}.",), stub="Contacts")


def contact_modes(contacts: pd.DataFrame, *, modes: Sequence[str] = (), quantile_rule: str = "type 7") -> Summary:
    """Attended contacts by mode, with their minutes; a contact whose minutes are missing counts, without minutes."""
    cells = Cells("contact modes")
    attended = contacts[contacts["attendance"].eq("attended")]
    whole = cells.count(len(attended), "contacts", population="enrolled", people=attended["patient_id"].nunique(),
                        unit="contacts", name="attended")
    for mode in levels(attended["mode"], modes):
        part = attended[attended["mode"].eq(mode)]
        people = part["patient_id"].nunique()
        n = cells.count(len(part), "contacts", population="enrolled", people=people, unit="contacts", mode=mode,
                        name=mode.replace(" ", "_"))
        who = cells.count(people, population="enrolled", mode=mode)
        known = part["minutes"].dropna()
        cells.row(mode.capitalize(), {
            "Contacts": ("{n} ({share})", {
                "n": n, "share": cells.share(n, whole, name=f"{mode.replace(' ', '_')}_share")}),
            "People": ("{n}", {"n": who}),
            "Minutes: median": ("{median}", {"median": cells.value(
                quantile(known, 0.5, quantile_rule), "median minutes", population="enrolled",
                n=part.loc[known.index, "patient_id"].nunique(), unit="minutes", digits=0, mode=mode,
                absent="no minutes recorded")})}, optional=True)
    cells.row("All modes", {"Contacts": ("{n}", {"n": whole})})
    return cells.summary("Attended contacts by mode", About(
        "attended contacts of people enrolled", "attended contacts",
        "contacts without minutes are counted and have none"),
        stub="Mode")


def attendance(contacts: pd.DataFrame) -> Summary:
    """
    What became of booked contacts.

    Two denominators are in use and differ: all booked contacts (NHS England) and attended plus did not attend (many
    dashboards). Both shares of non-attendance are given, each with its name.
    """
    cells = Cells("attendance")

    def counted(rows: pd.DataFrame, **dimensions: str) -> str:
        return cells.count(len(rows), "contacts", population="enrolled", people=rows["patient_id"].nunique(),
                           unit="contacts", **dimensions)

    whole = counted(contacts, name="booked")
    ids = {}
    for outcome in ATTENDANCE:
        ids[outcome] = counted(contacts[contacts["attendance"].eq(outcome)], attendance=outcome,
                               name=outcome.replace(" ", "_"))
        cells.row(outcome.capitalize(), {"Contacts": ("{n}", {"n": ids[outcome]}),
                                         "Share of booked": ("{share}", {"share": cells.share(ids[outcome], whole)})})
    cells.row("Booked", {"Contacts": ("{n}", {"n": whole})})
    kept = contacts[contacts["attendance"].isin(["attended", "did not attend"])]
    base = counted(kept, attendance="attended or did not attend")
    cells.row("Did not attend, of attended and not attended", {"Share of booked": ("{share}", {
        "share": cells.share(ids["did not attend"], base, "non-attendance", name="non_attendance")})})
    cells.row("Did not attend, of all booked", {"Share of booked": ("{share}", {
        "share": cells.share(ids["did not attend"], whole, name="non_attendance_of_booked")})})
    return cells.summary("Booked contacts by what became of them", About(
        "booked contacts of people enrolled",
        "all booked contacts; in the row that says so, attended and not attended"),
        stub="Outcome", columns=("Contacts", "Share of booked"))


def interventions_taken_up(interventions: pd.DataFrame, episodes: pd.DataFrame, *,
                           kinds: Mapping[str, Sequence[str]] = MappingProxyType({})) -> Summary:
    """
    Interventions within the service and in the community: people offered, offers, and offers taken up.

    An offer is a row: the same thing offered twice to one person is two offers to one person. Uptake 'not known' stays
    in the denominator. `kinds` are the definition's interventions in each setting.
    """
    cells = Cells("interventions")
    whole = cells.people("enrolled", episodes["patient_id"].nunique(), "enrolled")
    for setting in SETTINGS:
        part = interventions[interventions["setting"].eq(setting)]
        name = setting.replace(" ", "_")
        _offers(cells, "Any", part, setting, {}, whole, name)
        for intervention in sorted(levels(part["intervention"], kinds.get(setting, ()))):
            _offers(cells, intervention.capitalize(), part[part["intervention"].eq(intervention)], setting,
                    {"intervention": intervention}, whole, "")
    return cells.summary("Interventions offered and taken up, within the service and in the community", About(
        "people enrolled", "people: all enrolled; taken up: offers", "uptake that is not known counts as not taken up"),
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


def _offers(cells: Cells, label: str, part: pd.DataFrame, setting: str, dimensions: dict, whole: str,
            name: str) -> None:
    entries = _entries(cells, part, {"setting": setting, **dimensions}, name)
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


def _spread(cells: Cells, values: pd.Series, population: str, unit: str, rule: str, *, prefix: str = "",
            **dimensions: str) -> dict:
    known = values.dropna()
    return {short: cells.value(quantile(known, q, rule), statistic, population=population, n=len(known), unit=unit,
                               digits=0, name=f"{prefix}{short}", **dimensions) for short, q, statistic in SPREAD}
