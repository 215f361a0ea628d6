"""Taguette's own projects: positions in UTF-8 bytes of the HTML's text come in as code points, and nothing is lost."""

import sqlite3
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taguette_project import bytes_of, write

from analysis.errors import ExtractMistake
from analysis.interviews import taguette
from analysis.interviews.codings import Attribute
from analysis.interviews.taguette import Words, read

HTML = ("<h1>Interview</h1>\n<p>Caf\u00e9 &amp; chat \N{GRINNING FACE} every <em>Thursday</em>.</p>"
        "<p>It was fine &lt;really&gt;.<br/>Then it stopped.</p>")
COUNTED = "Interview\nCaf\u00e9 & chat \N{GRINNING FACE} every Thursday.It was fine <really>.Then it stopped."
TEXT = "Interview\nCaf\u00e9 & chat \N{GRINNING FACE} every Thursday.\nIt was fine <really>.\nThen it stopped."
TAGS = [("support", "Being helped"), ("support.listened", ""), ("place.cafe", "Where it was")]


def highlight(words: str, *tags: int, login: str = "ann", document: int = 1, text: str = COUNTED):
    return document, *bytes_of(text, words), list(tags), login


def project(tmp_path, *highlights, tags=TAGS, documents=(("L01.docx", HTML),), more: str = ""):
    return read(write(tmp_path / "project.sqlite3", list(documents), tags, list(highlights), more=more))


def test_the_text_of_a_document_counts_no_tag_and_shows_a_line_for_each_paragraph():
    words = Words(HTML)
    assert (words.counted, words.text) == (COUNTED, TEXT)


@pytest.mark.parametrize("words", ["Caf\u00e9 & chat", "\N{GRINNING FACE} every", "Thursday.", "fine <really>.",
                                   "Then it stopped."])
def test_a_passage_stands_where_its_words_stand_in_code_points(tmp_path, words):
    (coding,) = project(tmp_path, highlight(words, 2)).codings
    assert (TEXT[coding.start:coding.end], coding.text) == (words, words)


def test_a_passage_over_two_paragraphs_holds_the_line_end_between_them(tmp_path):
    (coding,) = project(tmp_path, highlight("Thursday.It was", 2)).codings
    assert TEXT[coding.start:coding.end] == coding.text == "Thursday.\nIt was"


def test_a_passage_has_its_interview_code_and_coder(tmp_path):
    found = project(tmp_path, highlight("chat", 2, 3), highlight("stopped", 3, login="ben"))
    assert [(c.interview, c.code, c.coder) for c in found.codings] == [
        ("L01", "listened", "ann"), ("L01", "cafe", "ann"), ("L01", "cafe", "ben")]
    assert found.codings[0].selection == found.codings[1].selection != found.codings[2].selection
    assert (found.balance, found.tolerated, found.origin) == (
        (("codings in the file", 3), ("codings read", 3)), (), "Taguette")


def test_the_tree_is_in_the_names_and_a_part_that_is_no_tag_is_carried_by_nothing(tmp_path):
    assert [(c.id, c.parent, c.definition, c.depth, c.codable) for c in project(tmp_path).codes] == [
        ("support", "", "Being helped", 0, True), ("listened", "support", "", 1, True),
        ("place", "", "", 0, False), ("cafe", "place", "Where it was", 1, True)]


def test_a_stroke_parts_a_name_only_below_a_tag_and_a_dot_only_inside_a_word(tmp_path):
    tags = [("cost", ""), ("cost/time", ""), ("and/or", ""), ("Dr. Lee", "")]
    assert [(c.name, c.parent) for c in project(tmp_path, tags=tags).codes] == [
        ("cost", ""), ("time", "cost"), ("and/or", ""), ("Dr. Lee", "")]


def test_the_coder_is_who_first_put_the_tag_there_since_it_was_last_taken_away(tmp_path):
    said = [('ben', '[2, 3]'), ('cat', '[3]'), ('dan', '[2, 3]')]
    more = "".join("INSERT INTO commands (date, user_login, project_id, payload) VALUES ('', "
                   f"'{login}', 1, '{{\"type\": \"highlight_add\", \"highlight_id\": 1, \"tags\": {tags}}}');"
                   for login, tags in said)
    found = project(tmp_path, highlight("chat", 2), more="INSERT INTO highlight_tags VALUES (1, 3);" + more)
    assert [(c.code, c.coder) for c in found.codings] == [("listened", "dan"), ("cafe", "ben")]


