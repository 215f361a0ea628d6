"""The worked study's synthetic extracts: what ships is what the script writes, and published counts are in the rows."""

import csv
import io
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "data_raw" / "south-glos"
SCRIPT = ROOT / "pipelines" / "studies" / "south-glos" / "extracts.py"
REFI = {"q": "urn:QDA-XML:project:1.0"}


def rows_of(name: str, header_row: int = 3) -> list[dict[str, str]]:
    """A delivered CSV as it stands: the header is on the given line of the file."""
    lines = list(csv.reader(io.StringIO((SHIPPED / name).read_text(encoding="utf-8-sig"))))
    return [dict(zip(lines[header_row - 1], line, strict=True)) for line in lines[header_row:]]


@pytest.fixture(scope="module")
def book() -> dict[str, list[dict]]:
    sheets = openpyxl.load_workbook(SHIPPED / "Case management export.xlsx")
    found = {}
    for sheet in sheets:
        header, *body = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(header, row, strict=True)) for row in body]
    return found


@pytest.fixture(scope="module")
def project() -> dict:
    """The REFI-QDA project as plain facts: users and codes by GUID, and each interview's text and selections."""
    with zipfile.ZipFile(SHIPPED / "interviews.qdpx") as archive:
        root = ElementTree.fromstring(archive.read("project.qde"))
        sources = {}
        for source in root.iterfind(".//q:TextSource", REFI):
            path = source.get("plainTextPath").replace("internal://", "sources/")
            text = archive.read(path).decode("utf-8")
            sources[source.get("name")] = (text, source.findall("q:PlainTextSelection", REFI))
    return {
        "users": {user.get("guid"): user.get("name") for user in root.iterfind(".//q:User", REFI)},
        "codes": {code.get("guid"): code.get("name") for code in root.iterfind(".//q:Code", REFI)},
        "cases": [case.get("name") for case in root.iterfind(".//q:Case", REFI)],
        "sources": sources,
    }


def day(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y")


# ------------------------------------------------------------------------------------------------ bytes


def test_the_script_writes_what_ships_to_the_byte(tmp_path):
    subprocess.run([sys.executable, str(SCRIPT), str(tmp_path)], check=True)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    shipped = {path.name: path.read_bytes() for path in SHIPPED.iterdir()}
    assert sorted(written) == sorted(shipped)
    assert [name for name in written if written[name] != shipped[name]] == []


def test_every_file_says_that_it_is_synthetic(book):
    for path in SHIPPED.glob("*.csv"):
        assert "SYNTHETIC" in "".join(path.read_text(encoding="utf-8-sig").splitlines()[:4]), path.name
    assert "SYNTHETIC" in str(book["Read me"])


# ------------------------------------------------------------------------------------------------ identity


def test_nhs_numbers_are_of_the_range_never_issued_and_pass_modulus_11(book):
    numbers = [row["NHS no."] for row in book["Clients"]]
    assert len(set(numbers)) == len(numbers) == 59
    for number in numbers:
        assert number.startswith("999") and len(number) == 10
        check = 11 - sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False)) % 11
        assert check != 10 and int(number[9]) == check % 11


def test_each_practice_lists_its_own_invited_people(book):
    listed = [row["NHS Number"] for row in rows_of("EMIS patient list (Practice A).csv", 7)]
    listed_b = [row["NHS No."] for row in rows_of("EMIS patient list (Practice B).csv", 6)]
    assert (len(listed), len(listed_b)) == (33, 26)
    assert sorted(listed + listed_b) == sorted(row["NHS no."] for row in book["Clients"])


# ------------------------------------------------------------------------------------------------ published counts


def test_59_were_invited_34_enrolled_and_25_did_not(book):
    assert Counter(row["Response"] for row in book["Invitations"]) == {"Enrolled": 34, "No reply": 19, "Declined": 6}
    enrolled = {row["Client no."] for row in book["Invitations"] if row["Response"] == "Enrolled"}
    assert enrolled == {row["Client no."] for row in book["Episodes"]}


