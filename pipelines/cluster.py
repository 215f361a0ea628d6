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
from pipelines.store import Store

RETRIES = 2  # how often a page is begun again because the worker that had it was lost
PORT = 8786  # Dask's own default
ANSWERS_WITHIN = 5  # seconds until a scheduler that does not answer counts as not there
SAYS_WITHIN = 30  # seconds until the word of a task that has finished counts as lost with its worker
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
        self._told = False

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

    def prepare(self) -> None:
        """Workers import what makes a page, each for itself."""

    def run(self, orders: list[Order], contexts: dict[str, ReportContext]) -> Iterator[tuple[Order, dict | Mistake]]:
        """Each order with the record of its run, or with what went wrong, as they finish."""
        self.store.open()
        wanted = {order: self.keys.of_everything(order, contexts[order.site]) for order in orders}
        there = self.store.finished()
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
            with _while_it_lasts():
                self._check(client, expected, sign)
                client.register_plugin(worker.Pages(ours=not self.scheduler))
            for order, result in self._made(client, {order: (
                    order, contexts[order.site], wanted[order], run, sign, expected) for order in missing}):
                if isinstance(result, Mistake):
                    yield order, result
                else:
                    yield from self._taken(order, wanted[order])

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
            scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="se-dask-"))
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
                    raise Mistake(f"the scheduler {at} cannot be spoken to: {error}", remedy=_same()) from None
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

        A page is for one worker that is free, and for no other: so a worker has one page at a time, and which page goes
        with a worker that is lost is known here. Dask left to itself may give a page to a worker that is busy.
        """
        from pipelines import worker

        waiting, running, finished = deque(arguments), {}, queue.SimpleQueue()
        begun = dict.fromkeys(arguments, 0)
        alive = time.monotonic()
        while waiting or running:
            with _while_it_lasts():
                workers = client.nthreads()
            if workers:
                alive = time.monotonic()
            else:
                self._wait_for_workers(time.monotonic() - alive)
            busy = {at for _, at in running.values()}
            for at in [at for at in workers if at not in busy][:len(waiting)]:
                order = waiting.popleft()
                begun[order] += 1
                future = client.submit(worker.page, *arguments[order], begun[order], workers=[at], pure=False,
                                       key=f"{order.label} {uuid.uuid4().hex[:8]}")
                running[future] = order, at
                future.add_done_callback(finished.put)
            gone = [future for future, (_, at) in running.items() if at not in workers and not future.done()]
            for future in gone or _first(finished):
                if future not in running:  # its worker was lost, and it was cancelled
                    continue
                order, _ = running.pop(future)
                result = LOST if future in gone else _result(future, order)
                if result is not LOST:
                    yield order, result
                    continue
                future.cancel()
                if begun[order] <= RETRIES:
                    waiting.appendleft(order)
                else:
                    yield order, _lost(order)

    def _wait_for_workers(self, waited: float) -> None:
        """A moment. Those of a cluster may stand in a queue, and the person is told; our own must come."""
        if not self.scheduler and waited > STARTS_WITHIN:
            raise Mistake(f"no worker started in {STARTS_WITHIN} seconds", remedy="run it with --jobs 1 instead")
        if self.scheduler and not self._told:
            self._told = True
            print(f"{self.scheduler} has no workers: waiting for one to join", file=sys.stderr)
        time.sleep(0.2)


LOST = object()  # the worker was lost before it could say what became of the page


def _first(finished: queue.SimpleQueue) -> list:
    """The task that has finished; none after a second without any."""
    try:
        return [finished.get(timeout=1)]
    except queue.Empty:
        return []


def _result(future, order: Order):
    """What a finished task says: None for a page that is in the store, a Mistake, or LOST."""
    from distributed.scheduler import KilledWorker

    try:
        return future.result(timeout=SAYS_WITHIN)
    except KilledWorker:
        return LOST
    except CancelledError:
        raise _gone_away() from None
    except Exception as error:
        if isinstance(error, TimeoutError) and future.status != "error":
            return LOST
        return PageFailed(f"{type(error).__name__}: {error}", where=order.notebook.name,
                          remedy="this is a fault of the package: please report it")


def _lost(order: Order) -> PageFailed:
    return PageFailed(f"{RETRIES + 1} workers were lost while they had it (out of memory, perhaps)",
                      where=order.notebook.name, remedy="look at the workers' logs; finished pages are kept")


@contextlib.contextmanager
def _while_it_lasts() -> Iterator[None]:
    """A scheduler that goes away in mid-run is a mistake with a remedy."""
    try:
        yield
    except OSError:  # Dask's own CommClosedError is one
        raise _gone_away() from None


def _gone_away() -> Mistake:
    return Mistake("the scheduler went away in mid-run",
                   remedy="start it, then run this again: finished pages are kept")


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
    """Mistake where nothing listens at the address, or something that does not greet as a scheduler does."""
    parts = urlsplit(scheduler)
    try:
        connection = socket.create_connection((parts.hostname, parts.port), timeout=ANSWERS_WITHIN)
    except OSError as error:
        raise Mistake(f"there is no scheduler at {scheduler}: {error.strerror or error}",
                      remedy="is it running (dask scheduler), is the address the one that it printed, "
                             "and may this machine reach that port?") from None
    # Dask's own client waits for the greeting as long as it takes.
    said = b""
    with connection, contextlib.suppress(OSError):
        said = (_sealed(connection) if parts.scheme == "tls" else connection).recv(1024)
    if b"pickle-protocol" not in said:
        raise Mistake(f"what listens at {scheduler} is no Dask scheduler, or none that speaks {parts.scheme}",
                      remedy=f"is the address the one that the scheduler printed? And {_same()}")


def _sealed(connection: socket.socket) -> socket.socket:
    """The connection under TLS, with the certificates that Dask's own configuration names."""
    from distributed.security import Security

    context = Security().get_connection_args("client")["ssl_context"]
    if context is None:
        raise Mistake("Dask's configuration names no certificates, and tls:// needs them",
                      remedy="set distributed.comm.tls in ~/.config/dask, as on the machine of the scheduler")
    return context.wrap_socket(connection)


def _same() -> str:
    from importlib.metadata import version

    return f"install the same lock file and the same package everywhere: distributed is {version('distributed')} here"
