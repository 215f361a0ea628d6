"""One page: what of a notebook it shows, how, and what it refuses."""

import pytest
import report_material as material
from bs4 import BeautifulSoup
from nbformat import v4

from analysis.errors import Leak, Mistake, PageFailed
from analysis.report.article import article
from analysis.report.figures import figure
from analysis.report.pages import PageRenderer, page_title, size

PAGE = material.PAGES[0]


@pytest.fixture(scope="module")
def renderer():
    return PageRenderer(material.context())


@pytest.fixture(scope="module")
def page(renderer):
    return BeautifulSoup(renderer.html(material.participants(), PAGE), "html.parser")


def rendered(renderer, *cells) -> BeautifulSoup:
    html = renderer.html(material.notebook(material.text("# Title"), *cells), PAGE)
    return BeautifulSoup(html, "html.parser").article


def test_parameters_and_the_set_up_cell_are_absent_with_what_they_showed(page):
    said = page.get_text()
    assert "study: str" not in said and "study = " not in said and "Page(study" not in said and "Set-up" not in said


def test_code_is_folded_away_and_comes_after_what_it_shows(page):
    folded = page.select("details.code")
    assert [d.summary.get_text() for d in folded] == ["Code"] * 6
    assert not [d for d in folded if d.has_attr("open")]
    sources = page.select("article pre")
    assert len(sources) == 6 and all(source.find_parent("details") for source in sources)
    assert page.select_one("p.sentence").find_next_sibling() == folded[0]


def test_the_page_is_titled_by_the_notebook_and_lists_its_headings(page):
    assert page.h1.get_text() == page_title(material.participants()) == "Participants"
    side = page.select_one('.side nav[aria-label="On this page"]')
    assert [(a.get_text(), a["href"]) for a in side.find_all("a")] == [
        ("Flow", "#flow"), ("Age group", "#age-group"), ("Flow", "#flow-2")]


def test_a_table_has_a_caption_keeps_its_cells_and_shows_the_hidden_as_hidden(page):
    table = page.select_one("table.gt_table")
    assert table.caption.get_text() == "Characteristics of the people enrolled"
    assert table["aria-labelledby"] == table.caption["id"] == table.parent["aria-labelledby"]
    assert not table.select("td.gt_title")
    assert {span.get_text() for span in table.select("span[data-cell].hidden")} == {"[REDACTED]"}


def test_every_number_keeps_its_cell(page):
    for cell in material.participants().cells[5:]:
        for output in cell.get("outputs", []):
            if made := output.data.get("text/html"):
                ids = [span["data-cell"] for span in BeautifulSoup(made, "html.parser").select("[data-cell]")]
                assert ids and set(ids) <= {node["data-cell"] for node in page.select("[data-cell]")}


def test_a_table_shown_twice_keeps_its_ids_and_then_has_them_numbered(page):
    first, _, again = page.select("table.gt_table")
    assert again.parent["id"] == first.parent["id"] + "-2"
    assert again.caption["id"] == first.caption["id"] + "-2" == again["aria-labelledby"]
    assert all(word.endswith("-2") for td in again.select("[headers]") for word in td["headers"])


def test_an_item_of_a_list_that_leads_to_a_page_which_is_left_out_goes_and_the_list_with_its_last_one():
    html = ('<h1>Summary</h1><ul><li><a href="06_themes.ipynb">Themes</a> of <a href="notes.md">notes</a></li>'
            '<li>To <a href="07_integration.ipynb#a">both</a>, <a href="08_more.ipynb">more</a></li></ul>'
            '<ul><li><a href="07_integration.ipynb">Both</a></li></ul>'
            '<p>See <a href="07_integration.ipynb">both</a>.</p>')
    assert article(html, pages={"06_themes": "06_themes.html"}).body == (
        '<ul><li><a href="06_themes.html">Themes</a> of notes</li></ul><p>See both.</p>')


def test_links_between_notebooks_lead_between_pages_and_others_keep_their_words(page):
    links = {a.get_text(): a["href"] for a in page.select("article p:not(.taken) a")}
    assert links == {"the doses": "04_opioid_dose.html#daily-dose", "further down": "#age-group",
                     "the paper": "https://doi.org/10.3399/bjgp19X706097"}


def test_two_figures_with_the_same_ids_do_not_meet(page):
    one, two = page.select("figure")
    assert one.figcaption.get_text() == "Daily dose at baseline"
    assert [f.select_one("g")["clip-path"] for f in (one, two)] == ["url(#f1-p1a2b)", "url(#f2-p1a2b)"]
    assert two.select_one("use")["xlink:href"] == "#f2-m3c4d"
    assert one.svg["aria-labelledby"] == "f1-title f1-desc"
    assert one.style.get_text().startswith("#figure-1 svg *")
    assert "example.org" not in str(page)


def test_a_figure_keeps_the_spelling_that_drawings_need():
    assert 'viewBox="0 0 480 240"' in figure(material.SVG, 1) and "<clipPath" in figure(material.SVG, 1)


