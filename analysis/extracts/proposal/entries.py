"""A draft in; for each of its columns the keys that a definition would have, and what is left to the person, out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis.extracts.durations import FORMAT, is_duration
from analysis.extracts.proposal.codes import CodeList, Rule, code_list, slug
from analysis.extracts.proposal.columns import Guess, is_age
from analysis.extracts.proposal.dates import month_first
from analysis.extracts.proposal.draft import Draft
from analysis.extracts.proposal.tables import NOT_DELIVERED, PEOPLE, Meaning, Reading
from analysis.extracts.proposal.timepoints import timepoints_of
from analysis.extracts.tables import Column
from analysis.presets import preset
from analysis.reference.vocabulary import headings, prefix_of

# The dates up to which the data cut counts, by table.
UNTIL = {
    "referrals": ("identified_on", "records"), "episodes": ("started_on", "records"), "contacts": ("date", "records"),
    "interventions": ("offered_on", "records"), "prescriptions": ("issued_on", "records"),
    "events": ("date", "records"), "responses": ("date", "questionnaires"), "interviews": ("date", "interviews")}


NEARLY_ALL = 0.9  # this part of a column's numbers must lie within the usual limits for them to be stated


@dataclass(frozen=True)
class Entry:
    """
    One column of a proposed extract: `said` are its keys as in a definition.

    `choose` is what the person has to decide before the entry may stand, with the `options` to decide between; `notes`
    are remarks; `codes` the whole list of codes, where there is one.
    """

    said: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    choose: str = ""
    options: tuple[tuple[Mapping[str, Any], str], ...] = ()
    codes: CodeList | None = None


def entries(draft: Draft, rule: Rule) -> Iterator[tuple[str, Entry]]:
    """Each column of the draft's table that has a meaning or is needed, in the order of the canonical table."""
    one = draft.reading
    people = one.cells(one.person) if one.person else ("",) * one.found.rows
    wide = {"instrument", "item", "answer"} if one.items else set()
    for column in one.table.columns:
        if column.name in NOT_DELIVERED or column.name in wide:
            continue
        meaning = one.meaning(column.name)
        if column.name in draft.values:
            yield column.name, Entry({"value": draft.values[column.name]})
        elif meaning:
            yield column.name, _entry(draft, meaning, people, rule)
        elif column.name == "practice" and draft.practices:
            codes = {theirs: slug(ours) for theirs, ours in draft.practices.items()}
            origin = "from_sheet" if one.found.sheets else "from_file"
            yield "practice", Entry({origin: draft.practice, "codes": codes}, codes=CodeList(codes, {}, (), {}))
        elif column.name == "practice" and draft.lender:
            theirs = draft.lender.reading
            yield "practice", _coded(replace(theirs, table=one.table), column, draft.lent, theirs.cells("patient_id"),
                                     rule, {"from": draft.lent, "of": draft.lender.name},
                                     ["CHECK: looked up in that extract, by the person's number"])
        elif column.name == "practice" and draft.practice:
            notes = () if draft.practice != "all" else ("CHECK: no column says the practice or site",)
            yield "practice", Entry({"value": slug(draft.practice)}, notes)
        elif draft.preset and "value" in (keys := _of_preset(draft.preset, column.name)):
            yield column.name, Entry({"value": keys["value"]})
        elif column.name == "instrument" and (named := _instrument_of_items(one)):
            yield "instrument", Entry({"value": named}, ("CHECK: told by the items",))
        elif column.name == "started_on" and one.table.name == "episodes" and one.meaning("ended_on"):
            continue  # made of contacts: [stays]
        elif column.required and not column.absent and not (column.name == "timepoint" and one.items):
            yield column.name, _missing(one, column)


def _of_preset(name: str, column: str) -> Mapping[str, Any]:
    file, _, extract = name.partition("/")
    return preset(file).extracts[extract]["columns"].get(column, {})


