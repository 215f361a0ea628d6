"""Scores are compared on the same people, in words that claim no more than an uncontrolled before-and-after can."""

import math

import pandas as pd
import pytest
from paired_scores import enrolled, scores, value
from scipy import stats

from analysis.measures.questionnaires.outcomes import outcome_scores
from analysis.measures.questionnaires.paired import sd
from analysis.measures.questionnaires.score_changes import score_changes
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release
from analysis.reference.instruments import instrument

PEG, PHQ9 = instrument("peg"), instrument("phq9")


# Student (1908), the example of R's t.test(paired = TRUE): ten people, extra sleep under two drugs.
SLEEP = [(0.7, 1.9), (-1.6, 0.8), (-0.2, 1.1), (-1.2, 0.1), (-0.1, -0.1),
         (3.4, 4.4), (3.7, 5.5), (0.8, 1.6), (0.0, 4.6), (2.0, 3.4)]


def test_the_mean_change_and_its_interval_are_those_of_the_published_paired_t():
    summary = outcome_scores(scores(PEG, *SLEEP), enrolled(10), [PEG])
    assert value(summary, "peg_change") == pytest.approx(1.58)
    assert value(summary, "peg_change_low") == pytest.approx(0.7001142, abs=1e-7)
    assert value(summary, "peg_change_high") == pytest.approx(2.4598858, abs=1e-7)


def test_the_standardised_response_mean_and_its_interval_are_cohens_d_of_the_paired_t():
    """
    1.28, from 0.41 to 2.12: effectsize's cohens_d(paired = TRUE) in R for the same data. Its printed page was not read;
    the interval by the noncentral t is compared with scipy's in test_paired.
    """
    summary = outcome_scores(scores(PEG, *SLEEP), enrolled(10), [PEG])
    assert [round(value(summary, f"peg_srm{end}"), 2) for end in ("", "_low", "_high")] == [1.28, 0.41, 2.12]


@pytest.mark.parametrize("n", [8, 9, 11, 12])
def test_intervals_do_not_tell_how_many_people_stand_behind_a_rounded_number(n):
    """
    Half of an interval over the SD is t / sqrt(n): anybody could solve it for n. So it is computed of the 10 that are
    shown, whoever of 8 to 12 there are.
    """
    changes = [-4, 4] * (n // 2) + [0] * (n % 2)
    summary = outcome_scores(scores(PHQ9, *[(10, 10 + change) for change in changes]), enrolled(n), [PHQ9])
    shown = release(summary, Profiles({"enrolled": profile("opensafely")}))
    half, spread = shown.named("phq9_change_high").value - shown.named("phq9_change").value, sd(pd.Series(changes))
    assert (shown.named("phq9_paired").text, half) == ("10", pytest.approx(stats.t.ppf(0.975, 9) * spread / 10**0.5,
                                                                            abs=0.051))
    width = shown.named("phq9_srm_high").value - shown.named("phq9_srm_low").value
    assert width == pytest.approx(2 * 1.96 / 10**0.5, abs=0.02)


def test_where_everybody_changed_by_the_same_there_is_no_interval_and_no_standardised_mean():
    """Thirds, of which the spread would else be 1e-17 and the standardised mean some thousand billion."""
    summary = outcome_scores(scores(PEG, (8 / 3, 7 / 3), (5 / 3, 4 / 3), (3, 8 / 3)), enrolled(3), [PEG])
    assert value(summary, "peg_change_sd") == 0
    for name in ("peg_change_low", "peg_change_high", "peg_srm", "peg_srm_low"):
        cell = summary.cells[summary.names[name]]
        assert (cell.value, cell.absent) == (None, "everybody changed by the same")


def test_means_are_of_the_same_people_at_both_time_points():
    summary = outcome_scores(scores(PHQ9, (10, 8), (14, 10), (27, None), (None, 2)), enrolled(6), [PHQ9])
    assert value(summary, "phq9_paired") == 2
    assert value(summary, "phq9_baseline_mean") == 12
    assert value(summary, "phq9_follow_up_mean") == 9
    assert value(summary, "phq9_baseline_sd") == pytest.approx(math.sqrt(8))
    assert value(summary, "phq9_median_change") == -3


def test_those_who_did_not_come_back_are_shown_beside_those_who_did():
    summary = outcome_scores(scores(PHQ9, (10, 8), (14, 10), (27, None), (None, 2)), enrolled(6), [PHQ9])
    assert (value(summary, "phq9_unpaired"), value(summary, "phq9_unpaired_baseline_mean")) == (1, 27)
    assert (value(summary, "phq9_follow_up_only"), value(summary, "phq9_follow_up_only_mean")) == (1, 2)


def test_one_pair_has_a_change_but_no_interval():
    summary = outcome_scores(scores(PHQ9, (10, 8)), enrolled(1), [PHQ9])
    low = summary.cells[summary.names["phq9_change_low"]]
    assert value(summary, "phq9_change") == -2
    assert (low.value, low.absent) == (None, "one person has no spread")


def test_nobody_with_both_scores_is_said_in_words_and_never_as_nan():
    summary = outcome_scores(scores(PHQ9, (10, None)), enrolled(3), [PHQ9])
    assert value(summary, "phq9_paired") == 0
    for cell in summary.cells.values():
        assert cell.value is not None or cell.absent
        assert cell.value is None or not math.isnan(cell.value)


def test_people_who_are_not_enrolled_are_left_out():
    assert value(outcome_scores(scores(PHQ9, (10, 8), (14, 10)), enrolled(1), [PHQ9]), "phq9_paired") == 1


def test_a_score_rests_on_the_people_it_is_computed_from():
    summary = outcome_scores(scores(PHQ9, (10, 8), (14, 10), (27, None)), enrolled(6), [PHQ9])
    for name in ("phq9_change", "phq9_baseline_mean", "phq9_change_sd"):
        assert summary.cells[summary.names[name]].n == 2


def test_two_follow_ups_of_one_baseline_are_different_numbers():
    frame = pd.concat([scores(PHQ9, (10, 8), (14, None)), scores(PHQ9, (None, 5), (None, 6)).query(
        "timepoint == 'follow_up'").assign(timepoint="year")])
    first = outcome_scores(frame, enrolled(2), [PHQ9])
    second = outcome_scores(frame, enrolled(2), [PHQ9], follow_up="year")
    assert first.names["phq9_baseline_mean"] != second.names["phq9_baseline_mean"]
    assert (value(first, "phq9_baseline_mean"), value(second, "phq9_baseline_mean")) == (10, 12)


def test_the_reader_is_told_of_the_missing_comparison_group_and_of_regression_to_the_mean():
    for summary in (outcome_scores(scores(PEG), enrolled(0), [PEG]), score_changes(scores(PEG), enrolled(0), [PEG])):
        notes = " ".join(summary.notes)
        assert "no comparison group" in notes
        assert "Regression to the mean" in notes
        assert "PEG: complete items only (chosen by this package)" in summary.about.missing
