"""Made-up people in; the records that a service would hold about them, one list for each canonical table, out."""

from __future__ import annotations

import datetime
import hashlib
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from analysis.extracts.plan import ExtractPlan
from analysis.extracts.synthetic_people import DAY, USERS, Person, Words, between
from analysis.extracts.synthetic_talk import transcript
from analysis.extracts.tables import TABLES
from analysis.reference.made_up import Prescription
from analysis.reference.made_up import prescriptions as products
from analysis.reference.medicines import medicines
from analysis.reference.records import records as stand_ins

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


# ------------------------------------------------------------------------------------------------ people

def patients(world: World) -> list[Record]:
    dice = world.dice("patients")
    return [{
        "whose": p, "patient_id": p.patient_id, "practice": p.practice, "registered_on": p.registered_on,
        "deregistered_on": p.deregistered_on, "died_on": p.died_on, "sex": p.sex, "birth_year": p.born.year,
        "ethnicity": world.one(dice, "patients", "ethnicity"),
        "imd_decile": dice.randint(*world.words.bounds("patients", "imd_decile", 1, 10)),
        "disability": world.one(dice, "patients", "disability"),
    } for p in world.people]


def identifiers(world: World) -> list[Record]:
    return [{"whose": p, "patient_id": p.patient_id, "nhs_number": p.nhs_number,
             "participant_id": p.participant_id or None} for p in world.people]


def referrals(world: World) -> list[Record]:
    dice = world.dice("referrals")
    return [{
        "whose": p, "patient_id": p.patient_id, "source": world.one(dice, "referrals", "source"),
        "identified_on": p.identified_on, "invited_on": p.invited_on, "eligible": "yes",
        "route": world.one(dice, "referrals", "route"), "response": p.response, "responded_on": p.responded_on,
        "reason": p.reason,
    } for p in world.people]


def episodes(world: World) -> list[Record]:
    return [{"whose": p, "patient_id": p.patient_id, "worker": p.worker, "started_on": p.started_on,
             "ended_on": p.ended_on, "end_reason": p.end_reason, "recorded_on": p.started_on + DAY}
            for p in world.enrolled]


# ------------------------------------------------------------------------------------------------ what was done

def contacts(world: World) -> list[Record]:
    """From the first day of the episode on, every two to five weeks; four in five are attended, and have minutes."""
    dice, made = world.dice("contacts"), []
    missed = [c for c in world.words.codes("contacts", "attendance") if c != "attended"]
    low, high = world.words.bounds("contacts", "minutes", 15, 75)
    for p in world.enrolled:
        day = p.started_on
        while day <= p.last_day:
            attended = day == p.started_on or dice.random() < 0.8 or not missed
            booked = min(max(dice.choice([30, 45, 60]), low), high)
            made.append({
                "whose": p, "patient_id": p.patient_id, "contact_id": f"K{world.first * 100 + len(made)}", "date": day,
                "mode": world.one(dice, "contacts", "mode"), "place": world.one(dice, "contacts", "place"),
                "worker": p.worker, "booked_minutes": booked, "minutes": dice.randint(low, high) if attended else None,
                "attendance": "attended" if attended else dice.choice(missed),
                "recorded_on": day + dice.randint(0, 3) * DAY})
            day += dice.randint(14, 35) * DAY
    return made


def interventions(world: World) -> list[Record]:
    dice, made = world.dice("interventions"), []
    kinds = [(plan, kind) for plan in world.words.plans if plan.table.name == "interventions"
             for kind in said_by(plan, "intervention")]
    extracts = list(dict.fromkeys(plan.name for plan, _ in kinds))
    for place, p in enumerate(world.enrolled):
        turn = [k for k in kinds if k[0].name == extracts[place % len(extracts)]]  # so that no extract stays empty
        offers = [dice.choice(turn), *dice.sample(kinds, min(len(kinds), dice.randint(0, 2)))]
        for plan, kind in (offers[n] for n in range(len(offers)) if offers[n] not in offers[:n]):
            offered = between(dice, p.started_on, p.last_day)
            uptake, provider = dice.choice(said_by(plan, "uptake")), said_by(plan, "provider")
            started = between(dice, offered, p.last_day) if uptake == "taken up" else None
            ended = between(dice, started, p.last_day) if started and dice.random() < 0.6 else None
            made.append({
                "whose": p, "patient_id": p.patient_id, "setting": dice.choice(said_by(plan, "setting")),
                "intervention": kind, "provider": dice.choice(provider) if provider else None, "offered_on": offered,
                "uptake": uptake, "started_on": started, "ended_on": ended})
    return made


