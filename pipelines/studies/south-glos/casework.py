"""The provider's case management export: the 59 people in, contacts, interventions and their workbook out."""

import io
import random
import re
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

from files import DATA_CUT, SYNTHETIC, day_month_year, working_day, write_zip
from openpyxl import Workbook
from people import Person

# How each person's time in the service went: booked contacts, days from first to last, how it ended, leaning to a mode.
COURSES = {
    "P01": (12, 196, "Completed", ""), "P02": (9, 168, "Completed", "Tel"), "P03": (8, 182, "Completed", "Tel"),
    "P04": (9, 175, "Completed", "Text"), "P05": (10, 126, "Completed", ""), "P06": (19, 210, "Completed", "Tel"),
    "P07": (22, 364, "Completed", "Text"), "P08": (13, 252, "Completed", "Tel"), "P09": (6, 119, "Completed", "F2F"),
    "P10": (7, 42, "Completed", "F2F"), "P11": (16, 315, "Ongoing", "Tel"), "P12": (13, 210, "Completed", ""),
    "P13": (14, 259, "Completed", "Text"), "P14": (10, 280, "Completed", ""), "P15": (8, 98, "Completed", ""),
    "P16": (15, 224, "Completed", "Home"), "P17": (7, 140, "Completed", ""), "P18": (16, 266, "Ongoing", ""),
    "N01": (9, 182, "Completed", ""), "N02": (5, 154, "Completed", ""), "N03": (6, 140, "Completed", ""),
    "N04": (7, 161, "Completed", "Tel"), "N05": (3, 56, "Dropped out", ""), "N06": (6, 168, "Died", "Home"),
    "N07": (0, 0, "Dropped out", ""), "N08": (6, 147, "Completed", ""), "N09": (2, 21, "Dropped out", ""),
    "N10": (5, 224, "Ongoing", ""), "N11": (1, 0, "Dropped out", ""), "N12": (0, 0, "Dropped out", ""),
    "N13": (3, 91, "Dropped out", ""), "N14": (4, 189, "Ongoing", ""), "N15": (2, 84, "Dropped out", ""),
    "N16": (5, 182, "Ongoing", "Tel"),
}
OTHER_WORKER = {"P11", "P13", "N04"}  # seen by the worker of the other practice
OFTEN_MISSED = {"P13": 0.3, "N05": 0.34}
DNA, CANCELLED = 0.15, 0.045

WITHIN_SERVICE = {  # intervention: provider, how likely it is to be offered
    "Goal setting": ("PW", 0.8), "Pain education": ("PW", 0.7), "Pacing": ("PW", 0.65), "Relaxation": ("PW", 0.55),
    "Sleep": ("PW", 0.4), "Medication review": ("GP", 0.6),
}
PLANNED_REDUCTION = {  # a dose reduction plan was offered; those with False turned it down
    **dict.fromkeys(["P01", "P02", "P03", "P04", "P06", "P07", "P08", "P09", "P12", "P13", "P14", "P15", "P16"], True),
    **dict.fromkeys(["P17", "P18", "N01", "N03", "N04", "N08"], True),
    **dict.fromkeys(["P05", "P10", "N06", "N10"], False),
}
COMMUNITY = {
    "Exercise class": "Council", "Walking group": "VCS", "Peer support": "VCS", "Talking therapy": "NHS",
    "Gardening": "VCS", "Welfare advice": "Council", "Arts": "VCS",
}
TOLD_COMMUNITY = {  # what the interviewed people say became of it
    "P01": {"Walking group": "N"}, "P07": {"Peer support": "N", "Talking therapy": "Y"}, "P08": {"Exercise class": "Y"},
    "P13": {"Exercise class": "N", "Walking group": "Y"}, "P14": {"Gardening": "Y"},
    "P16": {"Peer support": "Y", "Exercise class": "N", "Welfare advice": "Y"}, "P18": {"Arts": "Y"}, "P10": {},
}
TOLD_START = {("P14", "Gardening"): date(2016, 11, 11), ("P18", "Arts"): date(2017, 9, 4)}


def last_day(person: Person) -> date:
    """The last day on which a person can have been seen: the data cut, or the day before death or leaving."""
    return min([DATA_CUT] + [d - timedelta(days=1) for d in (person.died_on, person.deregistered_on) if d])


