"""The latest word of each person counts; a withdrawal that does not say when, how far or whose blocks the run."""

import pandas as pd
import pytest
from consent_extracts import CONSENTS, decided
from hypothesis import given, settings
from hypothesis import strategies as st
from small_extracts import DEFINITION, delivered, five_people, opened

from analysis.extracts.consents.decisions import decisions


def standing(found) -> list[tuple]:
    return [(one.who, one.kind, one.status, None if pd.isna(one.date) else f"{one.date:%d/%m}",
             None if pd.isna(one.scope) else one.scope) for one in found.standing.itertuples()]


def broken(found) -> list[tuple[str, int, str]]:
    return [(f.rule, f.row, f.severity) for f in found.faults.itertuples()]


@pytest.mark.parametrize("consents, stands", [
    (["C1 E Given 01/02/2017"], ("given", "01/02", None)),
    (["C1 E Given 01/02/2017", "C1 E Withdrawn 01/03/2017 use"], ("withdrawn", "01/03", "no further use")),
    # given again: the latest date wins, whatever the order of the rows
    (["C1 E Given 01/04/2017", "C1 E Given 01/02/2017", "C1 E Withdrawn 01/03/2017 use"], ("given", "01/04", None)),
    (["C1 E Given -", "C1 E Withdrawn 01/03/2017 delete"], ("withdrawn", "01/03", "delete")),  # undated is earliest
    (["C1 E Withdrawn 01/03/2017 use", "C1 E Given 01/03/2017"], ("withdrawn", "01/03", "no further use")),  # no first
])
def test_the_latest_decision_by_date_stands(tmp_path, consents, stands):
    found = decided(tmp_path, *consents)
    assert standing(found) == [("C1", "evaluation", *stands)]
    assert broken(found) == []


def test_a_participant_is_the_patient_that_the_key_names_and_kinds_are_apart(tmp_path):
    found = decided(tmp_path, "C1 I Given 01/02/2017", "P1 I Withdrawn 01/06/2017 use", "P1 Q Given 01/05/2017",
                    "S1 Q Declined 05/05/2017")
    assert standing(found) == [("C1", "interview", "withdrawn", "01/06", "no further use"),
                               ("C1", "quotation", "given", "01/05", None),
                               ("S1", "quotation", "declined", "05/05", None)]


@pytest.mark.parametrize("consents, rule", [
    (["C1 E Given 01/02/2017", "C1 E Withdrawn - use"], "withdrawal has its date"),
    (["C1 E Given 01/02/2017", "C1 E Withdrawn 01/03/2017"], "withdrawal has its scope"),
    (["C1 I Given 01/02/2017", "P1 I Withdrawn 01/06/2017"], "withdrawal has its scope"),
    (["C1 E Given 01/02/2017", "C7 E Withdrawn 01/03/2017 use"], "withdrawal of a known person"),
    (["S1 I Given 05/05/2017", "S1 E Withdrawn 01/06/2017 use"], "withdrawal of a known person"),  # has no records
    (["C1 E Given 01/02/2017", "C1 E Declined 01/03/2017"], "no decline after consent"),
])
def test_a_withdrawal_that_cannot_be_acted_on_blocks_the_run_and_names_its_row(tmp_path, consents, rule):
    found = decided(tmp_path, *consents)
    assert broken(found) == [(rule, 3, "blocking")]
    assert sorted(found.checks["rule"]) == ["no decline after consent", "withdrawal has its date",
                                            "withdrawal has its scope", "withdrawal of a known person"]


@pytest.mark.parametrize("consent", ["C1 E Withdrawn 01/03/2017", "C1 E Withdrawn -", "C1 E Withdrawn - collection"])
def test_a_withdrawal_that_does_not_say_how_far_is_read_at_its_safest_where_a_study_lets_it_pass(tmp_path, consent):
    assert list(decided(tmp_path, consent).standing["scope"]) == ["no further use"]


@pytest.mark.parametrize("consents", [
    ["C1 Q Withdrawn 01/06/2017", "C1 L Withdrawn 01/06/2017", "C1 A Withdrawn 01/06/2017"],  # their kind says it all
    ["C1 E Withdrawn 01/03/2017", "C1 E Given 01/04/2017"],  # it no longer stands
    ["C9 E Declined 05/01/2017"], ["C8 O Given 01/01/2017"], ["C8 E Declined 01/01/2017"]])
def test_what_takes_nothing_needs_no_scope_and_no_known_person(tmp_path, consents):
    assert broken(decided(tmp_path, *consents)) == []


def test_a_number_that_is_one_person_s_as_patient_and_another_s_as_participant_is_of_no_known_person(tmp_path):
    found = decided(tmp_path, "C2 E Withdrawn 01/03/2017 use", key=[["Participant", "Client"], ["C2", "C1"]])
    assert broken(found) == [("withdrawal of a known person", 2, "blocking")]


def test_an_extract_without_a_column_for_the_scope_is_told_so(tmp_path):
    without = "\n".join(line for line in CONSENTS.splitlines() if not line.startswith("scope"))
    fault, = decided(tmp_path, "C1 E Withdrawn 01/03/2017", definition=without).faults.itertuples()
    assert (fault.file, fault.row, fault.found, fault.todo) == (
        "consents.csv", 2, "the whole row",
        "write the scope that the person chose; `scope` in study.toml says which column holds it")


def test_a_service_without_consents_has_no_decisions(tmp_path):
    found = decisions(delivered(opened(tmp_path, five_people(), DEFINITION)))
    assert (len(found.standing), len(found.faults), len(found.checks)) == (0, 0, 0)


@settings(max_examples=60, deadline=None)
@given(st.permutations([("Given", 1), ("Withdrawn", 2), ("Given", 3), ("Withdrawn", 4)]), st.integers(1, 4))
def test_the_order_of_the_rows_never_matters(tmp_path_factory, rows, last):
    """Whatever is the latest of any part of the history stands, in whichever order it was delivered."""
    part = [(status, month) for status, month in rows if month <= last]
    found = decided(tmp_path_factory.mktemp("order"),
                    *(f"C1 E {status} 01/0{month}/2017 use" for status, month in part))
    assert list(found.standing["status"]) == ["withdrawn" if last in (2, 4) else "given"]