def said_by(plan: ExtractPlan, column: str) -> list[str]:
    """What one extract can say in a column: the value of every row, or its codes; two extracts share no others."""
    c = plan.column(column)
    return [] if c is None else [c.value] if c.value else list(dict.fromkeys(c.codes.values()))


def prescriptions(world: World) -> list[Record]:
    """One product a person, two for some; each issue lasts until the next one."""
    dice, made = world.dice("prescriptions"), []
    said = stand_ins().prescriptions
    statuses = [s for s in world.words.codes("prescriptions", "status")
                if s.casefold() not in (*said["no_issue"], *said["not_by_practice"])]
    for p in world.people:
        for product in _products(dice, dice.choice([1, 1, 2])):
            status = dice.choice(statuses) if statuses else None
            days = 28 if (status or "").startswith("repeat") else dice.choice([28, 56])
            quantity = round(days * product.per_day)
            day = max(p.registered_on, world.words.study.period[0] - dice.randint(85, 140) * DAY)
            while day <= p.until:
                made.append({
                    "whose": p, "patient_id": p.patient_id, "issued_on": day, "product": product.product,
                    "dmd_code": f"999000{products().index(product):03}000000001", "bnf_code": None,
                    "strength": product.strength, "form": product.form, "route": product.route, "quantity": quantity,
                    "unit": product.unit, "directions": product.directions, "days_supply": days,
                    "status": status, "recorded_on": day})
                day += days * DAY
    return made


def _products(dice: random.Random, count: int) -> list[Prescription]:
    """So many of different drugs: of one drug, nobody could tell a second strength from a slip."""
    found: dict[str, Prescription] = {}
    for product in dice.sample(products(), len(products())):
        word = product.product.split()[0].casefold()
        found.setdefault(medicines().names[word].ingredient if word in medicines().names else word, product)
    return list(found.values())[:count]


# ------------------------------------------------------------------------------------------------ questionnaires

def returned(world: World) -> Iterator[tuple[Person, str, str, datetime.date, datetime.date | None]]:
    """Person, instrument, time point, the day that it was due, and the day that it was returned on, if it was."""
    dice, cut = world.dice("returned"), world.words.study.data_cut("questionnaires")
    for p in world.enrolled:
        for timepoint, said in world.words.study["timepoints"].items():
            due = p.started_on + said["weeks"] * 7 * DAY
            came = between(dice, due, due + 10 * DAY) if dice.random() < 0.8 or said["weeks"] == 0 else None
            gone = [day for day in (p.died_on, p.deregistered_on) if day]
            if came and (came > cut or any(came >= day for day in gone)):
                came = None
            for name in _instruments(world, timepoint):
                yield p, name, timepoint, due, came


def _instruments(world: World, timepoint: str) -> list[str]:
    wide = [name for plan in world.words.plans for name in plan.items if plan.timepoint == timepoint]
    said = world.words.study["outcomes"].get("instruments", []) if world.words.study["outcomes"] else []
    return list(dict.fromkeys([*wide, *said, *world.words.codes("responses", "instrument")]))


