"""The page `Run`: the same words in two runs, nothing of the records; and the page of times, which stays here."""

import copy
from dataclasses import replace

import pytest
import report_material as material
from bs4 import BeautifulSoup

from analysis.report.context import PageLink
from analysis.report.pages import PageRenderer
from analysis.report.run import RUN, page_run, page_times, run_html, times_html
from analysis.report.site import write_articles

HASH = "0123456789abcdef" * 4
RECORD = {
    "page": "02_participants", "started": "2026-11-23T12:00:00", "seconds": 0.9, "outcome": "built", "key": "f" * 64,
    "cells": [{"cell": 1, "seconds": 0.25, "peak_mb": 195.1}, {"cell": 3, "seconds": 0.5, "peak_mb": 230.4},
              {"cell": 5, "seconds": 0.05, "peak_mb": None}],
    "read": {"tables": ["referrals", "patients"], "sections": ["sites", "period"],
             "files": ["study.toml", "codebook.toml"]},
    "parts": {
        "notebook": {"cells": [["markdown", [], ["# Participants"]]]}, "parameters": {"study": "small", "site": "all"},
        "tables": {"patients": "facefeedfacefeed", "referrals": "cafecafecafecafe"},
        "definition": {"period": HASH[:16], "sites": HASH[1:17]}, "profiles": {"enrolled": "opensafely"},
        "files": {"pipelines/studies/small/codebook.toml": HASH}, "code": "beefbeefbeefbeef",
        "lock": {"requirements.lock": HASH}, "plan": ["a1b2c3d4e5"]},
}


def record(**changes) -> dict:
    return copy.deepcopy(RECORD) | changes


def with_part(name: str, value: object) -> dict:
    return record(parts=RECORD["parts"] | {name: value})


def run(said: dict = RECORD):
    return page_run("Participants", said)


@pytest.fixture(scope="module")
def context():
    return material.context(pages=material.PAGES[:1], about=(RUN,))


@pytest.fixture(scope="module")
def page(context):
    return BeautifulSoup(run_html(context, [run()]), "html.parser")


@pytest.fixture(scope="module")
def articles(context):
    return {"02_participants": PageRenderer(context).article(material.participants(), context.pages[0])}


def test_it_says_of_each_page_how_many_cells_it_has_and_what_it_read(page):
    rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in page.select("main table tr")]
    assert rows == [
        ["Page", "Code cells", "Key", "Tables it read", "Sections of the definition it read"],
        ["Participants", "3", run().key, "patients, referrals", "period, sites"]]
    assert page.select_one("main table a")["href"] == "02_participants.html"


def test_it_lists_what_the_key_is_made_of_with_hashes_cut_to_twelve(page):
    listed = [(dt.get_text(), dt.find_next_sibling("dd").get_text()) for dt in page.select("dl.built dt")]
    assert [words for words, _ in listed] == [
        "Notebook", "Parameters", "Package", "Lock file", "Definition period", "Definition sites",
        "File pipelines/studies/small/codebook.toml", "Disclosure profile enrolled"]
    values = dict(listed)
    assert values["Package"] == "beefbeefbeef" and values["Disclosure profile enrolled"] == "opensafely"
    assert values["File pipelines/studies/small/codebook.toml"] == HASH[:12]
    assert len(run().key) == len(values["Notebook"]) == 12


def test_it_says_what_a_page_had_to_do_without(context):
    parts = with_part("without", ["recruitment", "doses"])
    fold = BeautifulSoup(run_html(context, [run(parts)]), "html.parser").select_one("dl.built")
    assert [node.get_text() for node in fold.select("dt, dd")][:2] == [
        "Parts left out, for want of", "recruitment, doses"]


def test_its_numbers_stand_where_those_of_the_provenance_stand_and_claim_no_cell(page):
    assert not page.select("main [data-cell]")
    assert "bound to no cell" in " ".join(page.main.get_text().split())
    assert "built" in page.select_one("main table").parent["class"]


def test_two_runs_that_took_different_times_and_came_out_differently_write_the_same_page(context):
    later = record(started="2027-01-01T00:00:00", seconds=7.5, outcome="unchanged",
                   cells=[cell | {"seconds": 2.0, "peak_mb": 999.9} for cell in RECORD["cells"]])
    assert run_html(context, [run(later)]) == run_html(context, [run()])


