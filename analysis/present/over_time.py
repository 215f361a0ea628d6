"""Released counts by month or quarter in; columns over the calendar out, one panel for each kind of count."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis.present.drawing import COLOURS, FAINT, INK, Figure, canvas_of, drawn, nothing_to_draw, said_of
from analysis.present.shown import require
from analysis.protect.released import Released

CROWDED = 18  # more columns than this have their numbers upright, and months are initials


def over_time(released: Released, *, columns: Sequence[str], title: str = "") -> Figure:
    """
    The released counts of each line as columns, in the order of the lines, a panel for each of `columns`.

    A column is as high as the released number; one that is hidden has none and says so. Months are written short.
    Columns of months, and no calendar of weeks or days: in a week a service of this kind sees a handful of people, whom
    every profile hides.
    """
    released = require(released)
    lines = [line for line in released.lines if all(line.entry(column) for column in columns)]
    panels = {column: [released.cells[next(iter(line.entry(column)[1].values()))] for line in lines]
              for column in columns}
    cells = [cell for panel in panels.values() for cell in panel]
    if not any(cell.status == "shown" for cell in cells):
        return nothing_to_draw(title or released.title, cells)
    figure, axes = canvas_of(1.55 * len(columns) + 0.6)
    axes.remove()
    upright = len(lines) > CROWDED
    panes = figure.subplots(len(columns), 1, sharex=True, squeeze=False)[:, 0]
    for k, (axes, (column, panel)) in enumerate(zip(panes, panels.items(), strict=True)):
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.set_yticks([])
        axes.set_title(column, loc="left", fontsize=10)
        axes.bar(range(len(panel)), [cell.value or 0 for cell in panel], color=COLOURS[k % len(COLOURS)], width=0.8)
        for x, cell in enumerate(panel):
            turned, ink = (90 if upright else 0, INK) if cell.value is not None else (90, FAINT)
            text = axes.annotate(cell.text, (x, cell.value or 0), xytext=(0, 2), textcoords="offset points",
                                 ha="center", va="bottom", rotation=turned, fontsize=8, color=ink)
            text.set_gid(f"cell-{cell.id}")
        axes.set_ylim(0, (1.6 if upright else 1.3) * max((cell.value or 0 for cell in panel), default=0) or 1)
    panes[-1].set_xticks(range(len(lines)), _ticks([line.label for line in lines], upright), fontsize=8)
    panes[-1].set_xlim(-0.6, len(lines) - 0.4)
    said = [f"{line.label}: " + ", ".join(f"{column.lower()} {said_of(panels[column][k])}" for column in columns)
            for k, line in enumerate(lines)]
    return drawn(figure, released, title or released.title, "Columns over time", said, cells)


def _ticks(labels: Sequence[str], crowded: bool) -> list[str]:
    """'Sep 2016' as 'Sep', with its year under the first of each year; 'Q2 2023' as 'Q2'."""
    made, before = [], ""
    for label in labels:
        year = next(iter(re.findall(r"\b\d{4}\b", label)), "")
        short = label.split()[0][:3]
        made.append((short[0] if crowded and short.isalpha() else short) + (f"\n{year}" if year != before else ""))
        before = year
    return made
