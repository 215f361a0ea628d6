"""One file or sheet for each practice, from delivery to the canonical table: the name says the practice, and stays."""

from small_extracts import delivered, opened, write_study
from written_files import xlsx, zipped

from analysis.extracts.checks.expectations import validate
from analysis.extracts.consents.withhold import faulty_sites, without_sites
from analysis.extracts.tidy import tidy
from analysis.study import open_study

PATIENTS = """\
title    = "A small service"
period   = { from = 2017-01-01, to = 2017-12-31 }
data_cut = { records = 2017-12-31 }
pages    = []
disclosure = { enrolled = "none" }

[extracts.patients]
%s
key  = ["patient_id"]
[extracts.patients.columns]
patient_id = { from = "ID" }
practice   = { %s, codes = { "A" = "north", "B" = "south" } }
birth_year = { from = "Born", min = 1910, max = 2000 }
"""
LISTS = 'file = "patients_*.csv"', 'from_file = "patients_{}.csv"'


def test_the_practice_of_a_file_s_name_is_in_the_table(tmp_path):
    study = opened(tmp_path, {"patients_A.csv": [["ID", "Born"], ["1", "1950"]],
                              "patients_B.csv": [["Born", "ID"], ["1960", "2"]]}, PATIENTS % LISTS)
    extracts = delivered(study)
    validation = validate(extracts)
    assert validation.faults.empty
    patients = tidy(extracts, validation.faults)[0]["patients"]
    assert patients[["patient_id", "practice", "birth_year", "source_file", "source_row"]].values.tolist() == [
        ["1", "north", 1950, "patients_A.csv", 2], ["2", "south", 1960, "patients_B.csv", 2]]


def test_the_practice_of_a_sheet_s_name_is_in_the_table(tmp_path):
    definition = PATIENTS % ('file = "export.zip"\nsheet = "List *"', 'from_sheet = "List {}"')
    write_study(tmp_path, {}, definition)
    book = xlsx(**{"List A": [["ID", "Born"], [1, 1950]], "List B": [["ID", "Born"], [2, 1960]]})
    (tmp_path / "data_raw" / "small" / "export.zip").write_bytes(zipped({"lists.xlsx": book}))
    extracts = delivered(open_study("small", tmp_path))
    patients = tidy(extracts, validate(extracts).faults)[0]["patients"]
    assert patients[["patient_id", "practice", "source_file"]].values.tolist() == [
        ["1", "north", "export.zip/lists.xlsx[List A]"], ["2", "south", "export.zip/lists.xlsx[List B]"]]


def test_a_practice_that_is_not_known_is_a_fault_of_each_row_that_names_the_file(tmp_path):
    study = opened(tmp_path, {"patients_A.csv": [["ID", "Born"], ["1", "1950"]],
                              "patients_C.csv": [["ID", "Born"], ["2", "1960"]]}, PATIENTS % LISTS)
    faults = validate(delivered(study)).faults
    assert faults[["file", "row", "column", "heading", "rule"]].values.tolist() == [
        ["patients_C.csv", 2, "practice", "name of the file patients_{}.csv", "known code"]]


def test_a_practice_can_be_withheld_by_its_file(tmp_path):
    study = opened(tmp_path, {"patients_A.csv": [["ID", "Born"], ["1", "1950"]],
                              "patients_B.csv": [["ID", "Born"], ["2", "2960"]]}, PATIENTS % LISTS)
    extracts = delivered(study)
    assert faulty_sites(extracts, validate(extracts).faults, "practice") == {"south": ["in range"]}
    kept = without_sites(extracts, ["south"], "practice")["patients"].frame
    assert kept["source_file"].tolist() == ["patients_A.csv"]
