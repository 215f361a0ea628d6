"""Characteristics: groups side by side; what is not recorded is a row, not a gap, and no difference is tested."""

import datetime
import math

import pandas as pd
import pytest
from measured import column, lines, named, optional

from analysis.measures.people.characteristics import characteristics, completers, known_of, score_of
from analysis.protect.printing import printed
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release

PATIENTS = pd.DataFrame([
    ("A", "a", "female", 1950, "White British", 1),
    ("B", "a", "female", 1960, "White British", 3),
    ("C", "b", "male", 1970, None, 10),
    ("D", "b", None, None, "not recorded", None),
    ("E", "a", "male", 1980, "Mixed", 2),
    ("Z", "a", "male", 1900, "Mixed", 2)],
    columns=["patient_id", "practice", "sex", "birth_year", "ethnicity", "imd_decile"]
).astype({"birth_year": "Int64", "imd_decile": "Int64"})
REFERRALS = pd.DataFrame([
    ("A", "2017-01-02", "enrolled"), ("A", "2016-10-02", "declined"), ("B", "2017-01-02", "enrolled"),
    ("C", "2017-01-02", "enrolled"), ("D", "2017-01-02", "enrolled"), ("E", "2017-01-02", "no reply")],
    columns=["patient_id", "invited_on", "response"])
ALL = {"age": ("median",), "sex": ("levels",), "practice": ("levels",), "ethnicity": ("levels",),
       "imd_decile": ("bands",)}


def known(choices=ALL, ethnicities: tuple[str, ...] = (), patients=PATIENTS):
    return known_of(patients, REFERRALS, choices, on=datetime.date(2016, 9, 1),
                    sites={"a": "Practice A", "b": "Practice B"}, codes={"ethnicity": ethnicities})


def described(choices=ALL, **more):
    return characteristics(known(choices), REFERRALS, **more)


def section(summary, name: str) -> list[tuple[str, ...]]:
    return [line[1:] for line in lines(summary) if line[0] == name]


# ------------------------------------------------------------------------------------------------ the whole table

def test_the_whole_table():
    """Z was never invited and stands in no column; A declined first and enrolled later."""
    assert lines(described()) == [
        ("", "People", "4", "1"),
        ("Age in years", "Median (quartiles)", "56 (51 to 61)", "36 (36 to 36)"),
        ("Age in years", "Standardised difference", "–"),
        ("Age in years", "Recorded", "3", "1"),
        ("Age in years", "Not recorded", "1 (25)", "0 (0)"),
        ("Sex", "Female", "2 (50)", "0 (0)"),
        ("Sex", "Male", "1 (25)", "1 (100)"),
        ("Sex", "Other", "0 (0)", "0 (0)"),
        ("Sex", "Not recorded", "1 (25)", "0 (0)"),
        ("Sex", "Standardised difference", "-2"),
        ("Practice", "Practice A", "2 (50)", "1 (100)"),
        ("Practice", "Practice B", "2 (50)", "0 (0)"),
        ("Practice", "Not recorded", "0 (0)", "0 (0)"),
        ("Practice", "Standardised difference", "1.4"),
        ("Ethnicity", "Mixed", "0 (0)", "1 (100)"),
        ("Ethnicity", "White British", "2 (50)", "0 (0)"),
        ("Ethnicity", "Not recorded", "2 (50)", "0 (0)"),
        ("Ethnicity", "Standardised difference", "–"),
        ("Deprivation of home area (IMD decile)", "1-2 (most deprived)", "1 (25)", "1 (100)"),
        ("Deprivation of home area (IMD decile)", "3-4", "1 (25)", "0 (0)"),
        ("Deprivation of home area (IMD decile)", "5-6", "0 (0)", "0 (0)"),
        ("Deprivation of home area (IMD decile)", "7-8", "0 (0)", "0 (0)"),
        ("Deprivation of home area (IMD decile)", "9-10 (least deprived)", "1 (25)", "0 (0)"),
        ("Deprivation of home area (IMD decile)", "Not recorded", "1 (25)", "0 (0)"),
        ("Deprivation of home area (IMD decile)", "Standardised difference", "2")]


