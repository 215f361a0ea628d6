"""The queries that go back to a site: its rows, by its own key, and nothing else of what the rows hold."""

import pandas as pd
import pytest
from small_extracts import DEFINITION, FIVE_PEOPLE, delivered, five_people, opened

from analysis.extracts.checks.faults import FAULTS, fault
from analysis.extracts.checks.queries import QUERIES, queries, with_site

SITES = DEFINITION.replace('practice   = { value = "practice_a" }',
                           'practice   = { from = "Practice", codes = { "A" = "practice_a", "B" = "practice_b" } }')


@pytest.fixture(scope="module")
def extracts(tmp_path_factory):
    files = five_people()
    files["patients.csv"] = [["NHS no.", "Born", "Practice"],
                             *([n, "1950", "A" if i < 2 else "B"] for i, n in enumerate(FIVE_PEOPLE))]
    files["contacts_2.csv"][1][0] = "Mary Smith"       # somebody typed a name where the number of the contact belongs
    files["contacts_2.csv"][3][0] = FIVE_PEOPLE[3]     # and here an NHS number
    return delivered(opened(tmp_path_factory.mktemp("small"), files, SITES))


@pytest.fixture(scope="module")
def faults(extracts):
    told = [("contacts", "in range", "minutes", 0), ("contacts", "in range", "minutes", 2),
            ("contacts", "known code", "mode", 3), ("contacts", "known code", "mode", 4),
            ("patients", "in range", "birth_year", 4), ("issues", "number", "quantity", 2),
            ("contacts", "rows present", "", -1)]
    return pd.DataFrame([fault(extracts[name], rule, column, position) for name, rule, column, position in told],
                        columns=FAULTS)


def test_each_site_gets_its_own_rows_in_the_order_of_its_files_by_its_own_key(extracts, faults):
    sent = queries(faults, extracts, "practice")
    assert {site: frame[["file", "row", "key", "rule"]].values.tolist() for site, frame in sent.items()} == {
        "of_no_site": [["contacts_*.csv", 1, "", "rows present"]],
        "practice_a": [["contacts_1.csv", 2, "Ref K1", "in range"], ["contacts_2.csv", 2, "", "in range"],
                       ["issues.csv", 4, "", "number"]],
        "practice_b": [["contacts_2.csv", 3, "Ref K4", "known code"], ["contacts_2.csv", 4, "", "known code"],
                       ["patients.csv", 6, "", "in range"]]}


def test_no_name_and_no_number_of_a_person_is_in_a_query(extracts, faults):
    for frame in queries(faults, extracts, "practice").values():
        assert list(frame) == QUERIES
        words = " ".join(frame.astype(str).to_numpy().ravel())
        assert not [value for value in (*FIVE_PEOPLE, "Mary", "Smith", "C1", "C3") if value in words]


def test_a_study_without_sites_has_one_list(extracts, faults):
    assert {site: len(frame) for site, frame in queries(faults, extracts, "").items()} == {"of_no_site": 7}


def test_a_fault_knows_its_site_under_the_name_of_the_column_that_names_sites(extracts, faults):
    assert list(with_site(faults, extracts, "practice")["practice"].fillna("")) == [
        "practice_a", "practice_a", "practice_b", "practice_b", "practice_b", "practice_a", ""]
