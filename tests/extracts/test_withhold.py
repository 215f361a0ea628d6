"""Whose fault it is: rows of one site withhold that site, and a fault of no one site blocks everything."""

import pandas as pd
import pytest
from small_extracts import DEFINITION, FIVE_PEOPLE, GUIDE, LOG, Files, delivered, five_people, opened

from analysis.extracts.checks.faults import FAULTS
from analysis.extracts.consents.withhold import faults_of, faulty_sites, site_of_rows, without_sites
from analysis.extracts.read import FILE, ROW

# One list of patients for each practice, as practices send them; interviews say their practice themselves.
SITES = DEFINITION.replace("""\
[extracts.patients]
file = "patients.csv"
""", """\
[extracts.patients_b]
table = "patients"
file  = "patients_b.csv"
key   = ["patient_id"]
[extracts.patients_b.columns]
patient_id = { from = "NHS no.", type = "nhs_number", through = "clients" }
practice   = { value = "practice_b" }

[extracts.patients]
file = "patients.csv"
""") + """
[extracts.consents]
file = "consents.csv"
[extracts.consents.columns]
person = { from = "Who" }
kind   = { value = "interview" }
status = { from = "Status", codes = { "Given" = "given" } }
""" + LOG + """\
group          = { value = "service user" }
practice       = { from = "Practice", codes = { "A" = "practice_a", "B" = "practice_b", "Both" = "both practices" } }
""" + GUIDE + """
[extracts.counts]
table = "aggregates"
file  = "counts.csv"
[extracts.counts.columns]
site  = { from = "Surgery", codes = { "A" = "practice_a", "B" = "practice_b" } }
what  = { value = "list size" }
count = { from = "Patients" }
"""


def two_sites() -> Files:
    """C1 and C2 are of practice A, C3 to C5 of practice B; P1 and P2 were interviewed there, P3 works in both."""
    files = five_people()
    return files | {
        "patients.csv": files["patients.csv"][:3],
        "patients_b.csv": [["NHS no."], *([number] for number in FIVE_PEOPLE[2:])],
        "consents.csv": [["Who", "Status"], ["C1", "Given"], ["P2", "Given"]],
        "log.csv": [["Interview", "Participant", "Practice"],
                    ["I1", "P1", "A"], ["I2", "P2", "B"], ["I3", "P3", "Both"]],
        "guide.csv": [["Interview", "Asked"], ["I1", "Y"], ["I2", "Y"], ["I3", "Y"]],
        "counts.csv": [["Surgery", "Patients"], ["A", "8000"], ["B", "6000"], ["", "14000"]]}


@pytest.fixture(scope="module")
def extracts(tmp_path_factory):
    return delivered(opened(tmp_path_factory.mktemp("sites"), two_sites(), SITES))


def faults(*told: tuple) -> pd.DataFrame:
    """(extract, file, row, rule and severity) of each fault, as the log has them; blocking where none is said."""
    rows = [(*one, *("complete", "blocking")[len(one) - 3:]) for one in told]
    return pd.DataFrame(rows, columns=["extract", "file", "row", "rule", "severity"]).reindex(columns=FAULTS)


def whose(extracts, *told: tuple) -> dict[str, list[str]] | None:
    return faulty_sites(extracts, faults(*told), "practice")


def said(column: pd.Series) -> list[str | None]:
    return [None if pd.isna(site) else site for site in column]


def altered(root, change) -> dict:
    """The two sites' extracts after their files were changed."""
    files = two_sites()
    change(files)
    return delivered(opened(root, files, SITES))


# ------------------------------------------------------------------------------------------------ rows and sites

A, B, BOTH = "practice_a", "practice_b", "both practices"


@pytest.mark.parametrize(("extract", "sites"), [
    ("patients", [A, A]), ("patients_b", [B, B, B]),       # each list is of one practice
    ("log", [A, B, BOTH]),                                  # says its practice itself
    ("episodes", [A, A, B, B, B]),                          # through the patient
    ("issues", [A, A, A]),                                  # through the patient's other number
    ("clients", [A, A, B, B, B]),
    ("questionnaire", [A, A]),
    ("consents", [A, B]),                                   # through the patient, and through the participant
    ("counts", [A, B, None]),                               # a count that came as a count names its site
    ("guide", [A, B, BOTH])])                               # through the interview
def test_a_row_is_of_the_site_that_it_names_or_of_its_patient_participant_or_interview(extracts, extract, sites):
    assert said(site_of_rows(extract, extracts, "practice")) == sites


def test_a_row_of_nobody_is_of_no_site(tmp_path):
    """Not even where a patient's number leads to nobody either."""
    def change(files):
        files["contacts_1.csv"][1][1] = ""
        files["patients_b.csv"].append(["9990000069"])

    assert said(site_of_rows("contacts", altered(tmp_path, change), "practice")) == [None, A, A, B, B]


def test_a_row_of_a_person_in_the_lists_of_two_sites_is_of_no_one_site(tmp_path):
    extracts = altered(tmp_path, lambda files: files["patients_b.csv"].append([FIVE_PEOPLE[0]]))
    assert said(site_of_rows("episodes", extracts, "practice")) == [None, A, B, B, B]
    assert said(site_of_rows("patients_b", extracts, "practice")) == [B, B, B, B]


# ------------------------------------------------------------------------------------------------ faulty sites

def test_faults_are_of_the_sites_of_their_rows_each_with_its_rules_once(extracts):
    assert whose(extracts, ("contacts", "contacts_2.csv", 4, "in range"), ("contacts", "contacts_2.csv", 3, "complete"),
                 ("episodes", "episodes.csv", 6, "complete"), ("log", "log.csv", 2, "known code")) == {
        A: ["known code"], B: ["complete", "in range"]}


