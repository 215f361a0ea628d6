"""Transcripts with markup in; the coded interviews as a Taguette project, interviews.sqlite3, out."""

import json
import re
import sqlite3
import tomllib
from datetime import datetime, timedelta
from html import escape
from pathlib import Path

from fieldwork import INTERVIEWS
from files import SYNTHETIC

HERE = Path(__file__).parent
STANCES = {"+": "positive", "-": "negative", "~": "mixed"}
CODED_TWICE = ("U02", "U06", "W01")
MADE = datetime(2024, 9, 2, 9, 30)
# The tables of Taguette 1.4 that a project export has (taguette/database/models.py).
SCHEMA = """
PRAGMA page_size = 4096;
PRAGMA application_id = 1416066164;
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
CREATE TABLE users (login VARCHAR(30) NOT NULL PRIMARY KEY, created DATETIME NOT NULL, hashed_password VARCHAR(192),
    password_set_date DATETIME, language VARCHAR(10), email VARCHAR(256), email_sent DATETIME);
CREATE TABLE projects (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL,
    description TEXT NOT NULL, created DATETIME NOT NULL);
CREATE TABLE project_members (project_id INTEGER NOT NULL, user_login VARCHAR(30) NOT NULL,
    privileges VARCHAR(11) NOT NULL, PRIMARY KEY (project_id, user_login));
CREATE TABLE documents (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL,
    description TEXT NOT NULL, filename VARCHAR(200) NOT NULL, created DATETIME NOT NULL, project_id INTEGER NOT NULL,
    text_direction VARCHAR(13) NOT NULL, contents TEXT NOT NULL);
CREATE TABLE commands (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, date DATETIME NOT NULL,
    user_login VARCHAR(30) NOT NULL, project_id INTEGER NOT NULL, document_id INTEGER, payload TEXT NOT NULL);
CREATE TABLE highlights (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, document_id INTEGER NOT NULL,
    start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL, snippet TEXT NOT NULL);
CREATE TABLE tags (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL,
    path VARCHAR(200) NOT NULL, description TEXT NOT NULL, UNIQUE (project_id, path));
CREATE TABLE highlight_tags (highlight_id INTEGER NOT NULL, tag_id INTEGER NOT NULL,
    PRIMARY KEY (highlight_id, tag_id));
"""


def tags() -> dict[str, str]:
    """Each tag with its description, in the order of the codebook; the stances last."""
    found = {}
    for theme, said in tomllib.loads((HERE / "codes.toml").read_text("utf-8")).items():
        found[theme] = said["definition"]
        found |= {f"{theme}.{name}": words for name, words in said["codes"].values()}
    found["stance"] = "How a passage speaks of the service. Not a theme."
    return found | {f"stance.{name}": f"Speaks of it in a way that is {name}" for name in STANCES.values()}


def read_transcript(marked: str, name: str) -> tuple[list[str], list[tuple[int, str, list[str], str]]]:
    """
    The paragraphs without markup, and the passages: paragraph, words, tags, stance. A passage reads {{code/+|words}}.

    ValueError where a passage runs over its paragraph, stands twice in it, or its code is not in the codebook.
    """
    book = tomllib.loads((HERE / "codes.toml").read_text("utf-8"))
    paths = {code: f"{theme}.{words[0]}" for theme, said in book.items() for code, words in said["codes"].items()}
    paragraphs, passages = [], []
    for place, line in enumerate(marked.splitlines()):
        found = re.findall(r"\{\{([a-z-]+)/([+~-])\|([^{}]+)\}\}", line)
        plain = re.sub(r"\{\{[a-z-]+/[+~-]\|([^{}]+)\}\}", r"\1", line)
        if any(mark in plain for mark in "{}|"):
            raise ValueError(f"{name}, line {place + 1}: markup that is opened and not closed")
        for code, stance, words in found:
            if code not in paths or plain.count(words) != 1:
                raise ValueError(f"{name}, line {place + 1}: {code}: {words[:40]}")
            passages.append((place, words, [paths[code]], f"stance.{STANCES[stance]}"))
        paragraphs.append(plain)
    return paragraphs, passages


def write_project(folder: Path) -> None:
    """
    Highlights count UTF-8 bytes of the document's text; each is stored with its words, as Taguette stores them.

    A second coder coded three of the interviews again; four passages in five are the same.
    """
    path = folder / "interviews.sqlite3"
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path)
    database.executescript(SCHEMA)
    run = database.execute
    run("INSERT INTO alembic_version VALUES ('1b6a5da2c3ef')")
    run("INSERT INTO projects VALUES (1, 'Link workers', ?, ?)", (SYNTHETIC, str(MADE)))
    for login in ("coder_a", "coder_b"):
        run("INSERT INTO users (login, created) VALUES (?, ?)", (login, str(MADE)))
        run("INSERT INTO project_members VALUES (1, ?, 'ADMIN')", (login,))
    numbers = {}
    for number, (tag, words) in enumerate(tags().items(), 1):
        numbers[tag] = number
        run("INSERT INTO tags VALUES (?, 1, ?, ?)", (number, tag, words))
    for document, (name, *_) in enumerate(INTERVIEWS, 1):
        paragraphs, passages = read_transcript((HERE / "transcripts" / f"{name}.txt").read_text("utf-8"), name)
        html = "\n".join(f"<p>{escape(words, quote=False)}</p>" for words in paragraphs)
        run("INSERT INTO documents VALUES (?, ?, ?, ?, ?, 1, 'LEFT_TO_RIGHT', ?)",
            (document, name, SYNTHETIC, f"{name}.docx", str(MADE), html))
        _highlights(database, document, paragraphs, passages, numbers, "coder_a")
        if name in CODED_TWICE:
            _highlights(database, document, paragraphs, passages, numbers, "coder_b")
    database.commit()
    database.close()
    # The file says which SQLite wrote it last: the same bytes on every machine do not.
    content = bytearray(path.read_bytes())
    content[96:100] = (3_040_001).to_bytes(4, "big")
    path.write_bytes(content)


def _highlights(database: sqlite3.Connection, document: int, paragraphs: list[str], passages: list, numbers: dict,
                login: str) -> None:
    for place, (paragraph, words, codes, stance) in enumerate(passages):
        if login == "coder_b" and place % 5 == 3:
            continue
        before = "\n".join([*paragraphs[:paragraph], paragraphs[paragraph].partition(words)[0]])
        start = len(before.encode())
        end = start + len(words.encode())
        carried = [numbers[tag] for tag in (*codes, stance)]
        added = database.execute("INSERT INTO highlights (document_id, start_offset, end_offset, snippet) VALUES "
                                 "(?, ?, ?, ?)", (document, start, end, f"<p>{escape(words, quote=False)}</p>"))
        database.executemany("INSERT INTO highlight_tags VALUES (?, ?)", [(added.lastrowid, tag) for tag in carried])
        payload = {"type": "highlight_add", "highlight_id": added.lastrowid, "start_offset": start, "end_offset": end,
                   "tags": carried}
        database.execute(
            "INSERT INTO commands (date, user_login, project_id, document_id, payload) VALUES (?, ?, 1, ?, ?)",
            (str(MADE + timedelta(minutes=7 * added.lastrowid)), login, document, json.dumps(payload, sort_keys=True)))
