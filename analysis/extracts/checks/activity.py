"""Whether approaches, episodes, contacts and interventions fit together: what is seen in, the rows that do not, out."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.extracts.checks.seen import Bad, Seen, days_of

FROM_TO = {"episodes": ("started_on", "ended_on"), "interventions": ("started_on", "ended_on"),
           "patients": ("registered_on", "deregistered_on")}


def ends_before(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'end not before start'."""
    for table, (start, end) in FROM_TO.items():
        yield from _earlier(seen, table, end, start)
    for extract in seen.of_table("episodes"):  # a list of discharges: the approach is the earliest that is known
        rows, asked = seen.rows(extract.plan.name), seen.table("referrals", "patient_id")
        if extract.plan.column("started_on") is None and "ended_on" in rows and len(rows) and asked is not None:
            days = asked.reindex(columns=["identified_on", "invited_on"]).min(axis=1)
            first = pd.to_datetime(days).groupby(asked["patient_id"]).min()
            yield Bad(rows, "ended_on", rows["ended_on"] < days_of(rows["patient_id"], first))


def outside(seen: Seen) -> Iterator[Bad]:
    """
    An episode without an end is open. People without any episode, or with one whose start is not known, are left out:
    'complete' and 'enrolled person has an episode' tell of those.
    """
    contacts = seen.table("contacts", "patient_id", "date")
    episodes = seen.table("episodes", "patient_id", "started_on")
    if contacts is None or episodes is None:
        return
    episodes = episodes.reindex(columns=["patient_id", "started_on", "ended_on"]).astype({"ended_on": "datetime64[s]"})
    unknown = episodes.loc[episodes["started_on"].isna(), "patient_id"]
    episodes = episodes[~episodes["patient_id"].isin(unknown)]
    allowed = pd.Timedelta(days=seen.days("contact within an episode"))
    pairs = contacts[["patient_id", "date"]].reset_index().merge(episodes, how="left", on="patient_id")
    within = (pairs["date"] >= pairs["started_on"] - allowed) & (
        pairs["ended_on"].isna() | (pairs["date"] <= pairs["ended_on"] + allowed))
    inside = within.groupby(pairs["index"]).any()
    told = contacts["date"].notna() & contacts["patient_id"].isin(episodes["patient_id"])
    yield Bad(contacts, "date", told & ~inside.reindex(contacts.index, fill_value=False))


def overlapping(seen: Seen) -> Iterator[Bad]:
    """The later of two episodes is named. An episode without an end overlaps all that begin after it."""
    rows = seen.table("episodes", "patient_id", "started_on", "ended_on")
    if rows is None:
        return
    ordered = rows.dropna(subset=["patient_id", "started_on"]).sort_values(["patient_id", "started_on"], kind="stable")
    ends = ordered["ended_on"].fillna(pd.Timestamp.max.floor("s"))
    latest = ends.groupby(ordered["patient_id"]).cummax().groupby(ordered["patient_id"]).shift()
    yield Bad(rows, "started_on", (ordered["started_on"] < latest).reindex(rows.index, fill_value=False))


def invited_before_identified(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'invited after being identified'."""
    yield from _earlier(seen, "referrals", "invited_on", "identified_on")


def answered_before_invited(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'answered after the invitation'."""
    yield from _earlier(seen, "referrals", "responded_on", "invited_on")


def started_before_offered(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'started after it was offered'."""
    yield from _earlier(seen, "interventions", "started_on", "offered_on")


def episode_before_invitation(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'episode after the invitation'."""
    referrals, rows = seen.table("referrals", "patient_id", "invited_on"), seen.table("episodes", "started_on")
    if referrals is not None and rows is not None:
        invited = referrals.groupby("patient_id")["invited_on"].min()
        yield Bad(rows, "started_on", rows["started_on"] < days_of(rows["patient_id"], invited))


def enrolled_without_episode(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'enrolled person has an episode'."""
    referrals, episodes = seen.table("referrals", "patient_id", "response"), _stays(seen)
    if referrals is not None and episodes is not None:
        lacks = referrals["response"].eq("enrolled") & ~referrals["patient_id"].isin(episodes["patient_id"])
        yield Bad(referrals, "response", lacks & _more_than_nameless(seen, referrals[lacks], episodes))


def episode_without_enrolment(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'episode of an enrolled person'."""
    referrals, episodes = seen.table("referrals", "patient_id", "response"), _stays(seen)
    if referrals is not None and episodes is not None:
        enrolled = referrals.loc[referrals["response"] == "enrolled", "patient_id"]
        lacks = episodes["patient_id"].notna() & ~episodes["patient_id"].isin(enrolled)
        yield Bad(episodes, "patient_id", lacks & _more_than_nameless(seen, episodes[lacks], referrals))


def _stays(seen: Seen) -> pd.DataFrame | None:
    """Who has an episode. A list without starts is one of discharges: who is not on it may well have begun."""
    return seen.table("episodes", "patient_id", "started_on")


def _more_than_nameless(seen: Seen, lacking: pd.DataFrame, rows: pd.DataFrame) -> bool:
    """
    Whether more people lack a row than there are rows that name nobody known.

    Such a row, of which another rule tells, may be the one that seems to be missing; of more people than that, somebody
    lacks one, and nobody can say who does not.
    """
    patients = seen.table("patients", "patient_id")
    known = rows["patient_id"].notna()
    if patients is not None:
        known &= rows["patient_id"].isin(patients["patient_id"])
        lacking = lacking[lacking["patient_id"].isin(patients["patient_id"])]
    return lacking["patient_id"].nunique() > int((~known).sum())


def _earlier(seen: Seen, table: str, late: str, early: str) -> Iterator[Bad]:
    """Rows whose date that should be the later one is the earlier one."""
    rows = seen.table(table, late, early)
    if rows is not None:
        yield Bad(rows, late, rows[late] < rows[early])


BREAKS = {
    "end not before start": ends_before, "contact within an episode": outside, "episodes do not overlap": overlapping,
    "invited after being identified": invited_before_identified,
    "answered after the invitation": answered_before_invited,
    "episode after the invitation": episode_before_invitation,
    "enrolled person has an episode": enrolled_without_episode,
    "episode of an enrolled person": episode_without_enrolment, "started after it was offered": started_before_offered}
