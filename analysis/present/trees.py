"""Released lines in, Figure out: the codes of a codebook under their themes, as a tree."""

from __future__ import annotations

from textwrap import shorten

from analysis.present.drawing import COLOURS, FAINT, INK, Figure, canvas_of, drawn
from analysis.present.shown import require
from analysis.protect.released import Released

LONGEST = 74  # characters of a name; the whole of it stands in the table
STEP = 0.055  # of the width, from a code to those under it


def code_tree(released: Released, *, title: str = "") -> Figure:
    """The lines one below the other, each under what it stands below by a line; words only, as COREQ 25 asks for it."""
    released = require(released)
    title = title or released.title
    lines = released.lines
    names = [shorten(line.label, LONGEST - 4 * line.depth, placeholder="…") for line in lines]
    figure, axes = canvas_of(0.35 + 0.21 * len(lines))
    axes.grid(False)
    axes.spines[:].set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_xlim(0, 1)
    axes.set_ylim(len(lines) - 0.4, -0.6)
    above: list[int] = []  # the last line at each depth
    under: dict[int, list[str]] = {}
    for y, line in enumerate(lines):
        del above[line.depth:]
        x = STEP * line.depth
        if above:
            axes.plot([x - STEP + 0.012] * 2 + [x - 0.004], [above[-1] + 0.42, y, y], color=FAINT, linewidth=0.9,
                      solid_joinstyle="miter", zorder=1)
            under.setdefault(above[0], []).append(names[y])
        else:
            under[y] = []
        text = axes.text(x + 0.006, y, names[y], va="center", ha="left", fontsize=9 if line.depth else 9.5,
                         fontweight="normal" if line.depth else "bold", color=INK if line.depth else COLOURS[0])
        text.set_gid(f"label-{y}")
        above.append(y)
    said = [f"{names[y]}: {', '.join(those) or 'no code under it'}" for y, those in under.items()]
    return drawn(figure, released, title, "Tree", said, [])
