"""Shapes that services really send, and that `make new` maps without being helped."""

import io

import pandas as pd
import pytest
from proposed_folders import TWENTY, lines_about, opened, proposed, table

from analysis.extracts.plan import plans
from analysis.extracts.read import read
from analysis.extracts.stays import check_stays

PEOPLE = table("Pt Ref,Gender,Practice", [
    f"{person},{'FM'[n % 2]},{'North' if n < 10 else 'South'}" for n, person in enumerate(TWENTY)])


def book(**sheets: list[list]) -> bytes:
    made = io.BytesIO()
    with pd.ExcelWriter(made) as writer:
        for name, rows in sheets.items():
            pd.DataFrame(rows).to_excel(writer, sheet_name=name, header=False, index=False)
    return made.getvalue()


def mapped(proposal, name: str) -> dict[str, str]:
    extract = next(extract for extract in proposal.extracts if extract.name == name)
    return {ours: entry.said.get("from", "") for ours, entry in extract.columns.items()}


@pytest.mark.parametrize("heading", ["Pt Ref", "Patient ID", "PtNo", "Client code", "Study ID", "hosp no.", "Case ref",
                                     "RESPONDENT_ID", "Service user number"])
def test_a_persons_number_is_known_by_a_word_for_a_person_and_one_for_a_number(tmp_path, heading):
    assert mapped(proposed(tmp_path, {"people.csv": PEOPLE.replace("Pt Ref", heading)}), "patients")[
        "patient_id"] == heading


def test_abbreviations_of_headings_are_read_in_full(tmp_path):
    rows = [f"A{n:03},{person},{n + 1:02}/02/2025,F2F,Attended" for n, person in enumerate(TWENTY)]
    assert mapped(proposed(tmp_path, {"people.csv": PEOPLE, "appts.csv": table(
        "Appt No,Pt,Appt dt,Appt type,Attend status", rows)}), "contacts") == {
        "contact_id": "Appt No", "patient_id": "Pt", "date": "Appt dt", "mode": "Appt type",
        "attendance": "Attend status"}


# ------------------------------------------------------------------------------------------------ questionnaires

def wide(*headings: str, answers=lambda n, k: (n + k) % 4) -> str:
    return table(f"Pt Ref,{','.join(headings)}", [
        f"{person},{','.join(str(answers(n, k)) for k in range(len(headings)))}" for n, person in enumerate(TWENTY)])


@pytest.mark.parametrize("form, names", [
    ("PHQ9_{n}_{wave}", {"T1": "baseline", "T2": "follow_up"}),
    ("{wave} phq {n}", {"Baseline": "baseline", "12 weeks": "week_12"}),
    ("phq9.{n} ({wave})", {"pre": "baseline", "post": "follow_up"}),
    ("PHQ9_{n}_{wave}", {"T0": "baseline", "T1": "follow_up_1", "T2": "follow_up_2"})])
def test_a_column_for_each_item_and_time_point_is_an_extract_for_each_time_point(tmp_path, form, names):
    said = wide(*(form.format(n=n, wave=wave) for wave in names for n in range(1, 10)))
    proposal = proposed(tmp_path, {"people.csv": PEOPLE, "proms.csv": said})
    found = {extract.timepoint: extract.items for extract in proposal.extracts if extract.items}
    assert found == {name: {"phq9": tuple(form.format(n=n, wave=wave) for n in range(1, 10))}
                     for wave, name in names.items()}
    assert "not read: PHQ" not in proposal.text


def test_items_with_names_are_a_questionnaire_and_the_highest_answer_tells_which(tmp_path):
    dimensions = [f"EQ5D {name}" for name in ("Mobility", "Self-care", "Usual activities", "Pain/discomfort",
                                              "Anxiety")]
    for highest, known in ((5, "eq5d5l"), (3, "eq5d3l")):
        said = wide(*dimensions, "EQ VAS", answers=lambda n, k, top=highest: 70 + n if k == 5 else 1 + (n + k) % top)
        items = proposed(tmp_path, {"people.csv": PEOPLE, "eq baseline.csv": said}).extracts[-1].items
        assert items == {known: tuple(dimensions), "eq_vas": ("EQ VAS",)}


def test_answers_that_fit_the_older_version_too_are_said_to(tmp_path):
    said = wide(*(f"EQ5D_{n}" for n in range(1, 6)), answers=lambda n, k: 1 + (n + k) % 3)
    assert "# CHECK: or eq5d5l: the answers fit both" in proposed(
        tmp_path, {"people.csv": PEOPLE, "eq baseline.csv": said}).text


