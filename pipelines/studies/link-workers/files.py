"""How the extracts are written: rows in, files with the same bytes on every run out."""

import csv
import io
from datetime import date, datetime, time, timedelta
from pathlib import Path

SYNTHETIC = "SYNTHETIC DATA: invented records"
BEGINS, ENDS = date(2023, 4, 3), date(2024, 9, 30)  # of the period; the records are cut where it ends
QUESTIONNAIRES_CUT = date(2024, 11, 30)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def stamp(day: date | datetime | None) -> str:
    """As SystmOne writes it: 29 Sep 2011 14:53:28; an unknown time is 00:00:00 and an unknown date is empty."""
    if day is None:
        return ""
    at = day if isinstance(day, datetime) else datetime.combine(day, time())
    return f"{at.day:02} {MONTHS[at.month - 1]} {at.year} {at:%H:%M:%S}"


def iso(day: date | None) -> str:
    """2024-02-09, as the link workers' own lists have it."""
    return day.isoformat() if day else ""


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=(7 - day.weekday()) % 7) if day.weekday() > 4 else day


def write_csv(path: Path, header: list[str], rows: list[list], *, title: str = "", delimiter: str = ",",
              encoding: str = "utf-8", newline: str = "\r\n") -> None:
    """A title line where one is given, a header, rows; None is an empty field."""
    text = io.StringIO()
    if title:
        text.write(f"{title}{newline}")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    writer.writerow(header)
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
