"""A column's values and whose they are in; a list of codes without those that only a few people have, out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.extracts.tables import YES_NO, Column, Table
from analysis.reference.vocabulary import is_missing, means, national_codes

# What is never a code, however many people have it: somebody's title and name, a number to reach them by, an address.
PERSONAL = re.compile(r"^(mr|mrs|ms|miss|mx|dr|prof|sr|sister|nurse|rev)\b\.?\s|@|"
                      r"\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b|\d[\d\s]{8,}\d", re.I)


OF_NOBODY = ("aggregates",)  # tables whose rows are about groups, as their labels are


@dataclass(frozen=True)
class Rule:
    """From how many people on a value may be named (more than `threshold`), and to what counts are rounded."""

    threshold: int
    round_to: int

    def hides(self, people: int) -> bool:
        return people <= self.threshold

    def about(self, people: int) -> int:
        return int(self.round_to * ((people + self.round_to / 2) // self.round_to))


@dataclass(frozen=True)
class CodeList:
    """
    The codes of a column.

    `codes` and `counts` (rounded) hold what may be written down; `unmapped` the values of those whose meaning is not
    known. `rarer` has the values that too few people have, with the guess for each: for the person's own machine only.
    """

    codes: Mapping[str, str]
    counts: Mapping[str, int]
    unmapped: tuple[str, ...]
    rarer: Mapping[str, str]
    national: bool = False  # whether what numbers mean was taken from national data sets


def code_list(table: Table, column: Column, cells: Sequence[str], people: Sequence[str], rule: Rule) -> CodeList:
    """
    The values of a column as codes, in the order of their counts, then of the alphabet.

    `people` says whose each cell is; where a row names nobody, the row itself counts as one.
    """
    whose: dict[str, set] = {}
    for row, (cell, person) in enumerate(zip(cells, people, strict=True)):
        if cell and not (is_missing(cell) and not _meaning(table, column, cell)):
            whose.setdefault(cell, set()).add(person or row)
    national = national_codes("sex" if column.name == "sex" else f"{table.name}.{column.name}", whose)
    codes, counts, unmapped, rarer = {}, {}, [], {}
    for value in sorted(whose, key=lambda value: (-len(whose[value]), value)):
        ours = _ours(table, column, value) or national.get(value, "")
        if table.name not in OF_NOBODY and rule.hides(len(whose[value])) or PERSONAL.search(value):
            rarer[value] = ours
            continue
        if not rule.hides(len(whose[value])):
            counts[value] = rule.about(len(whose[value]))
        if ours:
            codes[value] = ours
        else:
            unmapped.append(value)
    return CodeList(codes, counts, tuple(unmapped), rarer, bool(national))


def share_known(table: Table, column: Column, cells: Sequence[str]) -> float:
    """Which part of the filled cells the vocabulary knows as codes of this column."""
    filled = [cell for cell in cells if cell]
    return sum(bool(_meaning(table, column, cell)) for cell in filled) / len(filled) if filled else 0.0


def slug(words: str) -> str:
    """A code of our own for a name: "Practice A" is practice_a."""
    return "_".join(re.findall(r"[^\W_]+", words.casefold())) or "one"


def _ours(table: Table, column: Column, value: str) -> str:
    """The right-hand side: the canonical code, or for a column with codes of the study's own the value itself."""
    if known := _meaning(table, column, value):
        return known
    if column.codes:
        return ""
    return slug(value) if column.name in ("practice", "site") else value


def _meaning(table: Table, column: Column, value: str) -> str:
    if column.name == "sex":
        return means("sex", value)
    known = means(f"{table.name}.{column.name}", value)
    if column.name == "mode" and not column.codes:
        known = means("contacts.mode", value)
    if not known and set(column.codes) >= set(YES_NO):
        known = means("yes_no", value)
    if not known and value.casefold() in column.codes:
        known = value.casefold()
    return known if not column.codes or known in column.codes else ""
