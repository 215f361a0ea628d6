"""
Kinds of fault in, made-up extracts with them planted, and the rule and the rows that must be named, out.

What each kind does to an extract is in the modules beside this one, cells.py and on; this is the ground.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from analysis.errors import Mistake, nearest
from analysis.extracts.column_plan import ColumnPlan
from analysis.extracts.plan import ExtractPlan
from analysis.extracts.synthetic import Extracts
from analysis.extracts.synthetic.files import Row, Sheet
from analysis.extracts.synthetic.people import Person
from analysis.extracts.synthetic.records import Record

SUBJECTS = ("files", "structure", "identity", "time", "activity", "prescriptions", "questionnaires", "consent",
            "interviews")


LATE = datetime.time(23, 15, 10)  # where a date has its time of day: after whatever else was done on the day


@dataclass(frozen=True)
class Spot:
    """One row of one extract."""

    plan: ExtractPlan
    sheet: Sheet
    row: Row

    @property
    def place(self) -> tuple[str, str, int]:
        """Extract, file and line, as the data query log names them."""
        number = next(n for n, row in enumerate(self.sheet.rows) if row is self.row)
        return self.plan.name, self.sheet.place, self.sheet.line(number)

    @property
    def person(self) -> Person | None:
        return self.row.record(self.plan.name).get("whose")

    def column(self, name: str) -> ColumnPlan:
        return self.plan.column(name)

    def get(self, name: str) -> str:
        """The cell of one of our columns, as delivered."""
        return self.row.cells[self.column(name).source]

    def ours(self, name: str) -> str:
        """The cell as a code of ours."""
        return self.column(name).codes.get(self.get(name), "")

    def day(self, name: str) -> datetime.date | None:
        """The cell as a date; None where it is blank, or where a fault was planted in it."""
        try:
            return datetime.datetime.strptime(self.get(name), self.column(name).format).date()
        except ValueError:
            return None

    def set(self, name: str, value: object) -> Spot:
        """Writes a date as the extract states it (late in the day), a code of ours in its words, else the text."""
        column = self.column(name)
        if isinstance(value, datetime.date):
            value = datetime.datetime.combine(value, LATE).strftime(column.format)
        elif column.codes and value in column.codes.values():
            value = next(theirs for theirs, ours in column.codes.items() if ours == value)
        self.row.cells[column.source] = str(value)
        return self

    def fill(self, record: Record, *columns: str) -> Spot:
        """Writes what a record says into these of the extract's columns."""
        for name in columns:
            if (c := self.plan.column(name)) and c.source:
                self.set(name, "" if record.get(name) is None else record[name])
        return self

    def copy(self) -> Spot:
        """A new row with the same cells, at the end of the file: the lines of other rows stay what they are."""
        row = Row(dict(self.row.cells), self.row.records)
        self.sheet.rows.append(row)
        return Spot(self.plan, self.sheet, row)

    def remove(self) -> None:
        """Takes the row out of its file: the rows after it stand a line higher."""
        del self.sheet.rows[next(n for n, row in enumerate(self.sheet.rows) if row is self.row)]


class Bed:
    """
    Extracts to plant in. A row is used once, and so is a person by the kinds that touch a whole person.

    So one fault does not hide another, and each is named where it was planted.
    """

    def __init__(self, extracts: Extracts, dice: random.Random):
        self.extracts, self.dice = extracts, dice
        self.study = extracts.study
        self._rows: set[int] = set()
        self._people: set[int] = set()  # of whom everything is used
        self._touched: set[int] = set()  # of whom some row is

    @property
    def plans(self) -> tuple[ExtractPlan, ...]:
        return self.extracts.world.words.plans

    def delivers(self, table: str, *columns: str) -> list[ExtractPlan]:
        """The extracts that fill a table and are delivered all these columns."""
        return [p for p in self.plans if p.table.name == table and all((c := p.column(n)) and c.source
                                                                       for n in columns)]

    def spots(self, plans: Iterable[ExtractPlan], *, used: bool = False, untouched: bool = False,
              alone: bool = False) -> Iterator[Spot]:
        """
        Rows of these extracts without a fault so far, in random order.

        `used`: those with one, too. `untouched`: nor with a fault anywhere in their person. `alone`: no other extract
        reads their file, so that one row more of it is a row of this extract only.
        """
        wanted = {p.name for p in plans}
        found = [Spot(plan, sheet, row) for sheet in self.extracts.sheets for plan in sheet.plans
                 if plan.name in wanted and (len(sheet.plans) == 1 or not alone) for row in sheet.rows]
        self.dice.shuffle(found)
        for spot in found:
            free = id(spot.row) not in self._rows and (not spot.person or spot.person.number not in self._people)
            if untouched and spot.person and spot.person.number in self._touched:
                continue
            if used or free:
                yield spot

    def rows(self, table: str, *columns: str, untouched: bool = False, alone: bool = False) -> Iterator[Spot]:
        """Free rows of a table, from extracts that are delivered all these columns."""
        return self.spots(self.delivers(table, *columns), untouched=untouched, alone=alone)

    def of(self, person: Person, table: str, *columns: str) -> list[Spot]:
        """All rows of one person in a table, in the order of the files."""
        wanted = {p.name for p in self.delivers(table, *columns)}
        return [Spot(plan, sheet, row) for sheet in self.extracts.sheets for plan in sheet.plans
                if plan.name in wanted for row in sheet.rows if Spot(plan, sheet, row).person is person]

    def take(self, *spots: Spot, person: bool = False) -> list[Spot]:
        """Marks rows, or everything of their people, as used. Returns them."""
        for spot in spots:
            self._rows.add(id(spot.row))
            if spot.person:
                self._touched.add(spot.person.number)
            if person and spot.person:
                self._people.add(spot.person.number)
        return list(spots)


