"""Stay: episodes in; how long people stayed in the service, and how many came back, out."""

from __future__ import annotations

from collections.abc import Collection

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

ENDED = Words("ended", "still in the service", "stay")
LEAVING = ("died", "moved away")  # ends of an episode that no service brings about
TIMES_IN = ((1, 1, "One episode"), (2, 2, "Two episodes"), (3, 10_000, "Three or more"))


def stays(episodes: pd.DataFrame, patients: pd.DataFrame, *, until: pd.Timestamp,
          leaving: Collection[str] = LEAVING) -> pd.DataFrame:
    """
    One row for each person's first episode: patient_id, start, days, happened (it ended), why (not).

    An episode that ends because the person died or left (`leaving` names such ends; a death or a move on the practice's
    record says it too) did not end as an episode does: the person is followed until then. One that ends before it
    begins, or begins after the data cut, has a start of NaT.
    """
    first = (episodes.sort_values(["patient_id", "started_on"], kind="stable").drop_duplicates("patient_id")
             .reset_index(drop=True))
    known = patients.drop_duplicates("patient_id").set_index("patient_id").reindex(first["patient_id"])
    ended, reason = first["ended_on"], first["end_reason"]
    gone = reason.isin(set(leaving))
    died = pd.Series(known["died_on"].values, index=first.index).fillna(ended.where(gone & reason.eq("died")))
    left = pd.concat([pd.Series(known[c].values, index=first.index) for c in ("deregistered_on", "withdrew_on")]
                     + [ended.where(gone & ~reason.eq("died"))], axis=1).min(axis=1)
    frame = pd.DataFrame({"patient_id": first["patient_id"], "start": first["started_on"],
                          # On the day of death or of leaving it is that which ended it.
                          "event": ended.mask(gone | ended.eq(died) | ended.eq(left)), "died": died, "left": left})
    made = followed(frame, until)
    return made.assign(start=frame["start"].mask((made["days"] < 0) | (ended < frame["start"])))


def length_of_stay(times: pd.DataFrame, *, until: pd.Timestamp, made: str = "") -> Summary:
    """
    Days from the start to the end of each person's first episode, by Kaplan-Meier; `times` is what `stays` gave.

    `made` says how episodes were made, where no list of them was delivered.
    """
    cells = Cells("length of stay")
    whole = cells.people("enrolled", len(times), "enrolled")
    usable = times[times["start"].notna()]
    found = counts(cells, usable, ENDED)
    cells.row("People enrolled", {"People": ("{n}", {"n": whole})})
    cells.row("No usable days of an episode", {"People": ("{n}", {"n": cells.count(
        len(times) - len(usable), "no usable days", population="enrolled", name="stay_unusable")})})
    cells.row("Followed from the start of their first episode", {"People": ("{n}", {"n": found["followed"]})})
    for label, key in (("Episode ended", "event"), ("Still in the service at the data cut", CUT),
                       ("Died in the service", DIED), ("Left: moved away or withdrew", LEFT)):
        cells.row(label, {"People": ("{n} ({share})", {
            "n": found[key], "share": cells.share(found[key], found["followed"])})}, depth=1)
    cells.row("Median days in the service (95% interval)", {"People": median_entry(cells, usable, ENDED)})
    return cells.summary("Length of stay in the service", _about(until), notes=(
        "Median and curve by Kaplan and Meier; the interval of the median by Brookmeyer and Crowley, on the scale "
        "log(-log).",
        "Each person's first episode. Whoever is still in the service, died or moved away has stayed at least so long: "
        "leaving them out would make stays look short.", *([made] if made else [])), stub="People and days")


def stay_curve(times: pd.DataFrame, *, first: pd.Timestamp, until: pd.Timestamp) -> Summary:
    """What share was still in the service some fixed weeks after the start of the episode."""
    cells = Cells("stay curve")
    curve_rows(cells, times[times["start"].notna()], ENDED, ladder(first, until))
    return cells.summary("Still in the service, by weeks since the start of the episode", _about(until), notes=(
        "Where counts are hidden or rounded, the share is computed from the counts in this table, so that no step of "
        "it is one person's.",), stub="After")


def people_and_episodes(episodes: pd.DataFrame, *, until: pd.Timestamp, made: str = "") -> Summary:
    """
    People apart from episodes: how many stays there were, and how many people came back for another.

    An episode without an end is open at the data cut; one person may have an open one and an ended one. `made` says how
    episodes were made, where no list of them was delivered.
    """
    cells = Cells("people and episodes")
    each = episodes.groupby("patient_id").size()
    whole = cells.people("enrolled", len(each), "enrolled")
    cells.row("People", {"Number": ("{n}", {"n": whole})})
    for low, high, label in TIMES_IN:
        n = cells.count(int(each.between(low, high).sum()), population="enrolled", episodes=label.lower())
        cells.row(label, {"Number": ("{n} ({share})", {"n": n, "share": cells.share(n, whole)})}, depth=1)
    back = cells.count(int(each.gt(1).sum()), "came back", population="enrolled", name="came_back")
    cells.row("Came back for another", {"Number": ("{n} ({share})", {
        "n": back, "share": cells.share(back, whole, name="came_back_share")})}, depth=1)
    every = cells.count(len(episodes), "episodes", population="enrolled", people=len(each), unit="episodes",
                        name="episodes")
    still = episodes[episodes["ended_on"].isna() | (episodes["ended_on"] > until)]
    cells.row("Episodes", {"Number": ("{n}", {"n": every})})
    cells.row("Open at the data cut", {"Number": ("{n}", {"n": cells.count(
        len(still), "open episodes", population="enrolled", people=still["patient_id"].nunique(), unit="episodes",
        name="open_episodes")})}, depth=1)
    return cells.summary("People and episodes", About(
        "people enrolled", "people enrolled", "an episode without an end counts as open",
        f"to {day_in_words(until)}"), notes=(made,) if made else (), stub="People and episodes")


def _about(until: pd.Timestamp) -> About:
    return About("people enrolled", "people enrolled with usable days of their first episode",
                 "no usable days: counted apart", f"start of the episode to {day_in_words(until)}")
