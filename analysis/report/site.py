"""A report's context and the articles of its pages in; a folder of pages out that opens without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from analysis.report.article import Article
from analysis.report.context import INDEX, ReportContext, overview
from analysis.report.pages import TEMPLATE, TEMPLATES, environment, page_html
from analysis.report.run import RUN, PageRun, run_html

STYLE = "style.css"
SUMMARY = "00_summary"  # the page whose sentences stand on the front page too


def write_articles(folder: Path, context: ReportContext, articles: Mapping[str, Article],
                   runs: Sequence[PageRun] = ()) -> list[Path]:
    """
    Every page, its tables as CSV, index.html and style.css, written into a folder that is empty; their paths.

    `articles` is one for each page of the context, and so are `runs`, where the context's navigation ends with `Run`.
    All is made before the first byte is written, so that a page that cannot be leaves the folder empty; moving the
    folder to where people look is the caller's. Raises FileExistsError for a folder with something in it, ValueError
    where pages and articles or runs differ.
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
    """The front page: what was asked and found, of which records, under which rules, and what it was built from."""
    return environment().get_template("site.html.j2").render(
        report=context, here=overview(), pages=[(page, articles[page.name].lead) for page in context.pages],
        findings=findings(context, articles), disclosure=_by_rule(context.disclosure), built=context.provenance)


def findings(context: ReportContext, articles: Mapping[str, Article]) -> list[tuple[str, str, list]]:
    """The sentences of the summary, where the report has one: (heading, address, sentences) for each of its parts."""
    from markupsafe import Markup

    page = next((page for page in context.pages if page.name == SUMMARY), None)
    made = articles[SUMMARY] if page else None
    parts = [(heading.text, f"{page.href}#{heading.anchor}",
              [Markup(html) for anchor, html in made.said if anchor == heading.anchor])
             for heading in made.headings if heading.level == 2] if made else []
    return [part for part in parts if part[2]]


def _by_rule(disclosure: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """(populations in words, rule): populations of one rule together, in their order."""
    found: dict[str, list[str]] = {}
    for population, rule in disclosure:
        found.setdefault(rule, []).append(population)
    return [(", ".join(populations), rule) for rule, populations in found.items()]


def stylesheet() -> str:
    """The one stylesheet of the report."""
    return (TEMPLATES / TEMPLATE / STYLE).read_text("utf-8")
