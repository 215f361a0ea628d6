"""A file of text in; how many lines it has, and where parts of it begin and end, out: what a quick copy needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

PART = 1 << 20  # bytes at a time
AT_A_GLANCE = 1 << 17  # bytes that a processor keeps at hand while it counts
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
        for begins, ends in places_of_lines(file, PART):
            if (some := lines_in(bytes_of(path, begins, ends))) is None:
                return None
            lines += some
    return lines


def lines_in(part: bytes) -> Lines | None:
    """The lines of a text that ends where a line does; None as for a file."""
    if b"\0" in part or b"\r" in part and _number(part, b"\r") != _number(part, b"\r", b"\n"):
        return None
    end = part[-END:]
    if not (above_the_blank := len(end.rstrip(b"\r\n"))):  # many blank lines, or nothing else
        end, above_the_blank = part, len(part.rstrip(b"\r\n"))
    ends = end.count(b"\n", above_the_blank)
    return Lines(_number(part, b"\n") + (part != b"" and not part.endswith(b"\n")),
                 max(0, ends - 1) if above_the_blank else ends, b'"' in part)


def _number(part: bytes, byte: bytes, below: bytes = b"") -> int:
    """How often a byte stands in a text, or does so before another one; numpy lets other threads go on meanwhile."""
    found, every = 0, np.frombuffer(part, "uint8")
    for begins in range(0, len(every), AT_A_GLANCE):
        here = every[begins:begins + AT_A_GLANCE] == ord(byte)
        if below:
            after = every[begins + 1:begins + AT_A_GLANCE + 1] == ord(below)
            here = here[:len(after)] & after
        found += int(np.count_nonzero(here))
    return found


def places_of_lines(file: BinaryIO, at_once: int) -> Iterator[tuple[int, int]]:
    """Where parts of the rest of a file begin and end: of about so many bytes, each to the end of a line."""
    begins, size = file.tell(), file.seek(0, 2)
    while begins < size:
        ends = min(begins + at_once, size)
        if ends < size:
            file.seek(ends - 1)
            file.readline()
            ends = file.tell()
        yield begins, ends
        begins = ends


def bytes_of(path: Path, begins: int, ends: int) -> bytes:
    """What stands there in a file. ValueError where the file has become shorter since."""
    with path.open("rb") as file:
        file.seek(begins)
        part = file.read(ends - begins)
    if len(part) != ends - begins:
        raise ValueError(f"{path.name} became shorter while it was read")
    return part
