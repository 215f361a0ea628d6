"""Nothing in; what reporting guidelines ask of interviews that records can answer, with their item numbers, out."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "guidelines" / "interviews.toml"


@dataclass(frozen=True)
class Item:
    """One thing that guidelines ask for: our words for it, its numbers there, and the name of what answers it."""

    label: str
    coreq: str
    srqr: str
    answer: str


@cache
def interview_items() -> tuple[Item, ...]:
    """In the order in which the guidelines ask."""
    return tuple(Item(**one) for one in tomllib.loads(FILE.read_text("utf-8"))["item"])
