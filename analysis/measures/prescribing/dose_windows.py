"""The lines of doses and each person's index date in; four daily doses in a window, or why there is none, out."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.measures.prescribing.dose_line import DAY, DoseRecord, Supplies, dose_record
from analysis.measures.prescribing.issues import NO_DAY, Issues
from analysis.measures.prescribing.products import NOT_OPIOID, NOT_READABLE, OPIOID
from analysis.measures.prescribing.readings import Readings, read_texts
from analysis.reference.factors import FactorTable

# Dasgupta et al. 2021 (Clin J Pain 37:565-574, PMC8270512), definitions 1 to 4.
DEFINITIONS: Mapping[str, str] = {
    "D1": "total mg over the days supplied, overlapping days counted as often as supplied",
    "D2": "total mg over the days with any supply",
    "D3": "total mg over all days of the window",
    "D4": "the highest dose on any day of the window",
}

# Reasons a person has no dose in a window, in the order in which they are given.
NO_INDEX, NOT_LISTED, LATE, DIED, LEFT, WITHDREW, JOINED, UNREAD, PARTIAL, NO_ISSUE = (
    "no index date", "not on the patient list", "not reached by the data cut", "died before the index date",
    "left the practice before the index date", "withdrew before the index date", "registered after the window began",
    "a line that cannot be read",
    "an opioid without a factor", "no issue on record")

DIGITS = 6  # of a dose: sums are of whole millionths of a mg, so that no order of the rows makes a difference
_MICRO = 10**DIGITS
_NEVER = np.iinfo("int64").min // 4
_SIZE = 1_000_000  # issues looked at together: what bounds the memory
_GIVES, _OTHER, _APART, _UNREAD = range(4)


@dataclass(frozen=True)
class Rules:
    """What a dose is worked out by: factor table, rule for ranges, rule for as-required directions."""

    factors: FactorTable
    range_rule: str = "maximum"
    prn_rule: str = "full"


class Seen(NamedTuple):
    """
    Of each person of a record: the doses (a column for each of DEFINITIONS), and whether an issue could not be read, or
    has no factor, in or shortly before the window; whether there is any issue of an opioid on record.
    """

    doses: np.ndarray
    unreadable: np.ndarray
    apart: np.ndarray
    any_issue: np.ndarray


class Parts(NamedTuple):
    """The parts of supplies inside each person's window, in the order of person and start: seconds since 1970."""

    person: np.ndarray
    text: np.ndarray
    start: np.ndarray
    end: np.ndarray


def window_doses(issues: Issues, index_dates: pd.Series, window_days: int, patients: pd.DataFrame, *, rules: Rules,
                 data_cut: object = None, readings: Readings | None = None, size: int = _SIZE) -> pd.DataFrame:
    """
    The four daily doses of Dasgupta 2021 over the window that ends the day before each person's index date.

    Returns patient_id, D1, D2, D3, D4 (mg a day) and reason, one row for each of `index_dates` (patient_id -> date).
    Supply issued before the window is carried in. 0 is said only of a person who was alive and registered throughout,
    has an issue on record, and whose supply was used up, under all four definitions, though D1 and D2 then divide by
    no day; anyone else has missing doses and one of MISSING as reason. A missing registration date counts as
    registered: the record exists. An unread opioid line issued in the window, or as long before it, makes the dose
    missing, since it would be too low.

    `patients`: patient_id, registered_on, deregistered_on, died_on, withdrew_on. `data_cut`: the last day of the
    records. `size`: how many issues are looked at together; the answer does not depend on it.
    """
    people = pd.Index(index_dates.index.astype(object))
    index = seconds(index_dates)
    doses = np.zeros((len(people), len(DEFINITIONS)))
    unreadable, apart, any_issue = (np.zeros(len(people), bool) for _ in range(3))
    read = readings or read_texts(issues.texts)

    def look(part: Issues) -> None:
        at = people.get_indexer(part.people)
        asked = np.flatnonzero(at >= 0)
        dates = np.full(len(part.people), _NEVER)
        dates[asked] = index[at[asked]]
        record = dose_record(part, read)
        seen = seen_in(record, record.supplies(rules.range_rule, rules.prn_rule), dates, window_days, rules)
        for whole, one in zip((doses, unreadable, apart, any_issue), seen, strict=True):
            whole[at[asked]] = one[asked]

    with ThreadPoolExecutor(2) as pool:  # numpy lets go of the interpreter while it sorts and adds
        list(pool.map(look, issues.by_people(size)))
    reason = reasons(standing(index_dates, window_days, patients, data_cut), unreadable, apart, any_issue)
    doses[reason != ""] = np.nan
    return pd.DataFrame({"patient_id": people, **{d: doses[:, k] for k, d in enumerate(DEFINITIONS)},
                         "reason": reason})


