"""Reach: counts that came as counts in; a table of them by site out."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.measures.summary import About, Cells, Summary

TOGETHER = "All sites, as delivered"
KINDS = ("list size", "eligible", "staff in role")
NAMES = {"list size": "People on the list", "eligible": "Eligible people", "staff in role": "Staff in role"}


def aggregate_counts(aggregates: pd.DataFrame, sites: Mapping[str, str]) -> Summary:
    """
    List size, eligible people by group and staff in role, by site, as they were delivered.

    Of two counts of one thing the later by date holds. Nothing is summed: a count for all sites is shown where it came
    as one, since people may be eligible at two and staff may work in both. Whoever counted is trusted.
    """
    cells = Cells("counts delivered")
    latest = aggregates.sort_values("date", kind="stable").drop_duplicates(["site", "what", "by"], keep="last")
    columns = {**sites, None: TOGETHER}
    for what in KINDS:
        rows = latest[latest["what"].eq(what)]
        for by in sorted(rows["by"].fillna("").unique()):
            mine = rows[rows["by"].fillna("").eq(by)]
            entries: dict[str, tuple[str, dict[str, str]]] = {}
            for site, heading in columns.items():
                here = mine[mine["site"].isna() if site is None else mine["site"].eq(site)]
                if here.empty:
                    continue
                n = int(here["count"].iloc[0])
                entries[heading] = ("{n}", {"n": cells.count(
                    n, population="service providers" if what == "staff in role" else "invited", what=what,
                    by=by or "all", site=site or "all", name=f"{what} {by} {site or 'all'}".replace(" ", "_"))})
            days = mine["date"].dropna()
            entries["As of"] = (f"{days.max():%d/%m/%Y}" if len(days) else "date not recorded", {})
            cells.row((by or "all")[:1].upper() + (by or "all")[1:], entries, section=NAMES[what])
    return cells.summary("Counts that came as counts", About(
        "the sites' own lists", "none: counts", "what a site did not deliver is empty"),
        notes=("As delivered: these were counted by whoever keeps the list and cannot be checked here.",), stub="Group",
        columns=(*sites.values(), TOGETHER, "As of"))
