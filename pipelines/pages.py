"""One notebook and its parameters in; the executed page, its registry and a record of the run out."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import Leak, PageFailed
from pipelines.cache import files_under, hashes, key_of, read_json, write_json, write_text
from pipelines.needs import only_met

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from analysis.report.article import Article
    from analysis.report.context import ReportContext
    from analysis.report.pages import PageRenderer

REPORT = Path(__file__).parent.parent / "analysis" / "report"  # what lays pages out
_renderers: dict[str, PageRenderer] = {}
_known: dict[str, list] = {}  # hashes of the files there, by size and time


@dataclass(frozen=True, eq=False)
class Order:
    """A page to make: the notebook, where the executed copy goes, with which parameters, for how long, without what."""

    notebook: Path
    output: Path
    parameters: Mapping[str, object]
    root: Path
    timeout: int = 600
    without: tuple[str, ...] = ()  # what its cells need and the study does not have

    @property
    def name(self) -> str:
        return self.notebook.stem

    @property
    def site(self) -> str:
        return str(self.parameters.get("site", "all"))

    @property
    def label(self) -> str:
        """What this page is called in a run over several sites."""
        return self.name if self.site == "all" else f"{self.name} ({self.site})"

    @property
    def failed(self) -> Path:
        return self.output.with_name(f"{self.name}.failed.ipynb")

    @property
    def article(self) -> Path:
        """The page's body as HTML with its headings, ready to have a report put around it."""
        return self.output.with_name(f"{self.name}.article.json")

    @property
    def registry(self) -> Path:
        return self.output.with_name(f"{self.name}.registry.json")

    @property
    def record(self) -> Path:
        """When and how the page was made, and the key that says whether it must be made again."""
        return self.output.with_suffix(".json")


def make(order: Order, context: ReportContext | None) -> dict:
    """The page executed and, where it belongs to a report, rendered. Returns the record of the run."""
    record = execute(order)
    if context:
        render(order, context)
    return record


def render(order: Order, context: ReportContext) -> None:
    """The executed page as an article beside it. One exporter serves all pages that a process renders."""
    import nbformat

    link = next(page for page in context.pages if page.name == order.name)
    made = renderer(context).article(nbformat.read(order.output, as_version=4), link)
    write_json(order.article, {**asdict(made), "layout": _layout(context)})


def renderer(context: ReportContext) -> PageRenderer:
    """This process's renderer of the report's pages."""
    from analysis.report.pages import PageRenderer

    one = _renderers.get("one")
    if one is None or one.context != context:
        one = _renderers["one"] = PageRenderer(context)
    return one


def rehearse(context: ReportContext) -> None:
    """Compiles the templates on a page of nothing, while there is time: much of nbconvert is imported on its first."""
    from nbformat import v4

    from analysis.report.pages import environment

    if context.pages:
        nothing = v4.new_notebook(cells=[v4.new_markdown_cell("# Nothing"), v4.new_code_cell("nothing")])
        renderer(context).article(nothing, context.pages[0])
        environment().get_template("page.html.j2")


def article_of(order: Order, context: ReportContext) -> Article:
    """The article that `render` wrote; written again where the laying out of pages has changed since."""
    from analysis.report.article import Article, Heading

    said = read_json(order.article)
    if said.get("layout") != _layout(context):
        render(order, context)
        said = read_json(order.article)
    return Article(said["title"], said["lead"], said["body"], tuple(Heading(**h) for h in said["headings"]),
                   tuple(map(tuple, said["tables"])), tuple(map(tuple, said["said"])))


def _layout(context: ReportContext) -> str:
    """The key of what an article depends on beside the executed page: to look different, a page need not run again."""
    from analysis.report.pages import marks

    files = hashes(REPORT, files_under(REPORT, "*"), _known)
    return key_of(files=files, pages=[(page.name, page.href) for page in context.pages], tier=context.tier,
                  marks=[marks(context, page) for page in context.pages])


