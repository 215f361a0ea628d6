"""Text tables in, canonical types out: a cell that is not what its column must be becomes missing, never an error."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from analysis.extracts.column_plan import ColumnPlan
from analysis.extracts.people import identities
from analysis.extracts.read import FILE, ROW, Delivered
from analysis.extracts.tables import TABLES


def typed(extract: Delivered, text: pd.DataFrame, delivered: Mapping[str, Delivered]) -> pd.DataFrame:
    """Some rows of an extract under our names and types, with their source; a questionnaire's items left aside."""
    made = text[[FILE, ROW]].copy()
    for column in extract.plan.columns:
        if column.value:
            made[column.name] = column.value
        elif column.through:
            made[column.name] = identities(extract, column.name, delivered).loc[text.index]
        else:
            made[column.name] = _values(column, text[column.name])
    if extract.plan.table.name == "contacts" and "minutes" in made:
        # Minutes of a contact that nobody attended are a slip of the pen: missing, and noted.
        made["minutes"] = made["minutes"].where(made["attendance"] == "attended")
    return made


def _values(column: ColumnPlan, text: pd.Series) -> pd.Series:
    if column.codes:
        return text.map(column.codes).astype("str")
    if column.type == "date":
        days = moments(text, column.format).dt.normalize()  # a time of day would be "after" its own day
        return days.dt.year.astype("Int64") if column.name == "birth_year" else days.astype("datetime64[s]")
    if column.type == "integer":
        return whole_numbers(text)
    if column.type == "number":
        return pd.to_numeric(text, errors="coerce").astype("float64")
    return text


def moments(text: pd.Series, format: str) -> pd.Series:
    """The moments that texts of a format tell; missing where one does not. Each different text is read once."""
    number, texts = pd.factorize(text)
    return pd.Series(pd.to_datetime(texts, format=format, errors="coerce")).reindex(number).set_axis(text.index)


def among(text: pd.Series, known: Collection[str]) -> pd.Series:
    """Which texts are known; a missing one is not. `isin` would make something else of each known one first."""
    number, texts = pd.factorize(text)
    found = np.array([one in known for one in texts.tolist()] + [False])  # the last is that of a missing text
    return pd.Series(found[number], index=text.index)


def whole_numbers(text: pd.Series) -> pd.Series:
    """
    The whole numbers of a text column; missing where the text is none.

    They were checked before: only a study that lets a broken rule pass, with its reason, has any to lose here.
    """
    whole = text.str.fullmatch(r"-?[0-9]{1,18}").fillna(False)
    return pd.to_numeric(text.where(whole), errors="coerce").astype("Int64")


def as_answers(extract: Delivered, text: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    """A questionnaire with one column an item, as one row an item. A blank answer stays, as missing."""
    frames = []
    for instrument, items in extract.plan.items.items():
        for number, item in zip(extract.plan.scales[instrument].items, items, strict=True):
            answers = whole_numbers(text[f"{instrument}:{item}"])
            timepoint = made.get("timepoint", extract.plan.timepoint)
            frames.append(made.assign(instrument=instrument, timepoint=timepoint, item=number, answer=answers))
    return pd.concat(frames, ignore_index=True)


def complete(name: str, frames: list[pd.DataFrame]) -> pd.DataFrame:
    """The frames of one table as one, every canonical column in type and order; one not delivered is all missing."""
    frame = pd.concat(frames, ignore_index=True)
    empty = {"date": "datetime64[s]", "integer": "Int64", "number": "float64"}
    for column in TABLES[name].columns:
        if column.name not in frame:
            frame[column.name] = pd.Series([None] * len(frame), dtype=empty.get(column.type, "str"))
    tail = [c for c in (FILE, ROW) if c in frame]
    return frame[[*TABLES[name].names, *tail]]
