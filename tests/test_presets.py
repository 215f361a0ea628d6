"""Presets: a definition starts from one, says what differs, and each preset reads a file of its shape."""

from pathlib import Path

import pytest

from analysis.errors import DefinitionMistake
from analysis.extracts.checks.expectations import validate
from analysis.extracts.plan import plans
from analysis.extracts.read import read
from analysis.extracts.tidy import tidy
from analysis.presets import preset, preset_names
from analysis.study import open_study

HEAD = """\
title    = "A small service"
period   = { from = 2016-01-01, to = 2017-12-31 }
data_cut = { records = 2017-12-31 }
pages    = ["01_data_quality"]
[disclosure]
enrolled = "none"
"""


def opened(root: Path, files: dict[str, str], definition: str):
    folder, raw = root / "pipelines" / "studies" / "small", root / "data_raw" / "small"
    folder.mkdir(parents=True, exist_ok=True)
    raw.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(definition, "utf-8")
    for name, text in files.items():
        (raw / name).write_text(text, "utf-8")
    return open_study("small", root)


def columns(study, extract: str) -> dict:
    plan = next(p for p in plans(study) if p.name == extract)
    return {c.name: c for c in plan.columns}


def tables(study) -> dict:
    delivered = {plan.name: read(plan, study.raw) for plan in plans(study)}
    validation = validate(delivered)
    # The tests' numbers are from the range that is never issued, which records that are no test would be asked about.
    unexpected = validation.faults[validation.faults["rule"] != "NHS number that is issued"]
    assert unexpected.empty, unexpected.to_string()
    return tidy(delivered, validation.faults)[0]


def refused(tmp_path, definition: str) -> str:
    with pytest.raises(DefinitionMistake) as mistake:
        plans(opened(tmp_path, {}, HEAD + definition))
    return str(mistake.value)


# ------------------------------------------------------------------------------------------------ starting from one

def test_a_definition_says_only_what_differs_from_the_preset(tmp_path):
    study = opened(tmp_path, {}, HEAD + """
[extracts.people]
preset  = "synthea/patients"
file    = "people_*.csv"
without = ["died_on"]
[extracts.people.columns]
practice  = { from = "COUNTY", codes = { "Avon" = "avon" } }
sex       = { codes = { "U" = "not recorded" } }
ethnicity = { codes = { "white" = "White" } }
""")
    plan, = plans(study)
    assert (plan.table.name, plan.file, plan.key) == ("patients", "people_*.csv", ("patient_id",))
    assert [(c.name, c.source, c.value, c.format, dict(c.codes)) for c in plan.columns] == [
        ("patient_id", "Id", "", "%Y-%m-%d", {}),
        ("sex", "GENDER", "", "%Y-%m-%d", {"F": "female", "M": "male", "U": "not recorded"}),
        ("birth_year", "BIRTHDATE", "", "%Y-%m-%d", {}),
        ("ethnicity", "RACE", "", "%Y-%m-%d", {"white": "White"}),
        ("practice", "COUNTY", "", "%Y-%m-%d", {"Avon": "avon"}),
    ]


def test_an_extract_with_the_name_of_the_presets_needs_only_the_presets_name(tmp_path):
    study = opened(tmp_path, {}, HEAD + '[extracts.episodes]\npreset = "synthea"\n')
    plan, = plans(study)
    assert (plan.file, plan.column("started_on").source) == ("careplans.csv", "START")


def test_a_fault_in_what_comes_from_a_preset_names_both_places(tmp_path):
    line = preset("synthea").lines["extracts", "patients", "columns", "ethnicity"]
    assert refused(tmp_path, '[extracts.patients]\npreset = "synthea"\n') == (
        f"study.toml, line 8 (preset synthea.toml, line {line}): 'ethnicity' is a category without codes\n"
        '  -> codes = { "theirs" = "ours", … }')


def test_a_preset_that_is_not_there_and_a_column_that_it_lacks_are_answered_with_what_is_there(tmp_path):
    assert refused(tmp_path, '[extracts.people]\npreset = "synthia/patients"\n') == (
        "study.toml, line 8: there is no preset 'synthia/patients'\n  -> did you mean \"synthea/patients\"?")
    assert refused(tmp_path, '[extracts.patients]\npreset = "synthea"\nwithout = ["died"]\n') == (
        "study.toml, line 9: the preset has no column 'died' that could be left out\n  -> did you mean 'died_on'?")


def test_what_a_preset_leaves_to_the_definition_is_asked_for(tmp_path):
    assert refused(tmp_path, '[extracts.patients]\npreset = "cprd-aurum"\n') == (
        "study.toml, line 7: 'file' is missing in [extracts.patients]\n  -> add: file = …")


