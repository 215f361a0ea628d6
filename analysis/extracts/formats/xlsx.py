"""An .xlsx or .xlsm workbook in; its sheets, cell by cell as the file holds them, out.

Read from the XML itself: openpyxl takes three times as long over a large sheet and tells no merged cells then, calamine
drops error cells and number formats.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from analysis.extracts.formats.cells import EXACT_IN_A_WORKBOOK, TRUTH, number_text
from analysis.extracts.formats.grid import Grid, Merged, Place
from analysis.extracts.formats.source import NOT_CALCULATED, Cell

BETWEEN = r'(?:\\.|"[^"]*"|[- ])*'
PADDED = re.compile(f"{BETWEEN}0{BETWEEN}0(?:0|{BETWEEN})*")  # 0000000000, 000 000 0000, 00-00-00
DIGITS = "0123456789"
LOCAL_DATES = {*range(27, 37), *range(50, 59)}  # formats that mean a date in East Asian editions


class NoWorkbook(Exception):
    """The parts that make a workbook are not there."""


class Xlsx:
    """An open workbook: the names of its sheets, hidden ones with them, and the grid of each."""

    def __init__(self, file: BinaryIO):
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

        self.archive = zipfile.ZipFile(file)
        relations = self._relations("")
        main = next((target for kind, target in relations.values() if kind == "officeDocument"), None)
        if main is None:
            raise NoWorkbook("it has no workbook in it")
        book = self._tree(main)
        parts = self._relations(main)
        self._paths = {}
        for sheet in book.iter("{*}sheet"):
            kind, target = parts[next(v for k, v in sheet.attrib.items() if k.endswith("}id"))]
            if kind == "worksheet":  # not a chart or a dialogue
                self._paths[sheet.get("name")] = target
        says = book.find("{*}workbookPr")
        is_1904 = says is not None and says.get("date1904") in ("1", "true")
        self._epoch = CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900
        self._texts = self._shared(next((t for k, t in parts.values() if k == "sharedStrings"), ""))
        styles = next((t for k, t in parts.values() if k == "styles"), "")
        self._dates, self._spans, self._padded = self._formats(styles)

    @property
    def names(self) -> list[str]:
        return list(self._paths)

    def grid(self, name: str) -> Grid:
        """The rows of a sheet that hold cells, and its merged ranges."""
        path = self._paths[name]
        return Grid(self._rows(path), self._merged(path))

    def _tree(self, path: str):
        from lxml import etree

        with self.archive.open(path) as part:
            return etree.parse(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)).getroot()

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """Id -> (kind, path) of what a part points at."""
        folder, name = posixpath.split(path)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        if listed not in self.archive.NameToInfo:
            return {}
        return {r.get("Id"): (posixpath.basename(r.get("Type")),
                              posixpath.normpath(posixpath.join("/", folder, r.get("Target"))).lstrip("/"))
                for r in self._tree(listed)
                if r.get("Target") and r.get("Type") and r.get("TargetMode") != "External"}

    def _shared(self, path: str) -> list[str]:
        return [_text(item) for item in self._tree(path).iter("{*}si")] if path in self.archive.NameToInfo else []

    def _formats(self, path: str) -> tuple[set[str], set[str], dict[str, str]]:
        """The styles that show a date or time, those that show a span of time, those with leading zeros: the format."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

        dates, spans, padded = set(), set(), {}
        if path not in self.archive.NameToInfo:
            return dates, spans, padded
        root = self._tree(path)
        formats = {n.get("numFmtId"): n.get("formatCode") for n in root.iter("{*}numFmt")}
        cells = root.find("{*}cellXfs")
        for style, cell in enumerate(cells if cells is not None else ()):
            number = cell.get("numFmtId", "0")
            code = formats.get(number) or BUILTIN_FORMATS.get(int(number), "General")
            if is_timedelta_format(code):
                spans.add(str(style))
            elif is_date_format(code) or (number not in formats and int(number) in LOCAL_DATES):
                dates.add(str(style))
            elif PADDED.fullmatch(code):
                padded[str(style)] = re.sub(r'[\\"]', "", code)
        return dates, spans, padded

    def _rows(self, path: str) -> Iterator[tuple[int, list[Cell]]]:
        from lxml import etree

        number, columns = 0, _Columns()
        with self.archive.open(path) as part:
            for _, row in etree.iterparse(part, tag="{*}row", resolve_entities=False, no_network=True, huge_tree=True):
                number = int(row.get("r") or number + 1)
                cells: list[Cell] = []
                for cell in row:
                    if place := cell.get("r"):
                        column = columns[place.rstrip(DIGITS)]
                        if column > len(cells):
                            cells += [""] * (column - len(cells))
                    cells.append(self._cell(cell))
                yield number, cells
                row.clear()
                while row.getprevious() is not None:
                    del row.getparent()[0]

    def _cell(self, cell) -> Cell:
        kind, value, formula = cell.get("t", "n"), "", False
        if kind == "inlineStr":
            return "".join([_text(child) for child in cell])
        for child in cell:
            if child.tag.endswith("}v"):
                value = child.text or ""
            elif child.tag.endswith("}f"):
                formula = True
        if not value:
            return NOT_CALCULATED if formula and kind == "n" else ""
        if kind == "s":
            return self._texts[int(value)]
        if kind == "b":
            return TRUTH[value == "1"]
        if kind == "n":
            style = cell.get("s")
            if style in self._dates or style in self._spans:
                return self._date(value, style in self._spans)
            return padded(value, self._padded[style]) if style in self._padded else workbook_number(value)
        return _unescaped(value)  # the text of a formula, an error such as #N/A, an ISO date

    def _date(self, value: str, span: bool) -> Cell:
        from openpyxl.utils.datetime import from_excel

        try:
            return from_excel(float(value), self._epoch, timedelta=span)
        except (ValueError, OverflowError):  # no day of any calendar: the number says more than nothing
            return workbook_number(value)

    def _merged(self, path: str) -> list[Merged]:
        from lxml import etree

        found: list[Merged] = []
        if not self._mentions(path, b"mergeCell"):
            return found
        with self.archive.open(path) as part:
            for _, item in etree.iterparse(part, tag=("{*}mergeCell", "{*}row"), resolve_entities=False,
                                           no_network=True, huge_tree=True):
                if item.tag.endswith("}mergeCell"):
                    first, _, last = item.get("ref").partition(":")
                    found.append(Merged(_place(first), _place(last or first)))
                item.clear()
                while item.getprevious() is not None:
                    del item.getparent()[0]
        return found

    def _mentions(self, path: str, word: bytes) -> bool:
        """Whether a part has the word in it: looking is ten times as quick as reading its cells."""
        end = b""
        with self.archive.open(path) as part:
            while chunk := part.read(1 << 20):
                if word in end + chunk:
                    return True
                end = chunk[-len(word):]
        return False


