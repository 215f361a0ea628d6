"""Orders for pages in, finished pages out as they come: made by workers of a Dask cluster, taken from their store."""

from __future__ import annotations

import contextlib
import logging
import queue
import socket
import sys
import tempfile
import time
import uuid
import warnings
from collections import deque
from collections.abc import Iterator
from concurrent.futures import CancelledError
from urllib.parse import urlsplit

from analysis.errors import Mistake, PageFailed
from analysis.report.context import ReportContext
from pipelines.keys import Keys
from pipelines.pages import Order
from pipelines.store import RETRIES, Store

PORT = 8786  # Dask's own default
ANSWERS_WITHIN = 5  # seconds until a scheduler that does not answer counts as not there
STARTS_WITHIN = 60  # seconds until workers of our own that do not come (back) count as failed
QUIET = {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}  # no pages about the cluster


class Cluster:
    """
    Pages on a Dask cluster: on the one at `scheduler`, or on `workers` processes that are started on this machine.

    Workers put finished pages into the store of the study under a key that is known before a page runs. A lost worker
    costs the page it had, which another begins again, twice at most; a page that fails is not begun again. A run that
    was stopped takes what its workers finished from the store.
    """

    def __init__(self, keys: Keys, *, scheduler: str = "", workers: int = 0):
        if not scheduler and workers < 1:
            raise Mistake(f"a cluster of {workers} workers makes no pages", remedy="write --workers 2")
        self.keys, self.workers = keys, workers
        self.scheduler = _address(scheduler) if scheduler else ""
        self.store = Store(keys.study.build / "store")

    def __enter__(self) -> Cluster:
        """Looks whether Dask and the scheduler are there. Starts no thread: tidying forks this process after it."""
        from importlib.util import find_spec

        if not find_spec("distributed"):
            raise Mistake("Dask distributed is not installed",
                          remedy="python -m pip install 'service-evaluation[cluster]'")
        if self.scheduler:
            _look(self.scheduler)
        return self

    def __exit__(self, *unused: object) -> None:
        """The cluster lasts only as long as `run`."""

    def run(self, orders: list[Order], contexts: dict[str, ReportContext]) -> Iterator[tuple[Order, dict | Mistake]]:
        """Each order with the record of its run, or with what went wrong, as they finish."""
        self.store.open()
        wanted = {order: self.keys.of_everything(order, contexts[order.site]) for order in orders}
        there = self.store.keys()
        for order in orders:
            if wanted[order] in there:
                yield from self._taken(order, wanted[order])
        missing = [order for order in orders if wanted[order] not in there]
        if not missing:
            return
        run = uuid.uuid4().hex[:12]
        with self.store.signed(run) as sign, self._client() as client:
            from pipelines import worker

            expected = worker.code()
            self._check(client, expected, sign)
            client.register_plugin(worker.Pages())
            try:
                for order, result in self._made(client, {order: (
                        order, contexts[order.site], wanted[order], run, sign, expected) for order in missing}):
                    if isinstance(result, Mistake):
                        yield order, result
                    else:
                        yield from self._taken(order, wanted[order])
            finally:
                with contextlib.suppress(Exception):  # a cluster that is gone has nothing left to leave
                    client.unregister_worker_plugin(worker.Pages.name)

    def _taken(self, order: Order, key: str) -> Iterator[tuple[Order, dict | Mistake]]:
        """The page taken from the store, and forgotten there once whoever asked for it has noted it."""
        try:
            record = self.store.take(key, order)
        except FileNotFoundError as missing:
            yield order, PageFailed(
                f"it was made, and is not in the store: {missing.filename}", where=order.notebook.name,
                remedy="let every worker see the project under the same path, and run it again")
            return
        yield order, record
        self.store.forget(key)

    # ---------------------------------------------------------------------------------------------- the cluster

    @contextlib.contextmanager
    def _client(self) -> Iterator:
        """A client of the scheduler that was named, or of a cluster on this machine that ends with it."""
        import dask
        from distributed import Client, LocalCluster

        for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what a person must know is said by us
        with contextlib.ExitStack() as stack:
            scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="se-"))
            stack.enter_context(dask.config.set(QUIET | {"temporary-directory": scratch}))
            if not self.scheduler:
                # Memory is not limited: Dask would count the worker alone, and the tables are in its kernels.
                at = stack.enter_context(LocalCluster(
                    n_workers=self.workers, threads_per_worker=1, processes=True, host="127.0.0.1", memory_limit=0,
                    dashboard_address=None, scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                    silence_logs=logging.CRITICAL))
            else:
                at = self.scheduler
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # versions that differ are an error, said below
                try:
                    client = stack.enter_context(Client(at, timeout=ANSWERS_WITHIN, set_as_default=False))
                except (OSError, ValueError, ImportError) as error:
                    raise Mistake(f"what answers at {at} is no Dask scheduler that can be spoken to: {error}",
                                  remedy=f"look at the address; and {_same()}") from None
            yield client

    def _check(self, client, expected: dict[str, str], sign) -> None:
        """Mistake where the scheduler or a worker is not like this process, or does not see the store."""
        from pipelines import worker

        try:
            said = {"the scheduler": client.run_on_scheduler(worker.unfit, expected)}
        except Exception as error:
            said = {"the scheduler": error}
        said |= {f"the worker {at}": answer for at, answer in
                 client.run(worker.unfit, expected, sign, on_error="return").items()}
        for who, wrong in said.items():
            if isinstance(wrong, Exception):
                raise Mistake(f"{who} cannot load this package: {wrong}", remedy=_same())
            if wrong:
                raise Mistake(f"{who} cannot take part: {wrong[0]}", remedy=wrong[1])

    def _made(self, client, arguments: dict[Order, tuple]) -> Iterator[tuple[Order, Mistake | None]]:
        """
        Each order with the mistake that stopped it, or None, as workers finish.

        A worker has one page at a time: each is sent to one that is free, and only a lost worker's goes elsewhere.
        """
        from pipelines import worker

        waiting, running, finished = deque(arguments), {}, queue.SimpleQueue()
        killed: dict[Order, int] = {}
        alive = time.monotonic()
        while waiting or running:
            with _told(self.scheduler):
                workers = client.nthreads()
            alive = self._patient(alive) if not workers else time.monotonic()
            busy = {at for _, at in running.values()}
            for at in [at for at in workers if at not in busy][:len(waiting)]:
                order = waiting.popleft()
                future = client.submit(worker.page, *arguments[order], workers=[at], allow_other_workers=True,
                                       key=f"{order.label} {uuid.uuid4().hex[:8]}", pure=False)
                running[future] = order, at
                future.add_done_callback(finished.put)
            try:
                future = finished.get(timeout=1)
            except queue.Empty:
                continue
            order, _ = running.pop(future)
            with _told(self.scheduler):
                result = _result(future, order)
            if result is AGAIN:
                killed[order] = killed.get(order, 0) + 1
                if killed[order] <= RETRIES:
                    waiting.appendleft(order)
                    continue
                result = worker.lost(order)
            yield order, result

    def _patient(self, alive: float) -> float:
        """Waits a moment where there are no workers: those of a cluster may be in a queue, our own must come."""
        if not self.scheduler and time.monotonic() - alive > STARTS_WITHIN:
            raise Mistake(f"no worker has started within {STARTS_WITHIN} seconds", remedy="run it with --jobs 1 instead")
        if self.scheduler and not getattr(self, "_said", False):
            self._said = True
            print(f"no worker has joined {self.scheduler} yet: waiting", file=sys.stderr)
        time.sleep(0.2)
        return alive