def test_tags_that_were_merged_keep_their_coder(tmp_path):
    more = ("UPDATE highlight_tags SET tag_id = 3; INSERT INTO commands (date, user_login, project_id, payload) VALUES "
            "('', 'ben', 1, '{\"type\": \"tag_merge\", \"src_tag_id\": 2, \"dest_tag_id\": 3}');")
    assert [(c.code, c.coder) for c in project(tmp_path, highlight("chat", 2), more=more).codings] == [("cafe", "ann")]


def test_a_project_without_its_log_of_commands_has_no_coders(tmp_path):
    (coding,) = project(tmp_path, highlight("chat", 2), more="DROP TABLE commands;").codings
    assert coding.coder == ""


def test_an_export_that_calls_everybody_admin_names_no_coder(tmp_path):
    """Taguette 1.5.2 writes the login of whoever exports over every coder's, and that is 'admin' (database/copy.py)."""
    found = project(tmp_path, highlight("chat", 2, login="admin"), highlight("stopped", 3, login="admin"))
    assert [(c.coder, c.date) for c in found.codings] == [("", "2024-01-15")] * 2
    assert found.tolerated == (
        ("everybody is called 'admin', as Taguette's export has it: who coded is not recorded", 1),)
    (tmp_path / "project.sqlite3").unlink()
    found = project(tmp_path, highlight("chat", 2, login="admin"), highlight("stopped", 3))
    assert [c.coder for c in found.codings] == ["admin", "ann"] and not found.tolerated


def test_libreqda_s_tree_and_collections_are_read(tmp_path):
    """LibreQDA 1.2 grew out of Taguette 1.4: its tags know their parents, its documents are in collections."""
    more = ("ALTER TABLE tags ADD COLUMN parent_id INTEGER; UPDATE tags SET parent_id = 1 WHERE id = 2; "
            "CREATE TABLE collections (id INTEGER PRIMARY KEY, name VARCHAR(200), parent_id INTEGER);"
            "CREATE TABLE collection_documents (collection_id INTEGER, document_id INTEGER);"
            "INSERT INTO collections VALUES (1, 'north', NULL); INSERT INTO collection_documents VALUES (1, 1);")
    found = project(tmp_path, highlight("chat", 2), tags=[("support", ""), ("listened", ""), ("v.2", "")], more=more)
    assert [(c.id, c.parent) for c in found.codes] == [("support", ""), ("listened", "support"), ("v.2", "")]
    assert [c.code for c in found.codings] == ["listened"] and found.attributes == (Attribute("L01", "set", "north"),)


def test_a_number_with_a_dot_parts_no_name(tmp_path):
    tags = [("1.2 Waiting", ""), ("v1.2", ""), ("1.fear", ""), ("week 1.dose", "")]
    assert [(c.name, c.parent) for c in project(tmp_path, tags=tags).codes] == [
        ("1.2 Waiting", ""), ("v1.2", ""), ("1", ""), ("fear", "1"), ("week 1", ""), ("dose", "week 1")]


def test_two_documents_of_one_name_are_two_interviews(tmp_path):
    found = project(tmp_path, highlight("chat", 2, document=2), documents=[("L01.docx", HTML), ("L01.txt", HTML)])
    assert [i.id for i in found.interviews] == ["L01", "L01 (2)"]
    assert found.codings[0].interview == "L01 (2)"


# ------------------------------------------------------------------------------------------------ what is no passage

def test_what_is_no_passage_of_a_tag_is_lost_by_name(tmp_path):
    many = [highlight(words, 2) for words in COUNTED.replace(".", " ").split() if COUNTED.count(words) == 1]
    odd = [(1, 10, 10, "", [2], "ann"), (9, 0, 4, "Inte", [2], "ann"), (1, 0, 4, "Inte", [], "ann"),
           (1, 0, 4, "Inte", [77], "ann"), (1, 99_999, 10 ** 18, "", [2], "ann"), (1, -5, 3, "", [2], "ann"),
           (1, 0, 5, "never said", [2], "ann")]
    found = project(tmp_path, *many, *odd, more="INSERT INTO highlight_tags VALUES (555, 2);")
    assert dict(found.losses) == {
        "selection of no length": 1, "document that is not in the project": 1, "highlight without a tag": 1,
        "tag that is not in the project": 1, "selection outside the text": 2, "tag of a highlight that is not there": 1,
        "passage whose words are not in the text": 1}
    assert len(found.codings) == len(many) > 9


def test_a_snippet_with_the_words_before_it_stands_where_its_position_says(tmp_path):
    """As 1.1 to 1.4 write a highlight that begins behind a tag, with the Beautiful Soup of 2025."""
    _, start, end, _, tags, login = highlight("was fine", 2)
    odd = (1, start, end, "<p>Caf\u00e9 <em>Thursday</em>was fine</p>", tags, login)
    (coding,) = (found := project(tmp_path, odd)).codings
    assert (coding.text, TEXT[coding.start:coding.end], found.losses) == ("was fine", "was fine", ())
    assert found.tolerated == (
        ("a passage stored with words before it, as Taguette to 1.4 does: its position counts", 1),)


