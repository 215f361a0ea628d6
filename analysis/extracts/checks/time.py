"""Whether a day can be the day of what it is said to be: what is seen in, the rows where it cannot, out."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.extracts.checks.seen import Bad, Seen, Whole, days_of
from analysis.extracts.typed import moments
from analysis.reference.records import records

HAPPENED = {"contacts": "date", "prescriptions": "issued_on", "episodes": "started_on"}
# Fewer different days may lie in the first twelve days of months by chance: (12/30) ** 15 is one in a million.
DAYS_THAT_TELL = 15
# What is said of a death or of leaving may well be written later.
OF_THE_END = ("died_on", "deregistered_on", "ended_on")


def _dates(seen: Seen) -> Iterator[tuple[str, str]]:
    """Each extract that names people, with each of its columns of dates."""
    for extract in seen.asked:
        if len(seen.rows(extract)) and seen.people(extract) is not None:
            for column in seen.dates(extract):
                if column.name != "birth_year":
                    yield extract, column.name


def before_birth(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'not before birth'."""
    born = seen.of_patients("birth_year")
    for extract, column in _dates(seen) if born is not None else ():
        rows = seen.rows(extract)
        year = seen.people(extract).map(dict(born)).astype("float64")
        yield Bad(rows, column, rows[column].dt.year < year)


def after_death(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'not after death'."""
    died = seen.of_patients("died_on")
    for extract, column in _dates(seen) if died is not None else ():
        if column not in OF_THE_END:
            rows = seen.rows(extract)
            yield Bad(rows, column, rows[column] > days_of(seen.people(extract), died))


def after_leaving(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'not after leaving the practice'."""
    left = seen.of_patients("deregistered_on")
    rows = seen.table("prescriptions", "patient_id", "issued_on")
    if left is not None and rows is not None:
        yield Bad(rows, "issued_on", rows["issued_on"] > days_of(rows["patient_id"], left))


def after_export(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'not after the export'."""
    for extract, one in seen.asked.items():
        for column in seen.dates(extract) if one.plan.exported else ():
            rows = seen.rows(extract)
            if column.name in rows and column.name != "birth_year":
                yield Bad(rows, column.name, rows[column.name] > pd.Timestamp(one.plan.exported))


def recorded_before(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'recorded after it happened'."""
    for table, happened in HAPPENED.items():
        rows = seen.table(table, "recorded_on", happened)
        if rows is not None:
            yield Bad(rows, "recorded_on", rows["recorded_on"] < rows[happened])


def stand_in(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'no stand-in date'."""
    for extract in seen.asked:
        for column in seen.dates(extract):
            if column.name == "birth_year":
                continue
            days = {str(day) for day, but in records().stand_in_days.items() if column.name not in but}
            # read as text: the first and the last of these days are outside of what pandas holds as nanoseconds
            days = {_written(day, column.format) for day in days}
            yield Bad(seen.rows(extract), column.name, seen.text(extract, column.name).isin(days))


def _written(day: str, format: str) -> str:
    """The ISO day as the column's format writes it; '%Y' of the year 1 has four digits there, as in records."""
    import datetime

    when = datetime.date.fromisoformat(day)
    return datetime.datetime.combine(when, datetime.time()).strftime(format.replace("%Y", f"{when.year:04d}"))


def midnight(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'time of day known'."""
    for extract in seen.asked:
        for column in seen.dates(extract):
            if "%H" in column.format or "%I" in column.format:
                when = moments(seen.text(extract, column.name), column.format)
                at_midnight = when.notna() & (when == when.dt.normalize())
                nearly_all = at_midnight.sum() <= 0.1 * when.notna().sum()
                yield Bad(seen.rows(extract), column.name, at_midnight & nearly_all)


def either_order(seen: Seen) -> Iterator[Whole]:
    """Rows that break the rule 'day and month told apart'."""
    for extract in seen.asked:
        for column in seen.dates(extract):
            if "%d" in column.format and "%m" in column.format:
                days = moments(seen.text(extract, column.name), column.format).dropna().drop_duplicates()
                if len(days) >= DAYS_THAT_TELL:
                    yield Whole(extract, column.name, bool(days.dt.day.le(12).all()))


BREAKS = {
    "not before birth": before_birth, "not after death": after_death, "not after leaving the practice": after_leaving,
    "not after the export": after_export, "recorded after it happened": recorded_before,
    "no stand-in date": stand_in, "time of day known": midnight, "day and month told apart": either_order}
