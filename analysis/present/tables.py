"""Released in, Table out: captioned, with row and column headings, and the line that says what it counts."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from analysis.errors import Mistake, suggestion
from analysis.measures.summary import About, Line
from analysis.present.quotations import HEADING, leading, require_quotations
from analysis.present.shown import PLACEHOLDER, Shown, filled, require
from analysis.protect.quotes import Quotations
from analysis.protect.released import Released

STYLE = re.compile(r"<style>.*?</style>\n?", re.S)
FRAME = re.compile(r'<div id="(\w+)" style="[^"]*">')
# great_tables gathers the rows of one group wherever they stand; this invisible mark keeps two runs of a section apart.
APART = "\u200b"
FEW = 3  # rows of hidden numbers one under the other that are still each a row of their own: fewer than this
MANY = 8  # labels of rows that stand in one
TOGETHER = "Neighbouring rows whose numbers are all hidden stand in one row."
ID = re.compile(r'\bid="([^"]*)"')
EMPTY_GROUP = re.compile(rf'\s*<tr class="gt_\w+">\s*<th class="gt_group_heading"[^>]*>{APART}*</th>\s*</tr>')


class Table(Shown):
    """A table on a page."""


def table(released: Released, *, columns: Sequence[str] = (), rows: Sequence[str] = (),
          quoted: Quotations | None = None) -> Table:
    """
    The released lines as a table.

    `columns` picks and orders some of its columns, `rows` picks lines by their label or that of their section (Mistake
    for one that is not there); where one and the same row of every section is picked, each is called by its section.
    With `quoted`, a last column leads from the counts of each code to what was said. Neighbouring lines of which every
    number is hidden stand in one row, with all their labels: it tells as much, and a table under a strict profile can
    be read. The HTML carries no style of its own: the report's stylesheet has it once, and a notebook shows the
    browser's plain table. Its id comes from the content, so two runs agree.
    """
    released = require(released)
    columns = list(columns or released.columns)
    labels = {words for line in released.lines for words in (line.label, line.section)}
    if unknown := sorted(set(rows) - labels):
        raise Mistake(f"'{released.measure}' has no row called '{unknown[0]}'",
                      remedy=suggestion(unknown[0], sorted(labels), "look at the table without 'rows'"))
    quoted = require_quotations(quoted) if quoted is not None and quoted.shown else None
    picked = [line for line in released.lines if not rows or line.label in rows or line.section in rows]
    made, cells, runs, before = [], [], 0, None
    picked, each = _alone(picked) if rows else (picked, "")
    lines = _gathered(released, picked, columns)
    for line, others in lines:
        runs, before = runs + (line.section != before), line.section
        row = {"section": line.section + APART * runs,
               "label": ("\u2003" * line.depth) + _labels([line, *others])}
        plain = dict(row)
        for column in columns:
            entry = line.entry(column)
            pattern, ids = entry or ("", {})
            bound = {name: released.cells[identity] for name, identity in ids.items()}
            row[column] = filled(pattern, bound)
            plain[column] = filled(pattern, bound, as_html=False)
            cells += [cell.id for cell in bound.values()]
            cells += [identity for one in others for identity in (one.entry(column) or ("", {}))[1].values()]
        if quoted is not None:
            said = [(leading(quoted, released, one), leading(quoted, released, one, as_html=False))
                    for one in (line, *others)]
            row[HEADING], plain[HEADING] = (", ".join(filter(None, words)) for words in zip(*said, strict=True))
        made.append((row, plain))
    columns += [HEADING] if quoted is not None else []
    notes = (*([f"In each row: {each}."] if each else []), *released.notes,
             *([TOGETHER] if any(others for _, others in lines) else []))
    return Table("table", (("text/html", _html(released, columns, [r for r, _ in made], notes, rows)),
                           ("text/plain", _plain(released, columns, [p for _, p in made], notes))),
                 tuple(dict.fromkeys(cells)))


def _alone(picked: list[Line]) -> tuple[list[Line], str]:
    """
    Lines of which each stands alone in its section under one and the same label, called by their section instead.

    The label is said once, under the table: it comes back beside them, empty where nothing was changed.
    """
    sections, labels = [line.section for line in picked], {line.label for line in picked}
    if len(picked) < 2 or len(labels) > 1 or len(set(sections)) < len(picked) or not all(sections):
        return picked, ""
    return [replace(line, label=line.section, section="") for line in picked], labels.pop()


def _gathered(released: Released, picked: list[Line], columns: list[str]) -> list[tuple[Line, list[Line]]]:
    """Each line with those that stand in its row: its neighbours of the same depth, where all of them are hidden."""
    gathered: list[tuple[Line, list[Line]]] = []
    for _, run in groupby(picked, lambda line: (line.section, line.depth, _all_hidden(released, line, columns),
                                                [line.entry(column) is None for column in columns])):
        lines = list(run)
        if len(lines) >= FEW and _all_hidden(released, lines[0], columns):
            gathered.append((lines[0], lines[1:]))
        else:
            gathered += [(line, []) for line in lines]
    return gathered


def _labels(lines: Sequence[Line]) -> str:
    """The labels of one row; of very many the first, for hundreds of names in one row tell nobody anything."""
    more = len(lines) - MANY
    said = [line.label for line in lines[:MANY]] if more > 0 else [line.label for line in lines]
    return "; ".join([*said, *([f"and {more} more"] if more > 0 else [])])


def _all_hidden(released: Released, line: Line, columns: list[str]) -> bool:
    """Whether the line has numbers, and all of them are hidden; a column that it has nothing for says nothing."""
    entries = [entry for column in columns if (entry := line.entry(column))]
    return bool(entries) and all(
        ids and all(released.cells[identity].status == "hidden" for identity in ids.values()) for _, ids in entries)


def about_line(about: About) -> str:
    """The line under a table: population, denominator, missing, window, prespecified."""
    said = [f"Population: {about.population}.", f"Denominator: {about.denominator}.", f"Missing: {about.missing}."]
    said += [f"Window: {about.window}."] if about.window else []
    said += [f"{about.prespecified.capitalize()}."] if about.prespecified else []
    return " ".join(said)


def _html(released: Released, columns: list[str], rows: list[dict[str, str]], notes: tuple[str, ...],
          only: Sequence[str]) -> str:
    from great_tables import GT

    sectioned = any(row["section"].strip(APART) for row in rows)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PyArrow Table support")  # experimental there; four times as fast as pandas
        built = GT(_columnar(rows, [*["section"] * sectioned, "label", *columns]), rowname_col="label",
                   groupname_col="section" if sectioned else None, id=_identity(released, [*columns, *only]))
    words = [column for column in columns if column == HEADING or _holds_words(released, column)]
    built = built.tab_header(title=released.title).cols_align("right", columns=columns)
    built = built.cols_align("left", columns=words) if words else built
    if released.stub:
        built = built.tab_stubhead(label=released.stub)
    built = built.fmt_passthrough(columns=columns, escape=False)
    for note in (about_line(released.about), *notes, *rules_of(released)):
        built = built.tab_source_note(source_note=note)
    bare = STYLE.sub("", built.as_raw_html())
    for gone in {ID.search(heading.group())[1] for heading in EMPTY_GROUP.finditer(bare)}:
        bare = bare.replace(f'headers="{gone} ', 'headers="')  # a screen reader would look for it
    bare = EMPTY_GROUP.sub("", bare).replace(APART, "")
    return FRAME.sub(r'<div id="\1" class="table" role="region" aria-labelledby="\1-title" tabindex="0">', bare,
                     count=1)


def _columnar(rows: list[dict[str, str]], names: list[str]):
    import pyarrow

    return pyarrow.table({name: pyarrow.array([row[name] for row in rows], pyarrow.string()) for name in names})


def _holds_words(released: Released, column: str) -> bool:
    """Whether a column is read as words, from the left: numbers in a sentence, or more words than numbers."""
    patterns = [entry[0] for line in released.lines if (entry := line.entry(column)) and entry[0]]
    words = [pattern for pattern in patterns if not PLACEHOLDER.search(pattern)]
    return 2 * len(words) > len(patterns) or any(len(PLACEHOLDER.sub("", pattern)) > 24 for pattern in patterns)


def rules_of(released: Released) -> list[str]:
    """What disclosure control did, where it did anything."""
    return [f"Disclosure control ({profile.title}): {profile.rule}." for profile in released.profiles
            if profile.threshold]


def _plain(released: Released, columns: list[str], rows: list[dict[str, str]], notes: tuple[str, ...]) -> str:
    heads = [released.stub or "", *columns]
    body, section = [], ""
    for row in rows:
        if row["section"] != section:
            section = row["section"]
            body += [[section.strip(APART), *[""] * len(columns)]] if section.strip(APART) else []
        body.append([row["label"], *(row[c] for c in columns)])
    widths = [max(len(str(r[i])) for r in [heads, *body]) for i in range(len(heads))]
    lines = ["  ".join(str(v).ljust(w) if i == 0 else str(v).rjust(w)
                       for i, (v, w) in enumerate(zip(r, widths, strict=True))).rstrip() for r in [heads, *body]]
    return "\n".join([released.title, *lines, about_line(released.about), *notes])


def _identity(released: Released, picked: list[str]) -> str:
    import hashlib

    said = "|".join([released.measure, released.title, *picked, *released.cells])
    return "t" + hashlib.sha256(said.encode()).hexdigest()[:10]
