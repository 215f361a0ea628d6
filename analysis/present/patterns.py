"""Released answering patterns in; a grid of time points beside bars of people, out."""

from __future__ import annotations

from analysis.present.drawing import COLOURS, FAINT, Figure, drawn, nothing_to_draw, said_of
from analysis.present.panels import cells_of, panels_of, written
from analysis.present.shown import require
from analysis.protect.released import Released

MARKS = {"all": ("full", COLOURS[0]), "some": ("left", COLOURS[0]), "none": ("none", FAINT)}


def answered(released: Released, *, title: str = "") -> Figure:
    """
    A row a pattern: a mark for each time point (filled: all, half: some, empty: none), and a bar of people.

    Drawn from `answering_patterns`. Rows are in the order of the patterns and not of the counts, which may be hidden.
    """
    released, title = require(released), title or released.title
    rows = [([part.rsplit(": ", 1) for part in line.label.split("; ")], line.label,
             cells_of(released, line, "People")["n"]) for line in released.lines]
    cells = [cell for _, _, cell in rows]
    if not any(cell.value for cell in cells):
        return nothing_to_draw(title, cells)
    timepoints = [timepoint for timepoint, _ in rows[0][0]]
    canvas, [[grid, bars]] = panels_of(["filled: all, half: some, empty: none"], [0.28 * len(rows) + 0.3],
                                       widths=(len(timepoints), 2.5))
    grid.title.set_fontweight("normal")
    for y, (pattern, _, cell) in enumerate(rows):
        for x, (_, level) in enumerate(pattern):
            style, colour = MARKS[level]
            grid.plot([x], [y], "o", markersize=11, fillstyle=style, color=colour, markerfacecoloralt="white",
                      markeredgewidth=1.5)
        bars.barh(y, cell.value or 0, height=0.7, color=COLOURS[0], zorder=2)
        written(bars, cell, cell.value or 0, y, align="left", offset=(5, 0))
    for axes in (grid, bars):
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_yticks([])
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(axis="x", length=0)
    grid.set_xticks(range(len(timepoints)), timepoints)
    grid.set_xlim(-0.6, len(timepoints) - 0.4)
    bars.set_xticks([])
    bars.set_xlim(0, max(cell.value or 0 for cell in cells) * 1.2)
    said = [f"{label}: {said_of(cell)}" for _, label, cell in rows]
    return drawn(canvas, released, title, "Patterns of answering, with people", said, cells)
