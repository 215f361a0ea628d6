"""A study's definition and a seed in; the made-up people of its extracts, each with a course of events, out."""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from analysis.extracts.plan import ExtractPlan
from analysis.extracts.tables import TABLES
from analysis.study import Study

DAY = datetime.timedelta(days=1)
# Words of a code by which a person's end, or that there was none yet, is known: such a code is given to whom it fits.
DIED = re.compile(r"\b(died|dead|deceased|death)\b", re.I)
LEFT = re.compile(r"\b(moved|left|deregistered|transferred)\b", re.I)
STILL_HERE = re.compile(r"\b(ongoing|open|active|current|still)\b", re.I)
USERS = re.compile(r"user|patient|client|participant|carer|member|public", re.I)


class Words:
    """The codes and columns that a study's definition knows: what a made-up record may say."""

    def __init__(self, study: Study, plans: Sequence[ExtractPlan]):
        self.study, self.plans = study, tuple(plans)
        self._codes: dict[tuple[str, str], list[str]] = {}

    def delivers(self, table: str, column: str = "") -> bool:
        """Whether an extract fills that table, or that column of it."""
        return any(p.table.name == table and (not column or p.column(column)) for p in self.plans)

    def codes(self, table: str, column: str) -> list[str]:
        """Our codes of a column, in the order of the definition: listed, or said as the value of every row."""
        if (table, column) not in self._codes:
            found: list[str] = []
            for plan in self.plans:
                if plan.table.name == table and (c := plan.column(column)):
                    found += [c.value] if c.value else c.codes.values()
            canonical = TABLES[table].column(column)
            self._codes[table, column] = list(dict.fromkeys(found)) or list(canonical.codes if canonical else ())
        return self._codes[table, column]

    def bounds(self, table: str, column: str, low: float, high: float) -> tuple[int, int]:
        """The whole numbers that a column may hold, as near to low and high as the definition allows."""
        for plan in self.plans:
            if plan.table.name == table and (c := plan.column(column)):
                low = low if c.minimum is None else max(low, c.minimum)
                high = high if c.maximum is None else min(high, c.maximum)
        return int(low), int(max(low, high))

    @cached_property
    def last_day(self) -> datetime.date:
        """The last day that any record can speak of: of the period, of the data cut, of the first export."""
        exports = [plan.exported for plan in self.plans if plan.exported]
        return min(self.study.period[1], self.study.data_cut("records"), *exports)

    @cached_property
    def alike(self) -> dict[str, list[str]]:
        """Extract -> the extracts of its shape, itself among them: two practices' own, or two months'."""
        def shape(plan: ExtractPlan) -> tuple:
            constants = {c.name: c.value for c in plan.columns if c.value}
            return plan.table.name, {c.name for c in plan.columns}, constants, plan.timepoint, dict(plan.items)

        return {one.name: [p.name for p in self.plans if shape(p) == shape(one)] for one in self.plans}

    @cached_property
    def sites(self) -> list[str]:
        """The practices, in the order of the definition."""
        by = self.study["sites"].get("by", "practice") if self.study["sites"] else "practice"
        return self.codes("patients", by) or list(self.study.sites) or ["all"]


@dataclass
class Person:
    """
    One made-up person. Days are None where the thing did not happen; nothing happens to them after `until`.

    `number` is unlike that of any other person of the same `first`; ids are made of it.
    """

    number: int
    site: int  # place of their practice among the study's
    patient_id: str = ""
    nhs_number: str = ""
    participant_id: str = ""
    practice: str = ""
    sex: str = ""
    born: datetime.date = datetime.date(1950, 1, 1)
    registered_on: datetime.date | None = None
    deregistered_on: datetime.date | None = None
    died_on: datetime.date | None = None
    until: datetime.date = datetime.date.max
    identified_on: datetime.date | None = None
    invited_on: datetime.date | None = None
    responded_on: datetime.date | None = None
    response: str = ""
    reason: str | None = None
    started_on: datetime.date | None = None
    ended_on: datetime.date | None = None
    end_reason: str | None = None
    worker: str = ""
    contact: str = ""  # what they said about being interviewed
    interviewed: bool = field(default=False)

    @property
    def last_day(self) -> datetime.date:
        """The last day on which the service can have done anything with them."""
        return min(self.until, self.ended_on or self.until)


def people(words: Words, seed: object, count: int, first: int = 1) -> list[Person]:
    """
    That many people, numbered from `first`: about three in five of them enrolled, a few moved away or died.

    The order of events holds for each: born, registered, identified, invited, answered, begun, ended, gone.
    """
    dice = random.Random(f"people {words.study.name} {seed}")
    made = []
    for place in range(count):
        person = Person(first + place, place % len(words.sites))
        person.practice = words.sites[person.site]
        _numbers(person, words)
        _life(person, words, dice)
        _approach(person, words, dice, enrols=place % 5 in (0, 2, 3))
        _stay(person, words, dice)
        made.append(person)
    _interviewees(made, words, dice)
    return made


