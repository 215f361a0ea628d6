"""A definition whose extracts name presets in; the same with the presets' keys as defaults, out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from analysis.definition import Definition, key_lines
from analysis.errors import nearest

FOLDER = Path(__file__).parent / "reference" / "presets"


@dataclass(frozen=True)
class Preset:
    """
    One shape of export that is known: what a definition would say about each of its extracts.

    `recognised_by` are the headings, by extract, that a file of that shape has in any case.
    """

    name: str
    title: str
    extracts: Mapping[str, Mapping[str, Any]]
    recognised_by: Mapping[str, tuple[str, ...]]
    lines: Mapping[tuple[str, ...], int]


def preset_names() -> list[str]:
    """The presets that ship, each as PRESET/EXTRACT."""
    files = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return [f"{file}/{extract}" for file in files for extract in preset(file).extracts]


@cache
def preset(name: str) -> Preset:
    """The preset of that name, from reference/presets/NAME.toml."""
    text = (FOLDER / f"{name}.toml").read_text("utf-8")
    said = tomllib.loads(text)
    extracts = {one: {k: v for k, v in keys.items() if k != "recognised_by"} for one, keys in said["extracts"].items()}
    return Preset(name, said["title"], extracts,
                  {one: tuple(keys["recognised_by"]) for one, keys in said["extracts"].items()}, key_lines(text))


def with_presets(definition: Definition) -> Definition:
    """
    The definition with each extract that says `preset` completed by it.

    What the definition says itself comes first, key by key, also within a column and its codes; a column for which it
    says `value` where the preset says `from`, or the other way round, is its own. `without` takes columns of the
    preset away. Raises DefinitionMistake for a preset that is not there and for a column in `without` that it lacks.
    """
    extracts = definition.values.get("extracts")
    if not isinstance(extracts, Mapping):
        return definition
    whole: dict[str, Any] = {}
    borrowed: dict[tuple[str, ...], tuple[tuple[str, ...], str]] = {}
    for name, said in extracts.items():
        whole[name] = said
        if isinstance(said, Mapping) and isinstance(said.get("preset"), str):
            named, one = _named(definition, name, said["preset"])
            theirs = _without(definition, name, said, named.extracts[one])
            whole[name] = _merged(said, theirs)
            for keys in _keys(theirs):
                if line := named.lines.get(("extracts", one, *keys)):
                    there = f"{named.name}.toml, line {line}"
                    borrowed["extracts", name, *keys] = (("extracts", name, "preset"), there)
    return replace(definition, values={**definition.values, "extracts": whole}, borrowed=borrowed)


def _named(definition: Definition, name: str, said: str) -> tuple[Preset, str]:
    """The preset and its extract: "synthea/patients", or "synthea" where the extract bears the name of the preset's."""
    full = said if "/" in said else f"{said}/{name}"
    known = preset_names()
    if full not in known:
        guess = nearest(full, known)
        remedy = f"did you mean \"{guess}\"?" if guess else f"one of: {', '.join(known)}"
        raise definition.mistake(f"there is no preset '{full}'", "extracts", name, "preset", remedy=remedy)
    file, _, one = full.partition("/")
    return preset(file), one


def _without(definition: Definition, name: str, said: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """The preset's extract without the columns that the definition takes away, and without those that it replaces."""
    columns = dict(theirs["columns"])
    for column in said.get("without", []) if isinstance(said.get("without", []), list) else []:
        if column not in columns:
            guess = nearest(column, columns)
            remedy = f"did you mean '{guess}'?" if guess else f"its columns: {', '.join(columns)}"
            raise definition.mistake(f"the preset has no column '{column}' that could be left out", "extracts", name,
                                     "without", remedy=remedy)
        del columns[column]
    own = said.get("columns", {})
    for column, keys in (own.items() if isinstance(own, Mapping) else ()):
        if isinstance(keys, Mapping) and column in columns and (
                ("value" in keys and "from" in columns[column]) or ("from" in keys and "value" in columns[column])):
            del columns[column]
    key = [one for one in theirs.get("key", []) if one in columns or one in own]
    return {**theirs, "columns": columns} | ({"key": key} if "key" in theirs else {})


def _merged(ours: Any, theirs: Any) -> Any:
    """`theirs` where `ours` is silent, through all tables within."""
    if not (isinstance(ours, Mapping) and isinstance(theirs, Mapping)):
        return ours
    return {**theirs, **{key: _merged(value, theirs[key]) if key in theirs else value for key, value in ours.items()}}


def _keys(table: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for key, value in table.items():
        yield (key,)
        if isinstance(value, Mapping):
            yield from ((key, *more) for more in _keys(value))