def test_a_standardised_difference_of_sex_by_hand():
    """Women are 2/3 of those enrolled and recorded and none of the others: -(2/3) / sqrt((2/3 * 1/3 + 0) / 2) = -2."""
    cell = next(c for c in described().cells.values() if dict(c.dimensions) == {"characteristic": "sex"})
    assert (cell.kind, cell.value) == ("derived", pytest.approx(-2))


def test_every_level_is_a_row_whether_anybody_has_it_or_not_and_a_release_leaves_out_those_of_nought():
    """Which ethnicities have a row would otherwise tell of a hidden count that it is not nought."""
    ethnicities = ("White British", "Not stated", "not recorded", "White other")
    found = characteristics(known(ethnicities=ethnicities), REFERRALS)
    assert [label for label, *_ in section(found, "Ethnicity")] == [
        "White British", "Not stated", "White other", "Mixed", "Not recorded", "Standardised difference"]
    assert optional(found) == [label for _, label, *_ in lines(found) if label not in (
        "People", "Median (quartiles)", "Recorded", "Standardised difference")]


def test_people_who_did_not_enrol_are_a_population_of_their_own():
    assert (named(described(), "enrolled").population, named(described(), "not_enrolled").population) == (
        "enrolled", "invited, not enrolled")


def test_a_column_that_nobody_filled_is_not_recorded_for_everybody():
    """A service that keeps no deprivation decile has the column all the same, empty and of whole numbers."""
    nobody = PATIENTS.assign(imd_decile=pd.Series([None] * len(PATIENTS), dtype="Int64"))
    found = characteristics(known({"imd_decile": ("bands", "mean")}, patients=nobody), REFERRALS)
    assert section(found, "Deprivation of home area (IMD decile)")[-2:] == [
        ("Not recorded", "4 (100)", "1 (100)"), ("Standardised difference", "–")]
    assert section(found, "Deprivation of home area (IMD decile), as a number")[0] == ("Mean (SD)", "– (–)", "– (–)")


# ------------------------------------------------------------------------------------------------ rules and choices

TEN = pd.DataFrame({"patient_id": [f"P{n}" for n in range(1, 11)], "practice": "a", "sex": "female",
                    "birth_year": range(2015, 2005, -1)}).astype({"birth_year": "Int64"})


@pytest.mark.parametrize(("rule", "low", "high"), [
    ("type 7", 3.25, 7.75),  # R, numpy, pandas
    ("type 2", 3, 8),        # gtsummary 2, SAS
    ("type 6", 2.75, 8.25)])  # SPSS, Minitab
def test_the_quartiles_of_one_to_ten_are_those_of_the_programs_that_use_the_rule(rule, low, high):
    came = TEN[["patient_id"]].assign(invited_on="2016-01-01", response="enrolled")
    ages = known_of(TEN, came, {"age": ("median",)}, on=datetime.date(2016, 9, 1), sites={}, codes={})
    found = characteristics(ages, came, quantile_rule=rule)
    assert (named(found, "enrolled_age_q1").value, named(found, "enrolled_age_q3").value) == (low, high)
    assert found.notes[0].startswith(f"Quartiles by rule {rule} of Hyndman and Fan")


def test_the_rules_of_quartiles_and_rounding_are_named_under_the_table():
    assert described(quantile_rule="type 2", rounding="half up").notes[0] == (
        "Quartiles by rule type 2 of Hyndman and Fan (as gtsummary 2 and SAS); SD with n - 1; numbers rounded half up. "
        "A dash: nobody has a value, or one person has, and there is no SD.")


def test_practices_that_the_definition_does_not_name_are_rows_by_their_codes():
    told = known_of(PATIENTS, REFERRALS, {"practice": ("levels",)}, on=datetime.date(2016, 9, 1), sites={}, codes={})
    assert [(one.title, one.levels) for one in told] == [("Practice", ("a", "b"))]


def test_a_mean_has_its_sd_with_n_less_one_and_rests_on_those_recorded():
    found = described({"age": ("mean", "median")})
    assert section(found, "Age in years")[:2] == [
        ("Mean (SD)", "56 (10)", "36 (–)"), ("Median (quartiles)", "56 (51 to 61)", "36 (36 to 36)")]
    assert (named(found, "enrolled_age_mean").n, named(found, "enrolled_age_sd").value) == (3, 10)