def seen_in(record: DoseRecord, supplies: Supplies, index: np.ndarray, window_days: int, rules: Rules) -> Seen:
    """What a record shows before `index` (seconds since 1970, of each of its people) under the rules."""
    given = record.readings.given(rules.factors, rules.range_rule, rules.prn_rule)
    what = np.select([given.kind == OPIOID, given.kind == NOT_OPIOID, given.kind == NOT_READABLE],
                     [_GIVES, _OTHER, _UNREAD], _APART)
    micro = np.where(given.kind == OPIOID, np.rint(np.nan_to_num(given.mg) * _MICRO), -1).astype("int64")
    found = parts_in(record, supplies, index, window_days)
    found = Parts(*(column[micro[found.text] >= 0] for column in found))
    return Seen(definitions(found, micro, len(index), window_days),
                *near_misses(record, what, index, window_days))


def parts_in(record: DoseRecord, supplies: Supplies, index: np.ndarray, window_days: int) -> Parts:
    """The parts of supplies inside the windows that end before `index`."""
    person = record.issues.person[supplies.row]
    ends = index[person]
    start = np.maximum(supplies.start, ends - window_days * DAY)
    end = np.minimum(supplies.end, ends)
    inside = np.flatnonzero(end > start)
    person, start, end = person[inside], start[inside], end[inside]
    low = start.min() if len(start) else 0
    order = np.argsort(person * ((start.max() if len(start) else 0) - low + 1) + (start - low), kind="stable")
    return Parts(person[order], record.issues.text[supplies.row[inside[order]]], start[order], end[order])


def definitions(parts: Parts, micro: np.ndarray, people: int, window_days: int) -> np.ndarray:
    """
    D1 to D4 of each person, in mg a day; `micro` is the rate of each text in millionths of a mg a day.

    Whole numbers throughout, so that sums are exact. They differ threefold on the same records (Dasgupta 2021).
    """
    rate, length = micro[parts.text], parts.end - parts.start
    bounds = np.searchsorted(parts.person, np.arange(people + 1))
    total, supplied = _sums(rate * length, bounds), _sums(length, bounds)
    first = np.ones(len(length), bool)
    first[1:] = parts.person[1:] != parts.person[:-1]
    # A running maximum over all people serves each of them: their numbers stand one above the other.
    low = parts.start.min() if len(length) else 0
    lift = parts.person.astype("int64") * ((parts.end.max() if len(length) else 0) - low + 1) - low
    reached = np.maximum.accumulate(parts.end + lift) if len(length) else lift
    new = parts.end - parts.start
    new[1:] = np.clip((parts.end + lift)[1:] - np.maximum((parts.start + lift)[1:], reached[:-1]), 0, None)
    new[first] = length[first]
    covered = _sums(new, bounds)
    with np.errstate(divide="ignore", invalid="ignore"):
        doses = np.column_stack([np.where(supplied > 0, total / supplied, 0.0),
                                 np.where(covered > 0, total / covered, 0.0), total / (window_days * DAY),
                                 _highest(parts, rate, lift, bounds)])
    return np.round(doses / _MICRO, DIGITS)