def workbook_number(value: str) -> str:
    """A number as a workbook stores it ("0.1", "1E+3"), in its digits; what is none, as it stands."""
    try:
        return number_text(float(value), EXACT_IN_A_WORKBOOK)
    except ValueError:
        return value


def padded(value: str, format: str) -> str:
    """A number in a format of zeros, as Excel shows it: 123 as 0000000123, or 000-000-0000 with its hyphens."""
    number = workbook_number(value)
    if not number.isdigit():
        return number
    digits = list(number.zfill(format.count("0")))
    shown = []
    for letter in reversed(format):
        shown.append(digits.pop() if letter == "0" else letter)
    return "".join(digits) + "".join(reversed(shown))


class _Columns(dict):
    """Letters of a column -> its position from 0; reckoned once for each, since there are as many asked as cells."""

    def __missing__(self, letters: str) -> int:
        number = 0
        for letter in letters:
            number = number * 26 + ord(letter) - 64
        self[letters] = number - 1
        return number - 1


def _place(place: str) -> Place:
    letters = place.rstrip(DIGITS)
    return int(place[len(letters):]), _Columns()[letters]


def _text(item) -> str:
    """The text of a string in runs, without the reading aids of Japanese."""
    if len(item) == 1 and len(item[0]) == 0:
        return _unescaped(item[0].text or "")
    return _unescaped("".join([t.text or "" for t in item.iter("{*}t") if not t.getparent().tag.endswith("}rPh")]))


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    from openpyxl.utils.escape import unescape

    return unescape(text)
