"""Delivered extracts in; what rules over rows and tables look at, and how they say which rows break them, out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.extracts.column_plan import ColumnPlan
from analysis.extracts.plan import Setting
from analysis.extracts.read import FILE, ROW, Delivered
from analysis.extracts.typed import moments, typed, whole_numbers

EXTRACT, POSITION = "extract", "position"


@dataclass(frozen=True)
class Bad:
    """
    Rows of one rule: those of `rows` that break it are True in `broken`; the others were looked at and hold.

    `rows` is a frame that `Seen` gave, or some of its rows. `column` is the one that the rule is about, in our words;
    empty where it is about the whole row.
    """

    rows: pd.DataFrame
    column: str
    broken: pd.Series


@dataclass(frozen=True)
class Whole:
    """A whole extract, or a whole column of it, that a rule was asked about."""

    extract: str
    column: str
    broken: bool


class Seen:
    """
    The delivered extracts as rules see them: typed under our names, without exact copies and rows after the data cut.

    A copy or a late row is left out of every count for its own reason, and no other rule has anything to say of it. A
    date outside the period and a number outside its range are missing here: they were told, and what would follow from
    them says nothing new. Rules that look at every extract look at those that are `asked`: all of them by default.
    """

    def __init__(self, delivered: Mapping[str, Delivered], asked: Collection[str] | None = None):
        self.delivered = delivered
        self.asked = {name: one for name, one in delivered.items() if asked is None or name in asked}
        self._typed: dict[str, pd.DataFrame] = {}

    @cached_property
    def setting(self) -> Setting:
        """What the study says to every extract."""
        return next((extract.plan.setting for extract in self.delivered.values()), Setting())

    def days(self, rule: str) -> int:
        """How far apart two days may be."""
        return self.setting.severities.days(rule)

    def of_table(self, table: str) -> list[Delivered]:
        """The extracts that fill a canonical table."""
        return [extract for extract in self.delivered.values() if extract.plan.table.name == table]

    def table(self, name: str, *columns: str) -> pd.DataFrame | None:
        """
        The rows of a canonical table from those of its extracts that deliver all these columns; None where none does.

        Beside the columns: the extract, the position in it, file and line.
        """
        frames = [self.rows(extract.plan.name) for extract in self.of_table(name)
                  if all(extract.plan.column(column) for column in columns)]
        frames = [frame for frame in frames if len(frame)]
        return pd.concat(frames, ignore_index=True) if frames else None

    def rows(self, extract: str) -> pd.DataFrame:
        """The typed rows of one extract, a questionnaire's items left aside."""
        if extract not in self._typed:
            one = self.delivered[extract]
            text = one.frame[_counts(one)]
            made = typed(one, text, self.delivered)
            for column in one.plan.delivered:
                made[column.name] = _told_apart(made[column.name], column)
            if one.plan.timepoint and "timepoint" not in made:
                made["timepoint"] = one.plan.timepoint
            self._typed[extract] = made.assign(**{EXTRACT: extract, POSITION: text.index}).reset_index(drop=True)
        return self._typed[extract]

    def text(self, extract: str, column: str) -> pd.Series:
        """The words of a column as they were delivered, in the order of `rows`; an item is called 'peg:Q1'."""
        return self.delivered[extract].frame[column].loc[self.rows(extract)[POSITION]].reset_index(drop=True)

    def answers(self, extract: str, instrument: str) -> pd.DataFrame:
        """The answers to a questionnaire as whole numbers, one column an item, in the order of `rows`."""
        items = self.delivered[extract].plan.items[instrument]
        return pd.DataFrame({f"{instrument}:{item}": whole_numbers(self.text(extract, f"{instrument}:{item}"))
                             for item in items})

    def dates(self, extract: str) -> list[ColumnPlan]:
        """The columns of dates that an extract delivers."""
        return [column for column in self.delivered[extract].plan.delivered if column.type == "date"]

    def people(self, extract: str) -> pd.Series | None:
        """The patient of each row, in the order of `rows`; None where the extract names nobody."""
        rows = self.rows(extract)
        if "patient_id" in rows:
            return rows["patient_id"]
        column = next((c for c in ("person", "participant_id") if c in rows), None)
        return None if column is None else self.person_of(rows[column])

    def of_patients(self, column: str) -> pd.Series | None:
        """What the patients' lists say of each patient, the first where two differ; None where none says it."""
        rows = self.table("patients", "patient_id", column)
        if rows is None:
            return None
        return rows.dropna(subset=["patient_id", column]).drop_duplicates("patient_id").set_index("patient_id")[column]

    def person_of(self, participants: pd.Series) -> pd.Series:
        """The patient behind each participant where a list of identifiers tells, else the name as it is."""
        known: dict[str, str] = {}
        for extract in self.of_table("identifiers"):
            if extract.plan.column("participant_id"):
                rows = extract.frame.dropna(subset=["participant_id"])
                known |= dict(zip(rows["participant_id"], rows["patient_id"], strict=True))
        return participants.map(lambda name: known.get(name, name)).astype("str")


def _told_apart(values: pd.Series, column: ColumnPlan) -> pd.Series:
    """The values without those that another rule names: dates outside the period, numbers outside their range."""
    if column.earliest and column.type == "date" and values.dtype.kind == "M":
        return values.where(values.between(pd.Timestamp(column.earliest), pd.Timestamp(column.latest)))
    if column.type in ("integer", "number"):
        low = values.lt(column.minimum).fillna(False) if column.minimum is not None else False
        high = values.gt(column.maximum).fillna(False) if column.maximum is not None else False
        return values.mask(low | high) if not (low is False and high is False) else values
    return values


def days_of(people: pd.Series, known: pd.Series) -> pd.Series:
    """The day that is known of each person; missing where none is."""
    return pd.to_datetime(people.map(dict(known)).astype("object"))


def _counts(extract: Delivered) -> pd.Series:
    """Which rows of an extract are neither a copy of an earlier one nor after a data cut."""
    text = extract.frame
    counts = ~text.drop(columns=[FILE, ROW]).duplicated()
    for column in extract.plan.delivered:
        if column.latest and not column.earliest:
            dates = moments(text[column.name], column.format).dt.normalize()
            counts &= ~dates.gt(pd.Timestamp(column.latest))
    return counts
