"""The framework matrix: what analysts wrote of each case on each theme, and who speaks against it."""

import pandas as pd
from coded_material import CODES, GROUPS, INTERVIEWS, codings, shown

from analysis.measures.interviews.framework import framework_counts, framework_matrix

CODED = codings(("I01", "fear", "A", 0, 9, None, None), ("I04", "delivery", "A", 0, 9, None, None))
MEMOS = pd.DataFrame(
    [("summary", "I01", "fear", "Feared the nights {most}."),
     ("negative case", "I01", "medicines", "Wanted less at once."),
     ("summary", "I03", "delivery", "Glad of the time."), ("decision", None, None, "Two codes made one.")],
    columns=["kind", "about", "code_id", "text"])


def test_the_matrix_has_the_summaries_of_a_theme_s_codes_and_says_where_there_is_none():
    found = framework_matrix(CODES, CODED, INTERVIEWS, MEMOS, groups=GROUPS)
    assert shown(found, "I01 (P01)", "Service users") == {
        "Medicines": "Feared the nights (most). Speaks against it: Wanted less at once.", "Delivery": "–"}
    assert shown(found, "I04 (S01)", "Service providers") == {"Medicines": "–", "Delivery": "mentioned, no summary"}


def test_passages_stand_to_the_letter_signed_ones_first_and_two_at_most():
    coded = codings(("I01", "fear", "A", 0, 9, None, "I {feared} it"), ("I01", "own-pace", "A", 20, 30, None, "slowly"),
                    ("I01", "fear", "A", 40, 50, None, "x" * 300))
    found = framework_matrix(CODES, coded, INTERVIEWS, MEMOS[:0], groups=GROUPS, signed=[("I01", 40, 60)])
    assert shown(found, "I01 (P01)", "Service users")["Medicines"] == (
        f"mentioned, no summary “{'x' * 240}…” “I (feared) it” (not signed)")


def test_a_passage_that_reaches_beyond_what_was_signed_is_not_signed_and_two_coders_passages_stand_once():
    coded = codings(("I01", "fear", "A", 0, 9, None, "a longer one"), ("I01", "own-pace", "B", 2, 9, None, "one"))
    found = framework_matrix(CODES, coded, INTERVIEWS, MEMOS[:0], groups=GROUPS, signed=[("I01", 2, 9)])
    assert shown(found, "I01 (P01)", "Service users")["Medicines"] == "mentioned, no summary “one”"


def test_the_matrix_is_for_the_working_tier_and_a_release_says_only_that():
    found = framework_matrix(CODES, CODED, INTERVIEWS, MEMOS, groups=GROUPS)
    assert found.working and not found.cells
    assert [(line.label, line.entries) for line in found.kept_back.lines] == [
        ("In the working tier only", (("Why", "It says who said what.", ()),))]


def test_counts_are_of_interviews_by_group_with_those_that_speak_against_the_theme():
    found = framework_counts(CODES, CODED, INTERVIEWS, MEMOS, groups=GROUPS)
    assert [list(shown(found, label).values()) for label in ("Interviews", "Medicines", "Delivery")] == [
        ["3", "1", "4"], ["1", "0", "1"], ["1", "0", "1"]]
    assert [line.entries[0][1] for line in found.lines if line.label == "speak against it"] == ["{n}", "{n}"]
    assert found.cells[found.names["medicines_negative_case_service_user"]].value == 1
