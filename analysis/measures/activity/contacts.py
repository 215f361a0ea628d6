"""Contacts: booked contacts in; how many, how, where, how long and attended or not, out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.measures.cells import Cells, levels
from analysis.measures.quartiles import quartiles
from analysis.measures.statistics.quantiles import quantile
from analysis.measures.summary import MINUTES, About, Summary

ATTENDANCE = ("attended", "did not attend", "cancelled by patient", "cancelled by service")
UNKNOWN = "not recorded"
NO_MINUTES, EACH = "no minutes recorded", "For each person enrolled"
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
    cells.row("Median (quartiles)", {"People": _spread(
        cells, attended, "enrolled", "contacts", quantile_rule, prefix="contacts_")}, section="Attended contacts")
    total = cells.count(int(attended.sum()), "attended contacts", population="enrolled",
                        people=int(attended.gt(0).sum()), unit="contacts", name="attended")
    cells.row("Attended contacts in all", {"People": ("{n}", {"n": total})})
    return cells.summary("Attended contacts per person enrolled",
                         About("people enrolled", "people enrolled, those who never came included"),
                         notes=(f"Quartiles by rule {quantile_rule}.",), stub="Contacts")


def contact_modes(contacts: pd.DataFrame, *, modes: Sequence[str] = (), quantile_rule: str = "type 7") -> Summary:
    """Attended contacts by mode, with their minutes; a contact whose minutes are missing counts, without minutes."""
    return _attended_by(Cells("contact modes"), "mode", contacts, modes, quantile_rule)


def contact_places(contacts: pd.DataFrame, *, places: Sequence[str] = (), quantile_rule: str = "type 7") -> Summary:
    """Attended contacts by place, with their minutes; a telephone call may well have none."""
    return _attended_by(Cells("contact places"), "place", contacts, places, quantile_rule)


def _attended_by(cells: Cells, column: str, contacts: pd.DataFrame, known: Sequence[str], rule: str) -> Summary:
    attended = contacts[contacts["attendance"].eq("attended")]
    whole = cells.count(len(attended), "contacts", population="enrolled", people=attended["patient_id"].nunique(),
                        unit="contacts", name="attended")
    values = attended[column].fillna(UNKNOWN).astype(str)
    for value in [*levels(values[values.ne(UNKNOWN)], known), UNKNOWN]:
        part = attended[values.eq(value)]
        people = part["patient_id"].nunique()
        name = value.replace(" ", "_")
        n = cells.count(len(part), "contacts", population="enrolled", people=people, unit="contacts", name=name,
                        **{column: value})
        who = cells.count(people, population="enrolled", **{column: value})
        minutes = part["minutes"].dropna()
        cells.row(value.capitalize(), {
            "Contacts": ("{n} ({share})", {"n": n, "share": cells.share(n, whole, name=f"{name}_share")}),
            "People": ("{n}", {"n": who}),
            "Minutes: median": ("{median}", {"median": cells.value(
                quantile(minutes, 0.5, rule), "median minutes", population="enrolled",
                n=part.loc[minutes.index, "patient_id"].nunique(), unit="minutes", digits=0,
                absent=NO_MINUTES, **{column: value})})}, optional=True)
    cells.row(f"All {column}s", {"Contacts": ("{n}", {"n": whole})})
    return cells.summary(f"Attended contacts by {column}", About(
        "attended contacts of people enrolled", "attended contacts",
        f"contacts without minutes are counted and have none; a {column} that is not recorded has a row"),
        stub=column.capitalize())


def contact_minutes(contacts: pd.DataFrame, episodes: pd.DataFrame, *, quantile_rule: str = "type 7") -> Summary:
    """
    Minutes booked and minutes delivered, the contacts for which they are not on record, and minutes for each person.

    Minutes are delivered in attended contacts. What was booked and delivered is compared only over attended contacts
    with both on record: over all of them a service that forgets to write minutes down would seem to give few. For the
    same reason a person's minutes are summed only where all of them are on record; people who never came have none.
    Where no contact at all has minutes, there is no sum, and the words 'not recorded' stand in its place.
    """
    cells = Cells("contact minutes")
    attended = contacts[contacts["attendance"].eq("attended")]
    ids = {}
    for name, rows, column, label in (("booked", contacts, "booked_minutes", "Minutes booked, all booked contacts"),
                                      ("delivered", attended, "minutes", "Minutes delivered, attended contacts")):
        known = rows[rows[column].notna()]
        ids[name] = _minutes(cells, known, column, f"minutes {name}", f"minutes_{name}")
        lacking = rows[rows[column].isna()]
        cells.row(label, {
            "Minutes": ("{n}", {"n": ids[name]}),
            "Contacts with minutes": ("{n}", {"n": _rows(cells, known, f"contacts with minutes {name}")}),
            "Not recorded": ("{n}", {"n": _rows(cells, lacking, f"contacts without minutes {name}",
                                                f"without_minutes_{name}")})})
    both = attended[attended["booked_minutes"].notna() & attended["minutes"].notna()]
    for column, label in (("booked_minutes", "Booked"), ("minutes", "Delivered")):
        ids[label] = _minutes(cells, both, column, f"{label.lower()} where both are known", label.lower())
        cells.row(label, {"Minutes": ("{n}", {"n": ids[label]}), "Contacts with minutes": ("{n}", {
            "n": _rows(cells, both, "contacts with both")})}, section="Attended contacts with both on record")
    share = (cells.share(ids["Delivered"], ids["Booked"], name="minutes_delivered_share") if len(both) else cells.value(
        None, "minutes delivered of those booked", population="enrolled", n=0, unit="%", instead=UNKNOWN,
        absent=NO_MINUTES, name="minutes_delivered_share"))
    cells.row("Delivered, of booked", {"Minutes": ("{share}", {"share": share})},
              section="Attended contacts with both on record")
    enrolled = sorted(set(episodes["patient_id"]))
    each = attended.groupby("patient_id")["minutes"].sum().astype(float).reindex(enrolled, fill_value=0.0)
    partly = attended.loc[attended["minutes"].isna(), "patient_id"].unique()
    each = each[~each.index.isin(partly)] if attended["minutes"].notna().any() or attended.empty else each[:0]
    cells.row("People whose minutes are all on record", {"Minutes": ("{n}", {"n": cells.count(
        len(each), "all minutes on record", population="enrolled", name="minutes_known_people")})}, section=EACH)
    cells.row("Minutes delivered: median (quartiles)", {"Minutes": _spread(
        cells, each, "enrolled", "minutes", quantile_rule, prefix="minutes_each_", instead=UNKNOWN)}, section=EACH)
    return cells.summary("Minutes booked and delivered", About(
        "booked contacts of people enrolled", "none: minutes; in the row that says so, minutes booked",
        "contacts whose minutes are not on record have a column and no minutes; people with one are in no median"),
        notes=(f"Quartiles by rule {quantile_rule}.",), stub="Minutes")


def attendance(contacts: pd.DataFrame) -> Summary:
    """
    What became of booked contacts.

    Two denominators are in use and differ: all booked contacts (NHS England) and attended plus did not attend (many
    dashboards). Both shares of non-attendance are given, each with its name. A contact of which it is not recorded what
    became is in neither, and has a row.
    """
    cells = Cells("attendance")

    def counted(rows: pd.DataFrame, **dimensions: str) -> str:
        return cells.count(len(rows), "contacts", population="enrolled", people=rows["patient_id"].nunique(),
                           unit="contacts", **dimensions)

    whole = counted(contacts, name="booked")
    known = contacts[contacts["attendance"].isin(ATTENDANCE)]
    base = counted(known, attendance="known", name="booked_known")
    ids = {}
    for outcome in ATTENDANCE:
        ids[outcome] = counted(contacts[contacts["attendance"].eq(outcome)], attendance=outcome,
                               name=outcome.replace(" ", "_"))
        cells.row(outcome.capitalize(), {"Contacts": ("{n}", {"n": ids[outcome]}),
                                         "Share of booked": ("{share}", {"share": cells.share(ids[outcome], base)})})
    cells.row("Booked, outcome known", {"Contacts": ("{n}", {"n": base})})
    lacking = counted(contacts[~contacts["attendance"].isin(ATTENDANCE)], attendance=UNKNOWN, name="outcome_unknown")
    cells.row("Booked, outcome not recorded", {"Contacts": ("{n}", {"n": lacking})})
    cells.row("Booked", {"Contacts": ("{n}", {"n": whole})})
    kept = counted(contacts[contacts["attendance"].isin(["attended", "did not attend"])],
                   attendance="attended or did not attend")
    cells.row("Did not attend, of attended and not attended", {"Share of booked": ("{share}", {
        "share": cells.share(ids["did not attend"], kept, "non-attendance", name="non_attendance")})})
    cells.row("Did not attend, of all booked", {"Share of booked": ("{share}", {
        "share": cells.share(ids["did not attend"], base, name="non_attendance_of_booked")})})
    return cells.summary("Booked contacts by what became of them", About(
        "booked contacts of people enrolled",
        "booked contacts whose outcome is known; in the row that says so, attended and not attended",
        "an outcome that is not recorded is in no denominator and has a row"),
        stub="Outcome", columns=("Contacts", "Share of booked"))


def _minutes(cells: Cells, rows: pd.DataFrame, column: str, statistic: str, name: str) -> str:
    if rows.empty:
        return cells.value(None, statistic, population="enrolled", n=0, unit="minutes", instead=UNKNOWN,
                           absent=NO_MINUTES, name=name)
    return cells.count(int(rows[column].sum()), statistic, population="enrolled", unit="minutes", goes_by=MINUTES,
                       people=rows["patient_id"].nunique(), name=name)


def _rows(cells: Cells, rows: pd.DataFrame, statistic: str, name: str = "") -> str:
    return cells.count(len(rows), statistic, population="enrolled", unit="contacts",
                       people=rows["patient_id"].nunique(), name=name)


def _spread(cells: Cells, values: pd.Series, population: str, unit: str, rule: str, *, prefix: str = "",
            instead: str = "", **dimensions: str) -> tuple[str, dict[str, str]]:
    known = values.dropna()
    return quartiles(cells, known, rule, population=population, n=len(known), unit=unit, name=prefix + "{}",
                     instead=instead, **dimensions)
