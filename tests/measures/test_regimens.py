"""Directions whose dose changes, laid out step by step where their steps are clear."""

import pandas as pd
import pytest
from measured import named

from analysis.measures.prescribing.dose_line import dose_lines
from analysis.measures.prescribing.dose_windows import Rules
from analysis.measures.prescribing.doses import dose_sources
from analysis.measures.prescribing.issues import issues_of
from analysis.measures.prescribing.readings import read_texts
from analysis.measures.prescribing.regimens import read_steps
from analysis.reference.factors import factor_table


@pytest.mark.parametrize("text, steps", [
    ("4 a day for 7 days then 3 a day", [(4, 7), (3, None)]),
    ("4 daily for 1 week, 3 daily for 1 week, 2 daily for 1 week then stop", [(4, 7), (3, 7), (2, 7)]),
    ("one tds for 2/52, reduce to one bd for 2/52 then one od", [(3, 14), (2, 14), (1, None)]),
    ("1 od for a week, 1 bd thereafter", [(1, 7), (2, None)]),
    ("start with 1 od for 7 days increasing to 1 bd", [(1, 7), (2, None)]),
    ("1 od 1/52 then bd", [(1, 7), (2, None)]),                              # the amount of the step before
    ("one at night increasing to two after 3 days", [(1, 3), (2, None)]),    # its time
    ("10ml qds for 7 days then 5ml qds for 7 days then stop", [(40, 7), (20, 7)]),
    ("1 bd for 5/7 then stop", [(2, 5)]),
    ("take one daily for 4 days then one twice daily", [(1, 4), (2, None)]),
])
def test_each_step_has_its_units_a_day_and_how_long_it_lasts(text, steps):
    assert [(step.said.low, step.days) for step in read_steps(text)] == steps


@pytest.mark.parametrize("text", [
    "reduce by 1 every week",                       # how far?
    "1 bd increasing to 2 bd",                      # when?
    "take 1 for 3 days then 2 bd",                  # how often at first?
    "1 od for 1 week then 1 bd if tolerated",       # was it?
    "1-2 bd for 7 days then 1 bd",                  # a range
    "1 bd prn for 7 days then 1 bd",                # as required
    "two stat then one every 8 hours",
    "week 1: 1 od, week 2: 1 bd",
    "1 bd for 7 days",                              # nothing changes
])
def test_steps_that_are_not_clear_are_not_laid_out(text):
    assert read_steps(text) == ()


def prescriptions(directions, quantity, product="Codeine 30mg tablets"):
    return pd.DataFrame([("A", "2017-01-01", quantity, "tablets", product, directions)],
                        columns=["patient_id", "issued_on", "quantity", "unit", "product", "directions"])


def line(directions, quantity):
    lines, unread = dose_lines(prescriptions(directions, quantity), factors=factor_table("fpm-2020"))
    assert unread.empty
    return [(str(one.start)[:10], str(one.end)[:10], round(one.mg_per_day, 2)) for one in lines.itertuples()]


def test_a_reducing_supply_is_a_stair_in_the_line_of_doses():
    # 4 x 7 + 3 x 7 = 49 tablets, and 7 left for the last step
    assert line("4 a day for 7 days then 3 a day for 7 days then 1 a day", 56) == [
        ("2017-01-01", "2017-01-08", 12.0), ("2017-01-08", "2017-01-15", 9.0), ("2017-01-15", "2017-01-22", 3.0)]


def test_steps_end_with_the_supply_and_what_the_last_leaves_is_not_used():
    assert line("4 a day for 7 days then 3 a day", 30)[-1] == ("2017-01-08", "2017-01-08", 9.0)  # 2 tablets: 16 hours
    assert line("2 a day for 7 days then stop", 28) == [("2017-01-01", "2017-01-08", 6.0)]


def test_a_supply_in_steps_is_one_issue_in_every_count():
    issues = issues_of(prescriptions("4 a day for 7 days then 3 a day", 56))
    got = dose_sources(issues, read_texts(issues.texts), Rules(factor_table("fpm-2020")))
    assert named(got, "issues").value == named(got, "issues_regular").value == 1


def test_methadone_in_steps_is_one_line_without_a_factor():
    told = prescriptions("4 a day for 7 days then 3 a day", 56, "Methadone 5mg tablets")
    assert len(dose_lines(told, factors=factor_table("fpm-2020")).unread) == 1
