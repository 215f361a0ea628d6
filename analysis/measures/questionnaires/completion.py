"""Completion: questionnaire time points and scores in; how many were due, returned and scored out."""

from collections.abc import Mapping, Sequence

import pandas as pd
from pandas import DataFrame, Series

from analysis.measures.cells import Cells
from analysis.measures.summary import About, Summary
from analysis.reference.instruments import Instrument

NOT_REACHED = ("not yet due", "died", "left")  # these people could not have answered
STRAY = "Answered without a record of return"
HEADS = ("Enrolled", "Due", "Scored", "Returned")


def completion(timepoints: DataFrame, scores: DataFrame, enrolled: DataFrame, instruments: Sequence[Instrument], *,
               labels: Mapping[str, str]) -> Summary:
    """
    How many questionnaires were due, returned and scored, for each instrument and time point.

    `timepoints` is the canonical table, `scores` what `scores()` returns, `enrolled` any frame with the patient_id
    of everybody enrolled; rows of other people are left out. `labels` gives the time points, in order, and their
    headings. Named cells: `enrolled`, and for each instrument and time point (`phq9_follow_up_…`) `due`, `returned`,
    `scored`, `not_returned`, `returned_share` and `scored_share` (of due), `returned_share_enrolled`,
    `scored_share_enrolled`.
    ValueError where a person has two rows for one time point.

    Two denominators are shown because they answer two questions: of all enrolled (fixed) is what the evaluation
    knows; of those due (alive, still registered, time point reached by the data cut) is how well the collecting
    went. The dead are not missing. A person whose outcome is not recorded is counted as due, which can only make
    the return look worse. Method: SISAQOL, fixed and variable denominators (PMC8096374, table 1).
    """
    cells = Cells("questionnaire completion")
    people = pd.Index(enrolled["patient_id"].dropna().unique())
    everybody = cells.people("enrolled", len(people), name="enrolled")
    for one in instruments:
        table: dict[str, dict[str, tuple[str, dict[str, str]]]] = {}
        for timepoint, label in labels.items():
            rows = _one_timepoint(cells, one.name, timepoint, everybody,
                                  _outcomes(timepoints, one.name, timepoint, people),
                                  _answered(scores, one.name, timepoint, people))
            for row, entry in rows.items():
                table.setdefault(row, {})[label] = entry
        for row, entries in table.items():
            cells.row(row, entries, section=one.title, depth=0 if row in HEADS else 1, optional=row == STRAY)
    blanks = "; ".join(one.missing_words for one in instruments)
    return cells.summary("Questionnaires due, returned and scored", About(
        "people enrolled",
        "all enrolled (fixed), and those due: alive, registered, and reached by the data cut (variable)",
        missing=f"a person without a recorded outcome is counted as due and not returned. {blanks}",
        window=", ".join(labels.values())), stub="Questionnaire", columns=tuple(labels.values()))


def _outcomes(timepoints: DataFrame, instrument: str, timepoint: str, people: pd.Index) -> Series:
    """The outcome of each enrolled person; 'not recorded' where there is no row, no word, or an unknown one."""
    rows = timepoints[(timepoints["instrument"] == instrument) & (timepoints["timepoint"] == timepoint)]
    told = rows.set_index("patient_id")["outcome"].reindex(people).astype("str")
    return told.where(told.isin(("returned", "not returned", *NOT_REACHED)), "not recorded")


def _answered(scores: DataFrame, instrument: str, timepoint: str, people: pd.Index) -> Series:
    """For each enrolled person who answered anything: whether that came to a score."""
    rows = scores[(scores["instrument"] == instrument) & (scores["timepoint"] == timepoint)
                  & (scores["items_answered"] > 0) & scores["patient_id"].isin(people)]
    return rows.set_index("patient_id")["score"].notna()


def _one_timepoint(cells: Cells, instrument: str, timepoint: str, everybody: str, outcomes: Series,
                   answered: Series) -> dict[str, tuple[str, dict[str, str]]]:
    where = {"instrument": instrument, "timepoint": timepoint}
    key = f"{instrument}_{timepoint}"
    back = outcomes.index[outcomes == "returned"]
    with_score = answered.index[answered].intersection(back)

    def count(value: int, statistic: str, name: str = "") -> str:
        return cells.count(value, statistic, population="enrolled", name=name, **where)

    scored = count(len(with_score), "scored", f"{key}_scored")
    others = count(int((~outcomes.isin(NOT_REACHED)).sum()) - len(with_score), "due and not scored")
    due = cells.total([scored, others], "due", population="enrolled", name=f"{key}_due", **where)
    # Few return a sheet that cannot be scored. Counted beside those who returned none, they would hide what was due.
    unscored = count(len(back) - len(with_score), "returned without a score")
    returned = cells.total([scored, unscored], "returned", population="enrolled", name=f"{key}_returned", **where)
    silent = cells.derived([others, unscored], "less the others", "not returned", population="enrolled", unit="people",
                           digits=0, name=f"{key}_not_returned", **where)
    never = {word: count(int((outcomes == word).sum()), word) for word in NOT_REACHED}
    stray = count(len(answered.index.difference(back)), "answered without a record of return")

    def with_shares(cell: str, word: str) -> tuple[str, dict[str, str]]:
        return "{n} ({of_due} of due, {of_enrolled} of enrolled)", {
            "n": cell, "of_due": cells.share(cell, due, name=f"{key}_{word}_share"),
            "of_enrolled": cells.share(cell, everybody, name=f"{key}_{word}_share_enrolled")}

    return {
        "Enrolled": ("{n}", {"n": everybody}),
        **{word.capitalize(): ("{n}", {"n": cell}) for word, cell in never.items()},
        "Due": ("{n}", {"n": due}),
        "Scored": with_shares(scored, "scored"),
        "Returned": with_shares(returned, "returned"),
        "Returned without a score": ("{n}", {"n": unscored}),
        "Not returned": ("{n}", {"n": silent}),
        STRAY: ("{n}", {"n": stray}),
    }