def _entry(draft: Draft, meaning: Meaning, people: Sequence[str], rule: Rule) -> Entry:
    """The keys of one column: where it comes from, its type, format, codes and limits."""
    one, column, heading = draft.reading, meaning.column, meaning.heading
    about = one.guess(heading)
    said: dict[str, Any] = {"from": heading}
    notes: list[str] = []
    if meaning.by == "values":
        notes.append("CHECK: told by its values, the heading does not say so")
    elif meaning.by == "links":
        notes.append("CHECK: told by the other files, which point at it")
    elif meaning.score < 0.7 and meaning.by == "heading":
        notes.append("CHECK: the heading is only like what is known")
    kind = column.type
    if about.kind == "nhs_number" and column.name in ("patient_id", "person"):
        said["type"] = kind = "nhs_number"
        if draft.through:
            said["through"] = draft.through
        else:
            notes.append("CHECK: no file links this number with another: it will be the person's number in .build/")
    elif draft.through and column.name in PEOPLE:
        said["through"] = draft.through
    elif column.name == "birth_year" and is_age(about):
        said["age_in"] = "period"
        notes = ["CHECK: an age, counted back from the year in which the period begins; or write the year: "
                 "age_in = 2023"]
    elif column.name == "birth_year" and about.kind == "date":
        said["type"] = kind = "date"
    if about.missing and kind not in ("category", "text"):
        said["blank"] = list(about.missing)
    if kind == "date" and about.kind == "date":
        return _dated(draft, meaning, about, said, notes)
    if kind == "category":
        return _coded(one, column, heading, people, rule, said, notes)
    if one.table.name == "responses" and column.name in ("instrument", "item"):
        return _of_questionnaires(one, column.name, people, rule, said, notes)
    limits = headings()["limits"].get(column.name, {}) if kind in ("integer", "number") else {}
    if "age_in" in said:
        return Entry(said | limits, tuple(notes))
    if kind == "integer" and about.durations:
        said |= {"format": FORMAT} | limits
        filled = [cell for cell in one.found.column(heading) if cell and cell not in about.missing]
        if odd := sum(not is_duration(cell) for cell in filled):
            notes.append(f"CHECK: {odd} cells say no one length of time" if odd > 1 else
                         "CHECK: a cell says no one length of time")
    if limits and about.kind in ("integer", "number"):
        inside = _part_inside(one.found.column(heading), limits)
        said |= limits if inside >= NEARLY_ALL else {}
        if NEARLY_ALL <= inside < 1:
            notes.append("CHECK: some values lie outside")
    if about.faulty:
        notes.append(f"CHECK: some values are no {'whole ' if kind == 'integer' else ''}numbers")
    if about.kind == "empty":
        notes.append("CHECK: every cell is empty")
    return Entry(said, tuple(notes))


def _part_inside(cells: Sequence[str], limits: Mapping[str, float]) -> float:
    """Which part of a column's numbers lies within its limits."""
    numbers = [float(cell) for cell in cells if re.fullmatch(r"-?\d+(\.\d+)?", cell)]
    inside = [limits["min"] <= number <= limits.get("max", number) for number in numbers]
    return sum(inside) / len(inside) if inside else 0.0


def _dated(draft: Draft, meaning: Meaning, about: Guess, said: dict[str, Any], notes: list[str]) -> Entry:
    one, column = draft.reading, meaning.column
    until: dict[str, str] = {}
    if UNTIL.get(one.table.name, ("", ""))[0] == column.name:
        until = {"until": UNTIL[one.table.name][1]}
    if about.dated:
        return Entry(said | until, tuple(notes))
    if about.faulty:
        notes.append("CHECK: some values have another form")
    day, month = _either(about)
    if day and month:
        proved = _order_of_the_file(one)
        if not proved:
            hint = "every value fits day first and month first alike, so the values cannot tell"
            return Entry(said, tuple(notes), choose=hint, options=(
                (said | {"format": day} | until, "day first, as is usual in the United Kingdom"),
                (said | {"format": month} | until, "month first, as is usual in the United States")))
        said["format"] = day if proved == "day" else month
        notes.append(f"fits both orders; {proved} first, since another date of this file fits no other")
    else:
        said["format"] = about.format
    return Entry(said | until, tuple(notes))


