"""How coders settled what they had coded differently, discrepancies.toml, in; each decision with its place out."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from analysis.definition import Required, read_optional, together

FILE = "discrepancies.toml"
# What was decided of the code on the passage. The coded project is not changed by it: counts are of what is in there.
DECISIONS = {"kept": "the code stands", "dropped": "the code does not stand", "recoded": "another code fits better",
             "codebook changed": "the code itself was defined anew"}
SCHEMA = {"discrepancy": [{
    "interview": Required(str), "code": Required(str), "start": Required(int), "end": Required(int),
    "decision": Required(str), "settled_by": Required([str]), "settled_on": Required(datetime.date), "why": str}]}


@dataclass(frozen=True)
class Settled:
    """One passage on which coders differed and what they decided; `where` is the line of the file."""

    interview: str
    code: str
    start: int
    end: int
    decision: str
    settled_by: tuple[str, ...]
    settled_on: datetime.date
    why: str = ""
    where: str = ""


def read_settled(path: Path) -> tuple[Settled, ...]:
    """
    The decisions of a discrepancies.toml, in its order; none where there is no such file.

    Raises DefinitionMistake, with the line, for a decision that is none of DECISIONS or that nobody made, and for a
    place that ends before it begins.
    """
    definition = read_optional(path, SCHEMA)
    if definition is None:
        return ()
    found, mistakes = [], []
    for number, said in enumerate(definition.values.get("discrepancy", [])):
        one = Settled(**{**said, "settled_by": tuple(said["settled_by"])},
                      where=definition.where("discrepancy", str(number)))
        if one.decision not in DECISIONS:
            mistakes.append(definition.mistake(f"the decision is '{one.decision}'", "discrepancy", str(number),
                                               "decision", remedy=f"write one of: {', '.join(DECISIONS)}"))
        if not any(name.strip() for name in one.settled_by):
            mistakes.append(definition.mistake("nobody settled this", "discrepancy", str(number), "settled_by",
                                               remedy="write the coders' initials, as in [\"R1\", \"R2\"]"))
        if not 0 <= one.start < one.end:
            mistakes.append(definition.mistake(
                f"the passage goes from {one.start} to {one.end}", "discrepancy", str(number), "end",
                remedy="copy both from the list of the working tier"))
        found.append(one)
    if mistakes:
        raise together(mistakes)
    return tuple(found)
