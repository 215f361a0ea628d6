"""The watched report: what is saved is served, the browser is told, and nothing of it is published or stays behind."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from watched_project import ENDLESS, ROOT, SHOW, Watched, children, notebook, project, wait_until

from analysis.study import open_study
from pipelines import kernels
from pipelines.rounds import Round


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """The study, watched; both its pages have been made."""
    root = project(tmp_path_factory.mktemp("watched"))
    for name in ("10_reach", "11_words"):
        nbformat.write(notebook(name, "As it was.", SHOW), root / "notebooks" / f"{name}.ipynb")
    watched = Watched(root)
    try:
        for name in ("10_reach", "11_words"):
            watched.follow(name, lambda html: "4</span> were invited" in html)
        yield watched
    finally:
        if watched.process.poll() is None:
            watched.end()


@pytest.fixture
def quiet(watched):
    """The watch between two tests: both pages as they should be, no round under way."""
    for name in ("10_reach", "11_words"):
        watched.save(name, "As it was.", SHOW)
    for name in ("10_reach", "11_words"):
        watched.follow(name, lambda html: "As it was." in html and 'role="alert"' not in html)
    watched.settle()
    return watched


# ------------------------------------------------------------------------------------------------ what is served

def test_a_notebook_that_is_saved_is_served_and_the_browser_is_told(quiet):
    quiet.save("10_reach", "Just now saved.", SHOW)
    html, said = quiet.follow("10_reach", lambda html: "Just now saved." in html)
    assert "4</span> were invited" in html
    assert "making 10_reach" in said


def test_only_the_page_that_changed_is_executed(quiet):
    before = {name: quiet.record(name) for name in ("10_reach", "11_words")}
    quiet.save("10_reach", "Another text.", SHOW)
    quiet.follow("10_reach", lambda html: "Another text." in html)
    quiet.settle()
    assert [name for name in before if quiet.record(name) != before[name]] == ["10_reach"]


def test_a_measure_that_changed_is_used_by_all_pages(quiet):
    quiet.change("analysis/measures/people/flow.py", '"Participant flow: inv', '"FLOW OF THE CHANGED MEASURE: inv')
    quiet.save("10_reach", "With a table.", "table(page.release(page.measures.participant_flow()))")
    html, _ = quiet.follow("10_reach", lambda html: "FLOW OF THE CHANGED MEASURE" in html)
    assert "FLOW OF THE CHANGED MEASURE" in html


def test_two_changes_of_one_length_within_a_second_are_two_changes(quiet):
    """Python takes what it has compiled for fresh where the source has the same length and second."""
    quiet.save("10_reach", "With a table.", "table(page.release(page.measures.participant_flow()))")
    source = quiet.root / "analysis/measures/people/flow.py"
    quiet.change("analysis/measures/people/flow.py", ": invitation and enrolment", ": ONE invitation and enrolment")
    quiet.follow("10_reach", lambda html: ": ONE invitation" in html)
    again = source.with_name(".flow.py")
    again.write_text(source.read_text("utf-8").replace(": ONE invitation", ": TWO invitation"), "utf-8")
    second = source.stat().st_mtime_ns // 10**9 * 10**9
    os.utime(again, ns=(second, second + (source.stat().st_mtime_ns + 1) % 10**9))
    os.replace(again, source)
    html, _ = quiet.follow("10_reach", lambda html: ": TWO invitation" in html)
    assert ": ONE invitation" not in html


def test_how_pages_are_laid_out_is_changed_without_executing_them(quiet):
    before = {name: quiet.record(name) for name in ("10_reach", "11_words")}
    quiet.change("analysis/report/article.py", "return Article(title,", "return Article(title + ' laid out anew',")
    quiet.follow("11_words", lambda html: "<h1>11_words laid out anew</h1>" in html)
    quiet.change("analysis/report/templates/service_evaluation/shell.html.j2", "Skip to the text", "Skip to the words")
    quiet.follow("11_words", lambda html: "Skip to the words" in html)
    quiet.settle()
    assert {name: quiet.record(name) for name in before} == before


def test_an_extract_that_changed_is_read_again(quiet):
    quiet.change("data_raw/walking-group/invitations.csv", "A3,", "A4,2025-02-03,no\nA3,")
    html, said = quiet.follow("10_reach", lambda html: "5</span> were invited" in html)
    assert "checking and tidying the extracts" in said


def test_nothing_is_published(quiet):
    assert not (quiet.root / "reports").exists()
    written = {path.name for path in (quiet.root / ".build/walking-group/watch").iterdir()}
    assert written == {"10_reach.html", "11_words.html", "index.html", "run.html", "style.css", "tables"}


# ------------------------------------------------------------------------------------------------ what is wrong

def test_a_page_that_fails_shows_cell_source_and_error_until_the_next_good_save(quiet):
    quiet.save("10_reach", "Broken.", SHOW, "table(nowhere)")
    html, _ = quiet.follow("10_reach", lambda html: 'role="alert"' in html)
    for words in ("10_reach could not be made", "cell 5 failed: NameError", "table(nowhere)", "As it was."):
        assert words in html
    assert 'role="alert"' not in quiet.page("11_words")
    quiet.save("10_reach", "Mended.", SHOW)
    html, _ = quiet.follow("10_reach", lambda html: "Mended." in html)
    assert 'role="alert"' not in html


def test_a_page_that_is_put_back_as_it_was_after_it_failed_is_whole_again(quiet):
    """What a failed run left in its registry is not what the page shows."""
    quiet.save("10_reach", "As it was.", "nowhere")
    quiet.follow("10_reach", lambda html: 'role="alert"' in html)
    quiet.save("10_reach", "As it was.", SHOW)
    quiet.follow("10_reach", lambda html: 'role="alert"' not in html)
    registry = quiet.root / ".build/walking-group/pages/release-all/10_reach.registry.json"
    assert json.loads(registry.read_text())["cells"]


def test_a_page_that_never_ends_is_given_up_when_it_is_saved_anew_and_its_kernel_with_it(quiet):
    quiet.save("10_reach", "Endless.", ENDLESS)
    wait_until(lambda: quiet.kernels())
    endless = quiet.kernels()
    quiet.save("10_reach", "Ended.", SHOW)
    quiet.follow("10_reach", lambda html: "Ended." in html)
    wait_until(lambda: not quiet.kernels())
    assert [pid for pid in endless if Path(f"/proc/{pid}").exists()] == []


def test_a_notebook_that_cannot_be_read_says_so_on_its_page_and_stops_no_other(quiet):
    (quiet.root / "notebooks" / "10_reach.ipynb").write_text('{"cells": [')
    quiet.save("11_words", "Beside a broken one.", SHOW)
    html, _ = quiet.follow("10_reach", lambda html: 'role="alert"' in html)
    assert "this is no notebook" in html
    quiet.follow("11_words", lambda html: "Beside a broken one." in html)


def test_a_mistake_in_the_definition_stands_on_every_page_until_it_is_mended(quiet):
    quiet.change("pipelines/studies/walking-group/study.toml", 'title    =', 'titel    =')
    for name in ("10_reach", "index"):
        html, _ = quiet.follow(name, lambda html: 'role="alert"' in html)
        assert "study.toml, line 2" in html and "titel" in html
    quiet.change("pipelines/studies/walking-group/study.toml", 'titel    =', 'title    =')
    quiet.follow("10_reach", lambda html: 'role="alert"' not in html)


def test_code_that_python_cannot_read_stands_on_every_page_until_it_is_mended(quiet):
    quiet.change("analysis/study.py", "def open_study(", "def open_study((")
    html, _ = quiet.follow("10_reach", lambda html: 'role="alert"' in html)
    assert "SyntaxError" in html
    quiet.change("analysis/study.py", "def open_study((", "def open_study(")
    quiet.follow("10_reach", lambda html: 'role="alert"' not in html)


def test_what_is_wrong_is_escaped(quiet):
    quiet.save("10_reach", "Hostile.", 'raise ValueError("<script>alert(1)</script>")')
    html, _ = quiet.follow("10_reach", lambda html: 'role="alert"' in html)
    assert "&lt;script&gt;alert(1)" in html and "<script>" not in html


# ------------------------------------------------------------------------------------------------ the server

def test_what_is_served_may_run_the_one_script_and_the_written_page_none(quiet):
    policy = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:"
    served = quiet.page("10_reach")
    written = (quiet.root / ".build/walking-group/watch/10_reach.html").read_text("utf-8")
    assert f"content=\"{policy}; script-src 'self'; connect-src 'self'\"" in served
    assert re.findall(r"<script[^>]*src=\"([^\"]+)\"", served) == ["/-/watch.js"] and served.count("<script") == 1
    assert f'content="{policy}"' in written and "<script" not in written


@pytest.mark.parametrize("path", ["/../study.toml", "/..%2f..%2ftidied.json", "/.hidden.html", "/pages/10_reach.html",
                                  "/tidied.json", "/-/events?page=../x&version=1"])
def test_only_pages_are_served(quiet, path):
    assert quiet.get(path)[0] == 404


def test_another_name_for_this_machine_is_refused(quiet):
    """A page elsewhere can have its own name lead here; what a browser then sends is that name."""
    assert quiet.get("/10_reach.html", host=f"elsewhere.example:{quiet.port}")[0] == 403
    assert quiet.get("/10_reach.html", host=f"localhost:{quiet.port}")[0] == 200


def test_a_page_that_is_not_there_yet_says_so(quiet):
    assert "has not been made yet" in quiet.page("12_later")


def test_a_port_that_is_taken_is_a_mistake_with_a_remedy(quiet):
    asked = subprocess.run([sys.executable, "-m", "pipelines", "watch", "walking-group", "--port", str(quiet.port)],
                           cwd=quiet.root, capture_output=True, text=True,
                           env={**os.environ, "SERVICE_EVALUATION_ROOT": str(quiet.root)})
    assert asked.returncode == 2 and f"port {quiet.port} is in use" in asked.stderr


# ------------------------------------------------------------------------------------------------ what runs, and where

def test_the_page_that_is_looked_at_comes_first(quiet, monkeypatch):
    study, order = open_study("walking-group", quiet.root), []
    watching = Round(study, lambda **message: None)
    monkeypatch.setattr(watching.keys, "tidy_is_due", lambda *more: False)
    monkeypatch.setattr(watching.keys, "is_due", lambda page: True)
    monkeypatch.setattr(watching, "_execute", lambda due: order.extend(page.name for page in due))
    monkeypatch.setattr(watching, "_put_all", lambda *more: None)
    watching.make(["11_words", "index"])
    assert order == ["11_words", "10_reach"]


def test_the_process_that_rounds_are_forked_from_has_one_thread_and_nothing_of_the_package():
    program = ("import sys; from pipelines import template, warm; warm.preload();"
               "print(template.threads(), [name for name in sys.modules if name.split('.')[0] == 'analysis'])")
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True,
                          env=kernels.environment(os.environ))
    assert said.stdout == "1 []\n"


def test_a_runner_that_changed_starts_again_under_the_same_address(quiet):
    with (quiet.root / "pipelines" / "context.py").open("a") as source:
        source.write("\n\ndef days_in_words(first, last) -> str:\n    return f'the {first.day}th'\n")
    quiet.follow("10_reach", lambda html: "the 1th" in html)
    assert quiet.process.poll() is None


def test_a_runner_that_cannot_be_read_leaves_the_watch_as_it_is(quiet):
    quiet.change("pipelines/context.py", "import Sequence\n", "import Sequence (\n")
    html, _ = quiet.follow("10_reach", lambda html: 'role="alert"' in html)
    assert "context.py, line 5" in html
    quiet.change("pipelines/context.py", "import Sequence (\n", "import Sequence\n")
    quiet.follow("10_reach", lambda html: 'role="alert"' not in html)


def test_with_kernels_that_are_not_forked_it_does_the_same(quiet, tmp_path):
    shutil.copytree(quiet.root, tmp_path / "stock")
    stock = Watched(tmp_path / "stock", SERVICE_EVALUATION_STOCK_KERNELS="1")
    try:
        stock.save("10_reach", "From a kernel that was started.", SHOW)
        stock.follow("10_reach", lambda html: "From a kernel that was started." in html)
    finally:
        assert stock.end() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["the keyboard", "a kill"])
def test_when_it_is_ended_amid_a_round_nothing_stays_behind(quiet, tmp_path, number):
    root = shutil.copytree(quiet.root, tmp_path / "ended")
    nbformat.write(notebook("10_reach", "Endless.", ENDLESS), root / "notebooks" / "10_reach.ipynb")
    ended = Watched(root)
    # The template, the process that rounds are forked from, the round, its worker and the kernel.
    wait_until(lambda: len(children(ended.process.pid)) >= 5 and ended.kernels())
    began = children(ended.process.pid)
    sockets = {Path(word.decode()) for pid in began for word in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
               if b"/se-" in word}
    assert sockets
    code = ended.end(number)
    assert code == (0 if number == signal.SIGINT else -number)
    wait_until(lambda: not [pid for pid in began if Path(f"/proc/{pid}").exists()])
    wait_until(lambda: not any(folder.exists() for folder in sockets))
    with pytest.raises(ConnectionRefusedError):
        ended.get("/10_reach.html")
