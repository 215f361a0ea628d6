"""Interventions: offers and people, uptake, ends, and exact combinations of what was taken up."""

import pandas as pd
from measured import column, lines, named, optional
from small_measure import profiles

from analysis.measures.activity.combinations import combinations_taken_up
from analysis.measures.activity.interventions import (
    SETTINGS,
    intervention_providers,
    interventions_by_practice,
    interventions_per_person,
    interventions_taken_up,
)
from analysis.protect.released import release

EPISODES = pd.DataFrame({"patient_id": ["A", "B", "C", "D", "A"]})  # A came back: still one person

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


def test_completed_is_taken_up_with_an_end_on_record_where_ends_are_delivered():
    ended = OFFERS.assign(ended_on=pd.to_datetime(["2024-02-01", "2024-02-01", None, None, None]))
    found = interventions_taken_up(ended, EPISODES, ends=True)
    assert column(found, "Completed")["Sleep"] == "0 (0)"
    assert (named(found, "within_service_completed").value, named(found, "within_service_completed").n) == (1, 1)
    assert named(found, "community_completed_share").value == 0
    assert "Completed" not in interventions_taken_up(ended, EPISODES).columns


def test_people_without_an_intervention_are_in_the_number_for_each_person():
    """Within the service A and B took up one each, C and D none."""
    assert lines(interventions_per_person(OFFERS, EPISODES))[:2] == [
        ("Within service", "Offered", "2 (50)", "0.5 (0 to 1)"),
        ("Within service", "Taken up", "2 (50)", "0.5 (0 to 1)")]


# ------------------------------------------------------------------------------------------------ combinations

def taken(**people: str) -> pd.DataFrame:
    """patient = 'pacing sleep': what each took up within the service."""
    return pd.DataFrame([(person, "within service", kind, "taken up") for person, kinds in people.items()
                         for kind in kinds.split()], columns=["patient_id", "setting", "intervention", "uptake"])


SETS = taken(A="sleep pacing", B="pacing sleep", C="sleep", D="sleep goals")
SIX = pd.DataFrame({"patient_id": list("ABCDEF")})


def test_every_person_is_in_one_exact_combination_and_one_that_nobody_else_has_is_no_row():
    found = combinations_taken_up(SETS, SIX, "within service")
    assert column(found, "People") == {
        "Nothing taken up": "2 (33.3)", "Pacing + sleep": "2 (33.3)", "A combination that nobody else has": "2 (33.3)",
        "Goals": "1 (16.7)", "Pacing": "2 (33.3)", "Sleep": "4 (66.7)"}


def test_what_was_taken_up_twice_is_in_the_combination_once():
    found = combinations_taken_up(pd.concat([SETS, SETS]), SIX, "within service")
    assert column(found, "People")["Pacing + sleep"] == "2 (33.3)"


def test_where_nothing_was_taken_up_everybody_is_in_none():
    found = combinations_taken_up(SETS[:0], SIX, "community", kinds={"community": ["arts"]})
    assert column(found, "People") == {"Nothing taken up": "6 (100)", "A combination that nobody else has": "0 (0)",
                                       "Arts": "0 (0)"}
    assert optional(found) == ["Arts"]


def test_a_combination_whose_number_is_hidden_has_no_row_and_the_order_tells_no_count():
    many = taken(**{f"P{n}": "sleep pacing" for n in range(12)}, **{f"Q{n}": "goals sleep" for n in range(3)},
                 **{f"R{n}": "sleep" for n in range(9)})
    people = pd.DataFrame({"patient_id": many["patient_id"].unique()})
    summary = combinations_taken_up(many, people, "within service")
    listed = [line.label for line in release(summary, profiles("opensafely")).lines if line.section == "Exactly these"]
    assert listed == ["Nothing taken up", "Sleep", "Pacing + sleep", "A combination that nobody else has"]
    assert "Goals + sleep" in [line.label for line in release(summary, profiles("none")).lines]


def test_offers_by_provider_have_a_row_for_those_without_one():
    provided = OFFERS.assign(provider=["worker", "worker", "GP", None, None])
    found = intervention_providers(provided, providers=["council"])
    assert column(found, "Offers") == {"Council": "0 (0)", "GP": "1 (20)", "Worker": "2 (40)", "Not recorded": "2 (40)",
                                       "All providers": "5"}
