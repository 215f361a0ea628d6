"""The interview study's own records: people in, recruitment, key, interview log, topic guide and consents out."""

import random
from datetime import date, timedelta
from pathlib import Path

from files import DATA_CUT, SYNTHETIC, day_month_year, working_day, write_csv
from people import Person

# Consent to contact, reason, invited, response of those enrolled who were not interviewed.
RECRUITMENT = {
    "N01": ("Agreed", "", "Y", "No response"), "N02": ("Agreed", "", "Y", "No response"),
    "N03": ("Agreed", "Data adequate", "N", ""), "N04": ("Agreed", "Data adequate", "N", ""),
    "N05": ("Declined", "Too many things to cope with", "N", ""), "N06": ("Declined", "Too ill", "N", ""),
    "N07": ("Not asked", "Mental health", "N", ""),
    **{f"N{n:02}": ("Not asked", "Data collection over", "N", "") for n in range(8, 17)},
}
INTERVIEWED = ("Agreed", "", "Y", "Interviewed")

# participant: date, minutes, mode, setting, interviewer; for providers also role and practice
INTERVIEWS = {
    "P01": ("2017-05-10", 48, "F2F", "Surgery", "R1"), "P02": ("2017-06-08", 37, "F2F", "Home", "R1"),
    "P03": ("2017-07-13", 31, "F2F", "Home", "R2"), "P04": ("2017-06-21", 52, "F2F", "Home", "R1"),
    "P05": ("2017-03-29", 61, "F2F", "Home", "R1"), "P06": ("2017-08-16", 55, "F2F", "Surgery", "R2"),
    "P07": ("2017-12-13", 66, "F2F", "Home", "R1"), "P08": ("2017-10-18", 44, "F2F", "Home", "R2"),
    "P09": ("2017-04-26", 40, "F2F", "Surgery", "R1"), "P10": ("2017-05-24", 35, "F2F", "Home", "R2"),
    "P11": ("2017-12-04", 46, "F2F", "Home", "R1"), "P12": ("2017-06-14", 58, "Tel", "Phone", "R2"),
    "P13": ("2018-02-07", 29, "F2F", "Surgery", "R1"), "P14": ("2018-05-16", 75, "F2F", "Home", "R2"),
    "P15": ("2017-08-30", 50, "F2F", "Surgery", "R1"), "P16": ("2017-11-15", 63, "F2F", "Home", "R2"),
    "P17": ("2017-10-04", 54, "F2F", "Home", "R1"), "P18": ("2018-04-25", 45, "Tel", "Phone", "R2"),
    "S01": ("2017-11-22", 33, "F2F", "Workplace", "R1", "GP", "A"),
    "S02": ("2018-01-24", 24, "Tel", "Phone", "R1", "GP", "A"),
    "S03": ("2018-02-14", 38, "F2F", "Workplace", "R2", "GP", "B"),
    "S04": ("2018-03-07", 19, "F2F", "Workplace", "R1", "GP", "B"),
    "S05": ("2017-12-06", 57, "F2F", "Workplace", "R1", "Project worker", "A"),
    "S06": ("2018-04-11", 62, "F2F", "Workplace", "R2", "Project worker", "B"),
    "S07": ("2018-06-06", 51, "Tel", "Phone", "R1", "Project worker", "Both"),
}
PROVIDERS = {  # sex, age band
    "S01": ("F", "50s"), "S02": ("M", "40s"), "S03": ("M", "50s"), "S04": ("F", "40s"), "S05": ("F", "40s"),
    "S06": ("M", "30s"), "S07": ("F", "50s"),
}
SECOND_GUIDE = date(2017, 7, 1)  # the second version of the topic guide asks what it would take to go on
TOPICS = ["Invitation", "Sessions", "Beyond medicine", "Medicines", "Change", "Going on"]
NOT_ASKED = {
    ("P03", "Going on"), ("P16", "Invitation"), ("S02", "Beyond medicine"), ("S04", "Medicines"), ("S07", "Medicines"),
}
DECLINED = {
    "Quotation": {"P10"}, "Linkage": {"P04", "P10", "P17"}, "Archive": {"P04", "P08", "P10", "P11", "P15", "P17"},
}


