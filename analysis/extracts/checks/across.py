"""Delivered extracts in; for each rule over whole rows, several rows or several tables, the rows that break it, out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.extracts.checks import (
    activity,
    consent,
    identity,
    patches,
    prescriptions,
    questionnaires,
    structure,
    time,
)
from analysis.extracts.checks.seen import EXTRACT, POSITION, Bad, Seen, Whole
from analysis.extracts.read import Delivered

# Of each rule: what of the extracts it looks at, and which rows break it. A subject has a module beside this one.
BREAKS: dict[str, Callable[[Seen], Iterator[Bad | Whole]]] = {
    **structure.BREAKS, **identity.BREAKS, **time.BREAKS, **activity.BREAKS, **prescriptions.BREAKS, **patches.BREAKS,
    **questionnaires.BREAKS, **consent.BREAKS}


@dataclass(frozen=True)
class Finding:
    """One rule held against one extract: which of its rows break it; of a `whole` column or extract, all or none."""

    rule: str
    column: str
    broken: pd.Series
    whole: bool = False


def findings(delivered: Mapping[str, Delivered], rules: Collection[str] | None = None,
             asked: Collection[str] | None = None) -> dict[str, list[Finding]]:
    """
    Extract -> what these rules (all by default) say of its rows, as a column of truths for a stock expectation.

    A rule says nothing of an extract that lacks what it wants. Where only some extracts are `asked`, rules that look
    at each extract by itself look at those; the others are there to be looked into.
    """
    seen = Seen(delivered, asked)
    found: dict[str, list[Finding]] = {name: [] for name in delivered}
    for rule, breaks in BREAKS.items():
        if rules is not None and rule not in rules:
            continue
        for bad in breaks(seen):
            if isinstance(bad, Bad):
                for name, column, broken in _by_extract(bad, delivered):
                    found[name].append(Finding(rule, column, broken))
            else:
                index = delivered[bad.extract].frame.index
                found[bad.extract].append(Finding(rule, bad.column, pd.Series(bad.broken, index=index, dtype=bool),
                                                  whole=True))
    return found


def _by_extract(bad: Bad, delivered: Mapping[str, Delivered]):
    broken = bad.broken.fillna(False).astype(bool)
    for name, rows in bad.rows.groupby(EXTRACT, sort=False):
        if bad.column and ":" not in bad.column and not delivered[name].plan.column(bad.column):
            continue
        positions = rows.loc[broken.loc[rows.index], POSITION]
        index = delivered[name].frame.index
        yield name, bad.column, pd.Series(index.isin(positions), index=index)
