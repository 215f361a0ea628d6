"""A REFI-QDA project in; what it holds beside codings: what cases and variables say of interviews, notes, sets, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from analysis.interviews.codings import Attribute, Books, Code, Note
from analysis.interviews.refi_elements import coded_on, coder, elements, guid, said, tag
from analysis.interviews.refi_file import ProjectFile

CASE, SET = "case", "set"
# What is counted, and what it is called.
COUNTED = {"Case": "cases", "Variable": "variables", "Set": "sets", "Note": "notes", "Link": "links",
           "Graph": "graphs"}
SELECTIONS = ("PlainTextSelection", "TranscriptSelection", "PDFSelection", "PictureSelection", "AudioSelection",
              "VideoSelection")


class Beside:
    """What stands beside the codings of one project; `interviews` leads from a source's element to its interview."""

    def __init__(self, file: ProjectFile, root: etree._Element, interviews: Mapping[etree._Element, str], books: Books):
        self.file, self.root, self.interviews, self.books = file, root, interviews, books
        self.by_guid = {guid(one.get("guid")): one for one in root.iter(etree.Element) if one.get("guid")}

    def counts(self) -> tuple[tuple[str, int], ...]:
        """What the project holds that is no coding: how many of each; not the list of codes of a set or a case."""
        found = [(words, sum(1 for _ in elements(self.root, name))) for name, words in COUNTED.items()]
        on_cases = sum(tag(e) == "CodeRef" for case in elements(self.root, "Case") for e in case)
        return tuple((words, n) for words, n in [*found, ("codes on cases", on_cases)] if n)

    # ---------------------------------------------------------------------------------------- cases, variables, sets

    def attributes(self) -> tuple[Attribute, ...]:
        """
        What variables say of interviews, by themselves (MAXQDA) or by the case they belong to (Quirkos, NVivo), the
        cases they belong to and the sets they are in (MAXQDA's document groups), each once.
        """
        names = {guid(one.get("guid")): one.get("name") or "variable without a name"
                 for one in elements(self.root, "Variable")}
        found: dict[Attribute, None] = {}
        for source, interview in self.interviews.items():
            for name, value in _values(source, names):
                found.setdefault(Attribute(interview, name, value))
        members = self._members()
        for number, case in enumerate(elements(self.root, "Case"), 1):
            name = (case.get("name") or "").strip()
            if not name:
                self.books.tolerated["a case without a name: called by its number"] += 1
            for interview in members.get(guid(case.get("guid")), ()):
                found.setdefault(Attribute(interview, CASE, name or f"case {number}"))
                for variable, value in _values(case, names):
                    found.setdefault(Attribute(interview, variable, value))
        for one in elements(self.root, "Set"):
            for member in one:
                interview = self._interview(self.by_guid.get(guid(member.get("targetGUID"))))
                if tag(member) == "MemberSource" and interview:
                    found.setdefault(Attribute(interview, SET, (one.get("name") or "").strip() or "set without a name"))
        return tuple(found)

    def _members(self) -> dict[str, list[str]]:
        """Case -> its interviews: those that it names, and those that NVivo codes to it."""
        cases = {guid(e.get("guid")): e for e in elements(self.root, "Case")}
        found: dict[str, dict[str, None]] = {key: {} for key in cases}
        for key, case in cases.items():
            for ref in (e for e in case if tag(e) in ("SourceRef", "SelectionRef")):
                if interview := self._interview(self.by_guid.get(guid(ref.get("targetGUID")))):
                    found[key].setdefault(interview)
        for ref in (e for coding in elements(self.root, "Coding") for e in coding if tag(e) == "CodeRef"):
            if (key := guid(ref.get("targetGUID"))) in found and (interview := self._interview(ref)):
                found[key].setdefault(interview)
        return {key: list(those) for key, those in found.items()}

    def _interview(self, element: etree._Element | None) -> str:
        """The interview whose source this is, or in whose source it stands; nothing where it stands in none."""
        while element is not None:
            if element in self.interviews:
                return self.interviews[element]
            element = element.getparent()
        return ""

    # ---------------------------------------------------------------------------------------- notes

    def notes(self, codes: Mapping[str, Code], users: Mapping[str, str]) -> tuple[Note, ...]:
        """
        The notes of the project, each with what it is on; then comments that stand on a source or a selection itself,
        which ATLAS.ti and MAXQDA write in place of notes, without author and day.
        """
        found = []
        refs: dict[str, list[etree._Element]] = {}
        for ref in elements(self.root, "NoteRef"):
            refs.setdefault(guid(ref.get("targetGUID")), []).append(ref.getparent())
        for note in elements(self.root, "Note"):
            text = self.file.text(note)
            words = (text.text if text else said(note, "Description")).strip() or (note.get("name") or "").strip()
            for on in refs.get(guid(note.get("guid"))) or [self.root]:
                found.append(Note(*self._about(on, codes), words, coder(note, users), coded_on(note)))
        for element in self._described():
            self.books.tolerated["a comment on a passage or a source in place of a note: without author and day"] += 1
            found.append(Note(*self._about(element, codes), said(element, "Description")))
        return tuple(found)

    def _described(self) -> Iterator[etree._Element]:
        for source in self.interviews:
            yield from (e for e in source.iter(etree.Element) if (e is source or tag(e) in SELECTIONS)
                        and said(e, "Description"))

    def _about(self, element: etree._Element, codes: Mapping[str, Code]) -> tuple[str, str]:
        """The kind of thing that a note is on, and which: a code or an interview by its id."""
        if tag(element) == "Code" and (code := codes.get(guid(element.get("guid")))):
            return "code", code.id
        if element in self.interviews:
            return "interview", self.interviews[element]
        if interview := self._interview(element):
            return "passage", interview
        return tag(element).casefold(), element.get("name") or ""


def _values(element: etree._Element, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Variable and value, of each that stands on the element and is not empty."""
    for one in (e for e in element if tag(e) == "VariableValue"):
        refs = [guid(e.get("targetGUID")) for e in one if tag(e) == "VariableRef"]
        words = next(((e.text or "").strip() for e in one if tag(e).endswith("Value")), "")
        if words and refs and refs[0] in names:
            yield names[refs[0]], words
