"""What two coders coded differently: which passages, which of them were settled, and how."""

import pytest
from coded_material import CODES, GROUPS, INTERVIEWS, codings, shown

from analysis.interviews.discrepancies import DECISIONS
from analysis.measures.interviews.discrepancies import (
    COLUMN,
    Decision,
    discrepancies,
    discrepancy_list,
    found_discrepancies,
)

BOTH = [("I01", "own-pace", "A", 0, 5), ("I01", "own-pace", "B", 0, 5)]  # so that both coded the interview


def found(*rows, decisions=()):
    return [(one.code, one.start, one.end, one.marked, one.settled and one.settled.decision) for one in
            found_discrepancies(CODES, codings(*rows), INTERVIEWS, decisions)]


@pytest.mark.parametrize(("rows", "wanted"), [
    ([("I01", "fear", "A", 10, 20)], [("fear", 10, 20, ("A",), None)]),
    ([("I01", "fear", "A", 10, 20), ("I01", "fear", "B", 15, 30)], []),         # where it begins and ends is none
    ([("I01", "fear", "A", 10, 20), ("I01", "fear", "B", 20, 30)],              # they only touch
     [("fear", 10, 20, ("A",), None), ("fear", 20, 30, ("B",), None)]),
    ([("I02", "fear", "A", 10, 20)], [])])                                      # nobody else coded that interview
def test_a_passage_that_not_every_coder_marked_is_a_discrepancy(rows, wanted):
    assert found(*BOTH, *rows) == wanted


def test_a_decision_belongs_to_the_passage_that_it_overlaps_of_its_code_and_interview():
    rows = [*BOTH, ("I01", "fear", "A", 10, 20), ("I01", "fear", "A", 40, 50), ("I01", "medicines", "B", 10, 20)]
    assert found(*rows, decisions=[Decision("I01", "fear", 12, 14, "dropped")]) == [
        ("medicines", 10, 20, ("B",), None), ("fear", 10, 20, ("A",), "dropped"), ("fear", 40, 50, ("A",), None)]


def test_settled_open_and_put_right_add_up_by_theme():
    rows = [*BOTH, ("I01", "fear", "A", 10, 20), ("I01", "fear", "A", 40, 50), ("I01", "delivery", "B", 60, 70)]
    made = discrepancies(CODES, codings(*rows), INTERVIEWS, [
        Decision("I01", "fear", 10, 20, "dropped"), Decision("I01", "own-pace", 0, 5, "kept")], groups=GROUPS)
    assert shown(made, "Medicines") == {
        "Coded differently": "2", "Kept": "0", "Dropped": "1", "Recoded": "0",
        "Codebook changed": "0", "Open": "1", "Alike by now": "1"}
    assert shown(made, "All")["Coded differently"] == "3" and shown(made, "All")["Open"] == "2"


def test_the_list_for_those_who_settle_has_words_and_is_for_the_working_tier_only():
    made = discrepancy_list(CODES, codings(*BOTH, ("I01", "fear", "A", 2, 8)), INTERVIEWS, transcripts={
        "I01": "I feared {it}."}, groups=GROUPS)
    assert made.working
    assert shown(made, "I01, 2 to 8", "Fear of reducing (fear)") == {
        "Words": "feared", "Marked by": "A", "Not by": "B", "Settled": "open"}


def test_where_nobody_coded_a_second_time_there_is_nothing_to_settle():
    made = discrepancies(CODES, codings(("I01", "fear", "A", 0, 5)), INTERVIEWS)
    assert set(shown(made, "All").values()) == {"0"}


def test_a_count_rests_on_the_people_whose_interviews_it_is_of():
    made = discrepancies(CODES, codings(*BOTH, ("I01", "fear", "A", 10, 20), ("I01", "fear", "A", 40, 50)), INTERVIEWS)
    cell = made.cells[made.names["medicines_coded_differently"]]
    assert (cell.value, cell.n, cell.population) == (2, 1, "interviewed")


def test_every_decision_of_the_log_has_its_column():
    assert list(COLUMN) == list(DECISIONS)
