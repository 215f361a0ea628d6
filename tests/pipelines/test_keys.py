"""
What is done again and what is not: a change executes the pages that it touches and nothing else.

A study of three pages is run once; each test alters a copy of the project. Participants releases cells of the people
invited and enrolled, outcomes of the enrolled, methods none; all three read the instruments.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from small_project import RAW, STUDY, contents, keep, keep_pages, ledger, replace

from analysis.study import open_study
from pipelines import cache, keys, steps
from pipelines.__main__ import main
from pipelines.keys import Keys
from pipelines.pages import Order, source_of
from pipelines.runner import Runner
from pipelines.steps import fingerprints

pytestmark = pytest.mark.usefixtures("checks_here")

ROOT = Path(__file__).parents[2]
PEOPLE, OUTCOMES, METHODS = PAGES = ("02_participants", "05_outcomes", "09_methods")
NOTHING = "south-glos: nothing has changed; the report is reports/south-glos/index.html\n"


@pytest.fixture(scope="module")
def built(make_project, checks_here) -> Path:
    """The project after its first report."""
    root = make_project(notebooks=True)
    keep(root, "clients", "gp_patients_a", "gp_patients_b", "invitations", "episodes", "recruitment",
         "questionnaire_baseline", "questionnaire_follow_up", sections=("outcomes",))
    keep_pages(root, list(PAGES))
    assert main(["report"]) == 0
    return root


@pytest.fixture
def project(built, tmp_path, monkeypatch) -> Path:
    """A copy of it for one test, as deep in the file system: records name the package's files from there."""
    root = shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("SERVICE_EVALUATION_ROOT", str(root))
    assert due(root) == set()
    return root


def order(root: Path, page: str) -> Order:
    """The page as a run orders it: without what these few extracts do not have."""
    return Runner(open_study("south-glos", root))._orders([page], {})[0]


def due(root: Path) -> set[str]:
    """The pages whose key is not that of their last run."""
    known = Keys(open_study("south-glos", root))
    return {page for page in PAGES if known.is_due(order(root, page))}


def executed(root: Path) -> set[str]:
    """The pages that a report executes now."""
    assert main(["report"]) == 0
    return {page for page, outcome in ledger(root).items() if outcome == "built"}


def started(root: Path) -> dict[str, int]:
    """When each page was written last."""
    return {page: order(root, page).output.stat().st_mtime_ns for page in PAGES}


# ------------------------------------------------------------------------------------------------ the definition

@pytest.mark.parametrize(("population", "pages"), [
    ("invited", {PEOPLE}), ("enrolled", {PEOPLE, OUTCOMES}), ("interviewed", set()), ("service_providers", set())])
def test_another_profile_of_a_population_touches_the_pages_that_release_its_cells(project, population, pages):
    said = (project / STUDY).read_text("utf-8")
    line = next(line for line in said.splitlines() if line.startswith(population))
    replace(project, STUDY, line, line.replace('"none"', '"opensafely"'))
    assert due(project) == pages


def test_a_report_under_another_profile_executes_those_pages_and_hides_their_small_numbers(project):
    before = order(project, OUTCOMES).output.read_bytes()
    replace(project, STUDY, 'invited           = { profile = "none"', 'invited = { profile = "opensafely"')
    assert executed(project) == {PEOPLE}
    cells = json.loads(order(project, PEOPLE).registry.read_text("utf-8"))["cells"].values()
    assert {cell["text"] for cell in cells if cell["population"] == "invited" and cell["n"] < 8} == {"[REDACTED]"}
    assert order(project, OUTCOMES).output.read_bytes() == before


@pytest.mark.parametrize(("old", "new", "pages"), [
    ('title    = "South', 'title    = "North', set()),
    ('label = "Follow-up"', 'label = "Later"', {PEOPLE, OUTCOMES}),
    ("window_days = 84", "window_days = 28", {METHODS}),
    ('practice_a = "Practice A"', 'practice_a = "Hill Surgery"', set(PAGES)),
    ('rounding  = "half up"', 'rounding  = "half even"', set(PAGES))])
def test_another_word_of_the_definition_touches_the_pages_that_asked_for_its_section(project, old, new, pages):
    replace(project, STUDY, old, new)
    assert due(project) == pages


def test_a_note_executes_nothing_and_is_told_in_the_report(project):
    """The overview lists the files that the report was built from, with their hashes."""
    published, before = project / "reports" / "south-glos", started(project)
    overview = (published / "index.html").read_text("utf-8")
    with (project / STUDY).with_name("notes.md").open("a") as notes:
        notes.write("\nSomething that was noticed later.\n")
    assert executed(project) == set()
    assert started(project) == before
    assert (published / "index.html").read_text("utf-8") != overview


def test_a_file_of_the_study_that_no_page_here_reads_executes_nothing(project):
    (project / STUDY).with_name("published.toml").write_text("", "utf-8")
    assert due(project) == set()


def test_the_codebook_which_every_page_opens_touches_every_page(project):
    with (project / STUDY).with_name("codebook.toml").open("a") as book:
        book.write("\n# a remark\n")
    assert due(project) == set(PAGES)


