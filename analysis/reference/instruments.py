"""Questionnaires: a name in, an Instrument out. One TOML file each in reference/instruments: scoring, no wording."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analysis.errors import Mistake, nearest

FOLDER = Path(__file__).parent / "instruments"

SCORES = ("sum", "mean", "conversion")
DIRECTIONS = ("higher is worse", "higher is better")
KINDS = ("reliable change", "minimally important difference")


@dataclass(frozen=True)
class Band:
    """A named stretch of the score: from `starts`, inclusive, to where the next band starts, exclusive."""

    starts: float
    label: str


@dataclass(frozen=True)
class Change:
    """How many points count as a change, inclusive, and what kind of change that is."""

    points: float
    kind: str
    source: str


@dataclass(frozen=True)
class Example:
    """A worked example: answers in the order of the items (None: left blank) and what they must come to."""

    answers: tuple[int | None, ...]
    score: float | None
    band: str
    source: str


@dataclass(frozen=True)
class Instrument:
    """
    A questionnaire as its scoring needs it: item numbers, never wording.

    `conversion` gives the score of each possible sum from the lowest up, and is empty for a sum or a mean.
    `answered_at_least` is how many items must be answered for a score; with fewer blanks than that the mean
    of the answered items stands in for the blank ones.
    """

    name: str
    title: str
    measures: str
    items: tuple[str, ...]
    lowest: int
    highest: int
    reversed: frozenset[str]
    score: str
    conversion: tuple[float, ...]
    digits: int
    direction: str
    missing_rule: str
    answered_at_least: int
    missing_chosen_by: str
    missing_source: str
    change: Change | None
    bands: tuple[Band, ...]
    bands_source: str
    source: str
    licence: str
    examples: tuple[Example, ...]

    @property
    def score_range(self) -> tuple[float, float]:
        """The lowest and the highest score that can be reached."""
        if self.score == "conversion":
            return self.conversion[0], self.conversion[-1]
        times = len(self.items) if self.score == "sum" else 1
        return float(self.lowest * times), float(self.highest * times)

    @property
    def best(self) -> float:
        """The end of the scale that is best for the person."""
        return self.score_range[0 if self.direction == "higher is worse" else 1]

    @property
    def missing_words(self) -> str:
        """How blank items are treated and whose rule that is, for the line under a table."""
        return f"{self.title}: {self.missing_rule} (chosen by {self.missing_chosen_by})"

    def band(self, score: float) -> str:
        """The label of the band that a score lies in; an empty string where the instrument has no bands."""
        low, high = self.score_range
        if not low <= score <= high:
            raise ValueError(f"{self.title} has no score {score}: it runs from {low} to {high}")
        return next((band.label for band in reversed(self.bands) if score >= band.starts), "")


def names() -> list[str]:
    """The instruments that ship."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def instrument(name: str) -> Instrument:
    """The instrument of that name; Mistake with the nearest name where there is none."""
    if name not in names():
        near = nearest(name, names())
        raise Mistake(f"there is no instrument '{name}'",
                      remedy=f"{f'did you mean {near!r}? ' if near else ''}known: {', '.join(names())}")
    return read(FOLDER / f"{name}.toml")


def read(path: Path) -> Instrument:
    """The instrument that a file defines. Mistake where a part is missing, unknown, or contradicts another."""
    try:
        with path.open("rb") as file:
            return defined(tomllib.load(file), where=path.name)
    except tomllib.TOMLDecodeError as error:
        raise Mistake(f"this is not TOML: {error}", where=path.name, remedy="mend the line it names") from error


REQUIRED = ("name", "title", "measures", "items", "answers", "score", "direction", "missing", "source", "licence",
            "examples")
OPTIONAL = {"reversed": [], "digits": 1, "conversion": [], "change": None, "bands": {}}
PARTS = {"answers": ("lowest", "highest"), "missing": ("rule", "answered_at_least", "chosen_by", "source"),
         "change": ("points", "kind", "source"), "bands": ("source", "starts")}


