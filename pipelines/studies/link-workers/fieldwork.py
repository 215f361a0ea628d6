"""Nothing in; the log of the interviews and the record of what was raised in each out."""

from pathlib import Path

from files import SYNTHETIC, write_csv

# Interview, group, role, practice, sex, age band, day, minutes, how, interviewer, where, version of the guide.
INTERVIEWS = (
    ("U01", "User", "Patient", "X99901", "F", "70s", "2024-05-14", 58, "In person", "R1", "Home", "1"),
    ("U02", "User", "Patient", "X99903", "M", "50s", "2024-05-16", 31, "Phone", "R2", "Phone", "1"),
    ("U03", "User", "Patient", "X99901", "F", "30s", "2024-05-22", 47, "Phone", "R1", "Phone", "1"),
    ("U04", "User", "Patient", "X99902", "M", "50s", "2024-05-30", 52, "In person", "R2", "Community venue", "1"),
    ("U05", "User", "Patient", "X99904", "F", "70s", "2024-06-04", 49, "In person", "R1", "Home", "1"),
    ("U06", "User", "Patient", "X99902", "F", "40s", "2024-06-11", 66, "In person", "R1", "Surgery", "2"),
    ("U07", "User", "Patient", "X99903", "F", "30s", "2024-06-18", 55, "In person", "R2", "Community venue", "2"),
    ("U08", "User", "Patient", "X99906", "M", "70s", "2024-06-25", 43, "In person", "R2", "Home", "2"),
    ("U09", "User", "Patient", "X99905", "F", "20s", "2024-07-02", 50, "Phone", "R1", "Phone", "2"),
    ("U10", "User", "Patient", "X99904", "F", "60s", "2024-07-09", 61, "In person", "R1", "Home", "2"),
    ("W01", "Provider", "Link worker", "All", "F", "40s", "2024-07-16", 64, "In person", "R2", "Workplace", "2"),
    ("W02", "Provider", "Link worker", "All", "F", "50s", "2024-07-18", 59, "In person", "R1", "Workplace", "2"),
    ("G01", "Provider", "GP", "X99901", "F", "50s", "2024-07-23", 28, "Phone", "R2", "Phone", "2"),
    ("G02", "Provider", "GP", "X99903", "M", "40s", "2024-07-30", 24, "Phone", "R2", "Phone", "2"),
)
NOT_QUOTED = {"U03", "G02"}
TOPICS = {"Coming in": "UP", "Link worker": "UP", "Links": "UP", "Difference": "UP", "Ending": "UP", "Practice": "P"}
# The first version of the guide did not ask about the end of support.
NOT_ASKED = {("U01", "Ending"), ("U02", "Ending"), ("U03", "Ending"), ("U04", "Ending"), ("U05", "Ending"),
             ("G02", "Ending"), ("G01", "Link worker")}


def write_interview_log(folder: Path) -> None:
    """The interviews as their log has them."""
    write_csv(folder / "interview log.csv", [
        "Interview", "Participant", "Group", "Role", "Organisation", "Sex", "Age band", "Date", "Minutes", "How",
        "Interviewer", "Where", "Guide", "Quotation"],
        [[one[0], f"LW-{one[0]}", *one[1:], "no" if one[0] in NOT_QUOTED else "yes"] for one in INTERVIEWS],
        title=f"Interview log ({SYNTHETIC})")


def write_topic_guide(folder: Path) -> None:
    """Which topic was asked in which interview."""
    rows = [[one[0], one[-1], topic, "yes" if one[1][0] in groups and (one[0], topic) not in NOT_ASKED else "no"]
            for one in INTERVIEWS for topic, groups in TOPICS.items()]
    write_csv(folder / "topics asked.csv", ["Interview", "Guide", "Topic", "Asked"], rows,
              title=f"Topics raised in each interview ({SYNTHETIC})")
