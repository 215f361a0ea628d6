"""Theme counts: what one passage is, what a mention is, and who stands behind them."""

import pandas as pd
import pytest
from coded_material import CODES, GROUPS, INTERVIEWS, codings, shown
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import Mistake
from analysis.measures.interviews.passages import passages
from analysis.measures.interviews.themes import asked_counts, code_tree, construct_counts, stance_counts, theme_counts


def interviews_and_passages(*rows, label="Medicines"):
    return shown(theme_counts(CODES, codings(*rows), INTERVIEWS, groups=GROUPS), label)["All: interviews (passages)"]


# ------------------------------------------------------------------------------------------------ passages

def test_overlapping_stretches_of_two_coders_are_one_passage():
    assert interviews_and_passages(("I01", "fear", "A", 0, 20), ("I01", "fear", "B", 15, 30)) == "1 (1)"


def test_stretches_that_touch_are_two_passages():
    assert interviews_and_passages(("I01", "fear", "A", 0, 20), ("I01", "fear", "A", 20, 30)) == "1 (2)"


def test_a_passage_inside_another_of_the_same_code_is_not_counted_again():
    assert interviews_and_passages(("I01", "fear", "A", 0, 50), ("I01", "fear", "A", 5, 9),
                                   ("I01", "fear", "A", 40, 60)) == "1 (1)"


def test_the_same_place_in_two_interviews_is_two_passages():
    assert interviews_and_passages(("I01", "fear", "A", 0, 20), ("I02", "fear", "A", 0, 20)) == "2 (2)"


def test_a_theme_counts_the_passages_of_its_codes_and_its_own_without_doubling():
    found = theme_counts(CODES, codings(("I01", "fear", "A", 0, 20), ("I01", "own-pace", "A", 10, 30),
                                        ("I01", "medicines", "A", 50, 60)), INTERVIEWS, groups=GROUPS)
    column = "All: interviews (passages)"
    assert shown(found, "Medicines")[column] == "1 (2)"
    assert shown(found, "Fear of reducing")[column] == "1 (1)"
    assert shown(found, "Own {pace}")[column] == "1 (1)"
    assert shown(found, "Delivery")[column] == "0 (0)"


def test_a_code_on_a_whole_interview_is_a_mention_and_no_passage():
    assert interviews_and_passages(("I01", "fear", "A", None, None, None, None)) == "1 (0)"


def test_without_positions_each_different_text_is_a_passage():
    assert interviews_and_passages(("I01", "fear", "A", None, None, None, "too quick"),
                                   ("I01", "fear", "B", None, None, None, "too quick"),
                                   ("I01", "fear", "A", None, None, None, "scared")) == "1 (2)"


def test_codings_of_interviews_that_are_left_out_do_not_count():
    assert interviews_and_passages(("I99", "fear", "A", 0, 20)) == "0 (0)"


one = st.tuples(st.integers(0, 60), st.integers(1, 20), st.sampled_from(["fear", "own-pace"]))
stretches = st.lists(one, max_size=12)


@given(stretches)
def test_passages_cover_exactly_the_coded_words_and_never_overlap(rows):
    made = passages(codings(*[("I01", code, "A", start, start + length) for start, length, code in rows]),
                    ["fear", "own-pace"])
    spans = list(zip(made["start"], made["end"], strict=True))
    assert all(end <= following for (_, end), (following, _) in zip(spans, spans[1:], strict=False))
    assert {i for a, b in spans for i in range(a, b)} == {i for a, n, _ in rows for i in range(a, a + n)}


@given(stretches)
def test_a_theme_never_has_more_passages_than_its_codes_together(rows):
    frame = codings(*[("I01", code, "A", start, start + length) for start, length, code in rows])
    together, fear, pace = (len(passages(frame, codes)) for codes in (["fear", "own-pace"], ["fear"], ["own-pace"]))
    assert together <= fear + pace


# ------------------------------------------------------------------------------------------------ theme counts

