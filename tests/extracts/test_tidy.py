"""Checked text to canonical tables: codes and types of the field, rows that balance, no number of another system."""

import random
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_extracts import DEFINITION, clean_files, delivered, five_people, opened

from analysis.errors import DefinitionMistake
from analysis.extracts.checks.expectations import validate
from analysis.extracts.checks.faults import FAULTS
from analysis.extracts.tables import TABLES
from analysis.extracts.tidy import ROWS, tidy

NO_FAULTS = pd.DataFrame(columns=FAULTS)


def faults(*told: tuple) -> pd.DataFrame:
    """(extract, file, row, rule, severity) of each fault, as the log has them."""
    return pd.DataFrame(told, columns=["extract", "file", "row", "rule", "severity"]).reindex(columns=FAULTS)


def tidied(root: Path, files=None, log=NO_FAULTS, definition: str = DEFINITION):
    return tidy(delivered(opened(root, files or five_people(), definition)), log)


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    return tidied(tmp_path_factory.mktemp("small"))[0]


def listed(frame: pd.DataFrame, *columns: str) -> list[list]:
    chosen = frame[list(columns)].astype(object)
    return chosen.where(chosen.notna(), None).values.tolist()


def test_identifiers_are_no_tidy_table(tables):
    assert sorted(tables) == ["contacts", "episodes", "patients", "prescriptions", "responses"]


def test_every_table_has_its_canonical_columns_in_order_and_where_each_row_came_from(tables):
    assert {name: tuple(frame) for name, frame in tables.items()} == {
        name: (*TABLES[name].names, "source_file", "source_row") for name in tables}


def test_theirs_becomes_ours(tables):
    assert listed(tables["contacts"], "contact_id", "patient_id", "date", "mode", "minutes", "attendance",
                  "source_file", "source_row") == [
        ["K1", "C1", pd.Timestamp(2017, 3, 1), "face to face", 60, "attended", "contacts_1.csv", 2],
        ["K2", "C2", pd.Timestamp(2017, 3, 2), "telephone", 20, "attended", "contacts_1.csv", 3],
        ["K3", "C1", pd.Timestamp(2017, 4, 3), "face to face", 45, "attended", "contacts_2.csv", 2],
        ["K4", "C3", pd.Timestamp(2017, 4, 4), "face to face", None, "did not attend", "contacts_2.csv", 3],
        ["K5", "C4", pd.Timestamp(2017, 4, 5), "telephone", 15, "attended", "contacts_2.csv", 4]]


FILLED = 'fill_down = ["NHS no."]'
KEPT = DEFINITION.replace(FILLED, FILLED + '\nkeep = { "Kind" = ["Opioid", "Codeine"] }')


def an_export_of_all_issues(*kinds: str) -> dict:
    """The issues with a column that says of which kind each is."""
    files = five_people()
    files["issues.csv"] = [[*row, kind] for row, kind in zip(files["issues.csv"], ("Kind", *kinds), strict=True)]
    return files


def test_only_the_rows_that_are_kept_are_read_and_the_others_are_counted(tmp_path):
    made, rows = tidied(tmp_path, an_export_of_all_issues("Statin", " Opioid", "Codeine"), definition=KEPT)
    assert list(made["prescriptions"]["source_row"]) == [3, 4]
    assert list(made["prescriptions"]["patient_id"]) == ["C1", "C2"]  # filled down from a row that is not kept
    assert rows.loc[rows["extract"] == "issues", ["what", "rows", "people"]].values.tolist() == [
        ["delivered", 3, 2], ["not of this extract", 1, 1], ["kept", 2, 2]]


def test_a_star_keeps_the_rows_that_have_anything_there(tmp_path):
    definition = KEPT.replace('["Opioid", "Codeine"]', '["*"]')
    made, _ = tidied(tmp_path, an_export_of_all_issues("Statin", " ", "?"), definition=definition)
    assert list(made["prescriptions"]["source_row"]) == [2, 4]


def test_where_nothing_is_filled_in_yet_no_row_is_kept_and_none_is_missing(tmp_path):
    """Nobody has withdrawn; of an export without a row of the kinds that are meant, that would be a fault."""
    files = an_export_of_all_issues("", "", "")
    assert validate(delivered(opened(tmp_path, files, KEPT.replace('["Opioid", "Codeine"]', '["*"]')))).faults.empty
    assert validate(delivered(opened(tmp_path, files, KEPT))).faults["rule"].tolist() == ["rows present"]


