"""A broken rule and its row in; one line of the data query log out: the place, what was expected, what is there."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

from analysis.extracts.checks.rules import RULES, shape
from analysis.extracts.plan import ExtractPlan
from analysis.extracts.read import FILE, ROW, Delivered

FAULTS = ["extract", "table", "file", "sheet", "row", "column", "heading", "rule", "severity", "expected", "found",
          "todo", "definition", "rows"]
MOST_CODES_SAID = 8
# How people write the parts of a date that strftime writes with a per cent sign.
DATE_WORDS = {"%d": "DD", "%m": "MM", "%Y": "YYYY", "%y": "YY", "%b": "Mon", "%B": "Month", "%H": "hh", "%M": "mm",
              "%S": "ss"}


def fault(extract: Delivered, rule: str, column: str, position: int) -> list:
    """The line of the log (FAULTS) for one row; position -1 is the extract itself, or a whole column of it."""
    return faults_at(extract, rule, column, [position])[0]


def faults_at(extract: Delivered, rule: str, column: str, positions: Sequence[int]) -> list[list]:
    """
    A line of the log (FAULTS) for each row at these positions of the extract; -1 is the extract itself, or a whole
    column of it. `definition` is the line of study.toml that says what was expected; `rows` how many rows the line
    speaks of.

    No value of the row is ever repeated: the log goes back to whoever holds the record, its first lines onto a screen.
    """
    if not len(positions):
        return []
    plan, todo = extract.plan, RULES[rule].todo
    severity, asked, where = plan.severity(rule), expected(plan, rule, column), defined(plan, column)

    def line(file: str, row: int, columns: Sequence[str], found: str) -> list:
        headings = " + ".join(heading_of(plan, one) for one in columns)
        return [plan.name, plan.table.name, file, plan.sheet, row, column, headings, rule, severity, asked, found, todo,
                where, 1]

    if -1 in positions:
        rows = len(extract.frame) + len(extract.aside)
        found = "the whole column" if column else "no rows" if rule == "rows present" else f"{rows} rows"
        return [line(plan.file, plan.header_row, [column] if column else [], found) for _ in positions]
    meant = _columns_meant(extract, rule, column)
    places = list(zip(*(extract.frame[name].iloc[list(positions)].tolist() for name in (FILE, ROW)), strict=True))
    return [line(file, row, meant(file, row), found) for (file, row), found in zip(
        places, _found(extract, rule, column, positions, places), strict=True)]


def more_faults(extract: Delivered, rule: str, column: str, rows: int) -> list:
    """The last line of a kind of fault that more rows have than the log names: how many `rows` more, and no place."""
    line = dict(zip(FAULTS, fault(extract, rule, column, -1), strict=True))
    return list((line | {"row": 0, "found": f"{rows:,} more rows", "rows": rows}).values())


def defined(plan: ExtractPlan, column: str) -> str:
    """The place in the definition where a column, or else its extract, is spoken of."""
    known = plan.column(column)
    return f"{plan.where.split(',')[0]}, line {known.line if known else plan.line}"


def heading_of(plan: ExtractPlan, column: str) -> str:
    """The heading under which the delivered file holds one of our columns, or a questionnaire's item."""
    known = plan.column(column)
    return known.source if known else column.split(":")[-1]


def expected(plan: ExtractPlan, rule: str, column: str) -> str:
    """What the rule asks of that column, with the particulars of the definition."""
    known, detail = plan.column(column), ""
    if rule == "date as stated":
        detail = date_words(known.format)
    elif rule == "known code":
        codes = list(known.codes)
        detail = ", ".join(codes[:MOST_CODES_SAID]) + (", …" if len(codes) > MOST_CODES_SAID else "")
    elif rule == "in range":
        low, high = (known.minimum, known.maximum) if known else _answers(plan, column)
        detail = " ".join([f"{word} {end:g}" for word, end in (("from", low), ("to", high)) if end is not None])
        if column == "answer" and plan.scales:
            detail = ", ".join(f"{name} from {one.lowest} to {one.highest}" for name, one in plan.scales.items())
    elif rule == "within the period":
        detail = f"{known.earliest} to {known.latest}"
    elif rule == "before the data cut":
        detail = str(known.latest)
    elif rule == "rows as declared":
        detail = str(plan.rows)
    elif rule == "not after the export":
        detail = str(plan.exported)
    elif RULES[rule].days is not None:
        detail = f"{plan.setting.severities.days(rule)} days"
    elif rule == "known person":
        detail = known.through
    elif rule == "known link":
        detail = known.links
    return f"{RULES[rule].says} ({detail})" if detail else RULES[rule].says


def date_words(format: str) -> str:
    """DD/MM/YYYY for %d/%m/%Y."""
    for code, words in DATE_WORDS.items():
        format = format.replace(code, words)
    return format


def _answers(plan: ExtractPlan, column: str) -> tuple[int, int]:
    questionnaire = plan.scales[column.split(":")[0]]
    return questionnaire.lowest, questionnaire.highest


def _columns_meant(extract: Delivered, rule: str, column: str) -> Callable[[str, int], Sequence[str]]:
    """Of a file and line, the column that the rule looks at, or those that a rule about whole rows does."""
    if rule == "no surrounding space" and not column:
        spaced: dict[tuple[str, int], list[str]] = {}
        for file, row, name in extract.trimmed:
            spaced.setdefault((file, row), []).append(name)
        return lambda file, row: spaced.get((file, row), [])
    columns = [column] if column else extract.key if rule == "no duplicate key" else []
    return lambda *_: columns


def _found(extract: Delivered, rule: str, column: str, positions: Sequence[int], places: Sequence[tuple[str, int]],
           ) -> list[str]:
    """What is there at each position, of which file and line are told: a class of it, or a place, never the value."""
    text = extract.frame
    if rule in ("row not repeated", "no duplicate key", "number of one person"):
        alike = [column] if column else extract.key if rule == "no duplicate key" else []
        first = extract.first_alike(tuple(alike or (name for name in text if name not in (FILE, ROW))))
        firsts = text[[FILE, ROW]].iloc[first[list(positions)]]
        return [f"the same as in line {row}" + (f" of {file}" if file != here else "") for file, row, (here, _) in zip(
            firsts[FILE], firsts[ROW], places, strict=True)]
    if rule == "one surname a person":
        return ["another one"] * len(positions)
    if column not in text:  # none, or one that the definition gives every row
        return ["the whole row"] * len(positions)
    values = text[column].iloc[list(positions)].tolist()
    if rule != "date as stated":
        return [shape(value) for value in values]
    turned = _turned(extract.plan.column(column).format)
    return [shape(value) + (", a date with day and month the other way round" if _is_date(value, turned) else "")
            for value in values]


def _turned(format: str) -> str:
    return format.replace("%d", "%(day)").replace("%m", "%d").replace("%(day)", "%m")


def _is_date(value: str, format: str) -> bool:
    try:
        datetime.datetime.strptime(value, format)
    except ValueError:
        return False
    return True
