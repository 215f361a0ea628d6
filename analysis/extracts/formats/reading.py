"""The files that a plan names in; their sheets of cells, each read by the reader of its kind, out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from analysis.errors import ExtractMistake, suggestion
from analysis.extracts.formats.source import Sheet, Source, pattern

if TYPE_CHECKING:
    from analysis.extracts.plan import ExtractPlan

# How a name ends -> the module that reads it. Any other file is read as text with delimiters.
SUFFIXES = {
    ".csv": "delimited", ".tsv": "delimited", ".tab": "delimited", ".txt": "delimited",
    ".xlsx": "workbook", ".xlsm": "workbook", ".xls": "workbook", ".ods": "workbook",
    ".parquet": "columnar", ".dta": "statistical", ".sav": "statistical", ".zsav": "statistical", ".zip": "archive",
}
# Of binary workbooks none was at hand to prove a reader on: they are asked for in another form.
NOT_READ = {".xlsb": "binary Excel", ".numbers": "Numbers", ".sas7bdat": "SAS", ".accdb": "Access", ".mdb": "Access",
            ".rds": "R", ".rar": "RAR", ".7z": "7-Zip", ".gz": "gzip", ".pdf": "PDF", ".doc": "Word", ".docx": "Word"}


def sheets(plan: ExtractPlan, folder: Path) -> Iterator[Sheet]:
    """
    Every table of the extract: file by file, in an archive member by member, in a workbook sheet by sheet.

    Raises ExtractMistake for a file that is not there or is not what its name says.
    """
    for source in files(plan, folder):
        yield from sheets_of(source, plan, plan.read_as or source.suffix)


def files(plan: ExtractPlan, folder: Path) -> list[Source]:
    """The files that `file` names or whose names fit its pattern, in the order of the list and of their names."""
    found: list[Path] = []
    for said in plan.files:
        fitting = [folder / said] if (folder / said).is_file() else _fitting(said, folder)
        if not fitting:
            raise _missing(said, plan, folder)
        found += [path for path in fitting if path not in found]
    return [Source(path.relative_to(folder).as_posix(), _opener(path, folder)) for path in found]


def _fitting(said: str, folder: Path) -> list[Path]:
    """Marks of open files (~$book.xlsx, .~lock.book.ods#) and hidden files are no extracts."""
    if "*" not in said or not folder.is_dir():
        return []
    levels = "/".join("*" for _ in said.split("/"))
    fits = pattern(said)
    return sorted(path for path in folder.glob(levels)
                  if path.is_file() and fits.fullmatch(path.relative_to(folder).as_posix())
                  and not path.name.startswith(("~$", ".")))


def _missing(said: str, plan: ExtractPlan, folder: Path) -> ExtractMistake:
    there = sorted(path.relative_to(folder).as_posix() for path in folder.glob("*")
                   if path.is_file()) if folder.is_dir() else []
    return ExtractMistake(
        f"[extracts.{plan.name}] needs '{said}', and data_raw/{folder.name}/ has no such file",
        where=plan.where, remedy=suggestion(
            said, there, f"put the file there, or change 'file'; there are: {', '.join(there) or 'no files'}"))


def _opener(path: Path, folder: Path):
    def opened() -> BinaryIO:
        try:
            return path.open("rb")
        except OSError as error:
            raise ExtractMistake(f"the file cannot be read ({error.strerror})",
                                 where=path.relative_to(folder).as_posix(),
                                 remedy="close it where it is open, and see that you may read it") from None

    return opened


def sheets_of(source: Source, plan: ExtractPlan, suffix: str) -> Iterator[Sheet]:
    """Every table of one file, read by the reader of that suffix. Raises ExtractMistake as `sheets` does."""
    from analysis.extracts.formats import archive, columnar, delimited, statistical, workbook

    if suffix in NOT_READ:
        raise ExtractMistake(f"{NOT_READ[suffix]} files ({suffix}) are not read", where=source.place,
                             remedy=f"save it as CSV, .xlsx or Parquet, and name that file at {plan.where}")
    kind = SUFFIXES.get(suffix, "delimited")
    if kind == "archive":
        for member in archive.members(source, plan, SUFFIXES):
            if member.suffix == ".zip":
                raise ExtractMistake("an archive inside an archive is not read", where=member.place,
                                     remedy=f"unpack the outer one, and name the inner one at {plan.where}")
            yield from sheets_of(member, plan, member.suffix)
    else:
        reader = {"columnar": columnar, "delimited": delimited, "statistical": statistical, "workbook": workbook}[kind]
        yield from reader.sheets(source, plan, suffix)
