"""Value classes and check digits."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.extracts.checks.rules import GX_SEVERITY, RULES, nhs_number_is_valid, nhs_numbers_are_valid, shape


@pytest.mark.parametrize("value, described", [
    ("9990137315", "like '9999999999'"),
    ("Mary O'Neill", "like 'Aaaa A'Aaaaa'"),
    ("12/31/2017", "like '99/99/9999'"),
    ("Élodie", "like 'Aaaaaa'"),
    ("½ tablet", "like '9 aaaaaa'"),
    ("a sentence of some length", "like 'a aaaaaaaa aa …'"),
    ("", "empty"),
    (None, "empty"),
    (float("nan"), "empty"),
])
def test_a_value_is_described_by_its_class(value, described):
    assert shape(value) == described


@given(st.text(min_size=1))
def test_no_letter_and_no_digit_of_a_value_can_be_read_in_its_class(value):
    assert {c for c in shape(value).removeprefix("like ") if c.isalnum()} <= {"a", "A", "9"}


@pytest.mark.parametrize("number, valid", [
    ("9434765919", True),     # the example of the NHS Data Dictionary
    ("943 476 5919", True),   # as it is printed
    ("9434765918", False),    # another check digit
    ("9434769519", False),    # two digits turned round
    ("9990000000", False),    # nine digits whose check digit would be 10
    ("943476591", False),
    ("94347659190", False),
    ("943476591X", False),
    ("943476591²", False),
    ("", False),
])
def test_an_nhs_number_is_valid_if_its_check_digit_is_right(number, valid):
    assert nhs_number_is_valid(number) is valid
    assert nhs_numbers_are_valid(pd.Series(["", number, None], index=[5, 7, 9], dtype="str")).to_dict() == {
        5: False, 7: valid, 9: False}


def test_no_numbers_are_all_valid():
    assert nhs_numbers_are_valid(pd.Series([], dtype="str")).to_list() == []


@given(st.integers(0, 9), st.integers(0, 9))
def test_one_wrong_digit_always_makes_an_nhs_number_invalid(place, digit):
    number = "9434765919"
    changed = number[:place] + str(digit) + number[place + 1:]
    assert nhs_number_is_valid(changed) is (changed == number)


def test_every_rule_says_what_must_hold_and_what_to_do():
    assert {rule.severity for rule in RULES.values()} == set(GX_SEVERITY) == {"blocking", "excluded", "noted"}
    assert [name for name, rule in RULES.items() if not (rule.name == name and rule.says and rule.todo)] == []
