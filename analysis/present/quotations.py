"""Quotations in; blocks of them beside their counts, and what leads to them from a table, out."""

from __future__ import annotations

import html
from collections.abc import Sequence

from analysis.measures.summary import Line
from analysis.present.shown import Shown, filled
from analysis.protect.quotes import Quotation, Quotations
from analysis.protect.released import Released

EVERY = "all passages"
HEADING = "In their words"  # of the column that leads from a count to its quotations


class Words(Shown):
    """Participants' own words on a page, each bound to the quotation that it is."""


def quotations(quoted: Quotations, *, codes: Sequence[str] = ()) -> Words:
    """
    The quotations of each code under its name, with how many interviews mention it where the approach counts.

    `codes` picks codes or themes; all by default. Where nothing may be shown a sentence says so. In drafts, passages
    that nobody signed off stand folded away below those that are.
    """
    quoted = require_quotations(quoted)
    picked = [code for code in quoted.labels if not codes or code in codes or quoted.themes.get(code) in codes]
    parts, plain, cells = [], [], []
    for code in picked:
        said = quoted.of(code)
        if not said:
            continue
        counts = _counts(quoted.beside, code)
        parts.append(f'<section class="said" id="said-{_anchor(code)}">'
                     f'<h3><span class="words">{html.escape(_heading(quoted, code))}</span></h3>'
                     + (f'<p class="counts">{filled(counts[0], counts[1], collapse=False)}</p>' if counts else "")
                     + "".join(figure_of(one) for one in said if one.signed)
                     + _drafts([one for one in said if not one.signed]) + "</section>")
        plain += [_heading(quoted, code)]
        plain += [filled(counts[0], counts[1], as_html=False, collapse=False)] if counts else []
        plain += [f"“{one.words}” ({one.attribution}{'' if one.signed else '; not signed off'})" for one in said]
        cells += [cell.id for cell in counts[1].values()] if counts else []
    note = quoted.rule if parts else "No quotation has been signed off that may be shown here."
    parts.append(f'<p class="note"><span class="words">{html.escape(note)}</span></p>')
    if any(not one.signed for one in quoted.shown):
        parts += [f'<p class="note"><span class="words">Withheld: {html.escape(one.where)}: {html.escape(one.why)}'
                  "</span></p>" for one in quoted.withheld]
    return Words("quotations", (("text/html", f'<div class="quotations">{"".join(parts)}</div>'),
                                ("text/plain", "\n".join([*plain, note]))), tuple(dict.fromkeys(cells)))


def leading(quoted: Quotations, released: Released, line: Line, *, as_html: bool = True) -> str:
    """
    From a row of theme counts to the quotations of its code: who said them, each a link to the words.

    In drafts a further link leads to all its passages: there every count that has some leads to them.
    """
    under = quoted.under(_code(released, line))
    said = [one for one in under if one.signed]
    drafts = [one for one in under if not one.signed]
    if not as_html:
        return ", ".join([*(one.participant for one in said), *([EVERY] if drafts else [])])
    links = [f'<a class="words" href="#quote-{one.id}">{html.escape(one.participant)}</a>' for one in said]
    if drafts:
        links.append(f'<a class="words" href="#said-{_anchor(drafts[0].code)}">{EVERY}</a>')
    return ", ".join(links)


def require_quotations(quoted: object) -> Quotations:
    """The thing itself where it is what page.quote() returned; an error in words where it is something else."""
    if not isinstance(quoted, Quotations):
        raise TypeError(f"quotations are what page.quote() returned, not a {type(quoted).__name__}")
    return quoted


def figure_of(one: Quotation) -> str:
    """One quotation with who said it."""
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in one.words.splitlines() if part.strip())
    return (f'<figure class="quotation" id="quote-{one.id}"><blockquote data-quote="{one.id}">{paragraphs}</blockquote>'
            f'<figcaption data-attribution="{one.id}">{html.escape(one.attribution)}</figcaption></figure>')


def _drafts(drafts: list[Quotation]) -> str:
    if not drafts:
        return ""
    listed = "".join(map(figure_of, drafts))
    return f"<details><summary>Not signed off: {len(drafts)}</summary>{listed}</details>"


def _heading(quoted: Quotations, code: str) -> str:
    theme = quoted.themes.get(code, code)
    return quoted.labels[code] if theme == code else f"{quoted.labels[theme]}: {quoted.labels[code]}"


def _counts(beside: Released | None, code: str) -> tuple[str, dict] | None:
    """How many interviews of each group mention the code, as a pattern and its cells."""
    line = next((line for line in beside.lines if _code(beside, line) == code), None) if beside else None
    if line is None:
        return None
    pieces, bound = [], {}
    for n, column in enumerate(beside.columns):
        bound[f"x{n}"] = beside.cells[line.entry(column)[1]["interviews"]]
        bound[f"n{n}"] = beside.cells[beside.lines[0].entry(column)[1]["interviews"]]
        pieces.append(f"{column.split(':')[0].lower()} {{x{n}}} of {{n{n}}}")
    return f"Interviews that mention it: {'; '.join(pieces)}.", bound


def _coded(cell) -> str:
    where = dict(cell.dimensions)
    return where.get("code", where.get("theme", ""))


def _code(released: Released, line: Line) -> str:
    """The code or theme that a row counts."""
    coded = (_coded(released.cells[identity]) for _, _, ids in line.entries for _, identity in ids)
    return next(filter(None, coded), "")


def _anchor(code: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in code.casefold())
