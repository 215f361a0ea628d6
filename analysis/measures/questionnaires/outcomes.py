"""Outcomes: questionnaire scores in; how they compare at two time points on the same people out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pandas import DataFrame, Series

from analysis.measures.cells import Cells
from analysis.measures.questionnaires.paired import (
    CAUTIONS,
    NOBODY,
    blanks,
    chosen,
    mean,
    pairs_of,
    sd,
    section_of,
    standardised_mean,
    why_no_spread,
)
from analysis.measures.statistics.quantiles import quantile
from analysis.measures.summary import About, Summary
from analysis.reference.instruments import Instrument

Entry = tuple[str, Mapping[str, str]]
ENDS = (("low", "lower"), ("high", "upper"))


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
        _Scores(cells, one, pairs, f"{baseline}, {follow_up}", labels, rule).write()
    return cells.summary("Questionnaire scores at baseline and follow-up, same people", About(
        "people enrolled", "people with a score at both time points",
        missing=f"no score is imputed. {blanks(instruments)}",
        window=window), notes=(*chosen(instruments), *CAUTIONS), stub="Score",
        columns=("People", *labels, "Change"))


@dataclass(frozen=True)
class _Scores:
    """The rows of one instrument: `pairs` are everybody's two scores, `between` the time points they are of."""

    cells: Cells
    one: Instrument
    pairs: DataFrame
    between: str
    labels: tuple[str, str]
    rule: str

    @property
    def both(self) -> DataFrame:
        """Of those who have both scores."""
        return self.pairs.dropna()

    def write(self) -> None:
        """The rows of the people with both scores, then those of the people with one."""
        paired = {"n": self._people(len(self.both), "both", "paired")}
        self._means(paired)
        self._change(paired)
        self._medians(paired)
        first_time, last_time = self.labels
        first = self.pairs.loc[self.pairs["follow_up"].isna(), "baseline"]
        second = self.pairs.loc[self.pairs["baseline"].isna(), "follow_up"]
        self._row(f"Mean (SD), no score at {last_time.lower()}", {
            "People": ("{n}", {"n": self._people(len(first), "baseline only", "unpaired")}),
            first_time: self._mean_and_sd(first, "baseline only", "baseline", "unpaired_baseline")})
        self._row(f"Mean (SD), no score at {first_time.lower()}", {
            "People": ("{n}", {"n": self._people(len(second), "follow-up only", "follow_up_only")}),
            last_time: self._mean_and_sd(second, "follow-up only", "follow-up", "follow_up_only")})

    def _means(self, paired: Mapping[str, str]) -> None:
        both, change = self.both, self.both["change"]
        moved = [self._value(mean(change), "mean change", "change"), self._spread(), paired["n"]]
        self._row("Mean (SD), same people; change with its 95% CI", {
            "People": ("{n}", paired),
            self.labels[0]: self._mean_and_sd(both["baseline"], "both", "baseline", "baseline"),
            self.labels[1]: self._mean_and_sd(both["follow_up"], "both", "follow-up", "follow_up"),
            "Change": ("{change} ({low} to {high})", {
                "change": moved[0], **self._ends(moved, "mean", "mean change", "change")})})

    def _change(self, paired: Mapping[str, str]) -> None:
        """How far changes spread, and the mean change measured by that."""
        change, unit = self.both["change"], "SD of change"
        self._row("SD of change", {"Change": ("{sd}", {"sd": self._spread()})}, depth=1)
        srm = self._value(standardised_mean(change), "standardised response mean", "srm", absent=why_no_spread(change),
                          unit=unit, digits=2)
        self._row("Standardised response mean, its 95% CI", {"Change": ("{srm} ({low} to {high})", {
            "srm": srm, **self._ends([srm, paired["n"]], "standardised mean", "standardised response mean", "srm",
                                     unit=unit, digits=2)})}, depth=1)

    def _medians(self, paired: Mapping[str, str]) -> None:
        both, (first_time, last_time) = self.both, self.labels
        self._row("Median, same people", {"People": ("{n}", paired)} | {
            column: ("{median}", {
                "median": self._value(quantile(both[part], 0.5, self.rule), f"median, {words}", name)})
            for column, part, words, name in ((first_time, "baseline", "baseline", "baseline_median"),
                                              (last_time, "follow_up", "follow-up", "follow_up_median"),
                                              ("Change", "change", "change", "median_change"))})

    def _mean_and_sd(self, values: Series, who: str, timepoint: str, name: str) -> Entry:
        more = {"people": len(values), "who": who, "timepoint": timepoint}
        return "{mean} ({sd})", {
            "mean": self._value(mean(values), "mean", f"{name}_mean", absent=NOBODY, **more),
            "sd": self._value(sd(values), "SD", f"{name}_sd", absent=why_no_spread(values), **more)}

    def _value(self, number: float | None, statistic: str, name: str, *, people: int | None = None,
               absent: str = "nobody with both scores", unit: str = "points", digits: int | None = None,
               **more: str) -> str:
        """A number that rests on so many `people`, those with both scores where it is not said."""
        return self.cells.value(
            number, statistic, population="enrolled", n=len(self.both) if people is None else people, unit=unit,
            digits=self.one.digits if digits is None else digits, absent=absent if number is None else "",
            name=f"{self.one.name}_{name}", instrument=self.one.name, between=self.between, **more)

    def _spread(self) -> str:
        change = self.both["change"]
        return self._value(sd(change), "SD of change", "change_sd", absent=why_no_spread(change))

    def _ends(self, parts: Sequence[str], formula: str, statistic: str, name: str, *, unit: str = "points",
              digits: int | None = None) -> dict[str, str]:
        """The ends of an interval, by the number of people that is shown: else they would tell the true one."""
        return {short: self.cells.derived(
            parts, f"{formula}, {which} end", f"{statistic}, 95% CI {which} end", population="enrolled", unit=unit,
            digits=self.one.digits if digits is None else digits, absent=why_no_spread(self.both["change"]),
            name=f"{self.one.name}_{name}_{short}", instrument=self.one.name, between=self.between)
            for short, which in ENDS}

    def _people(self, number: int, who: str, name: str) -> str:
        return self.cells.count(number, "people with scores", population="enrolled", name=f"{self.one.name}_{name}",
                                instrument=self.one.name, between=self.between, who=who)

    def _row(self, label: str, entries: Mapping[str, Entry], depth: int = 0) -> None:
        self.cells.row(label, entries, section=section_of(self.one), depth=depth)
