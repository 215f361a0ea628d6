"""Signing quotations off: the sheet that goes out, the sheet that comes back, and what a report shows of them then."""

import csv
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from small_project import STUDY, keep, keep_pages, ledger, replace

from analysis.errors import DefinitionMistake
from analysis.study import open_study
from pipelines.__main__ import main
from pipelines.quoting import candidates_of, read_sheet, write_sheet

pytestmark = pytest.mark.usefixtures("checks_here")

QUOTES = STUDY.replace("study.toml", "quotes.toml")
HEADINGS = ["Interview", "Code", "Start", "End", "Words to show", "Recognisable", "Signed by", "Signed on"]


@pytest.fixture(scope="module")
def project(make_project, checks_here) -> Path:
    """The interview study alone, published once with the pages that show quotations and one that does not."""
    root = make_project(notebooks=True)
    keep(root, "clients", "gp_patients_a", "gp_patients_b", "invitations", "episodes", "consents", "participants",
         "interview_log", "topic_guide", "codebook", sections=("interviews",))
    keep_pages(root, ["06_themes", "09_methods"])
    assert main(["report"]) == 0
    return root


@pytest.fixture
def signed(project):
    """What a test does to the sign-offs is undone after it."""
    before = (project / QUOTES).read_bytes()
    yield project
    (project / QUOTES).write_bytes(before)


def page(root: Path) -> str:
    return (root / "reports" / "south-glos" / "06_themes.html").read_text("utf-8")


def filled(folder: Path, *rows: dict) -> Path:
    """A sheet as it comes back, as CSV."""
    with (folder / "sheet.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, HEADINGS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return folder / "sheet.csv"


def one(**more) -> dict:
    return {"Interview": "I01", "Code": "reasons-join", "Start": 670, "End": 821, "Recognisable": "no",
            "Words to show": "I'd been on the [medicine] nearly nine years and nobody had sat down and asked me",
            "Signed by": "R2", "Signed on": "02/07/2018", **more}


def test_the_report_shows_every_quotation_that_was_signed_and_leads_to_it_from_its_count(project):
    shown = re.findall(r'<figure class="quotation" id="(quote-\w+)">', page(project))
    assert len(shown) == (project / QUOTES).read_text("utf-8").count("[[quote]]") == 20
    assert {f'href="#{name}"' in page(project) for name in shown} == {True}


def test_the_sheet_has_the_passages_of_those_who_may_be_quoted_and_the_sign_offs_that_there_are(project):
    said = write_sheet(open_study("south-glos"))
    rows = list(load_workbook(project / ".build/south-glos/quotations.xlsx").active.iter_rows(values_only=True))
    assert rows[1][:5] == ("Interview", "Participant", "Group", "Theme", "Code")
    assert "P10" not in {row[1] for row in rows}                       # consented to no quotation
    assert sum(row[10] == "R2" for row in rows[2:]) == 20
    assert said[1:] == ["south-glos: 20 quotations may be shown, 0 are withheld"]


def test_a_sheet_comes_back_as_it_went_out_and_changes_nothing(signed):
    write_sheet(open_study("south-glos"))
    before = (signed / QUOTES).read_bytes()
    read_sheet(open_study("south-glos"), signed / ".build/south-glos/quotations.xlsx")
    assert (signed / QUOTES).read_bytes() == before


def test_a_signed_row_becomes_a_quotation_with_its_redaction_and_one_without_signature_is_taken_out(signed, tmp_path):
    gone = {"Interview": "I01", "Code": "gp-trust", "Start": 511, "End": 643}
    said = read_sheet(open_study("south-glos"), filled(tmp_path, one(), gone))
    assert said[0].endswith("quotes.toml: 1 new, 1 taken out")
    study = candidates_of(open_study("south-glos"))
    new = next(s for s in study.signed if s.code == "reasons-join")
    assert new.words(study.transcripts["I01"]).startswith("I'd been on the [medicine] nearly nine years")
    assert "fentanyl" not in new.words(study.transcripts["I01"]) + (signed / QUOTES).read_text("utf-8")


@pytest.mark.parametrize(("more", "says"), [
    ({"Words to show": "I had been on the patch"}, "the transcript does not have these words at one place"),
    ({"Recognisable": ""}, "'Recognisable' is ''; write yes or no"),
    ({"Signed on": "July"}, "'Signed on' is 'July'; write a date"),
    ({"Code": "reasons-joined"}, "has no code 'reasons-joined'; did you mean 'reasons-join'?"),
    ({"Interview": "I99"}, "there is no transcript of the interview 'I99'")])
def test_a_row_that_cannot_be_taken_is_named_and_then_none_is(signed, tmp_path, more, says):
    before = (signed / QUOTES).read_bytes()
    with pytest.raises(DefinitionMistake) as mistake:
        read_sheet(open_study("south-glos"), filled(tmp_path, one(), one(**more)))
    assert str(mistake.value).startswith("sheet.csv, row 3: ") and says in str(mistake.value)
    assert (signed / QUOTES).read_bytes() == before


def test_a_sheet_of_something_else_is_said_to_be_none(project, tmp_path):
    (tmp_path / "sheet.csv").write_text("A,B\n1,2\n")
    with pytest.raises(DefinitionMistake, match="no sheet has the headings of a sheet of quotations"):
        read_sheet(open_study("south-glos"), tmp_path / "sheet.csv")


def test_another_sign_off_executes_the_page_that_shows_it_and_nothing_else(signed, tmp_path):
    read_sheet(open_study("south-glos"), filled(tmp_path, one()))
    assert main(["report"]) == 0
    assert ledger(signed) == {"06_themes": "built", "09_methods": "unchanged"}
    assert "the [medicine] nearly nine years" in page(signed)


def test_a_quotation_whose_words_changed_since_they_were_signed_is_not_shown_and_the_verb_says_why(signed, capsys):
    replace(signed, QUOTES, "start = 511", "start = 515")
    assert main(["quotes"]) == 0
    said = capsys.readouterr().out
    assert "19 quotations may be shown, 1 are withheld" in said
    assert "quotes.toml, line 4: the words at its place are not those that were signed: sign it off again" in said


def test_quotations_without_a_section_that_says_how_to_quote_are_a_mistake(signed, capsys):
    said = (signed / STUDY).read_text("utf-8")
    without = re.sub(r"(?ms)^\[quotations\].*?(?=^# ---|\Z)", "", said)
    assert without != said
    (signed / STUDY).write_text(without, "utf-8")
    try:
        assert main(["quotes"]) == 2
        assert "the definition does not say how it quotes" in capsys.readouterr().err
    finally:
        (signed / STUDY).write_text(said, "utf-8")