def test_themes_are_counted_by_group_with_the_interviews_of_each_as_denominator():
    said = codings(("I01", "fear", "A", 0, 20), ("I04", "fear", "A", 0, 20), ("I04", "fear", "A", 30, 40))
    found = theme_counts(CODES, said, INTERVIEWS, groups=GROUPS)
    assert shown(found, "Interviews") == {
        "Service users: interviews (passages)": "3", "Service providers: interviews (passages)": "1",
        "All: interviews (passages)": "4"}
    assert shown(found, "Medicines") == {
        "Service users: interviews (passages)": "1 (1)", "Service providers: interviews (passages)": "1 (2)",
        "All: interviews (passages)": "2 (3)"}


def test_people_behind_a_count_are_participants_and_not_interviews():
    said = codings(("I02", "fear", "A", 0, 20), ("I03", "fear", "A", 0, 20))
    found = theme_counts(CODES, said, INTERVIEWS, groups=GROUPS)
    cell = found.cells[found.names["fear_service_user_interviews"]]
    assert (cell.value, cell.n, cell.unit, cell.population) == (2, 1, "interviews", "service users interviewed")


def test_everyone_is_the_total_of_the_groups_so_protection_adds_up():
    found = theme_counts(CODES, codings(("I01", "fear", "A", 0, 20)), INTERVIEWS, groups=GROUPS)
    cell = found.cells[found.names["medicines_interviews"]]
    assert cell.kind == "total" and cell.population == "interviewed"
    assert cell.parts == (found.names["medicines_service_user_interviews"],
                          found.names["medicines_service_provider_interviews"])


def test_themes_stand_in_the_order_of_the_definition_and_never_by_frequency():
    said = codings(("I01", "fear", "A", 0, 20), ("I02", "fear", "A", 0, 20))
    found = theme_counts(CODES, said, INTERVIEWS, themes={"delivery": "How it was delivered"}, groups=GROUPS)
    assert [(line.label, line.depth) for line in found.lines] == [
        ("Interviews", 0), ("How it was delivered", 0), ("Medicines", 0), ("Fear of reducing", 1), ("Own {pace}", 1)]


def test_no_share_is_computed():
    found = theme_counts(CODES, codings(("I01", "fear", "A", 0, 20)), INTERVIEWS, groups=GROUPS)
    assert {cell.kind for cell in found.cells.values()} == {"count", "total"}


def test_a_group_that_the_definition_does_not_name_is_shown_all_the_same():
    interviews = INTERVIEWS.assign(group=["carer", None, "service user", "service user"])
    found = theme_counts(CODES, codings(), interviews, groups=GROUPS)
    assert [c.split(":")[0] for c in found.columns] == ["Service users", "Service providers", "Carers",
                                                        "Other participants", "All"]


def test_a_code_that_the_codebook_does_not_have_is_a_mistake_with_the_nearest():
    with pytest.raises(Mistake, match="the coded interviews use 'feer'") as told:
        theme_counts(CODES, codings(("I01", "feer", "A", 0, 20)), INTERVIEWS)
    assert "did you mean 'fear'?" in str(told.value)


def test_a_theme_that_the_codebook_does_not_have_is_a_mistake():
    with pytest.raises(Mistake, match="'medicine', which is not there"):
        theme_counts(CODES, codings(), INTERVIEWS, themes={"medicine": "Medicines"})


# ------------------------------------------------------------------------------------------------ stance

def test_passages_are_counted_by_stance_and_add_up():
    said = codings(("I01", "fear", "A", 0, 9, "positive"), ("I01", "fear", "A", 10, 19, "negative"),
                   ("I02", "own-pace", "A", 0, 9, "mixed"), ("I04", "medicines", "A", 0, 9, "none"))
    found = stance_counts(CODES, said, INTERVIEWS, groups=GROUPS)
    assert shown(found, "Medicines", "Service users") == {
        "All passages": "3", "Positive": "1", "Negative": "1", "Mixed": "1", "No stance coded": "0"}
    assert shown(found, "Medicines", "All interviews")["No stance coded"] == "1"
    assert found.columns == ("Positive", "Negative", "Mixed", "No stance coded", "All passages")


def test_a_passage_that_two_coders_read_in_different_ways_is_mixed():
    said = codings(("I01", "fear", "A", 0, 9, "positive"), ("I01", "fear", "B", 2, 9, "negative"),
                   ("I01", "fear", "A", 20, 29, "positive"), ("I01", "fear", "B", 22, 29, "none"))
    found = stance_counts(CODES, said, INTERVIEWS, groups=GROUPS)
    row = shown(found, "Medicines", "All interviews")
    assert (row["Mixed"], row["Positive"], row["No stance coded"]) == ("1", "1", "0")


