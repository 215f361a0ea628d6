"""How the extracts are written: rows in, files with the same bytes on every run out."""

import csv
import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

SYNTHETIC = "SYNTHETIC DATA: invented records"
DATA_CUT = date(2017, 12, 31)
BANK_HOLIDAYS = {
    date(2016, 3, 25), date(2016, 3, 28), date(2016, 5, 2), date(2016, 5, 30), date(2016, 8, 29), date(2016, 12, 26),
    date(2016, 12, 27), date(2017, 1, 2), date(2017, 4, 14), date(2017, 4, 17), date(2017, 5, 1), date(2017, 5, 29),
    date(2017, 8, 28), date(2017, 12, 25), date(2017, 12, 26), date(2018, 1, 1),
}


def day_month_year(day: date | None) -> str:
    """25/09/2016, or nothing: how every extract but the workbook writes a date."""
    return day.strftime("%d/%m/%Y") if day else ""


def is_working_day(day: date) -> bool:
    """Whether a day is of no weekend and no bank holiday."""
    return day.weekday() < 5 and day not in BANK_HOLIDAYS


def working_day(day: date, step: int = 1) -> date:
    """The day itself where somebody is at work on it, else the next one (or, with step -1, the one before)."""
    while not is_working_day(day):
        day += timedelta(days=step)
    return day


def write_csv(
    path: Path, header: list[str], rows: list[list], *, preamble: list[str], encoding="utf-8", newline="\n"
) -> None:
    """
    Preamble lines as the system prints them, then a header, then rows.

    An empty string in the preamble is a blank line. Fields that need quotes get them; None is an empty field.
    """
    text = io.StringIO()
    for line in preamble:
        csv.writer(text, lineterminator=newline).writerow([line]) if line else text.write(newline)
    writer = csv.writer(text, lineterminator=newline)
    writer.writerow(header)
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def write_zip(path: Path, members: list[tuple[str, bytes]]) -> None:
    """
    Members in the order given, each dated 1980-01-01, the earliest date a ZIP can hold.

    Stored and not compressed: two builds of zlib may pack the same bytes differently, and the test compares bytes.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
