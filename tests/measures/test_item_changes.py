"""Answers item by item: the same people at both time points, under numbers or under words of the study's own."""

import pandas as pd
import pytest
from paired_scores import enrolled, value

from analysis.measures.questionnaires.item_changes import item_changes
from analysis.reference.instruments import instrument

PEG = instrument("peg")


def responses(*people):
    """Sheets at baseline and follow-up a person; None is a blank."""
    rows = [(f"P{n}", "peg", timepoint, item, answer) for n, pair in enumerate(people, 1)
            for timepoint, sheet in zip(("baseline", "follow_up"), pair, strict=True)
            for item, answer in zip(PEG.items, sheet, strict=True)]
    return pd.DataFrame(rows, columns=["patient_id", "instrument", "timepoint", "item", "answer"]).astype(
        {"answer": "Int64"})


def test_each_item_is_compared_on_the_people_who_answered_it_twice():
    summary = item_changes(responses(([8, 6, 5], [6, 6, 4]), ([4, None, 5], [4, 2, 6]), ([3, 3, 3], [11, 3, 3])),
                           enrolled(3), [PEG], {})
    told = [tuple(value(summary, f"peg_item_{item}_{what}") for what in ("people", "baseline", "follow_up", "change"))
            for item in PEG.items]
    assert told == [(2, 6, 5, -1), (2, 4.5, 4.5, 0), (3, pytest.approx(13 / 3), pytest.approx(13 / 3), 0)]


def test_of_two_different_answers_to_one_item_neither_counts():
    once = responses(([8, 6, 5], [6, 6, 4]))
    summary = item_changes(pd.concat([once, once.head(1).assign(answer=7)]), enrolled(1), [PEG], {})
    assert [value(summary, f"peg_item_{item}_people") for item in PEG.items] == [0, 1, 1]
    assert summary.cells[summary.names["peg_item_1_change"]].absent == "nobody to compute it from"
    assert summary.cells[summary.names["peg_item_2_low"]].absent == "one person has no spread"


def test_items_have_the_studys_own_words_or_else_their_numbers():
    summary = item_changes(responses(([8, 6, 5], [6, 6, 4])), enrolled(1), [PEG], {("peg", "2"): "Our words"})
    assert [line.label for line in summary.lines] == ["Item 1", "Our words", "Item 3"]
