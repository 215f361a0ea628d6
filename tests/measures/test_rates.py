"""How far the interval of a rate reaches: by the differences between people, as in clustered Poisson regression."""

import math

import pytest

from analysis.measures.statistics.rates import rate_reach

CONTACTS, MONTHS = [1, 2, 0, 5, 9, 3], [1.0, 2.0, 1.5, 3.0, 2.5, 4.0]


def test_the_error_is_that_of_poisson_regression_clustered_by_person():
    """
    On the scale of the logarithm. statsmodels 0.15.0: GLM(contacts, ones, family=Poisson(), exposure=months).fit(
    cov_type="cluster", cov_kwds={"groups": people, "use_correction": True}).bse.
    """
    t975 = 2.570581835636314  # of 5 degrees of freedom, as in any table of Student's t
    assert math.log(rate_reach(CONTACTS, MONTHS)) / t975 == pytest.approx(0.3585685827941891, rel=1e-9)


def test_people_with_the_same_rate_leave_no_doubt_by_this_measure():
    assert rate_reach([2, 4, 6], [1, 2, 3]) == pytest.approx(1)


@pytest.mark.parametrize("events, times", [([3], [2.0]), ([], []), ([0, 0], [1.0, 2.0]), ([1, 1], [0.0, 0.0])])
def test_one_person_nobody_no_time_or_no_event_has_no_interval(events, times):
    assert rate_reach(events, times) is None
