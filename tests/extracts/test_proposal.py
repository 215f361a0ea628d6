"""What `make new` makes of a folder: the whole text of a small one, and shapes that no shipped study has."""

import io
import random
import zipfile

import pandas as pd
import pytest
from proposed_folders import RULE, TWENTY, folder, lines_about, opened, proposed, table
from small_extracts import nhs_number

from analysis.errors import DefinitionMistake, Mistake
from analysis.extracts.checks.expectations import validate
from analysis.extracts.plan import plans
from analysis.extracts.proposal.proposal import propose
from analysis.extracts.read import read

# ------------------------------------------------------------------------------------------------ the whole text

WALKS = {
    "people.csv": table("ID,Surname,Sex,DOB,Surgery", [
        f"{person},Somebody,{'F' if n < 11 else 'M' if n < 19 else 'X'},1{n % 9}/06/195{n % 10},"
        f"{'North' if n < 12 else 'South'}" for n, person in enumerate(TWENTY)]),
    "invitations.csv": "Walking group: letters\n" + table("ID,Letter sent,Answer,Why not", [
        f"{person},0{n % 9 + 1}/03/2025,{'yes' if n < 10 else 'no'},{'' if n < 10 else 'busy' if n < 18 else 'ill'}"
        for n, person in enumerate(TWENTY)], ";"),
    "starts_north.csv": table("ID,First walk", [f"{person},{n + 13}/04/2025" for n, person in enumerate(TWENTY[:5])]),
    "starts_south.csv": table("ID,First walk", [f"{person},{n + 13}/05/2025" for n, person in enumerate(TWENTY[5:10])]),
    "minutes of the meeting.docx": b"PK",
}
TEXT = """\
# Written by make new from the exports' form: headings, formats, codes. No record is in it; read it through.
# Lines with CHOOSE wait for you: take the "# " away from the line below that is right.
# Lines with CHECK hold a guess: look at them.
# Where an export holds more than is meant, keep = { "Type" = ["Opioid"] } reads only such rows of it.

title    = "Leeds pain"   # CHECK: as it shall stand on the report
# question = "What does the evaluation ask?"
period   = { from = 2025-03-01, to = 2025-05-31 }   # CHECK: the months that the records speak of
data_cut = { records = 2025-05-31 }   # CHECK: until when each was collected

# What was promised to whom decides how small a count may be shown: opensafely is the strictest that ships.
[disclosure]
invited = "opensafely"
enrolled = "opensafely"

[sites]                      # one report each: --sites all
by    = "practice"
names = { north = "North", south = "South" }   # CHECK: as they shall be called

# ------------------------------------------------------------------------------------------------
# people.csv: read as patients, one row is a person known to the service
[extracts.patients]
file = "people.csv"
key  = ["patient_id"]
[extracts.patients.columns]
patient_id = { from = "ID" }
practice   = { from = "Surgery", codes = { "North" = "north", "South" = "south" } }   \
# people: North about 10, South about 10
sex        = { from = "Sex", codes = { "F" = "female", "M" = "male" } }   \
# people: F about 10, M about 10; and 1 rarer value
birth_year = { from = "DOB", type = "date", format = "%d/%m/%Y" }
# not read: Surname (a name, an address or free text: not looked into)

# ------------------------------------------------------------------------------------------------
# invitations.csv: read as referrals, one row is an approach to the service
[extracts.referrals]
file       = "invitations.csv"
header_row = 2
delimiter  = ";"
key        = ["patient_id", "invited_on"]
[extracts.referrals.columns]
patient_id = { from = "ID" }
# CHOOSE invited_on: every value fits day first and month first alike, so the values cannot tell
# invited_on = { from = "Letter sent", format = "%d/%m/%Y" }   # day first, as is usual in the United Kingdom
# invited_on = { from = "Letter sent", format = "%m/%d/%Y" }   # month first, as is usual in the United States
response   = { from = "Answer", codes = { "no" = "declined", "yes" = "enrolled" } }   \
# people: no about 10, yes about 10
reason     = { from = "Why not", codes = { "busy" = "busy" } }   # people: busy about 10; and 1 rarer value

# ------------------------------------------------------------------------------------------------
# starts_north.csv, starts_south.csv: read as episodes, one row is a stay in the service
[extracts.episodes]
file = "starts_*.csv"
key  = ["patient_id", "started_on"]
[extracts.episodes.columns]
patient_id = { from = "ID" }
started_on = { from = "First walk", format = "%d/%m/%Y", until = "records" }

# ------------------------------------------------------------------------------------------------
# What may be said beside: take the "# " away from what you fill in. A report is made without, and says what
# is not stated. `pages` may list the pages; without it there is each whose records and sections are there.
# [safety]
# collected = "not collected"   # or the kinds that are: overdose, self-harm, withdrawal, complaint, other
# [characteristics.columns]   # in the order of the table; without it the usual ones
# age = "median"
# sex = "levels"
# practice = "levels"
# [fidelity]   # what was planned, to be set beside what was delivered
# contacts = 6      # a person; likewise minutes (a contact), weeks (a stay), staff
# source   = "where the plan is written"
# [tidier]     # what no record says: name, why, materials, procedures, who, how, where, when, tailoring, …
# name = "…"
# why  = "…"
# [protocol]   # and rec, iras, dpia, legal_basis, data_sharing, retention, funder, registration
# classification = "service evaluation"   # or research, audit
# prespecified   = ["participant flow", "outcome scores"]   # what was planned; all else is post hoc

# ------------------------------------------------------------------------------------------------
# Not read
# minutes of the meeting.docx: no export that this version reads (.docx)
"""
RARER = """\
[extracts.patients.columns]
sex = { codes = { "X" = "other" } }

[extracts.referrals.columns]
reason = { codes = { "ill" = "ill" } }
"""


