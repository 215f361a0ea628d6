"""A file of text in; how many lines it has, out: what a quick copy of it is proved against."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PART = 1 << 18  # bytes at a time: as many as the processor keeps at hand
LF, CR = 10, 13


@dataclass(frozen=True)
class Lines:
    """How many lines a file has, how many empty ones stand at its end, and whether a quotation mark is among them."""

    number: int
    blank_at_the_end: int
    quoted: bool = True


def lines_of(path: Path) -> Lines | None:
    """The file's lines, which end in LF or CR LF. None where it has a CR by itself, or a NUL byte."""
    import numpy as np

    feeds = returns = pairs = 0
    marks = False
    last = b""
    with path.open("rb") as file:
        while part := file.read(PART):
            if b"\0" in part:
                return None
            marks = marks or b'"' in part
            one = np.frombuffer(part, np.uint8)
            feeds += int(np.count_nonzero(one == LF))
            if returns or b"\r" in part:
                returns += int(np.count_nonzero(one == CR))
                pairs += part.count(b"\r\n")
            pairs += last.endswith(b"\r") and part.startswith(b"\n")
            last = (last + part)[-PART:] if len(part) < PART else part
    if returns != pairs:
        return None
    blank = 0
    end = last.replace(b"\r", b"")
    while end.endswith(b"\n\n") or end == b"\n":
        end, blank = end[:-1], blank + 1
    return Lines(feeds + (not last.endswith(b"\n") and last != b""), blank, marks)
