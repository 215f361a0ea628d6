"""Participant flow: people, each once; every box is the sum of what leaves it."""

import pandas as pd
import pytest
from measured import column, named, optional, rows

from analysis.measures.people.flow import (
    NOT_RECORDED,
    NOT_STARTED,
    approaches,
    enrolment_by_practice,
    interview_flow,
    participant_flow,
)
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release


def released(summary, name: str):
    return release(summary, Profiles(dict.fromkeys(("invited", "enrolled"), profile(name))))


REFERRALS = pd.DataFrame([
    ("A", "2017-01-02", "enrolled", None),
    ("B", "2017-01-02", "enrolled", None),
    ("C", "2017-01-02", "declined", "too unwell"),
    ("D", "2017-01-02", "declined", "not interested"),
    ("E", "2017-01-02", "declined", None),
    ("F", "2017-01-02", "no reply", None),
    ("G", "2017-01-02", "declined", "too unwell"),
    ("H", "2017-01-02", "enrolled", None)], columns=["patient_id", "invited_on", "response", "reason"])
EPISODES = pd.DataFrame({"patient_id": ["A", "B", "H"]})


def again(*rows: tuple, episodes: str = "ABH", **said) -> dict[str, str]:
    """The people of each box, with further rows put before the others in the extract."""
    more = pd.DataFrame([*rows, *REFERRALS.itertuples(index=False)], columns=REFERRALS.columns)
    return column(participant_flow(more, pd.DataFrame({"patient_id": list(episodes)}), **said), "People")


PEOPLE = {"Invited": "8", "Not enrolled": "5", "Declined": "4", "No reason recorded": "1", "Not interested": "1",
          "Too unwell": "2", "No reply": "1", "Enrolled": "3"}


# ------------------------------------------------------------------------------------------------ invitation

def test_the_boxes_of_the_flow():
    flow = participant_flow(REFERRALS, EPISODES)
    assert [(line.depth, line.label) for line in flow.lines] == [
        (0, "Invited"), (1, "Not enrolled"), (2, "Declined"), (3, "No reason recorded"), (3, "Not interested"),
        (3, "Too unwell"), (2, "No reply"), (3, "No reason recorded"), (0, "Enrolled")]
    assert column(flow, "People") == PEOPLE
    assert column(flow, "Share of invited")["Enrolled"] == "37.5"
    assert {name: named(flow, name).value for name in flow.names} == {
        "invited": 8, "enrolled": 3, "not_enrolled": 5, "not_enrolled_share": 62.5, "declined": 4, "no_reply": 1,
        "declined_share": 50.0, "no_reply_share": 12.5, "enrolled_share": 37.5}


def test_a_person_invited_twice_is_one_by_the_last_response_by_date():
    assert again(("A", "2016-09-01", "declined", "too unwell")) == PEOPLE
    assert again(("C", "2017-05-01", "enrolled", None), episodes="ABCH") == PEOPLE | {
        "Not enrolled": "4", "Declined": "3", "Too unwell": "1", "Enrolled": "4"}


def test_two_approaches_on_one_day_go_by_the_later_row():
    """Of forty people: a sort that is not stable keeps the order of a few rows and shuffles many."""
    people = [f"P{n:02}" for n in range(40)]
    both = pd.DataFrame([(person, pd.Timestamp(2017, 1, 1 + number % 3), response, None)
                         for response in ("declined", "enrolled") for number, person in enumerate(people)],
                        columns=REFERRALS.columns)
    assert column(participant_flow(both, pd.DataFrame({"patient_id": people})), "People")["Enrolled"] == "40"


def test_reasons_stand_in_alphabetical_order_so_that_their_order_tells_no_size():
    declined = [line.label for line in participant_flow(REFERRALS, EPISODES).lines if line.depth == 3][:3]
    assert declined == ["No reason recorded", "Not interested", "Too unwell"]


def test_every_reason_of_the_definition_is_a_row_under_each_response_whether_anybody_gave_it_or_not():
    flow = participant_flow(REFERRALS, EPISODES, reasons=["too unwell", "moved away"])
    assert [(line.depth, line.label, flow.cells[line.entry("People")[1]["n"]].value) for line in flow.lines
            if line.depth > 1] == [
        (2, "Declined", 4), (3, "Moved away", 0), (3, "No reason recorded", 1), (3, "Not interested", 1),
        (3, "Too unwell", 2),
        (2, "No reply", 1), (3, "Moved away", 0), (3, "No reason recorded", 1), (3, "Too unwell", 0)]
    assert optional(flow) == [line.label for line in flow.lines if line.depth == 3]


