"""Differences between two groups: numbers or counts of levels in; standardised differences and 95% intervals out."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from analysis.measures.statistics.proportions import wilson

CONFIDENCE = 0.95
Group = tuple[float | None, float | None, float]  # mean, SD, people


def standardised_means(first: Sequence[float], second: Sequence[float]) -> float | None:
    """
    The mean of the second less that of the first, over the root of the mean of both variances (n - 1).

    None where a group has fewer than two people, or nobody in either differs from anybody in the same group.
    """
    if len(first) < 2 or len(second) < 2:
        return None
    spread = math.sqrt((np.var(first, ddof=1) + np.var(second, ddof=1)) / 2)
    return float((np.mean(second) - np.mean(first)) / spread) if spread else None


def standardised_levels(first: Sequence[float], second: Sequence[float]) -> float | None:
    """
    The standardised difference of a characteristic with levels, from the people of each level in both groups.

    Of two levels it is signed: the share of the first level in the second group less that in the first group, over
    sqrt((p1 (1 - p1) + p2 (1 - p2)) / 2). Of more it has no sign: the distance of Mahalanobis between the shares, with
    the mean of both multinomial covariances and one level left out, which one does not matter. Method: Yang and Dalton
    (2012), SAS Global Forum, paper 335. A level that nobody has is no level. None where a group is empty, fewer than
    two levels are left, or the groups have no level in common and no spread, so that the distance has no end.
    """
    counts = np.array([first, second], dtype=float)
    counts = counts[:, counts.sum(axis=0) > 0]
    if counts.shape[1] < 2 or not counts.sum(axis=1).all():
        return None
    shares = counts / counts.sum(axis=1, keepdims=True)
    difference = (shares[1] - shares[0])[:-1]
    spread = sum(np.diag(p[:-1]) - np.outer(p[:-1], p[:-1]) for p in shares) / 2
    inverse = np.linalg.pinv(spread)
    if not np.allclose(spread @ inverse @ difference, difference):
        return None
    distance = math.sqrt(max(0.0, float(difference @ inverse @ difference)))
    return math.copysign(distance, difference[0]) if counts.shape[1] == 2 else distance


def welch(first: Group, second: Group) -> tuple[float, float] | None:
    """
    The 95% interval of the mean of the second less that of the first, variances not taken for equal.

    A group is its mean, its SD and how many people it has. Welch (1947), Biometrika 34, 28-35, with the degrees of
    freedom of Satterthwaite. None where a group has fewer than two people or neither has any spread.
    """
    from scipy.stats import t

    if any(n < 2 or mean is None or sd is None for mean, sd, n in (first, second)):
        return None
    errors = [sd**2 / n for _, sd, n in (first, second)]
    if not sum(errors):
        return None
    freedom = sum(errors) ** 2 / sum(e**2 / (n - 1) for e, (*_, n) in zip(errors, (first, second), strict=True))
    reach = float(t.ppf((1 + CONFIDENCE) / 2, freedom)) * math.sqrt(sum(errors))
    difference = second[0] - first[0]
    return difference - reach, difference + reach


def newcombe(first: float, of_first: float, second: float, of_second: float) -> tuple[float, float] | None:
    """
    The 95% interval of the second proportion less the first, from the Wilson interval of each.

    Newcombe (1998), Statistics in Medicine 17, 873-890, method 10 (hybrid score, no correction). None where a group is
    empty.
    """
    if not of_first or not of_second:
        return None
    p1, p2 = first / of_first, second / of_second
    low1, high1, low2, high2 = (end / 100 for end in (*wilson(first, of_first), *wilson(second, of_second)))
    return (p2 - p1 - math.hypot(p2 - low2, high1 - p1), p2 - p1 + math.hypot(high2 - p2, p1 - low1))
