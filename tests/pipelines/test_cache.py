"""Keys and hashes: what has the same key need not be done again, and nothing else has it."""

import hashlib
import os

from hypothesis import given
from hypothesis import strategies as st

from pipelines.cache import files_under, hashes, key_of, read_json, write_json, write_text

VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.text(),
                      lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@given(st.dictionaries(st.text(), VALUES))
def test_a_key_does_not_depend_on_the_order_of_its_parts(parts):
    assert key_of(a=parts, b=1) == key_of(b=1, a=dict(reversed(parts.items())))


@given(VALUES, VALUES)
def test_only_equal_parts_have_equal_keys(one, other):
    import json

    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (key_of(part=one) == key_of(part=other)) is same


def test_a_key_is_the_same_on_every_machine():
    assert key_of(page="00", parts=[1, "a"]) == sha256('{"page": "00", "parts": [1, "a"]}')


def test_files_are_hashed_under_their_path_from_the_root(tmp_path):
    (tmp_path / "data raw").mkdir()
    (tmp_path / "data raw" / "list (A).csv").write_text("a")
    (tmp_path / "study.toml").write_text("b")
    assert hashes(tmp_path, [tmp_path / "study.toml", tmp_path / "data raw" / "list (A).csv"]) == {
        "data raw/list (A).csv": sha256("a"), "study.toml": sha256("b")}


def test_a_file_whose_size_and_time_did_not_change_is_not_read_again(tmp_path):
    file, known = tmp_path / "a", {}
    file.write_text("old")
    hashes(tmp_path, [file], known)
    stat = file.stat()
    file.write_text("new")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert hashes(tmp_path, [file], known) == {"a": sha256("old")}
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    assert hashes(tmp_path, [file], known) == {"a": sha256("new")}


def test_a_file_of_another_size_is_read_again_whatever_its_time(tmp_path):
    file, known = tmp_path / "a", {}
    file.write_text("old")
    hashes(tmp_path, [file], known)
    stat = file.stat()
    file.write_text("longer")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert hashes(tmp_path, [file], known) == {"a": sha256("longer")}


def test_what_is_known_survives_as_json(tmp_path):
    file, known = tmp_path / "a", {}
    file.write_text("text")
    first = hashes(tmp_path, [file], known)
    write_json(tmp_path / "known.json", known)
    assert hashes(tmp_path, [file], read_json(tmp_path / "known.json")) == first == {"a": sha256("text")}


def test_files_under_a_folder_come_once_each_and_without_compiled_python(tmp_path):
    for name in ("b.toml", "a.toml", "deep/c.md", "deep/__pycache__/d.md", "e.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert [p.relative_to(tmp_path).as_posix() for p in files_under(tmp_path, "*.toml", "*.md", "a*")] == [
        "a.toml", "b.toml", "deep/c.md"]
    assert files_under(tmp_path / "none", "*") == []


def test_json_that_is_not_there_or_half_written_is_empty(tmp_path):
    (tmp_path / "half.json").write_text('{"key": "a')
    assert read_json(tmp_path / "none.json") == read_json(tmp_path / "half.json") == {}


def test_a_file_is_written_whole_and_nothing_is_left_aside(tmp_path):
    write_text(tmp_path / "new" / "a.txt", "first – é\n")
    write_text(tmp_path / "new" / "a.txt", "second – é\n")
    assert (tmp_path / "new" / "a.txt").read_bytes() == "second – é\n".encode()
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["a.txt"]


def test_json_is_written_the_same_whatever_the_order_of_its_keys(tmp_path):
    write_json(tmp_path / "a.json", {"b": "é", "a": [1]})
    assert (tmp_path / "a.json").read_text("utf-8") == '{\n "a": [\n  1\n ],\n "b": "é"\n}\n'
