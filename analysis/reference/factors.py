"""Factor tables: the name of one in, milligrams of oral morphine for an opioid's dose out."""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from analysis.errors import Mistake, nearest

FOLDER = Path(__file__).parent / "doses"
BASES = ("mg", "mcg/h")


@dataclass(frozen=True)
class Factor:
    """
    One row of a factor table.

    `factor` is milligrams of oral morphine for one milligram (basis mg), or milligrams a day for a patch of one
    microgram an hour (basis mcg/h); None where the source refuses one. `printed` holds the patches whose equivalent
    the source prints.
    """

    ingredient: str
    route: str
    basis: str
    factor: float | None
    printed: Mapping[float, float]
    source: str
    note: str


@dataclass(frozen=True)
class FactorTable:
    """A named table of factors. `sha256` is of the file's bytes: a dose is stored with the table it came from."""

    name: str
    title: str
    source: str
    sha256: str
    rows: Mapping[tuple[str, str, str], Factor]

    def equivalent(self, ingredient: str, route: str, basis: str, strength: float) -> float | None:
        """
        Oral morphine equivalent of a strength: mg for a dose in mg, mg a day for a patch in mcg/h; None without a
        factor.

        A printed patch goes before the factor: fentanyl "12" is printed as 30, while 12 times 2.4 is 28.8.
        """
        row = self.rows.get((ingredient, route, basis))
        if row is None:
            return None
        if strength in row.printed:
            return row.printed[strength]
        return None if row.factor is None else row.factor * strength


def factor_table_names() -> tuple[str, ...]:
    """The factor tables that ship, in the order of tables.toml."""
    return tuple(_titles())


@lru_cache
def factor_table(name: str) -> FactorTable:
    """The factor table of this name. Raises Mistake, with the nearest name, where there is none."""
    about = _titles().get(name)
    if about is None:
        near = nearest(name, _titles())
        raise Mistake(f"there is no factor table '{name}'", where="[doses] table",
                      remedy=f"write '{near}'" if near else f"write one of: {', '.join(_titles())}")
    path = FOLDER / f"{name}.csv"
    content = path.read_bytes()
    rows = {}
    for n, line in enumerate(csv.DictReader(content.decode().splitlines()), start=2):
        row = Factor(line["ingredient"], line["route"], line["basis"], _number(line["factor"]),
                     MappingProxyType(_printed(line["printed"])), line["source"], line["note"])
        key = (row.ingredient, row.route, row.basis)
        if key in rows or row.basis not in BASES:
            raise Mistake(f"line {n} repeats a row or has a basis other than mg and mcg/h", where=str(path),
                          remedy="keep one row for each ingredient, route and basis")
        rows[key] = row
    digest = hashlib.sha256(content).hexdigest()
    return FactorTable(name, about["title"], about["source"], digest, MappingProxyType(rows))


def worked_examples(name: str) -> list[dict]:
    """The table's worked examples: ingredient, route, basis, strength and the equivalent that must come out."""
    return list(_titles()[name]["examples"])


@lru_cache
def _titles() -> dict:
    return tomllib.loads((FOLDER / "tables.toml").read_text())


def _number(text: str) -> float | None:
    return float(text) if text else None


def _printed(text: str) -> dict[float, float]:
    """'12=30;25=60': strength in mcg/h -> milligrams a day."""
    pairs = (pair.split("=") for pair in text.split(";") if pair)
    return {float(strength): float(equivalent) for strength, equivalent in pairs}
