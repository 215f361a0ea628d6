"""Tests, where a study asks for them: each as its published example or scipy gives it, or absent with the reason."""

import pandas as pd
import pytest
from paired_scores import enrolled, scores
from scipy import stats

from analysis.measures.questionnaires.outcome_tests import Asked, outcome_tests
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release
from analysis.reference.instruments import instrument

PEG, PHQ9 = instrument("peg"), instrument("phq9")
SLEEP = [(0.7, 1.9), (-1.6, 0.8), (-0.2, 1.1), (-1.2, 0.1), (-0.1, -0.1),
         (3.4, 4.4), (3.7, 5.5), (0.8, 1.6), (0.0, 4.6), (2.0, 3.4)]


def found(one, pairs, test, zeros="", cut=None):
    """(people used, statistic, p, why not), and the row's label with how it was computed, where it says."""
    summary = outcome_tests(scores(one, *pairs), enrolled(len(pairs)), [one], [Asked(one.name, test, zeros, cut)])
    cells = [summary.cells[summary.names[f"test_1_{what}"]] for what in ("people", "statistic", "p")]
    how = [cell.text for cell in summary.cells.values() if cell.kind == "text"]
    return (*(cell.value for cell in cells), cells[2].absent), ", ".join([summary.lines[0].label, *how])


def test_the_paired_t_is_the_one_that_r_prints_for_students_sleep_data():
    """t.test(extra ~ group, data = sleep, paired = TRUE): t = -4.0621 (first minus second), p = 0.002833."""
    (n, t, p, _), label = found(PEG, SLEEP, "paired t")
    assert (n, round(t, 4), round(p, 6), label) == (10, 4.0621, 0.002833, "PEG: paired t test (t)")


@pytest.mark.parametrize(("zeros", "people"), [("wilcox", 9), ("pratt", 10), ("zsplit", 10)])
def test_the_signed_rank_test_says_what_became_of_people_without_a_change(zeros, people):
    (n, w, p, _), label = found(PEG, SLEEP, "wilcoxon", zeros)
    known = stats.wilcoxon([b - a for a, b in SLEEP], zero_method=zeros, correction=False, method="asymptotic")
    assert n == people
    assert (w, p) == pytest.approx((known.statistic, known.pvalue))
    assert "people without a change" in label and label.endswith("normal approximation")


def test_the_signed_rank_test_is_exact_of_few_people_without_ties():
    (n, w, p, _), label = found(PHQ9, [(20, 19), (20, 18), (20, 16), (20, 23), (20, 15)], "wilcoxon", "wilcox")
    assert (n, w, p) == (5, 3.0, pytest.approx(0.3125)) and label.endswith("exact")


def test_the_sign_test_uses_the_direction_alone():
    (n, higher, p, _), _ = found(PEG, SLEEP, "sign")
    assert (n, higher, p) == (9, 9, pytest.approx(2 * 0.5 ** 9))


def test_mcnemars_test_uses_those_who_crossed_the_cut_point():
    """5 went below 10, 1 went above, 3 stayed: 2 (1 + 6) / 2^6."""
    (n, below, p, _), label = found(PHQ9, [(12, 8)] * 5 + [(8, 12)] + [(12, 12)] * 3, "mcnemar exact", cut=10)
    assert (n, below, p) == (6, 5, pytest.approx(14 / 64))
    assert label == "PHQ-9: McNemar's exact test at 10 or more (number who went below)"


def under_opensafely(one, pairs, test, **more):
    summary = outcome_tests(scores(one, *pairs), enrolled(len(pairs)), [one], [Asked(one.name, test, **more)])
    shown = release(summary, Profiles({"enrolled": profile("opensafely")}))
    return [shown.named(f"test_1_{what}").text for what in ("people", "statistic", "p")]


def test_a_count_that_is_a_statistic_is_hidden_with_few_people_and_its_p_with_it():
    """2 went up and 18 down: the statistic says 2, and the p of 20 and 2 is that of no other pair."""
    pairs = [(5, 6)] * 2 + [(5, 4)] * 18
    assert under_opensafely(PHQ9, pairs, "sign") == ["20", "[REDACTED]", "[REDACTED]"]


def test_the_p_of_counts_is_that_of_the_counts_that_are_shown():
    pairs = [(5, 6)] * 9 + [(5, 4)] * 21
    assert under_opensafely(PHQ9, pairs, "sign") == ["30", "10", f"{stats.binomtest(10, 30).pvalue:.3f}"]


def test_a_statistic_does_not_tell_how_many_people_there_are():
    """W and p together, or t beside the standardised mean, are of one number of people only."""
    pairs = [(10, 10 + change) for change in (1, -2, 3, 4, -5, 6, 7, 8, 9, 10, 11, 12)]
    assert under_opensafely(PHQ9, pairs, "wilcoxon", zeros="wilcox")[:2] == ["10", "[REDACTED]"]
    change = pd.Series([second - first for first, second in pairs])
    t = change.mean() / (change.std() / 10 ** 0.5)  # of 10 people, as they are shown, and not of 12
    assert under_opensafely(PHQ9, pairs, "paired t") == ["10", f"{t:.2f}", f"{2 * stats.t.sf(t, 9):.3f}"]


@pytest.mark.parametrize(("test", "zeros", "cut", "why"), [
    ("paired t", "", None, "no spread to test against"), ("wilcoxon", "pratt", None, "nobody's score changed"),
    ("sign", "", None, "nobody's score changed"), ("mcnemar exact", "", 10, "nobody crossed the cut-point")])
def test_where_there_is_nothing_to_test_the_reason_stands_in_the_place_of_a_number(test, zeros, cut, why):
    assert found(PHQ9, [(10, 10), (12, 12)], test, zeros, cut)[0][1:] == (None, None, why)


def test_a_probability_is_never_printed_as_nought_and_the_assumptions_are_said():
    pairs = [(20, 20 - change % 7 - 1) for change in range(30)]
    summary = outcome_tests(scores(PHQ9, *pairs), enrolled(30), [PHQ9], [Asked("phq9", "paired t")])
    shown = release(summary, Profiles({"enrolled": profile("none")}))
    assert shown.named("test_1_p").text == "<0.001"
    assert any(note.startswith("Paired t test: people are independent") for note in shown.notes)
    assert any("Regression to the mean" in note for note in shown.notes)
