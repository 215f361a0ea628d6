"""Faults of whole files: what makes the reader refuse one, before any row of it is looked at."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from analysis.extracts.planting import Bed, Kind, Spot
from analysis.extracts.synthetic.writing import WRITERS, saved

Spoil = Callable[[Path, Spot], None]


def spoilt(name: str, wants: str, fits: Callable[[Spot], bool], spoil: Spoil) -> Kind:
    """A kind that spoils a file after it was written. `refused` is told by the reader, with the file's name."""

    def plant(bed: Bed) -> Sequence[Spot] | None:
        for spot in bed.spots(bed.plans):
            if fits(spot) and spot.sheet.slot.file not in bed.extracts.spoils:
                bed.extracts.spoils[spot.sheet.slot.file] = lambda path, spot=spot: spoil(path, spot)
                return [spot]
        return None

    return Kind(name, "files", "", wants, plant)


def _is_workbook(spot: Spot) -> bool:
    return spot.sheet.suffix in (".xlsx", ".xlsm") and not spot.sheet.slot.member


def _is_text(spot: Spot) -> bool:
    return spot.sheet.suffix not in WRITERS and not spot.sheet.slot.member and "*" not in spot.plan.file


def _one_file(spot: Spot) -> bool:
    return "*" not in spot.plan.file


def _lines(path: Path, spot: Spot, change: Callable[[list[str]], list[str]]) -> None:
    """The lines of a text file, changed; the headings stand at header_row - 1."""
    encoding = spot.plan.encoding or "utf-8-sig"
    lines = change(path.read_bytes().decode(encoding).split("\r\n"))
    path.write_bytes("\r\n".join(lines).encode(encoding))


def _headings(change: Callable[[str], str]) -> Spoil:
    def spoil(path: Path, spot: Spot) -> None:
        at = spot.plan.header_row - 1
        _lines(path, spot, lambda lines: [*lines[:at], change(lines[at]), *lines[at + 1:]])

    return spoil


def _renamed(path: Path, spot: Spot) -> None:
    heading = spot.plan.headings[0]
    _headings(lambda line: line.replace(heading, f"{heading} (new)", 1))(path, spot)


def _twice(path: Path, spot: Spot) -> None:
    delimiter = spot.plan.delimiter or ("\t" if path.suffix.lower() in (".tsv", ".tab") else ",")
    _headings(lambda line: f"{line}{delimiter}{spot.plan.headings[0]}")(path, spot)


def _pushed_down(path: Path, spot: Spot) -> None:
    at = spot.plan.header_row - 1
    _lines(path, spot, lambda lines: [*lines[:at], "Printed for the evaluation", *lines[at:]])


def _without_headings(path: Path, spot: Spot) -> None:
    at = spot.plan.header_row - 1
    _lines(path, spot, lambda lines: [*lines[:at], *lines[at + 1:]])


def _sheet_renamed(path: Path, spot: Spot) -> None:
    from openpyxl import load_workbook

    book = load_workbook(path)
    book[spot.plan.sheet].title = f"{spot.plan.sheet[:20]} old"
    path.write_bytes(saved(book))


def _cut_short(path: Path, spot: Spot) -> None:
    path.write_bytes(path.read_bytes()[:len(path.read_bytes()) // 2])


def _of_another_kind(path: Path, spot: Spot) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("[notes].txt"), "the export is in another file")
    path.write_bytes(packed.getvalue())


KINDS = (
    spoilt("file that did not come", "a file", _one_file, lambda path, spot: path.unlink()),
    spoilt("file under another name", "a file", _one_file,
           lambda path, spot: path.rename(path.with_name(f"{path.stem} (1){path.suffix}"))),
    spoilt("file without a byte in it", "a file", _one_file, lambda path, spot: path.write_bytes(b"")),
    spoilt("heading that was renamed", "a text file", _is_text, _renamed),
    spoilt("heading that stands twice", "a text file", _is_text, _twice),
    spoilt("line pushed in above the headings", "a text file", _is_text, _pushed_down),
    spoilt("text file without its headings", "a text file", _is_text, _without_headings),
    spoilt("sheet that was renamed", "a workbook with named sheets",
           lambda spot: _is_workbook(spot) and bool(spot.plan.sheet), _sheet_renamed),
    spoilt("workbook cut short on its way", "a workbook", _is_workbook, _cut_short),
    spoilt("archive called a workbook", "a workbook", _is_workbook, _of_another_kind),
)
