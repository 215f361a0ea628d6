"""The whole road on the worked study under a strict profile, and what the runner does when there is nothing to do."""

import json
import re
from pathlib import Path

import pytest

from analysis.protect.gate import refused
from analysis.protect.profile import NOT_PEOPLE
from analysis.study import open_study
from pipelines.runner import Runner

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def strict(make_project, checks_here):
    """The worked study released under opensafely, all its pages; the project's root."""
    root = make_project(profile="opensafely", notebooks=True)
    assert Runner(open_study("south-glos", root)).report() == 0
    return root


def executed(root: Path) -> dict[str, tuple[dict, dict]]:
    """Page -> (the executed notebook, its registry)."""
    def read(path: Path) -> dict:
        return json.loads(path.read_text("utf-8"))

    folder = root / ".build" / "south-glos" / "pages" / "release-all"
    return {p.stem: (read(p), read(p.with_name(f"{p.stem}.registry.json")))
            for p in sorted(folder.glob("[0-9]*.ipynb"))}


def cells_of(root: Path) -> list[dict]:
    """Every cell that a page has released; one on several pages is there once for each."""
    return [{**cell, "page": page, "of": registry["cells"]} for page, (_, registry) in executed(root).items()
            for cell in registry["cells"].values()]


def test_all_pages_run_under_opensafely(strict):
    assert sorted(executed(strict)) == sorted(open_study("south-glos", strict).definition.values["pages"])
    assert len(list((strict / "reports" / "south-glos").glob("*.html"))) == len(executed(strict)) + 2  # overview, Run


def test_every_number_shown_is_a_released_cell(strict):
    for page, (notebook, registry) in executed(strict).items():
        assert refused(notebook["cells"], registry) == [], page


def test_no_count_of_seven_or_fewer_people_is_shown(strict):
    small = [(cell["page"], cell["words"]) for cell in cells_of(strict) if cell["status"] == "shown"
             and cell["kind"] == "count" and cell["n"] <= 7 and cell["population"] not in NOT_PEOPLE]
    assert small == []


def test_no_word_says_whether_a_number_that_is_hidden_or_rounded_is_the_published_one(strict):
    words = [cell for cell in cells_of(strict) if cell["kind"] == "text" and cell["numerator"]]  # about a number
    assert len(words) > 20 and {cell["page"] for cell in words} == {
        "04_opioid_dose", "08_published_comparison", "14_code_patterns", "18_changes"}
    assert {cell["of"][cell["numerator"]]["kind"] for cell in words if cell["status"] == "shown"} <= {"value"}
    agree, = (cell for cell in cells_of(strict) if cell["words"].endswith(": figures that agree"))
    assert agree["text"] == "[REDACTED]"


def test_what_is_no_count_of_people_is_neither_hidden_nor_rounded(strict):
    shown = [cell for cell in cells_of(strict) if cell["population"] in NOT_PEOPLE
             and cell["kind"] not in ("total", "verdict")]  # verdicts are decided anew of released numbers
    assert len(shown) > 40 and all(cell["released"] == cell["true"] for cell in shown)


def test_rows_do_not_come_and_go_with_a_hidden_count(strict):
    """Under OpenSAFELY a nought is hidden: so every level that the definition knows has its row, or a part of one."""
    tables = [output["data"]["text/plain"] for cell in executed(strict)["02_participants"][0]["cells"]
              for output in cell.get("outputs", []) if "text/plain" in output["data"]]
    characteristics = next("".join(table) for table in tables if "".join(table).startswith("Characteristics of people"))
    levels = [label.strip() for line in characteristics.splitlines() for label in line.split("  ")[0].split("; ")]
    ethnicities = ["White British", "White other", "Asian or Asian British", "Black or Black British", "Mixed",
                   "Not recorded"]
    begin = levels.index("Ethnicity") + 1
    assert levels[begin:begin + len(ethnicities)] == ethnicities


def test_a_hidden_number_reads_as_hidden_and_never_as_nought_or_nan(strict):
    assert {cell["text"] for cell in cells_of(strict) if cell["status"] == "hidden"} == {"[REDACTED]"}
    for page in (strict / "reports" / "south-glos").glob("*.html"):
        assert not re.search(r"\bnan\b|\bNone\b|\bNaT\b", re.sub(r"<[^>]+>", " ", page.read_text("utf-8"))), page.name


def test_shown_counts_are_rounded_to_five(strict):
    shown = [cell["released"] for cell in cells_of(strict) if cell["status"] == "shown" and cell["kind"] == "count"
             and cell["population"] not in NOT_PEOPLE]
    assert shown and all(value % 5 == 0 for value in shown)


def test_the_true_numbers_are_nowhere_in_the_report(strict):
    """The three who stopped, spelt in any bound cell of the published pages, would be a leak."""
    hidden = {identity for _, registry in executed(strict).values() for identity, cell in registry["cells"].items()
              if cell["status"] == "hidden"}
    for page in (strict / "reports" / "south-glos").glob("*.html"):
        for identity, text in re.findall(r'data-cell="(\w+)"[^>]*>([^<]*)<', page.read_text("utf-8")):
            assert identity not in hidden or text == "[REDACTED]", (page.name, identity)


def test_a_second_report_with_nothing_changed_does_nothing_and_says_so(strict, capsys):
    before = {p: p.stat().st_mtime_ns for p in (strict / "reports").rglob("*")}
    assert Runner(open_study("south-glos", strict)).report() == 0
    assert "nothing has changed; the report is reports/south-glos/index.html" in capsys.readouterr().err
    assert {p: p.stat().st_mtime_ns for p in (strict / "reports").rglob("*")} == before


def test_two_runs_write_the_same_bytes(strict):
    first = {p: p.read_bytes() for p in (strict / "reports" / "south-glos").rglob("*") if p.is_file()}
    for key in (strict / ".build" / "south-glos" / "pages").rglob("*.json"):
        if not key.name.endswith("registry.json"):
            key.unlink()
    assert Runner(open_study("south-glos", strict)).report() == 0
    assert {p: p.read_bytes() for p in (strict / "reports" / "south-glos").rglob("*") if p.is_file()} == first


def test_the_report_says_what_each_page_read_and_the_times_stay_in_the_build_folder(strict):
    published = (strict / "reports" / "south-glos" / "run.html").read_text("utf-8")
    kept = (strict / ".build" / "south-glos" / "run.html").read_text("utf-8")
    for path in sorted((strict / ".build" / "south-glos" / "pages" / "release-all").glob("[0-9]*_*.ipynb")):
        record = json.loads(path.with_suffix(".json").read_text("utf-8"))
        assert f'href="{path.stem}.html"' in published and ", ".join(sorted(record["read"]["tables"])) in published
        assert record["started"].replace("T", " ") in kept and record["started"][:10] not in published
        assert record["key"][:12] in kept and record["key"][:12] not in published


def test_numbers_that_are_not_what_the_definition_says_of_them_are_told_at_the_end_of_each_run(strict, capsys):
    definition = strict / "pipelines" / "studies" / "south-glos" / "study.toml"
    before = definition.read_text("utf-8")
    try:
        definition.write_text(before.replace("peg_change < 0", "peg_change > 0"), "utf-8")
        for _ in range(2):  # the second has nothing to do
            Runner(open_study("south-glos", strict)).report(only=["07_integration"])
            told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("look at")]
            assert told[0] == ("look at 07_integration: joint display, “Did pain itself change?”: the numbers do not "
                               "agree with what the definition says of them")
    finally:
        definition.write_text(before, "utf-8")