def test_the_passages_of_a_theme_are_the_same_cell_in_both_tables():
    said = codings(("I01", "fear", "A", 0, 9, "positive"))
    first, second = (of(CODES, said, INTERVIEWS, groups=GROUPS) for of in (theme_counts, stance_counts))
    assert first.names["medicines_passages"] == second.names["medicines_passages"]
    assert first.cells[first.names["medicines_passages"]] == second.cells[second.names["medicines_passages"]]


def test_without_any_stance_the_remedy_is_told():
    with pytest.raises(Mistake, match='stance = "stance"'):
        stance_counts(CODES, codings(("I01", "fear", "A", 0, 9)), INTERVIEWS)


# ------------------------------------------------------------------------------------------------ asked

def test_not_asked_is_not_the_same_as_not_mentioned():
    asked = pd.DataFrame([("I01", "medicines", "yes"), ("I02", "medicines", "yes"), ("I04", "medicines", "no")],
                         columns=["interview_id", "topic", "asked"])
    found = asked_counts(CODES, codings(("I01", "fear", "A", 0, 9), ("I04", "fear", "A", 0, 9)), INTERVIEWS, asked,
                         groups=GROUPS)
    assert shown(found, "Medicines", "Service users") == {
        "Mentioned, of those asked": "1 of 2", "Mentioned, of those not asked": "0 of 0", "No record of asking": "1"}
    assert shown(found, "Medicines", "All interviews") == {
        "Mentioned, of those asked": "1 of 2", "Mentioned, of those not asked": "1 of 1", "No record of asking": "1"}
    assert shown(found, "Delivery", "All interviews")["No record of asking"] == "4"


def test_a_topic_that_is_no_theme_is_a_mistake():
    asked = pd.DataFrame([("I01", "medicine", "yes")], columns=["interview_id", "topic", "asked"])
    with pytest.raises(Mistake, match="did you mean 'medicines'"):
        asked_counts(CODES, codings(), INTERVIEWS, asked)


# ------------------------------------------------------------------------------------------------ codebook

def test_constructs_count_passages_and_in_brackets_interviews():
    said = codings(("I01", "fear", "A", 0, 9), ("I01", "fear", "A", 10, 19), ("I04", "own-pace", "A", 0, 9),
                   ("I04", "delivery", "A", 0, 9))
    found = construct_counts(CODES, said, INTERVIEWS, constructs={"fear": "self-efficacy", "own-pace": "ethicality"},
                             order=["burden", "ethicality", "self-efficacy"], groups=GROUPS)
    assert [line.label for line in found.lines] == ["Interviews", "Burden", "Ethicality", "Self-efficacy",
                                                    "Not mapped to a construct"]
    assert shown(found, "Self-efficacy")["All: passages (interviews)"] == "2 (1)"
    assert shown(found, "Burden")["All: passages (interviews)"] == "0 (0)"
    assert shown(found, "Not mapped to a construct")["All: passages (interviews)"] == "1 (1)"
    assert shown(found, "Ethicality")["Codes"] == "Own (pace)"


def test_a_code_under_a_mapped_one_has_the_same_construct():
    said = codings(("I01", "fear", "A", 0, 9))
    found = construct_counts(CODES, said, INTERVIEWS, constructs={"medicines": "burden"})
    assert shown(found, "Burden")["All: passages (interviews)"] == "1 (1)"


def test_the_codebook_is_a_listing_without_numbers():
    found = code_tree(CODES.assign(definition=["what is taken", "of {less}", None, None]))
    assert not found.cells
    assert [(line.label, line.depth) for line in found.lines] == [("Medicines", 0), ("Fear of reducing", 1),
                                                                  ("Own {pace}", 1), ("Delivery", 0)]
    assert shown(found, "Fear of reducing") == {"Definition": "of (less)"}


def test_no_interviews_at_all_give_tables_of_zeros():
    nobody = INTERVIEWS.iloc[:0]
    found = theme_counts(CODES, codings(), nobody, groups=GROUPS)
    assert {cell.value for cell in found.cells.values()} == {0}
