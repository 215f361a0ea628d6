"""Text tables in, great-expectations suites from the study's own definition over them, one fault log out."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.extracts.checks.across import Finding, findings
from analysis.extracts.checks.faults import FAULTS, faults_at
from analysis.extracts.checks.rules import GX_SEVERITY, RULES, nhs_numbers_are_valid
from analysis.extracts.column_plan import ColumnPlan
from analysis.extracts.headings import FILLED
from analysis.extracts.read import FILE, ROW, Delivered
from analysis.extracts.typed import among, moments
from analysis.reference.records import records

CHECKS = ["extract", "column", "rule", "severity", "rows", "failed"]
OVER_ROWS = "over rows: "  # what the computed columns of rules over rows and tables are called, by severity


@dataclass(frozen=True)
class Check:
    """
    One expectation: our rule, the column it is about, and the stock expectation (name, arguments) that sees it.

    What is wrong with a `whole` extract or column is one fault, however many rows it has. The rules of `across` that
    are equally severe share one expectation, and its `findings` tell which of them is meant: an expectation costs some
    ten milliseconds, however small the frame.
    """

    rule: str
    column: str
    expectation: str
    arguments: Mapping[str, object]
    whole: bool = False
    findings: tuple[Finding, ...] = ()

    def told(self, unexpected: list[int]) -> Iterator[tuple[str, str, list[int]]]:
        """Each rule and column that was looked at, with the positions of the rows that failed it."""
        if not self.findings:
            yield self.rule, self.column, [-1] if self.whole and unexpected else unexpected
        at = np.array(unexpected, dtype="int64")
        for finding in self.findings:
            failed = at[finding.broken.to_numpy(bool)[at]].tolist()
            yield finding.rule, finding.column, failed[:1] and [-1] if finding.whole else failed


@dataclass(frozen=True)
class Validation:
    """
    What the checking found.

    `faults` has one row per fault (FAULTS), with the source file and line but never the value; `checks` one row per
    rule and column (CHECKS) with how many rows it looked at and how many failed. A rule that is in no check was not
    run: the study lacks what it wants.
    """

    faults: pd.DataFrame
    checks: pd.DataFrame

    @property
    def blocking(self) -> pd.DataFrame:
        return self.faults[self.faults["severity"] == "blocking"]


def validate(delivered: Mapping[str, Delivered]) -> Validation:
    """
    Every extract held against its suite.

    The suites follow from the definition and the canonical tables; rules that no stock expectation can see (check
    digits, links between extracts, copies, all of `across`) are computed into a column of words first and then expected
    like any other.
    """
    expectations = Expectations()
    faults, checks, found = [], [], findings(delivered)
    for name, extract in delivered.items():
        frame = with_computed_columns(extract, delivered, found[name])
        asked = [*suite(extract, delivered), *over_rows(extract, found[name])]
        for check, unexpected in expectations.broken(extract, asked, frame):
            for rule, column, failed in check.told(unexpected):
                checks.append([name, column, rule, extract.plan.severity(rule), len(frame), len(failed)])
                faults += faults_at(extract, rule, column, failed)
    return Validation(pd.DataFrame(faults, columns=FAULTS), pd.DataFrame(checks, columns=CHECKS))


def import_meanwhile() -> None:
    """Begins to import great-expectations, which takes seconds, while this process waits for files to be read."""
    threading.Thread(target=_great_expectations, daemon=True).start()


def _great_expectations():
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx

    return gx


class Expectations:
    """great-expectations in this process: without files, screen or network."""

    def __init__(self):
        gx = _great_expectations()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            context = gx.get_context(mode="ephemeral")
            context.variables.progress_bars = {"globally": False}
            asset = context.data_sources.add_pandas("delivered").add_dataframe_asset("delivered")
            self._gx, self._whole = gx, asset.add_batch_definition_whole_dataframe("all")

    def broken(self, extract: Delivered, checks: Sequence[Check], frame: pd.DataFrame,
               ) -> list[tuple[Check, list[int]]]:
        """
        Each check with the positions of the rows of `frame` that failed it.

        One batch definition serves every frame: it holds the last one only, and making one writes the whole context
        out as YAML, which takes longer than most of the checks.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            batch = self._whole.get_batch(batch_parameters={"dataframe": frame})
            outcomes = dict(_run(self._gx, batch, extract, checks, frame))  # it goes by column
        return [(check, outcomes[number]) for number, check in enumerate(checks)]


def _of_the_whole(extract: Delivered) -> list[Check]:
    """The checks of how many rows there are."""
    # Of the rows in which something is filled in (who withdrew, and when) there may be none yet.
    may_be_none = len(extract.aside) and any(FILLED in values for values in extract.plan.keep.values())
    checks = [] if may_be_none else [
        Check("rows present", "", "ExpectTableRowCountToBeBetween", {"min_value": 1}, whole=True)]
    if extract.plan.rows is not None:
        here = extract.plan.rows - len(extract.aside)  # declared are the rows of the file
        checks.append(Check("rows as declared", "", "ExpectTableRowCountToEqual", {"value": here}, whole=True))
    return checks


