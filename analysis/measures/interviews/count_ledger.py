"""Codes, codings and interviews in; what programs for coding would count in the same data, beside ours, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.interviews.passages import EVERYONE, RULE, groups_of, of_group, slug
from analysis.measures.summary import About, Summary
from analysis.measures.tallies import counted, opened, people_in_words, talk_of, tallied, where_of
from analysis.reference.counting import Counting

OURS = "This report: interviews (passages)"


def count_ledger(codes: pd.DataFrame, codings: pd.DataFrame, interviews: pd.DataFrame, countings: Sequence[Counting], *,
                 themes: Mapping[str, str] | None = None, groups: Sequence[str] = ()) -> Summary:
    """
    For each theme and code this report's counts beside what other programs would show of the same codings.

    Two programs that read one project print different numbers, because they count different things: `countings` says
    what (reference/coding/counting.toml). Over all groups. Codes on pictures and recordings are no passages here and
    count elsewhere as any other; codes on whole interviews count where a program is known to count them.
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
                               "a code on a whole interview is a mention here, and a reference in NVivo alone"),
                         notes=(f"This report: {RULE[0].lower()}{RULE[1:]}", *notes), stub="Theme and code")


class _Mark(NamedTuple):
    """One coding, as a program would count it."""

    interview_id: str
    start: int | None
    end: int | None
    text: str | None
    part: str | None
    selection: str | None

    @property
    def placed(self) -> bool:
        """Whether it is on something smaller than the whole interview, and it is known on what."""
        return self.start is not None or bool(self.text) or self.part == "elsewhere"

    @property
    def place(self) -> tuple:
        """What two codings of one stretch share, whoever made them."""
        if self.start is not None:
            return self.interview_id, self.start, self.end
        return (self.interview_id, self.selection) if self.part == "elsewhere" else (self.interview_id, self.text)


class _Marks:
    """The codings of some interviews by code, as rows that a program would count."""

    def __init__(self, codings: pd.DataFrame, interviews: pd.DataFrame):
        mine = codings[codings["interview_id"].isin(interviews["interview_id"])]
        self._person = dict(zip(interviews["interview_id"], interviews["participant_id"], strict=True))
        self._by_code: dict[str, list[_Mark]] = {}
        columns = [mine[name].astype(object).where(mine[name].notna(), None).tolist() if name in mine
                   else [None] * len(mine) for name in ("code_id", *_Mark._fields)]
        for code, *row in zip(*columns, strict=True):
            self._by_code.setdefault(code, []).append(_Mark(*row))

    def count(self, how: Counting, code: str, family: Sequence[str]) -> tuple[int, int]:
        """What the program would show, and the people behind it."""
        each = [self._by_code.get(one, []) for one in (family if how.parents != "own" else [code])]
        if how.counts == "interviews":
            found = {row.interview_id for rows in each for row in rows}
            return len(found), self._people(found)
        each = [[row for row in rows if row.placed or row.part == "whole" and how.wholes] for rows in each]
        people = self._people({row.interview_id for rows in each for row in rows})
        if how.counts == "places":
            each = [{row.place for row in rows} for rows in each]
        sizes = [len(rows) for rows in each]
        number = len(set().union(*each)) if how.parents == "once" else sum(sizes)
        return number, people

    def _people(self, interviews: set[str]) -> int:
        return len({self._person[one] for one in interviews} - {None})
