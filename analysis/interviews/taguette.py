"""Taguette projects: the path of an exported `.sqlite3` in, a Project out."""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from html.parser import HTMLParser
from pathlib import Path

from analysis.interviews.calibration import READINGS, Calibration, Measured, Reading, calibrated
from analysis.interviews.codings import (
    Attribute,
    Books,
    Code,
    Coding,
    Interview,
    Project,
    code_ids,
    unused,
    without_extension,
)
from analysis.interviews.database import Database
from analysis.interviews.excerpts import DEEPEST, day
from analysis.interviews.words import folded

REMEDY = "in Taguette open the project, choose Project info, Export project, and send the .sqlite3 file that it writes"
APPLICATION = 0x54677474  # 'Tgtt', in the header of the file (taguette/database/__init__.py)
# Its export writes this login in place of every coder's (taguette/database/copy.py: "Map all users to the importing
# user"), and who works alone on a computer of their own has no other.
ANYBODY = "admin"
TELLS = 3  # letters: fewer can stand at the end of a passage by chance
TABLES = ("projects", "documents", "tags", "highlights", "highlight_tags")
LONGEST = 5_000_000  # characters of HTML in a document; Taguette itself takes none beyond a million bytes
SEPARATOR = re.compile(r"(?<=\S)(?<!\d)\.(?=\S)|(?<=\d)\.(?=[^\s\d])")  # "1.2 Waiting" is a number, no tree
ENDS_LINE = {"p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "div", "tr", "blockquote"}
# Positions count UTF-8 bytes of the document's text, its HTML tags left out (taguette/extract.py).
OURS = (Reading("UTF-8 bytes"), *(reading for reading in READINGS if reading != Reading("UTF-8 bytes")))


def read(path: Path | str) -> Project:
    """
    The coded project in the database that Taguette exports (its tables projects, documents, tags, highlights,
    highlight_tags and, where it is there, commands), or that it works in, where one project alone has documents.

    A highlight is stored with its snippet, which proves its position: where they disagree all highlights together say
    how positions count, and a highlight whose words stand elsewhere, and only there, is taken from there. The tree of
    codes is in the names of tags ('support.listened'). When something was tagged is in the log of commands alone, and
    in a server's own database so is who did; an export calls everybody 'admin', which is nobody's name. Raises
    ExtractMistake where the file is no Taguette project or holds several that are in use, or fewer than nine in ten
    highlights stand where their positions say.
    """
    with Database(Path(path), remedy=REMEDY) as database:
        if missing := [table for table in TABLES if table not in database.tables]:
            raise database.mistake(f"the database is no Taguette project: it lacks {', '.join(missing)}")
        every = [number for number, in database.rows("projects", "id")]
        used = {number for number, in database.rows("documents", "project_id")}
        chosen = [number for number in every if number in used] if len(every) > 1 else every
        if len(chosen) != 1:
            raise database.mistake(f"the file holds {len(every)} projects, as the folder that Taguette works in does")
        return _Reader(database, chosen[0]).project()


def fits(database: Database) -> bool:
    """Whether a database is Taguette's: by the mark that it sets, or by its tables, since some copies lose the mark."""
    return database.pragma("application_id") == APPLICATION or set(TABLES) <= set(database.tables)


class Words(HTMLParser):
    """
    The text of a document's HTML: `counted` as Taguette counts it, and `text` with a line end after each paragraph.

    `place` leads from one to the other.
    """

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._length = 0
        self._ends: list[int] = []  # before which characters of `counted` a line ends in `text`
        self._silent = 0
        self.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
        self.close()
        self.counted = "".join(self._pieces)
        self._ends = [at for at in self._ends if 0 < at < len(self.counted) and self.counted[at - 1] != "\n"
                      and self.counted[at] != "\n"]
        edges = [0, *self._ends, len(self.counted)]
        self.text = "\n".join(self.counted[a:b] for a, b in zip(edges, edges[1:], strict=False))

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self._silent += tag in ("script", "style")
        self._line_ends(tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style") and self._silent > 0
        self._line_ends(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._pieces.append(data)
            self._length += len(data)

    def _line_ends(self, tag: str) -> None:
        if tag in ENDS_LINE and (not self._ends or self._ends[-1] != self._length):
            self._ends.append(self._length)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of `counted` as one of `text`."""
        return start + bisect_right(self._ends, start), end + bisect_left(self._ends, end)


class _Reader:
    def __init__(self, database: Database, number: object):
        self.database, self.number = database, number
        self.books = Books()
        if database.pragma("application_id") != APPLICATION:
            self.books.tolerated["a database without Taguette's mark, known by its tables"] += 1
        self.placed: Calibration | None = None
        self.names: dict[int, str] = {}
        self.words: dict[int, tuple[Words, Measured]] = {}

    def project(self) -> Project:
        interviews, codes, coders = self._documents(), self._codes(), self._coders()
        highlights = self._highlights()
        tagged: dict[int, list[int]] = {}
        for highlight, tag in self.database.rows("highlight_tags", "highlight_id", "tag_id"):
            tagged.setdefault(highlight, []).append(tag)
        codings = []
        for highlight, tags in tagged.items():
            for tag in tags:
                if tag not in codes:
                    self.books.losses["tag that is not in the project"] += 1
                elif highlight not in highlights:
                    self.books.losses["tag of a highlight that is not there"] += 1
                elif isinstance(found := highlights[highlight], str):
                    self.books.losses[found] += 1
                else:
                    document, start, end, text = found
                    coder, date = coders.get((highlight, tag), ("", ""))
                    codings.append(Coding(self.names[document], codes[tag].id, coder, start, end, text, date=date,
                                          selection=f"highlight {highlight}"))
        if untagged := len(highlights.keys() - tagged.keys()):
            self.books.losses["highlight without a tag"] = untagged
        return self.books.project(interviews, _in_order(codes), codings, origin="Taguette", placed=self.placed,
                                  attributes=self._collections())

    # ---------------------------------------------------------------------------------------- documents and tags

    def _documents(self) -> tuple[Interview, ...]:
        made = []
        for number, name, html in self.database.rows("documents", "id", "name", "contents"):
            name = str(name or f"document {number}").strip()
            html = html if isinstance(html, str) else ""
            if len(html) > LONGEST:
                raise self.database.mistake(f"document {len(made) + 1} holds {len(html):,} characters, which is no "
                                            "interview")
            identity = unused(without_extension(name), self.names.values())
            self.names[number] = identity
            words = Words(html)
            self.words[number] = words, Measured(words.counted)
            made.append(Interview(identity, name, words.text))
        return tuple(made)

    def _codes(self) -> dict[object, Code]:
        """Tag id -> Code; under a path in place of an id what is only a part of other tags' names: none carries it."""
        rows = [row[:4] for row in self.database.rows("tags", "id", "path", "description", "parent_id", "project_id")
                if row[4] == self.number]
        names = {number: str(path or "tag without a name") for number, path, *_ in rows}
        above = {number: parent for number, *_, parent in rows if parent in names}
        # LibreQDA, which grew out of Taguette, says what stands above a tag.
        paths = {number: _below(number, names, above) if above else tag_path(name, set(names.values()))
                 for number, name in names.items()}
        said = {number: str(description or "") for number, _, description, _ in rows}
        every: dict[tuple[str, ...], object] = {}
        for number, path in paths.items():
            for depth in range(1, len(path)):
                every.setdefault(path[:depth], path[:depth])
            every[path] = number
        ids = dict(zip(every, code_ids(list(every)), strict=True))
        return {key: Code(ids[path], path[-1], ids.get(path[:-1], ""), said.get(key, ""), len(path) - 1,
                          key in paths) for path, key in every.items()}

    def _collections(self) -> tuple[Attribute, ...]:
        """The collections that documents are in, which LibreQDA keeps."""
        if "collection_documents" not in self.database.tables:
            return ()
        names = dict(self.database.rows("collections", "id", "name"))
        return tuple(Attribute(self.names[document], "set", str(names[one])) for one, document in self.database.rows(
            "collection_documents", "collection_id", "document_id") if document in self.names and names.get(one))

    def _coders(self) -> dict[tuple[int, int], tuple[str, str]]:
        """(highlight, tag) -> who put it there, and when: the first to do so since the tag was last taken away."""
        found: dict[tuple[int, int], tuple[str, str]] = {}
        logins: set[str] = set()
        if "commands" not in self.database.tables:
            return found
        for login, payload, date in self.database.rows("commands", "user_login", "payload", "date"):
            try:
                said = json.loads(payload)
                kind = said["type"]
                logins.add(str(login or ""))
                if kind == "highlight_add":
                    highlight, tags = int(said["highlight_id"]), [int(tag) for tag in said["tags"]]
                    for gone in [key for key in found if key[0] == highlight and key[1] not in tags]:
                        del found[gone]
                    for tag in tags:
                        found.setdefault((highlight, tag), (str(login or ""), day(str(date or ""))))
                elif kind == "tag_merge":
                    source, target = int(said["src_tag_id"]), int(said["dest_tag_id"])
                    for key in [key for key in found if key[1] == source]:
                        found.setdefault((key[0], target), found.pop(key))
            except (ValueError, TypeError, KeyError):
                self.books.tolerated["a command that cannot be read: what it did has no coder"] += 1
        if logins != {ANYBODY}:
            return found
        self.books.tolerated["everybody is called 'admin', as Taguette's export has it: who coded is not recorded"] += 1
        return {key: ("", when) for key, (_, when) in found.items()}

    # ---------------------------------------------------------------------------------------- highlights

    def _highlights(self) -> dict[int, tuple[int, int, int, str] | str]:
        """Highlight -> document, start, end and words; or what keeps it from being a passage."""
        rows = [(number, document, start, end, self._own_words(document, start, end, snippet))
                for number, document, start, end, snippet in self.database.rows(
                    "highlights", "id", "document_id", "start_offset", "end_offset", "snippet")]
        habit = calibrated([(self.words[document][1], start, end, words) for _, document, start, end, words in rows
                            if document in self.words and isinstance(start, int) and isinstance(end, int)], OURS)
        if not habit.believed:
            raise self.database.mistake(f"only {habit}")
        self.placed = habit if habit.of else None
        if habit.reading != OURS[0]:
            self.books.tolerated[f"positions are {habit.reading}: seen by the words stored with them"] += 1
        return {row[0]: self._highlight(*row[1:], habit) for row in rows}

    def _own_words(self, document, start, end, snippet: object) -> str:
        """
        The words of a snippet, without the words before them that Taguette to 1.4 leaves there.

        It cuts what stands before a highlight from a list that Beautiful Soup 4.13 writes out no more
        (taguette/extract.py, delete_left; mended in 1.5.0).
        """
        words = Words(snippet).counted if isinstance(snippet, str) else ""
        if document not in self.words or not isinstance(start, int) or not isinstance(end, int):
            return words
        measured = self.words[document][1]
        place = measured.place(start, end, OURS[0])
        here, said = folded(measured.text[slice(*place)]) if place else "", folded(words)
        if len(here) < TELLS or said == here or not said.endswith(here):
            return words
        self.books.tolerated["a passage stored with words before it, as Taguette to 1.4 does: its position counts"] += 1
        return measured.text[slice(*place)]

    def _highlight(self, document, start, end, words: str, habit: Calibration) -> tuple[int, int, int, str] | str:
        if document not in self.words:
            return "document that is not in the project"
        if not isinstance(start, int) or not isinstance(end, int):
            return "selection without positions"
        shown, measured = self.words[document]
        place = measured.place(start, end, habit.reading)
        if words.strip() and not (place and measured.holds(start, end, words, habit.reading)):
            if not (place := measured.find(words)):
                return "passage whose words are not in the text"
            self.books.tolerated["a passage whose words stand elsewhere in the text, and only there: moved"] += 1
        if place is None:
            return "selection outside the text"
        if place[0] == place[1]:
            return "selection of no length"
        start, end = shown.place(*place)
        return document, start, end, shown.text[start:end]


def tag_path(name: str, names: set[str]) -> tuple[str, ...]:
    """A tag's name as a path: parted at dots, and at a stroke where what stands before it is a tag of its own."""
    first, stroke, rest = name.partition("/")
    if stroke and first in names and rest.strip():
        return (*tag_path(first, names), rest.strip())
    return tuple(SEPARATOR.split(name.strip(), DEEPEST - 1))


def _below(number: object, names: dict, above: dict) -> tuple[str, ...]:
    """The names from the top down to this tag; a circle of tags ends where it closes."""
    path, seen = [names[number]], {number}
    while (number := above.get(number)) is not None and number not in seen and len(path) < DEEPEST:
        seen.add(number)
        path.insert(0, names[number])
    return tuple(path)


def _in_order(codes: dict[object, Code]) -> list[Code]:
    """The codes with each parent before its children, else in the order of the file."""
    children: dict[str, list[Code]] = {}
    for code in codes.values():
        children.setdefault(code.parent, []).append(code)
    order: list[Code] = []
    waiting = list(reversed(children.get("", [])))
    while waiting:
        code = waiting.pop()
        order.append(code)
        waiting.extend(reversed(children.get(code.id, [])))
    return order
