"""A broken rule and its row in; one line of the data query log out: the place, what was expected, what is there."""

from __future__ import annotations

import datetime

from analysis.extracts.plan import ExtractPlan
from analysis.extracts.read import FILE, ROW, Delivered
from analysis.extracts.rules import RULES, shape

FAULTS = ["extract", "table", "file", "sheet", "row", "column", "heading", "rule", "severity", "expected", "found",
          "todo", "definition", "rows"]
MOST_CODES_SAID = 8
# How people write the parts of a date that strftime writes with a per cent sign.
DATE_WORDS = {"%d": "DD", "%m": "MM", "%Y": "YYYY", "%y": "YY", "%b": "Mon", "%B": "Month", "%H": "hh", "%M": "mm",
              "%S": "ss"}


def fault(extract: Delivered, rule: str, column: str, position: int) -> list:
    """
    One line of the log (FAULTS) for the row at that position of the extract; position -1 is the extract itself, or a
    whole column of it. `definition` is the line of study.toml that says what was expected; `rows` how many rows the
    line speaks of.

    No value of the row is ever repeated: the log goes back to whoever holds the record, its first lines onto a screen.
    """
    plan, said = extract.plan, RULES[rule]
    if position < 0:
        file, line, headings = plan.file, plan.header_row, [heading_of(plan, column)] if column else []
        rows = len(extract.frame) + len(extract.aside)
        found = "the whole column" if column else "no rows" if rule == "rows present" else f"{rows} rows"
    else:
        file, line = extract.frame[FILE].iloc[position], int(extract.frame[ROW].iloc[position])
        columns = [column] if column else _columns_meant(extract, rule, file, line)
        headings, found = [heading_of(plan, c) for c in columns], _found(extract, rule, column, position)
    return [plan.name, plan.table.name, file, plan.sheet, line, column, " + ".join(headings), rule, plan.severity(rule),
            expected(plan, rule, column), found, said.todo, defined(plan, column), 1]


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


def _columns_meant(extract: Delivered, rule: str, file: str, line: int) -> list[str]:
    """The columns that a rule about whole rows looks at."""
    if rule == "no duplicate key":
        return [key for key in extract.plan.key if key in extract.frame]
    if rule == "no surrounding space":
        return [column for place, number, column in extract.trimmed if (place, number) == (file, line)]
    return []


def _found(extract: Delivered, rule: str, column: str, position: int) -> str:
    text = extract.frame
    if rule in ("row not repeated", "no duplicate key", "number of one person"):
        alike = ([column] if column else _columns_meant(extract, rule, "", 0)
                 or [c for c in text if c not in (FILE, ROW)])
        first = text.iloc[extract.first_alike(tuple(alike))[position]]
        other = f" of {first[FILE]}" if first[FILE] != text[FILE].iloc[position] else ""
        return f"the same as in line {first[ROW]}{other}"
    if rule == "one surname a person":
        return "another one"
    if column not in text:  # none, or one that the definition gives every row
        return "the whole row"
    value = text[column].iloc[position]
    wrong_way_round = rule == "date as stated" and _is_date(value, _turned(extract.plan.column(column).format))
    return shape(value) + (", a date with day and month the other way round" if wrong_way_round else "")


def _turned(format: str) -> str:
    return format.replace("%d", "%(day)").replace("%m", "%d").replace("%(day)", "%m")


def _is_date(value: str, format: str) -> bool:
    try:
        datetime.datetime.strptime(value, format)
    except ValueError:
        return False
    return True