@dataclass(frozen=True)
class Kind:
    """
    One kind of fault. `rule` is the one that must name it, empty where the reader refuses the file that has it;
    `wants` is what a study must deliver for it.

    `plant` alters the extracts in a bed and gives back the rows that must be named, each by the kind's rule or by the
    one that stands beside it; of a `whole` extract any row; None where the study has nothing to plant it in.
    """

    name: str
    subject: str
    rule: str
    wants: str
    plant: Callable[[Bed], Sequence[Spot | tuple[Spot, str]] | None]
    whole: bool = False


@dataclass(frozen=True)
class Planted:
    """One fault that was planted: what must be found, and where."""

    kind: Kind
    named: tuple[tuple[Spot, str], ...]
    extract: str = ""  # of a fault of a whole extract

    @property
    def places(self) -> set[tuple[str, str, int, str]]:
        """(extract, file, line, rule) as the data query log must name them."""
        return {(*spot.place, rule) for spot, rule in self.named if rule}

    @property
    def sentence(self) -> str:
        if not self.kind.rule:
            return f"{self.kind.name}: {self.named[0][0].sheet.place} (the reader refuses it)"
        where = sorted({(file, line) for _, file, line, _ in self.places}) or [(self.extract, 0)]
        said = "; ".join(f"{file}, line {line}" if line else file for file, line in where)
        rules = list(dict.fromkeys(rule for _, rule in self.named)) or [self.kind.rule]
        return f"{self.kind.name}: {said} (rule{'s' * (len(rules) > 1)} {', '.join(map(repr, rules))})"


def kinds() -> dict[str, Kind]:
    """Every kind of fault that can be planted, by name, in the order of the subjects."""
    from analysis.extracts.planting import activity, answers, cells, files, people, prescriptions, time

    rooms = (files, cells, people, time, activity, prescriptions, answers)
    found = [kind for room in rooms for kind in room.KINDS]
    return {kind.name: kind for kind in sorted(found, key=lambda kind: SUBJECTS.index(kind.subject))}


def chosen(words: str) -> list[Kind]:
    """
    The kinds that somebody asks for: names with commas between, or 'all' that leave rows to be looked at.

    Those of a whole file or extract would hide the others, and are planted by name only. Raises Mistake for a kind
    that there is not, with the nearest.
    """
    known = kinds()
    if words.strip() == "all":
        return [kind for kind in known.values() if kind.rule and not kind.whole]
    found = []
    for word in (w.strip() for w in words.split(",") if w.strip()):
        if word not in known:
            guess = nearest(word, known)
            raise Mistake(f"there is no kind of fault '{word}'",
                          remedy=f"did you mean '{guess}'?" if guess else "FAULTS=list names them")
        found.append(known[word])
    return found


def plant(extracts: Extracts, wanted: Sequence[Kind], seed: object = 1) -> tuple[list[Planted], list[Kind]]:
    """
    These kinds of fault planted in the extracts, each in rows of its own; and those that found no place.

    The extracts are altered where they are.
    """
    bed, planted, without = Bed(extracts, random.Random(f"faults {seed}")), [], []
    for kind in sorted(wanted, key=lambda kind: kind.subject == "structure"):  # these find a place in any row
        spots = kind.plant(bed)
        if spots is None:
            without.append(kind)
        elif kind.whole:
            planted.append(Planted(kind, (), spots[0].plan.name))
        else:
            named = [one if isinstance(one, tuple) else (one, kind.rule) for one in spots]
            planted.append(Planted(kind, tuple(named)))
    return planted, without
