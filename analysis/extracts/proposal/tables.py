"""A found table and the kinds of its columns in; the canonical table that it fills, and each column's meaning, out."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from analysis.extracts.proposal.codes import share_known
from analysis.extracts.proposal.columns import Guess, is_age, is_year
from analysis.extracts.proposal.files import Found
from analysis.extracts.proposal.items import Items, items
from analysis.extracts.tables import TABLES, Column, Table
from analysis.reference.vocabulary import headings, is_number_of_a_person, plain, spelled

PEOPLE = ("patient_id", "person")
NEAR = 0.88  # how much of two words must be the same for the one to be the other with a slip of the pen
NUMBER = 0.95  # how surely a word for a person and one for a number are a person's number: any list of ours goes before
LEAST = 0.9  # what must speak for a table before it is taken for one
BY_VALUES = ("sex", "attendance", "mode", "response", "uptake", "stance")  # whose codes tell what they are
NOT_DELIVERED = ("withdrew_on", "quotable", "linkable", "linked_to")  # columns that the package fills itself
# Needed, and yet not always delivered: a value for every row can stand for them.
BY_VALUE = {"practice": 0.2, "attendance": 0.5, "setting": 0.5, "uptake": 0.5, "group": 0.7, "kind": 0.7, "status": 0.7,
            "timepoint": 0.3}


@dataclass(frozen=True)
class Meaning:
    """One of their columns as one of ours; `by` is how that was found: heading, values, or both."""

    column: Column
    heading: str
    by: str
    score: float


@dataclass(frozen=True)
class Reading:
    """
    A found table read as a canonical one; `asked` are the questionnaires that it has a column an item of."""

    found: Found
    guesses: tuple[Guess, ...]
    table: Table | None
    meanings: tuple[Meaning, ...]
    asked: Items

    @property
    def items(self) -> Mapping[str, tuple[str, ...]]:
        """The headings of each questionnaire, in its order."""
        return self.asked.by_instrument

    def meaning(self, name: str) -> Meaning | None:
        return next((m for m in self.meanings if m.column.name == name), None)

    def guess(self, heading: str) -> Guess:
        return next(g for g in self.guesses if g.heading == heading)

    def heading_of(self, name: str) -> str:
        meaning = self.meaning(name)
        return meaning.heading if meaning else ""

    def cells(self, name: str) -> tuple[str, ...]:
        """The cells of the column that is ours of that name."""
        return self.found.column(self.heading_of(name))

    @property
    def person(self) -> str:
        """Our name of the column that says whom a row is about."""
        return next((name for name in (*PEOPLE, "participant_id", "interview_id") if self.meaning(name)), "")

    @property
    def unread(self) -> tuple[Guess, ...]:
        """The columns without a meaning."""
        read = {m.heading for m in self.meanings} | {h for items in self.items.values() for h in items}
        return tuple(guess for guess in self.guesses if guess.heading not in read)


def more_meanings(one: Reading, known: Sequence[str]) -> tuple[Meaning, ...]:
    """What the columns that are not read mean in the reading's table, beside those of ours that are `known`."""
    found = _meanings(one.found, one.unread, one.table)
    return tuple(m for m in found if m.column.name not in known)


def meanings_in(one: Reading, table: Table) -> tuple[Meaning, ...]:
    """What the columns of a reading would mean in another table."""
    return _meanings(one.found, one.guesses, table)


def reading(found: Found, guesses: Sequence[Guess]) -> Reading:
    """The canonical table that the most columns speak for; none where too few do."""
    asked = items(found, guesses)
    inside = {heading for headed in asked.by_instrument.values() for heading in headed}
    outside = [guess for guess in guesses if guess.heading not in inside]
    best: tuple[float, Table | None, tuple[Meaning, ...]] = (LEAST, None, ())
    for table in TABLES.values():
        if table.name in ("codings", "memos"):
            continue
        meanings = _meanings(found, outside, table)
        score = _score(found, outside, table, meanings, asked.by_instrument)
        if score > best[0]:
            best = score, table, meanings
    _, table, meanings = best
    in_table = table is not None and table.name == "responses"
    return Reading(found, tuple(guesses), table, meanings, asked if in_table else Items(series=asked.series))


def _meanings(found: Found, guesses: Sequence[Guess], table: Table) -> tuple[Meaning, ...]:
    """The best pairs first, each of their columns and each of ours once; then in the order of ours."""
    pairs = []
    for column in table.columns:
        if column.name in NOT_DELIVERED:
            continue
        for place, guess in enumerate(guesses):
            score, by = _alike(found, guess, table, column)
            if score:
                pairs.append((-score, place, table.names.index(column.name), Meaning(column, guess.heading, by, score)))
    taken: dict[str, Meaning] = {}
    headed: set[str] = set()
    for _, _, _, meaning in sorted(pairs, key=lambda pair: pair[:3]):
        if meaning.column.name not in taken and meaning.heading not in headed:
            taken[meaning.column.name] = meaning
            headed.add(meaning.heading)
    return tuple(taken[name] for name in table.names if name in taken)


