"""What a person sees, word for word, when something that they gave is wrong; and that nothing else happens then."""

import re
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from small_project import RAW, STUDY, contents, keep, keep_pages, replace

from pipelines import alone
from pipelines.__main__ import main

ROOT = Path(__file__).parents[2]
BOOK = RAW + "Case management export.xlsx"
ISSUES_A = "EMIS opioid issues (Practice A).csv"
LOG = ".build/south-glos/data_queries.csv"
BLOCKED = "nothing was published, the last report is as it was"


pytestmark = pytest.mark.usefixtures("checks_here")


def line(root: Path, text: str) -> int:
    """The line of the definition that begins with these words."""
    return next(n for n, one in enumerate((root / STUDY).read_text("utf-8").splitlines(), 1) if one.startswith(text))


def change_cells(root: Path, sheet: str, **cells: str) -> None:
    book = openpyxl.load_workbook(root / BOOK)
    for cell, value in cells.items():
        book[sheet][cell] = value
    book.save(root / BOOK)


def said(capsys, *words: str) -> tuple[int, str]:
    """The exit code of `python -m pipelines` and everything that it printed."""
    code = main([*words] or ["validate"])
    out, err = capsys.readouterr()
    return code, (out + err).strip("\n")


# ------------------------------------------------------------------------------------------------ mistakes: 2


def test_an_unknown_study(a_project, capsys):
    assert said(capsys, "validate", "south-gloss") == (2, (
        "there is no study 'south-gloss'\n"
        "  -> did you mean 'south-glos'?"))


def test_an_unknown_study_that_is_like_none(a_project, capsys):
    assert said(capsys, "validate", "leeds") == (2, (
        "there is no study 'leeds'\n"
        "  -> known: south-glos; a study is a folder pipelines/studies/<name>/ with a study.toml"))


def test_a_missing_extract(a_project, capsys):
    keep(a_project, "consents")
    (a_project / RAW / "consents.csv").rename(a_project / RAW / "consents (1).csv")
    assert said(capsys) == (2, (
        f"study.toml, line {line(a_project, '[extracts.consents]')}: "
        "[extracts.consents] needs 'consents.csv', and data_raw/south-glos/ has no such file\n"
        "  -> did you mean 'consents (1).csv'?"))


def test_a_renamed_column(a_project, capsys):
    keep(a_project, "consents")
    replace(a_project, RAW + "consents.csv", "Consent to", "Consent for")
    assert said(capsys) == (2, (
        "consents.csv, line 3: no column 'Consent to' (wanted for consents.kind)\n"
        f"  -> did you mean 'Consent for'? change from = \"Consent to\" at study.toml, line {line(a_project, 'kind')}; "
        "the file has: Person, Consent for, Status, Date, Scope"))


def test_a_sheet_that_is_not_there(a_project, capsys):
    keep(a_project, "contacts")
    replace(a_project, STUDY, 'sheet = "Contacts"', 'sheet = "Contact"')
    assert said(capsys) == (2, (
        "Case management export.xlsx: no sheet 'Contact'\n"
        f"  -> did you mean 'Contacts'? change 'sheet' at study.toml, line {line(a_project, '[extracts.contacts]')}; "
        "there are: Read me, Clients, Invitations, Episodes, Contacts, Interventions"))


def test_all_columns_that_were_renamed_are_said_at_once(a_project, capsys):
    keep(a_project, "consents", "recruitment")
    replace(a_project, RAW + "consents.csv", "Consent to", "Consent for")
    replace(a_project, RAW + "interview_recruitment.csv", "Invited", "Invited?")
    code, words = said(capsys)
    assert code == 2
    assert [line for line in words.splitlines() if not line.startswith("  -> ")] == [
        "consents.csv, line 3: no column 'Consent to' (wanted for consents.kind)",
        "interview_recruitment.csv, line 3: no column 'Invited' (wanted for recruitment.invited)"]


def test_a_wrong_encoding(a_project, capsys):
    keep(a_project, "codebook")
    path = a_project / RAW / "codebook.csv"
    path.write_bytes(path.read_text("utf-8").replace("being found, being asked",
                                                     "being found – being asked").encode("cp1252"))
    assert said(capsys) == (2, (
        "codebook.csv, line 4: the file is not UTF-8 text\n"
        f"  -> say how it is encoded at study.toml, line {line(a_project, '[extracts.codebook]')}: "
        "encoding = \"cp1252\" if Excel on Windows saved it"))


