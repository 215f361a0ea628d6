"""Word documents whose comments are the coding: one `.docx`, or a zip of several, in; a Project out."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path, PurePosixPath

from lxml import etree

from analysis.errors import ExtractMistake
from analysis.interviews.archive import Archive
from analysis.interviews.codings import Interview, Project
from analysis.interviews.excerpts import Excerpt, project, split_path

REMEDY = "save the document again as .docx with its comments, or a zip of such documents"
UNCODED = ("code with Word's comments; of a report that a program for coding wrote as a document, send its project, or "
           "its coded passages as XLSX or CSV")
SEVERAL = re.compile(r"\s*[\n;]\s*")
# What stands for a character in the flow of a run.
CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}


def read(path: Path | str) -> Project:
    """
    Each comment codes the words that it is anchored to: its text is a code, or several on lines of their own or behind
    semicolons, each a path as in 'Medicines > Fear'; its author is the coder.

    A document is an interview, its paragraphs lines of the text; deleted text of tracked changes is left out. Replies
    and comments on nothing are losses by name. Raises ExtractMistake where a file is no Word document, or none
    has a comment.
    """
    path = Path(path)
    archive = Archive(path, remedy=REMEDY)
    documents = ([name for name in archive.names if name.casefold().endswith(".docx")]
                 if "word/document.xml" not in archive.names else [])
    if not documents and "word/document.xml" not in archive.names:
        raise ExtractMistake("the file holds no Word document", where=path.name, remedy=REMEDY)
    losses: Counter[str] = Counter()
    texts: dict[str, str] = {}
    excerpts: list[Excerpt] = []
    if not documents:
        texts[path.stem], excerpts = _document(archive, path.stem, losses)
    for name in documents:
        stem = PurePosixPath(name).stem
        if stem in texts:
            raise ExtractMistake(f"two documents are called '{stem}'", where=path.name, remedy="rename one of them")
        texts[stem], found = _document(_inside(archive, name), stem, losses)
        excerpts += found
    if not excerpts and not losses:
        raise ExtractMistake("no document has a comment, so nothing is coded", where=path.name, remedy=UNCODED)
    made = project(excerpts, "Word comments", losses=losses)
    return replace(made, interviews=tuple(Interview(name, f"{name}.docx", text) for name, text in texts.items()))


def _inside(archive: Archive, name: str) -> Archive:
    """The document in a zip as an archive of its own."""
    return Archive(Path(PurePosixPath(name).name), remedy=REMEDY, data=io.BytesIO(archive.read(name)))


def _document(archive: Archive, name: str, losses: Counter[str]) -> tuple[str, list[Excerpt]]:
    body = xml_of(archive, "word/document.xml")
    comments = _comments(archive)
    text, places = _text(body)
    replies = _replies(archive)
    excerpts = []
    for key, (coder, words, last) in comments.items():
        place = places.get(key)
        if last in replies:
            losses["reply to a comment"] += 1
        elif place is None or place[1] is None:
            losses["comment that is anchored nowhere"] += 1
        elif not text[place[0]:place[1]].strip():
            losses["comment on no words"] += 1
        else:
            codes = tuple(dict.fromkeys(path for one in SEVERAL.split(words) if (path := split_path(one, ">"))))
            excerpts.append(Excerpt(name, codes, text[place[0]:place[1]], coder, *place, key=f"{name} comment {key}"))
    return text, excerpts


def _text(body: etree._Element) -> tuple[str, dict[str, list]]:
    """The document's words, a line a paragraph, and where each comment's anchor begins and ends in them."""
    parts: list[str] = []
    places: dict[str, list] = {}
    length = 0

    def add(words: str) -> None:
        nonlocal length
        parts.append(words)
        length += len(words)

    def walk(element: etree._Element) -> None:
        for child in element:
            what = etree.QName(child).localname if isinstance(child.tag, str) else ""
            if what == "commentRangeStart":
                places.setdefault(_id(child), [length, None])
            elif what == "commentRangeEnd" and _id(child) in places:
                places[_id(child)][1] = length
            elif what == "t":
                add((child.text or "").replace("\r", ""))
            elif what in CHARACTERS:
                add(CHARACTERS[what])
            elif what not in ("del", "moveFrom", "instrText", "Fallback"):
                walk(child)
                if what == "p":
                    add("\n")

    walk(body)
    return "".join(parts), places


def _comments(archive: Archive) -> dict[str, tuple[str, str, str]]:
    """Id -> author, words, and the id of its last paragraph, by which Word knows replies."""
    if "word/comments.xml" not in archive.names:
        return {}
    found = {}
    for comment in xml_of(archive, "word/comments.xml").iter("{*}comment"):
        paragraphs = list(comment.iter("{*}p"))
        words = "\n".join("".join(t.text or "" for t in p.iter("{*}t")) for p in paragraphs)
        last = next((value for p in paragraphs[-1:] for name, value in p.attrib.items()
                     if etree.QName(name).localname == "paraId"), "")
        author = next((value for name, value in comment.attrib.items()
                       if etree.QName(name).localname == "author"), "")
        found[_id(comment)] = (author, words, last)
    return found


def _replies(archive: Archive) -> set[str]:
    """The paragraphs of comments that answer another (word/commentsExtended.xml)."""
    if "word/commentsExtended.xml" not in archive.names:
        return set()
    found = set()
    for entry in xml_of(archive, "word/commentsExtended.xml").iter("{*}commentEx"):
        said = {etree.QName(name).localname: value for name, value in entry.attrib.items()}
        if said.get("paraIdParent"):
            found.add(said.get("paraId", ""))
    return found - {""}


def _id(element: etree._Element) -> str:
    return next((value for name, value in element.attrib.items() if etree.QName(name).localname == "id"), "")


def xml_of(archive: Archive, name: str) -> etree._Element:
    """A part of a Word document as XML; ExtractMistake where it is broken or declares a document type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(archive.read(name), parser)
    except etree.XMLSyntaxError as error:
        raise ExtractMistake(f"the XML of '{name}' is broken at line {error.lineno}", where=archive.path.name,
                             remedy=REMEDY) from None
    if root.getroottree().docinfo.doctype:
        raise ExtractMistake(f"'{name}' declares a document type, which no Word document does",
                             where=archive.path.name, remedy=REMEDY)
    return root
