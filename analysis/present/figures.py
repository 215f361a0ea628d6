"""Released in, Figure out: SVG with its text as text, labelled directly, drawn from protected numbers only."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.present.drawing import COLOURS, Figure, canvas_of, drawn, nothing_to_draw, number_beside, said_of
from analysis.present.shown import require
from analysis.protect.released import Released, ReleasedCell


def bars(released: Released, *, columns: Sequence[str] = (), number: str = "", title: str = "") -> Figure:
    """
    Horizontal bars of one number of each line, side by side for several columns.

    `number` is the placeholder to draw where a line holds more than one ('n' of 'n (share)'); the first by default.
    Numbers in another unit than the first one of their column are left out.
    The bar is as long as the released number, never the true one; a hidden number has no bar and says so. Where all
    are hidden a sentence says that instead: a scale without a bar would only look broken.
    """
    released = require(released)
    columns = list(columns or released.columns[:1])
    rows = _rows(released, columns, number)
    if all(cell.status == "hidden" for _, cells, _ in rows for cell in cells if cell):
        return nothing_to_draw(title or released.title, [cell for _, cells, _ in rows for cell in cells if cell])
    from seaborn import color_palette

    palette = color_palette(COLOURS[: len(columns)])
    figure, axes = canvas_of(0.30 * len(rows) * max(1, len(columns) * 0.72) + 0.9)
    height = 0.8 / len(columns)
    for row, (_, cells, _) in enumerate(rows):
        for k, cell in enumerate(cells):
            if cell is None:
                continue
            y = row + (k - (len(columns) - 1) / 2) * height
            axes.barh(y, cell.value or 0, height=height * 0.9, color=palette[k], zorder=2)
            number_beside(axes, cell, cell.value or 0, y)
    axes.set_yticks(range(len(rows)), [label for label, _, _ in rows])
    for tick, (_, cells, depth) in zip(axes.get_yticklabels(), rows, strict=True):
        tick.set_fontweight("bold" if depth == 0 and (not cells or any(row[2] for row in rows)) else "normal")
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(left=0)
    axes.margins(x=0.15)
    axes.locator_params(axis="x", nbins=6)
    axes.xaxis.set_major_formatter("{x:,g}")
    if len(columns) > 1:
        from matplotlib.patches import Patch

        figure.legend([Patch(color=c) for c in palette], [c.split(":")[0] for c in columns], frameon=False,
                      loc="outside upper left", ncols=len(columns))
    said = [f"{label}: " + ", ".join((f"{column.split(':')[0]} " if len(columns) > 1 else "") + said_of(cell)
                                     for column, cell in zip(columns, cells, strict=True) if cell)
            if cells else label for label, cells, _ in rows]
    return drawn(figure, released, title or released.title, "Bar chart", said,
                   [cell for _, cells, _ in rows for cell in cells if cell])


def spreads(released: Released, *, column: str = "", title: str = "") -> Figure:
    """Median as a dot and quartiles as a line, one row for each line that holds `median`, `q1` and `q3`."""
    released = require(released)
    rows = []
    for line in released.lines:
        for name, pattern, ids in line.entries:
            bound = dict(ids)
            if {"median", "q1", "q3"} <= set(bound) and "{median}" in pattern and (not column or name == column):
                label = line.label if column or len(released.columns) == 1 else name
                rows.append((label, [released.cells[bound[k]] for k in ("q1", "median", "q3")]))
    figure, axes = canvas_of(0.55 * len(rows) + 0.7)
    for y, (_, (low, middle, high)) in enumerate(rows):
        if low.value is not None and high.value is not None:
            axes.plot([low.value, high.value], [y, y], color=COLOURS[0], linewidth=6, alpha=0.35,
                      solid_capstyle="round")
            for end, side in ((low, "right"), (high, "left")):
                number_beside(axes, end, end.value, y, align=side)
        if middle.value is not None:
            axes.plot([middle.value], [y], "o", color=COLOURS[0], markersize=9, zorder=3)
        number_beside(axes, middle, middle.value or 0, y - 0.28, align="center")
    axes.set_yticks(range(len(rows)), [label for label, _ in rows])
    axes.set_ylim(len(rows) - 0.5, -0.7)
    axes.set_xlim(left=0)
    axes.margins(x=0.2)
    axes.set_xlabel(next((cells[1].unit for _, cells in rows), ""))
    said = [f"{label}: median {said_of(m)}, quartiles {said_of(a)} to {said_of(b)}" for label, (a, m, b) in rows]
    return drawn(figure, released, title or released.title, "Medians and quartiles", said,
                   [c for _, cells in rows for c in cells])


def _rows(released: Released, columns: Sequence[str], number: str) -> list[tuple[str, list[ReleasedCell | None], int]]:
    """
    (label, the cell of each column, depth) of each line that has such a cell; a section is a row without cells.

    Of one unit a column, its first number's: a median of contacts is no bar among counts of people.
    """
    rows: list[tuple[str, list[ReleasedCell | None], int]] = []
    section, units = "", {}
    for line in released.lines:
        cells: list[ReleasedCell | None] = []
        for column in columns:
            entry = line.entry(column)
            ids = entry[1] if entry else {}
            wanted = ids.get(number) if number else next(iter(ids.values()), None)
            cell = released.cells[wanted] if wanted else None
            cells.append(cell if cell and units.setdefault(column, cell.unit) == cell.unit else None)
        if any(cells):
            if line.section and line.section != section:
                rows.append((line.section, [], 0))
            section = line.section
            rows.append((line.label, cells, line.depth + bool(section)))
    return rows


