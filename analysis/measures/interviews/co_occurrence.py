"""Codes, codings and interviews in; how often two codes stand on the same stretch of talk, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.interviews.passages import EVERYONE, Talk, groups_of, slug
from analysis.measures.summary import About, Summary
from analysis.measures.tallies import counted, opened, people_in_words, talk_of

# ATLAS.ti flags a pair whose one code has more than five times the passages of the other (manual, Code Co-Occurrence
# Table: c-coefficient).
UNEVEN = 5
NONE = "–"


def c_coefficient(n1: int, n2: int, both: int) -> float | None:
    """n12 / (n1 + n2 - n12), as ATLAS.ti defines it; None where there is nothing to divide by."""
    return both / (n1 + n2 - both) if n1 + n2 - both > 0 else None


def warnings(n1: int, n2: int, both: int) -> list[str]:
    """What must be known before the coefficient of a pair is read."""
    uneven = min(n1, n2) > 0 and max(n1, n2) > UNEVEN * min(n1, n2)
    c = c_coefficient(n1, n2, both)
    outside = both > 0 and (c is None or not 0 <= c <= 1 or both > min(n1, n2))
    return [*(["one is more than five times the other"] if uneven else []),
            *(["out of range: a passage meets several of the other code"] if outside else [])]


def co_occurrence(codes: pd.DataFrame, codings: pd.DataFrame, interviews: pd.DataFrame, *,
                  themes: Mapping[str, str] | None = None, groups: Sequence[str] = (),
                  of_codes: bool = False) -> Summary:
    """
    For each pair of themes (or of all codes, `of_codes`) the pairs of passages that overlap, and two coefficients.

    A pair of passages overlaps where both stand on at least one character of one interview; passages that only touch do
    not. So one long passage of one code can meet several of the other, and the coefficients can leave the range from 0
    to 1: such a pair says so, as does one where one code has more than five times the passages of the other. Pairs that
    never meet, where that may be shown, are left out among codes.
    """
    book, cells = opened(codes, codings, themes), Cells("co-occurrence")
    groups = groups_of(interviews, groups)
    talk = talk_of(codings, interviews, groups)
    listed = ({code: [code] for code in book.names if code not in book.themes} if of_codes
              else {theme: book.family(theme) for theme in book.themes})
    stretches = {code: {group: talk[group].spans(family) for group in groups} for code, family in listed.items()}
    names = {code: book.themes.get(code, book.names[code]) for code in listed}
    sizes = {code: _sized(cells, talk, of, code) for code, of in stretches.items()}
    for one, other in combinations(listed, 2):
        _pair(cells, talk, stretches, sizes, names, one, other, of_codes)
    return cells.summary(
        f"Co-occurrence of {'codes' if of_codes else 'themes'}: passages that overlap",
        About(people_in_words(groups), "passages of the two, in the first columns",
              "codes on whole interviews have no passage"),
        notes=("c-coefficient: overlapping pairs over the passages of both less those pairs (ATLAS.ti). Overlap "
               "coefficient: the same pairs over the passages of the rarer of the two.",
               "Neither says that one brings the other about: people are asked about things one after the other."),
        stub="Pair")


def _sized(cells: Cells, talk: Mapping[str, Talk], of: Mapping, code: str) -> dict[str, str]:
    def passages(group: str) -> tuple[int, int]:
        return sum(map(len, of[group].values())), talk[group].people(i for i, spans in of[group].items() if spans)

    return counted(cells, list(talk), passages, "placed passages", f"{slug(code)}{{group}}_placed", code=code)


def _pair(cells: Cells, talk: Mapping[str, Talk], stretches: Mapping, sizes: Mapping, names: Mapping, one: str,
          other: str, optional: bool) -> None:
    of = {group: (stretches[one][group], stretches[other][group]) for group in talk}
    meeting = {group: {i: overlaps(spans, theirs[i]) for i, spans in mine.items()}
               for group, (mine, theirs) in of.items()}

    def both(group: str) -> tuple[int, int]:
        return sum(meeting[group].values()), talk[group].people(i for i, n in meeting[group].items() if n)

    def either(group: str) -> tuple[int, int]:
        mine, theirs = of[group]
        number = sum(map(len, mine.values())) + sum(map(len, theirs.values())) - both(group)[0]
        return max(0, number), talk[group].people(i for i in mine if mine[i] or theirs[i])

    where, name = {"code": one, "with": other}, f"{slug(one)}_{slug(other)}"
    n12 = counted(cells, list(talk), both, "overlapping pairs", f"{name}{{group}}_both", **where)
    union = counted(cells, list(talk), either, "passages of either", f"{name}{{group}}_either", **where)
    n = [sum(len(spans) for group in talk for spans in stretches[code][group].values()) for code in (one, other)]
    rarer = sizes[one if n[0] <= n[1] else other]
    c = cells.rate(n12[EVERYONE], union[EVERYONE], "c-coefficient", unit="", digits=3, name=f"{name}_c")
    overlap = cells.rate(n12[EVERYONE], rarer[EVERYONE], "overlap coefficient", unit="", digits=3,
                         name=f"{name}_overlap")
    said = "; ".join(warnings(*n, sum(both(group)[0] for group in talk))) or NONE
    warning = cells.word(said, 0, "warning", follows=c, **where)
    cells.row(f"{names[one]} × {names[other]}", {
        "Passages": ("{one} and {other}", {"one": sizes[one][EVERYONE], "other": sizes[other][EVERYONE]}),
        "Overlapping pairs": ("{n}", {"n": n12[EVERYONE]}), "c-coefficient": ("{c}", {"c": c}),
        "Overlap coefficient": ("{o}", {"o": overlap}), "Note": ("{w}", {"w": warning})},
        optional=optional, stays_with=n12[EVERYONE] if optional else "")


def overlaps(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> int:
    """How many pairs of stretches, one of each list, share a character. Both lists are in order and disjoint."""
    count = first = 0
    for start, end in one:
        while first < len(other) and other[first][1] <= start:
            first += 1
        at = first
        while at < len(other) and other[at][0] < end:
            count += 1
            at += 1
    return count
