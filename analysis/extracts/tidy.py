"""Checked text tables in, canonical tables out: names, types and codes of the field; copies and late rows left out."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.errors import Mistake
from analysis.extracts.people import identities, people_of_rows
from analysis.extracts.plan import ColumnPlan
from analysis.extracts.read import FILE, ROW, Delivered
from analysis.extracts.tables import TABLES

ROWS = ["extract", "table", "delivered", "repeated", "after_data_cut", "kept", "people", "repeated_people",
        "after_data_cut_people", "kept_people"]
EXCLUDING = {"row not repeated": "repeated", "before the data cut": "after_data_cut"}


def tidy(delivered: Mapping[str, Delivered], faults: pd.DataFrame) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """
    The canonical tables by name, each row with its source file and line, and the balance of rows of every extract.

    Rows with a fault of severity 'excluded' are left out and counted by reason: delivered = kept + reasons, always.
    Numbers of other systems are exchanged for the patient_id and go no further: no tidy table holds an NHS number.
    """
    parts: dict[str, list[pd.DataFrame]] = {}
    balance = []
    for name, extract in delivered.items():
        excluded = faults[(faults["extract"] == name) & (faults["severity"] == "excluded")]
        reasons = excluded.drop_duplicates(["file", "row"]).set_index(["file", "row"])["rule"]
        kept = extract.frame[~pd.MultiIndex.from_frame(extract.frame[[FILE, ROW]]).isin(reasons.index)]
        typed = _typed(extract, kept, delivered)
        if extract.plan.items:
            typed = _long(extract, kept, typed)
        parts.setdefault(extract.plan.table.name, []).append(typed)
        who = people_of_rows(extract, delivered)
        rule_of = pd.Series(pd.MultiIndex.from_frame(extract.frame[[FILE, ROW]]).map(reasons), index=who.index)
        balance.append([name, extract.plan.table.name, len(who), *((rule_of == rule).sum() for rule in EXCLUDING),
                        len(kept), who.nunique(dropna=False),
                        *(who[rule_of == rule].nunique(dropna=False) for rule in EXCLUDING),
                        who[rule_of.isna()].nunique(dropna=False)])
    tables = {name: _complete(name, frames) for name, frames in parts.items() if name != "identifiers"}
    if "consents" in tables and tables["consents"]["status"].eq("withdrawn").any():
        raise Mistake("somebody has withdrawn consent, and this version cannot yet act on a withdrawal by its scope",
                      remedy="take the person's rows out of the extracts before they are read; nothing was published")
    return tables, pd.DataFrame(balance, columns=ROWS)


def due_timepoints(tables: Mapping[str, pd.DataFrame], timepoints: Mapping[str, Mapping], instruments: list[str],
                   data_cut) -> pd.DataFrame:
    """
    The table of time points that were due, for a service that does not deliver one.

    One row per enrolled person, instrument and time point: due so many weeks after the first episode began; returned
    if any item was answered; else died, left (deregistered), not yet due at the data cut, or not returned.
    """
    episodes = tables["episodes"].sort_values("started_on").drop_duplicates("patient_id")
    people = episodes[["patient_id", "started_on"]].merge(
        tables["patients"][["patient_id", "died_on", "deregistered_on"]], how="left", on="patient_id")
    answered = tables["responses"].dropna(subset=["answer"])
    returned = set(zip(answered["patient_id"], answered["instrument"], answered["timepoint"], strict=True))
    rows = []
    for timepoint, said in timepoints.items():
        due = people["started_on"] + pd.Timedelta(weeks=said["weeks"])
        for person, day, died, left in zip(people["patient_id"], due, people["died_on"], people["deregistered_on"],
                                           strict=True):
            for instrument in instruments:
                outcome = ("returned" if (person, instrument, timepoint) in returned
                           else "died" if pd.notna(died) and died <= day
                           else "left" if pd.notna(left) and left <= day
                           else "not yet due" if day > pd.Timestamp(data_cut) else "not returned")
                rows.append([person, instrument, timepoint, day, outcome])
    return _complete("timepoints", [
        pd.DataFrame(rows, columns=["patient_id", "instrument", "timepoint", "due_on", "outcome"])])


def _typed(extract: Delivered, text: pd.DataFrame, delivered: Mapping[str, Delivered]) -> pd.DataFrame:
    typed = text[[FILE, ROW]].copy()
    for column in extract.plan.columns:
        if column.value:
            typed[column.name] = column.value
        elif column.through:
            typed[column.name] = identities(extract, column.name, delivered).loc[text.index]
        else:
            typed[column.name] = _values(column, text[column.name])
    if extract.plan.table.name == "contacts" and "minutes" in typed:
        # Minutes of a contact that nobody attended are a slip of the pen: missing, and noted.
        typed["minutes"] = typed["minutes"].where(typed["attendance"] == "attended")
    return typed


def _values(column: ColumnPlan, text: pd.Series) -> pd.Series:
    if column.codes:
        return text.map(column.codes).astype("str")
    if column.type == "date":
        days = pd.to_datetime(text, format=column.format).dt.normalize()  # a time of day would be "after" its own day
        return days.dt.year.astype("Int64") if column.name == "birth_year" else days.astype("datetime64[s]")
    if column.type == "integer":
        return pd.to_numeric(text).astype("Int64")
    if column.type == "number":
        return pd.to_numeric(text).astype("float64")
    return text


def _long(extract: Delivered, text: pd.DataFrame, typed: pd.DataFrame) -> pd.DataFrame:
    """A questionnaire with one column an item, as one row an item. A blank answer stays, as missing."""
    frames = []
    for instrument, items in extract.plan.items.items():
        for number, item in enumerate(items, 1):
            answers = pd.to_numeric(text[f"{instrument}:{item}"]).astype("Int64")
            timepoint = typed.get("timepoint", extract.plan.timepoint)
            frames.append(typed.assign(instrument=instrument, timepoint=timepoint, item=str(number), answer=answers))
    return pd.concat(frames, ignore_index=True)


def _complete(name: str, frames: list[pd.DataFrame]) -> pd.DataFrame:
    """The frames of one table as one, every canonical column in type and order; one not delivered is all missing."""
    frame = pd.concat(frames, ignore_index=True)
    empty = {"date": "datetime64[s]", "integer": "Int64", "number": "float64"}
    for column in TABLES[name].columns:
        if column.name not in frame:
            frame[column.name] = pd.Series([None] * len(frame), dtype=empty.get(column.type, "str"))
    tail = [c for c in (FILE, ROW) if c in frame]
    return frame[[*TABLES[name].names, *tail]]
