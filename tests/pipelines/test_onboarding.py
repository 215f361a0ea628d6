"""`make new`: what it writes and copies, what it refuses, what it says; and the codes that a person lets in."""

import pytest

from analysis.errors import DefinitionMistake, Mistake
from analysis.study import open_study
from pipelines.__main__ import main
from pipelines.onboarding import add_codes, new_study

PEOPLE = "ID,Sex,Surgery,YOB\n" + "".join(
    f"W{n:02},{'F' if n < 10 else 'M' if n < 19 else 'X'},North,1950\n" for n in range(20))
ENDED = {3: "Died", 4: '"Moved, far"'}
STARTS = "ID,Start,How ended\n" + "".join(
    f"W{n:02},{n + 10}/03/2025,{ENDED.get(n, 'Done')}\n" for n in range(18))


@pytest.fixture
def exports(tmp_path):
    folder = tmp_path / "from them"
    folder.mkdir()
    (folder / "people.csv").write_text(PEOPLE, "utf-8")
    (folder / "starts.csv").write_text(STARTS, "utf-8")
    return folder


@pytest.fixture
def root(tmp_path):
    (tmp_path / "project" / "pipelines" / "studies").mkdir(parents=True)
    return tmp_path / "project"


def definition(root) -> str:
    return (root / "pipelines" / "studies" / "leeds-pain" / "study.toml").read_text("utf-8")


def test_it_writes_the_definition_copies_the_exports_and_leaves_the_originals(root, exports):
    before = {path.name: path.read_bytes() for path in exports.iterdir()}
    said = new_study(root, "leeds-pain", exports)
    assert open_study("leeds-pain", root).collects("episodes")
    raw = root / "data_raw" / "leeds-pain"
    assert {path.name: path.read_bytes() for path in raw.iterdir()} == before
    assert {path.name: path.read_bytes() for path in exports.iterdir()} == before
    assert said == [
        "  people.csv  patients: 4 of 4 columns", "  starts.csv  episodes: 3 of 3 columns", "",
        f"Written: pipelines/studies/leeds-pain/study.toml, {len(definition(root).splitlines())} lines.",
        "Copied:  2 files to data_raw/leeds-pain/, which git ignores. The originals are where they were.", "",
        "Next:",
        "  1. 3 values were left out, since few people have each. Look through .build/leeds-pain/rarer_codes.toml, "
        "then: make new STUDY=leeds-pain CODES=yes",
        "  2. look at what was guessed (CHECK): lines 6, 8, 9, 18",
        "  3. make validate STUDY=leeds-pain, until it finds nothing", "  4. make report STUDY=leeds-pain"]


def test_exports_that_are_in_their_place_already_stay_there(root, exports):
    raw = root / "data_raw" / "leeds-pain"
    raw.parent.mkdir()
    exports.rename(raw)
    said = new_study(root, "leeds-pain", None)
    assert not [line for line in said if line.startswith("Copied")]
    assert sorted(path.name for path in raw.iterdir()) == ["people.csv", "starts.csv"]
    assert 'file = "people.csv"' in definition(root)


def test_a_study_that_exists_is_not_overwritten_and_an_empty_definition_is(root, exports):
    path = root / "pipelines" / "studies" / "leeds-pain" / "study.toml"
    path.parent.mkdir()
    path.write_text("\n", "utf-8")
    new_study(root, "leeds-pain", exports)
    mine = definition(root) + "# mine\n"
    path.write_text(mine, "utf-8")
    with pytest.raises(Mistake, match="there is a study 'leeds-pain' already"):
        new_study(root, "leeds-pain", exports)
    assert definition(root) == mine


@pytest.mark.parametrize("name", ["Leeds Pain", "../leeds", "1leeds", ""])
def test_a_name_that_is_no_folders_is_refused(root, exports, name):
    with pytest.raises(Mistake, match="cannot be called"):
        new_study(root, name, exports)