def defined(data: Mapping, *, where: str = "") -> Instrument:
    """The instrument that these keys define, checked: see `read`."""
    _keys(data, REQUIRED, (*REQUIRED, *OPTIONAL), where)
    data = OPTIONAL | dict(data)
    for part, keys in PARTS.items():
        if data[part]:
            _keys(data[part], keys, keys, f"{where} [{part}]")
    missing, change, bands = data["missing"], data["change"], data["bands"]
    made = Instrument(
        name=data["name"], title=data["title"], measures=data["measures"], items=tuple(data["items"]),
        lowest=data["answers"]["lowest"], highest=data["answers"]["highest"], reversed=frozenset(data["reversed"]),
        score=data["score"], conversion=tuple(float(s) for s in data["conversion"]), digits=data["digits"],
        direction=data["direction"], missing_rule=missing["rule"], answered_at_least=missing["answered_at_least"],
        missing_chosen_by=missing["chosen_by"], missing_source=missing["source"],
        change=Change(float(change["points"]), change["kind"], change["source"]) if change else None,
        bands=tuple(Band(float(b["from"]), b["label"]) for b in bands.get("starts", [])),
        bands_source=bands.get("source", ""), source=data["source"], licence=data["licence"],
        examples=tuple(_example(e, where) for e in data["examples"]))
    for wrong, remedy in _contradictions(made):
        raise Mistake(wrong, where=where, remedy=remedy)
    return made


def _example(data: Mapping, where: str) -> Example:
    _keys(data, ("answers", "source"), ("answers", "score", "band", "source"), f"{where} [[examples]]")
    # TOML has no null: a blank answer is written "".
    answers = tuple(None if a == "" else a for a in data["answers"])
    return Example(answers, data.get("score"), data.get("band", ""), data["source"])


def _keys(data: Mapping, required, known, where: str) -> None:
    for key in data:
        if key not in known:
            near = nearest(key, known)
            raise Mistake(f"unknown key '{key}'", where=where,
                          remedy=f"did you mean '{near}'?" if near else f"known: {', '.join(known)}")
    for key in required:
        if key not in data:
            raise Mistake(f"'{key}' is missing", where=where, remedy=f"write {key} = …")


def _contradictions(made: Instrument):
    """What cannot be true of an instrument, with the remedy, the plainest first."""
    for value, known, key in ((made.score, SCORES, "score"), (made.direction, DIRECTIONS, "direction"),
                              *([(made.change.kind, KINDS, "change.kind")] if made.change else [])):
        if value not in known:
            yield f"{key} is '{value}'", f"write one of: {', '.join(known)}"
    if len(set(made.items)) != len(made.items) or not made.items:
        yield "the items are not a list of different ids", "name each item once"
    if stray := made.reversed - set(made.items):
        yield f"reversed items that are no items: {', '.join(sorted(stray))}", f"items are {', '.join(made.items)}"
    if not made.lowest < made.highest:
        yield "the lowest answer is not below the highest", "swap them"
    if not 1 <= made.answered_at_least <= len(made.items):
        yield "answered_at_least is not between one and the number of items", f"at most {len(made.items)}"
    sums = len(made.items) * (made.highest - made.lowest) + 1
    if (made.score == "conversion") != bool(made.conversion):
        yield "a conversion table and score = 'conversion' go together", "give both or neither"
    if made.conversion and len(made.conversion) != sums:
        yield f"the conversion has {len(made.conversion)} scores", f"give one for each of the {sums} possible sums"
    if made.conversion and made.answered_at_least != len(made.items):
        yield "a conversion is from the sum of all items", f"write answered_at_least = {len(made.items)}"
    starts = [band.starts for band in made.bands]
    # The range of a conversion that is not there cannot be asked for; that fault was told above.
    low, high = made.score_range if made.conversion or made.score != "conversion" else (0, 0)
    if starts and (starts[0] != low or starts != sorted(set(starts)) or starts[-1] > high):
        yield "the bands do not cover the scores", "start at the lowest score and go up, one number a band"
    if made.change and made.change.points <= 0:
        yield "change.points is not above zero", "give the size of the change, without a sign"
    if not made.examples:
        yield "there is no worked example", "give one with its source"
    if any(len(example.answers) != len(made.items) for example in made.examples):
        yield "a worked example does not have one answer an item", 'write "" for a blank answer'
