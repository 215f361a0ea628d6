"""A notebook and the parameters asked for in; the checked parameters out, before any kernel starts."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from analysis.errors import Mistake, suggestion

TYPES = {"str": str, "int": int, "float": float, "bool": bool}


def declared(notebook: Mapping, name: str) -> dict[str, tuple[str, object]]:
    """
    The parameters that a notebook declares: name -> (type, default), from its one cell tagged `parameters`.

    Each is one line `name: type = default`, read with `ast`; papermill's own inspection misreads several forms.
    """
    cells = [c for c in notebook["cells"] if "parameters" in c["metadata"].get("tags", [])]
    if len(cells) != 1:
        raise Mistake(f"{len(cells)} cells are tagged 'parameters'", where=name, remedy="a page has exactly one")
    source = "".join(cells[0]["source"])
    found: dict[str, tuple[str, object]] = {}
    where, remedy = f"{name}, the parameters cell", 'one a line, typed: study: str = "a-study"'
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise Mistake(f"line {error.lineno} is no Python: {error.msg}", where=where, remedy=remedy) from None
    for statement in statements:
        if not _is_parameter(statement):
            raise Mistake(f"'{ast.unparse(statement)}' is no parameter", where=where, remedy=remedy)
        kind, default = statement.annotation.id, ast.literal_eval(statement.value)
        if type(default) is not TYPES[kind]:
            raise Mistake(f"parameter '{statement.target.id}' is {default!r}, a {type(default).__name__}", where=where,
                          remedy=f"it must be {kind}")
        found[statement.target.id] = (kind, default)
    return found


def _is_parameter(statement: ast.stmt) -> bool:
    """Whether it is `name: type = value`, with the value written out."""
    if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
            and isinstance(statement.annotation, ast.Name) and statement.annotation.id in TYPES and statement.value):
        return False
    try:
        ast.literal_eval(statement.value)
    except ValueError:
        return False
    return True


def checked(notebook: Mapping, asked: Mapping[str, object], name: str) -> dict[str, object]:
    """The parameters asked for, if the notebook declares each with that type. Raises Mistake for any it does not."""
    known = declared(notebook, name)
    for parameter, value in asked.items():
        if parameter not in known:
            raise Mistake(f"the notebook has no parameter '{parameter}'", where=name,
                          remedy=suggestion(parameter, known, f"it has: {', '.join(known)}"))
        kind = known[parameter][0]
        if type(value) is not TYPES[kind]:
            raise Mistake(f"parameter '{parameter}' is {value!r}, a {type(value).__name__}", where=name,
                          remedy=f"it must be {kind}")
    return dict(asked)


def from_words(notebook: Mapping, words: Mapping[str, str], name: str) -> dict[str, object]:
    """Parameters typed on a command line, made the type that the notebook declares: '007' can stay text."""
    known = declared(notebook, name)
    values: dict[str, object] = {}
    for parameter, word in words.items():
        kind = known.get(parameter, ("str", ""))[0]
        try:
            values[parameter] = {"true": True, "false": False}[word.lower()] if kind == "bool" else TYPES[kind](word)
        except (KeyError, ValueError):
            wanted = "bool: true or false" if kind == "bool" else kind
            raise Mistake(f"parameter '{parameter}' is '{word}'", where=name, remedy=f"it must be {wanted}") from None
    return checked(notebook, values, name)


def read_notebook(path: Path) -> dict:
    """The notebook's JSON; Mistake where the file is none."""
    import json

    if not path.is_file():
        there = sorted(p.stem for p in path.parent.glob("*.ipynb"))
        raise Mistake(f"there is no page '{path.stem}'",
                      remedy=suggestion(path.stem, there, always=f"notebooks/ has: {', '.join(there)}"))
    try:
        notebook = json.loads(path.read_text("utf-8"))
        why = "" if isinstance(notebook, dict) and "cells" in notebook else "it has no cells"
    except ValueError as error:
        why = str(error)
    if why:
        raise Mistake(f"this is no notebook: {why}", where=path.name, remedy="save it again from JupyterLab")
    return notebook
