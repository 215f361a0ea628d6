"""Directions as UK prescribers write them, and the units a day that they ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures.prescribing.directions import Directions, read_directions

SEVEN = 1 / 7


@pytest.mark.parametrize("text, low, high, unit", [
    ("2 QDS", 8, 8, ""),
    ("one bd", 2, 2, ""),
    ("1 b.d.", 2, 2, ""),
    ("Take ONE twice a day", 2, 2, ""),
    ("TWO twice daily", 4, 4, ""),
    ("TAKE TWO TABLETS FOUR TIMES A DAY", 8, 8, "unit"),
    ("Two 4 times a day as needed", 8, 8, ""),
    ("1 tab every 12 hours", 2, 2, "unit"),
    ("1 12-hourly", 2, 2, ""),
    ("1tab 12hrly", 2, 2, "unit"),
    ("2 nocte", 2, 2, ""),
    ("1 om and 2 on", 3, 3, ""),
    ("one in the morning and two at night", 3, 3, ""),
    ("one at 8am and one at 8pm", 2, 2, ""),
    ("take one once daily at night", 1, 1, ""),
    ("1 every other day", 0.5, 0.5, ""),
    ("½ od", 0.5, 0.5, ""),
    ("take half a tablet bd", 1, 1, "unit"),
    ("1/2 tablet bd", 1, 1, "unit"),
    ("take one and a half tablets bd", 3, 3, "unit"),
    ("take one tablet (30mg) twice daily", 2, 2, "unit"),
    ("2 x 10mg tablets bd", 4, 4, "unit"),
    ("10mg bd", 20, 20, "mg"),
    ("10ml four times a day", 40, 40, "ml"),
    ("one 5ml spoonful qds", 20, 20, "ml"),
    ("5mg (2.5ml) qds", 10, 10, "ml"),
    ("Take 5ml of 10mg/5ml solution qds", 20, 20, "ml"),
    ("take one bd for 7 days", 2, 2, ""),
    ("One patch every 7 days", SEVEN, SEVEN, "patch"),
    ("Apply ONE patch every THREE days", 1 / 3, 1 / 3, "patch"),
    ("apply 1 patch twice weekly", 2 / 7, 2 / 7, "patch"),
    ("change every seventy-two hours", 1 / 3, 1 / 3, "patch"),
    ("One patch to be applied every 72 hours (3 days)", 1 / 3, 1 / 3, "patch"),
    ("1 patch / 72 hrs", 1 / 3, 1 / 3, "patch"),
    ("apply 25mcg patch every 72 hours", 1 / 3, 1 / 3, "patch"),
    ("Apply one 25microgram/hour patch every 3/7", 1 / 3, 1 / 3, "patch"),
    ("Apply one patch on Monday and Thursday", 2 / 7, 2 / 7, "patch"),
    ("apply weekly", SEVEN, SEVEN, "patch"),
    ("Apply 1 patch every tues & sat", 2 / 7, 2 / 7, "patch"),
    ("1 bd, start on Monday, avoid sun", 2, 2, ""),
    ("1 daily 5 days a week", 5 / 7, 5 / 7, ""),
    ("one daily mon to fri", 5 / 7, 5 / 7, ""),
    ("1 once a fortnight", 1 / 14, 1 / 14, ""),
    ("1 monthly", 12 / 365.25, 12 / 365.25, ""),
    ("take a quarter of a tablet bd", 0.5, 0.5, "unit"),
    ("Dispense 14 every week, 1 bd", 2, 2, ""),
    ("weekly scripts. 1 tds", 3, 3, ""),
    ("1 bd x 28 days", 2, 2, ""),
    ("1 alt die", 0.5, 0.5, ""),
    ("one every 48 hours", 0.5, 0.5, ""),
    ("1 weekly", SEVEN, SEVEN, ""),
    ("1 bd 7/7", 2, 2, ""),
    ("1 b.d. for 2/52", 2, 2, ""),
    ("i mane, ii nocte", 3, 3, ""),
    ("ii tab qds", 8, 8, "unit"),
    ("1 1/2 tabs bd", 3, 3, "unit"),
    ("1 cap am and pm", 2, 2, "unit"),
    ("60mg am 30mg pm", 90, 90, "mg"),
    ("1 at 08:00 and 20:00", 2, 2, ""),
    ("2 with meals and at bedtime", 8, 8, ""),
    ("1 tds with meals", 3, 3, ""),
    ("1 x 5 ml spoon 4 / day", 20, 20, "ml"),
    ("take 100mg twice a day total 200mg daily", 200, 200, "mg"),
    ("1 bd (=60mg/day)", 2, 2, ""),
    ("one every morning to reduce bp", 1, 1, ""),
    ("Take ONE tablet TWICE a day (every 12 hours)", 2, 2, "unit"),
    ("10mg over 24 hours", 10, 10, "mg"),
    ("one tiwce daily", 2, 2, ""),
    ("two tabelts twce a day", 4, 4, "unit"),
    ("1 evry day, avoid dairy", 1, 1, ""),
    ("100 mg b.d", 200, 200, "mg"),
    ("30mgs bd", 60, 60, "mg"),
    (".5ml bd", 1, 1, "ml"),
    ("1 BDS", 2, 2, ""),
    ("1 ter die", 3, 3, ""),
    ("1 xbd", 2, 2, ""),
    ("1three times a day", 3, 3, ""),
    ("one (1) twice a day", 2, 2, ""),
    ("1/week", SEVEN, SEVEN, ""),
    ("1 every third day", 1 / 3, 1 / 3, ""),
    ("1 hs", 1, 1, ""),
    ("2 am, 1 midday, 2 pm", 5, 5, ""),      # so many in the morning, not two o'clock
    ("2 at 8am 1 at 2pm 2 at 10pm", 5, 5, ""),
    ("1 at 0800 and 2000", 2, 2, ""),
    ("1 and 1/2 daily", 1.5, 1.5, ""),
    ("one half tablet bd", 1, 1, "unit"),
    ("one tablet half an hour before food bd", 2, 2, "unit"),
    ("2 in half a glass of water qds", 8, 8, ""),
    ("1 bd 28 days", 2, 2, ""),
    ("1 bd, supply 28 days", 2, 2, ""),
    ("2 qds, no more than 2 at any one time", 8, 8, ""),
    ("12 daily", 12, 12, ""),
    ("apply 1 patch every 7 days (change on Sundays)", SEVEN, SEVEN, "patch"),
    ("2 qds (240mg/day)", 8, 8, ""),
    ("two four times a day reduced from eight a day", 8, 8, ""),
    ("was on 3, now 2 bd", 4, 4, ""),
])
def test_regular_directions_give_units_a_day(text, low, high, unit):
    got = read_directions(text)
    assert (got.low, got.high, got.unit) == (pytest.approx(low), pytest.approx(high), unit), got
    assert not got.reason and not got.once_assumed


@pytest.mark.parametrize("text, low, high", [
    ("1-2 qds", 4, 8),
    ("one or two four times a day", 4, 8),
    ("1 bd-tds", 2, 3),
    ("1 every 4 to 6 hours", 4, 6),
    ("one up to four times a day", 1, 4),
    ("1 upto 4 times aday", 1, 4),
    ("one, two or three daily", 1, 3),
    ("one, two or three times a day", 2, 3),
    ("one twice or three times a day", 2, 3),
    ("1-2 prn leave 4 hours between doses max 8 a day", 1, 8),
    ("take one or two up to four times a day when required", 1, 8),
    ("1-2 tablets every 4-6 hours, maximum 4 doses in 24 hours", 4, 8),
    ("2.5ml to 5ml every 4 hours", 15, 30),
    ("5mg-10mg every 4-6 hours", 20, 60),
    ("ii-iii qds", 8, 12),
    ("1 prn up to 4/day", 1, 4),
    ("100mcg prn max 4 per day", 100, 400),
    ("5ml up to hourly", 5, 120),
    ("1/2 - 1 tablet nocte", 0.5, 1),
    # doseminer's example after Karystianis 2015 (doi 10.1186/s12911-016-0255-x): dose 2.5, frequency 1, interval 2-3
    ("take two and a half tablets every two to three days as needed", 2.5 / 3, 2.5 / 2),
])
def test_a_range_stays_a_range_until_a_rule_is_chosen(text, low, high):
    got = read_directions(text)
    assert (got.low, got.high) == (pytest.approx(low), pytest.approx(high))
    assert got.per_day("minimum") == pytest.approx(low)
    assert got.per_day("mean") == pytest.approx((low + high) / 2)
    assert got.per_day("maximum") == pytest.approx(high)


@pytest.mark.parametrize("text", [
    "1-2 qds prn", "1-2 q.d.s. p.r.n.", "1-2 qds when required", "one or two four times a day if needed",
])
def test_as_required_is_told_apart(text):
    assert read_directions(text) == Directions(4, 8, (1, 2), "", as_required=True)


@pytest.mark.parametrize("cap", [
    "Maximum 8 in 24 hours", "Do not take more than 8 tablets in 24 hours", "no more than eight a day", "max 8/24h",
    "not to exceed 8 daily",
])
def test_a_daily_maximum_caps_a_range(cap):
    got = read_directions(f"Take 1 or 2 tablets every 4-6 hours when required. {cap}")
    assert (got.low, got.high, got.as_required) == (4, 8, True)


@pytest.mark.parametrize("text", [  # adapted from CPRD's common dosages: doseminer 0.1.2, example_cprd
    "TAKE 1 OR 2 4 TIMES/DAY AS REQUIRED", "TAKE 1 OR 2 EVERY 6HRLY WHEN REQUIRED",
    "1-2 FOUR TIMES A DAY WHEN REQUIRED", "TAKE 1 OR 2 4 TIMES/DAY IF NEEDED FOR PAIN",
    "1 OR 2 FOUR TIMES A DAY FOR FOR FOR FOR PAIN WHEN REQUIRED",
])
def test_common_dosages_of_gp_records_are_read(text):
    got = read_directions(text)
    assert (got.low, got.high, got.as_required) == (4, 8, True)


def test_a_daily_maximum_without_a_frequency_is_the_upper_end():
    got = read_directions("1-2 when required, max 8 per day")
    assert (got.low, got.high) == (1, 8)


def test_a_daily_maximum_in_another_unit_is_kept_for_who_knows_the_strength():
    got = read_directions("1-2 caps 4-6 hourly. Max 400mg a day")
    assert (got.low, got.high, got.limit) == (4, 12, (400, "mg"))
    assert read_directions("1-2 caps qds, max 100mg qds").limit is None  # at one time, not in a day


def test_no_interval_means_once_a_day_and_says_so():
    assert read_directions("take 2") == Directions(2, 2, (2, 2), "", once_assumed=True)


@pytest.mark.parametrize("text, reason", [
    ("", "no directions"),
    (None, "no directions"),
    (float("nan"), "no directions"),
    ("as directed", "no dose in the directions"),
    ("MDU", "no dose in the directions"),
    ("prn", "no dose in the directions"),
    ("once daily", "no number of units"),
    ("take 1 for 3 days then 2 bd", "the dose changes within the directions"),
    ("1 bd increasing to 2 bd", "the dose changes within the directions"),
    ("week 1: 1 daily week 2: 2 daily", "the dose changes within the directions"),
    ("1 daily except sunday", "two frequencies in the directions"),
    ("reduce by 1 tablet each week", "the dose changes within the directions"),
    ("3 daily for 1 week then 2 daily for 1 week", "the dose changes within the directions"),
    ("1 bd 2 tds 4", "a number in the directions is not understood"),
    ("1 bd (56)", "a number in the directions is not understood"),
    ("28", "a number in the directions is not understood"),  # a pack, not 28 a day
    ("max 8/day", "no dose in the directions"),
    ("30 bd", "a number in the directions is not understood"),    # MST "30": milligrams, not thirty tablets
    ("28 tablets", "a number in the directions is not understood"),
    ("1 box", "a number in the directions is not understood"),
    ("5m bd", "a number in the directions is not understood"),
    ("2 pm", "a number in the directions is not understood"),      # two, or two o'clock
    ("1 stat", "a single dose"),
    ("1 bd, 30mg nocte", "two kinds of unit in the directions"),
    ("one immediately then prn", "a single dose"),
    ("two stat then one every 8 hours", "the dose changes within the directions"),
    ("1 od for a week, 1 bd thereafter", "the dose changes within the directions"),
    ("1-2 prn max 400mg daily", "no time of the dose, and a maximum in another unit"),
    ("1/2 qds", "two amounts and one time in the directions"),
    ("1-0 bd", "a number in the directions is not understood"),   # morning and evening, not 'one to none'
    ("2-1 qds", "a number in the directions is not understood"),
    ("1 every 6 to 4 hours", "a number in the directions is not understood"),
])
def test_what_cannot_be_read_has_a_reason_and_no_dose(text, reason):
    got = read_directions(text)
    assert got.reason == reason and got.low is None and got.per_day("maximum") is None


def test_an_unknown_rule_is_refused():
    with pytest.raises(ValueError, match="minimum, mean, maximum"):
        read_directions("1 bd").per_day("most")


@given(st.text(alphabet="0123456789 -./()abdgilmnopqrstx½,", max_size=30))
def test_any_text_gives_either_a_range_or_a_reason(text):
    got = read_directions(text)
    assert (got.low is None) == bool(got.reason)
    if not got.reason:
        assert 0 <= got.low <= got.high


@given(st.integers(1, 5), st.integers(1, 5), st.sampled_from([("od", 1), ("bd", 2), ("tds", 3), ("qds", 4)]),
       st.sampled_from(["{} {}", "Take {} {}", "{} tablets {}", "{}{}"]))
def test_amount_times_frequency(low, more, code, pattern):
    got = read_directions(pattern.format(f"{low}-{low + more}", code[0]))
    assert (got.low, got.high) == (low * code[1], (low + more) * code[1])
