"""Questionnaire scores: one answer a row in, one score per person, instrument and time point out."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from pandas import DataFrame

from analysis.errors import Mistake
from analysis.reference.instruments import Instrument

COLUMNS = ["patient_id", "instrument", "timepoint", "score", "items_answered", "reason"]

NOTHING_ANSWERED = "no item answered"
TOO_FEW_ANSWERED = "too few items answered"
OUT_OF_RANGE = "answer out of range"
TWO_ANSWERS = "two answers to one item"


def scores(responses: DataFrame, instruments: Sequence[Instrument]) -> DataFrame:
    """
    The score of each answered questionnaire: patient_id, instrument, timepoint, score, items_answered, reason.

    `responses` is the canonical table; answers to other instruments are left out. A score that cannot be had is
    missing and `reason` says why; where there is a score, `reason` is missing. `items_answered` counts the items
    with an answer, whatever it is. Rows are ordered by instrument as given, then person, then time point. A Mistake
    is raised where an item is none of its instrument's: then no score of it can be right. An index needs an instrument
    with its value set (`Instrument.value_set`), and ValueError is raised where it has none.

    One answer that cannot be (an 11 on a scale to 10) costs the whole score: an analyst may prefer to treat it as
    blank, but a rule for blanks was made for items that people skip, not for keying errors. Blanks are filled only
    as the instrument's own file says (`answered_at_least`), with the mean of that person's answered items.
    """
    parts = [_scored(responses[responses["instrument"] == one.name], one) for one in instruments]
    return pd.concat([_empty(), *parts], ignore_index=True) if parts else _empty()


def _empty() -> DataFrame:
    return DataFrame({"patient_id": pd.Series(dtype="str"), "instrument": pd.Series(dtype="str"),
                      "timepoint": pd.Series(dtype="str"), "score": pd.Series(dtype="Float64"),
                      "items_answered": pd.Series(dtype="Int64"), "reason": pd.Series(dtype="str")})


def _scored(answers: DataFrame, instrument: Instrument) -> DataFrame:
    if instrument.score == "index" and instrument.value_set is None:
        raise ValueError(f"{instrument.title} has no index until a value set is chosen")
    stray = sorted(set(answers["item"].astype(str)) - set(instrument.items))
    if stray:
        raise Mistake(f"{instrument.title} has no item '{stray[0]}'", where="responses",
                      remedy=f"its items are: {', '.join(instrument.items)}")
    if answers.empty:
        return _empty()
    sheet = ["patient_id", "timepoint"]
    told = answers[[*sheet, "item", "answer"]].drop_duplicates()
    # A blank beside an answer to the same item is no second answer.
    told = told[told["answer"].notna() | ~told.duplicated([*sheet, "item"], keep=False)]
    twice = told[told.duplicated([*sheet, "item"])].set_index(sheet).index
    wide = (told.drop_duplicates([*sheet, "item"]).astype({"item": str})
            .pivot(index=sheet, columns="item", values="answer").reindex(columns=list(instrument.items))
            .astype("Float64").sort_index())
    values = wide.to_numpy(dtype=float, na_value=np.nan)
    answered = (~np.isnan(values)).sum(axis=1)
    possible = np.isnan(values) | ((values >= instrument.lowest) & (values <= instrument.highest)
                                   & (values == np.round(values)))
    reason = np.select(
        [wide.index.isin(twice), ~possible.all(axis=1), answered == 0, answered < instrument.answered_at_least],
        [TWO_ANSWERS, OUT_OF_RANGE, NOTHING_ANSWERED, TOO_FEW_ANSWERED], default="")
    score = np.full(len(wide), np.nan)
    good = reason == ""
    score[good] = _points(values[good], answered[good], instrument)
    return DataFrame({
        "patient_id": wide.index.get_level_values("patient_id").astype("str"),
        "instrument": pd.Series([instrument.name] * len(wide), dtype="str"),
        "timepoint": wide.index.get_level_values("timepoint").astype("str"),
        "score": pd.array(np.where(good, score, 0.0), dtype="Float64"),
        "items_answered": pd.array(answered, dtype="Int64"),
        "reason": pd.Series([None if r == "" else r for r in reason], dtype="str"),
    }).assign(score=lambda frame: frame["score"].where(good))


def _points(values: np.ndarray, answered: np.ndarray, instrument: Instrument) -> np.ndarray:
    backwards = np.array([item in instrument.reversed for item in instrument.items])
    turned = np.where(backwards, instrument.lowest + instrument.highest - values, values)
    total = np.nansum(turned, axis=1)
    if instrument.score == "mean":
        return total / answered
    if instrument.score == "index":
        return np.array([instrument.value_set.index(levels) for levels in turned.astype(int)])
    if instrument.score == "sum":
        return total * len(instrument.items) / answered
    return np.array(instrument.conversion)[(total - instrument.lowest * len(instrument.items)).astype(int)]