def test_the_whole_text_of_a_small_folder(tmp_path):
    proposal = proposed(tmp_path, WALKS)
    assert proposal.text == TEXT.replace('key        = ["patient_id", "invited_on"]', 'key        = ["patient_id"]')
    assert proposal.rarer.split("\n\n", 1)[1] == RARER


def test_the_same_folder_gives_the_same_text(tmp_path):
    assert proposed(tmp_path, WALKS).text == proposed(tmp_path, dict(reversed(WALKS.items()))).text


def test_the_text_loads_but_for_its_open_choices_and_each_leads_to_its_line(tmp_path):
    proposal = proposed(tmp_path, WALKS)
    with pytest.raises(DefinitionMistake) as mistake:
        opened(tmp_path, proposal.text)
    assert [line.split(":")[0] for line in str(mistake.value).splitlines()[::2]] == [
        f"study.toml, line {number}" for number in proposal.choices] != []


def test_with_the_choices_made_the_extracts_are_read_and_only_rarer_values_are_faults(tmp_path):
    text = proposed(tmp_path, WALKS).text.replace('# invited_on = { from = "Letter sent", format = "%d', (
        'invited_on = { from = "Letter sent", format = "%d'))
    study = opened(tmp_path, text)
    faults = validate({plan.name: read(plan, study.raw) for plan in plans(study)}).faults
    assert faults.groupby(["extract", "column", "rule"]).size().to_dict() == {
        ("patients", "sex", "known code"): 1, ("referrals", "reason", "known code"): 2}


# ------------------------------------------------------------------------------------------------ dates


@pytest.mark.parametrize(("written", "format"), [
    (["13/01/2025", "02/03/2025"], "%d/%m/%Y"), (["01/13/2025", "3/2/2025"], "%m/%d/%Y"),
    (["2025-01-13", "2025-03-02"], "%Y-%m-%d"), (["13.01.2025", "02.03.2025"], "%d.%m.%Y"),
    (["13-Jan-2025", "02-Mar-2025"], "%d-%b-%Y"),
    (["13 Jan 2025 09:30:00", "02 Mar 2025 00:00:00"], "%d %b %Y %H:%M:%S"),
    (["2025-01-13T09:30:00Z", "2025-03-02T00:00:00Z"], "%Y-%m-%dT%H:%M:%SZ"), (["20250113", "20250302"], "%Y%m%d"),
    (["13/01/25", "02/03/25"], "%d/%m/%y"), (["13/01/2025 09:30", "02/03/2025 10:15"], "%d/%m/%Y %H:%M")])
