"""Proportions: a count and its denominator in; Wilson's interval, in percent, out."""

from math import sqrt

Z95 = 1.959963984540054  # the 97.5th percentile of the standard normal distribution


def wilson(count: float, of: float) -> tuple[float, float] | None:
    """
    Wilson's score interval (95%) of a proportion, as percentages, without continuity correction; None of nobody.

    The variant is named because programs differ under one word: R's prop.test corrects for continuity by default,
    scipy's and statsmodels' 'wilson' do not. Source: Wilson 1927; Newcombe 1998, method 3.
    """
    if not of:
        return None
    share, square = count / of, Z95 ** 2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = Z95 / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of ** 2))
    # At the ends rounding would leave -0 or more than all.
    return (0.0 if count == 0 else 100 * (middle - half)), (100.0 if count == of else 100 * (middle + half))
