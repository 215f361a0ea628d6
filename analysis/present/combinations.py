"""Released counts of people by exact combination in; a matrix of the combinations with their columns out."""

from __future__ import annotations

from analysis.measures.activity.combinations import APART
from analysis.present.drawing import COLOURS, FAINT, INK, Figure, canvas_of, drawn, nothing_to_draw, said_of
from analysis.present.shown import require
from analysis.protect.released import Released, ReleasedCell

MOST, FEWEST = 12, 6  # columns that have room, and for how many of them there is always room


def combinations(released: Released, *, title: str = "", most: int = MOST) -> Figure:
    """
    Combinations as columns over a matrix of dots, after UpSet (Lex and others, IEEE TVCG 2014;20:1983-1992).

    The `most` combinations with the highest released counts, ties by name; beside each intervention all who took it up.
    A combination that may not be shown has no column: there being one would tell that somebody is in it.
    """
    released = require(released)
    found, single = _taken_up(released)
    found = found[:most]
    if not found:
        return nothing_to_draw(title or released.title, list(single.values()),
                               "there is no combination of several people that may be shown")
    names = [name for name in single if any(name in held for held, _ in found)]
    width = max(len(found), FEWEST)
    figure, axes = canvas_of(1.5 + 0.29 * len(names) + 0.5)
    axes.remove()
    top, matrix = figure.subplots(2, 1, sharex=True, height_ratios=[1.3, 0.29 * len(names) + 0.3])
    for pane in (top, matrix):
        pane.spines[["top", "right", "left", "bottom"]].set_visible(False)
        pane.tick_params(length=0)
    top.set_yticks([])
    top.bar(range(len(found)), [cell.value for _, cell in found], color=COLOURS[0], width=0.62)
    top.set_ylim(0, 1.25 * max(cell.value for _, cell in found))
    top.set_title("People with exactly these", loc="left", fontsize=10)
    for x, (held, cell) in enumerate(found):
        _number(top, cell, x, cell.value, "bottom", (0, 2))
        rows = [y for y, name in enumerate(names) if name in held]
        matrix.plot([x] * len(names), range(len(names)), "o", color="#dddddd", markersize=7, zorder=1)
        matrix.plot([x, x], [min(rows), max(rows)], color=COLOURS[0], linewidth=2, zorder=2)
        matrix.plot([x] * len(rows), rows, "o", color=COLOURS[0], markersize=7, zorder=3)
    for y, name in enumerate(names):
        _number(matrix, single[name], width - 0.35, y, "center", (0, 0), "left")
    matrix.set_yticks(range(len(names)), [name.capitalize() for name in names])
    matrix.set_ylim(len(names) - 0.4, -0.9)
    matrix.set_xticks([])
    matrix.set_xlim(-0.6, width + 0.5)
    heading = matrix.annotate("All", (width - 0.35, -0.75), ha="left", va="center", fontsize=9, color=INK)
    heading.set_gid("label-all")
    said = [f"{' with '.join(held)}: {said_of(cell)}" for held, cell in found]
    said += [f"{name}, with or without others: {said_of(single[name])}" for name in names]
    return drawn(figure, released, title or released.title, "Matrix of combinations", said,
                 [cell for _, cell in found] + [single[name] for name in names])


def _taken_up(released: Released) -> tuple[list[tuple[tuple[str, ...], ReleasedCell]], dict[str, ReleasedCell]]:
    """The combinations that may be shown, those of most people first; and all who took up each intervention."""
    found: list[tuple[tuple[str, ...], ReleasedCell]] = []
    single: dict[str, ReleasedCell] = {}
    for line in released.lines:
        _, ids = line.entry("People")
        cell = released.cells[ids["n"]]
        said = dict(cell.dimensions)
        if line.goes_with and cell.value is not None:
            found.append((tuple(said["combination"].split(APART)), cell))
        elif "intervention" in said:
            single[said["intervention"]] = cell
    return sorted(found, key=lambda one: (-one[1].value, len(one[0]), one[0])), single


def _number(axes, cell: ReleasedCell, x: float, y: float, va: str, offset: tuple[int, int], ha: str = "center") -> None:
    text = axes.annotate(cell.text, (x, y), xytext=offset, textcoords="offset points", ha=ha, va=va, fontsize=9,
                         color=INK if cell.status == "shown" else FAINT, zorder=4)
    text.set_gid(f"cell-{cell.id}")