def test_a_format_is_proved_on_all_values(tmp_path, written, format):
    rows = [f"{person},{written[n % 2]}" for n, person in enumerate(TWENTY)]
    assert f'format = "{format}"' in lines_about(proposed(tmp_path, {"stays.csv": table("Client ID,Start", rows)}),
                                                 "started_on")[0]


def test_one_value_that_fits_no_other_way_decides_for_all(tmp_path):
    rows = [f"{person},{'12/31/2024' if n == 19 else f'0{n % 9 + 1}/02/2025'}" for n, person in enumerate(TWENTY)]
    said, = lines_about(proposed(tmp_path, {"stays.csv": table("Client ID,Start", rows)}), "started_on")
    assert 'format = "%m/%d/%Y"' in said


def test_a_date_that_fits_both_ways_follows_another_of_its_file_that_does_not_and_says_so(tmp_path):
    rows = [f"{person},{n + 10}/02/2025,0{n % 9 + 1}/03/2025" for n, person in enumerate(TWENTY[:15])]
    said, = lines_about(proposed(tmp_path, {"stays.csv": table("Client ID,Start,End", rows)}), "ended_on")
    assert said.endswith('format = "%d/%m/%Y" } # fits both orders; day first, since another date of this file fits '
                         "no other")


def test_a_few_dates_of_another_form_do_not_hide_the_format(tmp_path):
    rows = [f"{person},{'soon' if n == 3 else f'{n + 10}/02/2025'}" for n, person in enumerate(TWENTY[:15])]
    said, = lines_about(proposed(tmp_path, {"stays.csv": table("Client ID,Start", rows)}), "started_on")
    assert said.endswith("# CHECK: some values have another form")
    assert "soon" not in said


# ------------------------------------------------------------------------------------------------ shapes


def test_semicolons_windows_letters_title_lines_and_a_line_below_the_rows(tmp_path):
    rows = [f"{n};{person};{n + 10}.03.2025;{'Attended' if n < 12 else 'DNA'};café"
            for n, person in enumerate(TWENTY[:15])]
    text = "Clinic list\nRun by: someone\n" + "\n".join(["Appt ID;Client ID;Appt date;Outcome;Notes", *rows]) + (
        "\nTotal appointments: 15\n")
    said = proposed(tmp_path, {"list.csv": text.encode("cp1252")}).text
    assert """\
[extracts.contacts]
file       = "list.csv"
header_row = 3
footer     = "Total"
encoding   = "cp1252"
delimiter  = ";"
key        = ["contact_id"]
[extracts.contacts.columns]
contact_id = { from = "Appt ID" }
patient_id = { from = "Client ID" }
date       = { from = "Appt date", format = "%d.%m.%Y", until = "records" }
""" in said


def test_a_word_below_the_rows_that_could_be_a_name_is_not_written(tmp_path):
    rows = [f"{n},{person},{n + 10}/03/2025,Attended" for n, person in enumerate(TWENTY[:15])]
    lines = table("Appt ID,Client ID,Appt date,Outcome", [*rows, "Zebedee wrote this"])
    said = proposed(tmp_path, {"list.csv": lines}).text
    assert "Zebedee" not in said
    assert '# CHECK: the last lines are no rows: write how the first of them begins, footer = "…"' in said


def test_a_number_printed_on_the_first_of_its_rows_is_filled_down(tmp_path):
    rows = [f"{person if part == 0 else ''},Tramadol 50mg capsules,56,{n + 1:02}/1{part}/2024"
            for n, person in enumerate(TWENTY) for part in range(2)]
    said = proposed(tmp_path, {"issues.csv": table("Patient ID,Drug,Qty,Issue date", rows)}).text
    assert 'fill_down = ["Patient ID"]' in said