def test_positions_that_count_characters_are_seen_by_the_snippets(tmp_path):
    def drifted(words):
        start = COUNTED.index(words)
        return 1, start, start + len(words), escape(words, quote=False), [2], "ann"

    found = project(tmp_path, *map(drifted, ("every", "Thursday", "fine", "stopped")))
    assert [c.text for c in found.codings] == ["every", "Thursday", "fine", "stopped"]
    assert found.tolerated == (("positions are code points from 0, the end after the last character: seen by the "
                                "words stored with them", 1),)


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12), min_size=1,
                max_size=6), st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_the_words_a_passage_is_what_was_highlighted(paragraphs, data):
    words = Words("".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs))
    assert words.counted == "".join(paragraphs)
    start = data.draw(st.integers(0, len(words.counted) - 1))
    end = data.draw(st.integers(start + 1, len(words.counted)))
    place = words.place(start, end)
    assert words.text[slice(*place)].replace("\n", "") == words.counted[start:end]
    assert words.text[place[0]] != "\n" and words.text[place[1] - 1] != "\n"


# ------------------------------------------------------------------------------------------------ what is no project

def refused(path) -> str:
    with pytest.raises(ExtractMistake) as mistake:
        read(path)
    assert str(mistake.value).startswith(f"{path.name}: ") and "Export project" in str(mistake.value)
    return mistake.value.found


def test_what_is_no_database_is_refused(tmp_path):
    path = tmp_path / "project.sqlite3"
    path.write_bytes(b"PK\x03\x04 a workbook")
    assert refused(path) == "the file is no SQLite database"


def test_a_copy_that_lost_taguette_s_mark_is_known_by_its_tables_and_told(tmp_path):
    found = project(tmp_path, highlight("chat", 2), more="PRAGMA application_id = 7;")
    assert len(found.codings) == 1
    assert found.tolerated == (("a database without Taguette's mark, known by its tables", 1),)


def test_of_a_database_of_several_projects_the_one_with_documents_is_read(tmp_path):
    """A new project of Taguette's has a tag of its own from the start."""
    more = "INSERT INTO projects VALUES (2, 'new', '', ''); INSERT INTO tags VALUES (9, 2, 'interesting', '');"
    found = project(tmp_path, highlight("chat", 2), more=more)
    assert len(found.codings) == 1 and "interesting" not in {c.id for c in found.codes}


def test_a_database_without_taguette_s_tables_is_refused(tmp_path):
    path = write(tmp_path / "project.sqlite3", [], [], [], more="DROP TABLE tags;")
    assert refused(path) == "the database is no Taguette project: it lacks tags"


def test_the_folder_s_database_with_several_projects_in_use_is_refused(tmp_path):
    path = write(tmp_path / "taguette.sqlite3", [("L01", HTML)], [], [], more="""
        INSERT INTO projects VALUES (2, 'other', '', '');
        INSERT INTO documents
            SELECT 2, name, description, filename, created, 2, text_direction, contents FROM documents;
        """)
    assert refused(path) == "the file holds 2 projects, as the folder that Taguette works in does"


def test_a_damaged_database_is_refused(tmp_path):
    path = write(tmp_path / "project.sqlite3", [("L01", HTML * 200)], TAGS, [highlight("chat", 2)])
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\x07" * (len(data) - 4096))
    assert refused(path).startswith("the database is damaged")


def test_a_document_longer_than_any_interview_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(taguette, "LONGEST", 1000)
    path = write(tmp_path / "project.sqlite3", [("L01", HTML), ("L02", "x" * 1001)], TAGS, [])
    assert refused(path) == "document 2 holds 1,001 characters, which is no interview"


def test_highlights_that_stand_nowhere_near_their_words_are_refused(tmp_path):
    path = write(tmp_path / "project.sqlite3", [("L01", HTML)], TAGS,
                 [(1, n, n + 4, "fine", [2], "ann") for n in range(5)])
    assert refused(path).startswith("only 0 of 5 passages stand where their positions say")


def test_reading_writes_nothing_beside_the_project(tmp_path):
    path = write(tmp_path / "project.sqlite3", [("L01", HTML)], TAGS, [highlight("chat", 2)])
    before = path.read_bytes()
    read(path)
    assert [p.name for p in tmp_path.iterdir()] == ["project.sqlite3"] and path.read_bytes() == before
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)
