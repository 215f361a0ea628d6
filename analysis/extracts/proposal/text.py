"""Proposed extracts and sections in; the text of a commented study.toml, out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from analysis.extracts.proposal.codes import CodeList
from analysis.extracts.proposal.entries import Entry
from analysis.extracts.proposal.extracts import Extract
from analysis.extracts.proposal.numbers import NUMBERS
from analysis.extracts.proposal.tables import Reading
from analysis.presets import preset

RULE = "# " + "-" * 96
KINDS = {"private": "a name, an address or free text: not looked into", "empty": "empty", "nhs_number": "NHS numbers",
         "date": "dates", "integer": "whole numbers", "number": "numbers", "category": "a few words that repeat",
         "id": "identifiers", "text": "text"}


def toml(value: Any) -> str:
    """A value as TOML writes it, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key_of(k)} = {toml(v)}" for k, v in value.items()) + " }" if value else "{}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(one) for one in value) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)


def key_of(name: str) -> str:
    """A key bare where TOML allows it; the codes of others always in quotes."""
    return name if name.isascii() and name.isidentifier() else toml(name)


def columns_line(name: str, said: Mapping[str, Any], width: int = 0) -> str:
    """One column of an extract; its codes in quotes on both sides."""
    parts = [f"codes = {{ {', '.join(f'{toml(k)} = {toml(v)}' for k, v in value.items())} }}"
             if key == "codes" else f"{key} = {toml(value)}" for key, value in said.items()]
    return f"{name:<{width}} = {{ {', '.join(parts)} }}"


def comment(words: str) -> str:
    """Words behind a #, on one line."""
    return "# " + " ".join(words.split())


def extract_lines(extract: Extract, elsewhere: Collection[str] = ()) -> Iterator[str]:
    """
    An extract as a definition says it, with what was found above it and what was not read below.

    `elsewhere` are headings of the file that another extract reads.
    """
    one = extract.reading
    sheet = f", sheet {one.found.sheet}" if one.found.sheet else ""
    place = (f"{one.found.file}: " if one.found.member else "") + ", ".join(extract.files) + sheet
    yield RULE
    yield comment(f"{place}: read as {extract.table.name}, one row is {extract.table.row.split(' (')[0]}")
    for note in extract.notes:
        yield comment(note)
    said = {key: value for key, value in extract.said.items() if key != "table" or value != extract.name}
    if extract.preset:
        file, _, theirs = extract.preset.partition("/")
        known = preset(file).extracts[theirs]
        said = {"preset": extract.preset} | {k: v for k, v in said.items() if k != "table" and known.get(k) != v}
        if extract.without:
            said["without"] = list(extract.without)
    if extract.timepoint:
        said["timepoint"] = extract.timepoint
    yield f"[extracts.{extract.name}]"
    width = max(len(key) for key in said)
    for key, value in said.items():
        yield f"{key:<{width}} = {toml(value)}"
    if extract.choose_timepoint:
        yield "# CHOOSE timepoint: which time point of [timepoints] these questionnaires are of"
        yield '# timepoint = "baseline"'
        yield '# timepoint = "follow_up"'
    lines = list(_column_lines(extract))
    if lines:
        yield f"[extracts.{extract.name}.columns]"
        yield from lines
    if extract.items:
        yield f"[extracts.{extract.name}.items]       # one answer a column, in the order of the instrument"
        for instrument, headings in extract.items.items():
            remark = ("told by the number of items and the range of answers only" if instrument in one.asked.by_number
                      else f"or {one.asked.either[instrument]}: the answers fit both" if instrument in one.asked.either
                      else "")
            yield f"{instrument} = {toml(list(headings))}" + (f"   # CHECK: {remark}" if remark else "")
    if extract.name != NUMBERS:
        yield from _unread(one, elsewhere)


def _column_lines(extract: Extract) -> Iterator[str]:
    width = max((len(name) for name in extract.columns), default=0)
    for name, entry in extract.columns.items():
        theirs: Mapping[str, Any] = {}
        if extract.preset:
            file, _, known = extract.preset.partition("/")
            theirs = preset(file).extracts[known]["columns"].get(name, {})
        if entry.choose:
            yield f"# CHOOSE {name}: {entry.choose}"
            for said, words in entry.options:
                yield f"# {columns_line(name, said, width)}" + (f"   # {words}" if words else "")
        elif said := _beyond(entry.said, theirs):
            notes = [*entry.notes, *_code_notes(entry, "people" if extract.reading.person else "rows")]
            yield columns_line(name, said, width) + (f"   {comment(_remark(notes))}" if notes else "")
        if entry.codes and entry.codes.unmapped and not entry.choose:
            yield comment(f"CHECK {name}: not one of ours yet: {_counted(entry.codes.unmapped, entry.codes)}. Add each "
                          f"to the codes as one of: {', '.join(extract.table.column(name).codes)}; or list it under "
                          "blank where it says none of these")
        elif entry.codes and entry.codes.unmapped:
            yield comment(f"  theirs: {_counted(entry.codes.unmapped, entry.codes)}; "
                          f"ours: {', '.join(extract.table.column(name).codes)}")


def _remark(notes: Sequence[str]) -> str:
    """Remarks as one: those to be checked first, under one CHECK."""
    check = [note.removeprefix("CHECK: ") for note in notes if note.startswith("CHECK: ")]
    other = [note for note in notes if not note.startswith("CHECK: ")]
    return "; ".join(([f"CHECK: {', and '.join(check)}"] if check else []) + other)


def _beyond(said: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """What a column says beyond its preset."""
    left = {key: value for key, value in said.items() if theirs.get(key) != value}
    if "codes" in left and "codes" in theirs:
        left["codes"] = {k: v for k, v in left["codes"].items() if theirs["codes"].get(k) != v}
        if not left["codes"]:
            del left["codes"]
    return left


def _code_notes(entry: Entry, counted: str) -> Iterator[str]:
    if entry.codes is None:
        return
    if entry.codes.counts and entry.codes.codes:
        yield f"{counted}: {_counted(tuple(entry.codes.codes), entry.codes)}"
    if rarer := len(entry.codes.rarer):
        yield f"and {rarer} rarer value{'s' if rarer > 1 else ''}"


def _counted(values: Sequence[str], codes: CodeList) -> str:
    return ", ".join(f"{value} about {codes.counts[value]}" if value in codes.counts else value for value in values)


def _unread(one: Reading, elsewhere: Collection[str]) -> Iterator[str]:
    """The columns that were not read, by heading and kind."""
    series = {heading for headings in one.asked.series.values() for heading in headings}
    told = [f"{guess.heading} ({KINDS[guess.kind]})" for guess in one.unread
            if guess.heading not in series and guess.heading not in elsewhere]
    for headings in one.asked.series.values():
        about = [one.guess(heading) for heading in headings]
        told.append(f"{headings[0]} to {headings[-1]} ({len(headings)} columns of whole numbers: the items of a "
                    "questionnaire that is not known here?)" if any(g.kind != "empty" for g in about)
                    else f"{headings[0]} to {headings[-1]} (empty)")
    if told:
        yield comment(f"not read: {'; '.join(told)}")


def unread_table_lines(one: Reading) -> Iterator[str]:
    """A table that no canonical table fits: its headings, so that the person can see what it is."""
    yield comment(f"{one.found.place}: fits no canonical table. Its columns: "
                  + "; ".join(f"{guess.heading} ({KINDS[guess.kind]})" for guess in one.guesses))
