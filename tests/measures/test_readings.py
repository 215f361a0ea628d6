"""Texts of issues are read once: by their words, or by the name of a code that the study's list has."""

import pandas as pd
import pytest

from analysis.measures.prescribing.issues import issues_of
from analysis.measures.prescribing.readings import read_texts
from analysis.reference.factors import factor_table

NAMES = {"1": "MST Continus 30mg tablets", "2": "Gabapentin 300mg capsules", "3": "Something unheard of 5mg"}


def read(product, code, **more):
    issues = issues_of(pd.DataFrame([{"patient_id": "A", "product": product, "dmd_code": code, "directions": "1 bd",
                                      "issued_on": pd.Timestamp("2017-01-01"), "quantity": 56, **more}]))
    got = read_texts(issues.texts, NAMES).given(factor_table("fpm-2020"), "maximum", "full")
    return got.kind[0], got.reason[0], got.mg[0]


@pytest.mark.parametrize("product, code, kind, reason", [
    ("MST 30", "1", "opioid", ""),  # what the text leaves out, the code's name says
    ("MST 30", "9", "not readable", "no strength in the product"),  # a code that the list does not have
    ("MST Continus 30mg tablets", None, "opioid", ""),
    ("Zomorph 30mg modified-release capsules", "1", "opioid", ""),  # a brand and its generic are one product
    ("MST Continus 10mg tablets", "1", "not readable", "code and text are two products"),
    ("MST Continus 30mg tablets", "3", "opioid", ""),  # a name that nobody can read decides nothing
    ("pain tablets", "2", "not an opioid", "no opioid in it"),
])
def test_a_code_decides_where_the_list_has_a_name_for_it(product, code, kind, reason):
    assert read(product, code)[:2] == (kind, reason)


def test_a_factor_that_is_lacking_is_told_before_directions_that_cannot_be_read():
    assert read("Methadone 5mg tablets", None, directions="as directed")[:2] == ("no factor", "methadone, oral")


@pytest.mark.parametrize("table, codeine, tramadol", [
    ("fpm-2020", 24, 40), ("anzca-2021", 31.2, 80), ("cdc-2022", 36, 80)])  # domain facts, 3.3
def test_the_same_directions_are_other_doses_under_other_tables(table, codeine, tramadol):
    rows = [("Codeine 60mg tablets", "1 qds"), ("Tramadol 100mg modified-release tablets", "2 bd")]
    texts = issues_of(pd.DataFrame(rows, columns=["product", "directions"]).assign(
        patient_id="A", issued_on=pd.Timestamp("2017-01-01"), quantity=56)).texts
    assert read_texts(texts).given(factor_table(table), "maximum", "full").mg.tolist() == pytest.approx(
        [codeine, tramadol])
