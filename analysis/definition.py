"""A definition file in; its values, and the line that each stands on, out. What does not fit the schema is told."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.errors import DefinitionMistake, suggestion

HEADER = re.compile(r"^\s*\[{1,2}\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?$")
KEY = re.compile(r"""^\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
CHOICE = re.compile(r"^\s*# CHOOSE ([\w-]+): (.+)$")
WORDS = {str: "text in quotes", int: "a whole number", float: "a number", bool: "true or false",
         datetime.date: "a date such as 2016-09-01", list: "a list in square brackets", dict: "a table"}


@dataclass(frozen=True)
class Required:
    """Marks a key that must be there."""

    what: Any


@dataclass(frozen=True)
class Definition:
    """
    A TOML file that has been read: its values and where each key stands.

    `borrowed` are keys that come from another file (a preset): for each the key here that names that file, and the
    place there, as in "synthea.toml, line 40".
    """

    path: Path
    values: Mapping[str, Any]
    lines: Mapping[tuple[str, ...], int]
    borrowed: Mapping[tuple[str, ...], tuple[tuple[str, ...], str]] = field(default_factory=dict)

    def line(self, *keys: str) -> int:
        """The line of a key; of the nearest table around it where the key itself has none."""
        return self._place(keys)[0]

    def where(self, *keys: str) -> str:
        """The file and line of a key, and the place in the preset where the key comes from there."""
        line, preset = self._place(keys)
        return f"{self.path.name}, line {line}" + (f" (preset {preset})" if preset else "")

    def _place(self, keys: tuple[str, ...]) -> tuple[int, str]:
        while keys and keys not in self.lines:
            if keys in self.borrowed:
                here, there = self.borrowed[keys]
                return self.lines[here], there
            keys = keys[:-1]
        return self.lines.get(keys, 1), ""

    def mistake(self, found: str, *keys: str, remedy: str = "") -> DefinitionMistake:
        return DefinitionMistake(found, where=self.where(*keys), remedy=remedy)


def read_definition(path: Path, schema: Mapping[str, Any],
                    complete: Callable[[Definition], Definition] = lambda read: read) -> Definition:
    """
    The file's values, checked against the schema: a mapping of key to a type, a list of one schema, or a mapping again.

    `Required(…)` marks what must be there; the key "*" stands for names of the person's own. `complete` adds what the
    file takes over from elsewhere, before the check. All mistakes come at once; a choice that `make new` left open
    ("# CHOOSE date: …" above lines of which one is to be uncommented) is one as long as its key is not there.
    """
    if not path.is_file():
        raise DefinitionMistake(f"there is no {path.name} in {path.parent.name}/",
                                remedy=f"write {path.parent.name}/{path.name}")
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[:error.start].count(b"\n") + 1
        raise DefinitionMistake("a letter is not in UTF-8", where=f"{path.name}, line {line}",
                                remedy="save the file again with the encoding UTF-8") from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said, at = re.sub(r" \(at .*\)$", "", str(error)), re.search(r"line (\d+), column (\d+)", str(error))
        place = f"line {at[1]}, column {at[2]}" if at else "at its end"
        raise DefinitionMistake(f"this is not TOML: {said}", where=f"{path.name}, {place}",
                                remedy="text stands in quotes, a list in [ ], a table in { } on one line") from None
    definition = complete(Definition(path, values, key_lines(text)))
    choices = dict(_open_choices(definition, text))
    missing = {f"'{keys[-1]}' is missing" for keys in choices}
    found = [*choices.values(), *(m for m in _mistakes(definition, definition.values, schema, ())
                                  if m.found.split(" in [")[0] not in missing)]
    if found:
        raise together(found)
    return definition


def read_optional(path: Path, schema: Mapping[str, Any]) -> Definition | None:
    """As `read_definition`, of a file that a study may leave out; None where it does."""
    try:
        path.open().close()  # asked for even where it is not there, so that a page is known to depend upon it
    except FileNotFoundError:
        return None
    return read_definition(path, schema)


def together(mistakes: Sequence[DefinitionMistake]) -> DefinitionMistake:
    """Several mistakes as one that says them all, each on lines of its own, in the order of the file."""
    return mistakes[0] if len(mistakes) == 1 else DefinitionMistake("\n".join(str(m) for m in mistakes))


