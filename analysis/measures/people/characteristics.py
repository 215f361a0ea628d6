"""Who they were: patients, the last approach to each and baseline scores in; what can be said of each person out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.measures.cells import Cells, levels
from analysis.measures.people.flow import last_responses, never_invited
from analysis.measures.people.side_by_side import Groups, side_by_side
from analysis.measures.summary import About, Summary

NOT_RECORDED = "not recorded"
IMD_BANDS = ((1, 2, "1-2 (most deprived)"), (3, 4, "3-4"), (5, 6, "5-6"), (7, 8, "7-8"),
             (9, 10, "9-10 (least deprived)"))
AGE_BANDS = ((0, 34, "Under 35"), (35, 49, "35 to 49"), (50, 64, "50 to 64"), (65, 79, "65 to 79"),
             (80, 130, "80 and over"))
IMD, AGE, BY_AGE = "Deprivation of home area (IMD decile)", "Age in years", "Age"
# What is known of a person -> the ways in which it can be shown, the first one if nobody says.
SHOWN = {
    "age": ("median", "mean", "bands"), "sex": ("levels",), "ethnicity": ("levels",),
    "imd_decile": ("bands", "median", "mean"), "disability": ("levels",), "practice": ("levels",),
    "source": ("levels",), "route": ("levels",), "score": ("mean", "median"),
}
TITLES = {"sex": "Sex", "ethnicity": "Ethnicity", "disability": "Disability", "practice": "Practice",
          "source": "Identified by", "route": "Invited by"}
SEXES = ("female", "male", "other")
AGES = "Age is the calendar year in which the study period began less the year of birth."


@dataclass(frozen=True)
class Characteristic:
    """
    One thing known of people: `values` by patient_id, missing where not recorded; `levels` in order, none of a number.

    `ways` of a number are 'median' and 'mean'. `enrolled_only` where people who did not enrol were never asked.
    """

    title: str
    values: pd.Series
    levels: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    digits: int = 0
    unit: str = ""
    enrolled_only: bool = False

    @property
    def key(self) -> str:
        return self.title.lower()


def known_of(patients: pd.DataFrame, referrals: pd.DataFrame, choices: Mapping[str, Sequence[str]], *,
             on: datetime.date, sites: Mapping[str, str],
             codes: Mapping[str, Sequence[str]]) -> list[Characteristic]:
    """
    The characteristics that `choices` names (-> the ways of SHOWN), in that order, of everybody invited.

    Age is in whole years, the year of `on` less the year of birth: without the birthday it may be one too many.
    `codes` are the definition's levels of a column, which are rows whether anybody has them or not.
    """
    last = last_responses(referrals)
    people = patients.drop_duplicates("patient_id").merge(last[~never_invited(last)], on="patient_id",
                                                         suffixes=("", "_referral")).set_index("patient_id")
    found: list[Characteristic] = []
    for name, ways in choices.items():
        if name == "age":
            found += _number("age", on.year - people["birth_year"], ways, AGE, BY_AGE, AGE_BANDS, "years")
        elif name == "imd_decile":
            found += _number("imd", people["imd_decile"], ways, IMD, IMD, IMD_BANDS, "decile")
        elif name == "practice" and sites:
            found.append(Characteristic(TITLES[name], people["practice"].map(sites), tuple(sites.values())))
        elif name in TITLES:
            known = SEXES if name == "sex" else codes.get(name, ())
            found.append(_category(TITLES[name], people[name], known))
    return found


def score_of(title: str, values: pd.Series, ways: Sequence[str], *, digits: int) -> Characteristic:
    """A score at baseline as a characteristic: `values` by patient_id."""
    return Characteristic(title, values, ways=tuple(ways), digits=digits, unit="points", enrolled_only=True)


def banded(values: pd.Series, bands: Sequence[tuple[int, int, str]]) -> pd.Series:
    """Each number's band in words, missing where the number is missing or in none."""
    return values.map(lambda value: next((label for low, high, label in bands
                                          if pd.notna(value) and low <= value <= high), None)).astype(object)


def _number(name: str, values: pd.Series, ways: Sequence[str], title: str, by_band: str, bands,
            unit: str) -> list[Characteristic]:
    found = []
    if numbers := tuple(way for way in ways if way != "bands"):
        found.append(Characteristic(title if name == "age" else f"{title}, as a number", values, ways=numbers,
                                    unit=unit))
    if "bands" in ways:
        found.append(Characteristic(by_band, banded(values, bands), tuple(label for *_, label in bands)))
    return found


def _category(title: str, values: pd.Series, known: Sequence[str]) -> Characteristic:
    told = values.astype(object).where(values.notna() & values.ne(NOT_RECORDED), None)
    return Characteristic(title, told, tuple(level for level in levels(told, known) if level != NOT_RECORDED))


# ------------------------------------------------------------------------------------------------ the two tables

def characteristics(known: Sequence[Characteristic], referrals: pd.DataFrame, *, quantile_rule: str = "type 7",
                    rounding: str = "half up", denominator: str = "all") -> Summary:
    """
    People enrolled beside people invited who did not enrol, with the standardised difference between them (Table 1).

    No test compares the columns: they are described. A standardised difference does not grow with the number of
    people, as a test would; it is of those recorded, and hidden where a count that it comes from is.
    """
    last = last_responses(referrals)
    last = last[~never_invited(last)].set_index("patient_id")["response"]
    groups = Groups(Cells("characteristics"), {
        "Enrolled": ("enrolled", "enrolled", last.index[last.eq("enrolled")]),
        "Invited, not enrolled": ("invited, not enrolled", "not_enrolled", last.index[~last.eq("enrolled")])})
    return side_by_side(
        groups, known, "standardised", quantile_rule=quantile_rule, rounding=rounding, denominator=denominator,
        title="Characteristics of people enrolled and of people invited who did not enrol",
        about=About("people invited", "", "shown as not recorded; a median or mean is over those recorded"),
        notes=(AGES,))


def completers(known: Sequence[Characteristic], outcomes: pd.Series, *, label: str, quantile_rule: str = "type 7",
               rounding: str = "half up", denominator: str = "all") -> Summary:
    """
    People who returned a questionnaire at a time point (`label`) beside those who were due and did not.

    `outcomes` is of everybody enrolled, by patient_id, as follow_up.outcomes_at gives it. Differences have intervals
    and no tests: the question is how far those who are missing may differ, not whether chance alone could do it.
    """
    at = label.lower()
    groups = Groups(Cells("completers"), {
        "Returned": (f"enrolled, returned at {at}", "returned", outcomes.index[outcomes.eq("returned")]),
        "Due, not returned": (f"enrolled, due at {at} and not returned", "not_returned",
                              outcomes.index[outcomes.isin(["not returned", "not recorded"])])})
    return side_by_side(
        groups, known, "difference", quantile_rule=quantile_rule, rounding=rounding, denominator=denominator,
        title=f"People who returned a questionnaire at {at}, and people who were due and did not",
        about=About("people enrolled and due", "",
                    "shown as not recorded; who died, left or was not yet due is in neither column", window=label),
        notes=(AGES,) if any(one.title in (AGE, BY_AGE) for one in known) else ())
