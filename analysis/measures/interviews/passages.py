"""Coded passages: codings and the codebook in, who said what how often out. One counting rule for all measures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.errors import Mistake, suggestion
from analysis.measures.cells import Cells
from analysis.measures.summary import Cell
from analysis.measures.words import capitalised

RULE = (
    "A coded passage is a stretch of talk that carries the code, whichever coder marked it: overlapping "
    "stretches of one code in one interview are one passage, stretches that only touch are two. A theme holds"
    " its codes' passages, overlapping ones counted once, so the codes under it can add up to more. A code on"
    " a whole interview, a picture or a recording makes the interview one that mentions it, and is no "
    "passage.")
EVERYONE = "interviewed"  # the population of all groups together
OTHER = "other participant"  # the group of an interview without one


@dataclass(frozen=True)
class Tally:
    """What one group said about one code."""

    interviews: int
    people: int
    passages: int
    people_with_passages: int


def group_population(group: str) -> str:
    """'service user' -> 'service users interviewed': the words of the population, which disclosure control reads."""
    return f"{group}s interviewed"


def groups_of(interviews: pd.DataFrame, groups: Sequence[str] = ()) -> list[str]:
    """The groups in the order given, then those that the definition does not name; without a group: OTHER."""
    return [*groups, *sorted(set(interviews["group"].fillna(OTHER).astype(str)) - set(groups))]


def of_group(interviews: pd.DataFrame, group: str) -> pd.DataFrame:
    """The interviews of one group of `groups_of`."""
    return interviews[interviews["group"].fillna(OTHER).astype(str) == group]


def slug(words: str) -> str:
    """A name for sentences: 'beyond-tablets' -> 'beyond_tablets'."""
    return re.sub(r"\W+", "_", words.strip().casefold()).strip("_")


def heading(group: str) -> str:
    """'service user' -> 'Service users'."""
    return capitalised(group) + "s"


class Codebook:
    """The tree of codes: which are the themes, and what is under what."""

    def __init__(self, codes: pd.DataFrame, themes: Mapping[str, str] | None = None):
        self.names = dict(zip(codes["code_id"].astype(str), codes["name"].astype(str), strict=True))
        self.parents = dict(zip(self.names, codes["parent"].fillna("").astype(str), strict=True))
        for code, parent in self.parents.items():
            if parent and parent not in self.names:
                raise unknown(parent, self.names, f"the code '{code}' stands under")
        tops = [c for c, p in self.parents.items() if not p]
        for theme in themes or {}:
            if theme not in tops:
                raise unknown(theme, tops, "the definition's themes name")
        wanted = list(themes or {})
        order = [*wanted, *(t for t in tops if t not in wanted)]
        self.themes = {t: (themes or {}).get(t, self.names[t]) for t in order}

    def under(self, code: str) -> list[str]:
        """The codes directly under this one, in the order of the codebook."""
        return [c for c, p in self.parents.items() if p == code]

    def family(self, code: str) -> list[str]:
        """The code itself and everything under it."""
        return [code, *(d for child in self.under(code) for d in self.family(child))]

    def line(self, code: str) -> list[str]:
        """The code itself, then what it stands under, up to the theme."""
        return [code, *(self.line(self.parents[code]) if self.parents[code] else [])]

    def check(self, codings: pd.DataFrame) -> None:
        """Mistake where a coding has a code that the codebook does not: a theme would silently come out too small."""
        for code in codings["code_id"].dropna().astype(str).unique():
            if code not in self.names:
                raise unknown(code, self.names, "the coded interviews use")


def passages(codings: pd.DataFrame, codes: Iterable[str]) -> pd.DataFrame:
    """
    The passages of these codes taken together: interview_id, start, end, stance; one row a passage.

    `stance` is that of all codings in the passage: several kinds make it mixed, none at all makes it 'none'. Codings
    without a place in a text but with words (tools that export no positions) are a passage for each different text.
    """
    chosen = codings[codings["code_id"].isin(list(codes))]
    return pd.DataFrame(_merged(_rows(chosen)), columns=["interview_id", "start", "end", "stance"])


def _merged(rows: Iterable[tuple]) -> list[tuple]:
    """Codings (interview, start, end, stance, text) as passages (interview, start, end, stance)."""
    made: list[list] = []
    worded: dict[tuple, set] = {}
    placed = []
    for interview, start, end, stance, text in rows:
        if not (pd.isna(start) or pd.isna(end)):
            placed.append((interview, start, end, stance))
        elif not pd.isna(text):
            worded.setdefault((interview, text), set()).add(stance)
    for interview, start, end, stance in sorted(placed, key=lambda row: row[:3]):
        if made and made[-1][0] == interview and start < made[-1][2]:
            made[-1][2] = max(made[-1][2], end)
            made[-1][3].add(stance)
        else:
            made.append([interview, start, end, {stance}])
    made += [[interview, None, None, said] for (interview, _), said in sorted(worded.items())]
    return [(i, start, end, _stance(said)) for i, start, end, said in made]


def _rows(codings: pd.DataFrame) -> Iterable[tuple]:
    return zip(*(codings[column].tolist() for column in ("interview_id", "start", "end", "stance", "text")),
               strict=True)


class Talk:
    """
    What was coded in some interviews, for many counts: a frame is gone through once, not for every code again.

    Codings of other interviews are left out.
    """

    def __init__(self, codings: pd.DataFrame, interviews: pd.DataFrame):
        self._person = dict(zip(interviews["interview_id"].tolist(), interviews["participant_id"].tolist(),
                                strict=True))
        self._by_code: dict[str, list[tuple]] = {}
        for code, row in zip(codings["code_id"].tolist(), _rows(codings), strict=True):
            if row[0] in self._person:
                self._by_code.setdefault(code, []).append(row)

    def tally(self, codes: Iterable[str]) -> Tally:
        """How many of the interviews mention any of the codes, in how many passages, and the people behind both."""
        mine = self._of(codes)
        mentioning, found = {row[0] for row in mine}, _merged(mine)
        return Tally(len(mentioning), self.people(mentioning), len(found), self.people({row[0] for row in found}))

    def stances(self, codes: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Stance -> how many passages of the codes take it, and the people behind them."""
        found: dict[str, list] = {}
        for interview, _, _, stance in _merged(self._of(codes)):
            found.setdefault(stance, []).append(interview)
        return {stance: (len(where), self.people(set(where))) for stance, where in found.items()}

    def stretches(self, interview: str, codes: Iterable[str]) -> list[tuple[int, int]]:
        """Where in the text of one interview the codes' passages begin and end, in order."""
        found = _merged(row for row in self._of(codes) if row[0] == interview)
        return [(int(start), int(end)) for _, start, end, _ in found if start is not None]

    def spans(self, codes: Iterable[str]) -> dict[str, list[tuple[int, int]]]:
        """Where in each interview's text the codes' passages begin and end, in order; without one, an empty list."""
        found: dict[str, list[tuple[int, int]]] = {interview: [] for interview in self._person}
        for interview, start, end, _ in _merged(self._of(codes)):
            if start is not None:
                found[interview].append((int(start), int(end)))
        return found

    def mentions(self, interview: str, codes: Iterable[str]) -> bool:
        """Whether the interview has any of the codes, in a passage or as a whole."""
        return any(row[0] == interview for row in self._of(codes))

    def people(self, interviews: Iterable[str]) -> int:
        """How many participants gave these interviews: one person interviewed twice is one."""
        return len({self._person[i] for i in interviews if not pd.isna(self._person[i])})

    def _of(self, codes: Iterable[str]) -> list[tuple]:
        return [row for code in dict.fromkeys(codes) for row in self._by_code.get(code, ())]


