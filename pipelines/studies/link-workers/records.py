"""Everybody in; what the practices' SystmOne exports hold of them out: one CSV for each SR table."""

import random
from datetime import date, datetime, time, timedelta
from pathlib import Path

from files import BEGINS, ENDS, QUESTIONNAIRES_CUT, SYNTHETIC, stamp, working_day, write_csv
from people import WORKERS, Person

EXTRACTED = datetime(2024, 12, 4, 6, 12, 40)
MODES = {"Face to face": 44, "Telephone": 41, "Video": 5, "Text": 10}
PLACES = {"Surgery": 58, "Home": 14, "Community venue": 28}
MISSED = {"Did Not Attend": 55, "Cancelled by Patient": 32, "Cancelled by Unit": 13}
CLINICIANS = dict(zip(WORKERS, ("220417", "220431", "221006", "224880"), strict=True))
ITEMS = {"SWEMWBS": 7, "PHQ-9": 9}
OCCASIONS = ("Initial", "12 week review")


def clock(rng: random.Random, day: date) -> datetime:
    """A time in the working day, on the quarter of an hour."""
    return datetime.combine(day, time(rng.randrange(9, 17), rng.choice((0, 15, 30, 45))))


def write_patients(people: list[Person], folder: Path) -> None:
    """The list of patients as SystmOne exports it."""
    rng = random.Random("link-workers: patients")
    rows = []
    for person in people:
        entered = clock(rng, person.referred) + timedelta(seconds=rng.randrange(59))
        rows.append([person.row, person.practice, stamp(entered), person.number, stamp(person.born), person.sex,
                     person.ethnic, person.decile, stamp(person.died), stamp(person.left), "FALSE"])
    write_csv(folder / "SRPatient.csv", [
        "RowIdentifier", "IDOrganisationVisibleTo", "DateEventRecorded", "NHSNumber", "DateBirth", "Gender",
        "Ethnicity", "IMDDecile", "DateDeath", "DateDeRegistration", "TestPatient"], rows)


def write_referrals(people: list[Person], folder: Path) -> None:
    """Referrals in, with the SNOMED codes of a referral to social prescribing and of declining it."""
    rng = random.Random("link-workers: referrals")
    rows = []
    for place, person in enumerate(people):
        code = "871711000000103" if person.response == "Declined" else "871731000000106"
        rows.append([str(9_310_000_000 + 113 * place + rng.randrange(100)), person.practice, person.row,
                     stamp(clock(rng, person.referred)), person.source, person.reason, code,
                     stamp(clock(rng, person.contacted)), person.response, person.why, stamp(person.answered),
                     "TRUE" if person.enrolled else "FALSE"])
    rows.append(list(rows[100]))  # one referral stands in two exports
    write_csv(folder / "SRReferralIn.csv", [
        "RowIdentifier", "IDOrganisation", "IDPatient", "DateReferral", "Source", "PrimaryReason", "SNOMEDCode",
        "DateContacted", "Response", "ResponseReason", "DateResponse", "OnCaseload"], rows)


def _appointment(rng: random.Random, person: Person, day: date, status: str) -> list:
    mode = rng.choices(list(MODES), list(MODES.values()))[0]
    booked = {"Face to face": rng.choice((45, 60, 60)), "Telephone": rng.choice((20, 30)), "Video": 45, "Text": 5}[mode]
    minutes = max(5, 5 * round(booked * rng.uniform(0.6, 1.25) / 5)) if status == "Finished" else None
    place = rng.choices(list(PLACES), list(PLACES.values()))[0] if mode == "Face to face" else None
    return ["", person.practice, person.row, stamp(clock(rng, day)), mode, place, CLINICIANS[person.worker], booked,
            minutes, status, "FALSE"]


