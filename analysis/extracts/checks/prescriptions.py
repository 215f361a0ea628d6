"""Whether a dose can be read from an issue: what is seen in, the issues from which it cannot, or may not, out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import pandas as pd

from analysis.extracts.checks.amounts import several_in_one
from analysis.extracts.checks.seen import Bad, Seen
from analysis.reference.medicines import medicines
from analysis.reference.records import records

IN_A_ROW, APART = 5, 42
UNIT = r"(?:mg|milligrams?|mcg|micrograms?|µg|μg|ug|nanograms?|g|grams?|%)"
STRENGTH = rf"[0-9][0-9.,]*\s*{UNIT}(?![a-z])"
PAIR = r"(?<![0-9.])[0-9][0-9.]*\s*/\s*[0-9][0-9.]*(?![0-9.]|\s*(?:ml|mg|mcg|microgram|g\b))"
MASS = re.compile(r"\b([0-9]+(?:\.[0-9]+)?)\s*(mg|milligram|mcg|microgram|µg|μg|ug)")
AN_HOUR = r"(?:mcg|micrograms?|µg|μg|ug)\s*(?:/|per)\s*(?:h|hr|hour)(?![a-z])"
A_VOLUME = r"(?:/|per|in)\s*[0-9.]*\s*ml(?![a-z])"


def no_issue(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'issue that was made'."""
    yield from _status(seen, "no_issue")