def test_a_number_outside_the_scale_that_stands_for_no_answer_is_proposed_as_blank(tmp_path):
    said = wide(*(f"PHQ9_{n}" for n in range(1, 10)), answers=lambda n, k: 99 if n == k else (n + k) % 4)
    proposal = proposed(tmp_path, {"people.csv": PEOPLE, "phq baseline.csv": said})
    assert proposal.extracts[-1].said["blank"] == ["99"]
    assert "# CHECK: 99 taken for a missing answer" in proposal.text


# ------------------------------------------------------------------------------------------------ people and consents

CONSENTS = table("Study ID,Date of consent,Consent to use of records,Consent to interview,Happy with quotes,"
                 "Date withdrawn,What was withdrawn", [
                     f"S{n:02},{n + 1:02}/02/2025,Y,{'YN'[n % 2]},{'NY'[n % 2]},"
                     f"{'15/05/2025,Delete everything' if n == 4 else ','}" for n in range(20)])
LINK = table("StudyID,PtRef", [f"S{n:02},{person}" for n, person in enumerate(TWENTY)])


def test_a_number_that_only_one_file_exchanges_is_exchanged_by_it(tmp_path):
    proposal = proposed(tmp_path, {"people.csv": PEOPLE, "ids.csv": LINK, "consent log.csv": CONSENTS})
    assert mapped(proposal, "identifiers") == {"patient_id": "PtRef", "participant_id": "StudyID"}
    assert {extract.columns["person"].said["through"] for extract in proposal.extracts
            if extract.table.name == "consents"} == {"identifiers"}


def test_a_column_for_each_kind_of_consent_is_an_extract_for_each_and_one_of_those_who_withdrew(tmp_path):
    proposal = proposed(tmp_path, {"people.csv": PEOPLE, "ids.csv": LINK, "consent log.csv": CONSENTS})
    consents = [extract for extract in proposal.extracts if extract.table.name == "consents"]
    assert {extract.columns["kind"].said["value"]: mapped(proposal, extract.name)["status"]
            for extract in consents[:3]} == {
        "evaluation": "Consent to use of records", "interview": "Consent to interview",
        "quotation": "Happy with quotes"}
    assert (consents[3].said["keep"], mapped(proposal, consents[3].name)["date"]) == (
        {"Date withdrawn": ["*"]}, "Date withdrawn")
    assert {ours: entry.said["value"] for ours, entry in consents[3].columns.items() if "value" in entry.said} == {
        "kind": "evaluation", "status": "withdrawn"}


def test_of_the_withdrawn_only_the_rows_with_a_date_are_read(tmp_path):
    starts = table("Pt Ref,Start date", [f"{person},{n + 1:02}/02/2025" for n, person in enumerate(TWENTY)])
    proposal = proposed(tmp_path, {"people.csv": PEOPLE, "ids.csv": LINK, "consent log.csv": CONSENTS,
                                   "starts.csv": starts})
    text = proposal.text.replace("# scope  = {", "scope  = {").replace('"…" = "…"', '"Delete everything" = "delete"')
    said = "\n".join(line for line in text.splitlines() if not line.startswith("# CHOOSE"))
    study = opened(tmp_path, said + '\n')
    gone = read(next(plan for plan in plans(study) if plan.keep), study.raw)
    assert (list(gone.frame["person"]), len(gone.aside)) == (["S04"], 19)


# ------------------------------------------------------------------------------------------------ files and sheets

def test_a_file_for_each_practice_is_one_extract_with_the_practice_in_its_name(tmp_path):
    rows = [f"{person},{'FM'[n % 2]}" for n, person in enumerate(TWENTY)]
    proposal = proposed(tmp_path, {"Clinic list - Mill Lane.csv": table("Pt Ref,Sex", rows[:10]),
                                   "Clinic list - Abbey Road.csv": table("Pt Ref,Sex", rows[10:])})
    assert lines_about(proposal, "practice")[:1] == [
        'practice = { from_file = "Clinic list - {}.csv", codes = { "Abbey Road" = "abbey_road", '
        '"Mill Lane" = "mill_lane" } }']
    assert lines_about(proposal, "names")[0].startswith(
        'names = { abbey_road = "Abbey Road", mill_lane = "Mill Lane" }')


