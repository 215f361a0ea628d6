"""Whether what is recorded of a person may be there: what is seen in, the rows that say otherwise, out."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.extracts.checks.seen import Bad, Seen, days_of
from analysis.reference.records import records

GATHERED = {"contacts": "date", "responses": "date", "prescriptions": "issued_on", "interviews": "date",
            "interventions": "offered_on", "events": "date"}


def without_consent(seen: Seen) -> Iterator[Bad]:
    """A consent without a day counts as given before; one of `interview` that was withdrawn is another rule's."""
    interviews, consents = seen.table("interviews", "participant_id"), _consents(seen)
    if interviews is None or consents is None or not consents["kind"].eq("interview").any():
        return
    given = consents[(consents["kind"] == "interview") & (consents["status"] == "given")]
    first = given.assign(date=given["date"].fillna(pd.Timestamp.min.ceil("s"))).groupby("who")["date"].min()
    who = seen.person_of(interviews["participant_id"])
    consented = days_of(who, first)
    late = interviews["date"] < consented if "date" in interviews else pd.Series(False, index=interviews.index)
    yield Bad(interviews, "participant_id", consented.isna() | late)


def after_withdrawal(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'nothing after withdrawal'."""
    consents = _consents(seen)
    if consents is None:
        return
    withdrawn = consents[(consents["status"] == "withdrawn") & (consents["kind"] == "evaluation")].dropna(
        subset=["date"])
    if withdrawn.empty:
        return
    last = withdrawn.groupby("who")["date"].min()
    for table, column in GATHERED.items():
        for extract in seen.of_table(table):
            rows = seen.rows(extract.plan.name)
            if extract.plan.column(column) and len(rows):
                who = seen.people(extract.plan.name)
                yield Bad(rows, column, rows[column] > days_of(who, last))


def withdrawn_before_given(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'withdrawn after it was given'."""
    consents = _consents(seen)
    if consents is None or not consents["status"].eq("withdrawn").any():
        return
    given = consents[consents["status"] == "given"].groupby(["who", "kind"])["date"].min().rename("given")
    both = consents.join(given, on=["who", "kind"])
    yield Bad(consents, "date", (both["status"] == "withdrawn") & (both["date"] < both["given"]))


def two_at_once(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'one consent at a time'."""
    consents = _consents(seen)
    if consents is not None:
        known = consents.dropna(subset=["who", "kind", "date"])
        first = known.groupby(["who", "kind", "date"])["status"].transform("first")
        yield Bad(consents, "status", (known["status"] != first).reindex(consents.index, fill_value=False))


def opted_out(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'no opt-out code'."""
    for extract, one in seen.asked.items():
        for column in one.plan.delivered:
            if column.type in ("id", "category", "text"):
                yield Bad(seen.rows(extract), column.name,
                          seen.text(extract, column.name).isin(records().opt_out_codes))


def _consents(seen: Seen) -> pd.DataFrame | None:
    """The consents with `who`: the patient behind a participant's name."""
    rows = seen.table("consents", "person", "date")
    if rows is None or not {"kind", "status"} <= set(rows):
        return None
    return rows.assign(who=seen.person_of(rows["person"]))


BREAKS = {
    "interview with consent": without_consent, "nothing after withdrawal": after_withdrawal,
    "withdrawn after it was given": withdrawn_before_given, "one consent at a time": two_at_once,
    "no opt-out code": opted_out}
