"""QualCoder projects: the path of a `.qda` folder, of its `data.qda` or of a zip of it in, a Project out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from analysis.errors import ExtractMistake
from analysis.interviews.archive import Archive
from analysis.interviews.calibration import Calibration, Measured, calibrated
from analysis.interviews.codings import (
    ELSEWHERE,
    Attribute,
    Books,
    Code,
    Coding,
    Interview,
    Note,
    Project,
    code_ids,
    unused,
    without_extension,
)
from analysis.interviews.database import Database
from analysis.interviews.excerpts import day

REMEDY = "send the project's whole folder (name.qda), or a zip of it, as QualCoder keeps it"
DEEPEST = 200
MOVED = "a passage whose words stand elsewhere in the text, and only there: moved"
NO_PLACE = {"code_image": ("imid", "a region of a picture"), "code_av": ("avid", "a stretch of a recording")}


def read(path: Path | str) -> Project:
    """
    The coded project in QualCoder's database (schema versions 1 to 17; its tables source, code_name, code_cat,
    code_text, code_image and code_av).

    Positions are code points, half open, and each passage is stored with its words: they prove the positions, and
    where they disagree (QualCoder's own pull request 1482 tells of positions that drift at emoji) all passages
    together say how positions count. A passage whose words stand elsewhere, and only there, is taken from there; one
    whose words are nowhere is a loss with a name. Categories are codes that nothing can carry. Raises ExtractMistake
    where the file is no QualCoder project, or fewer than nine in ten passages stand where their positions say.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "data.qda"
        if not path.is_file():
            raise ExtractMistake("the folder has no data.qda", where=path.parent.name, remedy=REMEDY)
        return _read(path)
    with path.open("rb") as file:
        zipped = file.read(2) == b"PK"
    if not zipped:
        return _read(path)
    archive = Archive(path, remedy=REMEDY)
    if (member := archive.find("data.qda")) is None:
        raise ExtractMistake("the zip has no data.qda, or several", where=path.name, remedy=REMEDY)
    with tempfile.TemporaryDirectory() as folder:
        unpacked = Path(folder) / path.name
        unpacked.write_bytes(archive.read(member))
        return _read(unpacked)


def _read(path: Path) -> Project:
    with Database(path, remedy=REMEDY) as database:
        if not {"source", "code_name", "code_text"} <= set(database.tables):
            raise database.mistake("the database is no QualCoder project: it lacks source, code_name or code_text")
        return Reader(database).project()


class Reader:
    """Reads tables under QualCoder's names, of which `database` gives rows as a Database does; `origin` wrote them."""

    def __init__(self, database: Database, origin: str = "QualCoder"):
        self.database, self.origin = database, origin
        self.books = Books()
        self.placed: Calibration | None = None
        self.texts: dict[int, Measured | None] = {}
        self.names: dict[int, str] = {}

    def project(self) -> Project:
        interviews, codes = self._sources(), self._codes()
        codings = [*self._passages(codes), *self._without_place(codes)]
        kept = [coding for coding in codings if coding]
        return self.books.project(interviews, codes.values(), kept, origin=self.origin, placed=self.placed,
                                  attributes=self._attributes(), notes=tuple(self._notes()))

    def _sources(self) -> tuple[Interview, ...]:
        """The interviews; a recording and its transcript, which the database links or which share a name, are one."""
        rows = list(self.database.rows("source", "id", "name", "fulltext", "av_text_id"))
        partner = {number: spoken for number, _, _, spoken in rows if spoken}
        partner |= {spoken: number for number, spoken in partner.items()}
        made: dict[str, Interview] = {}
        alone: dict[str, bool] = {}  # names that one source has so far: whether it has words
        for number, name, text, _ in rows:
            name, words = str(name or f"source {number}"), isinstance(text, str) and bool(text)
            wanted = without_extension(name)
            identity = self.names.get(partner.get(number)) or (wanted if alone.get(wanted) == (not words) else "")
            if identity:
                self.books.tolerated["a recording or picture with the name of a text: one interview"] += 1
                alone.pop(identity, None)
            else:
                identity = unused(wanted, made)
                alone[identity] = words
            self.names[number] = identity
            self.texts[number] = measured = Measured(text) if words else None
            if words or identity not in made:
                made[identity] = Interview(identity, name, measured and measured.text)
        return tuple(made.values())

    def _codes(self) -> dict[tuple[str, int], Code]:
        """('category', id) and ('code', id) -> Code, parents before children in the order of the tree."""
        rows = {("category", n): (name, memo, ("category", above) if above else None)
                for n, name, memo, above in self._rows("code_cat", "catid", "name", "memo", "supercatid")}
        for n, name, memo, category, code in self._rows("code_name", "cid", "name", "memo", "catid", "supercid"):
            rows["code", n] = (name, memo, ("code", code) if code else ("category", category) if category else None)
        children: dict = {}
        for key, (_, _, above) in rows.items():
            if above is not None and above not in rows:
                self.books.tolerated["a code under a category that is not there: read as one at the top"] += 1
                above = None
            children.setdefault(above, []).append(key)
        order: list[tuple[tuple, tuple[str, ...]]] = []

        def walk(above, path: tuple[str, ...]) -> None:
            if len(path) > DEEPEST:
                raise self.database.mistake(f"categories stand more than {DEEPEST} deep, which no codebook's do")
            for key in children.get(above, []):
                here = (*path, str(rows[key][0] or "code without a name"))
                order.append((key, here))
                walk(key, here)

        walk(None, ())
        for key in rows.keys() - {key for key, _ in order}:  # only what stands under itself is not reached
            self.books.tolerated["a circle of categories: read as codes at the top"] += 1
            order.append((key, (str(rows[key][0] or "code without a name"),)))
        ids = dict(zip((key for key, _ in order), code_ids([path for _, path in order]), strict=True))
        return {key: Code(ids[key], path[-1], ids[rows[key][2]] if len(path) > 1 else "", str(rows[key][1] or ""),
                          len(path) - 1, key[0] == "code") for key, path in order}

    def _passages(self, codes: dict[tuple[str, int], Code]) -> list[Coding]:
        rows = list(self.database.rows("code_text", "cid", "fid", "seltext", "pos0", "pos1", "owner", "ctid", "date"))
        placed = [(self.texts[source], start, end, words or "") for _, source, words, start, end, *_ in rows
                  if self.texts.get(source) and isinstance(start, int) and isinstance(end, int)]
        habit = calibrated(placed)
        if not habit.believed:
            raise self.database.mistake(f"only {habit}")
        self.placed = habit if habit.of else None
        if habit.reading != calibrated([]).reading:
            self.books.tolerated[f"positions are {habit.reading}: seen by the words stored with them"] += 1
        found = [self._passage(codes, row, habit) for row in rows]
        return [coding for coding in found if coding]

    def _passage(self, codes, row: tuple, habit: Calibration) -> Coding | None:
        code, source, words, start, end, owner, number, date = row
        if ("code", code) not in codes:
            self.books.losses["code that is not in the codebook"] += 1
        elif source not in self.names:
            self.books.losses["source that is not in the project"] += 1
        elif not isinstance(start, int) or not isinstance(end, int):
            self.books.losses["selection without positions"] += 1
        elif (text := self.texts[source]) is None:
            self.books.losses["selection in a source without text"] += 1
        else:
            place = text.place(start, end, habit.reading)
            if words and not (place and text.holds(start, end, words, habit.reading)):
                if place := text.find(words):
                    self.books.tolerated[MOVED] += 1
                else:
                    self.books.losses["passage whose words are not in the text"] += 1
                    return None
            if place is None:
                self.books.losses["selection outside the text"] += 1
            elif place[0] == place[1]:
                self.books.losses["selection of no length"] += 1
            else:
                return Coding(self.names[source], codes["code", code].id, str(owner or ""), *place,
                              text.text[slice(*place)], date=day(str(date or "")), selection=f"text {number}")
        return None

    def _without_place(self, codes: dict[tuple[str, int], Code]) -> list[Coding]:
        """Codes on pictures and recordings: mentions without a place in a text."""
        made = []
        for table, (key, what) in NO_PLACE.items():
            for code, source, owner, number, date in self._rows(table, "cid", "id", "owner", key, "date"):
                if ("code", code) not in codes:
                    self.books.losses["code that is not in the codebook"] += 1
                elif source not in self.names:
                    self.books.losses["source that is not in the project"] += 1
                else:
                    self.books.tolerated[f"a code on {what}: a mention without a place"] += 1
                    made.append(Coding(self.names[source], codes["code", code].id, str(owner or ""),
                                       date=day(str(date or "")), selection=f"{table} {number}", part=ELSEWHERE))
        return made

    def _attributes(self) -> tuple[Attribute, ...]:
        """What attributes say of files, and of the cases whose words are in them; and which cases those are."""
        names = dict(self._rows("cases", "caseid", "name"))
        members: dict[object, dict[str, None]] = {}
        for case, source in self._rows("case_text", "caseid", "fid"):
            if case in names and source in self.names:
                members.setdefault(case, {}).setdefault(self.names[source])
        found = [Attribute(interview, "case", str(names[case])) for case, those in members.items()
                 for interview in those]
        for name, of, value, number in self._rows("attribute", "name", "attr_type", "value", "id"):
            files = [self.names[number]] if number in self.names else []
            those = {"file": files, "case": members.get(number, ())}.get(str(of), ())
            found += [Attribute(interview, str(name), str(value)) for interview in those if str(value or "").strip()]
        return tuple(dict.fromkeys(found))

    def _notes(self) -> Iterator[Note]:
        """The journal, and what is written on files, passages and codings; a code's own note is its definition."""
        for name, text, owner, date in self._rows("journal", "name", "jentry", "owner", "date"):
            yield from _note("project", str(name or ""), text, owner, date)
        for number, text, owner, date in self._rows("source", "id", "memo", "owner", "date"):
            yield from _note("interview", self.names.get(number, ""), text, owner, date)
        for table in ("annotation", "code_text"):
            for number, text, owner, date in self._rows(table, "fid", "memo", "owner", "date"):
                yield from _note("passage", self.names.get(number, ""), text, owner, date)

    def _rows(self, table: str, *columns: str):
        """As the database's, for a table that older versions do not have."""
        return self.database.rows(table, *columns) if table in self.database.tables else ()


def _note(kind: str, about: str, text: object, owner: object, date: object) -> Iterator[Note]:
    if isinstance(text, str) and text.strip() and about:
        yield Note(kind, about, text.strip(), str(owner or ""), day(str(date or "")))
