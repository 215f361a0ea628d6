"""A study: what its definition says, by name; what cannot be right in it."""

import datetime
from pathlib import Path

import pytest

from analysis.errors import DefinitionMistake, Mistake
from analysis.study import open_study, project_root, study_names

SMALL = """\
title = "A small service"
period = { from = 2017-01-01, to = 2017-12-31 }
data_cut = { records = 2017-12-31, interviews = 2018-06-30 }
pages = ["00_summary"]
extracts = {}
[disclosure]
enrolled = "none"
service_providers = { profile = "opensafely", assessment = "notes.md" }
"""


def study(root: Path, more: str = "", text: str = SMALL):
    folder = root / "pipelines" / "studies" / "small"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(text + more, "utf-8")
    return open_study("small", root)


def refused(root: Path, more: str = "", text: str = SMALL) -> str:
    with pytest.raises(DefinitionMistake) as mistake:
        study(root, more, text)
    return str(mistake.value)


def test_a_study_knows_its_folders(tmp_path):
    small = study(tmp_path)
    assert {name: getattr(small, name).relative_to(tmp_path).as_posix()
            for name in ("folder", "raw", "build", "reports")} == {
        "folder": "pipelines/studies/small", "raw": "data_raw/small", "build": ".build/small",
        "reports": "reports/small"}


def test_a_study_says_its_period_and_the_data_cut_of_each_component(tmp_path):
    small = study(tmp_path)
    assert small.period == (datetime.date(2017, 1, 1), datetime.date(2017, 12, 31))
    assert [small.data_cut(c) for c in ("records", "questionnaires", "interviews")] == [
        datetime.date(2017, 12, 31), datetime.date(2017, 12, 31), datetime.date(2018, 6, 30)]


def test_what_a_study_does_not_say_is_empty_or_has_its_default(tmp_path):
    small = study(tmp_path)
    assert (small.title, small.sites, small.quantile_rule, small.rounding, small.codebook,
            small["nothing"]) == (
        "A small service", {}, "type 7", "half up", {}, {})
    assert [small.fits(c) for c in ("doses", "outcomes", "interviews", "joint")] == [False] * 4


def test_a_study_says_its_sites_by_name(tmp_path):
    small = study(tmp_path, '[sites]\nby = "practice"\nnames = { a = "Practice A", b = "Practice B" }\n')
    assert (small.sites, small.site_name("a"), small.site_name("all")) == (
        {"a": "Practice A", "b": "Practice B"}, "Practice A", "All sites")


def test_a_study_collects_the_tables_that_its_extracts_fill_by_their_own_name_or_another(tmp_path):
    filled = study(tmp_path, text=SMALL.replace("extracts = {}\n", "") + """
[extracts.contacts]
file = "a.csv"
columns = {}
[extracts.deliveries]
table = "interventions"
file = "b.csv"
columns = {}
""")
    assert {table: filled.collects(table) for table in ("contacts", "interventions", "deliveries", "patients")} == {
        "contacts": True, "interventions": True, "deliveries": False, "patients": False}


def test_each_population_has_its_profile(tmp_path):
    assert study(tmp_path).profile_names == {"enrolled": "none", "service providers": "opensafely"}


@pytest.mark.parametrize("protocol, words", [
    ("", ""), ('[protocol]\ndesign = "before and after"\n', ""),
    ('[protocol]\nprespecified = ["themes"]\n', "not prespecified (post hoc)"),
    ('[protocol]\nprespecified = ["outcomes"]\n', "prespecified")])
def test_a_measure_is_prespecified_if_the_protocol_says_so(tmp_path, protocol, words):
    assert study(tmp_path, protocol).prespecified("outcomes") == words


def test_a_codebook_beside_the_definition_is_read_and_checked(tmp_path):
    study(tmp_path)
    codebook = tmp_path / "pipelines" / "studies" / "small" / "codebook.toml"
    codebook.write_text('[themes]\ntrust = "Trust"\n')
    assert open_study("small", tmp_path).codebook == {"themes": {"trust": "Trust"}}
    codebook.write_text('[theme]\ntrust = "Trust"\n')
    assert refused(tmp_path) == "codebook.toml, line 1: unknown key 'theme'\n  -> did you mean 'themes'?"


@pytest.mark.parametrize("more, message", [
    ('[statistics]\nquantiles = "type 10"\n',
     "study.toml, line 10: statistics.quantiles is 'type 10'\n  -> did you mean 'type 1'?"),
    ('[statistics]\nrounding = "banker"\n',
     "study.toml, line 10: statistics.rounding is 'banker'\n  -> one of: half up, half even"),
    ('[doses]\ntable = "fpm-2020"\nwindow_days = 84\nprn = "ful"\n',
     "study.toml, line 12: doses.prn is 'ful'\n  -> did you mean 'full'?"),
    ('[protocol]\nclassification = "evaluation"\n',
     "study.toml, line 10: protocol.classification is 'evaluation'\n  -> did you mean 'service evaluation'?"),
    ('[interviews]\nproject = "a.qdpx"\ncoding = "thematic"\n',
     "study.toml, line 11: interviews.coding is 'thematic'\n  -> one of: coding reliability, codebook, reflexive"),
])
def test_a_word_that_is_none_of_the_choices_is_refused_with_them(tmp_path, more, message):
    assert refused(tmp_path, more) == message


@pytest.mark.parametrize("more, message", [
    ('[protocol]\niras_number = "223876"\n',
     "study.toml, line 10: unknown key 'iras_number' in [protocol]\n  -> known here: classification, data_sharing, "
     "design, deviations, dpia, funder, iras, legal_basis, prespecified, rec, registration, retention"),
    ('[[protocol.deviations]]\nwhat = "Interviews by telephone"\nwhy = "nobody could travel"\n',
     "study.toml, line 9: 'date' is missing in [protocol.deviations.0]\n  -> add: date = …"),
    ('[safety]\ncollected = true\n',
     "study.toml, line 10: 'safety.collected' is true or false: True\n  -> write a list in square brackets"),
])
def test_a_record_of_protocol_or_safety_that_cannot_be_right_is_said(tmp_path, more, message):
    assert refused(tmp_path, more) == message


def test_a_period_that_ends_before_it_begins_is_refused(tmp_path):
    assert refused(tmp_path, text=SMALL.replace("from = 2017-01-01", "from = 2018-01-01")) == (
        "study.toml, line 2: the period ends before it begins\n  -> turn 'from' and 'to' round")


def test_an_unknown_study_is_refused_with_the_nearest_or_with_those_that_there_are(tmp_path):
    study(tmp_path)
    assert study_names(tmp_path) == ["small"]
    with pytest.raises(Mistake) as near:
        open_study("smal", tmp_path)
    assert str(near.value) == "there is no study 'smal'\n  -> did you mean 'small'?"
    with pytest.raises(Mistake) as far:
        open_study("../other", tmp_path)
    assert str(far.value) == ("there is no study '../other'\n"
                              "  -> known: small; a study is a folder pipelines/studies/<name>/ with a study.toml")


def test_the_project_is_the_nearest_folder_above_or_the_one_that_is_named(tmp_path, monkeypatch):
    study(tmp_path)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    monkeypatch.delenv("SERVICE_EVALUATION_ROOT", raising=False)
    assert project_root() == tmp_path
    monkeypatch.setenv("SERVICE_EVALUATION_ROOT", "/somewhere/else")
    assert project_root() == Path("/somewhere/else")


def test_the_shipped_study_opens():
    assert open_study("south-glos", Path(__file__).parents[1]).sites == {"practice_a": "Practice A",
                                                                         "practice_b": "Practice B"}
