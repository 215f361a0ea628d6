"""The whole site: what it loads (nothing), what leads where, and that two runs agree."""

import re

import pytest
import report_material as material
from bs4 import BeautifulSoup
from report_material import write_site

from analysis.report.article import Article
from analysis.report.context import WORKING_COPY, PageLink
from analysis.report.site import index, stylesheet

POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:"


@pytest.fixture(scope="module", params=["release", "working"])
def site(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    written = write_site(folder, material.context(request.param), material.notebooks())
    pages = {path.name: BeautifulSoup(path.read_text("utf-8"), "html.parser") for path in folder.glob("*.html")}
    return request.param, folder, written, pages


def test_it_writes_every_page_its_tables_the_index_and_the_style_and_nothing_else(site):
    _, folder, written, _ = site
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(folder).as_posix() for path in written) == [
        "02_participants.html", "04_opioid_dose.html", "09_methods.html", "index.html", "style.css",
        *(f"tables/02_participants-{n}.{end}" for n in (1, 2, 3) for end in ("csv", "rtf"))]


def test_each_table_leads_to_itself_for_a_spreadsheet_and_for_word(site):
    _, folder, _, pages = site
    links = pages["02_participants.html"].select("p.taken a")
    assert [link["href"] for link in links] == [
        f"tables/02_participants-{n}.{end}" for n in (1, 2, 3) for end in ("csv", "rtf")]
    assert links[0]["aria-label"] == "Table as CSV: Characteristics of the people enrolled"
    assert all((folder / link["href"]).is_file() for link in links)


def test_nothing_is_asked_of_another_host_and_nothing_runs(site):
    *_, pages = site
    for soup in pages.values():
        assert not soup.find_all(["script", "iframe", "object", "embed", "base", "form", "img"])
        assert soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"] == POLICY
        assert [link["href"] for link in soup.find_all("link")] == ["data:,", "style.css"]
        for node in soup.find_all(True):
            assert not [key for key in node.attrs if key.startswith("on") or key in ("src", "srcset")]
            outside = [v for k, v in node.attrs.items() if "://" in str(v) and not k.startswith("xmlns")]
            assert not outside or node.name == "a"
    assert not re.search(r"url\(|@import|@font-face|//\w+\.", stylesheet())


def test_every_id_is_unique_and_every_reference_within_a_page_finds_one(site):
    *_, pages = site
    for soup in pages.values():
        ids = [node["id"] for node in soup.find_all(id=True)]
        assert len(ids) == len(set(ids))
        wanted = [a["href"][1:] for a in soup.select('[href^="#"]')] + [
            word for node in soup.find_all(True) for key in ("headers", "aria-labelledby", "aria-describedby")
            for word in (node.get(key) if isinstance(node.get(key), list) else (node.get(key) or "").split())]
        wanted += re.findall(r"url\(#([^)]+)\)", str(soup))
        assert wanted and set(wanted) <= set(ids)


def test_the_front_page_says_which_pages_were_left_out_and_why():
    def said(**more) -> list[str]:
        soup = BeautifulSoup(index(material.context(**more), {p.name: Article("", "", "", ()) for p in material.PAGES}),
                             "html.parser")
        return [node.get_text() for node in soup.select("#left-out, #left-out ~ dl.rules:not(#disclosure ~ dl) > *")]

    assert said(left_out=(("Outcomes", "not collected: responses"),)) == [
        "Pages left out", "Outcomes", "not collected: responses"]
    assert said() == []


def test_every_page_links_to_every_page_and_marks_itself(site):
    *_, pages = site
    for name, soup in pages.items():
        for nav in soup.find_all("nav", attrs={"aria-label": "Pages of the report"}):
            assert [a["href"] for a in nav.find_all("a")] == ["index.html", *(p.href for p in material.PAGES)]
            assert [a["href"] for a in nav.find_all("a", attrs={"aria-current": "page"})] == [name]
        for link in soup.find_all("a", href=re.compile(r"^[^#:]+(#|$)")):
            page, _, anchor = link["href"].partition("#")
            if page.endswith((".csv", ".rtf")):
                continue
            assert page in pages
            assert not anchor or pages[page].find(id=anchor)


def test_the_foot_of_a_page_leads_to_the_one_before_and_the_one_after(site):
    *_, pages = site
    turns = {name: [a["href"] for a in soup.select("nav.turn a")] for name, soup in pages.items()}
    assert turns == {"index.html": [], "02_participants.html": ["index.html", "04_opioid_dose.html"],
                     "04_opioid_dose.html": ["02_participants.html", "09_methods.html"],
                     "09_methods.html": ["04_opioid_dose.html"]}


def test_a_page_has_its_language_landmarks_and_one_title(site):
    *_, pages = site
    for soup in pages.values():
        assert soup.html["lang"] == "en-GB"
        assert [len(soup.find_all(tag)) for tag in ("h1", "header", "main", "footer")] == [1, 1, 1, 1]
        assert soup.body.find("a")["href"] == "#main"
        assert soup.find("meta", attrs={"name": "viewport"})
        assert "Synthetic: Every record" in soup.header.get_text()


