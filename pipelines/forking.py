"""The owner's side of a template: starts it, speaks with it, and hands out kernels that were forked from it."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.forked import SINGLE

ADDRESS = "SERVICE_EVALUATION_TEMPLATE"  # the socket of a template that another process of the run has started
STOCK = "SERVICE_EVALUATION_STOCK_KERNELS"  # set to any value: no forking
LONGEST = 107  # characters of a Unix socket's path
PATIENCE = 120  # seconds until a template that says nothing counts as failed: a cold disk takes long to import from


class TemplateFailed(Exception):
    """No kernel can be forked; the stock provisioner takes over."""


class TemplateGone(TemplateFailed):
    """The template has ended, and its kernels with it."""


class Template:
    """A template process and the folder of its sockets. It ends when this object's process ends, whatever way."""

    def __init__(self, folder: Path | None = None):
        self._owner, self._ready = os.getpid(), False
        # Listening before the process starts: whoever is told the address can connect, and waits until it is ready.
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            try:
                self.folder = folder or _short_folder()
                self.address = str(self.folder / "t")
                Path(self.address).unlink(missing_ok=True)
                listener.bind(self.address)
                listener.listen(socket.SOMAXCONN)
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "pipelines.template", str(listener.fileno()), str(self.folder)],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[listener.fileno()],
                    env=environment(os.environ),
                    cwd=self.folder,  # where no file of the person's is taken for a library or for settings
                    start_new_session=True)  # Ctrl-C is for the owner, which may go on
            except OSError as error:
                raise TemplateFailed(f"the template did not start: {error}") from None
        _templates.add(self)
        atexit.register(self.close)

    def wait_until_ready(self) -> None:
        """Returns when the template has imported its libraries; TemplateFailed where it could not."""
        if not self._has_spoken(PATIENCE):
            raise TemplateFailed(f"the template did not start within {PATIENCE} seconds")
        if not self._ready:
            said = self._process.stdout.readline().decode().strip()
            if said != "ready":
                raise TemplateFailed(f"the template did not start{said and ': '}{said}")
            self._ready = True

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self, keep_folder: bool = False) -> None:
        """Ends the template and its kernels."""
        if os.getpid() != self._owner:
            return
        patience = 5 if self._has_spoken(0) else 0  # one that still imports has no kernel to end
        self.let_go()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if not keep_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def let_go(self) -> None:
        """Closes this process's ends of the template's pipes."""
        atexit.unregister(self.close)
        _templates.discard(self)
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()

    def _has_spoken(self, within: float) -> bool:
        """Whether it has said that it is ready, or why it is not, or has ended."""
        told = self._process.stdout
        return self._ready or told.closed or bool(select.select([told], [], [], within)[0])


class Line:
    """A connection to a template: one question, one answer. Kernels asked for through it end with it."""

    def __init__(self, address: str):
        self.address = address
        self.gone = False
        self._lock = threading.Lock()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(PATIENCE)
        try:
            self._socket.connect(address)
        except OSError as error:
            self.close()
            raise TemplateGone(f"the template does not answer: {error.strerror}") from None
        self._file = self._socket.makefile("rb")
        self.ask()

    def ask(self, descriptors: Sequence[int] = (), **request: Any) -> dict:
        """The template's answer; TemplateGone where there is none, TemplateFailed where it refuses."""
        with self._lock:
            try:
                message = json.dumps(request).encode() + b"\n"
                sent = socket.send_fds(self._socket, [message], list(descriptors))
                self._socket.sendall(message[sent:])
                said = self._file.readline()
            except (OSError, ValueError):
                said = b""
        if not said:
            self.close()
            raise TemplateGone("the template is gone")
        answer = json.loads(said)
        if "refused" in answer:
            raise TemplateFailed(answer["refused"])
        return answer

    def close(self) -> None:
        """Closes this process's end."""
        self.gone = True
        if hasattr(self, "_file"):
            self._file.close()
        self._socket.close()


