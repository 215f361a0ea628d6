"""Contacts: whom a number rests upon, what is not recorded, both denominators of non-attendance."""

import pandas as pd
from measured import column, lines, named, optional, rows

from analysis.measures.activity.contacts import (
    attendance,
    contact_minutes,
    contact_modes,
    contact_places,
    contacts_per_patient,
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
        "Not recorded": {"Contacts": "0 (0)", "People": "0", "Minutes: median": "–"},
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
        "Not recorded": {"Contacts": "0 (0)", "People": "0", "Minutes: median": "–"},
        "All modes": {"Contacts": "6"}}
    assert optional(found) == ["Text message", "Face to face", "Telephone", "Not recorded"]


def test_a_mode_without_minutes_has_contacts_and_no_median():
    found = contact_modes(CONTACTS[CONTACTS["minutes"].isna()])
    assert rows(found)["Telephone"] == {"Contacts": "1 (100)", "People": "1", "Minutes: median": "–"}
    assert {cell.absent for cell in found.cells.values() if cell.statistic == "median minutes"} == {
        "no minutes recorded"}


def test_a_place_that_is_not_recorded_has_a_row():
    placed = CONTACTS.assign(place=["surgery", "home"] + [None] * 7)
    assert {label: entry["Contacts"] for label, entry in rows(contact_places(placed)).items()} == {
        "Home": "1 (16.7)", "Surgery": "1 (16.7)", "Not recorded": "4 (66.7)", "All places": "6"}


def test_non_attendance_has_two_denominators_and_both_are_shown():
    assert rows(attendance(CONTACTS)) == {
        "Attended": {"Contacts": "6", "Share of booked": "66.7"},
        "Did not attend": {"Contacts": "1", "Share of booked": "11.1"},
        "Cancelled by patient": {"Contacts": "1", "Share of booked": "11.1"},
        "Cancelled by service": {"Contacts": "1", "Share of booked": "11.1"},
        "Booked, outcome known": {"Contacts": "9"}, "Booked, outcome not recorded": {"Contacts": "0"},
        "Booked": {"Contacts": "9"},
        "Did not attend, of attended and not attended": {"Share of booked": "14.3"},
        "Did not attend, of all booked": {"Share of booked": "11.1"}}


def test_a_contact_of_which_it_is_not_recorded_what_became_is_in_no_denominator():
    found = attendance(pd.concat([CONTACTS, CONTACTS[:1].assign(attendance=None)]))
    assert rows(found)["Booked, outcome not recorded"] == {"Contacts": "1"}
    assert rows(found)["Booked"] == {"Contacts": "10"}
    assert named(found, "non_attendance_of_booked").value == 100 / 9


def test_without_a_booked_contact_there_is_no_non_attendance():
    assert named(attendance(CONTACTS[:0]), "non_attendance").value is None


def test_minutes_booked_and_delivered_are_compared_only_where_both_are_on_record():
    """Five of six attended contacts have delivered minutes (150), four of them booked ones too (140 of 150 booked)."""
    booked = CONTACTS.assign(booked_minutes=pd.array([60, 30, None, 30, 30, 45, None, 30, 30], dtype="Int64"))
    found = contact_minutes(booked, EPISODES)
    assert lines(found) == [
        ("", "Minutes booked, all booked contacts", "255", "7", "2"),
        ("", "Minutes delivered, attended contacts", "150", "5", "1"),
        ("Attended contacts with both on record", "Booked", "150", "4"),
        ("Attended contacts with both on record", "Delivered", "140", "4"),
        ("Attended contacts with both on record", "Delivered, of booked", "93.3"),
        ("For each person enrolled", "People whose minutes are all on record", "3"),       # B, C and D
        ("For each person enrolled", "Minutes delivered: median (quartiles)", "0 (0 to 25)")]


def test_where_no_minutes_are_on_record_none_are_summed_and_the_lack_is_counted():
    found = contact_minutes(CONTACTS.assign(booked_minutes=pd.NA, minutes=pd.NA), EPISODES)
    for name in ("minutes_delivered", "minutes_booked", "minutes_delivered_share", "minutes_each_median"):
        assert (named(found, name).value, named(found, name).text) == (None, "not recorded")
    assert (named(found, "without_minutes_delivered").value, named(found, "minutes_known_people").value) == (6, 0)
