"""What is to be said of the file that interviews were coded in, but for its codings, in; a table of it out."""

from __future__ import annotations

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.interviews.passages import EVERYONE
from analysis.measures.summary import About, Summary
from analysis.measures.words import capitalised

PEOPLE = ("cases",)  # what a project holds one of for each person interviewed
# How it was found whether passages stand where their positions say.
PLACED = {"by words": "passages that hold the words stored with them",
          "by edges": "passages that begin and end between words, none being stored with them"}


def project_file(project: pd.DataFrame) -> Summary:
    """
    What is to be said of the file that the interviews were coded in, but for its codings.

    `project` has kind, what and n: who it was 'written by', where it 'departs' from its standard and how that was read,
    what it holds 'beside' codings, the 'reading' of its positions, and how many passages are 'right' 'of' those that
    could be held against their words ('by words') or against the edges of words ('by edges').
    """
    cells = Cells("project file")
    kinds = {kind: list(part.itertuples()) for kind, part in project.groupby("kind", sort=False)}

    def count(n: int, statistic: str, what: str = "", **where: str) -> str:
        of_people = what in PEOPLE
        return cells.count(int(n), statistic, population=EVERYONE if of_people else "checks", unit="",
                           people=int(n) if of_people else 10_000, **({"what": what} if what else {}), **where)

    for row in kinds.get("written by", ()):
        cells.row(row.what, {"How often": ("", {})}, section="Written by")
    for by, words in PLACED.items():
        told = {row.what: row.n for row in kinds.get(by, ())}
        if told:
            ids = {name: count(told[name], f"passages: {name}", placed=by) for name in ("right", "of")}
            cells.row(f"Read as {kinds['reading'][0].what}: {words}", {"How often": ("{right} of {of}", ids)},
                      section="Positions of passages")
    for kind, section in (("departs", "Departs from its standard, and was read"),
                          ("beside", "Holds besides codings")):
        for row in kinds.get(kind, ()):
            cells.row(capitalised(row.what), {
                "How often": ("{n}", {"n": count(row.n, "times", what=row.what)})}, section=section)
    if not kinds.get("departs"):
        cells.row("Nothing was found", {"How often": ("", {})}, section="Departs from its standard, and was read")
    return cells.summary("The file that the interviews were coded in",
                         About("the project as it was delivered", "none: counts"), stub="In the file",
                         notes=("Programs count positions in different units; which one is meant was found by trying "
                                "each on the words of the passages.",))