def _either(about: Guess) -> tuple[str, str]:
    """The format with the day first and that with the month first, where both fit all values."""
    month = next((format for format in about.formats if month_first(format)), "")
    day = next((format for format in about.formats if not month_first(format)), "")
    return (day, month) if day and month else ("", "")


def _order_of_the_file(one: Reading) -> str:
    """"day" or "month", where the other dates of the file fit one order only and agree on it."""
    found = set()
    for about in one.guesses:
        if about.kind == "date" and not about.faulty and not about.dated and not _either(about)[0] and (
                "%b" not in about.format and "%B" not in about.format and not about.format.startswith("%Y")):
            found.add("month" if month_first(about.format) else "day")
    return found.pop() if len(found) == 1 else ""


def _coded(one: Reading, column: Column, heading: str, people: Sequence[str], rule: Rule, said: dict[str, Any],
           notes: list[str]) -> Entry:
    codes = code_list(one.table, column, one.found.column(heading), people, rule)
    if column.name == "timepoint" and one.table.name in ("responses", "timepoints"):
        named = timepoints_of([*codes.codes, *codes.rarer])
        codes = replace(codes, codes={value: named[value].name for value in codes.codes},
                        rarer={value: named[value].name for value in codes.rarer})
    about = one.guess(heading)
    if about.missing and not all(value in codes.codes or value in codes.rarer for value in about.missing):
        said["blank"] = [value for value in about.missing if value not in codes.codes and value not in codes.rarer]
    if codes.national:
        notes.append("CHECK: numbers read as the NHS Data Dictionary has them")
    if codes.codes:
        said["codes"] = dict(codes.codes)
        return Entry(said, tuple(notes), codes=codes)
    if about.kind == "empty":
        return Entry(said, choose="every cell is empty: no codes are known", codes=codes,
                     options=((said | {"codes": {"…": "…"}}, ""),))
    why = "none of its values is one of ours" if codes.unmapped else (
        "no value may be named here, so few people have each")
    open_codes = dict.fromkeys(codes.unmapped or ("…",), "…")
    return Entry(said, tuple(notes), choose=why, codes=codes, options=((said | {"codes": open_codes}, ""),))


def _of_questionnaires(one: Reading, name: str, people: Sequence[str], rule: Rule, said: dict[str, Any],
                       notes: list[str]) -> Entry:
    """The instruments and the items of a table that has one answer a row, under the names that this package has."""
    whose: dict[str, set] = {}
    for row, (cell, person) in enumerate(zip(one.cells(name), people, strict=True)):
        whose.setdefault(cell, set()).add(person or row)
    told = sorted(cell for cell, who in whose.items() if cell and not rule.hides(len(who)))
    if name == "item":
        codes = {cell: str(int(number[1])) for cell in told if (number := re.search(r"(\d{1,2})$", cell))}
        codes = dict(sorted(codes.items(), key=lambda item: (int(item[1]), item[0])))
    else:
        codes = {cell: ours for cell in told if (ours := prefix_of(f"{cell} 1")[0])}
        if unknown := [cell for cell in told if cell not in codes]:
            notes.append(f"CHECK: no instrument of this package: {', '.join(unknown)}")
    if any(theirs != ours for theirs, ours in codes.items()):
        said["codes"] = codes
    return Entry(said, tuple(notes))


def _instrument_of_items(one: Reading) -> str:
    """The one questionnaire of this package that every item of a table with one answer a row names: "PHQ9 Q1"."""
    named = {prefix_of(cell)[0] for cell in one.cells("item") if cell} if one.meaning("item") else set()
    return named.pop() if len(named) == 1 else ""


def _missing(one: Reading, column: Column) -> Entry:
    """A column that the table needs and no heading speaks for."""
    options: list[tuple[Mapping[str, Any], str]] = [({"from": "…"}, "their heading")]
    if column.type == "category":
        options.append(({"value": column.codes[0] if column.codes else "…"}, "the same for every row"))
    return Entry({}, choose=f"{one.table.name} needs it, and no heading was recognised", options=tuple(options))
