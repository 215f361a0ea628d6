"""Everybody in; the link workers' own lists out: cases, what they did themselves, what they linked people to."""

import random
from datetime import timedelta
from pathlib import Path

from files import ENDS, SYNTHETIC, iso, working_day, write_csv
from people import Person

# What link workers do themselves, and what they link people to: how often, and how often it is taken up.
OURS = {"Personal plan": (82, 0.93), "Motivation": (46, 0.84), "First visit together": (31, 0.74),
        "Forms and letters": (29, 0.92), "Wellbeing call": (38, 0.88)}
THEIRS = {"Walking group": (24, 0.52), "Gardening": (11, 0.61), "Befriending": (17, 0.49), "Arts or choir": (13, 0.47),
          "Debt and benefits": (26, 0.78), "Food support": (11, 0.86), "Exercise scheme": (16, 0.44),
          "Bereavement group": (9, 0.5), "Volunteering": (9, 0.43), "Housing advice": (12, 0.66),
          "Lunch club": (15, 0.58)}
PROVIDERS = {"Walking group": "Voluntary", "Gardening": "Voluntary", "Befriending": "Voluntary",
             "Arts or choir": "Voluntary", "Debt and benefits": "Council", "Food support": "Voluntary",
             "Exercise scheme": "Council", "Bereavement group": "Voluntary", "Volunteering": "Voluntary",
             "Housing advice": "Council", "Lunch club": "Faith group"}


def write_case_list(people: list[Person], folder: Path) -> None:
    """One row a stay, by NHS number; dates as 2024-02-09. A spreadsheet saved by Excel on Windows."""
    rows = [[person.number, person.worker, iso(person.started), iso(person.ended), person.end_reason]
            for person in people if person.enrolled]
    write_csv(folder / "link worker case list.csv", ["NHS no", "Link worker", "Opened", "Closed", "How it ended"], rows,
              title=f"Case list – all practices ({SYNTHETIC})", delimiter=";", encoding="cp1252")


def _offers(rng: random.Random, person: Person, kinds: dict[str, tuple[int, float]]) -> list[list]:
    rows = []
    for kind, (often, taken) in kinds.items():
        if not person.contacts or rng.random() > often / 100 * (0.55 + min(person.contacts, 10) / 12):
            continue
        offered = working_day(person.started + timedelta(days=rng.randrange(0, 10 + 6 * person.contacts)))
        if offered > min(person.ended or ENDS, person.died or ENDS):
            continue
        said = "Y" if rng.random() < taken else rng.choices(["N", "?"], [80, 20])[0]
        rows.append([person.number, kind, PROVIDERS.get(kind, "Link worker"), iso(offered), said])
    return rows


def write_offers(people: list[Person], folder: Path) -> None:
    """One row an offer, in two lists; one of them was typed in twice."""
    rng = random.Random("link-workers: offers")
    for name, kinds in (("support log", OURS), ("signposting log", THEIRS)):
        rows = sorted((row for person in people if person.enrolled for row in _offers(rng, person, kinds)),
                      key=lambda row: (row[3], row[0], row[1]))
        if kinds is THEIRS:
            rows.append(list(rows[120]))
        write_csv(folder / f"{name}.csv", ["NHS no", "What", "Provider", "Date", "Taken up"], rows,
                  title=f"{name.capitalize()} – all practices ({SYNTHETIC})", delimiter=";", encoding="cp1252")
