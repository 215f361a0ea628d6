"""Orders for pages in, finished pages out as they come: on this machine's cores, or wherever an executor sends them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver, get_context, parent_process

from analysis.errors import Mistake, PageFailed, refused
from analysis.report.context import ReportContext
from pipelines import kernels, without_grammar
from pipelines.pages import Order, make, rehearse
from pipelines.template import threads


class Local:
    """
    Pages on this machine, `jobs` at a time.

    Where kernels can be forked, the workers are forks of this process, which has everything imported, and share one
    template; elsewhere they are spawned and start kernels the stock way. The results are the same. The template is one
    that the environment names, where it answers: a process that makes many reports starts one for all of them.
    """

    def __init__(self, jobs: int):
        self.jobs = jobs
        self._template: kernels.Template | None = None
        self._forks = False
        self._before = {name: os.environ.get(name)
                        for name in (kernels.ADDRESS, kernels.SWITCH, "PYTHONPATH", *kernels.SINGLE)}

    def __enter__(self) -> Local:
        """Starts the template; it imports its libraries while this process does other things."""
        try:
            if why := kernels.why_not():
                raise kernels.TemplateFailed(why)
            address = kernels.answering()
            if not address:
                self._template = kernels.Template()
                address = self._template.address
            # One thread for each library here too, before any is imported: only then can the workers be forked.
            os.environ |= {**kernels.SINGLE, kernels.ADDRESS: address, kernels.SWITCH: kernels.NAME}
            self._forks = True
        except kernels.TemplateFailed as failure:
            self._use_stock(failure)
        return self

    def __exit__(self, *unused: object) -> None:
        if self._template:
            self._template.close()
        for name, value in self._before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)

    def prepare(self) -> None:
        """Imports what makes a page, before workers are forked, so that each has it."""
        if self._forks:
            import papermill  # noqa: F401
            from nbconvert import HTMLExporter  # noqa: F401

            from pipelines import engine  # noqa: F401

    def warm(self, context: ReportContext | None = None) -> None:
        """Imports and rehearses here while the template imports; where that fails, kernels start the stock way."""
        self.prepare()
        if self._forks:
            if context:
                rehearse(context)
            try:
                if self._template:
                    self._template.wait_until_ready()
            except kernels.TemplateFailed as failure:
                self._use_stock(failure)

    def _use_stock(self, failure: kernels.TemplateFailed) -> None:
        """From now on kernels are jupyter_client's own, with what makes their results the same."""
        kernels.say_once(failure)
        self._forks = False
        for name in (kernels.ADDRESS, kernels.SWITCH):
            os.environ.pop(name, None)
        os.environ |= kernels.environment(os.environ)

    def run(self, orders: list[Order], contexts: dict[str, ReportContext]) -> Iterator[tuple[Order, dict | Mistake]]:
        """
        Each order with the record of its run, or with what went wrong, as they finish.

        `contexts` are the reports by site. A worker that dies fails the pages it had, and no other.
        """
        left, suspects = list(orders), 0
        if left:
            self.warm(next(iter(contexts.values()), None))
        while left:
            alone = suspects > 0
            done: set[Order] = set()
            batch = left[:1] if alone else left
            with self._pool(len(batch)) as pool:
                running = {pool.submit(make, order, contexts[order.site]): order for order in batch}
                for future in as_completed(running):
                    try:
                        yield running[future], future.result()
                    except Mistake as mistake:
                        yield running[future], mistake
                    except BrokenProcessPool:
                        if not alone:
                            continue
                        suspects = 0
                        yield running[future], PageFailed("its process ended (out of memory, perhaps)",
                                                          where=running[future].notebook.name,
                                                          remedy="run it again with --jobs 1; finished pages are kept")
                    except Exception as error:
                        machine = refused(error) if isinstance(error, OSError) else None
                        yield running[future], PageFailed(
                            machine.found if machine else f"{type(error).__name__}: {error}",
                            where=running[future].notebook.name,
                            remedy=machine.remedy if machine else "this is a fault of the package: please report it")
                    done.add(running[future])
            left = [order for order in left if order not in done]
            # A worker died: those that may have been under way are made one at a time, which shows which one kills it.
            suspects = max(suspects - 1, 0) if alone else self.jobs + 1

    def _pool(self, pages: int) -> ProcessPoolExecutor:
        return _pool(min(self.jobs, pages))


def _pool(processes: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(processes, mp_context=_way(), initializer=_begin, initargs=(dict(os.environ),))


def _way():
    """
    How a worker comes from this process: as a fork where that is safe.

    A process with a second thread must not fork: a worker would wait for ever for a lock that the thread held. So it
    is where somebody runs reports inside a process of their own, a test suite or a notebook server: there a process
    with one thread is started once, with the libraries of a worker, and forks each.
    """
    if not kernels.can_fork():
        return get_context("spawn")
    if threads() == 1:
        return get_context("fork")
    server = get_context("forkserver")
    server.set_forkserver_preload(["pipelines.preloaded"])
    before = {name: os.environ.get(name) for name in kernels.SINGLE}
    os.environ |= kernels.SINGLE
    try:
        forkserver.ensure_running()
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
    return server


def _begin(environment: dict[str, str]) -> None:
    """In a new worker: the environment of the run, where it is not that of the process it was forked from."""
    os.environ.clear()
    os.environ.update(environment)
    without_grammar()
    end_with_parent()


def end_with_parent() -> None:
    """In a worker: ends it when the run is gone, however that ended; a worker would wait for its next page for ever."""
    run = parent_process()

    def watch() -> None:
        run.join()
        os._exit(1)

    threading.Thread(target=watch, name="end with parent", daemon=True).start()


def aside(function, *arguments, meanwhile: Callable[[], object] | None = None):
    """
    What the function returns or raises, done in a process of its own: its libraries and threads stay out of ours.

    `meanwhile` is called here while it is done there.
    """
    with _pool(1) as pool:
        asked = pool.submit(function, *arguments)
        if meanwhile:
            meanwhile()
        return asked.result()
