"""Saturation after Guest, Namey and Chen: base, run, threshold; the order of interviewing and other orders."""

import pandas as pd
import pytest
from coded_material import codings
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import Mistake
from analysis.measures.interviews.saturation import Point, run_points, saturated_at, saturation


def said(*interviews: str):
    return [frozenset(codes) for codes in interviews]


# Eight interviews: the first four bring a to f, then g, then nothing new.
EIGHT = said("abc", "bcd", "de", "af", "ag", "bc", "cd", "a")


def test_a_run_counts_the_codes_that_no_earlier_interview_had():
    assert run_points(EIGHT, base=4, run=2) == [Point(6, 1, 1 / 6), Point(7, 0, 0.0), Point(8, 0, 0.0)]


def test_it_is_saturated_at_the_first_run_at_or_below_the_threshold():
    points = run_points(EIGHT, base=4, run=2)
    assert saturated_at(points, 0.05).interviews - 2 == 5  # "5+2"
    assert saturated_at(points, 0.2).interviews - 2 == 4
    assert saturated_at(run_points(said("a", "b", "c", "d", "e", "f"), 4, 2), 0.05) is None


def test_too_few_interviews_are_said():
    with pytest.raises(Mistake, match="needs 6 interviews, and there are 3"):
        run_points(EIGHT[:3], 4, 2)


def table(order):
    interviews = pd.DataFrame([(f"I{n}", f"P{n}", pd.Timestamp(2017, 1, 1 + n)) for n in range(8)],
                              columns=["interview_id", "participant_id", "date"])
    rows = [(f"I{n}", code, "A", 0, 5) for n, codes in enumerate(order) for code in sorted(codes)]
    return saturation(codings(*rows), interviews, orders=200)


def test_the_table_has_a_row_a_run_and_says_where_it_was_saturated():
    here = table(EIGHT)
    assert [line.label for line in here.lines] == ["5 to 6", "6 to 7", "7 to 8"]
    assert here.cells[here.names["saturated_after"]].value == 5


def test_with_too_few_interviews_the_table_says_how_many_there_are():
    interviews = pd.DataFrame([("I0", "P0", pd.Timestamp(2017, 1, 1))],
                              columns=["interview_id", "participant_id", "date"])
    here = saturation(codings(("I0", "fear", "A", 0, 5)), interviews)
    assert [line.label for line in here.lines] == ["Interviews, where 6 are wanted"]


def test_where_no_run_fell_to_the_threshold_there_is_no_number():
    cell = (here := table(said("a", "b", "c", "d", "e", "f", "g", "h"))).cells[here.names["saturated_after"]]
    assert (cell.value, cell.absent) == (None, "no run fell to the threshold")


@given(st.lists(st.frozensets(st.sampled_from("abcdefgh"), min_size=1), min_size=6, max_size=12))
def test_new_codes_of_runs_that_follow_one_another_add_up_to_all_codes_after_the_base(codes_of):
    points = run_points(codes_of, base=4, run=1)
    assert sum(point.new for point in points) == (len(frozenset().union(*codes_of))
                                                  - len(frozenset().union(*codes_of[:4])))
