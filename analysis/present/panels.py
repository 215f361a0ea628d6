"""Panels: a released table with a section an instrument in; an empty drawing with a panel for each, out."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.measures.summary import Line
from analysis.present.drawing import FAINT, INK, canvas_of
from analysis.protect.released import Released, ReleasedCell

SMALL = 8.5


def sections_of(released: Released) -> dict[str, list[Line]]:
    """The lines of each section, in order."""
    found: dict[str, list[Line]] = {}
    for line in released.lines:
        found.setdefault(line.section, []).append(line)
    return found


def cells_of(released: Released, line: Line, column: str) -> dict[str, ReleasedCell]:
    """The cells of one entry, by their placeholder; none where the line has no such column."""
    entry = line.entry(column)
    return {name: released.cells[identity] for name, identity in entry[1].items()} if entry else {}


def panels_of(headings: Sequence[str], heights: Sequence[float], *, widths: Sequence[float] = (1,),
              heading_at: float = 0):
    """
    A drawing with a row of panels under each heading, and the axes of each row.

    `heights` are in inches, headings come on top of them; `widths` are the proportions of the panels of a row, and
    `heading_at` is where a heading begins, in widths of the first panel.
    """
    canvas, axes = canvas_of(sum(heights) + 0.62 * len(heights))
    axes.remove()
    rows = canvas.subplots(len(heights), len(widths), squeeze=False,
                           gridspec_kw={"height_ratios": list(heights), "width_ratios": list(widths)})
    for number, (heading, row) in enumerate(zip(headings, rows, strict=True)):
        for axes in row:
            axes.spines[["top", "right", "left"]].set_visible(False)
            axes.spines["bottom"].set_color(FAINT)
            axes.tick_params(axis="y", length=0)
        title = row[0].set_title(heading, loc="left", x=heading_at, fontsize=10, fontweight="bold")
        title.set_gid(f"label-heading-{number}")
    return canvas, rows


def written(axes, cell: ReleasedCell, x: float, y: float, *, align: str = "center", vertical: str = "center",
            offset: tuple[float, float] = (0, 0), size: float = 10) -> None:
    """A number where it belongs, as text that carries its cell's id."""
    text = axes.annotate(cell.text, (x, y), xytext=offset, textcoords="offset points", ha=align, va=vertical,
                         fontsize=size, color=INK if cell.status == "shown" else FAINT, zorder=5)
    text.set_gid(f"cell-{cell.id}")


def word(axes, text: str, x: float, y: float, gid: str, **more) -> None:
    """Words that are no number of anybody's: `gid` is unique within the drawing."""
    axes.text(x, y, text, **{"fontsize": SMALL, "color": INK, **more}).set_gid(f"label-{gid}")
