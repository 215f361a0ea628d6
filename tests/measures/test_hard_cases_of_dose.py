"""Where equivalents of opioids go wrong: each case of our domain facts (section 3.3) that is a rule of this package."""

import pandas as pd
import pytest

from analysis.measures.prescribing.dose_line import dose_lines
from analysis.measures.prescribing.products import read_product
from analysis.reference.factors import factor_table


def read(table, product, directions, quantity=28, **more):
    frame = pd.DataFrame([{"patient_id": "A", "issued_on": pd.Timestamp("2017-01-01"), "product": product,
                           "directions": directions, "quantity": quantity, **more}])
    lines, unread = dose_lines(frame, factors=factor_table(table))
    return (float(lines["mg_per_day"].iloc[0]), "") if len(lines) else (None, unread["kind"].iloc[0])


@pytest.mark.parametrize("table, daily", [("fpm-2020", 40), ("openprescribing", 40), ("scottish", 40),
                                          ("cdc-2022", 80), ("anzca-2021", 80)])
def test_tramadol_crosses_fifty_by_the_choice_of_table_alone(table, daily):
    assert read(table, "Tramadol 100mg modified-release tablets", "2 bd") == (daily, "")


@pytest.mark.parametrize("table, daily", [("fpm-2020", 30), ("scottish", 30), ("openprescribing", 28.8),
                                          ("cdc-2022", 28.8), ("anzca-2021", 36)])
def test_a_patch_takes_the_printed_equivalent_and_the_factor_only_where_none_is_printed(table, daily):
    dose, _ = read(table, "Fentanyl 12micrograms/hour transdermal patches", "one patch every 72 hours")
    assert dose == pytest.approx(daily)


@pytest.mark.parametrize("table, daily", [("fpm-2020", None), ("scottish", None), ("anzca-2021", None),
                                          ("openprescribing", 30), ("cdc-2022", 47)])
def test_methadone_is_reported_apart_where_the_table_refuses_a_factor(table, daily):
    dose, kind = read(table, "Methadone 5mg tablets", "1 bd")
    assert (dose, kind) == ((None, "no factor") if daily is None else (pytest.approx(daily), ""))


def test_methadone_for_dependence_is_no_opioid_for_pain_under_any_table():
    for table in ("fpm-2020", "openprescribing", "cdc-2022"):
        assert read(table, "Methadone 1mg/ml oral solution", "50ml daily", 350, bnf_code="0410030C0AAAFAF") == (
            None, "dependence treatment")


def test_buprenorphine_has_no_factor_in_the_cdc_s_table():
    patch = ("BuTrans 10micrograms/hour transdermal patches", "one patch every 7 days", 4)
    assert read("cdc-2022", *patch) == (None, "no factor") and read("fpm-2020", *patch) == (24, "")


@pytest.mark.parametrize("product, days", [("BuTrans 20micrograms/hour transdermal patches", 7),
                                           ("Transtec 35micrograms/hour transdermal patches", 4),
                                           ("Hapoctasin 35micrograms/hour transdermal patches", 3),
                                           ("Durogesic DTrans 25micrograms/hour transdermal patches", 3)])
def test_wear_is_that_of_the_brand_and_not_of_the_strength_alone(product, days):
    # Worn for 96 hours by its strength, a Hapoctasin patch would give a third more than it holds.
    assert read_product(product).wear_days == days


def test_an_ampoule_counts_with_all_that_is_in_it():
    morphine = ("Morphine sulfate 10mg/1ml solution for injection ampoules", "1 qds", 28)
    assert read("anzca-2021", *morphine, unit="ampoule") == (120, "")


@pytest.mark.parametrize("product", ["Morphine 10 units", "Morphine 5% cream", "Fentanyl 100nanogram spray"])
def test_a_unit_that_is_not_known_is_no_strength(product):
    assert read("openprescribing", product, "1 bd") == (None, "not readable")


def test_micrograms_and_milligrams_are_not_confused():
    assert read("openprescribing", "Abstral 100microgram sublingual tablets", "1 qds") == (pytest.approx(52), "")
    assert read("openprescribing", "Temgesic 200microgram sublingual tablets", "400mcg tds") == (pytest.approx(72), "")