def test_without_a_folder_nothing_is_written(root, tmp_path):
    with pytest.raises(Mistake, match="no folder of exports was named"):
        new_study(root, "leeds-pain", None)
    (tmp_path / "empty").mkdir()
    with pytest.raises(Mistake, match="no table was found"):
        new_study(root, "leeds-pain", tmp_path / "empty")
    assert list((root / "pipelines" / "studies").iterdir()) == []
    assert not (root / "data_raw").exists()


def test_another_file_of_the_same_name_is_not_overwritten(root, exports):
    there = root / "data_raw" / "leeds-pain"
    there.mkdir(parents=True)
    (there / "people.csv").write_text("something else", "utf-8")
    with pytest.raises(Mistake, match="has another people.csv already"):
        new_study(root, "leeds-pain", exports)
    assert [path.read_text("utf-8") for path in there.iterdir()] == ["something else"]
    assert not (root / "pipelines" / "studies" / "leeds-pain").exists()


def test_rarer_codes_stay_on_the_machine_until_somebody_has_looked_through_them(root, exports):
    new_study(root, "leeds-pain", exports)
    assert ('end_reason = { from = "How ended", codes = { "Done" = "Done" } }'
            "   # people: Done about 15; and 2 rarer values") in definition(root).splitlines()
    rarer = root / ".build" / "leeds-pain" / "rarer_codes.toml"
    rarer.write_text(rarer.read_text("utf-8").replace('"X" = "other"', '"X" = "not recorded"'), "utf-8")
    assert add_codes(root, "leeds-pain")[0] == "3 codes written into pipelines/studies/leeds-pain/study.toml"
    assert ('end_reason = { from = "How ended", codes = { "Done" = "Done", "Died" = "died", '
            '"Moved, far" = "moved away" } }   # people: Done about 15') in definition(root).splitlines()
    assert ('sex        = { from = "Sex", codes = { "F" = "female", "M" = "male", "X" = "not recorded" } }'
            "   # people: F about 10, M about 10") in definition(root).splitlines()
    once = definition(root)
    add_codes(root, "leeds-pain")
    assert definition(root) == once


def test_a_code_without_a_right_hand_side_is_asked_for(root, exports):
    new_study(root, "leeds-pain", exports)
    rarer = root / ".build" / "leeds-pain" / "rarer_codes.toml"
    rarer.write_text(rarer.read_text("utf-8").replace('"X" = "other"', '"X" = "…"'), "utf-8")
    before = definition(root)
    with pytest.raises(DefinitionMistake) as mistake:
        add_codes(root, "leeds-pain")
    assert str(mistake.value) == ("rarer_codes.toml: patients.sex: 1 code has no right-hand side yet\n"
                                  "  -> write one of ours in the place of each …, or take the code out")
    assert definition(root) == before


def test_a_column_that_waited_for_its_codes_is_taken_into_use_with_them(root, exports):
    (exports / "starts.csv").write_text("ID,Start,How ended\n" + "".join(
        f"W{n:02},{n + 10}/03/2025,Reason {'abcdef'[n % 6]}\n" for n in range(18)), "utf-8")
    new_study(root, "leeds-pain", exports)
    with pytest.raises(DefinitionMistake, match="a choice is open: end_reason: no value may be named here"):
        open_study("leeds-pain", root)
    add_codes(root, "leeds-pain")
    study = open_study("leeds-pain", root)
    assert set(study["extracts"]["episodes"]["columns"]["end_reason"]["codes"]) == {f"Reason {c}" for c in "abcdef"}


def test_the_verb_says_what_it_did_and_ends_with_nought(root, exports, monkeypatch, capsys):
    monkeypatch.setenv("SERVICE_EVALUATION_ROOT", str(root))
    assert main(["new", "leeds-pain", str(exports)]) == 0
    assert "Written: pipelines/studies/leeds-pain/study.toml" in capsys.readouterr().out
    assert main(["new", "leeds-pain", str(exports)]) == 2
    assert "there is a study 'leeds-pain' already" in capsys.readouterr().err
    assert main(["new", "leeds-pain", "--codes"]) == 0