@pytest.mark.parametrize("episodes", ["AB", "ABCH", "ABC"])
def test_an_episode_too_few_or_too_many_stops_the_flow(episodes):
    with pytest.raises(ValueError, match="^the people with an episode are not those whose response was to enrol$"):
        again(episodes=episodes)


@pytest.mark.parametrize("response", [None, "moved"])
def test_a_response_that_has_no_box_stops_the_flow(response):
    with pytest.raises(ValueError, match="^the flow does not conserve: not enrolled is 6, what leaves it is 5$"):
        again(("Z", "2017-01-02", response, None))


def test_whoever_has_no_response_on_record_leaves_the_flow_in_a_box_of_their_own():
    assert again(("Z", "2017-01-02", None, None), others=[NOT_RECORDED]) == PEOPLE | {
        "Invited": "9", "Not enrolled": "6", "Response not recorded": "1"}


def test_enrolled_is_who_has_an_episode_whatever_the_response_says():
    """H accepted and never began; D, who declined, began; Y began and is in no list of approaches."""
    episodes = pd.DataFrame({"patient_id": ["A", "B", "D", "Y"]})
    flow = participant_flow(approaches(REFERRALS, episodes), episodes, others=[NOT_STARTED, NOT_RECORDED])
    there = column(flow, "People")
    assert {name: there[name] for name in ("Invited", "Enrolled", "Accepted, and not started", "Declined")} == {
        "Invited": "9", "Enrolled": "4", "Accepted, and not started": "1", "Declined": "3"}


def test_nobody_invited_is_a_flow_of_zeros_with_no_share():
    empty = participant_flow(REFERRALS.head(0), EPISODES.head(0))
    assert column(empty, "People") == {
        "Invited": "0", "Not enrolled": "0", "Declined": "0", "No reason recorded": "0", "No reply": "0",
        "Enrolled": "0"}
    assert set(column(empty, "Share of invited").values()) == {"–"}


WITHDRAWALS = pd.DataFrame([
    ("evaluation", "no further use", "enrolled", 2), ("evaluation", "no further use", "invited", 1),
    ("evaluation", "delete", "", 1), ("interview", "no further use", "recruited", 3),
    ("interview", "delete", "interviewed", 1)], columns=["kind", "scope", "stage", "people"])


def test_whoever_withdrew_is_in_a_box_of_their_own_and_everybody_approached_is_those_and_the_invited():
    flow = participant_flow(REFERRALS, EPISODES, withdrawals=WITHDRAWALS)
    assert [(line.depth, line.label, flow.cells[line.entry("People")[1]["n"]].value) for line in flow.lines[:7]] == [
        (0, "Approached", 12), (1, "Withdrew", 4), (2, "After enrolling", 2), (2, "Before enrolling", 1),
        (2, "Before being invited", 0), (2, "Records deleted", 1), (0, "Invited", 8)]
    assert column(flow, "People") == PEOPLE | {
        "Approached": "12", "Withdrew": "4", "After enrolling": "2", "Before enrolling": "1",
        "Before being invited": "0", "Records deleted": "1"}
    assert (named(flow, "approached").value, named(flow, "withdrew").value) == (12, 4)


def test_a_withdrawal_that_no_box_takes_stops_the_flow():
    with pytest.raises(ValueError, match="^the flow does not conserve: withdrew is 4, what leaves it is 2$"):
        participant_flow(REFERRALS, EPISODES, withdrawals=WITHDRAWALS.replace({"stage": {"enrolled": "moved"}}))


def test_where_nobody_withdrew_the_boxes_are_left_out_if_that_may_be_shown():
    """Under a profile that hides nought they stay, hidden: whether they are there must not tell."""
    flow = participant_flow(REFERRALS, EPISODES, withdrawals=WITHDRAWALS.head(0))
    assert [line.label for line in released(flow, "none").lines[:2]] == ["Invited", "Not enrolled"]
    assert [line.label for line in released(flow, "opensafely").lines[:2]] == ["Approached", "Withdrew"]