def by_others(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'issued by the practice'."""
    yield from _status(seen, "not_by_practice")


def _status(seen: Seen, words: str) -> Iterator[Bad]:
    rows = seen.table("prescriptions", "status")
    if rows is not None:
        yield Bad(rows, "status", rows["status"].str.casefold().isin(records().prescriptions[words]))


def no_strength(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'strength is stated'."""
    for rows, says in _opioids(seen):
        yield Bad(rows, "product", ~_has(says, STRENGTH) & ~_has(says, PAIR))


def bare_pair(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'combination strength has its units'."""
    for rows, says in _opioids(seen):
        yield Bad(rows, "product", _has(says, PAIR))


def patch_without_hour(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'patch strength an hour'."""
    for rows, says in _opioids(seen):
        yield Bad(rows, "product", _has(says, _any("patches")) & _has(says, STRENGTH) & ~_has(says, AN_HOUR))


def liquid_without_volume(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'liquid strength a volume'."""
    for rows, says in _opioids(seen):
        yield Bad(rows, "product", _has(says, _any("liquids")) & _has(says, STRENGTH) & ~_has(says, A_VOLUME))


def packs(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'quantity in doses'."""
    rows = seen.table("prescriptions", "unit")
    if rows is not None:
        unit = rows["unit"].str.casefold().str.replace(r"[^a-z ]", " ", regex=True).str.strip()
        yield Bad(rows, "unit", unit.isin(records().prescriptions["packs"]))


def no_quantity(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'quantity above nought'."""
    rows = seen.table("prescriptions", "quantity")
    if rows is not None:
        yield Bad(rows, "quantity", rows["quantity"] <= 0)


def huge_quantity(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'quantity not huge'."""
    rows = seen.table("prescriptions", "quantity")
    if rows is not None:
        yield Bad(rows, "quantity", rows["quantity"] > records().prescriptions["most"])


def for_dependence(seen: Seen) -> Iterator[Bad]:
    """
    By its BNF code where there is one; else by a name that is licensed for nothing else, or as sublingual buprenorphine
    stronger than that for pain. Of methadone the name does not tell: some of its oral solutions are licensed for both.
    """
    rows = seen.table("prescriptions", "product")
    if rows is None:
        return
    only = "|".join(re.escape(word) for word, name in medicines().names.items() if name.dependence)
    code = rows["bnf_code"] if "bnf_code" in rows else pd.Series(None, index=rows.index, dtype="str")
    named = _has(words_of(rows), rf"\b(?:{only})\b") if only else pd.Series(False, index=rows.index)
    named |= _once(_all_of(rows), _too_strong_for_pain)
    yield Bad(rows, "product", code.str.startswith(records().prescriptions["dependence_bnf"]).fillna(False).astype(bool)
              | (named & code.isna()))


def injections(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'no injection'."""
    for rows, says in _opioids(seen):
        yield Bad(rows, "product", _has(says, _any("injections")))


def two_strengths(seen: Seen) -> Iterator[Bad]:
    """One drug is the same words but for the numbers: a slow and a quick form of one drug are two."""
    rows = seen.table("prescriptions", "patient_id", "product", "issued_on")
    if rows is None:
        return
    says = words_of(rows)
    opioid = rows.assign(drug=drugs_of(says), says=says).dropna(subset=["patient_id", "issued_on", "drug"])
    first = opioid.groupby(["patient_id", "issued_on", "drug"])["says"].transform("first")
    yield Bad(rows, "product", (first.notna() & (opioid["says"] != first)).reindex(rows.index, fill_value=False))


def twice(seen: Seen) -> Iterator[Bad]:
    """An exact copy is left out for its own reason: here are rows that differ in something else."""
    rows = seen.table("prescriptions", "patient_id", "product", "issued_on")
    if rows is not None:
        known = rows.assign(product=words_of(rows)).dropna(subset=["patient_id", "issued_on", "product"])
        again = known.duplicated(["patient_id", "issued_on", "product"])
        yield Bad(rows, "product", again.reindex(rows.index, fill_value=False))


def no_dose_said(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'directions say a dose'."""
    rows = seen.table("prescriptions", "directions")
    if rows is not None:
        says = rows["directions"].fillna("").str.casefold()
        amounts = "|".join(map(re.escape, records().prescriptions["amounts"]))
        yield Bad(rows, "directions", ~_has(says, rf"[0-9½¼]|\b(?:{amounts})\b"))


def gaps(seen: Seen) -> Iterator[Bad]:
    """
    The issue after the gap is named, where issues are monthly otherwise: of what comes now and then nobody can say that
    one is missing. So many gaps (IN_A_ROW) or more, and no other one longer than APART days.
    """
    rows = seen.table("prescriptions", "patient_id", "product", "issued_on", "status")
    if rows is None or not repeats_of(rows).any():
        return
    repeats = rows.assign(says=words_of(rows))[repeats_of(rows)]
    repeats = repeats.dropna(subset=["issued_on", "patient_id"]).sort_values("issued_on", kind="stable")
    of_one = repeats.groupby(["patient_id", "says"]).ngroup()
    since = repeats["issued_on"].groupby(of_one).diff().dt.days.dropna()
    of_one = of_one[since.index]
    number, longest = since.groupby(of_one).count(), since.sort_values().groupby(of_one).tail(2)
    others = longest.groupby(of_one).min()  # the longest but one, where there are two or more
    regular = of_one.map(number).ge(IN_A_ROW) & of_one.map(others).le(APART)
    allowed = seen.days("repeats without a gap")
    yield Bad(rows, "issued_on", (regular & (since > allowed)).reindex(rows.index, fill_value=False))


def several_issues(seen: Seen) -> Iterator[Bad]:
    """
    What `amounts.several_in_one` finds, among repeats as far as a status says what is one.

    Not where the directions differ from those of both issues beside it: the quantity changed with them.
    """
    rows = seen.table("prescriptions", "patient_id", "product", "issued_on", "quantity")
    if rows is None:
        return
    made = rows.assign(product=words_of(rows), day=(rows["issued_on"] - pd.Timestamp(0)).dt.days)
    made = made[~of_no_issue(rows)].dropna(subset=["patient_id", "day"]).sort_values("day", kind="stable")
    made["line"] = made.groupby(["patient_id", "product"]).ngroup()
    found = several_in_one(made.astype({"quantity": "float64"}))
    if "status" in made:
        found &= repeats_of(made) | made["status"].isna()
    if "directions" in made:
        says = made["directions"].fillna("").str.casefold().str.split().str.join(" ")
        beside = says.groupby(made["line"])
        found &= says.eq(beside.shift(1)) | says.eq(beside.shift(-1))
    yield Bad(rows, "quantity", found.reindex(rows.index, fill_value=False))


def _opioids(seen: Seen) -> Iterator[tuple[pd.DataFrame, pd.Series]]:
    """The issues whose product names an opioid, with all that is said of the product."""
    rows = seen.table("prescriptions", "product")
    if rows is None:
        return
    says = _all_of(rows)
    named = _names_an_opioid(says)
    yield rows, says.where(named, "morphine 10mg")  # what names none breaks none of the rules about strengths


def _all_of(rows: pd.DataFrame) -> pd.Series:
    """What product, strength, form and route say, as far as they are there."""
    says = words_of(rows)
    for column in ("strength", "form", "route"):
        if column in rows:
            says = says + " " + rows[column].fillna("").str.casefold()
    return says


def _too_strong_for_pain(text: str) -> bool:
    strength = MASS.search(text)
    if not strength or not re.search(r"\bbuprenorphine\b.*\b(?:sublingual|oromucosal|lyophilisates?)\b", text):
        return False
    mg = float(strength[1]) * (1 if strength[2].startswith(("mg", "milli")) else 0.001)
    return mg > medicines().dependence_above_mg


def words_of(rows: pd.DataFrame) -> pd.Series:
    """What the product says, in small letters with one space between words; made once of each different text."""
    product = rows["product"].fillna("")
    return product.map({text: " ".join(text.casefold().split()) for text in product.unique()}).astype("str")


def drugs_of(says: pd.Series) -> pd.Series:
    """The drug of each product that names an opioid: its words but for the numbers; missing of any other."""
    known = {text: re.sub(r"[0-9][0-9.,]*", "#", text) for text in says.unique()}
    return says.map(known).where(_names_an_opioid(says))


def repeats_of(rows: pd.DataFrame) -> pd.Series:
    """Which issues are repeats, by their status."""
    return _once(rows["status"], lambda text: text.casefold().startswith("repeat"))


def of_no_issue(rows: pd.DataFrame) -> pd.Series:
    """Which rows are no issue, by their status where there is one."""
    if "status" not in rows:
        return pd.Series(False, index=rows.index)
    return _once(rows["status"], lambda text: text.casefold() in records().prescriptions["no_issue"])


def _names_an_opioid(says: pd.Series) -> pd.Series:
    return _has(says, opioid_names())


@lru_cache
def opioid_names() -> str:
    """The pattern of every name that `medicines` knows an opioid by, the longest first, in small letters."""
    return rf"\b(?:{'|'.join(map(re.escape, sorted(medicines().names, key=len, reverse=True)))})\b"


def _any(words: str) -> str:
    return rf"\b(?:{'|'.join(map(re.escape, records().prescriptions[words]))})\b"


def _has(says: pd.Series, pattern: str) -> pd.Series:
    """Asked once of each different text: a product is issued thousands of times."""
    return _once(says, lambda text: bool(re.search(pattern, text)))


def _once(says: pd.Series, holds: Callable[[str], bool]) -> pd.Series:
    """Whether that holds of each text; of a missing one it does not."""
    known = {text: holds(text) for text in says.dropna().unique()}
    return says.map(known).fillna(False).astype(bool)


BREAKS = {
    "issue that was made": no_issue, "issued by the practice": by_others, "strength is stated": no_strength,
    "combination strength has its units": bare_pair, "patch strength an hour": patch_without_hour,
    "liquid strength a volume": liquid_without_volume, "quantity in doses": packs, "quantity above nought": no_quantity,
    "quantity not huge": huge_quantity, "no medicine for dependence": for_dependence, "no injection": injections,
    "one strength a day": two_strengths, "issue not made twice": twice, "directions say a dose": no_dose_said,
    "repeats without a gap": gaps, "one issue a row": several_issues}
