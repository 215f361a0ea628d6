"""Faults of cells, rows and whole extracts: what a slip of the hand, a spreadsheet or an export does to them."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Iterator, Sequence

from analysis.extracts.column_plan import ColumnPlan
from analysis.extracts.plan import ExtractPlan
from analysis.extracts.planting import Bed, Kind, Spot
from analysis.extracts.tables import TABLES

LINKED = ("patients", "identifiers", "interviews", "codes")  # others point at their keys
# Cells on which what other rules see in other rows depends: spoilt, they are more than one fault.
DEPENDED_ON = {"referrals": ("patient_id", "response"), "episodes": ("patient_id", "started_on"),
               "consents": ("person", "kind", "status"), "timepoints": ("patient_id", "instrument", "timepoint"),
               "responses": ("patient_id", "timepoint", "instrument")}
# Ids to which nothing points. A contact's own number is the first of them.
FREE_IDS = ("contact_id", "worker", "interviewer", "dmd_code")
Change = Callable[[ColumnPlan, str, random.Random], str | None]


# ------------------------------------------------------------------------------------------------ one cell

def cell(name: str, rule: str, wants: str, fits: Callable[[ColumnPlan], bool], change: Change,
         subject: str = "structure") -> Kind:
    """A kind that changes one cell of a column that fits; `change` gives the new text, or None for another cell."""

    def plant(bed: Bed) -> Sequence[Spot] | None:
        for spot, column in _cells(bed, fits):
            text = spot.get(column.name)
            new = change(column, text, bed.dice) if text else None
            if new is not None and new != text:
                spot.set(column.name, new)
                return bed.take(spot)
        return None

    return Kind(name, subject, rule, wants, plant)


def _cells(bed: Bed, fits: Callable[[ColumnPlan], bool]) -> Iterator[tuple[Spot, ColumnPlan]]:
    """Cells of fitting columns: every column has its turn before a row of another is looked at."""
    columns = [(plan, c) for plan in bed.plans for c in plan.delivered if fits(c) and not _is_pointed_at(plan, c)]
    bed.dice.shuffle(columns)
    for plan, column in columns:
        for spot in bed.spots([plan]):
            if column.name in ("attendance", "minutes") and plan.column("minutes") and spot.get("minutes"):
                continue  # minutes without attendance, and attendance without minutes, are faults of their own
            yield spot, column


def _is_pointed_at(plan: ExtractPlan, column: ColumnPlan) -> bool:
    if column.name in DEPENDED_ON.get(plan.table.name, ()):
        return True
    return plan.table.name in LINKED and column.name in (*plan.table.key, *plan.key, "participant_id", "nhs_number")


def _date(column: ColumnPlan) -> bool:
    return column.type == "date"


def _read(column: ColumnPlan, text: str) -> datetime.date:
    return datetime.datetime.strptime(text, column.format).date()


def _turned(column: ColumnPlan, text: str, dice: random.Random) -> str | None:
    day = _read(column, text)
    if "%m" not in column.format or day.day <= 12:
        return None
    return day.strftime(column.format.replace("%d", "%(d)").replace("%m", "%d").replace("%(d)", "%m"))


def _serial(column: ColumnPlan, text: str, dice: random.Random) -> str:
    return str((_read(column, text) - datetime.date(1899, 12, 30)).days)


def _other_format(column: ColumnPlan, text: str, dice: random.Random) -> str:
    return _read(column, text).strftime("%Y-%m-%d" if "-" not in column.format else "%d/%m/%Y")


def _no_such_day(column: ColumnPlan, text: str, dice: random.Random) -> str | None:
    return text.replace(f"{_read(column, text):%d}", "31", 1) if _read(column, text).month == 2 else None


def _two_digit_year(column: ColumnPlan, text: str, dice: random.Random) -> str | None:
    return _read(column, text).strftime(column.format.replace("%Y", "%y")) if "%Y" in column.format else None


def _number(column: ColumnPlan) -> bool:
    return column.type == "number"


def _whole(column: ColumnPlan) -> bool:
    return column.type == "integer"


def _bounded(end: str) -> Callable[[ColumnPlan], bool]:
    return lambda column: (column.type in ("integer", "number") and getattr(column, end) is not None
                           and column.name not in ("quantity", "total"))


def _coded(column: ColumnPlan) -> bool:
    return bool(column.codes)


def _other_case(column: ColumnPlan, text: str, dice: random.Random) -> str | None:
    return text.swapcase() if text.swapcase() not in column.codes else None


def _required(column: ColumnPlan) -> bool:
    return column.required


CELLS = (
    cell("blank where a value is required", "complete", "a required column", _required, lambda c, t, d: ""),
    cell("day and month the other way round", "date as stated", "a date with day and month in figures", _date, _turned),
    cell("date as a spreadsheet's serial number", "date as stated", "a date", _date, _serial),
    cell("date in another format", "date as stated", "a date", _date, _other_format),
    cell("date of no calendar", "date as stated", "a date in February", _date, _no_such_day),
    cell("year in two figures", "date as stated", "a date with four figures for its year", _date, _two_digit_year),
    cell("words where a date belongs", "date as stated", "a date", _date, lambda c, t, d: "see notes"),
    cell("date and time where a date belongs", "date as stated", "a date", lambda c: _date(c) and "%H" not in c.format,
         lambda c, t, d: f"{t} 14:53"),
    cell("code that nobody listed", "known code", "a column with codes", _coded, lambda c, t, d: "Zz9"),
    cell("code in another case", "known code", "a column with codes", _coded, _other_case),
    cell("two codes in one cell", "known code", "a column with codes", _coded,
         lambda c, t, d: f"{t}, {d.choice(list(c.codes))}"),
    cell("unit typed behind a whole number", "whole number", "a whole number", _whole, lambda c, t, d: f"{t} min"),
    cell("decimals in a whole number", "whole number", "a whole number", _whole, lambda c, t, d: f"{t}.5"),
    cell("letter O for nought in a number", "whole number", "a whole number with a nought", _whole,
         lambda c, t, d: t.replace("0", "O", 1)),
    cell("range where one number belongs", "whole number", "a whole number", _whole, lambda c, t, d: f"{t}-{t}"),
    cell("words where a number belongs", "number", "a number", _number, lambda c, t, d: "fifty"),
    cell("comma for the decimal point", "number", "a number", _number, lambda c, t, d: f"{t},5"),
    cell("thousands with a comma", "number", "a number", _number, lambda c, t, d: "1,000"),
    cell("quantity with its pack written out", "number", "the quantity of an issue",
         lambda c: _number(c) and c.name == "quantity", lambda c, t, d: "1 box", subject="prescriptions"),
    cell("quantity as packs times units", "number", "the quantity of an issue",
         lambda c: _number(c) and c.name == "quantity", lambda c, t, d: "2 x 28", subject="prescriptions"),
    cell("number above the stated range", "in range", "a number with `max`", _bounded("maximum"),
         lambda c, t, d: f"{c.maximum + 1:.0f}"),
    cell("number below the stated range", "in range", "a number with `min`", _bounded("minimum"),
         lambda c, t, d: f"{c.minimum - 1:.0f}"),
    cell("negative quantity", "in range", "the quantity of an issue, with `min`",
         lambda c: c.name == "quantity" and c.minimum is not None, lambda c, t, d: f"-{t}", subject="prescriptions"),
    cell("space before a value", "no surrounding space", "a column", lambda c: True, lambda c, t, d: f"  {t}"),
    cell("space after a value", "no surrounding space", "a column", lambda c: True, lambda c, t, d: f"{t} "),
    cell("no-break space after a value", "no surrounding space", "a column", lambda c: True,
         lambda c, t, d: f"{t}\u00a0"),
    cell("number of many digits as a spreadsheet shows it", "id not rounded", "a column of ids",
         lambda c: c.name in FREE_IDS, lambda c, t, d: "1.23457E+15", subject="identity"),
    cell("number of many digits as a spreadsheet cuts it", "id with all its digits", "a column of ids",
         lambda c: c.name in FREE_IDS, lambda c, t, d: f"{d.randint(10**14, 10**15 - 1)}0000", subject="identity"),
    cell("code of somebody who declines research", "no opt-out code", "a column of ids",
         lambda c: c.name in FREE_IDS[1:], lambda c, t, d: "XaaDb", subject="consent"),
)


# ------------------------------------------------------------------------------------------------ answers

def answer(name: str, rule: str, change: Callable[[int, int, str], str | None]) -> Kind:
    """A kind that changes one answer of a questionnaire, told the lowest and the highest answer and the one given."""

    def plant(bed: Bed) -> Sequence[Spot] | None:
        for spot in bed.spots([plan for plan in bed.plans if plan.items and not plan.column("total")]):
            items = [(name, heading) for name, headings in spot.plan.items.items() for heading in headings]
            bed.dice.shuffle(items)
            for questionnaire, heading in items:
                known, given = spot.plan.scales[questionnaire], spot.row.cells[heading]
                new = change(known.lowest, known.highest, given) if given else None
                if new is not None:
                    spot.row.cells[heading] = new
                    return bed.take(spot)
        return by_row(bed)

    def by_row(bed: Bed) -> Sequence[Spot] | None:
        """The same where a row is one answer; a stated range of the column would name a number outside it first."""
        for spot in bed.rows("responses", "answer", "item"):
            known = spot.plan.scales.get(spot.row.record(spot.plan.name).get("instrument"))
            column = spot.column("answer")
            stated = column.minimum is not None or column.maximum is not None
            new = change(known.lowest, known.highest, spot.get("answer")) if known and spot.get("answer") else None
            if new is not None and not (stated and rule == "missing code declared"):
                return bed.take(spot.set("answer", new))
        return None

    return Kind(name, "questionnaires", rule, "a questionnaire", plant)


ANSWERS = (
    answer("answer above the scale", "in range", lambda low, high, given: str(high + 1)),
    answer("answer below the scale", "in range", lambda low, high, given: str(low - 1)),
    answer("99 for a missing answer", "missing code declared", lambda low, high, given: "99"),
    answer("answer with a decimal", "whole number", lambda low, high, given: f"{low}.5"),
    answer("answer in words", "whole number", lambda low, high, given: "often"),
    answer("two answers ticked", "whole number", lambda low, high, given: f"{given}/{high}"),
)


# ------------------------------------------------------------------------------------------------ rows and extracts

def _repeated(bed: Bed) -> Sequence[Spot] | None:
    for spot in bed.spots(bed.plans, alone=True):
        bed.take(spot)
        return bed.take(spot.copy())
    return None


def _two_versions(bed: Bed) -> Sequence[Spot] | None:
    """The key of another row, with another content: a record that was corrected and sent twice."""
    for plan in bed.plans:
        keys = [k for k in plan.key if plan.column(k) and plan.column(k).source]
        others = [c for c in plan.delivered if c.name not in keys and not c.codes and c.type in ("integer", "number")
                  and c.name not in ("minutes", "birth_year", "total")]
        others += [c for c in plan.delivered if c.name not in keys and c.codes and c.name not in
                   ("attendance", "response", "practice", "sex", "group", "status", "outcome", "uptake",
                    "completed_by")]
        if not keys or plan.table.name in ("identifiers", "episodes", "consents", "timepoints") or not others:
            continue  # there a second version breaks other rules too
        for spot in bed.spots([plan], alone=True):
            column = others[0]
            new = _another(column, spot.get(column.name))
            if all(spot.get(k) for k in keys) and new:
                bed.take(spot)
                return bed.take(spot.copy().set(column.name, new))
    return None


def _another(column: ColumnPlan, text: str) -> str | None:
    """Another value that the column may hold."""
    if column.codes:
        return next((code for code in column.codes if code != text), None)
    low = 1 if column.minimum is None else int(column.minimum)
    return next((str(n) for n in (low + 1, low + 2) if str(n) != text), None)


def _unknown_link(bed: Bed) -> Sequence[Spot] | None:
    tables = ("interventions", "recruitment", "events", *(() if bed.delivers("timepoints") else ("responses",)))
    for spot, column in _cells(bed, lambda c: c.links in TABLES and not c.through and c.name == "patient_id"):
        if bed.delivers("patients", "patient_id") and spot.plan.table.name in tables:
            return bed.take(spot.set(column.name, f"{spot.get(column.name)}99999"))
    return None


def _unknown_interview(bed: Bed) -> Sequence[Spot] | None:
    for spot in bed.rows("asked", "interview_id"):
        if bed.delivers("interviews", "interview_id"):
            return bed.take(spot.set("interview_id", f"{spot.get('interview_id')}9999"))
    return None


def _late(table: str, column: str) -> Callable[[Bed], Sequence[Spot] | None]:
    def plant(bed: Bed) -> Sequence[Spot] | None:
        for spot in bed.rows(table, column):
            said = spot.column(column)
            if said.latest and not said.earliest and spot.get(column):
                return bed.take(spot.set(column, said.latest + datetime.timedelta(days=bed.dice.randint(1, 30))))
        return None

    return plant


def _empty(bed: Bed) -> Sequence[Spot] | None:
    """Of an extract to which no other points."""
    for spot in bed.spots([p for p in bed.plans if p.table.name in ("interventions", "prescriptions", "asked")]):
        for sheet in bed.extracts.sheets:
            if spot.plan in sheet.plans and len(sheet.plans) == 1:
                sheet.rows.clear()
        return [spot]
    return None


ROWS = (
    Kind("row sent twice", "structure", "row not repeated", "an extract", _repeated),
    Kind("two versions of one record", "structure", "no duplicate key", "an extract with a key", _two_versions),
    Kind("person whom no list knows", "structure", "known link", "an extract that points at patients", _unknown_link),
    Kind("interview that the log does not have", "interviews", "known link", "topics asked and an interview log",
         _unknown_interview),
    Kind("contact after the data cut", "time", "before the data cut", "contacts with `until`",
         _late("contacts", "date")),
    Kind("issue after the data cut", "time", "before the data cut", "prescriptions with `until`",
         _late("prescriptions", "issued_on")),
    Kind("questionnaire after the data cut", "time", "before the data cut", "questionnaires with `until`",
         _late("responses", "date")),
    Kind("interview after the data cut", "time", "before the data cut", "an interview log with `until`",
         _late("interviews", "date")),
    Kind("offer after the data cut", "time", "before the data cut", "interventions with `until`",
         _late("interventions", "offered_on")),
    Kind("extract without rows", "structure", "rows present", "an extract to which no other points", _empty,
         whole=True),
)

KINDS = (*CELLS, *ANSWERS, *ROWS)
