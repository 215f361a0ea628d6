"""Who improved, stayed or worsened by a published size of change, with both denominators and the ends of the scale."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paired_scores import enrolled, scores, value

from analysis.measures.questionnaires.outcomes import outcome_scores
from analysis.measures.questionnaires.score_changes import other_thresholds, score_changes
from analysis.measures.statistics.proportions import wilson
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release
from analysis.reference.instruments import instrument

PEG, PHQ9, SWEMWBS, PSEQ = (instrument(name) for name in ("peg", "phq9", "swemwbs", "pseq"))


def test_a_change_of_exactly_the_threshold_counts_both_ways():
    summary = score_changes(scores(PHQ9, (16, 10), (16, 11), (10, 16), (10, 15), (10, 10)), enrolled(5), [PHQ9])
    assert [value(summary, f"phq9_{word}") for word in ("improved", "unchanged", "worsened")] == [1, 3, 1]


def test_thirds_do_not_lose_a_change_of_exactly_one_point():
    assert 8 / 3 - 5 / 3 < 1
    assert value(score_changes(scores(PEG, (8 / 3, 5 / 3)), enrolled(1), [PEG]), "peg_improved") == 1


def test_improvement_is_upwards_where_higher_is_better():
    summary = score_changes(scores(SWEMWBS, (19.98, 23.21), (23.21, 19.98)), enrolled(2), [SWEMWBS])
    assert (value(summary, "swemwbs_improved"), value(summary, "swemwbs_worsened")) == (1, 1)


def test_both_denominators_are_shown_and_the_unpaired_count_as_not_improved():
    summary = score_changes(scores(PHQ9, (20, 10), (20, 19), (20, None), (None, 3)), enrolled(10), [PHQ9])
    assert value(summary, "phq9_improved_share") == 50.0
    assert value(summary, "phq9_improved_share_enrolled") == 10.0
    assert value(summary, "phq9_not_paired") == 8


def test_people_who_could_not_improve_by_the_threshold_are_counted():
    summary = score_changes(scores(PHQ9, (5, 0), (6, 0), (3, 3)), enrolled(3), [PHQ9])
    assert (value(summary, "phq9_no_room"), value(summary, "phq9_improved")) == (2, 1)


def test_shares_have_their_wilson_intervals():
    """7 of 20, by hand and as scipy's binomtest(7, 20).proportion_ci(method="wilson") gives them."""
    from scipy.stats import binomtest

    summary = score_changes(scores(PHQ9, *[(20, 10)] * 7, *[(20, 20)] * 13), enrolled(40), [PHQ9])
    for of, name in ((20, "phq9_improved_share"), (40, "phq9_improved_share_enrolled")):
        known = binomtest(7, of).proportion_ci(method="wilson")
        assert value(summary, f"{name}_low") == pytest.approx(100 * known.low)
        assert value(summary, f"{name}_high") == pytest.approx(100 * known.high)
    assert any("without continuity correction" in note for note in summary.notes)


def test_a_few_who_worsened_hide_neither_the_shares_of_who_improved_nor_can_be_worked_back():
    """30 improved, 20 stayed and 3 worsened: under OpenSAFELY 3 is hidden, and with it the 20 that would give it."""
    summary = score_changes(scores(PHQ9, *[(20, 10)] * 30, *[(20, 20)] * 20, *[(20, 27)] * 3), enrolled(60), [PHQ9])
    shown = release(summary, Profiles({"enrolled": profile("opensafely")}))
    assert {name: shown.named(f"phq9_{name}").text for name in (
        "improved", "improved_share", "worsened", "unchanged", "paired")} == {
        "improved": "30", "improved_share": "54.5%", "worsened": "[REDACTED]", "unchanged": "[REDACTED]",
        "paired": "55"}


def test_the_interval_of_a_share_follows_from_the_protected_counts():
    """33 of 53 are shown as 35 of 55: an interval of the true ones would tell them."""
    summary = score_changes(scores(PHQ9, *[(20, 10)] * 33, *[(20, 20)] * 20), enrolled(60), [PHQ9])
    shown = release(summary, Profiles({"enrolled": profile("opensafely")}))
    low, high = (round(end, 1) for end in wilson(35, 55))
    assert (shown.named("phq9_improved_share_low").value, shown.named("phq9_improved_share_high").value) == (low, high)
    assert value(summary, "phq9_improved_share_low") == pytest.approx(wilson(33, 53)[0])


