"""Delivered extracts and decisions in; the rows that the national data opt-out takes out of them, out."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.extracts.consents.decisions import OPT_OUT, Decisions, column_of
from analysis.extracts.read import Delivered
from analysis.study import Study

SECTION_251 = "section 251"
FOLLOWS = "rests on a record under section 251"
# Records of consent and keys of numbers are no confidential patient information that is analysed.
APART = ("identifiers", "consents", "codes", "codings", "aggregates", "interviews", "asked", "memos")


def opted_out_rows(study: Study, delivered: Mapping[str, Delivered], said: Decisions,
                   person: Mapping[str, pd.Series]) -> pd.DataFrame:
    """
    The rows of people who opted out, in the extracts whose `legal_basis` is section 251.

    Somebody has opted out where `patients.opted_out` or a consents row of that kind says so and no standing consent to
    the evaluation, which overrides it (HRA and NHS England guidance). Other extracts keep their rows, but for those
    that point at a row of patients which the opt-out took: nothing could place them.
    Raises DefinitionMistake where an extract with rows of such a person does not say its legal basis.
    """
    opted = set(said.of(OPT_OUT, "given")["who"])
    for name, extract in delivered.items():
        if extract.plan.table.name == "patients":
            opted |= set(person[name][column_of(extract, "opted_out", delivered).eq("yes")].dropna())
    opted -= set(said.of("evaluation", "given")["who"])
    about = {name: person[name].isin(opted) for name, extract in delivered.items()
             if extract.plan.table.name not in APART}
    _check(study, [name for name, rows in about.items() if rows.any() and not delivered[name].plan.legal_basis])
    found = {name: (rows, SECTION_251) for name, rows in about.items()
             if delivered[name].plan.legal_basis == SECTION_251}
    nowhere = opted - _placed(delivered, person, found)
    found |= {name: (person[name].isin(nowhere), FOLLOWS) for name in about
              if name not in found and delivered[name].plan.table.name != "patients"}
    return pd.concat([pd.DataFrame({
        "extract": name, "position": rows.to_numpy().nonzero()[0], "table": delivered[name].plan.table.name,
        "kind": OPT_OUT, "scope": scope, "who": person[name][rows].to_numpy(), "leaves": True})
        for name, (rows, scope) in found.items()] or [_NONE], ignore_index=True)


_NONE = pd.DataFrame(columns=["extract", "position", "table", "kind", "scope", "who", "leaves"])


def _placed(delivered: Mapping[str, Delivered], person: Mapping[str, pd.Series], found: Mapping) -> set[str]:
    """The people whom rows can still point at: in a list of patients that stays, or known by a key of numbers."""
    placed: set[str] = set()
    lists = [name for name, extract in delivered.items() if extract.plan.table.name == "patients"]
    for name in lists:
        through = delivered[name].plan.column("patient_id").through
        placed |= set(person[through].dropna().tolist()) if through else set()
        placed |= set(person[name].dropna().tolist()) if name not in found else set()
    return placed if lists else {one for people in person.values() for one in people.dropna()}


def _check(study: Study, silent: list[str]) -> None:
    if silent:
        several = len(silent) > 1
        raise study.definition.mistake(
            "the national data opt-out is recorded for people without consent to the evaluation, and "
            f"{', '.join(f'[extracts.{name}]' for name in silent)} {'do' if several else 'does'} not say the legal "
            "basis", "extracts", silent[0],
            remedy='write legal_basis = "section 251" where the opt-out applies; else "consent", "direct care" or '
                   '"anonymised"')
