"""Issues of opioids in; each person's day-by-day line of supplies, with milligrams of oral morphine a day, out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.measures.prescribing.issues import NO_DAY, Issues, issues_of
from analysis.measures.prescribing.products import NOT_READABLE, OPIOID
from analysis.measures.prescribing.readings import FAULTY, Readings, read_texts
from analysis.reference.factors import FactorTable

LINE_COLUMNS = ["patient_id", "product", "issued_on", "start", "end", "mg_per_day", "as_required", "once_assumed"]
UNREAD_COLUMNS = ["patient_id", "issued_on", "kind", "reason", "product", "directions"]
_NOTHING = 1e-9  # units that are left over by rounding
DAY = 86_400  # lines run in whole seconds: what follows on then follows on exactly


class DoseLines(NamedTuple):
    """`lines` (LINE_COLUMNS): issues that were read; `unread` (UNREAD_COLUMNS): those that give no dose."""

    lines: pd.DataFrame
    unread: pd.DataFrame


class Supplies(NamedTuple):
    """Issues that last, by their row in the record, from `start` to `end` (seconds since 1970, end not included)."""

    row: np.ndarray
    start: np.ndarray
    end: np.ndarray


@dataclass(frozen=True)
class DoseRecord:
    """Issues in the order of person, product, day and text, and what their texts say."""

    issues: Issues
    readings: Readings

    @cached_property
    def usable(self) -> np.ndarray:
        """Which issues have a quantity and a date."""
        return (self.issues.quantity > 0) & (self.issues.day != NO_DAY)

    def supplies(self, range_rule: str, prn_rule: str) -> Supplies:
        """
        When each readable issue begins and ends, where a product's supplies follow each other.

        An issue lasts quantity / units a day, from its date or from when earlier supply of the same product is used up,
        so that collecting early builds a stock. A change of strength is another product and runs beside it. With supply
        lengths d and issue times t in order, end_i = D_i + max over j <= i of (t_j - D_(j-1)), D the running sum of d.
        """
        read, issues = self.readings, self.issues
        units = read.units[range_rule] * read.share(prn_rule)
        lasts = (read.kind == OPIOID) & (read.unreadable == "")
        row = np.flatnonzero(lasts[issues.text] & self.usable)
        text, person = issues.text[row], issues.person[row]
        rate = units[text]
        with np.errstate(divide="ignore", invalid="ignore"):
            days = np.where(rate > 0, issues.quantity[row] / rate, 0.0)
        length = np.rint(days * DAY).astype("int64")
        label = read.label[text]
        follows = np.zeros(len(row), bool)
        follows[1:] = (person[1:] == person[:-1]) & (label[1:] == label[:-1])
        product = np.cumsum(~follows)
        used = np.cumsum(length)
        before = used - length
        earliest = issues.day[row].astype("int64") * DAY - before  # the same shift for all of one product
        start = before + _highest_so_far(earliest, product)
        return Supplies(row, start, start + length)


def dose_record(issues: Issues, readings: Readings | None = None) -> DoseRecord:
    """The record of issues; `readings` where their texts have been read before."""
    read = readings or read_texts(issues.texts)
    issues = _stepped(issues, read)
    day = np.where(issues.day == NO_DAY, -1, issues.day)  # issues without a date last nowhere
    keys = (issues.person, read.label[issues.text], day, issues.text)
    return DoseRecord(issues._taken(_order(keys), issues.people, 0), read)


def _stepped(issues: Issues, read: Readings) -> Issues:
    """The issues, with one whose directions change the dose as so many issues of its day as the supply has steps."""
    changes = np.zeros(len(read.label), bool)
    changes[list(read.steps)] = True
    changing = np.flatnonzero(changes[issues.text] & (issues.quantity > 0))
    kept, pieces = np.ones(len(issues), bool), []
    kept[changing] = False
    for text in np.unique(issues.text[changing]).tolist():
        rows, steps = changing[issues.text[changing] == text], read.steps[text]
        left = issues.quantity[rows].copy()
        for entry, units in steps:
            taken = left if np.isnan(units) else np.minimum(left, units)
            pieces.append((rows[taken > _NOTHING], entry, taken[taken > _NOTHING]))
            left = left - taken
    if not pieces:
        return issues
    row = np.concatenate([np.flatnonzero(kept), *(rows for rows, _, _ in pieces)])
    taken = issues._taken(row, issues.people, 0)
    text = np.concatenate([issues.text[kept], *(np.full(len(rows), entry) for rows, entry, _ in pieces)])
    quantity = np.concatenate([issues.quantity[kept], *(units for _, _, units in pieces)])
    return replace(taken, text=text.astype("int32"), quantity=quantity)


def dose_lines(prescriptions: pd.DataFrame, *, factors: FactorTable, range_rule: str = "maximum",
               prn_rule: str = "full") -> DoseLines:
    """
    Each issue as an interval [start, end) with its mg of oral morphine a day; issues that give none, with kind and
    reason.

    How long an issue lasts: `DoseRecord.supplies`; what its text says: `readings.read_texts`. A fraction of a day
    counts as such. What an analyst would argue about: the rules for ranges and as-required directions set the rate of
    use and with it how long a supply lasts, so "minimum" and "half" stretch the line and a person collecting monthly
    builds a stock; "none" gives as-required issues no length and no dose. Issues of one product on one day follow each
    other, and so do the steps of directions whose dose changes; what is left after a last step with an end is not used.

    `prescriptions`: the canonical table. Raises ValueError for an unknown rule. Kinds of unread issues: "not an
    opioid", "dependence treatment", "no factor", "not readable". Meant for looking at the lines of some people; the
    doses of a study go through the same numbers without them (`dose_windows`).
    """
    record = dose_record(issues_of(prescriptions))
    issues, read = record.issues, record.readings
    given, supplies = read.given(factors, range_rule, prn_rule), record.supplies(range_rule, prn_rule)
    dated = np.where(issues.day == NO_DAY, np.datetime64("NaT"), issues.day.astype("int64").astype("datetime64[D]"))
    every = pd.DataFrame({"patient_id": issues.people[issues.person], "issued_on": dated.astype("datetime64[s]"),
                          "kind": given.kind[issues.text], "reason": given.reason[issues.text],
                          "product": issues.texts["product"].to_numpy()[read.written[issues.text]],
                          "directions": issues.texts["directions"].to_numpy()[read.written[issues.text]]})
    every.loc[(every["kind"] == OPIOID) & ~record.usable, ["kind", "reason"]] = [NOT_READABLE, FAULTY]
    dosed = given.kind[issues.text[supplies.row]] == OPIOID
    row, text = supplies.row[dosed], issues.text[supplies.row[dosed]]
    lines = pd.DataFrame({
        "patient_id": issues.people[issues.person[row]], "product": np.array(read.labels, object)[read.label[text]],
        "issued_on": every["issued_on"].to_numpy()[row], "start": supplies.start[dosed].astype("datetime64[s]"),
        "end": supplies.end[dosed].astype("datetime64[s]"), "mg_per_day": given.mg[text],
        "as_required": read.as_required[text], "once_assumed": read.once_assumed[text]}, columns=LINE_COLUMNS)
    unread = every.loc[(every["kind"] != OPIOID) & ~read.later[issues.text], UNREAD_COLUMNS]
    return DoseLines(lines, unread.sort_values(["patient_id", "issued_on"], kind="stable").reset_index(drop=True))


def _order(keys: tuple[np.ndarray, ...]) -> np.ndarray:
    """The rows in the order of the keys, the first being the most important; by one number where one can hold them."""
    if not len(keys[0]):
        return np.empty(0, "int64")
    packed, space = np.zeros(len(keys[0]), "int64"), 1
    for key in keys:
        low, many = int(key.min()), int(key.max()) - int(key.min()) + 1
        space *= many
        if space >= 2**63:
            return np.lexsort(keys[::-1])
        packed = packed * many + (key.astype("int64") - low)
    return np.argsort(packed, kind="stable")


def _highest_so_far(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """The running maximum within each run of one group; groups are numbered upwards."""
    if not len(values):
        return values
    low, span = int(values.min()), int(values.max()) - int(values.min()) + 1
    if span * (int(group[-1]) + 1) < 2**62:  # each group above all before it: one run over everything
        lifted = group * span
        return np.maximum.accumulate(values - low + lifted) - lifted + low
    return pd.Series(values).groupby(group).cummax().to_numpy()
