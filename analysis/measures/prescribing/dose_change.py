"""Doses of the same people at two time points in; Summaries of change, of four definitions, and of high doses, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.prescribing.dose_windows import DEFINITIONS
from analysis.measures.prescribing.doses import (
    LABELS,
    MEASURE,
    PRESCRIBED,
    TIMEPOINTS,
    UNCONTROLLED,
    UNIT,
    paired,
    window,
)
from analysis.measures.quartiles import quartiles
from analysis.measures.summary import About, Summary

ENROLLED, BOTH = "Of all enrolled", "Of those with both doses"
# Parts of the dose at baseline: half-open, so that exactly 10 % lower is in the second.
STEPS = ((0.0, 0.1, "by less than 10%"), (0.1, 0.5, "by 10% to less than 50%"),
         (0.5, np.inf, "by 50% or more, not stopped"))


def dose_change(baseline: pd.DataFrame, follow_up: pd.DataFrame, *, window_days: int, table_title: str,
                definition: str = "D3", quantile_rule: str = "type 7") -> Summary:
    """
    How each person's dose at follow-up differs from that at baseline, and for how many it was lower, by how much.

    `baseline` and `follow_up`: patient_id and dose of all enrolled. Changes are within people who have a dose at both
    time points; 0 is a dose. The mean's interval is Student's. "By how much" is a part of the dose at baseline, in
    half-open steps that leave out nobody; any difference at all is a change. Each count is shown over both of its
    denominators: all enrolled, and those with both doses.
    """
    both = paired(baseline, follow_up)
    cells = Cells(MEASURE)
    everybody = cells.people("enrolled", len(both), name="enrolled")
    counts = {key: cells.count(int(both["change"].eq(key).sum()), population="enrolled", name=key, change=key)
              for key in ("lower", "stopped", "unchanged", "higher")}
    known = cells.total(list(counts.values()), "people", population="enrolled", name="paired",
                        change="dose at both time points")
    part = _part_lower(both)
    steps = [cells.count(int(((both["change"] == "lower") & (part >= low) & (part < high)).sum()),
                         population="enrolled", change="lower", step=words) for low, high, words in STEPS]
    lower = cells.total([counts["lower"], counts["stopped"]], "people", population="enrolled", name="lower_or_stopped",
                        change="lower or stopped")
    tenth = cells.total([*steps[1:], counts["stopped"]], "people", population="enrolled", name="lower_by_10",
                        change="lower by at least 10%, or stopped")
    half = cells.total([steps[2], counts["stopped"]], "people", population="enrolled", name="lower_by_50",
                       change="lower by at least 50%, or stopped")
    unpaired = cells.count(int(both["change"].eq("").sum()), population="enrolled", name="unpaired", change="not known")

    def row(label: str, count: str, depth: int = 0, of_both: bool = True, section: str = "Direction of change") -> None:
        entries = {"People": ("{n}", {"n": count}), ENROLLED: ("{share}", {"share": cells.share(count, everybody)})}
        if of_both:
            entries[BOTH] = ("{share}", {"share": cells.share(count, known)})
        cells.row(label, entries, section=section, depth=depth)

    first = "Change, follow-up minus baseline"
    row("People with a dose at both time points", known, of_both=False, section=first)
    change = (both["follow_up"] - both["baseline"]).dropna()
    cells.row(f"Median (quartiles), {UNIT}", {"People": _quartiles(cells, change, quantile_rule, definition)},
              section=first)
    cells.row(f"Mean (95% interval), {UNIT}", {"People": _mean(cells, change, definition)}, section=first)
    row("Lower or stopped", lower)
    for count, (_, _, words) in zip(steps, STEPS, strict=True):
        row(f"Lower {words}", count, depth=1)
    row("Stopped", counts["stopped"], depth=1)
    row("Unchanged", counts["unchanged"])
    row("Higher", counts["higher"])
    row("No dose at one time point", unpaired, of_both=False)
    section = "Lower by at least a part of the dose at baseline, stopped included"
    row("At least 10% lower", tenth, section=section)
    row("At least 50% lower", half, section=section)
    return cells.summary("Change in prescribed opioid dose", About(
        "people enrolled", "all enrolled, and those with a dose at both time points",
        missing="people without a dose at one time point have a row; stopped counts as 0",
        window=window(window_days, table_title, definition)),
        notes=(UNCONTROLLED, PRESCRIBED), stub="Dose at follow-up", columns=("People", ENROLLED, BOTH))


def dose_definitions(doses: Mapping[str, pd.DataFrame], *, window_days: int, table_title: str, high_dose: float,
                     quantile_rule: str = "type 7", labels: tuple[str, str] = LABELS) -> Summary:
    """
    The dose by each of the four definitions of Dasgupta 2021 (Clin J Pain 37:565-574), over the same window.

    `doses`: what `window_doses` returns, by time point. A person whose supply was used up has 0 by every definition.
    The definitions differ threefold on the same records: a dose without the name of its definition says little.
    """
    cells = Cells("dose definitions")
    everybody = cells.people("enrolled", len(doses["baseline"]), name="enrolled")
    for name, words in DEFINITIONS.items():
        frames = {t: doses[t].assign(dose=doses[t][name]) for t in TIMEPOINTS}
        both = paired(frames["baseline"], frames["follow_up"])
        entries = {}
        for timepoint, label in zip(TIMEPOINTS, labels, strict=True):
            known = both[timepoint].dropna()
            entries[label] = quartiles(cells, known, quantile_rule, population="enrolled", n=len(known), unit=UNIT,
                                       absent="nobody with a dose", name=f"{name}_{timepoint}_{{}}",
                                       timepoint=timepoint, definition=name)
            high = cells.count(int(known.ge(high_dose).sum()), f"people at or above {high_dose:g} {UNIT}",
                               population="enrolled", timepoint=timepoint, definition=name)
            entries[f"≥ {high_dose:g}, {label.lower()}"] = (
                "{n} ({share})", {"n": high, "share": cells.share(high, everybody)})
        entries["Mean change (95% interval)"] = _mean(cells, (both["follow_up"] - both["baseline"]).dropna(), name,
                                                        f"{name}_")
        cells.row(f"{name}: {words}", entries)
    high = [f"≥ {high_dose:g}, {label.lower()}" for label in labels]
    return cells.summary("Prescribed opioid dose by four definitions, mg a day", About(
        "people enrolled", "medians: people with a dose at that time point; shares: all enrolled",
        missing="people without a dose are left out of medians; a supply that was used up is 0 by every definition",
        window=f"the {window_days} days before the index date; factors: {table_title}"),
        notes=(UNCONTROLLED, "D1 to D4: Dasgupta and others 2021, Clin J Pain 37:565-574, PMC8270512."),
        stub="Definition", columns=(*labels, "Mean change (95% interval)", *high))


def high_doses(baseline: pd.DataFrame, follow_up: pd.DataFrame, *, lines: Sequence[float], window_days: int,
               table_title: str, definition: str = "D3", labels: tuple[str, str] = LABELS) -> Summary:
    """
    How many people's dose was in each band, at or above each line, and on which side of the lines at both time points.

    `lines`: mg a day, upwards. Bands are half-open: a dose on a line is in the band above it. Shares are of people with
    a dose at that time point and of all enrolled; who crossed a line is counted among those with both doses.
    """
    both = paired(baseline, follow_up)
    cells, lines = Cells("high doses"), sorted(lines)
    everybody = cells.people("enrolled", len(both), name="enrolled")
    known = {t: cells.count(int(both[t].notna().sum()), "people with a dose", population="enrolled", timepoint=t)
             for t in TIMEPOINTS}
    column = dict(zip(TIMEPOINTS, labels, strict=True))
    cells.row("People with a dose", {column[t]: ("{n}", {"n": known[t]}) for t in TIMEPOINTS})
    bands = [(0.0, 0.0, "0: supply used up"), (0.0, lines[0], f"Above 0 to under {lines[0]:g}"),
             *((low, high, f"{low:g} to under {high:g}") for low, high in zip(lines, lines[1:], strict=False)),
             (lines[-1], np.inf, f"{lines[-1]:g} and above")]
    parts: dict[str, list[str]] = {t: [] for t in TIMEPOINTS}
    for low, high, words in bands:
        entries = {}
        for t in TIMEPOINTS:
            inside = both[t].eq(0) if high == 0 else both[t].gt(0) & both[t].ge(low) & both[t].lt(high)
            parts[t].append(cells.count(int(inside.sum()), population="enrolled", timepoint=t, band=words))
            entries[column[t]] = ("{n} ({share})", {"n": parts[t][-1], "share": cells.share(parts[t][-1], known[t])})
        cells.row(words, entries, section="Band of dose, of those with a dose")
    for k, line in enumerate(lines):
        for denominators, words in ((known, "of those with a dose"), (dict.fromkeys(TIMEPOINTS, everybody),
                                                                      "of all enrolled")):
            entries = {}
            for t in TIMEPOINTS:
                above = cells.total(parts[t][k + 2:], "people", population="enrolled", timepoint=t,
                                    name=f"{t}_at_{line:g}", line=f"at or above {line:g} {UNIT}")
                entries[column[t]] = ("{n} ({share})", {"n": above, "share": cells.share(above, denominators[t])})
            cells.row(f"At or above {line:g}, {words}", entries, section="At or above a line")
    pair = both.dropna(subset=list(TIMEPOINTS))
    for line in lines:
        before, after = pair["baseline"].ge(line), pair["follow_up"].ge(line)
        for words, which in ((f"At or above {line:g} at baseline, below it at follow-up", before & ~after),
                             (f"Below {line:g} at baseline, at or above it at follow-up", ~before & after)):
            crossed = cells.count(int(which.sum()), population="enrolled", crossing=words)
            cells.row(words, {column["follow_up"]: ("{n}", {"n": crossed})},
                      section="Crossed a line, of those with a dose at both time points")
    return cells.summary("People by their dose, mg a day", About(
        "people enrolled", "as each row says", missing="people without a dose are in no band",
        window=window(window_days, table_title, definition)),
        notes=("A dose on a line is at or above it.", UNCONTROLLED), stub="Dose", columns=labels)


# ------------------------------------------------------------------------------------------------ parts



def _part_lower(both: pd.DataFrame) -> pd.Series:
    """By which part of the dose at baseline that at follow-up is lower; rounded, for 1 - 54 / 60 is no exact tenth."""
    return (1 - both["follow_up"] / both["baseline"].where(both["baseline"] > 0)).round(9)


def _quartiles(cells: Cells, change: pd.Series, rule: str, definition: str) -> tuple[str, dict[str, str]]:
    return quartiles(cells, change, rule, population="enrolled", n=len(change), unit=UNIT,
                     statistic="{} of the change", absent="nobody with both doses", name="change_{}", change=definition)


def _mean(cells: Cells, change: pd.Series, definition: str, name: str = "") -> tuple[str, dict[str, str]]:
    """Mean change with Student's 95 % interval; one person has none."""
    n, mean = len(change), change.mean()
    low = high = None
    if n > 1:
        from scipy.stats import t

        half = t.ppf(0.975, n - 1) * change.std() / np.sqrt(n)
        low, high = mean - half, mean + half
    ids = {key: cells.value(value, what, population="enrolled", n=n, unit=UNIT, digits=1, name=f"{name}change_{key}",
                            absent="fewer than two people with both doses", change=definition)
           for key, value, what in (("mean", mean if n else None, "mean of the change"),
                                    ("low", low, "lower end of the 95% interval of the mean change"),
                                    ("high", high, "upper end of the 95% interval of the mean change"))}
    return "{mean} ({low} to {high})", ids
