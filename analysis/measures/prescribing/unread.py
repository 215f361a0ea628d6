"""Prescriptions in; the rows that give no dose though they may be of an opioid, by file, line and reason, out."""

from __future__ import annotations

import pandas as pd

from analysis.measures.prescribing.dose_windows import Rules
from analysis.measures.prescribing.doses import unread_reasons
from analysis.measures.prescribing.issues import issues_of
from analysis.measures.prescribing.products import NOT_READABLE
from analysis.measures.prescribing.readings import NO_FACTOR, Readings

WHERE = {"source_file": "file", "source_row": "row"}
COLUMNS = [*WHERE.values(), "kind", "reason"]


def unread_rows(prescriptions: pd.DataFrame, readings: Readings, rules: Rules) -> pd.DataFrame:
    """
    file, row, kind ("not readable", "no factor") and reason of each issue without a dose, in the order of the files.

    Nothing else of the row is repeated: whoever holds the file finds the line there. `readings` are of the issues'
    texts as `issues_of` tells them apart.
    """
    issues = issues_of(prescriptions)
    kind, reason = unread_reasons(issues, readings, rules)
    told = prescriptions[prescriptions["patient_id"].notna()][list(WHERE)].rename(columns=WHERE)
    told = told.assign(kind=kind, reason=reason)
    told = told[told["kind"].isin([NOT_READABLE, NO_FACTOR])]
    return told.sort_values(["file", "row"], kind="stable")[COLUMNS].reset_index(drop=True)
