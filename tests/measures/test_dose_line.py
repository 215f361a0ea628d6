"""Issues become a day-by-day line: how long each lasts, at how many milligrams a day, and what gives none."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures.prescribing import dose_line
from analysis.measures.prescribing.dose_line import dose_lines
from analysis.reference.factors import factor_table

FPM = factor_table("fpm-2020")


def issues(*rows):
    frame = pd.DataFrame(rows, columns=["patient_id", "issued_on", "product", "directions", "quantity", "unit"])
    return frame.assign(issued_on=pd.to_datetime(frame["issued_on"]))


def spans(lines):
    return [(f"{r.start:%d %b}", f"{r.end:%d %b}", r.mg_per_day) for r in lines.itertuples()]


MST = "MST Continus 30mg tablets"
TRAMADOL = "Tramadol 50mg capsules"


# ------------------------------------------------------------------------------------------------ the line


def test_an_issue_lasts_its_quantity_over_units_a_day():
    lines, unread = dose_lines(issues(("A", "2017-01-01", TRAMADOL, "2 qds", 224, "capsule")), factors=FPM)
    assert spans(lines) == [("01 Jan", "29 Jan", 40.0)] and unread.empty


def test_collecting_early_builds_a_stock_and_collecting_late_leaves_a_gap():
    lines, _ = dose_lines(issues(
        ("A", "2017-01-01", MST, "1 bd", 28, "tablet"),
        ("A", "2017-01-11", MST, "1 bd", 28, "tablet"),
        ("A", "2017-02-10", MST, "1 bd", 28, "tablet")), factors=FPM)
    assert spans(lines) == [("01 Jan", "15 Jan", 60.0), ("15 Jan", "29 Jan", 60.0), ("10 Feb", "24 Feb", 60.0)]


def test_a_brand_follows_its_generic_and_another_strength_runs_beside_it():
    lines, _ = dose_lines(issues(
        ("A", "2017-01-01", MST, "1 bd", 28, "tablet"),
        ("A", "2017-01-10", "Zomorph 30mg modified-release capsules", "1 bd", 28, "capsule"),
        ("A", "2017-01-10", "MST Continus 10mg tablets", "1 bd", 28, "tablet")), factors=FPM)
    assert spans(lines) == [("10 Jan", "24 Jan", 20.0), ("01 Jan", "15 Jan", 60.0), ("15 Jan", "29 Jan", 60.0)]


@pytest.mark.parametrize("product, directions, quantity, end, daily", [
    ("Fentanyl 12micrograms/hour transdermal patches", "Apply one patch every 72 hours", 5, "16 Jan", 30.0),
    ("Fentanyl 12micrograms/hour transdermal patches", "apply one patch", 5, "16 Jan", 30.0),
    ("BuTrans 20micrograms/hour transdermal patches", "One patch every 7 days", 4, "29 Jan", 48.0),
    ("Buprenorphine 35micrograms/hour transdermal patches", "apply one patch", 4, "17 Jan", 84.0),
    ("Hapoctasin 35micrograms/hour transdermal patches", "change every 72 hours", 4, "13 Jan", 84.0),
    ("Hapoctasin 35micrograms/hour transdermal patches", "apply one patch", 4, "13 Jan", 84.0),
    ("Buprenorphine 35micrograms/hour three-day transdermal patches", "use as 1 patch", 4, "13 Jan", 84.0),
    ("Fentanyl 25micrograms/hour transdermal patches", "apply TWO patches every 72 hours", 10, "16 Jan", 120.0),
])
def test_a_patch_lasts_as_directed_or_as_licensed_at_its_printed_dose(product, directions, quantity, end, daily):
    lines, _ = dose_lines(issues(("A", "2017-01-01", product, directions, quantity, "patch")), factors=FPM)
    assert spans(lines) == [("01 Jan", end, daily)]


def test_a_liquid_is_read_by_the_millilitre_and_a_part_of_a_day_counts():
    oramorph = issues(("A", "2017-01-01", "Oramorph 10mg/5ml oral solution", "10ml qds", 300, "ml"))
    lines, _ = dose_lines(oramorph, factors=FPM)
    assert lines["mg_per_day"].tolist() == [80.0]
    assert lines["end"].iloc[0] == pd.Timestamp("2017-01-08 12:00")


def test_directions_in_mg_are_divided_by_the_strength():
    lines, _ = dose_lines(issues(("A", "2017-01-01", MST, "60mg bd", 56, "tablet")), factors=FPM)
    assert spans(lines) == [("01 Jan", "15 Jan", 120.0)]


@pytest.mark.parametrize("range_rule, prn_rule, daily", [
    ("minimum", "full", 12.0), ("mean", "full", 18.0), ("maximum", "full", 24.0), ("maximum", "half", 12.0),
])
def test_the_rules_for_ranges_and_for_as_required_are_the_study_s(range_rule, prn_rule, daily):
    codeine = issues(("A", "2017-01-01", "Codeine 30mg tablets", "1-2 qds prn", 224, "tablet"))
    lines, _ = dose_lines(codeine, factors=FPM, range_rule=range_rule, prn_rule=prn_rule)
    assert lines["mg_per_day"].tolist() == [pytest.approx(daily)] and lines["as_required"].all()


def test_as_required_counted_as_none_has_no_length_and_is_still_an_issue():
    codeine = issues(("A", "2017-01-01", "Codeine 30mg tablets", "1-2 qds prn", 224, "tablet"))
    lines, _ = dose_lines(codeine, factors=FPM, prn_rule="none")
    assert spans(lines) == [("01 Jan", "01 Jan", 0.0)]


def test_an_unknown_rule_is_refused():
    with pytest.raises(ValueError, match="none, half, full"):
        dose_lines(issues(), factors=FPM, prn_rule="some")


def test_what_gives_no_dose_is_listed_with_its_kind_and_reason_and_never_dropped():
    lines, unread = dose_lines(issues(
        ("A", "2017-01-01", "Lidocaine 700mg plasters", "apply one daily", 30, "plaster"),
        ("A", "2017-01-02", "Methadone 5mg tablets", "1 bd", 56, "tablet"),
        ("A", "2017-01-03", "Oramorph 10mg/5ml oral solution", "as directed", 300, "ml"),
        ("A", "2017-01-04", "Oramorph 10mg/5ml oral solution", "5 qds", 300, "ml"),
        ("A", "2017-01-05", MST, "1 bd", 1, "box"),
        ("A", "2017-01-06", MST, "1 bd", 0, "tablet"),
        ("A", "2017-01-07", "Fentanyl 25micrograms/hour transdermal patches", "1 daily", 5, "patch"),
        ("A", "2017-01-08", "Subutex 8mg sublingual tablets", "1 od", 28, "tablet")), factors=FPM)
    assert lines.empty
    assert unread[["kind", "reason"]].values.tolist() == [
        ["not an opioid", "no opioid in it"],
        ["no factor", "methadone, oral"],
        ["not readable", "no dose in the directions"],
        ["not readable", "no millilitres in the directions of a liquid"],
        ["not readable", "the quantity is in packs"],
        ["not readable", "no quantity or no date"],
        ["not readable", "a patch changed more often than every two days"],
        ["dependence treatment", "for dependence"]]


def test_no_issues_give_empty_frames_with_their_columns():
    lines, unread = dose_lines(issues(), factors=FPM)
    assert list(lines) == dose_line.LINE_COLUMNS and list(unread) == dose_line.UNREAD_COLUMNS
    assert lines.empty and unread.empty


SUPPLIES = st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 200), st.integers(1, 120)), min_size=1,
                    max_size=15)


@settings(deadline=None)
@given(SUPPLIES)
def test_supply_is_neither_lost_nor_used_twice_nor_used_before_it_is_issued(supplies):
    start = pd.Timestamp("2017-01-01")
    rows = [(p, start + pd.Timedelta(days=d), MST, "1 od", q, "tablet") for p, d, q in supplies]
    lines, _ = dose_lines(issues(*rows), factors=FPM)
    assert (lines["end"] - lines["start"]).dt.days.sum() == sum(q for _, _, q in supplies)
    assert (lines["start"] >= lines["issued_on"]).all()
    for _, one in lines.groupby("patient_id"):
        assert (one["start"].iloc[1:].to_numpy() >= one["end"].iloc[:-1].to_numpy()).all()