def _highest(parts: Parts, rate: np.ndarray, lift: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """The highest sum of rates at any time: what ends is taken off before what starts at that second is put on."""
    many = len(rate)
    highest = np.zeros(len(bounds) - 1)
    if not many:
        return highest
    order = np.argsort(np.concatenate([2 * (parts.start + lift) + 1, 2 * (parts.end + lift)]), kind="stable")
    running = np.cumsum(np.concatenate([rate, -rate])[order])  # nought again after each person
    there = np.flatnonzero(bounds[1:] > bounds[:-1])
    highest[there] = np.maximum.reduceat(running, 2 * bounds[there])
    return highest


def near_misses(record: DoseRecord, what: np.ndarray, index: np.ndarray, window_days: int) -> tuple[np.ndarray, ...]:
    """Of each person: an unreadable line near the window; one without a factor; any line of an opioid on record."""
    issues = record.issues
    kind = what[issues.text]
    kind[(kind == _GIVES) & ~record.usable] = _UNREAD
    people = len(index)
    any_issue = np.zeros(people, bool)
    any_issue[issues.person[kind != _OTHER]] = True
    row = np.flatnonzero(kind >= _APART)
    person, day = issues.person[row], issues.day[row].astype("int64") * DAY
    near = (issues.day[row] != NO_DAY) & (day < index[person]) & (day >= index[person] - 2 * window_days * DAY)
    unreadable, apart = np.zeros(people, bool), np.zeros(people, bool)
    unreadable[person[near & (kind[row] == _UNREAD)]] = True
    apart[person[near & (kind[row] == _APART)]] = True
    return unreadable, apart, any_issue


def reasons(standing: np.ndarray, unreadable: np.ndarray, apart: np.ndarray, any_issue: np.ndarray) -> np.ndarray:
    """One of MISSING, or nothing, of each person: `standing` (see there) first, then what their issues show."""
    return np.select([standing != "", unreadable, apart, ~any_issue], [standing, UNREAD, PARTIAL, NO_ISSUE], default="")


def standing(index_dates: pd.Series, window_days: int, patients: pd.DataFrame, data_cut: object = None) -> np.ndarray:
    """Why a person cannot be seen throughout the window, whatever their issues; nothing where they can."""
    index = pd.to_datetime(index_dates)
    dates = ["registered_on", "deregistered_on", "died_on", "withdrew_on"]
    listed = patients.drop_duplicates("patient_id").set_index("patient_id").reindex(columns=dates)
    there = index.index.isin(listed.index)
    listed = listed.apply(pd.to_datetime).reindex(index.index)  # a column that was not delivered has no type
    last, begins = index - pd.Timedelta(days=1), index - pd.Timedelta(days=window_days)
    tests = {
        NO_INDEX: index.isna(),
        NOT_LISTED: ~there,
        LATE: last > (pd.Timestamp.max if data_cut is None else pd.Timestamp(data_cut)),
        DIED: listed["died_on"].le(last),
        LEFT: listed["deregistered_on"].le(last),
        WITHDREW: listed["withdrew_on"].lt(last),  # issues of the day itself are on record; later ones were taken out
        JOINED: listed["registered_on"].gt(begins),
    }
    return np.select([np.asarray(test, dtype=bool) for test in tests.values()], list(tests), default="").astype(object)


def seconds(dates: pd.Series) -> np.ndarray:
    """Seconds since 1970, and long before anything where there is no date."""
    dates = pd.to_datetime(dates)
    seconds = dates.astype("datetime64[s]").astype("int64").to_numpy()
    return np.where(dates.isna(), _NEVER, seconds)


def _sums(values: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """The sum of each person's values, which stand between their bounds."""
    running = np.concatenate([[0], np.cumsum(values)])
    return running[bounds[1:]] - running[bounds[:-1]]
