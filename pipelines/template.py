"""The template process: started once with the libraries that pages need; forks a kernel for each request, runs no cell.

It is spoken to in JSON, one line a message, over a Unix socket: {"fork": {argv, env, cwd}}, sent with the descriptors
for output and errors, gives {"kernel", "pid"}; {"poll": kernel} gives {"code"}, null while the kernel lives;
{"signal": number, "kernel": kernel} sends one. A kernel ends with the connection that asked for it. When standard input
ends, the owner is gone: the template ends its kernels, its folder and itself, whatever way the owner ended. It imports
nothing of `analysis`, so a change there needs no new template.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import selectors
import shutil
import signal
import socket
import sys
from dataclasses import dataclass, field
from itertools import count

from pipelines.forked import Start, become_kernel

# Third-party libraries only. Not pyarrow.parquet, DuckDB, polars or great-expectations: each starts threads, and a
# process with a second thread must not fork. Not matplotlib_inline either, which imports its inline backend: loaded
# here, where there is no kernel yet, it would never show a figure in one.
PRELOAD = (
    "numpy", "pandas", "pyarrow", "scipy.stats", "matplotlib.figure", "matplotlib.backends.backend_svg", "seaborn",
    "great_tables", "lxml.etree", "lxml.html", "IPython.core.interactiveshell", "ipykernel.kernelapp",
    "ipykernel.ipkernel", "ipykernel.zmqshell", "ipykernel.debugger", "hashlib", "tomllib",
)
# What Python, its loader and matplotlib read once, when they start: a fork cannot have it otherwise than the template.
READ_AT_START = ("PYTHON", "LD_", "LC_", "LANG", "MPL", "MATPLOTLIBRC")


def threads() -> int:
    """How many threads this process has."""
    return len(os.listdir("/proc/self/task"))


@dataclass
class Kernel:
    """A forked kernel: how it ended, once it has."""

    pid: int
    code: int | None = None

    def signal(self, number: int) -> None:
        """The signal to the kernel's group; to the kernel alone where it has not yet come to make one."""
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            os.kill(self.pid, number)


@dataclass
class Visitor:
    """A connection: what it has said so far of a message, the descriptors that came with it, the kernels it has."""

    connection: socket.socket
    said: bytes = b""
    descriptors: list[int] = field(default_factory=list)
    kernels: dict[int, Kernel] = field(default_factory=dict)

    def close_descriptors(self) -> None:
        while self.descriptors:
            os.close(self.descriptors.pop())


def warm() -> str:
    """Imports the libraries. Returns why no kernel can be forked from this process, or nothing."""
    for name in PRELOAD:
        try:
            importlib.import_module(name)
        except Exception as error:
            return f"{name} cannot be imported: {error}"
    gc.collect()
    gc.freeze()  # what is loaded stays shared with the forks instead of being copied by the first collection
    return _crowded()


def serve(listener: socket.socket) -> Start | None:
    """Answers until standard input ends, and returns None. In a fork, returns what the fork is to become."""
    woken, wake = socket.socketpair()
    for end in (woken, wake):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)  # a kernel that ends is reaped at once
    selector = selectors.PollSelector()  # not epoll: its registrations would be shared with the forks
    for file in (0, listener, woken):
        selector.register(file, selectors.EVENT_READ)
    visitors: dict[socket.socket, Visitor] = {}
    numbers = count(1)
    while True:
        for key, _ in selector.select():
            if key.fileobj == 0:
                if not os.read(0, 1024):
                    for visitor in visitors.values():
                        _end(visitor)
                    return None
            elif key.fileobj is woken:
                woken.recv(1024)
                for visitor in visitors.values():
                    _reap(visitor)
            elif key.fileobj is listener:
                connection, _ = listener.accept()
                selector.register(connection, selectors.EVENT_READ)
                visitors[connection] = Visitor(connection)
            else:
                visitor = visitors[key.fileobj]
                try:
                    start = _hear(visitor, numbers)
                except Exception:  # it is gone, or speaks another language: others' kernels go on
                    selector.unregister(visitor.connection)
                    del visitors[visitor.connection]
                    _end(visitor)
                    continue
                if start:
                    return start


