"""Quantiles by a named rule: numbers in, one number out."""

import numpy as np

# Hyndman and Fan (1996), The American Statistician 50(4), 361-365, numbered as there; numpy's names for the same rules.
RULES = {
    "type 1": "inverted_cdf", "type 2": "averaged_inverted_cdf", "type 3": "closest_observation",
    "type 4": "interpolated_inverted_cdf", "type 5": "hazen", "type 6": "weibull", "type 7": "linear",
    "type 8": "median_unbiased", "type 9": "normal_unbiased",
}


def quantile(values, q: float, rule: str = "type 7") -> float | None:
    """The q-th quantile (0 to 1) of the values that are present, by a rule of RULES; None where there is none."""
    present = np.asarray([v for v in values if v is not None and v == v], dtype=float)
    return float(np.quantile(present, q, method=RULES[rule])) if present.size else None
