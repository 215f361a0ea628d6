"""Text with delimiters in (CSV, TSV and their kin); its records, each with the line that it begins on, out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from analysis.errors import ExtractMistake
from analysis.extracts.formats.source import Sheet, Source, not_what_it_says, what_it_is

if TYPE_CHECKING:
    from analysis.extracts.plan import ExtractPlan

# A mark at the very beginning is certain: it wins over what the definition says. UTF-32 first: it begins like UTF-16.
MARKS = ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xef\xbb\xbf", "utf-8-sig"),
         (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
UTF_8 = ("utf-8", "utf-8-sig")
DELIMITERS = (",", "\t", ";", "|")


def sheets(source: Source, plan: ExtractPlan, suffix: str) -> Iterator[Sheet]:
    """The file's one table. Raises ExtractMistake for what is no text, or text in another encoding."""
    beginning = source.begins()
    if not beginning or what_it_is(beginning):
        raise not_what_it_says(source, "text with delimiters", plan.where)
    encoding = encoding_of(source, plan)
    delimiter = delimiter_of(source, plan, encoding, suffix)
    yield Sheet(source.place, source.place, source, _records(source, plan, encoding, delimiter), ragged=True)


def encoding_of(source: Source, plan: ExtractPlan) -> str:
    """
    The file's encoding: by its byte order mark, else the stated one, else UTF-8. Never guessed from its letters.

    Raises ExtractMistake where the definition states another encoding and every letter is UTF-8: read as cp1252,
    such a file would be full of letters that nobody wrote.
    """
    beginning = source.begins(4)
    for mark, encoding in MARKS:
        if beginning.startswith(mark):
            return encoding
    if plan.encoding and plan.encoding not in UTF_8 and _is_utf_8(source):
        raise ExtractMistake(f"the file is UTF-8 text, and the definition says {plan.encoding}", where=source.place,
                             remedy=f"take 'encoding' out at {plan.where}, or write encoding = \"utf-8\"")
    return plan.encoding or "utf-8"


def delimiter_of(source: Source, plan: ExtractPlan, encoding: str, suffix: str) -> str:
    """
    The stated delimiter; else, of comma, tab, semicolon and bar, the one that parts the plan's headings.

    That is proved, not guessed: every heading that the columns name must come out. Where none does that, the one by
    which most do, so that the message about the heading that is missing speaks of the others.
    """
    if plan.delimiter:
        return plan.delimiter
    kinds = ("\t", *(d for d in DELIMITERS if d != "\t")) if suffix in (".tsv", ".tab") else DELIMITERS
    wanted = set(plan.headings)
    found = {}
    for delimiter in kinds:
        try:
            cells = next((cells for number, cells in _records(source, plan, encoding, delimiter)
                          if number >= plan.header_row), [])
        except ExtractMistake:
            cells = []
        found[delimiter] = len(wanted & {cell.strip() for cell in cells})
        if found[delimiter] == len(wanted):
            break
    return max(found, key=found.__getitem__)


def _records(source: Source, plan: ExtractPlan, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on (a quoted cell may hold line ends)."""
    begins = 1
    try:
        with io.TextIOWrapper(source.open(), encoding=encoding, newline="") as file:
            # Strict: a quotation mark that is never closed would swallow rows, one inside a cell would be lost.
            reader = csv.reader(_without_nul(file, source, plan), delimiter=delimiter, strict=True)
            for cells in reader:
                yield begins, cells
                begins = reader.line_num + 1
    except UnicodeError:
        name = "UTF-8" if encoding in UTF_8 else encoding
        raise ExtractMistake(f"the file is not {name} text", where=f"{source.place}{_line_not_in(encoding, source)}",
                             remedy=f"say how it is encoded at {plan.where}: encoding = \"cp1252\" "
                                    "if Excel on Windows saved it") from None
    except csv.Error as error:
        raise ExtractMistake(f"this is no table of cells ({error})", where=f"{source.place}, line {begins}",
                             remedy="look for a quotation mark that is never closed, or stands inside a cell without "
                                    "being doubled; or save the file again as CSV"
                             ) from None


def _without_nul(lines: Iterator[str], source: Source, plan: ExtractPlan) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if "\0" in line:
            pairs = source.begins(64)
            wide = ("utf-16-le" if pairs[1::2].count(0) > len(pairs) // 4 else
                    "utf-16-be" if pairs[::2].count(0) > len(pairs) // 4 else "")
            raise ExtractMistake(
                "there is a NUL byte, which no text has", where=f"{source.place}, line {number}",
                remedy=f"this looks like UTF-16 without its mark: write encoding = \"{wide}\" at {plan.where}" if wide
                else "the file is damaged, or no text: send it again")
        yield line


def _is_utf_8(source: Source) -> bool:
    """Whether the file has letters beyond ASCII and all of them are in UTF-8."""
    beyond = False
    with source.open() as file:
        for line in file:
            if not line.isascii():
                try:
                    line.decode("utf-8")
                except UnicodeDecodeError:
                    return False
                beyond = True
    return beyond


def _line_not_in(encoding: str, source: Source) -> str:
    """The words for the first line that is not in the encoding; none where a letter of it has more bytes than one."""
    if len("ab".encode(encoding)) - len("a".encode(encoding)) != 1:
        return ""
    with source.open() as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                return f", line {number}"
    return ""