def responses(world: World) -> list[Record]:
    """Every answer that was given, and a few items left blank; never a whole questionnaire."""
    dice, made = world.dice("responses"), []
    by = "the person" if "the person" in world.words.codes("responses", "completed_by") else None
    for p, name, timepoint, _, came in returned(world):
        if came:
            known = world.words.study.instruments[name]
            given = [dice.randint(known.lowest, known.highest) for _ in known.items]
            if len(set(given)) == 1:
                given[0] = known.lowest if given[0] != known.lowest else known.highest  # as if nobody had read it
            for place, (item, said) in enumerate(zip(known.items, given, strict=True)):
                blank = place > 0 and dice.random() < 0.02
                made.append({
                    "whose": p, "patient_id": p.patient_id, "instrument": name, "version": None,
                    "timepoint": timepoint, "date": came, "item": item,
                    "answer": None if blank else said, "total": None, "completed_by": by})
    return made


def timepoints(world: World) -> list[Record]:
    cut, made = world.words.study.data_cut("questionnaires"), []
    for p, name, timepoint, due, came in returned(world):
        outcome = ("returned" if came else "died" if p.died_on and p.died_on <= due
                   else "left" if p.deregistered_on and p.deregistered_on <= due
                   else "not yet due" if due > cut else "not returned")
        made.append({"whose": p, "patient_id": p.patient_id, "instrument": name, "timepoint": timepoint,
                     "due_on": due, "outcome": outcome, "reason": None})
    return made


# ------------------------------------------------------------------------------------------------ interviews

def consents(world: World) -> list[Record]:
    """Given by everybody who enrolled; to an interview by who agreed to be asked; to quotation by who was heard."""
    kinds = world.words.codes("consents", "kind")
    made = []

    def given(person: Person | None, name: str, kind: str, day: datetime.date) -> None:
        if kind in kinds:
            made.append({"person": name, "whose": person, "kind": kind, "status": "given", "date": day, "scope": None})

    links = {c.links for p in world.words.plans if p.table.name == "consents" for c in p.columns if c.name == "person"}
    through = any(c.through for p in world.words.plans if p.table.name == "consents" for c in p.columns)
    for p in world.enrolled:
        for kind in ("evaluation", "linkage", "archive"):
            given(p, p.patient_id, kind, p.started_on)
        if p.contact == "agreed":
            given(p, p.patient_id, "interview", p.started_on)
    for interview in world.table("interviews") if world.words.delivers("interviews") else ():
        p = interview["whose"]
        if p or not (through or links & set(TABLES)):
            name = p.patient_id if p and (through or links & set(TABLES)) else interview["participant_id"]
            if not p:
                given(None, name, "interview", interview["date"])
            given(p, name, "quotation", interview["date"])
    return made


def recruitment(world: World) -> list[Record]:
    dice, made = world.dice("recruitment"), []
    others = [r for r in world.words.codes("recruitment", "response") if r != "interviewed"]
    for p in world.enrolled:
        agreed = p.contact == "agreed"
        made.append({
            "whose": p, "patient_id": p.patient_id, "contact": p.contact or "not asked",
            "reason": None if agreed else world.one(dice, "recruitment", "reason"),
            "invited": "yes" if agreed else "no",
            "response": "interviewed" if p.interviewed else dice.choice(others) if agreed and others else None})
    return made


