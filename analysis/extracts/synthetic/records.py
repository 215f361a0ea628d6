"""Made-up people in; the records that a service would hold about them, one list for each canonical table, out."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from analysis.extracts.synthetic import fieldwork, service
from analysis.extracts.synthetic.people import Person, Words
from analysis.extracts.tables import TABLES

# Our column -> a date, a number, a code of ours or a text (None: left blank), and "whose" for the person.
Record = dict[str, Any]


@dataclass
class World:
    """What the extracts of a study are about: one story behind all of them, so that they agree with one another."""

    words: Words
    seed: object
    people: list[Person]
    records: dict[str, list[Record]] = field(default_factory=dict)

    def dice(self, what: str) -> random.Random:
        """A generator of its own for each table, so that a change in one does not move the others."""
        return random.Random(f"{what} {self.words.study.name} {self.seed}")

    @property
    def enrolled(self) -> list[Person]:
        return [p for p in self.people if p.started_on]

    @property
    def first(self) -> int:
        return self.people[0].number if self.people else 1

    def one(self, dice: random.Random, table: str, column: str) -> str | None:
        """A code that the definition knows for that column; None where it knows none."""
        codes = self.words.codes(table, column)
        return dice.choice(codes) if codes else None

    def table(self, name: str) -> list[Record]:
        """The records of a canonical table; made when they are asked for first."""
        if name not in self.records:
            made = STORIES.get(name, lambda world: plain(world, name))(self)
            key = TABLES[name].key
            seen: set[tuple] = set()
            self.records[name] = [r for r in made if not key or _new(seen, tuple(r.get(k) for k in key))]
        return self.records[name]


def _new(seen: set[tuple], key: tuple) -> bool:
    if key in seen:
        return False
    seen.add(key)
    return True


def plain(world: World, name: str) -> list[Record]:
    """A table without a story of its own: a row for half of the people enrolled, or ten; columns as they may be."""
    if TABLES[name].column("patient_id"):
        return [{"whose": p, "patient_id": p.patient_id} for p in world.enrolled[::2]]
    if TABLES[name].column("interview_id"):
        return [{"whose": i["whose"], "interview_id": i["interview_id"]} for i in world.table("interviews")]
    own = TABLES[name].column("text") is not None  # notes, of which no two are the same
    return [{"whose": None, **({"text": f"Made up: note {n} of {world.first}"} if own else {})} for n in range(1, 11)]


STORIES: dict[str, Callable[[World], list[Record]]] = {story.__name__: story for story in (
    service.patients, service.identifiers, service.referrals, service.episodes, service.contacts,
    service.interventions, service.prescriptions, fieldwork.timepoints, fieldwork.responses, fieldwork.consents,
    fieldwork.recruitment, fieldwork.interviews, fieldwork.asked, fieldwork.codes)}
