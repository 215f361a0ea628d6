"""A codebook alone, as NVivo (Word, workbook) and Taguette (CSV, workbook) export it, in; a Project of codes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from analysis.errors import ExtractMistake
from analysis.interviews.archive import Archive
from analysis.interviews.codings import Books, Code, Project, code_ids
from analysis.interviews.sheets import SEARCHED, sheets
from analysis.interviews.taguette import tag_path
from analysis.interviews.word_comments import xml_of

FOLDERS = {"codes", "nodes", "cases"}  # the top of a path in NVivo, which is no code
REMEDY = ("in NVivo choose Share, Export Codebook, and send the .docx or .xlsx that it writes; in Taguette Export "
          "codebook, and send the .qdc, .csv or .xlsx")
Row = tuple[str, str, int]  # name, description, how far it is set in
Paths = list[tuple[str, ...]]


@dataclass(frozen=True)
class Layout:
    """One program's columns: the code, what is said of it, and counts, one of which must be there."""

    tool: str
    name: str
    description: str
    counts: frozenset[str]
    paths: Callable[[list[Row]], Paths]


def read(path: Path | str) -> Project:
    """
    The codes of the first table that has one program's columns: NVivo's Name, Description and one of Files, Sources or
    References; Taguette's tag, description and number of highlights (taguette/export.py, codebook_csv).

    In NVivo the tree follows from how far a name is set in, or from its path ('Codes\\\\Medicines\\\\Fear'); in
    Taguette from its names ('support.listened'). What is only a part of other codes' paths is a code that nothing
    carries. Raises ExtractMistake where no table has these columns.
    """
    path = Path(path)
    found = _table(path)
    if found is None:
        raise ExtractMistake("no table has the columns Name, Description and Files or References", where=path.name,
                             remedy=REMEDY)
    layout, rows = found
    paths = layout.paths(rows)
    whole = list(dict.fromkeys(part for one in paths for part in (one[:n] for n in range(1, len(one) + 1))))
    ids = dict(zip(whole, code_ids(whole), strict=True))
    about = dict(zip(paths, (said for _, said, _ in rows), strict=True))
    codes = [Code(ids[one], one[-1], ids.get(one[:-1], ""), about.get(one, ""), len(one) - 1, one in about)
             for one in _as_tree(whole)]
    return Books({"a codebook alone, without codings": 1}).project((), codes, (), origin=f"{layout.tool}, codebook")


def fits(path: Path) -> bool:
    """Whether some table of the file has one program's columns."""
    return _table(path) is not None


def _set_in(rows: list[Row]) -> Paths:
    """NVivo's names as paths: parted at backslashes, else below the last name that is set in less."""
    paths: Paths = []
    above: list[tuple[int, str]] = []
    for name, _, indent in rows:
        parts = [part.strip() for part in name.split("\\") if part.strip()]
        if len(parts) > 1:
            paths.append(tuple(parts[1:] if parts[0].casefold() in FOLDERS else parts))
        else:
            above = [one for one in above if one[0] < indent]
            above.append((indent, name.strip()))
            paths.append(tuple(one for _, one in above))
    return paths


def _named(rows: list[Row]) -> Paths:
    names = {name for name, _, _ in rows}
    return [tag_path(name, names) for name, _, _ in rows]


def _as_tree(paths: Paths) -> Paths:
    first = {path: number for number, path in enumerate(paths)}
    return sorted(paths, key=lambda path: [first[path[:depth]] for depth in range(1, len(path) + 1)])


# Name, Description, Files and References are NVivo's own words for its columns; that its export has them in this order
# and what older versions called files is known from use, and was checked against no file.
LAYOUTS = (Layout("NVivo", "name", "description", frozenset({"files", "sources", "references"}), _set_in),
           Layout("Taguette", "tag", "description", frozenset({"number of highlights"}), _named))


def _table(path: Path) -> tuple[Layout, list[Row]] | None:
    tables = _of_document(path) if path.suffix.lower() == ".docx" else _of_workbook(path)
    for cells in tables:
        for n, (head, _) in enumerate(cells[:SEARCHED]):
            columns = [cell.strip().casefold() for cell in head]
            for layout in LAYOUTS:
                if layout.name in columns and layout.description in columns and layout.counts & set(columns):
                    name, description = columns.index(layout.name), columns.index(layout.description)
                    return layout, [(row[name], row[description].strip(), indent) for row, indent in cells[n + 1:]
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
