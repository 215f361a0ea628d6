"""What a study must choose of its questionnaires, may choose, and may bring of its own."""

import re

import pandas as pd
import pytest
from small_extracts import DEFINITION, delivered, five_people, opened

from analysis.errors import DefinitionMistake
from analysis.evaluation.chosen import asked_tests, chosen_instruments
from analysis.extracts.tidy import tidy
from analysis.measures.questionnaires.outcome_tests import Asked
from analysis.measures.questionnaires.scores import scores

OWN = """
name      = "mood"
title     = "Mood"
measures  = "mood today"
items     = ["a", "b", "c"]
answers   = { lowest = 0, highest = 10 }
reversed  = ["b"]
score     = "sum"
direction = "higher is better"
source    = "our own form"
licence   = "ours"
missing   = { rule = "complete items only", answered_at_least = 3, chosen_by = "this study", source = "protocol" }
[[examples]]
answers = [1, 10, 3]
score   = 4
source  = "counted"
"""


def chosen(tmp_path, outcomes: str):
    """The instruments of the small study with these lines under [outcomes], which is its line 75."""
    return chosen_instruments(opened(tmp_path, {}, DEFINITION + "[outcomes]\n" + outcomes))


def refused(tmp_path, outcomes: str) -> str:
    with pytest.raises(DefinitionMistake) as mistake:
        chosen(tmp_path, outcomes)
    return re.sub(r"line \d+", "line N", str(mistake.value))


def test_an_index_takes_the_value_set_that_the_study_chose(tmp_path):
    [one] = chosen(tmp_path, 'instruments = ["eq5d5l"]\nvalue_sets = { eq5d5l = "uk-5l-2026" }')
    assert one.score_range == (-0.567, 1.0)
    assert one.chosen_words.startswith("EQ-5D-5L, value set: EQ-5D-5L value set for the United Kingdom, 2026, Rowen")


def test_cut_points_that_differ_between_settings_are_those_of_the_setting_that_the_study_chose(tmp_path):
    [one] = chosen(tmp_path, 'instruments = ["comm"]\nsettings = { comm = "primary care" }')
    assert (one.band(12), one.band(13)) == ("below the cut-point", "at or above the cut-point")


def test_another_published_threshold_may_be_put_first(tmp_path):
    [one] = chosen(tmp_path, 'instruments = ["peg"]\nthresholds = { peg = "30%" }')
    assert [change.words for change in one.changes] == ["30%", "1 point"]


@pytest.mark.parametrize(("outcomes", "message"), [
    ('instruments = ["eq5d5l"]',
     "study.toml, line N: EQ-5D-5L needs a value set, and this package chooses none by itself\n"
     '  -> add under [outcomes.value_sets]: eq5d5l = "uk-5l-2026"; there are: uk-5l-2026'),
    ('instruments = ["comm"]', "study.toml, line N: COMM needs a setting, and this package chooses none by itself\n"
     '  -> add under [outcomes.settings]: comm = "pain clinic"; there are: pain clinic, primary care'),
    ('instruments = ["eq5d5l"]\nvalue_sets = { eq5d5l = "uk-3l-mvh-a1" }',
     "study.toml, line N: EQ-5D-5L has no value set 'uk-3l-mvh-a1'\n  -> one of: uk-5l-2026"),
    ('instruments = ["peg"]\nthresholds = { peg = "2 points" }',
     "study.toml, line N: PEG has no threshold '2 points'\n  -> did you mean '1 point'?"),
    ('instruments = ["peg"]\nthresholds = { phq9 = "6 points" }',
     "study.toml, line N: [outcomes.thresholds] speaks of 'phq9', which is not one of the instruments\n"
     "  -> add it to instruments, or take the line out"),
    ('instruments = ["pegg"]', "study.toml, line N: there is no instrument 'pegg'\n  -> did you mean 'peg'? known: "
     "bpi_interference, bpi_severity, comm, eq5d3l, eq5d5l, eq_vas, gad7, peg, phq9, pseq, swemwbs, wemwbs"),
])
def test_a_choice_that_is_not_made_or_cannot_be_is_a_mistake_that_says_what_there_is(tmp_path, outcomes, message):
    assert refused(tmp_path, outcomes) == message


