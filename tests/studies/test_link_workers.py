"""The second shipped study: its extracts are what the script writes, and its report knows nothing of the first."""

import csv
import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from copy import copy
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis.extracts.checks.rules import nhs_number_is_valid
from analysis.interviews.taguette import read
from pipelines.__main__ import main

ROOT = Path(__file__).parents[2]
NAME = "link-workers"
STUDY = ROOT / "pipelines" / "studies" / NAME
SHIPPED = ROOT / "data_raw" / NAME
PAGES = ["00_summary", "01_data_quality", "02_participants", "03_service_activity", "05_outcomes", "06_themes",
         "07_integration", "09_methods"]
FIRST = re.compile(r"\b(pain|opioids?|morphine|tablets?|medicines?)\b", re.I)


def rows_of(name: str, *, title: bool = False, **how) -> list[dict[str, str]]:
    """A delivered CSV as it stands; a title line above the headings is left out."""
    text = (SHIPPED / name).read_bytes().decode(how.pop("encoding", "utf-8"))
    return list(csv.DictReader(io.StringIO(text.split("\r\n", 1)[1] if title else text), **how))


# ------------------------------------------------------------------------------------------------ extracts

def said(database: Path) -> list[str]:
    with sqlite3.connect(database) as opened:
        return list(opened.iterdump())


def test_the_script_writes_what_ships_to_the_byte_and_the_database_to_the_row(tmp_path):
    subprocess.run([sys.executable, str(STUDY / "extracts.py"), str(tmp_path)], check=True)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    shipped = {path.name: path.read_bytes() for path in SHIPPED.iterdir()}
    assert sorted(written) == sorted(shipped)
    # Two versions of SQLite may lay the same rows out in other pages.
    assert [name for name in written if written[name] != shipped[name] and name != "interviews.sqlite3"] == []
    assert said(tmp_path / "interviews.sqlite3") == said(SHIPPED / "interviews.sqlite3")


def test_every_file_says_that_it_is_synthetic_or_is_in_the_manifest_that_does():
    manifest = {row["FileName"]: row["Comment"] for row in rows_of("SRManifest.csv")}
    for path in SHIPPED.iterdir():
        assert "SYNTHETIC" in manifest.get(path.stem, "") + path.read_bytes().decode("cp1252", "replace"), path.name


def test_nhs_numbers_are_of_the_range_never_issued_and_pass_modulus_11():
    numbers = [row["NHSNumber"] for row in rows_of("SRPatient.csv")]
    assert len(numbers) == len(set(numbers)) == 242
    assert [n for n in numbers if not (n.startswith("999") and nhs_number_is_valid(n))] == []


