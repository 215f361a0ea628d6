"""A lock file becomes a folder of wheels, each checked against its hash; where one is missing the folder stays."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from analysis.errors import Mistake
from pipelines.wheelhouse import gather

MEMBERS = {
    "small.py": "answer = 42\n",
    "small-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: small\nVersion: 1.0\n",
    "small-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "small-1.0.dist-info/RECORD": "",
}


@pytest.fixture
def index(tmp_path, monkeypatch) -> Path:
    """A folder that stands for the package index: it has one wheel, and one package as source only."""
    folder = tmp_path / "index"
    folder.mkdir()
    with zipfile.ZipFile(folder / "small-1.0-py3-none-any.whl", "w") as wheel:
        for name, text in MEMBERS.items():
            wheel.writestr(name, text)
    (folder / "sources-1.0.tar.gz").write_bytes(b"sources")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def lock(index: Path, *files: str) -> Path:
    """A lock file of these files of the index, with their hashes."""
    path = index.parent / "requirements.lock"
    path.write_text("".join(f"{name}==1.0 --hash=sha256:{hashlib.sha256((index / file).read_bytes()).hexdigest()}\n"
                            for file in files for name in [file.partition("-")[0]]), "utf-8")
    return path


def test_every_wheel_of_the_lock_file_is_there_and_nothing_that_was_there_before(index, tmp_path):
    folder = tmp_path / "wheelhouse"
    folder.mkdir()
    (folder / "small-0.9-py3-none-any.whl").write_bytes(b"of an older lock file")
    wheels = gather(lock(index, "small-1.0-py3-none-any.whl"), folder)
    assert wheels == list(folder.iterdir()) == [folder / "small-1.0-py3-none-any.whl"]
    assert wheels[0].read_bytes() == (index / wheels[0].name).read_bytes()


def changed(index: Path, path: Path) -> None:
    """The wheel is another than the one that was locked."""
    with zipfile.ZipFile(index / "small-1.0-py3-none-any.whl", "a") as wheel:
        wheel.writestr("more.py", "")


def missing(index: Path, path: Path) -> None:
    (index / "small-1.0-py3-none-any.whl").unlink()


def source_only(index: Path, path: Path) -> None:
    """What there is would have to be built where the folder is carried to."""
    path.write_text(path.read_text("utf-8") + lock(index, "sources-1.0.tar.gz").read_text("utf-8"), "utf-8")


@pytest.mark.parametrize("wrong", [changed, missing, source_only])
def test_where_a_wheel_cannot_be_had_the_folder_stays_as_it_was(index, tmp_path, wrong, capfd):
    path, folder = lock(index, "small-1.0-py3-none-any.whl"), tmp_path / "wheelhouse"
    gather(path, folder)
    wrong(index, path)
    before = {file: file.read_bytes() for file in folder.iterdir()}
    with pytest.raises(Mistake) as mistake:
        gather(path, folder)
    assert str(mistake.value) == (
        "requirements.lock: not every wheel could be had; pip says above which\n"
        "  -> reach the package index that pip is set up for, and try again")
    name = "sources" if wrong is source_only else "small"
    assert name in capfd.readouterr().err
    assert {file: file.read_bytes() for file in folder.iterdir()} == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["index", "requirements.lock", "wheelhouse"]
