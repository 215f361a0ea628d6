"""Two scores a person in; what can be said of the change between them, out: mean, interval, standardised mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pandas import DataFrame, Series

from analysis.measures.statistics.means import standardised_ends, t_interval
from analysis.reference.instruments import Instrument

CAUTIONS = (
    "There is no comparison group: a score that was lower or higher at follow-up is not by that an effect of the "
    "service.",
    "Regression to the mean: people join when they feel at their worst, and a second score tends to lie nearer the "
    "average whatever is done.",
)
NOBODY, ALONE, ALL_ALIKE = "nobody to compute it from", "one person has no spread", "everybody changed by the same"


def pairs_of(scores: DataFrame, instrument: Instrument, people: Iterable, baseline: str, follow_up: str) -> DataFrame:
    """
    One row for each of these people with any score: baseline, follow_up, change, better (missing: NaN).

    `change` is follow-up minus baseline, and `better` the same, turned so that more is better for the person.
    """
    rows = scores[(scores["instrument"] == instrument.name) & scores["patient_id"].isin(people)
                  & scores["score"].notna()]
    wide = rows.pivot(index="patient_id", columns="timepoint", values="score").reindex(columns=[baseline, follow_up])
    wide = wide.astype("Float64").astype(float).set_axis(["baseline", "follow_up"], axis=1).dropna(how="all")
    # Means of thirds: 8/3 - 5/3 is 0.9999999999999998, and a threshold of 1 must count it.
    change = (wide["follow_up"] - wide["baseline"]).round(6)
    return wide.assign(change=change, better=change * (-1 if instrument.direction == "higher is worse" else 1))


def mean(values: Series) -> float | None:
    """The arithmetic mean; None of nobody."""
    return float(values.mean()) if len(values) else None


def sd(values: Series) -> float | None:
    """The standard deviation with n - 1; None of fewer than two, and exactly 0 where all are alike."""
    if len(values) < 2:
        return None
    return float(values.std(ddof=1)) if values.nunique() > 1 else 0.0


def mean_interval(values: Series) -> tuple[float | None, float | None]:
    """The 95% confidence interval of a mean, as means.t_interval gives it; None of one person and without spread."""
    return t_interval(mean(values), sd(values), len(values)) or (None, None)


def standardised_mean(changes: Series) -> float | None:
    """
    The standardised response mean: mean change over the SD of change; None where there is no spread.

    Liang 1990; as in PMC7791983. It is Cohen's d of the paired t test (d_z), and no effect size over the baseline's SD.
    """
    spread = sd(changes)
    return float(changes.mean() / spread) if spread else None


def standardised_interval(changes: Series) -> tuple[float | None, float | None]:
    """The 95% confidence interval of the standardised response mean, as means.standardised_ends gives it."""
    return standardised_ends(standardised_mean(changes), len(changes)) or (None, None)


def why_no_spread(values: Series) -> str:
    """Why an interval or a standardised mean could not be had, in words."""
    return NOBODY if not len(values) else ALONE if len(values) == 1 else ALL_ALIKE


def section_of(one: Instrument) -> str:
    """The heading of an instrument's rows: what it measures, from where to where, and which end is better."""
    low, high = one.score_range
    return f"{one.title}, {one.measures} ({low:g} to {high:g}, {one.direction})"


def scale_of(section: str) -> tuple[float, float, bool]:
    """Of a heading that `section_of` made: the lowest and the highest score, and whether higher is better."""
    found = re.search(r"\((-?[\d.]+) to (-?[\d.]+), higher is (\w+)\)$", section)
    return float(found[1]), float(found[2]), found[3] == "better"


def blanks(instruments: Sequence[Instrument]) -> str:
    """What each instrument does about items without an answer, in words."""
    return "; ".join(one.missing_words for one in instruments)


def chosen(instruments: Sequence[Instrument]) -> tuple[str, ...]:
    """What the study chose for its instruments, a note each."""
    return tuple(filter(None, (one.chosen_words for one in instruments)))