# ------------------------------------------------------------------------------------------------ identification

IDENTIFIED = pd.concat([REFERRALS.assign(eligible=["yes"] * 7 + ["no"]), pd.DataFrame([
    ("W", None, None, None, "no"), ("X", None, None, None, "yes"), ("Y", None, None, None, None),
    ("A", None, None, None, None)], columns=[*REFERRALS.columns, "eligible"])])


def test_whoever_was_identified_and_not_invited_leaves_before_the_invitation():
    """A was found a second time and is invited still; H, noted as not eligible, was invited and enrolled."""
    flow = participant_flow(IDENTIFIED, EPISODES, identified=True)
    assert [(line.depth, line.label, named_value(flow, line)) for line in flow.lines[:4]] == [
        (0, "Identified", 11), (1, "Not eligible", 1), (1, "Not invited", 2), (0, "Invited", 8)]
    assert column(flow, "People") == PEOPLE | {"Identified": "11", "Not eligible": "1", "Not invited": "2"}


def test_where_everybody_identified_was_invited_the_box_above_stands_alone():
    flow = participant_flow(REFERRALS.assign(eligible=None), EPISODES, identified=True)
    assert [line.label for line in released(flow, "none").lines[:2]] == ["Identified", "Invited"]
    assert [line.label for line in released(flow, "opensafely").lines[:4]] == [
        "Identified", "Not eligible", "Not invited", "Invited"]


def test_a_service_that_notes_when_people_were_identified_and_not_whether_they_were_eligible_has_the_flow_too():
    flow = participant_flow(IDENTIFIED.drop(columns="eligible"), EPISODES, identified=True)
    assert (column(flow, "People")["Not eligible"], column(flow, "People")["Not invited"]) == ("0", "3")


def test_whoever_withdrew_had_been_identified():
    flow = participant_flow(IDENTIFIED, EPISODES, identified=True, withdrawals=WITHDRAWALS)
    assert [(line.depth, line.label, named_value(flow, line)) for line in flow.lines[:3]] == [
        (0, "Identified", 15), (1, "Withdrew", 4), (2, "After enrolling", 2)]
    assert "Approached" not in column(flow, "People")


def test_people_without_an_invitation_stop_the_flow_of_a_service_that_does_not_record_who_was_identified():
    with pytest.raises(ValueError, match="does not conserve"):
        participant_flow(IDENTIFIED, EPISODES)


# ------------------------------------------------------------------------------------------------ by practice

def test_enrolment_by_practice_counts_each_person_once_where_they_are_registered():
    patients = pd.DataFrame({"patient_id": list("ABCDEFGH"), "practice": ["a"] * 5 + ["b"] * 3})
    twice = pd.concat([REFERRALS, pd.DataFrame([("A", "2016-09-01", "declined", None)], columns=REFERRALS.columns)])
    assert rows(enrolment_by_practice(patients, twice, {"a": "Practice A", "b": "Practice B", "c": "Practice C"})) == {
        "Practice A": {"Invited": "5", "Enrolled": "2", "Enrolled of invited": "40"},
        "Practice B": {"Invited": "3", "Enrolled": "1", "Enrolled of invited": "33.3"},
        "Practice C": {"Invited": "0", "Enrolled": "0", "Enrolled of invited": "–"}}


def test_by_practice_columns_follow_people_to_each_time_point_and_to_the_interview():
    patients = pd.DataFrame({"patient_id": list("ABCDEFGH"), "practice": ["a"] * 5 + ["b"] * 3})
    flow = enrolment_by_practice(patients, REFERRALS, {"a": "Practice A", "b": "Practice B"},
                                 returned={"Baseline": ["A", "B", "H"], "Week 12": ["B"]}, recruitment=RECRUITMENT)
    assert rows(flow)["Practice A"] == {
        "Invited": "5", "Enrolled": "2", "Enrolled of invited": "40", "Returned, baseline": "2",
        "Returned, week 12": "1", "Interviewed": "2"}
    assert rows(flow)["Practice B"]["Returned, baseline"] == "1"


# ------------------------------------------------------------------------------------------------ interviews

