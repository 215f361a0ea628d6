"""Made-up records in; extracts in the shape that the definition says, as cells, text tables or files, out."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import pandas as pd

from analysis.errors import Mistake
from analysis.extracts.column_plan import ColumnPlan
from analysis.extracts.headings import FILLED
from analysis.extracts.plan import ExtractPlan
from analysis.extracts.read import FILE, ROW, Delivered, years_of_birth
from analysis.extracts.synthetic.names import Slot, slots
from analysis.extracts.synthetic.people import Person, between
from analysis.extracts.synthetic.records import Record, World
from analysis.extracts.synthetic.rows import rows, share_of
from analysis.extracts.synthetic.writing import LINELESS, MANY_SHEETS, WRITERS, Grid, delimited, zipped
from analysis.extracts.tables import TABLES
from analysis.reference.made_up import MARK


@dataclass
class Row:
    """One row: cells by heading, as they will be delivered, and the records that they say."""

    cells: dict[str, str]
    records: Mapping[str, Record | None]  # by extract: several may be read from one file

    def record(self, extract: str) -> Record:
        return self.records[extract] or {}

    def is_of(self, plan: ExtractPlan) -> bool:
        """Whether the extract keeps this row."""
        return all(self.cells[heading] in values or FILLED in values and self.cells[heading]
                   for heading, values in plan.keep.items())


@dataclass
class Sheet:
    """One file, a member of an archive or a sheet of a workbook, with the extracts that are read from it."""

    slot: Slot
    plans: tuple[ExtractPlan, ...]
    rows: list[Row] = field(default_factory=list)
    prefix: str = ""  # before the place, where several worlds are put together
    lent: tuple[str, ...] = ()  # headings that extracts of other files are looked up under

    @property
    def plan(self) -> ExtractPlan:
        return self.plans[0]

    @property
    def place(self) -> str:
        """What the reader calls it."""
        return self.prefix + self.slot.place

    @property
    def suffix(self) -> str:
        """How the name ends by which it is read."""
        own = PurePosixPath(self.slot.name).suffix.lower()
        return own if self.slot.member else self.plan.read_as or own

    @property
    def headings(self) -> tuple[str, ...]:
        own = (heading for plan in self.plans for heading in plan.headings)
        return tuple(dict.fromkeys([*own, *self.lent]))

    def line(self, place: int) -> int:
        """The line of the file on which the row at that place begins: no cell has a line end in it."""
        return place + 1 if self.suffix in LINELESS else self.plan.header_row + 1 + place


def sheets(world: World) -> list[Sheet]:
    """Every file that the definition asks for, filled with the world's records."""
    together: dict[tuple, list[ExtractPlan]] = {}
    for plan in world.words.plans:
        together.setdefault((plan.files, plan.members, plan.sheets), []).append(plan)
    made = []
    for plans in together.values():
        files = [Sheet(slot, tuple(plans)) for slot in slots(plans[0])]
        dice = world.dice("cells " + " ".join(plan.name for plan in plans))
        for place, records in enumerate(rows(world, plans)):
            row = Row({}, records)
            for plan in plans:
                said = records[plan.name]
                row.cells = (row.cells | _cells(world, plan, said, dice) if said else
                             dict.fromkeys([*plan.headings, *(c.source for c in plan.delivered)], "") | row.cells)
            lead = next(record for record in records.values() if record)
            fitting = [sheet for sheet in files if all(row.cells[c.source] == sheet.slot.says.get(c.source)
                                                       for c in plans[0].delivered if c.named and c.codes)]
            if fitting:
                sheet = fitting[share_of(world, lead, place, len(fitting))]
                row.cells |= sheet.slot.says
                sheet.rows.append(row)
        made += files
    _lend(world, made)
    return made