def interviews(world: World) -> list[Record]:
    """With every person who was interviewed, and with a few of the staff where the definition names such a group."""
    dice, words = world.dice("interviews"), world.words
    groups = words.codes("interviews", "group")
    users = [g for g in groups if USERS.search(g)] or groups[:1]
    staff = [g for g in groups if g not in users]
    heard = [(p, p.participant_id) for p in world.people if p.interviewed]
    heard += [(None, f"S{world.first + n:04}") for n in range(max(2, len(heard) // 3))] if staff else []
    roles = words.codes("interviews", "role")
    cut = words.study.data_cut("interviews")
    made = []
    for n, (p, participant) in enumerate(heard):
        fits = [r for r in roles if bool(USERS.search(r)) == bool(p)]
        age = words.study.period[0].year - p.born.year if p else dice.randint(30, 60)
        sex = p.sex if p else dice.choice(words.codes("interviews", "sex") or ["female"])
        begins = p.started_on if p else words.study.period[0] + 60 * DAY
        made.append({
            "whose": p, "interview_id": f"I{world.first + n:04}", "participant_id": participant,
            "group": dice.choice(users if p else staff), "role": dice.choice(fits) if fits else None,
            "practice": p.practice if p else world.one(dice, "interviews", "practice"), "sex": sex,
            "age_band": _band(words.codes("interviews", "age_band"), age),
            "date": between(dice, begins, min(cut, p.until if p else cut)), "minutes": dice.randint(25, 70),
            "mode": world.one(dice, "interviews", "mode"), "interviewer": dice.choice(["R1", "R2"]),
            "setting": world.one(dice, "interviews", "setting"), "recorded": "yes", "guide_version": "v1",
            "text_sha256": None})
    for interview in made if words.delivers("interviews", "text_sha256") else ():
        text, _ = transcript(f"{world.seed} {interview['interview_id']}")
        interview["text_sha256"] = hashlib.sha256(text.encode()).hexdigest()
    return made


def _band(bands: list[str], age: int) -> str | None:
    """The band that an age lies in: '50s', '45-54' or '65 and over'; none where the words do not tell."""
    for band in bands:
        numbers = [int(n) for n in re.findall(r"\d+", band)]
        if numbers and numbers[0] <= age <= (numbers[1] if len(numbers) > 1 else
                                             numbers[0] + 9 if band.strip().endswith("s") else 200):
            return band
    return None


def asked(world: World) -> list[Record]:
    dice = world.dice("asked")
    return [{"whose": i["whose"], "interview_id": i["interview_id"], "guide_version": i["guide_version"],
             "topic": topic, "asked": "yes" if dice.random() < 0.85 else "no"}
            for i in world.table("interviews") for topic in world.words.codes("asked", "topic")]


def codes(world: World) -> list[Record]:
    """The codes that codebook.toml and [[joint]] speak of, below its themes; three made-up ones where they say none."""
    book = world.words.study.codebook
    themes = dict(book.get("themes", {}))
    below = [*book.get("constructs", {}), *(row["theme"] for row in world.words.study["joint"] or () if "theme" in row)]
    if not themes:
        themes = {"theme-1": "A made-up theme", "theme-2": "Another made-up theme"}
    children = [code for code in dict.fromkeys(below) if code not in themes] or ["code-1", "code-2", "code-3"]
    tag = f" {world.first}" if world.first > 1 else ""  # studies that are put together must not share a code
    made = [_code(theme + tag, None, name + tag) for theme, name in themes.items()]
    tops = [theme + tag for theme in themes]
    return made + [_code(code + tag, tops[n % len(tops)], code.replace("-", " ").capitalize() + tag)
                   for n, code in enumerate(children)]


def _code(code: str, parent: str | None, name: str) -> Record:
    return {"whose": None, "code_id": code, "parent": parent, "name": name, "definition": f"Made up: {name}",
            "include": None, "exclude": None, "theme": None, "construct": None}


# ------------------------------------------------------------------------------------------------ what has no story

def plain(world: World, name: str) -> list[Record]:
    """A table without a story of its own: a row for half of the people enrolled, or ten; columns as they may be."""
    if TABLES[name].column("patient_id"):
        return [{"whose": p, "patient_id": p.patient_id} for p in world.enrolled[::2]]
    if TABLES[name].column("interview_id"):
        return [{"whose": i["whose"], "interview_id": i["interview_id"]} for i in world.table("interviews")]
    own = TABLES[name].column("text") is not None  # notes, of which no two are the same
    return [{"whose": None, **({"text": f"Made up: note {n} of {world.first}"} if own else {})} for n in range(1, 11)]


STORIES: dict[str, Callable[[World], list[Record]]] = {
    "patients": patients, "identifiers": identifiers, "referrals": referrals, "episodes": episodes,
    "contacts": contacts, "interventions": interventions, "prescriptions": prescriptions, "timepoints": timepoints,
    "responses": responses, "consents": consents, "recruitment": recruitment, "interviews": interviews, "asked": asked,
    "codes": codes,
}