def over_rows(extract: Delivered, found: Sequence[Finding]) -> list[Check]:
    """The checks of rules over rows and tables: one for each severity."""
    by_severity: dict[str, list[Finding]] = {}
    for finding in found:
        by_severity.setdefault(extract.plan.severity(finding.rule), []).append(finding)
    return [Check(those[0].rule, OVER_ROWS + severity, "ExpectColumnValuesToBeInSet", {"value_set": ["holds"]},
                  findings=tuple(those)) for severity, those in by_severity.items()]


def suite(extract: Delivered, delivered: Mapping[str, Delivered]) -> list[Check]:
    """The checks of an extract: of its size, column by column in the order of the definition, then of the whole row."""
    plan = extract.plan
    checks = _of_the_whole(extract)
    for column in plan.delivered:
        checks += _column_checks(column)
        if plan.table.name == "identifiers" and column.name != "patient_id":
            checks.append(Check("number of one person", column.name, "ExpectColumnValuesToBeInSet",
                                {"value_set": ["holds"]}))
        if (looked_up := _looked_up(column, delivered)) is not None:
            checks.append(Check(looked_up[0], column.name, "ExpectColumnValuesToBeInSet", {"value_set": ["holds"]}))
    for name, items in plan.items.items():
        low, high = plan.scales[name].lowest, plan.scales[name].highest
        for item in items:
            checks.append(Check("whole number", f"{name}:{item}", "ExpectColumnValuesToMatchRegex",
                                {"regex": r"^-?[0-9]+$"}))
            checks.append(Check("in range", f"{name}:{item}", "ExpectColumnValuesToBeBetween",
                                {"min_value": low, "max_value": high}))
    computed = {"no surrounding space", "row not repeated"}
    if extract.key:
        computed.add("no duplicate key")
    if {"minutes", "attendance"} <= set(extract.frame):
        computed |= {"no minutes without attendance", "minutes of what was attended"}
    checks += [Check(rule, "", "ExpectColumnValuesToBeInSet", {"value_set": ["holds"]})
               for rule in RULES if rule in computed]
    return checks


def _column_checks(column: ColumnPlan) -> list[Check]:
    name, checks = column.name, []
    if column.required:
        checks.append(Check("complete", name, "ExpectColumnValuesToNotBeNull", {}))
    if column.codes:
        checks.append(Check("known code", name, "ExpectColumnValuesToBeInSet", {"value_set": list(column.codes)}))
    if column.type == "date":
        checks.append(Check("date as stated", name, "ExpectColumnValuesToMatchStrftimeFormat",
                            {"strftime_format": column.format}))
    if column.type in ("integer", "number"):
        pattern = r"^-?[0-9]+$" if column.type == "integer" else r"^-?[0-9]+(\.[0-9]+)?$"
        rule = "whole number" if column.type == "integer" else "number"
        checks.append(Check(rule, name, "ExpectColumnValuesToMatchRegex", {"regex": pattern}))
    if column.minimum is not None or column.maximum is not None:
        checks.append(Check("in range", name, "ExpectColumnValuesToBeBetween",
                            {"min_value": column.minimum, "max_value": column.maximum}))
    if column.type == "nhs_number":
        checks.append(Check("valid NHS number", name, "ExpectColumnValuesToBeInSet", {"value_set": ["holds"]}))
    if column.earliest:
        checks.append(Check("within the period", name, "ExpectColumnValuesToBeBetween",
                            {"min_value": pd.Timestamp(column.earliest), "max_value": pd.Timestamp(column.latest)}))
    elif column.latest:
        checks.append(Check("before the data cut", name, "ExpectColumnValuesToBeBetween",
                            {"max_value": pd.Timestamp(column.latest)}))
    return checks


