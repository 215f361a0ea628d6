"""What the service and its practices count beside their records: people in, safety events and ready-made counts out."""

from datetime import timedelta
from pathlib import Path

from files import SYNTHETIC, day_month_year, working_day, write_csv
from people import Person

# key, days after the start of the episode, kind, related to the service, who reported it
EVENTS = [
    ("N03", 65, "Withdrawal symptoms", "Yes", "Project worker"), ("N04", 42, "Complaint", "No", "Practice"),
    ("N05", 20, "Self-harm", "No", "GP"), ("N10", 88, "Withdrawal symptoms", "Yes", "GP"),
    ("N13", 51, "Withdrawal symptoms", "Not known", "Project worker"), ("N15", 73, "Fall", "No", "GP"),
]
# practice (empty: both together), what, group, count, as of
COUNTS = [
    ("A", "List size", "", 9812, "01/09/2016"), ("B", "List size", "", 7455, "01/09/2016"),
    ("A", "Eligible", "Women", 131, "01/09/2016"), ("A", "Eligible", "Men", 83, "01/09/2016"),
    ("B", "Eligible", "Women", 97, "01/09/2016"), ("B", "Eligible", "Men", 71, "01/09/2016"),
    ("A", "Staff", "GPs", 8, "01/10/2016"), ("B", "Staff", "GPs", 6, "01/10/2016"),
    ("", "Staff", "Project workers", 3, "01/10/2016"),
]


def write_safety(people: list[Person], folder: Path) -> None:
    """The log of safety events by client number, and the counts that the practices sent as counts."""
    of = {p.key: p for p in people}
    events = [(working_day(of[key].started_on + timedelta(days=days)), of[key].client, *rest)
              for key, days, *rest in EVENTS]
    write_csv(folder / "safety_events.csv", ["Client no.", "Date", "Event", "Related to the service", "Reported by"],
              [[client, day_month_year(day), *rest] for day, client, *rest in sorted(events)],
              preamble=[SYNTHETIC, f"Safety events: {len(events)} rows"])
    write_csv(folder / "practice_counts.csv", ["Practice", "Count of", "Group", "Number", "As of"],
              [list(row) for row in COUNTS], preamble=[SYNTHETIC, "Counts sent by the practices"])
