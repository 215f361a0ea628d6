"""An OpenDocument spreadsheet in; its sheets, with the text that each cell shows, out."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from analysis.extracts.formats.cells import EXACT_IN_A_WORKBOOK, TRUTH, number_text
from analysis.extracts.formats.grid import Grid, Merged
from analysis.extracts.formats.source import Cell

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
LEADING_ZEROS = re.compile(r"0[0-9 -]*[0-9]")


class Locked(Exception):
    """A password is needed."""


class Ods:
    """An open spreadsheet: the names of its sheets, hidden ones with them, and the grid of each."""

    def __init__(self, file: BinaryIO):
        from lxml import etree

        archive = zipfile.ZipFile(file)
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise Locked
        with archive.open("content.xml") as part:
            root = etree.parse(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)).getroot()
        self._tables = {t.get(f"{TABLE}name"): t for t in root.iter(f"{TABLE}table")}

    @property
    def names(self) -> list[str]:
        return list(self._tables)

    def grid(self, name: str) -> Grid:
        """The rows of a sheet that hold cells, and its merged ranges."""
        merged: list[Merged] = []
        rows = list(_rows(self._tables[name], merged))
        return Grid(iter(rows), merged)


def _rows(table, merged: list[Merged]) -> Iterator[tuple[int, list[Cell]]]:
    number = 1
    for row in table.iter(f"{TABLE}table-row"):
        times = int(row.get(f"{TABLE}number-rows-repeated", 1))
        cells: list[Cell] = []
        column = 0
        for cell in row.iterchildren(*CELLS):
            repeated = int(cell.get(f"{TABLE}number-columns-repeated", 1))
            shown = _cell(cell) if cell.tag == CELLS[0] else ""
            down, along = (int(cell.get(f"{TABLE}number-{way}-spanned", 1)) for way in ("rows", "columns"))
            if down > 1 or along > 1:
                merged.append(Merged((number, column), (number + down - 1, column + along - 1)))
            if shown != "":
                cells += [""] * (column - len(cells)) + [shown] * repeated
            column += repeated
        if cells or times == 1:  # the empty rows below the last one come as one that is repeated a million times
            for more in range(times):
                yield number + more, list(cells)
        number += times


def _cell(cell) -> Cell:
    kind = cell.get(f"{OFFICE}value-type")
    if kind is None and len(cell) == 0:
        return ""
    shown = "\n".join(_words(paragraph) for paragraph in cell.iterchildren(f"{TEXT}p"))
    if kind in ("float", "percentage", "currency"):
        if shown.startswith("0") and LEADING_ZEROS.fullmatch(shown):
            return shown
        if shown.startswith(("#", "Err:")):
            return shown
        return number_text(float(cell.get(f"{OFFICE}value")), EXACT_IN_A_WORKBOOK)
    if kind == "date":
        value = datetime.datetime.fromisoformat(cell.get(f"{OFFICE}date-value"))
        return value if value.time() != datetime.time() else value.date()
    if kind == "time" and (parts := DURATION.fullmatch(cell.get(f"{OFFICE}time-value"))):
        hours, minutes, seconds = (int(part) for part in parts.groups())
        return datetime.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if kind == "boolean":
        return TRUTH[cell.get(f"{OFFICE}boolean-value") == "true"]
    if (value := cell.get(f"{OFFICE}string-value")) is not None and not shown:
        return value
    return shown


def _words(element) -> str:
    """A paragraph's text, with the spaces, tabs and line ends that are elements there; without notes on the cell."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{TEXT}s":
            parts.append(" " * int(child.get(f"{TEXT}c", 1)))
        elif child.tag == f"{TEXT}tab":
            parts.append("\t")
        elif child.tag == f"{TEXT}line-break":
            parts.append("\n")
        elif isinstance(child.tag, str) and child.tag.startswith(TEXT):
            parts.append(_words(child))
        parts.append(child.tail or "")
    return "".join(parts)
