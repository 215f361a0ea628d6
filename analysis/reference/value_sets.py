"""Value sets: a file in, what each level of each EQ-5D dimension takes from full health out."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import Mistake
from analysis.reference.keys import check_keys

FOLDER = Path(__file__).parent / "value_sets"
REQUIRED = ("name", "title", "instrument", "country", "date", "method", "source", "licence", "start", "decrements",
            "examples")
OPTIONAL = {"any_problem": 0.0, "any_at_worst": 0.0, "note": ""}


@dataclass(frozen=True)
class ValueSet:
    """
    What people of a country think a state of health is worth, with 1 for full health and 0 for being dead.

    `decrements` has a row a dimension and in it a number a level, the first of them nought. `any_problem` is taken off
    once where any dimension is not at its first level, `any_at_worst` where any is at its last.
    """

    name: str
    title: str
    instrument: str
    date: str
    source: str
    licence: str
    start: float
    decrements: tuple[tuple[float, ...], ...]
    any_problem: float
    any_at_worst: float
    note: str
    examples: tuple[tuple[tuple[int, ...], float, str], ...]

    def index(self, levels: Sequence[int]) -> float:
        """The value of one profile, levels from 1 in the order of the dimensions; to three decimals, as published."""
        taken = sum(self.decrements[at][level - 1] for at, level in enumerate(levels))
        taken += self.any_problem * any(level > 1 for level in levels)
        taken += self.any_at_worst * any(level == len(self.decrements[0]) for level in levels)
        return round(self.start - taken, 3)

    @property
    def lowest(self) -> float:
        """The value of the worst state."""
        return self.index([len(self.decrements[0])] * len(self.decrements))


def read(path: Path) -> ValueSet:
    """The value set that a file defines. Mistake where a part is missing or unknown, or a level is without a number."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Mistake(f"this is not TOML: {error}", where=path.name, remedy="mend the line it names") from error
    return defined(data, where=path.name)


def defined(data: Mapping, *, where: str = "") -> ValueSet:
    """The value set that these keys define, checked: see `read`."""
    check_keys(data, REQUIRED, (*REQUIRED, *OPTIONAL), where)
    data = OPTIONAL | dict(data)
    rows = tuple(tuple(float(level) for level in row) for row in data["decrements"])
    if not rows or len({len(row) for row in rows}) != 1 or len(rows[0]) < 2:
        raise Mistake("the decrements are not one row a dimension and one number a level", where=where,
                      remedy="write as many numbers in each row, the first of them 0")
    made = ValueSet(data["name"], data["title"], data["instrument"], str(data["date"]), data["source"],
                    data["licence"], float(data["start"]), rows, float(data["any_problem"]),
                    float(data["any_at_worst"]), data["note"],
                    tuple((tuple(e["answers"]), float(e["index"]), e["source"]) for e in data["examples"]))
    for profile, index, _ in made.examples:
        if len(profile) != len(rows) or not all(1 <= level <= len(rows[0]) for level in profile):
            raise Mistake(f"the worked example {profile} is no profile of {len(rows)} dimensions", where=where,
                          remedy=f"write {len(rows)} levels from 1 to {len(rows[0])}")
        if made.index(profile) != index:
            raise Mistake(f"the worked example {''.join(map(str, profile))} comes to {made.index(profile)}, and "
                          f"{index} is printed", where=where, remedy="hold the decrements against their source")
    if not made.examples:
        raise Mistake("there is no worked example", where=where, remedy="give one with its source")
    return made
