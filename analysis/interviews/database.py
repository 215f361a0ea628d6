"""A SQLite file that somebody sent: its path in, rows of the tables that it has out. It is read and never written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from analysis.errors import ExtractMistake

MAGIC = b"SQLite format 3\x00"
# A project of hundreds of long transcripts has some ten megabytes of text in a value at most.
LONGEST_VALUE = 256 * 1024 * 1024


class Database:
    """The tables of one file. Use it as a context; ExtractMistake, with the file's name, for all that is wrong."""

    def __init__(self, path: Path, *, remedy: str):
        self.path, self.remedy = Path(path), remedy
        try:
            with self.path.open("rb") as file:
                magic = file.read(len(MAGIC))
        except OSError as error:
            raise self.mistake(f"the file cannot be read ({error.strerror})") from None
        if magic != MAGIC:
            raise self.mistake("the file is no SQLite database")
        for ending in ("-wal", "-journal"):
            beside = self.path.with_name(self.path.name + ending)
            if beside.is_file() and beside.stat().st_size:
                raise self.mistake(f"a part of the project is still in '{beside.name}': it is open, or was not closed")
        # Immutable: no lock is taken and nothing is written beside the extract.
        self._open = sqlite3.connect(f"file:{quote(str(self.path.resolve()))}?mode=ro&immutable=1", uri=True)
        self._open.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        self._open.execute("PRAGMA trusted_schema = OFF")
        # A value that is no valid UTF-8 is read all the same, its wrong bytes marked.
        self._open.text_factory = lambda value: value.decode("utf-8", "replace")
        self.tables = {name: self._columns(name) for name, in self._run(
            "SELECT name FROM sqlite_master WHERE type = 'table'")}

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *unused: object) -> None:
        self._open.close()

    def rows(self, table: str, *columns: str) -> Iterator[tuple]:
        """These columns of every row, in the order of the file; a column that this version lacks is None."""
        there = self.tables.get(table)
        if there is None:
            raise self.mistake(f"the database has no table '{table}'")
        chosen = ", ".join(f'"{c}"' if c in there else "NULL" for c in columns)
        return self._run(f'SELECT {chosen} FROM "{table}" ORDER BY rowid')

    def pragma(self, name: str) -> int:
        return next(self._run(f"PRAGMA {name}"))[0]

    def _columns(self, table: str) -> list[str]:
        name = table.replace('"', '""')
        return [row[1] for row in self._run(f'PRAGMA table_info("{name}")')]

    def _run(self, words: str) -> Iterator[tuple]:
        try:
            yield from self._open.execute(words)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self.mistake(f"the database is damaged ({error})") from None

    def mistake(self, found: str) -> ExtractMistake:
        return ExtractMistake(found, where=self.path.name, remedy=self.remedy)
