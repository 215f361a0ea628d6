"""Stored positions with the words they were stored for in; in which unit the positions count, out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, product

from analysis.interviews.words import cuts_a_word, folded, on_words

# Below this share of passages that stand where their positions say, none is believed: a misplaced quotation is worse
# than a project that has to be exported again.
ENOUGH = 0.9
# Without stored words only the edges of words can tell. Passages that people chose cut a word in one of ten (a project
# from NVivo, 753 selections), misplaced ones in nine of ten: below this share of so many, none is believed.
ENOUGH_EDGES, EDGES_TELL = 0.5, 20
SHIFTS_TELL = 3  # passages that differ, before the edges of words alone speak for another unit or end
VOTERS = 1000  # a habit shows in so many passages; all of them are held against what these chose
UNITS = {"code points": None, "UTF-16 units": (re.compile("[\U00010000-\U0010ffff]"), lambda c: 2),
         "UTF-8 bytes": (re.compile(r"[^\x00-\x7f]"), lambda c: len(c.encode("utf-8", "surrogatepass")))}
MARK = "\ufeff"
AS_STORED, ONE, TWO = "as the file has them", "as one character", "as two characters"


@dataclass(frozen=True)
class Reading:
    """
    One way to read positions: their unit, whether the end is the last character or the one after, and the first.

    `line_ends` says what the end of a line was counted as: NVivo on Windows counts CRLF as two, ATLAS.ti as one though
    its file has CRLF (QualCoder src/qualcoder/refi.py, lines 1477-1536 at c320464). `mark`: a byte order mark counts.
    """

    unit: str = "code points"
    inclusive: bool = False
    first: int = 0
    line_ends: str = AS_STORED
    mark: bool = False

    def __str__(self) -> str:
        return (f"{self.unit} from {self.first}, the end "
                f"{'being the last character' if self.inclusive else 'after the last character'}"
                + (f", line ends {self.line_ends}" if self.line_ends != AS_STORED else "")
                + (", the byte order mark counted" if self.mark else ""))


READINGS = tuple(Reading(unit, inclusive, first, line_ends, mark) for mark, line_ends, unit, (inclusive, first)
                 in product((False, True), (AS_STORED, ONE, TWO), UNITS, ((False, 0), (True, 0), (True, 1))))


class Measured:
    """
    One text with LF line ends and without a byte order mark, and where a stored position is in it under each reading.

    `stored` is the text as its file has it; whether that had CRLF or a mark matters for positions only. CR CR LF is the
    CRLF that QualCoder on Windows writes for MAXQDA, written as one line end more (refi.py, export_project).
    """

    def __init__(self, stored: str):
        self.marked, stored = stored.startswith(MARK), stored.removeprefix(MARK).replace("\r\r\n", "\r\n")
        self.crlf = "\r\n" in stored
        self.text = stored.replace("\r\n", "\n")
        self._stored = stored if self.crlf else self.text
        self._wider: dict[tuple[str, str], tuple[list[int], list[int]]] = {}

    @cached_property
    def folded(self) -> str:
        return folded(self.text)

    def place(self, start: int, end: int, reading: Reading = Reading()) -> tuple[int, int] | None:
        """Start and end in code points, half open; None where they are not in the text or cut a character in two."""
        shift = reading.first + (self._mark(reading) if reading.mark else 0)
        begins, ends = (self._index(at, reading) for at in (start - shift, end - shift + int(reading.inclusive)))
        return (begins, ends) if begins is not None and ends is not None and begins <= ends else None

    def holds(self, start: int, end: int, words: str, reading: Reading) -> bool:
        """Whether the words stand at the place, white space aside; words that end in '…' need only begin there."""
        place = self.place(start, end, reading)
        if place is None:
            return False
        here, said = folded(self.text[slice(*place)]), folded(words)
        short = _cut_short(said)
        return here == said or bool(short) and here.startswith(short)

    def is_exactly(self, start: int, end: int, words: str, reading: Reading) -> bool:
        """
        Whether the words stand at the place to the blank: of two readings that hold them, one alone may do so.

        Words that a program cut short are so where they are held.
        """
        if _cut_short(words):
            return self.holds(start, end, words, reading)
        place = self.place(start, end, reading)
        return place is not None and self.text[slice(*place)] == words

    def find(self, words: str) -> tuple[int, int] | None:
        """Where these words stand in the text, if they do so once and to the letter."""
        words = words.replace("\r\n", "\n")
        at = self.text.find(words) if words.strip() else -1
        return (at, at + len(words)) if at >= 0 and self.text.find(words, at + 1) < 0 else None

    def snippet(self, name: str, start: int, end: int) -> str:
        """
        The name of a passage, where it can only be the passage's own words; else nothing.

        ATLAS.ti and this package name a passage after its words, the longer ones cut short with '…'; others number
        them, or write the positions, and people rename them. So the words must be in the text, and be as many.
        """
        said = folded(name)
        if len(said) < 3:
            return ""
        short = _cut_short(said)
        if folded(self.text[max(0, start):max(0, end)]) == said:  # as most are: the whole text need not be searched
            return name
        if (short or said) not in self.folded:
            return ""
        sizes = {len(name), len(name.encode("utf-16-le", "surrogatepass")) // 2, len(name.encode("utf-8", "replace"))}
        leeway = 2 + 2 * self.text.count("\n", max(0, start), max(0, end))  # a name has a blank where a line ends
        return name if short or any(abs(size - (end - start)) <= leeway for size in sizes) else ""

    def _mark(self, reading: Reading) -> int:
        return 0 if not self.marked else 3 if reading.unit == "UTF-8 bytes" else 1

    def _index(self, position: int, reading: Reading) -> int | None:
        """The character before which a position stands."""
        at, extra = self._wider_characters(reading)
        before = bisect_right(at, position)
        index = position - (extra[before - 1] if before else 0)
        if not 0 <= index <= len(self.text):
            return None
        if before < len(at):  # the next wide character: inside it, only the two halves of a line end can be told apart
            begins = at[before] - self._width(extra, before)
            if begins < position:
                inside = begins - (extra[before - 1] if before else 0)
                return inside + 1 if self.text[inside] == "\n" else None
        return index

    @staticmethod
    def _width(extra: list[int], n: int) -> int:
        return extra[n] - (extra[n - 1] if n else 0) + 1

    def _wider_characters(self, reading: Reading) -> tuple[list[int], list[int]]:
        """Of each character that counts more than one: the position after it, and what all up to it count too much."""
        key = reading.unit, reading.line_ends
        if key not in self._wider:
            wide: dict[int, int] = {}
            if UNITS[reading.unit]:
                pattern, width = UNITS[reading.unit]
                wide = {found.start(): width(found.group()) - 1 for found in pattern.finditer(self.text)}
            if reading.line_ends == TWO:
                wide |= {found.start(): 1 for found in re.finditer("\n", self.text)}
            elif reading.line_ends == AS_STORED and self.crlf:
                wide |= {found.start() - n: 1 for n, found in enumerate(re.finditer("\r\n", self._stored))}
            places = sorted(wide)
            extra = list(accumulate(wide[at] for at in places))
            self._wider[key] = [at + 1 + more for at, more in zip(places, extra, strict=True)], extra
        return self._wider[key]


Passage = tuple[Measured, int, int, str]


@dataclass(frozen=True)
class Calibration:
    """The reading under which most passages stand where their positions say, and how many of how many do."""

    reading: Reading
    right: int
    of: int
    by_words: bool = True  # by the words stored with them; else by whether they cut a word

    @property
    def believed(self) -> bool:
        if self.by_words:
            return self.of == 0 or self.right >= ENOUGH * self.of
        return self.of < EDGES_TELL or self.right >= ENOUGH_EDGES * self.of

    def __str__(self) -> str:
        how = "stand where their positions say" if self.by_words else "begin and end between words"
        return f"{self.right} of {self.of} passages {how}, read as {self.reading}"


def calibrated(passages: Iterable[Passage], readings: Sequence[Reading] = READINGS) -> Calibration:
    """
    How a whole project's positions are to be read: the first of `readings` under which most passages are right.

    A tool has one habit, so all passages vote together. Words stored with them decide. Where there are none, or several
    readings fit them alike, the edges of words do: coded passages begin and end with whole words (90 % of 753 in a
    project from NVivo, 2 to 6 % when shifted by one). The tool's own documented reading stands first; another takes its
    place where more words fit it, or where it puts two in three of the passages that it moves on whole words, and more
    than the first does.
    """
    passages = list(passages)
    readings = _telling(passages, readings)
    known = [passage for passage in passages if passage[3].strip()]
    if known:
        voters = known[::max(1, len(known) // VOTERS)]
        first = readings[0]
        if not all(text.is_exactly(start, end, words, first) for text, start, end, words in voters):
            right = {reading: (sum(text.holds(start, end, words, reading) for text, start, end, words in voters),
                               sum(text.is_exactly(start, end, words, reading) for text, start, end, words in voters))
                     for reading in readings}
            most = max(right.values())
            first = _by_edges(passages, [reading for reading in readings if right[reading] == most])
        return Calibration(first, sum(text.holds(start, end, words, first) for text, start, end, words in known),
                           len(known))
    first = _by_edges(passages, readings)
    placed = [(text, text.place(start, end, first)) for text, start, end, _ in passages]
    whole = sum(place is not None and not cuts_a_word(text.text, *place) for text, place in placed)
    return Calibration(first, whole, len(placed), by_words=False)


def _telling(passages: Sequence[Passage], readings: Sequence[Reading]) -> list[Reading]:
    """The readings that say something of their own about these texts; the first always."""
    texts = list({id(text): text for text, *_ in passages}.values())
    units = {unit for unit, wide in UNITS.items() if wide is None or any(wide[0].search(text.text) for text in texts)}
    lines = {AS_STORED, *([ONE] if any(text.crlf for text in texts) else []),
             *([TWO] if any("\n" in text.text and not text.crlf for text in texts) else [])}
    marks = {False, any(text.marked for text in texts)}
    first = readings[0]
    return [first, *(replace(one) for one in readings[1:] if one.unit in {*units, first.unit} and one.line_ends in lines
                     and one.mark in marks)]


def _by_edges(passages: Sequence[Passage], readings: Sequence[Reading]) -> Reading:
    """The reading that whole words speak for: the first, unless another does clearly better where the two differ."""
    best, most = readings[0], 0
    voters = passages[::max(1, len(passages) // VOTERS)]
    usual = [text.place(start, end, readings[0]) for text, start, end, _ in voters]
    for other in readings[1:]:
        moved = [(text.text, before, text.place(start, end, other))
                 for (text, start, end, _), before in zip(voters, usual, strict=True)]
        moved = [(text, before, after) for text, before, after in moved if before != after]
        hits = sum(after is not None and on_words(text, *after) for text, _, after in moved)
        before = sum(place is not None and on_words(text, *place) for text, place, _ in moved)
        tell = 1 if replace(other, line_ends=readings[0].line_ends) == readings[0] else SHIFTS_TELL
        if len(moved) >= tell and 3 * hits >= 2 * len(moved) and hits - before > most:
            best, most = other, hits - before
    return best


def _cut_short(said: str) -> str:
    """What stands before the dots at the end of words that a program cut short; nothing where they are whole."""
    for dots in ("…", "..."):
        if said.endswith(dots) and len(said) > 12:
            return said.removesuffix(dots).rstrip()
    return ""
