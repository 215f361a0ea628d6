"""
Table 1 beside tableone's on the same made-up people. Skipped where tableone is not installed: it is no part of the lock
file, `pip install -e ".[bench]"` brings it. What differs and why is in results-tables.md.
"""

import datetime
import math
import warnings

import numpy as np
import pandas as pd
import pytest

from analysis.measures.people.characteristics import characteristics, known_of

pytest.importorskip("tableone")
ETHNICITIES = ("White", "Asian", "Black", "Mixed")


def people() -> pd.DataFrame:
    """240 people, of whom some have no decile, no ethnicity or no year of birth; nobody's."""
    draw, n = np.random.default_rng(20190819), 240
    frame = pd.DataFrame({
        "patient_id": [f"P{k}" for k in range(n)], "practice": "a",
        "sex": draw.choice(["female", "male"], n, p=[0.6, 0.4]), "birth_year": draw.integers(1935, 1996, n),
        "ethnicity": draw.choice([*ETHNICITIES, None], n, p=[0.7, 0.12, 0.08, 0.05, 0.05]),
        "imd_decile": draw.integers(1, 11, n), "response": draw.choice(["enrolled", "declined"], n, p=[0.7, 0.3])})
    frame = frame.astype({"birth_year": "Int64", "imd_decile": "Int64"})
    frame.loc[draw.choice(n, 12, replace=False), "imd_decile"] = None
    frame.loc[draw.choice(n, 5, replace=False), "birth_year"] = None
    return frame


def ours(rule: str = "type 7"):
    frame = people()
    referrals = frame[["patient_id", "response"]].assign(invited_on="2019-01-01")
    known = known_of(frame.drop(columns="response"), referrals, {
        "age": ("median", "mean"), "sex": ("levels",), "ethnicity": ("levels",), "imd_decile": ("mean", "median")},
        on=datetime.date(2019, 1, 1), sites={}, codes={"ethnicity": ETHNICITIES})
    return characteristics(known, referrals, quantile_rule=rule, denominator="both")


@pytest.fixture(scope="module", params=[False, True], ids=["missing left out", "missing as a level"])
def theirs(request):
    from tableone import TableOne

    frame = people()
    frame["age"] = 2019 - frame.pop("birth_year").astype(float)
    frame["group"] = frame.pop("response").map({"enrolled": "1", "declined": "2"})
    frame["imd_decile"] = frame["imd_decile"].astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = TableOne(frame, columns=["age", "imd_decile", "sex", "ethnicity"], categorical=["sex", "ethnicity"],
                        groupby="group", smd=True, overall=False, include_null=request.param, decimals=6)
    return request.param, made.tableone.droplevel(0, axis=1)


def named(summary, name: str):
    return summary.cells[summary.names[name]]


def smd(summary, characteristic: str) -> float:
    return next(cell.value for cell in summary.cells.values() if cell.statistic == "standardised difference"
                and dict(cell.dimensions)["characteristic"] == characteristic)


def numbers(text: str) -> list[float]:
    return [float(part) for part in text.replace("(", " ").replace(")", " ").split()]


def test_means_and_sds_are_theirs(theirs):
    made = ours()
    for group, name in (("1", "enrolled"), ("2", "not_enrolled")):
        for row, slug in (("age, mean (SD)", "age"), ("imd_decile, mean (SD)", "deprivation_of_home_area")):
            mean, sd = numbers(theirs[1].loc[row].iloc[0][group])
            assert (named(made, f"{name}_{slug}_mean").value, named(made, f"{name}_{slug}_sd").value) == (
                pytest.approx(mean, abs=1e-6), pytest.approx(sd, abs=1e-6))


def test_counts_are_theirs_and_shares_are_theirs_of_all_or_of_those_recorded(theirs):
    """With the missing as a level they divide by everybody, else by those recorded: we show both where asked."""
    with_missing, table = theirs
    made = ours()
    for level in ETHNICITIES:
        n, share = numbers(table.loc[("ethnicity, n (%)", level), "1"])
        count = named(made, f"enrolled_ethnicity_{level}")
        found = next(c.value for c in made.cells.values() if c.unit == "%" and c.population == "enrolled"
                     and dict(c.dimensions).get("level") == level
                     and (c.statistic == "share of those recorded") != with_missing)
        assert (count.value, found) == (n, pytest.approx(share, abs=1e-6))


def test_standardised_differences_of_numbers_are_theirs_with_their_sign(theirs):
    made = ours()
    column = next(name for name in theirs[1].columns if name.startswith("SMD"))
    for row, key in (("age, mean (SD)", "age in years"),
                     ("imd_decile, mean (SD)", "deprivation of home area (imd decile), as a number")):
        assert smd(made, key) == pytest.approx(float(theirs[1].loc[row].iloc[0][column]), abs=5e-4)


def test_standardised_differences_of_levels_are_theirs_where_the_missing_are_left_out(theirs):
    """Of two levels ours has a sign and theirs has none; with the missing as a level theirs is another number."""
    with_missing, table = theirs
    column = next(name for name in table.columns if name.startswith("SMD"))
    sex, ethnicity = (float(table.loc[row].iloc[0][column]) for row in ("sex, n (%)", "ethnicity, n (%)"))
    made = ours()
    assert abs(smd(made, "sex")) == pytest.approx(sex, abs=5e-4)
    assert math.isclose(smd(made, "ethnicity"), ethnicity, abs_tol=5e-4) != with_missing
