"""Released joint displays in; a table of three columns that can be read on a telephone, with quotations, out."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping
from itertools import groupby

from analysis.measures.joint.rows import (
    ALL,
    CHECKED,
    COUNTED,
    FINDING,
    INFERENCE,
    MEANS,
    MENTIONED,
    THEME,
    WORDS,
)
from analysis.measures.summary import Line
from analysis.measures.verdicts import CHECK
from analysis.present.quotations import figure_of, require_quotations
from analysis.present.shown import filled, require
from analysis.present.tables import Table, about_line, rules_of
from analysis.protect.quotes import Quotations
from analysis.protect.released import Released, ReleasedCell

# The three columns on the page, and what each of them gathers.
GATHERED = {"What people said": (THEME, FINDING, MENTIONED, WORDS), "What was counted": (COUNTED,),
            "What it comes to": (INFERENCE, MEANS, CHECKED)}
APART = "; "  # between the parts of an entry, each of which is a line of its own here
OF = re.compile(r"\{(\w+)\} of \{(\w+)\}")
PERCENT = re.compile(r"\{(\w+)\}")
MAY_NOT = "A quotation that is named here may not be shown."
VERDICT = {True: "yes", False: "no", None: "unknown"}


def joint(released: Released, *, quoted: Quotations | None = None) -> Table:
    """
    A joint display: a question a row, with what people said, what was counted and what it comes to beside each other.

    Short bars stand beside 'x of n' and percentages that are shown, as long as the released number. `quoted` are the
    quotations that may be shown; one that the definition names and that may not be says so. A row whose numbers are not
    what is said of them is named above the table. Every cell of the table says what it is to a screen reader also where
    a narrow page sets the columns under each other.
    """
    released = require(released)
    quoted = require_quotations(quoted) if quoted is not None else None
    columns = {head: [column for column in parts if column in released.columns] for head, parts in GATHERED.items()}
    columns = {head: parts for head, parts in columns.items() if parts}
    said = "|".join([released.measure, released.title, *released.columns])
    name = "j" + hashlib.sha256(said.encode()).hexdigest()[:9]
    body, plain = [], [released.title]
    for section, lines in groupby(released.lines, lambda line: line.section):
        heading = (f'<tr class="gt_group_heading_row" role="row"><th class="gt_group_heading" role="rowheader" '
                   f'scope="colgroup" colspan="{len(columns) + 1}">{html.escape(section)}</th></tr>' if section else "")
        plain += [section] if section else []
        rows = []
        for line in lines:
            cells = "\n".join(
                f'<td class="gt_row gt_left words" role="cell" data-label="{html.escape(head, quote=True)}">'
                f"{_cell(released, line, parts, quoted)}</td>" for head, parts in columns.items())
            rows.append(f'<tr role="row"><th class="gt_row gt_stub" role="rowheader" scope="row">'
                        f"{html.escape(line.label)}</th>\n{cells}</tr>")
            plain.append(_plain(released, line, quoted))
        body.append(f'<tbody class="gt_table_body" role="rowgroup">{heading}{"".join(rows)}</tbody>')
    heads = "".join(f'<th class="gt_col_heading gt_left" role="columnheader" scope="col">{html.escape(head)}</th>'
                    for head in (released.stub, *columns))
    notes = (about_line(released.about), *released.notes, *rules_of(released), *_rule(quoted))
    feet = "".join(f'<tr><td class="gt_sourcenote" colspan="{len(columns) + 1}"><span class="gt_from_md">'
                   f"{html.escape(note)}</span></td></tr>" for note in notes)
    warned = _warned(released)
    made = (f'{_alarm(warned)}<div id="{name}" class="table joint" role="region" aria-labelledby="{name}-title" '
            f'tabindex="0"><table class="gt_table" role="table"><caption class="gt_caption" id="{name}-title">'
            f'<span class="gt_title">{html.escape(released.title)}</span></caption>'
            f'<thead role="rowgroup"><tr class="gt_col_headings" role="row">{heads}</tr></thead>{"".join(body)}'
            f'<tfoot class="gt_sourcenotes">{feet}</tfoot></table></div>')
    shown = [identity for line in released.lines for _, _, ids in line.entries for _, identity in ids]
    return Table("table", (("text/html", made), ("text/plain", "\n".join([*warned, *plain, *notes]))),
                 tuple(dict.fromkeys(shown)))


def _cell(released: Released, line: Line, parts: list[str], quoted: Quotations | None) -> str:
    return "\n".join(filter(None, (_part(released, line, column, quoted) for column in parts)))


def _part(released: Released, line: Line, column: str, quoted: Quotations | None) -> str:
    pattern, ids = line.entry(column) or ("", {})
    cells = {slot: released.cells[identity] for slot, identity in ids.items()}
    if not pattern:
        return ""
    if column == WORDS:
        return _quotations(pattern, quoted)
    if column == CHECKED:
        return _checked(pattern, cells)
    if column in (MENTIONED, COUNTED):
        items = "\n".join(f"<li>{filled(item, cells, collapse=False)}{_bar(item, cells)}</li>"
                          for item in pattern.split(APART))
        return f'<ul class="numbers">{items}</ul>'
    kind = {THEME: "theme", INFERENCE: "inference"}.get(column, "finding")
    return f'<p class="{kind}">{filled(pattern, cells)}</p>'


def _bar(item: str, cells: Mapping[str, ReleasedCell]) -> str:
    """A bar as long as the share that the line shows; none where a number is hidden, or is no part of a whole."""
    part = None
    if found := OF.search(item):
        count, whole = cells[found[1]], cells[found[2]]
        if count.value is not None and whole.value:
            part = count.value / whole.value
    else:
        shares = [cells[slot] for slot in PERCENT.findall(item)
                  if cells[slot].unit == "%" and cells[slot].value is not None]
        part = float(shares[0].text.rstrip("%").replace(",", "")) / 100 if len(shares) == 1 else None
    if part is None or not part >= 0:
        return ""
    return ('<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
            f'<rect class="whole" width="100" height="6"/><rect class="part" width="{100 * min(part, 1):.0f}" '
            'height="6"/></svg>')


def _checked(pattern: str, cells: Mapping[str, ReleasedCell]) -> str:
    """The verdict on the row, and each claim behind it: folded away where all is well."""
    first, *claims = pattern.split(APART)
    row = next((cell for cell in cells.values() if cell.statistic == CHECK), None)
    if row is None:
        return f'<p class="check">{filled(first, cells)}</p>'
    state = VERDICT[None if row.value is None else bool(row.value)]
    listed = "\n".join(f"<li>{filled(claim, cells, collapse=False)}</li>" for claim in claims)
    opened = "" if state == "yes" else " open"
    return (f'<details class="check {state}"{opened}><summary>{filled(first, cells)}</summary>\n<ul>{listed}</ul>'
            "</details>")


def _quotations(pattern: str, quoted: Quotations | None) -> str:
    chosen, missing = _named(pattern, quoted)
    note = f'<p class="note"><span class="words">{MAY_NOT}</span></p>' if missing else ""
    return "".join(figure_of(one) for one in chosen) + note


def _named(pattern: str, quoted: Quotations | None) -> tuple[list, bool]:
    """The quotations that the entry names ('own-pace: P04, P07'), and whether one of them may not be shown."""
    if quoted is None:
        return [], False
    code, _, people = pattern.rpartition(": ")
    there = [one for one in quoted.under(code) if one.signed]
    if people == ALL:
        return there, False
    chosen = [one for one in there if one.participant in people.split(", ")]
    return chosen, {one.participant for one in chosen} != set(people.split(", "))


def _warned(released: Released) -> list[str]:
    """The rows whose numbers are not what is said of them, each as a sentence."""
    found = []
    for line in released.lines:
        cells = [released.cells[identity] for _, _, ids in line.entries for _, identity in ids]
        if any(cell.statistic == CHECK and cell.value == 0 for cell in cells):
            where = f"{line.section}: {line.label}" if line.section else line.label
            found.append(f"“{where}”: the numbers do not agree with what is said of them.")
    return found


def _alarm(warned: list[str]) -> str:
    items = "".join(f'<p><span class="words">{html.escape(one)}</span></p>' for one in warned)
    return f'<div class="alarm" role="note">{items}</div>' if warned else ""


def _rule(quoted: Quotations | None) -> list[str]:
    return [quoted.rule] if quoted is not None and quoted.shown else []


def _plain(released: Released, line: Line, quoted: Quotations | None) -> str:
    """The row as text: a line for each column that has something to say."""
    said = [line.label]
    for column, pattern, ids in line.entries:
        if pattern and column != WORDS:
            cells = {slot: released.cells[identity] for slot, identity in ids}
            said.append(f"  {column}: {filled(pattern, cells, as_html=False, collapse=False)}")
        elif pattern:
            said += [f"  “{one.words}” ({one.attribution})" for one in _named(pattern, quoted)[0]]
    return "\n".join(said)
