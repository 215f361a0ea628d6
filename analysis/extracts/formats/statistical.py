"""A Stata or SPSS file in; its rows, numbered from 1, with labels in the place of labelled values, out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from analysis.errors import ExtractMistake
from analysis.extracts.formats.apart import read_apart
from analysis.extracts.formats.cells import EXACT_IN_A_DOUBLE, number_text
from analysis.extracts.formats.source import Cell, Sheet, Source, not_what_it_says, what_it_is

if TYPE_CHECKING:
    from analysis.extracts.plan import ExtractPlan

EXACT_IN_A_FLOAT = 2 ** 24
LINES = """
import pyreadstat
read, encoding = getattr(pyreadstat, said[0]), {"encoding": said[1]} if said[1] else {}
try:
    columns, meta = read(content, user_missing=True, output_format="dict", **encoding)
    about = "column_names column_names_to_labels readstat_variable_types".split()
    about += "variable_value_labels missing_ranges missing_user_values".split()
    answer = columns, {name: getattr(meta, name) for name in about}
except Exception as error:
    answer = str(error)
"""
OLD_STATA = {bytes([version]) for version in range(105, 116)}  # the first byte of a file before Stata 13


def sheets(source: Source, plan: ExtractPlan, suffix: str) -> Iterator[Sheet]:
    """
    The file's one table.

    A value with a label arrives as its label, so that its meaning comes with it; where `labels` of the definition says
    otherwise, as the value. A value that the file itself declares missing arrives as its label, else as an empty cell.
    Raises ExtractMistake for a file that is none.
    """
    stata = suffix == ".dta"
    kind = "Stata file" if stata else "SPSS file"
    beginning = source.begins()
    is_old_stata = stata and beginning[:1] in OLD_STATA and b"\0" in beginning[:16]
    if what_it_is(beginning) != f"{'a' if stata else 'an'} {kind}" and not is_old_stata:
        raise not_what_it_says(source, kind, plan.where)
    with source.open() as file:
        answer = read_apart(LINES, file.read(), "read_dta" if stata else "read_sav", plan.encoding)
    if isinstance(answer, str) and ("encoding" in answer.lower() or "convert" in answer.lower()):
        raise ExtractMistake("its text is in another encoding than it says", where=source.place,
                             remedy=f"say how it is encoded at {plan.where}: encoding = \"cp1252\"")
    if not isinstance(answer, tuple):
        raise ExtractMistake(f"the {kind} is damaged or was cut off on its way", where=source.place,
                             remedy="send the file again")
    columns, meta = answer
    headings = list(meta["column_names"])
    cells = [_cells(columns[name], _labels(name, meta, plan), _missing(name, meta, stata),
                    meta["readstat_variable_types"].get(name) == "float") for name in headings]
    yield Sheet(source.place, source.place, source, _rows(cells), headings=headings,
                labels={name: words for name, words in meta["column_names_to_labels"].items() if words})


def _rows(columns: list[list[Cell]]) -> Iterator[tuple[int, Sequence[Cell]]]:
    yield from enumerate(zip(*columns, strict=True), 1)


def _labels(name: str, meta: Mapping, plan: ExtractPlan) -> Mapping[object, str]:
    """Value -> label, where the definition wants labels of this column."""
    wanted = plan.labels if isinstance(plan.labels, bool) else name in plan.labels
    return meta["variable_value_labels"].get(name, {}) if wanted else {}


def _missing(name: str, meta: Mapping, stata: bool):
    """Whether a value is one that the file declares missing: a letter in Stata (.a to .z), stated values in SPSS."""
    ranges = meta["missing_ranges"].get(name, ())
    letters = set(meta["missing_user_values"].get(name, ())) if stata else set()

    def is_missing(value: object) -> bool:
        if isinstance(value, str):
            return value in letters or any(one["lo"] == value for one in ranges)
        return isinstance(value, (int, float)) and any(
            not isinstance(one["lo"], str) and one["lo"] <= value <= one["hi"] for one in ranges)

    return is_missing


def _cells(values: Sequence[object], labels: Mapping[object, str], is_missing, single: bool) -> list[Cell]:
    exact, digits = (EXACT_IN_A_FLOAT, 7) if single else (EXACT_IN_A_DOUBLE, 15)
    known: dict[object, Cell] = {}
    cells: list[Cell] = []
    for value in values:
        if value is None or value != value:
            cells.append("")
            continue
        if value not in known:
            if value in labels:
                known[value] = labels[value]
            elif is_missing(value):
                known[value] = ""
            elif isinstance(value, (int, float)):
                known[value] = number_text(value, exact, digits)
            else:
                known[value] = value if isinstance(
                    value, (str, datetime.date, datetime.time, datetime.timedelta)) else str(value)
        cells.append(known[value])
    return cells
