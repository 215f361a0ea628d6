"""Groups and characteristics in; a table of them side by side, with how far two groups differ, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.quartiles import quartiles
from analysis.measures.statistics.differences import standardised_means
from analysis.measures.summary import About, Summary
from analysis.measures.words import capitalised

if TYPE_CHECKING:
    from analysis.measures.people.characteristics import Characteristic

Entry = tuple[str, dict[str, str]]
DENOMINATORS = {"all": "people in the column, those with nothing recorded included",
                "recorded": "of a share, people in the column for whom it is recorded",
                "both": "of the first share, all people in the column; of the second, those for whom it is recorded"}
HEADS = {"standardised": "Standardised difference", "difference": "Difference (95% CI)"}
NOTES = {
    "standardised": "Standardised difference: second column less first, over the root of the mean of both variances; "
                    "of several levels the distance between the shares (Yang and Dalton 2012), which has no sign. "
                    "Of those recorded.",
    "difference": "Difference: second column less first, of means with Welch's t interval, of shares in percentage "
                  "points with Newcombe's (1998, method 10: from Wilson's intervals).",
}
RULES = {"type 7": "the default of R, pandas and numpy", "type 2": "as gtsummary 2 and SAS",
         "type 6": "as SPSS and Minitab"}  # domain knowledge: where the table-making tools disagree
ONE, NOBODY = "one person: no SD", "nobody with a value"


@dataclass(frozen=True)
class Groups:
    """
    The columns of a table: heading -> (population, name in sentences, patient_ids). The first two are compared.

    `cells` is empty, and collects what the table is made of.
    """

    cells: Cells
    columns: Mapping[str, tuple[str, str, pd.Index]]

    @property
    def both(self) -> str:
        """The population that a difference is about: disclosure control then goes by the stricter rule of the two."""
        return " beside ".join(population for population, _, _ in list(self.columns.values())[:2])


def side_by_side(groups: Groups, known: Sequence[Characteristic], compare: Literal["standardised", "difference"], *,
                 quantile_rule: str, rounding: str, denominator: str, title: str, about: About,
                 notes: Sequence[str] = ()) -> Summary:
    """
    Medians with quartiles, means with SD and n (%) of each group, and how far the second differs from the first.

    SD is with n - 1; of one person there is none, and the cell says so. Nobody is left out of a denominator without a
    word: how many have a value, and how many have not, are rows; `denominator` (a key of DENOMINATORS) says which
    shares are of. Differences are of those recorded.
    """
    table = _Table(groups, compare, quantile_rule, denominator)
    table.row("People", {column: ("{n}", {"n": whole}) for column, whole in table.wholes.items()})
    for one in known:
        table.levels(one) if one.levels else table.numbers(one)
    said = f" ({RULES[quantile_rule]})" if quantile_rule in RULES else ""
    return table.cells.summary(
        title, replace(about, denominator=DENOMINATORS[denominator]), stub="Characteristic",
        columns=(*groups.columns, HEADS[compare]),
        notes=(f"Quartiles by rule {quantile_rule} of Hyndman and Fan{said}; SD with n - 1; numbers rounded "
               f"{rounding}. A dash: nobody has a value, or one person has, and there is no SD.",
               NOTES[compare], *notes))


class _Table:
    """The cells of one table, and its groups."""

    def __init__(self, groups: Groups, compare: str, rule: str, denominator: str):
        self.groups, self.compare, self.rule, self.denominator = groups, compare, rule, denominator
        self.cells = groups.cells
        self.wholes = {column: self.cells.people(population, len(who), name)
                       for column, (population, name, who) in groups.columns.items()}

    def row(self, label: str, entries: Mapping[str, Entry], section: str = "", optional: bool = False) -> None:
        self.cells.row(label, entries, section=section, optional=optional)

    # -------------------------------------------------------------------------------------------- numbers

    def numbers(self, one: Characteristic) -> None:
        """Median, mean, and how many have a value. A mean comes also where only the difference needs it."""
        values = {column: one.values.reindex(who).dropna().astype(float)
                  for column, (_, _, who) in self._columns(one).items()}
        ways = [*one.ways, *(["mean"] if self.compare == "difference" and "mean" not in one.ways else [])]
        for way in ways:
            entries = {column: getattr(self, f"_{way}")(one, column, found) for column, found in values.items()}
            if way == "mean" and self.compare == "difference" and len(values) > 1:
                entries[HEADS["difference"]] = self._difference_of_means(one, entries, values)
            self.row("Median (quartiles)" if way == "median" else "Mean (SD)", entries, one.title)
        if self.compare == "standardised" and len(values) > 1:
            first, second = list(values.values())[:2]
            self.row("Standardised difference", {HEADS["standardised"]: ("{d}", {"d": self._value(
                standardised_means(first, second), "standardised difference", one, self.groups.both,
                min(len(first), len(second)), digits=2, absent="fewer than two people in a group, or no spread")})},
                one.title)
        recorded = {column: self._count(one, column, len(found), "recorded") for column, found in values.items()}
        self.row("Recorded", {column: ("{n}", {"n": cell}) for column, cell in recorded.items()}, one.title)
        self._missing(one, {column: len(self.groups.columns[column][2]) - len(found)
                            for column, found in values.items()})

    def _median(self, one: Characteristic, column: str, found: pd.Series) -> Entry:
        population, name, _ = self.groups.columns[column]
        return quartiles(self.cells, found, self.rule, population=population, n=len(found), unit=one.unit,
                         digits=one.digits, absent=NOBODY, name=f"{name}_{_slug(one)}_{{}}", characteristic=one.key)

    def _mean(self, one: Characteristic, column: str, found: pd.Series) -> Entry:
        population, name, _ = self.groups.columns[column]
        n = len(found)
        return "{mean} ({sd})", {
            "mean": self._value(found.mean() if n else None, "mean", one, population, n, digits=_places(one),
                                absent=NOBODY, name=f"{name}_{_slug(one)}_mean"),
            "sd": self._value(found.std() if n > 1 else None, "SD", one, population, n, digits=_places(one),
                              absent=ONE if n else NOBODY, name=f"{name}_{_slug(one)}_sd")}

    def _difference_of_means(self, one: Characteristic, means: Mapping[str, Entry],
                             values: Mapping[str, pd.Series]) -> Entry:
        (one_column, first), (other_column, second) = list(values.items())[:2]
        n, few = min(len(first), len(second)), "fewer than two people in a group, or no spread"
        parts = [cell for column, found in ((one_column, first), (other_column, second))
                 for cell in (*means[column][1].values(), self._count(one, column, len(found), "recorded"))]
        return "{d} ({low} to {high})", {
            "d": self._value(float(second.mean() - first.mean()) if n else None, "difference of means", one,
                             self.groups.both, n, digits=_places(one), absent=NOBODY),
            **{short: self.cells.derived(parts, f"difference of means, {which} end",
                                         f"difference of means, 95% CI {which} end", population=self.groups.both,
                                         unit=one.unit, digits=_places(one), absent=few, characteristic=one.key)
               for short, which in (("low", "lower"), ("high", "upper"))}}

    def _value(self, value: float | None, statistic: str, one: Characteristic, population: str, n: int, *,
               digits: int, absent: str, name: str = "") -> str:
        return self.cells.value(value, statistic, population=population, n=n, digits=digits, absent=absent, name=name,
                                unit="" if "standardised" in statistic else one.unit, characteristic=one.key)

    # -------------------------------------------------------------------------------------------- levels

    def levels(self, one: Characteristic) -> None:
        """n (%) of each level, those not recorded in a row of their own, and how far the groups differ."""
        told = {column: one.values.reindex(who).astype(object) for column, (_, _, who) in self._columns(one).items()}
        counts = {level: {column: self._count(one, column, int(values.eq(level).sum()), level)
                          for column, values in told.items()} for level in one.levels}
        recorded = {column: [counts[level][column] for level in one.levels] for column in told}
        for level in one.levels:
            entries = {column: self._share(one, column, level, counts[level][column], recorded[column])
                       for column in told}
            anybody = ""
            if self.compare == "difference" and len(told) > 1:
                entries[HEADS["difference"]] = self._difference_of_shares(one, level, counts[level], recorded)
                anybody = self.cells.total(list(counts[level].values()), "in either group", level=level,
                                           population=self.groups.both, characteristic=one.key)
            self.cells.row(capitalised(level), entries, section=one.title, optional=True,
                           stays_with=anybody)  # an interval of nobody is not nought, and no reason for a row
        self._missing(one, {column: int((~values.isin(one.levels)).sum()) for column, values in told.items()})
        if self.compare == "standardised" and len(told) > 1:
            found = self.cells.derived([cell for column in list(told)[:2] for cell in recorded[column]],
                                       "standardised difference", "standardised difference",
                                       population=self.groups.both, digits=2, characteristic=one.key,
                                       absent="nobody recorded in a group, or nothing in common")
            self.row("Standardised difference", {HEADS["standardised"]: ("{d}", {"d": found})}, one.title)

    def _share(self, one: Characteristic, column: str, level: str, cell: str, recorded: list[str]) -> Entry:
        population, name, _ = self.groups.columns[column]
        ids = {"n": cell}
        if self.denominator != "recorded":
            ids["share"] = self.cells.share(cell, self.wholes[column],
                                            name=f"{name}_{_slug(one)}_{level}_share".replace(" ", "_"))
        if self.denominator != "all":
            ids["known"] = self.cells.derived([cell, *recorded], "share of the sum", "share of those recorded",
                                              population=population, unit="%", characteristic=one.key, level=level,
                                              absent="nobody recorded")
        return {"all": "{n} ({share})", "recorded": "{n} ({known})",
                "both": "{n} ({share} of all, {known} of recorded)"}[self.denominator], ids

    def _difference_of_shares(self, one: Characteristic, level: str, counts: Mapping[str, str],
                              recorded: Mapping[str, list[str]]) -> Entry:
        """Of the shares as they are shown: of those recorded where these are the denominator, else of all."""
        parts = [cell for column in list(counts)[:2] for cell in (
            counts[column], *(recorded[column] if self.denominator == "recorded" else [self.wholes[column]]))]
        said = {"d": "difference", "low": "difference, lower end", "high": "difference, upper end"}
        return "{d} ({low} to {high})", {
            part: self.cells.derived(parts, formula, formula, population=self.groups.both, unit="percentage points",
                                     characteristic=one.key, level=level, absent="nobody in a group")
            for part, formula in said.items()}

    # -------------------------------------------------------------------------------------------- both

    def _columns(self, one: Characteristic) -> Mapping[str, tuple[str, str, pd.Index]]:
        """The groups that it was asked of: nobody who did not enrol has a score."""
        return {column: said for column, said in self.groups.columns.items()
                if not one.enrolled_only or said[0].startswith("enrolled")}

    def _count(self, one: Characteristic, column: str, n: int, level: str) -> str:
        population, name, _ = self.groups.columns[column]
        return self.cells.count(n, population=population, characteristic=one.key, level=level,
                                name=f"{name}_{_slug(one)}_{level}".replace(" ", "_"))

    def _missing(self, one: Characteristic, missing: Mapping[str, int]) -> None:
        entries = {}
        for column, n in missing.items():
            cell = self._count(one, column, n, "not recorded")
            share = self.cells.share(cell, self.wholes[column])
            entries[column] = ("{n}", {"n": cell}) if self.denominator == "recorded" else (
                "{n} ({share})" if self.denominator == "all" else "{n} ({share} of all)", {"n": cell, "share": share})
        self.row("Not recorded", entries, one.title, optional=True)


def _places(one: Characteristic) -> int:
    """
    Decimals of a mean: one, or as many as a score has elsewhere.

    With two, the mean of a few whole numbers tells how many they are: 10.60 is the mean of five or ten, and of no
    number between.
    """
    return max(one.digits, 1)


def _slug(one: Characteristic) -> str:
    return one.key.split(" (")[0].split(" in ")[0].replace(",", "").replace("-", "").replace(" ", "_")
