"""Activity over the calendar: contacts and episodes in; what was delivered in each month or quarter out."""

from __future__ import annotations

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.summary import About, Summary
from analysis.measures.words import days_in_words

FREQUENCIES = {"month": "M", "quarter": "Q"}


def activity_over_time(contacts: pd.DataFrame, episodes: pd.DataFrame, stretches: pd.DataFrame, *,
                       first: pd.Timestamp, until: pd.Timestamp, by: str = "month") -> Summary:
    """
    For each month or quarter (`by`) from `first` to `until`: episodes begun, people in the service, contacts booked and
    attended, and people seen.

    Every one of them has a row, whether anything happened in it or not. The first and the last may be shorter than the
    others; a row says so. `stretches` is what person_time.days_in_service gave.
    """
    cells = Cells("activity over time")
    attended = contacts["attendance"].eq("attended")
    for period in pd.period_range(first, until, freq=FREQUENCIES[by]):
        opens, closes = max(period.start_time.normalize(), first), min(period.end_time.normalize(), until)
        label = f"{period.start_time:%b %Y}" if by == "month" else f"Q{period.quarter} {period.year}"
        here = contacts["date"].between(opens, closes)
        begun = episodes[episodes["started_on"].between(opens, closes)]
        there = stretches[(stretches["begin"] <= closes) & (stretches["end"] >= opens)]["patient_id"].nunique()
        when = {by: label}
        part = "" if (opens, closes) == (period.start_time.normalize(), period.end_time.normalize()) else " (in part)"
        cells.row(label + part, {
            "Episodes begun": ("{n}", {"n": cells.count(len(begun), "episodes begun", population="enrolled",
                                                       people=begun["patient_id"].nunique(), unit="episodes", **when)}),
            "People in the service": ("{n}", {"n": cells.count(there, "in the service", population="enrolled",
                                                              **when)}),
            "Contacts booked": ("{n}", {"n": _contacts(cells, contacts[here], "contacts booked", when)}),
            "Contacts attended": ("{n}", {"n": _contacts(cells, contacts[here & attended], "contacts attended", when)}),
            "People seen": ("{n}", {"n": cells.count(contacts[here & attended]["patient_id"].nunique(), "people seen",
                                                     population="enrolled", **when)})})
    return cells.summary(f"What was delivered in each {by}", About(
        "people enrolled", "none: counts", "a contact without a date is in no row",
        days_in_words(first, until)), stub=by.capitalize())


def _contacts(cells: Cells, rows: pd.DataFrame, statistic: str, when: dict[str, str]) -> str:
    return cells.count(len(rows), statistic, population="enrolled", people=rows["patient_id"].nunique(),
                       unit="contacts", **when)
