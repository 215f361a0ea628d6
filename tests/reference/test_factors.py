"""Factor tables: every table proves its worked examples, and its differences from the others are kept."""

import csv

import pytest

from analysis.errors import Mistake
from analysis.reference.factors import BASES, FOLDER, factor_table, factor_table_names, worked_examples
from analysis.reference.medicines import medicines

TABLES = factor_table_names()


@pytest.mark.parametrize("name", TABLES)
def test_every_table_proves_its_worked_examples(name):
    for e in worked_examples(name):
        got = factor_table(name).equivalent(e["ingredient"], e["route"], e["basis"], e["strength"])
        assert got == pytest.approx(e["equivalent"]), e


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_source_a_known_basis_and_a_known_opioid(name):
    table = factor_table(name)
    assert table.title and table.source and len(table.sha256) == 64
    for row in table.rows.values():
        assert row.source and row.basis in BASES and row.ingredient in medicines().names
        assert row.factor is not None or row.printed or row.note, row


def test_the_faculty_prints_twelve_as_thirty_and_the_factor_would_give_less():
    assert factor_table("fpm-2020").equivalent("fentanyl", "transdermal", "mcg/h", 12) == 30
    assert factor_table("openprescribing").equivalent("fentanyl", "transdermal", "mcg/h", 12) == pytest.approx(28.8)


# BNF 2020 daily equivalents through AskShilpa; the same in Pilot Feasibility Stud 2025 (s40814-025-01636-2), table 3.
@pytest.mark.parametrize("ingredient, strength, daily", [
    *(("buprenorphine", s, d) for s, d in ((5, 12), (10, 24), (20, 48), (35, 84), (52.5, 126), (70, 168))),
    *(("fentanyl", s, d) for s, d in ((12, 30), (25, 60), (50, 120), (75, 180), (100, 240))),
])
def test_the_faculty_s_patches_are_the_printed_ones(ingredient, strength, daily):
    assert factor_table("fpm-2020").equivalent(ingredient, "transdermal", "mcg/h", strength) == daily


def test_a_source_that_refuses_a_factor_gives_none():
    assert factor_table("fpm-2020").equivalent("methadone", "oral", "mg", 10) is None
    assert factor_table("cdc-2022").equivalent("buprenorphine", "transdermal", "mcg/h", 10) is None
    assert factor_table("cdc-2022").equivalent("methadone", "oral", "mg", 10) == pytest.approx(47)


def test_an_opioid_that_a_table_does_not_know_has_no_factor():
    assert factor_table("cdc-2022").equivalent("dihydrocodeine", "oral", "mg", 30) is None


def test_an_unknown_table_is_answered_with_the_nearest_name():
    with pytest.raises(Mistake, match="'fpm-2020'"):
        factor_table("fpm-2002")


def test_the_openprescribing_table_carries_its_licence_and_says_what_the_original_says():
    assert "Permission is hereby granted" in (FOLDER / "openprescribing.LICENSE.txt").read_text()
    with (FOLDER / "openprescribing.csv").open() as f:
        rows = {(r["ingredient"], r["route"]): r["factor"] for r in csv.DictReader(f)}
    assert rows[("pethidine", "injection")] == "0.24" and rows[("diamorphine", "injection")] == "3.3"
