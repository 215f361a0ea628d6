"""The rules that extracts are held against, under one name with what tells a value's class and its check digit."""

import operator

import numpy as np
import pandas as pd

from analysis.reference.rules import RULES, SEVERITIES, Rule, Severity

__all__ = ["GX_SEVERITY", "RULES", "SEVERITIES", "Rule", "Severity", "nhs_number_is_valid",
           "nhs_numbers_are_valid", "shape"]

# great-expectations' own words for the same three degrees.
GX_SEVERITY = {"blocking": "critical", "excluded": "warning", "noted": "info"}


WEIGHTS = range(10, 1, -1)


def shape(value: object) -> str:
    """A value's class, so that a fault can be described without repeating the value: letters as a, digits as 9."""
    if value is None or value != value or value == "":
        return "empty"
    kinds = ["9" if c.isnumeric() else "A" if c.isupper() else "a" if c.isalpha() else c for c in str(value)]
    return "like '" + "".join(kinds[:14]) + ("…'" if len(kinds) > 14 else "'")


def nhs_number_is_valid(number: str) -> bool:
    """Ten digits, Modulus 11 with weights 10 to 2 (NHS Data Dictionary): 11 minus the rest; 11 is 0, 10 no number."""
    number = number.replace(" ", "")
    if len(number) != len(WEIGHTS) + 1 or not (number.isascii() and number.isdigit()):
        return False
    *digits, last = map(int, number)
    check = 11 - sum(map(operator.mul, digits, WEIGHTS)) % 11
    return (0 if check == 11 else check) == last


def nhs_numbers_are_valid(numbers: pd.Series) -> pd.Series:
    """Of each of many numbers, whether it is valid; a missing one is not."""
    bare = numbers.str.replace(" ", "", regex=False)
    ten = bare.str.fullmatch(r"[0-9]{10}").fillna(False).to_numpy(bool)
    digits = np.frombuffer("".join(bare[ten].tolist()).encode(), "uint8").reshape(-1, 10) - ord("0")
    check = 11 - digits[:, :-1] @ np.array(WEIGHTS) % 11
    valid = ten.copy()
    valid[ten] = np.where(check == 11, 0, check) == digits[:, -1]
    return pd.Series(valid, index=numbers.index)
