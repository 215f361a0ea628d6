"""A canonical table and a site in; the site's rows out."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

# Tables whose rows belong to a site through the patient they are about. Others name their site, or have an interview.
BY_PATIENT = ("referrals", "episodes", "contacts", "interventions", "prescriptions", "timepoints", "responses",
              "recruitment", "events")


def rows_of(table: str, frame: pd.DataFrame, site: str, by: str, other: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """
    The rows of `frame` that belong to `site`; all of them for the site 'all' and for tables that belong to no site.

    `by` is the column that names a site (practice); `other` gives the site's rows of another table by name.
    """
    if site == "all":
        return frame
    by = "site" if table == "aggregates" else by
    if by in frame:
        return frame[frame[by] == site]
    if table in BY_PATIENT:
        return frame[frame["patient_id"].isin(other("patients")["patient_id"])]
    if "interview_id" in frame:
        return frame[frame["interview_id"].isin(other("interviews")["interview_id"])]
    return frame
