"""Published figures and the cells that should equal them in; both side by side, with whether they agree, out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from analysis.errors import Mistake, suggestion
from analysis.measures.cells import Cells
from analysis.measures.summary import About, Cell, Summary

STATUS = {"verified": "as published", "derived": "derived from published figures"}


def published_comparison(figures: Sequence[Mapping], summaries: Sequence[Summary]) -> Summary:
    """
    Each published figure beside the number computed from the extracts.

    `figures` are the entries of published.toml: what, value, digits, source, status, and `cell`, the name that a
    measure gave the number ("participant flow/enrolled"). They agree when the computed number, rounded as the figure
    was printed, is the figure. Figures 'not transcribed' are listed apart and never filled in. Raises Mistake where a
    figure names a cell that no measure has.
    """
    cells = Cells("published comparison", record=True)
    known = {f"{s.measure}/{name}": s.cells[identity] for s in summaries for name, identity in s.names.items()}
    everything = {identity: cell for s in summaries for identity, cell in s.cells.items()}
    agree = []
    for figure in (f for f in figures if f["status"] in STATUS):
        cell = _cell(figure, known)
        computed = _carried(cells, cell, everything)
        printed = cells.value(figure["value"], "published", population="publications", n=10_000, unit=cell.unit,
                              digits=figure.get("digits", 0), figure=figure["what"])
        same = agrees(cell.value, figure["value"], figure.get("digits", 0))
        agree.append(cells.word("yes" if same else "NO", same, "agrees", follows=computed, figure=figure["what"]))
        cells.row(figure["what"], {"Published": ("{value}", {"value": printed}),
                                   "Computed": ("{value}", {"value": computed}),
                                   "Agree": ("{word}", {"word": agree[-1]}), "Status": (STATUS[figure["status"]], {}),
                                   "Source": (figure["source"], {})})
    figures_in_all = cells.count(sum(f["status"] in STATUS for f in figures), "figures", population="publications",
                                 people=10_000, unit="figures", name="compared")
    # A total of its words: hidden where one of them is, because 'all agree' would tell each hidden number.
    in_all = cells.total(agree, "figures that agree", population="publications", name="agree")
    cells.row("Figures compared, and that agree", {"Published": ("{n}", {"n": figures_in_all}),
                                                   "Agree": ("{n}", {"n": in_all})})
    return cells.summary("Published figures and the same figures computed from the extracts",
                         About("as each figure states", "as each figure states",
                               "figures not transcribed are listed below"),
                         stub="Figure", columns=("Published", "Computed", "Agree", "Status", "Source"))


def not_transcribed(figures: Sequence[Mapping]) -> Summary:
    """The published figures that nobody has read at the source: named, so that their absence is seen."""
    cells = Cells("published comparison", record=True)
    for figure in (f for f in figures if f["status"] == "not transcribed"):
        cells.row(figure["what"], {"Status": ("not transcribed", {}), "Where it would be": (figure["source"], {})})
    return cells.summary("Published figures not transcribed", About("none", "none"), stub="Figure")


def agrees(computed: float | None, published: float, digits: int) -> bool:
    """Whether the computed number, printed with that many decimals (halves up), is the published one."""
    if computed is None:
        return False
    rounded = math.copysign(int(abs(computed) * 10**digits + 0.5 + 1e-9), computed)
    return rounded == round(published * 10**digits)


def _carried(cells: Cells, cell: Cell, everything: Mapping[str, Cell]) -> str:
    """The cell itself, under its own id, with the cells that it is computed from."""
    for identity in (cell.numerator, cell.denominator, *cell.parts):
        if identity:
            cells.add(everything[identity])
    return cells.add(cell)


def _cell(figure: Mapping, known: Mapping[str, Cell]) -> Cell:
    name = figure["cell"]
    if name not in known:
        measure = name.split("/")[0]
        there = [k for k in sorted(known) if k.split("/")[0] == measure] or sorted({k.split("/")[0] for k in known})
        raise Mistake(f"no measure on this page has a number '{name}' ({figure['what']})", where="published.toml",
                      remedy=suggestion(name, known, always=f"there are: {', '.join(there)}"))
    return known[name]
