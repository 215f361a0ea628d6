"""Who they were: patients and who of them enrolled in, one table of characteristics out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.measures.flow import last_responses
from analysis.measures.quantiles import quantile
from analysis.measures.summary import About, Cells, Summary, levels

NOT_RECORDED = "not recorded"
IMD_BANDS = ((1, 2, "1-2 (most deprived)"), (3, 4, "3-4"), (5, 6, "5-6"), (7, 8, "7-8"),
             (9, 10, "9-10 (least deprived)"))


def characteristics(patients: pd.DataFrame, referrals: pd.DataFrame, *, on: datetime.date, sites: Mapping[str, str],
                    quantile_rule: str = "type 7", ethnicities: Sequence[str] = ()) -> Summary:
    """
    Sex, age, ethnicity, deprivation and practice of the people enrolled, beside the people invited who did not enrol.

    Age is in whole years, the year of `on` less the year of birth: without the birthday it may be one too many.
    People whose value is not recorded stay in the denominator and are a row of their own; the median of age is over
    those whose year of birth is known, and says how many. `ethnicities` are the definition's. No test compares
    the columns: they are described.
    """
    cells = Cells("characteristics")
    response = last_responses(referrals).set_index("patient_id")["response"]
    people = patients[patients["patient_id"].isin(response.index)].copy()
    people["response"] = people["patient_id"].map(response)
    people["age"] = on.year - people["birth_year"]
    groups = {"Enrolled": ("enrolled", people[people["response"].eq("enrolled")]),
              "Invited, not enrolled": ("invited, not enrolled", people[people["response"].ne("enrolled")])}
    wholes = {}
    for column, (population, part) in groups.items():
        name = "enrolled" if population == "enrolled" else "not_enrolled"
        wholes[column] = cells.people(population, len(part), name)
    cells.row("People", {column: ("{n}", {"n": wholes[column]}) for column in groups})
    cells.row("Median (quartiles)", {
        column: ("{median} ({q1} to {q3})", {
            part_name: cells.value(quantile(part["age"].dropna(), q, quantile_rule), statistic, population=population,
                                   n=int(part["age"].notna().sum()), unit="years", digits=0, characteristic="age")
            for part_name, q, statistic in (("median", 0.5, "median"), ("q1", 0.25, "lower quartile"),
                                            ("q3", 0.75, "upper quartile"))})
        for column, (population, part) in groups.items()}, section="Age in years")
    recorded = {column: cells.count(int(part["age"].notna().sum()), population=population, characteristic="age",
                                    level="recorded")
                for column, (population, part) in groups.items()}
    cells.row("Recorded", {c: ("{n}", {"n": recorded[c]}) for c in groups}, section="Age in years")
    for section, column, rows in (
            ("Sex", people["sex"], ("female", "male", "other")),
            ("Practice", people["practice"].map(sites), tuple(sites.values())),
            ("Ethnicity", people["ethnicity"],
             tuple(v for v in levels(people["ethnicity"], ethnicities) if v != NOT_RECORDED)),
            ("Deprivation of home area (IMD decile)", people["imd_decile"].map(_imd_band),
             tuple(b[2] for b in IMD_BANDS))):
        _levels(cells, section, column.astype(object).fillna(NOT_RECORDED), rows, groups, wholes)
    return cells.summary(
        "Characteristics of people enrolled and of people invited who did not enrol",
        About("people invited", "people in the column, those with nothing recorded included",
              "shown as not recorded; the median of age is over those recorded"),
        notes=(f"Quartiles by rule {quantile_rule} of Hyndman and Fan. Age is the calendar year in which the study "
               "period began less the year of birth.",), stub="Characteristic")


def _levels(cells: Cells, section: str, values: pd.Series, rows: tuple[str, ...], groups: Mapping,
            wholes: Mapping) -> None:
    for level in (*rows, NOT_RECORDED):
        entries = {}
        for column, (population, part) in groups.items():
            n = cells.count(int(values.loc[part.index].eq(level).sum()), population=population,
                            characteristic=section.lower(), level=level)
            entries[column] = ("{n} ({share})", {"n": n, "share": cells.share(n, wholes[column])})
        cells.row(level[0].upper() + level[1:], entries, section=section, optional=True)


def _imd_band(decile) -> str | None:
    return next((label for low, high, label in IMD_BANDS if pd.notna(decile) and low <= decile <= high), None)
