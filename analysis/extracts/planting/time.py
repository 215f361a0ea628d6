"""Faults of days: before birth, after death, of another period, or standing for a day that nobody knew."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from analysis.extracts.planting import Bed, Kind, Spot
from analysis.extracts.synthetic.people import DAY, Person

OF_THE_END = ("died_on", "deregistered_on", "ended_on")
Named = Sequence[Spot | tuple[Spot, str]]


def days_of(bed: Bed, person: Person) -> Iterator[tuple[Spot, str, datetime.date]]:
    """Every day that an extract tells of a person, but for those of an end; a participant's where a key leads there."""
    keyed = any(p.table.name == "identifiers" and p.column("participant_id") for p in bed.plans)
    plans = [p for p in bed.plans if p.column("patient_id") or (keyed and (p.column("person")
                                                                           or p.column("participant_id")))]
    for spot in bed.spots(plans, used=True):
        if spot.person is person:
            for c in spot.plan.delivered:
                if c.type == "date" and c.name not in OF_THE_END and (day := spot.day(c.name)):
                    yield spot, c.name, day


def _died_too_early(bed: Bed) -> Named | None:
    for spot in bed.rows("patients", "died_on", untouched=True):
        told = list(days_of(bed, spot.person))
        if not spot.get("died_on") and told:
            died = max(day for _, _, day in told) - DAY
            if spot.plan.column("deregistered_on") and spot.get("deregistered_on"):
                continue
            bed.take(spot.set("died_on", died), person=True)
            return bed.take(*(one for one, _, day in told if day > died))
    return None


def _left_too_early(bed: Bed) -> Named | None:
    for spot in bed.rows("patients", "deregistered_on", untouched=True):
        issues = [(one, day) for one in bed.of(spot.person, "prescriptions", "issued_on")
                  if (day := one.day("issued_on"))]
        if not spot.get("deregistered_on") and len(issues) > 1:
            left = max(day for _, day in issues) - DAY
            bed.take(spot.set("deregistered_on", left), person=True)
            return bed.take(*(one for one, day in issues if day > left))
    return None


def _before_birth(bed: Bed) -> Named | None:
    for spot in bed.rows("patients", "registered_on", "birth_year"):
        if spot.get("registered_on") and spot.get("birth_year"):
            return bed.take(spot.set("registered_on", datetime.date(int(spot.get("birth_year")) - 1, 6, 15)))
    return None


def _first_of_1900(bed: Bed) -> Named | None:
    for spot in bed.rows("patients", "registered_on"):
        if "%H" in spot.column("registered_on").format:
            continue
        born = spot.plan.column("birth_year") and spot.get("birth_year")
        bed.take(spot.set("registered_on", datetime.date(1900, 1, 1)))
        return [spot, *([(spot, "not before birth")] if born else [])]
    return None


def _far_off(bed: Bed) -> Named | None:
    for spot in bed.spots(bed.plans):
        for c in spot.plan.delivered:
            if c.type == "date" and c.name in ("deregistered_on", "ended_on") and not c.latest and "%H" not in c.format:
                bed.take(spot.set(c.name, datetime.date(2099, 12, 31)))
                return [spot, *([(spot, "not after the export")] if spot.plan.exported else [])]
    return None


def _after_export(bed: Bed) -> Named | None:
    plans = [p for p in bed.plans if p.exported]
    for spot in bed.spots(plans):
        for c in spot.plan.delivered:
            if c.name in ("deregistered_on", "ended_on", "due_on") and c.type == "date" and not c.latest:
                return bed.take(spot.set(c.name, spot.plan.exported + bed.dice.randint(1, 60) * DAY))
    return None


def _recorded_before(bed: Bed) -> Named | None:
    for table, happened in (("contacts", "date"), ("prescriptions", "issued_on"), ("episodes", "started_on")):
        for spot in bed.rows(table, "recorded_on", happened, untouched=True):
            return bed.take(spot.set("recorded_on", spot.day(happened) - 2 * DAY))
    return None


def _midnight(bed: Bed) -> Named | None:
    for spot in bed.spots(bed.plans):
        for c in spot.plan.delivered:
            if c.type == "date" and "%H" in c.format and spot.get(c.name) and sum(
                    len(sheet.rows) for sheet in bed.extracts.sheets if spot.plan in sheet.plans) > 12:
                return bed.take(spot.set(c.name, f"{spot.day(c.name):{c.format}}"))
    return None


def _before_the_period(bed: Bed) -> Named | None:
    """The first of a row's days, so that no other follows too early."""
    for spot in bed.rows("referrals"):
        name = next((n for n in ("identified_on", "invited_on") if spot.plan.column(n)), "")
        if name and spot.get(name) and (first := spot.column(name).earliest):
            return bed.take(spot.set(name, first - bed.dice.randint(1, 20) * DAY))
    return None


def _after_the_period(bed: Bed) -> Named | None:
    """Of somebody who did not answer, so that nothing came of it too early."""
    for spot in bed.rows("referrals", "invited_on"):
        column, answered = spot.column("invited_on"), spot.plan.column("responded_on")
        if column.earliest and spot.person.response != "enrolled" and not (answered and spot.get("responded_on")):
            return bed.take(spot.set("invited_on", column.latest + bed.dice.randint(1, 20) * DAY))
    return None


def _either_order(bed: Bed) -> Named | None:
    for plan in bed.delivers("patients", "registered_on"):
        if "%d" in plan.column("registered_on").format and "%m" in plan.column("registered_on").format:
            spots = list(bed.spots([plan]))
            for spot in spots:
                if day := spot.day("registered_on"):
                    spot.set("registered_on", day.replace(day=(day.day - 1) % 12 + 1))
            if len({spot.get("registered_on") for spot in spots} - {""}) >= 15:
                return spots[:1]
    return None


KINDS = (
    Kind("died before things that were done", "time", "not after death", "patients.died_on", _died_too_early),
    Kind("left the practice before an issue", "time", "not after leaving the practice",
         "patients.deregistered_on and prescriptions", _left_too_early),
    Kind("registered before birth", "time", "not before birth", "patients.registered_on and birth_year", _before_birth),
    Kind("first of January 1900 for a day that nobody knew", "time", "no stand-in date", "patients.registered_on",
         _first_of_1900),
    Kind("far-off day for no day", "time", "no stand-in date", "a date of an end", _far_off),
    Kind("day after the export", "time", "not after the export", "`exported`, and a date of an end", _after_export),
    Kind("recorded before it happened", "time", "recorded after it happened", "recorded_on", _recorded_before),
    Kind("midnight among times of day", "time", "time of day known", "a date with a time of day", _midnight),
    Kind("date before the period", "time", "within the period", "referrals with `within`", _before_the_period),
    Kind("date after the period", "time", "within the period", "referrals.invited_on with `within`", _after_the_period),
    Kind("dates that can be read in both orders", "time", "day and month told apart",
         "fifteen patients with registered_on in figures", _either_order, whole=True),
)
