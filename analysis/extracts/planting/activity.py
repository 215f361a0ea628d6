"""Faults of what the service did: approaches, episodes, contacts and interventions that contradict one another."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.extracts.planting import Bed, Kind, Spot
from analysis.extracts.synthetic.people import DAY


def _minutes_of_nobody(bed: Bed) -> Sequence[Spot] | None:
    for spot in bed.rows("contacts", "minutes", "attendance"):
        if spot.ours("attendance") not in ("attended", ""):
            return bed.take(spot.set("minutes", 30))
    return None


def _no_minutes(bed: Bed) -> Sequence[Spot] | None:
    for spot in bed.rows("contacts", "minutes", "attendance"):
        if spot.ours("attendance") == "attended":
            return bed.take(spot.set("minutes", ""))
    return None


def _ended_before(bed: Bed) -> Sequence[Spot] | None:
    for spot in bed.rows("interventions", "started_on", "ended_on"):
        if spot.get("started_on"):
            return bed.take(spot.set("ended_on", spot.day("started_on") - 3 * DAY))
    return None


def _outside(bed: Bed) -> Sequence[Spot] | None:
    for spot in bed.rows("contacts", "date"):
        day, column = spot.person.started_on - bed.dice.randint(20, 40) * DAY, spot.column("date")
        if bed.delivers("episodes", "started_on") and not (column.earliest and day < column.earliest):
            return bed.take(spot.set("date", day))
    return None


def _overlapping(bed: Bed) -> Sequence[Spot] | None:
    for spot in bed.rows("episodes", "started_on", "ended_on", alone=True):
        start = spot.day("started_on") + 20 * DAY
        if spot.get("started_on") and not (spot.column("started_on").latest or start) < start:
            bed.take(spot)
            copy = spot.copy().set("started_on", start)
            if spot.plan.column("recorded_on"):
                copy.set("recorded_on", start + DAY)
            return bed.take(copy)
    return None


def _invited_too_early(bed: Bed) -> Sequence[Spot] | None:
    for spot in bed.rows("referrals", "identified_on", "invited_on"):
        day = spot.day("invited_on") and spot.day("invited_on") + 2 * DAY
        if day and not (spot.column("identified_on").latest or day) < day:
            return bed.take(spot.set("identified_on", day))
    return None


def _answered_too_early(bed: Bed) -> Sequence[Spot] | None:
    for spot in bed.rows("referrals", "invited_on", "responded_on"):
        if spot.get("responded_on") and spot.get("invited_on") and not spot.column("responded_on").earliest:
            return bed.take(spot.set("responded_on", spot.day("invited_on") - 2 * DAY))
    return None


def _begun_uninvited(bed: Bed) -> Sequence[Spot] | None:
    for spot in bed.rows("referrals", "invited_on", untouched=True):
        episodes = bed.of(spot.person, "episodes", "started_on")
        if len(episodes) == 1:
            day = spot.person.started_on + DAY
            spot.set("invited_on", day)
            if spot.plan.column("responded_on"):
                spot.set("responded_on", day)
            bed.take(spot, person=True)
            return bed.take(*episodes)
    return None


def _never_begun(bed: Bed) -> Sequence[Spot] | None:
    for spot in bed.rows("referrals", "response"):
        known = spot.column("response").codes.values()
        if not spot.person.started_on and "enrolled" in known and bed.delivers("episodes"):
            return bed.take(spot.set("response", "enrolled"))
    return None


def _not_enrolled(bed: Bed) -> Sequence[Spot] | None:
    for spot in bed.rows("referrals", "response", untouched=True):
        episodes = bed.of(spot.person, "episodes", "patient_id")
        others = [ours for ours in spot.column("response").codes.values() if ours != "enrolled"]
        if episodes and others:
            bed.take(spot.set("response", others[0]), person=True)
            return bed.take(*episodes)
    return None


def _started_too_early(bed: Bed) -> Sequence[Spot] | None:
    for spot in bed.rows("interventions", "offered_on", "started_on"):
        if spot.get("started_on") and spot.get("offered_on"):
            return bed.take(spot.set("started_on", spot.day("offered_on") - 2 * DAY))
    return None


KINDS = (
    Kind("minutes of a contact that was missed", "activity", "no minutes without attendance",
         "contacts with minutes and attendance", _minutes_of_nobody),
    Kind("attended contact without minutes", "activity", "minutes of what was attended",
         "contacts with minutes and attendance", _no_minutes),
    Kind("ended before it began", "activity", "end not before start", "start and end of interventions", _ended_before),
    Kind("contact outside every episode", "activity", "contact within an episode", "contacts and episodes", _outside),
    Kind("second episode inside the first", "activity", "episodes do not overlap", "start and end of episodes",
         _overlapping),
    Kind("invited before being identified", "activity", "invited after being identified",
         "referrals.identified_on and invited_on", _invited_too_early),
    Kind("answered before being invited", "activity", "answered after the invitation",
         "referrals.invited_on and responded_on", _answered_too_early),
    Kind("episode before the invitation", "activity", "episode after the invitation",
         "referrals.invited_on and episodes", _begun_uninvited),
    Kind("enrolled and no episode", "activity", "enrolled person has an episode", "referrals.response and episodes",
         _never_begun),
    Kind("episode of somebody who declined", "activity", "episode of an enrolled person",
         "referrals.response and episodes", _not_enrolled),
    Kind("started before it was offered", "activity", "started after it was offered",
         "interventions.offered_on and started_on", _started_too_early),
)
