"""Released lines in, Figure out: how often each participant speaks of each theme, as squares, darker for more."""

from __future__ import annotations

from itertools import pairwise
from textwrap import shorten

from analysis.present.drawing import COLOURS, INK, Figure, canvas_of, drawn, ink_on, nothing_to_draw
from analysis.present.shown import require
from analysis.protect.released import Released

APART = ": "  # between the group and the participant in a column's name
LONGEST = 48  # characters of a name beside the squares
MARKED = ((0, 0.0), (1, 0.25), (2, 0.5), (3, 0.75), (5, 1.0))  # from so many passages on, so dark


def heat_map(released: Released, *, title: str = "") -> Figure:
    """
    A row for each theme and the codes under it, a column for each participant, group by group; the number in a square.

    Where the numbers were kept back, since they say who said what, a sentence says so.
    """
    released = require(released)
    title = title or released.title
    lines = [line for line in released.lines if any(ids for _, _, ids in line.entries)]
    if not lines:
        return nothing_to_draw(title, [], "it says who said what, and stands in the working tier only")
    columns = list(released.columns)
    groups = [column.partition(APART)[0] for column in columns]
    names = [shorten(line.label, LONGEST, placeholder="…") for line in lines]
    figure, axes = canvas_of(0.9 + 0.21 * len(lines), max(5.6, 2.6 + 0.2 * len(columns)))
    axes.grid(False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=7.5, top=True, labeltop=True, bottom=False, labelbottom=False)
    cells, said = [], []
    for y, line in enumerate(lines):
        words = []
        for x, column in enumerate(columns):
            _, ids = line.entry(column)
            cell = released.cells[next(iter(ids.values()))]
            cells.append(cell)
            number = int(cell.value or 0)
            dark = max(alpha for least, alpha in MARKED if number >= least)
            axes.fill_between([x - 0.47, x + 0.47], y - 0.47, y + 0.47, color=COLOURS[0] if dark else "#dddddd",
                              alpha=dark or 0.35, linewidth=0, zorder=2)
            if number:
                text = axes.text(x, y, cell.text, ha="center", va="center", fontsize=6.5, zorder=3,
                                 color=ink_on(COLOURS[0], dark))
                text.set_gid(f"cell-{cell.id}")
                words.append(f"{column.partition(APART)[2]} {cell.text}")
        said.append(f"{names[y]}: {', '.join(words) or 'nobody'}")
    for x, (one, other) in enumerate(pairwise(groups)):
        if one != other:
            axes.axvline(x + 0.5, color=INK, linewidth=1.2, zorder=4)
    axes.set_xticks(range(len(columns)), [column.partition(APART)[2] for column in columns], rotation=90)
    axes.set_yticks(range(len(lines)), names)
    for tick, line in zip(axes.get_yticklabels(), lines, strict=True):
        tick.set_fontweight("normal" if line.depth else "bold")
    axes.set_xlim(-0.6, len(columns) - 0.4)
    axes.set_ylim(len(lines) - 0.4, -0.6)
    _name_groups(axes, groups, longest=max(len(column.partition(APART)[2]) for column in columns))
    return drawn(figure, released, title, "Heat map", said, cells)


def _name_groups(axes, groups: list[str], *, longest: int) -> None:
    """Each group's name over its columns, above their own names of up to so many characters."""
    for n, group in enumerate(dict.fromkeys(groups)):
        mine = [x for x, one in enumerate(groups) if one == group]
        above = axes.annotate(group, ((mine[0] + mine[-1]) / 2, 1), xycoords=("data", "axes fraction"), fontsize=8,
                              xytext=(0, 10 + 5 * longest), textcoords="offset points", ha="center", va="bottom")
        above.set_gid(f"label-group-{n}")