def test_blank_numbers_here_and_there_are_a_fault_and_not_filled_down(tmp_path):
    rows = [f"{person if n != 7 else ''},Tramadol 50mg capsules,56,{n + 1:02}/1{part}/2024"
            for part in range(2) for n, person in enumerate(TWENTY)]
    assert "fill_down" not in proposed(tmp_path, {"issues.csv": table("Patient ID,Drug,Qty,Issue date", rows)}).text


def test_a_wide_questionnaire_with_its_time_point_in_a_column(tmp_path):
    dice = random.Random(1)
    items = [*(f"PHQ9_{n}" for n in range(1, 10)), *(f"gad7 q{n}" for n in range(1, 8)),
             *(f"FSS{n}" for n in range(1, 10))]
    rows = [f"{person},{wave},{','.join(str(dice.randint(0, 3)) for _ in items)}"
            for person in TWENTY for wave in ("Initial", "6 months")]
    proposal = proposed(tmp_path, {"proms.csv": table(f"Client ID,Time point,{','.join(items)}", rows)})
    assert lines_about(proposal, "timepoint") == [
        'timepoint = { from = "Time point", codes = { "6 months" = "month_6", "Initial" = "baseline" } } '
        "# people: 6 months about 20, Initial about 20"]
    assert lines_about(proposal, "phq9") == [
        'phq9 = ["PHQ9_1", "PHQ9_2", "PHQ9_3", "PHQ9_4", "PHQ9_5", "PHQ9_6", "PHQ9_7", "PHQ9_8", "PHQ9_9"]']
    assert lines_about(proposal, "gad7")[0].startswith('gad7 = ["gad7 q1", "gad7 q2"')
    assert lines_about(proposal, "month_6") == ['month_6 = { label = "Month 6", weeks = 26 }']
    assert lines_about(proposal, "instruments") == ['instruments = ["gad7", "phq9"]']
    assert ("FSS1 to FSS9 (9 columns of whole numbers: the items of a questionnaire that is not known here?)"
            in proposal.text)


def test_what_no_extract_tells_of_a_questionnaire_is_left_open_as_a_choice(tmp_path):
    """The value set of an index and the setting of a cut-point change the numbers, and are the study's to say."""
    items = [*(f"EQ5D5L_{n}" for n in range(1, 6)), *(f"COMM_{n}" for n in range(1, 18))]
    rows = [f"{person},Initial,{','.join(str(1 + (n + k) % 4) for k in range(22))}" for n, person in enumerate(TWENTY)]
    said = proposed(tmp_path, {"proms.csv": table(f"Client ID,Time point,{','.join(items)}", rows)}).text
    assert """instruments = ["comm", "eq5d5l"]
# CHOOSE value_sets: what the levels are worth; the package chooses no value set by itself
# value_sets = { eq5d5l = "uk-5l-2026" }
# CHOOSE settings: where the people are seen: its cut-points differ
# settings = { comm = "pain clinic" }
# settings = { comm = "primary care" }
""" in said


def test_questionnaires_of_one_shape_are_kept_apart_by_the_time_points_in_their_names(tmp_path):
    rows = [f"{person},{n % 9},{n % 7},{n % 5}" for n, person in enumerate(TWENTY)]
    said = table("Client ID,PEG1,PEG2,PEG3", rows)
    proposal = proposed(tmp_path, {"peg_baseline.csv": said, "peg_12 weeks.csv": said})
    assert [(e.name, e.timepoint) for e in proposal.extracts] == [
        ("peg_12_weeks", "week_12"), ("peg_baseline", "baseline")]


def test_answers_one_a_row_get_the_names_of_instruments_and_items(tmp_path):
    rows = [f"{person},PHQ-9,Initial,Q{item},{item % 4}" for person in TWENTY for item in range(1, 10)]
    proposal = proposed(tmp_path, {"answers.csv": table("Client ID,Questionnaire,Occasion,Question,Answer", rows)})
    assert lines_about(proposal, "instrument") == [
        'instrument = { from = "Questionnaire", codes = { "PHQ-9" = "phq9" } }']
    assert lines_about(proposal, "item")[0].startswith('item = { from = "Question", codes = { "Q1" = "1", "Q2" = "2"')