def test_one_person_has_no_sd_and_it_says_why():
    shown = release(described({"age": ("mean",)}), Profiles(dict.fromkeys(("invited", "enrolled"), profile("none"))))
    assert [(shown.named(name).text, shown.named(name).why) for name in ("not_enrolled_age_mean", "not_enrolled_age_sd")
            ] == [("36.0", ""), ("–", "one person: no SD")]


@pytest.mark.parametrize(("denominator", "female", "missing"), [
    ("all", "2 (50)", "1 (25)"), ("recorded", "2 (66.7)", "1"),
    ("both", "2 (50 of all, 66.7 of recorded)", "1 (25 of all)")])
def test_shares_are_of_all_or_of_those_recorded_and_the_line_under_the_table_says_which(denominator, female, missing):
    found = described({"sex": ("levels",)}, denominator=denominator)
    assert (column(found, "Enrolled")["Female"], column(found, "Enrolled")["Not recorded"]) == (female, missing)
    said = {"all": "nothing recorded included", "recorded": "for whom it is recorded", "both": "of the second"}
    assert said[denominator] in found.about.denominator


def test_a_score_is_of_people_enrolled_alone():
    peg = score_of("PEG at baseline", pd.Series({"A": 7.0, "B": 5.0, "E": 1.0}), ("mean",), digits=1)
    found = characteristics([peg], REFERRALS)
    assert section(found, "PEG at baseline") == [
        ("Mean (SD)", "6 (1.4)"), ("Recorded", "2"), ("Not recorded", "2 (50)")]


# ------------------------------------------------------------------------------------------------ completers

OUTCOMES = pd.Series({"A": "returned", "B": "returned", "C": "not returned", "D": "not recorded", "F": "died",
                      "G": "left", "H": "not yet due"})


def compared(**more):
    peg = score_of("PEG at baseline", pd.Series({"A": 7.0, "B": 5.0, "C": 9.0, "D": 8.0}), ("mean",), digits=1)
    return completers([*known({"age": ("median",), "sex": ("levels",)}), peg], OUTCOMES, label="12 weeks", **more)


def test_who_returned_stands_beside_who_was_due_and_did_not_and_the_dead_in_neither():
    found = compared()
    assert lines(found)[0] == ("", "People", "2", "2")
    assert column(found, "Due, not returned")["Female"] == "0 (0)"


def test_a_difference_of_means_has_welch_s_interval_by_hand():
    """Means 6 and 8.5, variances 2 and 0.5, of two each: squared error 1.25, with 1.25^2 / (1 + 0.25^2) degrees."""
    from scipy.stats import t

    reach = t.ppf(0.975, 1.25**2 / (1 + 0.25**2)) * math.sqrt(1.25)
    cells = {cell.statistic: cell.value for cell in compared().cells.values()
             if dict(cell.dimensions) == {"characteristic": "peg at baseline"}}
    assert cells["difference of means"] == 2.5
    assert cells["difference of means, 95% CI lower end"] == pytest.approx(2.5 - reach)
    assert cells["difference of means, 95% CI upper end"] == pytest.approx(2.5 + reach)


def test_the_mean_stands_beside_the_median_because_the_difference_is_one_of_means():
    assert [row[:3] for row in section(compared(), "Age in years")] == [
        ("Median (quartiles)", "61 (58.5 to 63.5)", "46 (46 to 46)"), ("Mean (SD)", "61 (7.1)", "46 (–)"),
        ("Recorded", "2", "1"), ("Not recorded", "0 (0)", "1 (50)")]


def test_a_difference_of_shares_is_in_percentage_points_with_newcombe_s_interval():
    from analysis.measures.statistics.differences import newcombe

    low, high = newcombe(2, 2, 0, 2)
    found = column(compared(), "Difference (95% CI)")
    assert found["Female"] == f"-100 ({round(100 * low, 1):g} to {round(100 * high, 1):g})"


def test_a_level_that_nobody_of_either_group_has_is_left_out_of_a_release_for_all_its_interval():
    shown = release(compared(), Profiles({"enrolled": profile("none")}))
    assert [line.label for line in shown.lines if line.section == "Sex"] == ["Female", "Male", "Not recorded"]


def test_it_makes_no_test():
    assert not any("p value" in c.statistic or c.statistic.startswith("p ") for c in compared().cells.values())


# ------------------------------------------------------------------------------------------------ hidden

