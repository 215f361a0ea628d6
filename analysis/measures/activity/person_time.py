"""Person-time: episodes in; the days that each person was in the service, and contacts for each month of them, out."""

from __future__ import annotations

import math

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.statistics.rates import rate_reach
from analysis.measures.summary import About, Summary
from analysis.measures.words import days_in_words

MONTH = 365.25 / 12  # days: every month of somebody's stay is as long as another
SINCE = ((1, 1, "First month"), (2, 2, "Second month"), (3, 3, "Third month"), (4, 6, "Months 4 to 6"),
         (7, 9, "Months 7 to 9"), (10, 12, "Months 10 to 12"), (13, 10_000, "After a year"))
RATE, PER_MONTH = "Per person-month (95% interval)", "contacts per person-month"
INTERVAL = ("Intervals go by the differences between people (a ratio of sums, linearised, on the logarithm): contacts "
            "of one person are not independent of each other, so Poisson's interval would be too narrow.")
NOTE = ("A month is 365.25 / 12 days. Days count from the start to the last day of an episode, both included; days of "
        "two episodes at once count once, and none after death, a move away or a withdrawal.")


def days_in_service(episodes: pd.DataFrame, patients: pd.DataFrame, *, first: pd.Timestamp,
                    until: pd.Timestamp) -> pd.DataFrame:
    """
    Stretches of days in the service, within `first` to `until`, both included: patient_id, begin, end.

    Episodes of one person that overlap or touch are one stretch. One that ended before it began has no day.
    """
    known = patients.drop_duplicates("patient_id").set_index("patient_id")
    gone = known[["died_on", "deregistered_on", "withdrew_on"]].min(axis=1).reindex(episodes["patient_id"])
    end = pd.concat([episodes["ended_on"], pd.Series(gone.values, index=episodes.index)], axis=1).min(axis=1)
    rows = pd.DataFrame({"patient_id": episodes["patient_id"], "begin": episodes["started_on"].clip(lower=first),
                         "end": end.fillna(until).clip(upper=until)})
    rows = rows[(rows["begin"] <= rows["end"]) & (end.isna() | (end >= episodes["started_on"]))]
    rows = rows.sort_values(["patient_id", "begin", "end"], kind="stable")
    reached = rows.groupby("patient_id")["end"].cummax().groupby(rows["patient_id"]).shift()
    new = reached.isna() | (rows["begin"] > reached + pd.Timedelta(days=1))
    rows = rows.assign(stretch=new.cumsum())
    return (rows.groupby(["stretch", "patient_id"], as_index=False).agg(begin=("begin", "min"), end=("end", "max"))
            .drop(columns="stretch"))


def contact_rate(contacts: pd.DataFrame, stretches: pd.DataFrame, enrolled: int, *, first: pd.Timestamp,
                 until: pd.Timestamp) -> Summary:
    """
    Attended contacts for each person-month in the service; those outside any episode are counted apart.

    `stretches` is what `days_in_service` gave. Contacts per person alone would call a service busy whose people stayed
    long.
    """
    cells = Cells("contact rate")
    attended = contacts[contacts["attendance"].eq("attended") & contacts["date"].between(first, until)]
    inside = attended[_inside(attended, stretches)]
    cells.row("People enrolled", {"Number": ("{n}", {"n": cells.people("enrolled", enrolled, "enrolled")})})
    there = stretches["patient_id"].nunique()
    cells.row("In the service on some day of the window", {"Number": ("{n}", {"n": cells.count(
        there, "in the service", population="enrolled", name="in_service")})})
    months = cells.sum(_months(stretches) if there else None, "person-months in the service", population="enrolled",
                       n=there, unit="person-months", absent="nobody was in the service", name="person_months")
    cells.row("Person-months in the service", {"Number": ("{n}", {"n": months})})
    n = cells.count(len(inside), "attended in an episode", population="enrolled", unit="contacts",
                    people=inside["patient_id"].nunique(), name="attended_in_episode")
    cells.row("Attended contacts in an episode", {"Number": ("{n}", {"n": n})})
    out = len(attended) - len(inside)
    cells.row("Attended contacts outside any episode", {"Number": ("{n}", {"n": cells.count(
        out, "attended outside any episode", population="enrolled", unit="contacts",
        people=attended[~attended.index.isin(inside.index)]["patient_id"].nunique(), name="attended_outside")})})
    cells.row("Attended contacts per person-month (95% interval)", {"Number": _rate(
        cells, n, months, inside, stretches, name="contacts_per_person_month")})
    return cells.summary("Attended contacts per person-month in the service",
                         _about("person-months in the service", first, until), notes=(NOTE, INTERVAL),
                         stub="Contacts and person-time")


