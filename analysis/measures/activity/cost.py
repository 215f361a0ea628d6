"""Cost of delivery: contacts, months of work and unit costs in; minutes and money by component, and per person, out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.errors import DefinitionMistake, suggestion
from analysis.measures.activity.contacts import ATTENDANCE
from analysis.measures.activity.person_time import MONTH
from analysis.measures.cells import Cells
from analysis.measures.summary import MINUTES, About, Summary
from analysis.measures.words import capitalised, day_in_words, days_in_words, plain

Part = tuple[str, str, str, str, str]  # label, basis, id of the minutes, grade, id of the cost; '' where there is none
NO_COST, NO_MINUTES = "no unit cost stated", "not stated"
DELIVERED, MISSED, ADMIN, TRAVEL, FARES, SUPERVISION = (
    "Contacts attended", "Contacts missed", "Preparing and recording", "Travelling, time",
    "Travelling, fares and mileage", "Supervision")
NOTES = ("What delivery cost by the unit costs stated, and nothing else: neither what it was worth, nor what it saved, "
         "nor whether it was cost-effective.",
         "A component without a unit cost, or of which no minutes are recorded or assumed, has none here: it is not "
         "free, and the totals lack it.")


def cost_of_delivery(contacts: pd.DataFrame, episodes: pd.DataFrame, said: Mapping[str, Any], *, first: pd.Timestamp,
                     until: pd.Timestamp, currency: str = "£") -> Summary:
    """
    Minutes of each component times what an hour of the grade costs, in all and per person enrolled.

    `said` is the study's unit_costs.toml. Minutes of attended contacts are as recorded, and a contact whose minutes are
    not counts none (how many there are is shown). Everything else is an assumption of that file: a missed contact loses
    the minutes booked for it, preparing and recording takes so many minutes for each booked contact, travelling goes by
    place, and supervision takes so many minutes for each worker and month, from the first to the last day on which an
    episode of theirs was open. A person enrolled who never came is in the denominator.
    """
    cells = Cells("cost of delivery")
    n = episodes["patient_id"].nunique()
    enrolled = cells.people("enrolled", n, "enrolled")
    within = contacts[contacts["date"].between(first, until)]
    attended = within[within["attendance"].eq("attended")]
    spent = attended["minutes"] if attended["minutes"].notna().any() or attended.empty else None
    parts = [_time(cells, DELIVERED, attended, spent, said, "contacts", currency),
             _time(cells, MISSED, *_missed(within, said), said, "missed", currency),
             _time(cells, ADMIN, within, _each(within, said.get("admin", {}).get("minutes_per_contact")), said, "admin",
                   currency),
             _time(cells, TRAVEL, *_travel(attended, said.get("travel", {}).get("minutes")), said, "travel", currency),
             _fares(cells, *_travel(attended, said.get("travel", {}).get("fares")), said, currency),
             _supervision(cells, episodes, said, first, until, currency)]
    unknown = attended[attended["minutes"].isna()]
    lacking = cells.count(len(unknown), "attended without minutes", population="enrolled", unit="contacts",
                          people=unknown["patient_id"].nunique(), name="cost_without_minutes")
    for label, basis, minutes, grade, cost in parts:
        each = cells.rate(cost, enrolled, "cost per person enrolled", unit=currency, name=_name(label, "each")
                          ) if cost else ""
        nothing = "none: money" if label == FARES else NO_MINUTES
        why = NO_COST if minutes or label == FARES else "no minutes stated"
        cells.row(label, {
            "Minutes": ("{n}", {"n": minutes}) if minutes else (nothing, {}),
            "Grade": (grade, {}),
            "Cost": ("{c}", {"c": cost}) if cost else (why, {}),
            "Per person enrolled": ("{e}", {"e": each}) if cost else (why, {}),
            "Basis": (basis + "; attended contacts without minutes, which cost nothing here: {u}", {"u": lacking})
            if label == DELIVERED else (basis, {})})
    _sum(cells, "All but supervision", parts[:-1], enrolled, n, currency, "cost_but_supervision")
    _sum(cells, "All components", parts, enrolled, n, currency, "cost")
    return cells.summary("Cost of delivery", About(
        "contacts with people enrolled, and workers' months", "people enrolled",
        "minutes that are not recorded count none; a component without a unit cost is said to have none",
        days_in_words(first, until)),
        notes=(f"Prices of {plain(said['price_year'])}, undiscounted.", *NOTES), stub="Component",
        columns=("Minutes", "Grade", "Cost", "Per person enrolled", "Basis"))


def _sum(cells: Cells, label: str, parts: list[Part], enrolled: str, people: int, currency: str, name: str) -> None:
    """The components that have a cost, summed, with those that have none named: their absence is no nought."""
    priced = [part[4] for part in parts if part[4]]
    lacking = [part[0] for part in parts if not part[4]]
    if not priced:
        ids = {short: cells.value(None, f"{what}: {label.lower()}", population="enrolled", n=people, unit=currency,
                                  absent=NO_COST, instead=NO_COST, name=name + end)
               for short, what, end in (("c", "cost", ""), ("e", "cost per person enrolled", "_each"))}
        cells.row(label, {"Cost": ("{c}", {"c": ids["c"]}), "Per person enrolled": ("{e}", {"e": ids["e"]}),
                          "Basis": ("no component has a unit cost", {})})
        return
    total = cells.total(priced, f"cost: {label.lower()}", population="enrolled", name=name)
    each = cells.rate(total, enrolled, "cost per person enrolled", unit=currency, name=f"{name}_each")
    cells.row(label, {
        "Cost": ("{c}", {"c": total}), "Per person enrolled": ("{e}", {"e": each}),
        "Basis": (f"without: {'; '.join(lacking).lower()}" if lacking else "the sum of the above", {})})


def unit_costs(said: Mapping[str, Any], currency: str = "£") -> Summary:
    """The unit costs as the study's file states them: grade, an hour's cost or that none is stated, source and date."""
    cells = Cells("unit costs", record=True)
    for grade, one in said["grades"].items():
        per_hour = one.get("per_hour")
        cells.row(plain(capitalised(grade)), {
            "An hour": (f"{currency}{per_hour:,.2f}" if per_hour is not None else NO_COST, {}),
            "Price year": (plain(one.get("price_year", said["price_year"])), {}),
            "As of": (day_in_words(one["date"]) if "date" in one else NO_MINUTES, {}),
            "Source": (plain(one.get("source", NO_MINUTES)), {})})
    return cells.summary("Unit costs of this study", About("none", "none: a record"), notes=(
        "As stated in the study's unit_costs.toml; nothing here was looked up.",), stub="Grade")


def check(said: Mapping[str, Any], where: str) -> None:
    """DefinitionMistake for a component of a grade, or a lost contact of an outcome, that is not there."""
    for component in ("contacts", "missed", "admin", "travel", "supervision"):
        grade = said.get(component, {}).get("grade")
        if grade is not None and grade not in said["grades"]:
            raise DefinitionMistake(f"[{component}] is of the grade '{grade}', which has no cost", where=where,
                                    remedy=suggestion(grade, said["grades"], f'write [grades."{grade}"]'))
    for outcome in said.get("missed", {}).get("attendance", ()):
        if outcome not in ATTENDANCE:
            raise DefinitionMistake(f"[missed] attendance has '{outcome}', which becomes of no contact", where=where,
                                    remedy=suggestion(outcome, ATTENDANCE))


def _time(cells: Cells, label: str, rows: pd.DataFrame, minutes: pd.Series | None, said: Mapping, component: str,
          currency: str) -> Part:
    words = said.get(component, {})
    basis = plain(words.get("basis", "as recorded" if component == "contacts" else NO_MINUTES))
    grade, per_hour = _grade(words, said["grades"])
    if minutes is None:
        return label, basis, "", grade, ""
    known = minutes.dropna()
    n = cells.count(round(float(known.sum())), f"minutes: {label.lower()}", population="enrolled", unit="minutes",
                    goes_by=max(MINUTES, _step(words.get("minutes_per_contact", 0), words.get("minutes", {}))),
                    people=rows.loc[known.index, "patient_id"].nunique(), name=_name(label, "minutes"))
    cost = "" if per_hour is None else cells.times(n, per_hour / 60, f"cost: {label.lower()}", unit=currency,
                                                   name=_name(label, "cost"))
    return label, basis, n, grade, cost


def _fares(cells: Cells, rows: pd.DataFrame, fares: pd.Series | None, said: Mapping, currency: str) -> Part:
    words = said.get("travel", {})
    basis = plain(words.get("fares_basis", NO_MINUTES))
    if fares is None:
        return FARES, basis, "", "none stated", ""
    known = fares.dropna()
    people = rows.loc[known.index, "patient_id"].nunique()
    cost = cells.count(round(float(known.sum())), f"cost: {FARES.lower()}", population="enrolled", people=people,
                       unit=currency, goes_by=_step(0, words.get("fares", {})), name=_name(FARES, "cost"))
    return FARES, basis, "", "by place", cost


def _supervision(cells: Cells, episodes: pd.DataFrame, said: Mapping, first: pd.Timestamp, until: pd.Timestamp,
                 currency: str) -> Part:
    """Minutes for each worker and month; they are of the workers, and rest upon so many of them."""
    words = said.get("supervision", {})
    basis, (grade, per_hour) = plain(words.get("basis", NO_MINUTES)), _grade(words, said["grades"])
    minutes = words.get("minutes_per_worker_month")
    if minutes is None:
        return SUPERVISION, basis, "", grade, ""
    rows = episodes[episodes["worker"].notna()]
    begin = rows["started_on"].clip(lower=first).groupby(rows["worker"]).min()
    end = rows["ended_on"].fillna(until).clip(upper=until).groupby(rows["worker"]).max()
    months = ((end - begin).dt.days + 1).clip(lower=0) / MONTH
    n = cells.count(round(float(months.sum()) * minutes), f"minutes: {SUPERVISION.lower()}",
                    population="service providers", people=len(months), unit="minutes", name="supervision_minutes",
                    goes_by=max(MINUTES, _step(minutes, {})))
    cost = "" if per_hour is None else cells.times(n, per_hour / 60, f"cost: {SUPERVISION.lower()}", unit=currency,
                                                   name="supervision_cost")
    return SUPERVISION, basis, n, grade, cost


def _step(each: float, by_place: Mapping[str, float]) -> int:
    """How much one more contact adds at most: a sum of so many each, rounded to less, would tell their number."""
    return max(1, math.ceil(max(each, *by_place.values(), 0)))


def _grade(words: Mapping, grades: Mapping) -> tuple[str, float | None]:
    grade = words.get("grade")
    per_hour = grades[grade].get("per_hour") if grade else None
    return plain(grade) if grade else "none stated", None if per_hour is None else float(per_hour)


def _missed(contacts: pd.DataFrame, said: Mapping) -> tuple[pd.DataFrame, pd.Series | None]:
    """Contacts whose booked time is lost: the file names them by what became of them."""
    lost = said.get("missed", {}).get("attendance")
    rows = contacts[contacts["attendance"].isin(lost or ())]
    return rows, rows["booked_minutes"] if lost else None


def _each(rows: pd.DataFrame, minutes: float | None) -> pd.Series | None:
    return None if minutes is None else pd.Series(float(minutes), index=rows.index)


def _travel(contacts: pd.DataFrame, by_place: Mapping[str, float] | None) -> tuple[pd.DataFrame, pd.Series | None]:
    """So much for each attended contact at a place; places that the file does not name take none."""
    if by_place is None:
        return contacts, None
    rows = contacts[contacts["place"].isin(by_place)]
    return rows, rows["place"].map(by_place).astype(float)


def _name(label: str, what: str) -> str:
    return f"{label.lower().replace(',', '').replace(' ', '_')}_{what}"
