"""`make synthetic`: a definition alone, and extracts that can be validated; faults that are asked for are found."""

import re
from pathlib import Path

import pytest

from analysis.errors import BlockingFaults, Mistake
from analysis.extracts.planting import chosen, kinds
from analysis.study import open_study
from pipelines.__main__ import main
from pipelines.made_up import listed, make_up
from pipelines.steps import check_and_tidy

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
EXAMPLE = re.findall(r"```toml\n(.*?)```", README, re.S)[0]


@pytest.fixture
def walking_group(tmp_path):
    """The README's example: a definition, and no extracts yet."""
    folder = tmp_path / "pipelines" / "studies" / "walking-group"
    folder.mkdir(parents=True)
    (folder / "study.toml").write_text(EXAMPLE, "utf-8")
    return open_study("walking-group", tmp_path)


def test_what_is_made_up_for_the_examples_definition_is_valid(walking_group):
    said = make_up(walking_group, people=30, seed="1")
    assert said == "walking-group: 4 made-up extracts of 30 people in data_raw/walking-group/"
    assert check_and_tidy(walking_group)["queries"] == 0


def test_a_fault_that_is_asked_for_is_found_where_it_was_planted(walking_group):
    said = make_up(walking_group, people=30, seed="1", faults="date before the period")
    place = re.search(r"date before the period: (.+), line (\d+) \(rule 'within the period'\)", said)
    with pytest.raises(BlockingFaults, match=rf"(?s){place[1]}.*line {place[2]}"):
        check_and_tidy(walking_group)


def test_extracts_are_made_up_again_over_their_own_kind_and_nothing_else(walking_group):
    make_up(walking_group, people=30, seed="1")
    make_up(walking_group, people=12, seed="2")
    (walking_group.raw / "patients.csv").write_text("ID,Surgery,Sex\nA1,N,F\n", "utf-8")
    with pytest.raises(Mistake, match="that `make synthetic` did not write, or that were changed: patients"):
        make_up(walking_group, people=12, seed="3")
    assert (walking_group.raw / "patients.csv").read_text("utf-8").endswith("A1,N,F\n")


def test_all_faults_are_planted_or_said_to_have_no_place(walking_group):
    said = make_up(walking_group, people=40, seed="1", faults="all")
    assert [kind.name for kind in chosen("all") if kind.name not in said] == []
    assert "person whom no list knows (wants an extract that points at patients)" in said


def test_a_kind_of_fault_that_there_is_not_is_answered_with_the_nearest(walking_group):
    with pytest.raises(Mistake, match="did you mean 'row sent twice'"):
        make_up(walking_group, people=12, seed="1", faults="row sent twise")
    assert not walking_group.raw.exists()


def test_kinds_of_fault_are_listed_and_none_has_a_comma_in_its_name(capsys):
    assert main(["synthetic", "--faults", "list"]) == 0
    assert capsys.readouterr().out == listed() + "\n"
    assert all(name in listed() and "," not in name for name in kinds())