def test_sheets_of_one_shape_are_one_extract(tmp_path):
    months = {month: [["Pt Ref", "Date seen", "Type", "Outcome"],
                      *([person, f"2025-0{number}-{n + 1:02}", "F2F", "Attended"] for n, person in enumerate(TWENTY))]
              for number, month in enumerate(("April", "May"), 4)}
    proposal = proposed(tmp_path, {"people.csv": PEOPLE, "contacts.xlsx": book(**months)})
    assert [(e.said["sheet"], e.reading.found.rows) for e in proposal.extracts if e.table.name == "contacts"] == [
        (["April", "May"], 40)]


def test_minutes_in_words_are_read_as_durations(tmp_path):
    rows = [f"{person},{n + 1:02}/02/2025,Attended,{('30 mins', '1 hr', '1h 15', 'approx 20')[n % 4]}"
            for n, person in enumerate(TWENTY)]
    proposal = proposed(tmp_path, {"people.csv": PEOPLE, "contacts.csv": table(
        "Pt Ref,Date seen,Attendance,Length of appt", rows)})
    assert lines_about(proposal, "minutes") == [
        'minutes = { from = "Length of appt", format = "duration", min = 0, max = 480 }']


def test_questionnaires_without_a_list_of_stays_say_what_is_lacking(tmp_path):
    said = wide(*(f"PHQ9_{n}" for n in range(1, 10)))
    starts = table("Pt Ref,Start date", [f"{person},{n + 1:02}/02/2025" for n, person in enumerate(TWENTY)])
    lacking = "# CHECK: no list says when each person's stay began"
    assert lacking in proposed(tmp_path, {"people.csv": PEOPLE, "phq baseline.csv": said}).text
    assert lacking not in proposed(tmp_path, {"starts.csv": starts}).text


def test_a_spreadsheet_of_coded_passages_is_the_coded_project(tmp_path):
    rows = [f"INT{n % 9},{('Access', 'Trust')[n % 2]},what person {n} said about it,AB" for n in range(20)]
    proposal = proposed(tmp_path, {"people.csv": PEOPLE, "coding.csv": table("Transcript,Code,Quote,Coded by", rows)})
    assert lines_about(proposal, "project") == ['project = "coding.csv"'] and proposal.unread == ()


def test_sections_that_the_records_can_bear_are_proposed_as_comments(tmp_path):
    rows = [f"{person},{n + 1:02}/02/2025,Attended" for n, person in enumerate(TWENTY)]
    bare = proposed(tmp_path, {"people.csv": PEOPLE})
    more = proposed(tmp_path, {"contacts.csv": table("Pt Ref,Date seen,Attendance", rows)})
    assert "# [activity]" in more.text and "# [activity]" not in bare.text
    assert "# [tidier]" in bare.text and '# collected = "not collected"' in bare.text


# ------------------------------------------------------------------------------------------------ national data sets

def stroke() -> dict[str, str]:
    people = [str(7000 + n) for n in range(20)]
    return {
        "register.csv": table("PERSON_ID,PERSON_STATED_GENDER_CODE,TEAM", [
            f"{person},{1 + n % 2},{'North' if n < 10 else 'South'} team" for n, person in enumerate(people)]),
        "CYP101.csv": table(
            "LOCAL_PATIENT_IDENTIFIER_(EXTENDED),REFERRAL_REQUEST_RECEIVED_DATE,REFERRAL_STATUS,FIRST_CONTACT_DATE,"
            "SERVICE_DISCHARGE_DATE,REFERRAL_CLOSURE_REASON", [
                f"{person},2024-01-{n + 1:02},{'Accepted,2024-02-' if n < 12 else 'Rejected,'}"
                f"{f'{n + 1:02},2024-03-{n + 1:02},Completed' if n < 12 else ',,'}"
                for n, person in enumerate(people)]),
        "CYP201.csv": table(
            "CARE_CONTACT_IDENTIFIER,LOCAL_PATIENT_IDENTIFIER,CARE_CONTACT_DATE_TIME,CONSULTATION_MECHANISM,"
            "ATTENDED_OR_DID_NOT_ATTEND_CODE", [
                f"CC{n:04},{person},2024-02-{n + 1:02}T10:15:00,0{1 + n % 2},{'53'[n % 2]}"
                for n, person in enumerate(people)]),
        "eligible.csv": table("TEAM,Indicator,N,As at", [f"{team} team,Eligible,{n},2024-03-31"
                                                         for team, n in (("North", 310), ("South", 290))]),
        "interviews.csv": table("Participant,Interview date,Participant type,PERSON_ID", [
            f"P{n},2024-05-{n + 1:02},{'Survivor' if n < 10 else 'Staff'},{people[n] if n < 10 else ''}"
            for n in range(18)])}


