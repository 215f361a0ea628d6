"""Score changes: questionnaire scores and published sizes of change in; who improved, stayed and worsened, out."""

from __future__ import annotations

from collections.abc import Sequence

from pandas import DataFrame, Series

from analysis.measures.cells import Cells
from analysis.measures.questionnaires.paired import CAUTIONS, blanks, chosen, pairs_of, section_of
from analysis.measures.questionnaires.thresholds import no_room, said_of, verdicts
from analysis.measures.summary import About, Summary
from analysis.reference.instruments import NO_CHANGE, Change, Instrument

WILSON = "Intervals of shares are 95% Wilson score intervals without continuity correction."
SHARE = "{share} ({low} to {high})"


def score_changes(scores: DataFrame, enrolled: DataFrame, instruments: Sequence[Instrument], *,
                  baseline: str = "baseline", follow_up: str = "follow_up",
                  window: str = "baseline and follow-up") -> Summary:
    """
    How many people improved, stayed or worsened by each instrument's size of change, of the paired and of all enrolled.

    A change of exactly that size counts. Named cells for each instrument: `peg_improved`, `peg_unchanged`,
    `peg_worsened`, each also with `_share` (of those with both scores) and `_share_enrolled`, either with `_low` and
    `_high`, and `peg_paired`, `peg_not_paired`, `peg_no_room` (to improve), `peg_no_room_to_worsen`. Instruments whose
    file gives no size are left out, and a note names them.

    The share of the paired flatters a service that loses the people it did not help; the share of all enrolled
    counts everybody without two scores as not improved, which is harsh. Neither is right alone. People whose
    baseline was too near an end of the scale to move by that much are counted, as no service could have moved them.
    """
    cells = Cells("score changes")
    people = enrolled["patient_id"].dropna().unique()
    everybody = cells.people("enrolled", len(people), name="enrolled")
    known = [one for one in instruments if one.change]
    for one in known:
        pairs = pairs_of(scores, one, people, baseline, follow_up).dropna()
        _rows(cells, one, one.change, pairs, f"{baseline}, {follow_up}", everybody, len(people))
    silent = tuple(f"{one.title} is left out: {NO_CHANGE}." for one in instruments if not one.change)
    return cells.summary("People whose score changed by the instrument's threshold", About(
        "people enrolled", "people with a score at both time points, and all enrolled",
        missing="people without both scores count as not improved among all enrolled. " + blanks(known),
        window=window),
        notes=(*(said_of(one, one.change) for one in known), *silent, WILSON, *chosen(known), *CAUTIONS),
        stub="At follow-up", columns=("People", "Of those with both scores", "Of all enrolled"))


def _rows(cells: Cells, one: Instrument, change: Change, both: DataFrame, between: str, everybody: str,
          enrolled: int) -> None:
    where = {"population": "enrolled", "instrument": one.name, "between": between}
    # The threshold is part of what is counted, so of the cell's identity.
    by = {"threshold": change.words}
    counts = _counted(cells, verdicts(both, one, change), one.name, **where, **by)
    paired = cells.total([counts["improved"], counts["not improved"]], "people with both scores",
                         name=f"{one.name}_paired", **where, **by)
    lost = cells.count(enrolled - len(both), "people without both scores", name=f"{one.name}_not_paired", **where)
    stuck = {end: cells.count(int(no_room(both, one, change, end).sum()), f"no room to {word}",
                              name=f"{one.name}_no_room{more}", **where, **by)
             for end, word, more in (("best", "improve", ""), ("worst", "worsen", "_to_worsen"))}

    def share(cell: str, of: str, name: str) -> tuple[str, dict[str, str]]:
        low, high = cells.interval(cell, of, name=name)
        return SHARE, {"share": cells.share(cell, of, name=name), "low": low, "high": high}

    labels = {"improved": f"Improved by {change.words} or more", "unchanged": "Changed by less",
              "worsened": f"Worsened by {change.words} or more"}
    for word, label in labels.items():
        cells.row(label, {
            "People": ("{n}", {"n": counts[word]}),
            "Of those with both scores": share(counts[word], paired, f"{one.name}_{word}_share"),
            "Of all enrolled": share(counts[word], everybody, f"{one.name}_{word}_share_enrolled")},
            section=section_of(one))
    for label, cell in (("With both scores", paired), ("Without both scores", lost)):
        cells.row(label, {"People": ("{n}", {"n": cell}),
                          "Of all enrolled": ("{share}", {"share": cells.share(cell, everybody)})},
                  section=section_of(one))
        if cell == paired:
            for end, words in (("best", "no room to improve"), ("worst", "no room to worsen")):
                cells.row(f"of them, {words} by as much at baseline", {"People": ("{n}", {"n": stuck[end]})},
                          section=section_of(one), depth=1)


def _counted(cells: Cells, found: Series, name: str, **where: str) -> dict[str, str]:
    """
    Improved, not improved, worsened, and unchanged as what is left of those who did not improve.

    Few worsen. Were the three counted side by side, a small count of them would hide how many had both scores, and
    every share with it; or, if that were shown, could be worked back from the two others.
    """
    counts = {word: cells.count(int(mask.sum()), word, name=f"{name}_{word.replace(' ', '_')}", **where)
              for word, mask in (("improved", found.eq("improved")), ("not improved", found.ne("improved")),
                                 ("worsened", found.eq("worsened")))}
    counts["unchanged"] = cells.derived([counts["not improved"], counts["worsened"]], "less the others", "unchanged",
                                        unit="people", digits=0, name=f"{name}_unchanged", **where)
    return counts


def other_thresholds(scores: DataFrame, enrolled: DataFrame, instruments: Sequence[Instrument], *,
                     baseline: str = "baseline", follow_up: str = "follow_up",
                     window: str = "baseline and follow-up") -> Summary:
    """
    The share improved and worsened by every size of change that an instrument's file gives, so that the choice shows.

    Named cells: `enrolled`, and by place in the file, the one in use first, `peg_1_improved`, `peg_1_worsened`, each
    with `_share`, `_share_low`, `_share_high`, of those with both scores.
    """
    cells = Cells("other thresholds")
    people = enrolled["patient_id"].dropna().unique()
    cells.people("enrolled", len(people), name="enrolled")
    known = [one for one in instruments if one.change]
    for one in known:
        both = pairs_of(scores, one, people, baseline, follow_up).dropna()
        where = {"population": "enrolled", "instrument": one.name, "between": f"{baseline}, {follow_up}"}
        for place, change in enumerate(one.changes, 1):
            found = verdicts(both, one, change)
            counts = _counted(cells, found, f"{one.name}_{place}", threshold=change.words, **where)
            paired = cells.total([counts["improved"], counts["not improved"]], "people with both scores",
                                 threshold=change.words, **where)
            entries = {}
            for word in ("improved", "worsened"):
                name = f"{one.name}_{place}_{word}_share"
                low, high = cells.interval(counts[word], paired, name=name)
                entries[word.capitalize()] = ("{n} ({share}; {low} to {high})", {
                    "n": counts[word], "share": cells.share(counts[word], paired, name=name), "low": low, "high": high})
            use = "" if place > 1 else ", the one in use" if len(one.changes) > 1 else ", the only one"
            cells.row(f"{change.words} ({change.kind}){use}", entries, section=section_of(one))
    return cells.summary("The same changes by each published threshold", About(
        "people enrolled", "people with a score at both time points", missing=f"no score is imputed. {blanks(known)}",
        window=window), notes=(*(said_of(one, change) for one in known for change in one.changes), WILSON, *CAUTIONS),
        stub="A change of", columns=("Improved", "Worsened"))