def test_the_same_line_of_another_file_is_another_row(extracts):
    """Line 3 of the first file is a contact of C2, of the second one of C3."""
    assert whose(extracts, ("contacts", "contacts_1.csv", 3)) == {A: ["complete"]}
    assert whose(extracts, ("contacts", "contacts_2.csv", 3)) == {B: ["complete"]}


def test_what_leaves_a_row_out_or_is_noted_is_no_site_s_fault(extracts):
    assert whose(extracts, ("contacts", "contacts_1.csv", 2, "row not repeated", "excluded"),
                 ("contacts", "contacts_1.csv", 3, "no surrounding space", "noted")) == {}


def test_a_row_of_people_of_both_practices_is_of_a_site_that_is_none_of_the_study_s(extracts):
    """The run finds no such site and blocks everything."""
    assert whose(extracts, ("guide", "guide.csv", 4)) == {BOTH: ["complete"]}


def test_a_list_of_one_site_that_came_without_rows_is_that_site_s_fault(tmp_path):
    extracts = altered(tmp_path, lambda files: files.update({"patients_b.csv": [["NHS no."]]}))
    assert whose(extracts, ("patients_b", "patients_b.csv", 1, "rows present")) == {B: ["rows present"]}


@pytest.mark.parametrize(("told", "change"), [
    (("contacts", "contacts_1.csv", 2), lambda files: files["contacts_1.csv"][1].__setitem__(1, "")),
    (("contacts", "contacts_1.csv", 2), lambda files: files["contacts_1.csv"][1].__setitem__(1, "C9")),
    (("episodes", "episodes.csv", 2), lambda files: files["patients_b.csv"].append([FIVE_PEOPLE[0]])),
    (("log", "log.csv", 2, "known code"), lambda files: files["log.csv"][1].__setitem__(2, "C")),
    (("guide", "guide.csv", 2), lambda files: files["log.csv"][1].__setitem__(2, "C")),
    (("episodes", "episodes.csv", 1, "rows present"), lambda files: files["episodes.csv"].__delitem__(slice(1, None))),
    (("interviews", "interviews.qdpx", 0, "code in the codebook"), lambda files: None),
], ids=["a row of nobody", "a row of an unknown person", "a person of two sites", "an unknown site",
        "an interview at an unknown site", "an extract of all sites without rows", "the coded project"])
def test_a_fault_that_is_in_no_one_site_s_rows_leaves_nothing_that_can_be_reported(tmp_path, told, change):
    extracts = altered(tmp_path, change)
    assert whose(extracts, told) is None
    assert whose(extracts, ("patients_b", "patients_b.csv", 2), told) is None


# ------------------------------------------------------------------------------------------------ the extracts without

def test_the_extracts_without_a_site_hold_no_row_of_it_and_every_row_of_the_others(extracts):
    kept = {name: extract.frame for name, extract in without_sites(extracts, [B], "practice").items()}
    assert {name: list(zip(frame[FILE], frame[ROW], strict=True)) for name, frame in kept.items()} == {
        "clients": [("clients.csv", 2), ("clients.csv", 3)],
        "patients_b": [],
        "patients": [("patients.csv", 2), ("patients.csv", 3)],
        "episodes": [("episodes.csv", 2), ("episodes.csv", 3)],
        "contacts": [("contacts_1.csv", 2), ("contacts_1.csv", 3), ("contacts_2.csv", 2)],
        "issues": [("issues.csv", 2), ("issues.csv", 3), ("issues.csv", 4)],
        "questionnaire": [("questionnaire.csv", 2), ("questionnaire.csv", 3)],
        "consents": [("consents.csv", 2)],
        "log": [("log.csv", 2), ("log.csv", 4)],       # what is of both practices is not of this one
        "counts": [("counts.csv", 2), ("counts.csv", 4)],  # nor is a count of the whole
        "guide": [("guide.csv", 2), ("guide.csv", 4)]}


def test_without_any_site_the_extracts_are_what_was_delivered(extracts):
    kept = without_sites(extracts, [], "practice")
    assert all(kept[name].frame.equals(extract.frame) for name, extract in extracts.items())


def test_rows_of_no_site_stay(tmp_path):
    extracts = altered(tmp_path, lambda files: files["contacts_2.csv"][2].__setitem__(1, ""))
    assert said(without_sites(extracts, [B], "practice")["contacts"].frame["contact_id"]) == ["K1", "K2", "K3", "K4"]


def test_a_person_in_the_lists_of_two_sites_stays_in_the_other(tmp_path):
    extracts = altered(tmp_path, lambda files: files["patients_b.csv"].append([FIVE_PEOPLE[0]]))
    kept = without_sites(extracts, [B], "practice")
    assert (said(kept["patients"].frame["patient_id"]), said(kept["patients_b"].frame["patient_id"])) == (
        FIVE_PEOPLE[:2], [])
    assert said(kept["contacts"].frame["contact_id"]) == ["K1", "K2", "K3"]


def test_faults_of_rows_that_are_left_out_are_left_out_too(extracts):
    log = faults(("contacts", "contacts_2.csv", 3), ("contacts", "contacts_2.csv", 2, "no surrounding space", "noted"),
                 ("patients_b", "patients_b.csv", 2), ("contacts", "contacts_1.csv", 3))
    left = faults_of(without_sites(extracts, [B], "practice"), log)
    assert left[["extract", "file", "row", "severity"]].values.tolist() == [
        ["contacts", "contacts_2.csv", 2, "noted"], ["contacts", "contacts_1.csv", 3, "blocking"]]
    assert list(left.index) == [0, 1]
