"""Checked text tables in, canonical tables out: names, types and codes of the field; copies and late rows left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import pandas as pd

from analysis.extracts.checks.rules import RULES
from analysis.extracts.people import people_of_rows
from analysis.extracts.plan import ExtractPlan
from analysis.extracts.read import FILE, ROW, Delivered
from analysis.extracts.typed import as_answers, complete, typed

ROWS = ["extract", "table", "what", "rows", "people"]
DELIVERED, KEPT = "delivered", "kept"
ASIDE = "not of this extract"  # rows that the definition does not keep


def tidy(delivered: Mapping[str, Delivered], faults: pd.DataFrame, checks: pd.DataFrame | None = None,
         ) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """
    The canonical tables by name, each row with its source file and line, and the balance of rows of every extract.

    Rows with a fault of severity 'excluded' are left out and counted by reason: delivered = kept + reasons, always. A
    row with several is counted once, for the rule that comes first. The balance (ROWS) has a row an extract for
    'delivered', for each rule that takes rows out (with `checks`, also where none broke it) and for 'kept'.
    Numbers of other systems are exchanged for the patient_id and go no further: no tidy table holds an NHS number.
    """
    parts: dict[str, list[pd.DataFrame]] = {}
    balance = []
    for extract in delivered.values():
        made, rows = tidied(extract, delivered, faults, checks)
        parts.setdefault(extract.plan.table.name, []).append(made)
        balance += rows
    tables = {name: complete(name, frames) for name, frames in parts.items() if name != "identifiers"}
    return tables, pd.DataFrame(balance, columns=ROWS)


def tidied(extract: Delivered, delivered: Mapping[str, Delivered], faults: pd.DataFrame,
           checks: pd.DataFrame | None = None) -> tuple[pd.DataFrame, list[list]]:
    """The rows of one extract under our names and types, but those left out; and its lines of the balance."""
    name = extract.plan.name
    excluded = faults[(faults["extract"] == name) & (faults["severity"] == "excluded")]
    excluded = excluded.sort_values("rule", key=lambda rules: rules.map(list(RULES).index), kind="stable")
    reasons = excluded.drop_duplicates(["file", "row"]).set_index(["file", "row"])["rule"]
    kept = extract.frame[~pd.MultiIndex.from_frame(extract.frame[[FILE, ROW]]).isin(reasons.index)]
    made = typed(extract, kept, delivered)
    if extract.plan.items:
        made = as_answers(extract, kept, made)
    who, others = (people_of_rows(replace(extract, frame=rows), delivered) for rows in (extract.frame, extract.aside))
    rule_of = pd.Series(pd.MultiIndex.from_frame(extract.frame[[FILE, ROW]]).map(reasons), index=who.index)
    run = reasons_of(name, checks, set(excluded["rule"]))

    def counted(people: pd.Series) -> tuple[int, int]:
        return len(people), people.nunique(dropna=False)

    left_out = {ASIDE: counted(others)} if extract.plan.keep else {}
    left_out |= {rule: counted(who[rule_of == rule]) for rule in run}
    return made, balance_of(extract.plan, counted(pd.concat([who, others])), left_out, counted(who[rule_of.isna()]))


def balance_of(plan: ExtractPlan, delivered: tuple[int, int], left_out: Mapping[str, tuple[int, int]],
               kept: tuple[int, int]) -> list[list]:
    """The lines of one extract in the balance (ROWS): rows and people delivered, left out by reason, and kept."""
    counted = {DELIVERED: delivered, **left_out, KEPT: kept}
    return [[plan.name, plan.table.name, what, *rows_and_people] for what, rows_and_people in counted.items()]


def reasons_of(extract: str, checks: pd.DataFrame | None, broken: Collection[str] = ()) -> list[str]:
    """The rules that take rows out of an extract: which they are does not tell whether one did."""
    run = set(broken)
    if checks is not None:
        run |= set(checks.loc[(checks["extract"] == extract) & (checks["severity"] == "excluded"), "rule"])
    return [rule for rule in RULES if rule in run]
