"""An order of the watch in; pages that are due executed, the open one first, and the report in .build/<study>/watch/."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING

from analysis.errors import Mistake, PageFailed
from analysis.report.article import Article
from analysis.report.context import INDEX, PageLink, ReportContext
from analysis.study import open_study
from pipelines import cache, kernels
from pipelines.pages import Order, article_of, execute, renderer
from pipelines.runner import Runner

if TYPE_CHECKING:
    from pipelines.warm import Tell


def make_round(order: dict, tell: Tell) -> None:
    """Brings the watched report up to date. Tells of each page as it is done, and what keeps all of them from it."""
    try:
        Round(open_study(order["study"]), tell, tier=order["tier"]).make(order["first"])
    except Mistake as mistake:
        tell(problem=str(mistake))


class Round(Runner):
    """One round over the pages of the report over all sites; nothing of it is published."""

    def __init__(self, study, tell: Tell, **how):
        super().__init__(study, **how)
        self.tell, self.folder = tell, study.build / "watch"

    def make(self, first: Sequence[str]) -> None:
        """Everything that is due. `first` are the pages that somebody looks at."""
        if self.keys.tidy_is_due(self._by_site):
            self.tell(doing="checking and tidying the extracts")
            self._tidy()
        orders = self._readable()
        due = sorted((order for order in orders if self.keys.is_due(order)),
                     key=lambda order: (order.name not in first, first.index(order.name) if order.name in first else 0))
        self.tell(doing=f"making {', '.join(order.name for order in due)}" if due else "")
        if due:
            self._execute(due, orders)
        else:
            self._put_all(orders, self._context())
        self.keys.remember()
        self.tell(finished=self.study.pages)

    def _readable(self) -> list[Order]:
        """The orders of the pages whose notebooks can be read; of the others, why not."""
        orders = []
        for name in self.study.pages:
            try:
                orders += self._orders([name], {})
            except Mistake as mistake:
                self.tell(page=name, problem=str(mistake))
        return orders

    def _execute(self, due: list[Order], orders: list[Order]) -> None:
        """Pages executed side by side, each put into the report when it is done; meanwhile the others are laid out."""
        from pipelines import engine  # noqa: F401  before the workers are forked

        way = get_context("fork" if kernels.can_fork() else "spawn")
        with ProcessPoolExecutor(min(self.jobs, len(due)), mp_context=way) as pool:
            running = {pool.submit(execute, order): order for order in due}
            context = self._context()
            self._rehearse(context)
            left = [order for order in orders if order not in due]
            for future in as_completed(running):
                order = running[future]
                try:
                    record = future.result()
                    self.keys.is_done(order, record)
                    self._render(order, context)
                    self.tell(page=order.name, seconds=record["seconds"])
                except Mistake as mistake:
                    order.record.unlink(missing_ok=True)
                    self.tell(page=order.name, problem=str(mistake))
                except BrokenProcessPool:
                    ended = PageFailed("its process ended (out of memory, perhaps)", where=order.notebook.name)
                    self.tell(page=order.name, problem=str(ended))
            self._put_all(left, context)