AGAIN = object()  # Dask gave the page up because workers were lost: whether it had begun there, the store knows


def _result(future, order: Order):
    """What a finished task says: None for a page that is in the store, a Mistake, or AGAIN."""
    from distributed.scheduler import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return AGAIN
    except CancelledError as error:
        raise ConnectionError(str(error)) from None
    except Exception as error:
        return PageFailed(f"{type(error).__name__}: {error}", where=order.notebook.name,
                          remedy="this is a fault of the package: please report it")


@contextlib.contextmanager
def _told(scheduler: str) -> Iterator[None]:
    """A cluster that goes away in mid-run is a mistake with a remedy."""
    try:
        yield
    except OSError:  # Dask's own CommClosedError is one
        raise Mistake(f"the scheduler {scheduler} went away".replace("  ", " "),
                      remedy="start it, then run this again: finished pages are kept") from None


def _address(words: str) -> str:
    """The address as Dask wants it, with its port."""
    parts = urlsplit(words)
    try:
        port = parts.port or PORT
    except ValueError:
        port = 0
    if parts.scheme not in ("tcp", "tls") or not parts.hostname or not port or parts.path.strip("/"):
        raise Mistake(f"'{words}' is no address of a scheduler", remedy=f"write --scheduler tcp://machine:{PORT}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port}"


def _look(scheduler: str) -> None:
    """Mistake where nothing listens at the address."""
    parts = urlsplit(scheduler)
    try:
        socket.create_connection((parts.hostname, parts.port), timeout=ANSWERS_WITHIN).close()
    except OSError as error:
        raise Mistake(f"there is no scheduler at {scheduler}: {error.strerror or error}",
                      remedy="is it running (dask scheduler), is the address the one that it printed, "
                             "and may this machine reach that port?") from None


def _same() -> str:
    from importlib.metadata import version

    return f"install the same lock file and the same package everywhere: distributed is {version('distributed')} here"