def contacts_since_start(contacts: pd.DataFrame, stretches: pd.DataFrame, episodes: pd.DataFrame, *,
                         first: pd.Timestamp, until: pd.Timestamp) -> Summary:
    """
    Attended contacts per person-month by time since the start of a person's first episode.

    The people at risk are those in the service on some day of that month of theirs; fewer are as time goes on, and
    those who stay are not like those who left, so a lower rate later need not be a change in what anybody was given.
    """
    cells = Cells("contacts since start")
    began = episodes.groupby("patient_id")["started_on"].min()
    attended = contacts[contacts["attendance"].eq("attended") & contacts["date"].between(first, until)]
    attended = attended[_inside(attended, stretches)]
    month_of = _nth((attended["date"] - _of(attended["patient_id"], began)).dt.days)
    start = _of(stretches["patient_id"], began)
    lowest, highest = (stretches["begin"] - start).dt.days, (stretches["end"] - start).dt.days
    for low, high, label in SINCE:
        # Day 0 is in the first month; a month holds the days d with (low - 1) * MONTH <= d < high * MONTH.
        opens, closes = math.ceil((low - 1) * MONTH), math.ceil(high * MONTH) - 1
        days = (highest.clip(upper=closes) - lowest.clip(lower=opens) + 1).clip(lower=0)
        who = stretches.loc[days > 0, "patient_id"].nunique()
        mine = attended[month_of.between(low, high)]
        at_risk = cells.count(who, "in the service", population="enrolled", since=label.lower())
        months = cells.sum(float(days.sum()) / MONTH if who else None, "person-months in the service",
                           population="enrolled", n=who, unit="person-months", since=label.lower(),
                           absent="nobody was in the service")
        n = cells.count(len(mine), "attended in an episode", population="enrolled", unit="contacts",
                        people=mine["patient_id"].nunique(), since=label.lower())
        there = stretches.assign(days=days)[days > 0]
        cells.row(label, {"People in the service": ("{n}", {"n": at_risk}), "Person-months": ("{n}", {"n": months}),
                          "Attended contacts": ("{n}", {"n": n}),
                          RATE: _rate(cells, n, months, mine, there, since=label.lower())})
    return cells.summary("Attended contacts per person-month, by time since enrolment",
                         _about("person-months in the service in that time", first, until), notes=(NOTE, INTERVAL),
                         stub="Since the start of the first episode")


def _rate(cells: Cells, n: str, months: str, contacts: pd.DataFrame, stretches: pd.DataFrame, name: str = "",
          **dimensions: str) -> tuple[str, dict[str, str]]:
    """Contacts per person-month with the interval that the differences between people in the service give."""
    nobody = "nobody was in the service"
    rate = cells.rate(n, months, "attended contacts", unit=PER_MONTH, absent=nobody, name=name)
    days = stretches.get("days", (stretches["end"] - stretches["begin"]).dt.days + 1)
    times = days.groupby(stretches["patient_id"]).sum() / MONTH
    events = contacts.groupby("patient_id").size().reindex(times.index, fill_value=0)
    reach = cells.value(rate_reach(events, times), "reach of the 95% interval of the rate", population="enrolled",
                        n=len(times), absent="fewer than two people, or no contact", **dimensions)
    ends = {end: cells.derived((n, months, reach), f"rate, {words} end", f"95% interval of the rate, {words} end",
                               population="enrolled", unit=PER_MONTH, digits=2, name=f"{name}_{end}" if name else "",
                               absent="fewer than two people, or no contact", **dimensions)
            for end, words in (("low", "lower"), ("high", "upper"))}
    return "{n} ({low} to {high})", {"n": rate, **ends}


def _inside(contacts: pd.DataFrame, stretches: pd.DataFrame) -> pd.Series:
    """Whether each contact falls into a stretch of the person that it is with."""
    held = contacts[["patient_id", "date"]].assign(place=range(len(contacts))).merge(stretches, on="patient_id")
    places = held.loc[held["date"].between(held["begin"], held["end"]), "place"]
    return pd.Series(pd.Index(range(len(contacts))).isin(places), index=contacts.index)


def _of(people: pd.Series, days: pd.Series) -> pd.Series:
    """Each person's day; unlike `map` a day too where there is nobody."""
    return pd.Series(days.reindex(people).values, index=people.index)


def _months(stretches: pd.DataFrame) -> float:
    return float(((stretches["end"] - stretches["begin"]).dt.days + 1).sum()) / MONTH


def _nth(days: pd.Series) -> pd.Series:
    """Which month of the stay a day is in, the first being 1."""
    return (days // MONTH).astype(int) + 1 if len(days) else days


def _about(denominator: str, first: pd.Timestamp, until: pd.Timestamp) -> About:
    return About("people enrolled", denominator, "a contact outside any episode is counted apart",
                 f"{days_in_words(first, until)}, and of it the days in an episode")
