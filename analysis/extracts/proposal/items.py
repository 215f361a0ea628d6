"""A table's columns in; which of them are the items of which questionnaire, and what stands for no answer, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analysis.extracts.proposal.columns import Guess, questionnaires
from analysis.extracts.proposal.files import Found
from analysis.reference import instruments
from analysis.reference.records import records
from analysis.reference.vocabulary import headings, prefix_of, spelled


@dataclass(frozen=True)
class Items:
    """
    `by_instrument` has the headings of each questionnaire in its order; `by_number` names those that only the number
    and range of the answers speak for, `either` those that may be another with the same items. `series` are numbered
    columns that fit none. `blank` are numbers outside a scale that stand for a missing answer.
    """

    by_instrument: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_number: frozenset[str] = frozenset()
    either: Mapping[str, str] = field(default_factory=dict)
    series: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    blank: tuple[str, ...] = ()


def items(found: Found, guesses: Sequence[Guess]) -> Items:
    """
    The questionnaires of a table with one column an item.

    Items are known by their numbers ("PHQ9_1") or by their names ("EQ5D Mobility"). Of questionnaires that share a
    prefix and the number of items (EQ-5D-3L and -5L) the narrowest scale that holds every answer is taken, and said.
    """
    by_instrument: dict[str, tuple[str, ...]] = {}
    by_number: set[str] = set()
    either: dict[str, str] = {}
    series: dict[str, tuple[str, ...]] = {}
    blank: set[str] = set()
    about = {guess.heading: guess for guess in guesses}
    numbered = questionnaires(guesses)
    for words in sorted(numbered, key=lambda words: not _named(about[numbered[words][0]])):  # those named come first
        headed = numbered[words]
        answers = _answers(found, headed)
        fitting = sorted((name for name in instruments.names() if _fits(name, len(headed), answers)),
                         key=lambda name: (_width(name), name))
        named = [name for name in fitting if name in _named(about[headed[0]])]
        closest = [name for name in fitting if _width(name) == _width(fitting[0])]
        if named and named[0] not in by_instrument:
            chosen = named[0]
            either |= {chosen: named[1]} if len(named) > 1 else {}
        elif not _named(about[headed[0]]) and len(closest) == 1 and closest[0] not in by_instrument and len(headed) > 3:
            chosen = closest[0]
            by_number.add(chosen)
        else:
            series[words] = headed
            continue
        by_instrument[chosen] = headed
        blank |= _outside(chosen, answers)
    taken = {heading for headed in (*by_instrument.values(), *series.values()) for heading in headed}
    for name, headed in _by_name(guesses, taken).items():
        answers = _answers(found, headed)
        wider = [other for other in by_instrument if by_instrument[other] == headed]
        if not _fits(name, len(headed), answers):
            continue
        if wider:  # the same columns fit another of its family: the narrower one stands
            narrow, wide = sorted((name, wider[0]), key=_width)
            by_instrument.pop(wider[0])
            either[narrow] = wide
            name = narrow
        by_instrument[name] = headed
        blank |= _outside(name, answers)
    return Items(by_instrument, frozenset(by_number), either, series,
                 tuple(sorted(blank, key=int)))


def _by_name(guesses: Sequence[Guess], taken: set[str]) -> dict[str, tuple[str, ...]]:
    """Questionnaires all of whose items are there by name."""
    known, before = headings()["item_names"], headings()["item_names_after"]
    free = {guess.heading: spelled(guess.meant) for guess in guesses
            if guess.heading not in taken and guess.kind in ("integer", "empty")}
    made = {}
    for name, wanted in known.items():
        headed: list[str] = []
        for words in wanted:
            forms = {spelled(word) for word in words} | {
                spelled(f"{prefix} {word}") for prefix in before[name] for word in words}
            tight = {form.replace(" ", "") for form in forms}
            here = [heading for heading, said in free.items()
                    if heading not in headed and (said in forms or said.replace(" ", "") in tight)]
            headed += here[:1]
        if len(headed) == len(wanted):
            made[name] = tuple(headed)
    return made


def _named(guess: Guess) -> list[str]:
    """The questionnaires whose prefix the heading of an item has."""
    words = prefix_of(guess.meant)[1]
    return [name for name, aliases in headings()["questionnaires"].items() if words in aliases]


def _answers(found: Found, headed: Sequence[str]) -> frozenset[int]:
    return frozenset(int(cell) for heading in headed for cell in set(found.column(heading))
                     if cell.lstrip("-").isdecimal())


def _width(name: str) -> int:
    return instruments.instrument(name).highest - instruments.instrument(name).lowest


def _fits(name: str, number: int, answers: frozenset[int]) -> bool:
    """Whether every answer lies on the scale, or is a number that stands for none."""
    one = instruments.instrument(name)
    return len(one.items) == number and all(
        one.lowest <= answer <= one.highest or answer in records().missing_answers for answer in answers) and (
        not answers or any(one.lowest <= answer <= one.highest for answer in answers))


def _outside(name: str, answers: frozenset[int]) -> set[str]:
    one = instruments.instrument(name)
    return {str(answer) for answer in answers if not one.lowest <= answer <= one.highest}
