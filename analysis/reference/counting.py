"""Nothing in; how programs for coding count, each number with its source, out."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "coding" / "counting.toml"


@dataclass(frozen=True)
class Counting:
    """One number of one program: of what it is a count, and what a code with codes under it shows."""

    tool: str
    number: str
    counts: str  # interviews, codings, places
    parents: str  # own, sum, once
    says: str
    source: str
    sure: str
    wholes: bool = False  # whether a code on a whole source is one of them


@cache
def countings() -> tuple[Counting, ...]:
    """Every number of every program, in the order of the file."""
    return tuple(Counting(**one) for one in tomllib.loads(FILE.read_text("utf-8"))["counting"])
