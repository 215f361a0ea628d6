"""Cost of delivery: minutes times what an hour costs, by hand; what is not stated costs nothing and says so."""

import datetime

import pandas as pd
import pytest
from measured import column, lines, named, rows

from analysis.errors import DefinitionMistake
from analysis.measures.activity.cost import check, cost_of_delivery, unit_costs
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release

WINDOW = {"first": pd.Timestamp("2024-01-01"), "until": pd.Timestamp("2024-12-31")}
CONTACTS = pd.DataFrame([
    ("A", "2024-02-01", "attended", "home", 60, 50), ("A", "2024-03-01", "attended", "surgery", 30, 40),
    ("A", "2024-04-01", "did not attend", "surgery", 30, None), ("B", "2024-02-01", "attended", "surgery", 60, None),
    ("B", "2025-02-01", "attended", "surgery", 60, 60)],     # after the window
    columns=["patient_id", "date", "attendance", "place", "booked_minutes", "minutes"]).astype(
    {"date": "datetime64[ns]", "booked_minutes": "Int64", "minutes": "Int64"})
EPISODES = pd.DataFrame([(person, "2024-01-01", None, "W1") for person in "ABC"],
                        columns=["patient_id", "started_on", "ended_on", "worker"]).astype(
    {"started_on": "datetime64[ns]", "ended_on": "datetime64[ns]"})
SAID = {"price_year": "2024",
        "grades": {"worker": {"per_hour": 30, "source": "made up", "date": datetime.date(2024, 4, 1)},
                   "lead": {"per_hour": 60, "source": "made up"}},
        "contacts": {"grade": "worker"},
        "missed": {"grade": "worker", "attendance": ["did not attend"], "basis": "all booked minutes"},
        "admin": {"grade": "worker", "minutes_per_contact": 15, "basis": "assumed"},
        "travel": {"grade": "worker", "minutes": {"home": 40}, "basis": "assumed", "fares": {"home": 4.5},
                   "fares_basis": "assumed"},
        "supervision": {"grade": "lead", "minutes_per_worker_month": 60, "basis": "assumed"}}


def costed(**changes) -> object:
    return cost_of_delivery(CONTACTS, EPISODES, {**SAID, **changes}, **WINDOW)


def test_each_component_is_its_minutes_times_what_an_hour_of_its_grade_costs():
    """
    90 minutes attended at £30 an hour are £45; 30 missed £15; 4 contacts of 15 minutes £30; 40 minutes to one home £20.
    One worker was in post for 366 days, 12.02 months: 721 minutes of supervision at £60 an hour.
    """
    found = rows(costed())
    assert {label: (entry.get("Minutes"), entry["Cost"]) for label, entry in found.items()} == {
        "Contacts attended": ("90", "45"), "Contacts missed": ("30", "15"), "Preparing and recording": ("60", "30"),
        "Travelling, time": ("40", "20"), "Travelling, fares and mileage": ("none: money", "4"),
        "Supervision": ("721", "721"), "All but supervision": (None, "114"), "All components": (None, "835")}


def test_the_cost_is_for_each_person_enrolled_also_those_who_never_came():
    found = costed()
    assert (named(found, "cost_but_supervision_each").value, named(found, "enrolled").value) == (114 / 3, 3)


def test_a_contact_without_minutes_costs_nothing_and_is_counted():
    assert "contacts without minutes, which cost nothing here: 1" in rows(costed())["Contacts attended"]["Basis"]


def test_where_no_contact_has_minutes_on_record_contacts_are_not_free():
    found = cost_of_delivery(CONTACTS.assign(minutes=pd.NA), EPISODES, SAID, **WINDOW)
    assert [rows(found)["Contacts attended"][column] for column in ("Minutes", "Cost")] == [
        "not stated", "no minutes stated"]
    assert rows(found)["All but supervision"]["Basis"] == "without: contacts attended"


def test_a_component_without_a_unit_cost_says_so_and_is_no_nought():
    found = costed(grades={**SAID["grades"], "lead": {"source": "not known"}}, admin={}, travel={"grade": "worker"})
    assert rows(found)["Supervision"] == {
        "Minutes": "721", "Grade": "lead", "Cost": "no unit cost stated", "Per person enrolled": "no unit cost stated",
        "Basis": "assumed"}
    assert rows(found)["Preparing and recording"]["Minutes"] == "not stated"
    assert rows(found)["All components"]["Cost"] == "60"
    assert rows(found)["All components"]["Basis"] == (
        "without: preparing and recording; travelling, time; travelling, fares and mileage; supervision")


def test_without_any_unit_cost_there_are_minutes_and_no_money():
    found = costed(grades={"worker": {"source": "not known"}, "lead": {"source": "not known"}}, travel={})
    assert named(found, "cost").text == "no unit cost stated" and named(found, "cost").value is None
    shown = release(found, Profiles({"enrolled": profile("none"), "service providers": profile("none")}))
    assert (shown.named("cost").text, shown.named("contacts_attended_minutes").text) == ("no unit cost stated", "90")


def test_amounts_come_from_the_protected_minutes_and_few_workers_hide_the_sum_with_supervision():
    many = pd.concat([CONTACTS[:1].assign(patient_id=f"P{n}", minutes=51) for n in range(12)])
    people = pd.concat([EPISODES[:1].assign(patient_id=f"P{n}") for n in range(12)])
    found = cost_of_delivery(many, people, SAID, **WINDOW)
    shown = release(found, Profiles({"enrolled": profile("opensafely"), "service providers": profile("opensafely")}))
    assert named(found, "contacts_attended_minutes").value == 612
    names = ("contacts_attended_minutes", "contacts_attended_cost", "supervision_cost", "cost")
    assert [shown.named(name).text for name in names] == ["600", "£300", "[REDACTED]", "[REDACTED]"]


def test_with_nobody_enrolled_nothing_is_divided():
    found = cost_of_delivery(CONTACTS[:0], EPISODES[:0], SAID, **WINDOW)
    assert (named(found, "cost_but_supervision").value, named(found, "cost_but_supervision_each").value) == (0, None)


def test_unit_costs_stand_with_their_year_source_and_day_and_a_lack_is_said():
    said = {**SAID, "grades": {**SAID["grades"], "lead": {"source": "not known"}}}
    assert lines(unit_costs(said)) == [("", "Worker", "£30.00", "2024", "1 April 2024", "made up"),
                                       ("", "Lead", "no unit cost stated", "2024", "not stated", "not known")]
    assert column(unit_costs({**said, "grades": {"GP": {"per_hour": 1200, "source": "x"}}}, "€"), "An hour") == {
        "GP": "€1,200.00"}


@pytest.mark.parametrize(("changes", "said"), [
    ({"admin": {"grade": "workr"}}, "[admin] is of the grade 'workr'"),
    ({"missed": {"grade": "worker", "attendance": ["did not atend"]}}, "[missed] attendance has 'did not atend'")])
def test_a_grade_or_an_outcome_that_is_not_there_is_a_mistake_with_the_nearest_one(changes, said):
    with pytest.raises(DefinitionMistake) as mistake:
        check({**SAID, **changes}, "unit_costs.toml")
    assert all(words in str(mistake.value) for words in (said, "did you mean", "unit_costs.toml"))
