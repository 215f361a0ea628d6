"""Returners: baseline scores in; those of people who answered again beside those of people who did not, out."""

from __future__ import annotations

from collections.abc import Sequence

from pandas import DataFrame, Series

from analysis.measures.cells import Cells
from analysis.measures.questionnaires.paired import NOBODY, blanks, mean, pairs_of, sd, why_no_spread
from analysis.measures.summary import About, Summary
from analysis.reference.instruments import Instrument


def returners(scores: DataFrame, timepoints: DataFrame, enrolled: DataFrame, instruments: Sequence[Instrument], *,
              baseline: str = "baseline", follow_up: str = "follow_up",
              window: str = "baseline and follow-up") -> Summary:
    """
    Baseline scores of people with a follow-up score beside those of people without one, and the difference.

    People whose follow-up is not due yet are left out, who died or left are among those without a second score.
    The interval of the difference (first minus second) is Welch's. There is no test: a difference need not be unlikely
    by chance to mislead. Named cells: `enrolled`, and for each instrument `peg_returned`, `peg_lost`, each also with
    `_mean` and `_sd`, and `peg_difference`, `peg_difference_low`, `peg_difference_high`.
    """
    cells = Cells("returners")
    people = enrolled["patient_id"].dropna().unique()
    cells.people("enrolled", len(people), name="enrolled")
    for one in instruments:
        due = timepoints[(timepoints["instrument"] == one.name) & (timepoints["timepoint"] == follow_up)]
        waiting = set(due.loc[due["outcome"].eq("not yet due").fillna(False), "patient_id"])
        pairs = pairs_of(scores, one, set(people) - waiting, baseline, follow_up).dropna(subset=["baseline"])
        again = pairs["follow_up"].notna()
        _row(cells, one, pairs.loc[again, "baseline"], pairs.loc[~again, "baseline"], f"{baseline}, {follow_up}")
    return cells.summary("Baseline scores of those who answered again, and of those who did not", About(
        "people enrolled", "people with a baseline score whose follow-up was due",
        missing=f"people without a baseline score are not compared. {blanks(instruments)}", window=window),
        notes=("Mean (SD); the difference with its 95% confidence interval (Welch), in points of each questionnaire. "
               "Who died or left before follow-up did not answer again.",),
        stub="At baseline", columns=("Answered again", "Did not", "Difference"))


def _row(cells: Cells, one: Instrument, back: Series, lost: Series, between: str) -> None:
    def value(number: float | None, statistic: str, n: int, name: str, absent: str, **more: str) -> str:
        return cells.value(number, statistic, population="enrolled", n=n, unit="points", digits=one.digits,
                           absent=absent if number is None else "", name=f"{one.name}_{name}", instrument=one.name,
                           between=between, **more)

    entries = {}
    for column, who, values in (("Answered again", "returned", back), ("Did not", "lost", lost)):
        entries[column] = ("{mean} ({sd}), n = {n}", {
            "n": cells.count(len(values), "people with a baseline score", population="enrolled", who=who,
                             name=f"{one.name}_{who}", instrument=one.name, between=between),
            "mean": value(mean(values), "mean at baseline", len(values), f"{who}_mean", NOBODY, who=who),
            "sd": value(sd(values), "SD at baseline", len(values), f"{who}_sd", why_no_spread(values), who=who)})
    fewest = min(len(back), len(lost))
    parts = [entries[column][1][part] for column in ("Did not", "Answered again") for part in ("mean", "sd", "n")]
    apart = mean(back) - mean(lost) if fewest else None
    said = NOBODY if not fewest else "one person has no spread" if fewest == 1 else "no spread in either group"
    entries["Difference"] = ("{difference} ({low} to {high})", {
        "difference": value(apart, "difference of means", fewest, "difference", said), **{
            short: cells.derived(parts, f"difference of means, {which} end",
                                 f"difference of means, 95% CI {which} end", population="enrolled", unit="points",
                                 digits=one.digits, absent=said, name=f"{one.name}_difference_{short}",
                                 instrument=one.name, between=between)
            for short, which in (("low", "lower"), ("high", "upper"))}})
    cells.row(one.title, entries)
