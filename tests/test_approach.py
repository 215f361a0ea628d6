"""The declared approach to coding decides what is counted; what it leaves out is left out with its reason."""

import pytest

from analysis.approach import REFLEXIVE, in_words, saturation_rule, verdicts
from analysis.errors import DefinitionMistake
from analysis.study import open_study
from pipelines.needs import is_met, left_out

DEFINITION = """\
title    = "A small service"
period   = { from = 2025-01-01, to = 2025-12-31 }
data_cut = { records = 2025-12-31 }
[disclosure]
enrolled = "none"
[extracts.visits]
table = "contacts"
file = "visits.csv"
[extracts.visits.columns]
contact_id = { from = "Ref" }
"""
INTERVIEWS = '[interviews]\nproject = "coded.qdpx"\ncoding = "{}"\n'


def study(root, approach="", more=""):
    folder = root / "pipelines" / "studies" / "small"
    folder.mkdir(parents=True, exist_ok=True)
    said = INTERVIEWS.format(approach) + more if approach else ""
    (folder / "study.toml").write_text(DEFINITION + said, "utf-8")
    return open_study("small", root)


def shown(one):
    return {what for what, verdict in verdicts(one).items() if verdict.shown}


@pytest.mark.parametrize(("approach", "more", "what"), [
    ("coding reliability", "", {"counts", "coefficients", "saturation"}),
    ("coding reliability", "coefficients = false\n", {"counts", "saturation"}),
    ("codebook", "", {"counts"}),
    ("codebook", "coefficients = true\n", {"counts", "coefficients"}),
    ("codebook", "saturation = { base = 6, run = 3, threshold = 0.0 }\n", {"counts", "saturation"}),
    ("reflexive", "", set()), ("", "", set())])
def test_what_an_approach_shows(tmp_path, approach, more, what):
    assert shown(study(tmp_path, approach, more)) == what


def test_a_reflexive_analysis_that_asks_for_a_coefficient_is_a_mistake_with_its_line(tmp_path):
    with pytest.raises(DefinitionMistake) as mistake:
        verdicts(study(tmp_path, "reflexive", "coefficients = true\n"))
    assert str(mistake.value) == ("study.toml, line 14: a reflexive analysis has no coefficients\n"
                                  "  -> take 'coefficients' out, or declare the approach that was taken")


def test_the_rule_of_saturation_is_its_authors_unless_the_definition_has_another(tmp_path):
    assert saturation_rule(study(tmp_path, "coding reliability")) == {"base": 4, "run": 2, "threshold": 0.05}
    said = study(tmp_path, "codebook", "saturation = { base = 6, run = 3, threshold = 0.0 }\n")
    assert saturation_rule(said) == {"base": 6, "run": 3, "threshold": 0.0}


def test_what_is_left_out_is_said_with_its_reason(tmp_path):
    assert in_words(study(tmp_path, "codebook"))[1] == (
        "Agreement between coders",
        "left out: a codebook analysis shows it only where its protocol says so")


def test_pages_and_cells_need_what_the_approach_allows(tmp_path):
    one = study(tmp_path, "reflexive", "\n[[joint]]\nquestion = \"?\"\ninference = \"silence\"\n")
    assert not is_met(one, "counts") and is_met(one, "interviews.project")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "07_integration.ipynb").write_text(
        '{"cells": [], "metadata": {"needs": ["joint", "counts"]}, "nbformat": 4, "nbformat_minor": 5}', "utf-8")
    assert [why for _, why in left_out(one)] == [
        f"theme counts {REFLEXIVE}"]