def asked_of(tmp_path, *tests: str):
    lines = "".join(f"[[outcomes.tests]]\n{test}\n" for test in tests)
    return asked_tests(opened(tmp_path, {}, f'{DEFINITION}[outcomes]\ninstruments = ["peg"]\n{lines}'))


def test_no_test_is_made_unless_it_is_asked_for_and_then_with_its_choices(tmp_path):
    assert asked_of(tmp_path) == []
    assert asked_of(tmp_path, 'instrument = "peg"\ntest = "wilcoxon"\nzeros = "pratt"',
                    'instrument = "peg"\ntest = "mcnemar exact"\ncut = 7') == [
        Asked("peg", "wilcoxon", "pratt"), Asked("peg", "mcnemar exact", "", 7)]


@pytest.mark.parametrize(("test", "message"), [
    ('instrument = "peg"\ntest = "wilcoxn"', "there is no test 'wilcoxn' to test with\n  -> did you mean 'wilcoxon'?"),
    ('instrument = "phq9"\ntest = "sign"', "there is no instrument 'phq9' to test with\n  -> one of: peg"),
    ('instrument = "peg"\ntest = "wilcoxon"', "the test 'wilcoxon' needs 'zeros'\n"
     "  -> say what becomes of people without a change: wilcox, pratt, zsplit"),
    ('instrument = "peg"\ntest = "sign"\nzeros = "pratt"', "'zeros' is of the test 'wilcoxon' alone\n"
     "  -> take 'zeros' out"),
    ('instrument = "peg"\ntest = "mcnemar exact"', "the test 'mcnemar exact' needs 'cut'\n"
     "  -> say the score from which somebody counts as a case")])
def test_a_test_that_leaves_a_choice_open_or_cannot_be_made_is_a_mistake_with_its_line(tmp_path, test, message):
    with pytest.raises(DefinitionMistake) as mistake:
        asked_of(tmp_path, test)
    assert str(mistake.value) == f"study.toml, line 66: {message}"


def test_a_questionnaire_of_the_studys_own_goes_the_whole_way_from_its_file_to_a_score(tmp_path):
    """Its items are called a, b, c; the second counts backwards. C1 left the third blank, C2 answered 0, 10, 5."""
    own = tmp_path / "pipelines" / "studies" / "small" / "instruments"
    own.mkdir(parents=True)
    (own / "mood.toml").write_text(OWN, "utf-8")
    definition = DEFINITION.replace("peg = [", "mood = [") + '[outcomes]\ninstruments = ["mood"]\n'
    study = opened(tmp_path, five_people(), definition)
    tables, *_ = tidy(delivered(study), pd.DataFrame(columns=["extract", "file", "row", "rule", "severity"]))
    assert sorted(set(tables["responses"]["item"])) == ["a", "b", "c"]
    found = scores(tables["responses"], chosen_instruments(study))
    assert found[["patient_id", "reason"]].fillna("").values.tolist() == [["C1", "too few items answered"], ["C2", ""]]
    assert found["score"].tolist()[1] == 5


def test_a_value_set_of_the_studys_own_is_found_beside_its_instruments(tmp_path):
    from analysis.reference.value_sets import FOLDER

    folder = tmp_path / "pipelines" / "studies" / "small" / "instruments" / "value_sets"
    folder.mkdir(parents=True)
    shipped = (FOLDER / "uk-5l-2026.toml").read_text("utf-8")
    (folder / "ours.toml").write_text(shipped.replace("uk-5l-2026", "ours"), "utf-8")
    [one] = chosen(tmp_path, 'instruments = ["eq5d5l"]\nvalue_sets = { eq5d5l = "ours" }')
    assert one.value_set.name == "ours"
