"""The named rules of disclosure control: a name in, a Profile out. One TOML file each under reference/profiles/."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analysis.errors import Mistake, nearest
from analysis.measures.summary import MINUTES

FOLDER = Path(__file__).parent.parent / "reference" / "profiles"


@dataclass(frozen=True)
class Profile:
    """What a small count is, and what happens to the others."""

    name: str
    title: str
    threshold: int  # 1..threshold people are hidden; a statistic needs more than this many people
    hides_zero: bool
    round_to: int
    marker: str  # what stands in the place of a hidden number
    source: str

    @property
    def strictness(self) -> tuple[int, bool, int]:
        return (self.threshold, self.hides_zero, self.round_to)

    def hides(self, people: int) -> bool:
        """Whether a number that rests on this many people is too small to show."""
        return self.hides_zero and self.threshold > 0 if people == 0 else people <= self.threshold

    def base(self, step: int = 1) -> int:
        """What a count is rounded to: one that goes in steps (minutes, of which a contact has many) to such steps."""
        return 1 if self.round_to == 1 else self.round_to * step

    def rounded(self, value: float, step: int = 1) -> float:
        """A count to the nearest `round_to` of its steps, halves up."""
        base = self.base(step)
        return value if base == 1 else base * int((value + base / 2) // base)

    def unrounded(self, value: float, step: int = 1) -> tuple[float, float]:
        """The least and the most that a count may be which is shown as `value`."""
        base = self.base(step)
        half = base // 2
        if value == 0:  # what is rounded to nought is hidden, unless no count is
            return 0.0, float(0 if self.threshold >= half and step == 1 else half)
        return max(value - half, 1.0), value + (base - 1) // 2

    @property
    def rule(self) -> str:
        """The rule in words, for the page."""
        if not self.threshold:
            return "no number is hidden or rounded"
        zero = "and zero " if self.hides_zero else ""
        rounded = "" if self.round_to == 1 else (
            f", other counts are rounded to the nearest {self.round_to} (minutes to {self.base(MINUTES)} or more), "
            "percentages and totals are computed from "
            "those; so a total may be a little more or less than another count of the same people")
        return f"counts of 1 to {self.threshold} people {zero}are hidden{rounded}"


def names() -> list[str]:
    """The profiles that ship."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def profile(name: str) -> Profile:
    """The profile of that name; Mistake with the nearest name where there is none."""
    path = FOLDER / f"{name}.toml"
    if name not in names():
        raise Mistake(f"there is no disclosure profile '{name}'",
                      remedy=f"did you mean '{nearest(name, names()) or names()[0]}'? known: {', '.join(names())}")
    said = tomllib.loads(path.read_text("utf-8"))
    return Profile(said["name"], said["title"], said["threshold"], said["zero"] == "hidden", said["round_to"],
                   said["marker"], said["source"])


# What is counted there is no person's: rules that were run, figures of a publication, sites that the definition names.
NOT_PEOPLE = ("checks", "publications", "sites")


@dataclass(frozen=True)
class Profiles:
    """Which profile holds for which population."""

    by_population: Mapping[str, Profile]

    def of(self, population: str) -> Profile:
        """
        The profile of a population; of a part of one ('service users interviewed') that of the whole ('interviewed').

        Where the name holds several populations ('invited, not enrolled') it is the strictest of theirs, and a
        population that the definition does not know gets the strictest profile named there: never the laxest.
        """
        if population in NOT_PEOPLE:
            return profile("none")
        known = self.by_population
        if population in known:
            return known[population]
        held = [one for name, one in known.items() if name in population] or list(known.values())
        return max(held, key=lambda p: p.strictness) if held else profile("opensafely")
