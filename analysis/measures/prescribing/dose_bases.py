"""Issues in; the dose from directions beside that from quantities over days of supply and over gaps, out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.prescribing.dose_windows import (
    NO_ISSUE,
    PARTIAL,
    UNREAD,
    Rules,
    standing,
)
from analysis.measures.prescribing.doses import LABELS, PRESCRIBED, SEVERAL, TIMEPOINTS, UNCONTROLLED, UNIT, paired
from analysis.measures.prescribing.issues import NO_DAY, issues_of
from analysis.measures.prescribing.products import NOT_OPIOID, NOT_READABLE, OPIOID
from analysis.measures.prescribing.readings import quantity_misfit, read_texts
from analysis.measures.quartiles import PATTERN, quartiles
from analysis.measures.summary import About, Summary

DIRECTIONS, SUPPLY, GAP = "directions", "days of supply", "gap"
BASES: Mapping[str, str] = {
    DIRECTIONS: "What the directions say: the dose of the other tables",
    SUPPLY: "Quantity over the days of supply on record",
    GAP: "Quantity over the days to the next issue of the product",
}
NO_LENGTH = "how long an issue lasted is not known"
FAR = 0.2  # of the dose from directions: what is issued beside what is directed, this package's choice
LOWER, COLUMN = 0.1, "Lower by at least 10%, or stopped, of both"  # gaps differ by days: any difference says nothing
# What such a row does to doses by what was issued, beside what it does to all.
LASTS = ("By gaps, the issue before such a row lasts as long as all of them where it is dated by the last; by days of "
         "supply, it gives several times the dose unless its days were multiplied as well.")


def issued(prescriptions: pd.DataFrame, rules: Rules, names: Mapping[str, str]) -> pd.DataFrame:
    """
    patient_id, product, day, mg (of oral morphine in the whole issue), days_supply and what (a kind of product) of each
    issue. Directions are not asked: an issue "as directed" is worth as much as another. A patch is worth its wear.
    """
    issues = issues_of(prescriptions)
    read = read_texts(issues.texts, names)
    equivalent = read.equivalents(rules.factors) * np.array([one.wear_days or 1.0 for one in read.products], float)
    what = read.kind.copy()
    units = issues.texts["unit"].str.casefold()
    for text, (product, unit) in enumerate(zip(read.products[:len(units)], units, strict=True)):
        if product.kind == OPIOID and quantity_misfit(product, unit):
            what[text] = NOT_READABLE
    what = np.where((what == OPIOID) & np.isnan(equivalent), PARTIAL, what)[issues.text]
    usable = (issues.quantity > 0) & (issues.day != NO_DAY)
    known = prescriptions["patient_id"].notna()
    days = pd.to_numeric(prescriptions.get("days_supply", pd.Series(np.nan, prescriptions.index)))[known]
    return pd.DataFrame({
        "patient_id": issues.people[issues.person], "product": np.array(read.labels, object)[read.label[issues.text]],
        "day": issues.day.astype("int64"), "mg": issues.quantity * equivalent[issues.text],
        "days_supply": days.to_numpy(float), "what": np.where((what == OPIOID) & ~usable, NOT_READABLE, what)})


def basis_doses(record: pd.DataFrame, index_dates: pd.Series, window_days: int, patients: pd.DataFrame, *, basis: str,
                data_cut: object = None) -> pd.DataFrame:
    """
    patient_id, dose and reason of each of `index_dates`: mg a day over the window before it, on a basis of BASES.

    `record` is what `issued` gave. By days of supply an issue lasts as long as the record says, after what came before
    it of the same product; by the gap until the next issue of it. The last issue, and one with no other within a
    window, last as long as gaps of that person and product do in the middle; one that was issued once only has no
    length. Whoever has an issue without a length, of an opioid without a factor or one that cannot be read in the
    window, or as long before it, has no dose.
    """
    lines = (_by_supply if basis == SUPPLY else _by_gap)(record[record["what"] == OPIOID], window_days)
    people = pd.Index(index_dates.index.astype(object))
    last = pd.to_datetime(index_dates)
    at = pd.Series((last - pd.Timestamp("1970-01-01")).dt.days.to_numpy(float), people)

    def index_of(whose: pd.Series) -> pd.Series:
        return pd.Series(at.reindex(whose).to_numpy(float), whose.index)

    ends = index_of(lines["patient_id"])
    inside = (np.minimum(lines["end"], ends) - np.maximum(lines["start"], ends - window_days)).clip(lower=0)
    dose = (inside * lines["mg"] / (lines["end"] - lines["start"])).groupby(lines["patient_id"]).sum() / window_days
    unknown = lines[lines["end"].isna()]
    tests = {UNREAD: record[record["what"] == NOT_READABLE], PARTIAL: record[record["what"] == PARTIAL],
             NO_LENGTH: unknown}
    reason = pd.Series(standing(index_dates, window_days, patients, data_cut), people)
    for words, rows in tests.items():
        before = index_of(rows["patient_id"]) - rows["day"]
        near = set(rows.loc[before.gt(0) & before.le(2 * window_days), "patient_id"])
        reason = reason.mask(reason.eq("") & people.isin(near), words)
    seen = set(record.loc[record["what"] != NOT_OPIOID, "patient_id"])
    reason = reason.mask(reason.eq("") & ~people.isin(seen), NO_ISSUE)
    doses = dose.reindex(people).fillna(0.0).where(reason.eq("")).round(6)
    return pd.DataFrame({"patient_id": people, "dose": doses.to_numpy(float), "reason": reason.to_numpy()})


def _by_gap(record: pd.DataFrame, window_days: int) -> pd.DataFrame:
    """Issues of one product on one day as one, from its day until the next of them; `end` is missing where unknown."""
    lines = record.groupby(["patient_id", "product", "day"], as_index=False)["mg"].sum()
    of_one = lines.groupby(["patient_id", "product"])["day"]
    gap = (of_one.shift(-1) - lines["day"]).where(lambda days: days <= window_days)
    middle = gap.groupby([lines["patient_id"], lines["product"]]).transform("median")
    return lines.assign(start=lines["day"], end=lines["day"] + gap.fillna(middle))


def _by_supply(record: pd.DataFrame, window_days: int) -> pd.DataFrame:
    """Each issue from its day, or from when earlier supply of the product is used up, for its days of supply."""
    lines = record.sort_values(["patient_id", "product", "day"], kind="stable").reset_index(drop=True)
    days = lines["days_supply"].where(lines["days_supply"] > 0)
    keys = [lines["patient_id"], lines["product"]]
    used = days.fillna(0).groupby(keys).cumsum()
    before = used - days.fillna(0)
    start = before + (lines["day"] - before).groupby(keys).cummax()
    return lines.assign(start=start, end=start + days)


def dose_bases(doses: Mapping[str, Mapping[str, pd.DataFrame]], *, window_days: int, table_title: str,
               quantile_rule: str = "type 7", labels: tuple[str, str] = LABELS,
               several: pd.DataFrame | None = None) -> Summary:
    """
    The dose by each basis: what was directed beside what was issued. `doses`: basis of BASES -> time point -> frame;
    `several`: the people (`person`) behind rows that may be several issues, None where nobody looked for such.

    The three answer different questions: what a person was told to take, what the pharmacy's label lasts for, and how
    quickly they came back for more. Where they part, directions are out of date, or more or less was used.
    """
    cells = Cells("dose bases")
    cells.people("enrolled", len(next(iter(doses.values()))["baseline"]), name="enrolled")
    for basis, frames in doses.items():
        both = paired(frames["baseline"], frames["follow_up"])
        entries = {}
        for timepoint, label in zip(TIMEPOINTS, labels, strict=True):
            known = both[timepoint].dropna()
            _, ids = quartiles(cells, known, quantile_rule, population="enrolled", n=len(known), unit=UNIT,
                               absent="nobody with a dose", name=f"{basis}_{timepoint}_{{}}".replace(" ", "_"),
                               timepoint=timepoint, basis=basis)
            n = cells.count(len(known), "people with a dose", population="enrolled", timepoint=timepoint, basis=basis)
            entries[label] = (f"{PATTERN}, n = {{n}}", {**ids, "n": n})
        pair = cells.count(int(both["change"].ne("").sum()), "people with both doses", population="enrolled",
                           basis=basis)
        part = (1 - both["follow_up"] / both["baseline"].where(both["baseline"] > 0)).round(9)
        lower = cells.count(int(part.ge(LOWER).sum()), "lower by at least 10%, or stopped", population="enrolled",
                            basis=basis)
        entries[COLUMN] = ("{n} of {of} ({share})", {
            "n": lower, "of": pair, "share": cells.share(lower, pair)})
        cells.row(BASES[basis], entries)
    if several is not None:
        whose = {t: (frame["dose"].notna() & frame["patient_id"].isin(several["person"])).sum()
                 for t, frame in list(doses.values())[-1].items()}
        cells.row("Of these, with a row that may be several issues", {label: ("{n}", {"n": cells.count(
            int(whose[t]), population="enrolled", timepoint=t, record="several issues in one row")})
            for t, label in zip(TIMEPOINTS, labels, strict=True)}, depth=1)
    for basis in list(doses)[1:]:
        _beside(cells, doses[DIRECTIONS], doses[basis], basis, labels)
    return cells.summary("Prescribed opioid dose by what it rests on, mg a day", About(
        "people enrolled", "medians: people with a dose at that time point; shares: as each row says",
        missing="people without a dose on a basis are left out of its medians: one unreadable line, one opioid without "
        "a factor, or one issue whose length is not known in the window, or as long before it",
        window=f"the {window_days} days before the index date, averaged over all of them (D3); factors: {table_title}"),
        notes=(PRESCRIBED, UNCONTROLLED, *((SEVERAL, LASTS) if several is not None else ())), stub="Basis",
        columns=(*labels, COLUMN))


def _beside(cells: Cells, directed: Mapping[str, pd.DataFrame], other: Mapping[str, pd.DataFrame], basis: str,
            labels: tuple[str, str]) -> None:
    """How many people's dose on a basis is about that of their directions, or more, or less, at each time point."""
    rows: dict[str, dict] = {"About as much (within 20%)": {}, "Over 20% more": {}, "Over 20% less": {}}
    for timepoint, label in zip(TIMEPOINTS, labels, strict=True):
        both = directed[timepoint][["patient_id", "dose"]].merge(
            other[timepoint][["patient_id", "dose"]], on="patient_id", suffixes=("_said", "_had")).dropna()
        said, had = both["dose_said"], both["dose_had"]
        more, less = had.gt((1 + FAR) * said), had.lt((1 - FAR) * said)
        counts = [cells.count(int(which.sum()), population="enrolled", timepoint=timepoint, basis=basis, beside=words)
                  for words, which in zip(rows, (~more & ~less, more, less), strict=True)]
        whole = cells.total(counts, "people with both", population="enrolled", timepoint=timepoint, basis=basis)
        for words, one in zip(rows, counts, strict=True):
            rows[words][label] = ("{n} ({share})", {"n": one, "share": cells.share(one, whole)})
    for words, entries in rows.items():
        cells.row(words, entries, section=f"{BASES[basis]}, beside the directions")
