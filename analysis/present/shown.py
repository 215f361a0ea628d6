"""Shown: what a page may display. Its kinds are Table, Figure and Sentence; each carries the ids of its numbers."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.protect.released import Released, ReleasedCell

PLACEHOLDER = re.compile(r"\{(\w+)\}")
IN_BRACKETS = re.compile(r" \(([^()]*)\)")


@dataclass(frozen=True)
class Shown:
    """Something that may stand on a page: its bundle of representations by media type, and the cells it shows."""

    kind: str
    bundle: tuple[tuple[str, str], ...]
    cells: tuple[str, ...] = ()

    @property
    def content(self) -> str:
        """The representation that the registry remembers: the richest."""
        return dict(self.bundle).get("text/html") or dict(self.bundle)["image/svg+xml"]

    def _repr_mimebundle_(self, include=None, exclude=None):
        return dict(self.bundle), {"shown": {"kind": self.kind, "cells": list(self.cells)}}

    def __repr__(self) -> str:
        return dict(self.bundle)["text/plain"]


def require(released: object) -> Released:
    """The thing itself where it is Released; an error in words where a measure's Summary or a frame came instead."""
    if not isinstance(released, Released):
        raise TypeError(f"present accepts what page.release() returned, not a {type(released).__name__}")
    return released


def marked(cell: ReleasedCell) -> str:
    """A number as HTML: bound to its cell, and said aloud where it is hidden or absent."""
    title = f' title="{html.escape(cell.why, quote=True)}"' if cell.why else ""
    state = "" if cell.status == "shown" else f' class="{cell.status}"'
    return f'<span data-cell="{cell.id}"{state}{title}>{html.escape(cell.text)}</span>'


def filled(pattern: str, cells: Mapping[str, ReleasedCell], *, as_html: bool = True, collapse: bool = True) -> str:
    """
    A pattern with its numbers put in. Where every number of a table's entry is hidden, one marker stands for all; where
    the ends of an interval do not exist, its brackets are left out.

    A pattern without any number is somebody's words (a definition, a source) and is marked as such for the gate.
    """
    names = PLACEHOLDER.findall(pattern)
    if as_html and pattern and not names:
        return f'<span class="words">{html.escape(pattern)}</span>'
    pattern = IN_BRACKETS.sub(lambda found: "" if _ends_of_nothing(found[1], cells) else found[0], pattern)
    names = PLACEHOLDER.findall(pattern)
    alike = len({cells[n].text for n in names}) == 1 and all(cells[n].status != "shown" for n in names)
    if collapse and len(names) > 1 and alike:
        pattern = "{" + names[0] + "}"
    render = marked if as_html else (lambda cell: cell.text)
    pieces = PLACEHOLDER.split(pattern)
    return "".join(render(cells[piece]) if i % 2 else (html.escape(piece) if as_html else piece)
                   for i, piece in enumerate(pieces))


def _ends_of_nothing(pattern: str, cells: Mapping[str, ReleasedCell]) -> bool:
    """Whether the brackets hold two numbers or more and none of them could be computed: '(– to –)'."""
    names = PLACEHOLDER.findall(pattern)
    return len(names) > 1 and all(cells[name].status == "absent" for name in names)
