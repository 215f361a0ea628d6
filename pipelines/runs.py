"""The records beside executed pages and a run's ledger in; the page `Run` and the local page of times out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.cache import read_json, write_text
from pipelines.pages import Order

if TYPE_CHECKING:
    from analysis.report.context import ReportContext
    from analysis.report.run import PageRun


def runs_of(context: ReportContext, orders: Iterable[Order]) -> list[PageRun]:
    """How each page of a report was made, in the report's order; pages that have no record are left out."""
    from analysis.report.run import page_run

    records = {order.name: record_of(order) for order in orders}
    return [page_run(page.title, records[page.name]) for page in context.pages if records.get(page.name)]


def write_times(path: Path, title: str, orders: Sequence[Order], entries: Iterable[Mapping]) -> None:
    """Times and memory of each page that the ledger has an entry for, as a page of its own at `path`."""
    from analysis.report.run import page_times, times_html

    records = {(order.site, order.name): record_of(order) for order in orders}
    write_text(path, times_html(title, [page_times(entry, records[entry["site"], entry["page"]]) for entry in entries]))


def record_of(order: Order) -> dict:
    """The record of when the page was last executed; empty where it never was."""
    return read_json(order.record)
