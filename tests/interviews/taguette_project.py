"""Writes a project as Taguette exports it, in the schema of its version 1.4, for tests and generators to read."""

import json
import sqlite3
from html import escape
from pathlib import Path

SCHEMA = """
PRAGMA application_id = 1416066164;
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
CREATE TABLE users (login VARCHAR(30) NOT NULL, created DATETIME NOT NULL, hashed_password VARCHAR(192),
    password_set_date DATETIME, language VARCHAR(10), email VARCHAR(256), email_sent DATETIME,
    CONSTRAINT pk_users PRIMARY KEY (login));
CREATE TABLE projects (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL,
    description TEXT NOT NULL, created DATETIME NOT NULL);
CREATE TABLE project_members (project_id INTEGER NOT NULL, user_login VARCHAR(30) NOT NULL,
    privileges VARCHAR(11) NOT NULL, CONSTRAINT pk_project_members PRIMARY KEY (project_id, user_login));
CREATE TABLE documents (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL,
    description TEXT NOT NULL, filename VARCHAR(200) NOT NULL, created DATETIME NOT NULL,
    project_id INTEGER NOT NULL, text_direction VARCHAR(13) NOT NULL, contents TEXT NOT NULL);
CREATE TABLE commands (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, date DATETIME NOT NULL,
    user_login VARCHAR(30) NOT NULL, project_id INTEGER NOT NULL, document_id INTEGER, payload TEXT NOT NULL);
CREATE TABLE highlights (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, document_id INTEGER NOT NULL,
    start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL, snippet TEXT NOT NULL);
CREATE TABLE tags (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL,
    path VARCHAR(200) NOT NULL, description TEXT NOT NULL, CONSTRAINT uq_tags_project_id UNIQUE (project_id, path));
CREATE TABLE highlight_tags (highlight_id INTEGER NOT NULL, tag_id INTEGER NOT NULL,
    CONSTRAINT pk_highlight_tags PRIMARY KEY (highlight_id, tag_id));
INSERT INTO projects VALUES (1, 'interviews', '', '2024-01-15 10:00:00');
"""
DAY = "2024-01-15 10:00:00"


def write(path: Path, documents: list[tuple[str, str]], tags: list[tuple[str, str]],
          highlights: list[tuple[int, int, int, str, list[int], str]], *, more: str = "") -> Path:
    """
    A project of documents (name, HTML), tags (path, description) and highlights (document, start and end in UTF-8
    bytes, snippet as HTML, tags, login); ids count from 1. `more` is SQL to run at the end.
    """
    database = sqlite3.connect(path)
    database.executescript(SCHEMA)
    database.executemany("INSERT INTO documents (name, description, filename, created, project_id, text_direction, "
                         "contents) VALUES (?, '', ?, ?, 1, 'LEFT_TO_RIGHT', ?)",
                         [(name, f"{name}.docx", DAY, html) for name, html in documents])
    database.executemany("INSERT INTO tags (project_id, path, description) VALUES (1, ?, ?)", tags)
    for number, (document, start, end, snippet, carried, login) in enumerate(highlights, 1):
        database.execute("INSERT INTO highlights VALUES (?, ?, ?, ?, ?)", (number, document, start, end, snippet))
        database.executemany("INSERT INTO highlight_tags VALUES (?, ?)", [(number, tag) for tag in carried])
        database.execute(
            "INSERT INTO commands (date, user_login, project_id, document_id, payload) VALUES (?, ?, 1, ?, ?)",
            (DAY, login, document, json.dumps({
                "type": "highlight_add", "highlight_id": number, "start_offset": start, "end_offset": end,
                "tags": carried}, sort_keys=True)))
    database.executescript(more)
    database.commit()
    database.close()
    return path


def bytes_of(text: str, words: str) -> tuple[int, int, str]:
    """Start, end and snippet of words in a document's text, as Taguette stores them."""
    before = len(text[:text.index(words)].encode())
    return before, before + len(words.encode()), escape(words, quote=False)
