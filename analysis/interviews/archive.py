"""A zip that somebody sent: its path in, its members' bytes out. Nothing is unpacked to disk; sizes are limited."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from analysis.errors import ExtractMistake

# A transcript is tens of kilobytes and a large project's XML tens of megabytes; beyond this a member is a zip bomb.
LARGEST = 256 * 1024 * 1024
MOST_MEMBERS = 50_000
# What zipfile raises for bytes that are no zip or a broken one: found by changing bytes at random (test_fuzz.py).
DAMAGED = (OSError, EOFError, ValueError, IndexError, NotImplementedError, zipfile.BadZipFile, zlib.error, struct.error,
           OverflowError, lzma.LZMAError)


class Archive:
    """The members of one zip by name. A name with `..`, a drive or a leading slash is a key, never followed."""

    def __init__(self, path: Path, *, remedy: str = "", data: IO[bytes] | None = None):
        """`data` is the zip itself where it lies in another one; then `path` is only its name."""
        self.path, self.remedy = Path(path), remedy
        try:
            self._zip = zipfile.ZipFile(data or path)  # stays open: many texts make a long directory
            infos = [i for i in self._zip.infolist() if not i.is_dir()]
        except FileNotFoundError:
            raise ExtractMistake("the file is not there", where=self.path.name,
                                 remedy="put it into the study's folder under data_raw/, or mend its name") from None
        except DAMAGED:
            raise self._mistake("the file cannot be opened as a zip archive") from None
        if len(infos) > MOST_MEMBERS:
            raise self._mistake("the archive holds more files than any project does")
        # macOS adds copies of its own (`__MACOSX/._project.qde`), which are no part of the project
        names = [i.filename for i in infos if not i.filename.startswith("__MACOSX/")]
        self.names = [n for n in names if not PurePosixPath(n).name.startswith("._")]

    def read(self, name: str, largest: int = LARGEST) -> bytes:
        """The bytes of a member; ExtractMistake where it is not there, larger than `largest`, damaged or locked."""
        try:
            with self._zip.open(name) as member:
                data = member.read(largest + 1)  # the size in the directory may lie: count what comes out
        except KeyError:
            raise self._mistake(f"the archive holds no '{name}'") from None
        except RuntimeError:  # of which an unknown way of packing is one kind
            raise self._mistake(f"'{name}' is locked by a password or packed in an unknown way") from None
        except DAMAGED:
            raise self._mistake(f"'{name}' in the archive is damaged") from None
        if len(data) > largest:
            raise self._mistake(f"'{name}' in the archive is larger than {largest // 1024 // 1024} MB when unpacked")
        return data

    def find(self, name: str) -> str | None:
        """
        The member that a path inside the project means: exactly, else by its last part, in any case.

        Tools disagree on 'sources' and 'Sources'; the last part of a name is a GUID, so it says enough.
        """
        if name in self.names:
            return name
        last = name.replace("\\", "/").rsplit("/", 1)[-1].casefold()
        alike = [n for n in self.names if n.replace("\\", "/").rsplit("/", 1)[-1].casefold() == last]
        return alike[0] if last and len(alike) == 1 else None

    def _mistake(self, found: str) -> ExtractMistake:
        return ExtractMistake(found, where=self.path.name, remedy=self.remedy)


class Bare:
    """A file that stands where an archive might: itself, and what lies in the folder `sources` beside it."""

    def __init__(self, path: Path, *, remedy: str = ""):
        self.path, self.remedy, self.names = Path(path), remedy, [Path(path).name]

    def read(self, name: str, largest: int = LARGEST) -> bytes:
        """The bytes of the file itself or of one beside it; ExtractMistake where it is not there or too large."""
        file = self.path if name == self.path.name else self.path.parent / name
        try:
            if file.stat().st_size > largest:
                raise ExtractMistake(f"'{name}' is larger than {largest // 1024 // 1024} MB", where=self.path.name,
                                     remedy=self.remedy)
            return file.read_bytes()
        except OSError:
            raise ExtractMistake("the file is not there", where=self.path.name,
                                 remedy="put it into the study's folder under data_raw/, or mend its name") from None

    def find(self, name: str) -> str | None:
        """The file in `sources` that a path inside the project means: by its last part, in any case."""
        last = name.replace("\\", "/").rsplit("/", 1)[-1].casefold()
        folder = self.path.parent / "sources"
        found = [file.name for file in folder.iterdir() if file.name.casefold() == last] if folder.is_dir() else []
        return f"sources/{found[0]}" if last and len(found) == 1 else None
