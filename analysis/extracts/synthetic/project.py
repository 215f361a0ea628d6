"""Made-up interviews in; a coded project of them, as the tool that the definition speaks of exports it, out."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from html import escape
from pathlib import Path

from analysis.extracts.synthetic.records import World
from analysis.extracts.synthetic.talk import transcript
from analysis.extracts.synthetic.writing import MANY_SHEETS, Grid, delimited, with_sheet
from analysis.extracts.synthetic.writing import WRITERS as TABLES
from analysis.interviews.codings import Code, Coding, Interview, Project
from analysis.interviews.refi_export import qdpx
from analysis.reference.made_up import MARK

CODER, WHEN = "Coder A", "2000-01-01 09:00:00"
STANCES = ("positive", "negative", "mixed")


def coded_project(world: World) -> Project:
    """
    Every interview of the log as a source, every code of the codebook, and a code on a few answers of each interview.

    Where the definition reads stances, most of the passages carry one.
    """
    dice, stance = world.dice("passages"), world.words.study["interviews"].get("stance", "")
    records = world.table("codes")
    codes = [Code(r["code_id"], r["code_id"], r["parent"] or "", r["definition"], depth=int(bool(r["parent"])))
             for r in records]
    below = [code.id for code in codes if code.parent] or [code.id for code in codes]
    if stance:
        codes += [Code(stance, stance, codable=False), *(Code(name, name, stance, depth=1) for name in STANCES)]
    interviews, codings = [], []
    for record in world.table("interviews"):
        name = record["interview_id"]
        text, answers = transcript(f"{world.seed} {name}")
        interviews.append(Interview(name, name, text))
        for start, end in answers:
            said = [dice.choice(below), *([dice.choice(STANCES)] if stance and dice.random() < 0.7 else [])]
            codings += [Coding(name, code, CODER, start, end, text[start:end]) for code in said]
    return Project(tuple(interviews), tuple(codes), tuple(codings), len(codings))


def write_project(project: Project, path: Path, study: str) -> None:
    """The project in the format of the file's suffix, one of WRITERS."""
    WRITERS[path.suffix.lower()](project, path, study)


def _refi_qda(project: Project, path: Path, study: str) -> None:
    path.write_bytes(qdpx(project, f"{study}. {MARK}"))


def _taguette(project: Project, path: Path, study: str) -> None:
    """The tables that Taguette exports, as its version 1.4 has them; a code's parents are in the name of its tag."""
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path)
    database.executescript(f"""
        PRAGMA application_id = 1416066164;
        CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT, description TEXT, created DATETIME);
        CREATE TABLE documents (id INTEGER PRIMARY KEY, name TEXT, description TEXT, filename TEXT, created DATETIME,
            project_id INTEGER, text_direction TEXT, contents TEXT);
        CREATE TABLE commands (id INTEGER PRIMARY KEY, date DATETIME, user_login TEXT, project_id INTEGER,
            document_id INTEGER, payload TEXT);
        CREATE TABLE highlights (id INTEGER PRIMARY KEY, document_id INTEGER, start_offset INTEGER, end_offset INTEGER,
            snippet TEXT);
        CREATE TABLE tags (id INTEGER PRIMARY KEY, project_id INTEGER, path TEXT, description TEXT);
        CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER);
        INSERT INTO projects VALUES (1, '{study}', '{MARK}', '{WHEN}');""")
    numbers = {code.id: n for n, code in enumerate(project.codes, 1)}
    for code in project.codes:
        name = f"{code.parent}.{code.name}" if code.parent else code.name
        database.execute("INSERT INTO tags VALUES (?, 1, ?, ?)", (numbers[code.id], name, code.definition))
    places = {}
    for n, interview in enumerate(project.interviews, 1):
        html = "".join(f"<p>{escape(line)}</p>" for line in interview.text.split("\n"))
        database.execute("INSERT INTO documents VALUES (?, ?, '', ?, ?, 1, 'LEFT_TO_RIGHT', ?)",
                         (n, interview.name, f"{interview.name}.txt", WHEN, html))
        for coding in (c for c in project.codings if c.interview == interview.id):
            # Positions count the bytes of the text without its line ends.
            start, end = (len(interview.text[:at].replace("\n", "").encode()) for at in (coding.start, coding.end))
            if (n, start, end) not in places:
                places[n, start, end] = len(places) + 1
                database.execute("INSERT INTO highlights VALUES (?, ?, ?, ?, ?)",
                                 (places[n, start, end], n, start, end, escape(coding.text)))
            database.execute("INSERT INTO highlight_tags VALUES (?, ?)", (places[n, start, end], numbers[coding.code]))
    database.commit()
    database.close()


def writes(file: str) -> bool:
    """Whether a project of that name can be made up."""
    return Path(file).suffix.lower() in WRITERS


def _table(project: Project, path: Path, study: str) -> None:
    """A row for each passage and code, as it is kept by hand; a code's parent stands before it."""
    names = {code.id: f"{code.parent}/{code.name}" if code.parent else code.name for code in project.codes}
    rows = tuple((coding.interview, names[coding.code], coding.text, coding.coder) for coding in project.codings)
    grid = Grid("Coding" if path.suffix.lower() in MANY_SHEETS else "", (), ("Interview", "Code", "Text", "Coder"),
                rows, (), {})
    if path.exists():  # a workbook with sheets of extracts beside it
        path.write_bytes(with_sheet(path, grid))
    else:
        path.write_bytes(TABLES.get(path.suffix.lower(), delimited)([grid], path.suffix.lower()))


WRITERS: dict[str, Callable[[Project, Path, str], None]] = {
    ".qdpx": _refi_qda, ".sqlite3": _taguette, **dict.fromkeys((".xlsx", ".ods", ".csv"), _table)}
