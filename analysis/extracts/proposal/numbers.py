"""Drafts in; by which numbers each of them knows people, and the lists that exchange one number for another, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.extracts.proposal.draft import Draft
from analysis.extracts.proposal.items import Items
from analysis.extracts.proposal.tables import PEOPLE, Meaning, Reading, more_meanings
from analysis.extracts.tables import TABLES

NUMBERS = "numbers"  # the name of a list of people read once more as the list that links two numbers
ALIKE = 0.8  # this part of a column's values must be people's numbers of other tables for it to be one of those
BLANKED = 0.2  # from this part of blank cells on, a number that is printed once for its rows is taken for one


def list_of_people(made: list[Draft]) -> None:
    """Where no file lists the people, one with a row a person that says something about them is read as that, too."""
    if any(draft.reading.table.name == "patients" for draft in made):
        return
    table, best = TABLES["patients"], (0, 0, None)
    for place, draft in enumerate(made):
        one = draft.reading
        if not one.meaning("patient_id") or not one.guess(one.heading_of("patient_id")).unique:
            continue
        said = more_meanings(replace(one, table=table), ["patient_id"])
        own = [m for m in said if m.column.name != "practice"]
        if own and (len(own), -place) > best[:2]:
            person = replace(one.meaning("patient_id"), column=table.column("patient_id"))
            listed = replace(one, table=table, meanings=(person, *said), asked=Items())
            best = len(own), -place, Draft(listed, draft.files)
    if best[2]:
        made.append(best[2])


def lists_of_numbers(made: list[Draft]) -> None:
    """A list with two numbers a person and little else only links them, where another file says who the people are."""
    lists = [draft for draft in made if draft.reading.table.name == "patients"]
    for draft in lists:
        said = {m.column.name for m in draft.reading.meanings}
        others = [other for other in lists if other is not draft and other.reading.table.name == "patients"]
        if said <= {"patient_id", "practice"} and others and (numbers := _identifiers_of(draft.reading, draft.files)):
            draft.reading = numbers.reading


def tell_people_apart(made: list[Draft]) -> None:
    """
    A list of people by NHS number, while the other tables point at another of its columns, gets that one.

    A table of which no heading says whose its rows are gets the column whose values are people's numbers elsewhere.
    """
    known = {cell for draft in made if draft.reading.meaning("patient_id") and not _is_nhs(draft.reading)
             for cell in draft.reading.cells("patient_id") if cell}
    for draft in made:
        one = draft.reading
        column = next((c for c in one.table.columns if c.name in PEOPLE), None)
        if column is None or one.person or draft.preset or not known:
            continue
        for unread in one.unread:
            values = {cell for cell in one.found.column(unread.heading) if cell} if unread.can_be("id") else set()
            if len(values) > 1 and len(values & known) >= ALIKE * len(values):
                draft.reading = replace(one, meanings=(Meaning(column, unread.heading, "links", 0.6), *one.meanings))
                break
    for draft in made:
        one = draft.reading
        if draft.preset or one.table.name != "patients" or not _is_nhs(one):
            continue
        others = {cell for other in made if other is not draft and other.reading.person and not _is_nhs(other.reading)
                  for cell in other.reading.cells(other.reading.person) if cell}
        for unread in one.unread:
            cells = one.found.column(unread.heading)
            if unread.unique and others and len(others & set(cells)) >= 0.5 * len(others):
                new = Meaning(one.table.column("patient_id"), unread.heading, "links", 0.6)
                draft.reading = replace(one, meanings=tuple(
                    new if m.column.name == "patient_id" else m for m in one.meanings))
                break


def _is_nhs(one: Reading) -> bool:
    name = one.person
    return bool(name) and one.guess(one.heading_of(name)).kind == "nhs_number"


def fill_down(made: Sequence[Draft]) -> None:
    """A person's number that is printed on the first of their rows only: blank cells below it, never a second run."""
    for draft in made:
        one = draft.reading
        if not one.person or draft.keep:
            continue
        heading, cells = one.heading_of(one.person), one.cells(one.person)
        runs = [cell for cell in cells if cell]
        if cells[0] and cells.count("") >= BLANKED * len(cells) and len(set(runs)) == len(runs):
            draft.fill_down = (heading,)
            below, filled = "", []
            for cell in cells:
                below = cell or below
                filled.append(below)
            columns = list(one.found.columns)
            columns[one.found.headings.index(heading)] = tuple(filled)
            draft.reading = replace(one, found=replace(one.found, columns=tuple(columns)))


