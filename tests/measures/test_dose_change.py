"""Two doses a person become changes, steps and crossings: half-open, over both denominators, zeros kept."""

import pandas as pd
import pytest
from measured import column, named, rows
from scipy import stats

from analysis.measures.prescribing.dose_change import dose_change, dose_definitions, high_doses
from analysis.measures.prescribing.dose_windows import DIED

WITH = {"window_days": 84, "table_title": "a table"}


def doses(**people):
    """Dose of each person; a word in its place is the reason why there is none."""
    found = [(p, None, d) if isinstance(d, str) else (p, float(d), "") for p, d in people.items()]
    return pd.DataFrame(found, columns=["patient_id", "dose", "reason"]).astype({"dose": float})


BEFORE = doses(A=120, B=60, C=40, D=24, E=60, F=200)
AFTER = doses(A=60, B=0, C=40, D=30, E=DIED, F=150)


def test_change_is_within_people_who_have_both_doses_and_a_stopped_person_is_among_them():
    got = dose_change(BEFORE, AFTER, **WITH)  # -60, -60, 0, 6, -50
    assert [named(got, f"change_{k}").value for k in ("median", "q1", "q3", "mean")] == [-50, -60, 0, -32.8]
    assert named(got, "change_median").n == 5


def test_the_interval_of_the_mean_is_student_s():
    got = dose_change(BEFORE, AFTER, **WITH)
    theirs = stats.ttest_1samp([-60, -60, 0, 6, -50], 0).confidence_interval(0.95)
    assert [named(got, "change_low").value, named(got, "change_high").value] == pytest.approx(list(theirs))


def test_each_direction_has_both_of_its_denominators():
    got = rows(dose_change(BEFORE, AFTER, **WITH))
    assert got["Lower or stopped"] == {"People": "3", "Of all enrolled": "50", "Of those with both doses": "60"}
    directions = ("Lower", "Stopped", "Unchanged", "Higher")
    assert {label: found["People"] for label, found in got.items() if label.startswith(directions)} == {
        "Lower or stopped": "3", "Lower by less than 10%": "0", "Lower by 10% to less than 50%": "1",
        "Lower by 50% or more, not stopped": "1", "Stopped": "1", "Unchanged": "1", "Higher": "1"}
    assert (got["At least 10% lower"]["People"], got["At least 50% lower"]["People"]) == ("3", "2")
    assert got["No dose at one time point"] == {"People": "1", "Of all enrolled": "16.7"}


@pytest.mark.parametrize("after, step", [
    (99.9, "Lower by less than 10%"), (90, "Lower by 10% to less than 50%"), (50.1, "Lower by 10% to less than 50%"),
    (50, "Lower by 50% or more, not stopped"), (0, "Stopped"), (100, "Unchanged"), (101, "Higher"),
])
def test_a_change_on_a_threshold_is_in_the_step_above_it(after, step):
    got = column(dose_change(doses(A=100), doses(A=after), **WITH), "People")
    assert [label for label, n in got.items() if n == "1" and label != "Lower or stopped"][1:][:1] == [step]


def test_one_person_has_a_change_and_no_interval():
    got = dose_change(doses(A=100), doses(A=90), **WITH)
    assert named(got, "change_mean").value == -10
    assert named(got, "change_low").absent == "fewer than two people with both doses"


def test_nobody_with_both_doses_is_said_in_words():
    got = dose_change(doses(A=100), doses(A=DIED), **WITH)
    assert [named(got, f"change_{k}").absent for k in ("median", "mean")] == [
        "nobody with both doses", "fewer than two people with both doses"]


def test_bands_are_half_open_and_leave_nobody_out():
    got = high_doses(doses(A=0, B=49.9, C=50, D=119.9, E=120), doses(A=0, B=50, C=49.9, D=120, E=DIED),
                     lines=[50, 120], **WITH)
    found = column(got, "Baseline")
    assert {k: v for k, v in found.items() if "of " not in k} == {
        "People with a dose": "5", "0: supply used up": "1 (20)", "Above 0 to under 50": "1 (20)",
        "50 to under 120": "2 (40)", "120 and above": "1 (20)"}
    assert found["At or above 50, of those with a dose"] == "3 (60)"
    follow_up = column(got, "Follow-up")
    assert follow_up["At or above 120, of those with a dose"] == "1 (25)"
    assert follow_up["At or above 120, of all enrolled"] == "1 (20)"
    assert follow_up["Below 120 at baseline, at or above it at follow-up"] == "1"
    assert follow_up["At or above 50 at baseline, below it at follow-up"] == "1"


def test_the_four_definitions_stand_beside_each_other_by_their_names():
    one = pd.DataFrame({"patient_id": ["A", "B"], "D1": [75.8, 0.0], "D2": [93.5, 0.0], "D3": [31.2, 0.0],
                        "D4": [105.0, 0.0], "reason": ""})
    got = dose_definitions({"baseline": one, "follow_up": one}, high_dose=90, **WITH)
    assert {label[:2]: v for label, v in column(got, "≥ 90, baseline").items()} == {
        "D1": "0 (0)", "D2": "1 (50)", "D3": "0 (0)", "D4": "1 (50)"}
    assert column(got, "Baseline")["D3: total mg over all days of the window"] == "15.6 (7.8 to 23.4)"


def test_every_change_is_said_with_regression_to_the_mean_and_without_a_cause():
    for got in (dose_change(BEFORE, AFTER, **WITH), high_doses(BEFORE, AFTER, lines=[120], **WITH)):
        assert any("tend to have lower ones later" in note for note in got.notes)
        assert "reduc" not in " ".join([got.title, *got.notes, *(line.label for line in got.lines)]).casefold()
