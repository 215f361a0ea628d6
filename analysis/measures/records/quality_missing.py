"""Kept rows and answers in; what is missing, by column, questionnaire and time point, and when rows are from, out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.summary import About, Summary

PEOPLE = ("patient_id", "participant_id")


def missing_values(tables: Mapping[str, pd.DataFrame], columns: Mapping[str, Sequence[str]]) -> Summary:
    """
    How many rows lack a value in each of the `columns` of a table; those that never do have no line.

    A count rests on the people behind it or behind its counterpart, whichever are fewer: 'missing in all but two rows'
    tells of two people.
    """
    cells = Cells("missing values", record=True)
    for table, names in columns.items():
        frame = tables[table]
        who = whom(frame)
        rows = cells.count(len(frame), "rows", population=population_of(table), people=people_of(who),
                           unit="rows", table=table)
        for name in names:
            lacks = frame[name].isna()
            n = cells.count(int(lacks.sum()), "rows without", population=population_of(table), unit="rows",
                            people=fewer(who, lacks), table=table, column=name)
            entries = {"Rows": rows, "Missing": n, "Share": cells.share(n, rows)}
            cells.row(name.replace("_", " "), {column: ("{n}", {"n": cell}) for column, cell in entries.items()},
                      section=table.capitalize(), optional=True, stays_with=n)
    if not any(columns.values()):
        cells.row("No column that may be empty is delivered", {"Rows": ("", {}), "Missing": ("", {})})
    return cells.summary("Values that are missing", About("rows kept", "rows of the table"),
                         notes=("A column has no line where nothing is missing and that may be told.",), stub="Column")


def missing_answers(responses: pd.DataFrame, timepoints: Mapping[str, str],
                    titles: Mapping[str, str] = MappingProxyType({})) -> Summary:
    """
    Answers left blank on questionnaires that were returned, by questionnaire and time point (code -> label).

    `titles` calls the questionnaires by their names; one without any is called by its code in capitals.
    """
    cells = Cells("missing answers", record=True)
    for scale, of_scale in responses.groupby("instrument", sort=True):
        for timepoint, label in timepoints.items():
            here = of_scale[of_scale["timepoint"] == timepoint]
            lacks, given = here["answer"].isna(), {"instrument": scale, "timepoint": timepoint}
            asked = cells.count(len(here), "answers asked for", population="enrolled", unit="answers",
                                people=people_of(here["patient_id"]), **given)
            blank = cells.count(int(lacks.sum()), "answers left blank", population="enrolled", unit="answers",
                                people=fewer(here["patient_id"], lacks), **given)
            cells.row(label, {"Answers asked for": ("{n}", {"n": asked}), "Left blank": ("{n}", {"n": blank}),
                              "Share": ("{n}", {"n": cells.share(blank, asked)})},
                      section=titles.get(str(scale), str(scale).upper()))
    return cells.summary("Answers left blank", About("questionnaires returned", "answers asked for"),
                         stub="Time point")


def rows_by_quarter(tables: Mapping[str, pd.DataFrame], dates: Mapping[str, str],
                    period: tuple[datetime.date, datetime.date]) -> Summary:
    """
    Rows of each table by the quarter of its date (table -> column); a quarter without any may be a hole in a delivery.

    Every quarter of the period has a line. What is of another time or has no date is counted in a line of its own, so
    that each column adds up.
    """
    cells = Cells("rows by quarter", record=True)
    quarters = [str(one) for one in pd.period_range(*map(pd.Timestamp, period), freq="Q")]
    parts: dict[str, list[str]] = {table: [] for table in dates}
    for quarter in [*quarters, ""]:
        entries = {}
        for table, column in dates.items():
            of = tables[table][column].dt.to_period("Q").astype("str")
            here = tables[table][of.eq(quarter) if quarter else ~of.isin(quarters)]
            n = cells.count(len(here), "rows", population=population_of(table), people=people_of(whom(here)),
                            unit="rows", table=table, quarter=quarter or "none")
            parts[table].append(n)
            entries[table.capitalize()] = ("{n}", {"n": n})
        cells.row(f"{quarter[:4]}, quarter {quarter[-1]}" if quarter else "Of another time, or without a date", entries)
    cells.row("All rows", {table.capitalize(): ("{n}", {"n": cells.total(
        ids, "rows", population=population_of(table), table=table, quarter="all")}) for table, ids in parts.items()})
    return cells.summary("Rows by quarter", About("rows kept", "none: counts"), stub="Quarter")


def population_of(table: str) -> str:
    """Whose profile a table's rows are under."""
    return "interviewed" if table == "interviews" else "invited"


def whom(frame: pd.DataFrame) -> pd.Series:
    """Whom each row is about; rows of a table that names nobody may all be one person's."""
    return next((frame[c] for c in PEOPLE if c in frame), pd.Series(None, index=frame.index, dtype="str"))


def people_of(who: pd.Series) -> int:
    """How many people stand behind rows; rows of nobody known count as one person's."""
    return int(who.nunique(dropna=False))


def fewer(who: pd.Series, chosen: pd.Series) -> int:
    """People behind the chosen rows, or behind the others where there are others and those are fewer."""
    ours, others = people_of(who[chosen]), people_of(who[~chosen])
    return min(ours, others) if others else ours
