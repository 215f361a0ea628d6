"""Scores, doses and contacts of people in; for each person which group of an outcome and in which words, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.measures.activity.contacts import CONTACT_BANDS
from analysis.measures.questionnaires.paired import pairs_of
from analysis.measures.questionnaires.thresholds import verdicts
from analysis.reference.instruments import Instrument

UNKNOWN = "Not known"


@dataclass(frozen=True)
class Outcome:
    """
    What one half knows of each person: `group` and `words` by patient_id. Who has neither is not known.

    `groups` are all that there may be, in order, whether anybody is in them or not: a row that came and went would tell
    that a hidden count is not nought.
    """

    title: str
    groups: tuple[str, ...]
    group: Mapping[str, str]
    words: Mapping[str, str]

    def of(self, patient: str) -> str:
        """The group of a person."""
        return self.group.get(patient, UNKNOWN)

    def said(self, patient: str) -> str:
        """What stands for a person in a matrix of people."""
        return self.words.get(patient, UNKNOWN.lower())


def score_outcome(scores: pd.DataFrame, one: Instrument, baseline: str, follow_up: str) -> Outcome:
    """By the instrument's size of change, or where its file has none, whether the score was better at follow-up."""
    both = pairs_of(scores, one, scores["patient_id"].unique(), baseline, follow_up)
    pairs = both.dropna()
    if one.change:
        labels = {"improved": f"Improved by {one.change.words} or more", "unchanged": "Changed by less",
                  "worsened": f"Worsened by {one.change.words} or more"}
        found = verdicts(pairs, one, one.change)
    else:
        labels = {"improved": "Better", "unchanged": "The same", "worsened": "Worse"}
        found = pairs["better"].map(lambda better: "improved" if better > 0 else "worsened" if better < 0
                                    else "unchanged").astype("str")
    words = {patient: f"{_score(row.baseline)} to {_score(row.follow_up)}"
             for patient, row in zip(both.index, both.itertuples(), strict=True)}
    return Outcome(one.title, (*labels.values(), UNKNOWN), found.map(labels).to_dict(), words)


def dose_outcome(both: pd.DataFrame, title: str = "Opioid dose") -> Outcome:
    """By what became of the dose; `both` is what `prescribing.doses.paired` returns."""
    labels = {"lower": "Lower or stopped", "stopped": "Lower or stopped", "unchanged": "Unchanged", "higher": "Higher"}
    both = both.set_index("patient_id")
    known = both[["baseline", "follow_up"]].notna().any(axis=1)
    words = {patient: f"{_milligrams(row.baseline)} to {_milligrams(row.follow_up)} mg"
             for patient, row in zip(both.index[known], both[known].itertuples(), strict=True)}
    return Outcome(title, (*dict.fromkeys(labels.values()), UNKNOWN),
                   both.loc[both["change"].ne(""), "change"].map(labels).to_dict(), words)


def contact_outcome(contacts: pd.DataFrame, episodes: pd.DataFrame, title: str = "Attended contacts") -> Outcome:
    """By how many contacts each person enrolled attended, in the bands of the page of activity."""
    people = episodes["patient_id"].dropna().unique()
    attended = contacts[contacts["attendance"].eq("attended")].groupby("patient_id").size().reindex(people,
                                                                                                    fill_value=0)
    group = {patient: next(label for low, high, label in CONTACT_BANDS if low <= n <= high)
             for patient, n in attended.items()}
    return Outcome(title, (*(label for *_, label in CONTACT_BANDS), UNKNOWN), group,
                   {patient: str(n) for patient, n in attended.items()})


def _score(value: float) -> str:
    return "?" if pd.isna(value) else f"{round(value, 1):g}"


def _milligrams(value: float) -> str:
    return "?" if pd.isna(value) else f"{value:.0f}"
