"""Doses by what was issued: over days of supply, and over the days to the next issue, beside the directions."""

import pandas as pd
import pytest
from measured import lines

from analysis.measures.prescribing.dose_bases import DIRECTIONS, GAP, NO_LENGTH, SUPPLY, basis_doses, dose_bases, issued
from analysis.measures.prescribing.dose_windows import Rules
from analysis.reference.factors import factor_table

INDEX = pd.Timestamp("2017-03-26")  # the window: 1 January (day 0) to 25 March
PATIENTS = pd.DataFrame({"patient_id": ["A", "B"], "registered_on": pd.NaT, "deregistered_on": pd.NaT,
                         "died_on": pd.NaT, "withdrew_on": pd.NaT})
CODEINE = "Codeine 30mg tablets"  # 3 mg of morphine a tablet


def on(day: int) -> pd.Timestamp:
    return pd.Timestamp("2017-01-01") + pd.Timedelta(days=day)


def dose(*rows: tuple, basis: str = GAP) -> tuple:
    """(dose, reason) of person A from (day, quantity, product, days of supply)."""
    told = [("A", on(day), float(quantity), *rest, *(CODEINE, None)[len(rest):]) for day, quantity, *rest in rows]
    frame = pd.DataFrame(told, columns=["patient_id", "issued_on", "quantity", "product", "days_supply"])
    record = issued(frame.assign(directions="as directed"), Rules(factor_table("fpm-2020")), {})
    found = basis_doses(record, pd.Series({"A": INDEX}), 84, PATIENTS, basis=basis).iloc[0]
    return (None if pd.isna(found["dose"]) else found["dose"], found["reason"])


def test_an_issue_lasts_until_the_next_whatever_its_directions_say():
    every_fortnight = [(day, 56) for day in range(-14, 84, 14)]
    assert dose(*every_fortnight) == (12.0, "")  # 56 x 3 mg in 14 days


def test_the_last_issue_lasts_as_gaps_do_in_the_middle():
    """Days 0 to 56 at 168 mg in 28 days; the last is used up on day 70 at a middle gap of 28: 28 + 28 + 28 days."""
    assert dose((0, 56), (28, 56), (56, 56)) == (pytest.approx(6.0), "")
    assert dose((0, 56), (10, 56), (20, 56))[0] == pytest.approx(3 * 168 / 84)


def test_a_gap_longer_than_a_window_is_no_gap():
    """They had stopped and begun again: the issues before and after last 28 days as the others do."""
    assert dose((-200, 56), (-172, 56), (0, 56))[0] == pytest.approx(168 / 84)


def test_what_was_issued_once_has_no_length_and_no_dose():
    assert dose((0, 56)) == (None, NO_LENGTH)


def test_a_patch_is_worth_what_it_gives_over_its_wear():
    patches = [(day, 10, "Fentanyl 25micrograms/hour transdermal patches") for day in range(-30, 84, 30)]
    assert dose(*patches) == (60.0, "")


def test_days_of_supply_follow_on_from_what_was_collected_early():
    """168 mg over 28 days, twice; the second is collected a week early and taken up when the first is used up."""
    assert dose((0, 56, CODEINE, 28), (21, 56, CODEINE, 28), basis=SUPPLY) == (pytest.approx(2 * 168 / 84), "")
    assert dose((0, 56, CODEINE, 28), (21, 56, CODEINE, None), basis=SUPPLY) == (None, NO_LENGTH)


def test_without_an_issue_an_unknown_product_or_a_factor_there_is_a_reason_and_no_dose():
    assert dose((0, 56, "Lidocaine 700mg plasters")) == (None, "no issue on record")
    assert dose((0, 56), (28, 56), (30, 10, "Methadone 5mg tablets")) == (None, "an opioid without a factor")
    assert dose((0, 56), (28, 56), (30, 0)) == (None, "a line that cannot be read")
    assert dose((-300, 56), (-272, 56)) == (0.0, "")  # used up long before


def frame(**doses: float | None) -> pd.DataFrame:
    return pd.DataFrame({"patient_id": list(doses), "dose": list(doses.values())}).assign(reason="")


def test_bases_stand_beside_each_other_and_how_far_they_part():
    directed = {"baseline": frame(A=10.0, B=20.0, C=30.0), "follow_up": frame(A=10.0, B=10.0, C=0.0)}
    by_gap = {"baseline": frame(A=11.0, B=25.0, C=None), "follow_up": frame(A=10.5, B=7.0, C=0.0)}
    found = lines(dose_bases({DIRECTIONS: directed, GAP: by_gap}, window_days=84, table_title="T"))
    assert [row[1:] for row in found] == [
        ("What the directions say: the dose of the other tables", "20 (15 to 25), n = 3", "10 (5 to 10), n = 3",
         "2 of 3 (66.7)"),
        ("Quantity over the days to the next issue of the product", "18 (14.5 to 21.5), n = 2", "7 (3.5 to 8.8), n = 3",
         "1 of 2 (50)"),
        ("About as much (within 20%)", "1 (50)", "2 (66.7)"), ("Over 20% more", "1 (50)", "0 (0)"),
        ("Over 20% less", "0 (0)", "1 (33.3)")]


def test_where_nobody_has_a_dose_the_table_has_words_and_no_number():
    nobody = {"baseline": frame(A=None), "follow_up": frame(A=None)}
    found = dose_bases({DIRECTIONS: nobody, GAP: nobody}, window_days=84, table_title="T")
    assert {cell.absent for cell in found.cells.values() if cell.kind == "value"} == {"nobody with a dose"}


def test_what_a_row_of_several_issues_does_to_the_dose_of_each_basis():
    """Monthly issues of 168 mg, 6 mg a day, but for two of them that stand in one row: why the page says so."""
    before, after = [(-56, 56), (-28, 56)], [(56, 56), (84, 56)]
    assert dose(*before, (0, 112), *after) == (pytest.approx(6.0), "")  # dated by the first of them: nothing
    assert dose(*before, (28, 112), *after)[0] == pytest.approx((28 * 3 + 28 * 12 + 28 * 6) / 84)  # by the last
    one, many = [(day, 56, CODEINE, 28) for day in (-56, -28, 56, 84)], [(0, 112, CODEINE, 56)]
    assert dose(*one, *many, basis=SUPPLY) == (pytest.approx(6.0), "")
    assert dose(*one, (0, 112, CODEINE, 28), basis=SUPPLY)[0] == pytest.approx((28 * 12 + 28 * 6) / 84)


def test_who_has_a_row_that_may_be_several_issues_is_counted_where_the_doses_stand():
    doses = {"baseline": frame(A=10.0, B=20.0, C=None), "follow_up": frame(A=10.0, B=None, C=0.0)}
    several = pd.DataFrame({"rows": [1, 1, 1], "person": ["A", "B", "B"]})
    found = dose_bases({DIRECTIONS: doses, GAP: doses}, window_days=84, table_title="T", several=several)
    row = next(row for row in lines(found) if "several issues" in row[1])
    assert row[1:4] == ("Of these, with a row that may be several issues", "2", "1")
    assert any("counts as one" in note for note in found.notes)
    without = dose_bases({DIRECTIONS: doses, GAP: doses}, window_days=84, table_title="T")
    assert not any("several" in row[1] for row in lines(without))