def _alike(found: Found, guess: Guess, table: Table, column: Column) -> tuple[float, str]:
    """How much a column of theirs speaks for one of ours, and by what; nothing where its values cannot be that."""
    if not _can_be(guess, column):
        return 0.0, ""
    by_heading = max(heading_score(words, table.name, column.name) for words in (guess.meant, guess.label))
    if by_heading and guess.kind == "empty":
        return 0.8 * by_heading, "heading"
    by_values = 0.0
    if guess.kind == "nhs_number" and column.name in ("patient_id", "person", "nhs_number"):
        by_values = 0.7 if column.name == "nhs_number" else 0.6
        if heading_score(guess.meant, "identifiers", "nhs_number") >= 0.7:
            return max(by_values, 0.6 * by_heading), "both"
    elif column.name in BY_VALUES and column.codes and guess.kind == "category" and guess.distinct >= 2:
        known = share_known(table, column, found.column(guess.heading))
        by_values = 0.45 if known >= 0.8 and not _only_yes_and_no(found.column(guess.heading)) else 0.0
    if by_heading and by_values:
        return by_heading + 0.2, "both"
    return (by_heading, "heading") if by_heading else (by_values, "values")


def _can_be(guess: Guess, column: Column) -> bool:
    if column.name == "name" and guess.kind == "private":  # of a code, where a table has codes
        return plain(guess.heading) in ("name", "code name")
    if column.name == "birth_year":
        return guess.kind in ("empty", "date") or is_year(guess) or is_age(guess)
    if column.name in ("patient_id", "person") and guess.kind == "nhs_number":
        return True
    if column.unit == "minutes" and guess.durations:
        return True
    if column.type == "id" and column.name not in ("worker", "interviewer", "guide_version", "instrument", "item"):
        return guess.can_be("id")
    if column.type == "id":
        return guess.kind in ("id", "category", "text", "integer", "empty")
    return guess.can_be(column.type)


@cache
def heading_score(heading: str, table: str, column: str) -> float:
    """How near a heading is to the words known for a column: 1 the same, less for a part of it, 0 not at all."""
    known = headings()["tables"].get(table, {}).get("columns", {}).get(column, [])
    general = headings()["any"].get(column, [])
    said = spelled(heading)
    if not said:
        return 0.0
    tight = said.replace(" ", "")
    best = NUMBER if column in PEOPLE and is_number_of_a_person(heading) else 0.0
    for rank, words in enumerate([*known, column.replace("_", " "), *general]):
        word = spelled(words)
        if said == word or tight == word.replace(" ", ""):
            # The first words of a list are the plainest; "id" and "date" stand at its end.
            best = max(best, 1.0 - 0.002 * rank)
        elif " " in word and sorted(word.split()) == sorted(said.split()):  # "date discharged" for "discharged date"
            best = max(best, 0.9)
        elif " " in word and f" {word} " in f" {said} ":
            best = max(best, 0.7)
        elif " " in word and set(word.split()) < set(said.split()):
            best = max(best, 0.66)
        elif len(word) > 5 and _nearly(tight, word.replace(" ", "")):
            best = max(best, 0.65)
        elif len(word) > 3 and word in (said.split()[0], said.split()[-1]) and len(said.split()) <= 3:
            best = max(best, 0.5)
    return best


def _nearly(one: str, other: str) -> bool:
    """Whether two words differ by a slip of the pen."""
    alike = difflib.SequenceMatcher(None, one, other)
    return alike.real_quick_ratio() >= NEAR and alike.quick_ratio() >= NEAR and alike.ratio() >= NEAR


def _only_yes_and_no(cells: Sequence[str]) -> bool:
    return {plain(cell) for cell in cells if cell} <= {"y", "n", "yes", "no", "true", "false", "1", "0", "t", "f"}


def _score(found: Found, guesses: Sequence[Guess], table: Table, meanings: Sequence[Meaning],
           items: Mapping[str, tuple[str, ...]]) -> float:
    """What speaks for a table: its columns and its name, less what it needs and what would be left over."""
    names = {m.column.name for m in meanings}
    score = sum(0.4 * m.score if m.column.name in PEOPLE else m.score for m in meanings)
    wide = table.name == "responses" and items
    if wide:
        score += 2.0 * len(items)
        names |= {"instrument", "item", "answer"}
    for column in table.columns:
        if column.required and column.name not in names and not column.absent:
            score -= BY_VALUE.get(column.name, 1.5)
    own = [m for m in meanings if m.column.name not in PEOPLE]
    if not own and not wide:
        return 0.0
    score += _named(found, table)
    left = [g for g in guesses if g.kind != "private" and g.heading not in {m.heading for m in meanings}]
    return score - 0.15 * len(left)


def _named(found: Found, table: Table) -> float:
    """Whether the file's or the sheet's name is a word for the table; the sheet's says more than the file's."""
    words = [plain(word) for word in headings()["tables"].get(table.name, {}).get("words", [])]
    stem = plain(found.name.rsplit(".", 1)[0])
    for place, worth in ((plain(found.sheet), 1.5), (stem, 1.0)):
        tight = place.replace(" ", "")
        if any(f" {word} " in f" {place} " or tight == word.replace(" ", "") for word in words if place):
            return worth
    return 0.0