def test_names_of_national_data_sets_are_known(tmp_path):
    proposal = proposed(tmp_path, stroke())
    assert mapped(proposal, "contacts") == {
        "contact_id": "CARE_CONTACT_IDENTIFIER", "patient_id": "LOCAL_PATIENT_IDENTIFIER",
        "date": "CARE_CONTACT_DATE_TIME", "mode": "CONSULTATION_MECHANISM",
        "attendance": "ATTENDED_OR_DID_NOT_ATTEND_CODE"}
    assert proposal.unread == ()


def test_national_numbers_are_read_where_all_of_a_column_are_some_and_marked_to_be_checked(tmp_path):
    proposal = proposed(tmp_path, stroke())
    codes = {(extract.name, name): entry.said["codes"] for extract in proposal.extracts
             for name, entry in extract.columns.items() if any("NHS Data Dictionary" in note for note in entry.notes)}
    assert codes == {
        ("patients", "sex"): {"1": "male", "2": "female"},
        ("contacts", "mode"): {"01": "face to face", "02": "telephone"},
        ("contacts", "attendance"): {"3": "did not attend", "5": "attended"}}


def test_a_national_number_that_means_none_of_ours_is_left_to_the_person(tmp_path):
    files = stroke()
    file = next(name for name, text in files.items() if "CONSULTATION_MECHANISM" in text)
    files[file] = files[file].replace(",02,", ",98,")
    mode = next(extract for extract in proposed(tmp_path, files).extracts
                if extract.name == "contacts").columns["mode"]
    assert (mode.said["codes"], mode.codes.unmapped) == ({"01": "face to face"}, ("98",))


def test_a_number_that_is_none_of_the_national_ones_leaves_all_of_them_to_the_person(tmp_path):
    files = stroke()
    files["register.csv"] = files["register.csv"].replace(",1,", ",4,")
    entry = next(extract for extract in proposed(tmp_path, files).extracts if extract.name == "patients").columns["sex"]
    assert entry.choose == "none of its values is one of ours"


def test_referrals_that_say_when_the_service_began_are_the_stays_of_those_in_whom_it_did(tmp_path):
    proposal = proposed(tmp_path, stroke())
    stays = next(extract for extract in proposal.extracts if extract.table.name == "episodes")
    assert (stays.said["keep"], mapped(proposal, "episodes")) == ({"FIRST_CONTACT_DATE": ["*"]}, {
        "patient_id": "LOCAL_PATIENT_IDENTIFIER_(EXTENDED)", "started_on": "FIRST_CONTACT_DATE",
        "ended_on": "SERVICE_DISCHARGE_DATE", "end_reason": "REFERRAL_CLOSURE_REASON"})
    assert list(mapped(proposal, "referrals")) == ["patient_id", "identified_on", "response"]


def test_a_log_of_participants_names_its_interviews_by_them_and_links_them_to_the_records(tmp_path):
    proposal = proposed(tmp_path, stroke())
    assert mapped(proposal, "interviews")["interview_id"] == "Participant"
    link = next(extract for extract in proposal.extracts if extract.table.name == "identifiers")
    assert (link.said["keep"], mapped(proposal, link.name), "fill_down" in link.said) == (
        {"PERSON_ID": ["*"]}, {"patient_id": "PERSON_ID", "participant_id": "Participant"}, False)


def test_counts_that_came_as_counts_are_of_the_sites_and_their_labels_are_nobodys(tmp_path):
    aggregates = next(e for e in proposed(tmp_path, stroke()).extracts if e.table.name == "aggregates")
    assert [aggregates.columns[name].said["codes"] for name in ("site", "what")] == [
        {"North team": "north_team", "South team": "south_team"}, {"Eligible": "eligible"}]


# ------------------------------------------------------------------------------------------------ stays

APPROACHES = table("Pt Ref,Referral rec'd,Triage outcome,Outcome date,D/C date,D/C reason", [
    f"{person},{n + 1:02}/02/2025,{'Accepted' if n < 15 else 'Declined by patient'},{n + 2:02}/02/2025,"
    f"{f'{n + 5:02}/06/2025' if n < 10 else ''},{'Completed' if n < 8 else 'Moved out of area' if n < 10 else ''}"
    for n, person in enumerate(TWENTY)])
