"""Times to an event, with those still waiting, in; the Kaplan-Meier curve, its median and their intervals out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

Z95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Curve:
    """
    A Kaplan-Meier curve: one entry for each distinct time at which the event happened to somebody.

    `share` is the part whom the event has not reached just after that time, `spread` Greenwood's sum there: the
    variance of the share is its square times that.
    """

    entered: int
    times: tuple[float, ...]
    events: tuple[int, ...]
    at_risk: tuple[int, ...]
    share: tuple[float, ...]
    spread: tuple[float, ...]

    def at(self, time: float) -> tuple[float, float]:
        """The share and Greenwood's sum just after a time."""
        step = int(np.searchsorted(self.times, time, side="right")) - 1
        return (self.share[step], self.spread[step]) if step >= 0 else (1.0, 0.0)


def kaplan_meier(times: Sequence[float], happened: Sequence[bool]) -> Curve:
    """
    The product-limit estimate: `times` until the event, or until somebody was last known to be without it.

    Whoever left at the time of an event was still at risk of it. Kaplan and Meier, J Am Stat Assoc 1958;53:457-481;
    Greenwood's sum as in Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data (1980).
    """
    times, happened = np.asarray(times, dtype=float), np.asarray(happened, dtype=bool)
    distinct = np.unique(times[happened])
    events = np.array([int((happened & (times == t)).sum()) for t in distinct], dtype=int)
    at_risk = np.array([int((times >= t).sum()) for t in distinct], dtype=int)
    share, spread = 1.0, 0.0
    shares, spreads = [], []
    for d, n in zip(map(int, events), map(int, at_risk), strict=True):
        share *= 1 - d / n
        spread += d / (n * (n - d)) if n > d else math.inf
        shares.append(share)
        spreads.append(spread)
    return Curve(len(times), tuple(map(float, distinct)), tuple(map(int, events)), tuple(map(int, at_risk)),
                 tuple(shares), tuple(spreads))


def interval_end(share: float, spread: float, errors: float) -> float | None:
    """
    The share, `errors` standard errors away on the scale log(-log), which keeps it between 0 and 1.

    None before the first event and after the last of all: there the scale has no end. Kalbfleisch and Prentice (1980).
    """
    if errors == 0:
        return share
    if not 0 < share < 1 or not math.isfinite(spread):
        return None
    # log(share) is below nought: more errors above the estimate are a smaller exponent.
    return share ** math.exp(errors * math.sqrt(spread) / math.log(share))


def median(curve: Curve) -> float | None:
    """
    The first time at which the share is below a half; midway where it is exactly a half from one time to the next.

    None where it never gets there. The rule of SAS PROC LIFETEST and of R's survfit.
    """
    for step, share in enumerate(curve.share):
        if math.isclose(share, 0.5, abs_tol=1e-9) and step + 1 < len(curve.times):
            return (curve.times[step] + curve.times[step + 1]) / 2
        if share < 0.5 or math.isclose(share, 0.5, abs_tol=1e-9):
            return curve.times[step]
    return None


def median_interval(curve: Curve, z: float = Z95) -> tuple[float | None, float | None]:
    """
    All times whose own interval on the scale log(-log) holds a half: its first and its end; None where it has none.

    Brookmeyer and Crowley, Biometrics 1982;38:29-41, transformed as in Klein and Moeschberger, Survival Analysis
    (1997), which is how SAS PROC LIFETEST does it by default.
    """
    low = [_end(curve, step, -z) for step in range(len(curve.times))]
    high = [_end(curve, step, z) for step in range(len(curve.times))]
    return (next((t for t, end in zip(curve.times, low, strict=True) if end is not None and end <= 0.5), None),
            next((t for t, end in zip(curve.times, high, strict=True) if end is not None and end < 0.5), None))


def _end(curve: Curve, step: int, errors: float) -> float | None:
    """An end of the interval at a step; after the last event of all the share is nought and so are both ends."""
    return 0.0 if curve.share[step] == 0 else interval_end(curve.share[step], curve.spread[step], errors)


def between_times(steps: Sequence[tuple[float | None, float | None]], errors: float = 0) -> float | None:
    """
    The same from counts at fixed times only: (reached by then, at risk after the time before) for each, None if hidden.

    Whoever leaves between two times counts as at risk until the second, so it lies a little above the estimate to the
    day. A time whose counts are hidden is passed over: what happened until the next one that is not then counts as one
    step. None where too little is left to compute it from.
    """
    share, spread, before, passed = 1.0, 0.0, 0.0, []
    for reached, at_risk in steps:
        passed.append(at_risk)
        if reached is None:
            continue
        left = passed[0]
        if not left:
            return None
        happened = min(max(0.0, reached - before), left)
        share *= 1 - happened / left
        spread += happened / (left * (left - happened)) if left > happened else math.inf
        before, passed = reached, []
    return interval_end(share, spread, errors)