def test_a_practice_that_the_sites_do_not_name_is_a_mistake(tmp_path):
    sites = '[sites]\nby = "practice"\nnames = { practice_b = "Practice B" }\n\n[timepoints]'
    with pytest.raises(DefinitionMistake, match="'practice_a' is none of the sites that"):
        delivered(opened(tmp_path, five_people(), DEFINITION.replace("[timepoints]", sites)))


def test_a_length_of_time_in_words_is_its_minutes_and_one_that_says_none_is_a_fault(tmp_path):
    definition = DEFINITION.replace('{ from = "Minutes", min = 0, max = 240 }',
                                    '{ from = "Minutes", format = "duration", min = 0, max = 240 }')
    files = five_people()
    minutes = files["contacts_1.csv"][0].index("Minutes")
    files["contacts_1.csv"][1][minutes] = "approx 1 hr"
    assert tidied(tmp_path, files, definition=definition)[0]["contacts"]["minutes"].iloc[0] == 60
    files["contacts_1.csv"][1][minutes] = "20-30 mins"
    found = validate(delivered(opened(tmp_path, files, definition))).faults
    assert found[["rule", "severity"]].values.tolist() == [
        ["whole number", "blocking"], ["minutes of what was attended", "noted"]]


def test_only_minutes_are_lengths_of_time(tmp_path):
    definition = DEFINITION.replace('from = "Qty", min = 0', 'from = "Qty", format = "duration"')
    with pytest.raises(DefinitionMistake, match="'quantity' is no column of whole minutes"):
        delivered(opened(tmp_path, five_people(), definition))


def test_a_row_that_is_not_kept_breaks_no_rule(tmp_path):
    files = an_export_of_all_issues("Opioid", "Letter", "Codeine")
    files["issues.csv"][2][1:4] = ["31st May", "", "two"]
    assert validate(delivered(opened(tmp_path, files, KEPT))).faults.empty


def test_as_many_rows_as_declared_are_all_rows_of_the_file(tmp_path):
    declared = KEPT.replace("keep =", "rows = 3\nkeep =")
    files = an_export_of_all_issues("Opioid", "Letter", "Codeine")
    assert validate(delivered(opened(tmp_path, files, declared))).faults.empty


def test_another_systems_number_is_exchanged_for_ours_and_a_value_holds_for_every_row(tables):
    assert listed(tables["patients"], "patient_id", "practice", "birth_year") == [
        [f"C{n}", "practice_a", 1950] for n in range(1, 6)]
    assert listed(tables["prescriptions"], "patient_id", "quantity") == [["C1", 56.0], ["C1", 56.0], ["C2", 112.0]]


def test_a_questionnaire_becomes_one_row_an_item_and_a_blank_answer_stays_missing(tables):
    assert listed(tables["responses"].sort_values(["patient_id", "item"]), "patient_id", "instrument", "timepoint",
                  "item", "answer") == [
        ["C1", "peg", "baseline", "1", 7], ["C1", "peg", "baseline", "2", 8], ["C1", "peg", "baseline", "3", None],
        ["C2", "peg", "baseline", "1", 0], ["C2", "peg", "baseline", "2", 10], ["C2", "peg", "baseline", "3", 5]]


def test_a_column_has_its_canonical_type_delivered_or_not(tables):
    kinds = {"date": "datetime64[s]", "integer": "Int64", "number": "float64"}
    assert [(name, c.name, str(frame[c.name].dtype)) for name, frame in tables.items() for c in TABLES[name].columns
            if str(frame[c.name].dtype) != kinds.get(c.type, "str")] == []
    assert tables["patients"]["died_on"].isna().all()


def test_minutes_of_a_contact_that_nobody_attended_are_missing(tmp_path):
    files = five_people()
    files["contacts_2.csv"][2][4] = "30"
    assert listed(tidied(tmp_path, files)[0]["contacts"], "contact_id", "minutes")[3] == ["K4", None]