def crowd(women: int, men: int, start: int) -> pd.DataFrame:
    people = women + men
    return pd.DataFrame({"patient_id": [f"Q{n}" for n in range(start, start + people)], "practice": "a",
                         "sex": ["female"] * women + ["male"] * men, "birth_year": 1950 + pd.RangeIndex(people) % 20})


def strict(women: int, men: int):
    """30 women and 20 men enrolled beside some who did not, under OpenSAFELY's rule."""
    enrolled, others = crowd(30, 20, 0), crowd(women, men, 100)
    people = pd.concat([enrolled, others]).astype({"birth_year": "Int64"})
    came = people[["patient_id"]].assign(invited_on="2016-01-01", response="declined")
    came.loc[came["patient_id"].isin(enrolled["patient_id"]), "response"] = "enrolled"
    told = known_of(people, came, {"age": ("mean",), "sex": ("levels",)}, on=datetime.date(2016, 9, 1), sites={},
                    codes={})
    shown = release(characteristics(told, came),
                    Profiles(dict.fromkeys(("invited", "enrolled"), profile("opensafely"))))
    return {dict(c.dimensions)["characteristic"]: c.text for c in shown.cells.values()
            if c.statistic == "standardised difference"}


def test_a_standardised_difference_is_hidden_where_a_level_or_a_group_is():
    assert strict(3, 20)["sex"] == "[REDACTED]"
    assert strict(3, 3) == {"sex": "[REDACTED]", "age in years": "[REDACTED]"}


def test_a_standardised_difference_is_computed_from_the_rounded_counts_that_stand_beside_it():
    """31, 19, 12 and 23 people are shown as 30, 20, 10 and 25."""
    from analysis.measures.cells import Cells
    from analysis.measures.derived import FORMULAS
    from analysis.measures.summary import About

    cells = Cells("x")
    parts = [cells.count(n, population="enrolled", group=g, sex=s)
             for g, pair in (("1", (31, 19)), ("2", (12, 23))) for s, n in zip("fm", pair, strict=True)]
    d = cells.derived(parts, "standardised difference", "d", population="enrolled", digits=2)
    shown = release(cells.summary("", About("", "")), Profiles({"enrolled": profile("opensafely")}))
    assert shown.cells[d].value == round(FORMULAS["standardised difference"]([30, 20, 10, 25]), 2)


# ------------------------------------------------------------------------------------------------ beside gtsummary

@pytest.mark.parametrize(("counts", "unknown", "shares"), [
    ({"T1": 53, "T2": 54, "T3": 43, "T4": 50}, 0, ["27", "27", "22", "25"]),
    ({"I": 68, "II": 68, "III": 64}, 0, ["34", "34", "32"]),
    ({"No": 132, "Yes": 61}, 7, ["68", "32"]),
    ({"Drug A": 98, "Drug B": 102}, 0, ["49", "51"]),
])
def test_shares_are_those_that_gtsummary_prints_of_the_same_counts(counts, unknown, shares):
    """
    tbl_summary(trial) in R: T stage 53 (27%), 54 (27%), 43 (22%), 50 (25%); grade 68 (34%), 68 (34%), 64 (32%);
    response 61 (32%) with 7 unknown; 98 (49%) and 102 (51%). Read in gtsummary's own snapshots, tests/testthat/_snaps/
    as_tibble.md. 26.5 is 27 there and 26 by Python's rounding; the share is of those recorded.
    """
    answers = [level for level, n in counts.items() for _ in range(n)] + [None] * unknown
    people = [f"P{k}" for k in range(len(answers))]
    patients = pd.DataFrame({"patient_id": people, "ethnicity": answers})
    referrals = pd.DataFrame({"patient_id": people, "invited_on": "2017-01-02", "response": "enrolled"})
    found = known_of(patients, referrals, {"ethnicity": ("levels",)}, on=datetime.date(2016, 9, 1), sites={},
                     codes={"ethnicity": tuple(counts)})
    summary = characteristics(found, referrals, denominator="recorded")
    rows_of = {line.label: line.entry("Enrolled") for line in summary.lines}
    found = [next(summary.cells[one] for one in rows_of[level][1].values() if summary.cells[one].unit == "%")
             for level in counts]
    assert [printed(cell.value, 0) for cell in found] == shares
    assert "Not recorded" in rows_of  # a row, as gtsummary's Unknown
