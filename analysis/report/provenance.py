"""A study's files in; what the report was built from out: hashes, the commit and the versions."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# What computes, draws or lays out a number. The lock file, whose hash is given too, has the rest.
LIBRARIES = ("service-evaluation", "great-expectations", "great-tables", "ipykernel", "jinja2", "lxml", "matplotlib",
             "nbconvert", "numpy", "openpyxl", "pandas", "papermill", "pyarrow", "scipy", "seaborn")
LOCK = "requirements.lock"


@dataclass(frozen=True)
class Provenance:
    """What went into a build. No time of day, absolute path, user or host: two runs would differ."""

    inputs: tuple[tuple[str, str, int], ...]  # (path below the project, sha256, bytes): for the working tier only
    inputs_sha256: str
    commit: str
    versions: tuple[tuple[str, str], ...]
    definition_sha256: str
    lock_sha256: str


def provenance(root: Path, study_files: list[Path], input_files: list[Path]) -> Provenance:
    """
    What a report of these files is built from.

    `study_files` (the definition with its notes, quotes and codebook) are hashed together, names included, so that
    one hash stands for them, and so are `input_files` (the extracts). Each of these has a hash of its own and its size
    as well, which no released page may show: who knows most of a short list of people can try the rest until its
    hash comes out, and bytes tell rows. Their order is of no account.
    """
    root = root.resolve()
    inputs = _hashes(root, input_files)
    lock = root / LOCK
    return Provenance(inputs, _together(inputs), commit(root), versions(), _together(_hashes(root, study_files)),
                      _sha256(lock) if lock.is_file() else "no lock file")


def commit(root: Path) -> str:
    """The commit that is checked out, and whether files differ from it; in words where there is none."""
    if shutil.which("git") is None:
        return "not known: git is not installed"
    if _git(root, "rev-parse", "--is-inside-work-tree") is None:
        return "not under version control"
    head = _git(root, "rev-parse", "--verify", "HEAD")
    dirty = _git(root, "status", "--porcelain", "--", ".")
    return (head or "nothing committed yet") + (" and changes not committed" if head and dirty else "")


def versions() -> tuple[tuple[str, str], ...]:
    """Python and the libraries that make the numbers, each with its version."""
    from importlib.metadata import PackageNotFoundError, version

    def installed(name: str) -> str:
        try:
            return version(name)
        except PackageNotFoundError:
            return "not installed"

    return (("python", platform.python_version()), *((name, installed(name)) for name in LIBRARIES))


def _git(root: Path, *words: str) -> str | None:
    """What git says, or None where it refuses. It may not touch its index: other work can be going on beside us."""
    done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, encoding="utf-8",
                          env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def _below(root: Path, path: Path) -> str:
    """The path below the project; of a file from elsewhere only its name: a path may name a person."""
    path = path.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hashes(root: Path, paths: Iterable[Path]) -> tuple[tuple[str, str, int], ...]:
    return tuple(sorted((_below(root, path), _sha256(path), path.stat().st_size) for path in paths))


def _together(hashes: Iterable[tuple[str, str, int]]) -> str:
    """One hash for several files, their names included."""
    return hashlib.sha256("\n".join(f"{path} {sha256}" for path, sha256, _ in hashes).encode()).hexdigest()
