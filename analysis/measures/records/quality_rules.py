"""Rules that were moved and rules that were not run, in words, in; tables that say where there are none, out."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.measures.cells import Cells
from analysis.measures.summary import About, Summary
from analysis.measures.words import capitalised, plain

# What a study without such a column or table is told for a rule that wants nothing of its own.
ANY_EXTRACT = "an extract with rows"


def rules_moved(moves: Sequence[tuple[str, str, str, str, str]]) -> Summary:
    """Each rule that the definition moves: (rule, severity before, severity here, extracts or '', reason or '')."""
    cells = Cells("rules moved", record=True)
    for rule, before, here, extracts, reason in moves:
        cells.row(capitalised(rule), {"Before": (before, {}), "Here": (here, {}),
                                      "For": (_plain(extracts or "all"), {}),
                                      "Why": (_plain(reason or "not stated"), {})})
    if not moves:
        cells.row("No rule was moved", {"Before": ("", {}), "Here": ("", {}), "For": ("", {}), "Why": ("", {})})
    return cells.summary("Rules that this study moved", About("none", "none: a record"),
                         notes=("A rule is moved down only with a reason; moved up it needs none.",), stub="Rule")


def rules_not_run(rules: Sequence[tuple[str, str, str]]) -> Summary:
    """Each rule that was not run: (subject, rule, what it wants)."""
    cells = Cells("rules not run", record=True)
    for subject, rule, wants in rules:
        cells.row(capitalised(rule), {"Would need": (_plain(wants or ANY_EXTRACT), {})}, section=subject.capitalize())
    if not rules:
        cells.row("Every rule was run", {"Would need": ("", {})})
    return cells.summary("Rules that were not run", About("none", "none: a record"), stub="Rule")


def _plain(words: str) -> str:
    return plain(words).replace("`", "")
