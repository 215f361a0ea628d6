"""Delivered files in, text tables out: every cell is text, nothing is guessed, and each row knows its file and line."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.errors import ExtractMistake, nearest
from analysis.extracts.plan import ExtractPlan

FILE, ROW = "source_file", "source_row"
OTHER_WORKBOOKS = (".xls", ".xlsb", ".ods", ".numbers")


@dataclass(frozen=True)
class Delivered:
    """
    One extract as text under our column names, with `source_file` and `source_row`; an empty cell is missing.

    `trimmed` lists the (file, row, column) of cells that had white space around them: it is taken off, and told.
    """

    plan: ExtractPlan
    frame: pd.DataFrame
    trimmed: tuple[tuple[str, int, str], ...]


def read(plan: ExtractPlan, folder: Path) -> Delivered:
    """
    The extract's rows, from one file or from all that its pattern matches.

    Raises ExtractMistake for a file, sheet or column that is not there, with what is there instead.
    """
    rows: list[dict[str, object]] = []
    trimmed: list[tuple[str, int, str]] = []
    for path in _files(plan, folder):
        heading, body = _table(plan, path)
        wanted = _wanted(plan, path, heading)
        below: dict[str, str] = {}
        for number, cells in body:
            if not any(cells):
                continue
            row: dict[str, object] = {FILE: path.name, ROW: number}
            for name, source, position in wanted:
                raw = cells[position] if position < len(cells) else ""
                text = _text(raw, plan, name)
                if text != text.strip():
                    trimmed.append((path.name, number, name))
                    text = text.strip()
                if source in plan.fill_down:
                    text = below[source] = text or below.get(source, "")
                column = plan.column(name)
                if column and column.type == "nhs_number":
                    text = text.replace(" ", "")  # printed 3-3-4, as the NHS asks: 999 013 7315
                row[name] = None if not text or text in (column or plan).blank else text
            rows.append(row)
    names = [FILE, ROW, *(name for name, _, _ in wanted)]
    frame = pd.DataFrame(rows, columns=names).astype({name: "str" for name in names if name != ROW})
    frame[ROW] = frame[ROW].astype("int64")
    return Delivered(plan, frame, tuple(trimmed))


def _files(plan: ExtractPlan, folder: Path) -> list[Path]:
    exact = folder / plan.file
    found = [exact] if exact.is_file() else sorted(folder.glob(plan.file)) if "*" in plan.file else []
    found = [path for path in found if not path.name.startswith("~$")]  # Excel's mark that somebody has the file open
    if not found:
        there = sorted(path.name for path in folder.glob("*") if path.is_file()) if folder.is_dir() else []
        guess = nearest(plan.file, there)
        raise ExtractMistake(
            f"[extracts.{plan.name}] needs '{plan.file}', and data_raw/{folder.name}/ has no such file",
            where=plan.where, remedy=f"did you mean '{guess}'?" if guess else
            f"put the file there, or change 'file'; there are: {', '.join(there) or 'no files'}")
    return found


def _wanted(plan: ExtractPlan, path: Path, heading: list[str]) -> list[tuple[str, str, int]]:
    """(our name, their heading, position) of each column and questionnaire item that the plan reads."""
    named = [(c.name, c.source, c.line) for c in plan.delivered]
    named += [(f"{instrument}:{item}", item, plan.line) for instrument, items in plan.items.items() for item in items]
    trimmed = [cell.strip() for cell in heading]
    wanted = []
    for name, source, line in named:
        if trimmed.count(source) != 1:
            found, guess = "no column", nearest(source, trimmed)
            hint = f"did you mean '{guess}'? " if guess else ""
            if source in trimmed:
                found, hint = f"{trimmed.count(source)} columns called", "rename one of them in the file, or "
            definition = plan.where.split(",")[0]
            raise ExtractMistake(
                f"{found} '{source}' (wanted for {plan.table.name}.{name.split(':')[-1]})",
                where=f"{path.name}{f', sheet {plan.sheet}' if plan.sheet else ''}, line {plan.header_row}",
                remedy=f"{hint}change from = \"{source}\" at {definition}, line {line}; the file has: "
                       f"{', '.join(c for c in trimmed if c)}")
        wanted.append((name, source, trimmed.index(source)))
    return wanted


def _table(plan: ExtractPlan, path: Path) -> tuple[list[str], Iterator[tuple[int, list]]]:
    if path.suffix.lower() in OTHER_WORKBOOKS:
        raise ExtractMistake(f"this version reads no {path.suffix} files", where=path.name,
                             remedy=f"save it as .xlsx or as CSV, and name that file at {plan.where}")
    lines = _workbook(plan, path) if path.suffix.lower() in (".xlsx", ".xlsm") else _delimited(plan, path)
    for number, cells in lines:
        if number >= plan.header_row:
            return [str(c or "") for c in cells], lines
    raise ExtractMistake(f"the file ends before line {plan.header_row}, where its headings should be", where=path.name,
                         remedy=f"set header_row at {plan.where}, or send the file again")


def _delimited(plan: ExtractPlan, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on (a quoted cell may hold line ends)."""
    try:
        with path.open(encoding=plan.encoding, newline="") as file:
            reader = csv.reader(file, delimiter=plan.delimiter)
            begins = 1
            for cells in reader:
                yield begins, cells
                begins = reader.line_num + 1
    except UnicodeError:
        name = "UTF-8" if plan.encoding == "utf-8-sig" else plan.encoding
        raise ExtractMistake(f"the file is not {name} text", where=f"{path.name}{_line_not_in(plan.encoding, path)}",
                             remedy=f"say how it is encoded at {plan.where}: encoding = \"cp1252\" "
                                    "if Excel on Windows saved it") from None
    except csv.Error as error:
        raise ExtractMistake(f"this is no table of cells ({error})", where=f"{path.name}, line {begins}",
                             remedy="look for a quotation mark that is never closed, or save the file again as CSV"
                             ) from None
    except OSError as error:
        raise ExtractMistake(f"the file cannot be read ({error.strerror})", where=path.name,
                             remedy="close it where it is open, and see that you may read it") from None


def _line_not_in(encoding: str, path: Path) -> str:
    """The words for the first line that is not in the encoding; none where a letter of it has more bytes than one."""
    if len("ab".encode(encoding)) - len("a".encode(encoding)) != 1:
        return ""
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        try:
            line.decode(encoding)
        except UnicodeDecodeError:
            return f", line {number}"
    return ""


def _workbook(plan: ExtractPlan, path: Path) -> Iterator[tuple[int, list]]:
    import zipfile

    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        raise ExtractMistake(f"this is no Excel workbook ({error})", where=path.name,
                             remedy="save it as .xlsx, or name the right file") from None
    if plan.sheet and plan.sheet not in book.sheetnames:
        raise ExtractMistake(f"no sheet '{plan.sheet}'", where=path.name,
                             remedy=(f"did you mean '{guess}'? "
                                     if (guess := nearest(plan.sheet, book.sheetnames)) else "")
                             + f"change 'sheet' at {plan.where}; there are: {', '.join(book.sheetnames)}")
    sheet = book[plan.sheet] if plan.sheet else book.worksheets[0]
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        yield number, list(cells)
    book.close()


def _text(cell: object, plan: ExtractPlan, name: str) -> str:
    """A cell as text. A true date cell of a workbook is written the way the definition says that dates look."""
    if cell is None:
        return ""
    if isinstance(cell, (datetime.datetime, datetime.date)):
        column = plan.column(name)
        return cell.strftime(column.format if column else "%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
