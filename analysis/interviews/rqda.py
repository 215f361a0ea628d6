"""RQDA projects: the path of a `.rqda` file in, a Project out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from analysis.interviews.codings import Project
from analysis.interviews.database import Database
from analysis.interviews.qualcoder import Reader

REMEDY = "send the .rqda file in which RQDA keeps the project"
NEEDS = {"source", "coding", "freecode", "treecode", "codecat"}
DATED = re.compile(r"\w{3} (?P<month>\w{3}) +(?P<day>\d{1,2}) [\d:]+ (?P<year>\d{4})")
MONTHS = {name: n for n, name in enumerate(("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                                            "Dec"), 1)}
# What QualCoder calls it: RQDA's table, and its column for each of QualCoder's. RQDA keeps what was deleted, with a
# status other than 1 (its RQDATables.rd; the columns as QualCoder's rqda.py lists them).
TABLES = {
    "source": ("source", {"id": "id", "name": "name", "fulltext": "file", "memo": "memo"}),
    "code_cat": ("codecat", {"catid": "catid", "name": "name", "memo": "memo"}),
    "code_name": ("freecode", {"cid": "id", "name": "name", "memo": "memo"}),
    "code_text": ("coding", {"cid": "cid", "fid": "fid", "seltext": "seltext", "pos0": "selfirst", "pos1": "selend",
                             "memo": "memo"}),
    "cases": ("cases", {"caseid": "id", "name": "name"}),
    "case_text": ("caselinkage", {"caseid": "caseid", "fid": "fid"}),
    "journal": ("journal", {"name": "name", "jentry": "journal"}),
    "annotation": ("annotation", {"fid": "fid", "memo": "annotation"}),
    "attribute": ("", {}),
}
ALWAYS = {"owner": "owner", "date": "date"}
VARIABLES = (("caseAttr", "case", "caseID"), ("fileAttr", "file", "fileID"))


def read(path: Path | str) -> Project:
    """
    The coded project in RQDA's database: its tables are those of QualCoder's under other names, and so are positions.

    What was deleted in RQDA and is still in the file is a loss with a name. A code in several categories stands in the
    first. Raises ExtractMistake where the file is no RQDA project, or what QualCoder's reader raises.
    """
    with Database(Path(path), remedy=REMEDY) as database:
        if missing := sorted(NEEDS - set(database.tables)):
            raise database.mistake(f"the database is no RQDA project: it lacks {', '.join(missing)}")
        tables = _Tables(database)
        reader = Reader(tables, "RQDA")
        if deleted := sum(status != 1 for status, in database.rows("coding", "status")):
            reader.books.losses["coding that was deleted in RQDA"] = deleted
        if tables.several:
            reader.books.tolerated["a code in several categories: read in the first"] = tables.several
        if second := sum(1 for _ in database.rows("coding2", "cid")) if "coding2" in database.tables else 0:
            reader.books.tolerated["a coding in RQDA's second table of codings: not read"] = second
        return reader.project()


def fits(database: Database) -> bool:
    """Whether a database has RQDA's tables."""
    return set(database.tables) >= NEEDS


class _Tables:
    """RQDA's tables under QualCoder's names."""

    def __init__(self, database: Database):
        self.database, self.mistake = database, database.mistake
        self.tables = {name: [] for name, (table, _) in TABLES.items() if not table or table in database.tables}
        self.categories: dict[object, object] = {}
        self.several = 0
        for code, category, status in database.rows("treecode", "cid", "catid", "status"):
            if status == 1:
                self.several += self.categories.setdefault(code, category) != category

    def rows(self, table: str, *columns: str) -> Iterator[tuple]:
        if table == "attribute":
            yield from self._attributes(columns)
            return
        name, known = TABLES[table]
        known = known | ALWAYS
        rows = self.database.rows(name, "status", *(known.get(column, "") for column in columns))
        for number, row in enumerate(rows, 1):
            if row[0] == 1:
                said = dict(zip(columns, row[1:], strict=True))
                if "ctid" in said:  # RQDA gives its codings no number
                    said["ctid"] = number
                if "catid" in said and table == "code_name":
                    said["catid"] = self.categories.get(said["cid"])
                yield tuple(_plain(column, value) for column, value in said.items())

    def _attributes(self, columns: tuple[str, ...]) -> Iterator[tuple]:
        for table, of, number in VARIABLES:
            if table in self.database.tables:
                for status, name, value, one in self.database.rows(table, "status", "variable", "value", number):
                    if status == 1:
                        said = {"name": name, "attr_type": of, "value": value, "id": one}
                        yield tuple(said.get(column) for column in columns)


def _plain(column: str, value: object) -> object:
    """A position, which RQDA keeps as a real number, as a whole one; 'Fri Dec  6 09:26:07 2019' as 2019-12-06."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if column == "date" and (found := DATED.fullmatch(str(value or ""))) and found["month"] in MONTHS:
        return f"{found['year']}-{MONTHS[found['month']]:02}-{int(found['day']):02}"
    return value
