"""What made-up people are prescribed and say: reference/synthetic in, prescriptions and sentences out."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MARK = "SYNTHETIC DATA: made up by `make synthetic`; no person of these records exists"
FOLDER = Path(__file__).parent / "synthetic"


@dataclass(frozen=True)
class Prescription:
    """A product as a practice's system prints it, with its directions and what they come to, in units a day."""

    product: str
    directions: str
    per_day: float
    unit: str
    strength: str
    form: str
    route: str


@cache
def prescriptions() -> tuple[Prescription, ...]:
    """Products with their directions, in the order of the file."""
    return tuple(Prescription(**{**row, "per_day": float(row["per_day"])}) for row in _rows("prescriptions.csv"))


@cache
def sentences() -> tuple[tuple[str, str], ...]:
    """(speaker, sentence): I asks, R answers."""
    return tuple((row["speaker"], row["sentence"]) for row in _rows("sentences.csv"))


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
