"""Codings and interviews in, how many interviews it took until new ones added little, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import Mistake
from analysis.measures.cells import Cells
from analysis.measures.interviews.passages import EVERYONE
from analysis.measures.statistics.quantiles import quantile
from analysis.measures.summary import About, Summary

ORDERS, SEED = 1000, 20200506


@dataclass(frozen=True)
class Point:
    """After `interviews` of them, `new` codes came with the last run; `share` is their number over that of the base."""

    interviews: int
    new: int
    share: float


def run_points(codes_of: Sequence[frozenset[str]], base: int, run: int) -> list[Point]:
    """
    The share of new information of each run of interviews after the base, runs moving on by one interview.

    `codes_of` holds each interview's codes in the order of interviewing. (Guest, Namey and Chen 2020, PLoS ONE
    15(5):e0232076.) Mistake where the base has no code, or there are fewer interviews than base and one run.
    """
    if len(codes_of) < base + run:
        raise Mistake(f"saturation with a base of {base} and runs of {run} needs {base + run} interviews, and there "
                      f"are {len(codes_of)}", where="[interviews] saturation", remedy="choose a smaller base or run")
    in_base = frozenset().union(*codes_of[:base])
    if not in_base:
        raise Mistake(f"the first {base} interviews carry no code", where="[interviews] saturation",
                      remedy="give the interviews their dates, or choose a larger base")
    points = []
    for last in range(base + run, len(codes_of) + 1):
        known = frozenset().union(*codes_of[:last - run])
        new = len(frozenset().union(*codes_of[last - run:last]) - known)
        points.append(Point(last, new, new / len(in_base)))
    return points


def saturated_at(points: Sequence[Point], threshold: float) -> Point | None:
    """The first point at or below the threshold; None where no run got there."""
    return next((point for point in points if point.share <= threshold), None)


def saturation(codings: pd.DataFrame, interviews: pd.DataFrame, *, base: int = 4, run: int = 2,
               threshold: float = 0.05, orders: int = ORDERS) -> Summary:
    """
    New codes in each run of interviews, as a share of the codes in the base; when it first fell to the threshold.

    Interviews stand in the order of their dates, and of the log on one day. What comes first decides what counts as
    new, so a band over random orders of the same interviews stands beside it. Where there are fewer interviews than
    base and one run, the table says how many there are. Mistake where a date is missing.
    """
    if interviews["date"].isna().any():
        raise Mistake("an interview has no date, and saturation follows the order of interviewing",
                      where="the interview log", remedy="fill in the date")
    ordered = interviews.sort_values("date", kind="stable")["interview_id"].tolist()
    held = codings.groupby("interview_id")["code_id"].unique()
    codes_of = [frozenset(held.get(interview, ())) for interview in ordered]
    people = interviews["participant_id"].nunique()
    cells = Cells("saturation")
    about = About("interviews, in the order of their dates", "codes in the base")
    if len(codes_of) < base + run or not any(codes_of[:base]):
        cells.row(f"Interviews, where {base + run} are wanted", {"Number": ("{n}", {"n": cells.count(
            len(codes_of), "interviews", population=EVERYONE, people=people, unit="interviews")})})
        return cells.summary("New codes by run of interviews", about, stub="Interviews",
                             notes=("Too few interviews, or none of the base with a code: nothing is said.",))
    points = run_points(codes_of, base, run)
    bands = _bands(codes_of, base, run, orders)

    def value(number: float | None, statistic: str, digits: int, name: str = "", **where: str) -> str:
        return cells.value(number, statistic, population=EVERYONE, n=people, digits=digits, name=name,
                           absent="no run fell to the threshold", **where)

    for point, (low, high) in zip(points, bands, strict=True):
        where = {"interviews": str(point.interviews)}
        new = cells.count(point.new, "new codes", population=EVERYONE, people=people, unit="codes", **where)
        cells.row(f"{point.interviews - run + 1} to {point.interviews}", {
            "New codes": ("{n}", {"n": new}),
            "Share of the base": ("{share}%", {"share": value(100 * point.share, "share of the base", 1, **where)}),
            "In other orders, 95% of them": ("{low}% to {high}%", {
                "low": value(100 * low, "share in other orders: low", 1, **where),
                "high": value(100 * high, "share in other orders: high", 1, **where)})})
    reached = saturated_at(points, threshold)
    value(reached and reached.interviews - run, "saturated after", 0, name="saturated_after")
    cells.count(len(frozenset().union(*codes_of[:base])), "codes in the base", population=EVERYONE, people=people,
                unit="codes", name="base_codes")
    return cells.summary(
        "New codes by run of interviews", about,
        notes=(f"Base {base} interviews, runs of {run}, threshold {100 * threshold:g}% (Guest, Namey and Chen 2020). "
               "A saturation point is given as base and run, for instance 6+2.",
               f"The band is the middle 95% of {orders} random orders of the same interviews."),
        stub="Interviews")


def _bands(codes_of: Sequence[frozenset[str]], base: int, run: int, orders: int) -> list[tuple[float, float]]:
    """For each run, the middle 95% of its share over random orders; an order whose base has no code is left out."""
    known = sorted(frozenset().union(*codes_of))
    has = np.array([[code in codes for code in known] for codes in codes_of])
    random, shares = np.random.default_rng(SEED), []
    for _ in range(orders):
        upto = np.logical_or.accumulate(has[random.permutation(len(codes_of))]).sum(axis=1)
        if upto[base - 1]:
            shares.append([(upto[last - 1] - upto[last - run - 1]) / upto[base - 1]
                           for last in range(base + run, len(codes_of) + 1)])
    return [(quantile(column, 0.025), quantile(column, 0.975)) for column in zip(*shares, strict=True)]
