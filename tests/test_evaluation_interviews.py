"""Evaluation of interviews: what a definition names is found in the log, else in the project that was coded."""

import pandas as pd
import pytest
from test_evaluation import altered

from analysis.errors import Mistake
from analysis.evaluation import Evaluation

CODES = pd.DataFrame({"code_id": ["pace"], "parent": [None], "name": ["Pace"]})
CODINGS = pd.DataFrame({"interview_id": ["I01", "I02"], "code_id": ["pace", "pace"], "coder": [None, None],
                        "start": [0, 0], "end": [4, 4], "text": ["slow", "slow"], "stance": [None, None]})
LOG = pd.DataFrame({"interview_id": ["I01", "I02", "I03"], "participant_id": ["P01", "P02", "P03"],
                    "group": ["service user"] * 3})


def by(root, name, *said):
    study = altered(root, ('coding   = "codebook"', f'by = ["{name}"]\ncoding   = "codebook"'))
    study.codebook.pop("themes", None)
    attributes = pd.DataFrame(said, columns=["interview_id", "name", "value"])
    return Evaluation(study, {"codes": CODES, "codings": CODINGS, "interviews": LOG,
                              "interview_attributes": attributes}).themes_by_attribute()


def test_codes_are_shown_by_a_variable_of_the_project_that_the_log_lacks(a_project):
    made = by(a_project, "branch", ("I01", "branch", "north"), ("I02", "branch", "south"), ("I03", "branch", "south"))
    assert made.columns == ("North", "South")


def test_an_interview_of_two_cases_is_in_no_column_of_either(a_project):
    """Two people in one interview: whose passage is whose is not known from the interview."""
    made = by(a_project, "case", ("I01", "case", "ann"), ("I02", "case", "bea"), ("I03", "case", "ann"),
              ("I03", "case", "bea"))
    base = made.lines[0]
    assert [made.cells[dict(base.entry(column)[1])["n"]].value for column in made.columns] == [1, 1]


def test_what_nobody_says_of_an_interview_is_a_mistake_with_what_is_known(a_project):
    with pytest.raises(Mistake, match="neither the interview log nor the coded project says 'brnch'"):
        by(a_project, "brnch", ("I01", "branch", "north"))
