"""A study's definition and the canonical tables in; how each delivered file becomes rows of one of ours, out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from analysis.definition import together
from analysis.errors import DefinitionMistake, suggestion
from analysis.extracts.checks.severity import Severities, severities
from analysis.extracts.column_plan import NO_NUMBER, ColumnPlan, column_plans
from analysis.extracts.delivery import delivery
from analysis.extracts.tables import TABLES, Table
from analysis.reference.instruments import Instrument
from analysis.reference.rules import Severity
from analysis.study import Study

TOO_LARGE = ("contacts", "prescriptions")  # tables whose files need not fit into memory
LEGAL_BASES = ("consent", "section 251", "direct care", "anonymised")


@dataclass(frozen=True)
class Setting:
    """What the rules of every extract ask of the whole study. `weeks`: of each time point, after the first start."""

    severities: Severities = field(default_factory=Severities)
    synthetic: bool = False
    weeks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ExtractPlan:
    """One extract: what a file, or several of one shape, become."""

    name: str
    table: Table
    file: str  # in words; `files` has the names and patterns one by one
    files: tuple[str, ...]
    members: tuple[str, ...]  # of an archive
    read_as: str  # the suffix by which the file is read instead of its own
    sheet: str  # of a workbook, where it is a certain one; `sheets` has the names and patterns
    sheets: tuple[str, ...]
    header_row: int
    footer: tuple[str, ...]  # how the first cell of what stands below the rows begins
    encoding: str  # empty: by the file's mark, else UTF-8
    delimiter: str  # empty: the one that parts the headings
    labels: bool | tuple[str, ...]  # headings whose values arrive as their labels; True for all
    fill_down: tuple[str, ...]
    key: tuple[str, ...]
    timepoint: str
    columns: tuple[ColumnPlan, ...]
    items: Mapping[str, tuple[str, ...]]
    where: str  # "study.toml, line 120"
    line: int
    legal_basis: str = ""  # one of LEGAL_BASES; empty where the definition does not say
    setting: Setting = field(default_factory=lambda: Setting())
    rows: int | None = None  # as many as the definition declares
    exported: datetime.date | None = None
    blank: tuple[str, ...] = ()  # words that mean empty in every column, the items of a questionnaire too
    # Of each questionnaire in `items`; where there are none, of those that a row's answer may be of.
    scales: Mapping[str, Instrument] = field(default_factory=dict)
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # heading -> what rows of this extract have there
    lenders: Mapping[str, ExtractPlan] = field(default_factory=dict)  # our column -> how its other file is read

    def severity(self, rule: str) -> Severity:
        """How severe it is to break that rule here: the package's word, or the study's where it moves the rule."""
        return self.setting.severities.of(rule, self.name)

    def column(self, name: str) -> ColumnPlan | None:
        return next((c for c in self.columns if c.name == name), None)

    @property
    def delivered(self) -> tuple[ColumnPlan, ...]:
        """The columns that are read from the file or its name."""
        return tuple(c for c in self.columns if c.source)

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings that the delivered file must have, those of questionnaire items with them."""
        named = (c.source for c in self.delivered if not c.named and not c.of)
        return tuple(dict.fromkeys([*named, *self.keep, *(item for items in self.items.values() for item in items)]))

    def number_column(self, asking: ColumnPlan) -> str:
        """Of an extract of identifiers: the column with the number by which `asking` knows a person."""
        others = [c.name for c in self.columns if c.name not in NO_NUMBER]
        nhs = [name for name in others if (name == "nhs_number") == (asking.type == "nhs_number")]
        return (nhs or others)[0]


def plans(study: Study) -> list[ExtractPlan]:
    """
    A plan for each extract, in the order of the definition.

    Raises DefinitionMistake where the definition names a table, column, type, code or link that does not exist: one
    that says what is wrong in any of the extracts, so that all of it can be mended at once.
    """
    setting = Setting(severities(study), bool(study.synthetic),
                      {name: said["weeks"] for name, said in study["timepoints"].items()})
    made, mistakes = [], []
    for name, said in study["extracts"].items():
        try:
            made.append(_extract(study, name, said, setting))
        except DefinitionMistake as mistake:
            mistakes.append(mistake)
    if mistakes:
        raise together(mistakes)
    return [_with_lenders(study, plan, made) for plan in made]