def _lend(world: World, made: Sequence[Sheet]) -> None:
    """Writes what is looked up of people in other files where it is looked up."""
    for borrower in world.words.plans:
        for column in (column for column in borrower.columns if column.of):
            cells = {row.records[borrower.name]["whose"].number: row.cells[column.source] for sheet in made
                     for row in sheet.rows if borrower in sheet.plans and row.records.get(borrower.name)}
            for sheet in (sheet for sheet in made if column.of in {plan.name for plan in sheet.plans}):
                sheet.lent = tuple(dict.fromkeys([*sheet.lent, column.source]))
                for row in sheet.rows:
                    whose = next((one["whose"] for one in row.records.values() if one and one.get("whose")), None)
                    row.cells[column.source] = cells.get(whose.number, "") if whose else ""


def text_tables(sheets: Iterable[Sheet]) -> dict[str, Delivered]:
    """The extracts as they would be read from their files, without files; several worlds' sheets may come together."""
    bodies: dict[str, list[list]] = {}
    asides: dict[str, list[list]] = {}
    trimmed: dict[str, list[tuple[str, int, str]]] = {}
    plans: dict[str, ExtractPlan] = {}
    for sheet in sheets:
        for plan in sheet.plans:
            plans[plan.name] = plan
            named = _named(plan)
            body, spaces = bodies.setdefault(plan.name, []), trimmed.setdefault(plan.name, [])
            aside = asides.setdefault(plan.name, [])
            for place, row in enumerate(sheet.rows):
                line = sheet.line(place)
                cells: list = [sheet.place, line]
                for name, heading, nhs_number, blank in named:
                    text = row.cells[heading]
                    if text != text.strip():
                        spaces.append((sheet.place, line, name))
                        text = text.strip()
                    if nhs_number:
                        text = text.replace(" ", "")
                    cells.append(None if not text or text in blank else text)
                if any(row.cells.values()):
                    (body if row.is_of(plan) else aside).append(cells)
    return {name: Delivered(plan, _frame(plan, bodies[name]), tuple(trimmed[name]), _frame(plan, asides[name]))
            for name, plan in plans.items()}


def _frame(plan: ExtractPlan, cells: list[list]) -> pd.DataFrame:
    columns = [FILE, ROW, *(name for name, *_ in _named(plan))]
    frame = pd.DataFrame(cells, columns=columns)
    for column in plan.delivered:
        if column.age_in:
            frame[column.name] = years_of_birth(frame[column.name].tolist(), column.age_in)
    return frame.astype({column: "int64" if column == ROW else "str" for column in columns})


def write(sheets: Sequence[Sheet], folder: Path, study: str) -> list[Path]:
    """The files, in a folder that is there; the same sheets give the same bytes. Returns what was written."""
    files: dict[str, dict[str, list[Sheet]]] = {}
    for sheet in sheets:
        files.setdefault(sheet.slot.file, {}).setdefault(sheet.slot.member, []).append(sheet)
    for file, members in files.items():
        content = {member: _content(inside, study) for member, inside in members.items()}
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content[""] if "" in content else zipped(sorted(content.items())))
    return [folder / file for file in files]


def _content(inside: Sequence[Sheet], study: str) -> bytes:
    """The bytes of one file or member."""
    suffix = inside[0].suffix
    if len({sheet.slot.sheet for sheet in inside}) < len(inside):
        names = ", ".join(plan.name for sheet in inside for plan in sheet.plans)
        raise Mistake(f"the extracts {names} name one file in different words", where=inside[0].plan.where,
                      remedy="write 'file', 'sheet' and 'member' alike in each of them")
    return WRITERS.get(suffix, delimited)([_grid(sheet, study) for sheet in inside], suffix)


def _grid(sheet: Sheet, study: str) -> Grid:
    """Lines above, headings, rows; what the system would print once is blank where it repeats the row above."""
    once, below, rows = {heading for plan in sheet.plans for heading in plan.fill_down}, {}, []
    for row in sheet.rows:
        rows.append(tuple("" if h in once and row.cells[h] == below.get(h) else row.cells[h] for h in sheet.headings))
        below = row.cells
    above = [MARK, f"Study: {study}", *("" for _ in range(sheet.plan.header_row))][:sheet.plan.header_row - 1]
    dates = {c.source: c.format for plan in sheet.plans for c in plan.delivered if c.type == "date"}
    return Grid(sheet.slot.sheet if sheet.suffix in MANY_SHEETS else "", tuple(above), sheet.headings, tuple(rows),
                sheet.plan.footer[:1], dates, sheet.plan.encoding, sheet.plan.delimiter)


