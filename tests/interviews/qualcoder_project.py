"""Writes a QualCoder project as the program does, in the tables of its schema version 14, for the tests to read."""

import sqlite3
from pathlib import Path

SCHEMA = """
CREATE TABLE project (databaseversion TEXT, date TEXT, memo TEXT, about TEXT, bookmarkfile INTEGER, bookmarkpos INTEGER,
                      codername TEXT, recently_used_codes TEXT);
CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT, fulltext TEXT, mediapath TEXT, memo TEXT, owner TEXT, date TEXT,
                     av_text_id INTEGER, risid INTEGER, UNIQUE(name));
CREATE TABLE code_cat (catid INTEGER PRIMARY KEY, name TEXT UNIQUE, owner TEXT, date TEXT, memo TEXT,
                       supercatid INTEGER);
CREATE TABLE code_name (cid INTEGER PRIMARY KEY, name TEXT UNIQUE, memo TEXT, catid INTEGER, owner TEXT, date TEXT,
                        color TEXT);
CREATE TABLE code_text (ctid INTEGER PRIMARY KEY, cid INTEGER, fid INTEGER, seltext TEXT, pos0 INTEGER, pos1 INTEGER,
                        owner TEXT, date TEXT, memo TEXT, avid INTEGER, important INTEGER,
                        UNIQUE(cid, fid, pos0, pos1, owner));
CREATE TABLE code_image (imid INTEGER PRIMARY KEY, id INTEGER, x1 INTEGER, y1 INTEGER, width INTEGER, height INTEGER,
                         cid INTEGER, memo TEXT, date TEXT, owner TEXT, important INTEGER);
CREATE TABLE code_av (avid INTEGER PRIMARY KEY, id INTEGER, pos0 INTEGER, pos1 INTEGER, cid INTEGER, memo TEXT,
                      date TEXT, owner TEXT, important INTEGER);
INSERT INTO project VALUES ('v14', '2024-01-15 10:00:00', '', 'QualCoder 3.8', 0, 0, 'default', '');
"""


def write(folder: Path, sources: list[tuple[int, str, str | None]], codes: list[tuple], codings: list[tuple], *,
          categories: list[tuple] = (), pictures: list[tuple] = ()) -> Path:
    """
    name.qda with sources (id, name, text), codes (cid, name, catid), codings (cid, fid, words, pos0, pos1, owner),
    categories (catid, name, supercatid) and codes on pictures (cid, fid, owner).
    """
    folder.mkdir()
    with sqlite3.connect(folder / "data.qda") as database:
        database.executescript(SCHEMA)
        database.executemany("INSERT INTO source (id, name, fulltext) VALUES (?, ?, ?)", sources)
        database.executemany("INSERT INTO code_cat (catid, name, supercatid) VALUES (?, ?, ?)", categories)
        database.executemany("INSERT INTO code_name (cid, name, catid) VALUES (?, ?, ?)", codes)
        database.executemany("INSERT INTO code_text (cid, fid, seltext, pos0, pos1, owner) VALUES (?, ?, ?, ?, ?, ?)",
                             codings)
        database.executemany("INSERT INTO code_image (cid, id, owner) VALUES (?, ?, ?)", pictures)
    database.close()
    return folder
