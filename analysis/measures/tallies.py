"""What measures of themes share: the codebook, the talk of each group, and counts by group with their total."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.interviews.passages import EVERYONE, Codebook, Talk, group_population, of_group, slug


def opened(codes: pd.DataFrame, codings: pd.DataFrame, themes: Mapping[str, str] | None) -> Codebook:
    """The codebook; Mistake where a coding has a code that it does not."""
    book = Codebook(codes, themes)
    book.check(codings)
    return book


def where_of(theme: str, code: str) -> dict[str, str]:
    """The dimensions of a theme's numbers, or of a code's under it."""
    return {"theme": theme} if code == theme else {"theme": theme, "code": code}


def people_in_words(groups: list[str]) -> str:
    """Who is counted, for the line under a table."""
    return " and ".join(group_population(g) for g in groups) or EVERYONE


def talk_of(codings: pd.DataFrame, interviews: pd.DataFrame, groups: list[str]) -> dict[str, Talk]:
    """What was coded in each group's interviews."""
    return {group: Talk(codings, of_group(interviews, group)) for group in groups}


def tallied(cells: Cells, talk: Mapping[str, Talk], family: list[str], name: str, where: dict[str, str],
            only: str = "") -> dict[str, dict[str, str]]:
    """By group and in all: the ids of the cells `interviews` and `passages` of these codes."""
    groups = list(talk)
    tallies = {g: said.tally(family) for g, said in talk.items()}
    ids: dict[str, dict[str, str]] = {g: {} for g in [*groups, EVERYONE]}
    for what in [only] if only else ["interviews", "passages"]:
        counts = {g: (t.interviews, t.people) if what == "interviews" else (t.passages, t.people_with_passages)
                  for g, t in tallies.items()}
        for group, identity in counted(cells, groups, counts.__getitem__, what, f"{name}{{group}}_{what}", unit=what,
                                       **where).items():
            ids[group][what] = identity
    return ids


def counted(cells: Cells, groups: list[str], counts: Callable[[str], tuple[int, int]], statistic: str, name: str, *,
            unit: str = "passages", **where: str) -> dict[str, str]:
    """One count for each group (`counts`: group -> value, people behind it) and their total for everyone."""
    ids = {}
    for group in groups:
        value, people = counts(group)
        ids[group] = cells.count(value, statistic, population=group_population(group), people=people, unit=unit,
                                 name=name.format(group=f"_{slug(group)}"), **where)
    ids[EVERYONE] = cells.total(list(ids.values()), statistic, population=EVERYONE, name=name.format(group=""),
                                **where)
    return ids