# ------------------------------------------------------------------------------------------------ cells

def _cells(world: World, plan: ExtractPlan, record: Record, dice: random.Random) -> dict[str, str]:
    cells = {c.source: _cell(world, c, record, dice, plan.exported) for c in plan.columns if c.source}
    for name, headings in plan.items.items():
        for heading in headings:
            answer = record.get(f"{name}:{heading}")
            cells[heading] = "" if answer is None else str(answer)
    for heading, values in plan.keep.items():
        if FILLED in values:
            cells[heading] = cells.get(heading) or "x"
        elif cells.get(heading) not in values:
            cells[heading] = values[0]
    return cells


def _cell(world: World, column: ColumnPlan, record: Record, dice: random.Random,
          exported: datetime.date | None) -> str:
    value = _number_of(world, column, record) if column.through else record.get(column.name)
    if value is None and (column.required or column.name not in record):
        value = _filler(world, column, record, dice)
    if value is None:
        return dice.choice(["", *column.blank])
    if column.codes:
        theirs = [their for their, ours in column.codes.items() if ours == value]
        return dice.choice(theirs) if theirs else ""
    if column.type == "date":
        day = value if isinstance(value, datetime.date) else datetime.date(int(value), 1, 1)
        day = max(day, column.earliest or day)
        day = min(day, column.latest or day, exported or day)
        if "%H" in column.format:
            return datetime.datetime(day.year, day.month, day.day, dice.randint(9, 16), dice.randint(1, 59),
                                     dice.randint(0, 59)).strftime(column.format)
        return day.strftime(column.format)
    if column.type in ("integer", "number") and isinstance(value, (int, float)):
        low, high = column.minimum, column.maximum
        value = value if low is None else max(value, low)
        value = value if high is None else min(value, high)
        value = column.age_in - value if column.age_in else value
        return f"{int(value)}" if column.type == "integer" else f"{value:g}" if value < 1e5 else f"{value:.0f}"
    return str(value)


def _number_of(world: World, column: ColumnPlan, record: Record) -> str | None:
    """The number by which an extract knows a person, where that is not our own."""
    identifiers = next(p for p in world.words.plans if p.name == column.through)
    whose = record.get("whose")
    return getattr(whose, identifiers.number_column(column), None) if whose else record.get(column.name)


def _filler(world: World, column: ColumnPlan, record: Record, dice: random.Random) -> object:
    """Something that the column may hold, where no story says what it would."""
    whose: Person | None = record.get("whose")
    if column.links in TABLES and world.words.delivers(column.links):
        return dice.choice(world.table(column.links))[TABLES[column.links].key[0]]
    if column.codes:
        return dice.choice(list(column.codes.values()))
    if column.type == "nhs_number":
        return whose.nhs_number if whose else None
    if column.type == "date":
        begins = whose.started_on or whose.invited_on if whose else world.words.study.period[0]
        return between(dice, begins, whose.last_day if whose else world.words.study.period[1])
    if column.type in ("integer", "number"):
        low = 1 if column.minimum is None else int(column.minimum)
        return dice.randint(low, low + 20 if column.maximum is None else int(column.maximum))
    if column.type == "id":
        return f"{column.name[0].upper()}{dice.randint(1000, 9999)}" if column.required else None
    return "made up" if column.required else None


def _named(plan: ExtractPlan) -> list[tuple[str, str, bool, tuple[str, ...]]]:
    """(our name, their heading, whether an NHS number, words for blank) of what is read from a file."""
    named = [(c.name, c.source, c.type == "nhs_number", c.blank) for c in plan.delivered]
    return named + [(f"{name}:{item}", item, False, plan.blank) for name, items in plan.items.items() for item in items]
