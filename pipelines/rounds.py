"""An order of the watch in; pages that are due executed, the open one first, and laid out in .build/<study>/watch/."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING

from analysis.errors import Mistake
from analysis.report.article import Article
from analysis.report.context import INDEX, PageLink, ReportContext
from analysis.report.pages import page_html, page_title
from analysis.report.run import RUN, run_html
from analysis.report.site import STYLE, index, stylesheet
from analysis.study import open_study
from pipelines import cache, kernels
from pipelines.alone import alone
from pipelines.context import report_context
from pipelines.executors import end_with_parent
from pipelines.needs import pages_of
from pipelines.pages import Order, article_of, execute, rehearse, render
from pipelines.runner import Runner
from pipelines.runs import runs_of

if TYPE_CHECKING:
    from pipelines.warm import Tell


def make_round(order: dict, tell: Tell) -> None:
    """Brings the watched report up to date. Tells of each page as it is done, and what keeps all of them from it."""
    try:
        study = open_study(order["study"])
        with alone(study.build, lambda words: tell(doing=words)):
            Round(study, tell, tier=order["tier"]).make(order["first"])
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
        context = self._execute(due) if due else self._context()
        self._put_all(orders, due, context)
        self.keys.remember()
        self.tell(finished=pages_of(self.study))

    def _readable(self) -> list[Order]:
        """The orders of the pages whose notebooks can be read; of the others, why not."""
        orders = []
        for name in pages_of(self.study):
            try:
                orders += self._orders([name], {})
            except Mistake as mistake:
                self.tell(page=name, problem=str(mistake))
        return orders

    def _execute(self, due: list[Order]) -> ReportContext:
        """Pages executed side by side, each put into the report when it is done. Returns the report's context."""
        from pipelines import engine  # noqa: F401  before the workers are forked

        way = get_context("fork" if kernels.can_fork() else "spawn")
        with ProcessPoolExecutor(min(self.jobs, len(due)), mp_context=way, initializer=end_with_parent) as pool:
            running = {pool.submit(execute, order): order for order in due}
            context = self._context()
            rehearse(context)
            for future in as_completed(running):
                self._done(running[future], future, context)
        return context

    def _done(self, order: Order, future: Future, context: ReportContext) -> None:
        """A page that was executed, laid out and put into the report; or why not."""
        try:
            record = future.result()
            render(order, context)
            self.keys.is_done(order, record)
            self._put_page(order, context)
            self.tell(page=order.name, seconds=record["seconds"])
        except Mistake as mistake:
            self.tell(page=order.name, problem=str(mistake))
        except BrokenProcessPool:
            self.tell(page=order.name, problem="its process ended (out of memory, perhaps)")
        except Exception:
            self.tell(page=order.name, problem=traceback.format_exc())

    # ---------------------------------------------------------------------------------------------- laying out

    def _context(self) -> ReportContext:
        """The report with all its pages, also those whose notebook has no title now, or cannot be read."""
        return replace(report_context(self.study, [], self.tier, "all", list(self._withheld())),
                       pages=tuple(PageLink(name, self._title(name), f"{name}.html") for name in pages_of(self.study)))

    def _title(self, name: str) -> str:
        import nbformat

        try:
            return page_title(nbformat.read(self.study.root / "notebooks" / f"{name}.ipynb", as_version=4))
        except Exception:  # what is wrong with it is told where it is read and executed
            return name

    def _put_all(self, orders: list[Order], due: list[Order], context: ReportContext) -> None:
        """The pages that were not due, and what stands around all pages, where it differs from what is there."""
        articles = {page.name: Article(page.title, "", "", ()) for page in context.pages}
        for order in orders:
            try:
                if order.article.is_file():
                    articles[order.name] = article_of(order, context)
                if order not in due:
                    self._put_page(order, context)
                    self.tell(page=order.name)
            except Mistake as mistake:
                self.tell(page=order.name, problem=str(mistake))
        self._put(INDEX, index(context, articles))
        self._put(RUN.href, run_html(context, runs_of(context, orders)))
        self._put(STYLE, stylesheet())
        for file in self.folder.glob("*.html"):
            if file.name not in {INDEX, RUN.href, *(page.href for page in context.pages)}:
                file.unlink()

    def _put_page(self, order: Order, context: ReportContext) -> None:
        link = next(page for page in context.pages if page.name == order.name)
        article = article_of(order, context)
        self._put(link.href, page_html(context, article, link))
        for name, text in article.tables:
            self._put(name, text)

    def _put(self, name: str, text: str) -> None:
        path = self.folder / name
        if not path.is_file() or path.read_text("utf-8") != text:
            cache.write_text(path, text)
