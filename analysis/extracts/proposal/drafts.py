"""The tables of a folder in; what each is read as, which files belong together and whose numbers they hold, out."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from analysis.extracts.proposal.codes import slug
from analysis.extracts.proposal.columns import guess
from analysis.extracts.proposal.files import Found
from analysis.extracts.proposal.tables import PEOPLE, Meaning, Reading, more_meanings, reading
from analysis.extracts.proposal.timepoints import timepoint_in
from analysis.extracts.tables import TABLES
from analysis.presets import preset, preset_names

NUMBERS = "numbers"  # the name of a list of people read once more as the list that links two numbers
ALIKE = 0.8  # this part of a column's values must be people's numbers of other tables for it to be one of those
BLANKED = 0.2  # from this part of blank cells on, a number that is printed once for its rows is taken for one


@dataclass
class Draft:
    """A table on the way to an extract: what was read, from which files, and by which preset."""

    reading: Reading
    files: tuple[str, ...]
    preset: str = ""
    name: str = ""
    through: str = ""
    practice: str = ""
    fill_down: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


def drafts(tables: Sequence[Found], everything: Sequence[str]) -> tuple[list[Draft], list[Reading]]:
    """
    What the tables are read as, in the order of the canonical tables, and what was read as none of them.

    `everything` are the names of all files of the folder, which a pattern must not catch by mistake.
    """
    made, unread = _read_all(_joined(tables, everything))
    _list_of_people(made)
    _lists_of_numbers(made)
    _tell_people_apart(made)
    _fill_down(made)
    _name_sites(made)
    order = list(TABLES)
    made.sort(key=lambda draft: (order.index(draft.reading.table.name), draft.files))
    _name(made)
    _link_numbers(made)
    return made, unread


# ------------------------------------------------------------------------------------------------ files of one shape


def _joined(tables: Sequence[Found], everything: Sequence[str]) -> list[tuple[Found, tuple[str, ...]]]:
    """Files of one shape as one table, where a pattern of names catches them and no other."""
    groups: dict[tuple, list[Found]] = {}
    for found in tables:
        groups.setdefault(found.shape, []).append(found)
    joined = []
    for group in groups.values():
        members = [found.member for found in tables if found.file == group[0].file]
        pattern = _pattern([found.name for found in group], members if group[0].member else everything) if (
            len(group) > 1) else ""
        if pattern and not _kept_apart(group):
            columns = tuple(tuple(cell for found in group for cell in found.columns[i])
                            for i in range(len(group[0].headings)))
            dated = frozenset.intersection(*(found.dated for found in group))
            named = {"member" if group[0].member else "file": pattern}
            joined.append((replace(group[0], **named, columns=columns, dated=dated,
                                   whole=all(found.whole for found in group)), tuple(found.name for found in group)))
        else:
            joined += [(found, (found.name,)) for found in group]
    return joined


def _pattern(names: Sequence[str], everything: Sequence[str]) -> str:
    stems, suffix = [PurePath(name).stem for name in names], PurePath(names[0]).suffix
    before = os.path.commonprefix(stems)
    after = os.path.commonprefix([stem[len(before):][::-1] for stem in stems])[::-1]
    for start, end in ((re.sub(r"[^\W_]+$", "", before), re.sub(r"^[^\W_]+", "", after)), (before, after)):
        ends = end + suffix
        caught = [name for name in everything
                  if name.startswith(start) and name.endswith(ends) and len(name) >= len(start + ends)]
        if len(start) >= 3 and sorted(caught) == sorted(names):
            return f"{start}*{ends}"
    return ""


def _kept_apart(group: Sequence[Found]) -> bool:
    """
    Whether the name tells what the rows do not: the practice of a list of people, the time point of a questionnaire.
    """
    one = _read(group[0])
    if one.table is None:
        return False
    if one.table.name == "patients":
        return one.meaning("practice") is None
    return one.table.name == "responses" and one.meaning("timepoint") is None and all(
        timepoint_in(PurePath(found.name).stem) for found in group)


def _read(found: Found) -> Reading:
    return reading(found, [guess(heading, cells, place in found.dated)
                           for place, (heading, cells) in enumerate(zip(found.headings, found.columns, strict=True))])


def _read_all(joined: Sequence[tuple[Found, tuple[str, ...]]]) -> tuple[list[Draft], list[Reading]]:
    made, unread = [], []
    for found, files in joined:
        one = _read(found)
        fitting = [name for name in preset_names() if _fits(name, found)]
        for name in fitting:
            made.append(Draft(_by_preset(name, one), files, preset=name))
        if not fitting and one.table is not None:
            made.append(Draft(one, files))
        elif not fitting:
            unread.append(one)
    return made, unread


def _fits(name: str, found: Found) -> bool:
    file, _, one = name.partition("/")
    return set(preset(file).recognised_by[one]) <= set(found.headings)


def _by_preset(name: str, one: Reading) -> Reading:
    """The reading with the table and the columns that the preset gives it."""
    file, _, extract = name.partition("/")
    said = preset(file).extracts[extract]
    table = TABLES[said["table"]]
    meanings = tuple(Meaning(table.column(ours), keys["from"], "preset", 1.0) for ours, keys in said["columns"].items()
                     if keys.get("from") in one.found.headings)
    by_preset = replace(one, table=table, meanings=meanings, items={}, items_by_number=frozenset())
    more = more_meanings(by_preset, list(said["columns"]))
    return replace(by_preset, meanings=(*meanings, *more))


# ------------------------------------------------------------------------------------------------ people and numbers


def _list_of_people(made: list[Draft]) -> None:
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
            best = len(own), -place, Draft(replace(one, table=table, meanings=(person, *said), items={},
                                                   items_by_number=frozenset()), draft.files)
    if best[2]:
        made.append(best[2])


def _lists_of_numbers(made: list[Draft]) -> None:
    """A list with two numbers a person and little else only links them, where another file says who the people are."""
    lists = [draft for draft in made if draft.reading.table.name == "patients"]
    for draft in lists:
        said = {m.column.name for m in draft.reading.meanings}
        others = [other for other in lists if other is not draft and other.reading.table.name == "patients"]
        if said <= {"patient_id", "practice"} and others and (numbers := _identifiers_of(draft.reading, draft.files)):
            draft.reading = numbers.reading


def _tell_people_apart(made: list[Draft]) -> None:
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


def _fill_down(made: Sequence[Draft]) -> None:
    """A person's number that is printed on the first of their rows only: blank cells below it, never a second run."""
    for draft in made:
        one = draft.reading
        if not one.person:
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


