"""Opioid issues: the people who enrolled in, what was prescribed between March 2016 and the data cut out."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from files import DATA_CUT, SYNTHETIC, day_month_year, is_working_day, working_day, write_csv
from people import Person
from regimens import ONE_OFF, REGIMENS, Step

FIRST_ISSUES = date(2016, 3, 1)
WINDOW = 84  # the dose before an index date is read over so many days; supply may not run out inside them
FOLLOW_UP = 182


@dataclass
class Issue:
    """One issue of one product."""

    person: Person
    issued_on: date
    product: str
    directions: str
    quantity: int
    unit: str
    status: str


def unit_of(product: str) -> str:
    """The unit that a product's quantity counts, by its name."""
    return next(unit for unit in ("tablet", "capsule", "patch", "plaster", "solution") if unit in product).replace(
        "solution", "ml"
    )


def _collected_on(runs_out: date, start: date, rng: random.Random) -> date:
    """
    The working day on which the next issue is collected: 0 to 4 days early, now and then late.

    Never late where a day without supply would fall in the 84 days before the start or before week 26.
    """
    days = [runs_out - timedelta(days=n) for n in range(5)]
    early = [d for d in days if is_working_day(d)]
    late = runs_out + timedelta(days=rng.randint(1, 7))
    missed = range((runs_out - start).days, (late - start).days)
    counted = any(-WINDOW <= day < 0 or FOLLOW_UP - WINDOW <= day < FOLLOW_UP for day in missed)
    if rng.random() < 0.15 and not counted and is_working_day(late):
        return late
    return rng.choice(early)


def _line(
    person: Person, steps: list[Step], begins: date, last_day: date, rng: random.Random
) -> tuple[list[Issue], list[date]]:
    """The issues of one line of treatment, and the days on which the supply of each of its steps ran out."""
    issues, ends, runs_out, product = [], [], begins, ""
    for step in steps:
        days = Fraction(step.quantity) / step.per_day
        assert days.denominator == 1, f"{person.key}: {step.product} {step.quantity} is not a whole number of days"
        until = DATA_CUT + timedelta(days=1)
        if step.until is not None:
            until = person.started_on + timedelta(days=step.until)
        first = True
        while first or runs_out < until:
            collected = working_day(runs_out, -1) if first else _collected_on(runs_out, person.started_on, rng)
            if collected > last_day:
                break
            status = "A" if (first and runs_out != begins) or days <= 16 and step.until is not None else "R"
            issues.append(
                Issue(person, collected, step.product, step.directions, step.quantity, unit_of(step.product), status)
            )
            # Supply of one product is used up before the next is begun; a new product is begun on the day it is issued.
            begun = max(runs_out, collected) if step.product == product else collected
            runs_out, first, product = begun + timedelta(days=int(days)), False, step.product
        ends.append(runs_out)
    return issues, ends


def issues(people: list[Person]) -> list[Issue]:
    """Every issue for the people who enrolled and so agreed to it, in order of person and date."""
    rng = random.Random("south-glos issues")
    found = []
    for person in (p for p in people if p.started_on):
        last_day = min([DATA_CUT] + [d - timedelta(days=1) for d in (person.died_on, person.deregistered_on) if d])
        ends: list[list[date]] = []
        for line in REGIMENS[person.key]:
            if line.follows is not None:
                begins = ends[line.follows][0]
            elif line.from_day is not None:
                begins = person.started_on + timedelta(days=line.from_day)
            else:
                begins = working_day(FIRST_ISSUES + timedelta(days=rng.randint(0, 27)))
            new, line_ends = _line(person, line.steps, begins, last_day, rng)
            found += new
            ends.append(line_ends)
        for product, directions, quantity, day in ONE_OFF.get(person.key, []):
            issued = working_day(person.started_on + timedelta(days=day))
            found.append(Issue(person, issued, product, directions, quantity, unit_of(product), "A"))
    return sorted(found, key=lambda i: (i.person.client, i.issued_on, i.product))


def write_issues(people: list[Person], folder: Path) -> None:
    """Practice A's report prints a patient's number on the first of their rows only; B's is in order of date."""
    every = issues(people)
    ours = sorted(
        (i for i in every if i.person.practice == "A"), key=lambda i: (i.person.nhs_number, i.issued_on, i.product)
    )
    rows, printed = [], ""
    for i in ours:
        number = i.person.nhs_number
        rows.append(["" if number == printed else number, i.person.usual_gp, i.product, i.directions, i.quantity,
                     i.unit, day_month_year(i.issued_on), i.status])
        printed = number
    write_csv(
        folder / "EMIS opioid issues (Practice A).csv",
        ["NHS Number", "Usual GP", "Drug", "Directions", "Quantity", "Unit", "Issue date", "Issue type"],
        rows,
        preamble=["Pain and opioid review – opioid issues, consented patients", SYNTHETIC, "Organisation: Practice A",
                  "Issues from 01/03/2016 to 31/12/2017", "Run on: 08/01/2018 09:31",
                  f"Patients: {len({i.person.key for i in ours})}, issues: {len(ours)}", ""],
        encoding="utf-8-sig", newline="\r\n",
    )
    theirs = sorted(
        (i for i in every if i.person.practice == "B"), key=lambda i: (i.issued_on, i.person.nhs_number, i.product)
    )
    write_csv(
        folder / "EMIS opioid issues (Practice B).csv",
        ["NHS No.", "Medication name", "Dosage", "Qty", "Qty units", "Date issued", "Type"],
        [[i.person.nhs_number, i.product, i.directions, i.quantity, i.unit, day_month_year(i.issued_on),
          {"A": "Acute", "R": "Repeat"}[i.status]] for i in theirs],
        preamble=["PAIN REVIEW SERVICE, OPIOID ISSUES", "Practice B", SYNTHETIC, "From 01/03/2016 to 31/12/2017",
                  "Report run 09/01/2018", f"{len(theirs)} rows"],
    )
