"""Extracts that are made up from a definition: they fit it, agree with one another, and say what they are."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from small_extracts import head, opened

from analysis.errors import Mistake
from analysis.extracts.checks.rules import nhs_number_is_valid
from analysis.extracts.plan import plans
from analysis.extracts.read import read
from analysis.extracts.synthetic import refuse_a_mixture, refuse_others_files, synthetic, write_extracts
from analysis.extracts.synthetic.people import nhs_number
from analysis.extracts.synthetic.project import coded_project, write_project
from analysis.interviews import refi_qda, taguette
from analysis.measures.prescribing.dose_line import dose_lines
from analysis.reference.factors import factor_table
from analysis.reference.made_up import prescriptions, sentences
from analysis.study import MANIFEST, open_study, study_names

ROOT = Path(__file__).parents[2]
STUDIES = study_names(ROOT)

UNUSUAL = head("Files as they come", 2024, cut="2025-01-31") + """\
[timepoints]
start = { label = "Start", weeks = 0 }
later = { label = "Later", weeks = 8 }

[extracts.list]
table     = "identifiers"
file      = "list.txt"
delimiter = "\\t"
encoding  = "utf-16"
[extracts.list.columns]
patient_id = { from = "Our no." }
nhs_number = { from = "NHS" }

[extracts.patients]
file       = "one row a person.csv"
header_row = 4
delimiter  = ";"
encoding   = "cp1252"
[extracts.patients.columns]
patient_id = { from = "NHS", type = "nhs_number", through = "list" }
practice   = { from = "Where", codes = { "1" = "north", "2" = "south", "02" = "south" } }
sex        = { from = "Sex", codes = { "F" = "female", "M" = "male" }, blank = ["N/K", "-"] }
died_on    = { from = "Died", format = "%d %b %Y %H:%M:%S", blank = ["alive"] }

[extracts.episodes]
file       = "one row a person.csv"
header_row = 4
delimiter  = ";"
encoding   = "cp1252"
[extracts.episodes.columns]
patient_id = { from = "NHS", type = "nhs_number", through = "list" }
started_on = { from = "Seen first", format = "%d/%m/%y", within = "period" }

[extracts.contacts]
file      = "contacts_*.xlsx"
fill_down = ["No."]
[extracts.contacts.columns]
patient_id = { from = "No." }
contact_id = { from = "Ref" }
date       = { from = "Day", format = "%d.%m.%Y", until = "records" }
attendance = { value = "attended" }
minutes    = { from = "Min", min = 1, max = 20 }

[extracts.answers]
table = "responses"
file  = "answers.csv"
[extracts.answers.columns]
patient_id = { from = "No." }
instrument = { from = "Form", type = "category", codes = { "PHQ" = "phq9" } }
timepoint  = { from = "Wave", codes = { "1" = "start", "2" = "later" } }
item       = { from = "Item" }
answer     = { from = "Said", min = 0, max = 3 }
date       = { from = "On" }
"""


EVERY_KIND = head("Every kind of file", 2024) + """\
[extracts.patients]
file = "lists/patients_*_2024.tsv"
[extracts.patients.columns]
patient_id = { from = "No." }
practice   = { from_file = "patients_{}_2024.tsv", codes = { "A" = "north", "B" = "south" } }

[extracts.referrals]
file   = "approaches.ods"
sheet  = "20*"
footer = "End of list"
header_row = 3
[extracts.referrals.columns]
patient_id = { from = "No." }
source     = { from_sheet = "{}", codes = { "2023" = "letter", "2024" = "clinic" } }
invited_on = { from = "Invited", format = "%d/%m/%Y" }
response   = { from = "Answer", codes = { "yes  please" = "enrolled", "no <thanks>" = "declined" } }

[extracts.episodes]
file = "export_*.zip"
member = "*/episodes.csv"
[extracts.episodes.columns]
patient_id = { from = "No." }
started_on = { from = "Start" }
ended_on   = { from = "End", blank = ["open"] }

[extracts.contacts]
file = ["contacts.parquet", "more.parquet"]
[extracts.contacts.columns]
patient_id = { from = "No." }
date       = { from = "Day", format = "%d %b %Y %H:%M:%S" }
attendance = { from = "Came", codes = { "1" = "attended", "0" = "did not attend" } }

[extracts.interventions]
file = "offers.sav"
[extracts.interventions.columns]
patient_id   = { from = "no" }
setting      = { value = "community" }
intervention = { from = "what", codes = { "W" = "walks" } }
uptake       = { from = "taken", codes = { "Y" = "taken up", "N" = "not taken up" } }

[extracts.events]
file    = "events.xls"
read_as = "csv"
footer  = ["Total", "End"]
[extracts.events.columns]
patient_id = { from = "no" }
date       = { from = "day" }
kind       = { from = "what", codes = { "O" = "overdose", "C" = "complaint" } }

