"""Stays that no list gives: made from attended contacts, by a pause, another referral, or a recorded discharge."""

import pandas as pd
import pytest
from small_extracts import DEFINITION, opened

from analysis.errors import DefinitionMistake, ExtractMistake
from analysis.extracts.plan import plans
from analysis.extracts.read import FILE, ROW
from analysis.extracts.stays import check_stays, in_words, made_stays, with_stays
from analysis.extracts.typed import complete

STAYS = '\n[stays]\nfrom = "contacts"\ngap_days = 30\n'
LISTED = DEFINITION[DEFINITION.index("[extracts.episodes]"):DEFINITION.index("[extracts.contacts]")]


def contacts(*rows: str) -> pd.DataFrame:
    """Rows as "A 2017-03-01", of attended contacts, or "A 2017-03-01 did not attend"."""
    cells = [row.split(maxsplit=2) for row in rows]
    return complete("contacts", [pd.DataFrame({
        "patient_id": [one[0] for one in cells], "date": pd.to_datetime([one[1] for one in cells]),
        "attendance": [one[2] if one[2:] else "attended" for one in cells], FILE: "c.csv",
        ROW: range(2, len(cells) + 2)})])


def discharges(*rows: tuple) -> pd.DataFrame:
    return complete("episodes", [pd.DataFrame({
        "patient_id": [row[0] for row in rows], "ended_on": pd.to_datetime([row[1] for row in rows]),
        "end_reason": [row[2] for row in rows]})])


def made(*rows: str, listed=None, referrals=None, per="person", cut="2017-12-31") -> list[str]:
    """Of each stay who, from and to, and why it ended where that is known."""
    tables = {"contacts": contacts(*rows)}
    if listed is not None:
        tables["episodes"] = discharges(*listed)
    if referrals is not None:
        who, days, responses = zip(*referrals, strict=True)
        tables["referrals"] = complete("referrals", [pd.DataFrame(
            {"patient_id": who, "identified_on": pd.to_datetime(list(days)), "response": responses})])
    found = made_stays(tables, gap_days=30, data_cut=pd.Timestamp(cut), per=per)
    return [" ".join([one.patient_id, f"{one.started_on:%d.%m}", "open" if pd.isna(one.ended_on)
                      else f"{one.ended_on:%d.%m}", *([one.end_reason] if isinstance(one.end_reason, str) else [])])
            for one in found.itertuples()]


def test_a_stay_is_from_the_first_to_the_last_attended_contact():
    assert made("B 2017-05-02", "A 2017-03-10", "A 2017-03-01", "A 2017-04-05") == ["A 01.03 05.04", "B 02.05 02.05"]


def test_contacts_that_were_not_attended_neither_begin_nor_keep_up_a_stay():
    assert made("A 2017-03-01 did not attend", "A 2017-03-08", "A 2017-03-20 cancelled by service",
                "C 2017-03-01 did not attend") == ["A 08.03 08.03"]


@pytest.mark.parametrize("later, stays", [("2017-03-31", ["A 01.03 31.03"]),                  # 30 days: the same stay
                                          ("2017-04-01", ["A 01.03 01.03", "A 01.04 01.04"])])
def test_a_pause_of_more_days_than_said_begins_another_stay(later, stays):
    assert made("A 2017-03-01", f"A {later}") == stays


@pytest.mark.parametrize("cut, end", [("2017-03-31", "open"), ("2017-04-01", "01.03")])
def test_the_last_stay_is_open_while_no_longer_pause_has_passed_at_the_data_cut(cut, end):
    assert made("A 2017-03-01", cut=cut) == [f"A 01.03 {end}"]


def test_with_another_referral_the_next_contact_begins_another_stay_where_that_is_asked_for():
    rows = "A 2017-03-01", "A 2017-03-10", "A 2017-03-20"
    again = ("A", "2017-02-20", "enrolled"), ("A", "2017-03-10", "enrolled"), ("A", "2017-03-15", "declined")
    assert made(*rows, referrals=again, per="referral") == ["A 01.03 01.03", "A 10.03 20.03"]
    assert made(*rows, referrals=again) == ["A 01.03 20.03"]


def test_a_discharge_ends_the_stay_whatever_the_pauses_before_it_and_contacts_after_it_are_another():
    assert made("A 2017-03-01", "A 2017-05-20", "A 2017-06-01", "A 2017-06-02", "B 2017-03-01", "B 2017-05-20",
                listed=[("A", "2017-06-01", "completed")]) == [
        "A 01.03 01.06 completed", "A 02.06 02.06", "B 01.03 01.03", "B 20.05 20.05"]


def test_a_person_who_is_listed_without_a_discharge_is_still_there_and_one_without_contacts_has_no_stay():
    assert made("A 2017-03-01", "A 2017-05-20", listed=[("A", None, None), ("C", "2017-06-01", "completed")]) == [
        "A 01.03 open"]


def test_each_discharge_of_a_person_ends_the_stay_of_the_contacts_since_the_one_before():
    rows = "A 2017-03-01", "A 2017-03-09", "A 2017-03-20"
    assert made(*rows, listed=[("A", "2017-03-20", "moved"), ("A", "2017-03-05", "completed")]) == [
        "A 01.03 05.03 completed", "A 09.03 20.03 moved"]
    assert made(*rows, listed=[("A", "2017-01-05", "completed")]) == ["A 01.03 20.03"]  # before anybody saw them


def test_a_stay_names_the_line_of_its_first_contact():
    found = made_stays({"contacts": contacts("A 2017-03-10", "A 2017-03-01")}, gap_days=30, data_cut="2017-12-31")
    assert found[[FILE, ROW]].values.tolist() == [["c.csv", 3]]


def test_a_definition_that_makes_stays_collects_episodes_and_says_how(tmp_path):
    study = opened(tmp_path, {}, DEFINITION.replace(LISTED, "") + STAYS)
    check_stays(study)
    assert study.collects("episodes") and "more than 30 days without one begins another episode" in in_words(study)
    assert in_words(opened(tmp_path, {}, DEFINITION)) == ""


def test_a_list_of_discharges_needs_no_starts_where_stays_are_made(tmp_path):
    listed = DEFINITION.replace('started_on = { from = "Start", format = "%d/%m/%Y", within = "period" }',
                                'ended_on = { from = "D/C", format = "%d/%m/%Y" }')
    with pytest.raises(DefinitionMistake, match="has no 'started_on'"):
        plans(opened(tmp_path, {}, listed))
    study = opened(tmp_path, {}, listed + STAYS)
    check_stays(study)
    assert "A discharge on record ends a stay" in in_words(study) and plans(study)


@pytest.mark.parametrize("definition, found", [
    (DEFINITION + STAYS, r"\[extracts.episodes\] says when stays began"),
    (DEFINITION.replace(LISTED, "").replace("[extracts.contacts", "[extracts.events") + STAYS, "no extract fills that"),
    (DEFINITION.replace(LISTED, "") + STAYS.replace("30", "0"), "gap_days = 0")])
def test_stays_that_cannot_be_made_are_a_mistake_in_words(tmp_path, definition, found):
    with pytest.raises(DefinitionMistake, match=found):
        check_stays(opened(tmp_path, {}, definition))


def test_nobody_who_attended_and_contacts_that_are_not_held_are_mistakes_too(tmp_path):
    study = opened(tmp_path, {}, DEFINITION.replace(LISTED, "") + STAYS)
    with pytest.raises(ExtractMistake, match="no contact was attended"):
        with_stays(study, {"contacts": contacts("A 2017-03-01 did not attend")})
    with pytest.raises(ExtractMistake, match="not held in memory"):
        with_stays(study, {})