APPOINTMENTS = table("Contact ref,Pt Ref,Appt date,Attended", [
    f"A{n:03},{TWENTY[n % 15]},{n % 28 + 1:02}/03/2025,{'Y' if n % 7 else 'N'}" for n in range(40)])


def test_without_a_list_of_stays_they_are_made_of_contacts_and_the_pause_is_left_to_the_person(tmp_path):
    referrals = "\n".join(line.rsplit(",", 2)[0] for line in APPROACHES.splitlines()) + "\n"
    proposal = proposed(tmp_path, {"people.csv": PEOPLE, "referrals.csv": referrals, "contacts.csv": APPOINTMENTS})
    assert "episodes" not in {extract.table.name for extract in proposal.extracts}
    assert '[stays]\nfrom = "contacts"\n# CHOOSE gap_days: ' in proposal.text


def test_discharges_beside_referrals_end_the_stays_that_are_made_of_contacts(tmp_path):
    proposal = proposed(tmp_path, {"people.csv": PEOPLE, "referrals.csv": APPROACHES, "contacts.csv": APPOINTMENTS})
    assert mapped(proposal, "episodes") == {"patient_id": "Pt Ref", "ended_on": "D/C date", "end_reason": "D/C reason"}
    assert mapped(proposal, "referrals") == {
        "patient_id": "Pt Ref", "identified_on": "Referral rec'd", "response": "Triage outcome",
        "responded_on": "Outcome date"}
    study = opened(tmp_path, proposal.text.replace("# gap_days = 91", "gap_days = 91").replace(
        "# CHOOSE gap_days", "# gap_days"))
    check_stays(study)
    assert {plan.name for plan in plans(study)} == {"patients", "referrals", "episodes", "contacts"}


def test_a_list_of_stays_is_read_as_it_is_and_none_are_made(tmp_path):
    stays = table("Pt Ref,Start date,End date", [f"{person},{n + 1:02}/03/2025,{n + 1:02}/07/2025"
                                                  for n, person in enumerate(TWENTY)])
    assert "[stays]" not in proposed(tmp_path, {"people.csv": PEOPLE, "episodes.csv": stays,
                                                "contacts.csv": APPOINTMENTS}).text


# ------------------------------------------------------------------------------------------------ ages, labels, items

def test_the_labels_of_an_spss_file_tell_what_its_names_do_not(tmp_path):
    import pyreadstat

    frame = pd.DataFrame({"v1": TWENTY, "v2": [1, 2] * 10, "v3": range(30, 50), "v4": ["ZZ9 9"] * 20})
    path = tmp_path / "people.sav"
    pyreadstat.write_sav(frame, str(path), variable_value_labels={"v2": {1: "Male", 2: "Female"}}, column_labels={
        "v1": "Local patient identifier", "v2": "Gender", "v3": "Age at referral (years)", "v4": "Postcode sector"})
    proposal = proposed(tmp_path, {"people.sav": path.read_bytes()})
    assert mapped(proposal, "patients") == {"patient_id": "v1", "practice": "", "sex": "v2", "birth_year": "v3"}
    assert "v4 (a name, an address or free text: not looked into)" in proposal.text


def test_an_age_is_counted_back_from_the_year_in_which_the_period_begins(tmp_path):
    people = PEOPLE.replace("Practice", "Age").replace("North", "67").replace("South", "44")
    proposal = proposed(tmp_path, {"people.csv": people, "contacts.csv": APPOINTMENTS})
    assert lines_about(proposal, "birth_year")[0].startswith('birth_year = { from = "Age", age_in = "period",')
    study = opened(tmp_path, "\n".join(line for line in proposal.text.splitlines()
                                       if not line.startswith("# CHOOSE")).replace("# gap_days = 91", "gap_days = 91"))
    people, = (read(plan, study.raw).frame for plan in plans(study) if plan.name == "patients")
    assert set(people["birth_year"]) == {"1958", "1981"}  # the contacts are of 2025


def test_items_that_name_their_questionnaire_say_which_it_is(tmp_path):
    rows = [f"{person},Pre,{n + 1:02}/03/2025,PHQ9 Q{item},{(n + item) % 4}" for n, person in enumerate(TWENTY)
            for item in range(1, 10)]
    proposal = proposed(tmp_path, {"people.csv": PEOPLE, "phq.csv": table(
        "Pt Ref,Assessment,Completed,Item,Response", rows)})
    assert lines_about(proposal, "instrument")[0].startswith('instrument = { value = "phq9" }')
    assert 'instruments = ["phq9"]' in proposal.text
