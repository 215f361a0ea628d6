"""Released movements between bands in; bands joined by streams as wide as the people who went that way, out."""

from __future__ import annotations

from analysis.measures.questionnaires.paired import scale_of
from analysis.present.drawing import FAINT, INK, Figure, drawn, nothing_to_draw, said_of
from analysis.present.panels import SMALL, cells_of, panels_of, sections_of, word, written
from analysis.present.shown import require
from analysis.protect.released import Released, ReleasedCell

GAP, STUB = 0.06, 0.035  # of the height of a panel: between bands, and of a band that is hidden or empty
NO_SCORE = "#bdbdbd"


def alluvial(released: Released, *, title: str = "") -> Figure:
    """
    For each instrument its bands at baseline on the left and at follow-up on the right, best on top, joined by streams.

    Drawn from `band_changes`. A stream is as wide as the released count; where it is hidden there is none, and the band
    keeps an empty place for it. The table of the same measure has the same numbers.
    """
    released, title = require(released), title or released.title
    times = tuple(released.stub.removeprefix("Band at ").split(", and at "))  # "Band at baseline, and at follow-up"
    panels = {section: _bands(released, lines, times[1], scale_of(section)[2])
              for section, lines in sections_of(released).items()}
    cells = [cell for bands in panels.values() for cell in _cells(bands)]
    if not any(cell.value for cell in cells):
        return nothing_to_draw(title, cells)
    canvas, rows = panels_of(list(panels), [0.5 * len(bands["left"]) + 0.7 for bands in panels.values()])
    for number, (bands, [axes]) in enumerate(zip(panels.values(), rows, strict=True)):
        _panel(axes, bands, times, number)
    said = [f"{section}: " + ", ".join(
        [f"{name} {said_of(cell)} at {times[0]} and {said_of(bands['right'][name])} at {times[1]}"
         for name, cell in bands["left"].items()]
        + [f"from {one} to {other} {said_of(cell)}" for (one, other), cell in bands["streams"].items() if cell.value])
        for section, bands in panels.items()]
    return drawn(canvas, released, title, "Bands at two time points, joined by streams", said, cells)


def _bands(released: Released, lines, last: str, higher_is_better: bool) -> dict:
    """Totals of each side by band, best first, and the streams between them: cells, from the released lines."""
    left: dict[str, ReleasedCell] = {}
    right: dict[str, ReleasedCell] = {}
    streams: dict[tuple[str, str], ReleasedCell] = {}
    band = ""
    for line in lines:
        cell = cells_of(released, line, "People")["n"]
        if line.depth == 0:
            band = line.label
            if band != "Everybody":
                left[band.lower()] = cell
        elif band == "Everybody":
            right[line.label.removeprefix(f"at {last} ").lower()] = cell
        else:
            streams[band.lower(), line.label.removeprefix("then ").lower()] = cell
    scored, rest = list(left)[:-1], list(left)[-1:]
    order = (scored[::-1] if higher_is_better else scored) + rest
    return {"left": {name: left[name] for name in order}, "right": {name: right[name] for name in order},
            "streams": {(one, other): streams[one, other] for one in order for other in order
                        if (one, other) in streams}}


def _cells(bands: dict) -> list[ReleasedCell]:
    return [*bands["left"].values(), *bands["right"].values(), *bands["streams"].values()]


def _people(bands: dict, side: str, name: str) -> float:
    """How high a band is drawn: its total, or where that is hidden, the streams of it that are shown."""
    shown = sum(cell.value or 0 for pair, cell in bands["streams"].items() if pair[side == "right"] == name)
    return max(bands[side][name].value or 0, shown)


def _panel(axes, bands: dict, times: tuple[str, ...], number: int) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path
    from seaborn import color_palette

    names = list(bands["left"])
    colours = dict(zip(names[:-1], color_palette("crest", len(names) - 1), strict=True)) | {names[-1]: NO_SCORE}
    wide = {(side, name): _people(bands, side, name) for side in ("left", "right") for name in names}
    people = max(sum(wide[side, name] for name in names) for side in ("left", "right")) or 1
    scale = (1 - GAP * (len(names) - 1) - STUB * len(names)) / people
    tops = {}
    for side, x, align, offset in (("left", 0.0, "right", -6), ("right", 1.0, "left", 6)):
        y = 1.0
        for place, name in enumerate(names):
            cell = bands[side][name]
            height = wide[side, name] * scale + STUB
            axes.bar(x, height, width=0.03, bottom=y - height, color=colours[name] if wide[side, name] else "white",
                     edgecolor=FAINT, linewidth=0.6, zorder=3)
            tops[side, name] = y - STUB / 2
            written(axes, cell, x, y - height / 2, align=align, offset=(offset, 5), size=SMALL + 1)
            word(axes, name, x + (-0.035 if side == "left" else 0.035), y - height / 2, f"{side}-{number}-{place}",
                 ha=align, va="top", color=INK)
            y -= height + GAP
    for place, ((one, other), cell) in enumerate(bands["streams"].items()):
        if not cell.value:
            continue
        width, a, b = cell.value * scale, tops["left", one], tops["right", other]
        tops["left", one], tops["right", other] = a - width, b - width
        path = Path([(0.015, a), (0.5, a), (0.5, b), (0.985, b), (0.985, b - width), (0.5, b - width),
                     (0.5, a - width), (0.015, a - width), (0.015, a)],
                    [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.LINETO, Path.CURVE4, Path.CURVE4,
                     Path.CURVE4, Path.CLOSEPOLY])
        axes.add_patch(PathPatch(path, facecolor=colours[one], alpha=0.5, linewidth=0.4, edgecolor="white", zorder=2))
        written(axes, cell, 0.06 + 0.05 * (place % 3), a - width / 2, size=7.5)
    axes.set_xlim(-0.42, 1.42)
    axes.set_ylim(-0.04, 1.06)
    axes.set_yticks([])
    axes.set_xticks([0, 1], [time.capitalize() for time in times])
    axes.tick_params(axis="x", length=0)
    axes.spines["bottom"].set_visible(False)
