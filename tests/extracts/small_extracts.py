"""A small service whose extracts a test can see whole: its definition, five rows a file, and the way to check them."""

import csv
import random
from pathlib import Path

from analysis.extracts.checks.expectations import Validation, validate
from analysis.extracts.plan import plans
from analysis.extracts.read import Delivered, read
from analysis.study import Study, open_study

DEFINITION = """\
title    = "A small service"
period   = { from = 2017-01-01, to = 2017-12-31 }
data_cut = { records = 2017-12-31 }
pages    = ["01_data_quality"]
synthetic = "Every record is invented."
[disclosure]
enrolled = "none"

[timepoints]
baseline = { label = "Baseline", weeks = 0 }

[extracts.clients]
table = "identifiers"
file  = "clients.csv"
key   = ["patient_id"]
[extracts.clients.columns]
patient_id = { from = "Client" }
nhs_number = { from = "NHS no.", type = "nhs_number", required = true }

[extracts.patients]
file = "patients.csv"
key  = ["patient_id"]
[extracts.patients.columns]
patient_id = { from = "NHS no.", type = "nhs_number", through = "clients" }
practice   = { value = "practice_a" }
birth_year = { from = "Born", min = 1910, max = 2000 }

[extracts.episodes]
file = "episodes.csv"
[extracts.episodes.columns]
patient_id = { from = "Client" }
started_on = { from = "Start", format = "%d/%m/%Y", within = "period" }

[extracts.contacts]
file = "contacts_*.csv"
key  = ["contact_id"]
[extracts.contacts.columns]
contact_id = { from = "Ref" }
patient_id = { from = "Client" }
date       = { from = "Date", format = "%d/%m/%Y", until = "records" }
mode       = { from = "How", codes = { "F2F" = "face to face", "Tel" = "telephone" } }
minutes    = { from = "Minutes", min = 0, max = 240 }
attendance = { from = "Outcome", codes = { "Attended" = "attended", "DNA" = "did not attend" } }

[extracts.issues]
table     = "prescriptions"
file      = "issues.csv"
fill_down = ["NHS no."]
[extracts.issues.columns]
patient_id = { from = "NHS no.", type = "nhs_number", through = "clients" }
issued_on  = { from = "Issued", format = "%d/%m/%Y", until = "records" }
product    = { from = "Drug" }
quantity   = { from = "Qty", min = 0 }

[extracts.questionnaire]
table     = "responses"
file      = "questionnaire.csv"
timepoint = "baseline"
key       = ["patient_id"]
[extracts.questionnaire.columns]
patient_id = { from = "Client" }
[extracts.questionnaire.items]
peg = ["Q1", "Q2", "Q3"]
"""


def head(title: str, year: int, *, cut: str = "") -> str:
    """How the definition of a service without pages begins, its records up to the end of the year or to `cut`."""
    return f"""\
title    = "{title}"
period   = {{ from = {year}-01-01, to = {year}-12-31 }}
data_cut = {{ records = {cut or f"{year}-12-31"} }}
pages    = []

[disclosure]
enrolled = "none"

"""


# Interviews as some tests add them: the log (its group, and what else it has, they say themselves) and the topic guide.
LOG = """
[extracts.log]
table = "interviews"
file  = "log.csv"
[extracts.log.columns]
interview_id   = { from = "Interview" }
participant_id = { from = "Participant" }
"""
GUIDE = """
[extracts.guide]
table = "asked"
file  = "guide.csv"
[extracts.guide.columns]
interview_id = { from = "Interview" }
topic        = { value = "sleep" }
asked        = { from = "Asked", codes = { "Y" = "yes" } }
"""
EXTRACT_OF = {"clients.csv": "clients", "patients.csv": "patients", "episodes.csv": "episodes", "issues.csv": "issues",
              "contacts_1.csv": "contacts", "contacts_2.csv": "contacts", "questionnaire.csv": "questionnaire"}

Files = dict[str, list[list[str]]]  # name of a file -> its lines, headings first

# Numbers that begin with 999 are kept for tests: the NHS gives them to nobody.
FIVE_PEOPLE = ["9990000018", "9990000026", "9990000034", "9990000042", "9990000050"]


def write_study(root: Path, files: Files, definition: str = DEFINITION, name: str = "small") -> None:
    """The study's definition and its delivered files under a project root."""
    folder, raw = root / "pipelines" / "studies" / name, root / "data_raw" / name
    folder.mkdir(parents=True, exist_ok=True)
    raw.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(definition, "utf-8")
    for file, lines in files.items():
        with (raw / file).open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(lines)


