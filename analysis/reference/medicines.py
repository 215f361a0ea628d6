"""What words name an opioid: products.toml in, names with their ingredient, form, release and patch wear out."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

FILE = Path(__file__).parent / "doses" / "products.toml"


@dataclass(frozen=True)
class Name:
    """A word of a product's text that names an opioid: a substance, a combination or a brand."""

    word: str
    ingredient: str
    form: str = ""
    release: str = ""
    combination: bool = False
    dependence: bool = False
    wear_days: float | None = None


@dataclass(frozen=True)
class Medicines:
    """Names of opioids by word, names of other drugs, and how many days a patch of a strength (mcg/h) is worn."""

    names: Mapping[str, Name]
    not_opioids: tuple[str, ...]
    wear: Mapping[tuple[str, float], float]
    dependence_above_mg: float


@lru_cache
def medicines() -> Medicines:
    """The knowledge of products.toml, read once."""
    known = tomllib.loads(FILE.read_text())
    names = {word: Name(word, word) for word in known["opioids"]}
    names |= {word: Name(word, ingredient, combination=True) for word, ingredient in known["combinations"].items()}
    for brand in known["brands"]:
        marks = {k: v for k, v in brand.items() if k != "names"}
        names |= {word: Name(word, **marks) for word in brand["names"]}
    wear = {(p["ingredient"], float(s)): float(p["days"]) for p in known["patches"] for s in p["strengths"]}
    return Medicines(MappingProxyType(names), tuple(known["not_opioids"]), MappingProxyType(wear),
                     known["dependence"]["buprenorphine_oromucosal_above_mg"])