def test_a_coded_project_that_is_no_zip(a_project, capsys):
    keep(a_project, "interview_log", "codebook", sections=("interviews",))
    (a_project / RAW / "interviews.qdpx").write_text("this is no zip")
    assert said(capsys) == (2, (
        "interviews.qdpx: the file cannot be opened as a zip archive\n"
        "  -> export the project again as REFI-QDA (.qdpx) from the tool that holds it"))


def test_a_mistyped_key(a_project, capsys):
    replace(a_project, STUDY, 'min = 1910', 'minn = 1910')
    assert said(capsys) == (2, (
        f"study.toml, line {line(a_project, 'birth_year')}: "
        "unknown key 'minn' in [extracts.gp_patients_a.columns.birth_year]\n"
        "  -> did you mean 'min'?"))


def test_two_mistakes_are_said_at_once(a_project, capsys):
    replace(a_project, STUDY, "question =", "queston =")
    replace(a_project, STUDY, "window_days = 84", 'window_days = "84"')
    assert said(capsys) == (2, (
        f"study.toml, line {line(a_project, 'queston')}: unknown key 'queston'\n"
        "  -> did you mean 'question'?\n"
        f"study.toml, line {line(a_project, 'window_days')}: 'doses.window_days' is text in quotes: '84'\n"
        "  -> write a whole number"))


def test_a_category_without_codes(a_project, capsys):
    replace(a_project, STUDY, 'sex             = { from = "Gender", codes = { "Female" = "female", "Male" = "male" } }',
            'sex             = { from = "Gender" }')
    assert said(capsys) == (2, (
        f"study.toml, line {line(a_project, 'sex             = {')}: 'sex' is a category without codes\n"
        "  -> codes = { \"theirs\" = \"ours\", … }"))


def test_a_code_that_is_not_canonical(a_project, capsys):
    replace(a_project, STUDY, '"F2F" = "face to face"', '"F2F" = "face-to-face"')
    assert said(capsys) == (2, (
        f"study.toml, line {line(a_project, 'mode ')}: 'face-to-face' is no code of mode\n"
        "  -> did you mean 'face to face'?"))


def test_a_definition_that_is_no_toml(a_project, capsys):
    replace(a_project, STUDY, "[statistics]", "[statistics")
    assert said(capsys) == (2, (
        f"study.toml, line {line(a_project, '[statistics')}, column 12: "
        "this is not TOML: Expected ']' at the end of a table declaration\n"
        "  -> text stands in quotes, a list in [ ], a table in { } on one line"))


@pytest.mark.parametrize("word, message", [
    ("tiers=5", "00_summary.ipynb: the notebook has no parameter 'tiers'\n  -> did you mean 'tier'?"),
    ("year=2017", "00_summary.ipynb: the notebook has no parameter 'year'\n  -> it has: study, site, tier"),
    ("year", "'-p year' gives no value\n  -> write -p name=value"),
])
def test_a_parameter_that_no_notebook_has_stops_before_anything_starts(a_project, capsys, monkeypatch, word, message):
    shutil.copytree(ROOT / "notebooks", a_project / "notebooks")
    monkeypatch.setattr("pipelines.kernels.Template", lambda: pytest.fail("a kernel's template was started"))
    assert said(capsys, "report", "-p", word) == (2, message)
    written = [path for path in (a_project / ".build").rglob("*") if path.is_file()]
    assert {path.name for path in written} <= {alone.FILE} and not (a_project / "reports").exists()


def test_a_page_that_is_not_there(a_project, capsys):
    (a_project / "notebooks").mkdir()
    for name in ("00_summary", "05_outcomes"):
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", a_project / "notebooks")
    assert said(capsys, "report", "--page", "05_outcome") == (2, (
        "there is no page '05_outcome'\n  -> did you mean '05_outcomes'? notebooks/ has: 00_summary, 05_outcomes"))


# ------------------------------------------------------------------------------------------------ blocking faults: 3


