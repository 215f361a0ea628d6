"""Elements of a REFI-QDA project: lxml elements in, plain values out."""

from __future__ import annotations

import re


def tag(element) -> str:
    """The name of an element without its namespace; tools disagree on the namespace."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def elements(root, name: str):
    """All elements of that name at and below the root, in the order of the file."""
    return root.iter(f"{{*}}{name}")


def guid(written: str | None) -> str:
    """A GUID without braces and in one case: the standard allows both ways of writing."""
    return (written or "").strip().strip("{}").casefold()


def is_guid(key: str) -> bool:
    """Whether a GUID that `guid` has read has the form of one."""
    return bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", key))


def said(element, child: str) -> str:
    """The words of the first child of that name, empty without one."""
    return next(((e.text or "").strip() for e in element if tag(e) == child), "")


def integer(element, attribute: str) -> int | None:
    """An attribute as a whole number; None where it is missing or no such number."""
    value = (element.get(attribute) or "").strip()
    return int(value) if re.fullmatch(r"-?[0-9]{1,12}", value) else None


def coder(coding, users: dict[str, str]) -> str:
    """Who coded: said on the coding, else on its selection; empty where nobody is named."""
    said_by = guid(coding.get("creatingUser")) or guid(coding.getparent().get("creatingUser"))
    return users.get(said_by, said_by) if said_by else ""


def coded_on(coding) -> str:
    """The day on which it was coded, said on the coding, else on its selection; empty where nothing says so."""
    said = coding.get("creationDateTime") or coding.getparent().get("creationDateTime") or ""
    return said[:10] if re.match(r"\d{4}-\d\d-\d\d", said) else ""


def in_text(selection) -> bool:
    """Whether the selection is one of the interview's text, not of a picture's description or a second transcript."""
    parent = selection.getparent()
    if tag(selection) == "PlainTextSelection":
        holder = (tag(parent), tag(parent.getparent()))
        return holder[0] == "TextSource" or holder == ("Representation", "PDFSource")
    if tag(selection) != "TranscriptSelection" or tag(parent) != "Transcript":
        return False
    return parent is next(e for e in parent.getparent() if tag(e) == "Transcript")


def span(selection, source) -> tuple[int | None, int | None]:
    """Where a selection starts and ends, as stored; of a transcript by its synchronisation points. None: not said."""
    if tag(selection) == "PlainTextSelection":
        return integer(selection, "startPosition"), integer(selection, "endPosition")
    points = {guid(e.get("guid")): integer(e, "position") for e in elements(source, "SyncPoint")}
    return points.get(guid(selection.get("fromSyncPoint"))), points.get(guid(selection.get("toSyncPoint")))


def is_also_text(selection, source, ref: str) -> bool:
    """Whether the same quotation stands among the selections of the PDF's text, with the same code."""
    own = guid(selection.get("guid"))
    twins = [e for e in elements(source, "PlainTextSelection") if own and guid(e.get("guid")) == own]
    return any(guid(e.get("targetGUID")) == ref for twin in twins for e in elements(twin, "CodeRef"))
