"""The records of a run in; how each page was made out: one page of the report, and one with times that stays here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.report.context import PageLink, ReportContext
from analysis.report.pages import TEMPLATE, TEMPLATES, environment

RUN = PageLink("run", "Run", "run.html")
SHORT = 12  # characters of a hash, as on the front page
# What a page's key is made of and a report may tell. Not the tables: the hash of a small site's rows can be guessed and
# tried. Not the plan: it tells which hidden numbers are the small ones and which are hidden only to protect them.
TOLD = {"notebook": "Notebook", "parameters": "Parameters", "code": "Package", "lock": "Lock file"}
LISTED = {"definition": "Definition", "files": "File", "profiles": "Disclosure profile"}


@dataclass(frozen=True)
class PageRun:
    """How one page was made, in words that are the same in every run on the same inputs."""

    page: str
    title: str
    code_cells: int
    key: str
    parts: tuple[tuple[str, str], ...]  # (what went into the key, its hash, or itself where it is short)
    tables: tuple[str, ...]
    sections: tuple[str, ...]
    without: tuple[str, ...] = ()  # what its cells need and the study does not have


@dataclass(frozen=True)
class PageTimes:
    """How one page fared: what became of it in this run, and what it took when it was last executed."""

    page: str
    site: str
    outcome: str
    why: str = ""
    started: str = ""
    seconds: float | None = None
    key: str = ""
    cells: tuple[tuple[int, float, float | None], ...] = ()  # (cell, seconds, most memory so far in MB)

    @property
    def in_cells(self) -> float:
        """Seconds of the cells' own work; the rest of `seconds` is the kernel's start and end."""
        return sum(seconds for _, seconds, _ in self.cells)

    @property
    def peak(self) -> float | None:
        """The most memory that the page's kernel held, in MB."""
        return max((peak for _, _, peak in self.cells if peak is not None), default=None)


def page_run(title: str, record: Mapping) -> PageRun:
    """
    What the record of a page's run tells in a report: no time, no outcome, nothing that depends on a hidden number.

    The key is made of the parts that are listed, so that two reports can be held side by side; it is not the key that
    decides whether the page runs again, which knows the records as well.
    """
    said = record["parts"]
    parts = [(words, _short(said[name])) for name, words in TOLD.items()]
    for name, words in LISTED.items():
        parts += [(f"{words} {one}", _short(value)) for one, value in sorted(said[name].items())]
    read = record["read"]
    return PageRun(record["page"], title, len(record["cells"]), _short(parts), tuple(parts),
                   tuple(sorted(read["tables"])), tuple(sorted(read["sections"])),
                   tuple(said.get("without", ())))


def page_times(entry: Mapping, record: Mapping) -> PageTimes:
    """A ledger's entry and the record of when the page was last executed, which may have been an earlier run."""
    return PageTimes(
        entry["page"], entry["site"], entry["outcome"], entry.get("why", ""), record.get("started", ""),
        record.get("seconds"), record.get("key", "")[:SHORT],
        tuple((c["cell"], c["seconds"], c["peak_mb"]) for c in record.get("cells", ())))


def run_html(context: ReportContext, runs: Sequence[PageRun]) -> str:
    """The page `Run` of a report."""
    return environment().get_template("run.html.j2").render(report=context, here=RUN, runs=runs)


def times_html(title: str, pages: Sequence[PageTimes]) -> str:
    """Times and memory of each page and cell: one file that needs no other, for the folder that is not published."""
    from markupsafe import Markup

    style = (TEMPLATES / TEMPLATE / "style.css").read_text("utf-8")
    return environment().get_template("times.html.j2").render(title=title, pages=pages, style=Markup(style))


def _short(value: object) -> str:
    """A hash of twelve characters; of what is a hash already its beginning; a short word as it is."""
    if isinstance(value, str):
        return value[:SHORT] if set(value) <= set("0123456789abcdef") else value
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:SHORT]
