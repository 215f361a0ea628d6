"""A table with one answer a row is held against each instrument's own scale, as a column for each item is."""

import pytest
from small_extracts import checked

DEFINITION = """\
title    = "Answers by row"
period   = { from = 2017-01-01, to = 2017-12-31 }
data_cut = { records = 2017-12-31 }
pages    = ["01_data_quality"]
synthetic = "Every record is invented."
[disclosure]
enrolled = "none"
[timepoints]
baseline = { label = "Baseline", weeks = 0 }
[extracts.patients]
file = "people.csv"
key  = ["patient_id"]
[extracts.patients.columns]
patient_id = { from = "ID" }
practice   = { value = "one" }
[extracts.referrals]
file = "referrals.csv"
[extracts.referrals.columns]
patient_id    = { from = "ID" }
identified_on = { from = "Referred" }
[extracts.discharges]
table = "episodes"
file  = "referrals.csv"
[extracts.discharges.columns]
patient_id = { from = "ID" }
ended_on   = { from = "Discharged" }
[extracts.contacts]
file = "contacts.csv"
[extracts.contacts.columns]
patient_id = { from = "ID" }
date       = { from = "Date" }
attendance = { value = "attended" }
[stays]
from     = "contacts"
gap_days = 30
[extracts.responses]
file = "answers.csv"
[extracts.responses.columns]
patient_id = { from = "ID" }
instrument = { from = "Form", codes = { "PHQ" = "phq9", "WB" = "swemwbs" } }
timepoint  = { from = "Wave", codes = { "1" = "baseline" } }
item       = { from = "Q" }
answer     = { from = "A" }
"""


def found(tmp_path, *answers: str, discharged: str = "2017-06-01", people: int = 2, definition: str = DEFINITION):
    """Rule, column, line and what was expected; answers are "form item answer" of A1."""
    ids = [f"A{n}" for n in range(1, people + 1)]
    rows = [answer if answer[0] == "A" else f"A1 {answer}" for answer in answers]
    faults = checked(tmp_path, {name: [line.split(",") for line in lines] for name, lines in {
        "people.csv": ["ID", *ids], "referrals.csv": ["ID,Referred,Discharged", f"A1,2017-02-01,{discharged}",
                                                      "A1,2017-03-01,", "A2,2017-03-01,"],
        "contacts.csv": ["ID,Date", *(f"{one},2017-03-01" for one in ids)],
        "answers.csv": ["ID,Form,Wave,Q,A", *("{},{},1,{},{}".format(*row.split()) for row in rows)]}.items()},
        definition).faults
    return faults[["rule", "column", "row", "expected"]].values.tolist()


def test_each_answer_is_held_against_the_scale_of_its_own_instrument(tmp_path):
    expected = "the value lies in the stated range (phq9 from 0 to 3, swemwbs from 1 to 5)"
    assert found(tmp_path, "PHQ 1 3", "PHQ 2 4", "WB 1 5", "WB 2 0", "WB 3 6", "PHQ 3 0") == [
        ["in range", "answer", 3, expected], ["in range", "answer", 5, expected], ["in range", "answer", 6, expected]]


def test_a_number_that_stands_for_no_answer_is_told_as_that(tmp_path):
    assert [row[:3] for row in found(tmp_path, "PHQ 1 99", "WB 1 4")] == [["missing code declared", "answer", 2]]


def test_an_answer_outside_a_stated_range_is_told_once(tmp_path):
    stated = DEFINITION.replace('{ from = "A" }', '{ from = "A", min = 0, max = 5 }')
    assert [row[:3] for row in found(tmp_path, "PHQ 1 4", "PHQ 2 7", definition=stated)] == [
        ["in range", "answer", 3], ["in range", "answer", 2]]


@pytest.mark.parametrize("most, rules", [(3, ["whole scale used"]), (4, [])])
def test_upper_levels_that_nobody_uses_are_noted(tmp_path, most, rules):
    answers = [f"A{n} WB 1 {min(most, 1 + n % 4)}" for n in range(1, 21)]
    assert [row[0] for row in found(tmp_path, *answers, people=20)] == rules


def test_a_discharge_before_the_person_was_referred_is_told_where_no_list_says_when_stays_began(tmp_path):
    assert [row[:3] for row in found(tmp_path, "PHQ 1 3", discharged="2017-01-31")] == [
        ["end not before start", "ended_on", 2]]
    assert found(tmp_path, "PHQ 1 3", discharged="2017-02-01") == []
