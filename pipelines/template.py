"""The template process: started once with the libraries that pages need; forks a kernel for each request, runs no cell.

It is spoken to in JSON, one line a message, over a Unix socket: {"fork": {argv, env, cwd}}, sent with the descriptors
for output and errors, gives {"kernel", "pid"}; {"poll": kernel} gives {"code"}, null while the kernel lives;
{"signal": number, "kernel": kernel} sends one. A kernel ends with the connection that asked for it. When standard input
ends, the owner is gone: the template ends its kernels, its folder and itself, whatever way the owner ended. It imports
nothing of `analysis`, so a change there needs no new template.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

# Third-party libraries only. Not pyarrow.parquet, DuckDB, polars or great-expectations: each starts threads, and a
# process with a second thread must not fork. Not matplotlib_inline either, which imports its inline backend: loaded
# here, where there is no kernel yet, it would never show a figure in one.
PRELOAD = (
    "numpy", "pandas", "pyarrow", "scipy.stats", "matplotlib.figure", "matplotlib.backends.backend_svg", "seaborn",
    "great_tables", "lxml.etree", "lxml.html", "IPython.core.interactiveshell", "ipykernel.kernelapp",
    "ipykernel.ipkernel", "ipykernel.zmqshell", "ipykernel.debugger", "hashlib", "tomllib",
)
# One thread at the fork needs these set before numpy, scipy and pyarrow are imported; the number of threads also
# changes the last bits of a matrix product, so the stock fallback gets the same.
SINGLE = {
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "NUMEXPR_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false", "ARROW_DEFAULT_MEMORY_POOL": "system", "PYTHONHASHSEED": "0",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
# What Python, its loader and matplotlib read once, when they start: a fork cannot have it otherwise than the template.
READ_AT_START = ("PYTHON", "LD_", "LC_", "LANG", "MPL", "MATPLOTLIBRC")
PR_SET_PDEATHSIG = 1


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


@dataclass
class Start:
    """What a fork needs to become a kernel."""

    parent: int
    request: dict[str, Any]
    output: int
    errors: int


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
                except (OSError, ValueError, KeyError, TypeError):  # it is gone, or speaks another language
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


def become_kernel(start: Start, imported: dict[str, str]) -> None:
    """
    In the fork: a session, descriptors and environment of its own; then a kernel until its shutdown.

    `imported` are the variables that libraries set when they are imported, as they would have been in the kernel.
    """
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != start.parent:
        return
    os.setsid()
    _clean_descriptors(start.output, start.errors)
    os.environ.clear()
    os.environ.update({**imported, **start.request["env"], **SINGLE})
    time.tzset()
    here, there = os.getcwd(), start.request["cwd"]
    # Python has resolved relative entries of PYTHONPATH against the template's folder, where nothing else is.
    sys.path[:] = [there + entry.removeprefix(here) if entry.startswith(here) else entry for entry in sys.path]
    os.chdir(there)
    import numpy

    numpy.random.seed()  # the template's numbers would be every fork's; `random` sees to itself
    _run(start.request["argv"], start.parent)


def _run(argv: list[str], parent: int) -> None:
    import zmq
    from ipykernel import kernelapp
    from zmq.eventloop.zmqstream import ZMQStream

    class OutputThread(kernelapp.IOPubThread):
        """As ipykernel's; what processes that a cell forks print comes by a Unix socket, not by a port of 127.0.0.1."""

        def _setup_pipe_in(self):
            self._pipe_uuid = os.urandom(16)
            pipe = self.socket.context.socket(zmq.PULL)
            pipe.linger = 0
            self._pipe_at = f"{self.socket.getsockopt_string(zmq.LAST_ENDPOINT)}-pipe"
            pipe.bind(self._pipe_at)
            self._pipe_in = ZMQStream(pipe, self.io_loop)
            self._pipe_in.on_recv(self._handle_pipe_msg)

        def _setup_pipe_out(self):
            context = zmq.Context()  # the kernel's is of no use in a fork
            pipe = context.socket(zmq.PUSH)
            pipe.linger = 3000
            pipe.connect(self._pipe_at)
            return context, pipe

    kernelapp.IOPubThread = OutputThread
    sys.argv = ["ipykernel_launcher", *argv]
    app = kernelapp.IPKernelApp.instance()
    app.initialize([*argv, f"--IPKernelApp.parent_handle={parent}"])  # its default was read before the fork
    app.start()


def _clean_descriptors(output: int, errors: int) -> None:
    """Standard input from nowhere, output and errors to where the kernel's owner wants them; nothing else open."""
    nowhere = os.open(os.devnull, os.O_RDONLY)
    for descriptor, standard in ((nowhere, 0), (output, 1), (errors, 2)):
        os.dup2(descriptor, standard)
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2:
            with contextlib.suppress(OSError):
                os.close(int(name))


def main(listener: int, folder: str) -> None:
    """Serves at the listening socket; `folder` is taken away when the owner is gone."""
    if sys.path[0] == os.getcwd():  # put there by `python -m`; ipykernel's own launcher removes it likewise
        del sys.path[0]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    before = dict(os.environ)
    if wrong := warm():
        print(wrong)
        return
    print("ready", flush=True)
    os.dup2(2, 1)
    start = serve(socket.socket(fileno=listener))
    if start is None:
        shutil.rmtree(folder, ignore_errors=True)
        return
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    become_kernel(start, {name: value for name, value in os.environ.items() if before.get(name) != value})


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
