"""Waiting and staying: who is followed from when to when, and what is said where nobody is."""

import pandas as pd
from measured import column, named, rows
from small_measure import profiles

from analysis.measures.activity.stay import length_of_stay, people_and_episodes, stays
from analysis.measures.activity.waiting import waiting_curve, waiting_time, waits
from analysis.protect.released import release

CUT = pd.Timestamp("2024-12-31")


def dates(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in columns})


def people(**changes: dict) -> pd.DataFrame:
    """A to F, none of whom died, left or withdrew but as said."""
    frame = pd.DataFrame({"patient_id": list("ABCDEF"), "died_on": None, "deregistered_on": None, "withdrew_on": None})
    for name, values in changes.items():
        frame[name] = frame["patient_id"].map(values)
    return dates(frame, "died_on", "deregistered_on", "withdrew_on")


REFERRALS = dates(pd.DataFrame([("A", "2024-01-01"), ("B", "2024-01-01"), ("C", "2024-12-17"), ("D", "2024-01-01"),
                                ("E", "2024-01-01"), ("F", None)], columns=["patient_id", "identified_on"]),
                  "identified_on")
EPISODES = dates(pd.DataFrame([("A", "2024-01-10", "2024-05-01", "completed"), ("B", "2024-01-10", None, "ongoing"),
                               ("C", "2024-12-20", None, "ongoing"), ("D", "2024-01-10", "2024-02-01", "died"),
                               ("E", "2024-01-10", "2024-03-01", "dropped out"), ("F", "2024-01-10", None, "ongoing")],
                              columns=["patient_id", "started_on", "ended_on", "end_reason"]), "started_on", "ended_on")
CONTACTS = dates(pd.DataFrame([("A", "2024-01-05", "did not attend"), ("A", "2024-01-11", "attended"),
                               ("A", "2024-02-11", "attended"), ("B", "2024-02-10", "attended"),
                               ("F", "2024-01-20", "attended")], columns=["patient_id", "date", "attendance"]), "date")


def waited(referrals=REFERRALS, contacts=CONTACTS, patients=None) -> pd.DataFrame:
    died = people(died_on={"D": "2024-02-01"}) if patients is None else patients
    return waits(referrals, EPISODES, contacts, died, until=CUT)


def test_a_wait_ends_with_the_first_attended_contact_or_with_the_first_of_death_leaving_and_the_data_cut():
    found = waited()
    assert found[["patient_id", "days", "happened", "why"]].head(5).values.tolist() == [
        ["A", 10, True, ""], ["B", 40, True, ""], ["C", 14, False, "data cut"], ["D", 31, False, "died"],
        ["E", 60, False, "left"]]       # E's episode was closed, and E was never seen
    assert found["start"].isna().tolist() == [False] * 5 + [True]


def test_whoever_was_seen_before_the_referral_has_no_wait_that_can_be_known():
    late = REFERRALS.assign(identified_on=REFERRALS["identified_on"].mask(REFERRALS["patient_id"].eq("A"),
                                                                          pd.Timestamp("2024-03-01")))
    assert waited(late)["start"].isna().tolist() == [True, False, False, False, False, True]


def test_everybody_enrolled_is_seen_waiting_dead_gone_or_of_no_usable_day():
    """Shares seen within k weeks are of those referred k weeks or more before the data cut: C was not."""
    found = rows(waiting_time(waited(), since="identified_on", until=CUT, within_weeks=[2, 4, 8]))
    assert {label: entry["People"] for label, entry in found.items()} == {
        "People enrolled": "6", "No usable day of referral": "1", "Followed from referral": "5",
        "Seen": "2 (40)", "Still waiting at the data cut": "1 (20)", "Died before being seen": "1 (20)",
        "Left before being seen": "1 (20)", "Median days until seen (95% interval)": "40 (10 to –)",
        "Seen within 2 weeks": "1 of 5 (20; 3.6 to 62.4)", "Seen within 4 weeks": "1 of 4 (25; 4.6 to 69.9)",
        "Seen within 8 weeks": "2 of 4 (50; 15 to 85)"}


def test_a_median_that_is_not_reached_says_so_in_words():
    found = waiting_time(waited(contacts=CONTACTS[CONTACTS["patient_id"].eq("A")]), since="identified_on", until=CUT)
    median = named(found, "wait_median")
    assert (median.value, median.text, median.n) == (None, "not reached", 1)
    assert any("names no weeks" in note for note in found.notes)


