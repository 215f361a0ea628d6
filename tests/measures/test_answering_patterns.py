"""At which time points people had all, some or none of their questionnaires."""

import pandas as pd
from measured import column
from paired_scores import enrolled, scores

from analysis.measures.questionnaires.answering_patterns import answering_patterns
from analysis.reference.instruments import instrument

PEG, PHQ9 = instrument("peg"), instrument("phq9")
LABELS = {"baseline": "Baseline", "follow_up": "Follow-up"}


def test_every_pattern_is_a_row_and_everybody_is_in_one():
    """P1 has both twice, P2 both and then the PEG alone, P3 nothing, P4 (of no row) nothing either."""
    both = pd.concat([scores(PEG, (5, 5), (5, 5), (None, None)), scores(PHQ9, (9, 9), (9, None), (None, None))])
    told = column(answering_patterns(both, enrolled(4), [PEG, PHQ9], labels=LABELS), "People")
    assert len(told) == 9
    assert {label: n for label, n in told.items() if n != "0"} == {
        "Baseline: all; Follow-up: all": "1", "Baseline: all; Follow-up: some": "1",
        "Baseline: none; Follow-up: none": "2"}


def test_of_one_questionnaire_nobody_can_have_some():
    told = answering_patterns(scores(PEG, (5, None)), enrolled(1), [PEG], labels=LABELS)
    assert [line.label for line in told.lines] == [
        f"Baseline: {first}; Follow-up: {second}" for first in ("all", "none") for second in ("all", "none")]


def test_of_many_time_points_the_first_two_and_the_last_are_told():
    labels = {name: name.upper() for name in ("a", "b", "c", "d")}
    told = answering_patterns(scores(PEG), enrolled(0), [PEG], labels=labels)
    assert told.lines[0].label == "A: all; B: all; D: all"
