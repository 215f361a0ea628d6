"""Choices in words in, a table of them out: what a reader must know and no number computes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.measures.cells import Cells
from analysis.measures.summary import About, Summary


def settings(choices: Mapping[str, Sequence[tuple[str, str]]], *, title: str = "Choices of this evaluation") -> Summary:
    """Section -> (choice, what was chosen), as the definition states them."""
    cells = Cells("settings", record=True)
    for section, rows in choices.items():
        for choice, chosen in rows:
            cells.row(choice, {"Chosen": (chosen.replace("{", "(").replace("}", ")"), {})}, section=section)
    return cells.summary(title, About("none", "none: settings"),
                         notes=("As stated in the study's definition.",), stub="Choice")
