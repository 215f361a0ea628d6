"""Judgements of coders in, one coefficient of agreement out: kappa, alpha, AC1. Pure arithmetic on plain numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

Unit = Sequence[Hashable]  # what each coder said about one unit; whoever said nothing is left out


@dataclass(frozen=True)
class Crossing:
    """Two coders, one code: how much of the material both, one and none of them gave it to. Any unit of measure."""

    both: float
    first: float  # the first coder alone
    second: float
    neither: float

    @property
    def total(self) -> float:
        return self.both + self.first + self.second + self.neither

    @property
    def percent(self) -> float | None:
        """Observed agreement in per cent of all units; None without a unit."""
        return 100 * (self.both + self.neither) / self.total if self.total else None

    def __add__(self, other: Crossing) -> Crossing:
        return Crossing(self.both + other.both, self.first + other.first, self.second + other.second,
                        self.neither + other.neither)

    def units(self) -> list[tuple[Unit, float]]:
        """The same as judgements, each with how often it was made."""
        return [((1, 1), self.both), ((1, 0), self.first), ((0, 1), self.second), ((0, 0), self.neither)]


def cohen_kappa(crossing: Crossing) -> float | None:
    """
    Cohen's kappa, (Po - Pe) / (1 - Pe), with each coder's own margins in Pe.

    (Cohen 1960, A Coefficient of Agreement for Nominal Scales, Educational and Psychological Measurement 20:37-46.)

    None where chance agreement is whole: a code that both gave to everything, or to nothing, has no kappa.
    """
    n = crossing.total
    if not n:
        return None
    first, second = crossing.both + crossing.first, crossing.both + crossing.second
    chance = (first * second + (n - first) * (n - second)) / n**2
    return None if _is_one(chance) else ((crossing.both + crossing.neither) / n - chance) / (1 - chance)


def krippendorff_alpha(units: Sequence[Unit] | Mapping[Unit, float], metric: str = "nominal") -> float | None:
    """
    Krippendorff's alpha, 1 - Do / De, over the coincidences of values within units; any number of coders, gaps allowed.

    `units` are judgements by unit, or each kind of judgement with how often it was made. `metric` is nominal, ordinal,
    interval or ratio (numbers, but for nominal). Units with one judgement pair with nothing and leave. None where all
    values are the same: then there is nothing to agree about. (Krippendorff 2011, Computing Krippendorff's
    Alpha-Reliability.)
    """
    weighed = list(units.items()) if isinstance(units, Mapping) else [(unit, 1.0) for unit in units]
    coincidences: Counter = Counter()
    for unit, weight in weighed:
        if len(unit) > 1 and weight:
            for pair in permutations(unit, 2):
                coincidences[pair] += weight / (len(unit) - 1)
    margins: Counter = Counter()
    for (value, _), weight in coincidences.items():
        margins[value] += weight
    n = sum(margins.values())
    difference = _metric(metric, margins)
    expected = sum(margins[c] * margins[k] * difference(c, k) for c in margins for k in margins)
    if n <= 1 or not expected:
        return None
    observed = sum(weight * difference(c, k) for (c, k), weight in coincidences.items())
    return 1 - (n - 1) * observed / expected


def _metric(name: str, margins: Mapping[Hashable, float]) -> Callable[[Hashable, Hashable], float]:
    """The squared difference of two values under the metric."""
    if name == "nominal":
        return lambda c, k: float(c != k)
    if name == "interval":
        return lambda c, k: (c - k) ** 2
    if name == "ratio":
        return lambda c, k: ((c - k) / (c + k)) ** 2 if c + k else 0.0
    if name != "ordinal":
        raise ValueError(f"there is no metric '{name}'")
    ranked = sorted(margins)

    def ordinal(c, k) -> float:
        low, high = sorted((ranked.index(c), ranked.index(k)))
        return (sum(margins[v] for v in ranked[low:high + 1]) - (margins[c] + margins[k]) / 2) ** 2

    return ordinal


def gwet_ac1(units: Sequence[Unit] | Mapping[Unit, float], values: int | None = None) -> float | None:
    """
    Gwet's AC1, with chance 1/(q-1) * sum of p_k (1 - p_k) (Gwet 2008, doi 10.1348/000711006X126600).

    Holds where nearly everything has one value, where kappa falls for no fault of the coders'. `values` is the number
    q of values that could be given; those that occur by default. None without a unit that two coders judged.
    """
    weighed = list(units.items()) if isinstance(units, Mapping) else [(unit, 1.0) for unit in units]
    weighed = [(unit, weight) for unit, weight in weighed if unit and weight]
    pairs = [(unit, weight) for unit, weight in weighed if len(unit) > 1]
    if not pairs:
        return None
    agreed = sum(weight * sum(n * (n - 1) for n in Counter(unit).values()) / (len(unit) * (len(unit) - 1))
                 for unit, weight in pairs) / sum(weight for _, weight in pairs)
    shares: Counter = Counter()
    for unit, weight in weighed:
        for value, times in Counter(unit).items():
            shares[value] += weight * times / len(unit)
    total = sum(weight for _, weight in weighed)
    q = values or len(shares)
    if q < 2:
        return None
    chance = sum(p / total * (1 - p / total) for p in shares.values()) / (q - 1)
    return (agreed - chance) / (1 - chance)


@dataclass(frozen=True)
class Unitised:
    """Disagreement in unitising one code: observed and expected. Those of several codes add up."""

    observed: float
    expected: float

    @property
    def alpha(self) -> float | None:
        return 1 - self.observed / self.expected if self.expected else None

    def __add__(self, other: Unitised) -> Unitised:
        return Unitised(self.observed + other.observed, self.expected + other.expected)


def unitised_alpha(coders: Sequence[Sequence[tuple[int, int]]], length: int) -> Unitised:
    """
    Krippendorff's u-alpha of 1995 and 2004 for one code over a continuum of `length` units (characters).

    `coders` holds each coder's stretches (start, end), half open, none overlapping another of the same coder. Two
    units that overlap differ by the squares of how far their ends lie apart; a unit inside another coder's gap by the
    square of its length. (Krippendorff 2004, Measuring the Reliability of Qualitative Text Analysis Data, Quality and
    Quantity 38:787-800.) Other definitions of the same name, of 2013 and 2016, give other numbers.
    """
    coders = [sorted(units) for units in coders]
    gaps = [_gaps(units, length) for units in coders]
    m, units = len(coders), [unit for mine in coders for unit in mine]
    observed = 0.0
    for i, j in permutations(range(m), 2):
        for start, end in coders[i]:
            met = [(s, e) for s, e in coders[j] if s < end and start < e]
            # Counted from both sides, as the definition's sum runs over both orders of a pair of coders.
            observed += sum((start - s) ** 2 + (end - e) ** 2 for s, e in met)
            if any(s <= start and end <= e for s, e in gaps[j]):
                observed += 2 * (end - start) ** 2  # the unit against the gap, and the gap against the unit
    lengths = [end - start for start, end in units]
    holes = [end - start for mine in gaps for start, end in mine]
    against = sum((len(units) - 1) / 3 * (2 * n**3 - 3 * n**2 + n)
                  + n**2 * sum(hole - n + 1 for hole in holes if hole >= n) for n in lengths)
    below = m * length * (m * length - 1) - sum(n * (n - 1) for n in lengths)
    return Unitised(observed / (m * (m - 1) * length**2) if m > 1 and length else 0.0,
                    2 / length * against / below if length and below else 0.0)


def _gaps(units: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """The stretches of the continuum between the units, which are in order."""
    gaps, at = [], 0
    for start, end in [*units, (length, length)]:
        if start > at:
            gaps.append((at, start))
        at = max(at, end)
    return gaps


def _is_one(share: float) -> bool:
    return abs(1 - share) < 1e-12