def test_rows_are_left_out_by_reason_and_the_balance_holds(tmp_path):
    log = faults(("contacts", "contacts_1.csv", 3, "before the data cut", "excluded"),
                 ("contacts", "contacts_2.csv", 3, "row not repeated", "excluded"),
                 ("contacts", "contacts_2.csv", 3, "before the data cut", "excluded"),  # one row is left out once
                 ("contacts", "contacts_2.csv", 2, "no surrounding space", "noted"),
                 ("issues", "issues.csv", 4, "row not repeated", "excluded"))
    tables, rows = tidied(tmp_path, log=log)
    assert list(tables["contacts"]["contact_id"]) == ["K1", "K3", "K5"]
    assert list(rows) == ROWS == ["extract", "table", "what", "rows", "people"]
    assert rows.values.tolist() == [
        ["clients", "identifiers", "delivered", 5, 5], ["clients", "identifiers", "kept", 5, 5],
        ["patients", "patients", "delivered", 5, 5], ["patients", "patients", "kept", 5, 5],
        ["episodes", "episodes", "delivered", 5, 5], ["episodes", "episodes", "kept", 5, 5],
        ["contacts", "contacts", "delivered", 5, 4], ["contacts", "contacts", "row not repeated", 1, 1],
        ["contacts", "contacts", "before the data cut", 1, 1], ["contacts", "contacts", "kept", 3, 2],
        ["issues", "prescriptions", "delivered", 3, 2], ["issues", "prescriptions", "row not repeated", 1, 1],
        ["issues", "prescriptions", "kept", 2, 1],
        ["questionnaire", "responses", "delivered", 2, 2], ["questionnaire", "responses", "kept", 2, 2]]


def test_a_rule_that_takes_rows_out_is_counted_where_it_was_run_though_nothing_broke_it(tmp_path):
    """A reason that came and went with its rows would tell that a hidden count is not nought."""
    checks = pd.DataFrame([("contacts", "row not repeated", "excluded"), ("contacts", "complete", "blocking"),
                           ("issues", "before the data cut", "excluded")], columns=["extract", "rule", "severity"])
    rows = tidy(delivered(opened(tmp_path, five_people())), NO_FAULTS, checks)[1]
    assert rows[~rows["what"].isin(["delivered", "kept"])].values.tolist() == [
        ["contacts", "contacts", "row not repeated", 0, 0], ["issues", "prescriptions", "before the data cut", 0, 0]]


def test_the_balance_counts_each_person_behind_rows_once_and_all_rows_of_nobody_as_one_persons(tmp_path):
    files = five_people()
    files["contacts_2.csv"][2][1] = files["contacts_2.csv"][3][1] = ""
    log = faults(*(("contacts", file, row, "before the data cut", "excluded")
                   for file in ("contacts_1.csv", "contacts_2.csv") for row in (2, 3)),
                 ("contacts", "contacts_2.csv", 4, "row not repeated", "excluded"))
    rows = tidied(tmp_path, files, log)[1]
    assert rows.loc[rows["extract"] == "contacts", ["what", "rows", "people"]].values.tolist() == [
        ["delivered", 5, 3], ["row not repeated", 1, 1], ["before the data cut", 4, 3],  # C1 twice, C2, nobody known
        ["kept", 0, 0]]


def test_a_late_row_of_one_file_leaves_the_same_line_of_the_other_alone(tmp_path):
    log = faults(("contacts", "contacts_2.csv", 2, "before the data cut", "excluded"))
    assert list(tidied(tmp_path, log=log)[0]["contacts"]["contact_id"]) == ["K1", "K2", "K4", "K5"]


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_no_tidy_table_holds_an_nhs_number_and_delivered_is_kept_and_reasons(dice: random.Random):
    files = clean_files(dice)
    late = dice.sample(range(2, 10), dice.randint(0, 5))
    reasons = ["before the data cut", "row not repeated"]
    log = faults(*(("contacts", "contacts_1.csv", row, dice.choice(reasons), "excluded") for row in late))
    with tempfile.TemporaryDirectory() as root:
        tables, rows = tidied(Path(root), files, log)
    cells = {str(cell) for frame in tables.values() for cell in frame.to_numpy().ravel()}
    assert cells & {number for _, number in files["clients.csv"][1:]} == set()
    counts = rows.set_index(["extract", "what"])["rows"]
    assert [name for name, of_extract in counts.groupby("extract")
            if of_extract[name, "delivered"] != of_extract.drop((name, "delivered")).sum()] == []
    assert counts["contacts", "kept"] == 16 - len(late) == len(tables["contacts"])
