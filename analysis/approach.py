"""The approach to coding that a study declares in; what a report may count and what it leaves out, and why, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.study import Study

COUNTS, COEFFICIENTS, SATURATION = "counts", "coefficients", "saturation"
TITLES = {COUNTS: "Theme counts", COEFFICIENTS: "Agreement between coders", SATURATION: "Saturation"}
# Guest, Namey and Chen (2020): base 4, runs of 2, no more than 5% new.
SATURATED = {"base": 4, "run": 2, "threshold": 0.05}
# Braun and Clarke (2021, doi 10.1080/14780887.2020.1769238) set the three families of thematic analysis apart.
REFLEXIVE = "left out: a reflexive analysis makes its themes and does not find them, so how often says nothing"
UNPLANNED = "left out: a codebook analysis shows it only where its protocol says so"


@dataclass(frozen=True)
class Verdict:
    """Whether one thing is shown, and the words for why or why not."""

    shown: bool
    why: str


def verdicts(study: Study) -> dict[str, Verdict]:
    """
    counts, coefficients, saturation -> whether the declared approach lets a report show them.

    Coding reliability shows all three; codebook the counts, and the others where [interviews] says `coefficients =
    true` or has a `saturation`; reflexive none. Without interviews nothing is shown. Raises DefinitionMistake where
    the definition asks for what its own approach forbids.
    """
    said: Mapping[str, Any] = study["interviews"]
    if not said:
        return dict.fromkeys(TITLES, Verdict(False, "left out: there are no interviews"))
    approach = said["coding"]
    asked = {COEFFICIENTS: bool(said.get("coefficients")), SATURATION: bool(said.get("saturation"))}
    if approach == "reflexive":
        for what in (name for name, wanted in asked.items() if wanted):
            raise study.definition.mistake(f"a reflexive analysis has no {what}", "interviews", what,
                                           remedy=f"take '{what}' out, or declare the approach that was taken")
        return dict.fromkeys(TITLES, Verdict(False, REFLEXIVE))
    if approach == "coding reliability":
        return {what: Verdict(said.get(what) is not False, "shown: part of the declared approach") for what in TITLES}
    return {COUNTS: Verdict(True, "shown: part of the declared approach"),
            **{what: Verdict(wanted, "shown: the protocol asks for it" if wanted else UNPLANNED)
               for what, wanted in asked.items()}}


def saturation_rule(study: Study) -> dict[str, float]:
    """Base, run and threshold as the definition states them, else as their authors propose."""
    return {**SATURATED, **study["interviews"].get(SATURATION, {})}


def in_words(study: Study) -> list[tuple[str, str]]:
    """Each of the three with what is done about it, for a page."""
    return [(TITLES[what], verdict.why) for what, verdict in verdicts(study).items()]
