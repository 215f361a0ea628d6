"""Faults of issues of drugs: what keeps a dose from being read, or makes a wrong one of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.extracts.planting import Bed, Kind, Spot
from analysis.extracts.synthetic.people import DAY

Named = Sequence[Spot | tuple[Spot, str]]


def product(name: str, rule: str, text: str) -> Kind:
    """A kind where the product is called like that. Other columns are blanked: they would say it right."""

    def plant(bed: Bed) -> Named | None:
        for spot in bed.rows("prescriptions", "product"):
            for column in ("strength", "form", "route", "bnf_code"):
                if (c := spot.plan.column(column)) and c.source:
                    spot.set(column, "")
            return bed.take(spot.set("product", text))
        return None

    return Kind(name, "prescriptions", rule, "prescriptions.product", plant)


def patch(name: str, text: str, directions: str) -> Kind:
    """A kind where the product is that patch, with those directions. Other columns are blanked."""
    rule = "patch changed when it is worn out"

    def plant(bed: Bed) -> Named | None:
        for spot in bed.rows("prescriptions", "product", "directions"):
            for column in ("strength", "form", "route", "bnf_code"):
                if (c := spot.plan.column(column)) and c.source:
                    spot.set(column, "")
            return bed.take(spot.set("product", text).set("directions", directions))
        return None

    return Kind(name, "prescriptions", rule, "prescriptions.product and prescriptions.directions", plant)


def written(name: str, rule: str, column: str, text: str) -> Kind:
    """A kind where one column of an issue says this."""

    def plant(bed: Bed) -> Named | None:
        for spot in bed.rows("prescriptions", column):
            return bed.take(spot.set(column, text))
        return None

    return Kind(name, "prescriptions", rule, f"prescriptions.{column}", plant)


def status(name: str, rule: str, words: Sequence[str]) -> Kind:
    """A kind where the status of an issue is one that these words name, in the study's own code."""

    def plant(bed: Bed) -> Named | None:
        for spot in bed.rows("prescriptions", "status"):
            for ours in spot.column("status").codes.values():
                if ours.casefold() in words:
                    return bed.take(spot.set("status", ours))
        return None

    return Kind(name, "prescriptions", rule, f"a status that means {' or '.join(words)}", plant)


def again(name: str, rule: str, change: Callable[[Spot], object]) -> Kind:
    """A kind where an issue stands there twice, differing in something."""

    def plant(bed: Bed) -> Named | None:
        for spot in bed.rows("prescriptions", "product", "quantity", alone=True):
            bed.take(spot)
            copy = spot.copy()
            change(copy)
            return bed.take(copy)
        return None

    return Kind(name, "prescriptions", rule, "prescriptions.product", plant)


def _two_strengths(bed: Bed) -> Named | None:
    for spot in bed.rows("prescriptions", "product", "issued_on", alone=True):
        if spot.get("product").startswith("Codeine 30mg"):
            bed.take(spot)
            copy = spot.copy().set("product", spot.get("product").replace("30mg", "15mg"))
            return bed.take(copy)
    return None


def _gap(bed: Bed) -> Named | None:
    """An issue long before a person's first: between the two, nothing was issued again."""
    for spot in bed.rows("prescriptions", "product", "issued_on", "status", alone=True):
        same = [s for s in bed.of(spot.person, "prescriptions", "issued_on")
                if s.get("product") == spot.get("product") and s.day("issued_on")]
        first = min(same, key=lambda s: s.day("issued_on"), default=spot)
        repeats = len(same) > 6 and spot.ours("status").startswith("repeat")
        if repeats and spot.row is first.row and not spot.column("issued_on").earliest:
            bed.take(spot)
            bed.take(spot.copy().set("issued_on", spot.day("issued_on") - 150 * DAY))
            return [spot]
    return None


def _several_in_one(bed: Bed) -> Named | None:
    """Issues of a month each as one row of the first or the last of them, and all of their quantity."""
    for spot in bed.rows("prescriptions", "product", "issued_on", "quantity", untouched=True, alone=True):
        same = sorted((s for s in bed.of(spot.person, "prescriptions", "product", "issued_on", "quantity")
                       if s.get("product") == spot.get("product") and s.day("issued_on")),
                      key=lambda s: s.day("issued_on"))
        at = next((n for n, s in enumerate(same) if s.row is spot.row), 0)
        regular = len({s.get("quantity") for s in same}) == 1 and {s.sheet.place for s in same} == {spot.sheet.place}
        repeat = not spot.plan.column("status") or spot.ours("status").startswith("repeat")
        if regular and repeat and 3 <= at < len(same) - 6:
            several, dated_by = bed.dice.choice([2, 3]), bed.dice.choice(["first", "last"])
            spot = same[at] if dated_by == "first" else same[at + several - 1]
            spot.set("quantity", several * int(float(spot.get("quantity"))))
            for other in same[at:at + several]:
                if other.row is not spot.row:
                    other.remove()
            bed.take(*same)
            return [spot]
    return None


KINDS = (
    product("strength left out", "strength is stated", "Tramadol capsules"),
    product("two strengths without their units", "combination strength has its units", "Co-codamol 30/500 tablets"),
    product("patch with its content for its strength", "patch strength an hour", "Fentanyl 4.2mg patches"),
    patch("patch of seven days changed every three", "Buprenorphine 10micrograms/hour transdermal patches",
          "One patch every 72 hours"),
    product("liquid without its volume", "liquid strength a volume", "Morphine sulfate 10mg oral solution"),
    product("injection", "no injection", "Morphine sulfate 10mg/1ml solution for injection ampoules"),
    product("medicine for dependence", "no medicine for dependence", "Espranor 8mg oral lyophilisates"),
    written("quantity counted in packs", "quantity in doses", "unit", "OP"),
    written("quantity of nought", "quantity above nought", "quantity", "0"),
    written("two quantities run together", "quantity not huge", "quantity", "5656"),
    written("directions that say no dose", "directions say a dose", "directions", "As directed"),
    status("template that was never issued", "issue that was made", ("never issued", "template", "cancelled")),
    status("medicine from a hospital", "issued by the practice", ("hospital", "private")),
    again("product issued twice on one day", "issue not made twice",
          lambda spot: spot.set("quantity", int(float(spot.get("quantity"))) + 1)),
    Kind("two strengths of one drug on one day", "prescriptions", "one strength a day", "prescriptions.product",
         _two_strengths),
    Kind("several issues in one row", "prescriptions", "one issue a row", "prescriptions.quantity", _several_in_one),
    Kind("long gap between repeats", "prescriptions", "repeats without a gap", "prescriptions.status with repeats",
         _gap),
)
