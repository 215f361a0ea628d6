"""Activity: contacts and offers; whom a number rests upon; both denominators of non-attendance."""

import pandas as pd
from measured import column, lines, named, optional, rows

from analysis.measures.activity import (
    SETTINGS,
    attendance,
    contact_modes,
    contacts_per_patient,
    interventions_by_practice,
    interventions_taken_up,
)

EPISODES = pd.DataFrame({"patient_id": ["A", "B", "C", "D", "A"]})  # A came back: still one person
CONTACTS = pd.DataFrame([
    ("A", "face to face", "attended", 60),
    ("A", "face to face", "attended", 30),
    ("A", "telephone", "attended", 10),
    ("A", "telephone", "attended", None),
    ("B", "telephone", "attended", 20),
    ("B", "face to face", "did not attend", None),
    ("C", "face to face", "cancelled by patient", None),
    ("C", "face to face", "cancelled by service", None),
    ("B", "telephone", "attended", 30)],
    columns=["patient_id", "mode", "attendance", "minutes"]).astype({"minutes": "Int64"})


# ------------------------------------------------------------------------------------------------ contacts

def test_people_who_never_came_are_counted_with_none():
    """A has 4 attended contacts, B 2, C and D none."""
    found = contacts_per_patient(CONTACTS, EPISODES)
    assert column(found, "People") == {
        "No contact": "2 (50)", "1 to 3": "1 (25)", "4 to 6": "1 (25)", "7 to 12": "0 (0)", "13 or more": "0 (0)",
        "Median (quartiles)": "1 (0 to 2.5)", "Attended contacts in all": "6"}
    assert (named(found, "never_came").value, named(found, "contacts_median").n) == (2, 4)


def test_attended_contacts_in_all_rest_on_the_people_who_came():
    assert (named(contacts_per_patient(CONTACTS, EPISODES), "attended").value,
            named(contacts_per_patient(CONTACTS, EPISODES), "attended").n) == (6, 2)


def test_contacts_by_mode_with_the_people_behind_them_and_their_minutes():
    found = contact_modes(CONTACTS)
    assert rows(found) == {
        "Face to face": {"Contacts": "2 (33.3)", "People": "1", "Minutes: median": "45"},
        "Telephone": {"Contacts": "4 (66.7)", "People": "2", "Minutes: median": "20"},
        "All modes": {"Contacts": "6"}}
    names = ("face_to_face", "telephone", "attended")
    assert {name: (named(found, name).value, named(found, name).n) for name in names} == {
        "face_to_face": (2, 1), "telephone": (4, 2), "attended": (6, 2)}


def test_every_mode_of_the_definition_is_a_row_whether_anybody_used_it_or_not():
    found = contact_modes(CONTACTS, modes=["text message", "face to face"])
    assert rows(found) == {
        "Text message": {"Contacts": "0 (0)", "People": "0", "Minutes: median": "–"},
        "Face to face": {"Contacts": "2 (33.3)", "People": "1", "Minutes: median": "45"},
        "Telephone": {"Contacts": "4 (66.7)", "People": "2", "Minutes: median": "20"},   # the definition forgot it
        "All modes": {"Contacts": "6"}}
    assert optional(found) == ["Text message", "Face to face", "Telephone"]


def test_a_mode_without_minutes_has_contacts_and_no_median():
    found = contact_modes(CONTACTS[CONTACTS["minutes"].isna()])
    assert rows(found)["Telephone"] == {"Contacts": "1 (100)", "People": "1", "Minutes: median": "–"}
    median, = (cell for cell in found.cells.values() if cell.statistic == "median minutes")
    assert median.absent == "no minutes recorded"


def test_non_attendance_has_two_denominators_and_both_are_shown():
    assert rows(attendance(CONTACTS)) == {
        "Attended": {"Contacts": "6", "Share of booked": "66.7"},
        "Did not attend": {"Contacts": "1", "Share of booked": "11.1"},
        "Cancelled by patient": {"Contacts": "1", "Share of booked": "11.1"},
        "Cancelled by service": {"Contacts": "1", "Share of booked": "11.1"},
        "Booked": {"Contacts": "9"},
        "Did not attend, of attended and not attended": {"Share of booked": "14.3"},
        "Did not attend, of all booked": {"Share of booked": "11.1"}}


# ------------------------------------------------------------------------------------------------ interventions

OFFERS = pd.DataFrame([
    ("A", "within service", "pacing", "taken up"),
    ("A", "within service", "pacing", "not taken up"),
    ("B", "within service", "sleep", "taken up"),
    ("A", "community", "gardening group", "not known"),
    ("B", "community", "gardening group", "taken up")], columns=["patient_id", "setting", "intervention", "uptake"])


def test_the_same_thing_offered_twice_to_one_person_is_two_offers_to_one_person():
    assert lines(interventions_taken_up(OFFERS, EPISODES)) == [
        ("Within service", "Any", "2 (50)", "3", "2 (66.7)"),
        ("Within service", "Pacing", "1 (25)", "2", "1 (50)"),
        ("Within service", "Sleep", "1 (25)", "1", "1 (100)"),
        ("Community", "Any", "2 (50)", "2", "1 (50)"),
        ("Community", "Gardening group", "2 (50)", "2", "1 (50)")]


def test_every_intervention_of_the_definition_is_a_row_of_both_settings():
    kinds = dict.fromkeys(SETTINGS, ["sleep", "pacing", "gardening group"])
    found = interventions_taken_up(OFFERS, EPISODES, kinds=kinds)
    assert lines(found) == [
        ("Within service", "Any", "2 (50)", "3", "2 (66.7)"),
        ("Within service", "Gardening group", "0 (0)", "0", "0 (–)"),
        ("Within service", "Pacing", "1 (25)", "2", "1 (50)"),
        ("Within service", "Sleep", "1 (25)", "1", "1 (100)"),
        ("Community", "Any", "2 (50)", "2", "1 (50)"),
        ("Community", "Gardening group", "2 (50)", "2", "1 (50)"),
        ("Community", "Pacing", "0 (0)", "0", "0 (–)"),
        ("Community", "Sleep", "0 (0)", "0", "0 (–)")]
    assert "Any" not in optional(found) and len(optional(found)) == 6


def test_uptake_rests_on_the_people_who_took_something_up():
    found = interventions_taken_up(OFFERS, EPISODES)
    assert {name: (named(found, name).value, named(found, name).n) for name in
            ("within_service_offers", "within_service_taken_up", "community_offers", "community_taken_up")} == {
        "within_service_offers": (3, 2), "within_service_taken_up": (2, 2), "community_offers": (2, 2),
        "community_taken_up": (1, 1)}


def test_a_setting_in_which_nothing_was_offered_has_no_uptake():
    found = interventions_taken_up(OFFERS[OFFERS["setting"].eq("community")], EPISODES)
    assert (named(found, "within_service_offers").value, named(found, "within_service_uptake").value) == (0, None)


def test_offers_by_practice_are_the_offers_to_its_people():
    patients = pd.DataFrame({"patient_id": ["A", "B"], "practice": ["a", "b"]})
    assert lines(interventions_by_practice(OFFERS, patients, {"a": "Practice A", "b": "Practice B"})) == [
        ("Within service", "Practice A", "1", "2", "1 (50)"),
        ("Within service", "Practice B", "1", "1", "1 (100)"),
        ("Community", "Practice A", "1", "1", "0 (0)"),
        ("Community", "Practice B", "1", "1", "1 (100)")]
