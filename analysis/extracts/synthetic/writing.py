"""Cells in; the bytes of a file of any kind that is read, with a mark that it is made up, out."""

from __future__ import annotations

import csv
import datetime
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from analysis.errors import Mistake
from analysis.reference.made_up import MARK

if TYPE_CHECKING:
    from openpyxl import Workbook

A_DAY = datetime.datetime(2000, 1, 1, 9, 0)  # when a made-up file was saved: the clock would change its bytes


@dataclass(frozen=True)
class Grid:
    """
    One table as it will stand in a file: the lines above the headings, the headings, rows of text, the lines below.

    `dates` is how a date is written, by heading, for the kinds of file that have dates of their own.
    """

    sheet: str
    above: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    below: tuple[str, ...]
    dates: dict[str, str]
    encoding: str = ""
    delimiter: str = ""

    @property
    def lines(self) -> list[tuple[str, ...]]:
        """All lines of the file, those above and below the table with one cell each."""
        return [*((words,) for words in self.above), self.headings, *self.rows, *((words,) for words in self.below)]


def delimited(grids: Sequence[Grid], suffix: str) -> bytes:
    """Text with delimiters; a blank line above the headings is one."""
    (grid,) = grids
    text = io.StringIO()
    writer = csv.writer(text, delimiter=grid.delimiter or ("\t" if suffix in (".tsv", ".tab") else ","),
                        lineterminator="\r\n")
    for line in grid.lines:
        writer.writerow(line) if any(line) else text.write("\r\n")
    return text.getvalue().encode(grid.encoding or "utf-8-sig")


def workbook(grids: Sequence[Grid], suffix: str) -> bytes:
    """One sheet each, then one that says what this is. Dates are real dates where they would be written so again."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for grid in _first_without_a_name(grids):
        page = book.create_sheet(grid.sheet or "Sheet1")
        for number, line in enumerate(grid.lines):
            row = len(grid.above) < number < len(grid.above) + 1 + len(grid.rows)
            page.append([_date(text, grid.dates.get(heading)) or text or None
                         for text, heading in zip(line, grid.headings, strict=True)] if row
                        else [text or None for text in line])
    book.create_sheet("Read me").append([MARK])
    return saved(book)


def with_sheet(path: Path, grid: Grid) -> bytes:
    """A workbook that is there, with one sheet more. Raises Mistake for a file that has no sheets to add one to."""
    from openpyxl import load_workbook

    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        raise Mistake(f"'{path.name}' is the coded project and an extract at once: only a workbook (.xlsx) can be",
                      remedy="name another file as [interviews] project")
    book = load_workbook(path)
    page = book.create_sheet(grid.sheet, len(book.sheetnames) - 1)
    for line in grid.lines:
        page.append(list(line))
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook, with the moment of saving, which openpyxl takes from the clock, put back."""
    book.properties.creator, book.properties.created = "make synthetic", A_DAY
    packed = io.BytesIO()
    book.save(packed)
    with zipfile.ZipFile(packed) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    core, moment = "docProps/core.xml", rb"(<dcterms:modified[^>]*>)[^<]*"
    members[core] = re.sub(moment, rb"\g<1>" + A_DAY.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), members[core])
    first = "[Content_Types].xml"
    return zipped([(first, members.pop(first)), *sorted(members.items())])


def opendocument(grids: Sequence[Grid], suffix: str) -> bytes:
    """The least that is an OpenDocument spreadsheet: every cell is text."""
    tables = [(grid.sheet or "Sheet1", grid.lines) for grid in _first_without_a_name(grids)]
    tables.append(("Read me", [(MARK,)]))
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    body = "".join(
        f"<table:table table:name={quoteattr(name)}>" + "".join(
            "<table:table-row>" + "".join(_cell(text) for text in line) + "</table:table-row>" for line in lines)
        + "</table:table>" for name, lines in tables)
    names = {name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text")}
    spaces = " ".join(f'xmlns:{name}="{urn}"' for name, urn in names.items())
    content = (f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.3">'
               f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>")
    listed = "".join(f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{media}"/>'
                     for path, media in (("/", kind), ("content.xml", "text/xml")))
    manifest = ('<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.3" '
                f'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{listed}</manifest:manifest>')
    return zipped([("mimetype", kind.encode()), ("content.xml", content.encode()),
                   ("META-INF/manifest.xml", manifest.encode())])


def _cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    words = escape(re.sub(" (?= )|^ | $", "\0", text)).replace("\0", "<text:s/>")
    return f'<table:table-cell office:value-type="string"><text:p>{words}</text:p></table:table-cell>'


def parquet(grids: Sequence[Grid], suffix: str) -> bytes:
    """One table of text columns, and dates where they would be written so again."""
    packed = io.BytesIO()
    _frame(grids).to_parquet(packed, index=False)
    return packed.getvalue()


def stata(grids: Sequence[Grid], suffix: str) -> bytes:
    """One table; text and dates, without value labels."""
    packed = io.BytesIO()
    _frame(grids).to_stata(packed, write_index=False, version=118, time_stamp=A_DAY, data_label=MARK[:80])
    return packed.getvalue()


def spss(grids: Sequence[Grid], suffix: str) -> bytes:
    """One table; text and dates, without value labels."""
    import pyreadstat

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made up.sav"
        pyreadstat.write_sav(_frame(grids), str(path), file_label=MARK[:64])
        packed = bytearray(path.read_bytes())
    packed[92:109] = b"01 Jan 00" + b"09:00:00"  # date and time of writing, in the header of the file
    return bytes(packed)


def _frame(grids: Sequence[Grid]) -> pd.DataFrame:
    (grid,) = grids
    return pd.DataFrame(list(grid.rows), columns=list(grid.headings), dtype="str")


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Members in the order given, dated 1980 and stored: builds of zlib may pack the same bytes differently."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return packed.getvalue()


def _first_without_a_name(grids: Sequence[Grid]) -> list[Grid]:
    return sorted(grids, key=lambda grid: bool(grid.sheet))


def _date(text: str, format: str | None) -> datetime.datetime | None:
    """A cell's text as a date; None where it is none, or would be written otherwise again."""
    try:
        day = datetime.datetime.strptime(text, format) if format and text else None
    except ValueError:
        return None
    return day if day and day.year > 1900 and day.strftime(format) == text else None


# How a name ends -> what writes such a file; any other name is text with delimiters.
WRITERS: dict[str, Callable[[Sequence[Grid], str], bytes]] = {
    ".xlsx": workbook, ".xlsm": workbook, ".ods": opendocument, ".parquet": parquet, ".dta": stata, ".sav": spss}
LINELESS = (".parquet", ".dta", ".sav")  # rows are counted from 1, and nothing stands above or below them
MANY_SHEETS = (".xlsx", ".xlsm", ".ods")
