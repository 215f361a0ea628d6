"""The template process: started once with the libraries that pages need; forks a kernel for each request, runs no cell.

It is spoken to in JSON, one line a message, over a Unix socket: {"fork": {argv, env, cwd}} gives {"pid"}; {"poll": pid}
gives {"code"}, null while the kernel lives. A connection that closes takes the kernels with it that were forked for it:
who asked for them is gone. When its standard input ends, its owner is gone: it ends its kernels and itself, whatever way
the owner ended. It imports nothing of `analysis`, so a change there needs no new template.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import json
import os
import selectors
import signal
import socket
import sys

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


def threads() -> int:
    """How many threads this process has."""
    return len(os.listdir("/proc/self/task"))


def serve(path: str) -> None:
    """Listens at `path` until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of a terminal; the owner answers it
    for name in PRELOAD:
        importlib.import_module(name)
    import gc

    gc.collect()
    gc.freeze()  # what is loaded stays shared with the forks instead of being copied by the first collection
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen()
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    selector.register(0, selectors.EVENT_READ)
    kernels: dict[int, int | None] = {}
    waiting: dict[socket.socket, bytes] = {}
    forked: dict[socket.socket, list[int]] = {}
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            if key.fileobj == 0:
                if not os.read(0, 1024):
                    _end(kernels)
                    return
            elif key.fileobj is listener:
                connection, _ = listener.accept()
                selector.register(connection, selectors.EVENT_READ)
                waiting[connection], forked[connection] = b"", []
            else:
                _hear(key.fileobj, waiting, forked, selector, kernels)


def _hear(connection: socket.socket, waiting: dict, forked: dict, selector, kernels: dict[int, int | None]) -> None:
    with contextlib.suppress(ConnectionError):
        if said := connection.recv(1 << 16):
            *lines, waiting[connection] = (waiting[connection] + said).split(b"\n")
            for line in lines:
                answer = _answer(json.loads(line), kernels)
                forked[connection] += [answer["pid"]] if "pid" in answer else []
                connection.sendall(json.dumps(answer).encode() + b"\n")
            return
    selector.unregister(connection)
    connection.close()
    del waiting[connection]
    _reap(kernels)
    _end({pid: kernels[pid] for pid in forked.pop(connection)})


def _answer(request: dict, kernels: dict[int, int | None]) -> dict:
    _reap(kernels)
    if "poll" in request:
        return {"code": kernels.get(request["poll"], -signal.SIGKILL)}
    if (count := threads()) != 1:
        return {"refused": f"the template has {count} threads"}
    pid = os.fork()
    if pid == 0:
        _become_kernel(request["fork"])
    kernels[pid] = None
    return {"pid": pid}


def _reap(kernels: dict[int, int | None]) -> None:
    """The exit codes of kernels that ended, so that none stays a zombie."""
    while any(code is None for code in kernels.values()):
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        kernels[pid] = os.waitstatus_to_exitcode(status)


def _end(kernels: dict[int, int | None]) -> None:
    for pid, code in kernels.items():
        if code is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def _become_kernel(request: dict) -> None:
    """In the fork: a process group, descriptors, environment and seeds of its own; then a kernel until its shutdown."""
    code = 1
    try:
        parent = os.getppid()
        os.setsid()
        _clean_descriptors()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update({**request["env"], **SINGLE})
        os.chdir(request["cwd"])
        _seed(request["env"].get("SERVICE_EVALUATION_PAGE_KEY", request["argv"][-1]))
        _run(request["argv"], parent)
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


def _run(argv: list[str], parent: int) -> None:
    from ipykernel import kernelapp

    # Without the pipe for what grandchildren print: that pipe is a listener on 127.0.0.1.
    thread = kernelapp.IOPubThread
    kernelapp.IOPubThread = lambda socket, pipe, session: thread(socket, pipe=False, session=session)
    sys.argv = ["ipykernel_launcher", *argv]
    sys.path[:] = [entry for entry in sys.path if entry]
    app = kernelapp.IPKernelApp.instance()
    app.initialize([*argv, f"--IPKernelApp.parent_handle={parent}"])  # its default was read before the fork
    app.start()


def _clean_descriptors() -> None:
    """Standard input from nowhere; output where the template's goes; nothing else open."""
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2:
            with contextlib.suppress(OSError):
                os.close(int(name))
    os.dup2(2, 1)


def _seed(key: str) -> None:
    """Random numbers of its own for each page, the same in every run."""
    import random

    import numpy

    seed = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4])
    random.seed(seed)
    numpy.random.seed(seed)


if __name__ == "__main__":
    serve(sys.argv[1])
