"""A small project with a package of its own, and a watch that runs over it in a process of its own."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).parents[2]
LONG = 120  # seconds after which something will not come any more
DEFINITION = """
title    = "A walking group"
period   = { from = 2025-01-01, to = 2025-12-31 }
data_cut = { records = 2025-12-31 }
pages    = ["10_reach", "11_words"]
[disclosure]
invited  = { profile = "none", assessment = "invented" }
enrolled = { profile = "none", assessment = "invented" }
[extracts.referrals]
file = "invitations.csv"
key  = ["patient_id"]
[extracts.referrals.columns]
patient_id = { from = "ID" }
invited_on = { from = "Letter sent" }
response   = { from = "Answer", codes = { "yes" = "enrolled", "no" = "declined" } }
[extracts.episodes]
file = "starts.csv"
key  = ["patient_id"]
[extracts.episodes.columns]
patient_id = { from = "ID" }
started_on = { from = "First walk" }
"""
SHOW = 'sentence("{invited} were invited.", page.release(page.measures.participant_flow()))'
ENDLESS = "while True: pass"


def notebook(name: str, prose: str, *sources: str):
    parameters = 'study: str = "walking-group"\nsite: str = "all"\ntier: str = "release"'
    setup = ("from analysis.page import Page\nfrom analysis.present import sentence, table\n\n"
             f'page = Page("{name}", study=study, site=site, tier=tier)')
    return new_notebook(
        cells=[new_markdown_cell(f"# {name}\n\n{prose}"), new_code_cell(parameters, metadata={"tags": ["parameters"]}),
               new_code_cell(setup, metadata={"tags": ["setup"]}), *map(new_code_cell, sources)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})


def project(root: Path) -> Path:
    """A project with a package of its own, which a test may change, and a study of four people and two pages."""
    shutil.copytree(ROOT / "analysis", root / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "pipelines" / "studies" / "walking-group").mkdir(parents=True)
    for source in (ROOT / "pipelines").glob("*.py"):
        shutil.copy(source, root / "pipelines")
    (root / "pipelines" / "studies" / "walking-group" / "study.toml").write_text(DEFINITION)
    raw = root / "data_raw" / "walking-group"
    raw.mkdir(parents=True)
    (raw / "invitations.csv").write_text("ID,Letter sent,Answer\n" + "".join(
        f"A{i},2025-02-03,{'yes' if i < 3 else 'no'}\n" for i in range(4)))
    (raw / "starts.csv").write_text("ID,First walk\n" + "".join(f"A{i},2025-03-01\n" for i in range(3)))
    (root / "notebooks").mkdir()
    return root


class Watched:
    """A watch that runs in a process of its own over a project, and a browser that does what it is told."""

    def __init__(self, root: Path, **environment: str):
        self.root = root
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "pipelines", "watch", "walking-group"], cwd=root, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, start_new_session=True,
            env={**os.environ, "SERVICE_EVALUATION_ROOT": str(root), "PYTHONPATH": str(root),
                 "PYTHONDONTWRITEBYTECODE": "", **environment})
        self.address = re.search(r"127\.0\.0\.1:(\d+)", self.process.stdout.readline())
        self.port = int(self.address.group(1))

    def save(self, name: str, prose: str, *sources: str) -> None:
        nbformat.write(notebook(name, prose, *sources), self.root / "notebooks" / f"{name}.ipynb")

    def change(self, path: str, before: str, after: str) -> None:
        text = (self.root / path).read_text("utf-8")
        assert before in text
        (self.root / path).write_text(text.replace(before, after, 1), "utf-8")

    def get(self, path: str, host: str = "") -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={"Host": host} if host else {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def page(self, name: str) -> str:
        """The page, asked for again as a browser does while the watch starts again."""
        until = time.monotonic() + LONG
        while True:
            try:
                return self.get(f"/{name}.html")[1]
            except ConnectionError:
                assert time.monotonic() < until and self.process.poll() is None
                time.sleep(0.1)

    def follow(self, name: str, wanted) -> tuple[str, list[str]]:
        """Loads the page whenever an event says so, until it is as wanted: page, and what its strip said."""
        said, until = [], time.monotonic() + LONG
        while not wanted(html := self.page(name)):
            assert time.monotonic() < until, f"{said}\n{html[-3000:]}"
            version = re.search(r'data-version="(\w+)"', html).group(1)
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG)
            with contextlib.closing(connection), contextlib.suppress(ConnectionError):
                connection.request("GET", f"/-/events?page={name}&version={version}")
                for line in connection.getresponse():
                    if line == b"event: reload\n":
                        break
                    if line.startswith(b"data: "):
                        said.append(line[6:].decode().strip())
        return html, said

    def record(self, name: str) -> bytes:
        """The record of when the page was last executed."""
        return (self.root / f".build/walking-group/pages/release-all/{name}.json").read_bytes()

    def settle(self) -> None:
        """Waits until the round is over."""
        wait_until(lambda: b"data: \n" in self._first_event())

    def kernels(self) -> set[int]:
        """The processes that were forked from the template: they stand below it."""
        below = children(self.process.pid)
        templates = {pid for pid in below if b"pipelines.template" in Path(f"/proc/{pid}/cmdline").read_bytes()}
        return {pid for template in templates for pid in children(template)}

    def _first_event(self) -> bytes:
        version = re.search(r'data-version="(\w+)"', self.page("index")).group(1)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG)
        with contextlib.closing(connection):
            connection.request("GET", f"/-/events?page=index&version={version}")
            answer = connection.getresponse()
            return b"".join(answer.readline() for _ in range(4))

    def end(self, number: int = signal.SIGINT) -> int:
        os.killpg(self.process.pid, number)
        return self.process.wait(LONG)


def wait_until(true) -> None:
    until = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def children(pid: int) -> set[int]:
    """The processes below this one."""
    direct: set[int] = set()
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it may end meanwhile
        for thread in Path(f"/proc/{pid}/task").iterdir():
            direct |= {int(word) for word in (thread / "children").read_text().split()}
    return direct.union(*map(children, direct))
