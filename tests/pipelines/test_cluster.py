"""Pages on a Dask cluster: real schedulers and worker processes, all of them on this machine."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import nbformat
import pandas as pd
import psutil
import pytest
from nbformat import v4

from analysis.errors import Mistake, PageFailed
from analysis.study import open_study
from pipelines.__main__ import main
from pipelines.context import report_context
from pipelines.executors import Local
from pipelines.keys import Keys
from pipelines.pages import Order

DASK = [sys.executable, "-c", "from dask.__main__ import main; main()"]
STUDY = """
title    = "Walks offered by two practices (synthetic)"
period   = { from = 2025-01-01, to = 2025-12-31 }
data_cut = { records = 2025-12-31 }
pages    = ["01_flow", "02_practices"]

[disclosure]
invited  = "none"
enrolled = "none"

[sites]
by    = "practice"
names = { north = "North practice", south = "South practice" }

[extracts.patients]
file = "patients.csv"
key  = ["patient_id"]
[extracts.patients.columns]
patient_id = { from = "ID" }
practice   = { from = "Surgery", codes = { "N" = "north", "S" = "south" } }
"""
PEOPLE = ["A1", "A2", "A3", "A4"]
TABLES = {
    "patients": {"patient_id": PEOPLE, "practice": ["north", "north", "south", "south"]},
    "referrals": {"patient_id": PEOPLE, "invited_on": pd.to_datetime(["2025-02-03"] * 4),
                  "response": ["enrolled", "declined", "enrolled", "no reply"], "reason": [None] * 4},
    "episodes": {"patient_id": ["A1", "A3"], "started_on": pd.to_datetime(["2025-03-01", "2025-03-02"])},
}
# Cells of pages that go wrong. Each execution of a page leaves a line; a worker is the parent of its template.
RAN = 'import time\nwith open(f"{page.study.root}/ran", "a") as ran: _ = ran.write(page.name + "\\n")'
LOSE = ('import psutil\n'
        '[worker] = [p for p in psutil.Process().parents() if "spawn_main" in " ".join(p.cmdline())]\n'
        'worker.kill()\ntime.sleep(60)')
ONCE = "if open(f'{page.study.root}/ran').read().count(page.name) == 1:\n    " + LOSE.replace("\n", "\n    ")
STOP = 'import os\nos.kill(int(open(f"{page.study.root}/scheduler").read()), 9)\ntime.sleep(60)'


def notebook(name: str, *cells: str) -> str:
    """A notebook as JSON: parameters, a page of that name, and these cells."""
    sources = [(["parameters"], 'study: str = "walks"\nsite: str = "all"\ntier: str = "release"'),
               (["setup"], "from analysis.page import Page\nfrom analysis.present import bars, sentence, table\n\n"
                           f'page = Page("{name}", study=study, site=site, tier=tier)'),
               *(([], cell) for cell in cells)]
    made = v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
        cells=[v4.new_markdown_cell(f"# {name[3:].capitalize()}", id="title"),
               *(v4.new_code_cell(source, id=f"c{number}", metadata={"tags": tags})
                 for number, (tags, source) in enumerate(sources))])
    return nbformat.writes(made)


PAGES = {
    "01_flow": ["flow = page.release(page.measures.participant_flow())",
                'sentence("{invited} people were invited, {enrolled} enrolled.", flow)', "table(flow)"],
    "02_practices": ["by = page.release(page.measures.enrolment_by_practice())", "table(by)",
                     'bars(by, number="n", title="By practice")'],
    "03_steady": [RAN], "04_unlucky": [RAN, ONCE], "05_deadly": [RAN, LOSE], "06_wrong": [RAN, "1 / 0"],
    "07_kept": [RAN], "08_stopping": [RAN, STOP],
}


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """A project with a study of four people and the pages above."""
    root = tmp_path_factory.mktemp("cluster")
    for folder, files in {
            "pipelines/studies/walks": {"study.toml": STUDY}, "data_raw/walks": {}, ".build/walks/tidy": {},
            "notebooks": {f"{name}.ipynb": notebook(name, *cells) for name, cells in PAGES.items()}}.items():
        (root / folder).mkdir(parents=True)
        for name, text in files.items():
            (root / folder / name).write_text(text, "utf-8")
    for name, columns in TABLES.items():
        pd.DataFrame(columns).to_parquet(root / ".build" / "walks" / "tidy" / f"{name}.parquet")
    return root


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """The address of a scheduler with two workers that restart when they are killed, all started as a person would."""
    folder = tmp_path_factory.mktemp("dask")
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    here = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"]  # left out, Dask's pages are open to all
    scratch = os.environ | {"DASK_TEMPORARY_DIRECTORY": str(folder)}
    started = [subprocess.Popen([*DASK, *words, *here], env=scratch, stderr=subprocess.DEVNULL) for words in (
        ["scheduler", "--port", str(port)], ["worker", address, "--nworkers", "2", "--nthreads", "1"])]
    while True:
        assert all(process.poll() is None for process in started)
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except ConnectionRefusedError:
            time.sleep(0.05)
    yield address
    for process in reversed(started):
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def cluster(root: Path, **how):
    from pipelines.cluster import Cluster

    return Cluster(Keys(open_study("walks", root)), **how)


def orders(root: Path, *names: str) -> list[Order]:
    pages = root / ".build" / "walks" / "pages" / "release-all"
    return [Order(root / "notebooks" / f"{name}.ipynb", pages / f"{name}.ipynb",
                  {"study": "walks", "site": "all", "tier": "release"}, root) for name in names]


def ran(root: Path) -> Counter:
    """How often each page was executed."""
    return Counter((root / "ran").read_text("utf-8").split())


def bytes_of(executor, root: Path, *names: str) -> dict[str, bytes]:
    """The files of these pages, executed from nothing and laid out for the report, but for the records of runs."""
    study = open_study("walks", root)
    asked = orders(root, *names)
    shutil.rmtree(asked[0].output.parent, ignore_errors=True)
    context = report_context(study, [order.notebook for order in asked], "release", "all")
    with executor:
        for _, result in executor.run(asked, {"all": context}):
            assert not isinstance(result, Mistake), result
    return {file.name: file.read_bytes() for order in asked for file in (order.output, order.registry, order.article)}


# ------------------------------------------------------------------------------------------------ the same pages

def test_worker_processes_write_the_same_bytes_as_a_local_run(root, scheduler):
    pages = ("01_flow", "02_practices")
    here, there = (bytes_of(executor, root, *pages) for executor in (Local(jobs=2), cluster(root, scheduler=scheduler)))
    assert b"4 people were invited, 2 enrolled." in here["01_flow.ipynb"]
    assert b"<svg" in here["02_practices.ipynb"]
    assert there == here


def test_a_finished_page_of_a_stopped_run_is_taken_from_the_store_and_not_made_again(root, scheduler):
    with cluster(root, scheduler=scheduler) as first:
        stopped = first.run(orders(root, "07_kept"), {"all": None})
        _, made = next(stopped)
        stopped.close()
    assert not isinstance(made, Mistake), made
    [order] = orders(root, "07_kept")
    order.output.unlink()
    [(_, record)] = cluster(root, scheduler="tcp://127.0.0.1:1").run([order], {"all": None})
    assert record == made
    assert order.output.is_file()
    assert ran(root)["07_kept"] == 1
    assert [*(root / ".build" / "walks" / "store").iterdir()] == []


# ------------------------------------------------------------------------------------------------ what is lost

def test_a_lost_worker_costs_its_page_only_and_a_page_that_fails_is_not_made_again(root, scheduler):
    asked = orders(root, "03_steady", "04_unlucky", "05_deadly", "06_wrong")
    with cluster(root, scheduler=scheduler) as executor:
        found = {order.name: result for order, result in executor.run(asked, {"all": None})}
    assert {name: ran(root)[name] for name in found} == {
        "03_steady": 1, "04_unlucky": 2, "05_deadly": 3, "06_wrong": 1}
    assert (found["03_steady"]["attempt"], found["04_unlucky"]["attempt"]) == (1, 2)
    assert str(found["05_deadly"]) == (
        "05_deadly.ipynb: 3 workers were lost while they had it (out of memory, perhaps)\n"
        "  -> look at the workers' logs; finished pages are kept")
    assert isinstance(found["06_wrong"], PageFailed)
    assert "ZeroDivisionError" in str(found["06_wrong"])
    assert ".build/walks/pages/release-all/06_wrong.failed.ipynb" in str(found["06_wrong"])
    assert asked[3].failed.is_file()
    assert [*(root / ".build" / "walks" / "store").iterdir()] == []


# ------------------------------------------------------------------------------------------------ who can take part

@pytest.mark.parametrize(("library", "who"), [
    ("distributed", "the scheduler"), ("pandas", r"the worker tcp://127\.0\.0\.1:\d+"),
    ("the package's source", r"the worker tcp://127\.0\.0\.1:\d+")])
def test_versions_that_differ_are_a_mistake_that_names_both(root, scheduler, monkeypatch, library, who):
    from distributed import Client

    from pipelines import worker

    with Client(scheduler, set_as_default=False) as client:
        client.wait_for_workers(1)
    there = worker.code()
    monkeypatch.setattr(worker, "code", lambda: there | {library: "0.1"})
    with cluster(root, scheduler=scheduler) as executor, pytest.raises(Mistake) as mistake:
        next(executor.run(orders(root, "03_steady"), {"all": None}))
    assert re.fullmatch(
        rf"{who} cannot take part: {re.escape(f'{library} is 0.1 here and {there[library]} there')}\n"
        "  -> install the same lock file and package on every machine, then start it there anew", str(mistake.value))
    assert mistake.value.exit_code == 2


def test_a_worker_that_does_not_see_the_project_s_folder_is_a_mistake(tmp_path):
    from pipelines import worker

    sign = tmp_path / "sign"
    assert worker.unfit(worker.code(), sign) == (
        f"it does not see {sign}", "let every worker see the project under the same path")
    sign.touch()
    assert worker.unfit(worker.code(), sign) is None


def test_a_scheduler_that_is_not_there_is_a_mistake(root, monkeypatch, capsys):
    monkeypatch.setenv("SERVICE_EVALUATION_ROOT", str(root))
    address = f"tcp://127.0.0.1:{free_port()}"
    assert main(["report", "walks", "--tier", "working", "--scheduler", address]) == 2
    assert capsys.readouterr().err == (
        f"\nthere is no scheduler at {address}: Connection refused\n"
        "  -> is it running (dask scheduler), is the address the one that it printed, "
        "and may this machine reach that port?\n")


@pytest.mark.parametrize("greeting", [b"", b"SSH-2.0-OpenSSH_9.2"])
def test_something_else_that_listens_there_is_a_mistake(root, monkeypatch, greeting):
    monkeypatch.setattr("pipelines.cluster.ANSWERS_WITHIN", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"tcp://127.0.0.1:{other.getsockname()[1]}"
        threading.Thread(target=lambda: other.accept()[0].sendall(greeting), daemon=True).start()
        with pytest.raises(Mistake) as mistake, cluster(root, scheduler=address):
            pass
    assert str(mistake.value).startswith(
        f"what listens at {address} is no Dask scheduler, or none that speaks tcp\n  -> is the address")


@pytest.mark.parametrize("words", ["127.0.0.1:8786", "http://machine:8786", "tcp://", "tcp://machine:port", "tcp://m/x"])
def test_an_address_that_is_none_is_a_mistake(root, words):
    with pytest.raises(Mistake) as mistake:
        cluster(root, scheduler=words)
    assert str(mistake.value) == (
        f"'{words}' is no address of a scheduler\n  -> write --scheduler tcp://machine:8786")


def test_an_address_without_a_port_has_dask_s_own(root):
    assert cluster(root, scheduler="tcp://machine").scheduler == "tcp://machine:8786"


def test_a_cluster_without_workers_is_a_mistake(root, monkeypatch, capsys):
    monkeypatch.setenv("SERVICE_EVALUATION_ROOT", str(root))
    assert main(["report", "walks", "--workers", "0"]) == 2
    assert capsys.readouterr().err == "\na cluster of 0 workers makes no pages\n  -> write --workers 2\n"


def test_without_dask_the_person_is_told_how_to_install_it(root, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Mistake) as mistake, cluster(root, workers=1):
        pass
    assert str(mistake.value) == (
        "Dask distributed is not installed\n  -> python -m pip install 'service-evaluation[cluster]'")


def test_a_run_is_in_one_place(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["report", "--workers", "2", "--scheduler", "tcp://machine"])
    assert stopped.value.code == 2
    assert "not allowed with argument" in capsys.readouterr().err


def test_a_scheduler_that_goes_away_in_mid_run_is_a_mistake(root, scheduler, monkeypatch):
    """The last test that needs the scheduler: its page kills it."""
    monkeypatch.setattr("pipelines.cluster.ANSWERS_WITHIN", 2)
    [process] = [child for child in psutil.Process().children() if scheduler.rsplit(":")[-1] in child.cmdline()]
    (root / "scheduler").write_text(str(process.pid), "utf-8")
    with cluster(root, scheduler=scheduler) as executor, pytest.raises(Mistake) as mistake:
        [*executor.run(orders(root, "08_stopping"), {"all": None})]
    assert str(mistake.value) == (
        "the scheduler went away in mid-run\n  -> start it, then run this again: finished pages are kept")


# ------------------------------------------------------------------------------------------------ what stays closed

def test_workers_on_this_machine_listen_on_its_loopback_address_and_end_with_the_run(root):
    here = psutil.Process()
    others = here.children(recursive=True)
    with cluster(root, workers=1) as executor:
        run = executor.run(orders(root, "02_practices"), {"all": None})
        _, record = next(run)
        made = [child for child in here.children(recursive=True) if child not in others]
        listening = [connection.laddr.ip for process in [here, *made] for connection in process.net_connections("inet")
                     if connection.status == psutil.CONN_LISTEN]
        assert [*run] == []
    assert record["worker"].startswith("tcp://127.0.0.1:")
    assert len(listening) > 2
    assert {*listening} == {"127.0.0.1"}
    workers = [process for process in made if process.is_running() and "spawn_main" in " ".join(process.cmdline())]
    assert workers == []


def test_dask_is_imported_by_a_run_on_a_cluster_only():
    loaded = ("import sys, pipelines.__main__, pipelines.verbs, pipelines.runner, pipelines.executors\n"
              "print([name for name in sys.modules if name.split('.')[0] in ('dask', 'distributed')])")
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout == "[]\n"