def _open_choices(definition: Definition, text: str) -> Iterator[tuple[tuple[str, ...], DefinitionMistake]]:
    """The key of each choice whose key is still not there, and the mistake that leads to it."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            table = tuple(_parts(header[1]))
        elif choice := CHOICE.match(line):
            keys = (*table, choice[1])
            held: Any = definition.values
            for key in keys:
                held = held.get(key) if isinstance(held, Mapping) else None
            if held is None:
                yield keys, DefinitionMistake(
                    f"a choice is open: {choice[1]}: {choice[2]}", where=f"{definition.path.name}, line {number}",
                    remedy='take the "# " away from the line below it that is right; '
                           "if none is, take the choice and its lines out")


def key_lines(text: str) -> dict[tuple[str, ...], int]:
    """The line (from 1) of every table header and every key that begins a line."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    open_text = ""
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        if open_text:
            open_text = "" if open_text in line else open_text
            continue
        if depth == 0:
            if header := HEADER.match(line):
                table = _within(_parts(header[1]), counts)
                if line.lstrip().startswith("[["):
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, str(counts[table]))
                lines.setdefault(table, number)
            elif key := KEY.match(line):
                lines.setdefault((*table, *_parts(key[1])), number)
        for mark in ('"""', "'''"):
            if line.count(mark) == 1:
                open_text = mark
        bare = re.sub(r'"[^"]*"|\'[^\']*\'|#.*', "", line)
        if depth or KEY.match(line):
            depth = max(0, depth + bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}"))
    return lines


def _within(parts: list[str], counts: Mapping[tuple[str, ...], int]) -> tuple[str, ...]:
    """The keys of a table; inside one that is there several times, of the last of these so far."""
    keys: tuple[str, ...] = ()
    for part in parts:
        keys = (*keys, *([str(counts[keys])] if keys in counts else []), part)
    return keys


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(r"""\s*("[^"]*"|'[^']*'|[\w-]+)\s*\.?""", dotted)]


def _mistakes(definition: Definition, value: Any, schema: Any, keys: tuple[str, ...]):
    if isinstance(schema, Required):
        schema = schema.what
    name = ".".join(keys)
    if isinstance(schema, tuple):  # any of these
        if not any(not list(_mistakes(definition, value, one, keys)) for one in schema):
            yield from _mistakes(definition, value, schema[-1], keys)
    elif isinstance(schema, list):
        if not isinstance(value, list):
            yield definition.mistake(f"'{name}' is {_words(value)}", *keys, remedy=f"write {WORDS[list]}")
        else:
            for i, item in enumerate(value):
                yield from _mistakes(definition, item, schema[0], (*keys, str(i)))
    elif isinstance(schema, Mapping):
        if not isinstance(value, Mapping):
            yield definition.mistake(f"'{name}' is {_words(value)}", *keys,
                                     remedy="write a table with "
                                            f"{', '.join(k for k in schema if k != '*') or 'your own names'}")
            return
        for key, item in value.items():
            if key in schema or "*" in schema:
                yield from _mistakes(definition, item, schema.get(key, schema.get("*")), (*keys, key))
            else:
                yield definition.mistake(
                    f"unknown key '{key}'{f' in [{name}]' if name else ''}", *keys, key,
                    remedy=suggestion(key, schema, f"known here: {', '.join(sorted(schema))}"))
        for key, item in schema.items():
            if isinstance(item, Required) and key not in value:
                yield definition.mistake(f"'{key}' is missing{f' in [{name}]' if name else ''}", *keys,
                                         remedy=f"add: {key} = …")
    elif schema is float and isinstance(value, int) and not isinstance(value, bool):
        return
    elif (not isinstance(value, schema) or (schema in (int, float) and isinstance(value, bool))
          or (schema is datetime.date and isinstance(value, datetime.datetime))):
        yield definition.mistake(f"'{name}' is {_words(value)}", *keys, remedy=f"write {WORDS[schema]}")


def _words(value: Any) -> str:
    kind = next((words for known, words in
                 (*WORDS.items(), (datetime.datetime, "a date with a time"), (datetime.time, "a time"))
                 if type(value) is known), type(value).__name__)
    return f"{kind}: {value!r}" if isinstance(value, (str, int, float)) else kind
