"""Summary in, Released out: the only door between a true number and a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import InitVar, dataclass, replace
from typing import Literal

from analysis.errors import Mistake, suggestion
from analysis.measures.derived import FORMULAS
from analysis.measures.statistics.proportions import wilson
from analysis.measures.summary import CURRENCIES, About, Cell, Line, P, Summary
from analysis.measures.verdicts import CANNOT, HIDDEN, VERDICTS
from analysis.protect.printing import printed
from analysis.protect.profile import Profile, Profiles

Status = Literal["shown", "hidden", "absent"]
ROUNDED = ("count", "sum")  # the kinds that a profile rounds
_DOOR = object()  # only release() holds it


@dataclass(frozen=True)
class ReleasedCell:
    """A number as it may be seen. `value` is the protected number, None where it is hidden or could not be computed."""

    id: str
    text: str
    value: float | None
    status: Status
    words: str
    unit: str
    statistic: str
    dimensions: tuple[tuple[str, str], ...]
    why: str = ""


@dataclass(frozen=True)
class Released:
    """A Summary after disclosure control: the only thing that `present` accepts."""

    measure: str
    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    cells: Mapping[str, ReleasedCell]
    about: About
    names: Mapping[str, str]
    notes: tuple[str, ...]
    stub: str
    profiles: tuple[Profile, ...]
    _door: InitVar[object] = None  # not kept, so that dataclasses.replace finds the door shut too

    def __post_init__(self, _door: object):
        if _door is not _DOOR:
            raise TypeError("a Released is made by protect.release and by nothing else")

    def named(self, name: str) -> ReleasedCell:
        """The cell that the measure gave this name."""
        if name not in self.names:
            raise Mistake(f"'{self.measure}' has no number called '{name}'",
                          remedy=suggestion(name, self.names, always=f"it has: {', '.join(sorted(self.names))}"))
        return self.cells[self.names[name]]

    def __repr__(self) -> str:
        return f"Released({self.measure!r}, {len(self.cells)} cells)"


def release(summary: Summary, profiles: Profiles, *, plan: Collection[str] = (), rounding: str = "half up") -> Released:
    """
    The summary with every number protected by the profile of its population.

    Counts, and sums over people: hidden where few people stand behind them, the rest rounded. Percentages, rates,
    totals, survival and what a formula derives: computed again from the protected counts, hidden where one of those is.
    A verdict: decided of the numbers as they are printed. Other statistics: hidden where they rest on few people. A
    word about a number: hidden with it, and where it was rounded.
    `plan` names further cells to hide (secondary suppression, found by the audit of the whole report).
    """
    done: dict[str, ReleasedCell] = {}

    def protect(identity: str) -> ReleasedCell:
        if identity not in done:
            cell = summary.cells[identity]
            done[identity] = (_verdict(cell, [seen(part) for part in cell.parts]) if cell.kind == "verdict" else
                              _protected(cell, profiles.of(cell.population), protect, exact, plan, rounding))
        return done[identity]

    def seen(identity: str) -> tuple[float, float] | str | None:
        """What a number may be, for whoever sees it as it is printed: a verdict must not tell more."""
        found, cell = protect(identity), summary.cells[identity]
        if found.status != "shown":
            return HIDDEN if found.status == "hidden" else None
        if cell.kind == "count" and not exact(identity):
            return profiles.of(cell.population).unrounded(found.value, cell.goes_by)
        if cell.kind == "sum" and not exact(identity):
            half = profiles.of(cell.population).round_to / 2
            return max(found.value - half, 0.0), found.value + half
        if cell.kind == "total" and not exact(identity):
            parts = [seen(part) for part in cell.parts]
            return cell.factor * sum(low for low, _ in parts), cell.factor * sum(high for _, high in parts)
        if cell.kind == "ratio" and not exact(identity):
            top, bottom, times = seen(cell.numerator), seen(cell.denominator), 100 if cell.unit == "%" else 1
            return times * top[0] / bottom[1], times * top[1] / bottom[0]
        number = float(printed(found.value, cell.digits, rounding).replace(",", ""))
        return number, number

    def exact(identity: str) -> bool:
        """Whether the cell, where it is shown, is shown as it truly is: no count that it comes from is rounded."""
        cell = summary.cells[identity]
        if cell.kind in ROUNDED:
            return profiles.of(cell.population).round_to == 1
        return all(exact(source) for source in (cell.numerator, cell.denominator, *cell.parts) if source)

    for identity in summary.cells:
        protect(identity)
    lines = tuple(line for line in summary.lines if not (line.optional and _shows_nought(line, done))
                  and not (line.goes_with and done[line.goes_with].status == "hidden"))
    used = {profiles.of(cell.population).name: profiles.of(cell.population) for cell in summary.cells.values()}
    return Released(summary.measure, summary.title, summary.columns, lines,
                    {identity: _as_printed(done[identity], cell, rounding) for identity, cell in summary.cells.items()},
                    summary.about, summary.names, summary.notes, summary.stub,
                    tuple(used[name] for name in sorted(used)), _DOOR)


def _as_printed(found: ReleasedCell, cell: Cell, rounding: str) -> ReleasedCell:
    """A figure is drawn to the last place that is printed: beyond it a mean tells of how many people it is."""
    if found.value is None or cell.kind in ("verdict", "text"):
        return found
    return replace(found, value=float(printed(found.value, cell.digits, rounding).replace(",", "")))


def _verdict(cell: Cell, seen: list[tuple[float, float] | str | None]) -> ReleasedCell:
    """Whether what is claimed of the numbers holds of what is seen of them."""
    held = VERDICTS[cell.formula](seen)
    if held is None:
        return ReleasedCell(cell.id, CANNOT, None, "absent", cell.words, "", cell.statistic, cell.dimensions,
                            "a number that it is about is hidden, or there is none")
    yes, no = cell.text.split("|")
    return ReleasedCell(cell.id, yes if held else no, float(held), "shown", cell.words, "", cell.statistic,
                        cell.dimensions)


def _shows_nought(line: Line, done: Mapping[str, ReleasedCell]) -> bool:
    """Whether what keeps the line is a count of nought, or a share of it: decided from released values only."""
    cells = [done[line.stays_with]] if line.stays_with else [done[one] for _, _, ids in line.entries for _, one in ids]
    return all(cell.status == "absent" or (cell.status == "shown" and not cell.value) for cell in cells)


def _protected(cell: Cell, profile: Profile, protect, exact, plan: Collection[str], rounding: str) -> ReleasedCell:
    def shown(value: float) -> ReleasedCell:
        money = cell.unit if cell.unit in CURRENCIES else ""
        digits = 0 if cell.kind == "sum" and not exact(cell.id) else cell.digits
        text = money + printed(value, digits, rounding) + ("%" if cell.unit == "%" else "")
        if cell.unit == P and value < 10 ** -cell.digits:
            text = f"<{printed(10 ** -cell.digits, cell.digits)}"  # no probability is nought
        return ReleasedCell(cell.id, text, float(value), "shown", cell.words, cell.unit, cell.statistic,
                            cell.dimensions)

    def without(status: Status, text: str, why: str) -> ReleasedCell:
        return ReleasedCell(cell.id, text, None, status, cell.words, cell.unit, cell.statistic, cell.dimensions, why)

    def hidden(*because: ReleasedCell) -> ReleasedCell:
        """Hidden, in the words of this profile; where it has none, in those of the hidden cell that this follows."""
        markers = (profile.marker, *(one.text for one in because if one.status == "hidden"), "hidden")
        return without("hidden", next(filter(None, markers)),
                       "hidden: too few people, or it would give away such a number")

    if cell.id in plan:
        return hidden()
    if cell.kind in ("ratio", "lower", "upper"):
        top, bottom = protect(cell.numerator), protect(cell.denominator)
        if "hidden" in (top.status, bottom.status):
            return hidden(top, bottom)
        if not bottom.value:
            return without("absent", "–", cell.absent or "nobody to divide by")
        if top.value is None:
            return without("absent", "–", cell.absent)
        if cell.kind == "ratio":
            return shown((100 if cell.unit == "%" else 1) * top.value / bottom.value)
        # Rounded separately, a part may come to be more than the whole.
        return shown(wilson(min(top.value, bottom.value), bottom.value)[cell.kind == "upper"])
    if cell.kind == "total":
        parts = [protect(part) for part in cell.parts]
        if any(part.status == "hidden" for part in parts):
            return hidden(*parts)
        return shown(cell.factor * sum(part.value for part in parts))
    if cell.kind == "survival":
        return _survival(cell, profile, protect, exact, shown, hidden, without)
    if cell.kind == "derived":
        parts = [protect(part) for part in cell.parts]
        if any(part.status == "hidden" for part in parts):
            return hidden(*parts)
        value = FORMULAS[cell.formula]([part.value for part in parts])
        return without("absent", "–", cell.absent or "it cannot be computed") if value is None else shown(value)
    if cell.kind == "text":
        followed = protect(cell.numerator or cell.parts[0])
        # Beside a rounded number the word would tell the number as it was before.
        told = bool(cell.numerator) and not exact(cell.numerator)
        if profile.hides(cell.n) or followed.status == "hidden" or told:
            return hidden(followed)
        return replace(shown(cell.value or 0), text=cell.text)
    if profile.hides(cell.n) or (cell.numerator and (cell.numerator in plan or not exact(cell.numerator))):
        return hidden()
    if cell.value is None:
        return without("absent", cell.text or "–", cell.absent)
    return shown(profile.rounded(cell.value, cell.goes_by) if cell.kind in ROUNDED else cell.value)


def _survival(cell: Cell, profile: Profile, protect, exact, shown, hidden, without) -> ReleasedCell:
    """
    The estimate to the day where its counts stand as they are; else one of the protected counts, so that a step between
    two times is a difference of what stands in the table, and not one person's.
    """
    *steps, after = cell.parts
    reached, at_risk = steps[::2], steps[1::2]
    if profile.hides(cell.n) or "hidden" in (protect(reached[-1]).status, protect(after).status):
        return hidden(protect(reached[-1]), protect(after))
    value = cell.value
    if not all(exact(part) and protect(part).status == "shown" for part in cell.parts):
        from analysis.measures.statistics.survival import between_times

        # Of a time whose count is hidden nothing is known but what the next one says of both.
        steps = [(protect(a).value, protect(b).value) for a, b in zip(reached, at_risk, strict=True)]
        value = between_times(steps, cell.factor)
        if value is None:
            return hidden(*(protect(part) for part in cell.parts))
        value *= 100
    return shown(value) if value is not None else without("absent", "–", cell.absent)