def test_people_at_the_bad_end_have_no_room_to_worsen():
    summary = score_changes(scores(PHQ9, (27, 20), (22, 22), (21, 27)), enrolled(3), [PHQ9])
    assert (value(summary, "phq9_no_room_to_worsen"), value(summary, "phq9_worsened")) == (2, 1)


def test_a_percentage_is_of_the_persons_own_first_score():
    """A third of 9 is 3 points, of 3 it is 1; from nought no improvement counts and any worsening does."""
    thirty = replace(PEG, changes=PEG.changes[1:])
    summary = score_changes(scores(PEG, (9, 6), (9, 7), (3, 2), (0, 0), (0, 1)), enrolled(5), [thirty])
    assert [value(summary, f"peg_{word}") for word in ("improved", "unchanged", "worsened", "no_room")] == [2, 2, 1, 2]


def test_thirty_percent_of_thirds_is_not_lost_to_the_computer():
    thirty = replace(PEG, changes=PEG.changes[1:])
    assert value(score_changes(scores(PEG, (10 / 3, 7 / 3)), enrolled(1), [thirty]), "peg_improved") == 1


def test_where_the_rule_asks_for_another_band_a_large_change_within_one_does_not_count():
    """PSEQ: 7 points and another band. 21 to 29 stays moderate, 25 to 32 becomes mild, 18 to 20 is too small."""
    summary = score_changes(scores(PSEQ, (21, 29), (25, 32), (18, 20), (41, 60)), enrolled(4), [PSEQ])
    assert [value(summary, f"pseq_{word}") for word in ("improved", "unchanged", "worsened", "no_room")] == [1, 3, 0, 1]


def test_every_published_threshold_is_shown_beside_the_one_in_use():
    summary = other_thresholds(scores(PEG, (9, 7), (9, 6), (3, 2)), enrolled(3), [PEG, PHQ9])
    assert [line.label for line in summary.lines] == [
        "1 point (minimally important difference), the one in use", "30% (minimal important change)",
        "6 points (reliable change), the only one"]
    assert (value(summary, "peg_1_improved"), value(summary, "peg_2_improved")) == (3, 2)


def test_a_group_of_one_and_a_time_point_that_nobody_answered_have_no_nan():
    for pairs in ([(10, 4)], [(10, None), (12, None)], []):
        summary = score_changes(scores(PHQ9, *pairs), enrolled(2), [PHQ9])
        for cell in summary.cells.values():
            assert cell.absent if cell.value is None else not math.isnan(cell.value)


def test_the_reader_is_told_of_regression_to_the_mean():
    for summary in (score_changes(scores(PEG), enrolled(0), [PEG]), other_thresholds(scores(PEG), enrolled(0), [PEG])):
        notes = " ".join(summary.notes)
        assert "no comparison group" in notes and "Regression to the mean" in notes


def test_an_instrument_without_a_threshold_is_left_out_and_named():
    summary = score_changes(scores(PHQ9, (5, 0)), enrolled(1), [replace(PHQ9, changes=())])
    assert not summary.lines
    assert "PHQ-9 is left out: no published size of change is used." in summary.notes


scale = st.one_of(st.none(), st.integers(0, 27))


@given(st.lists(st.tuples(scale, scale), max_size=12))
def test_everybody_enrolled_is_improved_unchanged_worsened_or_without_both_scores(pairs):
    summary = score_changes(scores(PHQ9, *pairs), enrolled(len(pairs)), [PHQ9])
    parts = [value(summary, f"phq9_{word}") for word in ("improved", "unchanged", "worsened", "not_paired")]
    assert sum(parts) == value(summary, "enrolled") == len(pairs)
    assert value(summary, "phq9_paired") == value(outcome_scores(scores(PHQ9, *pairs), enrolled(len(pairs)), [PHQ9]),
                                                  "phq9_paired")
