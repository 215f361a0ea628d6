"""The audit trail: what records answer of the guidelines, who coded what, and notes that may be read by anybody."""

import pandas as pd
import pytest
from coded_material import CODES, GROUPS, INTERVIEWS, codings, shown

from analysis.measures.interviews.audit_trail import coding_log, memos_kept, reporting_items
from analysis.present import table
from analysis.protect.gate import unbound
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release
from analysis.reference.guidelines import Item, interview_items

LOG = INTERVIEWS.assign(minutes=[30, 40, 50, 60], recorded=["yes", "yes", "no", "yes"], setting="home", mode=None,
                        guide_version=["1", "2", "2", "2"])
CODED = codings(("I01", "fear", "A", 0, 9), ("I01", "fear", "B", 0, 9), ("I02", "delivery", "A", 0, 9)).assign(
    date=pd.to_datetime(["2018-03-02", "2018-05-20", None]))
MEMOS = pd.DataFrame(
    [("reflexivity", None, "R1", "2018-01-05", "Who we {are}."),
     ("decision", None, "R1", "2018-02-03", "Split a code."),
     ("decision", None, None, None, "Undated."), ("code", "fear", "R2", "2018-03-01", "Not only of pain."),
     ("transcript check", "I01", "R2", "2018-03-01", "Read."), ("transcript check", "I02", "R2", "2018-04-01", "Read."),
     ("interview", "I01", "R2", "2018-03-01", "She wept.")], columns=["kind", "about", "author", "date", "text"],
).assign(date=lambda memos: pd.to_datetime(memos["date"]))


def items(**more):
    return reporting_items(interview_items(), CODES, CODED, LOG, groups=GROUPS, **more)


def answer(label: str, **more) -> str:
    return shown(items(**more), label)["From the records"]


@pytest.mark.parametrize(("label", "said"), [
    ("People interviewed", "2 service users; 1 service providers"),
    ("Interviewed more than once", "1 service users; 0 service providers"),
    ("Recorded", "3 of 4"), ("Where interviews took place", "home: 4"), ("Versions of the topic guide", "v1: 1; v2: 3"),
    ("Length of interviews", "median 45 minutes, quartiles 37.5 to 52.5"), ("Coders", "2 coders"),
    ("Coded by two or more", "1 of 4 interviews"),
    ("Coding tree", "2 themes and 2 codes under them, listed with the themes"),
    ("How they were held", "not stated"), ("Software", "not stated"), ("Enrolled and not interviewed", "not stated"),
    ("Transcripts checked", "not stated"), ("Quotations, each with who said it", "not stated")])
def test_what_the_records_say_is_filled_in_and_the_rest_is_not_stated(label, said):
    assert answer(label) == said


@pytest.mark.parametrize(("label", "said", "when"), [
    ("Transcripts checked", "2 of 4 interviews", "March 2018 to April 2018"),
    ("Where the analysts stand", "1 recorded", "January 2018"),
    ("Dated decisions of the analysis", "2 recorded", "February 2018"),
    ("What participants said of the findings", "not stated", "")])
def test_memos_answer_with_the_months_they_are_from(label, said, when):
    row = shown(items(memos=MEMOS), label)
    assert (row["From the records"], row["When"]) == (said, when)


def test_months_of_a_few_interviews_are_hidden_with_their_number():
    done = release(items(memos=MEMOS), Profiles({"interviewed": profile("opensafely")}))
    line = next(line for line in done.lines if line.label == "Transcripts checked")
    assert [done.cells[i].text for i in line.entry("When")[1].values()] == ["[REDACTED]"]
    assert [cell.text for cell in done.cells.values() if cell.statistic == "when" and ("kind", "decision")
            in cell.dimensions] == ["February 2018"]  # a memo is nobody's number


def test_who_was_not_interviewed_is_counted_from_the_log_of_recruitment():
    recruitment = pd.DataFrame({"response": ["interviewed", "no response", None]})
    assert answer("Enrolled and not interviewed", recruitment=recruitment).startswith("2 of 3")


def test_every_item_has_its_numbers_in_the_guidelines_and_an_answer_that_the_measure_knows():
    assert all(isinstance(item, Item) and (item.coreq or item.srqr) for item in interview_items())
    full = items(memos=MEMOS, recruitment=pd.DataFrame({"response": ["interviewed"]}), software="X", quoted=3)
    silent = {line.label for line in full.lines if line.entries[0][1] == "not stated"}
    assert silent == {"How they were held", "What participants said of the findings",
                      "Transcripts anonymised, with a log", "Cases that speak against a theme"}


def test_every_number_of_the_table_is_bound_to_its_cell():
    done = release(items(memos=MEMOS, quoted=3), Profiles({"interviewed": profile("none")}))
    assert unbound(table(done).content, {i: {"text": cell.text} for i, cell in done.cells.items()}) == []


def test_the_log_of_coding_has_a_row_a_coder():
    found = coding_log(CODED, INTERVIEWS)
    assert shown(found, "A") == {"Interviews": "2", "Codes": "2", "Codings": "2", "When": "March 2018"}
    assert shown(found, "B")["When"] == "May 2018"


def test_how_many_interviews_somebody_coded_is_hidden_as_how_many_people_were_interviewed_is():
    """Of two coders the second is often the one who coded some again: their number is that of those coded twice."""
    done = release(coding_log(CODED, INTERVIEWS), Profiles({"interviewed": profile("opensafely")}))
    assert {cell.status for cell in done.cells.values()} == {"hidden"}


def test_memos_that_speak_of_an_interview_are_not_listed():
    rows = [(line.section, line.label, *(words for _, words, _ in line.entries)) for line in memos_kept(MEMOS).lines]
    assert rows == [("Reflexivity", "5 January 2018", "R1", "Who we (are)."),
                    ("Decision", "3 February 2018", "R1", "Split a code."),
                    ("Decision", "not stated", "not stated", "Undated."),
                    ("Code", "1 March 2018", "R2", "fear: Not only of pain.")]