def test_a_date_in_the_wrong_order(a_project, capsys):
    keep(a_project, "clients", "gp_issues_a")
    replace(a_project, RAW + ISSUES_A, ",14/03/2016,", ",03/14/2016,")
    assert said(capsys) == (3, (
        f"south-glos: 1 blocking fault; {BLOCKED}\n"
        "  gp_issues_a, column 'Issue date', rule 'date as stated': "
        "the date has the format that the definition states (DD/MM/YYYY); "
        "found like '99/99/9999', a date with day and month the other way round in "
        "EMIS opioid issues (Practice A).csv, line 9; "
        f"write the date in the stated order, or correct `format` in study.toml, line {line(a_project, 'issued_on')}\n"
        "  -> all of them: .build/south-glos/data_queries.csv"))
    assert (a_project / LOG).read_text("utf-8").startswith(
        "extract,table,file,sheet,row,column,heading,rule,severity,expected,found,todo,definition,rows\n"
        "gp_issues_a,prescriptions,EMIS opioid issues (Practice A).csv,,9,issued_on,Issue date,date as stated,blocking,"
        "the date has the format that the definition states (DD/MM/YYYY),"
        "\"like '99/99/9999', a date with day and month the other way round\","
        "\"write the date in the stated order, or correct `format` in study.toml\","
        f"\"study.toml, line {line(a_project, 'issued_on')}\",1\n")


def test_a_wrong_order_in_every_row_is_said_once_with_how_many_there_are(a_project, capsys):
    keep(a_project, "clients", "gp_issues_a")
    path = a_project / RAW / ISSUES_A
    head, tail = path.read_text("utf-8-sig").split("Issue type\n")
    path.write_text(head + "Issue type\n" + re.sub(r"(\d\d)/(\d\d)/(\d{4})", r"\3-\2-\1", tail), "utf-8")
    assert said(capsys) == (3, (
        f"south-glos: 658 blocking faults; {BLOCKED}\n"
        "  gp_issues_a, column 'Issue date', rule 'date as stated': "
        "the date has the format that the definition states (DD/MM/YYYY); "
        "found like '9999-99-99' in EMIS opioid issues (Practice A).csv, line 9 and 657 more; "
        f"write the date in the stated order, or correct `format` in study.toml, line {line(a_project, 'issued_on')}\n"
        "  -> all of them: .build/south-glos/data_queries.csv"))


def test_an_unknown_code(a_project, capsys):
    keep(a_project, "contacts")
    change_cells(a_project, "Contacts", D5="Fax")
    assert said(capsys) == (3, (
        f"south-glos: 1 blocking fault; {BLOCKED}\n"
        "  contacts, column 'How', rule 'known code': "
        "the value is one of the codes of the definition (F2F, Tel, Text); "
        "found like 'Aaa' in Case management export.xlsx, sheet Contacts, line 5; "
        f"correct the value, or add the code to `codes` in study.toml, line {line(a_project, 'mode ')}\n"
        "  -> all of them: .build/south-glos/data_queries.csv"))


def test_two_rows_with_one_ref(a_project, capsys):
    keep(a_project, "contacts")
    change_cells(a_project, "Contacts", A5="K00043")
    assert said(capsys) == (3, (
        f"south-glos: 1 blocking fault; {BLOCKED}\n"
        "  contacts, column 'Ref', rule 'no duplicate key': no two different rows share a key; "
        "found the same as in line 2 in Case management export.xlsx, sheet Contacts, line 5; "
        f"say which of the rows is right (defined at study.toml, line {line(a_project, '[extracts.contacts]')})\n"
        "  -> all of them: .build/south-glos/data_queries.csv"))


def test_an_empty_extract(a_project, capsys):
    keep(a_project, "consents")
    path = a_project / RAW / "consents.csv"
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:3]), "utf-8")
    assert said(capsys) == (3, (
        f"south-glos: 1 blocking fault; {BLOCKED}\n"
        "  consents, rule 'rows present': the extract has rows; found no rows in consents.csv, line 3; "
        "send the extract again, with its rows "
        f"(defined at study.toml, line {line(a_project, '[extracts.consents]')})\n"
        "  -> all of them: .build/south-glos/data_queries.csv"))


def test_an_interview_that_the_log_does_not_know(a_project, capsys):
    keep(a_project, "interview_log", "codebook", sections=("interviews",))
    replace(a_project, STUDY, "interviews = 25", "interviews = 24")
    path = a_project / RAW / "interview_log.csv"
    path.write_text("".join(line for line in path.read_text("utf-8").splitlines(keepends=True)
                            if not line.startswith("I02,")))
    assert said(capsys) == (3, (
        f"south-glos: 1 blocking fault; {BLOCKED}\n"
        "  interviews, rule 'coded interview in the log': every coded interview is in the interview log; "
        "found source 2 of the project, called like 'A99' in interviews.qdpx; "
        "add the interview to the log, or rename the source in the project "
        f"(defined at study.toml, line {line(a_project, 'project ')})\n"
        "  -> all of them: .build/south-glos/data_queries.csv"))


