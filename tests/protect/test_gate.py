"""The gate: a positive list of outputs, and of the numbers in them."""

import pytest
from small_measure import registered, released, summary

from analysis.present import bars, sentence, table
from analysis.protect.gate import refused, unbound, unbound_in_figure
from analysis.protect.registry import digest

SHOWN = released()
CELLS = registered(summary(), SHOWN)
ALPHA = SHOWN.names["alpha"]
TABLE, FIGURE = table(SHOWN), bars(SHOWN)
SENTENCE = sentence("{alpha} of {enrolled} people on the PHQ-9.", SHOWN)
REGISTRY = {"cells": CELLS, "shown": [digest(shown.content) for shown in (TABLE, FIGURE, SENTENCE)]}


def page(*outputs: dict) -> list[dict]:
    """One code cell for each output, with words between them."""
    cells = [{"cell_type": "markdown", "source": "3 people"}]
    for output in outputs:
        cells += [{"cell_type": "code", "outputs": [output]}, {"cell_type": "markdown", "source": ""}]
    return cells


def display(**data) -> dict:
    return {"output_type": "display_data", "data": {kind.replace("_", "/", 1): said for kind, said in data.items()}}


def bundle(shown) -> dict:
    return {"output_type": "display_data", "data": dict(shown.bundle)}


# ------------------------------------------------------------------------------------------------ outputs

def test_what_present_made_passes():
    assert refused(page(bundle(TABLE), bundle(FIGURE), bundle(SENTENCE)), REGISTRY) == []


def test_a_bundle_that_was_stored_in_lines_passes():
    lines = {kind: said.splitlines(keepends=True) for kind, said in TABLE.bundle}
    assert refused(page({"output_type": "execute_result", "data": lines}), REGISTRY) == []


FOREIGN = "shows something that did not come from present"


@pytest.mark.parametrize(("output", "why"), [
    ({"output_type": "stream", "name": "stdout", "text": "3"},
     "printed text on stdout: a released page holds no printed text"),
    ({"output_type": "stream", "name": "stderr", "text": "3"},
     "printed text on stderr: a released page holds no printed text"),
    ({"output_type": "error", "ename": "SystemExit", "evalue": "0"}, "an error: SystemExit"),
    (display(text_plain="3"), FOREIGN),
    (display(text_html="<p>three people</p>"), FOREIGN),
    (display(), FOREIGN),
    (display(image_png="iVBOR", text_plain="<Figure>"), "shows image/png, which present does not make"),
    (display(text_markdown="**3**", text_latex="3", text_plain="3"),
     "shows text/latex, text/markdown, which present does not make")])
def test_what_came_by_another_way_is_refused_with_its_cell_and_the_reason(output, why):
    assert refused(page(bundle(TABLE), output), REGISTRY) == [f"code cell 2: {why}"]


def test_a_table_of_present_with_one_word_altered_is_refused():
    altered = TABLE.content.replace("Alpha", "Alphb")
    assert refused(page(display(text_html=altered, text_plain="")), REGISTRY) == [f"code cell 1: {FOREIGN}"]


def test_a_picture_that_rides_on_a_table_of_present_is_refused():
    both = {"text/html": TABLE.content, "image/svg+xml": "<svg><text>3</text></svg>"}
    assert refused(page({"output_type": "display_data", "data": both}), REGISTRY) == [f"code cell 1: {FOREIGN}"]


def test_every_leak_of_a_page_is_named():
    stream = {"output_type": "stream", "name": "stdout", "text": "3"}
    assert [problem.split(":")[0] for problem in refused(page(stream, bundle(TABLE), stream), REGISTRY)] == [
        "code cell 1", "code cell 3"]


def test_a_hand_made_thing_that_present_showed_must_still_bind_its_numbers():
    by_hand = "<p>3 people</p>"
    registry = {**REGISTRY, "shown": [digest(by_hand)]}
    assert refused(page(display(text_html=by_hand)), registry) == ["code cell 1: shows the number 3 bound to no cell"]


# ------------------------------------------------------------------------------------------------ numbers in HTML

def span(identity: str, text: str) -> str:
    return f'<span data-cell="{identity}">{text}</span>'


@pytest.mark.parametrize(("html", "problems"), [
    (f"<p>{span(ALPHA, '10')} people on the PHQ-9</p>", []),
    ("<p>10 people</p>", ["shows the number 10 bound to no cell"]),
    (f"<p>{span(ALPHA, '10')} of 45</p>", ["shows the number 45 bound to no cell"]),
    (f"<p>{span(ALPHA, '12')}</p>", [f"shows cell {ALPHA} otherwise than it was released"]),
    (f"<p>{span(ALPHA, '<b>1</b>0 ')}</p>", ["shows the number 10 bound to no cell"]),
    (f"<p>{span('0000000000', '10')}</p>", ["shows a number of cell 0000000000, which no measure released"]),
    ("<p>a fall of -3, or 12-14, or 1,234.5 or 50%</p>", [f"shows the number {n} bound to no cell"
                                                          for n in ("3,", "12", "14,", "1,234.5", "50%")]),
    ("<table><caption>Table 1</caption><tr><th>18 to 39</th><td>text</td></tr></table>", []),
    ('<table><tr><td class="gt_row gt_sourcenote">from 2016 on</td></tr></table>', []),
    ('<p><span class="words">84 days</span></p>', []),
    ('<p><span class="words">84 days</span> 7</p>', ["shows the number 7 bound to no cell"]),
    ("<table><tr><th>18 to 39</th><td>7</td></tr></table>", ["shows the number 7 bound to no cell"])])
def test_a_number_in_html_is_bound_to_its_cell_or_refused(html, problems):
    assert sorted(unbound(html, CELLS)) == sorted(problems)


def test_a_number_that_changed_since_it_was_released_is_found_in_the_whole_table():
    later = {**CELLS, ALPHA: {"text": "15"}}
    assert unbound(TABLE.content, later) == [f"shows cell {ALPHA} otherwise than it was released"]


# ------------------------------------------------------------------------------------------------ numbers in figures

def svg(body: str, described: str = "") -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg"><title>Since 2016</title><desc>{described}</desc>{body}</svg>'


BOUND = f'<g id="cell-{ALPHA}-2fdd1"><text>10</text></g>'


@pytest.mark.parametrize(("drawing", "problems"), [
    (svg(BOUND, "Alpha: 10."), []),
    (svg("<text>10</text>"), ["shows the number 10 bound to no cell"]),
    (svg(BOUND.replace(">10<", ">12<")), [f"shows cell {ALPHA} otherwise than it was released"]),
    (svg('<g id="cell-0000000000-1"><text>10</text></g>'),
     ["shows a number of cell 0000000000, which no measure released"]),
    (svg('<g id="matplotlib.axis_1"><g id="xtick_1"><text>20</text></g></g>'), []),
    (svg('<text class="label">13 or more</text>'), []),
    (svg("<text>PHQ-9</text>", "Since 2016 on the PHQ-9."), []),
    (svg(BOUND, "Alpha: 12."), ["describes a figure with the number 12., which does not stand in it"])])
def test_a_number_in_a_figure_is_bound_to_its_cell_or_on_the_scale(drawing, problems):
    assert unbound_in_figure(drawing, CELLS) == problems
