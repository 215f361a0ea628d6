"""A study in; its report in the browser out, anew whenever a notebook, a definition, an extract or code is saved."""

from __future__ import annotations

import contextlib
import errno
import importlib.util
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis.errors import DefinitionMistake, Mistake
from analysis.study import open_study, project_root
from pipelines import kernels
from pipelines.served import ALL, Served

PACKAGE = Path(__file__).parent.parent
LOOK = 0.2  # seconds between two looks at the files
SETTLE = 0.03  # an editor may be in the middle of writing: seconds until nothing more has changed
PORT = 8642  # where it is looked for first, so that a browser finds it again
SKIPPED = ("__pycache__", "node_modules")


class Watch:
    """Serves one study's report and keeps it as its files are."""

    def __init__(self, study: str, *, tier: str = "release", port: int = 0):
        self.root, self.study, self.tier = project_root(), study, tier
        with contextlib.suppress(DefinitionMistake):  # which the browser will show
            open_study(study, self.root)
        self.ours = PACKAGE / "pipelines"
        self.folders = [self.root / "notebooks", self.root / "pipelines" / "studies" / study,
                        self.root / "data_raw" / study, PACKAGE / "analysis"]
        self.served = self._serve(port)
        self.template = self._template()
        self.rounds = Rounds()

    def run(self) -> int:
        """Until the keyboard or a signal ends it. Where the runner itself has changed, it starts again instead."""
        for number in (signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])):
            signal.signal(number, signal.default_int_handler)
        again = False
        try:
            self._say(f"{self.study}: {self.served.address} (Ctrl-C ends it)")
            again = self._watch()
        except KeyboardInterrupt:
            self._say("\nended")
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            self.close()
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if again:
            self._start_again()
        return 0

    def close(self) -> None:
        """Nothing stays behind: no process, no socket."""
        self.rounds.close()
        if self.template:
            self.template.close()
        self.served.close()

    # ---------------------------------------------------------------------------------------------- the loop

    def _watch(self) -> bool:
        """Returns when the runner itself has changed."""
        seen = self._seen()
        environment = self._environment()
        self._begin(environment)
        while True:
            for message in self.rounds.heard(LOOK):
                self._hear(message)
            now = self._seen()
            if now == seen:
                continue
            while (later := (time.sleep(SETTLE), self._seen())[1]) != now:
                now = later
            changed = {path for path, _ in seen.items() ^ now.items()}
            seen = now
            forget_compiled(changed)
            if any(Path(path).parent == self.ours for path in changed):
                if not (mistakes := unreadable(self.ours.glob("*.py"))):
                    self._say("the runner has changed: starting again")
                    return True
                self.served.found(ALL, mistakes)
                continue
            self._begin(environment)

    def _begin(self, environment: dict[str, str]) -> None:
        self.served.say("looking for what has changed")
        self.rounds.begin(study=self.study, tier=self.tier, environment=environment,
                          first=list(dict.fromkeys(self.served.opened)))

    def _hear(self, message: dict) -> None:
        """What a round tells, for the browser and the terminal."""
        if "doing" in message:
            self.served.say(message["doing"])
        elif "page" in message:
            page, problem = message["page"], message.get("problem")
            self.served.found(page, problem)
            if problem:
                self._say(f"{page}: could not be made\n{problem}")
            elif "seconds" in message:
                self._say(f"{page} {message['seconds']:.1f} s")
        elif "finished" in message:
            self.served.keep(message["finished"])
            self.served.say("")
        else:
            self.served.found(ALL, message["problem"])
            self.served.say("")
            self._say(message["problem"])

    def _seen(self) -> dict[str, tuple[int, int]]:
        """Path -> time and size of every file that the report is made of."""
        found = dict(entry for folder in self.folders for entry in files_below(str(folder)))
        return found | {path: stat for path, stat in files_below(str(self.ours), deep=False) if path.endswith(".py")}

    # ---------------------------------------------------------------------------------------------- its parts

    def _serve(self, port: int) -> Served:
        folder = self.root / ".build" / self.study / "watch"
        for wanted in ([port] if port else [PORT, 0]):
            try:
                return Served(folder, wanted)
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
        raise Mistake(f"port {port} is in use", remedy="name another with --port, or none: a free one is found")

    def _template(self) -> kernels.Template | None:
        try:
            return kernels.Template() if kernels.can_fork() else None
        except kernels.TemplateFailed as failure:
            kernels.say_once(failure)
            return None

    def _environment(self) -> dict[str, str]:
        """What tells rounds where their kernels come from; empty where these start the stock way."""
        if not self.template:
            return {}
        try:
            self.template.wait_until_ready()
        except kernels.TemplateFailed as failure:
            kernels.say_once(failure)
            return {}
        return {kernels.ADDRESS: self.template.address, kernels.SWITCH: kernels.NAME}

    def _start_again(self) -> None:
        words = ["watch", self.study, "--tier", self.tier, "--port", str(self.served.server_port)]
        os.execv(sys.executable, [sys.executable, "-m", "pipelines", *words])

    def _say(self, words: str) -> None:
        print(words, flush=True)


class Rounds:
    """The process that makes rounds, and what it tells."""

    def __init__(self):
        self.number = 0
        self._told: queue.Queue[dict] = queue.Queue()
        self._process = self._start()

    def begin(self, **order: object) -> None:
        """Orders a round; the one that is under way ends. Where forking is not safe each has a process of its own."""
        if self._process.poll() is not None or (self.number and not kernels.can_fork()):
            self.close()
            self._process = self._start()
        self.number += 1
        self._process.stdin.write(json.dumps({"round": self.number, **order}).encode() + b"\n")
        self._process.stdin.flush()

    def heard(self, seconds: float) -> Iterator[dict]:
        """What the latest round tells within this time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                message = self._told.get(timeout=left)
                if message["round"] == self.number:
                    yield message

    def close(self) -> None:
        """Ends the process and the round that is under way."""
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        if not kernels.can_fork():
            self._process.kill()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self) -> subprocess.Popen:
        process = subprocess.Popen([sys.executable, "-m", "pipelines.warm"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, env=kernels.environment(os.environ))
        threading.Thread(target=self._listen, args=(process.stdout,), daemon=True).start()
        return process

    def _listen(self, out) -> None:
        for line in out:
            with contextlib.suppress(ValueError):  # what a killed round left unfinished
                self._told.put(json.loads(line))


def files_below(folder: str, deep: bool = True) -> Iterator[tuple[str, tuple[int, int]]]:
    """Path and (time, size) of the files in a folder, but for what editors and Python keep beside them."""
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith((".", "~")) or entry.name.endswith("~") or entry.name in SKIPPED:
                continue
            if entry.is_dir():
                if deep:
                    yield from files_below(entry.path)
                continue
            with contextlib.suppress(FileNotFoundError):
                stat = entry.stat()
                yield entry.path, (stat.st_mtime_ns, stat.st_size)


def forget_compiled(changed: Iterable[str]) -> None:
    """
    Takes away what Python keeps compiled of sources that have changed.

    It knows a source by its size and the second of its last change: two saves within a second could look alike.
    """
    for path in changed:
        if path.endswith(".py"):
            Path(importlib.util.cache_from_source(path)).unlink(missing_ok=True)


def unreadable(sources: Iterable[Path]) -> str:
    """What keeps Python from reading any of these, with file and line; nothing where all can be read."""
    found = []
    for path in sources:
        try:
            compile(path.read_bytes(), path.name, "exec")
        except SyntaxError as error:
            found.append(f"{path.name}, line {error.lineno}: {error.msg}")
    return "\n".join(found)
