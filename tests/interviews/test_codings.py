"""The model of coded interviews: ids, stance, frames, and books that balance."""

import pytest

from analysis.errors import DefinitionMistake
from analysis.interviews.codings import (
    Code,
    Coding,
    Interview,
    Project,
    code_ids,
    codes_frame,
    codings_frame,
    with_stance,
)

CODES = (Code("delivery", "delivery"), Code("listened", "listened", "delivery", depth=1),
         Code("stance", "stance", codable=False), Code("positive", "positive", "stance", depth=1),
         Code("negative", "negative", "stance", depth=1))


def project(*codings, codes=CODES):
    return Project((Interview("I01", "I01.txt", "She listened."),), codes, codings, len(codings))


def coding(code, start=0, end=3, coder="A"):
    return Coding("I01", code, coder, start, end, "She")


def test_a_code_is_called_by_its_name_where_that_is_unique():
    paths = [("delivery",), ("delivery", "time to  talk"), ("ending",)]
    assert code_ids(paths) == ["delivery", "time to talk", "ending"]


def test_a_name_that_two_codes_share_is_told_apart_by_its_path():
    paths = [("gp",), ("gp", "trust"), ("worker",), ("worker", "trust"), ("worker", "a/b")]
    assert code_ids(paths) == ["gp", "gp/trust", "worker", "worker/trust", "a-b"]


def test_two_codes_of_one_path_are_numbered():
    assert code_ids([("trust",), ("trust",)]) == ["trust", "trust (2)"]


def test_a_project_that_loses_a_coding_without_a_name_cannot_be_made():
    with pytest.raises(ValueError, match="2 codings in, 1 out"):
        Project((), CODES, (coding("listened"),), codings_in=2)


def test_the_text_has_a_fingerprint_and_a_missing_text_has_none():
    assert Interview("I01", "I01", "").sha256.startswith("e3b0c442")  # the published SHA-256 of nothing
    assert Interview("I01", "I01").sha256 == ""


def test_codes_under_stance_become_the_stance_of_the_passage_and_leave():
    read = with_stance(project(coding("listened"), coding("positive")), "stance")
    assert [(c.code, c.stance) for c in read.codings] == [("listened", "positive")]
    assert [c.id for c in read.codes] == ["delivery", "listened"]
    assert read.balance == (("codings in the file", 2), ("codings read", 1), ("read as stance", 1))


def test_stance_belongs_to_the_same_selection_of_the_same_coder_only():
    read = with_stance(project(coding("listened"), coding("listened", coder="B"), coding("listened", 4, 12),
                               coding("negative", coder="B")), "stance")
    assert [c.stance for c in read.codings] == ["none", "negative", "none"]


def test_two_codes_on_one_selection_share_its_stance():
    read = with_stance(project(coding("listened"), coding("delivery"), coding("positive")), "stance")
    assert [c.stance for c in read.codings] == ["positive", "positive"]


def test_two_stances_on_one_selection_are_mixed():
    read = with_stance(project(coding("listened"), coding("positive"), coding("negative")), "stance")
    assert [c.stance for c in read.codings] == ["mixed"]
    assert read.read_as_stance == 2


def test_a_stance_that_belongs_to_no_code_is_a_loss_with_a_name():
    read = with_stance(project(coding("positive"), coding("stance")), "stance")
    assert read.losses == (("stance of a passage that has no code", 1), ("'stance' without saying which", 1))


def test_an_unknown_stance_code_is_answered_with_the_nearest():
    with pytest.raises(DefinitionMistake, match="did you mean 'stance'"):
        with_stance(project(), "stanse")


def test_a_code_under_stance_that_is_no_stance_is_a_mistake():
    with pytest.raises(DefinitionMistake, match="'angry' under it"):
        with_stance(project(codes=(*CODES, Code("angry", "angry", "stance", depth=1))), "stance")


def test_the_frame_of_codes_names_parent_and_theme():
    frame = codes_frame(project())
    assert frame["code_id"].tolist() == ["delivery", "listened", "stance", "positive", "negative"]
    assert frame["theme"].tolist() == ["delivery", "delivery", "stance", "stance", "stance"]
    assert frame["parent"].isna().tolist() == [True, False, True, False, False]


def test_the_frame_of_codings_has_whole_numbers_and_missing_places():
    frame = codings_frame(project(coding("listened"), Coding("I01", "delivery")))
    assert str(frame["start"].dtype) == "Int64"
    assert frame["start"].isna().tolist() == [False, True]
    assert frame.loc[1, ["coder", "text", "stance"]].isna().all()


def test_a_project_without_codings_has_frames_with_all_columns():
    empty = Project((), (), (), 0)
    assert codings_frame(empty).columns.tolist() == ["interview_id", "code_id", "coder", "start", "end", "text",
                                                     "date", "stance", "part", "selection"]
    assert len(codes_frame(empty)) == 0