def test_only_a_working_copy_is_watermarked_and_every_page_of_it_is(site):
    tier, _, _, pages = site
    for soup in pages.values():
        assert len(soup.select(".watermark")) == (tier == "working")
        assert (WORKING_COPY in str(soup)) == (tier == "working")
        assert soup.title.get_text().startswith(WORKING_COPY) == (tier == "working")


def test_the_index_says_what_was_asked_under_which_rules_and_from_what(site):
    *_, pages = site
    said = " ".join(pages["index.html"].main.get_text(" ").split())
    for words in ("Who did the service reach", "1 September 2016 to 31 December 2017", "All practices",
                  "Data cut: interviews 30 June 2018", "invited counts of 1 to 7 people and zero are hidden",
                  "Participants Who was invited, who took part, and how they compare with everyone on the list.",
                  "Extracts, all together efefefefefef", "ef" * 32, "f" * 40, "pandas 3.1.1"):
        assert words in said


def test_only_a_working_copy_gives_the_hash_and_size_of_one_extract(site):
    """Who knows most of a short list of people could try the rest until its hash comes out."""
    tier, _, _, pages = site
    said = " ".join(pages["index.html"].main.get_text(" ").split())
    for words in ("EMIS patient list (Practice A).csv 48.2 kB abababababab", "ab" * 32):
        assert (words in said) == (tier == "working")


def test_a_working_copy_does_not_claim_that_its_numbers_are_protected(site):
    tier, _, _, pages = site
    assert ("were not applied here" in pages["index.html"].get_text()) == (tier == "working")


def test_what_comes_from_the_context_is_escaped(tmp_path):
    hostile = "<script>alert('x')</script>"
    page = PageLink("02_participants", hostile, "02_participants.html")
    context = material.context(title=hostile, question=hostile, synthetic=hostile, site=hostile, pages=(page,),
                               period=hostile, data_cut=((hostile, hostile),), disclosure=((hostile, hostile),))
    for path in write_site(tmp_path, context, {"02_participants": material.participants()}):
        assert "<script" not in path.read_text("utf-8") or path.suffix == ".rtf"  # where it is words like any


def test_two_runs_write_the_same_bytes(tmp_path):
    runs = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        written = write_site(tmp_path / name, material.context(), material.notebooks())
        runs.append({path.name: path.read_bytes() for path in written})
    assert runs[0] == runs[1]


def test_a_folder_with_something_in_it_and_a_missing_notebook_are_refused(tmp_path):
    with pytest.raises(ValueError, match="09_methods"):
        write_site(tmp_path, material.context(), {k: v for k, v in material.notebooks().items() if k != "09_methods"})
    (tmp_path / "old.html").write_text("")
    with pytest.raises(FileExistsError):
        write_site(tmp_path, material.context(), material.notebooks())


def test_a_page_that_fails_leaves_the_folder_empty(tmp_path):
    from analysis.errors import Mistake

    with pytest.raises(Mistake, match="09_methods: the notebook has no title"):
        write_site(tmp_path, material.context(), material.notebooks() | {"09_methods": material.notebook()})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("block", [0, 1], ids=["light", "dark"])
def test_every_text_colour_has_a_contrast_of_four_and_a_half(block):
    roots = re.findall(r":root \{(.*?)\}", stylesheet(), re.S)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", roots[block]))
    for text in ("ink", "muted", "accent", "visited", "keyword", "string", "number", "comment"):
        for paper in ("paper", "tint", "mark"):
            assert contrast(colours[text], colours[paper]) >= 4.5, (text, paper)
    assert contrast(colours["warn"], colours["warn-paper"]) >= 4.5


def test_the_front_page_says_what_the_summary_says_each_number_bound_to_its_cell(tmp_path):
    from dataclasses import replace

    pages = (PageLink("00_summary", "Summary", "00_summary.html"), *material.PAGES)
    context = replace(material.context(), pages=pages)
    write_site(tmp_path, context, material.notebooks() | {"00_summary": material.participants()})
    found = BeautifulSoup((tmp_path / "index.html").read_text("utf-8"), "html.parser").select("dl.findings > div")
    said = [(part.a["href"], [one["data-cell"] for one in part.select("dd p.sentence [data-cell]")]) for part in found]
    assert said and all(href.startswith("00_summary.html#") and cells for href, cells in said)


def test_a_report_without_a_summary_has_a_front_page_without_findings(tmp_path):
    write_site(tmp_path, material.context(), material.notebooks())
    assert "findings" not in (tmp_path / "index.html").read_text("utf-8")


def test_populations_of_one_rule_stand_together_on_the_front_page(tmp_path):
    context = material.context(disclosure=(("invited", "all"), ("enrolled", "few"), ("interviewed", "all")))
    write_site(tmp_path, context, material.notebooks())
    rules = BeautifulSoup((tmp_path / "index.html").read_text("utf-8"), "html.parser").select_one("dl.rules")
    assert [node.get_text() for node in rules.find_all(["dt", "dd"])] == [
        "invited, interviewed", "all", "enrolled", "few"]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""
    def luminance(colour: str) -> float:
        parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
