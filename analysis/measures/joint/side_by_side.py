"""Side by side: the definition's rows in; a finding in numbers, one in words with who may be quoted, and both, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.measures.cells import Cells
from analysis.measures.joint.named import Place
from analysis.measures.joint.rows import (
    CHECKED,
    COUNTED,
    FINDING,
    INFERENCE,
    JUDGED,
    MEANS,
    THEME,
    WORDS,
    Halves,
    rows_of,
)
from analysis.measures.summary import About, Summary

COLUMNS = (COUNTED, THEME, FINDING, WORDS, INFERENCE, MEANS, CHECKED)


def side_by_side(rows: Sequence[Mapping], halves: Halves, *, place: Place) -> Summary:
    """
    The quantitative finding, the qualitative one, and what is inferred of both, a question a row.

    `rows` are those of `statistics_by_theme.joint_display`. Their `finding` is the qualitative finding in words, and
    `quotes` the participants whose quotations on the theme stand beside it: all that were signed off where it does not
    say. The words themselves are no part of a Summary: what may be shown of them is decided when the page is made.
    Needs no counts of themes, so a reflexive analysis has this display.
    """
    cells = Cells("joint display")
    rows_of(cells, rows, halves, place, COLUMNS)
    return cells.summary(
        "Joint display: findings side by side",
        About("for each number the people of its own table", "see each number's own table",
              "see each number's own table"),
        notes=(JUDGED,), stub="Question", columns=COLUMNS)
