"""Wilson's interval, held against the paper that made it known and against scipy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from analysis.measures.statistics.proportions import wilson


@pytest.mark.parametrize(("count", "of", "low", "high"), [
    (81, 263, 25.53, 36.62), (15, 148, 6.24, 16.05), (0, 20, 0.00, 16.11), (1, 29, 0.61, 17.18)])
def test_the_examples_of_newcombe_1998_come_out(count, of, low, high):
    """Statistics in Medicine 17, 857-872, table I, method 3: the score method without continuity correction."""
    assert wilson(count, of) == pytest.approx((low, high), abs=0.005)


def test_nobody_has_no_interval():
    assert wilson(0, 0) is None


@given(st.integers(1, 400), st.data())
def test_it_agrees_with_scipy_and_holds_the_share(of, data):
    count = data.draw(st.integers(0, of))
    low, high = wilson(count, of)
    known = binomtest(count, of).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((100 * known.low, 100 * known.high), abs=1e-9)
    assert 0 <= low <= 100 * count / of <= high <= 100