def execute(order: Order) -> dict:
    """
    The notebook run under papermill, its executed copy at `order.output`. Returns the record of the run.

    The record holds when it started, seconds and peak memory of each code cell, and what the page read. A page that
    fails is kept as <page>.failed.ipynb, and PageFailed says cell, source and error; so it does where the kernel died
    or took longer than the timeout. What the gate refuses is a Leak.
    """
    import nbformat

    os.environ |= {"SERVICE_EVALUATION_ROOT": str(order.root), "SERVICE_EVALUATION_PAGES": str(order.output.parent)}
    order.output.parent.mkdir(parents=True, exist_ok=True)
    order.failed.unlink(missing_ok=True)
    for earlier in (order.registry, order.record):  # an earlier run's say nothing about this one
        earlier.unlink(missing_ok=True)
    aside = order.output.with_name(f".{order.output.name}")
    aside.unlink(missing_ok=True)
    began, ticks = time.time(), time.monotonic()
    node = _run(order, aside)
    cells = node.metadata.papermill.get("cells", [])
    node = clean(node)
    registry = read_json(order.registry)
    if not registry:
        raise _failed(order, f'it never opened Page("{order.name}", …)', aside)
    if order.parameters.get("tier", "release") == "release":
        _pass_gate(order, node, registry, aside)
    write_text(order.output, nbformat.writes(node) + "\n")
    aside.unlink(missing_ok=True)
    return {"page": order.name, "started": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(began)),
            "seconds": round(time.monotonic() - ticks, 3), "cells": cells, "outcome": "built", "read": registry["read"],
            "notices": registry.get("notices", []),
            "populations": sorted({cell["population"] for cell in registry["cells"].values()})}


def _run(order: Order, aside: Path) -> NotebookNode:
    """The notebook as papermill ran it, written to `aside` too. Raises Leak and PageFailed, as `execute` says."""
    import nbformat
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from pipelines import engine

    try:
        node = papermill.execute_notebook(
            _notebook(order), str(aside), parameters=dict(order.parameters), engine_name=engine.NAME,
            kernel_name="python3", progress_bar=False, request_save_on_cell_execute=False, record_timing=False,
            execution_timeout=order.timeout, resources={"metadata": {"path": str(order.notebook.parent)}})
    except PapermillExecutionError as error:
        os.replace(aside, order.failed)
        if error.ename == "Leak":
            raise Leak(f"cell {error.cell_index}: {error.evalue}", where=order.notebook.name) from None
        raise _failed(order, f"cell {error.cell_index} failed: {error.ename}: {error.evalue}{_shown(error.source)}"
                      ) from None
    except (CellTimeoutError, DeadKernelError) as error:
        found = (f"the page took longer than {order.timeout} seconds" if isinstance(error, CellTimeoutError)
                 else "the kernel died (out of memory, perhaps, or ended by something outside)")
        if hasattr(error, "cell"):  # else it died before the first
            found = f"cell {error.cell[0]}: {found}{_shown(error.cell[1])}"
            write_text(order.failed, nbformat.writes(error.notebook) + "\n")
        raise _failed(order, found) from None
    for number, cell in enumerate(node.cells):  # SystemExit, which papermill takes for a good end
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            raise _failed(order, f"cell {number} ended the page before its last cell{_shown(cell.source)}", aside)
    return node


def _pass_gate(order: Order, node: NotebookNode, registry: dict, aside: Path) -> None:
    """Nothing, where the gate lets the page through; else the page is kept as failed and a Leak says why."""
    import nbformat

    from analysis.protect.gate import refused

    other = [f'it opened its Page in the tier "{registry["tier"]}"'] if registry["tier"] != "release" else []
    if found := other + refused(node["cells"], registry):
        aside.unlink(missing_ok=True)
        write_text(order.failed, nbformat.writes(node) + "\n")
        raise Leak("\n    ".join(found), where=order.notebook.name,
                   remedy="show only what present makes: table(page.release(…)), a figure, a sentence")


def _notebook(order: Order):
    """What papermill is to run: the notebook, or what of it does not need what the study does not have."""
    import nbformat

    if not order.without:
        return str(order.notebook)
    node = nbformat.read(order.notebook, as_version=4)
    node.cells = only_met(node.cells, order.without)
    return node


def _shown(source: str) -> str:
    """A cell's source below what is said about it."""
    return "".join(f"\n    {line}" for line in source.strip().splitlines())


def _failed(order: Order, found: str, aside: Path | None = None) -> PageFailed:
    if aside and aside.exists():
        os.replace(aside, order.failed)
    kept = f"the page as far as it came: {os.path.relpath(order.failed, order.root)}" if order.failed.exists() else ""
    return PageFailed(found, where=order.notebook.name, remedy=kept)


def clean(node):
    """The executed notebook without what differs from run to run: papermill's records, times, random ids."""
    node.metadata.pop("papermill", None)
    for number, cell in enumerate(node.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"injected-parameters-{number}"
    node.metadata.get("language_info", {}).pop("version", None)
    return node


def source_of(notebook: Path) -> dict:
    """A notebook's cells without outputs: what a page's key is made of, so that stored outputs change no key."""
    said = json.loads(notebook.read_text("utf-8"))
    return {"cells": [[c["cell_type"], c["metadata"].get("tags", []), c["source"]] for c in said["cells"]]}
