"""Faults and their rows in; the queries that go back to each site, by its own key and no other value, out."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from analysis.extracts.checks.rules import nhs_number_is_valid
from analysis.extracts.consents.withhold import site_of_rows
from analysis.extracts.read import FILE, ROW, Delivered

QUERIES = ["file", "sheet", "row", "key", "heading", "rule", "severity", "expected", "found", "todo"]
NO_SITE = "of_no_site"
# A record's own number: no spaces, no letters alone. A name, a sentence or an NHS number is none.
OWN_KEY = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")


def with_site(faults: pd.DataFrame, delivered: Mapping[str, Delivered], by: str) -> pd.DataFrame:
    """The faults with the site of each row in a column called `by`; missing where the row is of no one site."""
    where: dict[tuple, object] = {}
    for name, extract in delivered.items() if by else ():
        if (named := extract.rows_named(faults)).any():
            rows = extract.frame[named]
            where |= {(name, file, row): site for file, row, site in zip(
                rows[FILE], rows[ROW], site_of_rows(name, delivered, by)[named], strict=True)}
    keys = zip(faults["extract"], faults["file"], faults["row"], strict=True)
    return faults.assign(**{by or "site": pd.Series([where.get(key) for key in keys], index=faults.index, dtype="str")})


def queries(faults: pd.DataFrame, delivered: Mapping[str, Delivered], by: str) -> dict[str, pd.DataFrame]:
    """
    Site -> the queries to send it (QUERIES), in the order of its files and lines; `of_no_site` holds the rest.

    `key` is how the site itself calls the record: what the columns of the extract's key hold, where they are numbers
    of the record's own. An NHS number is never a key, nor is a word or a sentence.
    """
    own = _own_keys(faults, delivered)
    told = with_site(faults, delivered, by)
    places = zip(told["extract"], told["file"], told["row"], strict=True)
    told = told.assign(key=[own.get(place, "") for place in places], site=told[by or "site"].fillna(NO_SITE))
    told = told.sort_values(["file", "sheet", "row"], kind="stable")
    return {site: of_site[QUERIES].reset_index(drop=True) for site, of_site in told.groupby("site", sort=True)}


def _own_keys(faults: pd.DataFrame, delivered: Mapping[str, Delivered]) -> dict[tuple, str]:
    """(extract, file, line) -> the record's own key in words, of the rows that the faults name."""
    keys: dict[tuple, str] = {}
    for name, extract in delivered.items():
        columns = [column for column in map(extract.plan.column, extract.plan.key)
                   if column and column.source and column.type == "id" and not column.through]
        rows = extract.frame.loc[extract.rows_named(faults), [FILE, ROW, *(column.name for column in columns)]]
        for place in rows.itertuples(index=False):
            said = [f"{column.source} {value}" for column, value in zip(columns, place[2:], strict=True)
                    if isinstance(value, str) and OWN_KEY.fullmatch(value) and not nhs_number_is_valid(value)]
            keys[name, place[0], place[1]] = ", ".join(said)
    return keys
