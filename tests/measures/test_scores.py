"""Answers to items become scores by the instrument's own rule, or a reason why there is none."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import Mistake
from analysis.measures.questionnaires.scores import COLUMNS, scores
from analysis.reference.instruments import SHIPPED, instrument, names

PEG, PHQ9, SWEMWBS = instrument("peg"), instrument("phq9"), instrument("swemwbs")


def answers(one, *people, timepoint="baseline"):
    """One sheet of answers a person: P1, P2, …; None is a blank."""
    rows = [(f"P{number}", one.name, timepoint, item, answer) for number, sheet in enumerate(people, 1)
            for item, answer in zip(one.items, sheet, strict=True)]
    frame = pd.DataFrame(rows, columns=["patient_id", "instrument", "timepoint", "item", "answer"])
    return frame.astype({"answer": "Int64"})


def told(frame):
    return [tuple(None if pd.isna(v) else v for v in row)
            for row in frame[["score", "items_answered", "reason"]].itertuples(index=False)]


def with_values(one):
    """An instrument that can be scored: the first value set of an index will do where any will."""
    return replace(one, value_set=SHIPPED.value_set(SHIPPED.value_sets(one.name)[0])) if one.score == "index" else one


@pytest.mark.parametrize("name", names())
def test_the_worked_examples_of_an_instrument_come_out(name):
    for example in instrument(name).examples:
        one = with_values(instrument(name))
        one = one.with_setting(example.setting) if example.setting else one
        score = scores(answers(one, example.answers), [one])["score"].iloc[0]
        assert (None if pd.isna(score) else pytest.approx(score)) == example.score, example.source
        if example.band:
            assert one.band(score) == example.band


def test_one_row_a_person_instrument_and_time_point():
    both = pd.concat([answers(PEG, [5, 5, 5], [7, 8, 6]), answers(PEG, [1, 2, 3], timepoint="follow_up"),
                      answers(PHQ9, [1] * 9)])
    frame = scores(both, [PHQ9, PEG])
    assert list(frame.columns) == COLUMNS
    assert frame[["patient_id", "instrument", "timepoint", "score"]].values.tolist() == [
        ["P1", "phq9", "baseline", 9.0], ["P1", "peg", "baseline", 5.0], ["P1", "peg", "follow_up", 2.0],
        ["P2", "peg", "baseline", 7.0]]


def test_an_incomplete_questionnaire_has_no_score_and_says_so():
    frame = scores(answers(PHQ9, [2] * 8 + [None], [None] * 9), [PHQ9])
    assert told(frame) == [(None, 8, "too few items answered"), (None, 0, "no item answered")]


def test_an_impossible_answer_costs_the_score_before_any_blank_does():
    assert told(scores(answers(PEG, [11, 5, None], [-1, 5, 5]), [PEG])) == [
        (None, 2, "answer out of range"), (None, 3, "answer out of range")]


def test_half_a_point_is_no_answer():
    frame = answers(PEG, [5, 5, 5]).astype({"answer": float})
    frame.loc[0, "answer"] = 5.5
    assert told(scores(frame, [PEG])) == [(None, 3, "answer out of range")]


def test_two_different_answers_to_one_item_leave_no_score_but_the_same_answer_twice_does():
    once = answers(PEG, [5, 5, 5])
    other = once.head(1).assign(answer=6)
    assert told(scores(pd.concat([once, other]), [PEG])) == [(None, 3, "two answers to one item")]
    assert told(scores(pd.concat([once, once]), [PEG])) == [(5.0, 3, None)]


def test_a_blank_beside_an_answer_is_no_second_answer():
    once = answers(PEG, [5, 5, 5])
    blank = once.head(1).assign(answer=pd.NA).astype({"answer": "Int64"})
    assert told(scores(pd.concat([blank, once]), [PEG])) == [(5.0, 3, None)]


def test_an_item_that_the_instrument_does_not_have_is_a_mistake():
    with pytest.raises(Mistake, match="PEG has no item 'PEG1'"):
        scores(answers(PEG, [5, 5, 5]).assign(item=["PEG1", "2", "3"]), [PEG])


@pytest.mark.parametrize(("values", "profile", "index"), [
    ("uk-5l-2026", "55555", -0.567), ("uk-5l-2026", "21232", 0.812), ("uk-5l-2026", "33333", 0.604),
    ("uk-3l-mvh-a1", "12321", 0.329), ("uk-3l-mvh-a1", "11111", 1.0)])
def test_a_profile_becomes_the_index_of_its_value_set(values, profile, index):
    one = SHIPPED.value_set(values)
    scale = replace(instrument(one.instrument), value_set=one)
    assert told(scores(answers(scale, [int(level) for level in profile]), [scale])) == [(index, 5, None)]


def test_a_profile_with_a_blank_has_no_index():
    one = with_values(instrument("eq5d5l"))
    assert told(scores(answers(one, [2, 1, None, 1, 1]), [one])) == [(None, 4, "too few items answered")]


def test_five_levels_given_to_the_questionnaire_of_three_have_no_index():
    one = with_values(instrument("eq5d3l"))
    assert told(scores(answers(one, [2, 1, 4, 1, 1]), [one])) == [(None, 5, "answer out of range")]


def test_an_index_is_not_scored_until_somebody_chooses_a_value_set():
    with pytest.raises(ValueError, match="EQ-5D-5L has no index until a value set is chosen"):
        scores(answers(instrument("eq5d5l"), [1, 1, 1, 1, 1]), [instrument("eq5d5l")])


def test_a_mean_of_four_of_seven_is_a_score_and_of_three_is_none():
    bpi = instrument("bpi_interference")
    assert told(scores(answers(bpi, [4, 4, 6, 6, None, None, None], [4, 4, 6, None, None, None, None]), [bpi])) == [
        (5.0, 4, None), (None, 3, "too few items answered")]


def test_a_rule_that_allows_blanks_fills_them_with_the_persons_own_mean():
    lenient = replace(PHQ9, answered_at_least=7)
    assert told(scores(answers(lenient, [2] * 7 + [None] * 2, [2] * 6 + [None] * 3), [lenient])) == [
        (18.0, 7, None), (None, 6, "too few items answered")]


def test_a_reversed_item_counts_from_the_other_end():
    turned = replace(PEG, reversed=frozenset({"3"}))
    assert told(scores(answers(turned, [6, 6, 1]), [turned])) == [(7.0, 3, None)]


def test_answers_to_instruments_that_were_not_asked_for_are_left_out():
    assert scores(answers(PEG, [5, 5, 5]), [PHQ9]).empty
    assert list(scores(answers(PEG), []).columns) == COLUMNS


@given(st.sampled_from(names()), st.data())
def test_a_complete_sheet_scores_within_the_range_and_moves_one_way_when_an_answer_rises(name, data):
    one = with_values(instrument(name))
    answer = st.integers(one.lowest, one.highest)
    sheet = data.draw(st.lists(answer, min_size=len(one.items), max_size=len(one.items)))
    raised = [min(sheet[0] + 1, one.highest), *sheet[1:]]
    first, second = scores(answers(one, sheet, raised), [one])["score"]
    low, high = one.score_range
    assert low <= first <= high and low <= second <= high
    assert second <= first if one.score == "index" else first <= second


@given(st.permutations(range(18)))
def test_the_order_of_the_rows_does_not_matter(order):
    frame = answers(PHQ9, [0, 1, 2, 3, 0, 1, 2, 3, 0], [3, None, 1, 1, 1, 1, 1, 1, 1])
    pd.testing.assert_frame_equal(scores(frame.iloc[list(order)], [PHQ9]), scores(frame, [PHQ9]))
