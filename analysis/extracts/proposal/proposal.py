"""A folder of exports in; a commented study.toml that reads them, and what the person has to do next, out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.extracts.proposal.codes import Rule
from analysis.extracts.proposal.extracts import Extract, extracts
from analysis.extracts.proposal.files import Folder, look
from analysis.extracts.proposal.optional import optional_lines
from analysis.extracts.proposal.sections import section_lines
from analysis.extracts.proposal.tables import Reading
from analysis.extracts.proposal.text import RULE, columns_line, comment, extract_lines, unread_table_lines

CHOOSE, CHECK = re.compile(r"^# CHOOSE "), re.compile(r"# (?:[^#]*; )?CHECK\b")


@dataclass(frozen=True)
class Proposal:
    """
    A definition as far as the exports tell it.

    `text` is the study.toml. `rarer` lists the codes that too few people have to be written there: it holds cells of
    the records, and stays on the machine. `extracts` and `unread` are what the text was made from, `projects` the files
    with coded interviews.
    """

    text: str
    rarer: str
    folder: Folder
    extracts: tuple[Extract, ...]
    unread: tuple[Reading, ...]
    projects: tuple[str, ...] = ()

    @property
    def choices(self) -> list[int]:
        """The lines with a choice that is left to the person."""
        return [number for number, line in enumerate(self.text.splitlines(), 1) if CHOOSE.match(line)]

    @property
    def checks(self) -> list[int]:
        """The lines that the person should look at."""
        return [number for number, line in enumerate(self.text.splitlines(), 1) if CHECK.search(line)]


def propose(folder: Path, study: str, rule: Rule) -> Proposal:
    """
    The definition that the exports of a folder speak for. The same folder gives the same text.

    What a column means is told by its heading and its values together, and a remark says where only one of them spoke.
    No value is written that `rule` hides, and none from a column of names, addresses, free text or identifiers.
    Raises Mistake for a folder without a table.
    """
    seen = look(folder)
    everything = [found.file for found in seen.tables] + list(seen.passed) + list(seen.projects)
    made, unread = extracts(seen.tables, sorted(set(everything)), rule)
    coded = [one for one in unread if holds_coded_passages(one)]
    unread = [one for one in unread if one not in coded]
    coded_files = list(dict.fromkeys(one.found.file for one in coded))
    lines = [*section_lines(study, made, seen, rule, coded_files)]
    for extract in made:
        others = [other.reading for other in made if other is not extract and other.files == extract.files
                  and other.reading.found.sheet == extract.reading.found.sheet]
        lent = {entry.said["from"] for other in made for entry in other.columns.values()
                if entry.said.get("of") == extract.name}
        lines += ["", *extract_lines(extract, lent | {m.heading for other in others for m in other.meanings})]
    lines += ["", RULE, *optional_lines(made, [*seen.projects, *coded_files])]
    if unread or seen.passed:
        lines += ["", RULE, "# Not read"]
        lines += [line for one in unread for line in unread_table_lines(one)]
        lines += [comment(f"{name}: {why}") for name, why in seen.passed.items()]
    return Proposal("\n".join(lines) + "\n", "\n".join(_rarer(study, made)) + "\n", seen, tuple(made),
                    tuple(unread), (*seen.projects, *coded_files))


def holds_coded_passages(one: Reading) -> bool:
    """Whether a table that fills no canonical one has the headings by which a program's coded passages are known."""
    from analysis.interviews.spreadsheet import layouts

    return any((columns := layout.columns(one.found.headings)) and "words" in columns for layout in layouts())


def _rarer(study: str, made: Sequence[Extract]) -> Iterator[str]:
    """The codes that the definition may not hold unseen, as lines of a definition."""
    yield comment(f"Values that few people have, and that study.toml of {study} therefore leaves out. This file "
                  "holds cells of the records: it stays on this machine.")
    yield comment("Take away what tells of a person and correct the right-hand sides. What is left then goes into the "
                  f"codes of study.toml by: make new STUDY={study} CODES=yes")
    for extract in made:
        lines = [line for name, entry in extract.columns.items() if entry.codes and entry.codes.rarer for line in (
            *([comment(f"{name}: ours are {', '.join(extract.table.column(name).codes)}")]
              if not all(entry.codes.rarer.values()) and extract.table.column(name).codes else []),
            columns_line(name, {"codes": {value: ours or "…" for value, ours in entry.codes.rarer.items()}}))]
        if lines:
            yield f"\n[extracts.{extract.name}.columns]"
            yield from lines
