"""Participant flow: patients, referrals, episodes and interview recruitment in; boxes that conserve out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.measures.summary import About, Cells, Summary, levels


def last_responses(referrals: pd.DataFrame) -> pd.DataFrame:
    """One row a person: the last approach to them by date; of two on one day, the one later in the extract."""
    return referrals.sort_values("invited_on", kind="stable").drop_duplicates("patient_id", keep="last")


def participant_flow(referrals: pd.DataFrame, episodes: pd.DataFrame, *, reasons: Sequence[str] = (),
                     withdrawals: pd.DataFrame | None = None) -> Summary:
    """
    From invited to enrolled, with every reason for leaving as a box of its own.

    People whose records are no longer used are in no other box than "withdrew"; everybody approached is those and the
    people invited. `withdrawals` is the table of that name (kind, stage, people), None where no consents are recorded.
    Where nobody withdrew, and that may be shown, the two boxes are left out.

    Counted in people, not approaches: a person invited twice is one, by the last response. Enrolled is whoever said
    so in response, and each of them must have an episode and nobody else may: flow that does not conserve is an error
    (ValueError), because a box that does not add up is a wrong number, not a rounding. `reasons` are the definition's.
    """
    cells = Cells("participant flow")
    last = last_responses(referrals)
    joined = last["response"].eq("enrolled")
    if set(episodes["patient_id"]) != set(last.loc[joined, "patient_id"]):
        raise ValueError("the people with an episode are not those whose response was to enrol")
    invited = cells.people("invited", len(last), "invited")
    enrolled = cells.people("enrolled", int(joined.sum()), "enrolled")
    if withdrawals is not None:
        _withdrew(cells, withdrawals[withdrawals["kind"].eq("evaluation")], invited)
    cells.row("Invited", {"People": ("{n}", {"n": invited})})
    not_enrolled = cells.count(int((~joined).sum()), population="invited", response="not enrolled", name="not_enrolled")
    _share_row(cells, "Not enrolled", not_enrolled, invited, depth=1, name="not_enrolled_share")
    out = 0
    for response in ("declined", "no reply"):
        rows = last[last["response"].eq(response)]
        out += len(rows)
        count = cells.count(len(rows), population="invited", response=response, name=response.replace(" ", "_"))
        _share_row(cells, response.capitalize(), count, invited, depth=2)
        for reason, n in _reasons(rows["reason"], reasons):
            cell = cells.count(n, population="invited", response=response, reason=reason)
            _share_row(cells, reason.capitalize(), cell, invited, depth=3, optional=True)
    _conserves(int((~joined).sum()), out, "not enrolled")
    _share_row(cells, "Enrolled", enrolled, invited, name="enrolled_share")
    return cells.summary(
        "Participant flow: invitation and enrolment",
        About("people invited", "people invited", "people without a recorded response would stop the report"),
        notes=("Each box is the sum of the boxes that leave it.",), stub="Step", columns=("People", "Share of invited"))


def _withdrew(cells: Cells, withdrawals: pd.DataFrame, invited: str) -> None:
    """The boxes above 'invited': everybody approached, and those who withdrew, by how far they had come."""
    stages = {"enrolled": "after enrolling", "invited": "before enrolling", "listed": "before being invited",
              "": "records deleted"}
    people = {words: int(withdrawals.loc[withdrawals["stage"].fillna("").eq(stage), "people"].sum())
              for stage, words in stages.items()}
    _conserves(int(withdrawals["people"].sum()), sum(people.values()), "withdrew")
    parts = {words: cells.count(n, population="invited", withdrew=words, name=f"withdrew_{words.replace(' ', '_')}")
             for words, n in people.items()}
    withdrew = cells.total(list(parts.values()), "withdrew", population="invited", name="withdrew")
    approached = cells.total([invited, *parts.values()], "approached", population="invited", name="approached")
    cells.row("Approached", {"People": ("{n}", {"n": approached})}, optional=True, stays_with=withdrew)
    cells.row("Withdrew", {"People": ("{n}", {"n": withdrew})}, depth=1, optional=True)
    for words, part in parts.items():
        cells.row(words.capitalize(), {"People": ("{n}", {"n": part})}, depth=2, optional=True)


def enrolment_by_practice(patients: pd.DataFrame, referrals: pd.DataFrame, sites: dict[str, str]) -> Summary:
    """Invited and enrolled people by practice (`sites`: code -> name), enrolled as a share of those invited there."""
    cells = Cells("participant flow")
    people = last_responses(referrals).merge(patients[["patient_id", "practice"]], on="patient_id")
    for site, name in sites.items():
        here = people[people["practice"].eq(site)]
        invited = cells.count(len(here), population="invited", practice=site)
        enrolled = cells.count(int(here["response"].eq("enrolled").sum()), population="enrolled", practice=site)
        cells.row(name, {"Invited": ("{n}", {"n": invited}), "Enrolled": ("{n}", {"n": enrolled}),
                         "Enrolled of invited": ("{share}", {"share": cells.share(enrolled, invited)})})
    return cells.summary("Invited and enrolled, by practice",
                         About("people invited", "people invited at the practice"), stub="Practice")


def interview_flow(recruitment: pd.DataFrame, *, reasons: Sequence[str] = (),
                   withdrawals: pd.DataFrame | None = None) -> Summary:
    """
    From enrolled to interviewed: who agreed to be contacted, who was invited, who took part, and why others did not.

    Everybody enrolled has one row in the recruitment log, but for those who withdrew their consent to the interview:
    `withdrawals` (as above) counts them. The recruitment rate is interviewed over invited. `reasons` are the
    definition's.
    """
    cells = Cells("interview recruitment")
    contact = recruitment["contact"]
    agreed = recruitment[contact.eq("agreed")]
    invited = agreed[agreed["invited"].eq("yes")]
    gone = _recruits_who_withdrew(withdrawals)
    enrolled = cells.people("enrolled", len(recruitment) + gone, "enrolled")
    cells.row("Enrolled", {"People": ("{n}", {"n": enrolled})})
    if withdrawals is not None:
        withdrew = cells.count(gone, population="enrolled", contact="withdrew", name="interview_withdrew")
        _share_row(cells, "Withdrew from the interview", withdrew, enrolled, depth=1, optional=True)
    left = gone + _branch(cells, recruitment, contact.eq("declined"), "Declined to be contacted", "declined", enrolled,
                   "declined", reasons)
    left += _branch(cells, recruitment, contact.eq("not asked"), "Not asked", "not asked", enrolled, "not_asked",
                    reasons)
    _conserves(len(recruitment) + gone, len(agreed) + left, "enrolled")
    said_yes = cells.count(len(agreed), population="enrolled", contact="agreed", name="agreed")
    _share_row(cells, "Agreed to be contacted", said_yes, enrolled, name="agreed_share")
    spared = _branch(cells, agreed, agreed["invited"].eq("no"), "Not invited", "agreed", enrolled, "not_invited",
                     reasons, invited="no")
    _conserves(len(agreed), len(invited) + spared, "agreed to be contacted")
    asked = cells.count(len(invited), population="enrolled", contact="agreed", invited="yes", name="interview_invited")
    _share_row(cells, "Invited to interview", asked, enrolled)
    without = 0
    for response, name in (("no response", "no_response"), ("declined", "declined_interview")):
        n = int(invited["response"].eq(response).sum())
        without += n
        cell = cells.count(n, population="enrolled", contact="agreed", invited="yes", response=response, name=name)
        _share_row(cells, response.capitalize(), cell, enrolled, depth=1)
    done = int(invited["response"].eq("interviewed").sum())
    _conserves(len(invited), done + without, "invited to interview")
    interviewed = cells.count(done, population="enrolled", contact="agreed", invited="yes", response="interviewed",
                              name="interviewed")
    _share_row(cells, "Interviewed", interviewed, enrolled, name="interviewed_share")
    rate = cells.share(interviewed, asked, "recruitment rate", name="recruitment_rate")
    cells.row("Interviewed, of those invited", {"Share of enrolled": ("{rate}", {"rate": rate})})
    return cells.summary(
        "Interview recruitment among people enrolled",
        About("people enrolled", "people enrolled; in the last row, people invited to interview"),
        notes=("Each box is the sum of the boxes that leave it.",), stub="Step",
        columns=("People", "Share of enrolled"))


def _recruits_who_withdrew(withdrawals: pd.DataFrame | None) -> int:
    if withdrawals is None:
        return 0
    return int(withdrawals.loc[withdrawals["kind"].eq("interview") & withdrawals["stage"].eq("recruited"),
                               "people"].sum())


def _branch(cells: Cells, people: pd.DataFrame, rows: pd.Series, label: str, contact: str, whole: str, name: str,
            known: Sequence[str], **dimensions: str) -> int:
    """A box that leaves the flow, with its reasons under it. Returns how many people it holds."""
    part = people[rows.fillna(False)]
    cell = cells.count(len(part), population="enrolled", contact=contact, name=name, **dimensions)
    _share_row(cells, label, cell, whole, depth=1)
    for reason, n in _reasons(part["reason"], known):
        count = cells.count(n, population="enrolled", contact=contact, reason=reason,
                            name=f"{name}_{reason.replace(' ', '_')}", **dimensions)
        _share_row(cells, reason.capitalize(), count, whole, depth=2, optional=True)
    return len(part)


def _share_row(cells: Cells, label: str, count: str, whole: str, *, depth: int = 0, name: str = "",
               optional: bool = False) -> None:
    of = "Share of invited" if cells.measure == "participant flow" else "Share of enrolled"
    cells.row(label, {"People": ("{n}", {"n": count}),
                      of: ("{share}", {"share": cells.share(count, whole, name=name)})},
              depth=depth, optional=optional)


def _reasons(reasons: pd.Series, known: Sequence[str]) -> list[tuple[str, int]]:
    """Reasons with their counts, in alphabetical order: an order by size would tell of a hidden count."""
    counted = reasons.fillna("no reason recorded").value_counts()
    rows = sorted({*levels(counted.index, known), "no reason recorded"})
    return [(reason, int(counted.get(reason, 0))) for reason in rows]


def _conserves(whole: int, parts: int, box: str) -> None:
    if whole != parts:
        raise ValueError(f"the flow does not conserve: {box} is {whole}, what leaves it is {parts}")
