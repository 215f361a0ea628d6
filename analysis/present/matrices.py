"""Released pairs in, Figure out: which codes stand on the same stretches of talk, as a triangle of squares."""

from __future__ import annotations

from analysis.present.drawing import COLOURS, FAINT, Figure, canvas_of, drawn, ink_on, nothing_to_draw, said_of
from analysis.present.shown import require
from analysis.protect.released import Released, ReleasedCell

APART = " × "  # between the names of a pair
SMALL = 8  # a page shows a wide drawing at its own size, so this is what a telephone shows too


def pairs_map(released: Released, *, column: str = "Overlapping pairs", title: str = "") -> Figure:
    """
    A square for each pair of lines 'one × other', darker the larger its number, which stands in it.

    Pairs that have no line are blank; a hidden number is a faint dot and says nothing about its size. Where all are
    hidden a sentence says that instead.
    """
    released = require(released)
    title = title or released.title
    pairs: dict[tuple[str, str], ReleasedCell] = {}
    for line in released.lines:
        one, apart, other = line.label.partition(APART)
        entry = line.entry(column)
        if apart and entry:
            pairs[one, other] = released.cells[next(iter(entry[1].values()))]
    names = _in_order(released)
    shown = [cell for cell in pairs.values() if cell.status == "shown"]
    if not shown:
        return nothing_to_draw(title, list(pairs.values()))
    margin = 0.075 * SMALL * max(map(len, names)) / 7  # inches that the longest name takes
    square = 0.021 * SMALL
    figure, axes = canvas_of(margin + square * len(names), max(5.6, margin + 1.25 * square * len(names)))
    axes.grid(False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=SMALL)
    most = max(cell.value for cell in shown) or 1
    for (one, other), cell in pairs.items():
        x, y = names.index(one), names.index(other)
        x, y = min(x, y), max(x, y)
        dark = 0.15 + 0.85 * cell.value / most if cell.status == "shown" and cell.value else 0
        if dark:
            axes.fill_between([x - 0.48, x + 0.48], y - 0.48, y + 0.48, color=COLOURS[0], alpha=dark, linewidth=0,
                              zorder=2)
        text = axes.text(x, y, cell.text if cell.status == "shown" else "·", ha="center", va="center", zorder=3,
                         fontsize=SMALL, color=ink_on(COLOURS[0], dark) if cell.status == "shown" else FAINT)
        if cell.status == "shown":
            text.set_gid(f"cell-{cell.id}")
    axes.set_yticks(range(1, len(names)), names[1:])
    axes.set_xticks(range(len(names) - 1), names[:-1], rotation=90)
    axes.set_xlim(-0.5, len(names) - 1.5)
    axes.set_ylim(len(names) - 0.5, 0.5)
    said = [f"{one} and {other}: {said_of(cell)}" for (one, other), cell in pairs.items()]
    return drawn(figure, released, title, "Matrix of pairs", said, list(pairs.values()))


def _in_order(released: Released) -> list[str]:
    """The names of the pairs in the order of the codebook, in which their sizes were counted."""
    order = {identity: at for at, identity in enumerate(released.cells)}
    names: dict[str, int] = {}
    for line in released.lines:
        entry = line.entry("Passages")
        for part, name in zip(("one", "other"), line.label.split(APART), strict=False):
            if entry and part in entry[1]:
                names[name] = order[entry[1][part]]
    return sorted(names, key=names.__getitem__)
