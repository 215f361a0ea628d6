"""Orders for pages in, finished pages out as they come: on this machine's cores, or wherever an executor sends them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process

from analysis.errors import Mistake, PageFailed
from analysis.report.context import ReportContext
from pipelines import kernels
from pipelines.pages import Order, make
from pipelines.template import threads


class Local:
    """
    Pages on this machine, `jobs` at a time.

    Where kernels can be forked, the workers are forks of this process, which has everything imported, and share one
    template; elsewhere they are spawned and start kernels the stock way. The results are the same.
    """

    def __init__(self, jobs: int):
        self.jobs = jobs
        self._template: kernels.Template | None = None
        self._before = {name: os.environ.get(name)
                        for name in (kernels.ADDRESS, kernels.SWITCH, "PYTHONPATH", *kernels.SINGLE)}

    def __enter__(self) -> Local:
        """Starts the template; it imports its libraries while this process does other things."""
        try:
            if why := kernels.why_not():
                raise kernels.TemplateFailed(why)
            self._template = kernels.Template()
            os.environ |= {kernels.ADDRESS: self._template.address, kernels.SWITCH: kernels.NAME}
        except kernels.TemplateFailed as failure:
            self._use_stock(failure)
        return self

    def __exit__(self, *unused: object) -> None:
        if self._template:
            self._template.close()
        for name, value in self._before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)

    def warm(self) -> None:
        """Imports what makes a page here, then waits for the template; where it fails, kernels start the stock way."""
        if self._template:
            import papermill  # noqa: F401  imported before the workers are forked, so that each has them
            from nbconvert import HTMLExporter  # noqa: F401

            from pipelines import engine  # noqa: F401
            try:
                self._template.wait_until_ready()
            except kernels.TemplateFailed as failure:
                self._use_stock(failure)

    def _use_stock(self, failure: kernels.TemplateFailed) -> None:
        """From now on kernels are jupyter_client's own, with what makes their results the same."""
        kernels.say_once(failure)
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
            self.warm()
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
                        yield running[future], PageFailed(f"{type(error).__name__}: {error}",
                                                          where=running[future].notebook.name,
                                                          remedy="this is a fault of the package: please report it")
                    done.add(running[future])
            left = [order for order in left if order not in done]
            # A worker died: those that may have been under way are made one at a time, which shows which one kills it.
            suspects = max(suspects - 1, 0) if alone else self.jobs + 1

    def _pool(self, pages: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(min(self.jobs, pages), mp_context=_way(), initializer=end_with_parent)


def _way():
    """
    How a worker comes from this process: as a fork where that is safe.

    A process with a second thread must not fork: a worker would wait for ever for a lock that the thread held. So it
    is where somebody runs reports inside a process of their own, a test suite or a notebook server.
    """
    return get_context("fork" if kernels.can_fork() and threads() == 1 else "spawn")


def end_with_parent() -> None:
    """In a worker: ends it when the run is gone, however that ended; a worker would wait for its next page for ever."""
    run = parent_process()

    def watch() -> None:
        run.join()
        os._exit(1)

    threading.Thread(target=watch, name="end with parent", daemon=True).start()


def aside(function, *arguments):
    """What the function returns or raises, done in a process of its own: its libraries and threads stay out of ours."""
    with ProcessPoolExecutor(1, mp_context=_way(), initializer=end_with_parent) as pool:
        return pool.submit(function, *arguments).result()
