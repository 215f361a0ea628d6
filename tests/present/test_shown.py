"""What present accepts, and how one number is written: bound to its cell, and said aloud where it is hidden."""

import pandas as pd
import pytest
from small_measure import released, summary

from analysis.present import bars, flow_diagram, sentence, spreads, table
from analysis.present.shown import filled

MAKERS = {"table": table, "bars": bars, "spreads": spreads, "flow_diagram": flow_diagram,
          "sentence": lambda it: sentence("{enrolled} enrolled.", it)}


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize(("thing", "name"), [
    (summary(), "Summary"), (pd.DataFrame({"n": [3]}), "DataFrame"), (3, "int"), ("3 people", "str")])
def test_present_refuses_what_did_not_go_through_disclosure_control(maker, thing, name):
    with pytest.raises(TypeError, match=f"^present accepts what page.release\\(\\) returned, not a {name}$"):
        MAKERS[maker](thing)


def test_a_number_is_bound_to_its_cell():
    shown = released("none")
    assert filled("{n}", {"n": shown.named("alpha")}) == f'<span data-cell="{shown.names["alpha"]}">12</span>'


def test_a_hidden_number_says_that_it_is_hidden_and_why():
    shown = released()
    assert filled("{n}", {"n": shown.named("beta")}) == (
        f'<span data-cell="{shown.names["beta"]}" class="hidden" '
        'title="hidden: too few people, or it would give away such a number">[REDACTED]</span>')


def test_where_all_numbers_of_an_entry_are_hidden_one_marker_stands_for_them():
    shown = released()
    bound = {"n": shown.named("beta"), "share": shown.named("beta_share")}
    assert filled("{n} ({share})", bound, as_html=False) == "[REDACTED]"


def test_where_markers_differ_or_words_are_a_sentence_each_number_has_its_own():
    shown = released()
    bound = {"n": shown.named("beta"), "share": shown.named("beta_share")}
    assert filled("{n} ({share})", bound, as_html=False, collapse=False) == "[REDACTED] ([REDACTED])"
    absent = released("nhs-england", {"Alpha": 0}, plan=[])
    bound = {"n": shown.named("beta"), "share": absent.named("alpha_share")}
    assert filled("{n} ({share})", bound, as_html=False) == "[REDACTED] (–)"


def test_where_one_number_of_an_entry_is_hidden_the_other_still_shows():
    shown = released(plan=[summary().names["alpha_share"]])
    bound = {"n": shown.named("alpha"), "share": shown.named("alpha_share")}
    assert filled("{n} ({share})", bound, as_html=False) == "10 ([REDACTED])"


def test_an_interval_whose_ends_do_not_exist_has_no_brackets():
    shown, nobody = released("none"), released("none", {"Alpha": 0}).named("alpha_share")
    bound = {"n": shown.named("alpha"), "low": nobody, "high": nobody}
    assert filled("{n} ({low} to {high})", bound, as_html=False) == "12"
    assert filled("{n} ({low})", bound, as_html=False) == "12 (–)"


def test_somebody_s_words_are_escaped_and_marked_as_words():
    assert filled("under 5 <mg> & more", {}) == '<span class="words">under 5 &lt;mg&gt; &amp; more</span>'


@pytest.mark.parametrize("few", [4, 5, 6, 7])
@pytest.mark.parametrize("maker", ["table", "bars", "sentence"])
def test_nothing_visible_depends_on_a_hidden_count(maker, few):
    """Alpha 12, Beta 3 to 7, Gamma 28: 43 to 47 enrolled, which all print as 45."""
    one, other = ({"Alpha": 12, "Beta": n, "Gamma": 28} for n in (3, few))
    assert MAKERS[maker](released(groups=one)).bundle == MAKERS[maker](released(groups=other)).bundle


@pytest.mark.parametrize("maker", ["table", "bars", "sentence"])
def test_a_bundle_names_the_cells_that_it_shows(maker):
    made = MAKERS[maker](released())
    data, metadata = made._repr_mimebundle_()
    assert (data, metadata) == (dict(made.bundle), {"shown": {"kind": made.kind, "cells": list(made.cells)}})
    assert set(made.cells) <= set(released().cells) and made.cells
