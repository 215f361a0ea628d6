"""What a report was built from: the same words for the same files, and nothing about the machine."""

import dataclasses
import getpass
import hashlib
import platform
import shutil
import subprocess

import pytest

from analysis.report.provenance import provenance


@pytest.fixture
def project(tmp_path):
    files = {"data_raw/small/EMIS (A).csv": "a,b\n", "data_raw/small/b.csv": "b", "study.toml": "title = 'x'",
             "notes.md": "x", "requirements.lock": "pandas==3.1.1\n"}
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, newline="")
    return tmp_path


def built(root):
    return provenance(root, [root / "study.toml", root / "notes.md"], sorted((root / "data_raw/small").iterdir()))


def git(root, *words):
    subprocess.run(["git", "-C", str(root), "-c", "user.name=x", "-c", "user.email=x@example.org", *words],
                   check=True, capture_output=True)


def test_inputs_have_a_relative_path_a_hash_and_a_size(project):
    assert built(project).inputs == (
        ("data_raw/small/EMIS (A).csv", hashlib.sha256(b"a,b\n").hexdigest(), 4),
        ("data_raw/small/b.csv", hashlib.sha256(b"b").hexdigest(), 1))
    assert built(project).lock_sha256 == hashlib.sha256(b"pandas==3.1.1\n").hexdigest()


def test_the_order_of_files_is_of_no_account_and_their_content_is(project):
    study, inputs = [project / "study.toml", project / "notes.md"], sorted((project / "data_raw/small").iterdir())
    assert provenance(project, study, inputs) == provenance(project, study[::-1], inputs[::-1])
    before = built(project)
    (project / "notes.md").write_text("y")
    assert built(project).definition_sha256 != before.definition_sha256
    assert built(project).inputs_sha256 == before.inputs_sha256
    (project / "data_raw/small/b.csv").write_text("c")
    assert built(project).inputs_sha256 != before.inputs_sha256


def test_nothing_says_where_on_the_machine_or_whose_it_is(project):
    outside = project.parent / "outside.csv"
    outside.write_text("x")
    said = provenance(project / "data_raw", [], [outside])
    assert said.inputs[0][0] == "outside.csv"
    text = repr(dataclasses.replace(built(project), versions=()))
    assert str(project) not in text and platform.node() not in text and f"/{getpass.getuser()}/" not in text


def test_a_missing_lock_file_is_said(project):
    (project / "requirements.lock").unlink()
    assert built(project).lock_sha256 == "no lock file"


def test_versions_name_python_and_what_makes_the_numbers(project):
    versions = dict(built(project).versions)
    assert versions["python"] == platform.python_version()
    assert {"pandas", "great-tables", "nbconvert"} <= set(versions)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_commit_is_told_with_what_was_not_committed(project):
    assert built(project).commit == "not under version control"
    git(project, "init", "--quiet")
    assert built(project).commit == "nothing committed yet"
    git(project, "add", ".")
    git(project, "commit", "--quiet", "-m", "x")
    clean = built(project).commit
    assert len(clean) == 40 and set(clean) <= set("0123456789abcdef")
    (project / "study.toml").write_text("title = 'y'")
    assert built(project).commit == f"{clean} and changes not committed"