def test_a_log_with_fewer_interviews_than_were_declared_is_in_no_one_file(a_project, capsys):
    keep(a_project, "interview_log", "codebook", sections=("interviews",))
    replace(a_project, STUDY, "interviews = 25", "interviews = 26")
    assert said(capsys) == (3, (
        f"south-glos: 1 blocking fault; {BLOCKED}\n"
        "  interviews, rule 'interviews as declared': the log has as many interviews as the definition declares; "
        "found 25 where 26 are declared; send the whole log, or correct `interviews` in "
        f"study.toml, line {line(a_project, 'interviews = 26')}\n"
        "  -> all of them: .build/south-glos/data_queries.csv"))


def test_a_fault_in_one_of_many_files_names_that_file(a_project, capsys):
    """Contacts that came as two exports, the second one with a fault in its third line."""
    keep(a_project, "contacts")
    replace(a_project, STUDY, 'file  = "Case management export.xlsx"\nsheet = "Contacts"', 'file = "contacts_*.csv"')
    headings = "Ref,Client no.,Date seen,How,Where,Worker,Booked (min),Actual (min),Outcome\n"
    (a_project / RAW / "contacts_2016.csv").write_text(
        headings + "K1,C006,26/09/2016,F2F,Surgery,W1,60,60,Attended\nK2,C003,03/10/2016,F2F,Home,W1,45,60,Attended\n")
    (a_project / RAW / "contacts_2017.csv").write_text(
        headings + "K3,C006,09/01/2017,Tel,,W1,20,15,Attended\nK4,C003,10/01/2017,Fax,,W1,20,,DNA\n")
    assert said(capsys) == (3, (
        f"south-glos: 1 blocking fault; {BLOCKED}\n"
        "  contacts, column 'How', rule 'known code': "
        "the value is one of the codes of the definition (F2F, Tel, Text); "
        "found like 'Aaa' in contacts_2017.csv, line 3; "
        f"correct the value, or add the code to `codes` in study.toml, line {line(a_project, 'mode ')}\n"
        "  -> all of them: .build/south-glos/data_queries.csv"))


def test_after_a_blocking_fault_the_last_report_and_tables_are_as_they_were(a_project, capsys):
    keep(a_project, "clients", "gp_patients_a", "gp_patients_b", "contacts")
    keep_pages(a_project, ["01_data_quality"])
    shutil.copytree(ROOT / "notebooks", a_project / "notebooks")
    assert said(capsys)[0] == 0
    (a_project / "reports" / "south-glos").mkdir(parents=True)
    (a_project / "reports" / "south-glos" / "index.html").write_text("the last report")
    build, reports = a_project / ".build" / "south-glos", a_project / "reports"
    before = contents(build / "tidy"), contents(reports)
    assert list(before[0]) == [f"{name}.parquet" for name in (
        "contacts", "patients", "quality_checks", "quality_faults", "quality_rows")]
    good_book, good_log = (a_project / BOOK).read_bytes(), (a_project / LOG).read_text("utf-8")

    change_cells(a_project, "Contacts", A5="K00043", D6="Fax")
    assert said(capsys)[0] == 3
    assert said(capsys, "report")[0] == 3
    assert (contents(build / "tidy"), contents(reports)) == before
    assert sorted(p.name for p in build.iterdir() if p.name.startswith((".", "tidy.", "site"))) == []

    (a_project / BOOK).write_bytes(good_book)  # the old extract again: its log again, too
    assert said(capsys)[0] == 0
    assert (a_project / LOG).read_text("utf-8") == good_log
    assert contents(build / "tidy") == before[0]


# ------------------------------------------------------------------------------------------------ no value in the log


@pytest.fixture(scope="module")
def numbers_and_names() -> set[str]:
    """What no log and no message may hold: every NHS number and every client's number."""
    clients = pd.read_excel(ROOT / BOOK, sheet_name="Clients", dtype=str)
    assert len(clients) == 59
    return set(clients["NHS no."]) | set(clients["Client no."])