def opened(root: Path, files: Files, definition: str = DEFINITION) -> Study:
    """The written study, opened."""
    write_study(root, files, definition)
    return open_study("small", root)


def delivered(study: Study) -> dict[str, Delivered]:
    """The study's extracts as text."""
    return {plan.name: read(plan, study.raw) for plan in plans(study)}


def checked(root: Path, files: Files, definition: str = DEFINITION) -> Validation:
    """The small study's extracts held against their rules."""
    return validate(delivered(opened(root, files, definition)))


def nhs_number(nine: int) -> str | None:
    """The ten digits of that number with its check digit; None where the check digit would be 10."""
    check = 11 - sum(int(d) * w for d, w in zip(f"{nine:09}", range(10, 1, -1), strict=True)) % 11
    return None if check == 10 else f"{nine:09}{0 if check == 11 else check}"


def clean_files(dice: random.Random) -> Files:
    """Extracts of eight clients in which nothing is wrong: five came to the service, three are only on the list."""
    numbers = [n for nine in dice.sample(range(999_000_100, 1_000_000_000), 20) if (n := nhs_number(nine))][:9]
    clients = [f"C{n:03}" for n in dice.sample(range(1000), 8)]
    came = list(zip(clients, numbers, strict=False))[:5]

    def day() -> str:
        return f"{dice.randint(1, 28):02}/{dice.randint(1, 12):02}/2017"

    def contact(number: int) -> list[str]:
        seen = dice.random() < 0.8
        return [f"K{number}", dice.choice(came)[0], day(), dice.choice(["F2F", "Tel", ""]),
                str(dice.randint(0, 240)) if seen else dice.choice(["", "0"]), "Attended" if seen else "DNA"]

    refs = dice.sample(range(1000), 16)
    heading = ["Ref", "Client", "Date", "How", "Minutes", "Outcome"]
    return {
        "clients.csv": [["Client", "NHS no."], *([c, n] for c, n in zip(clients, numbers, strict=False))],
        "patients.csv": [["NHS no.", "Born"],
                         *([n, dice.choice(["", str(dice.randint(1910, 2000))])] for _, n in came)],
        "episodes.csv": [["Client", "Start"], *([c, f"{dice.randint(1, 14):02}/01/2017"] for c, _ in came)],
        "contacts_1.csv": [heading, *(contact(ref) for ref in refs[:8])],
        "contacts_2.csv": [heading, *(contact(ref) for ref in refs[8:])],
        "issues.csv": [["NHS no.", "Issued", "Drug", "Qty"],
                       *([dice.choice(came)[1], day(), f"Drug {n}", dice.choice(["28", "56", "12.5"])]
                         for n in range(6))],
        "questionnaire.csv": [["Client", "Q1", "Q2", "Q3"],
                              *([c, *dice.choices(["", *map(str, range(11))], k=3)] for c, _ in came)],
    }


def five_people() -> Files:
    """The smallest whole set of extracts, the same every time."""
    clients = [f"C{n}" for n in range(1, 6)]
    return {
        "clients.csv": [["Client", "NHS no."], *([c, n] for c, n in zip(clients, FIVE_PEOPLE, strict=True))],
        "patients.csv": [["NHS no.", "Born"], *([n, "1950"] for n in FIVE_PEOPLE)],
        "episodes.csv": [["Client", "Start"], *([c, "01/02/2017"] for c in clients)],
        "contacts_1.csv": [["Ref", "Client", "Date", "How", "Minutes", "Outcome"],
                           ["K1", "C1", "01/03/2017", "F2F", "60", "Attended"],
                           ["K2", "C2", "02/03/2017", "Tel", "20", "Attended"]],
        "contacts_2.csv": [["Ref", "Client", "Date", "How", "Minutes", "Outcome"],
                           ["K3", "C1", "03/04/2017", "F2F", "45", "Attended"],
                           ["K4", "C3", "04/04/2017", "F2F", "", "DNA"],
                           ["K5", "C4", "05/04/2017", "Tel", "15", "Attended"]],
        "issues.csv": [["NHS no.", "Issued", "Drug", "Qty"],
                       [FIVE_PEOPLE[0], "01/02/2017", "Tramadol 50mg capsules", "56"],
                       ["", "01/03/2017", "Tramadol 50mg capsules", "56"],
                       [FIVE_PEOPLE[1], "01/02/2017", "Codeine 30mg tablets", "112"]],
        "questionnaire.csv": [["Client", "Q1", "Q2", "Q3"], ["C1", "7", "8", ""], ["C2", "0", "10", "5"]],
    }
