"""What was delivered, in TIDieR's order: other measures' numbers and the definition's words in, one table out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from analysis.measures.cells import Cells
from analysis.measures.summary import About, Cell, Summary
from analysis.measures.words import capitalised, day_in_words, plain

NOT_STATED, NO_RECORD = "not stated", "not on record"
# Hoffmann and others, BMJ 2014;348:g1687: its twelve items by number, labels our own. What each asks is
# there; here are the numbers that the records have for it, each a pattern that is left out where one is not there.
ITEMS: tuple[tuple[str, int, str, tuple[str, ...]], ...] = (
    ("name", 1, "Name", ()),
    ("why", 2, "Why it should work", ()),
    ("materials", 3, "Materials", ()),
    ("procedures", 4, "What was done", ()),
    ("who", 5, "Who provided it", ("{workers} workers with an episode",
                                   "median {people_for_each_worker_median} people for each worker", "{provider}")),
    ("how", 6, "How", ("{mode}",)),
    ("where", 7, "Where", ("{place}",)),
    ("when", 8, "When and how much", (
        "{attended_in_episode} attended contacts in {person_months} person-months ({contacts_per_person_month} a "
        "person-month)", "median {contacts_median} attended contacts a person",
        "median {minutes_each_median} delivered minutes a person", "median stay in days {stay_median}")),
    ("tailoring", 9, "Tailoring to the person", ()),
    ("modifications", 10, "Changes on the way", ("{deviation}",)),
    ("fidelity_planned", 11, "Adherence, as planned", ()),
    ("fidelity_actual", 12, "Adherence, as it was", (
        "{enrolled} enrolled, of whom {never_came} never came", "{booked_known} contacts booked, {non_attendance} not "
        "attended", "within the service {within_service_uptake} of {within_service_offers} offers taken up",
        "in the community {community_uptake} of {community_offers}")),
)
# What is shown whole: a column of a measure -> the measure, and what its shares are of.
KINDS = {"mode": ("contact modes", "attended contacts"), "place": ("contact places", "attended contacts"),
         "provider": ("intervention providers", "interventions offered")}
NAMED = re.compile(r"\{(\w+)\}")


def what_was_delivered(said: Mapping[str, str], deviations: Sequence[Mapping] | None, *others: Summary) -> Summary:
    """
    One row for each item: what the study states (`[tidier]`), and what its records say, in numbers of other tables.

    The numbers keep their ids. What neither says is 'not stated' and 'not on record'. `deviations` are those of the
    protocol, with their dates: changes on the way.
    """
    cells = Cells("what was delivered")
    for key, number, label, patterns in ITEMS:
        pieces: list[str] = []
        bound: dict[str, str] = {}
        for pattern in patterns:
            if pattern == "{deviation}":
                pieces += [plain(f"{one['what']} ({day_in_words(one['date'])})") for one in deviations or ()]
            elif pattern[1:-1] in KINDS:
                pieces += _kinds(cells, pattern[1:-1], others, bound)
            else:
                pieces += _filled(cells, pattern, others, bound)
        records = "; ".join(pieces)
        cells.row(f"{number} {label}", {
            "As stated": (plain(said.get(key) or NOT_STATED), {}),
            "In the records": (capitalised(records) if records else NO_RECORD, bound)})
    return cells.summary("What was delivered (TIDieR)", About(
        "people enrolled; workers are service providers", "see each number's own table", "see each number's own table"),
        notes=("Items are those of TIDieR by number, in short labels of our own: read them at their source, Hoffmann "
               "and others, BMJ 2014;348:g1687.",), stub="Item")


def _filled(cells: Cells, pattern: str, others: Sequence[Summary], bound: dict[str, str]) -> list[str]:
    """The pattern with its numbers bound, or nothing where no measure here has one of them."""
    found = {name: next((other for other in others if name in other.names), None) for name in NAMED.findall(pattern)}
    if not all(found.values()):
        return []
    for name, other in found.items():
        bound[name] = _copied(cells, other, other.cells[other.names[name]])
    return [pattern]


def _kinds(cells: Cells, column: str, others: Sequence[Summary], bound: dict[str, str]) -> list[str]:
    """Each mode, place or provider with its share, whether anybody had it or not."""
    measure, of = KINDS[column]
    source = next((other for other in others if other.measure == measure), None)
    pieces = []
    for cell in () if source is None else list(source.cells.values()):
        value = dict(cell.dimensions).get(column)
        if cell.kind == "ratio" and value:
            slot = f"{column}{len(pieces)}"
            bound[slot] = _copied(cells, source, cell)
            pieces.append(f"{plain(value)} {{{slot}}}")
    return [f"of {of}: {', '.join(pieces)}"] if pieces else []


def _copied(cells: Cells, source: Summary, cell: Cell) -> str:
    """The cell, with those that it is computed from: release computes percentages and rates again."""
    for needed in (cell.numerator, cell.denominator, *cell.parts):
        if needed:
            _copied(cells, source, source.cells[needed])
    return cells.add(cell)
