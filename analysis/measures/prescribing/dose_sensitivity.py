"""What every scenario says of the doses in; which conclusions change with the choices of the definition, out."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.measures.cells import Cells
from analysis.measures.prescribing.dose_change import UNIT
from analysis.measures.prescribing.dose_scenarios import DIRECTIONS, UNKNOWN, Found, Grid
from analysis.measures.prescribing.doses import CAUTION, LABELS, UNCONTROLLED
from analysis.measures.summary import About, Summary
from analysis.measures.words import capitalised

MEASURE = "dose scenarios"
OTHER = "Other conclusions"
MEDIANS = "Median, mg a day"
FIELDS = {"table": "Another factor table", "prn": "As-required directions counted otherwise",
          "range": "Ranges read otherwise", "window": "Another window",
          "definition": "Another definition of a daily dose"}
_PRN = {"none": "not counted", "half": "counted half", "full": "counted in full"}
_SHARE_WORDS = dict(zip((*DIRECTIONS, UNKNOWN), ("fewer", "as many", "more", UNKNOWN), strict=True))
_SIGNS = dict(zip((*DIRECTIONS, UNKNOWN), (-1, 0, 1, 9), strict=True))


def words(field: str, value: object) -> str:
    """A choice in words: 'window', 28 -> '28 days'."""
    if field == "prn":
        return _PRN[value]
    if field == "range":
        return f"at their {value}"
    if field == "window":
        return f"{value} days"
    return str(value)


def dose_sensitivity(grid: Grid, *, labels: tuple[str, str] = LABELS) -> Summary:
    """
    One choice at a time made otherwise: medians, who stopped, who was at the high-dose line, and whose change turned.

    Beside each number stands what is concluded from it, in words, and which of these conclusions are not those of the
    study's own definition: whether the median was lower, how many stopped, whether fewer were at or above the line.
    Medians and counts are of those with a dose at both time points under that scenario. "Other direction": people
    whose dose was lower under one of the two scenarios and not under the other, or higher and not.
    """
    cells = Cells(MEASURE)
    everybody = cells.people("enrolled", len(grid.index_dates[0]), name="enrolled")
    own = grid.found[grid.own]
    rows = _Rows(cells, grid, everybody, labels)
    rows.add(own, "As defined", "The definition of this study: " + ", ".join((
        grid.own.table, f"as required {words('prn', grid.own.prn)}", f"ranges {words('range', grid.own.range)}",
        words("window", grid.own.window), grid.own.definition)), {"scenario": "own"})
    others = [(field, one) for field, scenarios in grid.one_at_a_time().items() for one in scenarios]
    for field, scenario in others:
        value = getattr(scenario, field)
        rows.add(grid.found[scenario], _capital(words(field, value)), FIELDS[field], {field: str(value)})
    found = [grid.found[one] for _, one in others]
    cells.count(len(found), "scenarios that differ in one choice", population="enrolled", unit="scenarios",
                people=own.both, name="others")
    for name, what in (("median_differs", "median"), ("stopped_differs", "stopped"), ("high_differs", "high doses")):
        cells.count(sum(what in differing(f, own) for f in found), f"scenarios with another conclusion: {what}",
                    population="enrolled", unit="scenarios", people=_least(f.both for f in found), name=name)
    return cells.summary("Prescribed opioid dose if one choice is made otherwise", About(
        "people enrolled", "medians and counts: people with a dose at both time points; shares: all enrolled",
        missing="people without a dose under a scenario are left out of it",
        window="as the row says"), notes=(UNCONTROLLED, CAUTION), stub="Choice",
        columns=("People", MEDIANS, "Stopped", rows.high, OTHER, "Other direction"))


def dose_grid(grid: Grid) -> Summary:
    """
    Every combination of the choices: in how many of them each conclusion holds, in all and by factor table.

    It counts scenarios, which are not equally sensible, and is no probability: it shows how far a conclusion depends on
    choices that reports seldom name.
    """
    cells = Cells(MEASURE)
    own = grid.found[grid.own]
    groups = {"All": list(grid.found.values()),
              **{t: [f for s, f in grid.found.items() if s.table == t] for t in grid.tables}}
    cells.row("Combinations", {g: ("{n}", {"n": _scenarios(cells, len(of), "combinations", g, (f.both for f in of),
                                                         "combinations" if g == "All" else "")})
                               for g, of in groups.items()})
    for statement, of, said, behind in (
            ("The median at follow-up was", "median_was", {}, lambda f: (f.both,)),
            (f"At or above {grid.high_dose:g} mg a day at follow-up there were", "high_was", _SHARE_WORDS,
             lambda f: f.high)):
        for word in (*DIRECTIONS, UNKNOWN):
            label = said.get(word, word)
            entries = {g: ("{n}", {"n": _scenarios(cells, sum(getattr(f, of) == word for f in found),
                                                   f"combinations: {statement} {label}", g,
                                                   (n for f in found for n in behind(f)),
                                                   f"{of}_{_slug(word)}" if g == "All" else "")})
                       for g, found in groups.items()}
            cells.row(_capital(label), entries, section=statement, optional=word == UNKNOWN)
    for label, numbers in (("People with both doses", lambda f: f.both), ("Stopped", lambda f: f.stopped),
                           ("Lower or stopped", lambda f: f.lower), ("Higher", lambda f: f.higher),
                           ("Change in another direction than by the definition", lambda f: f.turned(own))):
        cells.row(label, {g: ("{least} to {most}", {
            end: cells.count(pick(map(numbers, found)), f"{words_} number of people: {label.lower()}",
                             population="enrolled", name=f"{end}_{_slug(label)}" if g == "All" else "", tables=g)
            for end, pick, words_ in (("least", min, "smallest"), ("most", max, "largest"))})
            for g, found in groups.items()}, section="People, fewest to most")
    for k, label in enumerate(LABELS):
        cells.row(f"{label}, {UNIT}", {g: ("{least} to {most}", {
            end: cells.value(pick([f.median[k] for f in found if f.both], default=None), f"{words_} median",
                             population="enrolled", n=_least(f.both for f in found), unit=UNIT, digits=0, tables=g,
                             timepoint=label, absent="nobody with both doses",
                             name=f"{end}_median_{k}" if g == "All" else "")
            for end, pick, words_ in (("least", min, "smallest"), ("most", max, "largest"))})
            for g, found in groups.items()}, section="Median, lowest to highest")
    return cells.summary("Prescribed opioid dose under every combination of choices", About(
        "people enrolled", "combinations of factor table, rules, window and definition",
        missing="as under each combination", window=", ".join(f"{w}" for w in grid.choices["window"]) + " days"),
        notes=("Combinations are counted, sensible or not: their number is no probability.", UNCONTROLLED),
        stub="Conclusion", columns=tuple(groups))


# ------------------------------------------------------------------------------------------------ parts


class _Rows:
    """The rows of the table, the first being that of the definition's own scenario."""

    def __init__(self, cells: Cells, grid: Grid, everybody: str, labels: tuple[str, str]):
        self.cells, self.grid, self.everybody, self.labels = cells, grid, everybody, labels
        self.own: list[str] = []
        self.high = f"At or above {grid.high_dose:g}"

    def add(self, found: Found, label: str, section: str, dims: dict[str, str]) -> None:
        cells, labels, first = self.cells, self.labels, not self.own

        def name(what: str) -> str:
            return f"own_{what}" if first else ""

        def count(value: int, what: str, **more: str) -> str:
            return cells.count(value, what, population="enrolled", **dims, **more)

        medians = [cells.value(value, "median", population="enrolled", n=found.both, unit=UNIT, digits=0, timepoint=t,
                               absent="nobody with both doses", name=name(f"median_{k}"), **dims)
                   for k, (t, value) in enumerate(zip(labels, found.median, strict=True))]
        stopped = count(found.stopped, "stopped")
        high = [count(value, f"at or above {self.grid.high_dose:g} {UNIT}", timepoint=t)
                for t, value in zip(labels, found.high, strict=True)]
        # A word that follows several counts follows their total, which is hidden where one of them is.
        both = cells.total(high, "at or above the line, both time points", population="enrolled", **dims)
        entries = {
            "People": ("{n}", {"n": count(found.both, "people with both doses")}),
            MEDIANS: ("{before} → {after}: {was}", {"before": medians[0], "after": medians[1], "was": cells.word(
                found.median_was, _SIGNS[found.median_was], "the median at follow-up", follows=medians[1],
                name=name("median_was"), **dims)}),
            "Stopped": ("{n} ({share})", {"n": stopped, "share": cells.share(stopped, self.everybody)}),
            self.high: ("{before} → {after}: {was}", {"before": high[0], "after": high[1], "was": cells.word(
                _SHARE_WORDS[found.high_was], _SIGNS[found.high_was], "people at or above the line at follow-up",
                follows=both, name=name("high_was"), **dims)}),
        }
        if first:
            self.own = [stopped, *high]
        else:
            own = self.grid.found[self.grid.own]
            seen = cells.total([stopped, *high, *self.own], "counts that conclusions rest on", population="enrolled",
                               **dims)
            other = differing(found, own)
            entries[OTHER] = ("{which}", {"which": cells.word(
                ", ".join(other) or "none", len(other), "conclusions that differ", follows=seen, **dims)})
            entries["Other direction"] = ("{n}", {"n": count(
                found.turned(own), "change in another direction than by the definition")})
        cells.row(label, entries, section=section)


def differing(found: Found, own: Found) -> list[str]:
    """The conclusions of a scenario that are not those of the definition's own."""
    return [what for what, differs in (("median", found.median_was != own.median_was),
                                       ("stopped", found.stopped != own.stopped),
                                       ("high doses", found.high_was != own.high_was)) if differs]


def _scenarios(cells: Cells, many: int, statistic: str, group: str, people: Iterable[int], name: str = "") -> str:
    """A count of combinations; as few people stand behind it as behind the smallest of them."""
    return cells.count(many, statistic, population="enrolled", unit="combinations", people=_least(people), name=name,
                       tables=group)


def _least(people: Iterable[int]) -> int:
    return min((n for n in people if n), default=0)


def _capital(said: str) -> str:
    """A sentence's first letter, but not that of a name such as fpm-2020."""
    return said if "-20" in said or said in ("openprescribing", "scottish") else capitalised(said)


def _slug(label: str) -> str:
    return label.lower().replace(" ", "_")