@pytest.mark.parametrize(("name", "value"), [
    ("tables", {"patients": "0" * 16, "referrals": "1" * 16}), ("plan", []), ("plan", ["ffffffffff"])])
def test_other_records_and_another_plan_of_what_to_hide_leave_it_as_it_is(context, name, value):
    """A hash of few rows can be guessed and tried; what a plan hides tells which of the hidden numbers are small."""
    assert run_html(context, [run(with_part(name, value) | {"key": "0" * 64})]) == run_html(context, [run()])


@pytest.mark.parametrize(("name", "value"), [
    ("notebook", {"cells": []}), ("parameters", {"study": "small", "site": "a"}), ("code", "0" * 16), ("lock", {}),
    ("definition", {}), ("files", {}), ("profiles", {"enrolled": "none"})])
def test_the_key_of_a_page_changes_with_each_part_that_is_listed(name, value):
    assert run(with_part(name, value)).key != run().key


def test_a_site_writes_it_last_in_the_navigation_and_in_nobodys_line(tmp_path, context, articles):
    written = write_articles(tmp_path, context, articles, [run()])
    assert [path.name for path in written if path.suffix not in (".csv", ".rtf")] == [
        "index.html", "style.css", "02_participants.html", "run.html"]
    pages = {path.name: BeautifulSoup(path.read_text("utf-8"), "html.parser") for path in tmp_path.glob("*.html")}
    for name, soup in pages.items():
        for nav in soup.find_all("nav", attrs={"aria-label": "Pages of the report"}):
            assert [(a["href"], a.get_text()) for a in nav.find_all("a")] == [
                ("index.html", "Overview"), ("02_participants.html", "Participants"), ("run.html", "Run")]
            assert [a["href"] for a in nav.select("[aria-current]")] == [name]
    assert [a["href"] for a in pages["02_participants.html"].select("nav.turn a")] == ["index.html"]
    ids = [node["id"] for node in pages["run.html"].find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_a_page_without_a_run_and_a_run_without_a_page_are_refused(tmp_path, context, articles):
    for runs in ([], [run(), replace(run(), page="09_methods")]):
        with pytest.raises(ValueError, match="pages and their runs differ"):
            write_articles(tmp_path, context, articles, runs)
    assert not list(tmp_path.iterdir())


def test_a_notebook_called_run_does_not_take_its_place():
    with pytest.raises(ValueError, match="run.html"):
        material.context(pages=(PageLink("run", "Our run", "run.html"),), about=(RUN,))


def test_what_comes_from_a_record_is_escaped(context):
    hostile = "<script>alert(1)</script>"
    said = with_part("definition", {hostile: hostile}) | {"read": {"tables": [hostile], "sections": [hostile]}}
    assert "<script" not in run_html(context, [page_run(hostile, said)])
    assert "<script" not in times_html(hostile, [page_times({"page": hostile, "site": hostile, "outcome": "failed",
                                                             "why": hostile}, said | {"started": hostile})])


def test_the_page_of_times_has_outcome_seconds_memory_and_each_cell():
    entries = [{"page": "02_participants", "site": "all", "outcome": "unchanged"},
               {"page": "04_opioid_dose", "site": "a", "outcome": "failed", "why": "cell 3 failed: KeyError: 'dose'"}]
    made = times_html("Small", [page_times(entries[0], RECORD), page_times(entries[1], {})])
    soup = BeautifulSoup(made, "html.parser")
    pages, cells = ([[cell.get_text() for cell in row.find_all(["th", "td"])] for row in table.select("tbody tr")]
                    for table in soup.find_all("table"))
    assert pages == [
        ["02_participants", "all", "unchanged", "2026-11-23 12:00:00", "0.90", "0.80", "230", "ffffffffffff"],
        ["04_opioid_dose", "a", "failed: cell 3 failed: KeyError: 'dose'", "", "", "", "", ""]]
    assert cells == [["1", "0.250", "195.1"], ["3", "0.500", "230.4"], ["5", "0.050", ""]]


def test_the_page_of_times_needs_no_other_file():
    soup = BeautifulSoup(times_html("Small", []), "html.parser")
    assert [link["href"] for link in soup.find_all("link")] == ["data:,"] and not soup.find_all(["script", "img"])
    assert "--paper:" in soup.style.get_text()