def test_where_nobody_was_seen_or_nobody_can_be_followed_words_stand_in_place_of_a_median():
    nobody_seen = waiting_time(waited(contacts=CONTACTS[:0]), since="identified_on", until=CUT, within_weeks=[4])
    assert named(nobody_seen, "wait_median").text == "not reached"
    assert named(nobody_seen, "seen_within_4_share").value == 0
    nobody = waiting_time(waited(REFERRALS[:0]), since="identified_on", until=CUT, within_weeks=[4])
    assert named(nobody, "wait_median").text == "nobody was followed"
    assert named(nobody, "seen_within_4_share").value is None
    curve = waiting_curve(waited(REFERRALS[:0]), since="identified_on", first=pd.Timestamp("2024-01-01"), until=CUT)
    assert named(curve, "wait_4_weeks").value is None


def test_the_curve_stands_at_fixed_weeks_with_who_was_seen_by_then_and_who_is_at_risk_after():
    """A is seen on day 10, C leaves on day 14, D on day 31, B is seen on day 40, E leaves on day 60."""
    found = rows(waiting_curve(waited(), since="identified_on", first=pd.Timestamp("2024-01-01"), until=CUT))
    read = {label: tuple(entry.values())[:2] for label, entry in found.items()}
    assert (read["0 weeks"], read["2 weeks"], read["6 weeks"], read["12 weeks"]) == (
        ("0", "5"), ("1", "3"), ("2", "1"), ("2", "0"))
    assert found["6 weeks"]["Still waiting (95% interval)"].startswith("40 (")
    assert found["12 weeks"]["Still waiting (95% interval)"] == "– (– to –)"   # nobody is left at risk


def test_of_one_person_the_wait_is_theirs_and_no_profile_that_hides_shows_it():
    one = waited(REFERRALS[:1])
    summary = waiting_time(one[one["patient_id"].eq("A")], since="identified_on", until=CUT, within_weeks=[4])
    assert column(summary, "People")["Median days until seen (95% interval)"] == "10 (10 to 10)"
    shown = release(summary, profiles("opensafely"))
    assert {cell.status for cell in shown.cells.values()} == {"hidden"}


# ------------------------------------------------------------------------------------------------ staying

def test_a_stay_ends_with_the_episode_unless_the_person_died_or_moved_away():
    found = stays(EPISODES, people(deregistered_on={"E": "2024-03-01"}), until=CUT)
    assert found[["patient_id", "days", "happened", "why"]].values.tolist() == [
        ["A", 112, True, ""], ["B", 356, False, "data cut"], ["C", 11, False, "data cut"], ["D", 22, False, "died"],
        ["E", 51, False, "left"], ["F", 356, False, "data cut"]]


def test_an_end_that_the_definition_calls_leaving_ends_no_stay():
    found = stays(EPISODES, people(), until=CUT, leaving=["dropped out"]).set_index("patient_id")
    assert (found.loc["E", "happened"], found.loc["E", "why"], found.loc["D", "happened"]) == (False, "left", True)


def test_each_person_s_first_episode_counts_and_one_that_ends_before_it_begins_is_unusable():
    twice = pd.concat([EPISODES, dates(pd.DataFrame([("A", "2024-06-01", "2024-07-01", "completed")],
                                                    columns=EPISODES.columns), "started_on", "ended_on")])
    wrong = twice.assign(ended_on=twice["ended_on"].mask(twice["patient_id"].eq("E"), pd.Timestamp("2023-12-01")))
    found = stays(wrong, people(), until=CUT)
    assert len(found) == 6 and found.set_index("patient_id").loc["A", "days"] == 112
    assert column(length_of_stay(found, until=CUT), "People")["No usable days of an episode"] == "1"


def test_people_stand_apart_from_episodes():
    twice = pd.concat([EPISODES, EPISODES[:1].assign(started_on=pd.Timestamp("2024-06-01"), ended_on=pd.NaT)])
    assert column(people_and_episodes(twice, until=CUT), "Number") == {
        "People": "6", "One episode": "5 (83.3)", "Two episodes": "1 (16.7)", "Three or more": "0 (0)",
        "Came back for another": "1 (16.7)", "Episodes": "7", "Open at the data cut": "4"}


def test_of_no_episode_at_all_there_is_a_table_too():
    none = stays(EPISODES[:0], people(), until=CUT)
    assert named(length_of_stay(none, until=CUT), "stay_median").text == "nobody was followed"
    assert named(people_and_episodes(EPISODES[:0], until=CUT), "came_back_share").value is None
