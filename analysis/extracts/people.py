"""Delivered extracts in; whom each of their rows is about, out."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.extracts.read import FILE, ROW, Delivered

PERSON = ("patient_id", "person", "participant_id")


def identities(extract: Delivered, name: str, delivered: Mapping[str, Delivered]) -> pd.Series:
    """A column as our ids: another system's number is exchanged for the patient_id that it belongs to."""
    column = extract.plan.column(name)
    if not column.through:
        return extract.frame[name]
    identifiers = delivered[column.through]
    return extract.frame[name].map(identifiers.patients_by(identifiers.plan.number_column(column)))


def people_of_rows(extract: Delivered, delivered: Mapping[str, Delivered]) -> pd.Series:
    """The person of each row of an extract, in the order of its frame; missing where the row names none."""
    column = next((c for c in PERSON if c in extract.frame), None)
    if column is None:
        return pd.Series([None] * len(extract.frame), index=extract.frame.index, dtype=object)
    return identities(extract, column, delivered).astype(object)


def with_person(faults: pd.DataFrame, delivered: Mapping[str, Delivered]) -> pd.DataFrame:
    """The faults with the `person` that each is about, for counting people behind them: never for the query log."""
    whose: dict[tuple, object] = {}
    for name, extract in delivered.items():
        if (named := extract.rows_named(faults)).any():
            rows = extract.frame[named]
            whose |= {(name, file, row): person for file, row, person in zip(
                rows[FILE], rows[ROW], people_of_rows(extract, delivered)[named], strict=True)}
    keys = zip(faults["extract"], faults["file"], faults["row"], strict=True)
    return faults.assign(person=pd.Series([whose.get(key) for key in keys], index=faults.index, dtype="str"))
