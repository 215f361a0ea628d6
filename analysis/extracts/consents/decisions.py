"""Delivered consents in; what each person has decided about each use of what is held of them, out: the latest word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.extracts.checks.expectations import CHECKS
from analysis.extracts.checks.faults import FAULTS, faults_at
from analysis.extracts.people import identities
from analysis.extracts.read import Delivered
from analysis.extracts.typed import moments

OPT_OUT = "national data opt-out"
SCOPED = ("evaluation", "interview")  # what a withdrawal of the others means is said by their kind alone
STATUSES = ("given", "declined", "withdrawn")  # of two on one day the later in this order counts


@dataclass(frozen=True)
class People:
    """Everybody whom the extracts name: patients, participants of interviews, and which of these are one person."""

    patients: frozenset[str]
    participants: frozenset[str]
    patient_of: Mapping[str, str]  # participant -> patient, from the extracts that link numbers

    def one(self, person: str) -> str:
        """The one number by which a person is known here: the patient's, where the person is a patient."""
        return self.patient_of.get(person, person)


@dataclass(frozen=True)
class Decisions:
    """
    `standing`: one row a person and kind: who (the patient's number, where the person is one), kind, status, date,
    scope.

    `faults` and `checks` are of the records of withdrawals themselves (FAULTS, CHECKS).
    """

    standing: pd.DataFrame
    people: People
    faults: pd.DataFrame
    checks: pd.DataFrame

    def of(self, kind: str, status: str) -> pd.DataFrame:
        return self.standing[(self.standing["kind"] == kind) & (self.standing["status"] == status)]


def decisions(delivered: Mapping[str, Delivered]) -> Decisions:
    """
    The latest decision by date of each person about each kind: given, then withdrawn, then given again is given.

    A decision without a date counts as earlier than any with one; of two on one day a no outweighs a yes. A person may
    be named by patient or participant number. Faults, all blocking, since nothing may be counted before they are
    mended: a withdrawal without its date, one that stands without its scope (read as no further use where a study lets
    that pass), one of somebody whom no extract knows, and consent to the evaluation that was declined after it had been
    given, which is a withdrawal that lacks its scope.
    """
    people = _people(delivered)
    consents = {name: extract for name, extract in delivered.items() if extract.plan.table.name == "consents"}
    rows = pd.concat([_rows(name, extract, delivered) for name, extract in consents.items()] or [_no_rows()],
                     ignore_index=True)
    rows["who"] = rows["person"].map(people.one).astype("str")
    rows["rank"] = rows["status"].map({status: n for n, status in enumerate(STATUSES)})
    ordered = rows[rows["kind"].notna() & rows["who"].notna()].sort_values(
        ["date", "rank"], na_position="first", kind="stable")
    standing = ordered.drop_duplicates(["who", "kind"], keep="last").sort_values(["kind", "who"])
    faults, checks = _faults(rows, ordered, standing, consents, people)
    # Where a study lets such a record pass, what it does not say is read at its safest.
    unsaid = standing["status"].eq("withdrawn") & standing["kind"].isin(SCOPED) & (
        standing["scope"].isna() | (standing["scope"].eq("no further collection") & standing["date"].isna()))
    standing = standing.assign(scope=standing["scope"].mask(unsaid, "no further use"))
    return Decisions(standing[["who", "kind", "status", "date", "scope"]].reset_index(drop=True), people,
                     faults, checks)


def column_of(extract: Delivered, name: str, delivered: Mapping[str, Delivered]) -> pd.Series:
    """A column of an extract as our codes, dates and numbers; missing where it is not delivered or cannot be read."""
    plan, frame = extract.plan.column(name), extract.frame
    if plan is None:
        return pd.Series([None] * len(frame), index=frame.index, dtype="str")
    if plan.value:
        return pd.Series(plan.value, index=frame.index, dtype="str")
    if plan.through:
        return identities(extract, name, delivered).astype("str")
    if plan.type == "date":
        return moments(frame[name], plan.format).astype("datetime64[s]")
    return (frame[name].map(plan.codes) if plan.codes else frame[name]).astype("str")


def _rows(name: str, extract: Delivered, delivered: Mapping[str, Delivered]) -> pd.DataFrame:
    rows = pd.DataFrame({column: column_of(extract, column, delivered)
                         for column in ("person", "kind", "status", "date", "scope")})
    rows["date"] = pd.to_datetime(rows["date"])
    return rows.assign(extract=name, position=range(len(rows)))


def _no_rows() -> pd.DataFrame:
    columns = ["person", "kind", "status", "date", "scope", "extract", "position"]
    return pd.DataFrame({name: pd.Series(dtype="datetime64[s]" if name == "date" else "str") for name in columns})


def _people(delivered: Mapping[str, Delivered]) -> People:
    patients, participants, patient_of = set(), set(), {}
    for extract in delivered.values():
        has = {name for name in ("patient_id", "participant_id") if extract.plan.column(name)}
        found = {name: column_of(extract, name, delivered) for name in has}
        patients |= set(found.get("patient_id", pd.Series(dtype="str")).dropna().tolist())
        participants |= set(found.get("participant_id", pd.Series(dtype="str")).dropna().tolist())
        if extract.plan.table.name == "identifiers" and len(has) == 2:
            pairs = pd.DataFrame(found).dropna()
            patient_of |= dict(zip(pairs["participant_id"].tolist(), pairs["patient_id"].tolist(), strict=True))
    return People(frozenset(patients), frozenset(participants), patient_of)


def _faults(rows: pd.DataFrame, ordered: pd.DataFrame, standing: pd.DataFrame, consents: Mapping[str, Delivered],
            people: People) -> tuple[pd.DataFrame, pd.DataFrame]:
    if not consents:
        return pd.DataFrame(columns=FAULTS), pd.DataFrame(columns=CHECKS)
    gone, stands = rows["status"].eq("withdrawn"), rows.index.isin(standing.index)
    said_yes = ordered.loc[ordered["status"].eq("given") & ordered["kind"].eq("evaluation"), "who"]
    known = rows["who"].isin(people.patients) | (
        rows["person"].isin(people.participants) & rows["kind"].ne("evaluation"))
    two = rows["person"].isin(people.patients) & rows["who"].ne(rows["person"])  # a patient's number and another's
    broken = {
        ("withdrawal has its date", "date"): gone & rows["date"].isna(),
        ("withdrawal has its scope", "scope"): gone & stands & rows["kind"].isin(SCOPED) & rows["scope"].isna(),
        ("withdrawal of a known person", "person"): gone & rows["kind"].ne(OPT_OUT) & (~known | two),
        ("no decline after consent", "status"):
            rows["status"].eq("declined") & rows["kind"].eq("evaluation") & stands & rows["who"].isin(said_yes)}
    faults, checks = [], []
    for name, extract in consents.items():
        for (rule, column), bad in broken.items():
            here = rows.loc[bad & rows["extract"].eq(name), "position"]
            checks.append([name, column, rule, extract.plan.severity(rule), len(extract.frame), len(here)])
            place = column if column in extract.frame else ""  # the scope may not be among what is delivered
            faults += faults_at(extract, rule, place, [int(position) for position in here])
    return pd.DataFrame(faults, columns=FAULTS), pd.DataFrame(checks, columns=CHECKS)
