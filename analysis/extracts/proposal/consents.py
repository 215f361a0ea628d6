"""Drafts in; a list of consents with a column for each kind of consent as one draft a kind, and of withdrawals, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.extracts.proposal.columns import Guess
from analysis.extracts.proposal.draft import Draft
from analysis.extracts.proposal.tables import Meaning, Reading
from analysis.extracts.tables import CONSENTS, TABLES
from analysis.reference.vocabulary import means, spelled, values

YES_OR_NO = 0.8  # this part of a column's values must be a yes or a no for it to be a kind of consent
WITHDRAWN = ("withdrawn", "withdrew", "withdrawal", "revoked")


def kinds_apart(made: Sequence[Draft]) -> list[Draft]:
    """
    The drafts, with a sheet that has a row a person and a column for each use ("Consent to interview: Y") as an extract
    for each of them; a date on which the person withdrew as an extract more, of the rows that have one.
    """
    apart: list[Draft] = []
    for draft in made:
        parts = _parts(draft) if draft.reading.table.name == "consents" and not draft.preset else []
        apart += parts or [draft]
    return apart


def _parts(draft: Draft) -> list[Draft]:
    one, table = draft.reading, TABLES["consents"]
    person = one.meaning("person")
    if person is None:
        return []
    kinds = {guess.heading: kind for guess in one.guesses
             if (kind := _kind(guess)) and _says_yes_or_no(one, guess.heading)}
    if not kinds or len(set(kinds.values())) != len(kinds) or (one.meaning("kind") and len(kinds) == 1):
        return []
    gone = next((guess for guess in one.guesses if guess.kind == "date"
                 and any(word in spelled(guess.heading).split() for word in WITHDRAWN)), None)
    day = next((m for m in one.meanings if m.column.name == "date" and (not gone or m.heading != gone.heading)), None)
    made = [Draft(_read_as(one, person, Meaning(table.column("status"), heading, "heading", 1.0), day), draft.files,
                  values={"kind": kind}) for heading, kind in kinds.items()]
    if gone:
        scope = one.meaning("scope")
        kind = next((kind for kind in CONSENTS if kind in kinds.values()), CONSENTS[0])
        made.append(Draft(
            _read_as(one, person, Meaning(table.column("date"), gone.heading, "heading", 1.0), scope), draft.files,
            values={"kind": kind, "status": "withdrawn"}, keep=(gone.heading,),
            notes=[f"CHECK: whoever has a date there withdrew from the {kind}; another kind is another extract"]))
    return made


def _read_as(one: Reading, *meanings: Meaning | None) -> Reading:
    return replace(one, meanings=tuple(meaning for meaning in meanings if meaning))


def _kind(guess: Guess) -> str:
    """The kind of consent that a heading speaks of, where it holds no date."""
    if guess.kind not in ("category", "integer", "id", "text"):
        return ""
    said = f" {spelled(guess.heading)} "
    for words in ("consent to", "consent for", "consents to", "consented to", "agrees to", "agreed to", "consent"):
        if f" {words} " in said and (kind := means("consents.kind", said.split(f" {words} ", 1)[1])):
            return kind
    for kind, known in values()["consents"]["kind"].items():
        longest = [word for word in (kind, *known) if len(word) > 5]
        if any(f" {spelled(word)} " in said for word in longest):
            return kind
    return ""


def _says_yes_or_no(one: Reading, heading: str) -> bool:
    cells = [cell for cell in one.found.column(heading) if cell]
    return bool(cells) and sum(bool(means("consents.status", cell)) for cell in cells) >= YES_OR_NO * len(cells)
