"""Person-time, the calendar and caseload: days in the service, and contacts for each month of them."""

import pandas as pd
import pytest
from measured import column, lines, named, rows

from analysis.measures.activity.caseload import caseload
from analysis.measures.activity.over_time import activity_over_time
from analysis.measures.activity.person_time import MONTH, contact_rate, contacts_since_start, days_in_service

FIRST, UNTIL = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-03-31")
WINDOW = {"first": FIRST, "until": UNTIL}


def episodes(*given: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(given, columns=["patient_id", "started_on", "ended_on", "worker"])
    return frame.assign(started_on=pd.to_datetime(frame["started_on"]), ended_on=pd.to_datetime(frame["ended_on"]))


def contacts(*given: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(given, columns=["patient_id", "date", "attendance", "worker"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


def patients(**died: str) -> pd.DataFrame:
    frame = pd.DataFrame({"patient_id": list("ABCD"), "deregistered_on": pd.NaT, "withdrew_on": pd.NaT})
    return frame.assign(died_on=pd.to_datetime(frame["patient_id"].map(died)))


def stretches(*given: tuple, **died: str) -> list[tuple]:
    found = days_in_service(episodes(*given), patients(**died), **WINDOW)
    return [(p, f"{b:%d %b}", f"{e:%d %b}") for p, b, e in found.itertuples(index=False)]


STAYS = episodes(("A", "2024-01-01", "2024-01-30", "W1"), ("B", "2024-01-31", None, "W1"),
                 ("C", "2024-02-01", None, "W2"))
CONTACTS = contacts(("A", "2024-01-01", "attended", "W1"), ("A", "2024-01-30", "attended", "W1"),
                    ("A", "2024-02-15", "attended", "W1"), ("B", "2024-02-29", "attended", "W2"),
                    ("B", "2024-03-01", "did not attend", "W2"))
DAYS = days_in_service(STAYS, patients(), **WINDOW)


def test_days_count_from_the_start_to_the_last_both_included_within_the_window():
    assert stretches(("A", "2023-12-01", "2024-01-30", ""), ("B", "2024-02-01", None, "")) == [
        ("A", "01 Jan", "30 Jan"), ("B", "01 Feb", "31 Mar")]


def test_days_of_two_episodes_at_once_count_once_and_a_gap_counts_not():
    assert stretches(("A", "2024-01-01", "2024-01-20", ""), ("A", "2024-01-10", "2024-01-15", ""),
                     ("A", "2024-01-21", "2024-01-25", ""), ("A", "2024-02-01", "2024-02-02", "")) == [
        ("A", "01 Jan", "25 Jan"), ("A", "01 Feb", "02 Feb")]


def test_no_day_counts_after_death_and_none_of_an_episode_that_ends_before_it_begins():
    assert stretches(("A", "2024-01-01", None, ""), ("B", "2024-02-01", "2024-01-01", ""), A="2024-01-05") == [
        ("A", "01 Jan", "05 Jan")]


def test_contacts_for_each_person_month_are_those_within_an_episode():
    """A has 30 days, B 61, C 60: 151 days, in which 3 contacts were attended; one of A's came after the end."""
    found = contact_rate(CONTACTS, DAYS, 3, **WINDOW)
    assert named(found, "person_months").value == pytest.approx(151 / MONTH)
    assert named(found, "contacts_per_person_month").value == pytest.approx(3 / (151 / MONTH))
    assert (named(found, "attended_in_episode").value, named(found, "attended_outside").value) == (3, 1)


def test_where_nobody_was_in_the_service_there_is_no_rate_and_words_say_why():
    found = contact_rate(CONTACTS, DAYS[:0], 0, **WINDOW)
    rate = named(found, "contacts_per_person_month")
    assert (rate.value, rate.absent) == (None, "nobody was in the service")
    since = contacts_since_start(CONTACTS[:0], DAYS[:0], STAYS[:0], **WINDOW)
    assert set(column(since, "Per person-month (95% interval)").values()) == {"– (– to –)"}


def test_time_since_enrolment_has_the_people_the_days_and_the_contacts_of_each_month_of_a_stay():
    """A month has 30.4 days: day 30 is the last of the first month, and A's stay ends within it."""
    found = contacts_since_start(CONTACTS, DAYS, STAYS, **WINDOW)
    read = {label: tuple(entry.values())[:3] for label, entry in rows(found).items()}
    assert read["First month"] == ("3", f"{round(92 / MONTH, 1):g}", "3")       # 30 + 31 + 31 days
    assert read["Second month"] == ("2", f"{round(59 / MONTH, 1):g}", "0")      # 30 of B and 29 of C
    assert read["Third month"] == ("0", "–", "0")
    months = [c.value for c in found.cells.values() if c.statistic == "person-months in the service" and c.value]
    assert sum(months) == pytest.approx(151 / MONTH)


def test_every_month_of_the_window_has_a_row_whether_anything_happened_or_not():
    found = activity_over_time(CONTACTS, STAYS, DAYS, first=FIRST, until=pd.Timestamp("2024-04-15"))
    assert lines(found) == [
        ("", "Jan 2024", "2", "2", "2", "2", "1"), ("", "Feb 2024", "1", "2", "2", "2", "2"),
        ("", "Mar 2024", "0", "2", "1", "0", "0"), ("", "Apr 2024 (in part)", "0", "0", "0", "0", "0")]
    quarters = activity_over_time(CONTACTS, STAYS, DAYS, **WINDOW, by="quarter")
    assert [line.label for line in quarters.lines] == ["Q1 2024"]


# ------------------------------------------------------------------------------------------------ caseload

def test_caseload_is_a_distribution_over_workers_and_names_none():
    """W1 has A for 30 days and B for 61, over 91 days; W2 has C for all of 60."""
    found = caseload(STAYS, CONTACTS, **WINDOW)
    assert rows(found)["People for each worker"] == {"Over workers": "1.5 (1.2 to 1.8)"}
    assert rows(found)["Episodes open at once for each worker"] == {"Over workers": "1 (1 to 1)"}
    assert not any("W1" in c.words or "W1" in line.label for c in found.cells.values() for line in found.lines)
    assert {c.population for c in found.cells.values()} == {"service providers", "enrolled"}
    assert named(found, "people_for_each_worker_median").n == 2


def test_without_a_worker_on_record_there_is_no_caseload():
    found = caseload(STAYS.assign(worker=None), CONTACTS.assign(worker=None), **WINDOW)
    assert rows(found)["People for each worker"] == {"Over workers": "– (– to –)"}
    assert named(found, "episodes_without_worker").value == 3


def test_the_interval_of_a_rate_follows_from_the_rate_and_from_how_people_differ():
    found = contact_rate(CONTACTS, DAYS, 3, **WINDOW)
    rate, low, high = (named(found, f"contacts_per_person_month{end}").value for end in ("", "_low", "_high"))
    assert 0 < low < rate < high and low * high == pytest.approx(rate**2)
    assert named(found, "contacts_per_person_month_low").kind == "derived"  # of rounded counts where they are


def test_a_rate_of_one_person_or_without_a_contact_has_no_interval_and_says_why():
    one = days_in_service(episodes(("A", "2024-01-01", "2024-01-30", "W1")), patients(), **WINDOW)
    found = contact_rate(CONTACTS[:1], one, 1, **WINDOW)
    assert named(found, "contacts_per_person_month_low").absent == "fewer than two people, or no contact"
    assert rows(found)["Attended contacts per person-month (95% interval)"]["Number"].endswith("(– to –)")
    none = contact_rate(CONTACTS[:0], DAYS, 3, **WINDOW)
    assert named(none, "contacts_per_person_month").value == 0
    assert named(none, "contacts_per_person_month_low").value is None
