"""A coded project as some program wrote it in; the reader that its content asks for, and what it read, out."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from analysis.errors import ExtractMistake
from analysis.interviews.archive import Archive
from analysis.interviews.codings import Project
from analysis.interviews.speakers import without_speakers


@dataclass(frozen=True)
class Kind:
    """A kind of file: what writes it, how its name ends, and the module of this package that reads it."""

    title: str
    endings: tuple[str, ...]
    module: str


WORKBOOK = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv")
DATABASE = (".sqlite3", ".sqlite", ".db", ".qda", ".rqda")
KINDS = (
    Kind("REFI-QDA, from NVivo, MAXQDA, ATLAS.ti and others", (".qdpx", ".qde", ".qdc"), "refi_qda"),
    Kind("QualCoder's folder, its data.qda or a zip of it", (*DATABASE, ".zip"), "qualcoder"),
    Kind("Taguette's project", DATABASE, "taguette"),
    Kind("RQDA's project", DATABASE, "rqda"),
    Kind("Dedoose's excerpts", WORKBOOK, "dedoose"),
    Kind("an NVivo coding matrix", WORKBOOK, "nvivo"),
    Kind("a codebook of NVivo or Taguette, codes alone", (*WORKBOOK, ".docx"), "codebook_table"),
    Kind("references of NVivo's codes as Word documents, one or a zip of them", (".docx", ".zip"), "nvivo_references"),
    Kind("coded passages of MAXQDA, ATLAS.ti, Taguette, QualCoder or one's own table", WORKBOOK, "spreadsheet"),
    Kind("Word documents with comments, one or a zip of them", (".docx", ".zip"), "word_comments"),
)


def read(path: Path) -> Project:
    """
    The coded project at that path, a file or QualCoder's folder.

    Which reader is asked follows from the ending and, where several programs use one, from what is inside. Turns that
    QualCoder marks as codings of a speaker are a loss with a name, whatever file it wrote. Raises ExtractMistake for an
    ending that nobody uses, and what the reader raises.
    """
    return without_speakers(import_module(f"analysis.interviews.{_module(path)}").read(path))


def is_known(name: str) -> bool:
    """Whether files of this name's ending are read."""
    return any(Path(name).suffix.lower() in kind.endings for kind in KINDS)


def known() -> str:
    """What is read, in words for a remedy."""
    return "; ".join(f"{kind.title} ({', '.join(kind.endings)})" for kind in KINDS)


def _module(path: Path) -> str:
    ending = path.suffix.lower()
    asked = [kind.module for kind in KINDS if ending in kind.endings]
    if not asked:
        raise ExtractMistake(f"no reader knows files that end in '{ending}'", where=path.name,
                             remedy=f"export the project as one of: {known()}")
    if len(asked) == 1 or path.is_dir():
        return asked[0]
    if ending == ".zip":
        inside = Archive(path, remedy=f"send one of: {known()}").names
        if not any(name.casefold().endswith(".docx") for name in inside):
            return "qualcoder"
        from analysis.interviews import nvivo_references

        return "nvivo_references" if nvivo_references.fits(path) else "word_comments"
    if ending in DATABASE:
        from analysis.interviews import rqda, taguette
        from analysis.interviews.database import Database

        with Database(path, remedy=f"send one of: {known()}") as database:
            return "taguette" if taguette.fits(database) else "rqda" if rqda.fits(database) else "qualcoder"
    from analysis.interviews import codebook_table, dedoose, nvivo, nvivo_references

    tried = (codebook_table, nvivo_references) if ending == ".docx" else (dedoose, nvivo, codebook_table)
    return next((module.__name__.rpartition(".")[2] for module in tried if module.fits(path)),
                "word_comments" if ending == ".docx" else "spreadsheet")
