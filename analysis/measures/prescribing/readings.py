"""Distinct texts of issues in; what each is, and units and mg a day under any rule and factor table, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.measures.prescribing.direction_clauses import CHANGES
from analysis.measures.prescribing.directions import (
    PRN_RULES,
    RANGE_RULES,
    Directions,
    read_directions,
    within,
)
from analysis.measures.prescribing.products import NOT_READABLE, OPIOID, Product, read_product
from analysis.measures.prescribing.regimens import Step, read_steps
from analysis.reference.factors import FactorTable
from analysis.reference.records import records

NO_FACTOR = "no factor"
FAULTY = "no quantity or no date"
PRN_SHARE = dict(zip(PRN_RULES, (0.0, 0.5, 1.0), strict=True))
# Why a line gives no dose, in the order of a table: product, directions, quantity, and how these go together.
UNREADABLE = (
    "product not known", "two opioids in one product", "no strength in the product", "no strength of the liquid",
    "no strength of the patch", "no patch has this strength", "no strength of the ampoule",
    "code and text are two products",
    "no directions", "no dose in the directions", "no number of units", "a single dose",
    "the dose changes within the directions",
    "two amounts and one time in the directions", "two frequencies in the directions",
    "two kinds of unit in the directions", "a number in the directions is not understood",
    "the quantity is in packs", "the quantity is not in what the product comes in", FAULTY,
    "directions that do not fit a patch", "a patch changed more often than every two days",
    "no millilitres in the directions of a liquid", "drops, whose size is not known",
    "directions in a unit that the product does not come in", "no time of the dose, and a maximum in another unit",
)


class Given(NamedTuple):
    """What each text gives under one set of rules: its kind and reason, and where it is an opioid, two rates."""

    kind: np.ndarray
    reason: np.ndarray
    units: np.ndarray  # units a day, of which a supply lasts
    mg: np.ndarray  # mg of oral morphine a day


@dataclass(frozen=True)
class Readings:
    """
    Distinct texts, read once and free of rules: one entry of each array for each text, and after these one for each
    step of directions whose dose changes.

    `steps`: the entry of such a text -> those of its steps, each with the units it takes (nan: all that is left).
    `written`: the text of each entry; `later`: whether it is a step but the first.
    `label` is the product's position in `labels`; `kind` and `reason` are of the product alone, `unreadable` says why
    its directions give no dose. `units` and `worn` hold, for each rule for ranges, the units used a day and what the
    factor multiplies (the same, but for patches: those worn at once).
    """

    labels: tuple[str, ...]
    label: np.ndarray
    kind: np.ndarray
    reason: np.ndarray
    unreadable: np.ndarray
    as_required: np.ndarray
    once_assumed: np.ndarray
    units: dict[str, np.ndarray]
    worn: dict[str, np.ndarray]
    products: tuple[Product, ...]
    steps: Mapping[int, tuple[tuple[int, float], ...]]
    written: np.ndarray
    later: np.ndarray

    def equivalents(self, factors: FactorTable) -> np.ndarray:
        """mg of oral morphine of one unit, of one day for a patch, under a factor table; nan without a factor."""
        found = {p: factors.equivalent(p.ingredient, p.route, p.basis, p.strength) for p in set(self.products)
                 if p.kind == OPIOID}
        return np.array([np.nan if (one := found.get(p)) is None else one for p in self.products], float)

    def given(self, factors: FactorTable, range_rule: str, prn_rule: str) -> Given:
        """
        Each text under a factor table and the rules for ranges and as-required directions.

        What has no factor is told before what cannot be read: methadone "as directed" is an opioid without a factor.
        """
        share, equivalent = self.share(prn_rule), self.equivalents(factors)
        kind, reason = self.kind.copy(), self.reason.copy()
        unreadable = (kind == OPIOID) & (self.unreadable != "")
        kind[unreadable], reason[unreadable] = NOT_READABLE, self.unreadable[unreadable]
        apart = (self.kind == OPIOID) & np.isnan(equivalent)
        kind[apart] = NO_FACTOR
        reason[apart] = [f"{self.products[k].ingredient}, {self.products[k].route}" for k in np.flatnonzero(apart)]
        dose = kind == OPIOID
        return Given(kind, reason, np.where(dose, self.units[range_rule] * share, np.nan),
                     np.where(dose, self.worn[range_rule] * share * equivalent, np.nan))

    def share(self, prn_rule: str) -> np.ndarray:
        """The part of the directed dose that counts: of as-required directions none, half or all. ValueError else."""
        if prn_rule not in PRN_SHARE:
            raise ValueError(f"prn rule '{prn_rule}': write one of {', '.join(PRN_RULES)}")
        return np.where(self.as_required, PRN_SHARE[prn_rule], 1.0)


def read_texts(texts: pd.DataFrame, names: Mapping[str, str] = MappingProxyType({})) -> Readings:
    """
    What a frame of distinct texts (`issues.TEXTS`) says; each product and each directions is read once.

    `names` are those of coded products (dm+d code -> name). Where a line's code is among them its name is read in the
    place of the product's text, which prescribers shorten; where both can be read and are two products, the line is not
    readable. A code that is not among them decides nothing.

    Directions whose dose changes are laid out step by step where their steps are clear (`regimens.read_steps`).

    Units a day are what the directions say, divided by the strength where they are in mg. A patch is used up as the
    directions say, else as it is licensed, and gives what is worn at once however often it is changed.
    """
    columns = ["product", "strength", "form", "route", "bnf_code", "dmd_code"]
    products = {key: _product(*key, names) for key in set(map(tuple, texts[columns].to_numpy()))}
    said = {one: read_directions(one) for one in set(texts["directions"])}
    changing = {one: read_steps(one) for one, what in said.items() if what.reason == CHANGES}
    rows = [(products[tuple(row[:6])], row[6], str(row[7]).casefold())
            for row in texts[[*columns, "directions", "unit"]].to_numpy()]
    read = [_text(product, said[words], unit) for product, words, unit in rows]
    written, later, steps = list(range(len(read))), [False] * len(read), {}
    for k, (product, words, unit) in enumerate(rows):
        laid = [_text(product, step.said, unit) for step in changing.get(words, ())]
        if product.kind != OPIOID or not laid:
            continue
        read[k] = next((one for one in laid if one.unreadable), laid[0])
        if not read[k].unreadable:
            steps[k] = tuple((len(read) + at, _taken(one, step))
                             for at, (one, step) in enumerate(zip(laid, changing[words], strict=True)))
            read += laid
            written += [k] * len(laid)
            later += [at > 0 for at in range(len(laid))]
    labels = tuple(sorted({one.product.label for one in read}))
    place = {label: k for k, label in enumerate(labels)}

    def words(values: list[str]) -> np.ndarray:
        return np.array(values, dtype=object)

    return Readings(
        labels, np.array([place[one.product.label] for one in read], "int64"),
        words([one.product.kind for one in read]), words([one.product.reason for one in read]),
        words([one.unreadable for one in read]), np.array([one.said.as_required for one in read], bool),
        np.array([one.once_assumed for one in read], bool),
        {rule: np.array([one.units[rule] for one in read], float) for rule in RANGE_RULES},
        {rule: np.array([one.worn[rule] for one in read], float) for rule in RANGE_RULES},
        tuple(one.product for one in read), steps, np.array(written, "int64"), np.array(later, bool))


def _taken(one: _Text, step: Step) -> float:
    """The units that a step takes; nan where it lasts for as long as there is supply."""
    return np.nan if step.days is None else one.units["maximum"] * step.days


def _product(text: str, strength: str, form: str, route: str, bnf_code: str, code: str,
             names: Mapping[str, str]) -> Product:
    written = read_product(text, strength, form, route, bnf_code)
    if code not in names:
        return written
    coded = read_product(names[code], bnf_code=bnf_code)
    if written.kind == coded.kind == OPIOID and written.label != coded.label:
        return Product(NOT_READABLE, ingredient=coded.ingredient, reason="code and text are two products")
    return written if coded.kind == NOT_READABLE else coded


class _Text(NamedTuple):
    product: Product
    said: Directions
    unreadable: str
    once_assumed: bool
    units: dict[str, float]
    worn: dict[str, float]


def _text(product: Product, said: Directions, unit: str) -> _Text:
    nothing = dict.fromkeys(RANGE_RULES, np.nan)
    if product.kind != OPIOID:
        return _Text(product, said, "", False, nothing, nothing)
    reason = said.reason or _misfit(product, said, unit)
    if reason:
        return _Text(product, said, reason, False, nothing, nothing)
    if product.form == "patch":
        worn = {rule: within(said.at_once, rule) for rule in RANGE_RULES}
        used = {rule: worn[rule] / product.wear_days if said.once_assumed else said.per_day(rule)
                for rule in RANGE_RULES}
        return _Text(product, said, "", False, used, worn)
    by = {"": 1.0, "mg": product.strength, "mcg": 1000 * product.strength}
    most = said.limit[0] / by.get(said.limit[1], 1.0) if said.limit else np.inf
    used = {rule: min(said.per_day(rule) / by.get(said.unit, 1.0), most) for rule in RANGE_RULES}
    return _Text(product, said, "", said.once_assumed, used, used)


def quantity_misfit(product: Product, unit: str) -> str:
    """Why a quantity in that unit (lower case) does not go with the product, or an empty string."""
    if unit in records().prescriptions["packs"]:  # how many tablets are in one is not said
        return "the quantity is in packs"
    if unit and unit.startswith(("ml", "millilit")) != (product.form in ("liquid", "drops")):
        return "the quantity is not in what the product comes in"
    return ""


def _misfit(product: Product, said: Directions, unit: str) -> str:
    """Why directions or quantity do not go with the product, or an empty string."""
    if misfit := quantity_misfit(product, unit):
        return misfit
    if product.form == "patch":
        if said.unit not in ("", "unit", "patch") or said.at_once is None:
            return "directions that do not fit a patch"
        often = not said.once_assumed and said.high > said.at_once[1] / 2
        return "a patch changed more often than every two days" if often else ""
    if product.form == "liquid":
        return "" if said.unit in ("ml", "mg", "mcg") else "no millilitres in the directions of a liquid"
    if product.form == "drops":
        return "" if said.unit == "ml" else "drops, whose size is not known"
    if said.unit in ("ml", "patch", "drop"):
        return "directions in a unit that the product does not come in"
    return ""
