"""Item changes: answers at two time points in; the mean of each item on the same people, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pandas import DataFrame

from analysis.measures.cells import Cells
from analysis.measures.questionnaires.paired import CAUTIONS, NOBODY, mean, mean_interval, why_no_spread
from analysis.measures.summary import About, Summary
from analysis.reference.instruments import Instrument


def item_changes(responses: DataFrame, enrolled: DataFrame, instruments: Sequence[Instrument],
                 wording: Mapping[tuple[str, str], str], *, baseline: str = "baseline", follow_up: str = "follow_up",
                 window: str = "baseline and follow-up",
                 labels: tuple[str, str] = ("Baseline", "Follow-up")) -> Summary:
    """
    The mean answer to each item at both time points, of people who answered that item at both, and the mean change.

    Answers are as they were given: a reversed item is not turned, an impossible answer counts as none, and of two
    different answers to one item neither counts. `wording` gives (instrument, item) its words, which belong to the
    study's own file; an item without any is called by its number. `labels` heads the columns of the time points. Items
    of one questionnaire are many looks at one thing: a single one that moved is no finding. Named cells: `enrolled`
    and, by instrument and item, `peg_item_1_people`, `_baseline`, `_follow_up`, `_change`, `_low`, `_high`.
    """
    cells = Cells("item changes")
    people = enrolled["patient_id"].dropna().unique()
    cells.people("enrolled", len(people), name="enrolled")
    for one in instruments:
        rows = responses[(responses["instrument"] == one.name) & responses["patient_id"].isin(people)
                         & responses["answer"].between(one.lowest, one.highest).fillna(False)]
        told = rows[["patient_id", "timepoint", "item", "answer"]].drop_duplicates()
        told = told[~told.duplicated(["patient_id", "timepoint", "item"], keep=False)]
        for item in one.items:
            wide = told[told["item"] == item].pivot(index="patient_id", columns="timepoint", values="answer")
            _row(cells, one, item, wide.reindex(columns=[baseline, follow_up]).astype("Float64").astype(float).dropna(),
                 wording.get((one.name, item), f"Item {item}"), f"{baseline}, {follow_up}", labels)
    return cells.summary("Answers item by item, same people", About(
        "people enrolled", "people who answered the item at both time points",
        missing="an item left blank is not compared", window=window),
        notes=("Answers as they were given, in the numbers of the questionnaire; the change is "
               "follow-up minus baseline, with its 95% confidence interval.", *CAUTIONS),
        stub="Item", columns=("People", *labels, "Change"))


def _row(cells: Cells, one: Instrument, item: str, both: DataFrame, label: str, between: str,
         labels: tuple[str, str]) -> None:
    first, second = (both[column] for column in both.columns)
    change = second - first

    def value(number: float | None, statistic: str, name: str, absent: str = NOBODY) -> str:
        return cells.value(number, statistic, population="enrolled", n=len(both), unit="points", digits=1,
                           absent=absent if number is None else "", name=f"{one.name}_item_{item}_{name}",
                           instrument=one.name, item=item, between=between)

    low, high = mean_interval(change)
    why = why_no_spread(change)
    cells.row(label, {
        "People": ("{n}", {"n": cells.count(len(both), "people who answered it twice", population="enrolled",
                                            name=f"{one.name}_item_{item}_people", instrument=one.name, item=item,
                                            between=between)}),
        labels[0]: ("{mean}", {"mean": value(mean(first), "mean answer at baseline", "baseline")}),
        labels[1]: ("{mean}", {"mean": value(mean(second), "mean answer at follow-up", "follow_up")}),
        "Change": ("{change} ({low} to {high})", {
            "change": value(mean(change), "mean change", "change"),
            "low": value(low, "mean change, 95% CI lower end", "low", why),
            "high": value(high, "mean change, 95% CI upper end", "high", why)})},
        section=f"{one.title} (answers from {one.lowest} to {one.highest})")
