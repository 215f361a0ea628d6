"""A zip archive in; the files in it that the definition means, each a source of its own, out. Nothing is unpacked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from analysis.errors import ExtractMistake, suggestion
from analysis.extracts.formats.source import Source, not_what_it_says, pattern
from analysis.interviews.archive import DAMAGED

if TYPE_CHECKING:
    from analysis.extracts.plan import ExtractPlan

LARGEST = 4 * 1024 ** 3  # bytes of one member: it is held in memory
MOST_PACKED = 1000  # times smaller than its content: no table is packed so well, a trap is
FIRST_BYTES_FREE = 10 * 1024 ** 2  # below this size nobody is harmed


def members(source: Source, plan: ExtractPlan, readable: Collection[str]) -> list[Source]:
    """
    The files in the archive that `member` names, in the order of their names; where it names none, the only readable.

    A member is read in memory, never written: a name that points out of the archive reaches nothing. Raises
    ExtractMistake for an archive that is damaged, locked, or packed to fill a machine, and for a member not there.
    """
    if source.begins(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
        raise not_what_it_says(source, "zip archive", plan.where)
    try:
        archive = zipfile.ZipFile(source.open())
    except DAMAGED:
        raise _damaged(source.place) from None
    there = {name.replace("\\", "/"): info for info in archive.infolist()
             if (name := info.filename) and not info.is_dir() and not _is_litter(name)}
    chosen = _chosen(list(there), source, plan, readable)
    for name in chosen:
        _check(there[name], f"{source.place}/{name}", plan)
    return [Source(f"{source.place}/{name}", _opener(archive, there[name], f"{source.place}/{name}"))
            for name in chosen]


def _is_litter(name: str) -> bool:
    """What systems leave in archives: __MACOSX/, .DS_Store, the marks of open files."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return not parts or parts[0] == "__MACOSX" or parts[-1].startswith((".", "~$"))


def _chosen(there: list[str], source: Source, plan: ExtractPlan, readable: Collection[str]) -> list[str]:
    listed = ", ".join(sorted(there)) or "no files"
    if not plan.members:
        tables = [name for name in there if PurePosixPath(name).suffix.lower() in readable] or there
        if len(tables) != 1:
            raise ExtractMistake(f"the archive holds {len(tables) or 'no'} files that could be meant",
                                 where=source.place, remedy=f"name one, or a pattern with *, at {plan.where}: "
                                 f"member = \"…\"; there are: {listed}")
        return tables
    chosen: list[str] = []
    for said in plan.members:
        found = [said] if said in there else sorted(n for n in there if "*" in said and (
            pattern(said).fullmatch(n) or pattern(said).fullmatch(PurePosixPath(n).name)))
        found = found or [name for name in there if PurePosixPath(name).name == said]
        if not found:
            raise ExtractMistake(f"the archive has no '{said}'", where=source.place,
                                 remedy=suggestion(said, there, always=f"change 'member' at {plan.where}; there are: "
                                                                       f"{listed}"))
        chosen += [name for name in found if name not in chosen]
    return chosen


def _check(info: zipfile.ZipInfo, place: str, plan: ExtractPlan) -> None:
    if info.flag_bits & 1:
        raise ExtractMistake("the archive is locked with a password", where=place,
                             remedy="unpack it with the password where its content may be stored, and name what comes "
                                    f"out at {plan.where}")
    packed_well = info.file_size > FIRST_BYTES_FREE and info.file_size > MOST_PACKED * max(info.compress_size, 1)
    if packed_well or info.file_size > LARGEST:
        raise ExtractMistake(f"unpacked it would have {info.file_size / 1e9:.1f} GB", where=place,
                             remedy=f"unpack it yourself, if you trust it, and name what comes out at {plan.where}")


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: str):
    def opened() -> io.BytesIO:
        try:
            with archive.open(info) as member:
                content = member.read(info.file_size + 1)  # what it says of itself is no more than a promise
        except DAMAGED:
            raise _damaged(place) from None
        if len(content) != info.file_size:
            raise _damaged(place)
        return io.BytesIO(content)

    return opened


def _damaged(place: str) -> ExtractMistake:
    return ExtractMistake("the archive is damaged or was cut off on its way", where=place,
                          remedy="send the file again")
