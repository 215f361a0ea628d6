"""REFI-QDA: the path of a `.qdpx`, `.qde` or `.qdc` in, a Project out. Each departure from the standard is noted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from analysis.interviews.calibration import Calibration, Measured, Passage, Reading, calibrated
from analysis.interviews.codings import ELSEWHERE, WHOLE, Books, Coding, Interview, Project, unused, without_extension
from analysis.interviews.refi_beside import Beside
from analysis.interviews.refi_codes import codes as codes_of
from analysis.interviews.refi_elements import (
    coded_on,
    coder,
    elements,
    guid,
    in_text,
    is_also_text,
    said,
    span,
    tag,
)
from analysis.interviews.refi_file import ProjectFile

SOURCES = {"TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource"}
# What a selection without a place in a text is a selection of.
REGIONS = {"PDFSelection": "a region of a PDF page", "PictureSelection": "a region of a picture",
           "AudioSelection": "a stretch of sound", "VideoSelection": "a stretch of video",
           "TranscriptSelection": "a second transcript of a recording", "PlainTextSelection": "a picture's description"}
HEXADECIMAL = re.compile(r"\{?[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\}?")
NAMES_TELL = 5  # people rename passages: fewer names that stand elsewhere refuse no project
# What a program is known to leave out of its export, by how its name begins: nobody can find it in the file.
LEAVES_OUT = {"nvivo": "written by NVivo, which leaves datasets and some annotations out of such files (its help, "
                       "REFI-QDA Standard)"}


@dataclass
class _Source:
    """One source of the project while it is read."""

    element: etree._Element
    interview: str
    name: str
    text: Measured | None


def read(path: Path | str) -> Project:
    """
    The coded project in a `.qdpx` file, in a `.qde` beside its folder `sources`, or the codes of a `.qdc`.

    An interview's id is the name of its source without the extension; a code's id is its name (`codings.code_ids`).
    Positions are Unicode code points, half open (standard, section 10.2; what NVivo, QualCoder and qdaPy do), unless
    the names of passages or the edges of words say another reading (`calibration.calibrated`).
    A code on a whole source, a picture or a recording is a coding without a place. What is no passage of a code goes
    into `losses` by name: membership of a case, a coded memo, a code that is not there, a selection of no length.
    Raises ExtractMistake where the file is no zip, holds no project, its XML is broken, or too few passages stand where
    their positions say.
    """
    return _Reader(Path(path)).project()


class _Reader:
    def __init__(self, path: Path):
        self.books = Books()
        self.file = ProjectFile(path, self.books)

    def project(self) -> Project:
        root = self.file.root()
        codes, users = codes_of(root, self.books), self._users(root)
        cases = {guid(e.get("guid")) for e in elements(root, "Case")}
        sources = self._sources(root)
        by_element = {source.element: source for source in sources}
        habit = self._habit(sources)
        codings, total = [], 0
        for element in elements(root, "Coding"):
            refs = [guid(e.get("targetGUID")) for e in element if tag(e) == "CodeRef"]
            total += max(1, len(refs))
            if not refs:
                self.books.losses["coding that names no code"] += 1
            for ref in refs:
                if ref in cases and ref not in codes:  # NVivo writes who said it as a coding (QualCoder refi.py)
                    self.books.losses["membership of a case"] += 1
                elif ref not in codes:
                    self.books.losses["code that is not in the codebook"] += 1
                elif coding := self._coding(element, ref, by_element, habit.reading):
                    codings.append(replace(coding, code=codes[ref].id, coder=coder(element, users),
                                           date=coded_on(element)))
        beside = Beside(self.file, root, {source.element: source.interview for source in sources}, self.books)
        origin = root.get("origin", "")
        self.books.tolerated.update(words for name, words in LEAVES_OUT.items() if origin.casefold().startswith(name)
                                    and tag(root) == "Project")
        return self.books.project(
            self._interviews(sources), codes.values(), codings, codings_in=total, origin=origin,
            attributes=beside.attributes(), notes=beside.notes(codes, users), beside=beside.counts(),
            placed=habit if habit.of else None)

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
        kinds: dict[str, list[bool]] = {}  # interview id -> of each of its sources, whether it is one of words
        for element in (e for group in root if tag(group) == "Sources" for e in group if tag(e) in SOURCES):
            name, text = self._name(element), self._text(element)
            wanted = without_extension(name)
            words = text is not None or tag(element) in ("TextSource", "PDFSource")
            if kinds.get(wanted) == [not words]:
                self.books.tolerated["a recording or picture with the name of a text: one interview"] += 1
            elif wanted in kinds:
                self.books.tolerated["two sources of one name: the later one is numbered"] += 1
                wanted = unused(wanted, kinds)
            kinds.setdefault(wanted, []).append(words)
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
            self.books.tolerated["a source without a name: called by its file"] += 1
            path = element.get("plainTextPath") or element.get("path") or element.get("guid") or "source"
            return path.replace("\\", "/").rsplit("/", 1)[-1]
        if HEXADECIMAL.fullmatch(name):
            self.books.tolerated["a source named by a number in hexadecimal, as NVivo for Mac does"] += 1
        return name

    def _text(self, element) -> Measured | None:
        """The words of a source: its own, its PDF representation's, or its first transcript's."""
        for holder in (element, *(e for e in element if tag(e) in ("Representation", "Transcript"))):
            if any(tag(e) == "PlainTextContent" for e in holder) or (holder.get("plainTextPath") or "").strip():
                return self.file.text(holder)
        if tag(element) == "TextSource":
            self.books.tolerated["a source without text and without a path to it"] += 1
        return None

    # ---------------------------------------------------------------------------------------- codings

    def _habit(self, sources: list[_Source]) -> Calibration:
        """How all positions of the project are to be read; ExtractMistake where no reading puts them on words."""
        passages: list[Passage] = []
        for source in (one for one in sources if one.text):
            for selection in source.element.iter("{*}PlainTextSelection", "{*}TranscriptSelection"):
                start, end = span(selection, source.element)
                if in_text(selection) and start is not None and end is not None and start < end:
                    name = source.text.snippet(selection.get("name") or "", start, end)
                    passages.append((source.text, start, end, name))
        habit = calibrated(passages)
        if habit.by_words and not habit.believed and habit.of < NAMES_TELL:
            habit = calibrated([(*passage[:3], "") for passage in passages])
        if not habit.believed:
            raise self.file.mistake(f"only {habit}")
        if habit.reading != Reading():
            by = "the names of passages" if habit.by_words else "where words begin"
            self.books.tolerated[f"positions are {habit.reading}: seen by {by}"] += 1
        return habit

    def _coding(self, element, ref: str, by_element, reading: Reading) -> Coding | None:
        """The coding without its code and coder; None where it is a loss."""
        selection = element.getparent()
        source = next((by_element[e] for e in element.iterancestors() if e in by_element), None)
        if source is None:
            memo = any(tag(e) in ("Notes", "Note") for e in element.iterancestors())
            self.books.losses["coding of a memo" if memo else "coding outside every source"] += 1
            return None
        key = guid(selection.get("guid")) or selection.getroottree().getpath(selection)
        here = Coding(source.interview, "", selection=key)
        if selection is source.element:
            self.books.tolerated["a code on a whole source: a mention, not a passage"] += 1
            return replace(here, part=WHOLE)
        if in_text(selection):
            return self._passage(selection, source, here, reading)
        if tag(selection) == "PDFSelection" and is_also_text(selection, source.element, ref):
            # ATLAS.ti writes a quotation of a PDF twice, under one GUID
            self.books.losses["region of a PDF page whose words carry the same code"] += 1
            return None
        what = REGIONS.get(tag(selection), "something other than text")
        self.books.tolerated[f"a code on {what}: a mention without a place"] += 1
        words = next((said(e, "PlainTextContent") for e in selection if tag(e) == "Representation"), "")
        return replace(here, text=words, part=ELSEWHERE)

    def _passage(self, selection, source: _Source, here: Coding, reading: Reading) -> Coding | None:
        start, end = span(selection, source.element)
        if start is None or end is None:
            self.books.losses["selection without positions"] += 1
            return None
        if start == end and not reading.inclusive:  # ATLAS.ti 26 exports some
            self.books.losses["selection of no length"] += 1
            return None
        place = (start, end) if 0 <= start < end else None
        if source.text is not None:
            place = source.text.place(start, end, reading)
        if place is None or place[0] == place[1]:
            self.books.losses["selection outside the text" if place is None else "selection of no length"] += 1
            return None
        start, end = place
        name = selection.get("name") or ""
        words = source.text.text[start:end] if source.text is not None else name if len(name) == end - start else ""
        return Coding(source.interview, "", start=start, end=end, text=words, selection=here.selection)
