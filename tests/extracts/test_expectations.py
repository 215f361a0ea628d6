"""Extracts held against their rules: what is clean is left in peace, what is wrong is named with its row."""

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_extracts import DEFINITION, EXTRACT_OF, FIVE_PEOPLE, checked, clean_files, five_people, nhs_number

from analysis.extracts.checks.across import BREAKS
from analysis.extracts.checks.rules import RULES
from analysis.reference.instruments import instrument

FEW = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Rules about single cells and rows; those about a whole extract are below, those over tables in tests/extracts/checks.
STRUCTURE = {rule.name for rule in RULES.values() if rule.subject == "structure" and not rule.whole}


def told(validation) -> list[tuple]:
    """What the log says of each fault: file, line, column, rule."""
    return sorted(validation.faults[["file", "row", "column", "rule"]].itertuples(index=False, name=None))


def test_the_five_people_of_these_tests_have_valid_numbers():
    assert [nhs_number(999_000_000 + n) for n in range(1, 6)] == FIVE_PEOPLE


@FEW
@given(st.randoms(use_true_random=False))
def test_nothing_is_said_of_clean_extracts(dice):
    with tempfile.TemporaryDirectory() as root:
        assert told(checked(Path(root), clean_files(dice))) == []


def planted(files, dice: random.Random) -> list[tuple]:
    """One fault of every rule, each in a row of its own; what the log must then say."""
    contacts = [(name, line) for name in ("contacts_1.csv", "contacts_2.csv") for line in range(1, 9)]
    others = contacts[1:]
    dice.shuffle(others)
    # what is wrong -> (column in our words, its place in the file, what it becomes)
    wrong = {"complete": ("date", 2, ""), "date as stated": ("date", 2, "12/31/2017"), "known code": ("mode", 3, "Fax"),
             "known link": ("patient_id", 1, "nobody"), "before the data cut": ("date", 2, "01/02/2018"),
             "no duplicate key": ("", 0, files["contacts_1.csv"][1][0]), "no surrounding space": ("", 3, " Tel ")}
    expected = []
    for (rule, (column, place, value)), (file, line) in zip(wrong.items(), others, strict=False):
        files[file][line][place] = value
        expected.append((file, line + 1, column, rule))
        if rule == "no duplicate key":  # the other row of that key says another day
            files[file][line][2] = "29/05/2017"
    for rule, minutes, outcome in (("no minutes without attendance", "30", "DNA"),
                                   ("minutes of what was attended", "", "Attended")):
        file, line = others.pop()
        files[file][line][4:] = [minutes, outcome]
        expected.append((file, line + 1, "", rule))
    # the three clients who never came stand in lines 7 to 9 of the list
    files["clients.csv"][6][1] = "9990000019"
    files["clients.csv"][8][1] = files["clients.csv"][7][1]
    born, number, unknown = dice.sample(range(1, 6), 3)
    files["patients.csv"][born][1] = "195O"
    files["patients.csv"][number][1] = "1899"
    files["patients.csv"][unknown][0] = "9990000018"
    start = dice.randint(1, 5)
    files["episodes.csv"][start][1] = "31/12/2016"
    quantity, copied = dice.sample(range(1, 6), 2)
    files["issues.csv"][quantity][3] = "two"
    files["issues.csv"].append(files["issues.csv"][copied])
    item = dice.randint(1, 5)
    files["questionnaire.csv"][item][2] = "11"
    return sorted(expected + [
        ("clients.csv", 7, "nhs_number", "valid NHS number"), ("clients.csv", 9, "nhs_number", "number of one person"),
        ("patients.csv", born + 1, "birth_year", "whole number"),
        ("patients.csv", number + 1, "birth_year", "in range"),
        ("patients.csv", unknown + 1, "patient_id", "known person"),
        ("episodes.csv", start + 1, "started_on", "within the period"),
        ("issues.csv", quantity + 1, "quantity", "number"), ("issues.csv", 8, "", "row not repeated"),
        ("questionnaire.csv", item + 1, "peg:Q2", "in range")])


