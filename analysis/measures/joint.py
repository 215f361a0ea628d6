"""The joint display: theme counts, other measures and the definition's rows in, words beside numbers out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from analysis.errors import DefinitionMistake, nearest
from analysis.measures.interviews.themes import plain
from analysis.measures.summary import About, Cell, Cells, Summary

# How findings of the two halves can stand to each other: O'Cathain, Murphy, Nicholl, BMJ 2010;341:c4587.
INFERENCES = ("convergence", "complementarity", "dissonance", "silence")
KEYS = ("question", "theme", "cells", "inference", "says")
NAMED = re.compile(r"\{([^{}]+)\}")
COLUMNS = ("Theme", "Mentioned in interviews", "In the records and questionnaires", "Meta-inference", "What it means")


def joint_display(rows: Sequence[Mapping], themes: Summary, others: Sequence[Summary]) -> Summary:
    """
    One joint display, statistics by theme: interviews that mention a theme beside numbers on the same question.

    `rows` are the study's `[[joint]]`: `question`; `theme` (a theme or code of `themes`, which `theme_counts` made);
    `cells` (a list: the name of a number in one of `others`, or words with names in braces, "median {baseline_median}
    mg a day"; where two measures use one name, 'measure: name'); `inference` (one of INFERENCES); `says`. A theme, or
    cells, may be left out only in a row of silence: there one half has nothing to say. The numbers keep their ids:
    they are the same cells as in their own tables.

    The inference is a person's judgement and comes from the definition; nothing here derives it from the numbers.
    Raises DefinitionMistake, with the nearest name, for a theme, number or key that is not there.
    """
    cells = Cells("joint display")
    for number, row in enumerate(rows, 1):
        where = f"[[joint]] {number}"
        _check(row, where)
        theme, said = _theme(cells, row.get("theme", ""), themes, where)
        cells.row(plain(row["question"]), dict(zip(COLUMNS, (
            (theme, {}), said, _numbers(cells, row.get("cells", []), others, where),
            (row["inference"].capitalize(), {}), (plain(row.get("says", "")), {})), strict=True)))
    return cells.summary(
        "Joint display: what people said beside what was counted",
        About("the people interviewed, and for each number the people of its own table",
              "interviews of each group; for the others see their own tables", "see each number's own table"),
        notes=("Convergence: both halves say the same. Complementarity: they speak of different sides. Dissonance: "
               "they disagree. Silence: one half has nothing to say.",
               "The meta-inference is the researchers' judgement and stands in the study's definition."),
        stub="Question", columns=COLUMNS)


def _check(row: Mapping, where: str) -> None:
    for key in row:
        if key not in KEYS:
            raise _mistake(f"there is no setting '{key}'", where, key, KEYS)
    if not row.get("question"):
        raise DefinitionMistake("the row has no question", where=where, remedy='write: question = "…"')
    inference = row.get("inference", "")
    if inference not in INFERENCES:
        raise _mistake(f"the inference is '{inference}'" if inference else "the row states no inference", where,
                       inference, INFERENCES)
    for half in ("theme", "cells"):
        if not row.get(half) and inference != "silence":
            raise DefinitionMistake(f"the row has no {half}", where=where,
                                    remedy=f"name its {half}, or where that half says nothing: inference = 'silence'")


def _theme(cells: Cells, theme: str, themes: Summary, where: str) -> tuple[str, tuple[str, dict[str, str]]]:
    """The label of a theme or code, and the pattern that shows in how many interviews it came up."""
    if not theme:
        return "no theme", ("", {})
    labels = _labels(themes)
    if theme not in labels:
        raise _mistake(f"there is no theme or code '{theme}'", where, theme, labels)
    base = {c.population: c for c in themes.cells.values() if c.measure == "interviews" and c.kind == "count"}
    pieces, ids = [], {}
    for cell in _counts(themes, theme):
        if cell.population in base:
            n, whole = len(pieces), base[cell.population]
            ids[f"x{n}"], ids[f"n{n}"] = cells.add(cell), cells.add(whole)
            pieces.append(f"{cell.population.removesuffix(' interviewed')} {{x{n}}} of {{n{n}}}")
    joined = "; ".join(pieces)
    return plain(labels[theme]), (joined[:1].upper() + joined[1:], ids)


def _counts(themes: Summary, theme: str) -> list[Cell]:
    return [c for c in themes.cells.values() if c.statistic == "interviews" and _code(c) == theme]


def _code(cell: Cell) -> str:
    """The code or theme that a cell of `theme_counts` counts."""
    where = dict(cell.dimensions)
    return where.get("code", where.get("theme", ""))


def _labels(themes: Summary) -> dict[str, str]:
    """Theme or code -> its label: that of the line which shows its cells."""
    labels = {}
    for line in themes.lines:
        shown = [themes.cells[identity] for _, _, ids in line.entries for _, identity in ids]
        labels.update({_code(cell): line.label for cell in shown if _code(cell)})
    return labels


def _numbers(cells: Cells, wanted: Sequence[str], others: Sequence[Summary], where: str) -> tuple[str, dict]:
    """The pattern of the second half; a bare name is shown after what its cell says it is."""
    pieces, ids = [], {}
    for words in wanted:
        def placed(match: re.Match) -> str:
            source, cell = _named(match[1].strip(), others, where)
            _copy(cells, source, cell)
            slot = f"v{len(ids)}"
            ids[slot] = cell.id
            return f"{{{slot}}}"

        if NAMED.search(words):
            pieces.append(NAMED.sub(placed, words))
        else:
            label = _named(words, others, where)[1].words
            pieces.append(f"{plain(label)}: {NAMED.sub(placed, '{' + words + '}')}")
    return "; ".join(pieces), ids


def _named(name: str, others: Sequence[Summary], where: str) -> tuple[Summary, Cell]:
    """The number of that name, and the measure that has it."""
    known: dict[str, list[tuple[Summary, str]]] = {}
    for other in others:
        for own, identity in other.names.items():
            for said in (own, f"{other.measure}: {own}"):
                known.setdefault(said, []).append((other, identity))
    if name not in known:
        raise _mistake(f"no measure has a number called '{name}'", where, name, known)
    found = known[name]
    if len({identity for _, identity in found}) > 1:
        ways = " or ".join(f"'{other.measure}: {name}'" for other, _ in found)
        raise DefinitionMistake(f"several measures have a number called '{name}'", where=where,
                                remedy=f"write {ways}")
    source, identity = found[0]
    return source, source.cells[identity]


def _copy(cells: Cells, source: Summary, cell: Cell) -> None:
    """The cell, with those that it is computed from: release computes percentages and totals again."""
    for needed in (*cell.parts, cell.numerator, cell.denominator):
        if needed:
            _copy(cells, source, source.cells[needed])
    cells.add(cell)


def _mistake(found: str, where: str, word: str, known) -> DefinitionMistake:
    guess = nearest(word, known)
    return DefinitionMistake(found, where=where, remedy=f"did you mean '{guess}'?" if guess else
                             f"one of: {', '.join(sorted(known))}")
