"""A process with third-party libraries only, started once: orders for rounds in, each made in a fork of it that is new.

An order is a line of JSON on standard input; what a round tells are lines of JSON on standard output. A new order ends
the round that is under way. When standard input ends, the owner is gone: the process ends the round and itself. It
holds nothing of `analysis`, so that each round runs the code as it was saved last. Where forking is not safe, it makes
one round itself; the owner starts another process for the next.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import selectors
import signal
import sys
from collections.abc import Callable

from pipelines import kernels, without_grammar

PRELOAD = ("papermill", "papermill.clientwrap", "nbclient", "nbconvert", "nbformat.v4", "jupyter_client.asynchronous",
           "jupyter_client.manager", "bs4", "lxml.html", "jinja2", "multiprocessing.connection", "pipelines.engine")
Tell = Callable[..., None]


def preload() -> None:
    """Imports the libraries, and exports a small notebook: much of nbconvert is imported only when it is used."""
    without_grammar()
    for name in PRELOAD:
        importlib.import_module(name)
    from jupyter_client.provisioning import KernelProvisionerFactory
    from nbconvert import HTMLExporter
    from nbformat import v4

    small = v4.new_notebook(cells=[v4.new_markdown_cell("# Title\n\n*a* `b`"), v4.new_code_cell("a = 1  # b")],
                            metadata={"language_info": {"name": "python", "pygments_lexer": "ipython3"}})
    HTMLExporter(template_name="classic", optimistic_validation=True).from_notebook_node(small)
    KernelProvisionerFactory.instance().get_provisioner_entries()


def serve() -> None:
    """Makes rounds until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of a terminal; the owner answers it
    out = os.dup(1)
    os.dup2(2, 1)  # what a library prints is no message
    if not kernels.can_fork():
        _make(json.loads(sys.stdin.readline()), out)
        return
    preload()
    import gc

    gc.freeze()
    with selectors.DefaultSelector() as selector:
        selector.register(0, selectors.EVENT_READ)
        begun, said = None, b""
        while True:
            for key, _ in selector.select():
                if key.fileobj != 0:
                    begun = _ended(begun, selector, out)
                elif heard := os.read(0, 1 << 16):
                    *orders, said = (said + heard).split(b"\n")
                    for order in orders:
                        begun = _begin(json.loads(order), _stop(begun, selector), selector, out)
                else:
                    _stop(begun, selector)
                    return


def _begin(order: dict, before: None, selector, out: int) -> tuple[int, int, int]:
    """The new round: its number, its process, and what tells of that one's end."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.setsid()
            nowhere = os.open(os.devnull, os.O_RDONLY)
            os.dup2(nowhere, 0)
            selector.close()
            _make(order, out)
            code = 0
        finally:
            os._exit(code)
    end = os.pidfd_open(pid)
    selector.register(end, selectors.EVENT_READ)
    return order["round"], pid, end


def _stop(begun: tuple[int, int, int] | None, selector) -> None:
    """Ends a round and the processes that execute its pages; their kernels end with them."""
    if begun:
        _, pid, end = begun
        for kill in (os.killpg, os.kill):  # before it has a group of its own, only the second finds it
            with contextlib.suppress(ProcessLookupError):
                kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        selector.unregister(end)
        os.close(end)


def _ended(begun: tuple[int, int, int], selector, out: int) -> None:
    """A round that came to its end, good or bad."""
    number, pid, end = begun
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    selector.unregister(end)
    os.close(end)
    if code:
        _telling(number, out)(problem=f"the process that makes the pages ended with {code} (out of memory, perhaps)")


def _telling(number: int, out: int) -> Tell:
    def tell(**message: object) -> None:
        # A line that a killed round left unfinished must not spoil the next.
        os.write(out, b"\n" + json.dumps({"round": number, **message}).encode() + b"\n")

    return tell


def _make(order: dict, out: int) -> None:
    """One round, with the code as it is now."""
    tell = _telling(order["round"], out)
    os.environ |= order["environment"]
    try:
        from pipelines.rounds import make_round

        make_round(order, tell)
    except Exception:  # a mistake of the person at work on the package: their page shows it
        import traceback

        tell(problem=traceback.format_exc())


if __name__ == "__main__":
    serve()
