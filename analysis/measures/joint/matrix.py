"""Coded interviews of people who may be linked, and what the records say of them, in; a mixed methods matrix out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.interviews.passages import Codebook, slug
from analysis.measures.joint.outcomes_of_people import Outcome
from analysis.measures.summary import About, Summary
from analysis.measures.tallies import opened
from analysis.measures.words import plain

MEASURE = "mixed methods matrix"
# Of both populations, so that the stricter of their profiles holds.
LINKED = "enrolled and interviewed"
WHO = ("Only people who consented that what they said is put beside their records are in it; a person interviewed "
       "twice mentions what either interview mentions.")
CHOSEN = "Interviewees were chosen to differ and are few: these counts say where to read on, not how often anything is."
BOTH_SIDES = ("A count is hidden where too few people mention the theme, and where too few do not: in a small group "
              "either would tell what a person said.")


class Linked:
    """The people of some interviews whose records may be looked at, and which themes each of them spoke to."""

    def __init__(self, codes: pd.DataFrame, codings: pd.DataFrame, interviews: pd.DataFrame, *,
                 themes: Mapping[str, str] | None, chosen: Sequence[str] = ()):
        self.book: Codebook = opened(codes, codings, themes)
        self.themes = {code: plain(self.book.themes.get(code, self.book.names[code]))
                       for code in chosen or self.book.themes}
        linked = interviews[interviews["linkable"].eq("yes") & interviews["linked_to"].notna()]
        self.apart = len(set(interviews["participant_id"].dropna()) - set(linked["participant_id"]))
        self.participant = dict(zip(linked["linked_to"], linked["participant_id"], strict=True))
        said = codings.merge(linked[["interview_id", "linked_to"]], on="interview_id")
        self._said = {code: set(said.loc[said["code_id"].isin(self.book.family(code)), "linked_to"])
                      for code in self.themes}

    @property
    def people(self) -> list[str]:
        return list(self.participant)

    def mentioning(self, code: str) -> set[str]:
        """Those who mention a theme or code."""
        return self._said[code]


def mixed_methods_matrix(linked: Linked, outcomes: Sequence[Outcome]) -> Summary:
    """
    A case a row: what the records say of the person beside each theme that the person spoke to (O'Cathain, Murphy,
    Nicholl, BMJ 2010;341:c4587).

    For those who work on the material; a released report has `matrix_by_group` in its place.
    """
    cells = Cells(MEASURE)
    for patient, participant in sorted(linked.participant.items(), key=lambda one: one[1]):
        cells.row(participant, {
            **{outcome.title: (plain(outcome.said(patient)), {}) for outcome in outcomes},
            **{label: ("yes" if patient in linked.mentioning(code) else "–", {})
               for code, label in linked.themes.items()}})
    made = cells.summary("Mixed methods matrix: each person's records beside what the person spoke to", About(
        "people interviewed who consented to linkage", "none: a case a row", "not known: no such record of the person"),
        notes=(WHO, "Yes: the person spoke to the theme. A dash: the person did not, or was not asked."), stub="Person",
        columns=(*(outcome.title for outcome in outcomes), *linked.themes.values()))
    return replace(made, working=True)


def matrix_by_group(linked: Linked, outcomes: Sequence[Outcome]) -> Summary:
    """
    People grouped by an outcome on record, and of each group those who spoke to each theme, of how many there are.

    Named cells: `linked`, `not_linked`, and by the names of outcome, group and theme `peg_worsened_benefits`. Counts
    are of people: whoever checks the output asks for the person who is the only one of a group. So a count of
    those who mention a theme is shown only where those who do not are enough as well.
    """
    cells = Cells(MEASURE)
    people = linked.people
    everyone = cells.count(len(people), "people linked", population=LINKED, name="linked")
    apart = cells.count(linked.apart, "people not linked", population="interviewed",
                        name="not_linked")
    whole = cells.total([everyone, apart], "people", population="interviewed", name="interviewed")
    cells.row("Interviewed", {"People": ("{n}", {"n": whole})})
    cells.row("not linked: no consent to it, or no record of the person", {"People": ("{n}", {"n": apart})}, depth=1)
    _row(cells, "linked", linked, people, everyone, {}, depth=1)
    for outcome in outcomes:
        for group in outcome.groups:
            mine = [one for one in people if outcome.of(one) == group]
            where = {"outcome": outcome.title, "group": group}
            n = cells.count(len(mine), "people linked", population=LINKED, **where)
            _row(cells, group, linked, mine, n, where, section=outcome.title)
    return cells.summary(
        "Mixed methods matrix: people by outcome, and of them those who spoke to each theme",
        About("people interviewed, and of them those who consented to linkage",
              "people of the row, in its first column", "people without such a record have a row"),
        notes=(WHO, BOTH_SIDES, CHOSEN), stub="Outcome", columns=("People", *linked.themes.values()))


def _row(cells: Cells, label: str, linked: Linked, people: Sequence[str], n: str, where: Mapping[str, str], *,
         section: str = "", depth: int = 0) -> None:
    """One row of counts; left out where all are shown and nought."""
    entries = {"People": ("{n}", {"n": n})}
    for code, theme in linked.themes.items():
        found = len(linked.mentioning(code).intersection(people))
        parts = [cells.count(found, "people who mention it", population=LINKED, theme=code, **where),
                 cells.count(len(people) - found, "people who do not mention it", population=LINKED, theme=code,
                             **where)]
        name = "_".join(map(slug, (*where.values(), code))) if where else f"linked_{slug(code)}"
        entries[theme] = ("{x} of {n}", {"x": cells.derived(
            parts, "the first of them", "people who mention it, where those who do not are enough too",
            population=LINKED, unit="people", digits=0, name=name, theme=code, **where), "n": n})
    cells.row(label, entries, section=section, depth=depth, optional=bool(section))
