"""Which row of a person's issues of one product holds several of them: days and quantities in, those quantities out."""

import numpy as np
import pandas as pd
import pytest

from analysis.extracts.checks.amounts import may_have_several, several_in_one

MONTHLY = {0: 56, 28: 56, 56: 56, 84: 56}


def told(line: dict[int, float | None]) -> list[float]:
    """The quantities of the rows that are told; `line` is day -> quantity."""
    rows = pd.DataFrame({"line": 1, "day": list(line), "quantity": pd.Series(list(line.values()), dtype=float)})
    return list(rows.loc[several_in_one(rows), "quantity"])


@pytest.mark.parametrize("line, several", [
    pytest.param(MONTHLY | {112: 112, 168: 56}, [112], id="dated by the first of two"),
    pytest.param(MONTHLY | {140: 112, 168: 56}, [112], id="dated by the last of two"),
    pytest.param(MONTHLY | {140: 112}, [112], id="the last row, dated by the last of two"),
    pytest.param({-56: 112} | MONTHLY, [112], id="the first row, dated by the first of two"),
    pytest.param(MONTHLY | {112: 112, 168: 168, 252: 56}, [112, 168], id="one after the other, of two and of three"),
    pytest.param(MONTHLY | {112: 112, 155: 56}, [112], id="43 days, nearer to two months than to one"),
    pytest.param(MONTHLY | {112: 112, 154: 56}, [], id="42 days, halfway"),
    pytest.param({0: 5.6, 7: 5.6, 14: 5.6, 21: 5.6, 28: 16.8, 49: 5.6}, [16.8], id="weekly, and no whole numbers"),
    pytest.param(MONTHLY | {112: 56, 140: 112, 147: None, 196: 56}, [], id="another issue stands where it should"),
    pytest.param(MONTHLY | {112: 112, 140: 56}, [], id="twice as much, for as long as ever"),
    pytest.param(MONTHLY | {112: 84, 154: 56}, [], id="half as much again is no multiple"),
    pytest.param(MONTHLY | {112: 56, 168: 56}, [], id="a gap, and the usual quantity"),
    pytest.param(MONTHLY | {112: 112, 168: 112, 224: 56}, [], id="the supply was made longer"),
    pytest.param(MONTHLY | {112: 112}, [], id="nobody knows yet how long the last one lasts"),
    pytest.param({0: 56, 28: 56, 56: 56, 84: 112, 140: 56}, [], id="two intervals between usual ones say too little"),
    pytest.param({0: 56, 28: 112, 84: 56, 112: 112, 168: 56, 196: 112, 252: 56, 280: 112}, [],
                 id="no quantity is that of more than half"),
    pytest.param({0: 56, 10: 56, 50: 56, 65: 56, 125: 56, 130: 112, 190: 56}, [], id="issues that come irregularly"),
])
def test_what_is_told(line, several):
    assert told(line) == several


def test_two_rows_on_one_day_are_not_told():
    line = [*MONTHLY.items(), (112, 112.0), (112, 113.0), (168, 56.0)]
    rows = pd.DataFrame(line, columns=["day", "quantity"]).assign(line=1)
    assert not several_in_one(rows).any()


def test_the_order_of_the_rows_and_other_lines_make_no_difference():
    one = pd.DataFrame({"line": 1, "day": [*MONTHLY, 112, 168], "quantity": [*MONTHLY.values(), 112.0, 56.0]})
    rows = pd.concat([one, one.assign(line=2, quantity=56.0), one.assign(line=0, day=one["day"] + 9)]).sample(
        frac=1, random_state=1, ignore_index=True)
    found = rows[several_in_one(rows)].sort_values("line")
    assert found.values.tolist() == [[0, 121, 112], [1, 112, 112]]


def test_no_line_is_passed_over_by_the_quick_look():
    """Of lines of random issues, what is told of each by itself is told of those that the quick look leaves."""
    dice = np.random.default_rng(4)
    lines = [pd.DataFrame({"line": n, "day": np.cumsum(dice.choice([28, 28, 28, 28, 56], 9)),
                           "quantity": dice.choice([28.0, 28, 28, 28, 28, 56, 42, np.nan], 9)}) for n in range(400)]
    rows = pd.concat(lines, ignore_index=True)
    known = np.array([np.nan, 28, 42, 56])
    amount = rows["quantity"].map({28: 1, 42: 2, 56: 3}).fillna(0).astype(int).to_numpy()
    may = may_have_several(rows["line"].to_numpy(), amount, known)
    told = several_in_one(rows)
    assert told.sum() > 10 and (~may).sum() > 0 and not (told & ~may).any()
    assert told.tolist() == [one for line in lines for one in several_in_one(line)]
