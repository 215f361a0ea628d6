"""Outcome tests: pairs of scores and the tests that a study asked for in; each with its name and assumptions, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pandas import DataFrame

from analysis.measures.questionnaires.paired import CAUTIONS, NOBODY, blanks, pairs_of
from analysis.measures.summary import About, Cells, P, Summary
from analysis.reference.instruments import Instrument

ZEROS = {"wilcox": "people without a change left out", "pratt": "people without a change ranked, their ranks dropped",
         "zsplit": "ranks of people without a change shared between both signs"}
ASSUMED = {
    "paired t": "Paired t test: people are independent of one another and the mean change is near normal.",
    "wilcoxon": "Wilcoxon signed-rank test: people are independent of one another and changes lie symmetrically about "
                "their middle; it is exact for up to 50 people without ties or unchanged scores, else by the normal "
                "distribution without continuity correction.",
    "sign": "Sign test: people are independent of one another; only the direction of a change is used, and people "
            "without one are left out; exact binomial.",
    "mcnemar exact": "McNemar's test: people are independent of one another; only those who crossed the cut-point are "
                     "used; exact binomial.",
}
MOST_EXACT = 50


@dataclass(frozen=True)
class Asked:
    """A test that the definition asks for: `zeros` of ZEROS for Wilcoxon's, `cut` (a score) for McNemar's."""

    instrument: str
    test: str
    zeros: str = ""
    cut: float | None = None


def outcome_tests(scores: DataFrame, enrolled: DataFrame, instruments: Sequence[Instrument], asked: Sequence[Asked], *,
                  baseline: str = "baseline", follow_up: str = "follow_up",
                  window: str = "baseline and follow-up") -> Summary:
    """
    The tests that the study asked for, in its order, two-sided: the people they use, the statistic and the p value.

    Nothing is adjusted for the number of tests. Named cells: `enrolled`, and by place `test_1_people`, `_statistic`,
    `_p`. Where a test cannot be had (one person, no change, nobody crossed the cut-point) both are absent, with words.
    """
    cells = Cells("outcome tests")
    people = enrolled["patient_id"].dropna().unique()
    cells.people("enrolled", len(people), name="enrolled")
    known = {one.name: one for one in instruments}
    for place, test in enumerate(asked, 1):
        one = known[test.instrument]
        both = pairs_of(scores, one, people, baseline, follow_up).dropna()
        label, n, statistic, p, why = _computed(both, test)
        where = {"population": "enrolled", "instrument": one.name, "between": f"{baseline}, {follow_up}", "test": label}
        cells.row(f"{one.title}: {label}", {
            "People used": ("{n}", {"n": cells.count(n, "people that the test uses", name=f"test_{place}_people",
                                                     **where)}),
            "Statistic": ("{statistic}", {"statistic": cells.value(
                statistic, "statistic", n=n, digits=2, absent=why, name=f"test_{place}_statistic", **where)}),
            "P (two-sided)": ("{p}", {"p": cells.value(
                p, "p value", n=n, unit=P, digits=3, absent=why, name=f"test_{place}_p", **where)})})
    used = [known[test.instrument] for test in asked]
    return cells.summary("Tests that the definition asks for", About(
        "people enrolled", "people with a score at both time points, as far as the test uses them",
        missing=f"no score is imputed. {blanks(list(dict.fromkeys(used)))}", window=window),
        notes=(*(ASSUMED[name] for name in dict.fromkeys(test.test for test in asked)),
               "Read the interval of the change first; a test says nothing of its size, and nothing here is adjusted "
               "for the number of tests.", *CAUTIONS),
        stub="Test", columns=("People used", "Statistic", "P (two-sided)"))


def _computed(both: DataFrame, test: Asked) -> tuple[str, int, float | None, float | None, str]:
    """(what was done, in words, people used, statistic, p, why not)."""
    from scipy import stats

    change = both["change"]
    if test.test == "paired t":
        label = "paired t test (t)"
        if len(change) < 2 or change.nunique() < 2:
            return label, len(change), None, None, "no spread to test against" if len(change) else NOBODY
        found = stats.ttest_1samp(change, 0)
        return label, len(change), float(found.statistic), float(found.pvalue), ""
    if test.test == "wilcoxon":
        some = change[change.ne(0)]
        used = some if test.zeros == "wilcox" else change
        exact = len(change) <= MOST_EXACT and len(some) == len(change) and some.abs().nunique() == len(some)
        label = f"Wilcoxon signed-rank test (W), {ZEROS[test.zeros]}, {'exact' if exact else 'normal approximation'}"
        if some.empty:
            return label, len(used), None, None, "nobody's score changed" if len(change) else NOBODY
        found = stats.wilcoxon(change, zero_method=test.zeros, correction=False,
                               method="exact" if exact else "asymptotic")
        return label, len(used), float(found.statistic), float(found.pvalue), ""
    if test.test == "sign":
        up, down = int(change.gt(0).sum()), int(change.lt(0).sum())
        return _binomial("sign test (number higher)", up, down, "nobody's score changed")
    above = both[["baseline", "follow_up"]].ge(test.cut)
    left = int((above["baseline"] & ~above["follow_up"]).sum())
    joined = int((~above["baseline"] & above["follow_up"]).sum())
    return _binomial(f"McNemar's exact test at {test.cut:g} or more (number who went below)", left, joined,
                     "nobody crossed the cut-point")


def _binomial(label: str, one: int, other: int, why: str) -> tuple[str, int, float | None, float | None, str]:
    from scipy.stats import binomtest

    if not one + other:
        return label, 0, None, None, why
    return label, one + other, float(one), float(binomtest(one, one + other, 0.5).pvalue), ""
