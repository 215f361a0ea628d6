"""Words with names of numbers in braces, and the measures that have them, in; the same words and cells, bound, out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from analysis.errors import DefinitionMistake, suggestion
from analysis.measures.cells import Cells
from analysis.measures.interviews.passages import EVERYONE
from analysis.measures.summary import Cell, Summary
from analysis.measures.words import capitalised, plain

NAMED = re.compile(r"\{([^{}]+)\}")
MANY = 12  # names that a message lists
Place = Callable[..., str]  # keys of the definition -> the file and line where they stand
Bound = tuple[str, dict[str, str]]  # a pattern, and its placeholders with the ids of their cells


def mistake(found: str, where: str, word: str, known: Iterable[str]) -> DefinitionMistake:
    """A word that is not among the known ones, with the nearest of them."""
    known = list(known)
    short = sorted({one for one in known if ": " not in one})
    more = f" and {len(short) - MANY} more" if len(short) > MANY else ""
    return DefinitionMistake(found, where=where, remedy=suggestion(
        word, known, f"one of: {', '.join(short[:MANY])}{more}"))


Find = Callable[[str, str], tuple[Summary, Cell]]  # a name and the line that it stands on -> its measure and number


def has(name: str, sources: Iterable[Summary]) -> bool:
    """Whether one of the measures has a number of that name."""
    measure, apart, own = name.rpartition(": ")
    return any(own in one.names and (not apart or one.measure == measure) for one in sources)


def named(name: str, sources: Sequence[Summary], where: str) -> tuple[Summary, Cell]:
    """
    The number of that name, and the measure that has it; 'measure: name' where several measures have one.

    DefinitionMistake, with the nearest name, for one that nobody has, and for one that does not say which it is.
    """
    known: dict[str, list[tuple[Summary, str]]] = {}
    for other in sources:
        for own, identity in other.names.items():
            for said in (own, f"{other.measure}: {own}"):
                known.setdefault(said, []).append((other, identity))
    if name not in known:
        raise mistake(f"no measure has a number called '{name}'", where, name, known)
    found = known[name]
    if len({identity for _, identity in found}) > 1:
        ways = " or ".join(f"'{other.measure}: {name}'" for other, _ in found)
        raise DefinitionMistake(f"several measures have a number called '{name}'", where=where, remedy=f"write {ways}")
    source, identity = found[0]
    return source, source.cells[identity]


def taken(cells: Cells, source: Summary, cell: Cell) -> str:
    """The cell's id, once it stands among `cells` with those that it is computed from: release computes it again."""
    for needed in (*cell.parts, cell.numerator, cell.denominator):
        if needed:
            taken(cells, source, source.cells[needed])
    return cells.add(cell)


def numbers(cells: Cells, wanted: Sequence[str], find: Find, where: str) -> Bound:
    """Each of the words, with the numbers that they name; a bare name is shown after what its cell says it is."""
    pieces, ids = [], {}

    def placed(match: re.Match) -> str:
        slot = f"v{len(ids)}"
        ids[slot] = taken(cells, *find(match[1].strip(), where))
        return f"{{{slot}}}"

    for words in wanted:
        if NAMED.search(words):
            pieces.append(NAMED.sub(placed, words))
        else:
            label = find(words, where)[1].words
            pieces.append(f"{plain(label)}: {NAMED.sub(placed, '{' + words + '}')}")
    return "; ".join(pieces), ids


class Talked:
    """What `theme_counts` counted of one theme or code: by group, the interviews that mention it."""

    def __init__(self, themes: Summary, theme: str):
        self._themes = themes
        whole = {c.population: c for c in themes.cells.values() if c.measure == "interviews"}
        # By population: the interviews that mention it, and all of them.
        self.counts = {c.population: (c, whole[c.population]) for c in themes.cells.values()
                       if c.statistic == "interviews" and _code(c) == theme and c.population in whole}

    @property
    def groups(self) -> list[str]:
        """The populations, without the one of everybody."""
        return [population for population in self.counts if population != EVERYONE]

    def taken(self, cells: Cells, population: str) -> tuple[str, str]:
        """The ids of both counts of a population, once they stand among `cells`."""
        counted, whole = self.counts[population]
        return taken(cells, self._themes, counted), taken(cells, self._themes, whole)

    def in_words(self, cells: Cells) -> Bound:
        """In how many interviews of each group it came up."""
        pieces, ids = [], {}
        for n, population in enumerate(self.groups):
            ids[f"x{n}"], ids[f"n{n}"] = self.taken(cells, population)
            pieces.append(f"{population.removesuffix(' interviewed')} {{x{n}}} of {{n{n}}}")
        joined = "; ".join(pieces)
        return capitalised(joined), ids


class Asked:
    """What `asked_counts` counted of one theme: by group, the interviews in which its topic was raised."""

    def __init__(self, asked: Summary, theme: str):
        mine = [cell for cell in asked.cells.values()
                if cell.kind == "count" and dict(cell.dimensions).get("theme") == theme]
        self.summary = asked
        self.counts = [cell for cell in mine if cell.statistic == "asked"]
        # No record of a topic is not the same as nobody having been asked about it.
        self.on_record = any(cell.value for cell in mine if cell.statistic in ("asked", "not asked"))


def _code(cell: Cell) -> str:
    """The code or theme that a cell of `theme_counts` counts."""
    where = dict(cell.dimensions)
    return where.get("code", where.get("theme", ""))
