"""Printing: a float to the text that a reader of its shortest decimal expects."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.protect.printing import printed


@pytest.mark.parametrize(("value", "digits", "rule", "text"), [
    (26.5, 0, "half up", "27"),
    (27.5, 0, "half up", "28"),
    (26.5, 0, "half even", "26"),
    (27.5, 0, "half even", "28"),
    (2.675, 2, "half up", "2.68"),      # the nearest float is 2.67499999…
    (-26.5, 0, "half up", "-27"),       # half up is away from zero
    (0.1 + 0.2, 1, "half up", "0.3"),
    (100 * 0.285, 0, "half up", "29"),  # 28.499999999999996 by the float's own last bits
    (100 * 23 / 40, 0, "half up", "58"),
    (57.0, 1, "half up", "57.0"),
    (-0.0, 0, "half up", "0"),
    (-0.04, 1, "half up", "0.0"),
    (-0.05, 1, "half up", "-0.1"),
    (999.5, 0, "half up", "1,000"),
    (1234567.891, 1, "half up", "1,234,567.9"),
    (-1234, 0, "half up", "-1,234")])
def test_numbers_that_are_often_printed_wrong(value, digits, rule, text):
    assert printed(value, digits, rule) == text


@given(st.integers(-10**9, 10**9), st.integers(0, 5), st.integers(0, 4), st.sampled_from(["half up", "half even"]))
def test_a_float_prints_as_its_exact_decimal_does(units, places, digits, rule):
    exact = Decimal(units).scaleb(-places)
    rounding = {"half up": ROUND_HALF_UP, "half even": ROUND_HALF_EVEN}[rule]
    rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=rounding)
    assert printed(float(exact), digits, rule) == f"{rounded if rounded else abs(rounded):,}"


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 2))
def test_a_percentage_prints_as_the_exact_fraction_does(part, whole, digits):
    part = min(part, whole)
    scale = 10**digits
    halves_up = (200 * part * scale + whole) // (2 * whole)  # in whole numbers: no float has a say
    assert printed(100 * part / whole, digits).replace(",", "") == f"{Decimal(halves_up).scaleb(-digits)}"


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_nothing_ever_prints_as_negative_zero(value, digits):
    text = printed(value, digits)
    assert not (text.startswith("-") and set(text) <= set("-0."))
