"""A person's issues of one product in; those whose quantity is several times the usual one, for as long, out."""

from __future__ import annotations

import numpy as np
import pandas as pd

USUAL = 4  # issues, and more than half of a line's, that have one quantity make it the usual one
BETWEEN = 3  # intervals between two such issues that follow each other, and more, tell how long one lasts
REGULAR = 0.75  # of those intervals are within a quarter of their median, or nobody can say how long one lasts
WHOLE = 1e-6  # how far from a whole number a quantity may be that is called several times another


def several_in_one(issues: pd.DataFrame) -> pd.Series:
    """
    Which of `issues` (line, day, quantity) hold several issues in one row, as far as a machine can see.

    A line is a person and a product; `day` is a whole number, `quantity` missing where it is not known. The usual
    quantity is that of more than half of the line's issues and of USUAL at least; the usual interval is the median (the
    lower of two) of the days from one of those to the next. Such a row has k times the usual quantity, k whole and 2 or
    more, and until the next issue of the line, or since the one before, it was about k usual intervals: nearer to k of
    them than to k - 1 or k + 1. The two are asked because nobody says which of the issues a row is dated by.

    A quantity that the issue before or after has, too, is a supply that was made longer, and no such row; nor is one of
    two on a day, of which another rule speaks.
    """
    rows = issues[["line", "day", "quantity"]].sort_values(["line", "day"], kind="stable")
    of_one = rows["line"]
    quantity = rows["quantity"].where(rows["quantity"] > 0)
    alike = quantity.groupby([of_one, quantity]).transform("count")
    usual = alike.ge(USUAL) & (2 * alike > quantity.groupby(of_one).transform("count"))
    one = quantity.where(usual).groupby(of_one).transform("max")
    since = rows["day"].groupby(of_one).diff()
    until = -rows["day"].groupby(of_one).diff(-1)
    between = since.where(usual & usual.shift(fill_value=False) & (since > 0))
    each = between.groupby(of_one)
    middle = of_one.map(each.quantile(0.5, interpolation="lower"))
    near = (4 * (between - middle).abs() <= middle).groupby(of_one).transform("sum")
    number = each.transform("count")
    regular = number.ge(BETWEEN) & near.ge(REGULAR * number)
    times = (quantity / one).round()
    several = times.ge(2) & (quantity / one - times).abs().le(WHOLE)
    as_long = [2 * (days - times * middle).abs() < middle for days in (since, until)]
    lasting = [quantity.eq(quantity.shift(step)) & of_one.eq(of_one.shift(step)) for step in (1, -1)]
    found = (regular & several & (as_long[0] | as_long[1]) & ~(lasting[0] | lasting[1])
             & since.ne(0) & until.ne(0))
    return found.reindex(issues.index)


def may_have_several(line: np.ndarray, amount: np.ndarray, known: np.ndarray) -> np.ndarray:
    """
    Which rows, sorted by line, are of a line that can have such a row at all: found quickly, of millions.

    `amount` says which of the `known` quantities each row has, 0 where none is known. What more than half of a line
    have, has each bit of its number that more than half of the line have.
    """
    if not len(line):
        return np.zeros(0, bool)
    begins = np.flatnonzero(np.r_[True, line[1:] != line[:-1]])
    size = np.diff(np.r_[begins, len(line)])
    number = np.add.reduceat((amount > 0).astype("int64"), begins)
    usual = np.zeros(len(begins), "int64")
    for bit in range((len(known) - 1).bit_length()):
        usual |= (2 * np.add.reduceat(amount >> bit & 1, begins) > number).astype("int64") << bit
    usual = np.where(usual < len(known), usual, 0)
    alike = np.add.reduceat((amount == np.repeat(usual, size)).astype("int64"), begins)
    most = np.fmax.reduceat(known[amount], begins)
    may = (usual > 0) & (alike >= USUAL) & (2 * alike > number) & (most >= (2 - WHOLE) * known[usual])
    return np.repeat(may, size)
