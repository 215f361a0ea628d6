"""Two versions of a codebook in; which codes came, went, were renamed, moved or redefined, out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from analysis.measures.cells import Cells
from analysis.measures.summary import About, Summary
from analysis.measures.words import plain


@dataclass(frozen=True)
class VersionedCode:
    """A code of one version: path of names from the top, definition, a fingerprint of the passages that carry it."""

    path: tuple[str, ...]
    definition: str = ""
    extension: str = ""


@dataclass(frozen=True)
class Change:
    """What became of a code: its path before and after (None: it was not there), and how they differ."""

    before: tuple[str, ...] | None
    after: tuple[str, ...] | None
    what: str


def changes(old: Collection[VersionedCode], new: Collection[VersionedCode]) -> list[Change]:
    """
    What changed from one version to the next.

    Codes are matched by path, else by definition, else by the passages that carry them (at least two, all the same):
    never by GUID, which some programs mint anew at every export. A code that matches nothing came or went.
    """
    before, after = {code.path: code for code in old}, {code.path: code for code in new}
    found = [Change(path, path, "redefined") for path in before
             if path in after and _said(before[path]) != _said(after[path])]
    gone = [code for path, code in before.items() if path not in after]
    come = [code for path, code in after.items() if path not in before]
    for alike in (_same_definition, _same_extension):
        for code in list(gone):
            match = [one for one in come if alike(code, one)]
            if len(match) == 1 and sum(alike(one, match[0]) for one in gone) == 1:
                found.append(Change(code.path, match[0].path, _moved(code, match[0])))
                gone.remove(code)
                come.remove(match[0])
    found += [Change(code.path, None, "taken out") for code in gone] + [Change(None, code.path, "new") for code in come]
    order = [*before, *(path for path in after if path not in before)]
    return sorted(found, key=lambda change: order.index(change.before or change.after))


def codebook_changes(versions: Sequence[tuple[str, Collection[VersionedCode]]]) -> Summary:
    """The changes from each version (its words, such as a date, and its codes) to the next."""
    cells = Cells("codebook changes", record=True)
    for (_, old), (words, new) in zip(versions, versions[1:], strict=False):
        for change in changes(old, new):
            cells.row(plain(" › ".join(change.before or change.after)), {
                "Change": (change.what, {}),
                "Now": (plain(" › ".join(change.after)) if change.after and change.before != change.after else "", {})},
                section=words)
        if not changes(old, new):
            cells.row("No change", {"Change": ("none", {}), "Now": ("", {})}, section=words)
    return cells.summary("What changed from one version of the codebook to the next",
                         About("codes of the versions that were kept", "none: a listing"), stub="Code")


def _same_definition(one: VersionedCode, other: VersionedCode) -> bool:
    return bool(_said(one)) and _said(one) == _said(other)


def _same_extension(one: VersionedCode, other: VersionedCode) -> bool:
    return bool(one.extension) and one.extension == other.extension


def _said(code: VersionedCode) -> str:
    return " ".join(code.definition.split()).casefold()


def _moved(one: VersionedCode, other: VersionedCode) -> str:
    what = [*(["renamed"] if one.path[-1] != other.path[-1] else []),
            *(["moved"] if one.path[:-1] != other.path[:-1] else []),
            *(["redefined"] if _said(one) != _said(other) else [])]
    return " and ".join(what)
