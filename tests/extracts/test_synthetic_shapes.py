"""Made-up extracts for definitions in which several extracts are read from one file, and for coded spreadsheets."""

import pytest
from proposed_folders import opened, proposed
from test_proposal_shapes import APPOINTMENTS, APPROACHES, CONSENTS, LINK, PEOPLE, book, stroke, table, wide
from test_proposal_shapes import TWENTY as PERSONS

from analysis.extracts.checks.expectations import validate
from analysis.extracts.plan import plans
from analysis.extracts.read import read
from analysis.extracts.synthetic import synthetic, write_extracts
from analysis.interviews import readers

STARTS = table("Pt Ref,Start date", [f"{person},{n + 1:02}/02/2025" for n, person in enumerate(PERSONS)])
CODING = table("Transcript,Code,Quote,Coded by", [f"INT{n % 9},{'AB'[n % 2]},made up {n},X" for n in range(20)])
DIMENSIONS = ("Mobility", "Selfcare", "Usual", "Pain", "Anxiety")
EQ = tuple(f"EQ5D_{name}_{wave}" for wave in ("T1", "T2") for name in DIMENSIONS)
AGES = PEOPLE.replace("Practice", "Age").replace("North", "67").replace("South", "44")
DATED = table("Pt Ref,eq_date_pre,eq_mob_pre,eq_care_pre,eq_act_pre,eq_pain_pre,eq_anx_pre,eq_date_post,eq_mob_post,"
              "eq_care_post,eq_act_post,eq_pain_post,eq_anx_post", [
                  f"{person},2025-02-{n + 1:02},5,1,2,3,1,2025-06-{n + 1:02},4,1,2,3,1" for n, person in
                  enumerate(PERSONS)])
WITH_HUBS = "\n".join(f"{line},{'Hub' if n == 0 else 'North' if n < 11 else 'South'}"
                      for n, line in enumerate(APPROACHES.splitlines())) + "\n"
FIELDWORK = book(
    Interviews=[["Interview no", "Type", "Date held"],
                *([f"INT{n}", "Patient", f"{n + 1:02} Jun 2025"] for n in range(9))],
    Coding=[["Interview no", "Theme", "Code", "Extract", "Coder"],
            *([f"INT{n % 9}", "Access", "Bus", f"made up {n}", "AB"] for n in range(20))])
SHAPES = {
    "a log beside its coding, ages, discharges and sites beside referrals": {
        "people.csv": AGES, "referrals.csv": WITH_HUBS, "contacts.csv": APPOINTMENTS, "eq.csv": DATED,
        "interviews.xlsx": FIELDWORK},
    "a column for each kind of consent": {"people.csv": PEOPLE, "ids.csv": LINK, "consents.csv": CONSENTS,
                                          "starts.csv": STARTS},
    "a column for each item and time point": {"people.csv": PEOPLE, "starts.csv": STARTS, "coding.csv": CODING,
                                              "eq.csv": wide(*EQ, answers=lambda n, k: 1 + (n + k) % 5)},
    "names of national data sets": stroke()}


def chosen(text: str) -> str:
    """A proposed definition with each choice made: the first of its lines, and codes of ours for those left open."""
    lines, wait = [], False
    for line in text.splitlines():
        if line.startswith("# CHOOSE"):
            wait = True
        elif wait and line.startswith("# "):
            lines.append(line[2:].replace('"…" = "…"', '"Delete everything" = "delete"'))
            wait = False
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_made_up_for_a_proposed_definition_breaks_no_rule_of_it(tmp_path, shape):
    study = opened(tmp_path, chosen(proposed(tmp_path, SHAPES[shape]).text))
    made = synthetic(study, seed=3)
    out = tmp_path / "made up"
    write_extracts(made, out)
    from_files = {plan.name: read(plan, out) for plan in plans(study)}
    for name, held in made.text_tables().items():
        assert held.frame.to_dict("list") == from_files[name].frame.to_dict("list")
        assert len(held.aside) == len(from_files[name].aside)
    assert validate(from_files).faults["rule"].tolist() == []


def test_a_sheet_of_passages_is_made_up_beside_the_log_in_one_workbook(tmp_path):
    files = SHAPES["a log beside its coding, ages, discharges and sites beside referrals"]
    study = opened(tmp_path, chosen(proposed(tmp_path, files).text))
    for _ in range(2):  # the second time the files are there already
        write_extracts(synthetic(study), tmp_path / "made up")
    project = readers.read(tmp_path / "made up" / "interviews.xlsx")
    assert project.codings and all(coding.text for coding in project.codings)


def test_a_coded_spreadsheet_is_made_up_as_one(tmp_path):
    study = opened(tmp_path, chosen(proposed(tmp_path, SHAPES["a column for each item and time point"]).text + (
        '\n[extracts.log]\ntable = "interviews"\nfile = "log.csv"\n[extracts.log.columns]\n'
        'interview_id = { from = "I" }\nparticipant_id = { from = "P" }\ngroup = { value = "service user" }\n')))
    write_extracts(synthetic(study), tmp_path / "made up")
    project = readers.read(tmp_path / "made up" / "coding.csv")
    assert len(project.interviews) >= 4 and project.codings and all(coding.text for coding in project.codings)
