"""Files as bytes, for tests: workbooks, OpenDocument and old Excel ones, and archives."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

import openpyxl

ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"""
MANIFEST = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</m:manifest>'


def xlsx(**sheets: Sequence[Sequence[object]]) -> bytes:
    """An Excel workbook with these sheets of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def zipped(members: Mapping[str, str | bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kind) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def ods(tables: Mapping[str, Sequence[Sequence[str]]], raw: str = "", manifest: str = "") -> bytes:
    """An OpenDocument spreadsheet: tables of text cells, or `raw`, the XML of its tables."""
    xml = raw or "".join(f"<table:table table:name={quoteattr(name)}>"
                         + "".join(f"<table:table-row>{''.join(map(ods_cell, line))}</table:table-row>"
                                   for line in lines)
                         + "</table:table>" for name, lines in tables.items())
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ODS.format(tables=xml),
                   "META-INF/manifest.xml": MANIFEST.format(manifest)})


def ods_cell(text: str) -> str:
    """A text cell: spaces, tabs and line ends are elements there, because white space in XML says nothing."""
    if not text:
        return "<table:table-cell/>"
    paragraphs = "".join(f"<text:p>{_inline(line)}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'


def _inline(line: str) -> str:
    return escape(line).replace(" ", "<text:s/>").replace("\t", "<text:tab/>").replace("\r", "&#13;")


def xls(lines: Sequence[Sequence[object]], merged: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """
    An Excel 97 workbook with one sheet, S: text, numbers and truth values; `merged` as (row, row, column, column).

    By [MS-XLS] and [MS-CFB]: records of a workbook stream in the sectors of a compound file.
    """
    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def begin(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))

    cells = b""
    for row, line in enumerate(lines):
        for column, cell in enumerate(line):
            at = struct.pack("<HHH", row, column, 15)
            if isinstance(cell, bool):
                cells += record(0x0205, at + struct.pack("<BB", cell, 0))
            elif isinstance(cell, (int, float)):
                cells += record(0x0203, at + struct.pack("<d", cell))
            elif cell:
                cells += record(0x0204, at + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    if merged:
        cells += record(0x00E5, struct.pack("<H", len(merged)) + b"".join(struct.pack("<HHHH", *m) for m in merged))
    names = begin(0x0005) + record(0x0085, struct.pack("<IHBB", 0, 0, 1, 0) + b"S") + record(0x000A, b"")
    start = len(names)
    names = begin(0x0005) + record(0x0085, struct.pack("<IHBB", start, 0, 1, 0) + b"S") + record(0x000A, b"")
    return _compound(names + begin(0x0010) + cells + record(0x000A, b""))


def _compound(stream: bytes) -> bytes:
    """A compound file with the one stream Workbook."""
    size = max(len(stream), 4096)
    stream = stream.ljust(size + -size % 512, b"\0")
    sectors = len(stream) // 512
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    chain = [*range(1, sectors), end]  # the stream in sectors 0…, then the directory, then the table of sectors
    table = [*chain, end, fat]
    assert len(table) <= 128
    header = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
              + struct.pack("<IIIIIIIII", 0, 1, sectors, 0, 4096, end, 0, end, 0)
              + struct.pack("<I", sectors + 1) + struct.pack("<I", free) * 108)

    def entry(name: str, kind: int, child: int, start: int, length: int) -> bytes:
        wide = (name + "\0").encode("utf-16-le")
        return (wide.ljust(64, b"\0") + struct.pack("<HBBIII", len(wide), kind, 1, free, free, child) + bytes(36)
                + struct.pack("<IQ", start, length))

    directory = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 0, size)
    directory += (bytes(66) + struct.pack("<BBIII", 0, 0, free, free, free) + bytes(48)) * 2
    assert len(directory) == 512, len(directory)
    return header + stream + directory + struct.pack("<128I", *table, *[free] * (128 - len(table)))
