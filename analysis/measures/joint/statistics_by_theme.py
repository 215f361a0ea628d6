"""Statistics by theme: theme counts, other measures and the definition's rows in, words beside numbers out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.measures.cells import Cells
from analysis.measures.joint.claims import MEANING
from analysis.measures.joint.named import Place
from analysis.measures.joint.rows import (
    CHECKED,
    COUNTED,
    INFERENCE,
    JUDGED,
    MEANINGS,
    MEANS,
    MENTIONED,
    THEME,
    Halves,
    rows_of,
)
from analysis.measures.summary import About, Summary

COLUMNS = (THEME, MENTIONED, COUNTED, INFERENCE, MEANS, CHECKED)


def joint_display(rows: Sequence[Mapping], halves: Halves, *, place: Place) -> Summary:
    """
    Interviews that mention a theme beside numbers on the same question: one joint display, statistics by theme.

    `rows` are the study's `[[joint]]`: `question`; `theme` (a theme or code); `cells` (a list: the name of a number of
    some measure, or words with names in braces, "median {baseline_median} mg a day"; where two measures use one name,
    'measure: name'); `inference` (one of INFERENCES); `says`; and, to be checked, `expects` (what its numbers are:
    "peg_change < 0") and `mentioned` (by how many its theme is mentioned). A theme, or cells, may be left out only in a
    row of silence: there one half has nothing to say. The numbers keep their ids: they are the same cells as in
    their own tables.

    The inference is a person's judgement and comes from the definition; nothing here derives it from the numbers. They
    are held against what the row says of them: data that turn a sign make a verdict that the page and the run tell.
    Raises DefinitionMistake, with the nearest name and the line (`place`), for a theme or number that is not there.
    """
    cells = Cells("joint display")
    rows_of(cells, rows, halves, place, COLUMNS)
    return cells.summary(
        "Joint display: what people said beside what was counted",
        About("the people interviewed, and for each number the people of its own table",
              "interviews of each group; for the others see their own tables", "see each number's own table"),
        notes=(MEANINGS, JUDGED, MEANING), stub="Question", columns=COLUMNS)
