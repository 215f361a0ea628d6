"""Released shares at fixed times, or rates in turn, in; a step curve with its interval, or a line of points, out."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from analysis.present.drawing import COLOURS, FAINT, INK, Figure, canvas_of, drawn, nothing_to_draw, said_of
from analysis.present.shown import require
from analysis.protect.released import Released, ReleasedCell

ROOM = 0.075  # of the axis: what a number beside its point takes; points nearer than that have a dot only


def curve(released: Released, *, title: str = "") -> Figure:
    """
    The share at each fixed time (lines with `share`, `low` and `high`) as steps, with the interval as a band.

    Drawn from the released shares at those times and from nothing between them; it begins at the first that is shown
    and breaks where one is hidden. A label is the number of units that its line is called by ('8 weeks').
    """
    released = require(released)
    points = [(float(line.label.split()[0]), line.label, {name: released.cells[identity] for name, identity in ids})
              for line in released.lines for _, _, ids in line.entries if {"share", "low", "high"} <= set(dict(ids))]
    cells = [bound["share"] for _, _, bound in points]
    if not any(cell.status == "shown" for cell in cells):
        why = "all of these numbers are hidden" if any(c.status == "hidden" for c in cells) else "nobody was followed"
        return nothing_to_draw(title or released.title, cells, f"{why}, so there is nothing to draw")
    figure, axes = canvas_of(3.2)
    axes.grid(axis="x", visible=False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.7, zorder=0)
    for run in _runs(points, "share"):
        xs = [x for x, _, _ in run]
        axes.step(xs, [b["share"].value for _, _, b in run], where="post", color=COLOURS[0], linewidth=2, zorder=3)
        axes.plot(xs, [b["share"].value for _, _, b in run], "o", color=COLOURS[0], markersize=5, zorder=4)
        for band in _runs(run, "low"):
            axes.fill_between([x for x, _, _ in band], [b["low"].value for _, _, b in band],
                              [b["high"].value for _, _, b in band], step="post", color=COLOURS[0], alpha=0.15,
                              linewidth=0, zorder=1)
    named = _apart(points)
    for x, _, bound in named:
        _beside(axes, bound["share"], x)
    last = points[-1][0]
    axes.set_xlim(-0.02 * last, last * 1.12)
    axes.set_ylim(0, 108)
    axes.set_yticks([0, 25, 50, 75, 100], ["0%", "25%", "50%", "75%", "100%"])
    axes.set_xticks([x for x, _, _ in named], [f"{x:g}" for x, _, _ in named])
    _, _, since = released.title.rpartition(" since ")
    axes.set_xlabel(f"{points[-1][1].split()[1].capitalize()} since {since or 'the start'}")
    said = [f"after {label}: {said_of(bound['share'])}" for _, label, bound in named]
    return drawn(figure, released, title or released.title, "Step curve", said, [b["share"] for _, _, b in named])


def trend(released: Released, *, column: str, title: str = "") -> Figure:
    """
    One number of each line, in the order of the lines, as points joined where neighbours are both shown.

    An entry's `n` is drawn, or else its first number; one that has `low` and `high` too has its interval as a bar.
    """
    released = require(released)
    points = [(float(place), line.label, {name: released.cells[one] for name, one in _named(line.entry(column)[1])})
              for place, line in enumerate(line for line in released.lines if line.entry(column))]
    cells = [bound["n"] for _, _, bound in points]
    if not any(cell.status == "shown" for cell in cells):
        return nothing_to_draw(title or released.title, cells)
    figure, axes = canvas_of(2.8)
    axes.grid(axis="x", visible=False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.7, zorder=0)
    for run in _runs(points, "n"):
        axes.plot([x for x, _, _ in run], [b["n"].value for _, _, b in run], "o-", color=COLOURS[0], linewidth=2,
                  markersize=6, zorder=3)
    tops = [bound["n"] for _, _, bound in points]
    for x, _, bound in points:
        spans = [bound[end] for end in ("low", "high") if end in bound and bound[end].value is not None]
        if len(spans) == 2 and bound["n"].value is not None:
            axes.vlines(x, spans[0].value, spans[1].value, color=COLOURS[0], linewidth=1.2, zorder=2)
            tops.append(spans[1])
        _beside(axes, bound["n"], x, over=len(spans) < 2)
    axes.set_xticks([x for x, _, _ in points], [textwrap.fill(label, 9) for _, label, _ in points], fontsize=8.5)
    axes.set_xlim(-0.5, len(points) - 0.5)
    axes.set_ylim(0, 1.2 * max(cell.value for cell in tops if cell.value is not None) or 1)
    axes.set_ylabel(cells[0].unit)
    said = [f"{label}: {said_of(bound['n'])}" for _, label, bound in points]
    return drawn(figure, released, title or released.title, "Line", said, cells)


def _named(entry: Mapping[str, str]) -> list[tuple[str, str]]:
    """The numbers of an entry by name, the first as `n` where none is called so."""
    return list(entry.items()) if "n" in entry else [("n", next(iter(entry.values())))]


def _runs(points: list, number: str) -> list[list]:
    """Neighbouring points whose number is shown, each such run by itself."""
    runs: list[list] = [[]]
    for point in points:
        if point[2][number].value is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _apart(points: list) -> list:
    """Points that a number has room at: chosen by where they stand, never by what they hold."""
    width, kept = points[-1][0] or 1, []
    for point in points:
        if not kept or (point[0] - kept[-1][0]) / width >= ROOM:
            kept.append(point)
    return kept


def _beside(axes, cell: ReleasedCell, x: float, over: bool = False) -> None:
    """The number above its point; one that is not shown stands upright on the axis."""
    if cell.value is None:
        text = axes.text(x, 0, f" {cell.text}", rotation=90, ha="center", va="bottom", color=FAINT, fontsize=8,
                         zorder=4)
    else:
        text = axes.annotate(cell.text, (x, cell.value), xytext=(0, 6) if over else (3, 4), textcoords="offset points",
                             ha="center" if over else "left", va="bottom", color=INK, fontsize=9, zorder=5)
    text.set_gid(f"cell-{cell.id}")
