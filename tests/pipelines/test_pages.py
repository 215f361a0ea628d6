"""Pages that do not come to their end: each is named with its cell, its source and what happened; the others go on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from pipelines import kernels

HERE = Path(__file__).parents[2]
DEFINITION = """
title    = "Walks (synthetic)"
period   = { from = 2025-01-01, to = 2025-12-31 }
data_cut = { records = 2025-12-31 }
pages    = PAGES

[disclosure]
invited = "none"

[extracts.patients]
file = "patients.csv"
key  = ["patient_id"]
[extracts.patients.columns]
patient_id = { from = "ID" }
practice   = { value = "north" }
"""
FIRST = "started = 1"
PAGES = {
    "01_steady": [FIRST],
    "02_dies": [FIRST, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "after = 1"],
    "03_endless": [FIRST, "import time\ntime.sleep(600)", "after = 1"],
    "04_wrong": [FIRST, "nothing = 0\nstarted / nothing", "after = 1"],
    "05_leaves": [FIRST, "import sys\nsys.exit(0)", "after = 1"],
    "06_piecemeal": ["import time", *["time.sleep(0.4)"] * 60],
    "07_aimless": [FIRST],
    "08_steady": [FIRST],
}
LIMIT = 6  # seconds: more than a steady page takes on a busy machine, once its kernel has started


def notebook(name: str, sources: list[str], *, opens: bool = True) -> nbformat.NotebookNode:
    """A page of that name; one that does not open its Page where asked."""
    page = f'\n\npage = Page("{name}", study=study, site=site, tier=tier)' if opens else ""
    cells = [new_markdown_cell(f"# {name[3:].capitalize()}"),
             new_code_cell('study: str = "walks"\nsite: str = "all"\ntier: str = "release"',
                           metadata={"tags": ["parameters"]}),
             new_code_cell(f"from analysis.page import Page{page}", metadata={"tags": ["setup"]}),
             *(new_code_cell(source) for source in sources)]
    return new_notebook(cells=cells, metadata={
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})


def project(root: Path, pages: dict[str, list[str]]) -> Path:
    study, raw = root / "pipelines" / "studies" / "walks", root / "data_raw" / "walks"
    for folder in (study, raw, root / "notebooks"):
        folder.mkdir(parents=True)
    (study / "study.toml").write_text(DEFINITION.replace("PAGES", json.dumps(list(pages))), "utf-8")
    (raw / "patients.csv").write_text("ID\nA1\nA2\n", "utf-8")
    for name, sources in pages.items():
        nbformat.write(notebook(name, sources, opens="aimless" not in name), root / "notebooks" / f"{name}.ipynb")
    return root


def report(root: Path, *options: str, template: str = "") -> tuple[int, str]:
    """The run's exit code and what it said. It starts a template where it is given none."""
    done = subprocess.run([sys.executable, "-m", "pipelines", "report", "walks", "--jobs", "2", *options], text=True,
                          env=os.environ | {"SERVICE_EVALUATION_ROOT": str(root), kernels.ADDRESS: template},
                          cwd=HERE, capture_output=True)
    return done.returncode, done.stderr.strip()


@pytest.fixture(scope="module")
def run(tmp_path_factory, template):
    """The project's root after a run of all pages, the run's exit code and what it said."""
    root = project(tmp_path_factory.mktemp("walks"), PAGES)
    return root, *report(root, "--page-timeout", str(LIMIT), template=template)


def kept(name: str) -> str:
    return f"\n  -> the page as far as it came: .build/walks/pages/release-all/{name}.failed.ipynb\n"


def test_the_run_ends_with_the_code_of_failed_pages_and_publishes_nothing(run):
    root, code, said = run
    assert code == 1
    assert said.endswith("6 of 8 pages failed; nothing was published, the last report is as it was")
    assert not (root / "reports").exists()


def test_a_page_whose_kernel_dies_names_the_cell_and_its_source(run):
    assert ("02_dies.ipynb: cell 5: the kernel died (out of memory, perhaps, or ended by something outside)\n"
            "    import os, signal\n    os.kill(os.getpid(), signal.SIGKILL)" + kept("02_dies")) in run[2]


