"""Baseline scores of people who answered again beside those of people who did not."""

import pandas as pd
import pytest
from paired_scores import enrolled, scores, value

from analysis.measures.questionnaires.returners import returners
from analysis.reference.instruments import instrument

PHQ9 = instrument("phq9")


def due(**outcomes):
    return pd.DataFrame([(p, "phq9", "follow_up", outcome) for p, outcome in outcomes.items()],
                        columns=["patient_id", "instrument", "timepoint", "outcome"])


def test_the_difference_has_welchs_interval():
    """As scipy's ttest_ind(…, equal_var=False).confidence_interval() gives it."""
    from scipy.stats import ttest_ind

    back, lost = [10, 12, 17, 9], [20, 15, 22]
    summary = returners(scores(PHQ9, *[(b, 8) for b in back], *[(b, None) for b in lost]), due(), enrolled(7), [PHQ9])
    known = ttest_ind(back, lost, equal_var=False).confidence_interval(0.95)
    assert (value(summary, "phq9_returned"), value(summary, "phq9_lost")) == (4, 3)
    assert value(summary, "phq9_difference") == pytest.approx(12 - 19)
    ends = [value(summary, f"phq9_difference_{end}") for end in ("low", "high")]
    assert ends == pytest.approx(list(known))


def test_people_whose_follow_up_is_not_due_yet_are_left_out_and_the_dead_are_not():
    told = scores(PHQ9, (10, 8), (14, None), (27, None))
    summary = returners(told, due(P2="died", P3="not yet due"), enrolled(3), [PHQ9])
    assert [value(summary, f"phq9_{name}") for name in ("returned", "lost", "lost_mean")] == [1, 1, 14]


@pytest.mark.parametrize(("pairs", "words"), [
    ([(10, 8)], "nobody to compute it from"), ([(10, 8), (12, None)], "one person has no spread"),
    ([(10, 8), (10, 8), (12, None), (12, None)], "no spread in either group")])
def test_too_few_to_compare_is_said_in_words(pairs, words):
    summary = returners(scores(PHQ9, *pairs), due(), enrolled(4), [PHQ9])
    low = summary.cells[summary.names["phq9_difference_low"]]
    assert (low.value, low.absent) == (None, words)


def test_a_difference_rests_on_the_smaller_group():
    summary = returners(scores(PHQ9, *[(10, 8)] * 20, (12, None), (13, None)), due(), enrolled(22), [PHQ9])
    assert summary.cells[summary.names["phq9_difference"]].n == 2
