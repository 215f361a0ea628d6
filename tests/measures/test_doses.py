"""Two doses a person become medians, changes and shares of all enrolled; issues become a count of what was read."""

import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.measures.prescribing import products
from analysis.measures.prescribing.dose_windows import DIED, NO_ISSUE, Rules
from analysis.measures.prescribing.doses import (
    CAUTION,
    SEVERAL,
    SEVERAL_RULE,
    dose_sources,
    opioid_dose,
    opioid_dose_by,
    unread_issues,
)
from analysis.measures.prescribing.issues import issues_of
from analysis.measures.prescribing.readings import UNREADABLE, read_texts
from analysis.reference.factors import factor_table
from analysis.reference.rules import RULES

WITH = {"window_days": 84, "table_title": "a table", "high_dose": 120}


def doses(**people):
    """Dose of each person; a word in its place is the reason why there is none."""
    rows = [(p, None, d) if isinstance(d, str) else (p, float(d), "") for p, d in people.items()]
    return pd.DataFrame(rows, columns=["patient_id", "dose", "reason"]).astype({"dose": float})


BEFORE = doses(A=120, B=60, C=40, D=24, E=60, F=200)
AFTER = doses(A=60, B=0, C=40, D=30, E=DIED, F=150)


def value(summary, name):
    return summary.cells[summary.names[name]].value


def shown(summary, label):
    """A row of the table with its true numbers in the pattern."""
    line = next(line for line in summary.lines if line.label == label)
    return {column: pattern.format(**{k: f"{summary.cells[i].value:g}" for k, i in ids})
            for column, pattern, ids in line.entries}


def test_change_is_counted_over_all_enrolled_and_a_stopped_person_is_not_only_lower():
    got = opioid_dose(BEFORE, AFTER, **WITH)
    counts = {"lower": 2, "stopped": 1, "unchanged": 1, "higher": 1, "unpaired": 1, "lower_or_stopped": 3,
              "paired": 5}
    assert {name: value(got, name) for name in counts} == counts
    assert value(got, "lower_or_stopped_share") == pytest.approx(50)
    assert value(got, "stopped_share") == pytest.approx(100 / 6)


def test_a_stopped_person_counts_as_zero_in_the_median():
    got = opioid_dose(doses(A=60, B=60, C=60), doses(A=0, B=0, C=60), **WITH)
    assert value(got, "follow_up_median") == 0


def test_a_missing_dose_is_a_row_with_its_reason_and_no_zero():
    got = opioid_dose(BEFORE, AFTER, **WITH)
    assert value(got, "follow_up_people") == 5 and value(got, "follow_up_median") == 40
    assert shown(got, "Died, left, or not registered throughout") == {"Baseline": "0", "Follow-up": "1"}


def test_the_high_dose_line_counts_those_on_it_among_people_with_a_dose():
    got = opioid_dose(BEFORE, AFTER, **WITH)
    assert shown(got, "At or above 120 mg a day, of those with a dose") == {
        "Baseline": "2 (33.3333)", "Follow-up": "1 (20)"}


def test_quartiles_follow_the_study_s_rule():
    ten = doses(**{f"P{n}": n for n in range(1, 11)})
    type_7, type_2 = (opioid_dose(ten, ten, **WITH, quantile_rule=r) for r in ("type 7", "type 2"))
    assert (value(type_7, "baseline_q1"), value(type_7, "baseline_q3")) == (3.25, 7.75)  # domain facts, section 8
    assert (value(type_2, "baseline_q1"), value(type_2, "baseline_q3")) == (3, 8)


def test_nobody_with_a_dose_is_said_in_words():
    none = doses(A=NO_ISSUE, B=NO_ISSUE)
    cell = (got := opioid_dose(none, none, **WITH)).cells[got.names["baseline_median"]]
    assert cell.value is None and cell.absent == "nobody with a dose"
    share = got.cells[got.names["baseline_high_share"]]
    assert share.value is None and share.absent


def test_the_table_has_the_same_rows_whatever_the_doses_are():
    nobody = doses(A=NO_ISSUE)
    assert [line.label for line in opioid_dose(BEFORE, AFTER, **WITH).lines] == [
        line.label for line in opioid_dose(nobody, nobody, **WITH).lines]


def test_the_table_carries_the_caution_and_never_says_reduced():
    got = opioid_dose(BEFORE, AFTER, **WITH)
    assert CAUTION in got.notes
    words = " ".join([got.title, *got.notes, *(line.label for line in got.lines)])
    assert "reduc" not in words.casefold() and got.about.window and got.about.missing


def test_two_frames_about_different_people_are_refused():
    with pytest.raises(ValueError, match="different people"):
        opioid_dose(BEFORE, AFTER.iloc[:3], **WITH)


