"""
Delivered extracts in; what consent leaves of them, and the rows that it took out, out: before anything is checked.

A withdrawal acts by its kind and scope; the national data opt-out on extracts under section 251 support.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from analysis.extracts.consents.decisions import SCOPED, Decisions, column_of, decisions
from analysis.extracts.consents.opt_out import opted_out_rows
from analysis.extracts.people import people_of_rows
from analysis.extracts.read import Delivered
from analysis.study import Study

COLLECTION, USE, DELETE = "no further collection", "no further use", "delete"
# The day of a row: the first of these columns that is filled. A table that is not here has no day of its own; a topic
# or memo has that of its interview.
DATED = {
    "referrals": ("invited_on", "identified_on"), "episodes": ("started_on",), "contacts": ("date",),
    "interventions": ("offered_on", "started_on"), "prescriptions": ("issued_on",), "timepoints": ("due_on",),
    "responses": ("date",), "events": ("date",), "interviews": ("date",),
}
WITH_ITS_DAY = {"ended_on": ("end_reason",)}  # what is known only because of a later day in the same row
OF_INTERVIEWS = {"interviews": "interview_id", "asked": "interview_id", "memos": "about"}
OF_NOBODY = ("codes", "codings", "aggregates")
ABOUT_INTERVIEWS = ("interview", "quotation", "linkage", "archive")  # kinds of consent
ROWS = ["extract", "position", "table", "kind", "scope", "who", "leaves"]


@dataclass(frozen=True)
class Consented:
    """
    What consent left, and what it took; `analysis.extracts.consents.withdrawals` counts it.

    `rows` (ROWS) has one for each delivered row that a decision is about: it leaves, or stays for want of a date.
    `person` says whom each row of an extract is about. `delivered` is what is left of `before`.
    """

    before: Mapping[str, Delivered]
    delivered: Mapping[str, Delivered]
    decisions: Decisions
    rows: pd.DataFrame
    person: Mapping[str, pd.Series]

    @property
    def taken(self) -> pd.DataFrame:
        """The rows that left, each once: by the first decision that took it."""
        return self.rows[self.rows["leaves"]].drop_duplicates(["extract", "position"])

    @property
    def interviews(self) -> dict[str, str]:
        """Each interview that left, and the scope by which it did."""
        gone = self.taken[self.taken["table"] == "interviews"]
        return {self.before[one.extract].frame["interview_id"].iloc[one.position]: one.scope
                for one in gone.itertuples()}


def consented(study: Study, delivered: Mapping[str, Delivered]) -> Consented:
    """
    The extracts after every standing decision acted; those without consents and opt-outs as they came.

    Kinds: *evaluation* is all records about the person; *interview* the interview with its topics, memos, codings and
    the outcome of recruitment; *quotation*, *linkage* and *archive* take no row. Scopes: *no further collection* takes
    the rows dated after the withdrawal, and later days in rows that stay; *no further use* takes all rows; *delete*
    too, and leaves a bare count. A withdrawal means what the consent said (HRA guidance on withdrawal).
    Raises DefinitionMistake where an opt-out is recorded and an extract does not say its legal basis.
    """
    said = decisions(delivered)
    held = _Interviews(delivered)
    person = {name: _person_of_rows(extract, delivered, said, held) for name, extract in delivered.items()}
    withdrawn = _withdrawn(said)
    found = [pd.DataFrame({name: pd.Series(dtype=object) for name in ROWS})]
    for name, extract in delivered.items():
        day = _day(extract, delivered, held)
        found += [_rows(name, extract, kind, person[name].where(mine), withdrawn[kind], day)
                  for kind, mine in _whose(extract, delivered, person[name])]
    found.append(opted_out_rows(study, delivered, said, person)[ROWS])
    rows = pd.concat([frame for frame in found if len(frame)] or found[:1], ignore_index=True)
    rows["leaves"] = rows["leaves"].astype(bool)
    rows = _with_recruitment(rows, delivered, person)
    whole = Consented(delivered, delivered, said, rows, person)
    gone = {name: list(part["position"]) for name, part in whole.taken.groupby("extract")}
    return replace(whole, delivered={
        name: _without(extract, gone.get(name, []), person[name], withdrawn, delivered)
        for name, extract in delivered.items()})


class _Interviews:
    """Interview -> participant, and the day it was held."""

    def __init__(self, delivered: Mapping[str, Delivered]):
        self.participant: dict[str, str] = {}
        self.day: dict[str, pd.Timestamp] = {}
        for extract in delivered.values():
            if extract.plan.table.name == "interviews":
                numbers = extract.frame["interview_id"]
                self.participant |= dict(zip(numbers, extract.frame["participant_id"], strict=True))
                self.day |= dict(zip(numbers, column_of(extract, "date", delivered), strict=True))


@dataclass(frozen=True)
class _Withdrawn:
    """Who withdrew one kind of consent: by which scope, since when."""

    scope: Mapping[str, str]
    date: Mapping[str, pd.Timestamp]

    def by(self, *scopes: str) -> list[str]:
        return [who for who, scope in self.scope.items() if scope in scopes]


def _withdrawn(said: Decisions) -> dict[str, _Withdrawn]:
    """The withdrawals that stand, by kind."""
    gone = said.standing[said.standing["status"] == "withdrawn"]
    kinds = {kind: gone[gone["kind"] == kind] for kind in SCOPED}
    return {kind: _Withdrawn(*(dict(zip(of["who"], of[column], strict=True)) for column in ("scope", "date")))
            for kind, of in kinds.items()}


def _person_of_rows(extract: Delivered, delivered: Mapping[str, Delivered], said: Decisions,
                    held: _Interviews) -> pd.Series:
    """Whom each row is about, a participant as the patient that they are; missing where it names nobody."""
    table = extract.plan.table.name
    named = (column_of(extract, OF_INTERVIEWS[table], delivered).map(held.participant) if table in ("asked", "memos")
             else people_of_rows(extract, delivered))
    return named.map(said.people.one, na_action="ignore").astype("str")


def _whose(extract: Delivered, delivered: Mapping[str, Delivered], person: pd.Series,
           ) -> Iterator[tuple[str, pd.Series]]:
    """Each kind of consent that an extract's rows fall under, and which rows those are."""
    table, every = extract.plan.table.name, pd.Series(True, index=person.index)
    if table in OF_INTERVIEWS:
        yield "interview", every
    elif table == "consents":
        as_patient = column_of(extract, "person", delivered).eq(person)
        yield "evaluation", as_patient
        yield "interview", ~as_patient | column_of(extract, "kind", delivered).isin(ABOUT_INTERVIEWS)
    elif table not in OF_NOBODY:
        yield "evaluation", every
        if table == "recruitment" or (table == "identifiers" and _is_interview_key(extract)):
            yield "interview", every


