"""Outcome tests: pairs of scores and the tests that a study asked for in; each with its name and assumptions, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pandas import DataFrame, Series

from analysis.measures.cells import Cells
from analysis.measures.questionnaires.paired import CAUTIONS, NOBODY, blanks, mean, pairs_of, sd
from analysis.measures.summary import About, P, Summary
from analysis.reference.instruments import Instrument

ZEROS = {"wilcox": "people without a change left out", "pratt": "people without a change ranked, their ranks dropped",
         "zsplit": "ranks of people without a change shared between both signs"}
ASSUMED = {
    "paired t": "Paired t test: people are independent of one another and the mean change is near normal.",
    "wilcoxon": "Wilcoxon signed-rank test: people are independent of one another and changes lie symmetrically about "
                "their middle; it is exact for up to 50 people without ties or unchanged scores, else by the normal "
                "distribution without continuity correction. Where numbers of people are rounded, W and which of the "
                "two it was are not shown: they would tell how many people there are.",
    "sign": "Sign test: people are independent of one another; only the direction of a change is used, and people "
            "without one are left out; exact binomial.",
    "mcnemar exact": "McNemar's test: people are independent of one another; only those who crossed the cut-point are "
                     "used; exact binomial.",
}
MOST_EXACT = 50
COMPUTED = "Computed"


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
    A statistic tells how many people there are: so it is computed of protected counts, or hidden beside a rounded one.
    """
    cells = Cells("outcome tests")
    people = enrolled["patient_id"].dropna().unique()
    cells.people("enrolled", len(people), name="enrolled")
    known = {one.name: one for one in instruments}
    for place, test in enumerate(asked, 1):
        one = known[test.instrument]
        change = pairs_of(scores, one, people, baseline, follow_up).dropna()
        _Row(cells, place, one, test, f"{baseline}, {follow_up}").add(change)
    used = [known[test.instrument] for test in asked]
    return cells.summary("Tests that the definition asks for", About(
        "people enrolled", "people with a score at both time points, as far as the test uses them",
        missing=f"no score is imputed. {blanks(list(dict.fromkeys(used)))}", window=window),
        notes=(*(ASSUMED[name] for name in dict.fromkeys(test.test for test in asked)),
               "Read the interval of the change first; a test says nothing of its size, and nothing here is adjusted "
               "for the number of tests.", *CAUTIONS),
        stub="Test", columns=("People used", "Statistic", "P (two-sided)",
                 *([COMPUTED] if any(test.test == "wilcoxon" for test in asked) else [])))


@dataclass(frozen=True)
class _Row:
    """One test's row."""

    cells: Cells
    place: int
    one: Instrument
    test: Asked
    between: str

    def add(self, both: DataFrame) -> None:
        change, ways = both["change"], {"paired t": self._paired_t, "wilcoxon": self._wilcoxon, "sign": self._sign}
        if self.test.test in ways:
            ways[self.test.test](change)
        else:
            self._mcnemar(both)

    def _where(self, label: str) -> dict[str, str]:
        return {"population": "enrolled", "instrument": self.one.name, "between": self.between, "test": label}

    def _people(self, label: str, n: int) -> str:
        return self.cells.count(n, "people that the test uses", name=f"test_{self.place}_people", **self._where(label))

    def _row(self, label: str, n: str, statistic: str, p: str, how: str = "") -> None:
        entries = {"People used": ("{n}", {"n": n}), "Statistic": ("{statistic}", {"statistic": statistic}),
                   "P (two-sided)": ("{p}", {"p": p})}
        if how:
            where = {k: said for k, said in self._where(label).items() if k != "population"}
            entries[COMPUTED] = ("{how}", {"how": self.cells.word(how, 0, "how it was computed", follows=n, **where)})
        self.cells.row(f"{self.one.title}: {label}", entries)

    def _derived(self, label: str, what: str, parts: Sequence[str], formula: str, absent: str) -> str:
        digits, unit, short = (3, P, "p") if what == "p value" else (2, "", what)
        return self.cells.derived(parts, formula, what, unit=unit, digits=digits, absent=absent,
                                  name=f"test_{self.place}_{short}", **self._where(label))

    def _paired_t(self, change: Series) -> None:
        label, n = "paired t test (t)", len(change)
        why = "no spread to test against" if n else NOBODY
        used = self._people(label, n)
        parts = [self.cells.value(number, statistic, n=n, digits=self.one.digits, absent=why, **self._where(label))
                 for number, statistic in ((mean(change), "mean change"), (sd(change), "SD of change"))] + [used]
        self._row(label, used, self._derived(label, "statistic", parts, "paired t", why),
                  self._derived(label, "p value", parts, "paired t, p", why))

    def _wilcoxon(self, change: Series) -> None:
        from scipy import stats

        some = change[change.ne(0)]
        n = len(some if self.test.zeros == "wilcox" else change)
        exact = len(change) <= MOST_EXACT and len(some) == len(change) and some.abs().nunique() == len(some)
        label = f"Wilcoxon signed-rank test (W), {ZEROS[self.test.zeros]}"
        why, statistic, p = "" if len(some) else "nobody's score changed" if len(change) else NOBODY, None, None
        if not why:
            found = stats.wilcoxon(change, zero_method=self.test.zeros, correction=False,
                                   method="exact" if exact else "asymptotic")
            statistic, p = float(found.statistic), float(found.pvalue)
        used, name = self._people(label, n), f"test_{self.place}"
        self._row(label, used, self.cells.value(statistic, "statistic", n=n, digits=2, absent=why, tells=used,
                                                name=f"{name}_statistic", **self._where(label)),
                  self.cells.value(p, "p value", n=n, unit=P, digits=3, absent=why, name=f"{name}_p",
                                   **self._where(label)),
                  "not computed" if why else "exact" if exact else "normal approximation")

    def _sign(self, change: Series) -> None:
        self._two_counts("sign test (number higher)", int(change.gt(0).sum()), int(change.lt(0).sum()),
                         "nobody's score changed")

    def _mcnemar(self, both: DataFrame) -> None:
        above = both[["baseline", "follow_up"]].ge(self.test.cut)
        left = int((above["baseline"] & ~above["follow_up"]).sum())
        joined = int((~above["baseline"] & above["follow_up"]).sum())
        self._two_counts(f"McNemar's exact test at {self.test.cut:g} or more (number who went below)", left, joined,
                         "nobody crossed the cut-point")

    def _two_counts(self, label: str, one: int, other: int, why: str) -> None:
        """Of people who went one way and the other: neither is shown where the other is hidden."""
        used = self._people(label, one + other)
        parts = [self.cells.count(n, f"people who went {way}", **self._where(label))
                 for n, way in ((one, "this way"), (other, "the other way"))]
        if one + other:
            statistic = self.cells.derived(parts, "the first of them", "statistic", digits=0,
                                           name=f"test_{self.place}_statistic", **self._where(label))
        else:
            statistic = self.cells.value(None, "statistic", n=0, absent=why, name=f"test_{self.place}_statistic",
                                         **self._where(label))
        self._row(label, used, statistic, self._derived(label, "p value", parts, "exact binomial, p", why))
