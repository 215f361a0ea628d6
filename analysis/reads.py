"""What this process reads from the moment it is asked to listen: files below some folders, sections of a definition."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

_folders: list[str] = []
_files: set[str] = set()
_sections: set[str] = set()
_listening = False


class Sections(dict):
    """A definition's values that remember which sections were asked for."""

    def __getitem__(self, key):
        _sections.add(key)
        return super().__getitem__(key)

    def get(self, key, default=None):
        _sections.add(key)
        return super().get(key, default)


def listen(*folders: Path) -> None:
    """From now on, remembers which files below these folders are opened, and forgets what was read before."""
    global _listening
    _folders[:] = [f"{folder.resolve()}{os.sep}" for folder in folders]
    _files.clear()
    _sections.clear()
    if not _listening:  # an audit hook cannot be taken away again, so there is one
        sys.addaudithook(_heard)
        _listening = True


def files() -> Iterator[Path]:
    """The files that were opened, in order of their names."""
    return (Path(name) for name in sorted(_files))


def sections() -> list[str]:
    """The sections of the definition that were asked for."""
    return sorted(_sections)


def _heard(event: str, arguments: tuple) -> None:
    if event == "open" and isinstance(arguments[0], (str, os.PathLike)):
        name = os.path.realpath(arguments[0])
        if not name.endswith((".py", ".pyc")) and any(name.startswith(folder) for folder in _folders):
            _files.add(name)
