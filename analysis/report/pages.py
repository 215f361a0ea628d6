"""An executed notebook in, a page of the report out: prose, numbers, tables and figures; its code folded away."""

from __future__ import annotations

import html
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import Leak, Mistake, PageFailed
from analysis.report.article import Article, article
from analysis.report.context import PageLink, ReportContext
from analysis.report.figures import figure

if TYPE_CHECKING:
    from nbformat import NotebookNode

TEMPLATES = Path(__file__).parent / "templates"
TEMPLATE = "service_evaluation"
SLOT = '<div data-figure="{}"></div>'  # where a drawing will stand: the HTML parsers would mangle it
AROUND = ("main", "contents", "pages")  # ids of the page around


class PageRenderer:
    """
    Makes the pages of one report.

    It holds one HTMLExporter, since making one costs twenty times what a page does, so render a whole report with it.
    """

    def __init__(self, context: ReportContext):
        from nbconvert.exporters.html import HTMLExporter
        from nbconvert.filters import Highlight2HTML

        class Exporter(HTMLExporter):
            """As nbconvert's, but for its pass over the finished HTML, which `article` reads once more."""

            def from_notebook_node(self, nb, resources=None, **more):
                return super(HTMLExporter, self).from_notebook_node(nb, resources, **more)

        self.context = context
        self._exporter = Exporter(template_name=TEMPLATE, extra_template_basedirs=[str(TEMPLATES)],
                                  optimistic_validation=True, exclude_anchor_links=True)
        self._exporter.register_filter("shown", self._shown)
        self._exporter.register_filter("highlight_code",
                                       Highlight2HTML(pygments_lexer="ipython3", parent=self._exporter))
        self._drawings: list[str] = []
        self._where = ""

    def html(self, notebook: NotebookNode, page: PageLink) -> str:
        """The whole page. Beside it in its folder it wants style.css, and nothing else from anywhere."""
        return self.page(self.article(notebook, page), page)

    def article(self, notebook: NotebookNode, page: PageLink) -> Article:
        """What the notebook says, without the page around it."""
        self._drawings, self._where = [], page.name
        raw, _ = self._exporter.from_notebook_node(notebook)
        pages = {link.name: link.href for link in self.context.pages}
        figures = [f"figure-{i}" for i in range(1, len(self._drawings) + 1)]
        made = article(raw, pages=pages, taken=(*AROUND, *figures), where=page.name,
                       marks=marks(self.context, page))
        body = made.body
        for i, drawing in enumerate(self._drawings, start=1):
            body = body.replace(SLOT.format(i), figure(drawing, i, where=page.name), 1)
        return replace(made, body=body)

    def page(self, made: Article, page: PageLink) -> str:
        """An article with the page around it."""
        return page_html(self.context, made, page)

    def _shown(self, output: NotebookNode) -> str:
        """
        One output as HTML.

        What `present` makes has HTML or SVG. Anything else stands on a working page as it is, and stops a release.
        """
        if output.output_type == "error":
            raise PageFailed(f"the notebook stopped with {output.ename}: {output.evalue}", where=self._where)
        data = output.get("data", {})
        if "text/html" in data:
            return "".join(data["text/html"])
        if "image/svg+xml" in data:
            self._drawings.append("".join(data["image/svg+xml"]))
            return SLOT.format(len(self._drawings))
        text = "".join(output.get("text", "") or data.get("text/plain", ""))
        if not self.context.working:
            raise Leak(f"an output that did not come from present: {output.output_type}", where=self._where,
                       remedy="show it with analysis.present, or end the cell without a value")
        return f'<pre class="output">{html.escape(text)}</pre>' if text.strip() else ""


def marks(context: ReportContext, page: PageLink) -> tuple[str, ...]:
    """What a table of this page says below it once it is taken out of the report."""
    said = [f"From: {context.title}, {context.site}, {context.period}: {page.title}."]
    said += [f"Synthetic: {context.synthetic}"] if context.synthetic else []
    return (*said, *([f"{context.tier_words}."] if context.working else []))


def page_html(context: ReportContext, made: Article, page: PageLink) -> str:
    """An article with the page around it: a file of the report."""
    from markupsafe import Markup

    before, after = context.around(page)
    return environment().get_template("page.html.j2").render(
        report=context, here=page, article=made, body=Markup(made.body), before=before, after=after)


def page_title(notebook: NotebookNode) -> str:
    """The notebook's first markdown heading of the first level."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := _first_h1(MarkdownWithMath, IPythonRenderer, cell.source)):
            return found
    raise Mistake("the notebook has no title", remedy="begin it with a text cell: # Its title")


@cache
def environment():
    """The templates of the page around and of the front page; whatever is put into them is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(loader=FileSystemLoader(TEMPLATES / TEMPLATE), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    made.filters["size"] = size
    return made


def size(count: int) -> str:
    """Bytes as a person says them."""
    value, unit = float(count), "bytes"
    for larger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{count:,} bytes" if unit == "bytes" else f"{value:,.1f} {unit}"


def _first_h1(markdown, renderer, source: str) -> str:
    from bs4 import BeautifulSoup

    heading = BeautifulSoup(markdown(renderer=renderer(escape=False, exclude_anchor_links=True)).render(source),
                            "html.parser").find("h1")
    return " ".join(heading.get_text().split()) if heading else ""
