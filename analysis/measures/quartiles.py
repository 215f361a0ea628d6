"""Values of people in; the cells of their median and quartiles, as every table shows them, out."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.measures.cells import Cells
from analysis.measures.statistics.quantiles import quantile

PATTERN = "{median} ({q1} to {q3})"
PARTS = (("median", 0.5, "median"), ("q1", 0.25, "lower quartile"), ("q3", 0.75, "upper quartile"))


def quartiles(cells: Cells, values: Iterable[float], rule: str, *, population: str, n: int, unit: str,
              statistic: str = "{}", digits: int = 0, absent: str = "", instead: str = "", name: str = "",
              **dimensions: str) -> tuple[str, dict[str, str]]:
    """
    An entry of a table: median and quartiles of the values, by a rule of quantiles.RULES, resting on `n` people.

    In `statistic` and `name`, {} stands for the part: "lower quartile" in the one, q1 in the other. Without a `name`
    no sentence can ask for them. `absent` and `instead` are `Cells.value`'s, where there are no values.
    """
    return PATTERN, {part: cells.value(
        quantile(values, q, rule), statistic.replace("{}", words), population=population, n=n, unit=unit, digits=digits,
        absent=absent, instead=instead, name=name.replace("{}", part), **dimensions) for part, q, words in PARTS}
