"""An order for a page in; the page in the store, or what went wrong, out: what runs inside a worker of a Dask cluster.

A worker makes one page at a time, always in the same thread of its own process: a page sets environment variables,
which belong to the process, and its client keeps an event loop, which belongs to the thread. Its kernels are forked
from a template process that the worker started; the worker itself, which has threads, never forks.
"""

from __future__ import annotations

import functools
import os
import platform
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import metadata
from pathlib import Path

from distributed import WorkerPlugin, get_worker

from analysis.errors import Mistake
from analysis.report.context import ReportContext
from pipelines import cache, without_grammar
from pipelines.executors import Local
from pipelines.pages import Order, make
from pipelines.store import Store

PACKAGE = Path(__file__).parent.parent
OURS = "service-evaluation"
TALK = ("distributed", "dask", "cloudpickle", "msgpack", "tornado", "toolz")  # what a scheduler needs the same of
DRAW = ("numpy", "matplotlib", "jupyter-client", "nbclient")  # and a worker, beside what the package asks for itself

_hand = ThreadPoolExecutor(1, thread_name_prefix="pages")


class Pages(WorkerPlugin):
    """A worker that makes pages. Its template is started when the first run joins the cluster, and lasts as it does."""

    name = OURS
    idempotent = True

    def __init__(self, ours: bool):
        self.ours = ours

    def setup(self, worker) -> None:
        """Starts the template; it and the thread that makes pages import their libraries side by side."""
        if self.ours:  # Ctrl-C reaches every process of a terminal; the run answers it, and ends its workers
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        without_grammar()
        self._local = Local(1).__enter__()
        _hand.submit(self._local.warm)

    def teardown(self, worker) -> None:
        """Ends the template and its kernels."""
        self._local.__exit__()


@functools.cache
def code() -> dict[str, str]:
    """
    Python, the libraries and this package's source, by name: what must be the same wherever a page is made.

    Kept from the first call on: a worker that runs for days goes on with the source that it loaded.
    """
    try:
        asked = [re.match(r"[\w.-]+", line).group() for line in metadata.requires(OURS) or [] if "extra ==" not in line]
    except metadata.PackageNotFoundError:
        asked = []
    source = [*cache.files_under(PACKAGE / "analysis", "*.py"), *(PACKAGE / "pipelines").glob("*.py")]
    return {"python": platform.python_version(),
            **{name: _version(name) for name in sorted({*TALK, *DRAW, *asked, OURS})},
            "the package's source": cache.key_of(files=cache.hashes(PACKAGE, source))[:12]}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "none"


def unfit(expected: dict[str, str], sign: Path | None = None) -> tuple[str, str] | None:
    """
    What keeps this process from taking part, with the remedy.

    `expected` is what `code` says where the run was started, `sign` a file that the run put into the store. A scheduler
    makes no pages: it gets no sign, and needs the same of fewer libraries.
    """
    here = code()
    asked = expected if sign else {name: expected[name] for name in ("python", *TALK)}
    differ = [f"{name} is {version} here and {here.get(name, 'none')} there" for name, version in asked.items()
              if here.get(name) != version]
    if differ:
        return "; ".join(differ), "install the same lock file and package on every machine, then start it there anew"
    if sign and not sign.is_file():
        return f"it does not see {sign}", "let every worker see the project under the same path"
    return None


def page(order: Order, context: ReportContext | None, key: str, run: str, sign: Path, expected: dict,
         number: int) -> Mistake | None:
    """
    Makes the page and puts it under its key into the store that holds the sign. Returns the mistake that stopped it.

    `number` counts the attempts of a run. Workers that join in mid-run were not there when the others were looked at:
    so each page looks again.
    """
    at = get_worker().address
    if wrong := unfit(expected, sign):
        return Mistake(f"the worker {at} cannot make it: {wrong[0]}", where=order.notebook.name, remedy=wrong[1])
    store = Store(sign.parent)
    if key in store.finished():  # the attempt before was lost after it had put the page there
        return None
    with store.attempt(key, run, number) as folder:
        mine = replace(order, output=folder / order.output.name)
        try:
            record = _hand.submit(make, mine, context).result()
        except Mistake as mistake:
            return _kept(mistake, mine, order)
        store.keep(folder, key, {**record, "worker": at, "attempt": number})
    return None


def _kept(mistake: Mistake, mine: Order, order: Order) -> Mistake:
    """The mistake with the failed page where a local run would have left it."""
    if mine.failed.exists():
        order.output.parent.mkdir(parents=True, exist_ok=True)
        os.replace(mine.failed, order.failed)
    named, meant = (os.path.relpath(path, order.root) for path in (mine.failed, order.failed))
    return type(mistake)(mistake.found, where=mistake.where, remedy=mistake.remedy.replace(named, meant))
