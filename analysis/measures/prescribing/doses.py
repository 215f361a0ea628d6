"""Doses of opioids: each person's dose at two time points in, Summaries of doses, change and sources out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.prescribing.dose_windows import (
    DEFINITIONS,
    DIED,
    JOINED,
    LATE,
    LEFT,
    NO_INDEX,
    NO_ISSUE,
    NOT_LISTED,
    PARTIAL,
    UNREAD,
    WITHDREW,
    Rules,
)
from analysis.measures.prescribing.issues import NO_DAY, Issues
from analysis.measures.prescribing.products import DEPENDENCE, NOT_OPIOID, NOT_READABLE, OPIOID
from analysis.measures.prescribing.readings import FAULTY, NO_FACTOR, UNREADABLE, Readings
from analysis.measures.quartiles import quartiles
from analysis.measures.summary import About, Summary
from analysis.measures.words import capitalised

MEASURE = "opioid dose"
UNIT = "mg/day"
SEVERAL_RULE = "one issue a row"  # as reference/rules/prescriptions.toml calls it
SEVERAL = ("A row that may be several issues of a product counts as one, all of it supplied on its day. Where it is "
           "dated by the last of them, the supply before it is missing: a dose there is too low.")
LABELS = ("Baseline", "Follow-up")
TIMEPOINTS = ("baseline", "follow_up")

# After CDC 2022, whose table carries the caution; it holds for every table.
CAUTION = ("Equivalents are estimates for adding doses of different opioids up. They must not be used to switch a "
           "person from one opioid to another.")
PRESCRIBED = "Doses are what was prescribed and collected on record, not what was taken."
UNCONTROLLED = ("There was no comparison group: doses that were lower at follow-up may have fallen without it, "
                "and people found for high doses tend to have lower ones later.")

# The rows are always all there: a row that came and went would tell that a count is not 0.
_WITHOUT = (
    ("Died, left, or not registered throughout", (NOT_LISTED, DIED, LEFT, WITHDREW, JOINED)),
    ("Index date missing or after the data cut", (NO_INDEX, LATE)),
    ("A line cannot be read or has no factor", (UNREAD, PARTIAL)),
    ("No opioid issue on record", (NO_ISSUE,)),
)
_CHANGES = (("lower", "Lower, not stopped"), ("stopped", "Stopped"), ("unchanged", "Unchanged"), ("higher", "Higher"))


def opioid_dose(baseline: pd.DataFrame, follow_up: pd.DataFrame, *, window_days: int, table_title: str,
                high_dose: float, definition: str = "D3", quantile_rule: str = "type 7",
                labels: tuple[str, str] = LABELS) -> Summary:
    """
    The daily dose at both time points and how many people's was lower, stopped, unchanged or higher at follow-up.

    `baseline` and `follow_up` are what `window_doses` returns (patient_id, dose in mg of oral morphine a day, reason)
    for all enrolled. `table_title` names the factor table, `high_dose` is the high-dose line in mg a day. ValueError
    where the two frames are not about the same people.

    A person who stopped counts as 0, not as missing; leaving them out would hide the largest changes. Change is shown
    over all enrolled, with those who lack a dose at one time point on a line of their own; the high-dose share is of
    those with a dose at that time point. Stopped is above 0 at baseline and 0 at follow-up; any difference at all is
    a change, and 0 at both is unchanged. Source of the window mean: Dasgupta 2021 (PMC8270512), definition 3.
    """
    both = paired(baseline, follow_up)
    cells = Cells(MEASURE)
    everybody = cells.people("enrolled", len(both), name="enrolled")
    section = "Average daily dose, mg oral morphine equivalent"
    frames = dict(zip(TIMEPOINTS, (baseline, follow_up), strict=True))
    column = dict(zip(TIMEPOINTS, labels, strict=True))
    known = {t: _known(cells, t, frame) for t, frame in frames.items()}
    cells.row("People with a dose", {column[t]: ("{n}", {"n": known[t]}) for t in TIMEPOINTS}, section=section)
    cells.row("Median (quartiles)",
              {column[t]: _quartiles(cells, t, f["dose"], quantile_rule) for t, f in frames.items()}, section=section)
    cells.row(f"At or above {high_dose:g} mg a day, of those with a dose",
              {column[t]: _high(cells, t, f["dose"], high_dose, known[t]) for t, f in frames.items()},
              section=section)
    for label, reasons in _WITHOUT:
        without = {t: cells.count(int(f["reason"].isin(reasons).sum()), "people without a dose",
                                  population="enrolled", timepoint=t, reason=label) for t, f in frames.items()}
        cells.row(label, {column[t]: ("{n}", {"n": n}) for t, n in without.items()}, section="People without a dose")
    _changes(cells, both, everybody, labels[1])
    return cells.summary("Prescribed opioid dose at baseline and follow-up", About(
        "people enrolled", "all enrolled; the high-dose share: people with a dose at that time point",
        missing="people without a dose are listed with the reason; stopped counts as 0",
        window=window(window_days, table_title, definition)),
        notes=(PRESCRIBED, UNCONTROLLED, CAUTION), stub="Dose", columns=labels)


def opioid_dose_by(baseline: pd.DataFrame, follow_up: pd.DataFrame, patients: pd.DataFrame, *, by: str,
                   window_days: int, table_title: str, definition: str = "D3", quantile_rule: str = "type 7",
                   labels: tuple[str, str] = LABELS, names: Mapping[str, str] | None = None) -> Summary:
    """
    Median (quartiles) and number of people at both time points, one row for each value of a column of `patients`.

    `by` is a column such as practice; `names` are the words for its values, in the order of the rows. People whose
    value is not recorded have a row where there are any. Groups were not compared at random and are small: a
    difference between rows is no finding about the groups.
    """
    both = paired(baseline, follow_up)
    group = both["patient_id"].map(patients.drop_duplicates("patient_id").set_index("patient_id")[by])
    group = group.astype(object).where(group.notna(), "not recorded")
    cells = Cells(MEASURE)
    cells.people("enrolled", len(both), name="enrolled")
    values = [*(names or {}), *sorted(set(group) - set(names or {}) - {"not recorded"})]
    for value in [*values, *({"not recorded"} & set(group))]:
        entries = {}
        for timepoint, label in zip(TIMEPOINTS, labels, strict=True):
            doses = both.loc[group == value, timepoint]
            n = cells.count(int(doses.notna().sum()), "people with a dose", population="enrolled",
                            timepoint=timepoint, **{by: value})
            pattern, ids = _quartiles(cells, timepoint, doses, quantile_rule, **{by: value})
            entries[label] = (f"{pattern}, n = {{n}}", {**ids, "n": n})
        cells.row((names or {}).get(value, str(value)), entries)
    return cells.summary(f"Prescribed opioid dose by {by}", About(
        "people enrolled", "people with a dose at that time point", missing="people without a dose are left out",
        window=window(window_days, table_title, definition)),
        notes=(PRESCRIBED, CAUTION), stub=by.capitalize(), columns=labels)


def dose_sources(issues: Issues, readings: Readings, rules: Rules, *, coded: bool = False,
                 several: pd.DataFrame | None = None) -> Summary:
    """
    What became of each issue: read, as required, not an opioid, without a factor, not readable; issues and people
    behind them.

    `readings` are of the issues' texts, `rules` those of the study; `coded`: whether it has a list of coded products;
    `several`: what was found to break SEVERAL_RULE (rows, person), None where nobody looked. A line that gave no dose
    is counted here and never dropped. One person may stand in several rows.
    """
    kind, _ = unread_reasons(issues, readings, rules)
    prn, once = readings.as_required[issues.text], readings.once_assumed[issues.text]
    methadone = np.array([p.ingredient == "methadone" for p in readings.products], bool)[issues.text]
    cells = Cells("opioid issues")

    def row(label: str, which: np.ndarray, name: str, depth: int = 0) -> str:
        return counts(label, int(which.sum()), len(np.unique(issues.person[which])), name, depth)

    def counts(label: str, rows: int, people: int, name: str, depth: int) -> str:
        counted = cells.count(rows, "issues", population="enrolled", people=people, unit="issues", name=name,
                              line=label)
        behind = cells.count(people, "people", population="enrolled", name=f"{name}_people", line=label)
        cells.row(label, {"Issues": ("{n}", {"n": counted}), "People": ("{n}", {"n": behind})}, depth=depth)
        return counted

    read, apart = kind == OPIOID, kind == NO_FACTOR
    parts = [row("Read: regular directions", read & ~prn, "issues_regular"),
             row("Read: as required", read & prn, "issues_as_required"),
             row("Not an opioid", kind == NOT_OPIOID, "issues_not_opioid"),
             row("For dependence", kind == DEPENDENCE, "issues_dependence"),
             row("No factor in the table: methadone", apart & methadone, "issues_no_factor_methadone"),
             row("No factor in the table: another opioid", apart & ~methadone, "issues_no_factor_other"),
             row("Not readable", kind == NOT_READABLE, "issues_not_readable")]
    everything = cells.total(parts, "issues", population="enrolled", name="issues")
    cells.row("All issues", {"Issues": ("{n}", {"n": everything})})
    row("Read, once a day assumed: no interval written", read & once, "issues_once_assumed", depth=1)
    if several is not None:
        counts("May be several issues in one row", int(several["rows"].sum()),
               several["person"].nunique(dropna=False), "issues_several", depth=1)
    return cells.summary("Opioid issues and what was read in them", About(
        "people enrolled", "issues on record", missing="issues that give no dose have rows of their own",
        window="all issues on record"),
        notes=("A BNF code, where it is there, tells pain (0407) from dependence (0410). " + (
            "A dm+d code that the study's list of products has is read by its name there, else the product's words are."
            if coded else "Products are read from their words: the study has no list of dm+d codes."),
               *([SEVERAL] if several is not None else [])),
        stub="Line of the record", columns=("Issues", "People"))


def unread_issues(issues: Issues, readings: Readings, rules: Rules) -> Summary:
    """
    Why issues of opioids could not be read, one row for each reason of `readings.UNREADABLE` that occurs.

    Rows that show nought are left out; which of the others there are depends on released numbers only.
    """
    kind, reason = unread_reasons(issues, readings, rules)
    reason = np.where(kind == NOT_READABLE, reason, "")
    cells = Cells("opioid issues")
    for words in UNREADABLE:
        which = reason == words
        people = len(np.unique(issues.person[which]))
        counted = cells.count(int(which.sum()), "issues", population="enrolled", people=people, unit="issues",
                              reason=words)
        behind = cells.count(people, "people", population="enrolled", reason=words)
        cells.row(capitalised(words),
                  {"Issues": ("{n}", {"n": counted}), "People": ("{n}", {"n": behind})}, optional=True)
    cells.row("Not readable", {"Issues": ("{n}", {"n": cells.count(
        int((reason != "").sum()), "issues", population="enrolled", unit="issues", line="Not readable",
        people=len(np.unique(issues.person[reason != ""])), name="issues_not_readable")})})
    return cells.summary("Why issues could not be read", About(
        "people enrolled", "issues on record that may be of an opioid", window="all issues on record"),
        notes=("Whoever has such a line in or shortly before a window has no dose there: it would be too low.",),
        stub="Reason", columns=("Issues", "People"))


# ------------------------------------------------------------------------------------------------ parts


def unread_reasons(issues: Issues, readings: Readings, rules: Rules) -> tuple[np.ndarray, np.ndarray]:
    """Of each issue: its kind, and the reason why it gives no dose or what it is of; '' where it gives one."""
    given = readings.given(rules.factors, rules.range_rule, rules.prn_rule)
    kind, reason = given.kind[issues.text], given.reason[issues.text]
    faulty = (kind == OPIOID) & ~((issues.quantity > 0) & (issues.day != NO_DAY))
    kind[faulty], reason[faulty] = NOT_READABLE, FAULTY
    return kind, reason


def paired(baseline: pd.DataFrame, follow_up: pd.DataFrame) -> pd.DataFrame:
    """patient_id, baseline, follow_up, change: '' where a dose is missing at one of them."""
    if set(baseline["patient_id"]) != set(follow_up["patient_id"]):
        raise ValueError("baseline and follow-up are about different people")
    both = baseline[["patient_id", "dose"]].merge(follow_up[["patient_id", "dose"]], on="patient_id",
                                                  validate="one_to_one")
    both.columns = ["patient_id", *TIMEPOINTS]
    before, after = both["baseline"], both["follow_up"]
    both["change"] = ""
    both.loc[after == before, "change"] = "unchanged"
    both.loc[after > before, "change"] = "higher"
    both.loc[after < before, "change"] = "lower"
    both.loc[(before > 0) & (after == 0), "change"] = "stopped"
    return both


def window(window_days: int, table_title: str, definition: str) -> str:
    """What the line under a table says about how a dose was worked out."""
    return (f"{window_days} days before the index date; daily dose: {definition}, {DEFINITIONS[definition]}; factors: "
            f"{table_title}")


def _known(cells: Cells, timepoint: str, frame: pd.DataFrame) -> str:
    return cells.count(int(frame["dose"].notna().sum()), "people with a dose", population="enrolled",
                       timepoint=timepoint, name=f"{timepoint}_people")


def _quartiles(cells: Cells, timepoint: str, doses: pd.Series, quantile_rule: str,
               **dimensions: str) -> tuple[str, dict[str, str]]:
    return quartiles(cells, doses, quantile_rule, population="enrolled", n=int(doses.notna().sum()), unit=UNIT,
                     absent="nobody with a dose", name="" if dimensions else timepoint + "_{}", timepoint=timepoint,
                     **dimensions)


def _high(cells: Cells, timepoint: str, doses: pd.Series, line: float, known: str) -> tuple[str, dict[str, str]]:
    high = cells.count(int(doses.ge(line).sum()), f"people at or above {line:g} {UNIT}", population="enrolled",
                       timepoint=timepoint, name=f"{timepoint}_high")
    return "{n} ({share})", {"n": high, "share": cells.share(high, known, name=f"{timepoint}_high_share")}


def _changes(cells: Cells, both: pd.DataFrame, everybody: str, column: str) -> None:
    ids = {key: cells.count(int(both["change"].eq(key).sum()), population="enrolled", name=key, change=key)
           for key, _ in _CHANGES}
    ids["lower_or_stopped"] = cells.total([ids["lower"], ids["stopped"]], "people", population="enrolled",
                                          name="lower_or_stopped", change="lower or stopped")
    ids["paired"] = cells.total([ids[key] for key, _ in _CHANGES], "people", population="enrolled", name="paired",
                                change="dose at both time points")
    ids["unpaired"] = cells.count(int(both["change"].eq("").sum()), population="enrolled", name="unpaired",
                                  change="not known")
    rows = (("lower_or_stopped", "Lower or stopped"), *_CHANGES, ("unpaired", "No dose at one time point"))
    for key, label in rows:
        share = cells.share(ids[key], everybody, name=f"{key}_share")
        cells.row(label, {column: ("{n} ({share})", {"n": ids[key], "share": share})},
                  section="At follow-up against baseline, of all enrolled", depth=int(key in ("lower", "stopped")))
