"""Released saturation in, Figure out: new codes by run of interviews, with the band of other orders behind."""

from __future__ import annotations

from analysis.present.drawing import COLOURS, INK, Figure, canvas_of, drawn, nothing_to_draw, said_of
from analysis.present.shown import require
from analysis.protect.released import Released

SHARE, BAND = "Share of the base", "In other orders, 95% of them"


def saturation_curve(released: Released, *, title: str = "") -> Figure:
    """The share of new codes in each run as a dot joined to the next, and what other orders of interviewing gave.

    The highest and the last have their number beside them; the table has them all.
    """
    released = require(released)
    title = title or released.title
    lines = [line for line in released.lines if line.entry(SHARE) and line.entry(BAND)]
    shares = [released.cells[line.entry(SHARE)[1]["share"]] for line in lines]
    bands = [tuple(released.cells[line.entry(BAND)[1][end]] for end in ("low", "high")) for line in lines]
    known = [at for at, cell in enumerate(shares) if cell.status == "shown"]
    if not known:
        return nothing_to_draw(title, shares)
    figure, axes = canvas_of(2.8)
    axes.grid(axis="x", visible=False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.7, zorder=0)
    whole = [at for at, band in enumerate(bands) if all(cell.status == "shown" for cell in band)]
    axes.fill_between(whole, [bands[at][0].value for at in whole], [bands[at][1].value for at in whole],
                      color=COLOURS[4], alpha=0.3, linewidth=0, zorder=1)
    axes.plot(known, [shares[at].value for at in known], color=COLOURS[0], marker="o", markersize=4, zorder=3)
    told = sorted({max(known, key=lambda at: (shares[at].value, -at)), known[-1]})
    for at in told:
        text = axes.annotate(shares[at].text, (at, shares[at].value), xytext=(0, 6), textcoords="offset points",
                             ha="center", color=INK, zorder=4)
        text.set_gid(f"cell-{shares[at].id}")
    axes.set_xticks(range(len(lines)), [line.label for line in lines], rotation=90, fontsize=8)
    axes.set_xlabel("Interviews, in the order of their dates")
    axes.set_ylabel("New codes, % of the base")
    axes.set_ylim(bottom=0)
    said = [f"{line.label}: {said_of(shares[at])}" for at, line in enumerate(lines) if at in told]
    return drawn(figure, released, title, "Line of new codes, with a band", said,
                 [*shares, *(cell for band in bands for cell in band)])
