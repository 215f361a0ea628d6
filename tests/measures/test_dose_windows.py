"""A line of doses becomes a person's dose in a window, by four definitions: 0, a number, or a reason."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures.prescribing import dose_windows
from analysis.measures.prescribing.dose_windows import Rules, window_doses
from analysis.measures.prescribing.issues import issues_of
from analysis.reference.factors import factor_table

FPM = Rules(factor_table("fpm-2020"))
MST = "MST Continus 30mg tablets"
TRAMADOL = "Tramadol 50mg capsules"


def issues(*rows):
    frame = pd.DataFrame(rows, columns=["patient_id", "issued_on", "product", "directions", "quantity", "unit"])
    return frame.assign(issued_on=pd.to_datetime(frame["issued_on"]))


def people(*ids, registered="2010-01-01", left=None, died=None, withdrew=None):
    return pd.DataFrame({"patient_id": list(ids), "registered_on": pd.to_datetime(registered),
                         "deregistered_on": pd.to_datetime(left), "died_on": pd.to_datetime(died),
                         "withdrew_on": pd.to_datetime(withdrew)})


def index(date, *ids):
    return pd.Series(pd.to_datetime(date), index=pd.Index(list(ids), name="patient_id"))


def dose_of(*rows, date="2017-02-01", patients=None, data_cut=None, window=28, definition="D3"):
    patients = people("A") if patients is None else patients
    got = window_doses(issues_of(issues(*rows)), index(date, "A"), window, patients, rules=FPM, data_cut=data_cut)
    return got[definition].iloc[0], got["reason"].iloc[0]


def test_the_dose_is_the_mean_over_the_window_that_ends_the_day_before():
    issue = ("A", "2017-01-18", MST, "1 bd", 28, "tablet")
    assert dose_of(issue) == (30.0, "")  # 14 of 28 days at 60


def test_supply_from_before_the_window_is_carried_in():
    issue = ("A", "2016-12-20", MST, "1 bd", 48, "tablet")
    assert dose_of(issue) == (pytest.approx(60 * 9 / 28), "")  # from 4 to 12 January


def test_supply_used_up_is_a_dose_of_zero_in_a_person_alive_and_registered():
    issue = ("A", "2016-06-01", MST, "1 bd", 56, "tablet")
    assert dose_of(issue) == (0.0, "")


@pytest.mark.parametrize("patients, reason", [
    (people("A", died="2017-01-20"), dose_windows.DIED),
    (people("A", left="2017-01-31"), dose_windows.LEFT),
    (people("A", withdrew="2017-01-30"), dose_windows.WITHDREW),  # later issues are no longer collected
    (people("A", registered="2017-01-10"), dose_windows.JOINED),
    (people("B"), dose_windows.NOT_LISTED),
])
def test_a_person_who_could_not_be_seen_throughout_has_a_missing_dose_and_not_zero(patients, reason):
    issue = ("A", "2016-06-01", MST, "1 bd", 56, "tablet")
    dose, why = dose_of(issue, patients=patients)
    assert pd.isna(dose) and why == reason


def test_leaving_or_dying_on_the_index_date_is_after_the_window():
    issue = ("A", "2016-06-01", MST, "1 bd", 56, "tablet")
    assert dose_of(issue, patients=people("A", left="2017-02-01", died="2017-02-01")) == (0.0, "")


def test_dates_that_were_not_delivered_are_no_reason_against_a_dose():
    issue = ("A", "2017-01-04", MST, "1 bd", 56, "tablet")
    assert dose_of(issue, patients=pd.DataFrame({"patient_id": ["A"]})) == (60.0, "")


def test_nobody_s_dose_is_zero_for_want_of_records():
    dose, why = dose_of(("B", "2016-06-01", MST, "1 bd", 56, "tablet"))
    assert pd.isna(dose) and why == dose_windows.NO_ISSUE


def test_a_window_that_the_records_do_not_reach_has_no_dose():
    issue = ("A", "2017-01-04", MST, "1 bd", 56, "tablet")
    assert dose_of(issue, data_cut="2017-01-31") == (60.0, "")
    assert dose_of(issue, data_cut="2017-01-30")[1] == dose_windows.LATE


@pytest.mark.parametrize("product, directions, reason", [
    ("Oramorph 10mg/5ml oral solution", "as directed", dose_windows.UNREAD),
    ("Methadone 5mg tablets", "1 bd", dose_windows.PARTIAL),
    ("Lidocaine 700mg plasters", "1 daily", ""),
])
def test_an_unread_line_near_the_window_makes_the_dose_missing_unless_no_opioid(product, directions, reason):
    dose, why = dose_of(("A", "2017-01-04", MST, "1 bd", 56, "tablet"),
                        ("A", "2017-01-10", product, directions, 100, "ml"))
    assert why == reason and pd.isna(dose) == bool(reason)


def test_an_unread_line_long_before_the_window_does_not():
    old = ("A", "2016-06-01", "Oramorph 10mg/5ml oral solution", "as directed", 100, "ml")
    assert dose_of(("A", "2017-01-04", MST, "1 bd", 56, "tablet"), old) == (60.0, "")


def test_a_missing_index_date_is_a_reason():
    issue = ("A", "2017-01-04", MST, "1 bd", 56, "tablet")
    assert dose_of(issue, date=None)[1] == dose_windows.NO_INDEX


# ------------------------------------------------------------------------------------------------ four definitions

EXAMPLE = (("A", "2017-01-01", "Oxycodone 30mg modified-release tablets", "1 bd", 60, "tablet"),
           ("A", "2017-01-01", "Oxycodone 5mg capsules", "1 bd", 14, "capsule"))


def test_the_four_definitions_give_the_published_example():
    # Dasgupta 2021 (PMC8270512), opioiddata.org: oxycodone ER 30 mg x 60 (30 days) and IR 5 mg x 14 (7 days), both
    # from day 1: 2805 mg in all; 75.8, 93.5, 31.2 over 90 days, 105.
    got = window_doses(issues_of(issues(*EXAMPLE)), index("2017-04-01", "A"), 90, people("A"), rules=FPM).iloc[0]
    assert [round(got[d], 1) for d in ("D1", "D2", "D3", "D4")] == [75.8, 93.5, 31.2, 105]
    assert got[["D1", "D2", "D3", "D4"]].tolist() == pytest.approx([2805 / 37, 2805 / 30, 2805 / 90, 105], abs=1e-6)


def test_a_person_whose_supply_was_used_up_has_a_dose_of_zero_by_every_definition():
    issue = ("A", "2016-01-01", MST, "1 bd", 56, "tablet")
    assert [dose_of(issue, definition=d) for d in dose_windows.DEFINITIONS] == [(0.0, "")] * 4


def test_a_supply_that_ends_as_the_next_begins_is_no_double_dose():
    # A change of strength: 60 mg a day to 15 January, 20 mg a day from then on.
    change = (("A", "2017-01-04", MST, "1 bd", 22, "tablet"),
              ("A", "2017-01-15", "MST Continus 10mg tablets", "1 bd", 56, "tablet"))
    assert dose_of(*change, definition="D4") == (60.0, "")


def test_a_steady_person_on_56_day_repeats_has_one_dose_whenever_they_are_looked_at():
    # By issues within 28 days it would be no dose half the time, and double the other half (domain facts, section 8).
    rows = [("A", day, MST, "1 bd", 112, "tablet") for day in pd.date_range("2016-01-01", periods=8, freq="56D")]
    assert {dose_of(*rows, date=day, window=28) for day in pd.date_range("2016-06-01", "2016-12-01", freq="13D")} == {
        (60.0, "")}


SUPPLIES = st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 200), st.integers(1, 120)), min_size=1,
                    max_size=15)
START = pd.Timestamp("2017-01-01")


def rows_of(supplies):
    """One tablet a day, so that lines run in whole days: 30 mg of morphine, or 5 mg for a capsule of tramadol."""
    return [(p, START + pd.Timedelta(days=d), (MST, TRAMADOL)[q % 2], "1 od", q, "tablet") for p, d, q in supplies]


def doses_of(rows, window=90, **how):
    got = window_doses(issues_of(issues(*rows)), index("2017-05-01", "A", "B"), window, people("A", "B"), rules=FPM,
                       **how)
    return got.set_index("patient_id")


def day_by_day(supplies, person, window=90):
    """mg on each day of the window, kept in a stock for each product, one day after another; and supplies in use."""
    first, last = 120 - window, 120  # 1 May is day 120
    mg, used = dict.fromkeys(range(first, last), 0), dict.fromkeys(range(first, last), 0)
    for product, strength in ((0, 30), (1, 5)):
        stock = 0
        for day in range(last):
            stock += sum(q for p, d, q in supplies if p == person and d == day and q % 2 == product)
            if stock:
                stock -= 1
                if day >= first:
                    mg[day] += strength
                    used[day] += 1
    return mg, used


@settings(deadline=None, max_examples=30)
@given(SUPPLIES)
def test_the_definitions_are_those_of_a_line_written_down_day_by_day(supplies):
    got = doses_of(rows_of(supplies))
    for person in "AB":
        if got.loc[person, "reason"]:
            continue
        mg, used = day_by_day(supplies, person)
        total, supplied, covered = sum(mg.values()), sum(used.values()), sum(map(bool, used.values()))
        assert got.loc[person, ["D1", "D2", "D3", "D4"]].tolist() == pytest.approx([
            total / supplied if supplied else 0, total / covered if covered else 0, total / 90, max(mg.values())],
            abs=1e-6)


@settings(deadline=None, max_examples=30)
@given(SUPPLIES)
def test_the_definitions_keep_their_order(supplies):
    got = doses_of(rows_of(supplies)).dropna()
    assert (got["D3"] <= got["D2"]).all() and (got["D1"] <= got["D2"]).all() and (got["D2"] <= got["D4"]).all()


@settings(deadline=None, max_examples=30)
@given(SUPPLIES.flatmap(lambda s: st.tuples(st.just(s), st.permutations(s))))
def test_the_order_of_the_rows_does_not_matter(both):
    pd.testing.assert_frame_equal(*(doses_of(rows_of(supplies)) for supplies in both))


@settings(deadline=None, max_examples=30)
@given(SUPPLIES)
def test_an_issue_written_as_two_that_adjoin_changes_nothing(supplies):
    apart = [(p, day, product, text, part, unit) for p, day, product, text, q, unit in rows_of(supplies)
             for part in (q // 3, q - q // 3) if part]
    pd.testing.assert_frame_equal(doses_of(rows_of(supplies)), doses_of(apart))


@settings(deadline=None, max_examples=30)
@given(SUPPLIES, st.integers(1, 20))
def test_looking_at_some_people_at_a_time_changes_nothing(supplies, size):
    pd.testing.assert_frame_equal(doses_of(rows_of(supplies)), doses_of(rows_of(supplies), size=size))
