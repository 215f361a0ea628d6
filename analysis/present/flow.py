"""A released flow in, its diagram out: boxes one under the other, what leaves each to its right."""

from __future__ import annotations

import hashlib
import html
import textwrap

from analysis.present.drawing import Figure, accessible
from analysis.present.shown import require
from analysis.protect.released import Released, ReleasedCell

WIDTH, LINE, PAD, GAP = 480, 19, 9, 16
MAIN, SIDE = (0, 206), (238, 242)  # x and width of the boxes that go on and of those that leave


def flow_diagram(released: Released, *, column: str = "People", title: str = "") -> Figure:
    """
    The lines of depth 0 as boxes down the left, joined by arrows; those of depth 1 beside the step that they leave,
    with their reasons (deeper lines) inside.

    Read at 390 px wide without zooming. The description holds the same words and numbers for a screen reader.
    """
    released = require(released)
    steps: list[list] = []  # [main line, [side line, [reason lines]]…]
    for line in released.lines:
        if line.entry(column) is None:
            continue
        if line.depth == 0:
            steps.append([line, []])
        elif line.depth == 1:
            steps[-1][1].append([line, []])
        else:
            steps[-1][1][-1][1].append(line)

    def cell(line) -> ReleasedCell:
        return released.cells[next(iter(line.entry(column)[1].values()))]

    parts, said, y, before = [], [], 4, None
    cells = []
    for main, sides in steps:
        box, height = _box(MAIN, y, [(main.label, cell(main), 0)])
        middle = y + height / 2
        if before is not None:
            parts.append(_arrow(MAIN[0] + MAIN[1] / 2, before, MAIN[0] + MAIN[1] / 2, y))
        parts.append(box)
        said.append(f"{main.label}: {_words(cell(main))}")
        cells.append(cell(main))
        before, below = y + height, y
        for side, reasons in sides:
            rows = [(side.label, cell(side), 0), *((r.label, cell(r), r.depth - 1) for r in reasons)]
            box, side_height = _box(SIDE, below, rows)
            parts.append(_arrow(MAIN[0] + MAIN[1], middle, SIDE[0], below + side_height / 2, bend=below > y))
            parts.append(box)
            said.append(f"of whom {side.label.lower()}: {_words(cell(side))}"
                        + "".join(f", {r.label.lower()} {_words(cell(r))}" for r in reasons))
            cells += [row[1] for row in rows]
            below += side_height + GAP / 2
        y = max(before, below) + GAP
    title = title or released.title
    salt = hashlib.sha256("|".join([released.measure, title, *(c.id for c in cells)]).encode()).hexdigest()[:10]
    svg = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y:.0f}" viewBox="0 0 {WIDTH} {y:.0f}" '
           f'class="flow" font-family="system-ui, sans-serif" font-size="14"><defs>'
           f'<marker id="arrow-{salt}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
           f'orient="auto"><path d="M0 0 8 4 0 8z" fill="#555"/></marker></defs>'
           + "".join(parts).replace("#arrow", f"#arrow-{salt}") + "</svg>")
    alternative = f"Flow diagram. {title}. " + "; ".join(said) + "."
    return Figure("figure", (("image/svg+xml", accessible(svg, title, alternative, salt)), ("text/plain", alternative)),
                  tuple(dict.fromkeys(c.id for c in cells)))


def _box(place: tuple[int, int], y: float, rows: list[tuple[str, ReleasedCell, int]]) -> tuple[str, float]:
    x, width = place
    texts, line_y = [], y + PAD + LINE * 0.75
    for label, cell, depth in rows:
        indent = 10 * depth
        taken = max(58, 9 * len(cell.text) + 22)  # by the number: a marker is wider than most
        lines = textwrap.wrap(label, int((width - taken - indent) / 7.2)) or [""]
        weight = "" if depth else ' font-weight="600"'
        for k, words in enumerate(lines):
            texts.append(f'<text class="label" x="{x + PAD + indent}" y="{line_y + k * LINE:.1f}"{weight} fill="#222">'
                         f'{html.escape(words)}</text>')
        texts.append(f'<g id="cell-{cell.id}"><text x="{x + width - PAD}" y="{line_y:.1f}" text-anchor="end"{weight} '
                     f'fill="#222">{html.escape(cell.text)}</text></g>')
        line_y += LINE * len(lines)
    height = line_y - y + PAD - LINE * 0.75
    return (f'<rect x="{x + 0.5}" y="{y:.1f}" width="{width - 1}" height="{height:.1f}" rx="4" fill="#fff" '
            f'stroke="#555"/>' + "".join(texts), height)


def _arrow(x1: float, y1: float, x2: float, y2: float, bend: bool = False) -> str:
    path = (f"M{x1:.1f} {y1:.1f} H{(x1 + x2) / 2:.1f} V{y2:.1f} H{x2:.1f}" if bend or (x1 != x2 and y1 != y2)
            else f"M{x1:.1f} {y1:.1f} L{x2:.1f} {y2:.1f}")
    return f'<path d="{path}" fill="none" stroke="#555" marker-end="url(#arrow)"/>'


def _words(cell: ReleasedCell) -> str:
    return cell.text if cell.status == "shown" else "hidden"