def test_two_systems_of_numbers_are_linked_through_the_list_that_has_both(tmp_path):
    numbers = [nhs_number(999_000_000 + n) or nhs_number(999_000_300 + n) for n in range(20)]
    proposal = proposed(tmp_path, {
        "gp list.csv": table("NHS Number,Gender,YOB", [
            f"{number},{'FM'[n % 2]},1950" for n, number in enumerate(numbers)]),
        "clients.csv": table("Client no.,NHS No.", [f"{p},{n}" for p, n in zip(TWENTY, numbers, strict=True)]),
        "starts.csv": table("Client no.,Start", [f"{person},{n + 5}/02/2025" for n, person in enumerate(TWENTY)])})
    assert [(e.name, e.table.name) for e in proposal.extracts] == [
        ("patients", "patients"), ("identifiers", "identifiers"), ("episodes", "episodes")]
    assert lines_about(proposal, "patient_id")[0] == (
        'patient_id = { from = "NHS Number", type = "nhs_number", through = "identifiers" }')
    assert not any(number in proposal.text for number in numbers)


def test_whose_the_rows_are_is_told_by_the_other_files_where_the_heading_does_not(tmp_path):
    proposal = proposed(tmp_path, {
        "people.csv": table("Client ID,Sex,YOB", [f"{person},{'FM'[n % 2]},1950" for n, person in enumerate(TWENTY)]),
        "visits.csv": table("Booking,Xnum,Date seen,Outcome", [
            f"B{n},{person},{n + 5}/02/2025,{'Attended' if n % 3 else 'DNA'}" for n, person in enumerate(TWENTY)])})
    assert 'patient_id = { from = "Xnum" } # CHECK: told by the other files, which point at it' in lines_about(
        proposal, "patient_id")


def test_a_code_that_is_none_of_ours_is_left_to_the_person_with_what_there_is(tmp_path):
    rows = [f"B{n},W{n},{n % 19 + 10}/02/2025,{'Attended' if n < 20 else 'Zapped'}" for n in range(40)]
    proposal = proposed(tmp_path, {"visits.csv": table("Appt ID,Client ID,Date seen,Outcome", rows)})
    assert ("# CHECK attendance: not one of ours yet: Zapped about 20. Add each to the codes as one of: attended, "
            "did not attend, cancelled by patient, cancelled by service") in proposal.text


def test_a_column_that_a_table_needs_and_that_is_not_there_is_a_choice(tmp_path):
    rows = [f"B{n},{person},{n + 5}/02/2025,{'Tel' if n % 2 else 'F2F'}" for n, person in enumerate(TWENTY)]
    proposal = proposed(tmp_path, {"visits.csv": table("Appt ID,Client ID,Date seen,How", rows)})
    assert lines_about(proposal, "attendance") == [
        "# CHOOSE attendance: contacts needs it, and no heading was recognised",
        '# attendance = { from = "…" } # their heading',
        '# attendance = { value = "attended" } # the same for every row']


def test_lists_of_people_without_a_practice_take_it_from_the_names_of_their_files(tmp_path):
    rows = [f"{person},{'FM'[n % 2]},1950" for n, person in enumerate(TWENTY)]
    proposal = proposed(tmp_path, {"list (Hill practice).csv": table("Client ID,Sex,YOB", rows),
                                   "list (Dale practice).csv": table("Client ID,Sex,YOB", rows)})
    assert [(e.said["file"], e.columns["practice"].said) for e in proposal.extracts] == [
        ("list (* practice).csv", {"from_file": "list ({} practice).csv", "codes": {"Dale": "dale", "Hill": "hill"}})]


def test_where_no_file_lists_the_people_one_that_says_something_about_them_does(tmp_path):
    proposal = proposed(tmp_path, {"referrals.csv": table("Client ID,Gender,Locality,Date received,Accepted?", [
        f"{person},{'FM'[n % 2]},{'East' if n % 2 else 'West'},{n + 5}/02/2025,Y" for n, person in enumerate(TWENTY)])})
    assert [(e.name, list(e.columns)) for e in proposal.extracts] == [
        ("patients", ["patient_id", "practice", "sex"]), ("referrals", ["patient_id", "identified_on", "response"])]
    assert "# not read" not in proposal.text


