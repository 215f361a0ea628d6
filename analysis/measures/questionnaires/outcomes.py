"""Outcomes: questionnaire scores in; how they compare at two time points on the same people out."""

from __future__ import annotations

from collections.abc import Sequence

from pandas import DataFrame, Series

from analysis.measures.questionnaires.paired import (
    CAUTIONS,
    NOBODY,
    blanks,
    chosen,
    mean,
    mean_interval,
    pairs_of,
    sd,
    section_of,
    standardised_interval,
    standardised_mean,
    why_no_spread,
)
from analysis.measures.statistics.quantiles import quantile
from analysis.measures.summary import About, Cells, Summary
from analysis.reference.instruments import Instrument

SRM_ENDS = ("", ", 95% CI lower end", ", 95% CI upper end")


def outcome_scores(scores: DataFrame, enrolled: DataFrame, instruments: Sequence[Instrument], *,
                   baseline: str = "baseline", follow_up: str = "follow_up", window: str = "baseline and follow-up",
                   labels: tuple[str, str] = ("Baseline", "Follow-up"), rule: str = "type 7") -> Summary:
    """
    Scores at two time points on the same people, in points of each instrument, and the change between them.

    Means with SD (n - 1), medians by a rule of quantiles.RULES, mean change (follow-up minus baseline) with its 95%
    confidence interval from the t distribution on n - 1 degrees of freedom (the paired t interval), SD and median of
    the change; the standardised response mean (mean change over the SD of change) with its interval from the noncentral
    t distribution. Where everybody changed by the same there is no spread, and no standardised mean.
    Named cells for each instrument: `peg_paired`, `peg_baseline_mean`, `peg_baseline_sd`,
    `peg_follow_up_mean`, `peg_follow_up_sd`, `peg_change`, `peg_change_low`, `peg_change_high`, `peg_change_sd`,
    `peg_srm`, `peg_srm_low`, `peg_srm_high`,
    `peg_baseline_median`, `peg_follow_up_median`, `peg_median_change`, `peg_unpaired`; the names say baseline and
    follow_up whatever the time points are called. `window` says which they are, `labels` heads their columns.

    Baseline of everybody against follow-up of those who came back would compare two different groups, so it is
    never shown. Complete pairs speak for those who returned: the baseline of those who did not stands beside them,
    and the two should be read together. The interval treats people as a sample from a stable process and the mean
    change as near normal, which few people and a skewed scale may not be.
    """
    cells = Cells("outcome scores")
    people = enrolled["patient_id"].dropna().unique()
    cells.people("enrolled", len(people), name="enrolled")
    for one in instruments:
        pairs = pairs_of(scores, one, people, baseline, follow_up)
        _score_rows(cells, one, pairs, f"{baseline}, {follow_up}", labels, rule)
    return cells.summary("Questionnaire scores at baseline and follow-up, same people", About(
        "people enrolled", "people with a score at both time points",
        missing=f"no score is imputed. {blanks(instruments)}",
        window=window), notes=(*chosen(instruments), *CAUTIONS), stub="Score",
        columns=("People", *labels, "Change"))


def _score_rows(cells: Cells, one: Instrument, pairs: DataFrame, between: str, labels: tuple[str, str],
                rule: str) -> None:
    first_time, last_time = labels
    both = pairs.dropna()
    n = len(both)
    low, high = mean_interval(both["change"])
    alone = why_no_spread(both["change"])

    def value(number: float | None, statistic: str, name: str, people: int = n,
              absent: str = "nobody with both scores", unit: str = "points", digits: int = one.digits,
              **more: str) -> str:
        return cells.value(number, statistic, population="enrolled", n=people, unit=unit, digits=digits,
                           absent=absent if number is None else "", name=f"{one.name}_{name}",
                           instrument=one.name, between=between, **more)

    def mean_and_sd(values: Series, who: str, timepoint: str, name: str) -> dict[str, str]:
        more, people = {"who": who, "timepoint": timepoint}, len(values)
        return {"mean": value(mean(values), "mean", f"{name}_mean", people, NOBODY, **more),
                "sd": value(sd(values), "SD", f"{name}_sd", people, why_no_spread(values), **more)}

    def people(number: int, who: str, name: str) -> dict[str, str]:
        return {"n": cells.count(number, "people with scores", population="enrolled", name=f"{one.name}_{name}",
                                 instrument=one.name, between=between, who=who)}

    def row(label: str, entries: dict[str, tuple[str, dict[str, str]]], depth: int = 0) -> None:
        cells.row(label, entries, section=section_of(one), depth=depth)

    paired, spread = people(n, "both", "paired"), "{mean} ({sd})"
    row("Mean (SD), same people; change with its 95% CI", {
        "People": ("{n}", paired),
        first_time: (spread, mean_and_sd(both["baseline"], "both", "baseline", "baseline")),
        last_time: (spread, mean_and_sd(both["follow_up"], "both", "follow-up", "follow_up")),
        "Change": ("{change} ({low} to {high})", {
            "change": value(mean(both["change"]), "mean change", "change"),
            "low": value(low, "mean change, 95% CI lower end", "change_low", absent=alone),
            "high": value(high, "mean change, 95% CI upper end", "change_high", absent=alone)})})
    row("SD of change", {"Change": ("{sd}", {
        "sd": value(sd(both["change"]), "SD of change", "change_sd", absent=alone)})}, depth=1)
    ratio = (standardised_mean(both["change"]), *standardised_interval(both["change"]))
    row("Standardised response mean, its 95% CI", {"Change": ("{srm} ({low} to {high})", {
        word: value(number, f"standardised response mean{more}", f"srm{name}", absent=alone, unit="SD of change",
                    digits=2)
        for number, word, more, name in zip(ratio, ("srm", "low", "high"), SRM_ENDS, ("", "_low", "_high"),
                                            strict=True)})}, depth=1)
    row("Median, same people", {"People": ("{n}", paired)} | {
        column: ("{median}", {"median": value(quantile(both[part], 0.5, rule), f"median, {words}", name)})
        for column, part, words, name in ((first_time, "baseline", "baseline", "baseline_median"),
                                          (last_time, "follow_up", "follow-up", "follow_up_median"),
                                          ("Change", "change", "change", "median_change"))})
    first = pairs.loc[pairs["follow_up"].isna(), "baseline"]
    second = pairs.loc[pairs["baseline"].isna(), "follow_up"]
    row(f"Mean (SD), no score at {last_time.lower()}", {
        "People": ("{n}", people(len(first), "baseline only", "unpaired")),
        first_time: (spread, mean_and_sd(first, "baseline only", "baseline", "unpaired_baseline"))})
    row(f"Mean (SD), no score at {first_time.lower()}", {
        "People": ("{n}", people(len(second), "follow-up only", "follow_up_only")),
        last_time: (spread, mean_and_sd(second, "follow-up only", "follow-up", "follow_up_only"))})
