"""The path of a `.qdpx`, `.qde` or `.qdc` in; the XML of its project and the texts that it names, out."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

from analysis.errors import ExtractMistake
from analysis.interviews.archive import Archive, Bare
from analysis.interviews.calibration import Measured
from analysis.interviews.codings import Books
from analysis.interviews.refi_elements import tag

REMEDY = "export the project again as REFI-QDA (.qdpx) from the tool that holds it"
NAMESPACE, CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
BARE = (".qde", ".qdc")  # the XML of a project or a codebook without an archive around it
OUTSIDE = ("relative", "absolute", "file", "http", "https")
# QualCoder writes annotations and the words of passages into its XML without a care for such signs (refi.py,
# create_annotation_note_xml, text_selection_xml): 'R&D', '<5 mg', the form feed between two pages of a PDF.
BARE_SIGNS = ((re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:[0-8]|1[124-9]|2\\d|3[01]);"), " "),
              (re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)"), "&amp;"),
              (re.compile(r"<(?![A-Za-z_/!?])"), "&lt;"))
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class ProjectFile:
    """One file; what in it departs from the standard is noted in `books`. Nothing outside it is opened."""

    def __init__(self, path: Path, books: Books):
        self.path, self.books = path, books
        self.archive = Bare(path, remedy=REMEDY) if path.suffix.lower() in BARE else Archive(path, remedy=REMEDY)

    def root(self) -> etree._Element:
        """The project, or the codebook of a `.qdc`; ExtractMistake where there is none, several, or broken XML."""
        name = self._project_name()
        data = self.archive.read(name)
        try:
            root = _parsed(data)
        except etree.XMLSyntaxError as error:
            root = self._mended(data)
            if root is None:
                raise self.mistake(f"the XML of '{name}' is broken at line {error.lineno}") from None
        if root.getroottree().docinfo.doctype:
            raise self.mistake(f"'{name}' declares a document type, which no REFI-QDA project does")
        book = tag(root) == "CodeBook" and name.casefold().endswith(".qdc")
        if tag(root) != "Project" and not book:
            raise self.mistake(f"'{name}' holds a '{tag(root)}' where a Project belongs")
        namespace = CODEBOOK if book else NAMESPACE
        if etree.QName(root).namespace != namespace:
            self.books.tolerated[f"another namespace than {namespace}"] += 1
        return root

    def _mended(self, data: bytes) -> etree._Element | None:
        """The project, bare signs in its words written as XML asks; None where something else is wrong with it."""
        try:
            words, mended = data.decode("utf-8-sig"), 0
            for pattern, instead in BARE_SIGNS:
                words, n = pattern.subn(instead, words)
                mended += n
            root = _parsed(words.encode())
        except (UnicodeDecodeError, etree.XMLSyntaxError):
            return None
        self.books.tolerated["a sign in words of the project's XML that must not stand there bare: mended"] += mended
        return root

    def _project_name(self) -> str:
        found = [n for n in self.archive.names if n.casefold().endswith(BARE)]
        if isinstance(self.archive, Bare):
            return found[0]
        named = [n for n in found if n.casefold() == "project.qde"]
        chosen = [n for n in named if n == "project.qde"] or named or found
        if not chosen:
            raise self.mistake("the archive holds no .qde file, so no project")
        if len(chosen) > 1:
            raise self.mistake(f"the archive holds several projects: {', '.join(sorted(chosen))}")
        if chosen[0] != "project.qde":
            self.books.tolerated["the project's own file is not called project.qde"] += 1
        return chosen[0]

    def text(self, holder: etree._Element) -> Measured | None:
        """The words of a source, a representation, a transcript or a note; None where the file does not hold them."""
        content = next((e for e in holder if tag(e) == "PlainTextContent"), None)
        if content is not None:
            return Measured(content.text or "")
        path = (holder.get("plainTextPath") or "").strip()
        return self._named(path) if path else None

    def _named(self, path: str) -> Measured | None:
        noted = self.books.tolerated
        scheme, _, rest = path.rpartition("://")
        if not scheme:
            noted["a path without internal://"] += 1
        elif scheme.casefold() != "internal":
            kind = scheme.casefold() if scheme.casefold() in OUTSIDE else "another scheme"
            noted[f"a text outside the archive ({kind}): not opened"] += 1
            return None
        member = self.archive.find(f"sources/{rest}")
        if member is None:
            noted["a text that the archive does not hold: its passages have a place but no words"] += 1
            return None
        if not member.startswith("sources/"):
            noted["a text in another folder than 'sources'"] += 1
        text = Measured(self._decoded(member))
        if text.marked:  # QualCoder writes utf-8-sig (refi.py, lines 2116-2132)
            noted["a text with a byte order mark"] += 1
        if text.crlf:
            noted["a text with CRLF line ends: read as LF, positions moved along"] += 1
        return text

    def _decoded(self, member: str) -> str:
        data = self.archive.read(member)
        try:
            if data[:2] in UTF_16:
                self.books.tolerated["a text in UTF-16, where the standard asks for UTF-8"] += 1
                return data.decode("utf-16")
            return data.decode("utf-8")
        except UnicodeDecodeError:
            raise self.mistake(f"the text '{member}' is not UTF-8, which the standard asks for") from None

    def mistake(self, found: str) -> ExtractMistake:
        return ExtractMistake(found, where=self.path.name, remedy=REMEDY)


def _parsed(data: bytes) -> etree._Element:
    # Nothing outside the file is opened: a project is data, whoever sent it.
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False,
                                                  remove_comments=True, remove_pis=True, huge_tree=False))
