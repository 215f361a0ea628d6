"""Figures: drawn from protected numbers, same bytes twice, and said in words for who does not see them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree
from small_measure import profiles, registered, released, summary

from analysis.measures.cells import Cells
from analysis.measures.summary import About
from analysis.present import bars, spreads
from analysis.present.drawing import COLOURS, ink_on
from analysis.protect.gate import unbound, unbound_in_figure
from analysis.protect.released import release

TESTS = Path(__file__).parents[1]
SVG = "{http://www.w3.org/2000/svg}"


def ages(rules: str = "opensafely", people: tuple[int, int] = (20, 5)):
    """Median and quartiles of two groups, the second too small to show under OpenSAFELY."""
    cells = Cells("ages")
    for group, n, values in zip(("Alpha", "Beta"), people, ((51, 40, 60), (33, 30, 39)), strict=True):
        bound = {name: cells.value(value, name, population="enrolled", n=n, unit="years", digits=0, group=group)
                 for name, value in zip(("median", "q1", "q3"), values, strict=True)}
        cells.row(group, {"Age": ("{median} ({q1} to {q3})", bound)})
    return release(cells.summary("Age by group", About("people enrolled", "people enrolled")), profiles(rules))


def drawn(figure):
    return etree.fromstring(figure.content.encode())


def widths(figure, colour: str = "#0072b2") -> list[float]:
    """How long each bar is, in the order of the rows."""
    found = []
    for path in drawn(figure).iter(f"{SVG}path"):
        if f"fill: {colour}" in path.get("style", ""):
            xs = [float(x) for x in re.findall(r"[ML] (\S+)", path.get("d"))]
            found.append(max(xs) - min(xs))
    return found


def numbers(figure) -> list[tuple[str, str]]:
    """(cell, text) of each number that is written beside a mark."""
    groups = (group for group in drawn(figure).iter(f"{SVG}g") if (group.get("id") or "").startswith("cell-"))
    return [(group.get("id").split("-")[1], "".join(group.itertext()).strip()) for group in groups]


# ------------------------------------------------------------------------------------------------ bars

def test_a_line_in_another_unit_is_no_bar_beside_the_others():
    cells = Cells("contacts")
    for label, n in (("None", 12), ("Some", 28)):
        cells.row(label, {"People": ("{n}", {"n": cells.count(n, population="enrolled", level=label)})})
    cells.row("Median", {"People": ("{median}", {
        "median": cells.value(6, "median", population="enrolled", n=40, unit="contacts")})})
    made = release(cells.summary("Contacts", About("people enrolled", "people enrolled")), profiles("none"))
    assert [text for _, text in numbers(bars(made))] == ["12", "28"]
    assert "Median" not in bars(made).content


def test_a_bar_is_as_long_as_the_released_number_and_a_hidden_number_has_none():
    """12, 3 and 28 are released as 10, hidden and 30."""
    alpha, beta, gamma = widths(bars(released()))
    assert (beta, round(gamma / alpha, 3)) == (0, 3)
    alpha, beta, gamma = widths(bars(released("none")))
    assert (round(beta / alpha, 3), round(gamma / alpha, 3)) == (0.25, round(28 / 12, 3))


def test_where_every_number_is_hidden_a_sentence_stands_in_the_place_of_an_empty_scale():
    shown = released(groups={"Alpha": 3, "Beta & <co>": 2})
    found = bars(shown, title="People & <more>")
    assert repr(found) == "People & <more>: all of these numbers are hidden, so there is nothing to draw."
    assert "svg" not in found.content and "&lt;more&gt;" in found.content
    assert unbound(found.content, {}) == [] and len(found.cells) == 2


def test_each_number_is_written_beside_its_bar_as_text_and_bound_to_its_cell():
    shown = released()
    assert numbers(bars(shown)) == [(shown.names["alpha"], "10"), (shown.names["beta"], "[REDACTED]"),
                                    (shown.names["gamma"], "30")]
    assert unbound_in_figure(bars(shown).content, registered(summary(), shown)) == []


def test_another_number_of_the_line_can_be_drawn():
    assert [text for _, text in numbers(bars(released(), number="share"))] == ["22.2%", "[REDACTED]", "66.7%"]


def test_columns_stand_side_by_side_in_colours_of_their_own():
    both = bars(released("none"), columns=["People", "Age"])
    assert [text for _, text in numbers(both)] == ["12", "52.5", "3", "43.5", "28", "68.5"]
    assert len(widths(both, "#0072b2")) == len(widths(both, "#e69f00")) == 4  # three bars and one in the legend


def test_no_id_of_a_figure_comes_from_the_last_bit_of_a_coordinate():
    """Else the solver of the layout, which is not alike to the last bit in two runs, would change the bytes."""
    ids = re.findall(r'id="([^"]+)"', bars(released()).content)
    clips = [one for one in ids if re.match(r"[mp]\d", one)]
    assert clips and not [one for one in ids if re.fullmatch(r"[mp][0-9a-f]{10}", one)]
    assert len(ids) == len(set(ids)) and all(f"#{clip}" in bars(released()).content for clip in clips)


def test_the_text_of_a_figure_is_text():
    words = {"".join(text.itertext()) for text in drawn(bars(released())).iter(f"{SVG}text")}
    assert {"Alpha", "Beta & <co>", "Gamma", "10", "[REDACTED]", "30"} <= words
    assert "DejaVu" not in bars(released()).content


# ------------------------------------------------------------------------------------------------ medians and quartiles

def test_a_hidden_median_has_neither_dot_nor_line():
    def marks(shown):
        return spreads(shown).content.count("#0072b2")

    assert 0 < marks(ages()) < marks(ages("none"))
    assert marks(ages(people=(5, 5))) == 0


def test_a_median_stands_between_its_quartiles_in_words_and_figures():
    assert repr(spreads(ages("none"))) == ("Medians and quartiles. Age by group. Alpha: median 51, quartiles 40 to 60; "
                                           "Beta: median 33, quartiles 30 to 39.")
    assert sorted(text for _, text in numbers(spreads(ages("none")))) == ["30", "33", "39", "40", "51", "60"]


# ------------------------------------------------------------------------------------------------ every figure

FIGURES = {"bars": lambda: bars(released()), "spreads": lambda: spreads(ages())}


@pytest.mark.parametrize(("figure", "said"), [
    ("bars", "Bar chart. People by group. Alpha: 10; Beta & <co>: hidden; Gamma: 30."),
    ("spreads", "Medians and quartiles. Age by group. Alpha: median 51, quartiles 40 to 60; Beta: median hidden, "
                "quartiles hidden to hidden.")])
def test_the_description_says_the_same_numbers(figure, said):
    made = FIGURES[figure]()
    root = drawn(made)
    assert (root.findtext(f"{SVG}desc"), repr(made)) == (said, said)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{root.find(f'{SVG}title').get('id')} {root.find(f'{SVG}desc').get('id')}"


@pytest.mark.parametrize("figure", FIGURES)
def test_ids_are_unique_within_a_figure(figure):
    ids = [element.get("id") for element in drawn(FIGURES[figure]()).iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_a_figure_made_in_two_processes_has_the_same_bytes():
    program = ("import sys\nfrom small_measure import released\nfrom analysis.present import bars\n"
               "sys.stdout.write(bars(released()).content)")
    made = subprocess.run([sys.executable, "-c", program], cwd=TESTS, capture_output=True, text=True, check=True,
                          env={"PYTHONPATH": f"{TESTS}:{TESTS.parent}", "PYTHONHASHSEED": "1"})
    assert made.stdout == bars(released()).content


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("alpha", [0, 0.15, 0.25, 0.5, 0.6, 0.75, 1])
def test_a_number_on_a_colour_can_be_read_at_four_and_a_half_to_one(colour, alpha):
    mixed = [1 - alpha + alpha * int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in mixed]
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    ink = {"white": 1, "black": 0}[ink_on(colour, alpha)]
    assert (max(ink, luminance) + 0.05) / (min(ink, luminance) + 0.05) >= 4.5