def _is_interview_key(extract: Delivered) -> bool:
    """Whether the extract links participants and nothing else: then a withdrawn interview takes the whole row."""
    return bool(extract.plan.column("participant_id")) and not extract.plan.column("nhs_number")


def _day(extract: Delivered, delivered: Mapping[str, Delivered], held: _Interviews) -> pd.Series | None:
    """The day of each row; None where rows of the table have none."""
    table = extract.plan.table.name
    if table in OF_INTERVIEWS:
        days = column_of(extract, OF_INTERVIEWS[table], delivered).map(held.day)
    elif table in DATED:
        first, *others = (column_of(extract, name, delivered) for name in DATED[table])
        days = pd.to_datetime(first)
        for other in others:
            days = days.where(days.notna(), pd.to_datetime(other))
    else:
        return None
    return pd.to_datetime(days)


def _rows(name: str, extract: Delivered, kind: str, person: pd.Series, withdrawn: _Withdrawn,
          day: pd.Series | None) -> pd.DataFrame:
    """The rows (ROWS) of the people who withdrew that kind of consent: those that leave, and those without a date."""
    scope = person.map(withdrawn.scope)
    leaves, unknown = scope.isin([USE, DELETE]), pd.Series(False, index=scope.index)
    if day is not None:
        only = scope.eq(COLLECTION)
        leaves = leaves | (only & day.gt(pd.to_datetime(person.map(withdrawn.date))))
        unknown = only & day.isna()
    about = (leaves | unknown).to_numpy()
    return pd.DataFrame({"extract": name, "position": about.nonzero()[0], "table": extract.plan.table.name,
                         "kind": kind, "scope": scope[about].to_numpy(), "who": person[about].to_numpy(),
                         "leaves": leaves[about].to_numpy()})


def _with_recruitment(rows: pd.DataFrame, delivered: Mapping[str, Delivered],
                      person: Mapping[str, pd.Series]) -> pd.DataFrame:
    """The rows, and the outcome of recruitment of whoever's interview leaves because it was held after withdrawal."""
    late = rows[rows["table"].eq("interviews") & rows["scope"].eq(COLLECTION) & rows["leaves"]]
    more = [pd.DataFrame({"extract": name, "position": about.nonzero()[0], "table": "recruitment",
                          "kind": "interview", "scope": COLLECTION, "who": person[name][about].to_numpy(),
                          "leaves": True})
            for name, extract in delivered.items() if extract.plan.table.name == "recruitment"
            for about in [person[name].isin(late["who"]).to_numpy()] if about.any()]
    return pd.concat([rows, *more], ignore_index=True)


def _without(extract: Delivered, gone: list[int], person: pd.Series, withdrawn: Mapping[str, _Withdrawn],
             delivered: Mapping[str, Delivered]) -> Delivered:
    """The extract without those rows, and without what rows that stay hold of a later day or of the interview."""
    frame = extract.frame.copy()
    table, stopped = extract.plan.table.name, withdrawn["evaluation"]
    since = pd.to_datetime(person.where(person.isin(stopped.by(COLLECTION))).map(stopped.date))
    if since.notna().any() and table not in (*OF_INTERVIEWS, *OF_NOBODY, "consents"):
        for column in extract.plan.columns:
            if column.type == "date" and column.source and column.name != DATED.get(table, ("",))[0]:
                later = pd.to_datetime(column_of(extract, column.name, delivered)).gt(since)
                for name in (column.name, *WITH_ITS_DAY.get(column.name, ())):
                    if name in frame:
                        frame[name] = frame[name].mask(later)
    if table == "identifiers" and "participant_id" in frame and not _is_interview_key(extract):
        frame["participant_id"] = frame["participant_id"].mask(person.isin(withdrawn["interview"].by(USE, DELETE)))
    frame = frame.drop(index=frame.index[gone]).reset_index(drop=True)
    declared = extract.plan.rows  # of the file, in which those rows still are
    return replace(extract, frame=frame, plan=extract.plan if declared is None else replace(
        extract.plan, rows=declared - len(gone)))