def contacts(people: list[Person]) -> list[dict]:
    """Booked contacts in order of date, numbered; then the four faults that the study's checks are meant to find."""
    rng = random.Random("south-glos contacts")
    rows = []
    for p in (p for p in people if p.started_on):
        booked, span, _, leaning = COURSES[p.key]
        worker = "W1" if (p.practice == "A") != (p.key in OTHER_WORKER) else "W2"
        for n in range(booked):
            even = p.started_on + timedelta(days=round(span * (n / max(1, booked - 1)) ** 1.15 / 7) * 7)
            day = min(working_day(even), working_day(last_day(p), -1))
            row = {"person": p, "date": day, "worker": worker, "first": n == 0}
            draw = rng.random()
            row["mode"] = (
                leaning if n and leaning in ("Tel", "Text") and draw < 0.4
                else "Tel" if n and not leaning and draw < 0.12 else "F2F"
            )
            row["place"] = {"Tel": "", "Text": ""}.get(
                row["mode"], "Home" if leaning == "Home" else "Other" if n and rng.random() < 0.04 else "Surgery"
            )
            row["booked"] = {"Tel": 30, "Text": 15}.get(row["mode"], 60 if n == 0 else rng.choice([45, 45, 60, 30]))
            chance = rng.random()
            missed = OFTEN_MISSED.get(p.key, DNA)
            row["outcome"] = (
                "Attended" if n == 0 or row["mode"] == "Text" or chance > missed + CANCELLED
                else "DNA" if chance < missed else rng.choice(["Canc. client", "Canc. client", "Canc. service"])
            )
            row["minutes"] = None
            if row["outcome"] == "Attended":
                row["minutes"] = {"Text": 15, "Tel": rng.choice([15, 15, 30, 20])}.get(
                    row["mode"], rng.choice([row["booked"]] * 7 + [45, 60, 30, 50])
                )
            rows.append(row)
    rows.sort(key=lambda r: (r["date"], r["person"].client))
    for n, row in enumerate(rows, 1):
        row["ref"] = f"K{40 + 3 * n:05}"
    return _with_faults(rows)


def _with_faults(rows: list[dict]) -> list[dict]:
    """Faults 2 to 5 (fault 1 is a row entered twice, see `interventions`). Nothing else in the extracts is wrong."""
    later = [r for r in rows if not r["first"] and r["mode"] == "F2F"]
    came = [r for r in later if r["outcome"] == "Attended"]
    next(r for r in later[40:] if r["outcome"] == "DNA")["minutes"] = 30
    came[60]["mode"] = "F2F "
    came[90]["minutes"] = None
    ongoing = next(r for r in reversed(rows) if r["person"].key == "N16")
    after_cut = {**ongoing, "date": date(2018, 1, 15), "ref": f"K{40 + 3 * (len(rows) + 1):05}", "mode": "F2F",
                 "place": "Surgery", "booked": 45, "minutes": 45, "outcome": "Attended"}
    return [*rows, after_cut]


def episode_end(person: Person, seen: list[dict]) -> date | None:
    """The last contact where it was planned; some weeks of silence where it was not; none while it goes on."""
    how = COURSES[person.key][2]
    if how == "Ongoing":
        return None
    if how == "Died":
        return person.died_on
    last = max((r["date"] for r in seen if r["person"] is person), default=person.started_on)
    return last if how == "Completed" else working_day(last + timedelta(days=42))


