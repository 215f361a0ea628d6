"""Outcomes: questionnaire scores in; how they compare at two time points on the same people out."""

from collections.abc import Sequence

import numpy as np
from pandas import DataFrame, Series

from analysis.measures.quantiles import quantile
from analysis.measures.summary import About, Cells, Summary
from analysis.reference.instruments import Instrument

CONFIDENCE = 0.95
CAUTIONS = (
    "There is no comparison group: a score that was lower or higher at follow-up is not by that an effect of the "
    "service.",
    "Regression to the mean: people join when they feel at their worst, and a second score tends to lie nearer the "
    "average whatever is done.",
)
MEANING = {
    "reliable change": "more than error of measurement, which is not yet a difference that matters to the person",
    "minimally important difference": "found for groups in other settings, so a rough guide for one person",
}


def comparison(change: float | None, *, digits: int = 1) -> str:
    """
    The words for a change, follow-up minus baseline: "was lower at follow-up" and so on, never "reduced by".

    For sentences, which must give it the released number and the digits it is printed with: the words would tell a
    hidden number, and a change that prints as 0.0 is no change to the reader.
    """
    if change is None:
        return "could not be compared"
    if abs(change) < 0.5 * 10 ** -digits:
        return "was the same at follow-up"
    return "was lower at follow-up" if change < 0 else "was higher at follow-up"


def outcome_scores(scores: DataFrame, enrolled: DataFrame, instruments: Sequence[Instrument], *,
                   baseline: str = "baseline", follow_up: str = "follow_up", window: str = "baseline and follow-up",
                   rule: str = "type 7") -> Summary:
    """
    Scores at two time points on the same people, in points of each instrument, and the change between them.

    Means with SD (n - 1), medians by a rule of quantiles.RULES, mean change (follow-up minus baseline) with its 95%
    confidence interval from the t distribution on n - 1 degrees of freedom (the paired t interval), SD and median of
    the change. Named cells for each instrument: `peg_paired`, `peg_baseline_mean`, `peg_baseline_sd`,
    `peg_follow_up_mean`, `peg_follow_up_sd`, `peg_change`, `peg_change_low`, `peg_change_high`, `peg_change_sd`,
    `peg_baseline_median`, `peg_follow_up_median`, `peg_median_change`, `peg_unpaired`; the names say baseline and
    follow_up whatever the time points are called. `window` says in words which they are.

    Baseline of everybody against follow-up of those who came back would compare two different groups, so it is
    never shown. Complete pairs speak for those who returned: the baseline of those who did not stands beside them,
    and the two should be read together. The interval treats people as a sample from a stable process and the mean
    change as near normal, which few people and a skewed scale may not be.
    """
    cells = Cells("outcome scores")
    people = enrolled["patient_id"].dropna().unique()
    cells.people("enrolled", len(people), name="enrolled")
    for one in instruments:
        pairs = _pairs(scores, one.name, people, baseline, follow_up)
        _score_rows(cells, one, pairs, f"{baseline}, {follow_up}", rule)
    return cells.summary("Questionnaire scores at baseline and follow-up, same people", About(
        "enrolled", "people with a score at both time points",
        missing=f"no score is imputed. {_blanks(instruments)}",
        window=window), notes=CAUTIONS, stub="Score",
        columns=("People", "Baseline", "Follow-up", "Change"))


def _pairs(scores: DataFrame, instrument: str, people, baseline: str, follow_up: str) -> DataFrame:
    """One row for each enrolled person with any score: columns baseline, follow_up, change (missing: NaN)."""
    rows = scores[(scores["instrument"] == instrument) & scores["patient_id"].isin(people) & scores["score"].notna()]
    wide = rows.pivot(index="patient_id", columns="timepoint", values="score").reindex(columns=[baseline, follow_up])
    wide = wide.astype("Float64").astype(float).set_axis(["baseline", "follow_up"], axis=1).dropna(how="all")
    # Means of thirds: 8/3 - 5/3 is 0.9999999999999998, and a threshold of 1 must count it.
    return wide.assign(change=(wide["follow_up"] - wide["baseline"]).round(6))


