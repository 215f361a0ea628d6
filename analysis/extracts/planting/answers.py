"""Faults of questionnaires and consent: answered when, by whom, in which version, and whether it may be used."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.extracts.planting import Bed, Kind, Spot
from analysis.extracts.synthetic.people import DAY

Named = Sequence[Spot | tuple[Spot, str]]
# What is gathered of a person, and the day of it: what a withdrawal ends.
GATHERED = {"contacts": "date", "responses": "date", "prescriptions": "issued_on", "interviews": "date",
            "interventions": "offered_on", "events": "date"}


def _all_alike(bed: Bed) -> Named | None:
    for spot in bed.spots([p for p in bed.plans if p.items and not p.column("total")]):
        for name, headings in spot.plan.items.items():
            if len(headings) >= 7:
                for heading in headings:
                    spot.row.cells[heading] = str(spot.plan.scales[name].lowest + 1)
                return bed.take(spot)
    return None


def _half_a_scale(bed: Bed) -> Named | None:
    """Everybody keeps to the lower three of five levels, as where an older form with three was given."""
    for plan in bed.plans:
        sheets = [sheet for sheet in bed.extracts.sheets if plan in sheet.plans]
        for name, headings in plan.items.items() if not plan.column("total") else ():
            scale, rows = plan.scales[name], [row for sheet in sheets for row in sheet.rows]
            sent = [row for row in rows if any(row.cells[heading] for heading in headings)]
            if scale.highest - scale.lowest == 4 and len(headings) < 7 and len(sent) >= 20:
                for row in sent:
                    row.cells |= {h: str(min(int(row.cells[h]), scale.highest - 2)) for h in headings
                                  if row.cells[h].isdecimal()}
                return [Spot(plan, sheets[0], sent[0])]
    return None


def _timepoints(bed: Bed) -> list[str]:
    return sorted(bed.study["timepoints"], key=lambda name: bed.study["timepoints"][name]["weeks"])


def _out_of_order(bed: Bed) -> Named | None:
    """The later questionnaire with a day before the earlier one's: a window that it misses, too."""
    order = _timepoints(bed)
    for spot in bed.spots([p for p in bed.delivers("responses", "date") if p.timepoint in order[1:]], untouched=True):
        first = [s for s in bed.of(spot.person, "responses", "date") if s.plan.timepoint == order[0] and s.day("date")]
        apart = 7 * (bed.study["timepoints"][spot.plan.timepoint]["weeks"] - bed.study["timepoints"][order[0]]["weeks"])
        if first:
            bed.take(spot.set("date", first[0].day("date") - 3 * DAY), person=True)
            missed = bed.delivers("episodes", "started_on") and apart > 56 + 3
            return [spot, *([(spot, "answered in its window")] if missed else [])]
    return None


def _out_of_its_window(bed: Bed) -> Named | None:
    for spot in bed.spots(bed.delivers("responses", "date"), untouched=True):
        said = bed.study["timepoints"].get(spot.plan.timepoint)
        if said and bed.delivers("episodes", "started_on"):
            day = spot.person.started_on + (7 * said["weeks"] + 60) * DAY
            later = [s.day("date") for s in bed.of(spot.person, "responses", "date") if s.row is not spot.row]
            if day <= (spot.column("date").latest or day) and all(day < other for other in later if other):
                return bed.take(spot.set("date", day))
    return None


def _by_somebody_else(bed: Bed) -> Named | None:
    for spot in bed.rows("responses", "completed_by"):
        if "somebody else" in spot.column("completed_by").codes.values():
            return bed.take(spot.set("completed_by", "somebody else"))
    return None


def _wrong_version(bed: Bed) -> Named | None:
    for spot in bed.spots([p for p in bed.delivers("responses", "version") if len(p.items) == 1]):
        return bed.take(spot.set("version", "99L"))
    return None


def _whole(bed: Bed) -> list[Spot]:
    """Questionnaires with a total, of one instrument, without a blank."""
    plans = [p for p in bed.delivers("responses", "total") if len(p.items) == 1
             and all(scale.score != "index" for scale in p.scales.values())]
    return [s for s in bed.spots(plans) if all(s.row.cells[h] for hs in s.plan.items.values() for h in hs)]


def _total_alone(bed: Bed) -> Named | None:
    for spot in _whole(bed):
        for headings in spot.plan.items.values():
            spot.row.cells |= dict.fromkeys(headings, "")
        return bed.take(spot)
    return None


def _wrong_total(bed: Bed) -> Named | None:
    for spot in _whole(bed):
        return bed.take(spot.set("total", float(spot.get("total")) + 7.25))
    return None