def test_every_column_of_every_preset_is_one_of_its_canonical_table(tmp_path):
    for name in preset_names():
        said = preset(name.split("/")[0]).extracts[name.split("/")[1]]
        codes = "".join(f'{column} = {{ codes = {{ "any" = "{CANONICAL.get(column, "any")}" }} }}\n'
                        for column, keys in said["columns"].items()
                        if column in CATEGORIES and "from" in keys and "codes" not in keys)
        study = opened(tmp_path / name, {}, f'{HEAD}[extracts.one]\npreset = "{name}"\nfile = "one.csv"\n'
                                            f"[extracts.one.columns]\n{codes}")
        plan, = plans(study)
        assert plan.table.name == name.split("/")[1]
        assert preset(name.split("/")[0]).recognised_by[name.split("/")[1]]


CATEGORIES = ("practice", "sex", "ethnicity", "source", "end_reason", "attendance", "place", "status")
CANONICAL = {"sex": "female", "attendance": "attended"}

# ------------------------------------------------------------------------------------------------ files of each shape


def test_synthea_files_become_canonical_tables(tmp_path):
    got = tables(opened(tmp_path, {
        "patients.csv": "Id,BIRTHDATE,DEATHDATE,FIRST,RACE,GENDER\n"
                        "b58731cc,1979-05-02,,Any,white,F\nd1a90d11,1950-12-31,2017-03-09,Any,asian,M\n",
        "careplans.csv": "Id,START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION,REASONCODE,REASONDESCRIPTION\n"
                         "c1,2016-03-01,2016-09-01,b58731cc,e1,1,Care plan,2,Pain\n",
        "encounters.csv": "Id,START,STOP,PATIENT,ORGANIZATION,PROVIDER,PAYER,ENCOUNTERCLASS,CODE,DESCRIPTION\n"
                          "e1,2016-03-01T09:15:00Z,2016-03-01T09:30:00Z,b58731cc,o1,p1,y1,ambulatory,1,Check up\n",
        "medications.csv": "START,STOP,PATIENT,PAYER,ENCOUNTER,CODE,DESCRIPTION,BASE_COST,PAYER_COVERAGE,DISPENSES\n"
                           "2016-03-01T09:15:00Z,,b58731cc,y1,e1,1,Tramadol 50 MG Oral Capsule,1.0,0.5,3\n",
    }, HEAD + """
[extracts.patients]
preset = "synthea"
[extracts.patients.columns]
ethnicity = { codes = { "white" = "White", "asian" = "Asian" } }
[extracts.episodes]
preset = "synthea"
[extracts.contacts]
preset = "synthea"
[extracts.prescriptions]
preset = "synthea"
"""))
    assert got["patients"][["patient_id", "practice", "sex", "birth_year", "ethnicity"]].to_numpy().tolist() == [
        ["b58731cc", "all", "female", 1979, "White"], ["d1a90d11", "all", "male", 1950, "Asian"]]
    assert got["contacts"][["patient_id", "date", "place", "attendance"]].astype(str).to_numpy().tolist() == [
        ["b58731cc", "2016-03-01", "ambulatory", "attended"]]
    assert got["episodes"][["started_on", "ended_on"]].astype(str).to_numpy().tolist() == [["2016-03-01", "2016-09-01"]]
    assert got["prescriptions"]["quantity"].tolist() == [3.0]


def test_cprd_aurum_files_keep_identifiers_of_nineteen_digits(tmp_path):
    got = tables(opened(tmp_path, {
        "Patient_001.txt": "patid\tpracid\tusualgpstaffid\tgender\tyob\tregstartdate\tregenddate\tcprd_ddate\n"
                           "1234567890123456789\t20001\t9\t2\t1962\t01/02/1990\t\t\n",
        "Consultation_001.txt": "patid\tconsid\tpracid\tconsdate\tstaffid\tconssourceid\n"
                                "1234567890123456789\t77\t20001\t14/03/2016\t9\t3\n",
        "DrugIssue_001.txt": "patid\tissueid\tpracid\tissuedate\tprodcodeid\tquantity\tduration\n"
                             "1234567890123456789\t5\t20001\t14/03/2016\t1000041\t56\t28\n",
    }, HEAD + r"""
[extracts.patients]
preset    = "cprd-aurum"
file      = "Patient_*.txt"
delimiter = "\t"
[extracts.patients.columns]
practice = { codes = { "20001" = "practice_a" } }
sex      = { codes = { "1" = "male", "2" = "female" } }
[extracts.contacts]
preset    = "cprd-aurum"
file      = "Consultation_*.txt"
delimiter = "\t"
[extracts.prescriptions]
preset    = "cprd-aurum"
file      = "DrugIssue_*.txt"
delimiter = "\t"
"""))
    assert got["patients"].loc[0, ["patient_id", "practice", "sex"]].tolist() == [
        "1234567890123456789", "practice_a", "female"]
    assert str(got["contacts"].loc[0, "date"].date()) == "2016-03-14"
    assert got["prescriptions"].loc[0, ["product", "quantity", "days_supply"]].tolist() == ["1000041", 56.0, 28.0]


