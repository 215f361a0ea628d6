"""Worlds in which every count is shown as the same, or hidden in both, release the same: nothing else tells them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.measures.cells import Cells
from analysis.measures.derived import FORMULAS
from analysis.measures.summary import About, Summary
from analysis.measures.verdicts import COMPARED, MENTIONED
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release

OF_COUNTS = ("standardised difference", "difference", "difference, lower end", "difference, upper end",
             "share of the sum", "the first of them", "less the others", "how many are not nought")
HIDDEN = {"opensafely": (0, 7), "nhs-england": (1, 7)}


def summary(counts: list[int]) -> Summary:
    """Four counts, and one cell of every kind that is made of counts, some in rows that a count can take away."""
    cells = Cells("world")
    a, b, c, d = (cells.count(n, population="enrolled", group=str(k)) for k, n in enumerate(counts))
    cells.count(counts[0] * 60, "minutes", population="enrolled", people=counts[0], unit="minutes", goes_by=60)
    whole = cells.total([a, b], population="enrolled")
    share = cells.share(a, whole)
    cells.interval(a, whole)
    cells.rate(c, d, "rate", unit="")
    cells.times(c, 1.5, "cost", unit="£")
    cells.word("a word", 1, "about the first", follows=a)
    cells.beside("May 2018", "when", follows=b)
    for formula in OF_COUNTS:
        cells.derived([a, b, c, d], formula, formula, population="enrolled")
    cells.derived([a, b], "exact binomial, p", "p", population="enrolled", digits=3)
    for claim in (*COMPARED, *MENTIONED):
        cells.verdict([a, b], claim, claim)
    cells.verdict([share, share], "<", "shares")
    for identity in (a, b):
        cells.row(identity, {"People": ("{n}", {"n": identity})}, optional=True)
        cells.row(f"with {identity}", {"People": ("{n}", {"n": identity})}, goes_with=identity)
    return cells.summary("Two worlds", About("people enrolled", "none"))


def seen(counts: list[int], rules: str):
    """All that a page could show of it: rows, and each number's text, value and state."""
    found = release(summary(counts), Profiles({"enrolled": profile(rules), "checks": profile("none")}))
    return found.lines, {cell.words: (cell.text, cell.value, cell.status, cell.why) for cell in found.cells.values()}


@pytest.mark.parametrize("rules", HIDDEN)
@given(shown=st.lists(st.sampled_from([None, 10, 15, 20, 45]), min_size=4, max_size=4), data=st.data())
@example(shown=[None, 10, 10, None], data=None)
def test_counts_that_are_shown_alike_cannot_be_told_apart(rules, shown, data):
    low, high = HIDDEN[rules]

    def world(end: str) -> list[int]:
        spans = [(low, high) if one is None else (max(one - 2, 8), one + 2) for one in shown]
        if data is None:
            return [span[end == "high"] for span in spans]
        return [data.draw(st.integers(*span)) for span in spans]

    assert seen(world("low"), rules) == seen(world("high"), rules)


def test_every_formula_that_is_made_of_counts_is_among_them():
    of_values = {"rate, lower end", "rate, upper end", "mean, lower end", "mean, upper end", "paired t", "paired t, p",
                 "standardised mean, lower end", "standardised mean, upper end", "difference of means, lower end",
                 "difference of means, upper end"}
    assert {*OF_COUNTS, "exact binomial, p"} | of_values == set(FORMULAS)
