"""Pairs of dots: drawn from protected numbers, a hidden one without a dot, told in words for who does not see them."""

import re

from lxml import etree
from small_measure import profiles, registered

from analysis.measures.cells import Cells
from analysis.measures.summary import About
from analysis.present import dumbbells
from analysis.protect.gate import unbound_in_figure
from analysis.protect.released import release

SVG = "{http://www.w3.org/2000/svg}"
ROWS = (("Own", "As defined", 90, 72, 34), ("Window: days", "28 days", 80, 80, 34),
        ("Window: days", "182 days", 60, 50, 4))


def measured(rows=ROWS):
    cells = Cells("doses")
    for section, label, before, after, n in rows:
        ids = {name: cells.value(value, name, population="enrolled", n=n, unit="mg/day", digits=0, rule=label)
               for name, value in (("before", before), ("after", after))}
        cells.row(label, {"Median": ("{before} → {after}", ids)}, section=section)
    return cells.summary("Doses", About("enrolled", "enrolled"))


def dots(rules="opensafely", rows=ROWS):
    return dumbbells(release(measured(rows), profiles(rules)), column="Median")


def drawn(figure):
    return etree.fromstring(figure.content.encode())


def numbers(figure):
    groups = (group for group in drawn(figure).iter(f"{SVG}g") if (group.get("id") or "").startswith("cell-"))
    return ["".join(group.itertext()).strip() for group in groups]


def test_each_row_has_its_two_numbers_and_two_equal_ones_are_written_once():
    assert numbers(dots("none")) == ["90", "72", "80", "60", "50"]


def test_a_hidden_number_is_said_to_be_hidden_beside_its_row():
    assert numbers(dots()) == ["90", "72", "80", "[REDACTED]", "[REDACTED]"]
    said = dict(dots().bundle)["text/plain"]
    assert "182 days: Baseline hidden, Follow-up hidden" in said and "60" not in said


def test_headings_stand_once_over_their_rows_without_what_follows_a_colon():
    words = ["".join(text.itertext()).strip() for text in drawn(dots()).iter(f"{SVG}text")]
    assert words.count("Window") == 1 and "Window: days" not in words


def test_every_number_of_the_figure_is_bound_to_its_cell():
    for rules in ("none", "opensafely"):
        cells = registered(measured(), release(measured(), profiles(rules)))
        assert unbound_in_figure(dots(rules).content, cells) == []


def test_where_all_is_hidden_a_sentence_says_so():
    figure = dots(rows=(("Own", "As defined", 90, 72, 4),))
    assert "nothing to draw" in dict(figure.bundle)["text/plain"] and not re.search(r"\b(90|72)\b", str(figure.bundle))
