"""RQDA's own projects: QualCoder's tables under other names, with what was deleted still in them."""

import sqlite3

import pytest

from analysis.errors import ExtractMistake
from analysis.interviews.codings import Attribute
from analysis.interviews.readers import read
from analysis.interviews.rqda import read as read_rqda

TEXT = "I was naïve \N{GRINNING FACE} and afraid.\nThen it stopped."
# The tables as QualCoder's rqda.py lists them.
SCHEMA = """
CREATE TABLE source (name text, id integer, file text, memo text, owner text, date text, dateM text, status integer);
CREATE TABLE codecat (name text, cid integer, catid integer, owner text, date text, dateM text, memo text,
                      status integer);
CREATE TABLE freecode (name text, memo text, owner text, date text, dateM text, id integer, status integer, color text);
CREATE TABLE treecode (cid integer, catid integer, date text, dateM text, memo text, status integer, owner text);
CREATE TABLE coding (cid integer, fid integer, seltext text, selfirst real, selend real, status integer, owner text,
                     date text, memo text);
CREATE TABLE coding2 (cid integer, fid integer, seltext text, selfirst real, selend real, status integer, owner text,
                      date text, memo text);
CREATE TABLE cases (name text, memo text, owner text, date text, dateM text, id integer, status integer);
CREATE TABLE caselinkage (caseid integer, fid integer, selfirst real, selend real, status integer, owner text,
                          date text, memo text);
CREATE TABLE caseAttr (variable text, value text, caseID integer, date text, dateM text, owner text, status integer);
CREATE TABLE journal (name text, journal text, date text, dateM text, owner text, status integer);
INSERT INTO codecat (name, catid, status) VALUES ('Medicines', 1, 1), ('old', 2, 0), ('More', 3, 1);
INSERT INTO freecode (name, memo, id, status) VALUES ('fear', 'felt', 1, 1), ('pace', '', 2, 1), ('gone', '', 3, 0);
INSERT INTO treecode (cid, catid, status) VALUES (1, 1, 1), (1, 3, 1), (2, 2, 0);
INSERT INTO cases (name, id, status) VALUES ('Ann', 1, 1);
INSERT INTO caselinkage (caseid, fid, selfirst, selend, status) VALUES (1, 1, 0, 20, 1);
INSERT INTO caseAttr (variable, value, caseID, status) VALUES ('site', 'north', 1, 1), ('age', '40', 1, 0);
INSERT INTO journal (name, journal, date, owner, status) VALUES ('June', 'Fear first.', '', 'ann', 1);
"""


@pytest.fixture
def project(tmp_path):
    path = tmp_path / "study.rqda"
    with sqlite3.connect(path) as database:
        database.executescript(SCHEMA)
        database.execute("INSERT INTO source (name, id, file, status) VALUES ('P01.txt', 1, ?, 1)", (TEXT,))
        for code, words, status in ((1, "afraid", 1), (2, "Then it stopped.", 1), (2, "naïve", 0)):
            at = TEXT.index(words)
            database.execute("INSERT INTO coding VALUES (?, 1, ?, ?, ?, ?, 'ann', 'Fri Dec  6 09:26:07 2019', '')",
                             (code, words, float(at), float(at + len(words)), status))
    database.close()
    return path


def test_codings_have_their_place_coder_and_day(project):
    found = read(project)
    assert [(c.interview, c.code, c.coder, c.text, c.date) for c in found.codings] == [
        ("P01", "fear", "ann", "afraid", "2019-12-06"), ("P01", "pace", "ann", "Then it stopped.", "2019-12-06")]
    assert all(TEXT[c.start:c.end] == c.text for c in found.codings) and found.origin == "RQDA"
    assert len({c.selection for c in found.codings}) == 2


def test_what_was_deleted_is_no_code_and_its_codings_are_a_loss(project):
    found = read(project)
    assert [(c.id, c.parent, c.definition, c.codable) for c in found.codes] == [
        ("Medicines", "", "", False), ("fear", "Medicines", "felt", True), ("More", "", "", False),
        ("pace", "", "", True)]
    assert found.losses == (("coding that was deleted in RQDA", 1),) and found.codings_in == 3
    assert found.tolerated == (("a code in several categories: read in the first", 1),)


def test_cases_their_attributes_and_the_journal_are_read(project):
    found = read(project)
    assert found.attributes == (Attribute("P01", "case", "Ann"), Attribute("P01", "site", "north"))
    assert [(note.kind, note.text, note.author) for note in found.notes] == [("project", "Fear first.", "ann")]


def test_another_database_is_said(tmp_path):
    sqlite3.connect(tmp_path / "x.rqda").execute("CREATE TABLE source (id)").connection.commit()
    with pytest.raises(ExtractMistake, match="no RQDA project: it lacks codecat, coding, freecode, treecode"):
        read_rqda(tmp_path / "x.rqda")
