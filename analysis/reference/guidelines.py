"""Nothing in; what reporting guidelines ask of interviews and of mixed methods, with their item numbers, out."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "guidelines"


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
    return tuple(Item(**one) for one in _items("interviews"))


@dataclass(frozen=True)
class MixedMethodsItem:
    """One item of GRAMMS: its number, our words for it, what an author states for it, and what records fill in."""

    number: str
    label: str
    stated: Mapping[str, str] = field(default_factory=dict, hash=False)
    answer: str = ""


@cache
def mixed_methods_items() -> tuple[MixedMethodsItem, ...]:
    """The six of GRAMMS 2008, in order."""
    return tuple(MixedMethodsItem(**one) for one in _items("mixed_methods"))


def _items(name: str) -> list[dict]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))["item"]
