"""Made-up people in; what was asked of them (questionnaires, consents, interviews, topics, codes), out."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from analysis.extracts.synthetic.people import DAY, USERS, Person, between
from analysis.extracts.synthetic.talk import transcript
from analysis.extracts.tables import TABLES

if TYPE_CHECKING:
    from analysis.extracts.synthetic.records import Record, World


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
    wide = [name for plan in world.words.plans for name in plan.items
            if plan.timepoint == timepoint or plan.column("timepoint")]
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
    """Every questionnaire that was due, with what became of it."""
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
    """Everybody enrolled, with what they said about an interview and whether it took place."""
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
    alone = any(plan.table.name == "interviews" and plan.column("interview_id").source == plan.column(
        "participant_id").source for plan in words.plans)  # one number for both: an interview a participant
    made = []
    for n, (p, participant) in enumerate(heard):
        fits = [r for r in roles if bool(USERS.search(r)) == bool(p)]
        age = words.study.period[0].year - p.born.year if p else dice.randint(30, 60)
        sex = p.sex if p else dice.choice(words.codes("interviews", "sex") or ["female"])
        begins = p.started_on if p else words.study.period[0] + 60 * DAY
        made.append({
            "whose": p, "interview_id": participant if alone else f"I{world.first + n:04}",
            "participant_id": participant,
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
    """Each topic of the guide in each interview; most were asked."""
    dice = world.dice("asked")
    return [{"whose": i["whose"], "interview_id": i["interview_id"], "guide_version": i["guide_version"],
             "topic": topic, "asked": "yes" if dice.random() < 0.85 else "no"}
            for i in world.table("interviews") for topic in world.words.codes("asked", "topic")]


def codes(world: World) -> list[Record]:
    """The codes that codebook.toml and the joint displays name, below its themes; made-up ones where they name none."""
    book = world.words.study.codebook
    themes = dict(book.get("themes", {}))
    study = world.words.study
    cited = [*(study["joint"] or ()), *(step for thread in study["thread"] or () for step in thread["steps"])]
    below = [*book.get("constructs", {}), *(one["theme"] for one in cited if "theme" in one),
             *study["matrix"].get("themes", ())]
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
