"""Drafts in; stays that are said beside referrals, from start to end or with their discharge alone, out."""

from __future__ import annotations

from dataclasses import replace

from analysis.extracts.proposal.draft import Draft
from analysis.extracts.proposal.items import Items
from analysis.extracts.proposal.tables import meanings_in
from analysis.extracts.tables import TABLES

SURE = 0.65  # how sure a heading must be to be read as part of a second table
APPROACHED = {"identified_on", "invited_on", "response"}


def stays_of_referrals(made: list[Draft]) -> None:
    """
    A list of referrals that also says when the service began, where no other file does, is read twice: as approaches,
    and as stays of the rows in which it did.
    """
    approaches, stays = TABLES["referrals"], TABLES["episodes"]
    there = {draft.reading.table.name for draft in made}
    for draft in [draft for draft in made if draft.reading.table in (approaches, stays) and not draft.preset]:
        one = draft.reading
        if {"referrals", "episodes"} <= there or not one.meaning("patient_id"):
            continue
        of_stays = [m for m in meanings_in(one, stays) if m.column.name != "patient_id" and m.score >= SURE]
        own = {m.heading for m in of_stays}
        rest = replace(one, guesses=tuple(guess for guess in one.guesses if guess.heading not in own))
        of_approaches = [m for m in meanings_in(rest, approaches) if m.column.name != "patient_id"]
        start = next((m for m in of_stays if m.column.name == "started_on"), None)
        if not start or not APPROACHED & {m.column.name for m in of_approaches}:
            continue
        person = one.meaning("patient_id")
        draft.reading = replace(one, table=approaches, meanings=(
            replace(person, column=approaches.column("patient_id")), *of_approaches))
        made.append(Draft(replace(one, table=stays, asked=Items(), meanings=(
            replace(person, column=stays.column("patient_id")), *of_stays)), draft.files, keep=(start.heading,)))


def discharges_of_referrals(made: list[Draft]) -> None:
    """
    A list of referrals that says when people were discharged and not when they began, where no file lists stays and
    one has contacts, is read twice: as approaches, and as discharges of the stays that are made of contacts.
    """
    approaches, stays = TABLES["referrals"], TABLES["episodes"]
    there = {draft.reading.table.name for draft in made}
    lists = [draft for draft in made if draft.reading.table is approaches and not draft.preset
             and draft.reading.meaning("patient_id")]
    if stays.name in there or "contacts" not in there or len(lists) != 1:
        return
    one = lists[0].reading
    told = [m for m in meanings_in(one, stays) if m.column.name in ("ended_on", "end_reason") and m.score >= SURE]
    rest = replace(one, guesses=tuple(guess for guess in one.guesses if guess.heading not in {m.heading for m in told}))
    of_approaches = [m for m in meanings_in(rest, approaches) if m.column.name != "patient_id"]
    if "ended_on" not in {m.column.name for m in told} or not APPROACHED & {m.column.name for m in of_approaches}:
        return
    person = one.meaning("patient_id")
    lists[0].reading = replace(one, meanings=(person, *of_approaches))
    made.append(Draft(replace(one, table=stays, asked=Items(), meanings=(
        replace(person, column=stays.column("patient_id")), *told)), lists[0].files))
