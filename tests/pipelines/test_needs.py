"""What a page or a cell needs: what a service does not have is left out, so that what is left reads whole."""

import json
import re
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis.errors import Mistake
from analysis.study import open_study
from pipelines.keys import Keys
from pipelines.needs import is_met, left_out, only_met, pages_of, without
from pipelines.pages import Order
from pipelines.runner import Runner

ROOT = Path(__file__).parents[2]
STUDY = """\
title    = "A small service"
period   = { from = 2025-01-01, to = 2025-12-31 }
data_cut = { records = 2025-12-31 }
LISTED
[disclosure]
enrolled = "none"
[extracts.visits]
table = "contacts"
file = "visits.csv"
[extracts.visits.columns]
contact_id = { from = "Ref" }
[sites]
by = "practice"
names = { north = "North" }
[interviews]
project = "interviews.qdpx"
coding = "codebook"
"""


def notebook(name: str, needs: list[str] | None = None, tags: tuple[str, ...] = (), **metadata: str):
    cells = [new_markdown_cell(f"# {name[3:].capitalize()}"),
             new_code_cell('study: str = "small"\nsite: str = "all"\ntier: str = "release"',
                           metadata={"tags": ["parameters"]}),
             new_code_cell("page", metadata={"tags": list(tags)})]
    return new_notebook(cells=cells, metadata=metadata | ({} if needs is None else {"needs": needs}))


def small(root: Path, notebooks: dict[str, object], listed: str = ""):
    folder = root / "pipelines" / "studies" / "small"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(STUDY.replace("LISTED", listed), "utf-8")
    (root / "notebooks").mkdir(exist_ok=True)
    for name, said in notebooks.items():
        (root / "notebooks" / f"{name}.ipynb").write_text(json.dumps(said), "utf-8")
    return open_study("small", root)


# ------------------------------------------------------------------------------------------------ what is there

@pytest.mark.parametrize(("need", "met"), [
    ("contacts", True), ("interventions", False),            # a table that an extract fills, whatever its own name
    ("sites", True), ("doses", False),                       # a section of the definition
    ("codebook", True), ("published", False),                # a file beside it
    ("interviews.project", True), ("interviews.stance", False), ("codebook.themes", True),
    ("codebook.constructs", False), ("doses.table", False),  # a key of one
    ("interventions or contacts", True), ("interventions or doses", False),
])
def test_a_need_is_met_by_a_table_that_is_filled_a_section_a_file_or_a_key_of_one(tmp_path, need, met):
    study = small(tmp_path, {})
    (study.folder / "codebook.toml").write_text('[themes]\na = "A"\n', "utf-8")
    assert is_met(open_study("small", tmp_path), need) is met


@pytest.mark.parametrize(("need", "words"), [
    ("prescription", "did you mean 'prescriptions'?"), ("interviews.stances", "did you mean 'stance'?"),
    ("weather", "known: "), ("contacts or visit", "it needs 'visit'"),
])
def test_a_need_that_no_study_could_meet_is_a_mistake_of_the_notebook(tmp_path, need, words):
    study = small(tmp_path, {})
    for made in (notebook("01_one", needs=[need]), notebook("01_one", tags=(f"needs-{need}",))):
        with pytest.raises(Mistake, match="^01_one.ipynb: it needs") as mistake:
            without(study, made, "01_one")
        assert words in str(mistake.value)


# ------------------------------------------------------------------------------------------------ pages

PAGES = {"00_first": notebook("00_first"), "02_doses": notebook("02_doses", ["prescriptions", "doses"]),
         "01_visits": notebook("01_visits", ["contacts"]), "03_published": notebook("03_published", ["published"]),
         "_template": notebook("_template")}


def test_a_study_that_lists_no_pages_has_the_numbered_notebooks_whose_needs_it_meets_in_order(tmp_path):
    study = small(tmp_path, PAGES)
    assert pages_of(study) == pages_of(study, "north") == ["00_first", "01_visits"]
    (study.folder / "published.toml").touch()
    assert pages_of(study) == ["00_first", "01_visits", "03_published"]


def test_a_page_that_says_after_stands_behind_that_page_and_those_behind_it_already(tmp_path):
    study = small(tmp_path, {"00_first": notebook("00_first"), "01_second": notebook("01_second"),
                             "02_third": notebook("02_third", after="00_first"), "03_fourth": notebook("03_fourth"),
                             "04_fifth": notebook("04_fifth", after="00_first"),
                             "05_sixth": notebook("05_sixth", after="09_gone")})
    assert pages_of(study) == ["00_first", "02_third", "04_fifth", "01_second", "03_fourth", "05_sixth"]


def test_a_study_may_list_its_pages_and_those_of_a_site_s_own_report(tmp_path):
    study = small(tmp_path, PAGES, 'pages = ["01_visits", "00_first"]')
    assert pages_of(study) == pages_of(study, "north") == ["01_visits", "00_first"]
    path = study.folder / "study.toml"
    path.write_text(path.read_text("utf-8").replace("[sites]\n", '[sites]\npages = ["00_first"]\n'), "utf-8")
    study = open_study("small", tmp_path)
    assert (pages_of(study), pages_of(study, "north")) == (["01_visits", "00_first"], ["00_first"])