def _not_due(bed: Bed) -> Named | None:
    """The list of what was due has somebody else in the place of who answered."""
    for spot in bed.spots([p for p in bed.delivers("timepoints", "patient_id") if not p.column("patient_id").through],
                          untouched=True):
        record = spot.row.record(spot.plan.name)
        answered = [s for s in bed.of(spot.person, "responses") if s.plan.timepoint == record["timepoint"]
                    and record["instrument"] in s.plan.items]
        other = next((p for p in bed.extracts.world.people if not p.started_on), None)
        if answered and other:
            bed.take(spot.set("patient_id", other.patient_id), person=True)
            return bed.take(*answered)
    return None


# ------------------------------------------------------------------------------------------------ consent

def _interview_consents(bed: Bed) -> list[tuple[Spot, list[Spot]]]:
    """Consents to an interview that somebody gave who was interviewed, with the interviews."""
    found = []
    for spot in bed.rows("consents", "person", "kind", "status", "date", untouched=True):
        if spot.ours("kind") == "interview" and spot.person and (
                heard := bed.of(spot.person, "interviews", "participant_id")):
            found.append((spot, heard))
    return found


def _without_consent(bed: Bed) -> Named | None:
    for spot, heard in _interview_consents(bed):
        if "declined" in spot.column("status").codes.values():
            bed.take(spot.set("status", "declined"), person=True)
            return bed.take(*heard)
    return None


def _consent_afterwards(bed: Bed) -> Named | None:
    for spot, heard in _interview_consents(bed):
        days = [day for one in heard if one.plan.column("date") and (day := one.day("date"))]
        if days and (max(days) + DAY) <= (spot.column("date").latest or max(days) + DAY):
            bed.take(spot.set("date", max(days) + DAY), person=True)
            return bed.take(*heard)
    return None


def _after_withdrawal(bed: Bed) -> Named | None:
    for spot in bed.rows("consents", "person", "kind", "status", "date", untouched=True, alone=True):
        if spot.ours("kind") != "evaluation" or "withdrawn" not in spot.column("status").codes.values():
            continue
        told = [(one, one.day(column)) for table, column in GATHERED.items()
                for one in bed.of(spot.person, table, column) if one.day(column)]
        if told:
            last = max(day for _, day in told) - DAY
            bed.take(spot.copy().set("status", "withdrawn").set("date", last), person=True)
            return bed.take(*(one for one, day in told if day > last))
    return None


def _other_consents(bed: Bed) -> list[Spot]:
    """Consents on which no other rule depends."""
    return [s for s in bed.rows("consents", "person", "kind", "status", "date", alone=True) if s.get("date")
            and s.ours("kind") not in ("evaluation", "interview")]


def _withdrawn_before(bed: Bed) -> Named | None:
    for spot in _other_consents(bed):
        if "withdrawn" in spot.column("status").codes.values():
            bed.take(spot)
            return bed.take(spot.copy().set("status", "withdrawn").set("date", spot.day("date") - 5 * DAY))
    return None


def _two_at_once(bed: Bed) -> Named | None:
    for spot in _other_consents(bed):
        if "declined" in spot.column("status").codes.values():
            bed.take(spot)
            return bed.take(spot.copy().set("status", "declined"))
    return None


KINDS = (
    Kind("upper levels of a scale that nobody uses", "questionnaires", "whole scale used",
         "20 questionnaires or more of five levels", _half_a_scale, whole=True),
    Kind("same step all the way down", "questionnaires", "answers differ", "a questionnaire of seven items or more",
         _all_alike),
    Kind("later time point answered first", "questionnaires", "time points in order",
         "responses.date at two time points", _out_of_order),
    Kind("answered long after it was due", "questionnaires", "answered in its window",
         "responses.date, episodes and [timepoints]", _out_of_its_window),
    Kind("answered by somebody else", "questionnaires", "answered by the person", "responses.completed_by",
         _by_somebody_else),
    Kind("version of other levels", "questionnaires", "version fits the answers", "responses.version", _wrong_version),
    Kind("total without its answers", "questionnaires", "total with its items", "responses.total", _total_alone),
    Kind("total of other answers", "questionnaires", "total is that of the items", "responses.total", _wrong_total),
    Kind("returned and not on the list of what was due", "questionnaires", "time point that was due",
         "timepoints that are delivered", _not_due),
    Kind("interviewed without consent", "consent", "interview with consent", "interviews and consents to them",
         _without_consent),
    Kind("consent after the interview", "consent", "interview with consent", "interviews and consents to them",
         _consent_afterwards),
    Kind("gathered after withdrawal", "consent", "nothing after withdrawal", "consents that can be withdrawn",
         _after_withdrawal),
    Kind("withdrawn before it was given", "consent", "withdrawn after it was given", "consents that can be withdrawn",
         _withdrawn_before),
    Kind("two answers to one consent on one day", "consent", "one consent at a time", "consents with their date",
         _two_at_once),
)
