"""Numbers of a measure as they are counted in; their cells and the lines of its table, as one Summary, out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from analysis.measures.statistics.proportions import wilson
from analysis.measures.summary import About, Cell, Line, Summary


class Cells:
    """
    Collects the cells and lines of one measure, then makes the Summary.

    A cell that is added twice must be the same number twice: two numbers that claim one identity are a fault in the
    measure. `record` marks a table of checks, of choices or of what others published: nothing that a protocol could
    plan, so that nothing is said below it of having been planned.
    """

    def __init__(self, measure: str, *, record: bool = False):
        self.measure = measure
        self._record = record
        self._cells: dict[str, Cell] = {}
        self._lines: list[Line] = []
        self._columns: list[str] = []
        self._names: dict[str, str] = {}

    def add(self, cell: Cell, name: str = "") -> str:
        before = self._cells.setdefault(cell.id, cell)
        if before != cell:
            raise ValueError(f"two numbers for one cell: {cell.words}: {before.value} and {cell.value}")
        if name:
            self._names[name] = cell.id
        return cell.id

    def people(self, population: str, n: int, name: str = "") -> str:
        """How many people a population has: the same cell in every measure, and the usual denominator."""
        return self.add(Cell("people", population, "people", "count", int(n), int(n), "people"), name)

    def count(self, value: int, statistic: str = "people", *, population: str, people: int | None = None,
              unit: str = "people", goes_by: int = 1, name: str = "", **dimensions: str) -> str:
        """
        A count. Where it counts something other than people, `people` says how many people stand behind it, and
        `goes_by` how much one more adds to it: for minutes MINUTES at least.
        """
        n = int(value if people is None else people)
        return self.add(Cell(self.measure, population, statistic, "count", int(value), n, unit,
                             dimensions=_sorted(dimensions), goes_by=goes_by), name)

    def share(self, numerator: str, denominator: str, statistic: str = "share", *, digits: int = 1,
              name: str = "") -> str:
        """Numerator over denominator as a percentage; both are ids of cells added before."""
        top, bottom = self._cells[numerator], self._cells[denominator]
        value = 100 * top.value / bottom.value if bottom.value else None
        return self.add(Cell(self.measure, top.population, f"{statistic} of {bottom.words} [{top.statistic}]", "ratio",
                             value, top.n, "%", digits, top.dimensions, numerator, denominator,
                             absent="" if bottom.value else "nobody to divide by"), name)

    def interval(self, numerator: str, denominator: str, *, digits: int = 1, name: str = "") -> tuple[str, str]:
        """
        The ends of the 95% Wilson interval of a share; both arguments are ids of cells added before.

        After protection they follow from the protected counts, for those of true counts would give these away.
        """
        top, bottom = self._cells[numerator], self._cells[denominator]
        ends = wilson(top.value, bottom.value) or (None, None)
        return tuple(self.add(Cell(self.measure, top.population,
                                   f"95% interval of {bottom.words} [{top.statistic}], {end} end", end, value, top.n,
                                   "%", digits, top.dimensions, numerator, denominator,
                                   absent="" if bottom.value else "nobody to divide by"),
                              f"{name}_{short}" if name else "")
                     for end, short, value in zip(("lower", "upper"), ("low", "high"), ends, strict=True))

    def rate(self, numerator: str, denominator: str, statistic: str, *, unit: str, digits: int = 2, name: str = "",
             absent: str = "nothing to divide by") -> str:
        """Numerator over denominator, as it is (contacts per person-month, cost per person), by ids as in `share`."""
        top, bottom = self._cells[numerator], self._cells[denominator]
        value = top.value / bottom.value if bottom.value and top.value is not None else None
        return self.add(Cell(self.measure, top.population, f"{statistic} of {bottom.words} [{top.statistic}]", "ratio",
                             value, top.n, unit, digits, top.dimensions, numerator, denominator,
                             absent="" if value is not None else absent), name)

    def times(self, part: str, factor: float, statistic: str, *, unit: str, digits: int = 0, name: str = "",
              **dimensions: str) -> str:
        """A cell added before, multiplied by what is not anybody's (a cost per minute); after protection too."""
        cell = self._cells[part]
        return self.add(Cell(self.measure, cell.population, statistic, "total", cell.value * factor, cell.n, unit,
                             digits, _sorted(dimensions), parts=(part,), factor=float(factor)), name)

    def survival(self, value: float | None, statistic: str, *, population: str, n: int,
                 steps: Sequence[tuple[str, str]], after: str, errors: float = 0, absent: str = "", name: str = "",
                 **dimensions: str) -> str:
        """
        The share, in per cent, that an event has not reached by a time: true as given, protected from protected counts.

        `steps` are, for each time up to this one, the ids of the people whom the event has reached by then and of those
        at risk after the time before; `after` of those at risk after this one, too few of whom hide it. `errors` is 0
        for the estimate and minus or plus z for an end of its interval.
        """
        parts = (*(identity for step in steps for identity in step), after)
        return self.add(Cell(self.measure, population, statistic, "survival", value, int(n), "%", 1,
                             _sorted(dimensions), parts=parts, absent=absent, factor=float(errors)), name)

    def total(self, parts: list[str], statistic: str = "total", *, population: str, name: str = "",
              **dimensions: str) -> str:
        """The sum of counts added before; after protection it is the sum of the protected counts."""
        cells = [self._cells[p] for p in parts]
        return self.add(Cell(self.measure, population, statistic, "total", sum(c.value for c in cells),
                             sum(c.n for c in cells), cells[0].unit if cells else "",
                             cells[0].digits if cells else 0, _sorted(dimensions), parts=tuple(parts)), name)

    def derived(self, parts: Sequence[str], formula: str, statistic: str, *, population: str, unit: str = "",
                digits: int = 1, absent: str = "", name: str = "", **dimensions: str) -> str:
        """
        A number that a formula of derived.FORMULAS makes of counts added before; after protection, of what they became.

        Computed of the true counts it would stand beside rounded ones that do not give it, and tell what they were.
        """
        from analysis.measures.derived import FORMULAS

        cells = [self._cells[part] for part in parts]
        value = FORMULAS[formula]([cell.value for cell in cells])
        return self.add(Cell(self.measure, population, statistic, "derived", value, min(cell.n for cell in cells), unit,
                             digits, _sorted(dimensions), parts=tuple(parts), formula=formula, absent=absent), name)

    def verdict(self, parts: Sequence[str], claim: str, statistic: str, *, words: str = "holds|does not hold",
                name: str = "", **dimensions: str) -> str:
        """
        Whether a claim of verdicts.VERDICTS holds of cells added before, in one of the two `words`.

        On release it is decided of what a reader sees: of the true numbers it could tell what stands behind a hidden or
        rounded one.
        """
        from analysis.measures.verdicts import VERDICTS

        true = [self._cells[part].value for part in parts]
        held = VERDICTS[claim]([None if value is None else (value, value) for value in true])
        return self.add(Cell(self.measure, "checks", statistic, "verdict", None if held is None else float(held), 0,
                             dimensions=_sorted(dimensions), parts=tuple(parts), formula=claim, text=words), name)

    def word(self, text: str, value: float, statistic: str, *, follows: str, name: str = "", **dimensions: str) -> str:
        """
        A word that tells something of the number in the cell `follows` (its id): hidden with it, and where it is
        rounded; `value` is for sums.
        """
        return self._text(text, value, statistic, follows, name, dimensions, numerator=follows)

    def beside(self, text: str, statistic: str, *, follows: str, name: str = "", **dimensions: str) -> str:
        """
        A word about the people behind the cell `follows` (its id) and not about their number, as when they were
        interviewed: hidden with it, and shown beside it where it is rounded.
        """
        return self._text(text, 0, statistic, follows, name, dimensions, parts=(follows,))

    def _text(self, text: str, value: float, statistic: str, follows: str, name: str, dimensions: Mapping[str, str],
              **tied: str | tuple[str, ...]) -> str:
        cell = self._cells[follows]
        return self.add(Cell(self.measure, cell.population, statistic, "text", float(value), cell.n,
                             dimensions=_sorted(dimensions), text=text, **tied), name)

    def value(self, value: float | None, statistic: str, *, population: str, n: int, unit: str = "", digits: int = 1,
              absent: str = "", instead: str = "", tells: str = "", name: str = "", **dimensions: str) -> str:
        """
        A statistic that is no count (a median, a mean, an interval's end), resting on `n` people.

        `tells` is the id of a count that could be worked out from it: it is hidden where that is rounded or hidden.
        `instead` stands in its place where it has no value ('not reached'), in words, and is hidden as it would be.
        """
        if value is None or (isinstance(value, float) and math.isnan(value)):
            value, absent = None, absent or "nobody to compute it from"
        return self.add(Cell(self.measure, population, statistic, "value", None if value is None else float(value),
                             int(n), unit, digits, _sorted(dimensions), numerator=tells,
                             absent=absent, text=instead if value is None else ""), name)

    def sum(self, value: float | None, statistic: str, *, population: str, n: int, unit: str, digits: int = 1,
            absent: str = "", name: str = "", **dimensions: str) -> str:
        """
        A sum over `n` people of what is no count (days, months). It is rounded as counts are.

        Shown to its last place, a sum less its other parts is the part that is hidden: the days of one person.
        """
        return self.add(Cell(self.measure, population, statistic, "sum", None if value is None else float(value),
                             int(n), unit, digits, _sorted(dimensions), absent=absent), name)

    def line(self, label: str, *, section: str = "", depth: int = 0,
             **entries: tuple[str, Mapping[str, str]]) -> None:
        """A row of the table; each keyword is a column, each value (pattern, placeholder -> cell id)."""
        self.row(label, entries, section=section, depth=depth)

    def row(self, label: str, entries: Mapping[str, tuple[str, Mapping[str, str]]], *, section: str = "",
            depth: int = 0, optional: bool = False, stays_with: str = "", goes_with: str = "") -> None:
        """
        As `line`, for columns that are no Python words; an `optional` row is left out where it shows nought, or where
        the count `stays_with` does; any row where the number `goes_with` is hidden.
        """
        for column in entries:
            if column not in self._columns:
                self._columns.append(column)
        self._lines.append(Line(label, tuple((c, p, tuple(ids.items())) for c, (p, ids) in entries.items()),
                                section, depth, optional, stays_with, goes_with))

    def summary(self, title: str, about: About, *, notes: tuple[str, ...] = (), stub: str = "",
                columns: tuple[str, ...] = ()) -> Summary:
        """The finished Summary; `columns` orders the columns where first mention does not."""
        return Summary(self.measure, title, tuple(columns or self._columns), tuple(self._lines), dict(self._cells),
                       about, dict(self._names), notes, stub, record=self._record)


def _sorted(dimensions: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((k, str(v)) for k, v in dimensions.items()))


def levels(values: Iterable[object], known: Sequence[str] = ()) -> list[str]:
    """
    The values that a table makes a row for: the definition's, whether they occur or not, then others by name.

    A row that came and went with its count would tell that a hidden count is not nought.
    """
    return [*known, *sorted({str(v) for v in values if v is not None and v == v} - set(known))]
