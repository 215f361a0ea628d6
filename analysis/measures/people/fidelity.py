"""Fidelity: what was planned for each person, and what was delivered, in; the two side by side out."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.quartiles import quartiles
from analysis.measures.summary import About, Summary
from analysis.measures.words import capitalised

NOT_STATED = "not stated"
PLANS = {"contacts": "Attended contacts of a person enrolled", "minutes": "Minutes of an attended contact",
         "weeks": "Weeks from the start to the end of a stay", "staff": "Staff who delivered a contact"}
COLUMNS = ("Planned", "Delivered", "As planned or more")
Entry = tuple[str, dict[str, str]]


def fidelity(planned: Mapping[str, object], episodes: pd.DataFrame, *, contacts: pd.DataFrame | None = None,
             interventions: pd.DataFrame | None = None, quantile_rule: str = "type 7") -> Summary:
    """
    Planned beside delivered: contacts a person, minutes a contact, weeks of stay, staff, and what everybody was to get.

    `planned` may have contacts, minutes, weeks and staff (numbers), interventions (names, planned for everybody
    enrolled) and source (words). What it does not state is shown as not stated, and what was delivered all the same.
    People who never came count with no contact. Stays still open are in no length: that makes it shorter than it
    will be. A table that the service does not collect is None, and its rows have no number.
    """
    cells = Cells("fidelity")
    enrolled = pd.Index(episodes["patient_id"].dropna().unique())
    whole = cells.people("enrolled", len(enrolled), "enrolled")
    for key, label in PLANS.items():
        entries: dict[str, Entry] = {"Planned": (_plain(planned.get(key)), {})}
        target = planned.get(key)
        if key == "staff" and contacts is not None:
            n = contacts.loc[contacts["attendance"].eq("attended"), "worker"].nunique()
            entries["Delivered"] = ("{n}", {"n": cells.count(int(n), "delivered a contact", name="staff",
                                                             population="service providers")})
        elif (found := _delivered(key, episodes, contacts, enrolled)) is not None:
            who, values = found
            entries["Delivered"] = _spread(cells, key, who, values, quantile_rule)
            if target is not None:
                entries["As planned or more"] = _reached(cells, key, who, values, float(target), whole)
        cells.row(label, entries)
    if interventions is not None:
        taken = interventions[interventions["uptake"].eq("taken up") & interventions["patient_id"].isin(enrolled)]
        for name in planned.get("interventions", ()):
            n = cells.count(taken.loc[taken["intervention"].eq(name), "patient_id"].nunique(), "people who took it up",
                            population="enrolled", intervention=name)
            cells.row(capitalised(name), {"Planned": ("for everybody", {}), "Delivered": (
                "{n} ({share})", {"n": n, "share": cells.share(n, whole)})}, section="Taken up by people enrolled")
    source = planned.get("source")
    return cells.summary("Planned and delivered", About(
        "people enrolled, their attended contacts and their stays that have ended",
        "people enrolled; of minutes, contacts of known length; of weeks, stays that have ended, by death too",
        "people who never came count with no contact; stays still open are in no length"),
        notes=(f"Planned: {str(source).rstrip('.')}." if source else "Where the plan stands is not stated.",
               f"Delivered: median (quartiles by rule {quantile_rule}). As planned or more: people, contacts or stays "
               "that reached what was planned."), stub="What", columns=COLUMNS)


def _delivered(key: str, episodes: pd.DataFrame, contacts: pd.DataFrame | None,
               enrolled: pd.Index) -> tuple[pd.Series, pd.Series] | None:
    """Whose each value is, and the values; None where the service does not collect them."""
    if key == "weeks":
        days = (pd.to_datetime(episodes["ended_on"]) - pd.to_datetime(episodes["started_on"])).dt.days.dropna()
        return episodes.loc[days.index, "patient_id"], days / 7
    if contacts is None:
        return None
    attended = contacts[contacts["attendance"].eq("attended") & contacts["patient_id"].isin(enrolled)]
    if key == "contacts":
        n = attended.groupby("patient_id").size().reindex(enrolled, fill_value=0)
        return pd.Series(enrolled, index=n.index), n
    minutes = attended["minutes"].dropna()
    return attended.loc[minutes.index, "patient_id"], minutes.astype(float)


def _spread(cells: Cells, key: str, who: pd.Series, values: pd.Series, rule: str) -> Entry:
    return quartiles(cells, values, rule, population="enrolled", n=who.nunique(), unit=key,
                     absent=f"no {key} recorded", name=f"{key}_{{}}", delivered=key)


def _reached(cells: Cells, key: str, who: pd.Series, values: pd.Series, target: float, whole: str) -> Entry:
    """Of people for contacts, of contacts for minutes, of stays for weeks."""
    enough = values.ge(target)
    units = {"contacts": "people", "minutes": "contacts", "weeks": "stays"}[key]
    base = whole if key == "contacts" else cells.count(len(values), f"{units} of known length", unit=units,
                                                       population="enrolled", people=who.nunique(), delivered=key)
    n = cells.count(int(enough.sum()), "as planned or more", population="enrolled", unit=units, delivered=key,
                    people=who[enough].nunique(), name=f"{key}_as_planned")
    return "{n} of {of} ({share})", {"n": n, "of": base,
                                     "share": cells.share(n, base, name=f"{key}_as_planned_share")}


def _plain(planned: object) -> str:
    return NOT_STATED if planned is None else f"{planned:g}" if isinstance(planned, (int, float)) else str(planned)
