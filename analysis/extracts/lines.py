"""A file of text in; how many lines it has, out: what a quick copy of it is proved against."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PART = 1 << 22  # bytes at a time


@dataclass(frozen=True)
class Lines:
    """How many lines a file has, and how many empty ones stand at its end."""

    number: int
    blank_at_the_end: int


def lines_of(path: Path) -> Lines | None:
    """The file's lines, which end in LF or CR LF. None where it has a CR by itself, or a NUL byte."""
    feeds = returns = pairs = 0
    last = b""
    with path.open("rb") as file:
        while part := file.read(PART):
            if b"\0" in part:
                return None
            feeds += part.count(b"\n")
            returns += part.count(b"\r")
            if returns:
                pairs += part.count(b"\r\n") + (last.endswith(b"\r") and part.startswith(b"\n"))
            last = (last + part)[-PART:] if len(part) < PART else part
    if returns != pairs:
        return None
    blank = 0
    end = last.replace(b"\r", b"")
    while end.endswith(b"\n\n") or end == b"\n":
        end, blank = end[:-1], blank + 1
    return Lines(feeds + (not last.endswith(b"\n") and last != b""), blank)
