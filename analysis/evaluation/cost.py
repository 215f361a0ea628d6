"""Settings, tables and the study's unit costs in; what was delivered, item by item, and what it cost, out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from analysis.definition import read_definition
from analysis.evaluation.activity import Activity
from analysis.measures.summary import CURRENCIES, Summary
from analysis.study import Required

FILE = "unit_costs.toml"
SCHEMA = {
    "price_year": Required(str), "currency": str,
    "grades": Required({"*": {"per_hour": float, "price_year": str, "source": Required(str), "date": datetime.date}}),
    "contacts": {"grade": Required(str), "basis": str},
    "missed": {"grade": Required(str), "attendance": Required([str]), "basis": Required(str)},
    "admin": {"grade": Required(str), "minutes_per_contact": Required(float), "basis": Required(str)},
    "travel": {"grade": Required(str), "minutes": {"*": float}, "basis": str, "fares": {"*": float},
               "fares_basis": str},
    "supervision": {"grade": Required(str), "minutes_per_worker_month": Required(float), "basis": Required(str)},
}


class Cost(Activity):
    """Of one study: what was delivered, in TIDieR's order, and what it cost by the unit costs that the study states."""

    def what_was_delivered(self) -> Summary:
        """The items of TIDieR, with the numbers of whatever the service collects."""
        from analysis.measures.activity.delivered import what_was_delivered

        others = [self.length_of_stay()]
        if self.study.collects("contacts"):
            others += [self.contacts_per_patient(), self.contact_modes(), self.attendance(), self.contact_rate()]
            # Of what no extract brings a number would be nought, and read as one.
            others += [self.contact_places()] if "place" in self._delivered("contacts") else []
            others += [self.contact_minutes()] if "minutes" in self._delivered("contacts") else []
            others += [self.caseload()] if "worker" in self._delivered("episodes") else []
        if self.study.collects("interventions"):
            others += [self.interventions()]
            others += [self.intervention_providers()] if "provider" in self._delivered("interventions") else []
        said = {"fidelity_planned": _planned(self.study["fidelity"]), **self.study["tidier"]}
        return what_was_delivered(said, self.study["protocol"].get("deviations"), *others)

    def cost_of_delivery(self) -> Summary:
        from analysis.measures.activity.cost import cost_of_delivery

        return cost_of_delivery(self._contacts, self.tables["episodes"], self._unit_costs, **self._window,
                                currency=self._unit_costs.get("currency", "£"))

    def unit_costs(self) -> Summary:
        from analysis.measures.activity.cost import unit_costs

        return unit_costs(self._unit_costs, self._unit_costs.get("currency", "£"))

    @cached_property
    def _unit_costs(self) -> Mapping[str, Any]:
        """The study's own file; DefinitionMistake, with its line, for what is wrong in it or where it is not there."""
        from analysis.measures.activity.cost import check

        read = read_definition(self.study.folder / FILE, SCHEMA)
        if (currency := read.values.get("currency", "£")) not in CURRENCIES:
            raise read.mistake(f"currency is '{currency}'", "currency", remedy=f"one of: {', '.join(CURRENCIES)}")
        check(read.values, FILE)
        return read.values


def _planned(fidelity: Mapping[str, Any]) -> str:
    """What [fidelity] says was planned, in words; nothing where it says nothing."""
    words = {"contacts": "{} attended contacts a person", "minutes": "{} minutes a contact",
             "weeks": "{} weeks of stay", "staff": "{} staff"}
    said = [words[key].format(f"{fidelity[key]:g}") for key in words if key in fidelity]
    said += [f"for everybody: {', '.join(fidelity['interventions'])}"] if fidelity.get("interventions") else []
    return "; ".join(said)
