"""Issues and index dates in; what doses say under every factor table, rule, window and definition, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np
import pandas as pd

from analysis.measures.prescribing.directions import PRN_RULES, RANGE_RULES
from analysis.measures.prescribing.dose_line import dose_record
from analysis.measures.prescribing.dose_windows import DEFINITIONS, Rules, Seen, reasons, seconds, seen_in, standing
from analysis.measures.prescribing.issues import Issues
from analysis.measures.prescribing.readings import Readings
from analysis.measures.statistics.quantiles import quantile
from analysis.reference.factors import FactorTable

WINDOWS = (28, 56, 84, 90, 182)
DIRECTIONS = ("lower", "equal", "higher")
UNKNOWN = "not known"


@dataclass(frozen=True)
class Scenario:
    """One way of working a dose out: each part is a choice that somebody else could have made otherwise."""

    table: str
    prn: str = "full"
    range: str = "maximum"
    window: int = 84
    definition: str = "D3"


@dataclass(frozen=True)
class Found:
    """
    What a scenario says about the people who have a dose at both time points.

    `direction`: -1, 0 or 1 for each of all enrolled, 2 where there is no dose at one of the time points.
    """

    both: int
    median: tuple[float | None, float | None]
    stopped: int
    lower: int
    higher: int
    high: tuple[int, int]
    direction: np.ndarray

    @property
    def median_was(self) -> str:
        """Whether the median was lower, equal or higher at follow-up."""
        return was(*self.median)

    @property
    def high_was(self) -> str:
        """Whether fewer, as many or more were at or above the line at follow-up."""
        return was(*self.high) if self.both else UNKNOWN

    def turned(self, other: Found) -> int:
        """How many people's dose changed in another direction; of those with both doses in both scenarios."""
        known = (self.direction < 2) & (other.direction < 2)
        return int((known & (self.direction != other.direction)).sum())


def was(before: float | None, after: float | None) -> str:
    """lower, equal or higher; not known where a number is missing."""
    if before is None or after is None:
        return UNKNOWN
    return DIRECTIONS[int(np.sign(after - before)) + 1]


@dataclass(frozen=True)
class Grid:
    """
    The scenarios of one study: the choices, and what is needed to work each out.

    `index_dates`: baseline and follow-up, patient_id -> date, of the same people. `tables`: the factor tables by name.
    `own`: the scenario of the definition; its window is among the windows that are tried.
    """

    issues: Issues
    readings: Readings
    index_dates: tuple[pd.Series, pd.Series]
    patients: pd.DataFrame
    tables: Mapping[str, FactorTable]
    own: Scenario
    high_dose: float
    quantile_rule: str = "type 7"
    data_cut: object = None

    @property
    def choices(self) -> dict[str, Sequence]:
        """Field of a scenario -> what can be chosen, the definition's own included."""
        return {"table": list(self.tables), "prn": PRN_RULES, "range": RANGE_RULES,
                "window": sorted({*WINDOWS, self.own.window}), "definition": list(DEFINITIONS)}

    def one_at_a_time(self) -> dict[str, list[Scenario]]:
        """For each field, the scenarios that differ from the definition's own in it alone."""
        return {field: [replace(self.own, **{field: one}) for one in values if one != getattr(self.own, field)]
                for field, values in self.choices.items()}

    @cached_property
    def found(self) -> dict[Scenario, Found]:
        """What every scenario of the grid says; texts are read once, and each line is laid once for its rules."""
        return dict(self._worked_out())

    def _worked_out(self) -> Iterator[tuple[Scenario, Found]]:
        people = pd.Index(self.index_dates[0].index.astype(object))
        record = dose_record(self.issues.of(people), self.readings)
        at = people.get_indexer(record.issues.people)
        stand = {(k, days): standing(index, days, self.patients, self.data_cut)
                 for k, index in enumerate(self.index_dates) for days in self.choices["window"]}
        dates = [seconds(index)[at] for index in self.index_dates]
        for prn, range_rule in product(PRN_RULES, RANGE_RULES):
            supplies = record.supplies(range_rule, prn)
            for table, days in product(self.tables, self.choices["window"]):
                rules = Rules(self.tables[table], range_rule, prn)
                doses = [_spread(seen_in(record, supplies, dates[k], days, rules), at, stand[k, days]) for k in (0, 1)]
                for k, definition in enumerate(DEFINITIONS):
                    yield (Scenario(table, prn, range_rule, days, definition),
                           found(doses[0][:, k], doses[1][:, k], self.high_dose, self.quantile_rule))


def _spread(seen: Seen, at: np.ndarray, stand: np.ndarray) -> np.ndarray:
    """Four doses of each enrolled person, who stands at `at` in the record; nan where there is a reason for none."""
    whole = [np.zeros((len(stand), *column.shape[1:]), column.dtype) for column in seen]
    for column, part in zip(whole, seen, strict=True):
        column[at] = part
    return np.where((reasons(stand, *whole[1:]) != "")[:, None], np.nan, whole[0])


def found(before: np.ndarray, after: np.ndarray, high_dose: float, quantile_rule: str = "type 7") -> Found:
    """What doses at two time points say; nan where a person has none."""
    known = ~(np.isnan(before) | np.isnan(after))
    b, a = before[known], after[known]
    direction = np.full(len(before), 2)
    direction[known] = np.sign(a - b).astype(int)
    return Found(int(known.sum()), (quantile(b, 0.5, quantile_rule), quantile(a, 0.5, quantile_rule)),
                 int(((b > 0) & (a == 0)).sum()), int((a < b).sum()), int((a > b).sum()),
                 (int((b >= high_dose).sum()), int((a >= high_dose).sum())), direction)
