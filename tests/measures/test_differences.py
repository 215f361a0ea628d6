"""Differences between two groups, against published examples, hand computation and scipy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures.derived import FORMULAS
from analysis.measures.statistics.differences import newcombe, standardised_levels, standardised_means, welch


def test_a_standardised_difference_of_means_by_hand():
    """Means 2 and 5, variances 1 and 4: 3 / sqrt(2.5)."""
    assert standardised_means([1, 2, 3], [3, 5, 7]) == pytest.approx(3 / math.sqrt(2.5))


def test_a_standardised_difference_of_two_levels_by_hand_and_with_its_sign():
    """30 of 100 and 50 of 100: 0.2 / sqrt((0.21 + 0.25) / 2)."""
    assert standardised_levels([30, 70], [50, 50]) == pytest.approx(0.2 / math.sqrt(0.23))
    assert standardised_levels([50, 50], [30, 70]) == pytest.approx(-0.2 / math.sqrt(0.23))


def test_a_standardised_difference_of_three_levels_by_hand():
    """
    Shares (1/2, 1/4, 1/4) and (1/4, 1/2, 1/4). The first two levels have variances 7/32 and covariance -1/8 in the
    mean, whose inverse has 224/33 and 128/33; (-1/4, 1/4) gives 2 (224 - 128) / (33 * 16) = 4/11.
    """
    assert standardised_levels([20, 10, 10], [10, 20, 10]) == pytest.approx(math.sqrt(4 / 11))


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=3, max_size=6), st.randoms())
def test_of_three_levels_or_more_it_does_not_matter_which_stands_last(levels, random):
    shuffled = random.sample(levels, len(levels))
    assert standardised_levels(*zip(*shuffled, strict=True)) == pytest.approx(
        standardised_levels(*zip(*levels, strict=True)), abs=1e-9)


def test_a_level_that_nobody_has_changes_nothing():
    assert standardised_levels([30, 0, 70], [50, 0, 50]) == pytest.approx(standardised_levels([30, 70], [50, 50]))


@pytest.mark.parametrize(("first", "second"), [
    ([3, 4], [0, 0]), ([3], [4]), ([3, 0], [4, 0]), ([5, 0], [0, 5]), ([], [])])
def test_groups_that_have_no_standardised_difference_have_none(first, second):
    assert standardised_levels(first, second) is None


def summed(values):
    """Mean, SD and people of a group."""
    n = len(values)
    return (np.mean(values) if n else None, np.std(values, ddof=1) if n > 1 else None, n)


@pytest.mark.parametrize(("first", "second"), [([1.0], [2.0, 3.0]), ([], []), ([2.0, 2.0], [3.0, 3.0])])
def test_of_one_person_or_without_spread_there_is_neither_difference_nor_interval(first, second):
    assert (standardised_means(first, second), welch(summed(first), summed(second))) == (None, None)


@pytest.mark.parametrize(("x1", "n1", "x2", "n2", "low", "high"), [
    (48, 80, 56, 70, 0.0524, 0.3339), (3, 10, 9, 10, 0.1705, 0.8090), (0, 29, 5, 56, -0.0381, 0.1926),
    (0, 20, 0, 10, -0.1611, 0.2775), (0, 20, 10, 10, 0.6791, 1.0)])
def test_newcombe_s_own_examples(x1, n1, x2, n2, low, high):
    """
    Newcombe (1998), table II, method 10: contrasts (a) 56/70 - 48/80, (b) 9/10 - 3/10, (d) 5/56 - 0/29, (e) 0/10 - 0/20
    and (g) 10/10 - 0/20, as the test suites of several public programs quote it alike; the paper was not within reach.
    """
    assert newcombe(x1, n1, x2, n2) == pytest.approx((low, high), abs=6e-5)


def test_welch_s_interval_is_scipy_s():
    from scipy.stats import ttest_ind

    first, second = np.array([3.1, 4.0, 5.5, 6.2, 9.9]), np.array([1.0, 2.5, 2.5, 8.0])
    theirs = ttest_ind(second, first, equal_var=False).confidence_interval(0.95)
    assert welch(summed(first), summed(second)) == pytest.approx((theirs.low, theirs.high))


def test_an_interval_of_two_shares_holds_their_difference_also_where_rounding_made_more_people_than_there_are():
    low, middle, high = (FORMULAS[f"difference{end}"]([12, 10, 5, 10]) for end in (", lower end", "", ", upper end"))
    assert (low < middle < high, middle) == (True, -50)


@pytest.mark.parametrize("formula", ["difference", "difference, lower end", "difference, upper end"])
def test_a_group_of_nobody_has_no_difference(formula):
    assert FORMULAS[formula]([0, 0, 5, 10]) is None
