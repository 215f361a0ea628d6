"""REFI-QDA: the path of a `.qdpx`, `.qde` or `.qdc` in, a Project out. Each departure from the standard is noted."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from analysis.errors import ExtractMistake
from analysis.interviews.archive import Archive, Bare
from analysis.interviews.codings import Code, Coding, Interview, Project, code_ids, unused
from analysis.interviews.offsets import AS_STORED, Text, line_ends
from analysis.interviews.refi_elements import (
    coded_on,
    coder,
    elements,
    guid,
    in_text,
    integer,
    is_also_text,
    said,
    span,
    tag,
)

REMEDY = "export the project again as REFI-QDA (.qdpx) from the tool that holds it"
NAMESPACE, CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
BARE = (".qde", ".qdc")  # the XML of a project or a codebook without an archive around it
SOURCES = {"TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource"}
# What a selection without a place in a text is a selection of.
REGIONS = {"PDFSelection": "a region of a PDF page", "PictureSelection": "a region of a picture",
           "AudioSelection": "a stretch of sound", "VideoSelection": "a stretch of video"}
EXTENSION = re.compile(r"\.(txt|docx?|rtf|odt|pdf|md|html?|jpe?g|png|mp[34]|m4[av]|wav|mov|wmv|avi)$", re.IGNORECASE)


@dataclass
class _Source:
    """One source of the project while it is read."""

    element: etree._Element
    interview: str
    name: str
    text: Text | None


def read(path: Path | str) -> Project:
    """
    The coded project in a `.qdpx` file, in a `.qde` beside its folder `sources`, or the codes of a `.qdc`.

    An interview's id is the name of its source without the extension; a code's id is its name (`codings.code_ids`).
    Positions are read as Unicode code points, half open (standard, section 10.2; what NVivo, QualCoder and qdaPy do).
    A code on a whole source, a picture or a recording is a coding without a place. What is no passage of a code goes
    into `losses` by name: membership of a case, a coded memo, a code that is not there, a selection of no length.
    Raises ExtractMistake where the file is no zip, holds no project, or its XML is broken.
    """
    return _Reader(Path(path)).project()


class _Reader:
    def __init__(self, path: Path):
        self.path = path
        bare = path.suffix.lower() in BARE
        self.archive = Bare(path, remedy=REMEDY) if bare else Archive(path, remedy=REMEDY)
        self.tolerated: Counter[str] = Counter()
        self.losses: Counter[str] = Counter()

    def project(self) -> Project:
        root = self._root()
        codes = self._codes(root)
        users = self._users(root)
        cases = {guid(e.get("guid")) for e in elements(root, "Case")}
        sources = self._sources(root)
        by_element = {source.element: source for source in sources}
        habit = self._line_ends(by_element)
        codings, total = [], 0
        for element in elements(root, "Coding"):
            refs = [guid(e.get("targetGUID")) for e in element if tag(e) == "CodeRef"]
            total += max(1, len(refs))
            if not refs:
                self.losses["coding that names no code"] += 1
            for ref in refs:
                if ref in cases and ref not in codes:  # NVivo writes who said it as a coding (QualCoder refi.py)
                    self.losses["membership of a case"] += 1
                elif ref not in codes:
                    self.losses["code that is not in the codebook"] += 1
                elif coding := self._coding(element, ref, by_element, habit):
                    codings.append(replace(coding, code=codes[ref].id, coder=coder(element, users),
                                           date=coded_on(element)))
        return Project(self._interviews(sources), tuple(codes.values()), tuple(codings), total,
                       tuple(f"{what} ({n})" if n > 1 else what for what, n in sorted(self.tolerated.items())),
                       tuple(sorted(self.losses.items())), origin=root.get("origin", ""))

    # ---------------------------------------------------------------------------------------- the file

    def _root(self) -> etree._Element:
        name = self._project_name()
        # Nothing outside the file is opened: a project is data, whoever sent it.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
                                 remove_pis=True, huge_tree=False)
        try:
            root = etree.fromstring(self.archive.read(name), parser)
        except etree.XMLSyntaxError as error:
            raise self._mistake(f"the XML of '{name}' is broken at line {error.lineno}") from None
        if root.getroottree().docinfo.doctype:
            raise self._mistake(f"'{name}' declares a document type, which no REFI-QDA project does")
        book = tag(root) == "CodeBook" and name.casefold().endswith(".qdc")
        if tag(root) != "Project" and not book:
            raise self._mistake(f"'{name}' holds a '{tag(root)}' where a Project belongs")
        namespace = CODEBOOK if book else NAMESPACE
        if etree.QName(root).namespace != namespace:
            self.tolerated[f"another namespace than {namespace}"] += 1
        return root

    def _project_name(self) -> str:
        found = [n for n in self.archive.names if n.casefold().endswith(BARE)]
        if isinstance(self.archive, Bare):
            return found[0]
        named = [n for n in found if n.casefold() == "project.qde"]
        chosen = [n for n in named if n == "project.qde"] or named or found
        if not chosen:
            raise self._mistake("the archive holds no .qde file, so no project")
        if len(chosen) > 1:
            raise self._mistake(f"the archive holds several projects: {', '.join(sorted(chosen))}")
        if chosen[0] != "project.qde":
            self.tolerated[f"the project is called '{chosen[0]}', not 'project.qde'"] += 1
        return chosen[0]

    # ---------------------------------------------------------------------------------------- codes and users

    def _codes(self, root) -> dict[str, Code]:
        found: list[tuple[str, tuple[str, ...], etree._Element]] = []

        def walk(element, path):
            for child in element:
                if tag(child) == "Code":
                    here = (*path, (child.get("name") or "").strip() or "code without a name")
                    if not guid(child.get("guid")):
                        self.tolerated["a code without a GUID"] += 1
                    found.append((guid(child.get("guid")), here, child))
                    walk(child, here)

        books = [root] if tag(root) == "CodeBook" else [book for book in root if tag(book) == "CodeBook"]
        for codes in (e for book in books for e in book if tag(e) == "Codes"):
            walk(codes, ())
        ids = code_ids([path for _, path, _ in found])
        by_element = {element: identity for (_, _, element), identity in zip(found, ids, strict=True)}
        made = {}
        for (key, path, element), identity in zip(found, ids, strict=True):
            key = key or f"code without a GUID: {identity}"
            if key in made:
                self.tolerated["two codes with one GUID: codings belong to the first"] += 1
                key = f"{key} {identity}"
            codable = (element.get("isCodable") or "true").casefold() not in ("false", "0")
            made[key] = Code(identity, path[-1], by_element.get(element.getparent(), ""),
                             said(element, "Description"), len(path) - 1, codable)
        return made

    def _users(self, root) -> dict[str, str]:
        users: dict[str, str] = {}
        for element in elements(root, "User"):
            key = guid(element.get("guid"))
            users[key] = unused(element.get("name") or element.get("id") or key, users.values())
        return users

    # ---------------------------------------------------------------------------------------- sources

    def _sources(self, root) -> list[_Source]:
        """The sources; a recording without words of its own joins the transcript of the same name."""
        sources: list[_Source] = []
        texts: dict[str, bool] = {}  # interview id -> whether a source of that name has brought a text
        for element in (e for group in root if tag(group) == "Sources" for e in group if tag(e) in SOURCES):
            name, text = self._name(element), self._text(element)
            wanted = EXTENSION.sub("", name).strip() or name
            if texts.get(wanted) and text is not None:
                self.tolerated[f"two sources called '{wanted}': the later one is numbered"] += 1
                wanted = unused(wanted, texts)
            texts[wanted] = texts.get(wanted, False) or text is not None
            sources.append(_Source(element, wanted, name, text))
        return sources

    def _interviews(self, sources: list[_Source]) -> tuple[Interview, ...]:
        made: dict[str, Interview] = {}
        for source in sources:
            if source.interview not in made or source.text is not None:
                made[source.interview] = Interview(source.interview, source.name, source.text and source.text.text)
        return tuple(made.values())

    def _name(self, element) -> str:
        name = (element.get("name") or "").strip()
        if not name:
            self.tolerated["a source without a name: called by its file"] += 1
            path = element.get("plainTextPath") or element.get("path") or element.get("guid") or "source"
            name = path.replace("\\", "/").rsplit("/", 1)[-1]
        return name

    def _text(self, element) -> Text | None:
        """The words of a source: its own, its PDF representation's, or its first transcript's."""
        holders = [element, *(e for e in element if tag(e) in ("Representation", "Transcript"))]
        for holder in holders:
            content = next((e for e in holder if tag(e) == "PlainTextContent"), None)
            if content is not None:
                return Text(content.text or "")
            if path := (holder.get("plainTextPath") or "").strip():
                return self._file(path)
        if tag(element) == "TextSource":
            self.tolerated["a source without text and without a path to it"] += 1
        return None

    def _file(self, path: str) -> Text | None:
        scheme, _, rest = path.rpartition("://")
        if not scheme:
            self.tolerated["a path without internal://"] += 1
        elif scheme.casefold() != "internal":
            self.tolerated[f"a text outside the archive ({scheme}://): not opened"] += 1
            return None
        member = self.archive.find(f"sources/{rest}")
        if member is None:
            self.tolerated["a text that the archive does not hold: its passages have a place but no words"] += 1
            return None
        if not member.startswith("sources/"):
            self.tolerated[f"texts are in '{member.rpartition('/')[0] or 'no folder'}', not in 'sources'"] += 1
        data = self.archive.read(member)
        if data.startswith(b"\xef\xbb\xbf"):  # QualCoder writes utf-8-sig (refi.py, lines 2116-2132)
            self.tolerated["a text with a byte order mark: left out of the count"] += 1
        try:
            text = Text(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise self._mistake(f"the text '{member}' is not UTF-8, which the standard asks for") from None
        if text.crlf:
            self.tolerated["a text with CRLF line ends: read as LF, positions moved along"] += 1
        return text

    # ---------------------------------------------------------------------------------------- codings

    def _line_ends(self, by_element: dict[etree._Element, _Source]) -> str:
        selections = []
        for element, source in by_element.items():
            for selection in element.iter("{*}PlainTextSelection"):
                start, end = integer(selection, "startPosition"), integer(selection, "endPosition")
                if source.text and start is not None and end is not None and in_text(selection):
                    selections.append((source.text, start, end))
        habit = line_ends(selections)
        if habit != AS_STORED:
            self.tolerated[f"positions count a line end {habit}, unlike the text: seen by where words begin"] += 1
        return habit

    def _coding(self, element, ref: str, by_element, habit: str) -> Coding | None:
        """The coding without its code and coder; None where it is a loss."""
        selection = element.getparent()
        source = next((by_element[e] for e in element.iterancestors() if e in by_element), None)
        if source is None:
            memo = any(tag(e) in ("Notes", "Note") for e in element.iterancestors())
            self.losses["coding of a memo" if memo else "coding outside every source"] += 1
            return None
        key = guid(selection.get("guid")) or selection.getroottree().getpath(selection)
        here = Coding(source.interview, "", selection=key)
        if selection is source.element:
            self.tolerated["a code on a whole source: a mention, not a passage"] += 1
            return here
        if in_text(selection):
            return self._passage(selection, source, here, habit)
        if tag(selection) == "PDFSelection" and is_also_text(selection, source.element, ref):
            # ATLAS.ti writes a quotation of a PDF twice, under one GUID
            self.losses["region of a PDF page whose words carry the same code"] += 1
            return None
        what = REGIONS.get(tag(selection), "something other than text")
        self.tolerated[f"a code on {what}: a mention without a place"] += 1
        words = next((said(e, "PlainTextContent") for e in selection if tag(e) == "Representation"), "")
        return Coding(source.interview, "", text=words, selection=key)

    def _passage(self, selection, source: _Source, here: Coding, habit: str) -> Coding | None:
        start, end = span(selection, source.element)
        if start is None or end is None:
            self.losses["selection without positions"] += 1
            return None
        if source.text is not None:
            start, end = source.text.place(start, habit), source.text.place(end, habit)
        if start == end:  # ATLAS.ti 26 exports some
            self.losses["selection of no length"] += 1
            return None
        if start > end or start < 0 or (source.text is not None and not source.text.holds(start, end)):
            self.losses["selection outside the text"] += 1
            return None
        name = selection.get("name") or ""
        words = source.text.text[start:end] if source.text is not None else name if len(name) == end - start else ""
        return Coding(source.interview, "", start=start, end=end, text=words, selection=here.selection)

    def _mistake(self, found: str) -> ExtractMistake:
        return ExtractMistake(found, where=self.path.name, remedy=REMEDY)
