"""A study and a notebook's own words on what it needs in; which pages and cells a report has, and why not others, out.

A notebook says in its metadata what the page needs, `"needs": ["responses", "outcomes"]`, and a cell in its tags,
`needs-doses`. A need is met where an extract fills the canonical table of that name, the definition has the section, or
the study's folder has the file: `doses`, `published`. With a dot it is a key of one: `interviews.stance`. A page's need
may have alternatives: `contacts or interventions`. `counts`, `coefficients` and `saturation` are met where the declared
approach to coding allows them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from analysis.approach import TITLES, verdicts
from analysis.errors import Mistake, suggestion
from analysis.extracts.tables import TABLES
from analysis.study import CODEBOOK, SCHEMA, Study
from pipelines.parameters import read_notebook

TAG = "needs-"
FILES = ("codebook", "published", "unit_costs")  # what may lie beside study.toml, each a .toml
NUMBERED = "[0-9]*.ipynb"
HEADING = re.compile(r"(#{1,6})\s")


# ------------------------------------------------------------------------------------------------ what is there

def is_met(study: Study, need: str) -> bool:
    """Whether the study has what a page or cell needs, or one of the alternatives."""
    return any(_is_there(study, *one.split(".", 1)) for one in need.split(" or "))


def _is_there(study: Study, name: str, key: str = "") -> bool:
    if name in TITLES:
        return verdicts(study)[name].shown
    said = study.definition.values.get(name)
    if key:
        holder = study.codebook if name == "codebook" else said
        return isinstance(holder, Mapping) and bool(holder.get(key))
    return study.collects(name) or bool(said) or (name in FILES and (study.folder / f"{name}.toml").is_file())


def _check(need: str, where: str) -> None:
    """Mistake for a need that no study could meet: a word misspelt would leave its cells out for ever."""
    for one in need.split(" or "):
        name, _, key = one.partition(".")
        keys = CODEBOOK if name == "codebook" else SCHEMA.get(name)
        known = list(keys) if key and isinstance(keys, Mapping) else [*TABLES, *SCHEMA, *FILES, *TITLES]
        if (key or name) not in known:
            raise Mistake(f"it needs '{one}', which is no canonical table, section or file of a study", where=where,
                          remedy=suggestion(key or name, known, f"known: {', '.join(sorted(set(known)))}"))


# ------------------------------------------------------------------------------------------------ pages

def pages_of(study: Study, site: str = "all") -> list[str]:
    """
    The pages of the report over all, or of a site's own: those that the definition lists.

    Where it lists none, the numbered notebooks of the repository whose needs are met, by number, and behind another
    page where a notebook's metadata says `after`. One that cannot be read is among them, so that whoever reads it is
    told why.
    """
    if site != "all" and (own := study["sites"].get("pages")):
        return list(own)
    if listed := study.definition.values.get("pages"):
        return list(listed)
    return [path.stem for path in _numbered(study) if not _lacking(study, path)]


def left_out(study: Study) -> list[tuple[Path, str]]:
    """The numbered notebooks whose needs the study does not meet, each with the words for why."""
    return [(path, why) for path in _numbered(study) if (why := _lacking(study, path))]


def without(study: Study, notebook: Mapping, name: str) -> tuple[str, ...]:
    """
    The needs of the notebook's cells that the study does not meet: what the page has to do without.

    Raises Mistake where the page as a whole needs what the study does not have, or a need is none at all.
    """
    file = f"{name}.ipynb"
    for need in (*_of_page(notebook), *_of_cells(notebook)):
        _check(need, file)
    if why := _words(study, _of_page(notebook)):
        raise study.definition.mistake(f"the page '{name}' cannot be made: {why}", "pages",
                                       remedy="take it out of 'pages', or bring what it needs")
    return tuple(need for need in _of_cells(notebook) if not is_met(study, need))


def _numbered(study: Study) -> list[Path]:
    """The numbered notebooks in the order in which a report is read: by number, one with `after` behind that page."""
    paths = sorted((study.root / "notebooks").glob(NUMBERED))
    behind = {path: _said_by(path).get("after") for path in paths}
    order = [path for path in paths if behind[path] not in {other.stem for other in paths}]
    for path in (path for path in paths if path not in order):
        before = [n for n, other in enumerate(order) if behind[path] in (other.stem, behind[other])]
        order.insert(max(before, default=len(order) - 1) + 1, path)
    return order


def _lacking(study: Study, path: Path) -> str:
    """Why a page is left out; nothing where it is not."""
    return _words(study, _said_by(path).get("needs", ()))


def _said_by(path: Path) -> Mapping[str, Any]:
    """The metadata of a notebook; nothing of one that cannot be read."""
    stat = path.stat()
    return _metadata(path, stat.st_size, stat.st_mtime_ns)


@cache
def _metadata(path: Path, size: int, time: int) -> Mapping[str, Any]:
    """Read once as long as the file's size and time are the same."""
    try:
        return read_notebook(path).get("metadata", {})
    except Mistake:
        return {}


def _words(study: Study, needs: Iterable[str]) -> str:
    """What is not there, in words. Without the records, the sections that say what to do with them are no news."""
    unmet = [need for need in needs if not is_met(study, need)]
    if forbidden := [need for need in unmet if need in TITLES]:
        return f"{TITLES[forbidden[0]].lower()} {verdicts(study)[forbidden[0]].why}"
    tables = [need for need in unmet if set(need.split(" or ")) <= set(TABLES)]
    if tables:
        return f"not collected: {', '.join(tables)}"
    return f"not given: {', '.join(map(_named, unmet))}" if unmet else ""


def _named(need: str) -> str:
    """A section as the definition writes it, a file by its name."""
    return f"{need}.toml" if need in FILES else f"[{need}]" if need in SCHEMA else need


# ------------------------------------------------------------------------------------------------ cells

def _of_page(notebook: Mapping) -> list[str]:
    return list(notebook.get("metadata", {}).get("needs", []))


def _of_cell(cell: Mapping) -> list[str]:
    return [tag.removeprefix(TAG) for tag in cell["metadata"].get("tags", []) if tag.startswith(TAG)]


def _of_cells(notebook: Mapping) -> list[str]:
    return sorted({need for cell in notebook["cells"] for need in _of_cell(cell)})


def only_met(cells: list[Any], unmet: Collection[str]) -> list[Any]:
    """
    The cells of a notebook without those that need what is not there, so that what is left reads whole.

    A heading takes its section with it: all down to the next heading of its level or above. So does a section that had
    something to show and has nothing left.
    """
    dropped: set[int] = set()
    for number, cell in enumerate(cells):
        if set(_of_cell(cell)) & set(unmet):
            dropped |= set(_section(cells, number))
    for number, cell in reversed(list(enumerate(cells))):
        code = [at for at in _section(cells, number) if cells[at]["cell_type"] == "code"]
        if _level(cell) > 1 and code and set(code) <= dropped:
            dropped |= set(_section(cells, number))
    return [cell for number, cell in enumerate(cells) if number not in dropped]


def _section(cells: list[Any], number: int) -> range:
    """The cell, and where it begins with a heading, all that stands under it."""
    level = _level(cells[number])
    if not level:
        return range(number, number + 1)
    end = next((at for at in range(number + 1, len(cells)) if 0 < _level(cells[at]) <= level), len(cells))
    return range(number, end)


def _level(cell: Mapping) -> int:
    """The level of the heading that a text cell begins with; 0 where it begins with none."""
    found = HEADING.match("".join(cell["source"]).lstrip()) if cell["cell_type"] == "markdown" else None
    return len(found[1]) if found else 0
