"""Delivered extracts and their faults in; the sites that cannot be reported, and the extracts without them, out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import pandas as pd

from analysis.extracts.column_plan import ColumnPlan
from analysis.extracts.people import identities, people_of_rows
from analysis.extracts.read import FILE, ROW, Delivered


def faulty_sites(delivered: Mapping[str, Delivered], faults: pd.DataFrame, by: str) -> dict[str, list[str]] | None:
    """
    Site -> the rules that its own rows break. None where some blocking fault is in no one site's rows: then nothing
    can be reported, because any site may be touched by it.
    """
    blocking = faults[faults["severity"] == "blocking"]
    where = {name: site_of_rows(name, delivered, by) for name in set(blocking["extract"]) & set(delivered)}
    found: dict[str, set[str]] = {}
    for fault in blocking.itertuples():
        if fault.extract not in where:
            return None
        frame, sites = delivered[fault.extract].frame, where[fault.extract]
        rows = sites[(frame[FILE] == fault.file) & (frame[ROW] == fault.row)] if len(frame) else sites
        site = rows.iloc[0] if len(rows) else _constant(delivered[fault.extract], by)
        if not isinstance(site, str):
            return None
        found.setdefault(site, set()).add(fault.rule)
    return {site: sorted(rules) for site, rules in sorted(found.items())}


def without_sites(delivered: Mapping[str, Delivered], sites: Collection[str], by: str) -> dict[str, Delivered]:
    """The extracts without the rows of these sites; rows that belong to no site stay."""
    kept = {}
    for name, extract in delivered.items():
        stays = ~site_of_rows(name, delivered, by).isin(list(sites)).to_numpy()
        kept[name] = replace(extract, frame=extract.frame[stays].reset_index(drop=True))
        if len(extract.aside):
            alone = {**delivered, name: replace(extract, frame=extract.aside)}
            theirs = site_of_rows(name, alone, by).isin(list(sites)).to_numpy()
            kept[name] = replace(kept[name], aside=extract.aside[~theirs].reset_index(drop=True))
    return kept


def faults_of(delivered: Mapping[str, Delivered], faults: pd.DataFrame) -> pd.DataFrame:
    """The faults whose rows are still among the extracts."""
    there = {(name, file, row) for name, extract in delivered.items()
             for file, row in zip(extract.frame[FILE], extract.frame[ROW], strict=True)}
    stays = [key in there for key in zip(faults["extract"], faults["file"], faults["row"], strict=True)]
    return faults[stays].reset_index(drop=True)


def site_of_rows(name: str, delivered: Mapping[str, Delivered], by: str) -> pd.Series:
    """
    The site of each row of an extract: said by its own column, or that of the patient, participant or interview.

    Missing where the row does not tell. In the order of the frame, as text codes of the definition.
    """
    extract = delivered[name]
    own = _own(extract, by)
    if own is not None:
        return own
    if "interview_id" in extract.frame:
        return extract.frame["interview_id"].map(_interviews(delivered, by))
    return people_of_rows(extract, delivered).map(sites_of_people(delivered, by))


def _own(extract: Delivered, by: str) -> pd.Series | None:
    column = _site_column(extract, by)
    if column is None:
        return None
    if column.value:
        return pd.Series(column.value, index=extract.frame.index, dtype=object)
    return extract.frame[column.name].map(column.codes).astype(object)


def _site_column(extract: Delivered, by: str) -> ColumnPlan | None:
    """The column that names a site; counts that came as counts name theirs in `site`, whatever it is called else."""
    return extract.plan.column("site" if extract.plan.table.name == "aggregates" else by)


def _constant(extract: Delivered, by: str) -> str | None:
    column = _site_column(extract, by)
    return column.value if column and column.value else None


def sites_of_people(delivered: Mapping[str, Delivered], by: str) -> dict[str, str | None]:
    """Patient or participant -> site, from the patients' extracts and the interview log."""
    found = []
    for extract in delivered.values():
        own = _own(extract, by) if extract.plan.table.name in ("patients", "interviews") else None
        if own is not None:
            column = "patient_id" if extract.plan.table.name == "patients" else "participant_id"
            found += zip(identities(extract, column, delivered), own, strict=True)
    return _at_one_site(found)


def _interviews(delivered: Mapping[str, Delivered], by: str) -> dict[str, str | None]:
    """Interview -> site, from the interview log."""
    found = []
    for extract in delivered.values():
        if extract.plan.table.name == "interviews" and (own := _own(extract, by)) is not None:
            found += zip(extract.frame["interview_id"], own, strict=True)
    return _at_one_site(found)


def _at_one_site(found: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    """Name -> site; None for a name that two sites have: a fault of theirs touches both. A missing name is nobody's."""
    sites: dict[str, str | None] = {}
    for name, site in found:
        if isinstance(name, str):
            sites[name] = site if sites.get(name, site) == site else None
    return sites