RECRUITMENT = pd.DataFrame([
    ("A", "agreed", None, "yes", "interviewed"),
    ("B", "agreed", None, "yes", "interviewed"),
    ("C", "agreed", None, "yes", "no response"),
    ("D", "agreed", "data adequate", "no", None),
    ("E", "declined", None, None, None),
    ("F", "not asked", "mental health", None, None),
    ("G", "not asked", "data collection over", None, None),
    ("H", "agreed", None, "yes", "declined")], columns=["patient_id", "contact", "reason", "invited", "response"])


def test_the_boxes_from_enrolled_to_interviewed():
    flow = interview_flow(RECRUITMENT)
    assert [(line.depth, line.label, line.entry("People") and named_value(flow, line)) for line in flow.lines] == [
        (0, "Enrolled", 8), (1, "Declined to be contacted", 1), (2, "No reason recorded", 1), (1, "Not asked", 2),
        (2, "Data collection over", 1), (2, "Mental health", 1), (2, "No reason recorded", 0),
        (0, "Agreed to be contacted", 5), (1, "Not invited", 1), (2, "Data adequate", 1), (2, "No reason recorded", 0),
        (0, "Invited to interview", 4), (1, "No response", 1), (1, "Declined", 1),
        (0, "Interviewed", 2), (0, "Interviewed, of those invited", None)]


def test_every_reason_of_the_definition_is_a_row_wherever_people_leave_the_interview_flow():
    flow = interview_flow(RECRUITMENT, reasons=["mental health", "too ill"])
    assert [(line.label, named_value(flow, line)) for line in flow.lines if line.depth == 2] == [
        ("Mental health", 0), ("No reason recorded", 1), ("Too ill", 0),
        ("Data collection over", 1), ("Mental health", 1), ("No reason recorded", 0), ("Too ill", 0),
        ("Data adequate", 1), ("Mental health", 0), ("No reason recorded", 0), ("Too ill", 0)]
    assert optional(flow) == [line.label for line in flow.lines if line.depth == 2]


def test_whoever_withdrew_from_the_interview_left_the_log_and_is_a_box_of_the_enrolled():
    flow = interview_flow(RECRUITMENT, withdrawals=WITHDRAWALS)
    assert [(line.depth, line.label, named_value(flow, line)) for line in flow.lines[:3]] == [
        (0, "Enrolled", 11), (1, "Withdrew from the interview", 3), (1, "Declined to be contacted", 1)]
    assert named(flow, "recruitment_rate").value == 50.0


def test_somebody_enrolled_without_a_row_in_the_log_leaves_by_a_box_that_says_so():
    """I and J have none; K has one and is not enrolled."""
    log = pd.concat([RECRUITMENT, pd.DataFrame([("K", "agreed", None, "yes", "interviewed")],
                                               columns=RECRUITMENT.columns)])
    flow = interview_flow(log, enrolled=list("ABCDEFGHIJ"))
    assert [(line.depth, line.label, named_value(flow, line)) for line in flow.lines[:2]] == [
        (0, "Enrolled", 10), (1, "Not in the log of recruitment", 2)]
    assert named(flow, "interviewed").value == 2
    nobody = interview_flow(RECRUITMENT[:0], enrolled=list("AB"))
    assert (named(nobody, "enrolled").value, named(nobody, "not_logged").value) == (2, 2)


def named_value(flow, line) -> float:
    return flow.cells[line.entry("People")[1]["n"]].value


def test_the_recruitment_rate_is_interviewed_over_invited_and_the_share_over_enrolled():
    flow = interview_flow(RECRUITMENT)
    assert (named(flow, "recruitment_rate").value, named(flow, "interviewed_share").value) == (50.0, 25.0)
    assert named(flow, "not_asked_mental_health").value == 1


@pytest.mark.parametrize(("column_", "value", "says"), [
    ("contact", "perhaps", "the flow does not conserve: enrolled is 8, what leaves it is 7"),
    ("invited", None, "the flow does not conserve: agreed to be contacted is 5, what leaves it is 4"),
    ("response", "moved", "the flow does not conserve: invited to interview is 4, what leaves it is 3")])
def test_a_person_that_no_box_takes_stops_the_interview_flow(column_, value, says):
    log = RECRUITMENT.copy()
    log.loc[0, column_] = value
    with pytest.raises(ValueError, match=f"^{says}$"):
        interview_flow(log)
