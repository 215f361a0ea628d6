"""What a step or page depends on in; one key out. What has the same key need not be done again."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path


def key_of(**parts: object) -> str:
    """The key of named parts: the same parts give the same key on every machine."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def hashes(root: Path, files: Iterable[Path], known: dict[str, list] | None = None) -> dict[str, str]:
    """
    SHA-256 of each file by its path under `root`.

    `known` (path -> [size, nanoseconds, hash]) is filled and used: a file whose size and time did not change is not
    read again.
    """
    known = {} if known is None else known
    found = {}
    for path in sorted(files):
        name, stat = path.relative_to(root).as_posix(), path.stat()
        before = known.get(name)
        if not before or before[:2] != [stat.st_size, stat.st_mtime_ns]:
            before = known[name] = [stat.st_size, stat.st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest()]
        found[name] = before[2]
    return found


def files_under(folder: Path, *patterns: str) -> list[Path]:
    """The files under a folder that match any pattern, without compiled Python."""
    return sorted({p for pattern in patterns for p in folder.rglob(pattern)
                   if p.is_file() and "__pycache__" not in p.parts})


def read_json(path: Path) -> dict:
    """The object in a JSON file; empty where there is none or a killed run left half of one."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def write_text(path: Path, text: str) -> None:
    """The file, written aside and renamed, so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text(text, "utf-8")
    os.replace(aside, path)


def write_json(path: Path, value: object) -> None:
    """The value as JSON, written aside and renamed."""
    write_text(path, json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
