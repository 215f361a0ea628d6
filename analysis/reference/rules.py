"""The kinds of fault that a record can have: the files of reference/rules/ in, rules by name out."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

Severity = Literal["noted", "excluded", "blocking"]  # from the mildest up
SEVERITIES: tuple[str, ...] = get_args(Severity)
FOLDER = Path(__file__).parent / "rules"
# In the order of a report: what the cells are, who it is, when it was, and then each kind of record.
SUBJECTS = ("structure", "identity", "time", "activity", "prescriptions", "questionnaires", "consent", "interviews")


@dataclass(frozen=True)
class Rule:
    """
    One rule. `says` is what must hold; `todo` is what the holder of the record is asked.

    `severity` is what it is unless a study moves it: `blocking` stops the run, `excluded` takes the row out and counts
    it, `noted` reports it. `wants` is what a study must deliver for the rule to be run. `days` is how far apart two
    days may be, where the rule asks that. A rule about a `whole` extract or column has no row to take out.
    """

    name: str
    subject: str
    severity: Severity
    says: str
    todo: str
    wants: str = ""
    days: int | None = None
    whole: bool = False


def _read() -> dict[str, Rule]:
    """All rules by name; ValueError where two share one."""
    found = [Rule(subject=subject, **said) for subject in SUBJECTS
             for said in tomllib.loads((FOLDER / f"{subject}.toml").read_text("utf-8"))["rule"]]
    by_name = {rule.name: rule for rule in found}
    if len(by_name) != len(found):
        raise ValueError("two rules of one name")
    return by_name


RULES: dict[str, Rule] = _read()