def interventions(people: list[Person], seen: list[dict]) -> list[list]:
    """What was offered to the people who came, in order of date; then fault 1, one row entered twice."""
    rng = random.Random("south-glos interventions")
    rows = []
    for p in (p for p in people if p.started_on):
        dates = [r["date"] for r in seen if r["person"] is p and r["outcome"] == "Attended" and r["date"] <= DATA_CUT]
        if not dates:
            continue
        offers = [
            ("Service", what, who, "Y" if rng.random() < 0.86 else "N")
            for what, (who, odds) in WITHIN_SERVICE.items()
            if rng.random() < odds and (len(dates) > 3 or what != "Sleep")
        ]
        if len(offers) < 2:
            offers = [("Service", "Goal setting", "PW", "Y"), ("Service", "Pain education", "PW", "Y")]
        if p.key in PLANNED_REDUCTION:
            offers = offers[:5] + [("Service", "Dose reduction plan", "GP", "Y" if PLANNED_REDUCTION[p.key] else "N")]
        told = TOLD_COMMUNITY.get(p.key)
        if told is None:
            chosen = rng.sample(sorted(COMMUNITY), rng.choice([0, 1, 1, 2, 2, 3]) if len(dates) > 2 else 0)
            told = {what: rng.choices(["Y", "N", "?"], [40, 46, 14])[0] for what in chosen}
        offers += [("Community", what, COMMUNITY[what], uptake) for what, uptake in told.items()]
        for setting, what, provider, uptake in offers:
            offered = rng.choice(dates[: max(1, round(len(dates) * 0.7))])
            started = ended = None
            if uptake == "Y":
                started = offered if setting == "Service" else working_day(offered + timedelta(days=rng.randint(6, 40)))
                started = started if started <= last_day(p) else offered
                ended = started + timedelta(days=7 * rng.randint(3, 14)) if rng.random() < 0.6 else None
                ended = working_day(ended) if ended and working_day(ended) <= last_day(p) else None
            if (p.key, what) in TOLD_START:
                started, ended = TOLD_START[p.key, what], None
                offered = max(day for day in dates if day <= started)
            rows.append([p.client, setting, what, provider, offered, uptake, started, ended])
    rows.sort(key=lambda r: (r[4], r[0], r[2]))
    return [*rows[:41], rows[40], *rows[41:]]


def _sheet(book: Workbook, title: str, header: list[str], rows: list[list]) -> None:
    sheet = book.create_sheet(title)
    sheet.append(header)
    for row in rows:
        sheet.append(row)
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            if isinstance(cell.value, date):
                cell.number_format = "DD/MM/YYYY"
    sheet.freeze_panes = "A2"


def write_workbook(people: list[Person], folder: Path) -> None:
    """One sheet per table. Dates are real dates, but in Contacts, where the system prints them as text."""
    book = Workbook()
    book.remove(book.active)
    seen = contacts(people)
    offered = interventions(people, seen)
    enrolled = [p for p in people if p.started_on]
    _sheet(book, "Read me", ["Case management export"], [
        [SYNTHETIC], ["Exported 10/01/2018 for the evaluation"], [f"{len(people)} clients, {len(enrolled)} episodes"],
        ["Client numbers link the sheets; the sheet Clients links them to NHS numbers"],
        ["Workers are shown as W1, W2"],
    ])
    _sheet(book, "Clients", ["Client no.", "NHS no.", "Practice"],
           [[p.client, p.nhs_number, f"Practice {p.practice}"] for p in people])
    _sheet(book, "Invitations",
           ["Client no.", "Identified by", "Date identified", "Date invited", "Invited by", "Response",
            "Date of response", "Reason"],
           [[p.client, p.source, p.identified_on, p.invited_on, p.route, p.response, p.responded_on, p.reason or None]
            for p in people])
    worker = {r["person"].client: r["worker"] for r in seen}
    _sheet(book, "Episodes", ["Client no.", "Worker", "Start", "End", "How ended"],
           [[p.client, worker.get(p.client, "W1" if p.practice == "A" else "W2"), p.started_on, episode_end(p, seen),
             COURSES[p.key][2]] for p in enrolled])
    _sheet(book, "Contacts",
           ["Ref", "Client no.", "Date seen", "How", "Where", "Worker", "Booked (min)", "Actual (min)", "Outcome"],
           [[r["ref"], r["person"].client, day_month_year(r["date"]), r["mode"], r["place"] or None, r["worker"],
             r["booked"], r["minutes"], r["outcome"]] for r in seen])
    _sheet(book, "Interventions",
           ["Client no.", "Setting", "Intervention", "Provided by", "Offered", "Taken up", "Started", "Ended"], offered)
    exported = datetime(2018, 1, 10, 9, 0)
    book.properties.creator, book.properties.created = "Case management system (synthetic)", exported
    packed = io.BytesIO()
    book.save(packed)
    write_zip(folder / "Case management export.xlsx", _members(packed, exported))


def _members(packed: io.BytesIO, exported: datetime) -> list[tuple[str, bytes]]:
    """The parts of the workbook with the moment of saving, which openpyxl takes from the clock, put back."""
    with zipfile.ZipFile(packed) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    core = "docProps/core.xml"
    saved, when = rb"(<dcterms:modified[^>]*>)[^<]*", exported.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    members[core] = re.sub(saved, rb"\g<1>" + when, members[core])
    first = "[Content_Types].xml"
    return [(first, members.pop(first)), *sorted(members.items())]
