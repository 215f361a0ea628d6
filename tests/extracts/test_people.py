"""Whom a row is about: the person that it names, by our number; nobody where it names none."""

import pandas as pd
import pytest
from small_extracts import DEFINITION, FIVE_PEOPLE, GUIDE, LOG, checked, delivered, five_people, opened

from analysis.extracts.checks.faults import FAULTS
from analysis.extracts.people import identities, people_of_rows, with_person

MORE = """
[extracts.consents]
file = "consents.csv"
[extracts.consents.columns]
person = { from = "Who" }
kind   = { value = "evaluation" }
status = { from = "Status", codes = { "Given" = "given" } }
""" + LOG + """\
group          = { value = "service user" }
""" + GUIDE


@pytest.fixture(scope="module")
def extracts(tmp_path_factory):
    files = five_people() | {"consents.csv": [["Who", "Status"], ["C1", "Given"], ["P2", "Given"]],
                             "log.csv": [["Interview", "Participant"], ["I1", "P1"], ["I2", "P2"]],
                             "guide.csv": [["Interview", "Asked"], ["I1", "Y"]]}
    files["contacts_2.csv"][2][1] = ""
    files["issues.csv"].append(["9990000069", "01/02/2017", "Drug", "1"])  # a number that no client has
    return delivered(opened(tmp_path_factory.mktemp("small"), files, DEFINITION + MORE))


def listed(people: pd.Series) -> list[str | None]:
    return [None if pd.isna(person) else person for person in people]


def whose(name: str, extracts) -> list[str | None]:
    people = people_of_rows(extracts[name], extracts)
    assert list(people.index) == list(extracts[name].frame.index)
    return listed(people)


# ------------------------------------------------------------------------------------------------ rows

def test_a_row_is_about_the_patient_that_it_names(extracts):
    assert whose("episodes", extracts) == ["C1", "C2", "C3", "C4", "C5"]


def test_another_system_s_number_is_exchanged_for_ours(extracts):
    """Two issues of C1, whose number is printed on the first only; one of C2; one of a number that nobody has."""
    assert whose("issues", extracts) == ["C1", "C1", "C2", None]
    assert list(identities(extracts["patients"], "patient_id", extracts)) == ["C1", "C2", "C3", "C4", "C5"]


def test_a_row_of_the_list_of_numbers_is_about_the_person_whose_number_it_holds(extracts):
    assert whose("clients", extracts) == ["C1", "C2", "C3", "C4", "C5"]


def test_a_row_that_names_nobody_is_about_nobody_known(extracts):
    assert whose("contacts", extracts) == ["C1", "C2", "C1", None, "C4"]


def test_a_consent_is_about_its_person_and_an_interview_about_its_participant(extracts):
    assert (whose("consents", extracts), whose("log", extracts)) == (["C1", "P2"], ["P1", "P2"])


def test_an_extract_without_a_column_of_people_is_about_nobody_known(extracts):
    assert whose("guide", extracts) == [None]


def test_an_extract_without_rows_is_about_no_one_at_all(tmp_path):
    files = five_people()
    files["episodes.csv"] = files["episodes.csv"][:1]
    extracts = delivered(opened(tmp_path, files))
    assert whose("episodes", extracts) == []


# ------------------------------------------------------------------------------------------------ faults

def faults(*told: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame([(name, file, row) for name, file, row in told],
                        columns=["extract", "file", "row"]).reindex(columns=FAULTS)


def test_a_fault_is_about_the_person_of_its_row(extracts):
    found = with_person(faults(("contacts", "contacts_2.csv", 2), ("contacts", "contacts_1.csv", 3),
                               ("issues", "issues.csv", 3), ("contacts", "contacts_2.csv", 3)), extracts)
    assert list(found) == [*FAULTS, "person"]
    assert listed(found["person"]) == ["C1", "C2", "C1", None]


@pytest.mark.parametrize("told", [
    ("contacts", "contacts_*.csv", 1),        # an extract without rows
    ("interviews", "interviews.qdpx", 0)])    # a coded project is no extract
def test_a_fault_of_no_row_is_about_nobody_known(extracts, told):
    assert with_person(faults(told), extracts)["person"].isna().tolist() == [True]


def test_no_fault_at_all_is_a_log_without_rows(extracts):
    found = with_person(faults(), extracts)
    assert (list(found), len(found)) == ([*FAULTS, "person"], 0)


def test_the_faults_that_checking_finds_are_about_the_people_of_their_rows(tmp_path):
    """And the person is our number: what the log of queries must never hold is not in the table of faults either."""
    files = five_people()
    files["issues.csv"][3][1] = "99/99/2017"
    files["patients.csv"][4][1] = "1850"
    study = opened(tmp_path, files)
    found = with_person(checked(tmp_path, files).faults, delivered(study))
    assert found[["extract", "row", "rule", "person"]].values.tolist() == [
        ["patients", 5, "in range", "C4"], ["issues", 4, "date as stated", "C2"]]
    assert not set(found.astype(str).to_numpy().ravel()) & set(FIVE_PEOPLE)
