"""
Reports by site: each practice has its own beside the report over all; one whose own rows are faulty is withheld alone.

One project goes through a story: Practice B sends an impossible date, the report is asked for in several ways, then the
date is put right. Each run of the story is made once; the tests read what it said and left.
"""

import contextlib
import io
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from small_project import RAW, contents, keep, keep_pages, ledger, replace

from analysis.errors import BlockingFaults, Mistake
from analysis.study import open_study
from pipelines.__main__ import main
from pipelines.runner import Runner
from pipelines.steps import check_and_tidy

pytestmark = pytest.mark.usefixtures("checks_here")

ISSUES_A, ISSUES_B = (RAW + f"EMIS opioid issues (Practice {site}).csv" for site in "AB")
IMPOSSIBLE = "99/99/2017"
PAGES, SITE_PAGES = ["01_data_quality", "02_participants", "09_methods"], ["01_data_quality", "02_participants"]
WITHHELD = "withheld: Practice B, whose rows break: date as stated; see .build/south-glos/data_queries.csv\n"
BLOCKED = """
south-glos: 1 blocking fault; nothing was published, the last report is as it was
  gp_issues_b, column 'Date issued', rule 'date as stated': the date has the format that the definition states \
(DD/MM/YYYY); found like '99/99/9999' in EMIS opioid issues (Practice B).csv, line 8; write the date in the stated \
order, or correct `format` in study.toml, line {line}
  -> all of them: .build/south-glos/data_queries.csv
"""


@dataclass
class Run:
    """What one run said and left."""

    code: int
    words: str
    outcomes: dict[str, dict[str, str]]  # site -> page -> what became of it
    files: dict[str, bytes]  # the published folder
    tidy: dict[str, pd.DataFrame]

    def banner(self, page: str) -> str:
        """What a published page says it is about."""
        return BeautifulSoup(self.files[page].decode(), "html.parser").select_one(".banner span").get_text()

    def main(self, page: str) -> str:
        """The words between a published page's head and foot."""
        return " ".join(BeautifulSoup(self.files[page].decode(), "html.parser").main.get_text(" ").split())


def spoil(root: Path, file: str) -> None:
    """The first date in the file becomes one that there is not."""
    text = (root / file).read_text("utf-8-sig")
    head, dates = re.split(r"(?<=Type\n)|(?<=type\n)", text, maxsplit=1)
    (root / file).write_text(head + re.sub(r"\d\d/\d\d/\d{4}", IMPOSSIBLE, dates, count=1), "utf-8")


@pytest.fixture(scope="module")
def story(make_project, checks_here) -> dict[str, Run]:
    """The runs by name, in the order in which they were made."""
    root = make_project(notebooks=True)
    keep(root, "clients", "gp_patients_a", "gp_patients_b", "gp_issues_a", "gp_issues_b", "invitations", "episodes",
         "recruitment", "participants", "interview_log", "codebook", sections=("interviews",))
    keep_pages(root, PAGES, SITE_PAGES)
    delivered = (root / ISSUES_B).read_bytes()
    build, runs = root / ".build" / "south-glos", {}

    def run(name: str, *words: str) -> None:
        with contextlib.redirect_stderr(io.StringIO()) as said:
            code = main(["report", *words])
        outcomes = {site: ledger(root, site) for site in ("all", "practice_a", "practice_b")}
        tidy = {path.stem: pd.read_parquet(path) for path in (build / "tidy").glob("*.parquet")}
        runs[name] = Run(code, said.getvalue(), outcomes, contents(root / "reports" / "south-glos"), tidy)

    spoil(root, ISSUES_B)
    run("spoilt", "--sites", "all")
    run("again", "--sites", "all")
    run("A alone", "--site", "practice_a")
    run("B alone", "--site", "practice_b")
    run("plain")
    (root / ISSUES_B).write_bytes(delivered)
    run("mended", "--sites", "all")
    replace(root, "notebooks/02_participants.ipynb", "# Participants", "# People")
    run("A again", "--site", "practice_a")
    return runs


# ------------------------------------------------------------------------------------------------ one site is faulty

def test_the_faulty_site_is_withheld_and_the_others_and_the_report_over_all_are_made(story):
    assert story["spoilt"].outcomes == {
        "all": dict.fromkeys(PAGES, "built"), "practice_a": dict.fromkeys(SITE_PAGES, "built"),
        "practice_b": dict.fromkeys(SITE_PAGES, "withheld")}


def test_the_run_says_which_site_is_withheld_and_for_what_and_ends_as_one_with_a_blocking_fault(story):
    assert story["spoilt"].code == BlockingFaults.exit_code == 3
    assert story["spoilt"].words.endswith(f"\n{WITHHELD}south-glos: reports/south-glos/index.html\n")