def test_one_file_has_the_dates_of_systmone_and_another_iso_dates():
    appointment = rows_of("SRAppointment.csv")[0]
    case = rows_of("link worker case list.csv", title=True, delimiter=";", encoding="cp1252")[0]
    assert re.fullmatch(r"\d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d", appointment["DateStart"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", case["Opened"])


def test_every_passage_of_the_taguette_project_comes_in_and_is_what_the_transcript_marks():
    project = read(SHIPPED / "interviews.sqlite3")
    marked = {path.stem: path.read_text("utf-8") for path in (STUDY / "transcripts").glob("*.txt")}
    assert (project.losses, project.tolerated) == ((), ())
    assert sorted(i.id for i in project.interviews) == sorted(marked)
    assert {i.text for i in project.interviews} == {
        re.sub(r"\{\{[^|]*\||\}\}", "", text).rstrip("\n") for text in marked.values()}
    assert [c for c in project.codings if f"|{c.text}}}}}" not in marked[c.interview]] == []
    assert len({(c.interview, c.text) for c in project.codings}) == sum(text.count("{{") for text in marked.values())
    assert {c.coder for c in project.codings} == {"coder_a", "coder_b"}


def test_of_the_interviews_some_speak_well_of_it_and_some_do_not():
    project = read(SHIPPED / "interviews.sqlite3")
    stances = {(c.interview, c.code) for c in project.codings}
    assert len({i for i, code in stances if code == "positive"}) == len({i for i, code in stances
                                                                         if code == "negative"}) == 14


# ------------------------------------------------------------------------------------------------ the report

@pytest.fixture(scope="module")
def report(tmp_path_factory, checks_here) -> Path:
    """The published report over all practices, with one practice's own beside it."""
    root = tmp_path_factory.mktemp("project")
    folder = root / "pipelines" / "studies" / NAME
    folder.mkdir(parents=True)
    for file in STUDY.glob("*.*"):
        if file.suffix in (".toml", ".md"):
            shutil.copy(file, folder)
    shutil.copytree(SHIPPED, root / "data_raw" / NAME)
    shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERVICE_EVALUATION_ROOT", str(root))
        assert main(["report", NAME]) == 0
        assert main(["report", NAME, "--site", "dapplegate"]) == 0
        yield root / "reports" / NAME


@pytest.fixture(scope="module")
def pages(report) -> dict[str, BeautifulSoup]:
    """Every page of both reports."""
    return {path.relative_to(report).as_posix(): BeautifulSoup(path.read_text("utf-8"), "html.parser")
            for path in sorted(report.rglob("*.html"))}


def test_it_has_the_pages_that_it_has_data_for_and_so_has_a_practice_s_own(report):
    for folder in (report, report / "sites" / "dapplegate"):
        there = sorted(path.stem for path in folder.glob("[0-9]*.html"))
        assert [page for page in there if page in PAGES] == PAGES
        assert not {"04_opioid_dose", "08_published_comparison"} & set(there)


def test_the_front_page_says_what_is_left_out_and_why(pages):
    listed = pages["index.html"].select_one("#left-out ~ dl.rules")
    assert {dt.get_text(): dt.find_next_sibling("dd").get_text() for dt in listed.find_all("dt")}.items() >= {
        "Opioid dose": "not collected: prescriptions", "Published comparison": "not given: published.toml"}.items()


def test_no_page_holds_a_word_of_the_first_service(pages):
    for name, soup in ((name, copy(soup)) for name, soup in pages.items()):
        for left_out in soup.select("#left-out ~ dl.rules"):
            left_out.decompose()
        # What this service does not have is named in two places: the pages left out, and the rules that were not run.
        for row in soup.find_all("tr"):
            if row.find_parent("table").get_text().strip().startswith("Rules that were not run"):
                row.clear()
        assert FIRST.findall(soup.get_text()) == [], name


def test_no_section_is_about_what_is_not_collected_and_none_is_empty(pages):
    headings = {heading.get_text() for soup in pages.values() for heading in soup.find_all("h2")}
    assert not {"Opioid doses", "From enrolment to interview", "By the constructs of a framework"} & headings
    assert {"Who took part", "What was delivered", "What people said", "Asked and not asked"} <= headings
    for name, soup in pages.items():
        for heading in soup.select("article h2"):
            follows = heading.find_next_sibling()
            assert follows is not None and follows.name != "h2", (name, heading.get_text())
        for table in soup.find_all("table"):
            assert table.select("tbody td"), name


def test_every_link_leads_somewhere(report, pages):
    for name, soup in pages.items():
        for link in soup.find_all("a", href=True):
            target = link["href"].partition("#")[0]
            assert "://" in target or not target or ((report / name).parent / target).is_file(), (name, target)


def test_scores_are_compared_between_the_time_points_of_this_study(pages):
    page = pages["05_outcomes.html"].get_text()
    assert "Window: baseline and 12 weeks." in page
    row = next(row for row in pages["05_outcomes.html"].find_all("tr") if "Mean (SD), same" in row.get_text())
    people, baseline, follow_up, change = (cell.get_text() for cell in row.find_all("td"))
    assert 60 <= int(people) <= 110
    assert float(follow_up.split()[0]) > float(baseline.split()[0]) and float(change.split()[0]) > 0


def test_under_the_strict_profile_numbers_are_hidden_or_rounded_and_never_nought(report, pages):
    tidy = report.parents[1] / ".build" / NAME / "tidy"
    providers = pd.read_parquet(tidy / "interviews.parquet")["group"].eq("service provider").sum()
    sample = next(t for t in pages["06_themes.html"].find_all("table") if "People interviewed" in t.get_text())
    assert providers == 4
    assert [cell.get_text() for cell in sample.select_one("tbody tr").find_all("td")][:2] == ["10", "[REDACTED]"]
    shown = [span.get_text() for soup in pages.values() for span in soup.select("[data-cell]")]
    nought = {span["data-cell"] for soup in pages.values() for span in soup.select("[data-cell]")
              if span.get_text() == "0"}
    registered = {identity: cell for path in (tidy.parent / "pages" / "release-all").glob("*.registry.json")
                  for identity, cell in json.loads(path.read_text("utf-8"))["cells"].items()}
    # A quartile of many people may be nought: it counts nobody.
    assert len(shown) > 1000 and {registered[identity]["kind"] for identity in nought} <= {"value"}
    assert shown.count("[REDACTED]") > 200


# ------------------------------------------------------------------------------------------------ no code knows either

def test_no_code_names_a_study_but_the_default_of_the_verbs():
    files = [*(ROOT / "analysis").rglob("*.py"), *(ROOT / "pipelines").glob("*.py")]
    named = {path.relative_to(ROOT).as_posix() for path in files
             if re.search(r"south.glos|link.workers?\b", path.read_text("utf-8"), re.I)}
    assert named == {"pipelines/__init__.py"} and len(files) > 80