def test_neither_log_nor_message_holds_a_value(a_project, capsys, numbers_and_names):
    keep(a_project, "clients", "gp_patients_a", "gp_issues_a", "contacts", "consents")
    change_cells(a_project, "Clients", B2="9990137315", B3="12345")            # somebody else's, and none
    change_cells(a_project, "Contacts", B4="Mary Smith", C4="Tuesday", D4="Mary's home", H4="an hour", I4="Mary ill")
    replace(a_project, RAW + "consents.csv", ",Given,", ",Given by Mary Smith,")
    replace(a_project, RAW + ISSUES_A, ",224,", ",Mary's 224,")
    code, words = said(capsys)
    log = (a_project / LOG).read_text("utf-8")
    assert code == 3 and len(log.splitlines()) > 8
    for text in (words, log):
        assert {value for value in numbers_and_names | {"Mary", "Smith", "Tuesday", "an hour", "12345"}
                if value in text} == set()
        assert re.findall(r"(?<!\d)\d{10}(?!\d)", text.replace("9999999999", "")) == []


@pytest.fixture(scope="module")
def valid(make_project, checks_here):
    """The whole shipped study, found valid."""
    root = make_project()
    assert main(["validate"]) == 0
    return root / ".build" / "south-glos"


def test_no_tidy_table_of_the_shipped_study_holds_an_nhs_number(valid, numbers_and_names):
    numbers = {number for number in numbers_and_names if len(number) == 10}
    tables = {path.stem: pd.read_parquet(path) for path in (valid / "tidy").glob("*.parquet")}
    assert {"patients", "prescriptions", "contacts", "codings"} <= set(tables) and "identifiers" not in tables
    assert [name for name, table in tables.items()
            if table.map(lambda cell: any(number in str(cell) for number in numbers)).to_numpy().any()] == []


def test_every_extract_of_the_shipped_study_balances(valid):
    rows = pd.read_parquet(valid / "tidy" / "quality_rows.parquet")
    wide = rows.pivot(index="extract", columns="what", values="rows").fillna(0)
    reasons = wide.drop(columns=["delivered", "kept"])
    assert (wide["delivered"] == wide["kept"] + reasons.sum(axis=1)).all()
    left_out = rows[~rows["what"].isin(["delivered", "kept"]) & rows["rows"].gt(0)]
    assert left_out[["extract", "what", "rows", "people"]].values.tolist() == [
        ["contacts", "before the data cut", 1, 1], ["interventions", "row not repeated", 1, 1]]


def test_rows_of_prescriptions_that_give_no_dose_are_listed_by_file_and_line_and_by_no_word_of_theirs(valid):
    listed = pd.read_csv(valid / "prescriptions_not_read.csv")
    assert list(listed) == ["file", "row", "kind", "reason"]
    assert listed.groupby(["kind", "reason"]).size().to_dict() == {
        ("no factor", "methadone, oral"): 1, ("not readable", "no dose in the directions"): 2,
        ("not readable", "no strength in the product"): 1}


def test_the_shipped_study_has_the_five_queries_that_were_planted_in_it(valid):
    """
    And what is as plausible there as anywhere: two strengths of a drug to make up a dose, directions without one, a
    strength that is not stated, one answer seven times, a passage coded twice.
    """
    log = pd.read_csv(valid / "data_queries.csv", dtype=str, keep_default_na=False)
    plausible = log["rule"].isin(["one strength a day", "directions say a dose", "strength is stated", "answers differ",
                                  "passage counted once"])
    assert log[plausible].groupby(["rule", "severity"]).size().to_dict() == {
        ("one strength a day", "noted"): 13, ("directions say a dose", "noted"): 2, ("strength is stated", "noted"): 1,
        ("answers differ", "noted"): 1, ("passage counted once", "noted"): 3}
    assert log.loc[~plausible, ["sheet", "row", "heading", "rule", "severity", "found"]].values.tolist() == [
        ["Contacts", "280", "Date seen", "before the data cut", "excluded", "like '99/99/9999'"],
        ["Contacts", "99", "How", "no surrounding space", "noted", "the whole row"],
        ["Contacts", "76", "", "no minutes without attendance", "noted", "the whole row"],
        ["Contacts", "157", "", "minutes of what was attended", "noted", "the whole row"],
        ["Interventions", "43", "", "row not repeated", "excluded", "the same as in line 42"]]
