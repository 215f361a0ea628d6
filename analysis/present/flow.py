"""Released flows in, their diagram out: boxes one under the other, what leaves each to its right, later parts below."""

from __future__ import annotations

import hashlib
import html
import re
import textwrap
from dataclasses import dataclass, field
from itertools import groupby

from analysis.measures.summary import Line
from analysis.present.drawing import Figure, accessible
from analysis.present.shown import require
from analysis.present.tables import FEW
from analysis.protect.released import Released, ReleasedCell

WIDTH, LINE, PAD, GAP = 420, 19, 8, 16
MAIN, SIDE = (14, 168), (202, 218)  # x and width of the boxes that go on and of those that leave
RAIL, CENTRE = 5, MAIN[0] + MAIN[1] / 2

Row = tuple[str, ReleasedCell, int]  # label, number, depth


@dataclass
class _Step:
    """A box that goes on, and the boxes that leave it; without a box of its own at the head of a part."""

    main: Row | None
    sides: list[list[Row]] = field(default_factory=list)


@dataclass
class _Part:
    """Steps under a heading; the trunk has none."""

    heading: str
    steps: list[_Step] = field(default_factory=list)


def flow_diagram(*released: Released, column: str = "People", title: str = "") -> Figure:
    """
    The lines of depth 0 as boxes down the left, joined by arrows; those of depth 1 beside the step that they leave,
    with their reasons (deeper lines) inside.

    Lines with a section, and a second summary as a whole, are parts of their own, which branch off from the last box
    of the trunk: there what is left of one part does not go into the next. A second summary that begins with the box
    it branches off from begins with what leaves it. Neighbouring reasons that are all hidden stand in one row, as in a
    table. Read at 390 px wide without zooming. The description holds the same words and numbers for a screen reader.
    """
    shown = [require(one) for one in released]
    title = title or shown[0].title
    parts = _parts(shown, column)
    drawing = _Drawing()
    for part in parts:
        drawing.part(part)
    salt = hashlib.sha256("|".join([shown[0].measure, title, *(c.id for c in drawing.cells)]).encode()).hexdigest()[:10]
    height = drawing.y
    svg = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
           f'viewBox="0 0 {WIDTH} {height:.0f}" '
           f'class="flow" font-family="system-ui, sans-serif" font-size="14"><defs>'
           f'<marker id="arrow-{salt}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
           f'orient="auto"><path d="M0 0 8 4 0 8z" fill="#555"/></marker></defs>'
           + "".join(drawing.drawn).replace("#arrow", f"#arrow-{salt}") + "</svg>")
    alternative = f"Flow diagram. {title}. " + " ".join(_said(part) for part in parts)
    return Figure("figure", (("image/svg+xml", accessible(svg, title, alternative, salt)), ("text/plain", alternative)),
                  tuple(dict.fromkeys(c.id for c in drawing.cells)))


def _parts(shown: list[Released], column: str) -> list[_Part]:
    parts = [_Part("")]
    for number, one in enumerate(shown):
        lines = [line for line in one.lines if line.entry(column) is not None]
        if number and not any(line.section for line in lines):
            parts.append(_Part(one.title))
            if lines and _trunk_ends_with(parts[0], _row(one, lines[0], column)):
                lines = lines[1:]
        for line in lines:
            if line.section and line.section != parts[-1].heading:
                parts.append(_Part(line.section))
            row, steps = _row(one, line, column), parts[-1].steps
            if line.depth == 0:
                steps.append(_Step(row))
                continue
            if not steps:
                steps.append(_Step(None))
            if line.depth == 1:
                steps[-1].sides.append([row])
            else:
                steps[-1].sides[-1].append(row)
    return [part for part in parts if part.steps]


def _row(released: Released, line: Line, column: str) -> Row:
    return line.label, released.cells[next(iter(line.entry(column)[1].values()))], line.depth


def _trunk_ends_with(trunk: _Part, row: Row) -> bool:
    return bool(trunk.steps) and trunk.steps[-1].main is not None and trunk.steps[-1].main[1].id == row[1].id


# ------------------------------------------------------------------------------------------------ drawing

