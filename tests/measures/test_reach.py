"""Counts that came as counts are shown as they came; each step of reach is a share of the one before."""

import datetime

import pandas as pd
import pytest
from measured import lines, named

from analysis.measures.people.characteristics import known_of
from analysis.measures.people.flow import participant_flow
from analysis.measures.people.reach import EVERYBODY, aggregate_counts, counted, reach
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release

COUNTS = pd.DataFrame([
    ("a", "list size", None, 9000, "2016-01-01"), ("a", "list size", None, 9812, "2016-09-01"),
    ("b", "list size", None, 7455, None), ("a", "eligible", "women", 131, "2016-09-01"),
    (None, "staff in role", "project workers", 3, "2016-10-01")],
    columns=["site", "what", "by", "count", "date"]).astype({"date": "datetime64[s]"})


def test_counts_stand_under_their_site_and_the_later_of_two_holds():
    assert lines(aggregate_counts(COUNTS, {"a": "Practice A", "b": "Practice B"})) == [
        ("People on the list", "All", "9812", "7455", "1 September 2016"),
        ("Eligible people", "Women", "131", "1 September 2016"),
        ("Staff in role", "Project workers", "3", "1 October 2016")]


def test_staff_are_of_the_population_of_service_providers_and_the_listed_of_the_invited():
    made = aggregate_counts(COUNTS, {"a": "Practice A", "b": "Practice B"})
    assert named(made, "list_size__a").population == "invited"
    assert named(made, "staff_in_role_project_workers_all").population == "service providers"


def test_a_site_s_own_report_has_its_own_column_alone():
    made = aggregate_counts(COUNTS[COUNTS["site"].eq("b")], {"b": "Practice B"})
    assert lines(made) == [("People on the list", "All", "7455", "date not recorded")]


# ------------------------------------------------------------------------------------------------ step by step

PATIENTS = pd.DataFrame([("A", "female"), ("B", "female"), ("C", "male"), ("D", None), ("E", "male"), ("F", "female"),
                         ("Z", "male")], columns=["patient_id", "sex"]).assign(birth_year=1950, practice="a")
REFERRALS = pd.DataFrame([
    ("A", "2017-01-02", "enrolled"), ("B", "2017-01-02", "enrolled"), ("C", "2017-01-02", "enrolled"),
    ("D", "2017-01-02", "enrolled"), ("E", "2017-01-02", "declined"), ("F", "2017-01-02", "no reply")],
    columns=["patient_id", "invited_on", "response"])
SEX = known_of(PATIENTS, REFERRALS, {"sex": ("levels",)}, on=datetime.date(2016, 9, 1), sites={}, codes={})
ELIGIBLE = {("eligible", EVERYBODY, ""): {"a": 12, "b": 8}, ("eligible", "Sex", "female"): {"a": 6, "b": 4}}


def test_each_step_is_a_share_of_the_one_before_and_who_has_nothing_recorded_is_a_row():
    made = reach(SEX, REFERRALS, returned=["A", "C", "Z"], label="12 weeks")
    assert made.columns == ("Invited", "Enrolled (% of invited)", "Returned, 12 weeks (% of enrolled)")
    assert lines(made) == [
        ("", "Everybody", "6", "4 (66.7)", "2 (50)"), ("Sex", "Female", "3", "2 (66.7)", "1 (50)"),
        ("Sex", "Male", "2", "1 (50)", "1 (100)"), ("Sex", "Other", "0", "0 (–)", "0 (–)"),
        ("Sex", "Not recorded", "1", "1 (100)", "0 (0)")]


def test_eligible_people_stand_before_the_invited_where_they_were_counted_and_sites_are_summed():
    made = reach(SEX, REFERRALS, delivered=ELIGIBLE)
    assert made.columns == ("Eligible", "Invited (% of eligible)", "Enrolled (% of invited)")
    assert lines(made)[:3] == [("", "Everybody", "20", "6 (30)", "4 (66.7)"),
                               ("Sex", "Female", "10", "3 (30)", "2 (66.7)"), ("Sex", "Male", "2", "1 (50)")]
    assert named(made, "female_eligible").kind == "total"


def test_everybody_eligible_is_the_sum_of_groups_where_only_these_were_counted_and_hidden_with_one_of_them():
    groups = {("eligible", "Sex", "female"): {"a": 60, "b": 40}, ("eligible", "Sex", "male"): {"a": 50, "b": 3}}
    made = reach(SEX, REFERRALS, delivered=groups, everybody={"eligible": "Sex"})
    assert lines(made)[0][2] == "153"
    shown = release(made, Profiles(dict.fromkeys(("invited", "enrolled"), profile("opensafely"))))
    assert [shown.named(f"{who}_eligible").text for who in ("everybody", "female", "male")] == [
        "[REDACTED]", "100", "[REDACTED]"]


def test_a_share_of_a_step_that_is_not_there_for_a_group_is_not_shown():
    lists = {("list size", EVERYBODY, ""): {"a": 500}, ("eligible", "Sex", "male"): {"a": 5}}
    made = reach(SEX, REFERRALS, delivered=lists)
    assert lines(made)[0] == ("", "Everybody", "500", "6", "4 (66.7)")
    assert lines(made)[2] == ("Sex", "Male", "5", "2 (40)", "1 (50)")


def test_what_the_service_does_not_collect_is_a_line_that_says_so():
    assert lines(reach(SEX, REFERRALS, not_collected=["Disability"]))[-1] == ("Disability", "Not collected")


def test_everybody_invited_and_enrolled_are_the_cells_of_the_flow():
    flow = participant_flow(REFERRALS.assign(reason=None), pd.DataFrame({"patient_id": list("ABCD")}))
    made = reach(SEX, REFERRALS)
    assert [made.names[f"everybody_{step}"] for step in ("invited", "enrolled")] == [
        flow.names[step] for step in ("invited", "enrolled")]


def test_nobody_invited_is_a_table_of_noughts_without_a_share():
    nobody = REFERRALS.head(0)
    sex = known_of(PATIENTS, nobody, {"sex": ("levels",)}, on=datetime.date(2016, 9, 1), sites={}, codes={})
    assert lines(reach(sex, nobody, returned=[], label="x"))[0] == ("", "Everybody", "0", "0 (–)", "0 (–)")


@pytest.mark.parametrize(("sites", "found"), [
    (["a", "b"], {"a": 9812, "b": 7455}), (["a"], {"a": 9812}), (["a", "b", "c"], {})])
def test_a_count_that_a_site_did_not_send_is_no_sum_of_the_others(sites, found):
    assert counted(COUNTS, "list size", sites) == found


def test_a_count_for_all_sites_goes_before_those_of_each():
    both = pd.concat([COUNTS, pd.DataFrame([(None, "list size", None, 17000, None)], columns=COUNTS.columns)])
    assert counted(both, "list size", ["a", "b"]) == {"all": 17000}
