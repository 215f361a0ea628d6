"""Products as UK records name them, and the opioid that is in them."""

import pytest

from analysis.measures.prescribing.products import read_product
from analysis.reference.factors import factor_table


def read(text, **columns):
    p = read_product(text, **columns)
    return p.kind, p.ingredient, p.strength, p.basis, p.form, p.route


# Terms of dm+d, from the code lists of opensafely/opioids-covid-research.
@pytest.mark.parametrize("text, ingredient, strength, form", [
    ("Zomorph 30mg modified-release capsules", "morphine", 30, "unit"),
    ("MST Continus 60mg tablets", "morphine", 60, "unit"),
    ("MST Continus suspension 60mg granules sachets", "morphine", 60, "unit"),
    ("Morphine sulfate 100mg modified-release tablets", "morphine", 100, "unit"),
    ("Oramorph 10mg/5ml oral solution", "morphine", 2, "liquid"),
    ("Oramorph 20mg/ml concentrated oral solution", "morphine", 20, "liquid"),
    ("OxyContin 40mg modified-release tablets", "oxycodone", 40, "unit"),
    ("Longtec 10mg modified-release tablets", "oxycodone", 10, "unit"),
    ("Shortec liquid 1mg/ml oral solution", "oxycodone", 1, "liquid"),
    ("Targinact 10mg/5mg modified-release tablets", "oxycodone", 10, "unit"),
    ("Oxycodone 40mg/5ml / Naloxone 20mg/5ml oral suspension", "oxycodone", 8, "liquid"),
    ("Co-codamol 30mg/500mg tablets", "codeine", 30, "unit"),
    ("CO-CODAMOL 8/500 tablets", "codeine", 8, "unit"),
    ("cocodamol 15mg/500mg caps", "codeine", 15, "unit"),
    ("Co-codamol 30mg/500mg/5ml oral solution sugar free", "codeine", 6, "liquid"),
    ("Paracetamol 500mg / Codeine 8mg tablets", "codeine", 8, "unit"),
    ("Solpadol 30mg/500mg caplets", "codeine", 30, "unit"),
    ("Dihydrocodeine 30mg tablets", "dihydrocodeine", 30, "unit"),
    ("DHC Continus 60mg tablets", "dihydrocodeine", 60, "unit"),
    ("Co-dydramol 10mg/500mg tablets", "dihydrocodeine", 10, "unit"),
    ("Tramadol 37.5mg / Paracetamol 325mg tablets", "tramadol", 37.5, "unit"),
    ("Palexia SR 150mg tablets", "tapentadol", 150, "unit"),
    ("Tramadol 100mg/ml oral drops", "tramadol", 100, "drops"),
])
def test_medicines_by_mouth_give_mg_in_a_unit_or_in_a_millilitre(text, ingredient, strength, form):
    assert read(text) == ("opioid", ingredient, strength, "mg", form, "oral")


@pytest.mark.parametrize("text, ingredient, strength, days", [
    ("Fentanyl 12micrograms/hour transdermal patches", "fentanyl", 12, 3),
    ("Fentanyl 12.5 mcg/hr patches", "fentanyl", 12, 3),
    ("Durogesic 25micrograms transdermal patches", "fentanyl", 25, 3),
    ("Matrifen 100micrograms/hour transdermal patches", "fentanyl", 100, 3),
    ("BuTrans 5micrograms/hour transdermal patches", "buprenorphine", 5, 7),
    ("BuTrans 20", "", None, None),
    ("Buprenorphine 52.5micrograms/hour transdermal patches", "buprenorphine", 52.5, 4),
    ("Transtec 70micrograms/hour transdermal patches", "buprenorphine", 70, 4),
])
def test_patches_give_micrograms_an_hour_and_days_of_wear(text, ingredient, strength, days):
    product = read_product(text)
    if strength is None:
        assert (product.kind, product.reason) == ("not readable", "no strength of the patch")
    else:
        assert (product.ingredient, product.strength, product.basis, product.wear_days) == (
            ingredient, strength, "mcg/h", days)
        assert product.route == "transdermal"