@FEW
@given(st.randoms(use_true_random=False))
def test_a_planted_fault_of_every_rule_is_named_with_its_row_and_nothing_else_is(dice):
    files = clean_files(dice)
    expected = planted(files, dice)
    with tempfile.TemporaryDirectory() as root:
        found = checked(Path(root), files)
    assert told(found) == expected
    assert {rule for *_, rule in expected} >= STRUCTURE and len(STRUCTURE) == 15
    assert [tuple(f) for f in found.faults[["extract", "severity"]].to_numpy()] == [
        (EXTRACT_OF[f.file], RULES[f.rule].severity) for f in found.faults.itertuples()]


@FEW
@given(st.randoms(use_true_random=False))
def test_no_value_of_a_row_stands_in_the_log(dice):
    files = clean_files(dice)
    planted(files, dice)
    values = {cell.strip() for lines in files.values() for line in lines[1:] for cell in line}
    in_the_definition = {"F2F", "Tel", "Attended", "DNA", "1910", "2000"}
    with tempfile.TemporaryDirectory() as root:
        log = checked(Path(root), files).faults
    cells = {word.strip("'(),") for column in ("expected", "found", "heading", "todo") for text in log[column]
             for word in text.split()}
    assert cells & {value for value in values - in_the_definition if len(value) > 3} == set()


# ------------------------------------------------------------------------------------------------ one behaviour each


@pytest.fixture(scope="module")
def small_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("small")


def faults(folder: Path, files, definition: str = DEFINITION) -> list[tuple]:
    """Checked in a new folder each time: a file of the last test must not stay."""
    with tempfile.TemporaryDirectory(dir=folder) as root:
        return told(checked(Path(root), files, definition))


def test_an_extract_without_rows_is_one_fault_at_its_headings(small_folder):
    files = five_people()
    del files["questionnaire.csv"][1:]
    assert faults(small_folder, files) == [("questionnaire.csv", 1, "", "rows present")]


def test_a_pattern_of_files_without_any_row_is_one_fault(small_folder):
    files = five_people()
    del files["contacts_1.csv"][1:], files["contacts_2.csv"][1:]
    assert faults(small_folder, files) == [("contacts_*.csv", 1, "", "rows present")]


def test_an_extract_that_does_not_have_the_rows_that_are_declared_is_one_fault(small_folder):
    declared = DEFINITION.replace('[extracts.episodes]', '[extracts.episodes]\nrows = 6')
    assert faults(small_folder, five_people(), declared) == [("episodes.csv", 1, "", "rows as declared")]
    assert faults(small_folder, five_people(), declared.replace("rows = 6", "rows = 5")) == []


def test_white_space_in_one_file_is_not_said_of_the_same_line_in_the_other(small_folder):
    files = five_people()
    files["contacts_2.csv"][1][3] = "F2F "
    assert faults(small_folder, files) == [("contacts_2.csv", 2, "", "no surrounding space")]


def test_a_row_that_stands_in_two_files_is_a_copy_and_no_shared_key(small_folder):
    files = five_people()
    files["contacts_2.csv"].append(files["contacts_1.csv"][2])
    assert faults(small_folder, files) == [("contacts_2.csv", 5, "", "row not repeated")]


def test_two_rows_that_share_a_key_and_differ_are_blocking(small_folder):
    files = five_people()
    files["contacts_2.csv"][2][0] = "K1"
    assert faults(small_folder, files) == [("contacts_2.csv", 3, "", "no duplicate key")]


def test_two_questionnaires_of_one_person_share_a_key(small_folder):
    files = five_people()
    files["questionnaire.csv"].append(["C1", "7", "8", "9"])
    assert faults(small_folder, files) == [("questionnaire.csv", 4, "", "no duplicate key")]


def test_a_key_with_a_part_that_no_file_holds_is_looked_for_in_the_rest(small_folder):
    files = five_people()
    files["questionnaire.csv"].append(["C1", "7", "8", "9"])
    definition = DEFINITION.replace('timepoint = "baseline"\nkey       = ["patient_id"]',
                                    'timepoint = "baseline"\nkey       = ["patient_id", "timepoint"]')
    assert faults(small_folder, files, definition) == [("questionnaire.csv", 4, "", "no duplicate key")]


def test_one_number_of_two_clients_would_give_one_persons_records_to_the_other(small_folder):
    files = five_people()
    files["clients.csv"].append(["C6", FIVE_PEOPLE[0]])
    assert faults(small_folder, files) == [("clients.csv", 7, "nhs_number", "number of one person")]