class _Drawing:
    """What has been drawn so far, and where the next thing goes."""

    def __init__(self):
        self.drawn: list[str] = []
        self.cells: list[ReleasedCell] = []
        self.y: float = 4
        self.rail: float | None = None  # where the parts branch off: the middle of the trunk's last box

    def part(self, part: _Part) -> None:
        before: float | None = None
        if part.heading:
            before = self._head(part.heading)
        for step in part.steps:
            before = self._step(step, before, trunk=not part.heading)

    def _head(self, heading: str) -> float | None:
        """The heading of a part, and the line that leads into it from the rail."""
        for words in textwrap.wrap(heading, int((WIDTH - MAIN[0]) / 7.6)):
            self.drawn.append(f'<text class="label" x="{MAIN[0]}" y="{self.y + 14:.1f}" font-weight="600" '
                              f'fill="#222">{html.escape(words)}</text>')
            self.y += LINE
        self.y += 6
        if self.rail is None:
            return None
        self.drawn.append(f'<path d="M{MAIN[0]} {self.rail:.1f} H{RAIL} V{self.y:.1f} H{CENTRE}" fill="none" '
                          'stroke="#777"/>')
        top = self.y
        self.y += GAP
        return top

    def _step(self, step: _Step, before: float | None, *, trunk: bool) -> float | None:
        """One step below the last; where its box ends, or at the head of a part where the line down begins."""
        top, bottom, stem = self.y, self.y, CENTRE
        if step.main:
            box, height = _box(MAIN, top, [step.main])
            if before is not None:
                self.drawn.append(_arrow((CENTRE, before), (CENTRE, top)))
            self.drawn.append(box)
            self.cells.append(step.main[1])
            bottom, stem = top + height, MAIN[0] + MAIN[1]
            if trunk:
                self.rail = top + height / 2
        below = top
        for side in step.sides:
            rows = [(label, cell, depth - 1) for label, cell, depth in _gathered(side)]
            box, height = _box(SIDE, below, rows)
            middle = below + height / 2
            # Straight across where the box that is left stands beside it, else from the edge that is nearest.
            start = (stem, min(max(middle, top + 8), bottom - 8)) if step.main else (CENTRE, middle)
            self.drawn += [_arrow(start, (SIDE[0], middle)), box]
            self.cells += [cell for _, cell, _ in side]
            below += height + GAP / 2
        self.y = max(bottom, below) + GAP
        return bottom if step.main else before


def _gathered(rows: list[Row]) -> list[Row]:
    """Neighbouring rows of one depth that are all hidden, in one row: it tells as much, and can be read."""
    made: list[Row] = []
    for _, run in groupby(rows, lambda row: (row[2], row[1].text if row[1].status == "hidden" else "")):
        same = list(run)
        if len(same) >= FEW and same[0][1].status == "hidden":
            made.append(("; ".join([same[0][0], *(label.lower() for label, _, _ in same[1:])]), *same[0][1:]))
        else:
            made += same
    return made


def _box(place: tuple[int, int], y: float, rows: list[Row]) -> tuple[str, float]:
    x, width = place
    texts, line_y = [], y + PAD + LINE * 0.75
    for label, cell, depth in rows:
        indent = 10 * depth
        lines = _wrapped(label, width - 2 * PAD - indent, 9.4 * max(3, len(cell.text)) + 8, 7.2 if depth else 8.7)
        number_y = line_y if lines[-1] else line_y + LINE * (len(lines) - 1)
        weight = "" if depth else ' font-weight="600"'
        for k, words in enumerate(filter(None, lines)):
            texts.append(f'<text class="label" x="{x + PAD + indent}" y="{line_y + k * LINE:.1f}"{weight} fill="#222">'
                         f'{html.escape(words)}</text>')
        texts.append(f'<g id="cell-{cell.id}"><text x="{x + width - PAD}" y="{number_y:.1f}" text-anchor="end"{weight} '
                     f'fill="#222">{html.escape(cell.text)}</text></g>')
        line_y += LINE * len(lines)
    height = line_y - y + PAD - LINE * 0.75
    return (f'<rect x="{x + 0.5}" y="{y:.1f}" width="{width - 1}" height="{height:.1f}" rx="4" fill="#fff" '
            f'stroke="#555"/>' + "".join(texts), height)


def _wrapped(label: str, width: float, taken: float, letter: float) -> list[str]:
    """
    The label in lines, of which the first leaves room for the number (`taken`): a marker is wider than most. Where its
    first word does not, the last line is empty, and for the number. "12 weeks" is one word: beside the number of people
    a 12 would read as one, too.
    """
    label = re.sub(r"(?<=\d) (?=\w)", "\xa0", label)
    if len(label.split(" ")[0]) * letter + taken > width:
        return [*textwrap.wrap(label, int(width / letter), break_long_words=False, break_on_hyphens=False), ""]
    lines = textwrap.wrap(label, int(width / letter), initial_indent=" " * round(taken / letter),
                          break_long_words=False, break_on_hyphens=False)
    return [line.strip() for line in lines] or [""]


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = start, end
    path = (f"M{x1:.1f} {y1:.1f} L{x2:.1f} {y2:.1f}" if x1 == x2 or abs(y1 - y2) < 0.1
            else f"M{x1:.1f} {y1:.1f} H{x2 - 10:.1f} V{y2:.1f} H{x2:.1f}")
    return f'<path d="{path}" fill="none" stroke="#777" marker-end="url(#arrow)"/>'


# ------------------------------------------------------------------------------------------------ the same in words

def _said(part: _Part) -> str:
    said = []
    for step in part.steps:
        said += [f"{step.main[0]}: {_words(step.main[1])}"] if step.main else []
        for (label, cell, _), *reasons in step.sides:
            before = "of whom " if step.main else ""
            said.append(f"{before}{label.lower() if before or said else label}: {_words(cell)}"
                        + "".join(f", {reason.lower()} {_words(one)}" for reason, one, _ in reasons))
    return (f"{part.heading}: " if part.heading else "") + "; ".join(said) + "."


def _words(cell: ReleasedCell) -> str:
    return cell.text if cell.status == "shown" else "hidden"
