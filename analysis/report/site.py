"""A report's context and its executed notebooks in; a folder of pages out that opens without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.report.article import Article
from analysis.report.context import INDEX, ReportContext, overview
from analysis.report.pages import TEMPLATE, TEMPLATES, PageRenderer, environment, page_html
from analysis.report.run import RUN, PageRun, run_html

if TYPE_CHECKING:
    from nbformat import NotebookNode

STYLE = "style.css"


def write_site(folder: Path, context: ReportContext, notebooks: dict[str, NotebookNode]) -> list[Path]:
    """
    Every page, its tables as CSV, index.html and style.css, written into a folder that exists and is empty; their
    paths.

    All is rendered before the first byte is written, so a page that fails leaves the folder empty. Moving the folder
    to where people look is the caller's.
    """
    renderer = PageRenderer(context)
    return write_articles(folder, context, {page.name: renderer.article(notebooks[page.name], page)
                                            for page in context.pages if page.name in notebooks})


def write_articles(folder: Path, context: ReportContext, articles: Mapping[str, Article],
                   runs: Sequence[PageRun] = ()) -> list[Path]:
    """
    As `write_site`, from articles that have been made before: one for each page of the context.

    With `runs`, one for each page too, the page `Run` that the context's navigation ends with.
    """
    if any(folder.iterdir()):
        raise FileExistsError(f"the folder for a report must be empty: {folder.name}")
    named = {page.name for page in context.pages}
    if named != set(articles):
        raise ValueError(f"pages and notebooks differ: {', '.join(sorted(named ^ set(articles)))}")
    files = {INDEX: index(context, articles), STYLE: stylesheet()}
    files |= {page.href: page_html(context, articles[page.name], page) for page in context.pages}
    files |= {name: text for page in context.pages for name, text in articles[page.name].tables}
    if RUN in context.about:
        if [run.page for run in runs] != [page.name for page in context.pages]:
            raise ValueError(f"pages and their runs differ: {', '.join(sorted(named ^ {run.page for run in runs}))}")
        files[RUN.href] = run_html(context, runs)
    written = []
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode())
        written.append(path)
    return written


def write_withheld(folder: Path, context: ReportContext, rules: Sequence[str]) -> list[Path]:
    """For a site that cannot be reported: one page that says so, and which rules its records break. No number."""
    page = environment().get_template("withheld.html.j2").render(
        report=replace(context, pages=(), about=()), here=overview(), rules=rules)
    written = []
    for name, content in ((INDEX, page), (STYLE, stylesheet())):
        (folder / name).write_bytes(content.encode())
        written.append(folder / name)
    return written


def index(context: ReportContext, articles: Mapping[str, Article]) -> str:
    """The front page: what was asked, of which records, under which rules, and what the report was built from."""
    return environment().get_template("site.html.j2").render(
        report=context, here=overview(), pages=[(page, articles[page.name].lead) for page in context.pages],
        built=context.provenance)


def stylesheet() -> str:
    """The one stylesheet of the report."""
    return (TEMPLATES / TEMPLATE / STYLE).read_text("utf-8")