def test_systmone_dates_lose_their_time_of_day_and_stay_on_their_day(tmp_path):
    got = tables(opened(tmp_path, {
        "SRPatient.csv": "RowIdentifier,IDOrganisationVisibleTo,NHSNumber,DateBirth,DateDeath,Gender\n"
                         "901,ORG1,9990000018,29 Sep 1951 00:00:00,,F\n",
        "SRReferralIn.csv": "RowIdentifier,IDPatient,DateReferral,Source,DateDischarge,DischargeReason\n"
                            "1,901,02 Jan 2016 10:00:00,GP,31 Dec 2017 16:45:00,Done\n",
        "SRAppointment.csv": "RowIdentifier,IDPatient,DateStart,AppointmentStatus,DatePatientSeen,IDClinician\n"
                             "7,901,31 Dec 2017 14:53:28,Finished,,55\n",
    }, HEAD + """
[extracts.patients]
preset = "systmone"
[extracts.patients.columns]
practice = { codes = { "ORG1" = "north" } }
sex      = { codes = { "F" = "female" } }
[extracts.referrals]
preset = "systmone"
[extracts.referrals.columns]
source = { codes = { "GP" = "GP" } }
[extracts.episodes]
preset = "systmone"
[extracts.episodes.columns]
end_reason = { codes = { "Done" = "completed" } }
[extracts.contacts]
preset = "systmone"
[extracts.contacts.columns]
date       = { until = "records" }
attendance = { codes = { "Finished" = "attended" } }
"""))
    assert got["patients"]["birth_year"].tolist() == [1951]
    assert str(got["contacts"].loc[0, "date"]) == "2017-12-31 00:00:00"
    assert got["referrals"]["source"].tolist() == ["GP"]
    assert str(got["episodes"].loc[0, "ended_on"].date()) == "2017-12-31"


def test_an_emis_report_has_its_title_lines_and_blank_repeats(tmp_path):
    got = tables(opened(tmp_path, {
        "issues.csv": "Opioid issues\nRun on: 08/01/2018\n"
                      "NHS Number,Drug,Directions,Quantity,Unit,Issue date,Issue type\n"
                      "9990000018,Tramadol 50mg capsules,2 QDS,224,capsule,14/03/2016,R\n"
                      ",Tramadol 50mg capsules,2 QDS,224,capsule,11/04/2016,R\n",
    }, HEAD + """
[extracts.prescriptions]
preset     = "emis-report"
file       = "issues.csv"
header_row = 3
[extracts.prescriptions.columns]
status = { codes = { "R" = "repeat" } }
"""))
    assert got["prescriptions"]["patient_id"].tolist() == ["9990000018", "9990000018"]


def test_an_ndtms_like_export_is_people_referrals_and_episodes_in_one_file(tmp_path):
    got = tables(opened(tmp_path, {
        "journeys.csv": "FINITIAL,DOB,SEX,ETHNIC,REFLD,CLIENTID,EPISODID,GPPTCE,RFLS,TRIAGED,DISD,DISRSN\n"
                        "A,03/04/1970,F,A,01/02/2016,C1,E1,L1,70,09/02/2016,01/09/2016,80\n",
    }, HEAD + """
[extracts.patients]
preset = "ndtms"
file   = "journeys.csv"
[extracts.patients.columns]
practice   = { codes = { "L1" = "north" } }
ethnicity  = { codes = { "A" = "White British" } }
birth_year = { format = "%d/%m/%Y" }
[extracts.referrals]
preset = "ndtms"
file   = "journeys.csv"
[extracts.referrals.columns]
source        = { codes = { "70" = "GP" } }
identified_on = { format = "%d/%m/%Y" }
[extracts.episodes]
preset = "ndtms"
file   = "journeys.csv"
[extracts.episodes.columns]
started_on = { format = "%d/%m/%Y" }
ended_on   = { format = "%d/%m/%Y" }
end_reason = { codes = { "80" = "completed" } }
"""))
    assert got["patients"]["birth_year"].tolist() == [1970]
    assert got["referrals"]["source"].tolist() == ["GP"]
    assert got["episodes"]["end_reason"].tolist() == ["completed"]


