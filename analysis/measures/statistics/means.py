"""A mean, its SD and how many people in; its interval, that of the standardised mean, and the paired t test, out."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

CONFIDENCE = 0.95


def t_interval(mean: float | None, sd: float | None, n: float) -> tuple[float, float] | None:
    """
    The 95% confidence interval of a mean, by Student's t on n - 1 degrees of freedom.

    None of one person, and where there is no spread: an interval without width would claim a certainty that few people
    who happen to agree do not give.
    """
    from scipy.stats import t

    if mean is None or not sd or n < 2:
        return None
    half = float(t.ppf((1 + CONFIDENCE) / 2, n - 1)) * sd / math.sqrt(n)
    return mean - half, mean + half


def paired_t(mean: float | None, sd: float | None, n: float) -> tuple[float, float] | None:
    """Student's t of a mean change against nought, on n - 1 degrees of freedom, and its two-sided p; None as above."""
    from scipy.stats import t

    if mean is None or not sd or n < 2:
        return None
    found = mean / (sd / math.sqrt(n))
    return found, float(2 * t.sf(abs(found), n - 1))


@cache
def standardised_ends(ratio: float | None, n: float) -> tuple[float, float] | None:
    """
    The 95% confidence interval of a mean over its SD (`ratio`), from the noncentral t distribution.

    Exact where values are normal: the true ratios under which the t observed is the 2.5th and the 97.5th percentile,
    over the root of n (Steiger and Fouladi 1997; R's effectsize and MBESS compute it so).
    """
    from scipy.optimize import brentq
    from scipy.stats import chi2, norm

    if ratio is None or n < 2:
        return None
    observed = ratio * math.sqrt(n)
    # The noncentral t is the normal distribution averaged over how far the SD may be off; scipy's own nct gives nan
    # for few people with a large ratio.
    places, weights = np.polynomial.legendre.leggauss(400)
    off = np.sqrt(chi2.ppf((places + 1) / 2, n - 1) / (n - 1))

    def solved(probability: float) -> float:
        def beyond(parameter: float) -> float:
            return float(weights @ norm.cdf(observed * off - parameter)) / 2 - probability
        reach = 8.0
        while beyond(observed - reach) < 0 or beyond(observed + reach) > 0:
            reach *= 2
        return float(brentq(beyond, observed - reach, observed + reach)) / math.sqrt(n)

    tail = (1 - CONFIDENCE) / 2
    return solved(1 - tail), solved(tail)