def test_a_page_that_outlives_the_limit_names_the_cell_that_it_was_at(run):
    assert (f"03_endless.ipynb: cell 5: the page took longer than {LIMIT} seconds\n"
            "    import time\n    time.sleep(600)" + kept("03_endless")) in run[2]


def test_the_limit_is_for_a_page_and_not_for_each_of_its_cells(run):
    found = run[2].split("06_piecemeal.ipynb: cell ")[1]
    number, words = found.split(":", 1)
    assert 5 < int(number) < 64
    assert words.startswith(f" the page took longer than {LIMIT} seconds\n    time.sleep(0.4)" + kept("06_piecemeal"))


def test_a_page_with_an_error_names_cell_source_and_error(run):
    assert ("04_wrong.ipynb: cell 5 failed: ZeroDivisionError: division by zero\n"
            "    nothing = 0\n    started / nothing" + kept("04_wrong")) in run[2]


def test_a_page_that_ends_itself_early_is_no_page(run):
    assert "05_leaves.ipynb: cell 5 ended the page before its last cell\n    import sys\n    sys.exit(0)" in run[2]


def test_a_page_that_opens_no_page_is_told_so(run):
    assert '07_aimless.ipynb: it never opened Page("07_aimless", …)' + kept("07_aimless") in run[2]


def test_the_other_pages_are_made_and_only_failed_ones_are_kept_as_failed(run):
    root, _, said = run
    folder = root / ".build" / "walks" / "pages" / "release-all"
    failed = {path.name.removesuffix(".failed.ipynb") for path in folder.glob("*.failed.ipynb")}
    assert failed == set(PAGES) - {"01_steady", "08_steady"}
    assert {path.name for path in folder.glob("[0-9]*.ipynb")} - {f"{name}.failed.ipynb" for name in failed} == {
        "01_steady.ipynb", "08_steady.ipynb"}
    assert list(folder.glob(".*.ipynb")) == []
    for name in failed:
        cells = nbformat.read(folder / f"{name}.failed.ipynb", as_version=4).cells
        assert [cell for cell in cells if "after" in cell.source and cell.get("execution_count")] == []
    ledger = json.loads((root / ".build" / "walks" / "ledger-release.json").read_text("utf-8"))
    told = {entry["page"]: entry["outcome"] for entry in ledger}
    assert told == {name: "failed" if name in failed else "built" for name in PAGES}


def test_once_mended_only_the_failed_pages_run_and_the_report_is_published(run, template):
    root, _, _ = run
    folder = root / ".build" / "walks" / "pages" / "release-all"
    before = {name: (folder / f"{name}.ipynb").stat().st_mtime_ns for name in ("01_steady", "08_steady")}
    for name in set(PAGES) - set(before):
        nbformat.write(notebook(name, [FIRST]), root / "notebooks" / f"{name}.ipynb")
    code, said = report(root, template=template)
    assert (code, said.count("[6/6]")) == (0, 1)
    assert (root / "reports" / "walks" / "index.html").is_file()
    assert {name: (folder / f"{name}.ipynb").stat().st_mtime_ns for name in before} == before
    assert list(folder.glob("*.failed.ipynb")) == []


KILL_THE_WORKERS = """import contextlib, os, psutil
for other in psutil.Process(os.getppid()).parent().children():
    if other.pid != os.getppid():
        with contextlib.suppress(psutil.NoSuchProcess):  # the run ends the other where one is gone
            other.kill()
import time; time.sleep(600)"""


@pytest.mark.skipif(not kernels.can_fork(), reason="a kernel finds its worker as a brother of its template")
def test_pages_that_end_their_workers_are_found_and_the_others_are_made(tmp_path):
    pages = {f"{number:02}_steady": [FIRST] for number in range(8)}
    root = project(tmp_path, {"01_deadly": [KILL_THE_WORKERS], **pages, "05_deadly": [KILL_THE_WORKERS]})
    code, said = report(root)
    found = "ipynb: its process ended (out of memory, perhaps)\n  -> run it again with --jobs 1; finished pages"
    assert code == 1
    assert f"01_deadly.{found}" in said and f"05_deadly.{found}" in said and said.count("its process ended") == 2
    folder = root / ".build" / "walks" / "pages" / "release-all"
    assert {path.stem for path in folder.glob("[0-9]*.ipynb")} == set(pages)