@pytest.mark.parametrize("text, ingredient, mg, route", [
    ("Fentanyl 200microgram buccal tablets sugar free", "fentanyl", 0.2, "buccal"),
    ("Abstral 100microgram sublingual tablets", "fentanyl", 0.1, "oromucosal"),
    ("Actiq 1.2mg lozenges with integral oromucosal applicator", "fentanyl", 1.2, "oromucosal"),
    ("Instanyl 50micrograms/dose nasal spray", "fentanyl", 0.05, "nasal"),
    ("Temgesic 400microgram sublingual tablets", "buprenorphine", 0.4, "oromucosal"),
    ("Morphine sulfate 10mg/1ml solution for injection ampoules", "morphine", 10, "injection"),
])
def test_micrograms_become_milligrams_and_the_route_is_kept(text, ingredient, mg, route):
    product = read_product(text)
    assert (product.kind, product.ingredient, product.route) == ("opioid", ingredient, route)
    assert product.strength == pytest.approx(mg)


@pytest.mark.parametrize(("text", "label"), [
    ("Methadone 1mg/ml oral solution sugar free", "methadone 1 mg/ml liquid"),
    ("Methadone 1mg/1ml oral solution", "methadone 1 mg/ml liquid"),
    ("Tramadol 75mg/paracetamol 650mg tablets", "tramadol 75 mg with another drug")])
def test_in_how_much_it_is_is_no_other_drug(text, label):
    assert read_product(text).label == label


def test_a_brand_and_its_generic_have_one_label():
    assert (read_product("Zomorph 30mg modified-release capsules").label
            == read_product("Morphine sulfate 30mg modified-release tablets").label
            == "morphine 30 mg modified-release")
    assert read_product("Sevredol 20mg tablets").label == "morphine 20 mg"


@pytest.mark.parametrize("text, kind, reason", [
    ("Lidocaine 700mg medicated plasters", "not an opioid", "no opioid in it"),
    ("Gabapentin 300mg capsules", "not an opioid", "no opioid in it"),
    ("Zzyzx 5mg tablets", "not readable", "product not known"),
    ("MST 30", "not readable", "no strength in the product"),
    ("Codeine tablets 100", "not readable", "no strength in the product"),
    ("Fentanyl 30micrograms/hour patches", "not readable", "no patch has this strength"),
    ("Morphine 30mg oral solution", "not readable", "no strength of the liquid"),
    ("Morphine 10mg and codeine 30mg", "not readable", "two opioids in one product"),
    ("Subutex 8mg sublingual tablets", "dependence treatment", "for dependence"),
    ("Buprenorphine 2mg sublingual tablets", "dependence treatment", "for dependence"),
])
def test_what_gives_no_dose_says_why(text, kind, reason):
    product = read_product(text)
    assert (product.kind, product.reason) == (kind, reason)


def test_the_bnf_code_decides_where_it_is_there():
    assert read_product("Methadone 1mg/ml oral solution", bnf_code="0410030C0AAAFAF").kind == "dependence treatment"
    assert read_product("Methadone 5mg tablets", bnf_code="0407020M0AAAEAE").kind == "opioid"
    assert read_product("Zzyzx 5mg tablets", bnf_code="0501013B0AAABAB").kind == "not an opioid"


def test_other_columns_are_asked_where_the_text_is_silent():
    product = read_product("Morphine sulfate", strength="10mg/5ml", form="oral solution")
    assert (product.strength, product.form) == (2, "liquid")


@pytest.mark.parametrize("text, days", [
    ("Hapoctasin 35micrograms/hour transdermal patches", 3),  # its summary of product characteristics: over 72 hours
    ("Transtec 35micrograms/hour transdermal patches", 4),
    ("Buprenorphine 35micrograms/hour three-day patch", 3),
    ("Buprenorphine 52.5micrograms/hour four day patch", 4),
    ("Buprenorphine 10micrograms/hour seven day patch", 7),
])
def test_a_patch_is_worn_as_its_brand_or_its_name_says_and_else_by_its_strength(text, days):
    assert read_product(text).wear_days == days


def test_buccal_film_has_a_route_of_its_own_and_a_factor_where_the_table_has_one():
    # OpenPrescribing's own query renames buccal film to a route that its table has no row for (domain facts, 3.3).
    film = read_product("Breakyl 200microgram buccal film")
    assert (film.kind, film.ingredient, film.route, film.strength) == ("opioid", "fentanyl", "buccal", 0.2)
    assert factor_table("openprescribing").equivalent("fentanyl", film.route, film.basis, film.strength) == 26


def test_an_ampoule_s_strength_is_what_is_in_all_of_it():
    assert read_product("Pethidine 100mg/2ml solution for injection ampoules").strength == 100
    assert read_product("Morphine 10mg/ml solution for injection 2ml ampoules").reason == "no strength of the ampoule"