def interview_id(participant: str) -> str:
    """I01 to I25: the 18 service users, then the 7 service providers."""
    return f"I{list(INTERVIEWS).index(participant) + 1:02}"


def _guide(participant: str) -> str:
    return "v1" if date.fromisoformat(INTERVIEWS[participant][0]) < SECOND_GUIDE else "v2"


def _write(folder: Path, name: str, title: str, header: list[str], rows: list[list]) -> None:
    write_csv(folder / name, header, rows, preamble=[SYNTHETIC, f"{title}: {len(rows)} rows"])


def write_fieldwork(people: list[Person], folder: Path) -> None:
    """Who was recruited to an interview, the key kept apart from it, the log and the topic guide."""
    enrolled = [p for p in people if p.started_on]
    of = {p.key: p for p in enrolled}
    _write(
        folder, "interview_recruitment.csv", "Interview recruitment",
        ["Client no.", "Consent to contact", "Reason", "Invited", "Response"],
        [[p.client, *RECRUITMENT.get(p.key, INTERVIEWED)] for p in enrolled],
    )
    _write(
        folder, "interview_key.csv", "Interview key, kept apart from the interviews", ["Participant", "Client no."],
        [[participant, of[participant].client] for participant in INTERVIEWS if participant in of],
    )
    log = []
    for participant, (day, minutes, mode, setting, interviewer, *provider) in INTERVIEWS.items():
        if provider:
            role, practice = provider
            who = ["Provider", role, practice, *PROVIDERS[participant]]
        else:
            p = of[participant]
            who = ["User", "Patient", p.practice, p.sex, f"{(2017 - p.birth_year) // 10}0s"]
        day = date.fromisoformat(day)
        log.append([interview_id(participant), participant, *who, day_month_year(day), minutes, mode, interviewer,
                    setting, "Y", _guide(participant)])
    _write(
        folder, "interview_log.csv", "Interview log",
        ["Interview", "Participant", "Group", "Role", "Practice", "Sex", "Age band", "Date", "Minutes", "Mode",
         "Interviewer", "Setting", "Recorded", "Guide"],
        log,
    )
    asked = []
    for participant in INTERVIEWS:
        for topic in TOPICS:
            left_out = (participant, topic) in NOT_ASKED or (topic == "Going on" and _guide(participant) == "v1")
            asked.append([interview_id(participant), _guide(participant), topic, "N" if left_out else "Y"])
    _write(folder, "topic_guide.csv", "Topics raised", ["Interview", "Guide", "Topic", "Asked"], asked)
    _write(folder, "consents.csv", "Consents", ["Person", "Consent to", "Status", "Date", "Scope"],
           _consents(people))


def _consents(people: list[Person]) -> list[list]:
    """By client number where the service asked (evaluation, interview contact), else by participant."""
    rng = random.Random("south-glos consents")
    rows = []
    for p in people:
        if p.started_on:
            rows.append([p.client, "Evaluation", "Given", p.started_on])
            contact = RECRUITMENT.get(p.key, INTERVIEWED)[0]
            asked = working_day(p.started_on + timedelta(days=rng.randint(28, 70)))
            if contact != "Not asked":
                status = "Given" if contact == "Agreed" else "Declined"
                rows.append([p.client, "Interview contact", status, min(asked, DATA_CUT)])
        elif p.response == "Declined":
            rows.append([p.client, "Evaluation", "Declined", p.responded_on])
    for participant, (day, *_) in INTERVIEWS.items():
        provider = participant in PROVIDERS
        kinds = ["Interview contact", "Quotation"] if provider else ["Quotation", "Linkage", "Archive"]
        for kind in kinds:
            status = "Declined" if participant in DECLINED.get(kind, set()) else "Given"
            rows.append([participant, kind, status, date.fromisoformat(day)])
    return [[*row[:3], day_month_year(row[3]), ""] for row in rows]  # nobody withdrew, so there is no scope
