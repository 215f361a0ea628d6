"""
Kaplan-Meier: worked examples as printed, and agreement with scipy.

The 6-MP arm of Freireich and others, Blood 1963;21:699-716 (as in Gehan, Biometrika 1965;52:203-223): the estimates,
standard errors and numbers left are those that SAS PROC LIFETEST prints for it in the course material of BSTA 6652. The
second is Table 2 of Bewick, Cheek and Ball, Critical Care 2004;8:389-394 (doi 10.1186/cc2955), treatment 2.
"""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.measures.statistics.survival import (
    Z95,
    between_times,
    interval_end,
    kaplan_meier,
    median,
    median_interval,
)

RELAPSED, CENSORED = [6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
SIX_MP = kaplan_meier(RELAPSED + CENSORED, [True] * 9 + [False] * 12)
BEWICK = kaplan_meier([1, 1, 4, 5, 6, 9, 9, 22], [True, True, True, True, False, True, False, True])


def test_the_leukaemia_data_come_out_as_printed():
    assert (SIX_MP.entered, SIX_MP.times, SIX_MP.at_risk) == (
        21, (6, 7, 10, 13, 16, 22, 23), (21, 17, 15, 12, 11, 7, 6))
    assert [round(s, 4) for s in SIX_MP.share[:4]] == [0.8571, 0.8067, 0.7529, 0.6902]
    errors = [share * math.sqrt(spread) for share, spread in zip(SIX_MP.share, SIX_MP.spread, strict=True)]
    assert [round(e, 4) for e in errors[:3]] == [0.0764, 0.0869, 0.0963]


def test_the_median_of_the_leukaemia_data_is_23_weeks_and_its_interval_has_no_end():
    """The interval of the share first holds a half at 13 weeks (0.43 to 0.85; at 10 weeks 0.503 to 0.889)."""
    assert (median(SIX_MP), median_interval(SIX_MP)) == (23, (13, None))


def test_the_treatment_of_bewick_and_others_comes_out_as_printed():
    assert [round(s, 3) for s in BEWICK.share] == [0.75, 0.625, 0.5, 0.333, 0]


def test_where_the_share_is_a_half_from_one_time_to_the_next_the_median_is_midway():
    assert median(BEWICK) == 7


@pytest.mark.parametrize("seed", range(5))
def test_estimates_and_intervals_agree_with_scipy(seed):
    rng = np.random.default_rng(seed)
    times, happened = rng.integers(1, 30, 40), rng.random(40) < 0.6
    curve = kaplan_meier(times, happened)
    theirs = stats.ecdf(stats.CensoredData(uncensored=times[happened], right=times[~happened])).sf
    with warnings.catch_warnings():  # it warns of times before the first event, where there is no interval
        warnings.simplefilter("ignore", RuntimeWarning)
        interval = theirs.confidence_interval(method="log-log")
    for time, share, spread in zip(curve.times, curve.share, curve.spread, strict=True):
        at = list(theirs.quantiles).index(time)
        assert share == pytest.approx(theirs.probabilities[at])
        if share > 0:
            assert interval_end(share, spread, -Z95) == pytest.approx(interval.low.probabilities[at])
            assert interval_end(share, spread, Z95) == pytest.approx(interval.high.probabilities[at])


def test_of_nobody_and_of_one_person_there_is_a_stated_result():
    nobody = kaplan_meier([], [])
    assert (nobody.entered, nobody.times, median(nobody), median_interval(nobody)) == (0, (), None, (None, None))
    one = kaplan_meier([5], [True])
    assert (one.share, median(one), median_interval(one)) == ((0,), 5, (5, 5))
    waiting = kaplan_meier([5], [False])
    assert (waiting.times, median(waiting), waiting.at(4), waiting.at(9)) == ((), None, (1, 0), (1, 0))


# ------------------------------------------------------------------------------------------------ from counts only

def test_without_anybody_leaving_the_share_from_counts_is_the_share_not_reached():
    assert between_times([(2, 10), (5, 8), (9, 5)]) == pytest.approx(0.1)


def test_a_time_whose_count_is_hidden_is_passed_over():
    """5 of 10 by the second time, whatever the first was."""
    assert between_times([(None, 10), (5, None)]) == pytest.approx(0.5)
    assert between_times([(2, 10), (None, 8), (6, None)]) == pytest.approx(0.8 * 0.5)


def test_too_few_left_to_compute_from_is_no_share():
    assert between_times([(2, 10), (5, None)]) is None
    assert between_times([(2, 0)]) is None


def test_rounding_never_makes_a_share_rise_or_fall_below_nought():
    assert between_times([(10, 30), (5, 20)]) == pytest.approx(2 / 3)
    assert between_times([(10, 10), (25, 10)]) == 0


def test_the_share_from_counts_is_near_the_one_to_the_day():
    """At 10 and at 22 weeks of the leukaemia data: 0.7529 and 0.5378 to the day."""
    by = [(3, 21), (5, 17), (7, 13), (8, 8)]  # relapsed by 6, 10, 16 and 22 weeks; at risk after the time before
    assert between_times(by[:2]) == pytest.approx(0.7529, abs=0.01)
    assert between_times(by) == pytest.approx(0.5378, abs=0.03)


COUNT = st.one_of(st.none(), st.integers(0, 60))
COUNTS = st.lists(st.tuples(COUNT, COUNT), max_size=8)


@given(COUNTS)
def test_whatever_is_hidden_or_rounded_a_share_is_one_and_falls_or_stays(counts):
    shares = [share for end in range(len(counts) + 1) if (share := between_times(counts[:end])) is not None]
    assert all(0 <= share <= 1 for share in shares)
    assert all(later <= before for before, later in zip(shares, shares[1:], strict=False))


@given(COUNTS)
def test_an_interval_of_a_protected_share_holds_it(counts):
    share, low, high = (between_times(counts, errors) for errors in (0, -Z95, Z95))
    if low is not None:
        assert 0 <= low <= share <= high <= 1