@pytest.mark.parametrize("inside", [
    '<image href="https://example.org/a.png"/>', '<use href="other.svg#a"/>', "<script>1</script>",
    "<foreignObject/>", '<rect style="fill: url(https://example.org/a)"/>', '<rect onclick="a()"/>',
    "<style>@import 'a.css';</style>", "<style>* {fill: url('a.svg')}</style>"])
def test_a_figure_that_loads_or_runs_something_is_refused(inside):
    with pytest.raises(Leak):
        figure(f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>', 1)


@pytest.mark.parametrize("source", [
    "![map](https://example.org/map.png)", "<script>1</script>", "<img src='map.png' alt='map'>",
    "[x](javascript:alert(1))", "<p onclick='a()'>x</p>", "<style>p {color: red}</style>",
    "<p style='background: url(a.png)'>x</p>", "<iframe></iframe>"])
def test_prose_that_loads_or_runs_something_is_refused_with_the_page(renderer, source):
    with pytest.raises(Leak, match="02_participants"):
        rendered(renderer, material.text(source))


def test_a_second_title_becomes_a_heading_below(renderer):
    assert [h.name for h in rendered(renderer, material.text("# Another")).find_all(["h1", "h2"])] == ["h2"]


def test_a_table_with_one_name_for_a_column_and_a_group_has_unique_ids_and_no_headers(renderer):
    html = ('<div class="table" id="t1"><table class="gt_table"><tr><th id="t1-Sex" scope="col">Sex</th></tr>'
            '<tr><th id="t1-Sex" scope="colgroup">Sex</th></tr>'
            '<tr><td headers="t1-Sex t1-Sex">x</td></tr></table></div>')
    made = rendered(renderer, material.code("table", v4.new_output("display_data", {"text/html": html})))
    assert [th["id"] for th in made.find_all("th")] == ["t1-Sex", "t1-Sex-2"]
    assert not made.select("[headers]")


def test_an_output_that_present_did_not_make_stops_a_release_and_stands_on_a_working_page(renderer):
    printed = material.code("print(1 < 2)", v4.new_output("stream", text="1 < 2"))
    with pytest.raises(Leak, match="02_participants"):
        rendered(renderer, printed)
    working = rendered(PageRenderer(material.context("working")), printed)
    assert working.select_one("pre.output").get_text() == "1 < 2"


def test_a_notebook_that_stopped_is_no_page(renderer):
    with pytest.raises(PageFailed, match="KeyError"):
        rendered(renderer, material.code("x", v4.new_output("error", ename="KeyError", evalue="dose", traceback=[])))


def test_a_title_is_a_heading_and_not_a_comment_in_code():
    notebook = material.notebook(material.text("```\n# no\n```"), material.text("The *title*\n==========="))
    assert page_title(notebook) == "The title"
    with pytest.raises(Mistake, match="no title"):
        page_title(material.notebook(material.text("## Only this")))


def test_a_tier_that_is_not_known_is_refused_since_it_would_cost_the_watermark():
    with pytest.raises(ValueError, match="workin"):
        material.context("workin")


@pytest.mark.parametrize(("count", "said"), [
    (999, "999 bytes"), (48213, "48.2 kB"), (1048576, "1.0 MB"), (10**9, "1.0 GB")])
def test_a_size_is_said_as_people_say_it(count, said):
    assert size(count) == said


@pytest.mark.parametrize(("width", "wide"), [("403.2pt", False), ("480pt", True), ("100%", False)])
def test_a_wide_drawing_is_marked_since_it_scrolls_instead_of_shrinking(width, wide):
    made = figure(material.SVG.replace('width="480pt"', f'width="{width}"'), 1)
    assert ('<figure id="figure-1" class="wide">' in made) == wide


def test_a_long_note_stands_once_on_a_page_and_the_next_table_leads_to_it_but_keeps_the_short_ones():
    long, short = "A note that explains at length what a word of the table means. " * 3, "A short one."

    def noted(anchor: str, *notes: str) -> str:
        feet = "".join(f'<tr><td class="gt_sourcenote"><span class="gt_from_md">{n}</span></td></tr>' for n in notes)
        return (f'<div id="{anchor}" class="table"><table class="gt_table"><caption>Table {anchor}</caption><tbody><tr>'
                f'<th class="gt_stub">x</th><td>1</td></tr></tbody><tfoot>{feet}</tfoot></table></div>')

    made = article("<h1>Page</h1>" + noted("one", long, short) + noted("two", long, short), pages={})
    notes = [[note.get_text() for note in table.select("tfoot td")]
             for table in BeautifulSoup(made.body, "html.parser").select("table")]
    assert [[note.strip() for note in one] for one in notes] == [
        [long.strip(), short], ["More notes: as under Table one.", short]]
    assert '<a href="#one">Table one</a>' in made.body
    assert all(text.count("at length") == 3 for name, text in made.tables if name.endswith(".rtf"))
