"""Band changes: scores at two time points in; how many people went from which band to which, out."""

from __future__ import annotations

from collections.abc import Sequence

from pandas import DataFrame

from analysis.measures.cells import Cells
from analysis.measures.questionnaires.paired import CAUTIONS, blanks, chosen, pairs_of, section_of
from analysis.measures.summary import About, Summary
from analysis.reference.instruments import Instrument

NO_SCORE = "no score"


def band_changes(scores: DataFrame, enrolled: DataFrame, instruments: Sequence[Instrument], *,
                 baseline: str = "baseline", follow_up: str = "follow_up",
                 window: str = "baseline and follow-up",
                 labels: tuple[str, str] = ("Baseline", "Follow-up")) -> Summary:
    """
    For each band at baseline, how many people were in which band at follow-up, or had no score.

    Everybody enrolled is in one row: those without a score at either time are a band of their own, since bands of those
    who returned alone would hide who is missing. Bands are half-open, so every score is in one. Named cells: `enrolled`
    and, by the places of both bands from the lowest score, `phq9_1_2`; `phq9_1` is all that were in the first at
    baseline, `phq9_to_2` all in the second at follow-up, and place 0 is no score. Instruments without bands are left
    out and named.
    """
    cells = Cells("band changes")
    people = enrolled["patient_id"].dropna().unique()
    cells.people("enrolled", len(people), name="enrolled")
    known = [one for one in instruments if one.bands]
    for one in known:
        pairs = pairs_of(scores, one, people, baseline, follow_up).reindex(people)
        bands = [NO_SCORE, *(band.label for band in one.bands)]
        places = {time: pairs[time].map(lambda score, one=one, bands=bands: bands.index(one.band(score)),
                                        na_action="ignore").fillna(0).astype(int) for time in ("baseline", "follow_up")}
        _rows(cells, one, bands, places, f"{baseline}, {follow_up}", labels)
    silent = tuple(f"{one.title} is left out: its file gives no bands." for one in instruments if not one.bands)
    sources = tuple(f"Bands of the {one.title}: {one.bands_source}." for one in known)
    return cells.summary("From band to band", About(
        "people enrolled", "all enrolled who were in the band at baseline",
        missing=f"no score is a row and a column of its own. {blanks(known)}", window=window),
        notes=(*sources, *silent, *chosen(known), *CAUTIONS),
        stub=f"Band at {labels[0].lower()}, and at {labels[1].lower()}",
        columns=("People", f"Of the band at {labels[0].lower()}"))


def _rows(cells: Cells, one: Instrument, bands: list[str], places: dict, between: str,
          labels: tuple[str, str]) -> None:
    share, last = f"Of the band at {labels[0].lower()}", labels[1].lower()
    where = {"population": "enrolled", "instrument": one.name, "between": between}
    order = [*range(1, len(bands)), 0]
    columns: dict[int, list[str]] = {second: [] for second in order}
    for first in order:
        parts = {second: cells.count(int(((places["baseline"] == first) & (places["follow_up"] == second)).sum()),
                                     "people", name=f"{one.name}_{first}_{second}", at_baseline=bands[first],
                                     at_follow_up=bands[second], **where) for second in order}
        whole = cells.total(list(parts.values()), "people in the band at baseline", name=f"{one.name}_{first}",
                            at_baseline=bands[first], **where)
        for second, cell in parts.items():
            columns[second].append(cell)
        cells.row(bands[first].capitalize(), {"People": ("{n}", {"n": whole})}, section=section_of(one))
        for second, cell in parts.items():
            cells.row(f"then {bands[second]}", {
                "People": ("{n}", {"n": cell}), share: ("{share}", {
                    "share": cells.share(cell, whole)})}, section=section_of(one), depth=1, optional=True)
    then = {second: cells.total(parts, "people in the band at follow-up", name=f"{one.name}_to_{second}",
                                at_follow_up=bands[second], **where) for second, parts in columns.items()}
    everybody = cells.total([cell for parts in columns.values() for cell in parts], "people in any band", **where)
    cells.row("Everybody", {"People": ("{n}", {"n": everybody})}, section=section_of(one))
    for second, cell in then.items():
        cells.row(f"at {last} {bands[second]}", {"People": ("{n}", {"n": cell}), share: (
            "{share}", {"share": cells.share(cell, everybody)})}, section=section_of(one), depth=1)
