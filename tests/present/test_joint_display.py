"""Joint displays on a page: three columns, bars of released numbers, quotations, and what disagrees."""

import re

import pytest
from coded_material import CODES, INTERVIEWS, codings
from lxml.html import fragments_fromstring
from small_measure import profiles, registered

from analysis.measures.cells import Cells
from analysis.measures.interviews.passages import Codebook
from analysis.measures.interviews.themes import theme_counts
from analysis.measures.joint.rows import Halves
from analysis.measures.joint.side_by_side import side_by_side
from analysis.measures.joint.statistics_by_theme import joint_display
from analysis.measures.summary import About
from analysis.present import joint
from analysis.protect.gate import unbound
from analysis.protect.quotes import _DOOR, Quotation, Quotations
from analysis.protect.released import release

ROW = {"question": "Did doses fall?", "theme": "fear", "cells": ["{lower} lower ({lower_share})"],
       "inference": "convergence", "says": "Both say so.", "expects": ["lower < 20"]}


def halves(lower=12):
    cells = Cells("opioid dose")
    part = cells.count(lower, population="enrolled", name="lower")
    cells.share(part, cells.people("enrolled", 48), name="lower_share")
    said = codings(("I01", "fear", "A", 0, 9), ("I04", "fear", "A", 0, 9))
    themes = theme_counts(CODES, said, INTERVIEWS, groups=["service user", "service provider"])
    return Halves(Codebook(CODES), themes, [cells.summary("Dose", About("enrolled", "enrolled"))], lambda code: ["P01"])


def shown(make=joint_display, *, lower=12, rules="none", quoted=None, **changes):
    made = make([{**ROW, **changes}], halves(lower), place=lambda *keys: "study.toml")
    return made, (found := release(made, profiles(rules))), dict(joint(found, quoted=quoted).bundle)["text/html"]


def quotations(*participants):
    return Quotations(tuple(Quotation(f"q{n}", f"Words of {who}.", f"{who}, service user", "fear", who)
                            for n, who in enumerate(participants)), (), {"fear": "Fear of reducing"},
                      {"fear": "medicines"}, "Signed off.", None, _DOOR)


def bars(html):
    return [int(width) for width in re.findall(r'class="part" width="(\d+)"', html)]


def test_what_was_said_counted_and_concluded_stand_in_three_columns_of_one_row():
    table, = fragments_fromstring(shown()[2])
    assert [cell.text_content() for cell in table.iter("th")] == [
        "Question", "What people said", "What was counted", "What it comes to", "Did doses fall?"]
    said, counted, meant = (" ".join(cell.text_content().split()) for cell in table.findall(".//tbody//td"))
    assert said == "Fear of reducing Service users 1 of 3 service providers 1 of 1"
    assert counted == "12 lower (25.0%)"
    assert meant == "Convergence Both say so. the numbers agree both halves speak: holds lower 12 < 20: holds"


def test_each_number_is_bound_to_its_released_cell():
    for rules in ("none", "opensafely"):
        made, found, html = shown(rules=rules)
        assert unbound(html, registered(made, found)) == []


def test_bars_are_as_long_as_the_released_shares_and_there_is_none_for_a_hidden_number():
    assert bars(shown()[2]) == [33, 100, 25]
    assert bars(shown(lower=3, rules="nhs-england")[2]) == []
    assert bars(shown(lower=13, rules="nhs-england")[2]) == [30]  # 15 of 50


def test_a_group_of_whom_all_is_hidden_keeps_its_name():
    table, = fragments_fromstring(shown(rules="opensafely")[2])
    said = " ".join(table.findall(".//tbody//td")[0].text_content().split())
    assert said.endswith("service providers [REDACTED] of [REDACTED]")


def test_every_part_of_the_table_has_its_role_for_a_page_that_sets_columns_under_each_other():
    table = fragments_fromstring(shown()[2])[0].find("table")
    rows = [*table.findall("thead/tr"), *table.findall("tbody/tr")]
    assert table.get("role") == "table" and [row.get("role") for row in rows] == ["row", "row"]
    assert [cell.get("data-label") for cell in table.findall(".//tbody//td[@role='cell']")] == [
        "What people said", "What was counted", "What it comes to"]


def test_a_row_whose_numbers_disagree_is_named_above_the_table_and_its_claims_are_unfolded():
    html = shown(lower=25)[2]
    assert html.startswith('<div class="alarm"') and "“Did doses fall?”: the numbers do not agree" in html
    assert '<details class="check no" open>' in html
    assert "alarm" not in shown()[2] and '<details class="check yes">' in shown()[2]


def test_what_cannot_be_checked_is_unfolded_and_raises_no_alarm():
    html = shown(lower=3, rules="nhs-england")[2]
    assert '<details class="check unknown" open>' in html and "alarm" not in html


def test_quotations_that_may_be_shown_stand_with_the_finding_and_one_that_may_not_says_so():
    html = shown(side_by_side, quotes=["P01"], quoted=quotations("P01"))[2]
    assert '<blockquote data-quote="q0"><p>Words of P01.</p></blockquote>' in html and "may not be shown" not in html
    withheld = shown(side_by_side, quotes=["P01"], quoted=quotations("P02"))[2]
    assert "blockquote" not in withheld and "A quotation that is named here may not be shown." in withheld


def test_quotations_are_what_page_quote_returned():
    with pytest.raises(TypeError, match=r"quotations are what page.quote\(\) returned"):
        shown(side_by_side, quoted=["words"])
