"""Kept rows and faults in; how complete they are over time and by site, and which site has which queries, out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.records.quality_missing import people_of, population_of, whom
from analysis.measures.summary import About, Summary

NO_SITE, NO_QUARTER = "Of no one site", "Of another time, or without a date"


def completeness_by_site(tables: Mapping[str, pd.DataFrame], columns: Mapping[str, Sequence[str]],
                         sites: Mapping[str, str], by: str) -> Summary:
    """
    Of the values that the `columns` of each table may leave empty, how many are there, a site (code -> name) a row.

    Each table has the site of its rows in a column called `by`; rows of no one site have a row where there are any.
    """
    groups = {table: frame[by].map(sites).fillna(NO_SITE) for table, frame in tables.items()}
    return _complete(tables, columns, groups, [*sites.values(), NO_SITE], "completeness by site", "Site", "site",
                     optional=[NO_SITE])


def completeness_over_time(tables: Mapping[str, pd.DataFrame], columns: Mapping[str, Sequence[str]],
                           dates: Mapping[str, str], period: tuple[datetime.date, datetime.date]) -> Summary:
    """
    The same by the quarter of each row's date (table -> column); a row without one, or of another time, is of none.
    """
    quarters = {str(one): f"{str(one)[:4]}, quarter {str(one)[-1]}"
                for one in pd.period_range(*map(pd.Timestamp, period), freq="Q")}
    groups = {table: tables[table][day].dt.to_period("Q").astype("str").map(quarters).fillna(NO_QUARTER)
              for table, day in dates.items()}
    dated = {table: tables[table] for table in dates}
    return _complete(dated, {table: [one for one in columns.get(table, ()) if one != dates[table]] for table in dated},
                     groups, [*quarters.values(), NO_QUARTER], "completeness over time", "Quarter", "quarter",
                     optional=[NO_QUARTER])


def _complete(tables: Mapping[str, pd.DataFrame], columns: Mapping[str, Sequence[str]],
              groups: Mapping[str, pd.Series], lines: Sequence[str], measure: str, stub: str, kind: str, *,
              optional: Sequence[str]) -> Summary:
    cells = Cells(measure, record=True)
    shown = [table for table in tables if columns.get(table)]
    for line in lines:
        entries: dict[str, tuple[str, dict[str, str]]] = {}
        for table in shown:
            here = groups[table].eq(line)
            rows = tables[table].loc[here, list(columns[table])]
            there, who = rows.notna(), whom(tables[table][here])
            asked = cells.count(rows.size, "values asked for", population=population_of(table), unit="values",
                                people=people_of(who), table=table, **{kind: line})
            # A share near the whole, or the whole itself, tells of the few or none that lack something.
            whole = there.all(axis=1)
            behind = min(people_of(who[whole]), people_of(who[~whole]))
            filled = cells.count(int(there.to_numpy().sum()), "values there", population=population_of(table),
                                 people=behind, unit="values", table=table, **{kind: line})
            entries[table.capitalize()] = ("{n}", {"n": cells.share(filled, asked)})
        if entries:
            cells.row(line, entries, optional=line in optional)
    if not shown:
        cells.row("No column that may be empty is delivered", {"Complete": ("", {})})
    return cells.summary(
        f"Values that are there, by {kind}", About("rows kept", "values that a row may leave empty"),
        notes=("Per cent of the values in all columns that are delivered and may be empty. Empty may be right: who did "
               "not decline has no reason for it. Compare sites and quarters, not tables.",), stub=stub)


def rows_by_quarter_and_site(tables: Mapping[str, pd.DataFrame], dates: Mapping[str, str], sites: Mapping[str, str],
                             by: str, period: tuple[datetime.date, datetime.date]) -> Summary:
    """Rows of each table (a section) by site and quarter of the period; what is of another time is in a last column."""
    cells = Cells("rows by quarter and site", record=True)
    quarters = [str(one) for one in pd.period_range(*map(pd.Timestamp, period), freq="Q")]
    for table, day in dates.items():
        frame = tables[table]
        of = frame[day].dt.to_period("Q").astype("str")
        of = of.where(of.isin(quarters), "")
        for site, name in {**sites, "": NO_SITE}.items():
            at = frame[by].eq(site).fillna(False) if site else ~frame[by].isin(list(sites))
            entries = {}
            for quarter in [*quarters, ""]:
                here = frame[at & of.eq(quarter)]
                n = cells.count(len(here), "rows", population=population_of(table), people=people_of(whom(here)),
                                unit="rows", table=table, site=name, quarter=quarter or "none")
                entries[f"{quarter[:4]} Q{quarter[-1]}" if quarter else "Other"] = ("{n}", {"n": n})
            cells.row(name, entries, section=table.capitalize(), optional=not site)
    return cells.summary("Rows by site and quarter", About("rows kept", "none: counts"), stub="Site")


def queries_by_site(faults: pd.DataFrame, subjects: Mapping[str, str], sites: Mapping[str, str], by: str) -> Summary:
    """
    Rows that broke a rule, a site a row, by what the rule is about (`subjects`: rule -> subject; those that were run).

    A row that broke two rules of a subject counts twice there, as in the data query log. Whole extracts and columns are
    of no one site.
    """
    cells = Cells("queries by site", record=True)
    known = dict.fromkeys(subjects.values())
    told = faults.assign(subject=faults["rule"].map(subjects))
    for site, name in {**sites, "": NO_SITE}.items():
        here = told[told[by].eq(site).fillna(False) if site else ~told[by].isin(list(sites))]
        entries = {}
        for subject in known:
            rows = here[here["subject"].eq(subject)]
            n = cells.count(int(rows["rows"].sum()), "rows", population="invited", unit="rows", site=name,
                            subject=subject, people=int(rows["person"].nunique(dropna=False)))
            entries[subject.capitalize()] = ("{n}", {"n": n})
        cells.row(name, entries)
    return cells.summary(
        "Data queries by site", About("rows of every extract", "none: counts"),
        notes=("Each site's own list is in the folder queries/ of the build, to be sent back; it never leaves with a "
               "report.",), stub="Site")
