"""NVivo's codebook as a Word document or a workbook: the path in, a Project of codes without codings out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from analysis.errors import ExtractMistake
from analysis.interviews.archive import Archive
from analysis.interviews.codings import Books, Code, Project, code_ids
from analysis.interviews.sheets import SEARCHED, sheets
from analysis.interviews.word_comments import xml_of

# Name, Description, Files and References are NVivo's own words for its columns; that its export has them in this order
# and what older versions called files is known from use, and was checked against no file.
NAME, DESCRIPTION = ("name",), ("description",)
COUNTS = ("files", "sources", "references")
FOLDERS = {"codes", "nodes", "cases"}  # the top of a path, which is no code
REMEDY = "in NVivo choose Share, Export Codebook, and send the .docx or .xlsx that it writes"
Row = tuple[str, str, int]  # name, description, how far it is set in


def read(path: Path | str) -> Project:
    """
    The codes of the first table that has the columns Name, Description and one of Files, Sources or References.

    The tree follows from how far a name is set in, or from its path ('Codes\\\\Medicines\\\\Fear'). Raises
    ExtractMistake where no table has these columns.
    """
    path = Path(path)
    rows = _rows(path)
    if rows is None:
        raise ExtractMistake("no table has the columns Name, Description and Files or References", where=path.name,
                             remedy=REMEDY)
    paths, said = [], []
    above: list[tuple[int, str]] = []
    for name, description, indent in rows:
        parts = [part.strip() for part in name.split("\\") if part.strip()]
        if len(parts) > 1:
            parts = parts[1:] if parts[0].casefold() in FOLDERS else parts
            paths.append(tuple(parts))
        else:
            above = [one for one in above if one[0] < indent]
            above.append((indent, name.strip()))
            paths.append(tuple(one for _, one in above))
        said.append(description)
    whole = list(dict.fromkeys(part for one in paths for part in (one[:n] for n in range(1, len(one) + 1))))
    ids = dict(zip(whole, code_ids(whole), strict=True))
    about = dict(zip(paths, said, strict=True))
    codes = [Code(ids[one], one[-1], ids.get(one[:-1], ""), about.get(one, ""), len(one) - 1) for one in whole]
    return Books({"a codebook alone, without codings": 1}).project((), codes, (), origin="NVivo, codebook")


def fits(path: Path) -> bool:
    """Whether some table of the file has NVivo's columns."""
    return _rows(path) is not None


def _rows(path: Path) -> list[Row] | None:
    tables = _of_document(path) if path.suffix.lower() == ".docx" else _of_workbook(path)
    for cells in tables:
        for n, (head, _) in enumerate(cells[:SEARCHED]):
            columns = [cell.strip().casefold() for cell in head]
            if NAME[0] in columns and DESCRIPTION[0] in columns and set(COUNTS) & set(columns):
                name, description = columns.index(NAME[0]), columns.index(DESCRIPTION[0])
                return [(row[name], row[description].strip(), indent) for row, indent in cells[n + 1:]
                        if len(row) == len(head) and row[name].strip()]
    return None


def _of_workbook(path: Path) -> Iterator[list[tuple[list[str], int]]]:
    """Each sheet as rows with how far the first cell is set in; a workbook's cells are stripped before, so nought."""
    for cells in sheets(path):
        yield [(row, 0) for _, row in cells]


def _of_document(path: Path) -> Iterator[list[tuple[list[str], int]]]:
    """Each table of a Word document as rows, each with the indent of the paragraph in its first cell."""
    body = xml_of(Archive(path, remedy=REMEDY), "word/document.xml")
    for table in body.iter("{*}tbl"):
        rows = []
        for row in (e for e in table if etree.QName(e).localname == "tr"):
            cells = [e for e in row if etree.QName(e).localname == "tc"]
            words = ["\n".join("".join(t.text or "" for t in p.iter("{*}t")) for p in cell.iter("{*}p"))
                     for cell in cells]
            indent = next((int(value) for mark in (cells[0].iter("{*}ind") if cells else ()) for name, value in
                           mark.attrib.items() if etree.QName(name).localname in ("left", "start")
                           and value.lstrip("-").isdecimal()), 0)
            rows.append((words, indent + len(words[0]) - len(words[0].lstrip()) if words else 0))
        yield rows
