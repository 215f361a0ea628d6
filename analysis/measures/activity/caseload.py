"""Caseload: episodes and contacts in; how much of them each worker had, as a distribution over workers, out."""

from __future__ import annotations

import pandas as pd

from analysis.measures.activity.person_time import MONTH
from analysis.measures.cells import Cells
from analysis.measures.quartiles import quartiles
from analysis.measures.summary import About, Summary
from analysis.measures.words import days_in_words

WORKERS = "service providers"


def caseload(episodes: pd.DataFrame, contacts: pd.DataFrame, *, first: pd.Timestamp, until: pd.Timestamp,
             quantile_rule: str = "type 7") -> Summary:
    """
    People, episodes open at once and attended contacts for each worker: median and quartiles over workers.

    Workers are service providers, and few: no row is one worker's, for a row's name could not be hidden. Episodes open
    at once are a mean over the days from the worker's first episode to the last day that one of theirs was open.
    """
    cells = Cells("caseload")
    known = episodes[episodes["worker"].notna()]
    people = known.groupby("worker")["patient_id"].nunique()
    workers = cells.count(len(people), "workers with an episode", population=WORKERS, name="workers")
    cells.row("Workers with an episode", {"Over workers": ("{n}", {"n": workers})})
    _spread(cells, "People for each worker", people, "people for each worker", "people", quantile_rule)
    _spread(cells, "Episodes open at once for each worker", _open(known, first, until), "episodes open at once",
            "episodes", quantile_rule)
    seen = contacts[contacts["attendance"].eq("attended") & contacts["worker"].notna()
                    & contacts["date"].between(first, until)]
    _spread(cells, "Attended contacts a month for each worker", _monthly(seen),
            "attended contacts a month", "contacts", quantile_rule)
    without = cells.count(int(episodes["worker"].isna().sum()), "episodes without a worker", population="enrolled",
                          people=episodes.loc[episodes["worker"].isna(), "patient_id"].nunique(), unit="episodes",
                          name="episodes_without_worker")
    cells.row("Episodes without a worker on record", {"Over workers": ("{n}", {"n": without})})
    return cells.summary("Caseload of workers", About(
        "service providers: workers that episodes and contacts name", "workers",
        "episodes and contacts without a worker are nobody's",
        days_in_words(first, until)),
        notes=(f"Median (lower to upper quartile) over workers, by rule {quantile_rule}.",
               "No row is one worker's: see the records themselves for that."), stub="Caseload")


def _spread(cells: Cells, label: str, values: pd.Series, statistic: str, unit: str, rule: str) -> None:
    cells.row(label, {"Over workers": quartiles(
        cells, values, rule, population=WORKERS, n=len(values), unit=unit, statistic=statistic + ": {}", digits=1,
        absent="no worker on record", name=statistic.replace(" ", "_") + "_{}")})


def _open(episodes: pd.DataFrame, first: pd.Timestamp, until: pd.Timestamp) -> pd.Series:
    """For each worker the days of open episodes over the days from the first to the last of them."""
    rows = episodes.assign(begin=episodes["started_on"].clip(lower=first),
                           end=episodes["ended_on"].fillna(until).clip(upper=until))
    rows = rows[rows["begin"] <= rows["end"]]
    rows = rows.assign(days=(rows["end"] - rows["begin"]).dt.days + 1)
    each = rows.groupby("worker").agg(days=("days", "sum"), begin=("begin", "min"), end=("end", "max"))
    return each["days"] / ((each["end"] - each["begin"]).dt.days + 1)


def _monthly(contacts: pd.DataFrame) -> pd.Series:
    """For each worker the attended contacts over the months from their first to their last, at least one."""
    each = contacts.groupby("worker")["date"].agg(["size", "min", "max"])
    return each["size"] / (((each["max"] - each["min"]).dt.days + 1) / MONTH).clip(lower=1)
