"""The tables of a folder in; what each is read as, which files belong together and whose numbers they hold, out."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from analysis.extracts.proposal.codes import slug
from analysis.extracts.proposal.columns import guess
from analysis.extracts.proposal.consents import kinds_apart
from analysis.extracts.proposal.draft import Draft
from analysis.extracts.proposal.files import Found
from analysis.extracts.proposal.items import Items
from analysis.extracts.proposal.numbers import (
    ALIKE,
    fill_down,
    interviews_by_participant,
    link_numbers,
    list_of_people,
    lists_of_numbers,
    lists_of_two_numbers,
    tell_people_apart,
)
from analysis.extracts.proposal.stays import SURE, discharges_of_referrals, stays_of_referrals
from analysis.extracts.proposal.tables import Meaning, Reading, heading_score, more_meanings, reading
from analysis.extracts.proposal.timepoints import timepoint_in, timepoints_of
from analysis.extracts.proposal.waves import waves
from analysis.extracts.tables import TABLES
from analysis.presets import preset, preset_names


def drafts(tables: Sequence[Found], everything: Sequence[str]) -> tuple[list[Draft], list[Reading]]:
    """
    What the tables are read as, in the order of the canonical tables, and what was read as none of them.

    `everything` are the names of all files of the folder, which a pattern must not catch by mistake.
    """
    made, unread = _read_all(_joined(tables, everything))
    list_of_people(made)
    lists_of_numbers(made)
    lists_of_two_numbers(made, unread)
    stays_of_referrals(made)
    discharges_of_referrals(made)
    interviews_by_participant(made)
    tell_people_apart(made)
    fill_down(made)
    made = kinds_apart(made)
    _leave_empty_out(made)
    _name_sites(made)
    order = list(TABLES)
    made.sort(key=lambda draft: (order.index(draft.reading.table.name), draft.files))
    _name(made)
    link_numbers(made)
    return made, unread


# ------------------------------------------------------------------------------------------------ files of one shape


def _joined(tables: Sequence[Found], everything: Sequence[str]) -> list[tuple[Found, tuple[str, ...]]]:
    """Files of one shape as one table, where a pattern of names catches them and no other."""
    tables = _sheets_joined(tables)
    groups: dict[tuple, list[Found]] = {}
    for found in tables:
        groups.setdefault(found.shape, []).append(found)
    joined = []
    for group in groups.values():
        members = [found.member for found in tables if found.file == group[0].file]
        pattern = _pattern([found.name for found in group], members if group[0].member else everything) if (
            len(group) > 1) else ""
        if pattern and not _kept_apart(group):
            named = {"member" if group[0].member else "file": pattern}
            names = tuple(found.name for found in group)
            joined.append((replace(_as_one(group), **named, files=names), names))
        else:
            joined += [(found, (found.name,)) for found in group]
    return joined


def _sheets_joined(tables: Sequence[Found]) -> list[Found]:
    """Sheets of one workbook with the same headings (a month or a practice each) as one table."""
    groups: dict[tuple, list[Found]] = {}
    for found in tables:
        groups.setdefault((found.file, found.member, found.header_row, found.headings) if found.sheet
                          else (found.place,), []).append(found)
    return [group[0] if len(group) == 1 or _kept_apart(group, by="sheet") else
            replace(_as_one(group), sheets=tuple(found.sheet for found in group)) for group in groups.values()]


def _as_one(group: Sequence[Found]) -> Found:
    """Tables of the same headings, one below the other."""
    columns = tuple(tuple(cell for found in group for cell in found.columns[i])
                    for i in range(len(group[0].headings)))
    return replace(group[0], columns=columns, dated=frozenset.intersection(*(found.dated for found in group)),
                   whole=all(found.whole for found in group))


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


def _kept_apart(group: Sequence[Found], by: str = "file") -> bool:
    """Whether the names tell what the rows of a questionnaire do not: of which time point they are."""
    one = _read(group[0])
    if one.table is None:
        return by == "sheet"
    return one.table.name == "responses" and one.meaning("timepoint") is None and all(
        timepoint_in(found.sheet if by == "sheet" else PurePath(found.name).stem) for found in group)


def _read(found: Found) -> Reading:
    meant = found.meant or found.headings
    return reading(found, [guess(heading, cells, place in found.dated, meant[place], found.labels.get(heading, ""))
                           for place, (heading, cells) in enumerate(zip(found.headings, found.columns, strict=True))])


def _read_all(joined: Sequence[tuple[Found, tuple[str, ...]]]) -> tuple[list[Draft], list[Reading]]:
    made, unread = [], []
    for found, files in joined:
        one = _read(found)
        fitting = [name for name in preset_names() if _fits(name, found)]
        for name in fitting:
            made.append(Draft(_by_preset(name, one), files, preset=name))
        parts = [] if fitting else [part for part in map(_read, waves(found)) if part.items]
        if len(parts) > bool(one.items):
            known = timepoints_of([part.found.wave for part in parts])
            made += [Draft(part, files, timepoint=known[part.found.wave]) for part in parts]
        elif not fitting and one.table is not None:
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
    by_preset = replace(one, table=table, meanings=meanings, asked=Items())
    more = more_meanings(by_preset, list(said["columns"]))
    return replace(by_preset, meanings=(*meanings, *more))


def _leave_empty_out(made: Sequence[Draft]) -> None:
    """A column of codes in which nothing stands yet, where the table does not need it: nobody could say its codes."""
    for draft in made:
        one = draft.reading
        draft.reading = replace(one, meanings=tuple(
            m for m in one.meanings if m.column.type != "category" or m.column.required
            or one.guess(m.heading).kind != "empty"))


def _name_sites(made: Sequence[Draft]) -> None:
    """Lists of people without a practice: one a practice, where their names differ by a part; else one for all."""
    lists = [d for d in made if d.reading.table.name == "patients" and not d.reading.meaning("practice")
             and not d.preset.startswith("synthea")]
    for draft in [draft for draft in lists if len(draft.files) > 1]:
        pattern = draft.reading.found.name
        start, _, end = pattern.partition("*")
        draft.practice = pattern.replace("*", "{}")
        parts = [name[len(start):len(name) - len(end)].strip() for name in draft.files]
        draft.practices = {part: _called(start, part) for part in parts}
    for draft in [draft for draft in lists if draft.reading.found.sheets]:
        draft.practice = "{}"
        draft.practices = {sheet: sheet for sheet in draft.reading.found.sheets}
    lists = [draft for draft in lists if not draft.practices]
    stems = [PurePath(draft.files[0]).stem for draft in lists]
    before = os.path.commonprefix(stems) if len(stems) > 1 else ""
    after = os.path.commonprefix([stem[len(before):][::-1] for stem in stems])[::-1] if before else ""
    for draft, stem in zip(lists, stems, strict=True):
        part = stem[len(before):len(stem) - len(after)] if before else ""
        named = before and part.strip(" ()_-")
        draft.practice = _called(before, part.strip(" ()_-")) if named else "all"
        if draft.practice == "all":
            draft.lender, draft.lent = _who_says_the_site(draft, made)


def _who_says_the_site(people: Draft, made: Sequence[Draft]) -> tuple[Draft | None, str]:
    """A list of referrals or stays of these people that has a column for the site, and its heading."""
    listed = _numbers(people)
    for other in made:
        one = other.reading
        known = len(_numbers(other) & listed) >= ALIKE * len(listed) > 0
        if one.table.name in ("referrals", "episodes") and known:
            for guess in one.unread:
                if guess.kind == "category" and heading_score(guess.meant, "patients", "practice") >= SURE:
                    return other, guess.heading
    return None, ""


def _numbers(draft: Draft) -> set[str]:
    """The numbers of people in a table."""
    known = draft.reading.cells("patient_id") if draft.reading.meaning("patient_id") else ()
    return {cell for cell in known if cell}


def _called(before: str, part: str) -> str:
    """What a site is called whose files differ by a part of their names: of "patients (practice A)", practice A."""
    words = before[before.rstrip().rfind("(") + 1:] if "(" in before else before.split("_")[-1].split("-")[-1]
    return f"{words.strip()} {part}".strip()


def _name(made: Sequence[Draft]) -> None:
    """An extract bears the name of its table where it is the only one; else that of its file or sheet."""
    names = [draft.reading.table.name for draft in made]
    taken: set[str] = set()
    for draft in made:
        table, found = draft.reading.table.name, draft.reading.found
        own = found.sheet if found.sheet and not found.sheets else PurePath(found.name.replace("*", "")).stem
        own = " ".join([own, *draft.values.values(), found.wave])
        name = table if names.count(table) == 1 else slug(own)
        draft.name = name if name not in taken else f"{name}_{table}"
        taken.add(draft.name)
