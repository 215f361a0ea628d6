"""
Counts in, one number out: what is computed from counts, and computed again from the protected ones.

So are intervals and tests of means: of a mean, an SD and an interval of the true number of people anybody could tell
what that number is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from analysis.measures.statistics.differences import newcombe, standardised_levels, welch
from analysis.measures.statistics.means import paired_t, standardised_ends, t_interval

Counts = Sequence[float]


def _halves(counts: Counts) -> tuple[Counts, Counts]:
    return counts[: len(counts) // 2], counts[len(counts) // 2:]


def _standardised(counts: Counts) -> float | None:
    """The levels of the first group, then those of the second."""
    return standardised_levels(*_halves(counts))


def _proportions(counts: Counts) -> list[tuple[float, float]]:
    """
    Of each half, its first count and the sum of the others, which it is a part of.

    Rounded counts may say that more people have something than there are: then all have it.
    """
    return [(min(half[0], math.fsum(half[1:])), math.fsum(half[1:])) for half in _halves(counts)]


def _difference(counts: Counts) -> float | None:
    """The share in the second group less that in the first, in percentage points."""
    (first, of_first), (second, of_second) = _proportions(counts)
    return 100 * (second / of_second - first / of_first) if of_first and of_second else None


def _end(end: int) -> Callable[[Counts], float | None]:
    def limit(counts: Counts) -> float | None:
        (first, of_first), (second, of_second) = _proportions(counts)
        found = newcombe(first, of_first, second, of_second)
        return None if found is None else 100 * found[end]

    return limit


def _share_of_sum(counts: Counts) -> float | None:
    """The first count as a percentage of the sum of the others."""
    whole = math.fsum(counts[1:])
    return 100 * counts[0] / whole if whole else None


def _rate(counts: Sequence[float | None], end: int) -> float | None:
    """The first over the second, times or divided by the third, which is how far its interval reaches."""
    events, time, reach = counts
    return events / time * reach**end if events and time and reach else None


def _nth(of: Callable[..., tuple[float, float] | None], place: int) -> Callable[[Sequence[float | None]], float | None]:
    """The first or the second of the two numbers that a statistic gives."""
    def number(parts: Sequence[float | None]) -> float | None:
        found = of(*parts)
        return None if found is None else found[place]

    return number


def _binomial(counts: Counts) -> float | None:
    """How likely it is, two-sided, that a fair coin falls at least as unevenly as these two counts."""
    from scipy.stats import binomtest

    one, other = (int(count) for count in counts)
    return float(binomtest(one, one + other, 0.5).pvalue) if one + other else None


FORMULAS: Mapping[str, Callable[[Counts], float | None]] = {
    "standardised difference": _standardised,
    "difference": _difference,
    "difference, lower end": _end(0),
    "difference, upper end": _end(1),
    "share of the sum": _share_of_sum,
    "the first of them": lambda counts: counts[0],  # hidden where another is: of two parts neither gives the other away
    "rate, lower end": lambda counts: _rate(counts, -1),
    "rate, upper end": lambda counts: _rate(counts, 1),
    "mean, lower end": _nth(t_interval, 0),  # of the mean, its SD and the people
    "mean, upper end": _nth(t_interval, 1),
    "paired t": _nth(paired_t, 0),
    "paired t, p": _nth(paired_t, 1),
    "standardised mean, lower end": _nth(standardised_ends, 0),  # of the mean over its SD, and the people
    "standardised mean, upper end": _nth(standardised_ends, 1),
    # of the second mean less the first: mean, SD and people of the first group, then of the second
    "difference of means, lower end": _nth(lambda *six: welch(six[:3], six[3:]), 0),
    "difference of means, upper end": _nth(lambda *six: welch(six[:3], six[3:]), 1),
    "exact binomial, p": _binomial,
    "less the others": lambda counts: max(0.0, counts[0] - math.fsum(counts[1:])),  # rounded, a part may be the larger
    "how many are not nought": lambda counts: float(sum(count > 0 for count in counts)),
}
