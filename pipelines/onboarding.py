"""A folder of exports in; a study's folders with its proposed definition and its extracts, out."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from analysis.errors import Mistake
from analysis.extracts.proposal.codes import Rule
from analysis.extracts.proposal.proposal import Proposal, propose
from analysis.extracts.proposal.rarer import with_rarer_codes
from analysis.protect.profile import profile
from pipelines.cache import write_text

PROFILE = "opensafely"  # the strictest that ships: nobody has yet said what was promised
RARER = "rarer_codes.toml"
NAME = re.compile(r"[a-z][a-z0-9-]*")


def new_study(root: Path, name: str, exports: Path | None) -> list[str]:
    """
    Writes pipelines/studies/NAME/study.toml from the exports and copies them to data_raw/NAME/; what to say about it.

    The originals are neither moved nor changed. Raises Mistake for a name that is no folder's, a study that exists, a
    folder without exports, and files in data_raw/NAME/ that are other than the exports.
    """
    if not NAME.fullmatch(name):
        raise Mistake(f"a study cannot be called '{name}'",
                      remedy="small letters, digits and hyphens, beginning with a letter: leeds-pain")
    definition = root / "pipelines" / "studies" / name / "study.toml"
    raw = root / "data_raw" / name
    if definition.is_file() and definition.read_text("utf-8").strip():
        raise Mistake(f"there is a study '{name}' already", where=f"pipelines/studies/{name}/study.toml",
                      remedy="take another name, or move that file away; to add codes to it: "
                             f"make new STUDY={name} CODES=yes")
    if exports is None:
        if not raw.is_dir():
            raise Mistake("no folder of exports was named", remedy=f"make new STUDY={name} FROM=path/to/exports")
        exports = raw
    rule = profile(PROFILE)
    proposal = propose(exports, name, Rule(rule.threshold, rule.round_to))
    copied = _copy(exports, raw)
    write_text(definition, proposal.text)
    rarer = sum(len(entry.codes.rarer) for extract in proposal.extracts for entry in extract.columns.values()
                if entry.codes)
    if rarer:
        write_text(root / ".build" / name / RARER, proposal.rarer)
    return [*_seen(proposal), "", *_written(name, proposal, copied), "", "Next:", *_next(name, proposal, rarer)]


def add_codes(root: Path, name: str) -> list[str]:
    """Writes the looked-through codes of .build/NAME/rarer_codes.toml into the definition; what to say about it."""
    definition, rarer = root / "pipelines" / "studies" / name / "study.toml", root / ".build" / name / RARER
    if not definition.is_file() or not rarer.is_file():
        gone = definition if not definition.is_file() else rarer
        raise Mistake(f"there is no {gone.relative_to(root).as_posix()}",
                      remedy=f"make new STUDY={name} FROM=path/to/exports writes it")
    text, added = with_rarer_codes(definition.read_text("utf-8"), rarer)
    write_text(definition, text)
    return [f"{added} codes written into pipelines/studies/{name}/study.toml", f"next: make validate STUDY={name}"]


def _copy(exports: Path, raw: Path) -> int:
    """The exports beside one another in data_raw/, each written aside and renamed; how many were copied."""
    if exports.resolve() == raw.resolve():
        return 0
    files = [path for path in sorted(exports.iterdir()) if path.is_file() and not path.name.startswith((".", "~$"))]
    for path in files:
        there = raw / path.name
        if there.exists() and there.read_bytes() != path.read_bytes():
            raise Mistake(f"data_raw/{raw.name}/ has another {path.name} already",
                          remedy="take that file away, or give the study another name; nothing was copied")
    raw.mkdir(parents=True, exist_ok=True)
    for path in files:
        aside = raw / f".{path.name}.new"
        shutil.copyfile(path, aside)
        os.replace(aside, raw / path.name)
    return len(files)


def _seen(proposal: Proposal) -> list[str]:
    lines = []
    for extract in proposal.extracts:
        one = extract.reading
        read = {m.heading for m in one.meanings} | {heading for items in extract.items.values() for heading in items}
        place = one.found.place
        again = [other.reading.found.place for other in proposal.extracts].count(place) > 1
        called = f", {extract.name}" if again and extract.name != extract.table.name else ""
        lines.append((place, f"{extract.table.name}{called}: {len(read)} of {len(one.guesses)} columns"
                      + (f", by the preset {extract.preset}" if extract.preset else "")))
    lines += [(name, "a project of coded interviews") for name in proposal.projects]
    lines += [(one.found.place, "not read: fits no table") for one in proposal.unread]
    lines += [(name, f"not read: {why}") for name, why in proposal.folder.passed.items()]
    width = min(60, max(len(place) for place, _ in lines))
    return [f"  {place:<{width}}  {words}" for place, words in lines]


def _written(name: str, proposal: Proposal, copied: int) -> list[str]:
    where = f"pipelines/studies/{name}/study.toml"
    lines = [f"Written: {where}, {len(proposal.text.splitlines())} lines."]
    if copied:
        lines.append(f"Copied:  {copied} file{'s' if copied > 1 else ''} to data_raw/{name}/, which git ignores. "
                     "The originals are where they were.")
    return lines


def _next(name: str, proposal: Proposal, rarer: int) -> list[str]:
    steps = []
    if rarer:
        were = "values were" if rarer > 1 else "value was"
        steps.append(f"{rarer} {were} left out, since few people have each. Look through "
                     f".build/{name}/{RARER}, then: make new STUDY={name} CODES=yes")
    if proposal.choices:
        several = len(proposal.choices) > 1
        which = f"{len(proposal.choices)} choices that are" if several else "choice that is"
        settled = ", as far as the codes have not settled them" if rarer else ""
        steps.append(f"make the {which} left to you (CHOOSE){settled}: line{'s' if several else ''} "
                     f"{_list(proposal.choices)}")
    if proposal.checks:
        steps.append(f"look at what was guessed (CHECK): line{'s' if len(proposal.checks) > 1 else ''} "
                     f"{_list(proposal.checks)}")
    steps += [f"make validate STUDY={name}, until it finds nothing", f"make report STUDY={name}"]
    return [f"  {number}. {step}" for number, step in enumerate(steps, 1)]


def _list(numbers: list[int], most: int = 12) -> str:
    more = f" and {len(numbers) - most} more" if len(numbers) > most else ""
    return ", ".join(map(str, numbers[:most])) + more
