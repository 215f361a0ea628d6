"""A study's definition and the canonical tables in; how each delivered column becomes one of ours, out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.errors import nearest
from analysis.extracts.tables import TABLES, TYPES, Column, Table
from analysis.study import Study


@dataclass(frozen=True)
class ColumnPlan:
    """One of our columns: where it comes from and what it must be. `line` is where the definition says so."""

    name: str
    source: str  # the heading in the delivered file; empty where `value` holds for every row
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


@dataclass(frozen=True)
class ExtractPlan:
    """One delivered file or sheet."""

    name: str
    table: Table
    file: str
    sheet: str
    header_row: int
    encoding: str
    delimiter: str
    fill_down: tuple[str, ...]
    key: tuple[str, ...]
    timepoint: str
    columns: tuple[ColumnPlan, ...]
    items: Mapping[str, tuple[str, ...]]
    where: str  # "study.toml, line 120"
    line: int

    def column(self, name: str) -> ColumnPlan | None:
        return next((c for c in self.columns if c.name == name), None)

    @property
    def delivered(self) -> tuple[ColumnPlan, ...]:
        """The columns that are read from the file."""
        return tuple(c for c in self.columns if c.source)


def plans(study: Study) -> list[ExtractPlan]:
    """
    A plan for each extract, in the order of the definition.

    Raises DefinitionMistake where the definition names a table, column, type, code or link that does not exist.
    """
    return [_extract(study, name, said) for name, said in study["extracts"].items()]


def _extract(study: Study, name: str, said: Mapping[str, Any]) -> ExtractPlan:
    at = ("extracts", name)
    known = said.get("table", name)
    if known not in TABLES:
        guess = nearest(known, TABLES)
        raise study.definition.mistake(f"there is no canonical table '{known}'", *at, "table",
                                       remedy=f"did you mean '{guess}'?" if guess else f"one of: {', '.join(TABLES)}")
    table = TABLES[known]
    columns = tuple(_column(study, name, table, ours, theirs) for ours, theirs in said["columns"].items())
    given = {c.name for c in columns} | ({"timepoint", "instrument", "item", "answer"} if said.get("items") else set())
    for column in table.columns:
        if column.required and column.name not in given:
            raise study.definition.mistake(f"[extracts.{name}] has no '{column.name}', which {table.name} needs", *at,
                                           remedy=f"add: {column.name} = {{ from = \"…\" }}")
    for key in said.get("key", []):
        if key not in given:
            raise study.definition.mistake(f"the key '{key}' of [extracts.{name}] is none of its columns", *at, "key",
                                           remedy=f"its columns: {', '.join(sorted(given))}")
    return ExtractPlan(
        name, table, said["file"], said.get("sheet", ""), said.get("header_row", 1), said.get("encoding", "utf-8-sig"),
        said.get("delimiter", ","), tuple(said.get("fill_down", [])), tuple(said.get("key", [])),
        said.get("timepoint", ""), columns, {k: tuple(v) for k, v in said.get("items", {}).items()},
        study.definition.where(*at), study.definition.line(*at))


def _column(study: Study, extract: str, table: Table, ours: str, said: Mapping[str, Any]) -> ColumnPlan:
    at = ("extracts", extract, "columns", ours)
    mistake = study.definition.mistake
    column = table.column(ours)
    if column is None:
        guess = nearest(ours, table.names)
        raise mistake(f"{table.name} has no column '{ours}'", *at,
                      remedy=f"did you mean '{guess}'?" if guess else f"it has: {', '.join(table.names)}")
    kind = said.get("type", column.type)
    if kind not in TYPES:
        raise mistake(f"there is no type '{kind}'", *at,
                      remedy=f"did you mean '{nearest(kind, TYPES)}'? one of: {', '.join(TYPES)}")
    if ("from" in said) == ("value" in said):
        raise mistake(f"'{ours}' needs either from or value", *at, remedy="from = \"their heading\", or value = \"for every row\"")
    codes = dict(said.get("codes", {}))
    if kind == "category" and "from" in said and not codes:
        raise mistake(f"'{ours}' is a category without codes", *at, remedy='codes = { "theirs" = "ours", … }')
    _check_codes(study, column, codes, said, at)
    if through := said.get("through", ""):
        target = study["extracts"].get(through, {})
        if target.get("table") != "identifiers":
            raise mistake(f"'{ours}' goes through '{through}', which is no extract of identifiers", *at,
                          remedy="name an extract whose table is \"identifiers\"")
    earliest = latest = None
    if said.get("within") == "period":
        earliest, latest = study.period
    elif "within" in said:
        raise mistake(f"within = '{said['within']}'", *at, remedy='write within = "period"')
    if until := said.get("until", ""):
        if until not in study["data_cut"]:
            raise mistake(f"until = '{until}' is no component of the data cut", *at,
                          remedy=f"one of: {', '.join(study['data_cut'])}")
        latest = study.data_cut(until)
    return ColumnPlan(ours, said.get("from", ""), said.get("value", ""), kind,
                      column.required or said.get("required", False), said.get("format", "%Y-%m-%d"), codes, through,
                      said.get("links", column.links), said.get("min"), said.get("max"), earliest, latest, until,
                      tuple(said.get("blank", [])), study.definition.line(*at))


def _check_codes(study: Study, column: Column, codes: Mapping[str, str], said: Mapping[str, Any], at: tuple) -> None:
    for ours in [*codes.values(), *([said["value"]] if "value" in said else [])]:
        if column.codes and ours not in column.codes:
            guess = nearest(ours, column.codes)
            raise study.definition.mistake(
                f"'{ours}' is no code of {column.name}", *at,
                remedy=f"did you mean '{guess}'?" if guess else f"one of: {', '.join(column.codes)}")
