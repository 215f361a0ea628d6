"""Questionnaires: a name in, an Instrument out. One TOML file each in reference/instruments: scoring, no wording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from analysis.errors import Mistake, suggestion
from analysis.reference.value_sets import FOLDER as VALUE_SETS
from analysis.reference.value_sets import ValueSet
from analysis.reference.value_sets import read as read_value_set

FOLDER = Path(__file__).parent / "instruments"

SCORES = ("sum", "mean", "conversion", "index")
DIRECTIONS = ("higher is worse", "higher is better")
NO_CHANGE = "no published size of change is used"  # none was read in a source: nothing is said of who improved
KINDS = {  # kind -> what may be said of a person whose score changed by so much
    "minimal important change": "the smallest change that people called important to themselves, in the setting "
                                "where it was found",
    "minimally important difference": "found for groups in other settings, so a rough guide for one person",
    "minimal detectable change": "more than the questionnaire's own error of measurement, which is not yet a change "
                                 "that matters to the person",
    "reliable change": "more than error of measurement, which is not yet a difference that matters to the person",
}


@dataclass(frozen=True)
class Band:
    """A named stretch of the score: from `starts`, inclusive, to where the next band starts, exclusive."""

    starts: float
    label: str


@dataclass(frozen=True)
class Change:
    """
    How large a change counts, inclusive, and what kind of change that is.

    In `points`, or in `percent` of the person's own first score; where `another_band`, the band must differ too.
    """

    points: float | None
    percent: float | None
    another_band: bool
    kind: str
    source: str

    @property
    def words(self) -> str:
        """'7 points and another band', '30%': by which a study chooses one."""
        size = f"{self.percent:g}%" if self.points is None else f"{self.points:g} point{'s' * (self.points != 1)}"
        return size + (" and another band" if self.another_band else "")


@dataclass(frozen=True)
class Example:
    """A worked example: answers in the order of the items (None: left blank) and what they must come to."""

    answers: tuple[int | None, ...]
    score: float | None
    band: str
    setting: str
    source: str


@dataclass(frozen=True)
class Instrument:
    """
    A questionnaire as its scoring needs it: item numbers, never wording.

    `conversion` gives the score of each possible sum from the lowest up, and is empty for another kind of score.
    `answered_at_least` is how many items must be answered for a score; with fewer blanks than that the mean
    of the answered items stands in for the blank ones. `changes` are the published sizes of change, the one that
    counts first. Two choices belong to a study, and without them there is no index and there are no bands:
    `value_set` of a score that is an index, and `setting` where cut-points differ between settings (`settings`).
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
    changes: tuple[Change, ...]
    bands: tuple[Band, ...]
    bands_source: str
    source: str
    licence: str
    examples: tuple[Example, ...]
    settings: Mapping[str, tuple[tuple[Band, ...], str]] = field(default_factory=dict, hash=False)
    setting: str = ""
    value_set: ValueSet | None = None

    @property
    def change(self) -> Change | None:
        """The size of change that counts; None where the file gives none."""
        return self.changes[0] if self.changes else None

    @property
    def score_range(self) -> tuple[float, float]:
        """The lowest and the highest score that can be reached."""
        if self.score == "index":
            if self.value_set is None:
                raise ValueError(f"{self.title} has no index until a value set is chosen")
            return self.value_set.lowest, self.value_set.start
        if self.score == "conversion":
            return self.conversion[0], self.conversion[-1]
        times = len(self.items) if self.score == "sum" else 1
        return float(self.lowest * times), float(self.highest * times)

    @property
    def best(self) -> float:
        """The end of the scale that is best for the person."""
        return self.score_range[0 if self.direction == "higher is worse" else 1]

    @property
    def worst(self) -> float:
        """The end of the scale that is worst for the person."""
        return self.score_range[1 if self.direction == "higher is worse" else 0]

    @property
    def missing_words(self) -> str:
        """How blank items are treated and whose rule that is, for the line under a table."""
        return f"{self.title}: {self.missing_rule} (chosen by {self.missing_chosen_by})"

    @property
    def chosen_words(self) -> str:
        """What the study chose for this questionnaire, as a sentence; empty where there is nothing to choose."""
        said = [f"value set: {self.value_set.title}, {self.value_set.source}"] if self.value_set else []
        said += [f"cut-point of the setting '{self.setting}': {self.bands_source}"] if self.setting else []
        return f"{self.title}, {'; '.join(said)}." if said else ""

    @property
    def scoring_words(self) -> str:
        """How it is scored here: the kind of score, blanks, value set, setting, and the change that counts."""
        said = [f"{self.score}; {self.missing_rule}"]
        said += [f"value set: {self.value_set.title}"] if self.value_set else []
        said += [f"setting: {self.setting}"] if self.setting else []
        said += [f"a change of {self.change.words} counts ({self.change.kind})" if self.change else NO_CHANGE]
        return "; ".join(said)

    def band(self, score: float) -> str:
        """The label of the band that a score lies in; an empty string where the instrument has no bands."""
        low, high = self.score_range
        if not low <= score <= high:
            raise ValueError(f"{self.title} has no score {score}: it runs from {low} to {high}")
        return next((band.label for band in reversed(self.bands) if score >= band.starts), "")

    def with_setting(self, setting: str) -> Instrument:
        """The instrument with the bands of one of its settings."""
        bands, source = self.settings[setting]
        return replace(self, setting=setting, bands=bands, bands_source=source)


@dataclass(frozen=True)
class Catalogue:
    """
    The questionnaires and value sets that a study may name: its own folder's, where it has one, then those that ship.

    `catalogue["peg"]` is an Instrument; a file in the study's own folder comes before one of that name that ships.
    """

    own: Path | None = None

    def names(self) -> list[str]:
        return sorted(_stems(self.own, FOLDER))

    def value_sets(self, instrument: str = "") -> list[str]:
        """The names of the value sets there are; for one instrument, where it is named."""
        names = sorted(_stems(self.own / "value_sets" if self.own else None, VALUE_SETS))
        return [name for name in names if not instrument or self.value_set(name).instrument == instrument]

    def __getitem__(self, name: str) -> Instrument:
        from analysis.reference.instrument_files import read

        return _read(read, self._path(name, FOLDER, self.own, "instrument", self.names()))

    def value_set(self, name: str) -> ValueSet:
        folder = self.own / "value_sets" if self.own else None
        known = sorted(_stems(folder, VALUE_SETS))
        return _read(read_value_set, self._path(name, VALUE_SETS, folder, "value set", known))

    @staticmethod
    def _path(name: str, shipped: Path, own: Path | None, what: str, known: list[str]) -> Path:
        for folder in filter(None, (own, shipped)):
            if (path := folder / f"{name}.toml").is_file():
                return path
        raise Mistake(f"there is no {what} '{name}'",
                      remedy=suggestion(name, known, always=f"known: {', '.join(known)}"))


def _stems(*folders: Path | None) -> set[str]:
    return {path.stem for folder in folders if folder for path in folder.glob("*.toml")}


@cache
def _at(read, path: Path, changed: int):
    return read(path)


def _read(read, path: Path):
    """The file, read once as long as it is the same: a watched study's own may be edited while we run."""
    return _at(read, path, path.stat().st_mtime_ns)


SHIPPED = Catalogue()


def names() -> list[str]:
    """The instruments that ship."""
    return SHIPPED.names()


def instrument(name: str) -> Instrument:
    """The instrument of that name that ships; Mistake with the nearest name where there is none."""
    return SHIPPED[name]
