"""Released in; two numbers of each row as two dots with a line between them, out."""

from __future__ import annotations

from analysis.present.drawing import (
    COLOURS,
    FAINT,
    INK,
    Figure,
    canvas_of,
    drawn,
    nothing_to_draw,
    number_beside,
    said_of,
)
from analysis.present.shown import require
from analysis.protect.released import Released, ReleasedCell


def dumbbells(released: Released, *, column: str, numbers: tuple[str, str] = ("before", "after"),
              labels: tuple[str, str] = ("Baseline", "Follow-up"), title: str = "") -> Figure:
    """
    One row for each line that has both `numbers` in `column`: an open dot for the first, a filled one for the second.

    Rows stand in the order of the table under its headings. A hidden number has no dot and says so beside its row. Two
    equal numbers are one dot in a ring, labelled once. Filling tells the dots apart without colour.
    """
    released = require(released)
    rows: list[tuple[str, str, ReleasedCell, ReleasedCell]] = []
    for line in released.lines:
        entry = line.entry(column)
        ids = [entry[1].get(number) if entry else None for number in numbers]
        if all(ids):
            rows.append((line.section, line.label, released.cells[ids[0]], released.cells[ids[1]]))
    cells = [cell for *_, first, second in rows for cell in (first, second)]
    if all(cell.value is None for cell in cells):
        return nothing_to_draw(title or released.title, cells)
    places, headings, y, section = [], [], 0.0, ""
    for heading, *_ in rows:
        if heading != section:
            headings.append((y, heading))
            y += 1
        section = heading
        places.append(y)
        y += 1
    figure, axes = canvas_of(0.27 * y + 0.9)
    for place, (_, _, first, second) in zip(places, rows, strict=True):
        _dumbbell(axes, place, first, second)
    axes.set_yticks(places, [_short(label) for _, label, *_ in rows])
    for place, heading in headings:  # over the plot: at the axis they would leave it no room
        axes.text(0.01, place + 0.1, _short(heading), transform=axes.get_yaxis_transform(), va="center",
                  fontweight="bold", bbox={"facecolor": "white", "edgecolor": "none", "pad": 1}, zorder=5)
    axes.set_ylim(y - 0.4, -0.6)
    axes.set_xlim(left=min(0, *(cell.value for cell in cells if cell.value is not None)))
    axes.margins(x=0.12)
    axes.set_xlabel(next((cell.unit for cell in cells), ""))
    from matplotlib.lines import Line2D

    figure.legend([Line2D([], [], marker="o", linestyle="", markerfacecolor=fill, markeredgecolor=COLOURS[0],
                          markersize=8) for fill in ("white", COLOURS[0])], list(labels), frameon=False,
                  loc="outside upper left", ncols=2)
    said = [f"{_short(label)}: {labels[0]} {said_of(first)}, {labels[1]} {said_of(second)}"
            for _, label, first, second in rows]
    return drawn(figure, released, title or released.title, "Pairs of dots", said, cells)


def _dumbbell(axes, y: float, first: ReleasedCell, second: ReleasedCell) -> None:
    if first.value is not None and second.value is not None:
        axes.plot([first.value, second.value], [y, y], color=FAINT, linewidth=2, zorder=2)
    for cell, fill, size in ((first, "white", 9), (second, COLOURS[0], 6 if first.value == second.value else 8)):
        if cell.value is not None:
            axes.plot([cell.value], [y], "o", markerfacecolor=fill, markeredgecolor=COLOURS[0], color=INK,
                      markersize=size, zorder=3)
    if first.value is None or second.value is None:
        for cell, align in ((first, "left"), (second, "right")):
            number_beside(axes, cell, cell.value or 0, y, align="left" if cell.value is None else align)
        return
    low_first = first.value < second.value
    number_beside(axes, first, first.value, y, align="right" if low_first else "left")
    if first.value != second.value:
        number_beside(axes, second, second.value, y, align="left" if low_first else "right")


def _short(label: str) -> str:
    """What stands before a colon is name enough in a figure."""
    return label.split(":")[0]
