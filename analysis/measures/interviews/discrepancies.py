"""Codings of interviews that two or more coded, and what was settled, in; the passages they coded differently, out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.interviews.agreement import double_coded
from analysis.measures.interviews.passages import EVERYONE, Codebook, Talk, people_of, slug
from analysis.measures.summary import About, Summary
from analysis.measures.words import plain

OPEN, DIFFERENTLY, ALIKE = "Open", "Coded differently", "Alike by now"
COLUMN = {decision: decision.capitalize() for decision in ("kept", "dropped", "recoded", "codebook changed")}


class Decision(NamedTuple):
    """What was settled of one passage: where it is, what was decided, and by whom, when and why, in words."""

    interview: str
    code: str
    start: int
    end: int
    decision: str
    said: str = ""


@dataclass(frozen=True)
class Discrepancy:
    """A passage of one code that some of its interview's coders marked, and others did not mark at all."""

    interview: str
    code: str
    start: int
    end: int
    marked: tuple[str, ...]
    others: tuple[str, ...]
    settled: Decision | None = None


def found_discrepancies(codes: pd.DataFrame, codings: pd.DataFrame, interviews: pd.DataFrame,
                        decisions: Iterable[Decision] = (), *, themes: Mapping[str, str] | None = None,
                        ) -> list[Discrepancy]:
    """
    In the order of the codebook, then of the interviews: each passage that not every coder marked some of.

    Passages are those of all coders together, code by code; that coders differ on where one begins or ends is no
    discrepancy. A decision belongs to the passages of its interview and code that it shares a character with.
    """
    book = Codebook(codes, themes)
    book.check(codings)
    double, every = double_coded(codings, interviews), Talk(codings, interviews)
    talk = {coder: Talk(mine, interviews) for coder, mine in codings.groupby("coder")}
    settled: dict[tuple[str, str], list[Decision]] = {}
    for one in decisions:
        settled.setdefault((one.interview, one.code), []).append(one)
    found = []
    for code in [code for theme in book.themes for code in book.family(theme)]:
        for interview, coders in double.items():
            spans = {coder: talk[coder].stretches(interview, [code]) for coder in coders}
            for start, end in every.stretches(interview, [code]):
                marked = tuple(c for c in coders if any(a < end and start < b for a, b in spans[c]))
                if 0 < len(marked) < len(coders):
                    decision = next((one for one in settled.get((interview, code), ())
                                     if one.start < end and start < one.end), None)
                    found.append(Discrepancy(interview, code, start, end, marked,
                                             tuple(c for c in coders if c not in marked), decision))
    return found


def discrepancies(codes: pd.DataFrame, codings: pd.DataFrame, interviews: pd.DataFrame,
                  decisions: Sequence[Decision] = (), *, themes: Mapping[str, str] | None = None,
                  **shown: Any) -> Summary:
    """
    By theme: passages of its codes that coders marked differently, how many were settled and how, how many are open.

    A decision whose passage is coded alike by now, since the coding was put right after it, is counted as such.
    """
    book, cells = Codebook(codes, themes), Cells("discrepancies")
    found = found_discrepancies(codes, codings, interviews, decisions, themes=themes)
    kinds = {COLUMN[kind]: kind for kind in COLUMN}
    columns: dict[str, list[str]] = {}
    for theme, label in book.themes.items():
        family = set(book.family(theme))
        mine = [one for one in found if one.code in family]
        used = {id(one.settled) for one in mine if one.settled}
        chosen = {DIFFERENTLY: mine,
                  **{column: [one for one in mine if one.settled and one.settled.decision == kind]
                     for column, kind in kinds.items()},
                  OPEN: [one for one in mine if one.settled is None],
                  ALIKE: [one for one in decisions if one.code in family and id(one) not in used]}
        ids = {column: cells.count(len(those), column.casefold(), population=EVERYONE, unit="passages",
                                   people=people_of(interviews, {one.interview for one in those}),
                                   name=f"{slug(theme)}_{slug(column)}", theme=theme)
               for column, those in chosen.items()}
        cells.row(label, {column: ("{n}", {"n": identity}) for column, identity in ids.items()})
        for column, identity in ids.items():
            columns.setdefault(column, []).append(identity)
    cells.row("All", {column: ("{n}", {"n": cells.total(ids, column.casefold(), population=EVERYONE,
                                                        name=f"all_{slug(column)}")})
                      for column, ids in columns.items()})
    return cells.summary(
        "Passages that coders coded differently, and how that was settled",
        About("people whose interviews two or more coders coded", "none: counts",
              "interviews that one person coded have none"),
        notes=("A passage of one code that some coders of the interview marked and others did not mark at all; where "
               "it begins and ends is no discrepancy. Kept, dropped, recoded, codebook changed: as the coders' log "
               "says. Open: not in the log. Alike by now: in the log, and no longer coded differently.",
               "Counts of themes are of the codings in the project, whatever was settled."), stub="Theme")


def discrepancy_list(codes: pd.DataFrame, codings: pd.DataFrame, interviews: pd.DataFrame,
                     decisions: Sequence[Decision] = (), *, transcripts: Mapping[str, str],
                     themes: Mapping[str, str] | None = None, **shown: Any) -> Summary:
    """Each passage that coders coded differently, for those who settle it: its place, its words, who marked it."""
    book, cells = Codebook(codes, themes), Cells("discrepancy list", record=True)
    for one in found_discrepancies(codes, codings, interviews, decisions, themes=themes):
        said = one.settled
        cells.row(f"{one.interview}, {one.start} to {one.end}", {
            "Words": (plain(transcripts.get(one.interview, "")[one.start:one.end]) or "not in the project", {}),
            "Marked by": (", ".join(one.marked), {}), "Not by": (", ".join(one.others), {}),
            "Settled": (plain(f"{said.decision} {said.said}".strip()) if said else OPEN.casefold(), {})},
            section=f"{book.themes.get(one.code, book.names[one.code])} ({one.code})")
    made = cells.summary("Passages that coders coded differently",
                         About("interviews coded by two or more coders", "none: a list to work on"),
                         notes=("Interview and place, in characters, as discrepancies.toml wants them.",),
                         stub="Interview and place")
    return replace(made, working=True)
