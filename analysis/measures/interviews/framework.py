"""Codes, codings, interviews and the analysts' summaries in; cases by themes, and who speaks against what, out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.interviews.passages import (
    EVERYONE,
    groups_of,
    heading,
    interview_cells,
    of_group,
    people_of,
    slug,
)
from analysis.measures.summary import About, Summary
from analysis.measures.tallies import counted, opened, people_in_words, talk_of
from analysis.measures.words import plain

NO_SUMMARY = "mentioned, no summary"
PASSAGES, LONGEST = 2, 240  # of a theme in one interview, and characters of each
SUMMARY, NEGATIVE = "summary", "negative case"


def framework_matrix(codes: pd.DataFrame, codings: pd.DataFrame, interviews: pd.DataFrame, memos: pd.DataFrame, *,
                     themes: Mapping[str, str] | None = None, groups: Sequence[str] = (),
                     signed: Collection[tuple[str, int, int]] = ()) -> Summary:
    """
    Cases by themes: what the analysts wrote of each interview on each theme, where it speaks against one, and up to
    two of its passages to the letter, those first that are `signed` (interview, start, end) as quotations.

    For those who work on the material: a released report says of it only `framework_counts`. A cell without a summary
    says whether the theme was coded at all.
    """
    book, cells = opened(codes, codings, themes), Cells("framework matrix")
    groups = groups_of(interviews, groups)
    talk = talk_of(codings, interviews, groups)
    said, words = _said(memos, book), _words(codings, book, signed)
    for group in groups:
        for one in of_group(interviews, group).itertuples():
            cells.row(f"{one.interview_id} ({one.participant_id})", {
                label: (plain(" ".join([
                    *(said.get((one.interview_id, theme))
                      or [NO_SUMMARY if talk[group].mentions(one.interview_id, book.family(theme)) else "–"]),
                    *words.get((one.interview_id, theme), [])])), {})
                for theme, label in book.themes.items()}, section=heading(group))
    made = cells.summary("Framework matrix: what each interview says on each theme",
                         About(people_in_words(groups), "none: summaries by the analysts"), stub="Interview",
                         notes=(f"Up to {PASSAGES} passages of each theme stand to the letter; 'not signed' are those "
                                "that nobody has cleared for quotation.",))
    return replace(made, working=True)


def framework_counts(codes: pd.DataFrame, codings: pd.DataFrame, interviews: pd.DataFrame, memos: pd.DataFrame, *,
                     themes: Mapping[str, str] | None = None, groups: Sequence[str] = ()) -> Summary:
    """Of each group and theme: interviews summarised, and interviews that the analysts read as speaking against it."""
    book, cells = opened(codes, codings, themes), Cells("framework matrix")
    groups = groups_of(interviews, groups)
    base = interview_cells(cells, interviews, groups)
    columns = {**{group: heading(group) for group in groups}, EVERYONE: "All"}
    cells.row("Interviews", {columns[group]: ("{n}", {"n": base[group]}) for group in columns})
    for theme, label in book.themes.items():
        family = set(book.family(theme))
        for kind, words in ((SUMMARY, "summarised"), (NEGATIVE, "speak against it")):
            about = set(memos.loc[memos["kind"].eq(kind) & memos["code_id"].isin(family), "about"].dropna())
            ids = counted(cells, groups, lambda group, of=about: _count(interviews, group, of), words,
                          f"{slug(theme)}_{slug(kind)}{{group}}", unit="interviews", theme=theme)
            cells.row(label if kind == SUMMARY else "speak against it",
                      {columns[group]: ("{n}", {"n": ids[group]}) for group in columns}, depth=int(kind == NEGATIVE))
    return cells.summary("Framework matrix: interviews summarised on each theme, and negative cases",
                         About(people_in_words(groups), "interviews of each group, in the first row",
                               "an interview without a summary may still mention the theme"),
                         stub="Theme",
                         notes=("A negative case is an interview that analysts read as speaking against the theme.",))


def _said(memos: pd.DataFrame, book) -> dict[tuple[str, str], list[str]]:
    """(interview, theme) -> what was written, the negative cases marked as such."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in memos[memos["kind"].isin([SUMMARY, NEGATIVE])].itertuples():
        if isinstance(one.code_id, str) and one.code_id in book.names:
            mark = "Speaks against it: " if one.kind == NEGATIVE else ""
            found.setdefault((one.about, book.line(one.code_id)[-1]), []).append(f"{mark}{one.text}")
    return found


def _words(codings: pd.DataFrame, book, signed: Collection[tuple[str, int, int]]) -> dict[tuple[str, str], list[str]]:
    """(interview, theme) -> the words of its first passages that do not overlap, those that are signed first."""
    found: dict[tuple[str, str], set[tuple]] = {}
    columns = ("interview_id", "code_id", "start", "end", "text")
    for interview, code, start, end, text in zip(*(codings[name].tolist() for name in columns), strict=True):
        if isinstance(text, str) and text.strip():
            place = (0, 0) if pd.isna(start) else (int(start), int(end))
            cleared = any(one == interview and a <= place[0] < place[1] <= b for one, a, b in signed)
            found.setdefault((interview, book.line(code)[-1]), set()).add((not cleared, *place, text.strip()))
    return {key: list(_first_apart(sorted(those))) for key, those in found.items()}


def _first_apart(passages: Sequence[tuple]) -> Iterator[str]:
    """The first passages of these (unsigned, start, end, words) of which none lies over another, as they are shown."""
    taken: list[tuple[int, int]] = []
    for unsigned, start, end, words in passages:
        if len(taken) < PASSAGES and not any(start < b and a < end for a, b in taken):
            taken.append((start, end))
            shown = words if len(words) <= LONGEST else f"{words[:LONGEST].rstrip()}…"
            yield f"“{shown}”" + (" (not signed)" if unsigned else "")


def _count(interviews: pd.DataFrame, group: str, about: set[str]) -> tuple[int, int]:
    mine = of_group(interviews, group)
    return int(mine["interview_id"].isin(about).sum()), people_of(mine, about)


