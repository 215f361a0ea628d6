"""Changes of different questionnaires on one scale, where to the right is better."""

import pytest
from paired_scores import enrolled, scores, value

from analysis.measures.questionnaires.standardised_changes import standardised_changes
from analysis.reference.instruments import instrument

PHQ9, SWEMWBS, PEG = instrument("phq9"), instrument("swemwbs"), instrument("peg")
SLEEP = [(0.7, 1.9), (-1.6, 0.8), (-0.2, 1.1), (-1.2, 0.1), (-0.1, -0.1),
         (3.4, 4.4), (3.7, 5.5), (0.8, 1.6), (0.0, 4.6), (2.0, 3.4)]


def test_more_of_a_score_that_is_better_low_is_worse():
    summary = standardised_changes(scores(PEG, *SLEEP), enrolled(10), [PEG])
    assert value(summary, "peg_gain") == pytest.approx(-1.58)
    assert [round(value(summary, f"peg_response{end}"), 2) for end in ("_low", "", "_high")] == [-2.12, -1.28, -0.41]


def test_the_threshold_is_in_the_same_unit():
    """Changes of 2, 4 and 6 have an SD of 2; 6 points are 3 of them."""
    summary = standardised_changes(scores(PHQ9, (10, 8), (10, 6), (10, 4)), enrolled(3), [PHQ9])
    assert (value(summary, "phq9_response"), value(summary, "phq9_threshold")) == (2, 3)


def test_where_there_is_no_spread_or_no_threshold_in_points_it_is_said():
    alike = standardised_changes(scores(PHQ9, (10, 8), (12, 10)), enrolled(2), [PHQ9])
    bpi = instrument("bpi_severity")
    percent = standardised_changes(scores(bpi, (10, 8), (9, 4)), enrolled(2), [bpi])
    assert alike.cells[alike.names["phq9_response"]].absent == "everybody changed by the same"
    assert percent.cells[percent.names["bpi_severity_threshold"]].absent == "no threshold in points"
