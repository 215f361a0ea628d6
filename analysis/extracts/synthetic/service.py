"""Made-up people in; what a service and a practice would record of them (approaches, stays, contacts, issues), out."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from analysis.extracts.plan import ExtractPlan
from analysis.extracts.synthetic.people import DAY, between
from analysis.reference.made_up import Prescription
from analysis.reference.made_up import prescriptions as products
from analysis.reference.medicines import medicines
from analysis.reference.records import records as stand_ins

if TYPE_CHECKING:
    from analysis.extracts.synthetic.records import Record, World


def patients(world: World) -> list[Record]:
    """Everybody on a practice's list."""
    dice = world.dice("patients")
    return [{
        "whose": p, "patient_id": p.patient_id, "practice": p.practice, "registered_on": p.registered_on,
        "deregistered_on": p.deregistered_on, "died_on": p.died_on, "sex": p.sex, "birth_year": p.born.year,
        "ethnicity": world.one(dice, "patients", "ethnicity"),
        "imd_decile": dice.randint(*world.words.bounds("patients", "imd_decile", 1, 10)),
        "disability": world.one(dice, "patients", "disability"),
    } for p in world.people]


def identifiers(world: World) -> list[Record]:
    """Each person's numbers in the systems that know them."""
    return [{"whose": p, "patient_id": p.patient_id, "nhs_number": p.nhs_number,
             "participant_id": p.participant_id or None} for p in world.people]


def referrals(world: World) -> list[Record]:
    """One approach to each person, with what they answered."""
    dice = world.dice("referrals")
    return [{
        "whose": p, "patient_id": p.patient_id, "source": world.one(dice, "referrals", "source"),
        "identified_on": p.identified_on, "invited_on": p.invited_on, "eligible": "yes",
        "route": world.one(dice, "referrals", "route"), "response": p.response, "responded_on": p.responded_on,
        "reason": p.reason,
    } for p in world.people]


def episodes(world: World) -> list[Record]:
    """One stay of each person who enrolled."""
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
    """One to three offers to each person enrolled, so that no extract of them stays empty."""
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
