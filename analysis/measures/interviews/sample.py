"""The interview sample: the table of interviews in, who was interviewed and how out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.interviews.passages import (
    EVERYONE,
    group_population,
    groups_of,
    heading,
    interview_cells,
    of_group,
    slug,
)
from analysis.measures.statistics.quantiles import quantile
from analysis.measures.summary import About, Summary
from analysis.measures.words import capitalised

UNKNOWN = "not recorded"
PEOPLE = {"role": "Role", "practice": "Practice", "sex": "Sex", "age_band": "Age band"}  # of a participant
INTERVIEW = {"mode": "Mode of the interview"}


def interview_sample(interviews: pd.DataFrame, *, groups: Sequence[str] = (), labels: Mapping[str, str] | None = None,
                     quantile_rule: str = "type 7",
                     known: Mapping[str, Sequence[str]] = MappingProxyType({})) -> Summary:
    """
    Participants by group, role, practice, sex and age band; interviews by mode, and their median length in minutes.

    A person interviewed twice is one participant, described as at the first interview, and two interviews. `labels`
    says a code in words (practice_a -> 'Practice A'); `quantile_rule` is one of quantiles.RULES; `known` are the
    definition's values of a column, which have a row whether they occur or not: of two interviews at one practice, rows
    that come and go with their counts would tell who was interviewed. Counts and no
    percentages: a purposive sample is described, it estimates nothing. Shortest and longest are not shown: each is
    one person's.
    """
    cells, labels = Cells("interview sample"), dict(labels or {})
    groups = groups_of(interviews, groups)
    parts = {**{g: of_group(interviews, g) for g in groups}, EVERYONE: interviews}
    populations = {g: EVERYONE if g == EVERYONE else group_population(g) for g in parts}
    columns = {g: "All" if g == EVERYONE else heading(g) for g in parts}
    people = {g: cells.people(populations[g], parts[g]["participant_id"].nunique(), f"{slug(g)}_participants")
              for g in groups}
    # Hidden where a group is: beside the other groups the number of all would tell that one's.
    people[EVERYONE] = cells.total(list(people.values()), "participants", population=EVERYONE, name="participants")
    cells.row("Participants", {columns[g]: ("{n}", {"n": people[g]}) for g in parts})
    held = interview_cells(cells, interviews, groups)
    cells.row("Interviews", {columns[g]: ("{n}", {"n": held[g]}) for g in parts})
    for column, section in {**PEOPLE, **INTERVIEW}.items():
        unit = "interviews" if column in INTERVIEW else "people"
        counted = {g: part if column in INTERVIEW else _first(part) for g, part in parts.items()}
        for value in _values(counted[EVERYONE][column], known.get(column, ())):
            ids = {}
            for group in groups:
                mine = counted[group][counted[group][column].fillna(UNKNOWN).astype(str) == value]
                ids[group] = cells.count(len(mine), unit, population=populations[group], unit=unit,
                                         people=mine["participant_id"].nunique(),
                                         name=f"{slug(group)}_{column}_{slug(value)}", **{column: value})
            ids[EVERYONE] = cells.total(list(ids.values()), unit, population=EVERYONE,
                                        name=f"{column}_{slug(value)}", **{column: value})
            said = labels.get(value, value)
            cells.row(capitalised(said), {columns[g]: ("{n}", {"n": ids[g]}) for g in parts},
                      section=section, optional=True)
    _length(cells, parts, populations, columns, quantile_rule)
    return cells.summary("People interviewed", About("people interviewed, by group", "none: counts of participants",
                                                     "'not recorded' is a row where it occurs"),
                         notes=("Mode and length count interviews; everything above them counts participants.",),
                         stub="Characteristic")


def _length(cells: Cells, parts, populations, columns, rule: str) -> None:
    known = {g: part[part["minutes"].notna()] for g, part in parts.items()}
    entries, base = {}, {}
    for group, part in known.items():
        start = "" if group == EVERYONE else f"{slug(group)}_"
        n = part["participant_id"].nunique()
        median = cells.value(quantile(part["minutes"].astype(float), 0.5, rule), "median length",
                             population=populations[group], n=n, unit="minutes", digits=0,
                             absent="no interview of known length", name=f"{start}median_minutes")
        entries[columns[group]] = ("{median}", {"median": median})
        if group != EVERYONE:
            base[group] = cells.count(len(part), "interviews of known length", population=populations[group],
                                      people=n, unit="interviews", name=f"{start}minutes_known")
    base[EVERYONE] = cells.total(list(base.values()), "interviews of known length", population=EVERYONE,
                                 name="minutes_known")
    section = "Length of the interview"
    cells.row("Interviews of known length", {columns[g]: ("{n}", {"n": base[g]}) for g in parts}, section=section)
    cells.row("Median, minutes", entries, section=section)


def _first(interviews: pd.DataFrame) -> pd.DataFrame:
    """One row a participant: their first interview."""
    return interviews.sort_values(["date", "interview_id"]).drop_duplicates("participant_id")


def _values(column: pd.Series, known: Sequence[str]) -> list[str]:
    """The values that are known or occur, numbers in a label by size ('5-9' before '10-19'), 'not recorded' last."""
    def order(value: str) -> tuple:
        return (value == UNKNOWN, [(int(p), "") if p.isdigit() else (-1, p) for p in re.split(r"(\d+)", value) if p])
    return sorted({*column.fillna(UNKNOWN).astype(str), *known, UNKNOWN}, key=order)
