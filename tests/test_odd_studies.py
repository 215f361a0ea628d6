"""Studies in which nobody came, one person did, or nothing was answered: every measure has words for it, and no nan."""

import inspect
import math
import re
import warnings

import numpy as np
import pandas as pd
import pytest

from analysis.errors import Mistake
from analysis.evaluation import Evaluation
from analysis.evaluation.cost import Cost
from analysis.evaluation.doses import Doses
from analysis.evaluation.outcomes import Outcomes
from analysis.evaluation.people import People
from analysis.evaluation.reach import Reach
from analysis.measures.summary import Summary
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release
from analysis.study import open_study
from pipelines.steps import check_and_tidy

SAID_BADLY = re.compile(r"\b(nan|NaN|inf|NaT|None|<NA>)\b")
SLOW = {"dose_grid", "dose_sensitivity"}  # made of what the other measures of doses are made of
RECORDS = ("contacts", "interventions", "prescriptions", "responses", "timepoints", "recruitment", "events")


@pytest.fixture(scope="module")
def whole(make_project):
    study = open_study("south-glos", make_project())
    check_and_tidy(study)
    return study, {path.stem: pd.read_parquet(path) for path in (study.build / "tidy").glob("*.parquet")}


def of(people):
    return lambda tables: {name: frame[frame["patient_id"].isna() | frame["patient_id"].isin(people(tables))]
                           if "patient_id" in frame else frame for name, frame in tables.items()}


def without(*names):
    return lambda tables: {name: frame.iloc[:0] if name in names else frame for name, frame in tables.items()}


def blank(table, *kept):
    def blanked(tables):
        frame = tables[table].copy()
        for column in frame.columns.difference(["patient_id", "source_file", "source_row", *kept]):
            if frame[column].dtype != bool:
                frame[column] = pd.Series(np.nan, frame.index).astype(
                    frame[column].dtype if frame[column].dtype != "int64" else "Int64")
        return tables | {table: frame}

    return blanked


ODD = {
    "nobody": of(lambda tables: []),
    "one person": of(lambda tables: list(tables["episodes"]["patient_id"])[:1]),
    "no records of anything delivered": without(*RECORDS),
    "nothing known of anybody": blank("patients", "practice"),
}
OF_RECORDS = sorted({
    name for room in (People, Reach, Cost, Doses, Outcomes) for name, member in inspect.getmembers(room)
    if not name.startswith("_") and inspect.signature(member).return_annotation == "Summary"} - SLOW)
PROFILES = [Profiles({"enrolled": profile(name)}) for name in ("none", "opensafely")]


@pytest.mark.parametrize("odd", ODD)
def test_every_measure_of_an_odd_study_has_words_and_no_nan(odd, whole):
    study, tables = whole
    evaluation = Evaluation(study, ODD[odd](tables))
    asked = 0
    for name in OF_RECORDS:
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            try:
                found: Summary = getattr(evaluation, name)()
            except Mistake:
                continue  # said in words, with what to write instead
        asked += 1
        assert not [cell.words for cell in found.cells.values()
                    if cell.value is not None and not math.isfinite(cell.value)], name
        for profiles in PROFILES:
            shown = release(found, profiles)
            said = [cell.text for cell in shown.cells.values()] + [line.label for line in shown.lines]
            assert not [words for words in said if SAID_BADLY.search(words)], name
    assert asked > 40
