"""What a definition says of a column in; where it comes from and what it must be, checked, out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.definition import together
from analysis.errors import DefinitionMistake, suggestion
from analysis.extracts.delivery import part_of_a_name
from analysis.extracts.durations import FORMAT
from analysis.extracts.tables import TABLES, TYPES, Column, Table
from analysis.study import Study

ORIGINS = ("from", "value", "from_file", "from_sheet")  # of a column's values: one of them
SITED = (("patients", "practice"), ("aggregates", "site"))  # columns that say of which site a row is
NO_NUMBER = ("patient_id", "surname")  # columns of a list of numbers by which no other extract knows a person
OLDEST = 120  # years: a higher number is no age
A_DAY = datetime.date(2017, 11, 23)


@dataclass(frozen=True)
class ColumnPlan:
    """One of our columns: where it comes from and what it must be. `line` is where the definition says so."""

    name: str
    source: str  # the heading in the delivered file, or what `named` means in words; empty where `value` holds
    value: str
    type: str
    required: bool
    format: str
    codes: Mapping[str, str]  # theirs -> ours
    through: str  # the extract of identifiers by which this number becomes a patient_id
    links: str
    minimum: float | None
    maximum: float | None
    earliest: datetime.date | None
    latest: datetime.date | None
    until: str  # the component of the data cut that `latest` comes from
    blank: tuple[str, ...]
    line: int
    age_in: int = 0  # the column holds ages, which that year less the year of birth is
    of: str = ""  # the extract whose file has the heading: what it says of the person there
    named: str = ""  # file:issues_{}.csv or sheet:{}: the value is a part of that name


def column_plans(study: Study, extract: str, table: Table, said: Mapping[str, Any]) -> list[ColumnPlan]:
    """
    The columns of one extract, in the order of the definition.

    Raises DefinitionMistake, one that says what is wrong in any of them, for a column, type, code, link, site or day
    that cannot be.
    """
    made, mistakes = [], []
    for ours, theirs in said.items():
        try:
            made.append(_column(study, extract, table, ours, theirs))
        except DefinitionMistake as mistake:
            mistakes.append(mistake)
    if mistakes:
        raise together(mistakes)
    return made


def _column(study: Study, extract: str, table: Table, ours: str, said: Mapping[str, Any]) -> ColumnPlan:
    at = ("extracts", extract, "columns", ours)
    mistake = study.definition.mistake
    column = table.column(ours)
    if column is None:
        raise mistake(f"{table.name} has no column '{ours}'", *at,
                      remedy=suggestion(ours, table.names, f"it has: {', '.join(table.names)}"))
    kind = said.get("type", column.type)
    if kind not in TYPES:
        raise mistake(f"there is no type '{kind}'", *at,
                      remedy=suggestion(kind, TYPES, always=f"one of: {', '.join(TYPES)}"))
    if sum(origin in said for origin in ORIGINS) != 1:
        raise mistake(f"'{ours}' needs either from or value", *at,
                      remedy="from = \"their heading\", or value = \"for every row\", or from_file = \"issues_{}.csv\"")
    codes, named = dict(said.get("codes", {})), part_of_a_name(study, at, said)
    if kind == "category" and "value" not in said and not codes:
        raise mistake(f"'{ours}' is a category without codes", *at, remedy='codes = { "theirs" = "ours", … }')
    _check_codes(study, column, codes, said, at)
    if (table.name, ours) in SITED and study.sites:
        _check_sites(study, said, at)
    if through := said.get("through", ""):
        target = study["extracts"].get(through, {})
        if not target or target.get("table", through) != "identifiers" or set(target["columns"]) <= set(NO_NUMBER):
            raise mistake(f"'{ours}' goes through '{through}', which is no extract of identifiers", *at,
                          remedy="name an extract whose table is \"identifiers\", with patient_id and the other number")
    if (links := said.get("links", column.links)) and not (links in TABLES and TABLES[links].key):
        keyed = [table for table in TABLES if TABLES[table].key]
        raise mistake(f"'{ours}' links to '{links}', which is no canonical table with a key", *at,
                      remedy=suggestion(links, keyed))
    if kind == "date" and not _tells_days(said.get("format", "%Y-%m-%d")):
        raise mistake(f"the format '{said['format']}' of '{ours}' does not say where year and month stand", *at,
                      remedy='write %d for the day, %m for the month and %Y for the year: format = "%d/%m/%Y"')
    if said.get("format") == FORMAT and kind != "integer":
        raise mistake(f"'{ours}' is no column of whole minutes, and its format is '{FORMAT}'", *at,
                      remedy=f'"{FORMAT}" reads "1 hr 15" as 75: it is for minutes and booked_minutes')
    earliest, latest, until = _days(study, said, at)
    source = f"name of the {named.replace(':', ' ')}" if named else said.get("from", "")
    return ColumnPlan(ours, source, said.get("value", ""), kind,
                      column.required or said.get("required", False), said.get("format", "%Y-%m-%d"), codes, through,
                      links, said.get("min"), said.get("max"), earliest, latest, until,
                      (*said.get("blank", []), *study["extracts"][extract].get("blank", [])),
                      study.definition.line(*at), _age_in(study, ours, said, at), said.get("of", ""), named)


def _days(study: Study, said: Mapping[str, Any], at: tuple) -> tuple[datetime.date | None, datetime.date | None, str]:
    """The first and the last day that a column of dates may have, and the component of the data cut that ends it."""
    earliest = latest = None
    if said.get("within") == "period":
        earliest, latest = study.period
    elif "within" in said:
        raise study.definition.mistake(f"within = '{said['within']}'", *at, remedy='write within = "period"')
    if until := said.get("until", ""):
        if until not in study["data_cut"]:
            raise study.definition.mistake(f"until = '{until}' is no component of the data cut", *at,
                                           remedy=f"one of: {', '.join(study['data_cut'])}")
        latest = study.data_cut(until)
    return earliest, latest, until


def _age_in(study: Study, ours: str, said: Mapping[str, Any], at: tuple) -> int:
    """The year in which people were as old as a column of ages says; 0 where it says years of birth."""
    if (year := said.get("age_in", 0)) == "period":
        year = study.period[0].year
    if "age_in" in said and (ours != "birth_year" or not isinstance(year, int) or not 1900 < year < 2200):
        raise study.definition.mistake(f"'{ours}' says age_in = {said['age_in']!r}", *at, remedy=(
            'write the year in which people were so old, age_in = 2023, or age_in = "period" for the year in which it '
            "begins" if ours == "birth_year" else "ages are read as birth_year = { from = \"Age\", age_in = 2023 }"))
    return year


def _tells_days(format: str) -> bool:
    """Whether a date written in that format can be read again."""
    try:
        again = datetime.datetime.strptime(A_DAY.strftime(format), format)
    except ValueError:
        return False
    return (again.year, again.month) == (A_DAY.year, A_DAY.month)


def _check_sites(study: Study, said: Mapping[str, Any], at: tuple) -> None:
    """A practice that [sites] does not name would be in the whole and in no site's own numbers."""
    for ours in [*said.get("codes", {}).values(), *([said["value"]] if "value" in said else [])]:
        if ours not in study.sites:
            raise study.definition.mistake(
                f"'{ours}' is none of the sites that [sites] names", *at,
                remedy=suggestion(ours, study.sites, f"one of: {', '.join(study.sites)}; or add it there"))


def _check_codes(study: Study, column: Column, codes: Mapping[str, str], said: Mapping[str, Any], at: tuple) -> None:
    for ours in [*codes.values(), *([said["value"]] if "value" in said else [])]:
        if column.codes and ours not in column.codes:
            raise study.definition.mistake(
                f"'{ours}' is no code of {column.name}", *at, remedy=suggestion(ours, column.codes))
