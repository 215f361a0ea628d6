"""Faults of who somebody is: numbers that are wrong, shared, or lead to nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.extracts.planting import Bed, Kind, Spot
from analysis.extracts.synthetic_people import nhs_number

STRANGER = 300_000  # the number of a person whom no made-up study has


def _numbers(bed: Bed, number: str) -> list[Spot]:
    """Every row that knows a person by that NHS number, wherever it stands."""
    plans = [p for p in bed.plans if any(c.type == "nhs_number" for c in p.delivered)]
    return [s for s in bed.spots(plans, used=True) if any(
        s.get(c.name) == number for c in s.plan.delivered if c.type == "nhs_number")]


def mangled(name: str, change: Callable[[str], str]) -> Kind:
    """A kind that changes a person's NHS number wherever it stands, so that it is wrong and still the same person's."""

    def plant(bed: Bed) -> Sequence[Spot] | None:
        plans = [p for p in bed.plans if p.table.name in ("identifiers", "patients")
                 and any(c.type == "nhs_number" for c in p.delivered)]
        for spot in bed.spots(plans, untouched=True):
            column = next(c for c in spot.plan.delivered if c.type == "nhs_number")
            number = spot.get(column.name)
            if number:
                spots = _numbers(bed, number)
                for one in spots:
                    for c in one.plan.delivered:
                        if c.type == "nhs_number":
                            one.row.cells[c.source] = change(number)
                return bed.take(*spots, person=True)
        return None

    return Kind(name, "identity", "valid NHS number", "a column of NHS numbers", plant)


def _off_by_one(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def _swapped(number: str) -> str:
    """Two neighbouring digits changed places: what the check digit is there for."""
    at = next(n for n in range(3, 9) if number[n] != number[n + 1])
    return number[:at] + number[at + 1] + number[at] + number[at + 2:]


def _through(bed: Bed) -> Sequence[Spot] | None:
    plans = [p for p in bed.plans if p.table.name not in ("patients", "identifiers")
             and any(c.through and c.type == "nhs_number" for c in p.delivered)]
    for spot in bed.spots(plans):
        column = next(c for c in spot.plan.delivered if c.through)
        return bed.take(spot.set(column.name, nhs_number(STRANGER + bed.dice.randint(1, 999))))
    return None


def _one_number_twice(bed: Bed) -> Sequence[Spot] | None:
    """A second client with the first one's NHS number: one person, entered twice."""
    for spot in bed.rows("identifiers", "nhs_number", untouched=True):
        if spot.get("nhs_number"):
            bed.take(spot, person=True)
            return bed.take(spot.copy().set("patient_id", f"X{spot.get('patient_id')}"))
    return None


def _twice_in_the_list(bed: Bed) -> Sequence[Spot] | None:
    """One client with two NHS numbers."""
    for spot in bed.rows("identifiers", "nhs_number", untouched=True):
        if "patient_id" in spot.plan.key:
            bed.take(spot, person=True)
            number = nhs_number(STRANGER + bed.dice.randint(1, 999))
            return bed.take(spot.copy().set("nhs_number", number))
    return None


KINDS = (
    mangled("NHS number with a wrong check digit", _off_by_one),
    mangled("NHS number with two digits swapped", _swapped),
    mangled("NHS number of nine digits", lambda number: number[:-1]),
    mangled("NHS number of eleven digits", lambda number: f"{number}0"),
    mangled("NHS number as a spreadsheet rounds it", lambda number: f"{int(number):.8E}"),
    mangled("NHS number with a letter in it", lambda number: f"{number[:5]}O{number[6:]}"),
    mangled("hospital number for an NHS number", lambda number: f"RX1 {number[4:]}"),
    Kind("NHS number that the list does not have", "identity", "known person", "`through` a list of NHS numbers",
         _through),
    Kind("NHS number of two people", "identity", "number of one person", "a list of NHS numbers", _one_number_twice),
    Kind("person with two NHS numbers", "identity", "no duplicate key", "a list of NHS numbers with a key",
         _twice_in_the_list),
)
