"""Released changes of scores in; the figures of means at both time points and of changes on one scale, out."""

from __future__ import annotations

from analysis.measures.questionnaires.paired import scale_of
from analysis.present.drawing import COLOURS, FAINT, INK, Figure, canvas_of, drawn, nothing_to_draw, said_of
from analysis.present.panels import SMALL, cells_of, panels_of, sections_of, word, written
from analysis.present.shown import require
from analysis.protect.released import Released


def means_on_scales(released: Released, *, title: str = "") -> Figure:
    """
    The mean of the same people at both time points, a panel an instrument, each on the whole of its scale.

    Drawn from `outcome_scores`. No person is a mark: two means and the line between them. The scale is not cut to the
    means, which would make any change look large.
    """
    released, title = require(released), title or released.title
    found, times = [], released.columns[1:3]  # between the people and the change: the two time points
    for section, lines in sections_of(released).items():
        line = next(line for line in lines if {*times, "Change"} <= {c for c, _, _ in line.entries})
        found.append((section, *(cells_of(released, line, c)["mean"] for c in times)))
    cells = [cell for _, first, second in found for cell in (first, second)]
    if all(cell.status == "hidden" for cell in cells):
        return nothing_to_draw(title, cells)
    canvas, rows = panels_of([section for section, _, _ in found], [0.62] * len(found))
    for number, ((section, first, second), [axes]) in enumerate(zip(found, rows, strict=True)):
        low, high, up = scale_of(section)
        axes.set_xlim(low, high)
        axes.set_ylim(-0.9, 0.8)
        axes.set_yticks([])
        axes.plot([low, high], [0, 0], color="#dddddd", linewidth=1, zorder=1)
        word(axes, "better" if up else "worse", high, -0.75, f"right-{number}", ha="right", color=FAINT)
        word(axes, "worse" if up else "better", low, -0.75, f"left-{number}", ha="left", color=FAINT)
        if first.value is None or second.value is None:
            written(axes, first if first.value is None else second, (low + high) / 2, 0, offset=(0, 9))
            continue
        axes.plot([first.value, second.value], [0, 0], color=COLOURS[0], linewidth=3, zorder=2)
        axes.plot([first.value], [0], "o", markersize=9, markerfacecolor="white", markeredgecolor=COLOURS[0],
                  markeredgewidth=2, zorder=3)
        axes.plot([second.value], [0], "o", markersize=9, color=COLOURS[0], zorder=3)
        left = first.value <= second.value
        written(axes, first, first.value, 0, align="right" if left else "left", offset=(-8 if left else 8, 0))
        written(axes, second, second.value, 0, align="left" if left else "right", offset=(8 if left else -8, 0))
    word(rows[0][0], f"open: {times[0].lower()}; filled: {times[1].lower()}", 0.5, 0.86, "marks", ha="center",
         transform=rows[0][0].transAxes, color=FAINT)
    said = [f"{section}: {said_of(first)} at {times[0].lower()}, {said_of(second)} at {times[1].lower()}"
            for section, first, second in found]
    return drawn(canvas, released, title, "Two means on each scale", said, cells)


def forest(released: Released, *, title: str = "") -> Figure:
    """
    The standardised response mean of each instrument with its interval, and the threshold in the same unit.

    Drawn from `standardised_changes`. To the right is better for every instrument.
    """
    released, title = require(released), title or released.title
    found = [(line.label, cells_of(released, line, "SDs of change"), cells_of(released, line, "Threshold")["threshold"])
             for line in released.lines]
    cells = [cell for _, bound, threshold in found for cell in (bound["low"], bound["mean"], bound["high"], threshold)]
    if not cells or all(cell.status == "hidden" for _, bound, _ in found for cell in bound.values()):
        return nothing_to_draw(title, cells)
    canvas, axes = canvas_of(0.62 * len(found) + 1.0)
    for y, (_, bound, threshold) in enumerate(found):
        low, middle, high = (bound[name] for name in ("low", "mean", "high"))
        if low.value is not None and high.value is not None:
            axes.plot([low.value, high.value], [y, y], color=COLOURS[0], linewidth=2.5, zorder=2)
            written(axes, low, low.value, y, vertical="top", offset=(0, -5), size=SMALL)
            written(axes, high, high.value, y, vertical="top", offset=(0, -5), size=SMALL)
        if middle.value is not None:
            axes.plot([middle.value], [y], "s", color=COLOURS[0], markersize=8, zorder=3)
        written(axes, middle, middle.value or 0, y, vertical="bottom", offset=(0, 6))
        if threshold.value is not None:
            axes.plot([threshold.value], [y], marker="|", color=COLOURS[1], markersize=20, markeredgewidth=3, zorder=3)
            written(axes, threshold, threshold.value, y, vertical="bottom", offset=(0, 11), size=SMALL)
    axes.axvline(0, color=INK, linewidth=1, zorder=1)
    axes.set_yticks(range(len(found)), [label for label, _, _ in found])
    axes.set_ylim(len(found) - 0.35, -0.75)
    axes.margins(x=0.18)
    axes.set_xlabel("worse  ←  SDs of change  →  better       (bar: threshold)")
    said = [f"{label}: {said_of(bound['mean'])}, from {said_of(bound['low'])} to {said_of(bound['high'])}"
            + (f", threshold {said_of(threshold)}" if threshold.status != "absent" else "")
            for label, bound, threshold in found]
    return drawn(canvas, released, title, "Mean changes with their confidence intervals", said, cells)
