"""A definition and the codes that few people have, which a person has looked through; the definition with them, out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from analysis.definition import HEADER
from analysis.errors import DefinitionMistake
from analysis.extracts.proposal.text import columns_line

OPEN = "…"  # stands where a code of ours is still to be written


def with_rarer_codes(text: str, rarer: Path) -> tuple[str, int]:
    """
    The definition's text with the codes of the file `rarer` added to its columns, and how many they are.

    A column that waited for its codes ("# CHOOSE role: …") is taken into use. Codes that the definition has stay as
    they are. Raises DefinitionMistake for a file that is no TOML and for a code whose right-hand side is still open.
    """
    try:
        said = tomllib.loads(rarer.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DefinitionMistake(f"this is not TOML: {error}", where=rarer.name,
                                remedy="mend the line, or make the file anew with make new") from None
    lines, added = text.splitlines(), 0
    for extract, tables in said.get("extracts", {}).items():
        for column, keys in tables.get("columns", {}).items():
            codes = keys.get("codes", {})
            if waiting := [theirs for theirs, ours in codes.items() if ours == OPEN]:
                raise DefinitionMistake(
                    f"{extract}.{column}: {len(waiting)} code{'s have' if len(waiting) > 1 else ' has'} no right-hand "
                    "side yet", where=rarer.name,
                    remedy=f"write one of ours in the place of each {OPEN}, or take the code out")
            lines, new = _with(lines, extract, column, codes)
            added += new
    return "\n".join(lines) + "\n", added


def _with(lines: list[str], extract: str, column: str, codes: Mapping[str, str]) -> tuple[list[str], int]:
    header = f"[extracts.{extract}.columns]"
    begins = next((n for n, line in enumerate(lines) if line.split("#")[0].strip() == header), None)
    if begins is None:
        begins = next((n for n, line in enumerate(lines) if line.strip() == f"[extracts.{extract}]"), None)
        if begins is None:
            return lines, 0
        ends = _end(lines, begins)
        return [*lines[:ends], header, columns_line(column, {"codes": codes}), *lines[ends:]], len(codes)
    ends = _end(lines, begins)
    key = re.compile(rf"(# )?{re.escape(column)}( *)= ")
    at = next((n for n in range(begins + 1, ends) if key.match(lines[n])), None)
    if at is None:
        return [*lines[:begins + 1], columns_line(column, {"codes": codes}), *lines[begins + 1:]], len(codes)
    line = lines[at].removeprefix("# ")
    value, remark = _parted(line)
    known = tomllib.loads(value)[column]
    has = {theirs: ours for theirs, ours in known.get("codes", {}).items() if OPEN not in (theirs, ours)}
    known["codes"] = has | {theirs: ours for theirs, ours in codes.items() if theirs not in has}
    width = len(column) + len(key.match(lines[at])[2]) - 1
    remark = re.sub(r"(?:; )?and \d+ rarer values?", "", remark).strip()
    made = columns_line(column, known, width) + (f"   {remark}" if remark not in ("", "#") else "")
    before = [n for n in range(begins + 1, at) if lines[n].startswith(f"# CHOOSE {column}:")]
    kept = [line for n, line in enumerate(lines[:at]) if n not in before]
    return [*kept, made, *lines[at + 1:]], len(known["codes"]) - len(has)


def _end(lines: list[str], begins: int) -> int:
    """Where the table that begins there has its last key: the line after it."""
    last = begins
    for n in range(begins + 1, len(lines)):
        if HEADER.match(lines[n]):
            break
        if lines[n].strip() and not lines[n].startswith("# ---"):
            last = n
    return last + 1


def _parted(line: str) -> tuple[str, str]:
    """A line's value and the remark behind it."""
    quoted = False
    for place, letter in enumerate(line):
        if letter == '"' and line[place - 1] != "\\":
            quoted = not quoted
        elif letter == "#" and not quoted:
            return line[:place].rstrip(), line[place:]
    return line, ""