def test_in_the_place_of_the_withheld_report_stands_one_page_that_says_why_and_holds_no_number(story):
    run = story["spoilt"]
    assert sorted(name for name in run.files if "practice_b" in name) == [
        "sites/practice_b/index.html", "sites/practice_b/style.css"]
    assert run.main("sites/practice_b/index.html") == (
        "Practice B: report withheld "
        "The records of this site broke rules that must hold before anything is counted, so nothing about it is "
        "reported. What must hold, and does not the date has the format that the definition states "
        "The rows concerned are listed in the data query log, which stays with the records. Other sites are not "
        "touched; the report over all sites says that it leaves this one out. When the records are put right, the "
        "next run makes this report.")
    links = re.findall(rb'<a href="([^"#]+)"', run.files["sites/practice_b/index.html"])
    assert set(links) == {b"index.html"}


def test_every_page_of_the_report_over_all_says_that_it_leaves_the_site_out(story):
    over_all = [name for name in story["spoilt"].files if name.endswith(".html") and "/" not in name]
    assert len(over_all) == len(PAGES) + 2
    assert {story["spoilt"].banner(name) for name in over_all} == {
        "All sites, without Practice B (withheld: faults in the records)"}


def test_another_site_s_report_says_nothing_of_it(story):
    pages = [name for name in story["spoilt"].files if name.startswith("sites/practice_a/") and name.endswith(".html")]
    assert {story["spoilt"].banner(name) for name in pages} == {"Practice A"}
    assert "Practice B" not in story["spoilt"].main("sites/practice_a/02_participants.html")


def test_no_table_holds_a_row_of_the_site_that_is_withheld(story):
    tidy, whole = story["spoilt"].tidy, story["mended"].tidy
    there = whole["patients"].loc[whole["patients"]["practice"] == "practice_b", "patient_id"]
    assert set(tidy["patients"]["practice"]) == {"practice_a"} and len(there)
    assert [name for name, table in tidy.items() if "patient_id" in table
            and table["patient_id"].isin(there).any()] == []
    assert set(tidy["interviews"]["practice"]) == {"practice_a", "both practices"}
    assert set(tidy["codings"]["interview_id"]) == set(tidy["interviews"]["interview_id"])
    assert set(whole["interviews"]["practice"]) == {"practice_a", "practice_b", "both practices"}


def test_the_numbers_of_the_report_over_all_are_those_of_the_other_sites(story):
    """And no row says nought of a site whose people nobody counted."""
    alone, both = (story[when].main("02_participants.html") for when in ("spoilt", "mended"))
    assert re.search(r"Practice A 33 19 57\.6%( \d+)* Population", alone)
    assert re.search(r"Practice A 33 19 57\.6%( \d+)* Practice B 26 15 57\.7%( \d+)* Population", both)


def test_the_data_quality_page_counts_no_fault_of_the_site_that_is_left_out(story):
    assert "date as stated" not in set(story["spoilt"].tidy["quality_faults"]["rule"])


def test_each_fault_says_of_which_site_its_row_is_so_that_a_site_s_page_counts_its_own(story):
    faults = story["mended"].tidy["quality_faults"]
    assert set(faults["practice"].dropna()) == {"practice_a", "practice_b"}


# ------------------------------------------------------------------------------------------------ asked again

def test_asked_again_it_does_nothing_and_says_what_is_withheld_all_the_same(story):
    again = story["again"]
    assert (again.code, again.words) == (
        3, f"{WITHHELD}south-glos: nothing has changed; the report is reports/south-glos/index.html\n")
    assert again.files == story["spoilt"].files


def test_the_report_of_a_site_without_faults_does_not_end_with_the_faults_of_another(story):
    alone = story["A alone"]
    assert (alone.code, alone.words) == (
        0, "south-glos: nothing has changed; the report is reports/south-glos/sites/practice_a/index.html\n")


def test_the_report_of_the_faulty_site_alone_is_withheld(story):
    alone = story["B alone"]
    assert (alone.code, alone.words) == (
        3, f"{WITHHELD}south-glos: nothing has changed; the report is reports/south-glos/sites/practice_b/index.html\n")


def test_a_run_that_asks_for_no_site_stops_at_the_fault_as_it_always_did(story):
    plain = story["plain"]
    assert (plain.code, re.sub(r"study.toml, line \d+", "study.toml, line {line}", plain.words)) == (3, BLOCKED)
    assert (plain.files, plain.outcomes) == (story["spoilt"].files, story["spoilt"].outcomes)


# ------------------------------------------------------------------------------------------------ put right

def test_when_the_records_are_put_right_the_next_run_makes_the_report_that_was_withheld(story):
    mended = story["mended"]
    assert (mended.code, mended.outcomes["practice_b"]) == (0, dict.fromkeys(SITE_PAGES, "built"))
    assert "withheld" not in mended.words
    assert sorted(name for name in mended.files if "practice_b" in name) == sorted(
        name.replace("practice_a", "practice_b") for name in mended.files if "practice_a" in name)
    pages = [name for name in mended.files if name.startswith("sites/practice_b/") and name.endswith(".html")]
    assert {mended.banner(name) for name in pages} == {"Practice B"}