def nhs_number(number: int) -> str:
    """The number-th NHS number of the range 999, which is never issued, check digit included (Modulus 11)."""
    nine = 999_000_000 + 3 * number % 1_000_000  # one in eleven has no check digit, and never three in a row
    while True:
        check = 11 - sum(int(d) * w for d, w in zip(str(nine), range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return f"{nine}{0 if check == 11 else check}"
        nine += 1


def between(dice: random.Random, first: datetime.date, last: datetime.date) -> datetime.date:
    """A day from first to last; the first where there is none between."""
    return first + dice.randint(0, max(0, (last - first).days)) * DAY


def _numbers(person: Person, words: Words) -> None:
    person.nhs_number = nhs_number(person.number)
    if any(c.through and c.name != "participant_id" and c.type != "nhs_number" for p in words.plans for c in p.columns):
        person.participant_id = f"P{person.number:04}"  # a study's number, by which some extracts know everybody
    kinds = {c.type for p in words.plans for c in p.columns if c.name == "patient_id" and not c.through}
    known_by_nhs_number = "nhs_number" in kinds and "id" not in kinds
    person.patient_id = (person.nhs_number if known_by_nhs_number
                         else f"{100_000 + person.number}" if "integer" in kinds else f"C{person.number:04}")


def _life(person: Person, words: Words, dice: random.Random) -> None:
    begins = words.study.period[0]
    low, high = words.bounds("patients", "birth_year", 1930, begins.year - 20)
    person.born = datetime.date(dice.randint(low, high), dice.randint(1, 12), dice.randint(1, 28))
    sexes = words.codes("patients", "sex") or ["female", "male"]
    person.sex = dice.choices(sexes, [12 if s in ("female", "male") else 1 for s in sexes])[0]
    grown = person.born.replace(year=person.born.year + 1)
    person.registered_on = between(dice, max(grown, datetime.date(begins.year - 30, 1, 1)), begins - 150 * DAY)
    person.until = words.last_day
    fate, middle = dice.random(), begins + (person.until - begins) * 2 // 3
    if fate < 0.06:
        gone = between(dice, middle, person.until)
        person.until = gone - DAY
        if fate < 0.03:
            person.died_on = gone
        else:
            person.deregistered_on = gone


def _approach(person: Person, words: Words, dice: random.Random, enrols: bool) -> None:
    begins = words.study.period[0]
    third = begins + (person.until - begins) // 3
    person.identified_on = between(dice, begins, third)
    person.invited_on = between(dice, person.identified_on, min(third, person.identified_on + 14 * DAY))
    person.responded_on = between(dice, person.invited_on, min(third, person.invited_on + 21 * DAY))
    answers = words.codes("referrals", "response")
    others = [a for a in answers if a != "enrolled"]
    if not words.delivers("referrals") or enrols or not others:
        person.response = "enrolled"
        person.started_on = between(dice, person.responded_on, min(third, person.responded_on + 28 * DAY))
        return
    person.response = dice.choice(others)
    if person.response == "no reply":
        person.responded_on = None
    reasons = [r for r in words.codes("referrals", "reason") if not DIED.search(r) and not LEFT.search(r)]
    person.reason = dice.choice([None, *reasons])


def _stay(person: Person, words: Words, dice: random.Random) -> None:
    person.worker = f"W{person.site + 1}"
    if person.started_on is None:
        return
    reasons = words.codes("episodes", "end_reason")
    ended = person.started_on + dice.randint(60, 240) * DAY
    if ended < person.until:
        person.ended_on = ended
        fits = [r for r in reasons if not any(kind.search(r) for kind in (DIED, LEFT, STILL_HERE))]
    elif person.until < words.last_day and (person.died_on or person.deregistered_on):
        person.ended_on = person.until
        fits = [r for r in reasons if (DIED if person.died_on else LEFT).search(r)]
    else:
        fits = [r for r in reasons if STILL_HERE.search(r)]
    person.end_reason = dice.choice(fits) if fits else None


def _interviewees(made: list[Person], words: Words, dice: random.Random) -> None:
    """Who agreed to be asked for an interview, and who of them was interviewed: four at least, where there are four."""
    if not words.delivers("interviews") and not words.delivers("recruitment"):
        return
    asked = [p for p in made if p.started_on and not p.died_on and not p.deregistered_on]
    contacts = [c for c in words.codes("recruitment", "contact") if c != "agreed"]
    for place, person in enumerate(asked):
        agreed = place % 3 != 2 or not contacts
        person.contact = "agreed" if agreed else dice.choice(contacts)
    for person in made:
        if person.started_on and not person.contact:
            person.contact = "not asked" if "not asked" in contacts else (contacts or ["agreed"])[0]
    willing = [p for p in asked if p.contact == "agreed"] if words.delivers("interviews") else []
    for person in willing[:max(4, len(willing) * 2 // 3)]:
        person.interviewed = True
        person.participant_id = f"P{person.number:04}"