def _appointments(rng: random.Random, person: Person) -> list[tuple[date, list]]:
    """What was booked for one person: so many that they attended, others that came to nothing."""
    until = min(person.ended or ENDS, person.died or ENDS)
    every = max(4, (until - person.started).days // max(person.contacts, 1))
    day, found = person.started, []
    for number in range(person.contacts):
        if number:
            day = working_day(day + timedelta(days=max(2, round(every * rng.uniform(0.5, 1.3)))))
        if day > until:
            break
        found.append((day, _appointment(rng, person, day, "Finished")))
        if rng.random() < 0.16:
            missed = working_day(day + timedelta(days=rng.randrange(2, 6)))
            if missed <= until:
                found.append((missed, _appointment(rng, person, missed, rng.choices(
                    list(MISSED), list(MISSED.values()))[0])))
    if not person.contacts:
        missed = working_day(person.started + timedelta(days=7))
        if missed <= until:
            found.append((missed, _appointment(rng, person, missed, "Did Not Attend")))
    return found


def write_appointments(people: list[Person], folder: Path) -> None:
    """
    Appointments with link workers. Of the faults that such exports have: events that are there twice, appointments
    after the data cut, minutes of one that nobody came to, none of one that was kept, a status with a blank after it.
    """
    rng = random.Random("link-workers: appointments")
    booked = [one for person in people if person.enrolled for one in _appointments(rng, person)]
    seen = [person for person in people if person.enrolled and person.ended is None and person.contacts]
    for person in seen[-3:]:
        day = working_day(ENDS + timedelta(days=rng.randrange(2, 20)))
        booked.append((day, _appointment(rng, person, day, "Finished")))
    booked.sort(key=lambda one: (one[0], one[1][2]))
    rows = []
    for place, (_, row) in enumerate(booked):
        rows.append([str(5_120_000_000 + 271 * place + rng.randrange(250)), *row[1:]])
    finished = [row for row in rows if row[9] == "Finished"]
    missed = [row for row in rows if row[9] == "Did Not Attend"]
    for row in finished[60:62]:
        row[8] = None
    missed[8][8] = 30
    finished[200][9] = "Finished "
    for place in (40, 377, 702):
        rows.append(list(rows[place]))
    write_csv(folder / "SRAppointment.csv", [
        "RowIdentifier", "IDOrganisation", "IDPatient", "DateStart", "ContactMethod", "Location", "IDClinician",
        "PlannedMinutes", "ActualMinutes", "AppointmentStatus", "AdHoc"], rows)


def _answers(rng: random.Random, name: str, feeling: float) -> list[int]:
    """Seven answers from 1 to 5, more being better, or nine from 0 to 3, more being worse."""
    if name == "SWEMWBS":
        return [min(max(round(2.85 + 0.62 * feeling + rng.gauss(0, 0.75)), 1), 5) for _ in range(7)]
    return [min(max(round(1.25 - 0.55 * feeling + rng.gauss(0, 0.7)), 0), 3) for _ in range(9)]


def _asked(rng: random.Random, person: Person) -> list[tuple[str, date, float]]:
    """When a person filled in questionnaires, and how they felt then."""
    found = []
    first = person.started + timedelta(days=rng.randrange(0, 9))
    if rng.random() < (0.95 if person.contacts else 0.25):
        found.append((OCCASIONS[0], first, person.low))
    review = person.started + timedelta(weeks=12, days=rng.randrange(-5, 18))
    alive = not (person.died and person.died <= review) and not (person.left and person.left <= review)
    stays = min(person.contacts / 8, 1)
    if alive and review <= QUESTIONNAIRES_CUT and rng.random() < (0.57 + 0.26 * stays if person.contacts else 0.1):
        found.append((OCCASIONS[1], review, person.low + 0.16 + 0.42 * stays + rng.gauss(0, 0.6)))
    return found


def write_questionnaires(people: list[Person], folder: Path) -> None:
    """One row an answer, as the answered questionnaires come out of SystmOne; a blank answer is an empty cell."""
    rng = random.Random("link-workers: questionnaires")
    rows, questionnaire = [], 771_400
    for person in people:
        for occasion, day, feeling in _asked(rng, person) if person.enrolled else ():
            at = stamp(clock(rng, max(working_day(day), BEGINS)))
            for name in ITEMS:
                if rng.random() < 0.05:  # one of the two was not handed out
                    continue
                questionnaire += rng.randrange(1, 9)
                answers: list[int | None] = list(_answers(rng, name, feeling))
                if rng.random() < 0.05:
                    answers[rng.randrange(len(answers))] = None
                for number, answer in enumerate(answers, 1):
                    rows.append([str(2_240_000_000 + 7 * len(rows)), str(questionnaire), person.practice, person.row,
                                 at, name, occasion, f"Q{number}", answer])
    write_csv(folder / "SRAnsweredQuestionnaire.csv", [
        "RowIdentifier", "IDAnsweredQuestionnaire", "IDOrganisation", "IDPatient", "DateEvent", "Questionnaire",
        "Occasion", "Question", "Answer"], rows)


def write_manifest(folder: Path) -> None:
    """What SystmOne says about the files of one extract."""
    rows = [[path.stem, "FALSE", stamp(EXTRACTED), len(path.read_bytes().splitlines()) - 1, SYNTHETIC]
            for path in sorted(folder.glob("SR*.csv")) if path.stem != "SRManifest"]
    write_csv(folder / "SRManifest.csv", ["FileName", "IsDelta", "DateExtract", "RowCount", "Comment"], rows)
