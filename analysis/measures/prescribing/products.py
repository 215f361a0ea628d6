"""Product text of a UK prescription in, its opioid with strength, form, route and patch wear out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from analysis.reference.medicines import Medicines, Name, medicines

OPIOID, NOT_OPIOID, DEPENDENCE, NOT_READABLE = "opioid", "not an opioid", "dependence treatment", "not readable"


@dataclass(frozen=True)
class Product:
    """
    What a product is.

    `strength` is per unit of supply: mg in a tablet (basis mg), mg in a millilitre of a liquid (basis mg, form
    liquid), or micrograms an hour of a patch (basis mcg/h). `label` is the same for a brand and its generic, so that
    one takes up where the other ends. `wear_days` is set for patches. `kind` is one of the four words above; `reason`
    says why a product cannot be read.
    """

    kind: str
    label: str = ""
    ingredient: str = ""
    strength: float | None = None
    basis: str = "mg"
    form: str = ""
    route: str = "oral"
    release: str = ""
    wear_days: float | None = None
    reason: str = ""


_NUMBER = r"\d+(?:\.\d+)?"
_MICRO = r"micrograms?|mcg|µg|μg|ug"
_STRENGTH = re.compile(
    rf"(?P<n>{_NUMBER})\s*(?P<unit>mg|milligrams?|{_MICRO}|g|grams?)\b"
    rf"(?:\s*/\s*{_NUMBER}\s*mg\b)*"  # the other analgesic of a combination
    rf"(?P<liquid>\s*(?:/|in|per)\s*(?P<ml>{_NUMBER})?\s*ml\b)?")
_BARE_PAIR = re.compile(rf"(?P<n>{_NUMBER})\s*(?:mg)?\s*/\s*{_NUMBER}(?!\s*ml)")  # co-codamol 30/500
# "50mg/paracetamol", where "1mg/ml" and "10mg/dose" say in how much it is
_ANOTHER = re.compile(r"\d\s*mg\s*/\s*(?!(?:ml|millilit(?:re|er)s?|dose|spray|vial|ampoule|hr?|hour)\b)[a-z]")
_PATCH = re.compile(rf"(?P<n>{_NUMBER})\s*(?:{_MICRO})")
_PER_HOUR = re.compile(rf"(?:{_MICRO})\s*(?:/|per)\s*(?:h|hr|hour)\b")
_WEAR = re.compile(r"\b(?:(?P<days>three|four|seven|[347])[- ]?days?|(?P<hours>72|96|168)[- ]?(?:hours?|hrs?|h))\b")
_MODIFIED = re.compile(r"\b(modified|prolonged|sustained)[- ]release\b|\bm/r\b|\b(mr|sr|xl|pr|retard|continus)\b")
_INJECTION = re.compile(r"\b(injection|infusion|ampoules?|vials?|syringes?)\b")
_LIQUID = re.compile(r"\b(oral solution|oral suspension|liquid|linctus|syrup|elixir|mixture)\b")
# Where a word is met, the form and the route it means; first match wins, "patch" is asked before.
_FORMS = (
    (_INJECTION, "injection", "injection"),
    (re.compile(r"\bsuppositor(y|ies)\b"), "unit", "rectal"),
    (re.compile(r"\bnasal\b"), "unit", "nasal"),
    (re.compile(r"\bbuccal\b"), "unit", "buccal"),
    (re.compile(r"\b(sublingual|lozenges?|oromucosal)\b"), "unit", "oromucosal"),
    (re.compile(r"\bdrops\b"), "drops", "oral"),
    (_LIQUID, "liquid", "oral"),
)


def read_product(product: str, strength: str = "", form: str = "", route: str = "", bnf_code: str = "") -> Product:
    """
    What a product is, from its text; strength, form and route columns are asked where the text itself is silent.

    Nothing is guessed: a name that is neither a known opioid nor a known other drug, a missing strength ("MST 30" has
    none: 30 may be the pack) and a patch of a strength that does not exist are "not readable", each with its reason.
    A BNF code decides between pain (0407) and dependence (0410) where it is there, as OpenPrescribing does.
    """
    text = _plain(f"{product} {form} {route}")
    known = medicines()
    found = _names(text, known)
    if not found:
        other = bool(re.search(rf"\b({'|'.join(known.not_opioids)})\b", text))
        if other or (bnf_code and not bnf_code.startswith(("0407", "0410"))):
            return Product(NOT_OPIOID, reason="no opioid in it")
        return Product(NOT_READABLE, reason="product not known")
    if len({name.ingredient for _, name in found}) > 1:
        return Product(NOT_READABLE, reason="two opioids in one product")
    end = min(position for position, _ in found)
    name = max((n for _, n in found), key=lambda n: (bool(n.form), n.dependence, bool(n.release), n.combination))
    says = text[end:]
    if not re.search(r"\d", says):
        says = _plain(f"{strength}")
    if name.form == "patch" or re.search(r"\bpatch(es)?\b|\btransdermal\b", text) or _PER_HOUR.search(says):
        return _patch(name, says, known)
    return _taken(name, text, says, bnf_code, known)


def _patch(name: Name, says: str, known: Medicines) -> Product:
    match = _PATCH.search(says)
    if not match:
        return Product(NOT_READABLE, ingredient=name.ingredient, reason="no strength of the patch")
    strength = float(match["n"])
    wear = known.wear.get((name.ingredient, strength))
    if wear is None:
        return Product(NOT_READABLE, ingredient=name.ingredient, reason="no patch has this strength")
    stated = _WEAR.search(says)
    wear = _days(stated) if stated else name.wear_days or wear
    if strength == 12.5:
        strength = 12.0  # one patch under two names
    return Product(OPIOID, f"{name.ingredient} {strength:g} mcg/h patch", name.ingredient, strength, "mcg/h", "patch",
                   "transdermal", wear_days=wear)


def _taken(name: Name, text: str, says: str, bnf_code: str, known: Medicines) -> Product:
    match = _STRENGTH.search(says) or (_BARE_PAIR.search(says) if name.combination else None)
    if not match:
        return Product(NOT_READABLE, ingredient=name.ingredient, reason="no strength in the product")
    groups = match.groupdict()
    mg = float(match["n"]) * _milligrams(groups.get("unit") or "mg")
    form, route = next(((f, r) for pattern, f, r in _FORMS if pattern.search(text)), ("unit", "oral"))
    if groups.get("liquid") and form == "unit" and route == "oral":
        form = "liquid"
    if form == "injection" and groups.get("liquid") and not groups.get("ml"):
        # "10mg/ml" says nothing of how many millilitres are in one.
        return Product(NOT_READABLE, ingredient=name.ingredient, reason="no strength of the ampoule")
    if form in ("liquid", "drops"):
        if not groups.get("liquid"):
            return Product(NOT_READABLE, ingredient=name.ingredient, reason="no strength of the liquid")
        mg /= float(groups["ml"] or 1)
    pain = not bnf_code.startswith("0410")
    strong = (name.ingredient == "buprenorphine" and route == "oromucosal" and mg > known.dependence_above_mg)
    kind = OPIOID if pain and not strong and not name.dependence else DEPENDENCE
    release = "modified" if name.release or _MODIFIED.search(text) else ""
    unit = {"liquid": "mg/ml liquid", "drops": "mg/ml drops", "injection": "mg injection"}.get(form, "mg")
    combined = name.combination or _ANOTHER.search(text)
    label = " ".join(filter(None, [
        name.ingredient, f"{mg:g} {unit}", "" if route in ("oral", "injection") else route,
        "modified-release" if release else "", "with another drug" if combined else ""]))
    return Product(kind, label, name.ingredient, mg, "mg", form, route, release,
                   reason="for dependence" if kind == DEPENDENCE else "")


def _days(stated: re.Match) -> float:
    if stated["hours"]:
        return int(stated["hours"]) / 24
    return {"three": 3.0, "four": 4.0, "seven": 7.0}.get(stated["days"]) or float(stated["days"])


def _milligrams(unit: str) -> float:
    if unit.startswith(("mg", "milli")):
        return 1.0
    return 1000.0 if unit.startswith("g") else 0.001


def _names(text: str, known: Medicines) -> list[tuple[int, Name]]:
    """Each known name in the text with the position after it."""
    return [(m.end(), known.names[m.group()]) for m in _pattern().finditer(text)]


@lru_cache
def _pattern() -> re.Pattern:
    words = sorted(medicines().names, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b")


def _plain(text: str) -> str:
    text = re.sub(r"\s+", " ", str(text).casefold()).strip()
    text = re.sub(r"\bco[- ]?(codamol|dydramol|codaprin|proxamol)\b", r"co-\1", text)
    return text.replace("modified release", "modified-release")
