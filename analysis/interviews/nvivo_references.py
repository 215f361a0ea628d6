"""What NVivo's codes hold, exported as Word documents, one a code or a zip of them, in; a Project out."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from lxml import etree

from analysis.errors import ExtractMistake
from analysis.interviews.archive import Archive
from analysis.interviews.codings import Project
from analysis.interviews.excerpts import Excerpt, called, project
from analysis.interviews.word_comments import xml_of

# '<Internals\\Interviews\\Barbara> - § 5 references coded  [4.06% Coverage]' stands above the references of a source,
# each under 'Reference 1 - 1.88% Coverage', or 'References 1-2 - …' where two users coded the same (NVivo 9 help,
# Review the references in a node). Newer versions say Files for Internals; a paragraph's number, '¶12: ', is known
# from use.
SOURCE = re.compile(r"<(?P<path>[^<>]+)>\s+-\s+§\s*(?P<references>\d+) references? coded\s*\[[\d.,]+\s*% Coverage\]")
REFERENCE = re.compile(r"References? (?P<first>\d+)(?:\s*-\s*(?P<last>\d+))?\s+-\s+[\d.,]+\s*% Coverage\b.*")
PARAGRAPH = re.compile(r"^¶\d+:\s?", re.MULTILINE)
MEMOS = "memos"
REMEDY = ("in NVivo select the codes, choose Export, and send the .docx of each in one zip; better, export the project "
          "as REFI-QDA (.qdpx)")
UNTOLD = ("an export of a code does not say whether the references of codes below it are in it (NVivo, Aggregate): "
          "they are read as its own")


def read(path: Path | str) -> Project:
    """
    The references of each document, whose name is the code's; in a zip, folders are the codes above.

    An interview is the last part of a source's path. A reference is known by its words, and nobody is named who coded
    it: of several users who coded the same, the second and further are a loss with a name, as are references that a
    heading counts and the document does not hold, and codings of memos. Raises ExtractMistake where no document has
    such a heading.
    """
    path = Path(path)
    found: dict[tuple[str, ...], list] = {}
    for code, body in _documents(path):
        if code in found:
            raise ExtractMistake(f"two documents are called '{code[-1]}'", where=path.name, remedy="rename one of them")
        found[code] = _references(body)
    if not any(found.values()):
        raise ExtractMistake("no document lists references of a code", where=path.name, remedy=REMEDY)
    names = called(source for sources in found.values() for source, *_ in sources)
    losses: Counter[str] = Counter()
    excerpts = []
    for code, sources in found.items():
        for source, folder, counted, references in sources:
            if folder == MEMOS:
                losses["coding of a memo"] += counted
                continue
            held = sum(several for several, _ in references)
            losses["reference that is counted and not there"] += max(0, counted - held)
            losses["the same passage, coded by a further user"] += held - len(references)
            excerpts += [Excerpt(names[source], (code,), words, key=f"{'/'.join(code)}: {source}, {n}")
                         for n, (_, words) in enumerate(references, 1)]
    return project(excerpts, "NVivo, references", known=found, tolerated={UNTOLD: 1},
                   losses={name: n for name, n in losses.items() if n})


def fits(path: Path) -> bool:
    """Whether some document lists references of a code."""
    return any(SOURCE.fullmatch(line) for _, body in _documents(path) for line in _lines(body))


def _documents(path: Path) -> Iterator[tuple[tuple[str, ...], etree._Element]]:
    """The path of each code and its document."""
    archive = Archive(path, remedy=REMEDY)
    if "word/document.xml" in archive.names:
        yield (path.stem,), xml_of(archive, "word/document.xml")
        return
    files = {name: PurePosixPath(name) for name in archive.names if name.casefold().endswith(".docx")}
    top = len({file.parts[0] for file in files.values()}) == 1 and all(len(file.parts) > 1 for file in files.values())
    for name, file in files.items():
        packed = Archive(Path(file.name), remedy=REMEDY, data=io.BytesIO(archive.read(name)))
        yield (*file.parts[top:-1], file.stem), xml_of(packed, "word/document.xml")


def _references(body: etree._Element) -> list[tuple[str, str, int, list[tuple[int, str]]]]:
    """Of each source: its name, the first part of its path, how many references are said; how many users, and words."""
    found: list[tuple[str, str, int, list[tuple[int, list[str]]]]] = []
    for line in _lines(body):
        if source := SOURCE.fullmatch(line):
            parts = [part for part in source["path"].split("\\") if part.strip()]
            found.append((parts[-1].strip(), parts[0].casefold(), int(source["references"]), []))
        elif found and (reference := REFERENCE.fullmatch(line)):
            first = int(reference["first"])
            found[-1][3].append((int(reference["last"] or first) - first + 1, []))
        elif found and found[-1][3]:
            found[-1][3][-1][1].append(line)
    return [(name, folder, counted, [(users, PARAGRAPH.sub("", "\n".join(words).strip())) for users, words in those])
            for name, folder, counted, those in found]


def _lines(body: etree._Element) -> Iterator[str]:
    for paragraph in body.iter("{*}p"):
        yield "".join({"t": e.text or "", "tab": "\t", "br": "\n"}.get(etree.QName(e).localname, "")
                      for e in paragraph.iter(etree.Element)).strip()
