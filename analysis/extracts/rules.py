"""
The kinds of fault that a row can have: name in, severity and what to do about it out.

What is checked where follows from the definition.
"""

import re
from dataclasses import dataclass
from typing import Literal

Severity = Literal["blocking", "excluded", "noted"]

# great-expectations' own words for the same three degrees.
GX_SEVERITY = {"blocking": "critical", "excluded": "warning", "noted": "info"}


@dataclass(frozen=True)
class Rule:
    """`says` is what must hold; `todo` is what the holder of the record is asked."""

    name: str
    severity: Severity
    says: str
    todo: str


_RULES = (
    Rule("rows present", "blocking", "the extract has rows", "send the extract again, with its rows"),
    Rule("complete", "blocking", "the column is filled", "fill in the missing value"),
    Rule("date as stated", "blocking", "the date has the format that the definition states",
         "write the date in the stated order, or correct `format` in study.toml"),
    Rule("whole number", "blocking", "the value is a whole number", "correct the value"),
    Rule("number", "blocking", "the value is a number", "correct the value"),
    Rule("in range", "blocking", "the value lies in the stated range",
         "correct the value, or min and max in study.toml"),
    Rule("known code", "blocking", "the value is one of the codes of the definition",
         "correct the value, or add the code to `codes` in study.toml"),
    Rule("valid NHS number", "blocking", "the number has ten digits and its check digit is right",
         "correct the number"),
    Rule("known person", "blocking", "the person's number is in the extract that links numbers",
         "add the person to the list, or correct the number"),
    Rule("known link", "blocking", "what the row points at is there",
         "correct the reference, or send the missing record"),
    Rule("no duplicate key", "blocking", "no two different rows share a key", "say which of the rows is right"),
    Rule("number of one person", "blocking", "no other person has this number", "say whose number it is"),
    Rule("within the period", "blocking", "the date lies in the study period", "correct the date, or the period"),
    Rule("row not repeated", "excluded", "the row is no exact copy of an earlier one", "none: the copy is left out"),
    Rule("before the data cut", "excluded", "the date is not after the data cut", "none: the row is left out"),
    Rule("no surrounding space", "noted", "the cell has no white space around it", "none: it is taken off"),
    Rule("no minutes without attendance", "noted", "a contact that was not attended has no minutes delivered",
         "correct attendance or minutes; until then the minutes count as missing"),
    Rule("minutes of what was attended", "noted", "an attended contact has its minutes",
         "fill in the minutes; until then they count as missing"),
    Rule("coded interview in the log", "blocking", "every coded interview is in the interview log",
         "add the interview to the log, or rename the source in the project"),
    Rule("code in the codebook", "blocking", "every code used is in the codebook", "add the code to the codebook"),
)

RULES: dict[str, Rule] = {rule.name: rule for rule in _RULES}


def shape(value: object) -> str:
    """A value's class, so that a fault can be described without repeating the value: letters as a, digits as 9."""
    if value is None or value != value or value == "":
        return "empty"
    kinds = ["9" if c.isnumeric() else "A" if c.isupper() else "a" if c.isalpha() else c for c in str(value)]
    return "like '" + "".join(kinds[:14]) + ("…'" if len(kinds) > 14 else "'")


def nhs_number_is_valid(number: str) -> bool:
    """Ten digits, Modulus 11 with weights 10 to 2 (NHS Data Dictionary): 11 minus the rest; 11 is 0, 10 no number."""
    if not re.fullmatch("[0-9]{10}", number.replace(" ", "")):
        return False
    digits = [int(c) for c in number.replace(" ", "")]
    check = 11 - sum(d * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11
    return (0 if check == 11 else check) == digits[9]