def _with_lenders(study: Study, plan: ExtractPlan, made: list[ExtractPlan]) -> ExtractPlan:
    """The plan with those by which columns of it are read from other files of the same people."""
    lenders, known = {}, {other.name: other for other in made if other is not plan}
    for column in (column for column in plan.columns if column.of):
        at, mistake = ("extracts", plan.name, "columns", column.name), study.definition.mistake
        lender, mine = known.get(column.of), plan.column("patient_id")
        if plan.table.name != "patients" or column.name == "patient_id":
            raise mistake(f"'{column.name}' is of another extract, which only columns of patients may be", *at,
                          remedy="take 'of' out, and read the column from this extract's own file")
        if lender is None or lender.table.name in TOO_LARGE:
            fitting = [name for name, other in known.items() if other.table.name not in TOO_LARGE]
            raise mistake(f"'{column.name}' is of '{column.of}', which is no other extract to look it up in", *at,
                          remedy=suggestion(column.of, fitting))
        theirs = lender.column("patient_id")
        if theirs is None or not theirs.source or (theirs.through, theirs.type) != (mine.through, mine.type):
            raise mistake(f"[extracts.{column.of}] does not know people by the number of [extracts.{plan.name}]", *at,
                          remedy="name an extract whose patient_id is the same number")
        lenders[column.name] = replace(lender, columns=(theirs, replace(column, of="")), items={}, key=(), keep={})
    return replace(plan, lenders=lenders) if lenders else plan


def _extract(study: Study, name: str, said: Mapping[str, Any], setting: Setting) -> ExtractPlan:
    at = ("extracts", name)
    known = said.get("table", name)
    if known not in TABLES:
        raise study.definition.mistake(f"there is no canonical table '{known}'", *at, "table",
                                       remedy=suggestion(known, TABLES))
    table = TABLES[known]
    columns = tuple(column_plans(study, name, table, said["columns"]))
    _check_items(study, name, said)
    given = {c.name for c in columns} | ({"timepoint", "instrument", "item", "answer"} if said.get("items") else set())
    for column in table.columns:
        made = column.name == "started_on" and table.name == "episodes" and study["stays"]  # from contacts
        if column.required and not column.absent and not made and column.name not in given:
            raise study.definition.mistake(f"[extracts.{name}] has no '{column.name}', which {table.name} needs", *at,
                                           remedy=f"add: {column.name} = {{ from = \"…\" }}")
    for key in said.get("key", []):
        if key not in given:
            raise study.definition.mistake(f"the key '{key}' of [extracts.{name}] is none of its columns", *at, "key",
                                           remedy=f"its columns: {', '.join(sorted(given))}")
    return ExtractPlan(
        name=name, table=table, **delivery(study, name, said), key=tuple(said.get("key", [])),
        timepoint=said.get("timepoint", ""), columns=columns,
        items={k: tuple(v) for k, v in said.get("items", {}).items()},
        where=study.definition.where(*at), line=study.definition.line(*at),
        legal_basis=_legal_basis(study, at, said), setting=setting,
        rows=None if study.made_up else said.get("rows"), exported=said.get("exported"),
        blank=tuple(said.get("blank", [])),
        scales={name: study.instruments[name] for name in (said.get("items") or _answered_by_row(study, table, said))})


def _answered_by_row(study: Study, table: Table, said: Mapping[str, Any]) -> list[str]:
    """The instruments whose answers a table with one answer a row may have, as far as this package knows them."""
    if table.name != "responses" or not {"instrument", "answer"} <= set(said["columns"]):
        return []
    column, known = said["columns"]["instrument"], study.instruments.names()
    meant = column.get("codes", {}).values() or ([column["value"]] if "value" in column else known)
    return [name for name in known if name in meant]


def _legal_basis(study: Study, at: tuple, said: Mapping[str, Any]) -> str:
    basis = said.get("legal_basis", "")
    if basis and basis not in LEGAL_BASES:
        raise study.definition.mistake(f"'{basis}' is no legal basis that this version knows", *at, "legal_basis",
                                       remedy=suggestion(basis, LEGAL_BASES))
    return basis


def _check_items(study: Study, name: str, said: Mapping[str, Any]) -> None:
    """A questionnaire's extract: instruments that are known, every item of theirs, a time point of the study."""
    at, mistake = ("extracts", name), study.definition.mistake
    for questionnaire, headings in said.get("items", {}).items():
        known = study.instruments.names()
        if questionnaire not in known:
            raise mistake(f"there is no instrument '{questionnaire}'", *at, "items", questionnaire,
                          remedy=suggestion(questionnaire, known))
        wanted = study.instruments[questionnaire].items
        if len(headings) != len(wanted):
            raise mistake(f"{questionnaire} has {len(wanted)} items, and {len(headings)} headings are named", *at,
                          "items", questionnaire,
                          remedy="name the heading of every item, in the order of the instrument")
    none_yet = "" if study["timepoints"] else "one of: none yet: write [timepoints]"
    if said.get("items") and "timepoint" in said["columns"]:
        for timepoint in said["columns"]["timepoint"].get("codes", {}).values():
            if timepoint not in study["timepoints"]:
                raise mistake(f"'{timepoint}' is no time point of the study", *at, "columns", "timepoint",
                              remedy=suggestion(timepoint, study["timepoints"], none_yet))
    elif said.get("items") and (timepoint := said.get("timepoint", "")) not in study["timepoints"]:
        raise mistake(f"[extracts.{name}] has the time point '{timepoint}'" if timepoint
                      else f"[extracts.{name}] says no time point", *at, "timepoint",
                      remedy=suggestion(timepoint, study["timepoints"], none_yet))
