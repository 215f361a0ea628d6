"""Rates: events and time of each person in; how far the 95% interval of the rate over all of them reaches, out."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

CONFIDENCE = 0.95


def rate_reach(events: Sequence[float], times: Sequence[float]) -> float | None:
    """
    What the rate (sum of events over sum of times) is divided and multiplied by for the ends of its 95% interval.

    Events of one person are no independent events: Poisson's interval of their sum is too narrow wherever some people
    have many and others few. This one goes by the differences between people: the linearised variance of a ratio of
    sums (Cochran, Sampling Techniques, 3rd ed. 1977, section 6.3; Poisson regression with standard errors clustered by
    person is the same), on the logarithm, so that no end is below nought, with Student's t on people less one.

    None of fewer than two people, no time, or no event at all.
    """
    events, times = np.asarray(events, dtype=float), np.asarray(times, dtype=float)
    n, whole = len(times), times.sum()
    if n < 2 or whole <= 0 or events.sum() <= 0:
        return None
    from scipy.stats import t

    rate = events.sum() / whole
    variance = n / (n - 1) * ((events - rate * times) ** 2).sum() / whole**2
    return math.exp(float(t.ppf((1 + CONFIDENCE) / 2, n - 1)) * math.sqrt(variance) / rate)
