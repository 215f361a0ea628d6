"""Codes, codings and interviews in; interviews that mention each code, by who gave them (role, site, sex, age), out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.interviews.passages import EVERYONE, groups_of, of_group, people_of, slug
from analysis.measures.interviews.themes import UNSAID
from analysis.measures.summary import About, Summary
from analysis.measures.tallies import counted, opened, people_in_words, talk_of, where_of


def themes_by_attribute(codes: pd.DataFrame, codings: pd.DataFrame, interviews: pd.DataFrame, *,
                        attributes: Mapping[str, Mapping[str, str]], themes: Mapping[str, str] | None = None,
                        groups: Sequence[str] = ()) -> Summary:
    """
    A matrix of codes and attributes: of the interviews with people who have it, those that mention the code.

    `attributes` are columns of the interviews -> their values -> the words for them, in order. An interview whose
    attribute is not recorded is in no column. Whole numbers only: a share of so few would speak of nobody.
    """
    book, cells = opened(codes, codings, themes), Cells("themes by attribute")
    groups = groups_of(interviews, groups)
    parts = [(attribute, value, words) for attribute, values in attributes.items() for value, words in values.items()]
    chosen = {(attribute, value): interviews[interviews[attribute].astype(str) == value]
              for attribute, value, _ in parts}
    talk = {key: talk_of(codings, mine, groups) for key, mine in chosen.items()}
    base = {(attribute, value): counted(
        cells, groups, lambda group, mine=chosen[attribute, value]: _size(mine, group), "interviews",
        f"{slug(attribute)}_{slug(value)}{{group}}", unit="interviews", **{attribute: value})[EVERYONE]
        for attribute, value, _ in parts}
    cells.row("Interviews", {words: ("{n}", {"n": base[attribute, value]}) for attribute, value, words in parts})
    for theme, label in book.themes.items():
        for code in [theme, *book.under(theme)]:
            entries = {}
            for attribute, value, words in parts:
                tallies = {g: talk[attribute, value][g].tally(book.family(code)) for g in groups}
                ids = counted(cells, groups, lambda g, of=tallies: (of[g].interviews, of[g].people), "interviews",
                              f"{slug(code)}_{slug(attribute)}_{slug(value)}{{group}}", unit="interviews",
                              **{attribute: value}, **where_of(theme, code))
                entries[words] = ("{n}", {"n": ids[EVERYONE]})
            cells.row(label if code == theme else book.names[code], entries, depth=int(code != theme))
    return cells.summary("Interviews that mention each code, by who was interviewed",
                         About(people_in_words(groups), "interviews of each column, in the first row", UNSAID),
                         notes=("Themes and codes stand in the order of the codebook.",), stub="Theme and code")


def _size(interviews: pd.DataFrame, group: str) -> tuple[int, int]:
    mine = of_group(interviews, group)
    return len(mine), people_of(mine, set(mine["interview_id"]))