def test_doses_by_practice_have_a_row_for_each_and_one_for_not_recorded():
    patients = pd.DataFrame({"patient_id": list("ABCDE"), "practice": ["a", "a", "b", "b", "b"]})
    got = opioid_dose_by(BEFORE, AFTER, patients, by="practice", window_days=84, table_title="a table",
                         names={"a": "Practice A", "b": "Practice B"})
    assert [line.label for line in got.lines] == ["Practice A", "Practice B", "not recorded"]
    assert shown(got, "Practice A") == {"Baseline": "90 (75 to 105), n = 2", "Follow-up": "30 (15 to 45), n = 2"}
    assert shown(got, "not recorded")["Baseline"] == "200 (200 to 200), n = 1"


def test_every_issue_stands_in_exactly_one_of_the_rows_that_add_up():
    rows = [("A", "Tramadol 50mg capsules", "2 qds"), ("A", "Codeine 30mg tablets", "1-2 qds prn"),
            ("B", "Codeine 30mg tablets", "take 2"), ("B", "Methadone 5mg tablets", "1 bd"),
            ("B", "Lidocaine 700mg plasters", "1 daily"), ("C", "Tramadol 50mg capsules", "as directed")]
    frame = pd.DataFrame(rows, columns=["patient_id", "product", "directions"]).assign(
        issued_on=pd.Timestamp("2017-01-01"), quantity=56)
    issues = issues_of(frame)
    got = dose_sources(issues, read_texts(issues.texts), Rules(factor_table("fpm-2020")))
    assert {line.label: tuple(shown(got, line.label).values()) for line in got.lines} == {
        "Read: regular directions": ("2", "2"), "Read: as required": ("1", "1"), "Not an opioid": ("1", "1"),
        "For dependence": ("0", "0"), "No factor in the table: methadone": ("1", "1"),
        "No factor in the table: another opioid": ("0", "0"), "Not readable": ("1", "1"),
        "All issues": ("6",), "Read, once a day assumed: no interval written": ("1", "1")}


def test_rows_that_may_be_several_issues_stand_under_the_issues_where_somebody_looked():
    issues = issues_of(pd.DataFrame({"patient_id": ["A"], "product": ["Tramadol 50mg capsules"], "quantity": [56],
                                     "directions": ["1 bd"], "issued_on": [pd.Timestamp("2017-01-01")]}))
    said = (issues, read_texts(issues.texts), Rules(factor_table("fpm-2020")))
    several = pd.DataFrame({"rows": [1, 1, 1], "person": ["A", "A", "B"]})
    got = dose_sources(*said, several=several)
    assert tuple(shown(got, "May be several issues in one row").values()) == ("3", "2")
    assert SEVERAL in got.notes and SEVERAL_RULE in RULES
    assert not any("several" in line.label for line in dose_sources(*said).lines)


def test_each_reason_why_a_line_cannot_be_read_has_a_row_where_it_occurs():
    rows = [("A", "Tramadol 50mg capsules", "as directed", "capsule", 56), ("B", "MST 30", "1 bd", "tablet", 56),
            ("B", "Tramadol 50mg capsules", "1 bd", "capsule", 0), ("C", "Tramadol 50mg capsules", "1 bd", "box", 1),
            ("C", "Oramorph 10mg/5ml oral solution", "5ml qds", "tablet", 56),
            ("C", "Morphine 10mg/ml solution for injection 2ml ampoules", "1 prn", "ampoule", 5)]
    frame = pd.DataFrame(rows, columns=["patient_id", "product", "directions", "unit", "quantity"]).assign(
        issued_on=pd.Timestamp("2017-01-01"))
    issues = issues_of(frame)
    got = unread_issues(issues, read_texts(issues.texts), Rules(factor_table("fpm-2020")))
    found = {line.label: tuple(shown(got, line.label).values()) for line in got.lines}
    assert {label: n for label, n in found.items() if n[0] != "0"} == {
        "No dose in the directions": ("1", "1"), "No strength in the product": ("1", "1"),
        "No quantity or no date": ("1", "1"), "The quantity is in packs": ("1", "1"),
        "The quantity is not in what the product comes in": ("1", "1"), "No strength of the ampoule": ("1", "1"),
        "Not readable": ("6",)}
    assert all(line.optional for line in got.lines[:-1])


def test_every_reason_that_the_code_gives_has_a_row():
    folder = Path(products.__file__).parent
    said = {words for name in ("products.py", "directions.py", "readings.py")
            for words in re.findall(r'(?:reason=|return |else )"([a-z][^"{]+ [^"{]+)"', (folder / name).read_text())}
    assert said - {"no opioid in it", "for dependence"} <= set(UNREADABLE)
