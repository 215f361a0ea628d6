"""Waiting: referrals and contacts in; days from referral to the first attended contact out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.measures.activity.time_to_event import (
    CUT,
    DIED,
    LEFT,
    Words,
    counts,
    curve_rows,
    followed,
    ladder,
    median_entry,
)
from analysis.measures.cells import Cells
from analysis.measures.summary import About, Summary
from analysis.measures.words import day_in_words

SEEN = Words("seen", "still waiting", "wait")
STARTS = {"identified_on": "the day of referral", "invited_on": "the day of invitation",
          "responded_on": "the day of the person's answer"}
NOTES = ("Median and curve by Kaplan and Meier; the interval of the median by Brookmeyer and Crowley, on the scale "
         "log(-log). An attended contact of any mode ends a wait.",
         "Whoever was not seen counts as waiting until the data cut, or until death or leaving (a closed episode, a "
         "move away, a withdrawal): the median is what it would be if those who died or left had gone on waiting.")


def waits(referrals: pd.DataFrame, episodes: pd.DataFrame, contacts: pd.DataFrame, patients: pd.DataFrame, *,
          until: pd.Timestamp, since: str = "identified_on") -> pd.DataFrame:
    """
    One row for each person enrolled: patient_id, days, happened (seen), why (not), and `start`, NaT where unusable.

    The first referral of a person counts. A person whose first attended contact lies before it, or who has no day of
    referral, has no wait that can be known and is counted apart.
    """
    enrolled = pd.Index(sorted(set(episodes["patient_id"])), name="patient_id")
    start = referrals.groupby("patient_id")[since].min().reindex(enrolled)
    seen = contacts[contacts["attendance"].eq("attended")].groupby("patient_id")["date"].min().reindex(enrolled)
    known = patients.drop_duplicates("patient_id").set_index("patient_id").reindex(enrolled)
    by_person = episodes.groupby("patient_id")["ended_on"]
    closed = by_person.max().where(by_person.count() == by_person.size()).reindex(enrolled)
    left = pd.concat([known["deregistered_on"], known["withdrew_on"], closed], axis=1).min(axis=1)
    start = start.mask(seen.notna() & (seen < start)).mask(start > until)
    frame = pd.DataFrame({"patient_id": enrolled, "start": start.values, "event": seen.values,
                          "died": known["died_on"].values, "left": left.values})
    made = followed(frame, until)
    # Somebody who left on or before the day of referral was never seen to wait.
    return made.assign(start=frame["start"].mask(made["days"] < 0))


def waiting_time(times: pd.DataFrame, *, since: str, until: pd.Timestamp, within_weeks: Sequence[int] = ()) -> Summary:
    """
    Days from referral to the first attended contact, by Kaplan-Meier, and the share seen within some weeks.

    `times` is what `waits` gave. Those still waiting are in the denominator: leaving them out would make a slow service
    look quick. The share seen within k weeks is of those whom the data cut lets be observed for k weeks or more;
    whoever died or left before, unseen, was not seen within them.
    """
    cells = Cells("waiting time")
    whole = cells.people("enrolled", len(times), "enrolled")
    usable = times[times["start"].notna()]
    found = counts(cells, usable, SEEN)
    cells.row("People enrolled", {"People": ("{n}", {"n": whole})})
    unusable = cells.count(len(times) - len(usable), "no usable day of referral", population="enrolled",
                           name="wait_unusable")
    cells.row("No usable day of referral", {"People": ("{n}", {"n": unusable})})
    cells.row("Followed from referral", {"People": ("{n}", {"n": found["followed"]})})
    for label, key in (("Seen", "event"), ("Still waiting at the data cut", CUT), ("Died before being seen", DIED),
                       ("Left before being seen", LEFT)):
        cells.row(label, {"People": ("{n} ({share})", {
            "n": found[key], "share": cells.share(found[key], found["followed"])})}, depth=1)
    cells.row("Median days until seen (95% interval)", {"People": median_entry(cells, usable, SEEN)})
    for k in within_weeks:
        observable = usable[usable["start"] + pd.Timedelta(weeks=k) <= until]
        by = f"{k} week{'' if k == 1 else 's'}"
        base = cells.count(len(observable), "observable", population="enrolled", within=by)
        n = cells.count(int((observable["happened"] & (observable["days"] <= 7 * k)).sum()), "seen",
                        population="enrolled", within=by, name=f"seen_within_{k}")
        low, high = cells.interval(n, base, name=f"seen_within_{k}")
        cells.row(f"Seen within {by}", {"People": ("{n} of {base} ({share}; {low} to {high})", {
            "n": n, "base": base, "share": cells.share(n, base, name=f"seen_within_{k}_share"), "low": low,
            "high": high})}, section="Of those whom the data cut lets be observed for so long")
    said = "Intervals of shares are 95% Wilson intervals." if within_weeks else (
        "The definition names no weeks ([activity] seen_within_weeks), so no share seen within them is shown.")
    return cells.summary(f"From {STARTS[since]} to the first attended contact", _about(since, until),
                         notes=(*NOTES, said), stub="People and days")


def waiting_curve(times: pd.DataFrame, *, since: str, first: pd.Timestamp, until: pd.Timestamp) -> Summary:
    """How many were seen, and what share was still waiting, some fixed weeks after referral."""
    cells = Cells("waiting curve")
    curve_rows(cells, times[times["start"].notna()], SEEN, ladder(first, until, most=26))
    return cells.summary(f"Still waiting, by weeks since {STARTS[since]}", _about(since, until),
                         notes=("Where counts are hidden or rounded, the share is computed from the counts in this "
                                "table, so that no step of it is one person's.",), stub="After")


def _about(since: str, until: pd.Timestamp) -> About:
    return About("people enrolled", "people enrolled with a usable day of referral",
                 "no day of referral, or seen before it: counted apart",
                 f"{STARTS[since]} to {day_in_words(until)}")
