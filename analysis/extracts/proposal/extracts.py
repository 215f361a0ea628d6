"""The tables of a folder in; the extracts that a definition would have, with their columns, keys and links, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from analysis.extracts.proposal.codes import Rule
from analysis.extracts.proposal.draft import Draft
from analysis.extracts.proposal.drafts import drafts
from analysis.extracts.proposal.entries import Entry, entries
from analysis.extracts.proposal.files import Found
from analysis.extracts.proposal.tables import Reading
from analysis.extracts.proposal.timepoints import timepoint_in
from analysis.extracts.tables import Table
from analysis.presets import preset

ALONE = 0.95  # this part of the rows must have a key of their own for it to be one with faults


@dataclass(frozen=True)
class Extract:
    """One proposed extract. `said` are its own keys; `reading` what it was made from."""

    name: str
    said: Mapping[str, Any]
    columns: Mapping[str, Entry]
    items: Mapping[str, tuple[str, ...]]
    reading: Reading
    preset: str = ""
    without: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    timepoint: str = ""
    choose_timepoint: bool = False

    @property
    def table(self) -> Table:
        return self.reading.table


def extracts(tables: Sequence[Found], everything: Sequence[str], rule: Rule) -> tuple[list[Extract], list[Reading]]:
    """
    The extracts, in the order of their tables and files, and what was read as no canonical table.

    `everything` are the names of all files of the folder, which a pattern must not catch by mistake.
    """
    made, unread = drafts(tables, everything)
    found = [_extract(draft, rule) for draft in made]
    sites = _sites(found)
    return [_with_sites(extract, sites) for extract in found], unread


def _sites(made: Sequence[Extract]) -> set[str]:
    """The codes of the practices that the lists of people have."""
    entries = [extract.columns["practice"] for extract in made
               if extract.table.name == "patients" and "practice" in extract.columns]
    return {code for entry in entries for code in (
        entry.codes.codes.values() if entry.codes else [entry.said.get("value", "")])}


def _with_sites(extract: Extract, sites: set[str]) -> Extract:
    """
    A practice elsewhere as the site of the lists that ends in the same word: "A" is practice_a. Where the lists of
    people have one site for all, nothing names it, and it stays as it is written.
    """
    name = "site" if extract.table.name == "aggregates" else "practice"
    entry = extract.columns.get(name)
    if extract.table.name == "patients" or entry is None or entry.codes is None or "codes" not in entry.said:
        return extract

    def known(theirs: str, code: str) -> str:
        alike = [site for site in sites if site == code or site.endswith(f"_{code}")]
        return alike[0] if len(alike) == 1 else theirs if sites <= {"all"} else code

    codes = replace(entry.codes, codes={theirs: known(theirs, ours) for theirs, ours in entry.codes.codes.items()},
                    rarer={theirs: known(theirs, ours) for theirs, ours in entry.codes.rarer.items()})
    new = replace(entry, said={**entry.said, "codes": dict(codes.codes)}, codes=codes)
    return replace(extract, columns={**extract.columns, name: new})


# ------------------------------------------------------------------------------------------------ one extract


def _extract(draft: Draft, rule: Rule) -> Extract:
    one, found = draft.reading, draft.reading.found
    columns = dict(entries(draft, rule))
    said: dict[str, Any] = {"table": one.table.name, "file": found.file}
    if found.member:
        said["member"] = found.member
    if found.sheet:
        said["sheet"] = list(found.sheets) or found.sheet
    if found.header_row != 1:
        said["header_row"] = found.header_row
    if found.footer not in ("", "…"):
        said["footer"] = found.footer
    if found.encoding:
        said["encoding"] = found.encoding
    if found.delimiter:
        said["delimiter"] = found.delimiter
    if draft.keep:
        said["keep"] = {heading: ["*"] for heading in draft.keep}
    if one.asked.blank:
        said["blank"] = list(one.asked.blank)
    if draft.fill_down:
        said["fill_down"] = list(draft.fill_down)
    timepoint = choose = ""
    if one.items and "timepoint" not in columns:
        stem = PurePath(found.name.replace("*", " ")).stem
        timepoint = draft.timepoint or timepoint_in(stem) or timepoint_in(found.sheet)
        choose = "" if timepoint else "timepoint"
    key, shared = _key(one, columns)
    if key:
        said["key"] = key
    notes = [*draft.notes, *([shared] if shared else [])]
    if one.asked.blank:
        notes.append(f"CHECK: {', '.join(one.asked.blank)} taken for a missing answer")
    if found.footer == "…":
        notes.append("CHECK: the last lines are no rows: write how the first of them begins, footer = \"…\"")
    without: tuple[str, ...] = ()
    if draft.preset:
        file, _, extract = draft.preset.partition("/")
        theirs = preset(file).extracts[extract]["columns"]
        without = tuple(name for name, keys in theirs.items() if name not in columns and "from" in keys)
    if not found.whole:
        notes.append(f"only the first {found.rows} rows were looked at: formats and codes hold for those")
    return Extract(draft.name, said, columns, one.items, one, draft.preset, without, tuple(notes), draft.files,
                   timepoint.name if timepoint else "", bool(choose))


def _key(one: Reading, columns: Mapping[str, Entry]) -> tuple[list[str], str]:
    """
    Columns by which no two different rows are alike: the table's own key, or its first column, or the person.

    The table's own is proposed, with a remark, where nearly no rows share it: they are then a fault that is told.
    """
    own = list(one.table.key)
    if one.items:
        own = ["patient_id", "timepoint"] if "timepoint" in columns else ["patient_id"]
    elif own and one.table.column(own[0]).type == "id" and own[0] not in ("patient_id", "person"):
        own = own[:1]
    read = {m.heading for m in one.meanings} | {heading for items in one.items.values() for heading in items}
    rows = set(zip(*(one.found.column(heading) for heading in one.found.headings if heading in read), strict=True))
    headed = [heading for heading in one.found.headings if heading in read]
    alone = ["patient_id"] if one.table.key else []  # of a table without a key a person may have another row tomorrow
    for names in (own, list(one.table.key), alone):
        if not names or any(not one.meaning(name) or columns[name].choose for name in names):
            continue
        keys = [tuple(row[headed.index(one.heading_of(name))] for name in names) for row in rows]
        filled = [key for key in keys if all(key)]
        if len(filled) == len(keys) == len(set(keys)):
            return names, ""
        if names == own and filled and len(set(filled)) >= ALONE * len(keys):
            return names, f"CHECK: some rows share {' and '.join(names)}, or have none"
    return [], ""