def test_a_number_that_is_filled_down_is_complete(small_folder):
    files = five_people()
    assert files["issues.csv"][2][0] == "" and faults(small_folder, files) == []


def test_a_blank_answer_is_no_fault_and_an_answer_outside_the_scale_is_one(small_folder):
    files = five_people()
    files["questionnaire.csv"][1][1:] = ["", "11", "-1"]
    assert (instrument("peg").lowest, instrument("peg").highest) == (0, 10)
    assert faults(small_folder, files) == [("questionnaire.csv", 2, "peg:Q2", "in range"),
                                           ("questionnaire.csv", 2, "peg:Q3", "in range")]


def test_the_first_and_last_day_of_the_period_lie_in_it(small_folder):
    files = five_people()
    for line, day in enumerate(["01/01/2017", "31/12/2017", "31/12/2016", "01/01/2018"], 1):
        files["episodes.csv"][line][1] = day
    del files["contacts_1.csv"][2:], files["contacts_2.csv"][2:]  # of the people whose first day is moved
    assert faults(small_folder, files) == [("episodes.csv", 4, "started_on", "within the period"),
                                           ("episodes.csv", 5, "started_on", "within the period")]


def test_a_contact_on_the_day_of_the_data_cut_is_kept_and_one_after_it_is_not(small_folder):
    files = five_people()
    files["contacts_1.csv"][1][2], files["contacts_1.csv"][2][2] = "31/12/2017", "01/01/2018"
    assert faults(small_folder, files) == [("contacts_1.csv", 3, "date", "before the data cut")]


def test_every_check_is_counted_with_the_rows_that_it_looked_at(small_folder):
    files = five_people()
    files["contacts_2.csv"][2][4] = "30"
    checks = checked(small_folder, files).checks
    others = set(BREAKS) - {"contact within an episode", "in range"}
    about = checks[(checks["extract"] == "contacts") & ~checks["rule"].isin(others)]
    assert list(about.itertuples(index=False, name=None)) == [
        ("contacts", "", "rows present", "blocking", 5, 0),
        ("contacts", "contact_id", "complete", "blocking", 5, 0),
        ("contacts", "patient_id", "complete", "blocking", 5, 0),
        ("contacts", "patient_id", "known link", "blocking", 5, 0),
        ("contacts", "date", "complete", "blocking", 5, 0),
        ("contacts", "date", "date as stated", "blocking", 5, 0),
        ("contacts", "date", "before the data cut", "excluded", 5, 0),
        ("contacts", "mode", "known code", "blocking", 5, 0),
        ("contacts", "minutes", "whole number", "blocking", 5, 0),
        ("contacts", "minutes", "in range", "blocking", 5, 0),
        ("contacts", "attendance", "complete", "blocking", 5, 0),
        ("contacts", "attendance", "known code", "blocking", 5, 0),
        ("contacts", "", "no duplicate key", "blocking", 5, 0),
        ("contacts", "", "row not repeated", "excluded", 5, 0),
        ("contacts", "", "no surrounding space", "noted", 5, 0),
        ("contacts", "", "no minutes without attendance", "noted", 5, 1),
        ("contacts", "", "minutes of what was attended", "noted", 5, 0),
        ("contacts", "date", "contact within an episode", "noted", 5, 0),
    ]


# ------------------------------------------------------------------------------------------------ severities

def test_a_study_may_move_a_rule_for_one_extract_and_the_fault_is_as_severe_as_it_says(small_folder):
    files = five_people()
    files["contacts_1.csv"][1][4], files["patients.csv"][1][1] = "300", "1899"
    moved = DEFINITION + """
[rules]
"in range" = { severity = "excluded", reason = "long contacts are group sessions", extract = "contacts" }
"""
    with tempfile.TemporaryDirectory(dir=small_folder) as root:
        found = checked(Path(root), files, moved)
    assert found.faults[["extract", "rule", "severity"]].values.tolist() == [
        ["patients", "in range", "blocking"], ["contacts", "in range", "excluded"]]
    assert set(found.checks.loc[found.checks["rule"] == "in range", ["extract", "severity"]].itertuples(
        index=False, name=None)) == {("patients", "blocking"), ("contacts", "excluded"), ("issues", "blocking"),
                                     ("questionnaire", "blocking")}
