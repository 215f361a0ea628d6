"""Why answered questionnaires have no score: a version that does not fit its answers shows here."""

import pandas as pd
from measured import lines

from analysis.measures.questionnaires.scores import scores
from analysis.measures.questionnaires.unscored import unscored
from analysis.reference.instruments import SHIPPED, instrument

THREE = SHIPPED["eq5d3l"]
PEG = instrument("peg")
LABELS = {"baseline": "Baseline", "follow_up": "Follow-up"}


def sheets(**people):
    rows = [(p, "peg", "baseline", item, answer) for p, sheet in people.items()
            for item, answer in zip(PEG.items, sheet, strict=True)]
    return pd.DataFrame(rows, columns=["patient_id", "instrument", "timepoint", "item", "answer"]).astype(
        {"answer": "Int64"})


def test_each_reason_is_counted_at_its_time_point():
    told = scores(sheets(P1=[5, 5, 5], P2=[5, 5, None], P3=[None] * 3, P4=[11, 5, 5]), [PEG])
    enrolled = pd.DataFrame({"patient_id": ["P1", "P2", "P3", "P4"]})
    assert lines(unscored(told, enrolled, [PEG], labels=LABELS)) == [
        ("PEG", "Too few items answered", "1", "0"), ("PEG", "Answer out of range", "1", "0"),
        ("PEG", "Two answers to one item", "0", "0"), ("PEG", "No item answered", "1", "0")]


def test_five_levels_under_the_name_of_three_are_out_of_range_and_the_note_says_what_that_may_mean():
    from dataclasses import replace

    one = replace(THREE, value_set=SHIPPED.value_set("uk-3l-mvh-a1"))
    told = pd.DataFrame([(f"P{n}", "eq5d3l", "baseline", str(item), level) for n in range(4)
                         for item, level in enumerate([1, 2, 4, 5, 1], 1)],
                        columns=["patient_id", "instrument", "timepoint", "item", "answer"]).astype({"answer": "Int64"})
    found = unscored(scores(told, [one]), pd.DataFrame({"patient_id": [f"P{n}" for n in range(4)]}), [one],
                     labels=LABELS)
    assert found.cells[found.names["eq5d3l_baseline_out_of_range"]].value == 4
    assert any("another version" in note for note in found.notes)
