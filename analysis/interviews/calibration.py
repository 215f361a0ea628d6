"""Stored positions with the words they were stored for in; in which unit the positions count, out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

# Below this share of passages that stand where their positions say, none is believed: a misplaced quotation is worse
# than a project that has to be exported again.
ENOUGH = 0.9
WIDTHS = {"code points": lambda c: 1, "UTF-16 units": lambda c: 2 if ord(c) > 0xFFFF else 1,
          "UTF-8 bytes": lambda c: len(c.encode("utf-8", "surrogatepass"))}


@dataclass(frozen=True)
class Reading:
    """One way to read positions: their unit, whether the end is the last character or the one after, the first."""

    unit: str = "code points"
    inclusive: bool = False
    first: int = 0

    def __str__(self) -> str:
        return (f"{self.unit} from {self.first}, the end "
                f"{'being the last character' if self.inclusive else 'after the last character'}")


READINGS = tuple(Reading(unit, inclusive, first) for unit in WIDTHS for inclusive, first in (
    (False, 0), (True, 0), (True, 1)))


class Measured:
    """One text, and where a stored position is in it under each reading."""

    def __init__(self, text: str):
        self.text = text
        plain = text.isascii()
        self._edges = {unit: range(len(text) + 1) if plain or unit == "code points"
                       else [0, *accumulate(map(width, text))] for unit, width in WIDTHS.items()}

    def place(self, start: int, end: int, reading: Reading) -> tuple[int, int] | None:
        """Start and end in code points, half open; None where they are not in the text or cut a character in two."""
        start, end = start - reading.first, end - reading.first + int(reading.inclusive)
        edges = self._edges[reading.unit]
        if not 0 <= start <= end <= edges[-1]:
            return None
        found = bisect_left(edges, start), bisect_left(edges, end)
        return found if (edges[found[0]], edges[found[1]]) == (start, end) else None

    def holds(self, start: int, end: int, words: str, reading: Reading) -> bool:
        """Whether the words stand at the place, white space aside."""
        place = self.place(start, end, reading)
        return place is not None and folded(self.text[place[0]:place[1]]) == folded(words)

    def find(self, words: str) -> tuple[int, int] | None:
        """Where these words stand in the text, if they do so once and to the letter."""
        at = self.text.find(words) if words.strip() else -1
        return (at, at + len(words)) if at >= 0 and self.text.find(words, at + 1) < 0 else None


@dataclass(frozen=True)
class Calibration:
    """The reading under which most passages stand where their positions say, and how many of how many do."""

    reading: Reading
    right: int
    of: int

    @property
    def believed(self) -> bool:
        return self.of == 0 or self.right >= ENOUGH * self.of

    def __str__(self) -> str:
        return f"{self.right} of {self.of} passages stand where their positions say, read as {self.reading}"


def calibrated(passages: Iterable[tuple[Measured, int, int, str]], readings: Sequence[Reading] = READINGS
               ) -> Calibration:
    """
    How a whole project's positions are to be read: the first of `readings` under which most passages are right.

    A tool has one habit, so all passages vote together; those stored without words say nothing. The tool's own
    documented reading stands first, and only a strictly better one takes its place.
    """
    known = [passage for passage in passages if passage[3].strip()]
    best = Calibration(readings[0], 0, len(known))
    for reading in readings:
        right = sum(text.holds(start, end, words, reading) for text, start, end, words in known)
        if right > best.right:
            best = Calibration(reading, right, len(known))
        if right == len(known):
            break
    return best


def folded(words: str) -> str:
    """The words with every stretch of white space as one blank."""
    return " ".join(words.split())