def _score_rows(cells: Cells, one: Instrument, pairs: DataFrame, between: str, rule: str) -> None:
    both = pairs.dropna()
    n = len(both)
    low, high = _t_interval(both["change"])

    def value(number: float | None, statistic: str, name: str, people: int = n,
              absent: str = "nobody with both scores", **more: str) -> str:
        return cells.value(number, statistic, population="enrolled", n=people, unit="points", digits=one.digits,
                           absent=absent if number is None else "", name=f"{one.name}_{name}",
                           instrument=one.name, between=between, **more)

    def mean_and_sd(values: Series, who: str, timepoint: str, name: str) -> dict[str, str]:
        more, people = {"who": who, "timepoint": timepoint}, len(values)
        return {"mean": value(_mean(values), "mean", f"{name}_mean", people, "nobody to compute it from", **more),
                "sd": value(_sd(values), "SD", f"{name}_sd", people, _too_few(people), **more)}

    def people(number: int, who: str, name: str) -> dict[str, str]:
        return {"n": cells.count(number, "people with scores", population="enrolled", name=f"{one.name}_{name}",
                                 instrument=one.name, between=between, who=who)}

    def row(label: str, entries: dict[str, tuple[str, dict[str, str]]], depth: int = 0) -> None:
        cells.row(label, entries, section=_section(one), depth=depth)

    paired, spread = people(n, "both", "paired"), "{mean} ({sd})"
    row("Mean (SD), same people; change with its 95% CI", {
        "People": ("{n}", paired),
        "Baseline": (spread, mean_and_sd(both["baseline"], "both", "baseline", "baseline")),
        "Follow-up": (spread, mean_and_sd(both["follow_up"], "both", "follow-up", "follow_up")),
        "Change": ("{change} ({low} to {high})", {
            "change": value(_mean(both["change"]), "mean change", "change"),
            "low": value(low, "mean change, 95% CI lower end", "change_low", absent=_too_few(n)),
            "high": value(high, "mean change, 95% CI upper end", "change_high", absent=_too_few(n))})})
    row("SD of change", {"Change": ("{sd}", {
        "sd": value(_sd(both["change"]), "SD of change", "change_sd", absent=_too_few(n))})}, depth=1)
    row("Median, same people", {"People": ("{n}", paired)} | {
        column: ("{median}", {"median": value(quantile(both[part], 0.5, rule), f"median, {words}", name)})
        for column, part, words, name in (("Baseline", "baseline", "baseline", "baseline_median"),
                                          ("Follow-up", "follow_up", "follow-up", "follow_up_median"),
                                          ("Change", "change", "change", "median_change"))})
    first = pairs.loc[pairs["follow_up"].isna(), "baseline"]
    second = pairs.loc[pairs["baseline"].isna(), "follow_up"]
    row("Mean (SD), no score at follow-up", {
        "People": ("{n}", people(len(first), "baseline only", "unpaired")),
        "Baseline": (spread, mean_and_sd(first, "baseline only", "baseline", "unpaired_baseline"))})
    row("Mean (SD), no score at baseline", {
        "People": ("{n}", people(len(second), "follow-up only", "follow_up_only")),
        "Follow-up": (spread, mean_and_sd(second, "follow-up only", "follow-up", "follow_up_only"))})


def score_changes(scores: DataFrame, enrolled: DataFrame, instruments: Sequence[Instrument], *,
                  baseline: str = "baseline", follow_up: str = "follow_up",
                  window: str = "baseline and follow-up") -> Summary:
    """
    How many people improved, stayed or worsened by each instrument's threshold, of the paired and of all enrolled.

    A change of exactly the threshold counts. Named cells for each instrument: `peg_improved`, `peg_unchanged`,
    `peg_worsened`, each also with `_share` (of those with both scores) and `_share_enrolled`, and `peg_paired`,
    `peg_not_paired`, `peg_no_room`. Instruments whose file gives no threshold are left out, and a note names them.

    The share of the paired flatters a service that loses the people it did not help; the share of all enrolled
    counts everybody without two scores as not improved, which is harsh. Neither is right alone. People whose
    baseline was too near the best score to improve by the threshold are counted, as no service could improve them.
    """
    cells = Cells("score changes")
    people = enrolled["patient_id"].dropna().unique()
    everybody = cells.people("enrolled", len(people), name="enrolled")
    known = [one for one in instruments if one.change]
    for one in known:
        pairs = _pairs(scores, one.name, people, baseline, follow_up)
        _change_rows(cells, one, pairs, f"{baseline}, {follow_up}", everybody, len(people))
    thresholds = tuple(f"{one.title}: a change of {one.change.points:g} points or more counts. "
                       f"This is a {one.change.kind}: {MEANING[one.change.kind]}. Source: {one.change.source}."
                       for one in known)
    silent = tuple(f"{one.title} is left out: its file gives no threshold." for one in instruments if not one.change)
    return cells.summary("People whose score changed by the instrument's threshold", About(
        "enrolled", "people with a score at both time points, and all enrolled",
        missing="people without both scores count as not improved among all enrolled. " + _blanks(known),
        window=window), notes=thresholds + silent + CAUTIONS,
        stub="At follow-up", columns=("People", "Of those with both scores", "Of all enrolled"))