# ------------------------------------------------------------------------------------------------ the package's files

@pytest.fixture
def package(project, monkeypatch) -> Path:
    """The project with the package's folder in it, as if the pages had read the reference data from there."""
    shutil.copytree(ROOT / "analysis", project / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.lock", project)
    monkeypatch.setattr(keys, "PACKAGE", project / "analysis")
    known = Keys(open_study("south-glos", project))
    for page in PAGES:
        record = cache.read_json(order(project, page).record)
        record["read"]["files"] = [f"analysis/{name.split('/analysis/')[1]}" if "/analysis/" in name else name
                                   for name in record["read"]["files"]]
        known.is_done(order(project, page), record)
    assert due(project) == set()
    return project


@pytest.mark.parametrize(("file", "pages"), [
    ("analysis/reference/instruments/peg.toml", set(PAGES)),
    ("analysis/reference/instruments/swemwbs.toml", set(PAGES)),
    ("analysis/reference/doses/fpm-2020.csv", {METHODS}),
    ("analysis/reference/profiles/none.toml", set(PAGES)),
    ("analysis/reference/profiles/opensafely.toml", set()),
    ("analysis/measures/people/flow.py", set(PAGES)),
    ("analysis/report/article.py", set()),  # how a page is laid out is not what it says
    ("requirements.lock", set(PAGES))])
def test_a_changed_file_of_the_package_touches_the_pages_that_read_it(package, file, pages):
    with (package / file).open("a") as changed:
        changed.write("\n")
    assert due(package) == pages


def test_an_instrument_is_checked_against_again_when_its_file_has_changed(package):
    (package / "analysis/reference/instruments/peg.toml").open("a").write("\n")
    assert Keys(open_study("south-glos", package)).tidy_is_due()


@pytest.mark.parametrize("file", ["profiles/none.toml", "instruments/peg.toml"])
def test_a_page_has_said_which_reference_files_it_read(project, file):
    read = {page: cache.read_json(order(project, page).record)["read"]["files"] for page in PAGES}
    assert {page for page in PAGES if any(name.endswith(f"analysis/reference/{file}") for name in read[page])} == {
        "profiles/none.toml": set(PAGES), "instruments/peg.toml": set(PAGES)}[file]


# ------------------------------------------------------------------------------------------------ files and notebooks

def test_files_that_are_touched_and_not_changed_execute_nothing(project, capsys):
    later = time.time() + 60
    for folder in ("data_raw", "notebooks", "pipelines"):
        for file in (project / folder).rglob("*.*"):
            os.utime(file, (later, later))
    before = contents(project / "reports"), started(project)
    assert (main(["report"]), capsys.readouterr().err) == (0, NOTHING)
    assert (contents(project / "reports"), started(project)) == before


def test_a_changed_notebook_executes_that_page(project):
    replace(project, f"notebooks/{METHODS}.ipynb", "# Methods", "# Methods and materials")
    before = started(project)
    assert executed(project) == {METHODS}
    assert {page for page, when in started(project).items() if when != before[page]} == {METHODS}
    assert "<h1>Methods and materials</h1>" in (project / f"reports/south-glos/{METHODS}.html").read_text("utf-8")


def test_outputs_that_are_stored_in_a_notebook_are_no_part_of_its_key(project):
    path = project / "notebooks" / f"{METHODS}.ipynb"
    notebook, before = json.loads(path.read_text("utf-8")), source_of(path)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    path.write_text(json.dumps(notebook), "utf-8")
    assert source_of(path) == before
    assert due(project) == set()


@pytest.mark.parametrize("part", ["cell_type", "source", "tags"])
def test_every_other_part_of_a_cell_is(project, part):
    path = project / "notebooks" / f"{METHODS}.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    cell = notebook["cells"][-1]
    if part == "tags":
        cell["metadata"]["tags"] = ["raises-exception"]
    else:
        cell[part] = "raw" if part == "cell_type" else ["pass"]
    path.write_text(json.dumps(notebook), "utf-8")
    assert due(project) == {METHODS}


def test_one_changed_record_executes_the_pages_that_read_its_table(project):
    """A woman of Practice B becomes a man: characteristics read the list of patients, the outcomes do not."""
    replace(project, RAW + "EMIS patient list (Practice B).csv", ",F,", ",M,")
    assert executed(project) == {PEOPLE}


def test_a_cell_that_the_plan_hides_touches_the_pages_that_show_it(project):
    cells = {page: json.loads(order(project, page).registry.read_text("utf-8"))["cells"] for page in PAGES}
    own, = sorted(cells[OUTCOMES].keys() - cells[PEOPLE].keys())[:1]
    both, = sorted(cells[OUTCOMES].keys() & cells[PEOPLE].keys())[:1]
    plan = project / ".build" / "south-glos" / "plan.json"
    for planned, pages in (([own], {OUTCOMES}), ([both], {OUTCOMES, PEOPLE}), (["0123456789"], set())):
        plan.write_text(json.dumps(planned), "utf-8")
        assert due(project) == pages


@pytest.mark.parametrize("missing", ["output", "article", "record"])
def test_a_page_of_which_something_is_missing_is_made_again(project, missing):
    getattr(order(project, PEOPLE), missing).unlink()
    assert due(project) == {PEOPLE}


def test_rows_of_one_site_change_the_fingerprint_of_that_site_and_of_all(built):
    patients = pd.DataFrame({"patient_id": ["A", "B"], "practice": ["practice_a", "practice_b"]})
    contacts = pd.DataFrame({"patient_id": ["A", "B"], "minutes": [10, 20]})
    codes = pd.DataFrame({"code_id": ["x"]})

    def of(**tables) -> dict:
        return fingerprints(open_study("south-glos", built),
                            {"patients": patients, "contacts": contacts, "codes": codes} | tables)

    before, after = of(), of(contacts=contacts.assign(minutes=[11, 20]), codes=codes.assign(code_id=["y"]))
    changed = {table: [site for site, found in of_site.items() if after[table][site] != found]
               for table, of_site in before.items()}
    assert changed == {
        "patients": [], "contacts": ["all", "practice_a"],
        "codes": ["all", "practice_a", "practice_b"]}  # of no site: of every one


# ------------------------------------------------------------------------------------------------ nothing to do

def test_where_nothing_is_to_be_done_no_library_of_the_pages_is_even_imported(project):
    program = ("import sys\nfrom pipelines.__main__ import main\ncode = main(['report'])\n"
               "print(code, sorted({'pandas', 'numpy', 'great_expectations', 'papermill', 'nbformat', 'matplotlib',"
               " 'IPython', 'lxml', 'jinja2'} & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("0 []\n", NOTHING)


# ------------------------------------------------------------------------------------------------ a run that was killed

def test_a_run_that_was_killed_goes_on_where_it_was(project):
    """Killed in the middle of its second page: the first is not executed again, and nothing was published."""
    for page in (PEOPLE, METHODS):
        notebook = project / "notebooks" / f"{page}.ipynb"
        notebook.write_text(notebook.read_text("utf-8").replace('"# ', '"# The ', 1), "utf-8")
    slow = project / "notebooks" / f"{OUTCOMES}.ipynb"
    quick, said = slow.read_bytes(), json.loads(slow.read_text("utf-8"))
    code = [cell for cell in said["cells"] if cell["cell_type"] == "code"]
    code[-1]["source"] = "open(f'{page.study.root}/sleeping', 'w').close()\nimport time\ntime.sleep(600)"
    slow.write_text(json.dumps(said), "utf-8")
    published, first = contents(project / "reports"), order(project, PEOPLE).record.read_bytes()

    run = subprocess.Popen([sys.executable, "-m", "pipelines", "report", "--jobs", "1"], cwd=ROOT,
                           stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        until = time.monotonic() + 60
        while not (project / "sleeping").exists():
            assert run.poll() is None and time.monotonic() < until
            time.sleep(0.02)
    finally:
        run.kill()
        run.wait()
    assert contents(project / "reports") == published
    assert order(project, PEOPLE).record.read_bytes() != first
    slow.write_bytes(quick)
    assert executed(project) == {OUTCOMES, METHODS}
    assert ledger(project)[PEOPLE] == "unchanged"
    assert "<h1>The " in (project / f"reports/south-glos/{PEOPLE}.html").read_text("utf-8")


def publish_until(move: int) -> int:
    """The exit code of a run that kills itself before that move of its publishing; else how many moves there were."""
    moves = iter(range(100))

    def replace(old, new):
        if next(moves) == move:
            os.kill(os.getpid(), signal.SIGKILL)
        os.replace(old, new)

    def run() -> None:
        steps.os = SimpleNamespace(replace=replace, link=os.link)
        os._exit(next(moves) if main(["report"]) == 0 else 100)

    process = get_context("fork").Process(target=run)
    process.start()
    process.join()
    return process.exitcode


@pytest.fixture
def noted(project) -> Path:
    """A project of which the report is to be published again, with another site's report in the published folder."""
    with (project / STUDY).with_name("notes.md").open("a") as notes:
        notes.write("\nSomething that was noticed later.\n")
    other = project / "reports" / "south-glos" / "sites" / "practice_a"
    other.mkdir(parents=True)
    (other / "index.html").write_text("<p>Practice A</p>", "utf-8")
    return project


def test_publishing_moves_six_files_their_tables_and_two_folders(noted):
    """Three pages, overview, Run, style and tables; the old folder out of the way and the new one to its place."""
    assert publish_until(99) == 9


@pytest.mark.parametrize("move", range(9))
def test_a_run_that_is_killed_while_it_publishes_leaves_a_whole_report_and_the_next_run_the_new_one(noted, move):
    reports = noted / "reports"
    before = contents(reports / "south-glos")
    assert publish_until(move) == -signal.SIGKILL
    there = reports / ("south-glos" if move < 8 else ".south-glos.old")  # between the renames it stands aside
    assert contents(there) == before
    assert main(["report"]) == 0
    after = contents(reports / "south-glos")
    assert {name for name in after if after[name] != before[name]} == {"index.html"} and after.keys() == before.keys()
    assert [path.name for path in reports.iterdir()] == ["south-glos"]
