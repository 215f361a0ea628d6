"""How far scores were better or worse, in bins that follow from the instrument and never from the data."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paired_scores import enrolled, scores, value

from analysis.measures.questionnaires.change_spread import bin_width, change_spread
from analysis.reference.instruments import SHIPPED, instrument

PEG, PHQ9, SWEMWBS = instrument("peg"), instrument("phq9"), instrument("swemwbs")


def filled(summary, name="phq9"):
    """The bins that hold anybody: place -> people."""
    places = {f"{name}_bin_{k}".replace("-", "m"): k for k in range(-5, 6)}
    return {k: int(value(summary, cell)) for cell, k in places.items() if value(summary, cell)}


@pytest.mark.parametrize(("change", "place"), [
    (0, 0), (-1, 1), (-2, 1), (-3, 2), (-6, 3), (-11, 4), (-12, 5), (-27, 5), (1, -1), (6, -3), (27, -5)])
def test_a_change_of_exactly_the_threshold_is_in_the_first_bin_that_counts(change, place):
    """PHQ-9: 6 points; bins are 3 wide, and less is better."""
    first = 27 if change < 0 else 0
    summary = change_spread(scores(PHQ9, (first, first + change)), enrolled(1), [PHQ9])
    assert filled(summary) == {place: 1}


def test_thirds_do_not_fall_below_the_threshold_by_the_computer():
    assert filled(change_spread(scores(PEG, (8 / 3, 5 / 3)), enrolled(1), [PEG]), "peg") == {3: 1}


def test_better_is_above_nought_whichever_way_the_questionnaire_counts():
    down = change_spread(scores(PHQ9, (20, 10), (20, 16)), enrolled(2), [PHQ9])
    up = change_spread(scores(SWEMWBS, (20.73, 23.21)), enrolled(1), [SWEMWBS])
    assert value(down, "phq9_spread_median") == 7
    assert value(up, "swemwbs_spread_median") == pytest.approx(2.48)


def test_an_instrument_without_a_threshold_in_points_has_bins_of_about_a_twentieth_of_its_scale():
    five = replace(instrument("eq5d5l"), value_set=SHIPPED.value_set("uk-5l-2026"))
    assert (bin_width(PEG), bin_width(instrument("bpi_severity")), bin_width(five)) == (
        0.5, 0.5, 0.08)


scale = st.integers(0, 27)


@given(st.lists(st.tuples(scale, scale), max_size=12))
def test_everybody_with_both_scores_is_in_one_bin(pairs):
    summary = change_spread(scores(PHQ9, *pairs), enrolled(len(pairs)), [PHQ9])
    assert sum(filled(summary).values()) == len(pairs)
    assert [line.label for line in summary.lines] == [line.label for line in
                                                      change_spread(scores(PHQ9), enrolled(0), [PHQ9]).lines]