def test_recruitment_to_interviews_reconciles():
    rows = rows_of("interview_recruitment.csv")
    others = [row for row in rows if row["Consent to contact"] != "Agreed"]
    assert Counter((row["Consent to contact"], row["Reason"]) for row in others) == {
        ("Declined", "Too many things to cope with"): 1, ("Declined", "Too ill"): 1, ("Not asked", "Mental health"): 1,
        ("Not asked", "Data collection over"): 9,
    }
    agreed = [row for row in rows if row["Consent to contact"] == "Agreed"]
    assert (len(rows), len(agreed)) == (34, 22)
    assert Counter((row["Invited"], row["Response"]) for row in agreed) == {
        ("Y", "Interviewed"): 18, ("Y", "No response"): 2, ("N", ""): 2,
    }


def test_25_interviews_are_18_service_users_and_7_service_providers(project):
    log = rows_of("interview_log.csv")
    assert Counter(row["Group"] for row in log) == {"User": 18, "Provider": 7}
    assert {row["Interview"] for row in log} == set(project["sources"])
    assert [row["Participant"] for row in log] == project["cases"]
    assert len(rows_of("topic_guide.csv")) == 25 * 6


def test_the_week_26_dose_is_due_before_the_data_cut_for_all_34(book):
    assert all(row["Start"] + timedelta(weeks=26) <= datetime(2017, 12, 31) for row in book["Episodes"])
    assert sum(row["Start"] + timedelta(weeks=30) > datetime(2017, 12, 31) for row in book["Episodes"]) == 3


def test_questionnaires_returned():
    assert len(rows_of("questionnaire_baseline.csv")) == 31
    assert len(rows_of("questionnaire_follow-up.csv")) == 22


# ------------------------------------------------------------------------------------------------ the planted faults


def test_five_faults_are_planted_and_no_more(book):
    contacts, interventions = book["Contacts"], [tuple(row.values()) for row in book["Interventions"]]
    assert [row for row, times in Counter(interventions).items() if times > 1] == [interventions[40]]
    assert [row["Date seen"] for row in contacts if day(row["Date seen"]) > datetime(2017, 12, 31)] == ["15/01/2018"]
    missed = [row for row in contacts if row["Outcome"] != "Attended" and row["Actual (min)"] is not None]
    assert [(row["Outcome"], row["Actual (min)"]) for row in missed] == [("DNA", 30)]
    assert [row["How"] for row in contacts if row["How"] != row["How"].strip()] == ["F2F "]
    assert sum(row["Outcome"] == "Attended" and row["Actual (min)"] is None for row in contacts) == 1


# ------------------------------------------------------------------------------------------------ interviews


def test_the_codebook_has_6_themes_and_33_codes_and_is_the_projects(project):
    rows = rows_of("codebook.csv")
    assert Counter(bool(row["Under"]) for row in rows) == {True: 33, False: 6}
    assert all(row["Definition"] and row["Include"] and row["Exclude"] for row in rows)
    stances = {"stance", "positive", "negative", "mixed"}
    assert set(project["codes"].values()) - stances == {row["Code"] for row in rows}


def test_passages_are_15_to_80_whole_words_of_one_turn(project):
    passages = Counter()
    for text, selections in project["sources"].values():
        assert text.startswith("SYNTHETIC interview") and not {"{", "|", "\r", "\ufeff"} & set(text)
        assert 700 <= len(text.split()) <= 1250
        for selection in selections:
            start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
            words = text[start:end]
            assert 15 <= len(words.split()) <= 80 and "\n" not in words
            assert text[start - 1].isspace() and (end == len(text) or text[end].isspace())
            assert words == words.strip()
            passages[project["users"][selection.get("creatingUser")]] += 1
    assert 500 <= passages.total() <= 800
    assert set(passages) == {"Coder A", "Coder B"}


def test_each_passage_has_a_theme_code_and_at_most_one_stance(project):
    stances = {"positive", "negative", "mixed"}
    for _, selections in project["sources"].values():
        for selection in selections:
            codes = [project["codes"][ref.get("targetGUID")] for ref in selection.iterfind("q:Coding/q:CodeRef", REFI)]
            assert len(codes) == len(set(codes))
            assert 1 <= len(set(codes) - stances) <= 2
            assert len(stances & set(codes)) <= 1


def test_a_second_coder_coded_six_interviews(project):
    twice = set()
    for name, (_, selections) in project["sources"].items():
        coders = {project["users"][selection.get("creatingUser")] for selection in selections}
        assert "Coder A" in coders
        twice |= {name} if "Coder B" in coders else set()
    assert twice == {"I01", "I04", "I10", "I14", "I19", "I23"}
