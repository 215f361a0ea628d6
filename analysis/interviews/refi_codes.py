"""The codebook of a REFI-QDA project in; its codes by their GUIDs out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from analysis.interviews.codings import Books, Code, code_ids
from analysis.interviews.refi_elements import guid, is_guid, said, tag
from analysis.interviews.taguette import tag_path

COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass
class _Found:
    """One code while the codebook is read; without an element it is only a part of other codes' names."""

    path: tuple[str, ...]
    above: int | None
    element: etree._Element | None = field(default=None, repr=False)


def codes(root: etree._Element, books: Books) -> dict[str, Code]:
    """
    GUID -> Code, in the order of the codebook. Departures from the standard are noted in `books`.

    Taguette writes a flat list whose names hold the tree ('support.listened'); it is read as that tree.
    """
    found = _walk(root, books)
    if (root.get("origin") or "").casefold().startswith("taguette"):
        found = _by_names(found, books)
    ids = code_ids([one.path for one in found])
    made: dict[str, Code] = {}
    for one, identity in zip(found, ids, strict=True):
        parent = "" if one.above is None else ids[one.above]
        if one.element is None:
            made[f"only in names: {identity}"] = Code(identity, one.path[-1], parent, depth=len(one.path) - 1,
                                                      codable=False)
            continue
        codable = (one.element.get("isCodable") or "true").casefold() not in ("false", "0")
        made[_key(one.element, identity, made, books)] = Code(
            identity, one.path[-1], parent, said(one.element, "Description"), len(one.path) - 1, codable)
        if codable and one.above is not None and _is_folder_of_its_name(found[one.above], one):
            books.tolerated["a folder with a code of its own name in it, as older QualCoder writes a category"] += 1
    return made


def _walk(root: etree._Element, books: Books) -> list[_Found]:
    found: list[_Found] = []

    def walk(element: etree._Element, path: tuple[str, ...], above: int | None) -> None:
        for child in element:
            if tag(child) == "Code":
                here = (*path, (child.get("name") or "").strip() or "code without a name")
                found.append(_Found(here, above, child))
                walk(child, here, len(found) - 1)

    for book in [root] if tag(root) == "CodeBook" else [e for e in root if tag(e) == "CodeBook"]:
        if any(tag(e) == "Code" for e in book):
            books.tolerated["codes that stand in the codebook without a list of codes around them"] += 1
            walk(book, (), None)
        for part in book:
            if tag(part) == "Codes":
                walk(part, (), None)
            elif tag(part) == "Sets" and not len(part):
                books.tolerated["an empty list of sets, which the standard does not allow"] += 1
    return found


def _by_names(found: list[_Found], books: Books) -> list[_Found]:
    names = {one.path[-1] for one in found}
    paths = [tag_path(one.path[-1], names) if len(one.path) == 1 else one.path for one in found]
    if all(len(path) == 1 for path in paths) or len(set(paths)) < len(paths):
        return found
    books.tolerated["a tree of codes that stands in their names only: read as a tree"] += 1
    first = {path: one.element for path, one in reversed(list(zip(paths, found, strict=True)))}
    order: dict[tuple[str, ...], None] = {}
    for path in paths:
        for depth in range(1, len(path) + 1):
            order.setdefault(path[:depth])
    place = {path: n for n, path in enumerate(order)}
    whole = sorted(order, key=lambda path: [place[path[:depth]] for depth in range(1, len(path) + 1)])
    at = {path: n for n, path in enumerate(whole)}
    return [_Found(path, at.get(path[:-1]), first.get(path)) for path in whole]


def _key(element: etree._Element, identity: str, made: dict[str, Code], books: Books) -> str:
    key = guid(element.get("guid"))
    if (element.get("color") or "").strip() and not COLOUR.fullmatch(element.get("color").strip()):
        books.tolerated["a colour that is not written as #RGB or #RRGGBB; colours are not read"] += 1
    if not key:
        books.tolerated["a code without a GUID"] += 1
        return f"code without a GUID: {identity}"
    if not is_guid(key):
        books.tolerated["a GUID of a code that has not the form of one"] += 1
    if key in made:
        books.tolerated["two codes with one GUID: codings belong to the first"] += 1
        return f"{key} {identity}"
    return key


def _is_folder_of_its_name(above: _Found, one: _Found) -> bool:
    folder = above.element is not None and (above.element.get("isCodable") or "").casefold() in ("false", "0")
    return folder and above.path[-1].casefold() == one.path[-1].casefold()
