"""The 59 people of the worked study: nothing in, everybody who was invited, enrolled or not, out."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from files import SYNTHETIC, day_month_year, is_working_day, working_day, write_csv

PERIOD_FROM = date(2016, 9, 1)

# The 34 who enrolled. P01-P18 are the people who were interviewed, as the transcripts tell them; N01-N16 were not.
# key, practice, sex, birth year, start of the episode, identified by, invited by
ENROLLED = """
P01 A F 1962 2016-09-26 ORAT Letter
P02 A M 1952 2016-11-10 ORAT Letter
P03 A F 1970 2016-11-22 ORAT Letter
P04 B M 1973 2016-12-01 ORAT In person
P05 A F 1940 2016-10-17 ORAT Letter
P06 B F 1954 2016-12-05 GP In person
P07 A M 1964 2016-11-28 GP Letter
P08 B F 1983 2016-12-12 ORAT Letter
P09 B M 1938 2016-10-12 ORAT Letter
P10 B F 1961 2017-01-10 ORAT Letter
P11 A M 1953 2017-01-09 ORAT Letter
P12 A F 1972 2016-10-19 ORAT Letter
P13 A M 1983 2017-01-19 GP In person
P14 A F 1951 2016-10-03 GP Letter
P15 B M 1963 2016-11-15 ORAT Letter
P16 B F 1931 2017-02-09 GP Letter
P17 B M 1955 2017-02-20 ORAT Letter
P18 A F 1964 2017-03-27 ORAT Letter
N01 A F 1958 2016-10-24 GP Letter
N02 B M 1949 2016-11-07 ORAT Letter
N03 A F 1963 2017-01-16 GP In person
N04 B F 1971 2017-02-14 GP Letter
N05 A F 1976 2017-02-06 ORAT Letter
N06 B M 1945 2016-11-21 ORAT Letter
N07 A F 1981 2017-03-06 GP In person
N08 A F 1969 2017-04-11 GP Letter
N09 B M 1956 2017-04-20 GP In person
N10 A F 1961 2017-05-03 ORAT Letter
N11 B F 1948 2017-05-10 GP Tel
N12 A M 1973 2017-05-17 ORAT Letter
N13 A F 1954 2017-05-30 GP Letter
N14 B F 1966 2017-06-07 GP Letter
N15 A M 1938 2017-06-13 ORAT Letter
N16 B F 1979 2017-06-20 GP In person
"""
DIED = {"N06": 196}  # days after the start: after the dose at 26 weeks, before the questionnaire at 30
MOVED = {"N02": date(2017, 9, 12)}
INVITED = {"P18": date(2017, 1, 6)}  # she rang in the January and was not seen till the end of March
RESPONDED = {"P18": date(2017, 1, 16)}

# Response and reason of the 25 who did not enrol: 19 never replied, 6 declined; 14 of practice A, 11 of B.
NOT_ENROLLED = {
    "A": ["No reply"] * 10
    + ["No reply/Moved away", "Declined/Not interested", "Declined/Content as is", "Declined/Too much on"],
    "B": ["No reply"] * 7 + ["No reply/Died", "Declined/Too unwell", "Declined/Not interested", "Declined"],
}


@dataclass
class Person:
    """One person who was invited. `key` is in no extract; `started_on` is empty for people who did not enrol."""

    key: str
    practice: str
    sex: str
    birth_year: int
    source: str
    route: str
    response: str
    reason: str = ""
    started_on: date | None = None
    identified_on: date | None = None
    invited_on: date | None = None
    responded_on: date | None = None
    registered_on: date | None = None
    deregistered_on: date | None = None
    died_on: date | None = None
    ethnicity: str = ""
    imd_decile: int = 0
    usual_gp: str = ""
    nhs_number: str = ""
    client: str = ""


def nhs_number(rng: random.Random) -> str:
    """A number of the range 999, which is never issued, with a valid check digit (Modulus 11)."""
    while True:
        nine = "999" + "".join(str(rng.randrange(10)) for _ in range(6))
        check = 11 - sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return nine + str(0 if check == 11 else check)


def _enrolled(rng: random.Random) -> list[Person]:
    people = []
    for line in ENROLLED.split("\n")[1:-1]:
        key, practice, sex, birth, start, source, route = line.split(maxsplit=6)
        p = Person(key, practice, sex, int(birth), source, route, "Enrolled", started_on=date.fromisoformat(start))
        p.invited_on = INVITED.get(key) or max(
            PERIOD_FROM + timedelta(days=4), working_day(p.started_on - timedelta(days=rng.randint(8, 42)))
        )
        half = (p.started_on - p.invited_on).days // 2
        p.responded_on = RESPONDED.get(key) or working_day(p.invited_on + timedelta(days=rng.randint(2, max(3, half))))
        if key in DIED:
            p.died_on = p.started_on + timedelta(days=DIED[key])
        p.deregistered_on = MOVED.get(key)
        people.append(p)
    return people


def _not_enrolled(rng: random.Random) -> list[Person]:
    people = []
    for practice, outcomes in NOT_ENROLLED.items():
        for outcome in outcomes:
            response, _, reason = outcome.partition("/")
            p = Person(
                f"X{len(people) + 1:02}", practice, "F" if rng.random() < 0.75 else "M", rng.randint(1934, 1988),
                "ORAT" if rng.random() < 0.75 else "GP", rng.choices(["Letter", "In person", "Tel"], [85, 10, 5])[0],
                response, reason,
            )
            p.invited_on = working_day(PERIOD_FROM + timedelta(days=rng.randint(5, 265)))
            if response == "Declined":
                p.responded_on = working_day(p.invited_on + timedelta(days=rng.randint(3, 25)))
            if reason == "Moved away":
                p.deregistered_on = working_day(p.invited_on + timedelta(days=rng.randint(10, 40)))
            if reason == "Died":
                p.died_on = p.invited_on + timedelta(days=rng.randint(6, 20))
            people.append(p)
    return people


def everybody() -> list[Person]:
    """All 59 in the order of their client numbers, given out in the order in which people were identified."""
    rng = random.Random("south-glos people")
    people = _enrolled(rng) + _not_enrolled(rng)
    for p in people:
        earliest = max(PERIOD_FROM, p.invited_on - timedelta(days=rng.randint(0, 21)))
        p.identified_on = min(p.invited_on, working_day(earliest))
        year = rng.randint(max(1975, p.birth_year + 1), 2014)
        p.registered_on = working_day(date(year, rng.randint(1, 12), rng.randint(1, 28)))
        p.ethnicity = rng.choices(list("ACHMFZ"), [80, 5, 2, 2, 2, 9])[0]
        p.imd_decile = rng.choices(range(1, 11), [15, 15, 14, 13, 11, 9, 8, 7, 5, 3])[0]
        p.usual_gp = f"GP{rng.randint(1, 4) if p.practice == 'A' else rng.randint(5, 7)}"
        assert p.started_on is None or is_working_day(p.started_on), p.key
    people.sort(key=lambda p: (p.identified_on, p.key))
    numbers = {nhs_number(rng) for _ in people}
    while len(numbers) < len(people):
        numbers.add(nhs_number(rng))
    shuffled = sorted(numbers)
    rng.shuffle(shuffled)
    for position, (p, number) in enumerate(zip(people, shuffled, strict=True), 1):
        p.client, p.nhs_number = f"C{position:03}", number
    return people


def write_patient_lists(people: list[Person], folder: Path) -> None:
    """One report per practice of the people it invited, as each practice's own system prints it."""
    ours = sorted((p for p in people if p.practice == "A"), key=lambda p: p.nhs_number)
    write_csv(
        folder / "EMIS patient list (Practice A).csv",
        ["NHS Number", "Usual GP", "Gender", "Year of birth", "Ethnic category", "IMD decile", "Registered", "Deducted",
         "Date of death"],
        [[p.nhs_number, p.usual_gp, {"F": "Female", "M": "Male"}[p.sex], p.birth_year, p.ethnicity, p.imd_decile,
          day_month_year(p.registered_on), day_month_year(p.deregistered_on), day_month_year(p.died_on)] for p in ours],
        preamble=["Pain and opioid review – people invited", SYNTHETIC, "Organisation: Practice A",
                  "Run on: 08/01/2018 09:12", f"Patients: {len(ours)}", ""],
        encoding="utf-8-sig", newline="\r\n",
    )
    theirs = sorted((p for p in people if p.practice == "B"), key=lambda p: (p.birth_year, p.nhs_number))
    write_csv(
        folder / "EMIS patient list (Practice B).csv",
        ["NHS No.", "Sex", "YOB", "Ethnicity (16+1)", "Deprivation decile", "Reg. date", "Dereg. date", "Deceased",
         "Usual GP"],
        [[p.nhs_number, p.sex, p.birth_year, p.ethnicity, p.imd_decile, day_month_year(p.registered_on),
          day_month_year(p.deregistered_on), day_month_year(p.died_on), p.usual_gp] for p in theirs],
        preamble=["PAIN REVIEW SERVICE, INVITED PATIENTS", "Practice B", SYNTHETIC, "Report run 09/01/2018",
                  f"{len(theirs)} rows"],
    )