def with_computed_columns(extract: Delivered, delivered: Mapping[str, Delivered],
                          found: Sequence[Finding] = ()) -> pd.DataFrame:
    """The text frame with the columns that stock expectations need: values as dates and numbers, words for rules."""
    plan, text = extract.plan, extract.frame
    computed: dict[str, pd.Series] = {}

    def words(bad: pd.Series) -> pd.Series:
        return bad.fillna(False).map({True: "broken", False: "holds"})

    copies = text.drop(columns=[FILE, ROW]).duplicated()  # exports of overlapping months repeat rows, too
    for column in plan.delivered:
        if plan.table.name == "identifiers" and column.name != "patient_id":
            once = text.loc[~copies, column.name].dropna()
            computed[f"number of one person:{column.name}"] = words(
                once.duplicated().reindex(text.index, fill_value=False))
        if (looked_up := _looked_up(column, delivered)) is not None:
            rule, known = looked_up
            computed[f"{rule}:{column.name}"] = words(text[column.name].notna() & ~among(text[column.name], known))
        if column.earliest or column.latest:
            rule = "within the period" if column.earliest else "before the data cut"
            computed[f"{rule}:{column.name}"] = moments(text[column.name], column.format).dt.normalize()
        if column.minimum is not None or column.maximum is not None:
            computed[f"in range:{column.name}"] = pd.to_numeric(text[column.name], errors="coerce")
        if column.type == "nhs_number":
            computed[f"valid NHS number:{column.name}"] = words(
                text[column.name].notna() & ~nhs_numbers_are_valid(text[column.name]))
    for name, items in plan.items.items():
        for item in items:
            answers = pd.to_numeric(text[f"{name}:{item}"], errors="coerce")  # 'missing code declared' tells of 99
            computed[f"in range:{name}:{item}"] = answers.mask(answers.isin(records().missing_answers))
    computed["row not repeated:"] = words(copies)
    trimmed = {(file, row) for file, row, _ in extract.trimmed}
    computed["no surrounding space:"] = words(pd.Series(
        [place in trimmed for place in zip(text[FILE], text[ROW], strict=True)] if trimmed else False,
        index=text.index, dtype=bool))
    if key := extract.key:
        keyed = text.loc[~copies, key]
        broken = keyed.duplicated(keep="first") & keyed.notna().all(axis=1)
        computed["no duplicate key:"] = words(broken.reindex(text.index, fill_value=False))
    if {"minutes", "attendance"} <= set(text):
        attended = text["attendance"].map(plan.column("attendance").codes).eq("attended")
        minutes = pd.to_numeric(text["minutes"], errors="coerce")
        computed["no minutes without attendance:"] = words(~attended & minutes.gt(0))
        computed["minutes of what was attended:"] = words(attended & minutes.isna())
    over = words_over_rows(over_rows(extract, found))
    return pd.concat([text, pd.DataFrame(computed, index=text.index), over], axis=1).reset_index(drop=True)


def words_over_rows(checks: Sequence[Check]) -> pd.DataFrame:
    """The columns of words that the checks of rules over rows look at."""
    return pd.DataFrame({check.column: pd.concat([f.broken for f in check.findings], axis=1).any(axis=1).map(
        {True: "broken", False: "holds"}) for check in checks})


def _run(gx, batch, extract: Delivered, checks: Sequence[Check], frame: pd.DataFrame):
    """The place of each check among them, with the positions of the rows that failed it."""
    name, expectations = extract.plan.name, []
    for number, check in enumerate(checks):
        column = {} if "RowCount" in check.expectation else {"column": _checked_column(check, frame)}
        make = getattr(gx.expectations, check.expectation)
        expectations.append(make(**column, **check.arguments, severity=GX_SEVERITY[extract.plan.severity(check.rule)],
                                 meta={"check": number}))
    result = batch.validate(gx.ExpectationSuite(name=name, expectations=expectations),
                            result_format={"result_format": "COMPLETE"})
    for outcome in result.results:
        check = checks[number := outcome.expectation_config.meta["check"]]
        if outcome.exception_info and outcome.exception_info.get("raised_exception"):
            raise RuntimeError(f"great-expectations could not check '{check.rule}' of {name}.{check.column}: "
                               f"{outcome.exception_info}")
        if check.whole:
            yield number, [] if outcome.success else [0]
        else:
            yield number, sorted(int(i) for i in outcome.result.get("unexpected_index_list") or [])


def _checked_column(check: Check, frame: pd.DataFrame) -> str:
    computed = f"{check.rule}:{check.column}"
    return computed if computed in frame else check.column


def _looked_up(column: ColumnPlan, delivered: Mapping[str, Delivered]) -> tuple[str, set[str]] | None:
    """The rule about what a column points at, and what there is to point at: too many values for an expectation."""
    if column.through:
        identifiers = delivered[column.through]
        return "known person", set(identifiers.frame[identifiers.plan.number_column(column)].dropna().tolist())
    known = _keys(column.links, delivered) if column.links else None
    return None if known is None else ("known link", known)


def _keys(table: str, delivered: Mapping[str, Delivered]) -> set[str] | None:
    """
    The values that may be pointed at in that canonical table.

    A patient may be known through the extract that links numbers, where patients' own extracts hold another number.
    """
    sources = [d for d in delivered.values() if d.plan.table.name == table]
    key = sources[0].plan.table.key[0] if sources else None
    known: set[str] = set()
    for source in sources:
        column = source.plan.column(key)
        if column.through:
            known |= set(delivered[column.through].frame[key].dropna().tolist())
        else:
            known |= set(source.frame[key].dropna().tolist())
    return known if sources else None
