"""Excerpts with their codes, as tables of coded passages hold them, in; the one model of coded interviews, out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.interviews.codings import Books, Code, Coding, Interview, Project, code_ids


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


def project(excerpts: Iterable[Excerpt], origin: str, *, known: Iterable[tuple[str, ...]] = (),
            tolerated: Mapping[str, int] | None = None, losses: Mapping[str, int] | None = None) -> Project:
    """
    The excerpts as a Project: each code of each excerpt is a coding.

    The interviews have no text, since such tables hold passages only. `known` are paths of codes beside those that
    occur. An excerpt without a code, or without an interview, is a loss with a name; `losses` are those of the reader.
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
                            selection=excerpt.key or f"row {number}")
            if excerpt.key and (coding.place, coding.code, coding.coder) in seen:
                books.losses["the same passage with the same code and coder again"] += 1
                continue
            seen.add((coding.place, coding.code, coding.coder))
            codings.append(coding)
    interviews = tuple(Interview(name, name) for name in dict.fromkeys(e.interview for e in excerpts) if name)
    return books.project(interviews, codes, codings, origin=origin)


def _as_tree(paths: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Paths with every code right after its parent's earlier children, siblings in the order in which they came."""
    first = {path: number for number, path in enumerate(paths)}
    return sorted(paths, key=lambda path: [first[path[:depth]] for depth in range(1, len(path) + 1)])


def split_path(words: str, separator: str) -> tuple[str, ...]:
    """'Medicines\\Fear' -> ('Medicines', 'Fear'); empty parts fall away."""
    parts = words.split(separator) if separator else [words]
    return tuple(part.strip() for part in parts if part.strip())
