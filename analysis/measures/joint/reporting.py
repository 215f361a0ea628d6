"""What GRAMMS asks, what the definition states and what the joint displays hold, in; item by item, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from analysis.measures.cells import Cells
from analysis.measures.joint.named import Bound, taken
from analysis.measures.joint.rows import INFERENCES
from analysis.measures.summary import About, Cell, Summary
from analysis.measures.words import capitalised, plain
from analysis.reference.guidelines import MixedMethodsItem

NOT_STATED = "not stated"
# A check of what was written down: what is counted there is no person's.
WRITTEN = "checks"


def mixed_methods_items(items: Sequence[MixedMethodsItem], stated: Mapping[str, str], *, rows: Sequence[Mapping] = (),
                        threads: Sequence[Mapping] = (), matrix: Mapping | None = None,
                        people: Mapping[str, tuple[Summary, Cell]] | None = None) -> Summary:
    """
    The six items of GRAMMS (O'Cathain, Murphy, Nicholl 2008): what the authors state, and what the report itself shows.

    `stated` is `[mixed_methods]` of the definition; what it does not say is 'not stated', and may have been done all
    the same. `rows`, `threads` and `matrix` are those of the definition. `people` gives numbers of other measures that
    say how many each method is about, under words for them ('people enrolled').
    """
    cells = Cells("mixed methods reporting", record=True)
    answers = {"integration": _integration(cells, rows, threads, matrix), "methods": _methods(cells, people or {})}
    for item in items:
        told = [f"{capitalised(words)}: {stated[key]}" for key, words in item.stated.items()
                if stated.get(key)]
        lacking = [words for key, words in item.stated.items() if not stated.get(key)]
        if told and lacking:
            told.append(f"{NOT_STATED}: {', '.join(lacking)}")
        cells.row(item.label, {"GRAMMS": (f"item {item.number}", {}),
                               "Stated by the authors": (plain("; ".join(told)) or NOT_STATED, {}),
                               "In this report": answers.get(item.answer, ("", {}))})
    return cells.summary(
        "What is asked of a mixed methods study",
        About("the definition of the study and this report", "none: a record",
              "what is not in the definition is not stated"),
        notes=("GRAMMS: O'Cathain, Murphy, Nicholl 2008. Labels are this package's own; a second version is coming.",),
        stub="Item")


def _integration(cells: Cells, rows: Sequence[Mapping], threads: Sequence[Mapping], matrix: Mapping | None) -> Bound:
    """The displays that there are, and how the halves stand to each other in them."""
    pieces, ids = [], {}

    def number(count: int, what: str, name: str, **where: str) -> str:
        ids[name] = cells.count(count, what, population=WRITTEN, unit=what, name=name, **where)
        return f"{{{name}}}"

    if rows:
        pieces.append(f"{number(len(rows), 'questions', 'questions')} questions in joint displays")
        of = Counter(row["inference"] for row in rows)
        pieces += [f"{number(of[one], 'questions', one, inference=one)} of {one}" for one in INFERENCES if of[one]]
    if threads:
        pieces.append(f"threads followed: {number(len(threads), 'threads', 'threads')}")
    if matrix:
        pieces.append("a matrix of people who consented to linkage")
    return "; ".join(pieces), ids


def _methods(cells: Cells, people: Mapping[str, tuple[Summary, Cell]]) -> Bound:
    ids = {f"n{at}": taken(cells, *one) for at, one in enumerate(people.values())}
    return "; ".join(f"{{n{at}}} {words}" for at, words in enumerate(people)), ids