def test_the_report_over_all_no_longer_leaves_anything_out(story):
    """Its methods page reads no record: it is laid out anew and not made again."""
    assert story["mended"].outcomes["all"] == {
        "01_data_quality": "built", "02_participants": "built", "09_methods": "unchanged"}
    assert {story["mended"].banner(name) for name in story["mended"].files if re.fullmatch(r"\w+\.html", name)} == {
        "All sites"}


def test_a_page_of_another_site_is_not_made_again_for_it(story):
    assert story["mended"].outcomes["practice_a"]["02_participants"] == "unchanged"


def test_a_site_s_report_has_the_pages_that_the_definition_gives_it(story):
    for site in ("practice_a", "practice_b"):
        assert sorted(name.removeprefix(f"sites/{site}/") for name in story["mended"].files
                      if site in name and not name.endswith((".csv", ".rtf"))) == [
            "01_data_quality.html", "02_participants.html", "index.html", "run.html", "style.css"]
    assert "09_methods.html" in story["mended"].files


def test_a_run_for_one_site_leaves_the_other_reports_as_they_were_published(story):
    before, after = story["mended"], story["A again"]
    assert (after.code, after.outcomes) == (
        0, {"all": {}, "practice_a": {"01_data_quality": "unchanged", "02_participants": "built"}, "practice_b": {}})
    changed = ("index.html", "01_data_quality.html", "02_participants.html", "run.html")
    assert {name for name in after.files if after.files[name] != before.files.get(name)
            and not name.endswith(".rtf")} == {f"sites/practice_a/{name}" for name in changed}  # which names its page
    assert set(after.files) == set(before.files)


# ------------------------------------------------------------------------------------------------ whose fault it is

@pytest.fixture
def small(a_project):
    """The study with the two practices' lists and issues, and the codebook, which is of neither."""
    keep(a_project, "clients", "gp_patients_a", "gp_patients_b", "gp_issues_a", "gp_issues_b", "codebook")
    return a_project


def checked(root: Path, withhold: bool = True) -> dict:
    return check_and_tidy(open_study("south-glos", root), withhold)


def refused(root: Path, withhold: bool = True) -> list[str]:
    """The first line of what blocks the run, and the place of each fault; nothing may be written then."""
    with pytest.raises(BlockingFaults) as blocked:
        checked(root, withhold)
    assert not (root / ".build" / "south-glos" / "tidy").exists()
    first, *lines = str(blocked.value).splitlines()
    return [first.split(";")[0], *(re.sub(r".*?(column '[^']*'), .* in (.*?\.csv, line \d+).*", r"\2, \1", line)
                                   for line in lines if ", rule " in line)]


def test_rows_of_one_site_withhold_it_and_are_logged(small):
    spoil(small, ISSUES_B)
    made = checked(small)
    log = pd.read_csv(small / ".build/south-glos/data_queries.csv")
    assert (made["withheld"], made["queries"]) == ({"practice_b": ["date as stated"]}, len(log))
    log = log[log["severity"] == "blocking"]
    assert log[["file", "row", "rule"]].values.tolist() == [[Path(ISSUES_B).name, 8, "date as stated"]]


def test_where_no_reports_by_site_are_asked_for_one_site_s_rows_block_everything(small):
    spoil(small, ISSUES_B)
    assert refused(small, withhold=False) == [
        "south-glos: 1 blocking fault", "EMIS opioid issues (Practice B).csv, line 8, column 'Date issued'"]


def test_where_every_site_is_faulty_nothing_is_left_to_report(small):
    spoil(small, ISSUES_A)
    spoil(small, ISSUES_B)
    assert refused(small) == [
        "south-glos: 2 blocking faults", "EMIS opioid issues (Practice A).csv, line 9, column 'Issue date'",
        "EMIS opioid issues (Practice B).csv, line 8, column 'Date issued'"]


def test_a_fault_that_belongs_to_no_one_site_blocks_everything_though_another_site_is_faulty_too(small):
    """A code without a name: the codebook is of no practice."""
    spoil(small, ISSUES_B)
    replace(small, RAW + "codebook.csv", "enrolment,,Enrolment into the service", "enrolment,,")
    assert refused(small) == [
        "south-glos: 2 blocking faults", "EMIS opioid issues (Practice B).csv, line 8, column 'Date issued'",
        "codebook.csv, line 4, column 'Name'"]


def test_a_row_of_a_number_that_no_client_has_belongs_to_no_site(small):
    number = re.search(r"\n(999\d{7}),", (small / ISSUES_B).read_text("utf-8"))[1]
    replace(small, ISSUES_B, number, "9990000018")
    assert refused(small) == [
        "south-glos: 1 blocking fault", "EMIS opioid issues (Practice B).csv, line 8, column 'NHS No.'"]


def test_a_site_that_the_study_does_not_have_is_a_mistake(small):
    with pytest.raises(Mistake) as mistake:
        Runner(open_study("south-glos", small), sites=["practice_c"])
    assert str(mistake.value) == "'south-glos' has no site 'practice_c'\n  -> known: all, practice_a, practice_b"
