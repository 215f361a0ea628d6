"""Participant flow: patients, referrals, episodes and interview recruitment in; boxes that conserve out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from analysis.measures.cells import Cells, levels
from analysis.measures.summary import About, Summary

NOT_STARTED = "accepted, not started"  # of an approach, where the person accepted and has no episode
NOT_RECORDED = "not recorded"
OTHERS = {NOT_STARTED: "Accepted, and not started", NOT_RECORDED: "Response not recorded"}
ADDS_UP = "Each box is the sum of the boxes that leave it."


def last_responses(referrals: pd.DataFrame) -> pd.DataFrame:
    """
    One row a person: the last approach to them by date; of two on one day, the one later in the extract.

    An approach without a date is the first: that somebody was identified again does not undo an invitation.
    """
    dated = referrals.sort_values("invited_on", kind="stable", na_position="first")
    return dated.drop_duplicates("patient_id", keep="last")


def approaches(referrals: pd.DataFrame, episodes: pd.DataFrame) -> pd.DataFrame:
    """
    The approaches, each person's last one with a response that agrees with the episodes: enrolled is who has one.

    Somebody who accepted and has no episode (is still waiting, or never came) has 'accepted, not started'. Somebody
    with an episode enrolled, whatever the response says, and was approached also where no approach is on record: so
    every page counts the same people as enrolled. The rules 'enrolled person has an episode' and 'episode of an
    enrolled person' tell of both.
    """
    last, started = last_responses(referrals), set(episodes["patient_id"].dropna())
    has = last["patient_id"].isin(started)
    made = referrals.copy()
    made.loc[last.index[has & last["response"].ne("enrolled")], "response"] = "enrolled"
    made.loc[last.index[~has & last["response"].eq("enrolled")], "response"] = NOT_STARTED
    unknown = sorted(started - set(referrals["patient_id"]))
    if not unknown:
        return made
    return pd.concat([made, pd.DataFrame({"patient_id": unknown, "response": "enrolled"}).astype("str")],
                     ignore_index=True)


def never_invited(last: pd.DataFrame) -> pd.Series:
    """Of `last_responses`, who was identified and not invited: neither a day of invitation nor a response."""
    return last["invited_on"].isna() & last["response"].isna()


def participant_flow(referrals: pd.DataFrame, episodes: pd.DataFrame, *, reasons: Sequence[str] = (),
                     withdrawals: pd.DataFrame | None = None, identified: bool = False,
                     others: Sequence[str] = ()) -> Summary:
    """
    From identified, where that is recorded, to invited and enrolled, with every reason for leaving as a box of its own.

    People whose records are no longer used are in no other box than "withdrew". The first box holds everybody: with
    `identified` (the referrals say when people were identified, or whether they were eligible) the people identified,
    of whom some were not eligible and some not invited; else everybody approached, where `withdrawals` (kind, stage,
    people; None where no consents are recorded) says that somebody withdrew. Boxes that leave it and hold nobody are
    left out where that may be shown.

    Counted in people, not approaches: a person invited twice is one, by the last response. Enrolled is whoever has an
    episode, which `approaches` says of the responses: flow that does not conserve is an error (ValueError), because a
    box that does not add up is a wrong number, not a rounding. Somebody invited although noted
    as not eligible was invited. `reasons` are the definition's; `others` are those of OTHERS that may occur.
    """
    cells = Cells("participant flow")
    everybody = last_responses(referrals)
    spared = never_invited(everybody) & identified
    last = everybody[~spared]
    joined = last["response"].eq("enrolled")
    if set(episodes["patient_id"]) != set(last.loc[joined, "patient_id"]):
        raise ValueError("the people with an episode are not those whose response was to enrol")
    invited = cells.people("invited", len(last), "invited")
    enrolled = cells.people("enrolled", int(joined.sum()), "enrolled")
    withdrew = None if withdrawals is None else withdrawals[withdrawals["kind"].eq("evaluation")]
    if identified:
        _identified(cells, everybody, spared, withdrew)
    elif withdrew is not None:
        _withdrew(cells, withdrew, invited)
    cells.row("Invited", {"People": ("{n}", {"n": invited})})
    _not_enrolled(cells, last[~joined], invited, reasons, others)
    _share_row(cells, "Enrolled", enrolled, invited, name="enrolled_share")
    return cells.summary(
        "Participant flow: invitation and enrolment",
        About("people invited", "people invited", "people without a recorded response have a row of their own"),
        notes=(ADDS_UP,), stub="Step", columns=("People", "Share of invited"))


def _not_enrolled(cells: Cells, last: pd.DataFrame, invited: str, reasons: Sequence[str],
                  others: Sequence[str]) -> None:
    """Those invited who did not enrol: by their response, and by the reason that they gave. Conserves (ValueError)."""
    everybody = cells.count(len(last), population="invited", response="not enrolled", name="not_enrolled")
    _share_row(cells, "Not enrolled", everybody, invited, depth=1, name="not_enrolled_share")
    out = 0
    for response in ("declined", "no reply"):
        rows, name = last[last["response"].eq(response)], response.replace(" ", "_")
        out += len(rows)
        count = cells.count(len(rows), population="invited", response=response, name=name)
        _share_row(cells, response.capitalize(), count, invited, depth=2, name=f"{name}_share")
        for reason, n in reasons_given(rows["reason"], reasons):
            cell = cells.count(n, population="invited", response=response, reason=reason)
            _share_row(cells, reason.capitalize(), cell, invited, depth=3, optional=True)
    for response in others:
        n = int((last["response"].isna() if response == NOT_RECORDED else last["response"].eq(response)).sum())
        out += n
        count = cells.count(n, population="invited", response=response)
        _share_row(cells, OTHERS[response], count, invited, depth=2, optional=True)
    conserves(len(last), out, "not enrolled")


def _identified(cells: Cells, everybody: pd.DataFrame, spared: pd.Series, withdrew: pd.DataFrame | None) -> None:
    """The box above 'invited': everybody identified, and those who left it before an invitation."""
    gone = 0 if withdrew is None else int(withdrew["people"].sum())
    unfit = spared & everybody.reindex(columns=["eligible"])["eligible"].eq("no").fillna(False)
    leaves = {"not eligible": int(unfit.sum()), "not invited": int((spared & ~unfit).sum())}
    conserves(len(everybody), int((~spared).sum()) + sum(leaves.values()), "identified")
    whole = cells.count(len(everybody) + gone, population="invited", step="identified", name="identified")
    cells.row("Identified", {"People": ("{n}", {"n": whole})})
    if withdrew is not None:
        _withdrawn_rows(cells, withdrew)
    for words, n in leaves.items():
        cell = cells.count(n, population="invited", step=words, name=words.replace(" ", "_"))
        cells.row(words.capitalize(), {"People": ("{n}", {"n": cell})}, depth=1, optional=True)


def _withdrew(cells: Cells, withdrawals: pd.DataFrame, invited: str) -> None:
    """The boxes above 'invited': everybody approached, and those who withdrew."""
    parts, withdrew = _withdrawn_cells(cells, withdrawals)
    approached = cells.total([invited, *parts.values()], "approached", population="invited", name="approached")
    cells.row("Approached", {"People": ("{n}", {"n": approached})}, optional=True, stays_with=withdrew)
    _withdrawn_rows(cells, withdrawals)


def _withdrawn_rows(cells: Cells, withdrawals: pd.DataFrame) -> None:
    parts, withdrew = _withdrawn_cells(cells, withdrawals)
    cells.row("Withdrew", {"People": ("{n}", {"n": withdrew})}, depth=1, optional=True)
    for words, part in parts.items():
        cells.row(words.capitalize(), {"People": ("{n}", {"n": part})}, depth=2, optional=True)


def _withdrawn_cells(cells: Cells, withdrawals: pd.DataFrame) -> tuple[dict[str, str], str]:
    """Those who withdrew by how far they had come, and all of them."""
    stages = {"enrolled": "after enrolling", "invited": "before enrolling", "listed": "before being invited",
              "": "records deleted"}
    people = {words: int(withdrawals.loc[withdrawals["stage"].fillna("").eq(stage), "people"].sum())
              for stage, words in stages.items()}
    conserves(int(withdrawals["people"].sum()), sum(people.values()), "withdrew")
    parts = {words: cells.count(n, population="invited", withdrew=words, name=f"withdrew_{words.replace(' ', '_')}")
             for words, n in people.items()}
    return parts, cells.total(list(parts.values()), "withdrew", population="invited", name="withdrew")


def enrolment_by_practice(patients: pd.DataFrame, referrals: pd.DataFrame, sites: dict[str, str], *,
                          returned: Mapping[str, Collection[str]] = MappingProxyType({}),
                          recruitment: pd.DataFrame | None = None) -> Summary:
    """
    Invited and enrolled people by practice (`sites`: code -> name), enrolled as a share of those invited there.

    `returned` names time points in words, each with the patient_id of the people who returned a questionnaire then;
    with `recruitment` there is a column of the people interviewed.
    """
    cells = Cells("participant flow")
    last = last_responses(referrals)
    people = last[~never_invited(last)].merge(patients[["patient_id", "practice"]], on="patient_id")
    interviewed = (set() if recruitment is None
                   else set(recruitment.loc[recruitment["response"].eq("interviewed"), "patient_id"]))
    later = {f"Returned, {label.lower()}": (f"returned at {label.lower()}", set(who))
             for label, who in returned.items()}
    later |= {} if recruitment is None else {"Interviewed": ("interviewed", interviewed)}
    for site, name in sites.items():
        here = people[people["practice"].eq(site)]
        joined = here.loc[here["response"].eq("enrolled"), "patient_id"]
        invited = cells.count(len(here), population="invited", practice=site)
        enrolled = cells.count(len(joined), population="enrolled", practice=site)
        cells.row(name, {"Invited": ("{n}", {"n": invited}), "Enrolled": ("{n}", {"n": enrolled}),
                         "Enrolled of invited": ("{share}", {"share": cells.share(enrolled, invited)})}
                  | {column: ("{n}", {"n": cells.count(int(joined.isin(who).sum()), population="enrolled",
                                                       practice=site, step=step)})
                     for column, (step, who) in later.items()})
    return cells.summary("Participant flow by practice" if later else "Invited and enrolled, by practice",
                         About("people invited", "people invited at the practice"), stub="Practice")


def interview_flow(recruitment: pd.DataFrame, *, reasons: Sequence[str] = (),
                   withdrawals: pd.DataFrame | None = None, enrolled: Collection[str] | None = None) -> Summary:
    """
    From enrolled to interviewed: who agreed to be contacted, who was invited, who took part, and why others did not.

    Everybody enrolled has one row in the recruitment log, but for those who withdrew their consent to the interview:
    `withdrawals` (as above) counts them. Where the log has no row of somebody among `enrolled`, they leave the flow by
    a box that says so; rows of anybody else are not of this flow. The recruitment rate is interviewed over invited.
    `reasons` are the definition's.
    """
    cells = Cells("interview recruitment")
    if enrolled is not None:
        recruitment = recruitment[recruitment["patient_id"].isin(enrolled)]
    contact = recruitment["contact"]
    agreed = recruitment[contact.eq("agreed")]
    invited = agreed[agreed["invited"].eq("yes")]
    gone = _recruits_who_withdrew(withdrawals)
    unlogged = None if enrolled is None else max(0, len(set(enrolled)) - len(recruitment) - gone)
    whole = len(recruitment) + gone + (unlogged or 0)
    enrolled = cells.people("enrolled", whole, "enrolled")
    cells.row("Enrolled", {"People": ("{n}", {"n": enrolled})})
    if withdrawals is not None:
        withdrew = cells.count(gone, population="enrolled", contact="withdrew", name="interview_withdrew")
        _share_row(cells, "Withdrew from the interview", withdrew, enrolled, depth=1, optional=True)
    if unlogged is not None:
        absent = cells.count(unlogged, population="enrolled", contact="not in the log", name="not_logged")
        _share_row(cells, "Not in the log of recruitment", absent, enrolled, depth=1, optional=True)
    left = gone + (unlogged or 0)
    left += _branch(cells, recruitment, contact.eq("declined"), "Declined to be contacted", "declined", enrolled,
                   "declined", reasons)
    left += _branch(cells, recruitment, contact.eq("not asked"), "Not asked", "not asked", enrolled, "not_asked",
                    reasons)
    conserves(whole, len(agreed) + left, "enrolled")
    said_yes = cells.count(len(agreed), population="enrolled", contact="agreed", name="agreed")
    _share_row(cells, "Agreed to be contacted", said_yes, enrolled, name="agreed_share")
    spared = _branch(cells, agreed, agreed["invited"].eq("no"), "Not invited", "agreed", enrolled, "not_invited",
                     reasons, invited="no")
    conserves(len(agreed), len(invited) + spared, "agreed to be contacted")
    asked = cells.count(len(invited), population="enrolled", contact="agreed", invited="yes", name="interview_invited")
    _share_row(cells, "Invited to interview", asked, enrolled)
    without = 0
    for response, name in (("no response", "no_response"), ("declined", "declined_interview")):
        n = int(invited["response"].eq(response).sum())
        without += n
        cell = cells.count(n, population="enrolled", contact="agreed", invited="yes", response=response, name=name)
        _share_row(cells, response.capitalize(), cell, enrolled, depth=1)
    done = int(invited["response"].eq("interviewed").sum())
    conserves(len(invited), done + without, "invited to interview")
    interviewed = cells.count(done, population="enrolled", contact="agreed", invited="yes", response="interviewed",
                              name="interviewed")
    _share_row(cells, "Interviewed", interviewed, enrolled, name="interviewed_share")
    rate = cells.share(interviewed, asked, "recruitment rate", name="recruitment_rate")
    cells.row("Interviewed, of those invited", {"Share of enrolled": ("{rate}", {"rate": rate})})
    return _interviews(cells)


def no_interview_flow() -> Summary:
    """The same of a study without a recruitment log: no line, and so no part in the diagram."""
    return _interviews(Cells("interview recruitment"))


def _interviews(cells: Cells) -> Summary:
    return cells.summary(
        "Interview recruitment among people enrolled",
        About("people enrolled", "people enrolled; in the last row, people invited to interview"),
        notes=(ADDS_UP,), stub="Step",
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
    for reason, n in reasons_given(part["reason"], known):
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


def reasons_given(reasons: pd.Series, known: Sequence[str]) -> list[tuple[str, int]]:
    """Reasons with their counts, in alphabetical order: an order by size would tell of a hidden count."""
    counted = reasons.fillna("no reason recorded").value_counts()
    rows = sorted({*levels(counted.index, known), "no reason recorded"})
    return [(reason, int(counted.get(reason, 0))) for reason in rows]


def conserves(whole: int, parts: int, box: str) -> None:
    """ValueError where what leaves a box is not what came in."""
    if whole != parts:
        raise ValueError(f"the flow does not conserve: {box} is {whole}, what leaves it is {parts}")
