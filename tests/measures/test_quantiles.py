"""Quantiles: the nine rules of Hyndman and Fan, each by its definition."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures.statistics.quantiles import RULES, quantile

EVEN = [1, 2, 3, 4]  # n = 4: the lower quartile of each rule, worked by hand from their Table 1


@pytest.mark.parametrize(("rule", "lower"), [
    ("type 1", 1), ("type 2", 1.5), ("type 3", 1), ("type 4", 1), ("type 5", 1.5), ("type 6", 1.25), ("type 7", 1.75),
    ("type 8", 17 / 12), ("type 9", 1.4375)])
def test_the_lower_quartile_of_one_to_four_by_each_rule(rule, lower):
    assert quantile(EVEN, 0.25, rule) == pytest.approx(lower, abs=1e-12)


def test_there_are_nine_rules():
    assert list(RULES) == [f"type {n}" for n in range(1, 10)]


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=30), st.integers(0, 100))
def test_type_7_is_the_point_at_n_minus_one_times_q(values, hundredths):
    ordered, place = sorted(values), (len(values) - 1) * Fraction(hundredths, 100)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    assert quantile(values, hundredths / 100) == pytest.approx(float(low + (high - low) * (place % 1)), abs=1e-9)


def test_missing_values_are_left_out():
    assert quantile([10, None, float("nan"), 30], 0.5) == 20


def test_nobody_has_no_median():
    assert quantile([None, float("nan")], 0.5) is None