[extracts.recruitment]
file = "asked.dta"
[extracts.recruitment.columns]
patient_id = { from = "no" }
contact    = { from = "said", codes = { "Y" = "agreed", "N" = "declined" } }
"""


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def unusual(tmp_path):
    return opened(tmp_path, {}, UNUSUAL)


# ------------------------------------------------------------------------------------------------ they fit

DEFINITIONS = {"unusual": UNUSUAL, "every kind of file": EVERY_KIND}


@pytest.mark.parametrize("name", [*STUDIES, *DEFINITIONS])
def test_what_is_made_up_in_memory_is_what_the_reader_reads_from_the_files(name, tmp_path):
    study = opened(tmp_path, {}, DEFINITIONS[name]) if name in DEFINITIONS else open_study(name, ROOT)
    extracts = synthetic(study, count=15)
    write_extracts(extracts, tmp_path / "files")
    for plan, delivered in zip(plans(study), extracts.text_tables().values(), strict=True):
        again = read(plan, tmp_path / "files")
        pd.testing.assert_frame_equal(again.frame, delivered.frame)
        assert (again.trimmed, len(delivered.frame) > 0) == (delivered.trimmed, True)


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS)
def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_people(definition, tmp_path):
    study = opened(tmp_path, {}, definition)
    for folder, seed in (("one", 7), ("again", 7), ("other", 8)):
        write_extracts(synthetic(study, seed=seed, count=10), tmp_path / folder)
    one, again, other = (files_of(tmp_path / folder) for folder in ("one", "again", "other"))
    assert one == again
    assert len([name for name in one if one[name] != other[name]]) > 3


def test_files_that_a_pattern_means_are_named_by_the_values_that_their_names_give(tmp_path):
    write_extracts(synthetic(opened(tmp_path, {}, EVERY_KIND), count=10), tmp_path / "f")
    assert set(files_of(tmp_path / "f")) == {
        "README.txt", MANIFEST, "approaches.ods", "asked.dta", "contacts.parquet", "events.xls", "export_1.zip",
        "export_2.zip", "lists/patients_A_2024.tsv", "lists/patients_B_2024.tsv", "more.parquet", "offers.sav"}


def test_a_kind_of_file_that_cannot_be_made_up_is_said_with_its_line(tmp_path):
    study = opened(tmp_path, {}, EVERY_KIND.replace('"offers.sav"', '"offers.xlsb"'))
    with pytest.raises(Mistake, match=r"(?s)line 41: 'offers.xlsb' is of a kind that is not made up.*\.parquet"):
        synthetic(study)


def test_files_have_the_shape_that_the_definition_says(unusual, tmp_path):
    write_extracts(synthetic(unusual, count=10), tmp_path / "f")
    lines = (tmp_path / "f" / "one row a person.csv").read_text("cp1252").splitlines()
    assert lines[0].startswith('"SYNTHETIC DATA') and lines[3] == "NHS;Where;Sex;Died;Seen first"
    assert (tmp_path / "f" / "list.txt").read_text("utf-16").splitlines()[0] == "Our no.\tNHS"
    with (tmp_path / "f" / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["Wave"] for row in rows} == {"1", "2"} and {row["Said"] for row in rows} >= {"0", "1", "2", "3"}


def test_a_cell_that_the_system_prints_once_is_blank_below(unusual, tmp_path):
    write_extracts(synthetic(unusual, count=10), tmp_path / "f")
    book = pd.read_excel(tmp_path / "f" / "contacts_1.xlsx", dtype=str, engine="openpyxl")
    assert book["No."].isna().any() and book["No."].nunique() < len(book)


def test_fewer_people_than_tell_a_story_are_refused(unusual):
    with pytest.raises(Mistake, match="5 people are too few"):
        synthetic(unusual, count=5)


# ------------------------------------------------------------------------------------------------ they agree

@pytest.mark.parametrize("seed", range(5))
def test_every_person_is_born_registered_asked_and_seen_in_that_order(seed):
    for person in synthetic(open_study(STUDIES[0], ROOT), seed=seed, count=40).world.people:
        days = [person.born, person.registered_on, person.identified_on, person.invited_on, person.responded_on,
                person.started_on, person.ended_on, person.deregistered_on or person.died_on]
        known = [day for day in days if day]
        assert known == sorted(known)


@pytest.mark.parametrize("name", STUDIES)
def test_records_of_one_person_agree_over_all_extracts(name):
    world = synthetic(open_study(name, ROOT), seed=3, count=40).world
    for contact in world.table("contacts"):
        assert contact["whose"].started_on <= contact["date"] <= contact["whose"].last_day
    for issue in world.table("prescriptions"):
        assert issue["whose"].registered_on <= issue["issued_on"] <= issue["whose"].until
    for answer in world.table("responses"):
        assert answer["date"] >= answer["whose"].started_on
    assert {r["whose"].practice == r["practice"] for r in world.table("patients")} == {True}


def test_numbers_are_valid_from_the_range_that_is_never_issued_and_no_two_alike():
    numbers = [nhs_number(n) for n in range(5000)]
    assert len(set(numbers)) == 5000 and all(n.startswith("999") and nhs_number_is_valid(n) for n in numbers)


def test_directions_of_made_up_prescriptions_come_to_what_the_file_says():
    rows = pd.DataFrame([{"patient_id": "P1", "issued_on": pd.Timestamp("2024-01-01"), "product": p.product,
                          "quantity": 1000.0, "unit": p.unit, "directions": p.directions, "dmd_code": None,
                          "strength": None, "form": None, "route": None, "days_supply": None, "status": None}
                         for p in prescriptions()])
    read = dose_lines(rows, factors=factor_table("fpm-2020"), range_rule="maximum", prn_rule="full")
    lasts = (read.lines["end"] - read.lines["start"]) / pd.Timedelta(days=1)
    assert set(read.unread["reason"]) == {"no opioid in it"}
    assert sorted(lasts.round(2)) == sorted(round(1000 / p.per_day, 2) for p in prescriptions()
                                            if p.product not in set(read.unread["product"]))


# ------------------------------------------------------------------------------------------------ interviews

@pytest.mark.parametrize(("file", "reader"), [("coded.qdpx", refi_qda), ("coded.sqlite3", taguette)])
def test_a_coded_project_is_read_again_as_it_was_made_up(file, reader, tmp_path):
    study = open_study("south-glos", ROOT)
    project = coded_project(synthetic(study, count=20).world)
    write_project(project, tmp_path / file, study.name)
    again = reader.read(tmp_path / file)
    assert {(c.interview, c.start, c.end, c.text, c.code) for c in again.codings} == {
        (c.interview, c.start, c.end, c.text, c.code) for c in project.codings}
    assert [(i.id, i.text) for i in again.interviews] == [(i.id, i.text) for i in project.interviews]
    assert {(c.id, c.parent) for c in again.codes} == {(c.id, c.parent) for c in project.codes}
    assert (again.tolerated, again.losses) == ((), ())


def test_made_up_people_ask_and_answer():
    assert {who for who, _ in sentences()} == {"I", "R"}


# ------------------------------------------------------------------------------------------------ what they are

def test_the_folder_says_that_it_is_made_up_and_with_which_faults(unusual, tmp_path):
    write_extracts(synthetic(unusual, count=10), tmp_path / "f", ["late contact: contacts_1.xlsx, line 4"])
    files = files_of(tmp_path / "f")
    assert b"SYNTHETIC DATA" in files["README.txt"] and b"contacts_1.xlsx, line 4" in files["README.txt"]
    assert set(json.loads(files[MANIFEST])["files"]) == set(files) - {MANIFEST}


def test_a_readme_is_never_taken_for_an_extract(tmp_path):
    study = opened(tmp_path, {}, UNUSUAL.replace('"list.txt"', '"*.txt"'))
    write_extracts(synthetic(study, count=10), tmp_path / "f")
    assert (tmp_path / "f" / "README.md").is_file() and not (tmp_path / "f" / "README.txt").exists()


def test_the_report_of_made_up_extracts_says_so_where_the_definition_does_not(unusual):
    assert unusual.synthetic == ""
    write_extracts(synthetic(unusual, count=10), unusual.raw)
    assert unusual.synthetic.startswith("Every record behind this report was made up")


def test_what_somebody_delivered_or_changed_is_not_written_over(unusual):
    write_extracts(synthetic(unusual, count=10), unusual.raw)
    refuse_others_files(unusual.raw)
    (unusual.raw / "answers.csv").write_text("real", "utf-8")
    (unusual.raw / "deep").mkdir()
    (unusual.raw / "deep" / "more.csv").write_text("real", "utf-8")
    with pytest.raises(Mistake, match="answers.csv, deep.more.csv"):
        refuse_others_files(unusual.raw)


def test_made_up_and_delivered_extracts_in_one_folder_are_not_read_together(unusual):
    refuse_a_mixture(replace(unusual, name="nothing there"))
    write_extracts(synthetic(unusual, count=10), unusual.raw)
    refuse_a_mixture(unusual)
    (unusual.raw / "more.csv").write_text("real", "utf-8")
    with pytest.raises(Mistake, match="made-up extracts and others beside them: more.csv"):
        refuse_a_mixture(unusual)
