"""Protocol: what was approved and planned, in words, in; tables that show what is left out as left out, out."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence

from analysis.measures.cells import Cells
from analysis.measures.summary import About, Summary
from analysis.measures.words import day_in_words, plain

NOT_STATED = "not stated"
ITEMS = {
    "classification": "Classification", "design": "Design", "rec": "Research ethics committee", "iras": "IRAS number",
    "dpia": "Data protection impact assessment", "legal_basis": "Legal basis", "data_sharing": "Data sharing",
    "retention": "Retention", "funder": "Funder", "registration": "Registration",
}
# Every measure that a page can show -> what a study must have for it. Checks of the import are no measures.
MEASURES: Mapping[str, tuple[str, ...]] = {
    "participant flow": ("referrals",), "consent acted": ("consents",),
    "counts delivered": ("aggregates",), "reach": ("referrals",), "adoption": ("referrals",), "fidelity": ("episodes",),
    "characteristics": ("referrals",), "completers": ("outcomes",), "interview recruitment": ("recruitment",),
    "contacts per patient": ("contacts",), "contact modes": ("contacts",), "contact places": ("contacts",),
    "contact minutes": ("contacts",), "attendance": ("contacts",), "contact rate": ("contacts",),
    "contacts since start": ("contacts",), "activity over time": ("contacts",),
    "waiting time": ("contacts", "referrals"), "waiting curve": ("contacts", "referrals"),
    "length of stay": ("episodes",), "stay curve": ("episodes",), "people and episodes": ("episodes",),
    "caseload": ("contacts",), "interventions": ("interventions",), "interventions per person": ("interventions",),
    "intervention providers": ("interventions",), "what was delivered": ("episodes",),
    "cost of delivery": ("contacts", "unit_costs"), "combinations": ("interventions",),
    "safety events": ("episodes",), "opioid dose": ("doses",),
    "opioid issues": ("doses",), "dose definitions": ("doses",), "dose bases": ("doses",), "high doses": ("doses",),
    "dose scenarios": ("doses",), "questionnaire completion": ("outcomes",), "outcome scores": ("outcomes",),
    "score changes": ("outcomes",), "other thresholds": ("outcomes",), "returners": ("outcomes",),
    "band changes": ("outcomes",), "change spread": ("outcomes",), "standardised changes": ("outcomes",),
    "answering patterns": ("outcomes",), "profile changes": ("outcomes.value_sets",),
    "outcome tests": ("outcomes.tests",), "unscored": ("outcomes",), "item changes": ("outcomes",),
    "interview sample": ("interviews",),
    "themes": ("interviews", "counts"),
    "themes asked": ("asked", "counts"), "constructs": ("interviews", "counts"),
    "discrepancies": ("interviews", "counts"), "themes by participant": ("interviews", "counts"),
    "co-occurrence": ("interviews", "counts"), "themes by attribute": ("interviews", "counts"),
    "codebook": ("interviews",), "framework matrix": ("memos", "counts"),
    "agreement": ("coefficients",), "saturation": ("saturation",), "joint display": ("joint",),
    "following a thread": ("thread",),
    "mixed methods matrix": ("matrix", "counts"), "project file": ("interviews",),
}


def protocol_record(said: Mapping[str, object]) -> Summary:
    """Each item of `[protocol]` as it was stated, or 'not stated', and the dated deviations in order of their dates."""
    cells = Cells("protocol", record=True)
    for key, label in ITEMS.items():
        cells.row(label, {"Stated": (plain(str(said.get(key) or NOT_STATED)), {})}, section="Approval and governance")
    deviations = said.get("deviations")
    for one in sorted(deviations or (), key=lambda one: one["date"]):
        day: datetime.date = one["date"]
        cells.row(day_in_words(day), {"Stated": (plain(f"{one['what']}. Why: {one['why']}"), {})},
                  section="Deviations")
    if not deviations:
        cells.row("Deviations", {"Stated": (NOT_STATED if deviations is None else "none", {})}, section="Deviations")
    return cells.summary("Protocol of this evaluation", About("none", "none: a record"),
                         notes=("As stated in the study's definition; nothing here was checked with anybody.",),
                         stub="Item")


def planned_measures(shown: Sequence[str], prespecified: Collection[str] | None) -> Summary:
    """
    Every measure that the report shows, as prespecified or post hoc; and what was prespecified and is not shown.

    `prespecified` is the protocol's list, None where it has none: then nobody has said of any measure what it is.
    """
    cells = Cells("planned measures", record=True)
    for name in shown:
        planned = NOT_STATED if prespecified is None else "prespecified" if name in prespecified else "post hoc"
        cells.row(name.capitalize(), {"Planned": (planned, {})}, section="Shown in this report")
    missing = sorted(set(prespecified or ()) - set(shown))
    for name in missing:
        cells.row(plain(name.capitalize()), {"Planned": ("prespecified", {})}, section="Prespecified, and not shown")
    return cells.summary("Measures, prespecified or post hoc", About("none", "none: a record"),
                         notes=("Prespecified: named in the protocol before the data were seen, as the definition "
                                "states it. Every other measure is post hoc.",), stub="Measure")
