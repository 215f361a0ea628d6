"""Each person's days until an event, or until they were last without it, in; the rows and the curve of it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.statistics.survival import Z95, interval_end, kaplan_meier, median, median_interval

# Fixed, so that no time that is shown comes from when something happened to somebody.
WEEKS = (0, 2, 4, 6, 8, 12, 16, 20, 26, 39, 52, 65, 78, 104)
CUT, DIED, LEFT = "data cut", "died", "left"


@dataclass(frozen=True)
class Words:
    """How the event is spoken of: 'seen', 'still waiting', and the columns of the curve."""

    event: str
    without: str
    name: str


def followed(people: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """
    `people` (patient_id, start, event, died, left; days or NaT) as days, whether it happened, and if not, why not.

    The event counts where it is on or before the first of death, leaving and the data cut; of two on one day the one
    that says most of the person (death before leaving before the cut) is the reason.
    """
    ends = pd.DataFrame({DIED: people["died"], LEFT: people["left"], CUT: until}, index=people.index)
    last = ends.min(axis=1)
    happened = people["event"].notna() & (people["event"] <= last)
    why = ends.eq(last, axis=0).idxmax(axis=1) if len(ends) else pd.Series(dtype=object, index=people.index)
    stop = people["event"].where(happened, last)
    return pd.DataFrame({"patient_id": people["patient_id"], "days": (stop - people["start"]).dt.days,
                         "happened": happened.astype(bool), "why": why.where(~happened, "")})


def counts(cells: Cells, times: pd.DataFrame, words: Words) -> dict[str, str]:
    """People followed, those to whom it happened, and the others by why not: ids by what they count."""
    found = {"followed": cells.count(len(times), "people followed", population="enrolled",
                                     name=f"{words.name}_followed"),
             "event": cells.count(int(times["happened"].sum()), words.event, population="enrolled",
                                  name=f"{words.name}_event")}
    for why in (CUT, DIED, LEFT):
        found[why] = cells.count(int(times["why"].eq(why).sum()), f"not {words.event}", population="enrolled", why=why,
                                 name=f"{words.name}_{why.replace(' ', '_')}")
    return found


def median_entry(cells: Cells, times: pd.DataFrame, words: Words) -> tuple[str, dict[str, str]]:
    """
    The Kaplan-Meier median with its 95 % interval, in days; 'not reached' where fewer than half got there.

    It rests on the people to whom the event happened: their days are what it is made of.
    """
    curve = kaplan_meier(times["days"], times["happened"])
    low, high = median_interval(curve)
    n = int(times["happened"].sum())
    ids = {}
    for short, value in (("median", median(curve)), ("low", low), ("high", high)):
        ids[short] = cells.value(value, f"Kaplan-Meier median{'' if short == 'median' else ', ' + short} of days until "
                                 f"{words.event}", population="enrolled", n=n, unit="days", digits=0,
                                 absent="the curve does not come so far down" if len(times) else "nobody was followed",
                                 instead="not reached" if len(times) else "nobody was followed",
                                 name=f"{words.name}_{short}")
    return "{median} ({low} to {high})", ids


def curve_rows(cells: Cells, times: pd.DataFrame, words: Words, weeks: Sequence[int]) -> None:
    """
    A row for each of the fixed weeks: at risk after it, reached by then, and the share that it has not reached.

    To the day where counts are shown as they are; under a profile that hides or rounds, from the counts in the table.
    """
    curve = kaplan_meier(times["days"], times["happened"])
    everybody = cells.count(len(times), "people followed", population="enrolled", name=f"{words.name}_followed")
    steps, before = [], everybody
    for week in weeks:
        days, by = 7 * week, f"{week} weeks"
        reached = cells.count(int((times["happened"] & (times["days"] <= days)).sum()), f"{words.event} by then",
                              population="enrolled", time=by)
        at_risk = cells.count(int((times["days"] > days).sum()), "at risk after that", population="enrolled", time=by)
        steps.append((reached, before))
        share, spread = curve.at(days)
        known = len(times) > 0 and (share == 0 or bool((times["days"] >= days).any()))
        ids = {"n": reached, "r": at_risk}
        for short, errors in (("share", 0.0), ("low", -Z95), ("high", Z95)):
            end = interval_end(share, spread, errors) if known else None
            ids[short] = cells.survival(None if end is None else 100 * end,
                                        f"{words.without}{'' if short == 'share' else ', ' + short}",
                                        population="enrolled", n=len(times), steps=steps, after=at_risk,
                                        errors=errors, time=by,
                                        absent="no interval at this time" if known else "nobody is left at risk",
                                        name=f"{words.name}_{week}_weeks" if short == "share" else "")
        before = at_risk
        cells.row(f"{week} week{'' if week == 1 else 's'}", {
            f"{words.event.capitalize()} by then": ("{n}", {"n": reached}),
            "At risk after": ("{r}", {"r": at_risk}),
            f"{words.without.capitalize()} (95% interval)": (
                "{share} ({low} to {high})", {k: ids[k] for k in ("share", "low", "high")})})


def ladder(first: pd.Timestamp, last: pd.Timestamp, most: int = WEEKS[-1]) -> list[int]:
    """The fixed weeks that anybody could be followed for, from the first day of the period to the data cut."""
    return [week for week in WEEKS if week <= most and first + pd.Timedelta(weeks=week) <= last]