def test_members_of_an_archive_and_sheets_of_other_programs_are_looked_at_too(tmp_path):
    packed, book = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for month in ("03", "04"):
            archive.writestr(f"register_{month}.csv", table("Client ID,Session date,Present", [
                f"{person},{n + 5}.{month}.2025,{'Y' if n % 2 else 'N'}" for n, person in enumerate(TWENTY)]))
    frame = pd.DataFrame({"client": TWENTY, "started": pd.to_datetime(["2025-02-01"] * 20)})
    frame.to_parquet(book)
    proposal = proposed(tmp_path, {"registers.zip": packed.getvalue(), "programme.parquet": book.getvalue()})
    assert [(e.table.name, e.said.get("file"), e.said.get("member"), e.files) for e in proposal.extracts] == [
        ("episodes", "programme.parquet", None, ("programme.parquet",)),
        ("contacts", "registers.zip", "register_*.csv", ("register_03.csv", "register_04.csv"))]
    assert lines_about(proposal, "started_on") == ['started_on = { from = "started", until = "records" }']


def test_codes_that_are_numbers_are_listed_for_the_person_to_fill_in(tmp_path):
    rows = [f"B{n},W{n},{n % 19 + 10}/02/2025,{n % 2 + 1}" for n in range(40)]
    proposal = proposed(tmp_path, {"visits.csv": table("Appt ID,Client ID,Date seen,Outcome", rows)})
    assert lines_about(proposal, "attendance") == [
        "# CHOOSE attendance: none of its values is one of ours",
        '# attendance = { from = "Outcome", codes = { "1" = "…", "2" = "…" } }']


def test_two_questionnaires_of_which_one_is_named_are_not_taken_for_each_other(tmp_path):
    items = [*(f"fesi{n}" for n in range(1, 8)), *(f"swemwbs_{n}" for n in range(1, 8))]
    rows = [f"{person},{','.join(str(n % 4 + 1) for _ in items)}" for n, person in enumerate(TWENTY)]
    proposal = proposed(tmp_path, {"baseline.csv": table(f"Client ID,{','.join(items)}", rows)})
    assert lines_about(proposal, "swemwbs")[0].startswith('swemwbs = ["swemwbs_1"')
    assert "fesi1 to fesi7" in proposal.text


def test_a_file_in_the_shape_of_a_preset_says_only_what_differs(tmp_path):
    people = "\n".join(f"p{n},19{n + 40}-05-02,,A,B,{'white' if n < 15 else 'asian'},{'FM'[n % 2]}" for n in range(20))
    said = proposed(tmp_path, {"patients.csv": "Id,BIRTHDATE,DEATHDATE,FIRST,LAST,RACE,GENDER\n" + people + "\n"}).text
    assert """\
[extracts.patients]
preset = "synthea/patients"
[extracts.patients.columns]
ethnicity  = { codes = { "white" = "white" } }   # people: white about 15; and 1 rarer value
""" in said


def test_a_file_without_headings_is_passed_over(tmp_path):
    people = folder(tmp_path, {"people.csv": "W1,Smith,F,1950\nW2,Jones,M,1951\nW3,Brown,F,1952\n"})
    with pytest.raises(Mistake) as mistake:
        propose(people, "leeds-pain", RULE)
    assert "no row of headings was recognised" in str(mistake.value)
    assert "Smith" not in str(mistake.value)


def test_a_table_that_fits_no_canonical_one_is_listed_by_its_headings(tmp_path):
    proposal = proposed(tmp_path, WALKS | {"stock.csv": table("Clinic,Bandages,Gloves", ["A,5,6", "B,7,8", "C,9,9"])})
    assert "# stock.csv: fits no canonical table. Its columns: Clinic (" in proposal.text


def test_a_folder_that_is_not_there_and_one_without_files_are_refused(tmp_path):
    with pytest.raises(Mistake, match="there is no folder"):
        propose(tmp_path / "nowhere", "leeds-pain", RULE)
    with pytest.raises(Mistake, match="no table was found"):
        propose(folder(tmp_path, {}), "leeds-pain", RULE)
