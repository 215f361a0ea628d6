"""The fork of a template in; a kernel out: with a session, descriptors and an environment of its own."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from dataclasses import dataclass
from typing import Any

# One thread at the fork needs these set before numpy, scipy and pyarrow are imported; the number of threads also
# changes the last bits of a matrix product, so the stock fallback gets the same.
SINGLE = {
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "NUMEXPR_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false", "ARROW_DEFAULT_MEMORY_POOL": "system", "PYTHONHASHSEED": "0",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
PR_SET_PDEATHSIG = 1


@dataclass
class Start:
    """What a fork needs to become a kernel."""

    parent: int
    request: dict[str, Any]
    output: int
    errors: int


def become_kernel(start: Start, here: str, imported: dict[str, str]) -> None:
    """
    In the fork: a session, descriptors and environment of its own; then a kernel until its shutdown.

    `here` is the template's folder; `imported` are the variables that libraries set where they are imported.
    """
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != start.parent:
        return
    os.setsid()
    _clean_descriptors(start.output, start.errors)
    os.environ.clear()
    os.environ.update({**imported, **start.request["env"], **SINGLE})
    time.tzset()
    there = start.request["cwd"]
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

        _pipe_at = ""

        def _setup_pipe_in(self):
            place = self.socket.getsockopt_string(zmq.LAST_ENDPOINT)
            if not place.startswith("ipc:"):
                super()._setup_pipe_in()
                return
            self._pipe_uuid, self._pipe_at = os.urandom(16), f"{place}-pipe"
            pipe = self.socket.context.socket(zmq.PULL)
            pipe.linger = 0
            pipe.bind(self._pipe_at)
            self._pipe_in = ZMQStream(pipe, self.io_loop)
            self._pipe_in.on_recv(self._handle_pipe_msg)

        def _setup_pipe_out(self):
            if not self._pipe_at:
                return super()._setup_pipe_out()
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
