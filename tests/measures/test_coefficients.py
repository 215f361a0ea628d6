"""Coefficients of agreement: the worked examples of those who defined them, and laws that hold for every input."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures.interviews.coefficients import (
    Crossing,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    unitised_alpha,
)


def by_coder(*rows: str):
    """Units from one string a coder; a dot is no judgement."""
    return [tuple(int(v) if v.isdigit() else v for v in unit if v != ".") for unit in zip(*map(str.split, rows),
                                                                                        strict=True)]


# Krippendorff's C data: four observers, twelve units (also in the documentation of the R package irr).
C_DATA = by_coder("1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .",
                  "1 2 3 3 2 4 4 1 2 5 1 .")


@pytest.mark.parametrize(("crossing", "kappa"), [
    (Crossing(20, 5, 10, 15), 0.4000), (Crossing(45, 15, 25, 15), 0.1304), (Crossing(25, 35, 5, 35), 0.2593),
    (Crossing(50, 150, 0, 800), 0.3478),  # NVivo's help: all 150 characters by one coder
    (Crossing(50, 75, 75, 800), 0.3143),  # the same split between two; QualCoder 3.6 prints another number
])
def test_kappa_is_cohen_s(crossing, kappa):
    assert cohen_kappa(crossing) == pytest.approx(kappa, abs=5e-5)


def test_a_code_that_both_gave_to_everything_has_no_kappa():
    assert cohen_kappa(Crossing(10, 0, 0, 0)) is None
    assert cohen_kappa(Crossing(0, 0, 0, 0)) is None


def test_percent_agreement_is_what_both_and_none_marked():
    assert Crossing(50, 75, 75, 800).percent == 85.0


@pytest.mark.parametrize(("metric", "alpha"), [("nominal", 0.7434), ("ordinal", 0.8154), ("interval", 0.8491),
                                               ("ratio", 0.7974)])
def test_alpha_of_the_c_data(metric, alpha):
    assert krippendorff_alpha(C_DATA, metric) == pytest.approx(alpha, abs=5e-5)


@pytest.mark.parametrize(("units", "alpha"), [
    (by_coder("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"), 0.0952),  # Krippendorff 2011, section A
    (by_coder("a a b b d c c c e d d a", "b a b b b c c c e d d d"), 0.692),  # Krippendorff 2011, section B
])
def test_alpha_of_two_observers(units, alpha):
    assert krippendorff_alpha(units) == pytest.approx(alpha, abs=5e-4)


def test_units_that_one_coder_judged_pair_with_nothing():
    assert krippendorff_alpha([*C_DATA, (5,), (), (1,)]) == krippendorff_alpha(C_DATA)


def test_ac1_of_the_c_data():
    assert gwet_ac1(C_DATA, 5) == pytest.approx(0.77544, abs=5e-6)  # irrCAC 0.4.4


def test_ac1_stands_where_kappa_falls_for_a_rare_code():
    rare = Crossing(1, 2, 2, 95)
    assert cohen_kappa(rare) == pytest.approx(0.3127, abs=5e-5)
    assert gwet_ac1(dict(rare.units()), 2) == pytest.approx(0.9575, abs=5e-5)


# Krippendorff 2004, p. 254: a continuum of 300 from 150; two observers, two categories.
C_UNITS = unitised_alpha([[(75, 145), (220, 250)], [(70, 150), (205, 225), (250, 270)]], 300)
K_UNITS = unitised_alpha([[(30, 90), (150, 200)], [(30, 90), (150, 200)]], 300)


def test_unitised_alpha_of_the_published_continuum():
    assert (round(C_UNITS.observed, 4), round(C_UNITS.expected, 4), round(C_UNITS.alpha, 4)) == (0.0144, 0.0532, 0.7286)
    assert (K_UNITS.observed, round(K_UNITS.expected, 4), K_UNITS.alpha) == (0.0, 0.0490, 1.0)
    assert (C_UNITS + K_UNITS).alpha == pytest.approx(0.8591, abs=5e-4)  # DKPro Statistics, Krippendorff2004Test


def test_nothing_coded_has_no_unitised_alpha():
    assert unitised_alpha([[], []], 300).alpha is None


judgements = st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=4).map(tuple), min_size=2, max_size=12)


@given(judgements)
def test_no_coefficient_exceeds_one_and_only_whole_agreement_reaches_it(units):
    agreed = all(len(set(unit)) == 1 for unit in units)
    for found in (krippendorff_alpha(units), gwet_ac1(units, 4)):
        assert found is None or (found <= 1 + 1e-12 and (found > 1 - 1e-12) == agreed)


@given(judgements, st.permutations(range(4)))
def test_the_names_of_categories_do_not_matter(units, names):
    renamed = [tuple(names[v] for v in unit) for unit in units]
    for coefficient in (krippendorff_alpha, lambda u: gwet_ac1(u, 4)):
        assert coefficient(renamed) == pytest.approx(coefficient(units), nan_ok=True)


@given(st.tuples(*[st.integers(0, 30)] * 4))
def test_two_coders_alpha_by_counts_is_alpha_by_units(counts):
    crossing = Crossing(*counts)
    spread = [unit for unit, n in crossing.units() for _ in range(n)]
    assert krippendorff_alpha(dict(crossing.units())) == pytest.approx(krippendorff_alpha(spread), nan_ok=True)
