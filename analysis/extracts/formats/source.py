"""What a reader is given, a Source of bytes, and what it gives back: Sheets, tables of cells with their row numbers."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO

from analysis.errors import ExtractMistake

NOT_CALCULATED = "#NOT CALCULATED"  # a formula that was stored without a result
Cell = str | datetime.date | datetime.time | datetime.timedelta

# What the first bytes of a file say that it is, whatever its name says.
SIGNATURES = (
    (b"PK\x03\x04", "a zip archive, as .xlsx and .ods workbooks are, too"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls), or a workbook with a password"),
    (b"PAR1", "a Parquet file"),
    (b"$FL2", "an SPSS file"), (b"$FL3", "an SPSS file"),
    (b"<stata_dta>", "a Stata file"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a file packed with gzip"),
)
MARKUP = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|table|meta|\?xml|\?mso)", re.I)
AS_WORKBOOK = "open it in Excel or LibreOffice, save it as .xlsx, and name that file at"


@dataclass(frozen=True)
class Source:
    """
    One delivered file, on disk or inside an archive.

    `place` is what a person finds it by in the study's folder of extracts: `2017/issues.csv`, `export.zip/issues.csv`.
    `open` gives its bytes from their beginning, to be read and sought in.
    """

    place: str
    open: Callable[[], BinaryIO]

    @property
    def name(self) -> str:
        return PurePosixPath(self.place).name

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.place).suffix.lower()

    def begins(self, length: int = 4096) -> bytes:
        with self.open() as file:
            return file.read(length)


@dataclass(frozen=True)
class Sheet:
    """
    One table of cells.

    `rows` has every record with its number as a person sees it: the line of a text file that it begins on, the row of a
    workbook, the row from 1 of a file that has no lines. `headings` are the names where they stand in no row.
    `labels` are the words that a file has for headings beside their names, by heading.
    `where` is the place as messages say it; `sheet` the name of a workbook's sheet; a `ragged` sheet's cells are held
    apart by delimiters, so that one cell too many moves the others.
    """

    place: str
    where: str
    source: Source
    rows: Iterator[tuple[int, Sequence[Cell]]]
    headings: list[str] | None = None
    sheet: str = ""
    ragged: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)


def what_it_is(beginning: bytes) -> str:
    """In words, what a file is by its first bytes; an empty string where they are those of plain text."""
    for signature, words in SIGNATURES:
        if beginning.startswith(signature):
            return words
    if MARKUP.match(beginning):
        return "a web page or XML, as some systems export under another name"
    return ""


def not_what_it_says(source: Source, expected: str, at: str) -> ExtractMistake:
    """The mistake for a file that is not what its name says; `at` is where the definition speaks of it."""
    beginning = source.begins()
    if not beginning:
        return ExtractMistake("the file is empty (0 bytes)", where=source.place, remedy="send the file again")
    is_text = b"\0" not in beginning
    words = what_it_is(beginning) or ("text" if is_text else "of a kind that is not known here, or damaged")
    kinds = {"a zip": '"xlsx", "ods" or "zip"', "an old": '"xls"', "a Parquet": '"parquet"', "an SPSS": '"sav"',
             "a Stata": '"dta"', "text": '"csv"'}
    said = next((kind for begins, kind in kinds.items() if words.startswith(begins)), "")
    if "web page" in words:
        remedy = f"{AS_WORKBOOK} {at}"
    elif said:
        remedy = f"send the file again, or say at {at} what it is: read_as = {said}"
    else:
        remedy = f"send the file again, or name the right file at {at}"
    return ExtractMistake(f"this is no {expected}: it is {words}", where=source.place, remedy=remedy)


def pattern(words: str) -> re.Pattern:
    """A pattern of the definition, in which only `*` (any text but a slash) is more than itself."""
    return re.compile("[^/]*".join(re.escape(part) for part in words.split("*")))
