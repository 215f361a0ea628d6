"""QualCoder's own projects: every coding comes in or is lost by name, and stands where its words stand."""

import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qualcoder_project import write

from analysis.errors import ExtractMistake
from analysis.interviews.codings import Attribute, Note
from analysis.interviews.qualcoder import read

TEXT = "I was afraid of \N{GRINNING FACE} stopping. She listened, and I went at my own pace."
FEAR = (1, 1, "afraid", TEXT.index("afraid"), TEXT.index("afraid") + 6, "ann")


def project(tmp_path, *codings, **more):
    return read(write(tmp_path / "study.qda", [(1, "P01.txt", TEXT)], [(1, "fear", 2), (2, "pace", None)],
                      list(codings), categories=[(1, "Medicines", None), (2, "Reducing", 1)], **more))


def test_a_passage_has_its_interview_code_coder_place_and_words(tmp_path):
    found = project(tmp_path, FEAR)
    (coding,) = found.codings
    assert (coding.interview, coding.code, coding.coder, coding.start, coding.end, coding.text) == (
        "P01", "fear", "ann", 6, 12, "afraid")
    assert found.balance == (("codings in the file", 1), ("codings read", 1))


def test_categories_are_the_tree_that_nothing_carries(tmp_path):
    assert [(c.id, c.parent, c.depth, c.codable) for c in project(tmp_path, FEAR).codes] == [
        ("Medicines", "", 0, False), ("Reducing", "Medicines", 1, False), ("fear", "Reducing", 2, True),
        ("pace", "", 0, True)]


def test_positions_that_count_an_emoji_as_two_are_seen_by_the_words(tmp_path):
    drifted = [(1, 1, words, TEXT.index(words) + 1, TEXT.index(words) + 1 + len(words), "ann")
               for words in ("stopping", "listened", "my own pace")]
    found = project(tmp_path, FEAR, *drifted)
    assert [TEXT[c.start:c.end] for c in found.codings] == ["afraid", "stopping", "listened", "my own pace"]
    assert found.tolerated == (("positions are UTF-16 units from 0, the end after the last character: seen by the "
                                "words stored with them", 1),)
    assert (found.placed.right, found.placed.of) == (4, 4)


def test_one_passage_whose_words_stand_elsewhere_is_moved_there_and_told(tmp_path):
    many = [(2, 1, TEXT[n:n + 3], n, n + 3, "ann") for n in range(12)]
    found = project(tmp_path, *many, (1, 1, "my own pace", 2, 13, "ann"))
    moved = next(c for c in found.codings if c.code == "fear")
    assert TEXT[moved.start:moved.end] == "my own pace"
    assert found.tolerated == (("a passage whose words stand elsewhere in the text, and only there: moved", 1),)


def test_what_is_no_passage_of_a_code_is_lost_by_name(tmp_path):
    many = [(2, 1, TEXT[n:n + 3], n, n + 3, "ann") for n in range(20)]
    found = project(tmp_path, *many, (9, 1, "afraid", 6, 12, "ann"), (1, 7, "afraid", 6, 12, "ann"),
                    (1, 1, "", 9, 9, "ann"), (1, 1, "", 400, 410, "ann"), (1, 1, "not a word of it", 6, 22, "ann"))
    assert dict(found.losses) == {
        "code that is not in the codebook": 1, "passage whose words are not in the text": 1,
        "selection of no length": 1, "selection outside the text": 1, "source that is not in the project": 1}
    assert found.codings_in == 25


def test_a_code_on_a_picture_is_a_mention_without_a_place(tmp_path):
    found = project(tmp_path, FEAR, pictures=[(1, 1, "ann")])
    assert [(c.code, c.start) for c in found.codings] == [("fear", 6), ("fear", None)]


def test_a_zip_of_the_folder_and_the_database_alone_are_read_too(tmp_path):
    folder = write(tmp_path / "study.qda", [(1, "P01.txt", TEXT)], [(1, "fear", None)], [FEAR])
    zipped = Path(shutil.make_archive(str(tmp_path / "sent"), "zip", tmp_path, "study.qda"))
    assert read(zipped) == read(folder) == read(folder / "data.qda")


def test_positions_that_cannot_be_right_are_refused(tmp_path):
    wrong = [(1, 1, words, 0, 4, coder) for words, coder in (("afraid", "a"), ("stopping", "b"), ("pace", "c"))]
    with pytest.raises(ExtractMistake, match="only 0 of 3 passages stand where their positions say"):
        project(tmp_path, *wrong)


