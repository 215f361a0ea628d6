"""Characteristics: enrolled beside invited but not enrolled; what is not recorded is a row, not a gap."""

import datetime

import pandas as pd
from measured import lines, named, optional

from analysis.measures.characteristics import characteristics

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


def described(rule: str = "type 7", ethnicities: tuple[str, ...] = ()):
    return characteristics(PATIENTS, REFERRALS, on=datetime.date(2016, 9, 1), quantile_rule=rule,
                           sites={"a": "Practice A", "b": "Practice B"}, ethnicities=ethnicities)


def test_the_whole_table():
    """Z was never invited and stands in no column; A declined first and enrolled later."""
    assert lines(described()) == [
        ("", "People", "4", "1"),
        ("Age in years", "Median (quartiles)", "56 (51 to 61)", "36 (36 to 36)"),
        ("Age in years", "Recorded", "3", "1"),
        ("Sex", "Female", "2 (50)", "0 (0)"),
        ("Sex", "Male", "1 (25)", "1 (100)"),
        ("Sex", "Other", "0 (0)", "0 (0)"),
        ("Sex", "Not recorded", "1 (25)", "0 (0)"),
        ("Practice", "Practice A", "2 (50)", "1 (100)"),
        ("Practice", "Practice B", "2 (50)", "0 (0)"),
        ("Practice", "Not recorded", "0 (0)", "0 (0)"),
        ("Ethnicity", "Mixed", "0 (0)", "1 (100)"),
        ("Ethnicity", "White British", "2 (50)", "0 (0)"),
        ("Ethnicity", "Not recorded", "2 (50)", "0 (0)"),
        ("Deprivation of home area (IMD decile)", "1-2 (most deprived)", "1 (25)", "1 (100)"),
        ("Deprivation of home area (IMD decile)", "3-4", "1 (25)", "0 (0)"),
        ("Deprivation of home area (IMD decile)", "5-6", "0 (0)", "0 (0)"),
        ("Deprivation of home area (IMD decile)", "7-8", "0 (0)", "0 (0)"),
        ("Deprivation of home area (IMD decile)", "9-10 (least deprived)", "1 (25)", "0 (0)"),
        ("Deprivation of home area (IMD decile)", "Not recorded", "1 (25)", "0 (0)")]


def test_every_level_is_a_row_whether_anybody_has_it_or_not_and_a_release_leaves_out_those_of_nought():
    """Which ethnicities have a row would otherwise tell of a hidden count that it is not nought."""
    found = described(ethnicities=("White British", "Not stated", "not recorded", "White other"))
    assert [label for section, label, *_ in lines(found) if section == "Ethnicity"] == [
        "White British", "Not stated", "White other", "Mixed", "Not recorded"]
    assert optional(found) == [label for section, label, *_ in lines(found) if section not in ("", "Age in years")]


def test_the_median_of_age_rests_on_those_whose_year_of_birth_is_known():
    cells = described().cells.values()
    median = next(cell for cell in cells if cell.statistic == "median" and cell.population == "enrolled")
    assert (median.value, median.n) == (56, 3)


def test_the_rule_of_the_quartiles_is_the_one_asked_for_and_said():
    summary = described("type 1")
    lower = next(c for c in summary.cells.values() if c.statistic == "lower quartile" and c.population == "enrolled")
    assert lower.value == 46
    assert summary.notes == ("Quartiles by rule type 1 of Hyndman and Fan. Age is the calendar year in which the study "
                             "period began less the year of birth.",)


def test_people_who_did_not_enrol_are_a_population_of_their_own():
    assert (named(described(), "enrolled").population, named(described(), "not_enrolled").population) == (
        "enrolled", "invited, not enrolled")


def test_a_column_that_nobody_filled_is_not_recorded_for_everybody():
    """A service that keeps no deprivation decile has the column all the same, empty and of whole numbers."""
    nobody = PATIENTS.assign(imd_decile=pd.Series([None] * len(PATIENTS), dtype="Int64"))
    found = characteristics(nobody, REFERRALS, on=datetime.date(2016, 9, 1), sites={"a": "Practice A"})
    assert [line[1:] for line in lines(found) if line[0].startswith("Deprivation")][-1] == (
        "Not recorded", "4 (100)", "1 (100)")
