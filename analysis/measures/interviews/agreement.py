"""Codings of interviews that two or more coders coded in, how far the coders agree on each theme and code, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.errors import Mistake
from analysis.measures.cells import Cells
from analysis.measures.interviews.coefficients import (
    Crossing,
    Unitised,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    unitised_alpha,
)
from analysis.measures.interviews.passages import EVERYONE, Codebook, Talk, slug
from analysis.measures.statistics.quantiles import quantile
from analysis.measures.summary import About, Summary

RESAMPLES, SEED, FEWEST = 1000, 20040401, 5


@dataclass(frozen=True)
class Judged:
    """
    One code in one interview: for each pattern of coders (1: marked it), how many characters; who marked it at all.

    `marked` and `met` count the passages that any coder marked, and those that every coder marked some of.
    """

    characters: Mapping[tuple[int, ...], int]
    mentioned: tuple[int, ...]
    marked: int
    met: int
    unitised: Unitised


def agreement(codes: pd.DataFrame, codings: pd.DataFrame, interviews: pd.DataFrame, *,
              themes: Mapping[str, str] | None = None, resamples: int = RESAMPLES) -> Summary:
    """
    Agreement between coders for each theme and the codes directly under it, over the interviews coded more than once.

    `interviews` has interview_id and `characters`, the length of each text. An interview counts where two or more
    coders coded something in it. Per character: Cohen's kappa (each pair of coders, characters pooled over pairs),
    Krippendorff's nominal alpha and Gwet's AC1 over all coders at once, and u-alpha as defined in 2004. Per interview:
    whether the coders gave it the code at all. Per passage: passages that all marked some of, of those that any
    marked; material that nobody marked has no number of passages, so that no chance agreement can be taken off.
    Intervals resample interviews, since the passages of one interview are not independent of one another.
    Numbers of a code rest on the people in whose interviews any coder marked it: passages of few are few people's.
    Where no interview was coded by two people the table says so and holds no coefficient. Raises Mistake where the
    length of a text is not known.
    """
    book = Codebook(codes, themes)
    book.check(codings)
    double = double_coded(codings, interviews)
    lengths = dict(zip(interviews["interview_id"], interviews["characters"], strict=True))
    if missing := sorted(i for i in double if pd.isna(lengths[i])):
        raise Mistake(f"the text of {len(missing)} double-coded interviews is not in the project",
                      where="[interviews] project",
                      remedy="export the project with its sources: agreement is counted over their characters")
    cells = Cells("agreement")
    whose = dict(zip(interviews["interview_id"], interviews["participant_id"], strict=True))
    people = len({whose[interview] for interview in double})
    number = cells.count(len(double), "interviews coded by two or more", population=EVERYONE, people=people,
                         unit="interviews", name="double_coded")
    if not double:
        cells.row("Interviews coded by two or more", {"Interviews": ("{n}", {"n": number})})
    every = Unitised(0.0, 0.0)
    every_coder = Talk(codings, interviews)
    talk = {coder: Talk(mine, interviews) for coder, mine in codings.groupby("coder")}
    for theme, label in book.themes.items() if double else ():
        for code in [theme, *book.under(theme)]:
            judged = [_judged(talk, every_coder, interview, coders, book.family(code), int(lengths[interview]))
                      for interview, coders in double.items()]
            if code == theme:
                every = sum((one.unitised for one in judged), every)
            marking = {whose[interview] for interview, one in zip(double, judged, strict=True) if one.marked}
            _row(cells, label if code == theme else book.names[code], {"code": code, "theme": theme}, judged,
                 len(marking), resamples)
    cells.value(every.alpha, "unitised alpha, all themes", population=EVERYONE, n=people, digits=2,
                absent="nothing was coded", name="unitised_alpha")
    return cells.summary(
        "Agreement between coders", About("interviews coded by two or more coders", "characters of their texts",
                                          "what nobody marked is agreement that it does not carry the code"),
        notes=("Passages: those that all coders marked some of, of those that any marked. Agreed to u-alpha: over the "
               "characters of the interviews. Interviews: whether the code was given at all.",
               "Kappa: Cohen 1960. Alpha: Krippendorff, nominal. AC1: Gwet 2008. u-alpha (unitised): Krippendorff "
               "2004; definitions of 1995, 2013 and 2016 give other numbers.",
               f"Intervals are 95%, from {resamples} resamples of interviews; none with fewer than {FEWEST}.",
               "A theme is marked where any of its codes is."),
        stub="Theme and code")


def double_coded(codings: pd.DataFrame, interviews: pd.DataFrame) -> dict[str, list[str]]:
    """Interview -> its coders, for those that two or more coded; in the order of the interview log."""
    here = codings.dropna(subset=["coder"])
    coders = here.groupby("interview_id")["coder"].unique()
    return {i: sorted(coders[i]) for i in interviews["interview_id"] if i in coders and len(coders[i]) > 1}


def _judged(talk: Mapping[str, Talk], every_coder: Talk, interview: str, coders: Sequence[str], family: Sequence[str],
            length: int) -> Judged:
    units = [talk[coder].stretches(interview, family) for coder in coders]
    edges = sorted({0, length, *(edge for coder in units for unit in coder for edge in unit)})
    characters: Counter = Counter()
    for start, end in zip(edges, edges[1:], strict=False):
        characters[tuple(int(any(s <= start < e for s, e in coder)) for coder in units)] += end - start
    joint = every_coder.stretches(interview, family)
    met = sum(all(any(s < end and start < e for s, e in coder) for coder in units) for start, end in joint)
    said = tuple(int(talk[coder].mentions(interview, family)) for coder in coders)
    return Judged(characters, said, len(joint), met, unitised_alpha(units, length))


def _row(cells: Cells, label: str, where: Mapping[str, str], judged: Sequence[Judged], people: int,
         resamples: int) -> None:
    name = slug(where["code"])

    def value(number: float | None, statistic: str, short: str, digits: int = 2) -> str:
        return cells.value(number, statistic, population=EVERYONE, n=people, digits=digits,
                           absent="no difference to agree on", name=f"{name}_{short}", **where)

    def count(number: int, statistic: str, short: str) -> str:
        return cells.count(number, statistic, population=EVERYONE, people=people, unit="passages",
                           name=f"{name}_{short}", **where)

    crossings = [_crossing(one.characters) for one in judged]
    pooled = sum(crossings, Crossing(0, 0, 0, 0))
    units: Counter = Counter()
    for one in judged:
        units.update(one.characters)
    mentioned = [one.mentioned for one in judged]
    low, high = _interval(crossings, resamples)
    by_interview = sum((_crossing(Counter([said])) for said in mentioned), Crossing(0, 0, 0, 0))
    cells.row(label, {
        "Passages": ("{met} of {marked}", {
            "met": count(sum(one.met for one in judged), "passages that all marked", "met"),
            "marked": count(sum(one.marked for one in judged), "passages that any marked", "marked")}),
        "Agreed": ("{percent}%", {"percent": value(pooled.percent, "characters agreed", "percent", 1)}),
        "Kappa (95% CI)": ("{kappa} ({low} to {high})", {
            "kappa": value(cohen_kappa(pooled), "kappa by character", "kappa"),
            "low": value(low, "kappa by character: low", "kappa_low"),
            "high": value(high, "kappa by character: high", "kappa_high")}),
        "Alpha": ("{alpha}", {"alpha": value(krippendorff_alpha(units), "alpha by character", "alpha")}),
        "AC1": ("{ac1}", {"ac1": value(gwet_ac1(units, 2), "AC1 by character", "ac1")}),
        "u-alpha": ("{u}", {"u": value(sum((one.unitised for one in judged), Unitised(0.0, 0.0)).alpha,
                                              "unitised alpha", "unitised")}),
        "Interviews (kappa)": ("{percent}% ({kappa})", {
            "percent": value(by_interview.percent, "interviews agreed", "interviews_percent", 0),
            "kappa": value(cohen_kappa(by_interview), "kappa by interview", "interviews_kappa")}),
    }, depth=int(where["code"] != where["theme"]))


def _crossing(patterns: Mapping[tuple[int, ...], int]) -> Crossing:
    """Every pair of coders, pooled: what both, one and none of the pair marked."""
    found = Counter()
    for pattern, size in patterns.items():
        for pair in combinations(pattern, 2):
            found[pair] += size
    return Crossing(found[1, 1], found[1, 0], found[0, 1], found[0, 0])


def _interval(crossings: Sequence[Crossing], resamples: int) -> tuple[float | None, float | None]:
    """The middle 95% of kappa over resamples of interviews; (None, None) with too few of them."""
    if len(crossings) < FEWEST:
        return None, None
    parts = np.array([[c.both, c.first, c.second, c.neither] for c in crossings], dtype=float)
    n = len(parts)
    both, first, second, neither = (np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), resamples) @ parts).T
    total = both + first + second + neither  # cohen_kappa of many crossings at once
    chance = ((both + first) * (both + second) + (second + neither) * (first + neither)) / total**2
    has = chance < 1 - 1e-12
    kappas = (((both + neither) / total - chance)[has] / (1 - chance)[has]).tolist()
    return quantile(kappas, 0.025), quantile(kappas, 0.975)
