"""Issues of opioids in; each person's day-by-day oral morphine equivalents, and the dose in a window, out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.measures.directions import PRN_RULES, Directions, read_directions, within
from analysis.measures.products import NOT_OPIOID, NOT_READABLE, OPIOID, Product, read_product
from analysis.reference.factors import FactorTable

NO_FACTOR = "no factor"
LINE_COLUMNS = ["patient_id", "product", "issued_on", "start", "end", "mg_per_day", "as_required", "once_assumed"]
UNREAD_COLUMNS = ["patient_id", "issued_on", "kind", "reason", "product", "directions"]

# Reasons a person has no dose in a window; also the rows of the table, in this order.
NO_INDEX, NOT_LISTED, LATE, DIED, LEFT, WITHDREW, JOINED, UNREAD, PARTIAL, NO_ISSUE = MISSING = (
    "no index date", "not on the patient list", "not reached by the data cut", "died before the index date",
    "left the practice before the index date", "withdrew before the index date", "registered after the window began",
    "a line that cannot be read",
    "an opioid without a factor", "no issue on record")

_SECONDS = 86_400  # lines run in whole seconds: what follows on then follows on exactly
_TEXTS = ["product", "strength", "form", "route", "bnf_code", "unit", "directions"]
# Units that count packs: how many tablets are in one is not said.
_PACKS = ("pack", "op", "original pack", "box", "bottle", "btl", "pot", "tube")


class DoseLines(NamedTuple):
    """`lines` (LINE_COLUMNS): issues that were read; `unread` (UNREAD_COLUMNS): those that give no dose."""

    lines: pd.DataFrame
    unread: pd.DataFrame


def dose_lines(prescriptions: pd.DataFrame, *, factors: FactorTable, range_rule: str = "maximum",
               prn_rule: str = "full") -> DoseLines:
    """
    Each issue as an interval [start, end) with its mg of oral morphine a day; issues that give none, with kind and
    reason.

    An issue lasts quantity / units a day, from its date or from when earlier supply of the same product is used up,
    so that collecting early builds a stock. A change of strength is another product and runs beside it. Patches: one
    lasts as long as the directions say, else its licensed wear; its daily dose is the table's equivalent. A fraction
    of a day counts as such.

    What an analyst would argue about: the rules for ranges and as-required directions set the rate of use and with it
    how long a supply lasts, so "minimum" and "half" stretch the line and a person collecting monthly builds a stock;
    "none" gives as-required issues no length and no dose. Issues of one product on one day follow each other.

    `prescriptions`: the canonical table. Raises ValueError for an unknown rule. Kinds of unread issues: "not an
    opioid", "dependence treatment", "no factor", "not readable".
    """
    if prn_rule not in PRN_RULES:
        raise ValueError(f"prn rule '{prn_rule}': write one of {', '.join(PRN_RULES)}")
    issues = prescriptions.reindex(columns=["patient_id", "issued_on", "quantity", *_TEXTS]).reset_index(drop=True)
    texts = issues[_TEXTS].astype(object).where(issues[_TEXTS].notna(), "")
    group = texts.groupby(_TEXTS, sort=False).ngroup().to_numpy()
    distinct = texts.loc[~pd.Series(group).duplicated().to_numpy()]  # read once, however many issues carry the text
    read = pd.DataFrame([_reading(row, factors, range_rule, prn_rule) for row in distinct.itertuples(index=False)],
                        columns=["kind", "reason", "label", "units", "mg", "as_required", "once_assumed"])
    issues = pd.concat([issues[["patient_id", "issued_on", "quantity", "product", "directions"]],
                        read.iloc[group].reset_index(drop=True)], axis=1)
    issues["quantity"] = pd.to_numeric(issues["quantity"]).astype(float)
    usable = issues["quantity"].gt(0) & issues["issued_on"].notna()
    faulty = issues["kind"].eq(OPIOID) & ~usable
    issues.loc[faulty, ["kind", "reason"]] = [NOT_READABLE, "no quantity or no date"]
    opioid = issues["kind"].eq(OPIOID)
    return DoseLines(_stacked(issues[opioid]), issues.loc[~opioid, UNREAD_COLUMNS].reset_index(drop=True))


def _stacked(issues: pd.DataFrame) -> pd.DataFrame:
    """
    Start and end of each issue where a product's supplies follow each other.

    With supply lengths d and issue times t in order, end_i = D_i + max over j <= i of (t_j - D_(j-1)), D the running
    sum of d.
    """
    lines = issues.sort_values(["patient_id", "label", "issued_on"], kind="stable")
    t = lines["issued_on"].astype("datetime64[s]").astype("int64")
    with np.errstate(divide="ignore", invalid="ignore"):
        days = np.where(lines["units"] > 0, lines["quantity"] / lines["units"], 0.0)
    d = pd.Series(np.rint(days * _SECONDS).astype("int64"), index=lines.index)
    of = [lines["patient_id"], lines["label"]]
    used = d.groupby(of, sort=False).cumsum()
    start = used - d + (t - (used - d)).groupby(of, sort=False).cummax()
    return pd.DataFrame({
        "patient_id": lines["patient_id"], "product": lines["label"], "issued_on": lines["issued_on"],
        "start": start.astype("datetime64[s]"), "end": (start + d).astype("datetime64[s]"),
        "mg_per_day": lines["mg"].astype(float), "as_required": lines["as_required"].astype(bool),
        "once_assumed": lines["once_assumed"].astype(bool)}, columns=LINE_COLUMNS).reset_index(drop=True)


def _reading(text, factors: FactorTable, range_rule: str, prn_rule: str) -> tuple:
    """kind, reason, product label, units a day, mg a day, as required, once assumed: of one distinct text."""
    product = read_product(text.product, text.strength, text.form, text.route, str(text.bnf_code))
    if product.kind != OPIOID:
        return product.kind, product.reason, product.label, np.nan, np.nan, False, False
    if factors.equivalent(product.ingredient, product.route, product.basis, product.strength) is None:
        return NO_FACTOR, f"{product.ingredient}, {product.route}", product.label, np.nan, np.nan, False, False
    said = read_directions(text.directions)
    reason = said.reason or _misfit(product, said, str(text.unit).casefold())
    if reason:
        return NOT_READABLE, reason, product.label, np.nan, np.nan, said.as_required, False
    share = {"none": 0.0, "half": 0.5, "full": 1.0}[prn_rule] if said.as_required else 1.0
    if product.form == "patch":
        units, mg = _worn(product, said, range_rule, factors)
    else:
        units = said.per_day(range_rule) / _per_unit(product, said)
        mg = units * factors.equivalent(product.ingredient, product.route, product.basis, product.strength)
    once = said.once_assumed and product.form != "patch"
    return OPIOID, "", product.label, units * share, mg * share, said.as_required, once


def _worn(product: Product, said: Directions, range_rule: str, factors: FactorTable) -> tuple[float, float]:
    """Patches used a day and mg a day: the equivalent of what is worn at once, however often it is changed."""
    at_once = within(said.at_once, range_rule)
    a_day = factors.equivalent(product.ingredient, product.route, product.basis, product.strength)
    used = at_once / product.wear_days if said.once_assumed else said.per_day(range_rule)
    return used, at_once * a_day


def _per_unit(product: Product, said: Directions) -> float:
    """What divides the directed amount to give units: the strength where directions are in mg, else 1."""
    return {"mg": product.strength, "mcg": 1000 * product.strength}.get(said.unit, 1.0)


def _misfit(product: Product, said: Directions, unit: str) -> str:
    """Why directions or quantity do not go with the product, or an empty string."""
    if unit.rstrip("s") in _PACKS:
        return "the quantity is in packs"
    if product.form == "patch":
        if said.unit not in ("", "unit", "patch") or said.at_once is None:
            return "directions that do not fit a patch"
        often = not said.once_assumed and said.high > said.at_once[1] / 2
        return "a patch changed more often than every two days" if often else ""
    if product.form == "liquid":
        if unit and not unit.startswith(("ml", "millilit")):
            return "the quantity of a liquid is not in millilitres"
        return "" if said.unit in ("ml", "mg", "mcg") else "no millilitres in the directions of a liquid"
    if product.form == "drops":
        return "" if said.unit == "ml" else "drops, whose size is not known"
    if said.unit in ("ml", "patch", "drop"):
        return "directions in a unit that the product does not come in"
    return ""


def window_doses(lines: pd.DataFrame, index_dates: pd.Series, window_days: int, patients: pd.DataFrame, *,
                 unread: pd.DataFrame | None = None, data_cut: object = None) -> pd.DataFrame:
    """
    Mean mg a day over the window that ends the day before each person's index date (Dasgupta 2021, PMC8270512: D3).

    Returns patient_id, dose, reason, one row for each of `index_dates` (patient_id -> date). A dose of 0 is said only
    of a person who was alive and registered throughout, has an issue on record, and whose supply was used up; anyone
    else has a missing dose and one of MISSING as reason. A missing registration date counts as registered: the record
    exists. An unread opioid line issued in the window, or as long before it, makes the dose missing, since it would
    be too low.

    `patients`: patient_id, registered_on, deregistered_on, died_on, withdrew_on. `data_cut`: the last day of the
    records.
    """
    people = pd.DataFrame({"patient_id": index_dates.index, "index": pd.to_datetime(index_dates.to_numpy())})
    people["from"] = people["index"] - pd.Timedelta(days=window_days)
    dates = ["registered_on", "deregistered_on", "died_on", "withdrew_on"]
    listed = patients.drop_duplicates("patient_id").reindex(columns=["patient_id", *dates])
    listed[dates] = listed[dates].apply(pd.to_datetime)  # a column that was not delivered is empty, and has no type
    people = people.merge(listed, on="patient_id", how="left", indicator="listed")
    mg = _in_window(lines, people).groupby("patient_id").agg(mg=("mg", "sum"))["mg"]
    # Rounded because sums of floats differ in the last bits, and 1e-13 mg is no change of dose.
    people["dose"] = (people["patient_id"].map(mg).fillna(0.0) / window_days).round(6)
    last = people["index"] - pd.Timedelta(days=1)
    no = pd.DataFrame(columns=UNREAD_COLUMNS) if unread is None else unread[unread["kind"] != NOT_OPIOID]
    near = no.merge(people[["patient_id", "index", "from"]], on="patient_id")
    since = near["from"] - pd.Timedelta(days=window_days)
    near = near[(near["issued_on"] < near["index"]) & (near["issued_on"] >= since)]
    unreadable = near.loc[near["kind"] == NOT_READABLE, "patient_id"].unique()
    apart = near.loc[near["kind"] != NOT_READABLE, "patient_id"].unique()
    tests = {
        NO_INDEX: people["index"].isna(),
        NOT_LISTED: people["listed"] != "both",
        LATE: last > (pd.Timestamp.max if data_cut is None else pd.Timestamp(data_cut)),
        DIED: people["died_on"].le(last),
        LEFT: people["deregistered_on"].le(last),
        WITHDREW: people["withdrew_on"].lt(last),  # issues of the day itself are on record; later ones were taken out
        JOINED: people["registered_on"].gt(people["from"]),
        UNREAD: people["patient_id"].isin(unreadable),
        PARTIAL: people["patient_id"].isin(apart),
        NO_ISSUE: ~people["patient_id"].isin([*lines["patient_id"].unique(), *no["patient_id"].unique()]),
    }
    met = [test.fillna(False).to_numpy(dtype=bool) for test in tests.values()]
    people["reason"] = np.select(met, list(tests), default="")
    people.loc[people["reason"] != "", "dose"] = np.nan
    return people[["patient_id", "dose", "reason"]]


def dose_definitions(lines: pd.DataFrame, index_dates: pd.Series, window_days: int) -> pd.DataFrame:
    """
    The four daily doses of Dasgupta 2021 (Clin J Pain 37:565-574) over one window: patient_id, D1, D2, D3, D4 in mg a
    day.

    D1: total mg over the days supplied, overlapping days counted as often as supplied. D2: over days with any supply.
    D3: over the days of the window. D4: the highest sum at any time. A person without supply in the window has 0 in
    D3 and D4 and no D1 and D2. They differ threefold on the same records (same paper): always print which one is
    meant.
    """
    people = pd.DataFrame({"patient_id": index_dates.index, "index": pd.to_datetime(index_dates.to_numpy())})
    people["from"] = people["index"] - pd.Timedelta(days=window_days)
    part = _in_window(lines, people).sort_values(["patient_id", "from_s", "to_s"])
    before = part.groupby("patient_id")["to_s"].cummax().groupby(part["patient_id"]).shift()
    new = part["to_s"] - np.fmax(part["from_s"], before.fillna(part["from_s"]))
    sums = part.assign(new=new.clip(lower=0)).groupby("patient_id").agg(
        mg=("mg", "sum"), supplied=("seconds", "sum"), covered=("new", "sum"))
    steps = pd.concat([part.assign(at=part["from_s"], step=part["mg_per_day"]),
                       part.assign(at=part["to_s"], step=-part["mg_per_day"])])
    steps = steps.sort_values(["patient_id", "at", "step"])  # what ends is taken off before what starts is put on
    highest = steps.groupby("patient_id")["step"].cumsum().groupby(steps["patient_id"]).max()
    sums = sums.reindex(people["patient_id"])
    return pd.DataFrame({
        "patient_id": people["patient_id"].to_numpy(),
        "D1": (sums["mg"] / (sums["supplied"] / _SECONDS)).to_numpy(),
        "D2": (sums["mg"] / (sums["covered"] / _SECONDS)).to_numpy(),
        "D3": (sums["mg"].fillna(0.0) / window_days).to_numpy(),
        "D4": highest.reindex(people["patient_id"]).fillna(0.0).to_numpy()})


def _in_window(lines: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """The parts of lines inside each person's window: from_s, to_s, seconds, mg."""
    part = lines.merge(people[["patient_id", "index", "from"]].dropna(), on="patient_id")
    seconds = {c: part[c].astype("datetime64[s]").astype("int64") for c in ("start", "end", "from", "index")}
    part["from_s"] = np.maximum(seconds["start"], seconds["from"])
    part["to_s"] = np.minimum(seconds["end"], seconds["index"])
    part = part[part["to_s"] > part["from_s"]].copy()
    part["seconds"] = part["to_s"] - part["from_s"]
    part["mg"] = part["mg_per_day"] * part["seconds"] / _SECONDS
    return part