def test_the_project_is_left_as_it_was(tmp_path):
    folder = write(tmp_path / "study.qda", [(1, "P01.txt", TEXT)], [(1, "fear", None)], [FEAR])
    before = (folder / "data.qda").read_bytes()
    read(folder)
    assert [p.name for p in folder.iterdir()] == ["data.qda"] and (folder / "data.qda").read_bytes() == before


@pytest.mark.parametrize(("content", "found"), [
    (b"", "the file is no SQLite database"), (b"PK\x03\x04broken", "the file cannot be opened as a zip archive"),
    (b"SQLite format 3\x00" + b"\x00" * 84, "the database is damaged")])
def test_what_is_no_project_is_said(tmp_path, content, found):
    (tmp_path / "data.qda").write_bytes(content)
    with pytest.raises(ExtractMistake, match=found):
        read(tmp_path / "data.qda")


def test_another_program_s_database_is_said(tmp_path):
    with sqlite3.connect(tmp_path / "other.sqlite3") as database:
        database.execute("CREATE TABLE notes (words TEXT)")
    database.close()
    with pytest.raises(ExtractMistake, match="it lacks source, code_name or code_text"):
        read(tmp_path / "other.sqlite3")


def test_a_project_that_is_open_is_said(tmp_path):
    folder = write(tmp_path / "study.qda", [(1, "P01.txt", TEXT)], [(1, "fear", None)], [FEAR])
    (folder / "data.qda-wal").write_bytes(b"pages")
    with pytest.raises(ExtractMistake, match="it is open, or was not closed"):
        read(folder)


def test_a_circle_of_categories_ends(tmp_path):
    found = read(write(tmp_path / "s.qda", [(1, "P01", TEXT)], [(1, "fear", 1)], [FEAR],
                       categories=[(1, "A", 2), (2, "B", 1)]))
    assert {c.name for c in found.codes} == {"A", "B", "fear"} and len(found.codings) == 1


# The tables as the versions of QualCoder made them: the first, and one with codes under codes (version 17).
OLDEST = """CREATE TABLE project (databaseversion TEXT, date TEXT, memo TEXT, about TEXT);
CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT, fulltext TEXT, mediapath TEXT, memo TEXT, owner TEXT,
                     date TEXT);
CREATE TABLE code_cat (catid INTEGER PRIMARY KEY, name TEXT, owner TEXT, date TEXT, memo TEXT, supercatid INTEGER);
CREATE TABLE code_name (cid INTEGER PRIMARY KEY, name TEXT, memo TEXT, catid INTEGER, owner TEXT, date TEXT,
                        color TEXT);
CREATE TABLE code_text (cid INTEGER, fid INTEGER, seltext TEXT, pos0 INTEGER, pos1 INTEGER, owner TEXT, date TEXT,
                        memo TEXT);"""
NEWEST = OLDEST.replace("color TEXT", "color TEXT, supercid INTEGER").replace(
    "code_text (cid", "code_text (ctid INTEGER PRIMARY KEY, avid INTEGER, important INTEGER, cid")


@pytest.mark.parametrize(("schema", "above", "parent"), [(OLDEST, "catid", "Medicines"), (NEWEST, "supercid", "pace")])
def test_the_oldest_and_the_newest_database_are_read(tmp_path, schema, above, parent):
    with sqlite3.connect(tmp_path / "data.qda") as database:
        database.executescript(schema)
        database.execute("INSERT INTO source (id, name, fulltext) VALUES (1, 'P01.txt', ?)", (TEXT,))
        database.execute("INSERT INTO code_cat (catid, name) VALUES (1, 'Medicines')")
        database.execute("INSERT INTO code_name (cid, name) VALUES (1, 'pace')")
        database.execute(f"INSERT INTO code_name (cid, name, {above}) VALUES (2, 'fear', 1)")
        database.execute("INSERT INTO code_text (cid, fid, seltext, pos0, pos1, owner, date) VALUES "
                         "(2, 1, 'afraid', 6, 12, 'ann', '2018-06-20 10:00:00')")
    database.close()
    found = read(tmp_path / "data.qda")
    assert [(c.code, c.coder, c.date, c.text) for c in found.codings] == [("fear", "ann", "2018-06-20", "afraid")]
    assert next(c.parent for c in found.codes if c.id == "fear") == parent


