"""Codes, codings and interviews in; what programs for coding would count in the same data, beside ours, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.measures.interviews.passages import EVERYONE, RULE, groups_of, of_group, slug
from analysis.measures.summary import About, Cells, Summary
from analysis.measures.tallies import counted, opened, people_in_words, talk_of, tallied, where_of
from analysis.reference.counting import Counting

OURS = "This report: interviews (passages)"


def count_ledger(codes: pd.DataFrame, codings: pd.DataFrame, interviews: pd.DataFrame, countings: Sequence[Counting], *,
                 themes: Mapping[str, str] | None = None, groups: Sequence[str] = ()) -> Summary:
    """
    For each theme and code this report's counts beside what other programs would show of the same codings.

    Two programs that read one project print different numbers, because they count different things: `countings` says
    what (reference/coding/counting.toml). Over all groups. Codes on whole interviews, pictures and recordings are left
    out of the other programs' numbers of codings and places: how they count those is not known.
    """
    book, cells = opened(codes, codings, themes), Cells("themes")
    groups = groups_of(interviews, groups)
    talk = talk_of(codings, interviews, groups)
    marks = {group: _Marks(codings, of_group(interviews, group)) for group in groups}
    for theme, label in book.themes.items():
        for code in [theme, *book.under(theme)]:
            family, where = book.family(code), where_of(theme, code)
            ids = tallied(cells, talk, family, slug(code), where)[EVERYONE]
            entries = {OURS: ("{interviews} ({passages})", ids)}
            for one in countings:
                counts = {group: marks[group].count(one, code, family) for group in groups}
                unit = "interviews" if one.counts == "interviews" else "codings"
                identity = counted(cells, groups, counts.__getitem__, f"{one.number} in {one.tool}",
                                   f"{slug(code)}{{group}}_{slug(one.tool)}_{slug(one.number)}", unit=unit, **where)
                entries[f"{one.tool}: {one.number}"] = ("{n}", {"n": identity[EVERYONE]})
            cells.row(label if code == theme else book.names[code], entries, depth=int(code != theme))
    notes = [f"{one.tool}, {one.number}: {one.says} ({one.source}; known from: {one.sure})." for one in countings]
    return cells.summary("Count ledger: the same codings as other programs count them",
                         About(people_in_words(groups), "interviews and codings of all groups together",
                               "codes on whole interviews are in no number of codings"),
                         notes=(f"This report: {RULE[0].lower()}{RULE[1:]}", *notes), stub="Theme and code")


class _Marks:
    """The codings of some interviews by code, as rows that a program would count."""

    def __init__(self, codings: pd.DataFrame, interviews: pd.DataFrame):
        mine = codings[codings["interview_id"].isin(interviews["interview_id"])]
        self._person = dict(zip(interviews["interview_id"], interviews["participant_id"], strict=True))
        self._by_code: dict[str, list[tuple]] = {}
        columns = [mine[name].astype(object).where(mine[name].notna(), None).tolist() if name in mine
                   else [None] * len(mine) for name in ("code_id", "interview_id", "start", "end", "text", "coder")]
        for code, interview, start, end, text, coder in zip(*columns, strict=True):
            self._by_code.setdefault(code, []).append((interview, start, end, text, coder))

    def count(self, how: Counting, code: str, family: Sequence[str]) -> tuple[int, int]:
        """What the program would show, and the people behind it."""
        each = [self._by_code.get(one, []) for one in (family if how.parents != "own" else [code])]
        if how.counts == "interviews":
            found = {row[0] for rows in each for row in rows}
            return len(found), self._people(found)
        each = [[row for row in rows if row[1] is not None or row[3]] for rows in each]
        if how.counts == "places":
            each = [{(i, start, end, None if start is not None else text) for i, start, end, text, _ in rows}
                    for rows in each]
        sizes = [len(rows) for rows in each]
        number = len(set().union(*each)) if how.parents == "once" else sum(sizes)
        return number, self._people({row[0] for rows in each for row in rows})

    def _people(self, interviews: set[str]) -> int:
        return len({self._person[one] for one in interviews} - {None})


