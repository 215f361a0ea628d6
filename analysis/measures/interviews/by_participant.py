"""Codes, codings and interviews in; how often each participant speaks of each theme, out: for analysts only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.interviews.passages import Talk, group_population, groups_of, heading, of_group, slug
from analysis.measures.summary import About, Summary
from analysis.measures.tallies import opened, people_in_words, where_of

MENTIONED = "mentioned"


def themes_by_participant(codes: pd.DataFrame, codings: pd.DataFrame, interviews: pd.DataFrame, *,
                          themes: Mapping[str, str] | None = None, groups: Sequence[str] = ()) -> Summary:
    """
    A matrix of themes and codes by participants, group by group: coded passages in all interviews with each.

    It says who said what, so it stands in the working tier alone. A code on a whole interview is no passage.
    """
    book, cells = opened(codes, codings, themes), Cells("themes by participant")
    groups = groups_of(interviews, groups)
    people = [(group, str(person), mine) for group in groups
              for person, mine in of_group(interviews, group).groupby("participant_id", sort=False)]
    talk = {person: Talk(codings, mine) for _, person, mine in people}
    for theme, label in book.themes.items():
        for code in [theme, *book.under(theme)]:
            family, entries = book.family(code), {}
            for group, person, _ in people:
                identity = cells.count(talk[person].tally(family).passages, "passages", people=1, unit="passages",
                                       population=group_population(group), participant=person,
                                       name=f"{slug(code)}_{slug(person)}", **where_of(theme, code))
                entries[f"{heading(group)}: {person}"] = ("{n}", {"n": identity})
            cells.row(label if code == theme else book.names[code], entries, depth=int(code != theme))
    made = cells.summary("Coded passages of each participant, by theme and code",
                         About(people_in_words(groups), "none: counts", "a code on a whole interview is no passage"),
                         stub="Theme and code")
    return replace(made, working=True)
