"""The [rules] of a definition in; how severe each rule is for each extract of this study, and why, out."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.errors import suggestion
from analysis.reference.rules import RULES, SEVERITIES, Severity
from analysis.study import Study


@dataclass(frozen=True)
class Move:
    """One rule moved by the study. `extracts` is empty where it is moved for all of them."""

    rule: str
    before: Severity
    severity: Severity
    reason: str
    extracts: tuple[str, ...]

    @property
    def down(self) -> bool:
        return SEVERITIES.index(self.severity) < SEVERITIES.index(self.before)


@dataclass(frozen=True)
class Severities:
    """How severe a rule is here, and how many days apart it lets two days be."""

    moves: tuple[Move, ...] = ()
    said_days: tuple[tuple[str, int], ...] = ()

    def of(self, rule: str, extract: str = "") -> Severity:
        """The severity of a rule for an extract; the package's own where the study does not move it."""
        for move in self.moves:
            if move.rule == rule and (not move.extracts or extract in move.extracts):
                return move.severity
        return RULES[rule].severity

    def days(self, rule: str) -> int:
        """The tolerance of a rule about two days."""
        return dict(self.said_days).get(rule, RULES[rule].days or 0)


def severities(study: Study) -> Severities:
    """
    What the study says about rules.

    Raises DefinitionMistake for a rule, an extract or a severity that does not exist, for a rule that is moved down
    without a reason, and for one about a whole extract that should take rows out.
    """
    moves, days = [], []
    for name, said in study["rules"].items():
        _check(study, name, said)
        if "days" in said:
            days.append((name, said["days"]))
        if "severity" in said:
            extracts = said.get("extract", [])
            moves.append(Move(name, RULES[name].severity, said["severity"], said.get("reason", ""),
                              tuple([extracts] if isinstance(extracts, str) else extracts)))
    for move in moves:
        if move.down and not move.reason.strip():
            raise study.definition.mistake(
                f"the rule '{move.rule}' is moved down from {move.before} to {move.severity} without a reason",
                "rules", move.rule, remedy='add: reason = "…"; the report prints it')
    return Severities(tuple(moves), tuple(days))


def _check(study: Study, name: str, said) -> None:
    at, mistake = ("rules", name), study.definition.mistake
    if name not in RULES:
        raise mistake(f"there is no rule '{name}'", *at,
                      remedy=suggestion(name, RULES, "the data-quality page lists them all"))
    if (severity := said.get("severity", "noted")) not in SEVERITIES:
        raise mistake(f"the severity of '{name}' is '{severity}'", *at,
                      remedy=suggestion(severity, SEVERITIES))
    if severity == "excluded" and RULES[name].whole:
        raise mistake(f"'{name}' is about a whole extract, so there is no row to take out", *at,
                      remedy='write severity = "noted" or "blocking"')
    if "days" in said and RULES[name].days is None:
        raise mistake(f"'{name}' compares no days", *at, remedy="take 'days' out")
    extracts = said.get("extract", [])
    for extract in [extracts] if isinstance(extracts, str) else extracts:
        if extract not in study["extracts"]:
            raise mistake(f"'{name}' is moved for the extract '{extract}', which the definition does not have", *at,
                          remedy=suggestion(extract, study["extracts"]))
