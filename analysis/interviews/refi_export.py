"""A Project in; the REFI-QDA project and codebook that NVivo, MAXQDA, ATLAS.ti or QualCoder open again, out."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from lxml import etree

from analysis.interviews.codings import Attribute, Code, Coding, Interview, Project

PROJECT, CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
ORIGIN = "service-evaluation"
SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:QDA-XML:project:1.0/service-evaluation")
# A zip's earliest time: the same project gives the same bytes.
WHEN = (1980, 1, 1, 0, 0, 0)
PASSAGES_ONLY = "The interview's text was not delivered. These are its coded passages, each on lines of its own."
LONGEST_NAME = 100
# XML has no way to write these; a text that holds one would make the whole project unreadable.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def codebook(project: Project) -> bytes:
    """The codes as a REFI-QDA codebook (`.qdc`), valid against its schema of 18 March 2019."""
    root = etree.Element(f"{{{CODEBOOK}}}CodeBook", nsmap={None: CODEBOOK}, origin=ORIGIN)
    _codes(etree.SubElement(root, f"{{{CODEBOOK}}}Codes"), project.codes, CODEBOOK)
    return _bytes(root)


def qdpx(project: Project, name: str, *, when: datetime = datetime(2000, 1, 1, tzinfo=UTC)) -> bytes:
    """
    The whole project as a `.qdpx`, valid against the schema of 18 March 2019: codes, users, texts, codings with their
    days, and what is known of the interviews (attributes, cases and sets alike) as variables of the sources.

    Positions are code points, half open, as the standard's unit and every tool's practice have them; line ends are LF.
    GUIDs follow from what they stand for, so that the same project gives the same bytes. A coding without a place
    stands on its whole source. Where an interview has no text, one is made of its passages, which says so.
    """
    root = etree.Element(f"{{{PROJECT}}}Project", nsmap={None: PROJECT}, name=_writable(name), origin=ORIGIN,
                         creationDateTime=_stamp(when))
    coders = list(dict.fromkeys(coding.coder for coding in project.codings if coding.coder))
    if coders:
        users = _sub(root, "Users")
        for coder in coders:
            _sub(users, "User", guid=_guid("user", coder), name=_writable(coder))
    if project.codes:
        _codes(_sub(_sub(root, "CodeBook"), "Codes"), project.codes, PROJECT)
    if names := list(dict.fromkeys(one.name for one in project.attributes)):
        variables = _sub(root, "Variables")
        for variable in names:
            _sub(variables, "Variable", guid=_guid("variable", variable), name=_writable(variable),
                 typeOfVariable="Text")
    texts: dict[str, str] = {}
    codings: dict[str, list[Coding]] = {}
    for coding in project.codings:
        codings.setdefault(coding.interview, []).append(coding)
    if project.interviews:
        sources = _sub(root, "Sources")
        for interview in project.interviews:
            said = [one for one in project.attributes if one.interview == interview.id]
            texts[f"{_guid('source', interview.id)}.txt"] = _source(
                sources, interview, codings.get(interview.id, ()), said, _stamp(when))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in {"project.qde": _bytes(root), **{f"sources/{file}": text.encode("utf-8", "replace")
                                                           for file, text in texts.items()}}.items():
            archive.writestr(zipfile.ZipInfo(member, WHEN), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _codes(parent: etree._Element, codes: Sequence[Code], namespace: str) -> None:
    made: dict[str, etree._Element] = {}
    for code in codes:
        element = etree.SubElement(made.get(code.parent, parent), f"{{{namespace}}}Code",
                                   guid=_guid("code", code.id), name=_writable(code.name),
                                   isCodable="true" if code.codable else "false")
        if code.definition:
            etree.SubElement(element, f"{{{namespace}}}Description").text = _writable(code.definition)
        made[code.id] = element


def _source(sources: etree._Element, interview: Interview, codings: Sequence[Coding], said: Sequence[Attribute],
            when: str) -> str:
    """Adds one interview with its codings; returns the text that its positions point into."""
    key = _guid("source", interview.id)
    element = _sub(sources, "TextSource", guid=key, name=_writable(interview.name),
                   plainTextPath=f"internal://{key}.txt", creationDateTime=when)
    text, places = (interview.text, {}) if interview.text is not None else _of_passages(codings)
    selections: dict[tuple, list[Coding]] = {}
    whole: list[Coding] = []
    for coding in codings:
        place = (coding.start, coding.end) if coding.start is not None else None
        if interview.text is None:
            place = places.get(coding.text)
        if place is None:
            whole.append(coding)
        else:
            selections.setdefault((*place, coding.coder), []).append(coding)
    for (start, end, coder), carried in selections.items():
        selection = _sub(element, "PlainTextSelection", guid=_guid("selection", interview.id, start, end, coder),
                         name=_called(text[start:end]), startPosition=str(start), endPosition=str(end),
                         **_by(coder), creationDateTime=when)
        _carry(selection, carried, interview.id, when)
    _carry(element, whole, interview.id, when)
    for one in said:
        value = _sub(element, "VariableValue")
        _sub(value, "VariableRef", targetGUID=_guid("variable", one.name))
        _sub(value, "TextValue").text = _writable(one.value)
    return text


def _called(words: str) -> str:
    """A passage's name: its words, as ATLAS.ti has them; a reader tells by them how positions count."""
    words = _writable(words)
    return words if len(words) <= LONGEST_NAME else f"{words[:LONGEST_NAME - 1]}…"


def _of_passages(codings: Sequence[Coding]) -> tuple[str, dict[str, tuple[int, int]]]:
    """A text made of these codings' words, and where each stands in it."""
    text, places = PASSAGES_ONLY, {}
    for words in dict.fromkeys(coding.text for coding in codings if coding.text):
        text += "\n\n"
        places[words] = (len(text), len(text) + len(words))
        text += words
    return text, places


def _carry(selection: etree._Element, codings: Iterable[Coding], interview: str, when: str) -> None:
    for number, coding in enumerate(codings):
        one = _sub(selection, "Coding", guid=_guid("coding", interview, coding.start, coding.end, coding.selection,
                                                   coding.code, coding.coder, number),
                   **_by(coding.coder), creationDateTime=f"{coding.date}T00:00:00Z" if coding.date else when)
        _sub(one, "CodeRef", targetGUID=_guid("code", coding.code))


def _by(coder: str) -> dict[str, str]:
    return {"creatingUser": _guid("user", coder)} if coder else {}


def _sub(parent: etree._Element, what: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{PROJECT}}}{what}", **attributes)


def _guid(*what: object) -> str:
    return str(uuid.uuid5(SPACE, "\0".join(map(str, what)))).upper()


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _writable(words: str) -> str:
    return UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", words)


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
