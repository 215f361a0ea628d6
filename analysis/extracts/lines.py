"""A file of text in; how many lines it has, out: what a quick copy of it is proved against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

PART = 1 << 20  # bytes at a time
END = 1 << 10  # bytes of a part in which its blank lines at the end are looked for first


@dataclass(frozen=True)
class Lines:
    """How many lines a text has, how many empty ones stand at its end, and whether a quotation mark is among them."""

    number: int = 0
    blank_at_the_end: int = 0
    quoted: bool = False

    def __add__(self, below: Lines) -> Lines:
        """The lines of a text with those of the text below it."""
        blank = below.blank_at_the_end + (self.blank_at_the_end if below.blank_at_the_end == below.number else 0)
        return Lines(self.number + below.number, blank, self.quoted or below.quoted)


def lines_of(path: Path) -> Lines | None:
    """The file's lines, which end in LF or CR LF. None where it has a CR by itself, or a NUL byte."""
    lines = Lines()
    with path.open("rb") as file:
        for part in whole_lines(file, PART):
            if (some := lines_in(part)) is None:
                return None
            lines += some
    return lines


def lines_in(part: bytes) -> Lines | None:
    """The lines of a text that ends where a line does; None as for a file."""
    if b"\0" in part or b"\r" in part and part.count(b"\r") != part.count(b"\r\n"):
        return None
    end = part[-END:]
    if not (above_the_blank := len(end.rstrip(b"\r\n"))):  # many blank lines, or nothing else
        end, above_the_blank = part, len(part.rstrip(b"\r\n"))
    ends = end.count(b"\n", above_the_blank)
    return Lines(part.count(b"\n") + (part != b"" and not part.endswith(b"\n")),
                 max(0, ends - 1) if above_the_blank else ends, b'"' in part)


def whole_lines(file: BinaryIO, at_once: int) -> Iterator[bytes]:
    """The rest of a file in parts of about so many bytes that end where a line does."""
    left = b""
    while part := file.read(at_once):
        whole, end, rest = part.rpartition(b"\n")
        if end:
            yield left + whole + end
            left = rest
        else:
            left += part
    if left:
        yield left