def people_of(interviews: pd.DataFrame, ids) -> int:
    """How many participants gave these interviews: one person interviewed twice is one."""
    return int(interviews.loc[interviews["interview_id"].isin(ids), "participant_id"].nunique())


def interview_cells(cells: Cells, interviews: pd.DataFrame, groups: list[str]) -> dict[str, str]:
    """The number of interviews by group and in all: the denominator of mentions, the same cells in every measure."""
    ids = {}
    for group in groups:
        mine = of_group(interviews, group)
        ids[group] = cells.add(Cell("interviews", group_population(group), "interviews", "count", len(mine),
                                    int(mine["participant_id"].nunique()), "interviews"), f"{slug(group)}_interviews")
    ids[EVERYONE] = cells.add(Cell("interviews", EVERYONE, "interviews", "total", len(interviews),
                                   int(interviews["participant_id"].nunique()), "interviews",
                                   parts=tuple(ids[g] for g in groups)), "interviews")
    return ids


def _stance(said: set) -> str:
    kinds = {s for s in said if isinstance(s, str) and s != "none"}
    return "mixed" if len(kinds) > 1 else next(iter(kinds), "none")


def unknown(code: str, known, who: str) -> Mistake:
    """The Mistake for a code that is not among the known ones, with the nearest of them."""
    return Mistake(f"{who} '{code}', which is not there", where="codebook",
                   remedy=suggestion(code, known, f"it has: {', '.join(known)}"))