def _link_numbers(made: list[Draft]) -> None:
    """Tables that know people by NHS number go through the table that holds both numbers; it is added where needed."""
    asking = [draft for draft in made if _is_nhs(draft.reading) and draft.reading.table.name != "identifiers"]
    if not asking:
        return
    holder = next((draft for draft in made if draft.reading.table.name == "identifiers"
                   and draft.reading.meaning("nhs_number")), None)
    if holder is None:
        holder = next((numbers for draft in made if (numbers := _identifiers_of(draft.reading, draft.files))), None)
        if holder is not None:
            holder.name = NUMBERS
            made.append(holder)
    for draft in asking:
        if holder is not None:
            draft.through = holder.name


def _identifiers_of(one: Reading, files: tuple[str, ...]) -> Draft | None:
    """The same file read once more, as the list that links two numbers."""
    nhs = next((guess for guess in one.guesses if guess.kind == "nhs_number"), None)
    if nhs is None or not one.meaning("patient_id") or _is_nhs(one) or one.table.name != "patients":
        return None
    table = TABLES["identifiers"]
    meanings = (Meaning(table.column("patient_id"), one.heading_of("patient_id"), "both", 1.0),
                Meaning(table.column("nhs_number"), nhs.heading, "both", 1.0))
    return Draft(replace(one, table=table, meanings=meanings, items={}, items_by_number=frozenset()), files)


def _name_sites(made: Sequence[Draft]) -> None:
    """Lists of people without a practice: one a practice, where their names differ by a part; else one for all."""
    lists = [d for d in made if d.reading.table.name == "patients" and not d.reading.meaning("practice")
             and not d.preset.startswith("synthea")]
    stems = [PurePath(draft.files[0]).stem for draft in lists]
    before = os.path.commonprefix(stems) if len(stems) > 1 else ""
    after = os.path.commonprefix([stem[len(before):][::-1] for stem in stems])[::-1] if before else ""
    for draft, stem in zip(lists, stems, strict=True):
        part = stem[len(before):len(stem) - len(after)] if before else ""
        words = before[before.rstrip().rfind("(") + 1:] if "(" in before else before.split("_")[-1].split("-")[-1]
        draft.practice = f"{words.strip()} {part.strip(' ()_-')}".strip() if before and part.strip(" ()_-") else "all"


def _name(made: Sequence[Draft]) -> None:
    """An extract bears the name of its table where it is the only one; else that of its file or sheet."""
    names = [draft.reading.table.name for draft in made]
    taken: set[str] = set()
    for draft in made:
        table, found = draft.reading.table.name, draft.reading.found
        own = found.sheet or PurePath(found.name.replace("*", "")).stem
        name = table if names.count(table) == 1 else slug(own)
        draft.name = name if name not in taken else f"{name}_{table}"
        taken.add(draft.name)