class ForkedProcess:
    """A forked kernel with what LocalProvisioner asks of a subprocess.Popen."""

    stdin = stdout = stderr = None

    def __init__(self, line: Line, kernel: int, pid: int):
        self._line, self._kernel, self.pid, self.returncode = line, kernel, pid, None

    def poll(self) -> int | None:
        """The exit code, or None while it runs. A kernel does not outlive its template."""
        return self._ask(poll=self._kernel)

    def wait(self) -> int | None:
        """The exit code of a kernel that has ended."""
        return self.poll()

    def send_signal(self, number: int) -> None:
        """The signal to the kernel and what it started; to nobody once it has ended."""
        self._ask(signal=int(number), kernel=self._kernel)

    def _ask(self, **request: int) -> int | None:
        if self.returncode is None:
            try:
                self.returncode = self._line.ask(**request)["code"]
            except TemplateFailed:
                self.returncode = -signal.SIGKILL
        return self.returncode


_templates: weakref.WeakSet[Template] = weakref.WeakSet()
_lines: dict[str, Line] = {}  # this process's connections, by address: a worker of a cluster serves many runs
_here: dict[str, Any] = {}  # this process's own template, made when first asked for, and what has been said
_lock = threading.RLock()


def why_not() -> str:
    """Why no kernel is forked on this machine; nothing where they are: on Linux. macOS forks unsafely."""
    if os.environ.get(STOCK):
        return f"{STOCK} is set"
    return "" if sys.platform == "linux" else f"processes are not forked on {sys.platform}"


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """
    What a kernel gets, forked or not: what is given, one thread for each library, and this package's own source.

    Without the last, the pages of a copy of the project would silently run the code of the one that is installed.
    """
    code, before = Path(__file__).parents[1], given.get("PYTHONPATH", "").split(os.pathsep)
    found = {**given, **SINGLE}
    if (code / "pyproject.toml").is_file() and str(code) not in before:
        found["PYTHONPATH"] = os.pathsep.join([str(code), *filter(None, before)])
    found.pop(ADDRESS, None)
    return found


def answering() -> str:
    """The address of the template that the environment names; nothing where there is none, or it is gone."""
    address = os.environ.get(ADDRESS, "")
    with contextlib.suppress(TemplateGone):
        if address and _connected(address):
            return address
    return ""


def line() -> Line:
    """This process's connection to the run's template, or to one of its own. TemplateFailed where there is neither."""
    with _lock:
        if why_not():
            raise TemplateFailed(why_not())
        if address := os.environ.get(ADDRESS):
            with contextlib.suppress(TemplateGone):
                return _connected(address)
        if "failed" in _here:
            raise _here["failed"]
        own = _here.get("template")
        if own is None or not own.alive:
            if own:
                own.close(keep_folder=True)  # the sockets of its kernels stay, so that a client finds a restarted one
            own = _here["template"] = Template(own.folder if own and own.folder.is_dir() else None)
            try:
                own.wait_until_ready()
            except TemplateFailed as failure:
                own.close()
                _here["failed"] = failure
                raise
        return _connected(own.address)


def fork(request: dict[str, Any], descriptors: Sequence[int]) -> ForkedProcess:
    """A new kernel. TemplateFailed where the template refuses."""
    try:
        at = line()
        made = at.ask(descriptors, fork=request)
    except TemplateGone:  # since it was last asked: the next one may live
        at = line()
        made = at.ask(descriptors, fork=request)
    return ForkedProcess(at, made["kernel"], made["pid"])


def say_once(failure: object) -> None:
    """One line, the first time: pages will take longer, and be the same."""
    if not _here.get("said"):
        _here["said"] = True
        print(f"kernels start the ordinary, slower way: {failure}", file=sys.stderr, flush=True)


def _connected(address: str) -> Line:
    if address not in _lines or _lines[address].gone:
        _lines[address] = Line(address)
    return _lines[address]


def _short_folder() -> Path:
    """A folder that only this user may enter (0700), whose name leaves room for the names of sockets."""
    for base in (tempfile.gettempdir(), os.environ.get("XDG_RUNTIME_DIR"), "/tmp", "/dev/shm"):
        if base and len(os.fsencode(f"{base}/se-12345678/k-12345678/k-5-pipe")) <= LONGEST and os.access(base, os.W_OK):
            return Path(tempfile.mkdtemp(prefix="se-", dir=base))
    raise TemplateFailed(f"no temporary folder has a name short enough for a socket ({LONGEST} characters)")


def _forget() -> None:
    """In a fork of this process: its ends of the pipes and sockets would hide this process's end from the template."""
    global _lock
    _lock = threading.RLock()
    for template in list(_templates):
        template.let_go()
    for connection in _lines.values():
        connection.close()
    _lines.clear()
    _here.pop("template", None)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