def link_numbers(made: list[Draft]) -> None:
    """
    Tables that know people by another number go through the list that holds both; it is added where needed.

    An NHS number goes through a list of NHS numbers, any other (of a study, of a questionnaire) through a table of two
    numbers a person of which one is theirs and one that of the lists of people.
    """
    asking = [draft for draft in made if _is_nhs(draft.reading) and draft.reading.table.name != "identifiers"]
    holder = next((draft for draft in made if draft.reading.table.name == "identifiers"
                   and draft.reading.meaning("nhs_number")), None)
    if asking and holder is None:
        holder = next((numbers for draft in made if (numbers := _identifiers_of(draft.reading, draft.files))), None)
        if holder is not None:
            holder.name = NUMBERS
            made.append(holder)
    for draft in asking:
        if holder is not None:
            draft.through = holder.name
    for holder in [draft for draft in made if draft.reading.meaning("participant_id")
                   and draft.reading.table.name == "identifiers"]:
        theirs = {cell for cell in holder.reading.cells("participant_id") if cell}
        ours = {cell for cell in holder.reading.cells("patient_id") if cell}
        for draft in made:
            name = next((name for name in PEOPLE if draft.reading.meaning(name)), "")
            if name and draft is not holder and not draft.through and not draft.preset:
                known = {cell for cell in draft.reading.cells(name) if cell}
                if len(known & theirs) >= ALIKE * len(known) > len(known & ours) * (1 / ALIKE):
                    draft.through = holder.name


def lists_of_two_numbers(made: list[Draft], unread: list[Reading]) -> None:
    """A table that has two numbers a person and says nothing else: the one of the lists of people, and another."""
    people = {cell for draft in made if draft.reading.table.name == "patients" and draft.reading.meaning("patient_id")
              for cell in draft.reading.cells("patient_id") if cell}
    alone = [draft for draft in made if draft.reading.table.name in ("patients", "identifiers") and not draft.preset
             and {m.column.name for m in draft.reading.meanings} <= {"patient_id", "participant_id"}]
    for one in [*unread, *(draft.reading for draft in alone)]:
        said = [guess for guess in one.guesses if guess.kind != "private"]
        columns = [guess for guess in said
                   if guess.can_be("id") and guess.distinct >= 0.9 * (one.found.rows - guess.blanks)]
        if len(said) > 3 or len(columns) != 2 or not people:
            continue
        first, second = (len({*one.found.column(guess.heading)} & people) for guess in columns)
        ours, theirs = columns if first >= second else columns[::-1]
        if max(first, second) < ALIKE * ours.distinct:
            continue
        table = TABLES["identifiers"]
        other = "nhs_number" if theirs.kind == "nhs_number" else "participant_id"
        meanings = (Meaning(table.column("patient_id"), ours.heading, "links", 0.6),
                    Meaning(table.column(other), theirs.heading, "links", 0.6))
        reading = replace(one, table=table, meanings=meanings, asked=Items())
        draft = next((draft for draft in alone if draft.reading is one), None)
        if draft:
            draft.reading = reading
        else:
            unread.remove(one)
            files = tuple(one.found.files) or (one.found.name,)
            made.append(Draft(reading, files))


def interviews_by_participant(made: list[Draft]) -> None:
    """
    A log of interviews with one number: an interview each participant, called by it. A column of it that has people's
    numbers links the two, of those who are such people.
    """
    people = {cell for draft in made if draft.reading.table.name == "patients" and draft.reading.meaning("patient_id")
              for cell in draft.reading.cells("patient_id") if cell}
    for draft in [draft for draft in made if draft.reading.table.name == "interviews"]:
        one = draft.reading
        for name, other in (("interview_id", "participant_id"), ("participant_id", "interview_id")):
            there = one.meaning(other)
            if one.meaning(name) is None and there and one.guess(there.heading).unique:
                draft.reading = one = replace(one, meanings=(
                    Meaning(one.table.column(name), there.heading, "links", 0.6), *one.meanings))
        if not one.meaning("participant_id") or any(d.reading.table.name == "identifiers"
                                                    and d.reading.meaning("participant_id") for d in made):
            continue
        for guess in one.unread:
            cells = {cell for cell in one.found.column(guess.heading) if cell} if guess.can_be("id") else set()
            if len(cells) > 1 and len(cells & people) >= ALIKE * len(cells):
                table = TABLES["identifiers"]
                made.append(Draft(replace(one, table=table, asked=Items(), meanings=(
                    Meaning(table.column("patient_id"), guess.heading, "links", 0.6),
                    Meaning(table.column("participant_id"), one.heading_of("participant_id"), "links", 0.6))),
                    draft.files, keep=(guess.heading,)))
                break


def _identifiers_of(one: Reading, files: tuple[str, ...]) -> Draft | None:
    """The same file read once more, as the list that links two numbers."""
    nhs = next((guess for guess in one.guesses if guess.kind == "nhs_number"), None)
    if nhs is None or not one.meaning("patient_id") or _is_nhs(one) or one.table.name != "patients":
        return None
    table = TABLES["identifiers"]
    meanings = (Meaning(table.column("patient_id"), one.heading_of("patient_id"), "both", 1.0),
                Meaning(table.column("nhs_number"), nhs.heading, "both", 1.0))
    return Draft(replace(one, table=table, meanings=meanings, asked=Items()), files)


