"""Excerpts with their codes, as tables of coded passages hold them, in; the one model of coded interviews, out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.interviews.codings import (
    PASSAGE,
    Attribute,
    Books,
    Code,
    Coding,
    Interview,
    Project,
    code_ids,
    without_extension,
)

DEEPEST = 50  # parts of one path: no codebook is deeper, and a name of a thousand dots is no tree
ISO, WITH_DOTS = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\b")


@dataclass(frozen=True)
class Excerpt:
    """
    One row: what was said where, by whom it was coded, and the paths of the codes that it carries.

    `key` is the program's own name for the passage; two rows with one key are one passage. `start` and `end` are code
    points, half open, where the table says them.
    """

    interview: str
    codes: tuple[tuple[str, ...], ...]
    words: str = ""
    coder: str = ""
    start: int | None = None
    end: int | None = None
    key: str = ""
    date: str = ""
    part: str = PASSAGE


def project(excerpts: Iterable[Excerpt], origin: str, *, known: Iterable[tuple[str, ...]] = (),
            tolerated: Mapping[str, int] | None = None, losses: Mapping[str, int] | None = None,
            attributes: Iterable[Attribute] = ()) -> Project:
    """
    The excerpts as a Project: each code of each excerpt is a coding.

    The interviews have no text, since such tables hold passages only. `known` are paths of codes beside those that
    occur, `attributes` what the table says of its interviews. An excerpt without a code, or without an interview, is a
    loss with a name; `losses` are those of the reader.
    """
    books = Books(tolerated, losses)
    excerpts = list(excerpts)
    paths: dict[tuple[str, ...], None] = {}
    for path in (*known, *(path for excerpt in excerpts for path in excerpt.codes)):
        for depth in range(1, len(path) + 1):
            paths.setdefault(path[:depth])
    order = _as_tree(list(paths))
    ids = dict(zip(order, code_ids(order), strict=True))
    carried = {path for excerpt in excerpts for path in excerpt.codes} | set(known)
    codes = tuple(Code(ids[path], path[-1], ids.get(path[:-1], ""), depth=len(path) - 1, codable=path in carried)
                  for path in order)
    codings, seen = [], set()
    for number, excerpt in enumerate(excerpts, 1):
        if not excerpt.codes:
            books.losses["passage without a code"] += 1
        for path in excerpt.codes:
            if not excerpt.interview:
                books.losses["passage without an interview"] += 1
                continue
            coding = Coding(excerpt.interview, ids[path], excerpt.coder, excerpt.start, excerpt.end, excerpt.words,
                            date=excerpt.date, selection=excerpt.key or f"row {number}", part=excerpt.part)
            if excerpt.key and (coding.place, coding.code, coding.coder) in seen:
                books.losses["the same passage with the same code and coder again"] += 1
                continue
            seen.add((coding.place, coding.code, coding.coder))
            codings.append(coding)
    interviews = tuple(Interview(name, name) for name in dict.fromkeys(e.interview for e in excerpts) if name)
    return books.project(interviews, codes, codings, origin=origin,
                         attributes=tuple(dict.fromkeys(attributes)))


def _as_tree(paths: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Paths with every code right after its parent's earlier children, siblings in the order in which they came."""
    first = {path: number for number, path in enumerate(paths)}
    return sorted(paths, key=lambda path: [first[path[:depth]] for depth in range(1, len(path) + 1)])


def day(words: str) -> str:
    """A day as a program wrote it, as 2018-06-20: only in an order that cannot be mistaken, else nothing."""
    if found := ISO.match(words):
        return found[0]
    if found := WITH_DOTS.match(words):
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    return ""


def of_interviews(rows: Iterable[tuple[str, Mapping[str, str]]], names: Iterable[str]) -> list[Attribute]:
    """
    Interview and cells in; as attributes, the columns `names` that say one thing of each interview, and not the same.

    Programs repeat what they know of a document in each row of its passages.
    """
    rows = list(rows)
    found = []
    for name in names:
        said: dict[str, set[str]] = {}
        for interview, cells in rows:
            if interview and cells.get(name):
                said.setdefault(interview, set()).add(cells[name])
        values = {interview: next(iter(those)) for interview, those in said.items()}
        if all(len(those) == 1 for those in said.values()) and len(set(values.values())) > 1:
            found += [Attribute(interview, name, value) for interview, value in values.items()]
    return found


def called(names: Iterable[str]) -> dict[str, str]:
    """
    What a program calls its documents -> the interviews: without the ending of a file, as its whole project is read.

    Two documents that differ in nothing else keep theirs.
    """
    short = {name: without_extension(name) for name in dict.fromkeys(names)}
    once = Counter(short.values())
    return {name: one if once[one] == 1 else name for name, one in short.items()}


def split_path(words: str, *separators: str) -> tuple[str, ...]:
    """'Medicines\\Fear' -> ('Medicines', 'Fear'), at the first separator that occurs; empty parts fall away."""
    separator = next((one for one in separators if one and one in words), "")
    parts = words.split(separator, DEEPEST - 1) if separator else [words]
    return tuple(part.strip() for part in parts if part.strip())
