"""Statistics of paired scores, held against published examples and scipy."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.measures.questionnaires.paired import (
    mean_interval,
    sd,
    standardised_interval,
    standardised_mean,
    why_no_spread,
)

# Student (1908): hours of sleep gained with two drugs; in R, sleep.
FIRST = pd.Series([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
SECOND = pd.Series([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
lists = st.lists(st.integers(-20, 20), min_size=3, max_size=30).filter(lambda values: len(set(values)) > 1)


def test_the_interval_of_the_paired_difference_is_the_one_that_r_prints():
    """t.test(extra ~ group, data = sleep, paired = TRUE): from -2.4598858 to -0.7001142."""
    assert mean_interval(FIRST - SECOND) == pytest.approx((-2.4598858, -0.7001142), abs=1e-7)


@given(lists)
def test_the_ends_of_the_standardised_mean_are_where_the_noncentral_t_says(values):
    changes = pd.Series(values, dtype=float)
    low, high = standardised_interval(changes)
    n = len(changes)
    t = float(stats.ttest_1samp(changes, 0).statistic)
    assert low < standardised_mean(changes) < high
    if abs(t) < 15:  # scipy's own gives nan further out
        assert stats.nct.cdf(t, n - 1, high * n ** 0.5) == pytest.approx(0.025, abs=1e-5)
        assert stats.nct.cdf(t, n - 1, low * n ** 0.5) == pytest.approx(0.975, abs=1e-5)


@pytest.mark.parametrize(("values", "words", "spread"), [
    ([], "nobody to compute it from", None), ([3.0], "one person has no spread", None),
    ([0.1, 0.1, 0.1], "everybody changed by the same", 0.0)])
def test_too_little_to_compute_from_is_said_in_words(values, words, spread):
    changes = pd.Series(values, dtype=float)
    assert (why_no_spread(changes), sd(changes)) == (words, spread)
    assert mean_interval(changes) == standardised_interval(changes) == (None, None)
    assert standardised_mean(changes) is None
