"""Adoption: how many sites and staff took part; sites are no people, but what they did tells of people."""

import pandas as pd
import pytest
from measured import lines

from analysis.measures.people.adoption import adoption
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release

SITES = {"a": "Practice A", "b": "Practice B", "c": "Practice C"}
PATIENTS = pd.DataFrame({"patient_id": list("ABCD"), "practice": list("aabb")})
REFERRALS = pd.DataFrame([("A", "2017-01-02", "enrolled"), ("B", "2017-01-02", "declined"),
                          ("C", "2017-01-02", "declined"), ("D", "2017-01-02", "no reply")],
                         columns=["patient_id", "invited_on", "response"])
CONTACTS = pd.DataFrame([("W1", "attended"), ("W1", "attended"), ("W2", "attended"), ("W3", "did not attend"),
                         (None, "attended")], columns=["worker", "attendance"])
STAFF = {"project workers": {"all": 3}, "general practitioners": {"a": 8, "b": 6}}


def test_sites_that_invited_enrolled_and_followed_up():
    assert lines(adoption(PATIENTS, REFERRALS, SITES, returned=[], label="12 weeks")) == [
        ("Sites", "Invited anybody", "3", "2", "66.7"), ("Sites", "Enrolled anybody", "3", "1", "33.3"),
        ("Sites", "Had a questionnaire returned at 12 weeks", "3", "0", "0")]


def test_staff_in_role_stand_beside_those_who_delivered_an_attended_contact():
    made = adoption(PATIENTS, REFERRALS, SITES, staff=STAFF, contacts=CONTACTS, workers="project workers")
    assert lines(made)[2:] == [("Staff", "Project workers", "3", "2", "66.7"), ("Staff", "General practitioners", "14")]


def test_where_nobody_says_which_staff_the_workers_are_they_have_a_row_of_their_own():
    assert lines(adoption(PATIENTS, REFERRALS, SITES, staff=STAFF, contacts=CONTACTS))[2:] == [
        ("Staff", "Workers named in attended contacts", "2"), ("Staff", "Project workers", "3"),
        ("Staff", "General practitioners", "14")]


def test_a_service_whose_contacts_name_no_worker_and_that_counts_no_staff_has_no_row_of_staff():
    assert {line[0] for line in lines(adoption(PATIENTS, REFERRALS, SITES))} == {"Sites"}


@pytest.mark.parametrize(("people", "took"), [(30, "2"), (5, "[REDACTED]"), (0, "[REDACTED]")])
def test_how_many_sites_enrolled_is_hidden_where_the_number_enrolled_at_one_is(people, took):
    """Two of three sites enrolled anybody would tell that a hidden number is nought."""
    many = pd.DataFrame({"patient_id": [f"P{n}" for n in range(60 + people)],
                         "practice": ["a"] * 30 + ["b"] * 30 + ["a"] * people})
    came = many[["patient_id"]].assign(invited_on="2017-01-02", response=["enrolled"] * 30 + ["declined"] * 30
                                       + ["enrolled"] * people)
    came.loc[came.index[30:30 + people], "response"] = "enrolled"
    made = adoption(many, came, {"a": "A", "b": "B"})
    shown = release(made, Profiles(dict.fromkeys(("invited", "enrolled", "service providers"), profile("opensafely"))))
    assert (shown.named("sites").text, shown.named("sites_enrolled").text) == ("2", took)
