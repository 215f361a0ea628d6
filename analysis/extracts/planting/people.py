"""Faults of who somebody is: numbers that are wrong, shared, or lead to nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.extracts.plan import ExtractPlan
from analysis.extracts.planting import Bed, Kind, Spot
from analysis.extracts.synthetic.people import nhs_number

STRANGER = 300_000  # the number of a person whom no made-up study has


def _numbers(bed: Bed, number: str) -> list[Spot]:
    """Every row that knows a person by that NHS number, wherever it stands."""
    plans = [p for p in bed.plans if any(c.type == "nhs_number" for c in p.delivered)]
    return [s for s in bed.spots(plans, used=True) if any(
        s.get(c.name) == number for c in s.plan.delivered if c.type == "nhs_number")]


def mangled(name: str, change: Callable[[str], str], rule: str = "valid NHS number") -> Kind:
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

    return Kind(name, "identity", rule, "a column of NHS numbers", plant)


def _off_by_one(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def _swapped(number: str) -> str:
    """Two neighbouring digits changed places: what the check digit is there for."""
    at = next(n for n in range(3, 9) if number[n] != number[n + 1])
    return number[:at] + number[at + 1] + number[at] + number[at + 2:]


def _through(bed: Bed) -> Sequence[Spot] | None:
    plans = [p for p in bed.plans if p.table.name in ("prescriptions", "contacts", "interventions", "responses")
             and any(c.through and c.type == "nhs_number" for c in p.delivered)]
    for spot in bed.spots(plans):
        column = next(c for c in spot.plan.delivered if c.through)
        return bed.take(spot.set(column.name, nhs_number(STRANGER + bed.dice.randint(1, 999))))
    return None


def _one_number_twice(bed: Bed) -> Sequence[Spot] | None:
    """A second client with the first one's NHS number: one person, entered twice."""
    for spot in bed.rows("identifiers", "nhs_number", untouched=True, alone=True):
        if spot.get("nhs_number"):
            bed.take(spot, person=True)
            return bed.take(spot.copy().set("patient_id", f"X{spot.get('patient_id')}"))
    return None


def _second_number(bed: Bed) -> Sequence[Spot | tuple[Spot, str]] | None:
    for spot in bed.rows("identifiers", "nhs_number", untouched=True, alone=True):
        bed.take(spot, person=True)
        again = spot.copy().set("nhs_number", nhs_number(STRANGER + bed.dice.randint(1, 9999)))
        bed.take(again)
        return [(again, "no duplicate key" if spot.plan.key == ("patient_id",) else "one number a person")]
    return None


# ------------------------------------------------------------------------------------------------ the list of patients

SAME = ("registered_on", "birth_year", "sex", "ethnicity", "imd_decile")  # by which a person is known again


def _at_both(bed: Bed) -> tuple[Spot, Spot] | None:
    """A person of the first list, and the row of the same person that a later list of another practice was given."""
    lists = bed.delivers("patients", "patient_id")
    for spot in bed.spots(lists[:1], untouched=True):
        for template in bed.spots([p for p in lists[1:] if _practice(p) != _practice(spot.plan)], alone=True):
            if template.column("practice").value and spot.column("patient_id").through == (
                    template.column("patient_id").through):
                bed.take(spot, person=True)
                record = spot.row.record(spot.plan.name)
                again = template.copy().fill(record, *(n for n in spot.plan.table.names if n != "patient_id"))
                again.row.records = {template.plan.name: record}
                again.set("patient_id", spot.get("patient_id"))
                bed.take(again)
                return spot, again
    return None


def _practice(plan: ExtractPlan) -> str:
    column = plan.column("practice")
    return column.value if column else ""


def _two_practices(bed: Bed) -> Sequence[Spot] | None:
    both = _at_both(bed)
    return both and [both[1]]


def differing(name: str, rule: str, column: str, change: Callable[[Spot], str | None]) -> Kind:
    """A kind where the rows of one number, at two practices, say two things of the person."""

    def plant(bed: Bed) -> Sequence[Spot | tuple[Spot, str]] | None:
        if not all(p.column(column) and p.column(column).source for p in bed.delivers("patients", "patient_id")):
            return None
        both = _at_both(bed)
        if not both or (new := change(both[1])) is None:
            return None
        return [both[1].set(column, new), (both[1], "person at one practice")]

    return Kind(name, "identity", rule, f"two practices' lists with patients.{column}", plant)


def _later_year(spot: Spot) -> str:
    return str(int(spot.get("birth_year")) - 1)


def _other_sex(spot: Spot) -> str | None:
    return next((ours for ours in spot.column("sex").codes.values() if ours not in (spot.ours("sex"), "not recorded")),
                None)


def _second_person(bed: Bed) -> Sequence[Spot] | None:
    """The row again under a number of its own: one person who came to the practice twice."""
    for spot in bed.rows("patients", "patient_id", *SAME, untouched=True, alone=True):
        column = spot.column("patient_id")
        if not all(spot.get(name) for name in SAME):
            continue
        bed.take(spot, person=True)
        again = spot.copy()
        if column.through:
            listed = next(bed.spots([p for p in bed.plans if p.name == column.through], untouched=True,
                                    alone=True), None)
            if listed is None or column.type != "nhs_number":
                return None
            number = nhs_number(STRANGER + bed.dice.randint(1, 9999))
            bed.take(listed.copy().set("patient_id", f"Y{listed.get('patient_id')}").set("nhs_number", number))
            again.set("patient_id", number)
        else:
            again.set("patient_id", f"{spot.get('patient_id')}9")
        return bed.take(again)
    return None


def _listed_again(bed: Bed) -> Sequence[Spot] | None:
    """A second row of the person that says something else of them, in a list that the person is no key of."""
    for plan in bed.delivers("patients", "patient_id"):
        other = next((c for c in plan.delivered if c.name in ("imd_decile", "ethnicity", "disability")), None)
        for spot in bed.spots([plan] if other and plan.key != ("patient_id",) else [], untouched=True, alone=True):
            values = list(other.codes) if other.codes else [str(n) for n in range(1, 11)]
            new = next((value for value in values if value != spot.get(other.name)), None)
            if new and spot.get("patient_id"):
                bed.take(spot, person=True)
                return bed.take(spot.copy().set(other.name, new))
    return None


KINDS = (
    # A test number in a real study cannot be planted: made-up numbers all are, and any other may be somebody's.
    mangled("NHS number of ten equal digits", lambda number: "0" * 10, "NHS number that is issued"),
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
    Kind("person with two NHS numbers", "identity", "one number a person", "a list of NHS numbers", _second_number),
    Kind("person on the lists of two practices", "identity", "person at one practice", "two practices' own lists",
         _two_practices),
    differing("two years of birth under one number", "one birth year a person", "birth_year", _later_year),
    differing("two sexes under one number", "one sex a person", "sex", _other_sex),
    Kind("person on one list twice", "identity", "person listed once",
         "a list of patients of which the person is no key", _listed_again),
    Kind("person entered again under a new number", "identity", "no two people alike",
         "patients.registered_on, birth_year, sex, ethnicity and imd_decile", _second_person),
)
