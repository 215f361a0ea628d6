"""Faults of what happened when, and of records that contradict one another."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.extracts.planting import Bed, Kind, Spot


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


KINDS = (
    Kind("minutes of a contact that was missed", "activity", "no minutes without attendance",
         "contacts with minutes and attendance", _minutes_of_nobody),
    Kind("attended contact without minutes", "activity", "minutes of what was attended",
         "contacts with minutes and attendance", _no_minutes),
)