MORE = """CREATE TABLE cases (caseid INTEGER PRIMARY KEY, name TEXT, memo TEXT, owner TEXT, date TEXT);
CREATE TABLE case_text (id INTEGER PRIMARY KEY, caseid INTEGER, fid INTEGER, pos0 INTEGER, pos1 INTEGER, owner TEXT,
                        date TEXT, memo TEXT);
CREATE TABLE attribute (attrid INTEGER PRIMARY KEY, name TEXT, attr_type TEXT, value TEXT, id INTEGER, date TEXT,
                        owner TEXT);
CREATE TABLE journal (jid INTEGER PRIMARY KEY, name TEXT, jentry TEXT, date TEXT, owner TEXT);
INSERT INTO cases (caseid, name) VALUES (1, 'ann');
INSERT INTO case_text (caseid, fid, pos0, pos1) VALUES (1, 1, 0, 9);
INSERT INTO attribute (name, attr_type, value, id) VALUES ('role', 'case', 'nurse', 1),
    ('mode', 'file', 'telephone', 1), ('age', 'case', '', 1), ('role', 'case', 'gp', 9);
INSERT INTO journal (name, jentry, date, owner) VALUES ('June', 'Fear comes first.', '2018-06-20 10:00:00', 'ann');
UPDATE code_text SET memo = 'why?', owner = 'bob', date = '2018-06-21 10:00:00';"""


def test_attributes_of_files_and_of_cases_and_notes_are_read(tmp_path):
    folder = write(tmp_path / "s.qda", [(1, "P01.txt", TEXT)], [(1, "fear", None)], [FEAR])
    with sqlite3.connect(folder / "data.qda") as database:
        database.executescript(MORE)
    database.close()
    found = read(folder)
    assert found.attributes == (Attribute("P01", "case", "ann"), Attribute("P01", "role", "nurse"),
                                Attribute("P01", "mode", "telephone"))
    assert found.notes == (Note("project", "June", "Fear comes first.", "ann", "2018-06-20"),
                           Note("passage", "P01", "why?", "bob", "2018-06-21"))


@pytest.mark.parametrize(("names", "linked"), [(("talk.mp3", "talk.mp3.txt"), False), (("talk.mp3", "notes.txt"), True),
                                               (("talk.mp3", "talk.mp3.transcribed"), False)])
def test_a_recording_and_its_transcript_are_one_interview(tmp_path, names, linked):
    """Since schema version 2 the recording knows its transcript (av_text_id); their names say so in all versions."""
    folder = write(tmp_path / "s.qda", [(1, names[0], None), (2, names[1], TEXT)], [(1, "fear", None)],
                   [(1, 2, "afraid", 6, 12, "ann")], pictures=[(1, 1, "ann")])
    with sqlite3.connect(folder / "data.qda") as database:
        database.execute("UPDATE source SET av_text_id = 2 WHERE id = 1 AND ?", (linked,))
    database.close()
    found = read(folder)
    assert [(i.id, i.text) for i in found.interviews] == [("talk", TEXT)]
    assert [(c.interview, c.text, c.part) for c in found.codings] == [
        ("talk", "afraid", "passage"), ("talk", "", "elsewhere")]


def test_a_codebook_deeper_than_any_is_refused_in_words(tmp_path):
    deep = [(n, f"c{n}", n - 1 if n > 1 else None) for n in range(1, 5000)]
    with pytest.raises(ExtractMistake, match="more than 200 deep"):
        read(write(tmp_path / "s.qda", [(1, "P01", TEXT)], [(1, "fear", 4999)], [FEAR], categories=deep))


places = st.lists(st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 12), st.sampled_from(["ann", "bob"])),
                  unique=True, max_size=8)


@settings(max_examples=25, deadline=None)
@given(places)
def test_any_project_comes_back_as_the_same_codings(chosen):
    wanted = [(1, 1, TEXT[a:a + n], a, min(a + n, len(TEXT)), who) for a, n, who in chosen]
    wanted = list({(w[0], w[1], w[3], w[4], w[5]): w for w in wanted}.values())
    with tempfile.TemporaryDirectory() as folder:
        found = read(write(Path(folder) / "s.qda", [(1, "P01", TEXT)], [(1, "fear", None)], wanted))
    assert [(c.start, c.end, c.text, c.coder) for c in found.codings] == [(w[3], w[4], w[2], w[5]) for w in wanted]