def _hear(visitor: Visitor, numbers: count) -> Start | None:
    """Reads what a visitor sent and answers. ConnectionError where it is gone; in a fork, what it is to become."""
    said, descriptors, _, _ = socket.recv_fds(visitor.connection, 1 << 16, 4)
    visitor.descriptors += descriptors
    if not said:
        raise ConnectionError
    *lines, visitor.said = (visitor.said + said).split(b"\n")
    for line in lines:
        answer = _answer(json.loads(line), visitor, numbers)
        if isinstance(answer, Start):
            return answer
        visitor.connection.sendall(json.dumps(answer).encode() + b"\n")
    return None


def _answer(request: dict, visitor: Visitor, numbers: count) -> dict | Start:
    _reap(visitor)
    if "fork" in request:
        output, errors = visitor.descriptors
        answer = _fork(Start(os.getpid(), request["fork"], output, errors), visitor, next(numbers))
        if not isinstance(answer, Start):
            visitor.close_descriptors()
        return answer
    kernel = visitor.kernels.get(request.get("poll", request.get("kernel")), Kernel(0, -signal.SIGKILL))
    if "signal" in request and kernel.code is None:  # the parent sends it: until it reaps, the number is no other's
        kernel.signal(request["signal"])
    return {"code": kernel.code}


def _fork(start: Start, visitor: Visitor, number: int) -> dict | Start:
    if refused := _crowded() or _other(start.request):
        return {"refused": refused}
    try:
        pid = os.fork()
    except OSError as error:
        return {"refused": f"the template cannot fork: {error}"}
    if pid == 0:
        return start
    visitor.kernels[number] = Kernel(pid)
    return {"kernel": number, "pid": pid}


def _crowded() -> str:
    return f"the template has {many} threads" if (many := threads()) != 1 else ""


def _other(request: dict) -> str:
    """What the kernel would have read when it started and a fork of this process cannot, if anything."""
    wanted = request["env"]
    for name in sorted({*wanted, *os.environ}):
        if name.startswith(READ_AT_START) and wanted.get(name) != os.environ.get(name):
            return f"{name} is not what it was when the template started"
    if os.path.exists(settings := os.path.join(request["cwd"], "matplotlibrc")):
        return f"{settings} has settings of its own"
    return ""


def _reap(visitor: Visitor) -> None:
    """The exit codes of kernels that have ended, so that none stays a zombie; what one left running ends with it."""
    for kernel in visitor.kernels.values():
        if kernel.code is None and os.waitid(os.P_PID, kernel.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            kernel.signal(signal.SIGKILL)
            kernel.code = os.waitstatus_to_exitcode(os.waitpid(kernel.pid, 0)[1])


def _end(visitor: Visitor) -> None:
    for kernel in visitor.kernels.values():
        if kernel.code is None:
            kernel.signal(signal.SIGKILL)
            os.waitpid(kernel.pid, 0)
    visitor.close_descriptors()
    visitor.connection.close()


def main(listener: int, folder: str) -> None:
    """Serves at the listening socket; `folder` is taken away when the owner is gone."""
    here = os.getcwd()
    if sys.path[0] == here:  # put there by `python -m`; ipykernel's own launcher removes it likewise
        del sys.path[0]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # in the forks too, until ipykernel listens: none dies as it starts
    before = dict(os.environ)
    if wrong := warm():
        print(wrong)
        return
    try:
        print("ready", flush=True)
    except BrokenPipeError:  # the owner is gone already
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)
    os.dup2(2, 1)
    start = serve(socket.socket(fileno=listener))
    if start is None:
        shutil.rmtree(folder, ignore_errors=True)
        return
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    become_kernel(start, here, {name: value for name, value in os.environ.items() if before.get(name) != value})


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
