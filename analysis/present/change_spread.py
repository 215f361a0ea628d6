"""A released spread of changes in; bars of binned people with the quartiles beside them, out."""

from __future__ import annotations

from analysis.measures.questionnaires.change_spread import NO_THRESHOLD
from analysis.present.drawing import COLOURS, FAINT, Figure, drawn, nothing_to_draw, said_of
from analysis.present.panels import SMALL, cells_of, panels_of, sections_of, written
from analysis.present.shown import require
from analysis.protect.released import Released

COUNTS = 2  # steps of half a threshold below which a change does not count


def spread_of_change(released: Released, *, title: str = "") -> Figure:
    """
    People by how far their score was better (up) or worse (down), and the median with its quartiles beside the bins.

    Drawn from `change_spread`: a raincloud whose drops are bins, for a dot a person would show the person. A hidden bin
    has no bar and says so. Bins below the threshold are pale, where there is one in points.
    """
    released, title = require(released), title or released.title
    found = {section: (cells_of(released, lines[0], "People"), lines[1:])
             for section, lines in sections_of(released).items()}
    bins = {section: [cells_of(released, line, "People")["n"] for line in lines]
            for section, (_, lines) in found.items()}
    without = {section: lines[0].label.endswith(NO_THRESHOLD) for section, lines in sections_of(released).items()}
    cells = [cell for section in found for cell in (*found[section][0].values(), *bins[section])]
    if not cells or all(cell.status == "hidden" for cell in cells):
        return nothing_to_draw(title, cells)
    canvas, rows = panels_of(list(found), [0.215 * len(counts) for counts in bins.values()], widths=(4.4, 1.2),
                             heading_at=-0.62)  # where the words of the bins begin
    for (section, (middle, lines)), (axes, side) in zip(found.items(), rows, strict=True):
        counts, half = bins[section], len(lines) // 2
        least = 0 if without[section] else COUNTS
        for y, cell in enumerate(counts):
            steps = half - y
            colour = COLOURS[2] if steps > 0 else COLOURS[1] if steps < 0 else FAINT
            axes.barh(y, cell.value or 0, height=0.82, color=colour, zorder=2,
                      alpha=1 if abs(steps) > least else 0.45)
            written(axes, cell, cell.value or 0, y, align="left", offset=(4, 0), size=SMALL)
        axes.set_yticks(range(len(lines)), [line.label for line in lines], fontsize=SMALL)
        axes.set_xlim(0, max([cell.value or 0 for cell in counts] + [1]) * 1.25)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        _box(side, middle, _width(lines[half - 1].label), half)
        for one in (axes, side):
            one.set_ylim(len(lines) - 0.4, -0.6)
    said = [f"{section}: median {said_of(middle['median'])}, quartiles {said_of(middle['q1'])} to "
            f"{said_of(middle['q3'])}; " + ", ".join(
                f"{line.label.lower()} {said_of(cell)}" for line, cell in zip(lines, bins[section], strict=True))
            for section, (middle, lines) in found.items()]
    return drawn(canvas, released, title, "Bars of binned changes with quartiles", said, cells)


def _width(first: str) -> float:
    """How wide a bin is: from the words of the first one, 'Better by less than 0.5'."""
    return float(first.rsplit(" ", 1)[1])


def _box(axes, cells: dict, width: float, half: int) -> None:
    """The quartiles as a thick line and the median as a dot, at the height of the bins that they lie in."""
    def height(change: float) -> float:
        if not change:
            return half
        steps = min(abs(change) / width, half - 0.5)  # a bin without an end holds what lies beyond
        return half - (0.5 + steps if change > 0 else -0.5 - steps)

    axes.set_xlim(-1, 3)
    axes.axis("off")
    low, middle, high = (cells[name] for name in ("q1", "median", "q3"))
    if low.value is not None and high.value is not None:
        axes.plot([0, 0], [height(low.value), height(high.value)], color=COLOURS[0], linewidth=7, alpha=0.4,
                  solid_capstyle="butt")
        apart = abs(height(low.value) - height(high.value)) > 1.6
        written(axes, high, 0, height(high.value), align="left", offset=(9, 6 if not apart else 2), size=SMALL)
        written(axes, low, 0, height(low.value), align="left", offset=(9, -6 if not apart else -2), size=SMALL)
    if middle.value is not None:
        axes.plot([0], [height(middle.value)], "o", color=COLOURS[0], markersize=8, zorder=3)
        written(axes, middle, 0, height(middle.value), align="right", offset=(-8, 0))
    else:
        written(axes, middle, 0, half, align="center")