# ------------------------------------------------------------------------------------------------ open choices

OPEN = HEAD + """
[extracts.episodes]
file = "episodes.csv"
[extracts.episodes.columns]
patient_id = { from = "ID" }
# CHOOSE started_on: every date fits day first and month first
# started_on = { from = "Start", format = "%d/%m/%Y" }   # day first
# started_on = { from = "Start", format = "%m/%d/%Y" }   # month first
"""


def test_an_open_choice_leads_to_its_line(tmp_path):
    with pytest.raises(DefinitionMistake) as mistake:
        opened(tmp_path, {}, OPEN)
    assert str(mistake.value) == (
        "study.toml, line 12: a choice is open: started_on: every date fits day first and month first\n"
        '  -> take the "# " away from the line below it that is right; if none is, take the choice and its lines out')


def test_a_choice_is_made_by_uncommenting_one_of_its_lines(tmp_path):
    study = opened(tmp_path, {}, OPEN.replace("# started_on = {", "started_on = {", 1))
    assert columns(study, "episodes")["started_on"].format == "%d/%m/%Y"


def test_an_open_choice_of_a_needed_key_is_told_once(tmp_path):
    with pytest.raises(DefinitionMistake) as mistake:
        opened(tmp_path, {}, OPEN.replace("period   =", "# CHOOSE period: no date was found\n# period =")
               .replace("\n# started_on", "\n#started_on").replace("# CHOOSE started_on", "# chosen"))
    assert str(mistake.value).startswith("study.toml, line 2: a choice is open: period: no date was found\n")
    assert "is missing" not in str(mistake.value)


def test_all_mistakes_of_the_extracts_come_at_once(tmp_path):
    said = refused(tmp_path, """
[extracts.episodes]
file = "episodes.csv"
[extracts.episodes.columns]
patient_id = { from = "ID" }
started    = { from = "Start" }
ended      = { from = "End" }
[extracts.contacts]
table = "contact"
file = "contacts.csv"
[extracts.contacts.columns]
patient_id = { from = "ID" }
""")
    assert said.splitlines()[::2] == [
        "study.toml, line 12: episodes has no column 'started'", "study.toml, line 13: episodes has no column 'ended'",
        "study.toml, line 15: there is no canonical table 'contact'"]


# ------------------------------------------------------------------------------------------------ time points

def test_a_questionnaire_may_have_its_time_point_in_a_column(tmp_path):
    got = tables(opened(tmp_path, {
        "patients.csv": "ID\nA1\n",
        "answers.csv": "ID,Wave,P1,P2,P3\nA1,Start,5,6,7\nA1,End,1,2,3\n"}, HEAD + """
[timepoints]
baseline  = { label = "Baseline", weeks = 0 }
follow_up = { label = "Follow-up", weeks = 12 }
[extracts.patients]
file = "patients.csv"
[extracts.patients.columns]
patient_id = { from = "ID" }
practice   = { value = "all" }
[extracts.responses]
file = "answers.csv"
key  = ["patient_id", "timepoint"]
[extracts.responses.columns]
patient_id = { from = "ID" }
timepoint  = { from = "Wave", codes = { "Start" = "baseline", "End" = "follow_up" } }
[extracts.responses.items]
peg = ["P1", "P2", "P3"]
"""))
    assert got["responses"][["timepoint", "item", "answer"]].sort_values(["timepoint", "item"]).to_numpy().tolist() == [
        ["baseline", "1", 5], ["baseline", "2", 6], ["baseline", "3", 7],
        ["follow_up", "1", 1], ["follow_up", "2", 2], ["follow_up", "3", 3]]


def test_a_time_point_of_a_column_must_be_one_of_the_study(tmp_path):
    assert refused(tmp_path, """
[timepoints]
baseline  = { label = "Baseline", weeks = 0 }
[extracts.responses]
file = "answers.csv"
[extracts.responses.columns]
patient_id = { from = "ID" }
timepoint  = { from = "Wave", codes = { "Start" = "base_line" } }
[extracts.responses.items]
peg = ["P1", "P2", "P3"]
""") == "study.toml, line 14: 'base_line' is no time point of the study\n  -> did you mean 'baseline'?"


def test_the_presets_are_those_that_the_readme_names():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    assert {name.split("/")[0] for name in preset_names()} == {
        name for name in ("cprd-aurum", "systmone", "emis-report", "ndtms", "synthea") if f"`{name}`" in readme}
