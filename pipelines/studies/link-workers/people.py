"""Nothing in; everybody who was referred, with what happened to each, out. Every person and practice is invented."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from files import BEGINS, ENDS, working_day

# Code of the organisation in SystmOne, name in the report, how many were referred there.
PRACTICES = {"X99901": ("Amberwick Surgery", 54), "X99902": ("Brackenholt Practice", 47),
             "X99903": ("Cindermoor Health Centre", 43), "X99904": ("Dapplegate Surgery", 38),
             "X99905": ("Elverstead Practice", 33), "X99906": ("Fennimarsh Surgery", 27)}
REFERRED, ENROLLED = 242, 181
SOURCES = {"GP": 52, "Practice nurse": 16, "Care coordinator": 12, "Self referral": 11, "Pharmacist": 5, "Hospital": 4}
REASONS = {"Loneliness": 30, "Low mood or anxiety": 26, "Money or housing": 18, "Long-term condition": 16,
           "Carer": 10}
WHY_NOT = {"Did not want it": 14, "Too unwell": 8, "No time": 7, "Has support already": 6, "Moved away": 3}
ETHNIC = {"White British": 74, "White other": 8, "Asian or Asian British": 8, "Black or Black British": 4, "Mixed": 3,
          "Not stated": 3}
WORKERS = ("LW1", "LW2", "LW3", "LW4")


@dataclass
class Person:
    """One person who was referred. What did not happen is None."""

    row: str  # RowIdentifier in SRPatient
    number: str  # NHS number, of the range that is never issued
    practice: str
    sex: str
    born: date
    ethnic: str
    decile: int | None
    referred: date
    source: str
    reason: str
    contacted: date
    response: str
    why: str = ""
    answered: date | None = None
    worker: str = ""
    started: date | None = None
    ended: date | None = None
    end_reason: str = ""
    died: date | None = None
    left: date | None = None
    contacts: int = 0  # how many they will attend
    low: float = field(default=0.0)  # how they felt when they came, in standard deviations

    @property
    def enrolled(self) -> bool:
        return self.started is not None


def chosen(rng: random.Random, weights: dict[str, int]) -> str:
    """One of the words, as often as its weight says."""
    return rng.choices(list(weights), list(weights.values()))[0]


def nhs_number(rng: random.Random) -> str:
    """999 and seven more digits, the last of them the check digit (Modulus 11)."""
    while True:
        digits = [9, 9, 9, *(rng.randrange(10) for _ in range(6))]
        check = 11 - sum(d * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return "".join(map(str, [*digits, check % 11]))


def everybody() -> list[Person]:
    """All who were referred, in the order of their referral."""
    rng = random.Random("link-workers: people")
    numbers: set[str] = set()
    people = []
    for practice, (_, count) in PRACTICES.items():
        for _ in range(count):
            while (number := nhs_number(rng)) in numbers:
                pass
            numbers.add(number)
            people.append(_person(rng, number, practice))
    people.sort(key=lambda p: (p.referred, p.number))
    for place, person in enumerate(people):
        person.row = str(48_100_000 + 37 * place + rng.randrange(30))
    _respond(rng, people)
    return people


def _person(rng: random.Random, number: str, practice: str) -> Person:
    age = min(max(round(rng.gauss(61, 17)), 19), 94)
    born = date(2023 - age, 1, 1) + timedelta(days=rng.randrange(365))
    referred = working_day(BEGINS + timedelta(days=int((ENDS - BEGINS).days * rng.random() ** 0.85) - 24))
    referred = max(referred, BEGINS)
    poor = {"X99901": 3, "X99902": 5, "X99903": 2, "X99904": 7, "X99905": 6, "X99906": 8}[practice]
    decile = min(max(round(rng.gauss(poor, 1.8)), 1), 10) if rng.random() > 0.04 else None
    return Person("", number, practice, rng.choices(["F", "M", "I"], [65, 34, 1])[0], born, chosen(rng, ETHNIC), decile,
                  referred, chosen(rng, SOURCES), chosen(rng, REASONS),
                  working_day(referred + timedelta(days=rng.choice((2, 4, 5, 7, 8, 11, 14)))), "")


def _respond(rng: random.Random, people: list[Person]) -> None:
    """Who came on board, who declined and why, who never answered; when the stay began and how it ended."""
    # The last ones are referred early enough to begin within the period.
    order = sorted(people, key=lambda p: rng.random())
    for place, person in enumerate(order):
        if person.contacted > ENDS:
            person.contacted = ENDS
        if place < ENROLLED:
            person.response = "Accepted"
            person.worker = rng.choice(WORKERS)
            person.started = min(working_day(person.contacted + timedelta(days=rng.randrange(3, 19))), ENDS)
            person.answered = person.started
            person.low = rng.gauss(0, 1)
            _stay(rng, person)
        elif place < ENROLLED + sum(WHY_NOT.values()):
            person.response = "Declined"
            person.answered = min(working_day(person.contacted + timedelta(days=rng.randrange(0, 8))), ENDS)
        else:
            person.response = "No response"
    declined = sorted((p for p in people if p.response == "Declined"), key=lambda p: rng.random())
    for person, why in zip(declined, (why for why, n in WHY_NOT.items() for _ in range(n)), strict=True):
        person.why = why


def _stay(rng: random.Random, person: Person) -> None:
    never = rng.random() < 0.12
    # Most come a few times and a few very often.
    person.contacts = 0 if never else min(1 + int(rng.expovariate(1 / 6.4)), 26)
    weeks = 4 if never else max(3, round(person.contacts * rng.uniform(1.6, 2.8)))
    ends = working_day(person.started + timedelta(weeks=weeks))
    fate = rng.random()
    if fate < 0.022:
        person.died = person.started + timedelta(days=rng.randrange(30, 120))
        ends, person.end_reason = person.died, "Died"
    elif fate < 0.055:
        person.left = person.started + timedelta(days=rng.randrange(30, 150))
        ends, person.end_reason = min(ends, person.left), "Moved"
    elif never:
        person.end_reason = "Not seen"
    else:
        person.end_reason = rng.choices(["Goals met", "Stopped coming", "Referred on"], [66, 24, 10])[0]
    if person.died and person.died > ENDS:
        person.died, person.end_reason = None, "Goals met"
    if person.left and person.left > ENDS:
        person.left, person.end_reason = None, "Goals met"
    person.ended = ends
    if ends > ENDS:
        person.ended, person.end_reason = None, "Open"
