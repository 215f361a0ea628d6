"""The same issues under other choices: what each scenario says, and which conclusions are not the definition's own."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from measured import column, named

from analysis.measures.prescribing.dose_scenarios import Grid, Scenario, found
from analysis.measures.prescribing.dose_sensitivity import OTHER, differing, dose_grid, dose_sensitivity
from analysis.measures.prescribing.dose_windows import Rules, window_doses
from analysis.measures.prescribing.issues import issues_of
from analysis.measures.prescribing.readings import read_texts
from analysis.reference.factors import factor_table, factor_table_names

BASELINE, FOLLOW_UP = pd.Timestamp("2017-01-01"), pd.Timestamp("2017-07-01")
TABLES = {name: factor_table(name) for name in factor_table_names()}
# What each person is issued every four weeks before the first index date, and from then on.
ISSUES = {
    "tramadol": (("Tramadol 100mg modified-release tablets", "2 bd", 112), None),
    "codeine": (("Codeine 30mg tablets", "2 qds", 224),) * 2,
    "oxycodone": (("OxyContin 40mg modified-release tablets", "1 bd", 56),
                  ("OxyContin 20mg modified-release tablets", "1 bd", 56)),
    "as required": (("Codeine 30mg tablets", "1-2 qds prn", 112), ("Codeine 30mg tablets", "1 bd", 56)),
    "methadone": (("Methadone 5mg tablets", "1 bd", 56), ("Methadone 5mg tablets", "1 od", 28)),
}


@pytest.fixture(scope="module")
def grid():
    rows = [(person, day, product, said, quantity)
            for person, (before, after) in ISSUES.items()
            for one, days in ((before, pd.date_range("2016-01-03", BASELINE, freq="28D", inclusive="left")),
                              (after, pd.date_range(BASELINE, FOLLOW_UP, freq="28D", inclusive="left")))
            if one for day in days for product, said, quantity in [one]]
    issues = issues_of(pd.DataFrame(rows, columns=["patient_id", "issued_on", "product", "directions", "quantity"]))
    people = pd.Index(list(ISSUES), name="patient_id")
    return Grid(issues, read_texts(issues.texts), (pd.Series(BASELINE, people), pd.Series(FOLLOW_UP, people)),
                pd.DataFrame({"patient_id": people}), TABLES, Scenario("fpm-2020"), 50)


def test_every_combination_is_worked_out_once(grid):
    assert len(grid.found) == 5 * 3 * 3 * 5 * 4
    assert {field: len(scenarios) for field, scenarios in grid.one_at_a_time().items()} == {
        "table": 4, "prn": 2, "range": 2, "window": 4, "definition": 3}


@pytest.mark.parametrize("other", [{}, {"table": "cdc-2022"}, {"prn": "half"}, {"range": "minimum", "window": 182},
                                   {"definition": "D4"}, {"table": "scottish", "prn": "none", "definition": "D1"}])
def test_a_scenario_says_what_the_doses_worked_out_by_themselves_say(grid, other):
    scenario = replace(grid.own, **other)
    before, after = (window_doses(grid.issues, index, scenario.window, grid.patients, rules=Rules(
        TABLES[scenario.table], scenario.range, scenario.prn))[scenario.definition].to_numpy()
        for index in grid.index_dates)
    alone, ours = found(before, after, grid.high_dose), grid.found[scenario]
    np.testing.assert_array_equal(ours.direction, alone.direction)
    assert replace(ours, direction=None) == replace(alone, direction=None)


def test_tramadol_crosses_the_line_of_fifty_by_the_choice_of_table_alone(grid):
    # 400 mg a day: 40 mg by the Faculty's table, 80 mg by the CDC's (domain facts, 3.3)
    assert grid.found[grid.own].high[0] == 1  # oxycodone 80 mg: 120
    assert grid.found[replace(grid.own, table="cdc-2022")].high[0] == 2


def test_a_person_on_methadone_has_a_dose_only_where_the_table_has_a_factor(grid):
    assert {s.table: f.both for s, f in grid.found.items() if s == replace(grid.own, table=s.table)} == {
        "fpm-2020": 4, "openprescribing": 5, "cdc-2022": 5, "anzca-2021": 4, "scottish": 4}


def test_what_changes_with_a_choice_is_named(grid):
    own = grid.found[grid.own]
    none = grid.found[replace(grid.own, prn="none")]
    assert (own.direction.tolist(), none.direction.tolist()) == ([-1, 0, -1, -1, 2], [-1, 0, -1, 1, 2])
    assert none.turned(own) == 1 and differing(own, own) == []
    table = dose_sensitivity(grid)
    assert column(table, "Other direction")["Not counted"] == "1"
    assert named(table, "others").value == 15


def test_conclusions_are_compared_in_words():
    own = found(np.array([60.0, 130.0]), np.array([50.0, 0.0]), 120)
    other = found(np.array([60.0, 110.0]), np.array([60.0, 110.0]), 120)
    assert (own.median_was, own.high_was, other.median_was, other.high_was) == ("lower", "lower", "equal", "equal")
    assert differing(other, own) == ["median", "stopped", "high doses"]


def test_a_scenario_in_which_nobody_has_both_doses_is_not_known():
    nobody = found(np.array([np.nan]), np.array([10.0]), 120)
    assert (nobody.both, nobody.median_was, nobody.high_was) == (0, "not known", "not known")


def test_the_grid_counts_each_combination_in_exactly_one_row(grid):
    got = column(dose_grid(grid), "All")
    assert sum(int(got[w]) for w in ("Lower", "Equal", "Not known")) <= int(got["Combinations"]) == 900
    summary = dose_grid(grid)
    for of in ("median_was", "high_was"):
        assert sum(named(summary, f"{of}_{w}").value for w in ("lower", "equal", "higher", "not_known")) == 900


def test_the_table_has_a_row_for_each_choice_and_says_what_is_concluded_otherwise(grid):
    summary = dose_sensitivity(grid)
    assert list(column(summary, OTHER)) == [
        "openprescribing", "cdc-2022", "anzca-2021", "scottish", "Not counted", "Counted half", "At their minimum",
        "At their mean", "28 days", "56 days", "90 days", "182 days", "D1", "D2", "D4"]
    word = next(cell for cell in summary.cells.values()
                if cell.statistic == "conclusions that differ" and dict(cell.dimensions) == {"window": "182"})
    assert word.text == "stopped"  # over half a year nobody's supply was used up throughout