def _change_rows(cells: Cells, one: Instrument, pairs: DataFrame, between: str, everybody: str,
                 enrolled: int) -> None:
    both = pairs.dropna()
    better = both["change"] * (-1 if one.direction == "higher is worse" else 1)
    points = one.change.points
    where = {"population": "enrolled", "instrument": one.name, "between": between}
    # The threshold is part of what is counted, so of the cell's identity.
    by = {"threshold": f"{points:g}"}
    groups = (("improved", int((better >= points).sum()), f"Improved by {points:g} or more"),
              ("unchanged", int((better.abs() < points).sum()), f"Changed by less than {points:g}"),
              ("worsened", int((better <= -points).sum()), f"Worsened by {points:g} or more"))
    counts = {word: cells.count(n, word, name=f"{one.name}_{word}", **where, **by) for word, n, _ in groups}
    paired = cells.total(list(counts.values()), "people with both scores", name=f"{one.name}_paired", **where, **by)
    lost = cells.count(enrolled - len(both), "people without both scores", name=f"{one.name}_not_paired", **where)
    room = (both["baseline"] - one.best).abs().round(6)
    no_room = cells.count(int((room < points).sum()), "no room to improve", name=f"{one.name}_no_room", **where, **by)

    def of_all(cell: str, name: str = "") -> tuple[str, dict[str, str]]:
        return "{share}", {"share": cells.share(cell, everybody, name=name)}

    for word, _, label in groups:
        cells.row(label, {
            "People": ("{n}", {"n": counts[word]}),
            "Of those with both scores": ("{share}", {
                "share": cells.share(counts[word], paired, name=f"{one.name}_{word}_share")}),
            "Of all enrolled": of_all(counts[word], f"{one.name}_{word}_share_enrolled")}, section=_section(one))
    cells.row("With both scores", {"People": ("{n}", {"n": paired}), "Of all enrolled": of_all(paired)},
              section=_section(one))
    cells.row(f"of them, less than {points:g} from the best score at baseline", {"People": ("{n}", {"n": no_room})},
              section=_section(one), depth=1)
    cells.row("Without both scores", {"People": ("{n}", {"n": lost}), "Of all enrolled": of_all(lost)},
              section=_section(one))


def _section(one: Instrument) -> str:
    low, high = one.score_range
    return f"{one.title}, {one.measures} ({low:g} to {high:g}, {one.direction})"


def _blanks(instruments: Sequence[Instrument]) -> str:
    return "; ".join(one.missing_words for one in instruments)


def _too_few(n: int) -> str:
    return "one person has no spread" if n == 1 else "nobody to compute it from"


def _mean(values: Series) -> float | None:
    return float(values.mean()) if len(values) else None


def _sd(values: Series) -> float | None:
    return float(values.std(ddof=1)) if len(values) > 1 else None


def _t_interval(changes: Series) -> tuple[float | None, float | None]:
    """The 95% confidence interval of a mean, by Student's t on n - 1 degrees of freedom."""
    from scipy.stats import t

    n = len(changes)
    if n < 2:
        return None, None
    half = float(t.ppf((1 + CONFIDENCE) / 2, n - 1)) * _sd(changes) / np.sqrt(n)
    return float(changes.mean() - half), float(changes.mean() + half)