def test_what_is_left_out_is_named_with_the_records_that_are_missing_or_else_the_sections(tmp_path):
    study = small(tmp_path, PAGES | {"04_a": notebook("04_a", ["responses", "contacts or events"]),
                                     "05_b": notebook("05_b", ["contacts", "outcomes", "joint"])})
    assert [(path.stem, why) for path, why in left_out(study)] == [
        ("02_doses", "not collected: prescriptions"), ("03_published", "not given: published.toml"),
        ("04_a", "not collected: responses"), ("05_b", "not given: [outcomes], [joint]")]


def test_a_listed_page_whose_needs_are_not_met_is_a_mistake_that_says_which(tmp_path):
    study = small(tmp_path, PAGES, 'pages = ["00_first", "02_doses"]')
    with pytest.raises(Mistake) as mistake:
        Runner(study)._orders((), {})
    assert str(mistake.value) == (
        "study.toml, line 4: the page '02_doses' cannot be made: not collected: prescriptions\n"
        "  -> take it out of 'pages', or bring what it needs")


def test_a_notebook_that_cannot_be_read_stays_a_page_so_that_its_reader_is_told_why(tmp_path):
    study = small(tmp_path, {"00_first": notebook("00_first")})
    (tmp_path / "notebooks" / "01_half.ipynb").write_text('{"cells": [', "utf-8")
    assert (pages_of(study), left_out(study)) == (["00_first", "01_half"], [])


# ------------------------------------------------------------------------------------------------ cells

def cells(*said: str) -> list:
    """Cells in short: '# words' is text, 'call' is code; ' ~need' at the end tags one."""
    made = []
    for words in said:
        source, _, need = words.partition(" ~")
        make = new_markdown_cell if source[0] in "#*" else new_code_cell
        made.append(make(source, metadata={"tags": [f"needs-{need}"] if need else []}))
    return made


def kept(*said: str, unmet: tuple[str, ...] = ("doses",)) -> list[str]:
    return [cell.source for cell in only_met(cells(*said), unmet)]


def test_a_cell_that_needs_what_is_not_there_goes_and_the_others_stay():
    assert kept("# Page", "flow", "doses ~doses", "visits ~contacts", "* note") == [
        "# Page", "flow", "visits", "* note"]


def test_a_heading_takes_its_section_with_it_down_to_the_next_of_its_level_or_above():
    assert kept("# Page", "## A ~doses", "one", "* note", "### A, by site", "two", "## B", "three") == [
        "# Page", "## B", "three"]


def test_a_section_that_has_nothing_left_to_show_goes_with_its_heading_and_its_notes():
    assert kept("# Page", "## A", "### A, by dose", "one ~doses", "* note", "### A, by site", "two ~doses", "* note",
                "## Words", "* only words") == ["# Page", "## Words", "* only words"]


def test_a_section_that_has_something_left_to_show_stays():
    assert kept("# Page", "## A", "* said", "one ~doses", "two") == ["# Page", "## A", "* said", "two"]


def test_with_all_needs_met_nothing_goes():
    whole = ("# Page", "## A ~doses", "one ~doses", "## B", "* words")
    assert kept(*whole, unmet=()) == [words.partition(" ~")[0] for words in whole]


def test_the_key_of_a_page_changes_when_what_its_cells_need_comes_or_goes(tmp_path):
    study = small(tmp_path, {"00_first": notebook("00_first", tags=("needs-published", "needs-contacts"))})
    [before] = Runner(study)._orders((), {})
    (study.folder / "published.toml").touch()
    [after] = Runner(study)._orders((), {})
    assert (before.without, after.without) == (("published",), ())
    record = {"read": {"tables": [], "files": [], "sections": []}, "populations": []}
    keys = Keys(study)
    assert keys.of_page(before, record) != keys.of_page(after, record)
    assert keys.of_page(after, record) == keys.of_page(
        Order(after.notebook, after.output, after.parameters, after.root), record)


# ------------------------------------------------------------------------------------------------ what ships

def needs_of(path: Path) -> tuple[set[str], set[str]]:
    """What a committed notebook needs, for the page and for cells."""
    said = json.loads(path.read_text("utf-8"))
    tags = {tag for cell in said["cells"] for tag in cell["metadata"]["tags"] if tag.startswith("needs-")}
    return set(said["metadata"].get("needs", [])), {tag.removeprefix("needs-") for tag in tags}


def test_the_readme_says_of_every_page_what_it_and_its_parts_need():
    rows = re.findall(r"^\| `(\d\w+)` \| (.*?) \| (.*?) \|$", (ROOT / "README.md").read_text("utf-8"), re.M)
    said = {name: tuple(set(re.findall("`(.*?)`", words)) for words in columns) for name, *columns in rows}
    assert said == {path.stem: needs_of(path) for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))}


def test_the_worked_study_meets_every_need_of_every_committed_notebook():
    study = open_study("south-glos", ROOT)
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        assert without(study, json.loads(path.read_text("utf-8")), path.stem) == ()
    assert left_out(study) == []
