"""Figures of activity: curves at fixed times, columns over the calendar, combinations; from released numbers only."""

import re

import pytest
from small_measure import profiles, registered

from analysis.measures.cells import Cells
from analysis.measures.summary import About
from analysis.present import combinations, curve, over_time, trend
from analysis.protect.gate import unbound_in_figure
from analysis.protect.released import release

ABOUT = About("people enrolled", "people enrolled")
SVG_TEXT = re.compile(r'id="cell-(\w+)-')


def waiting(reached=(0, 12, 28, 31), at_risk=(40, 28, 11, 2)):
    """Of 40 people so many were reached by 0, 4, 8 and 12 weeks, and so many were at risk after."""
    cells = Cells("waiting curve")
    before = cells.count(40, "people followed", population="enrolled")
    steps = []
    for week, n, r in zip((0, 4, 8, 12), reached, at_risk, strict=True):
        when = {"time": f"{week} weeks"}
        by = cells.count(n, "seen by then", population="enrolled", **when)
        after = cells.count(r, "at risk after that", population="enrolled", **when)
        steps.append((by, before))
        ids = {short: cells.survival(value, f"waiting {short}", population="enrolled", n=40, steps=steps, after=after,
                                     errors=errors, name=f"{short}_{week}", **when)
               for short, value, errors in (("share", 100 - 2.5 * n + 0.1, 0), ("low", 100 - 2.5 * n - 5, -1.96),
                                            ("high", 100 - 2.5 * n + 5, 1.96))}
        cells.row(f"{week} weeks", {"Seen": ("{n}", {"n": by}), "Waiting": ("{share} ({low} to {high})", ids)})
        before = after
    return cells.summary("Still waiting", ABOUT)


def texts(figure, summary, released) -> list[str]:
    """The numbers that stand in the figure, sorted: it draws what is hidden first."""
    return sorted(released.cells[i].text for i in SVG_TEXT.findall(figure.content))


def test_under_no_profile_the_curve_is_the_estimate_to_the_day():
    shown = release(waiting(), profiles("none"))
    assert [shown.named(f"share_{week}").text for week in (0, 4, 8, 12)] == ["100.1%", "70.1%", "30.1%", "22.6%"]


def test_under_a_strict_profile_it_comes_from_the_counts_of_the_table():
    """
    Shown are 10 and 30 seen, and 40, 30 and 10 at risk: 1 - 10/40, and that times 1 - 20/30. Nobody seen at 0 weeks and
    two left at risk after 12 are hidden, and so is the share there.
    """
    shown = release(waiting(), profiles("opensafely"))
    assert [shown.named(f"share_{week}").text for week in (0, 4, 8, 12)] == [
        "[REDACTED]", "75.0%", "25.0%", "[REDACTED]"]
    assert shown.named("low_4").value < 75 < shown.named("high_4").value


def test_one_person_more_or_less_changes_no_step_of_a_protected_curve_by_one_person():
    one, other = (release(waiting((0, n, 28, 31)), profiles("opensafely")) for n in (11, 12))
    assert [one.named(f"share_{w}").text for w in (4, 8)] == [other.named(f"share_{w}").text for w in (4, 8)]


@pytest.mark.parametrize("rules", ["none", "opensafely", "nhs-england"])
def test_a_curve_shows_its_released_points_and_says_them(rules):
    summary = waiting()
    shown = release(summary, profiles(rules))
    figure = curve(shown)
    assert texts(figure, summary, shown) == sorted(shown.named(f"share_{week}").text for week in (0, 4, 8, 12))
    assert unbound_in_figure(figure.content, registered(summary, shown)) == []
    assert repr(figure).count("hidden") == sum(shown.named(f"share_{w}").status == "hidden" for w in (0, 4, 8, 12))


def test_a_curve_of_hidden_points_only_is_a_sentence():
    shown = release(waiting((0, 1, 2, 3), (39, 38, 37, 36)), profiles("opensafely"))
    assert repr(curve(shown)) == "Still waiting: all of these numbers are hidden, so there is nothing to draw."


# ------------------------------------------------------------------------------------------------ over time

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def months(*counts: int):
    cells = Cells("activity over time")
    names = ["Nov 2024", "Dec 2024", *(f"{month} {year}" for year in (2025, 2026) for month in MONTHS)]
    for month, n in zip(names[:len(counts)], counts, strict=True):
        ids = {column: cells.count(n * k, column, population="enrolled", people=n, month=month)
               for k, column in ((3, "Contacts"), (1, "People"))}
        cells.row(month, {column: ("{n}", {"n": identity}) for column, identity in ids.items()})
    return cells.summary("By month", ABOUT)


def test_columns_over_time_have_a_panel_for_each_count_and_say_what_is_hidden():
    summary = months(10, 3, 20)
    shown = release(summary, profiles("opensafely"))
    figure = over_time(shown, columns=["Contacts", "People"])
    assert texts(figure, summary, shown) == sorted(["30", "[REDACTED]", "60", "10", "[REDACTED]", "20"])
    assert unbound_in_figure(figure.content, registered(summary, shown)) == []
    assert "Dec 2024: contacts hidden, people hidden" in repr(figure)
    written = re.findall(r"<text[^>]*>([^<]*)</text>", figure.content)
    assert {"Nov", "2024", "Dec", "Jan", "2025"} <= set(written)


def test_a_year_of_nothing_but_noughts_is_drawn_and_one_of_hidden_numbers_is_a_sentence():
    nothing = over_time(release(months(0, 0, 0), profiles("none")), columns=["People"])
    assert repr(nothing).startswith("Columns over time")
    assert "nothing to draw" in repr(over_time(release(months(1, 2, 3), profiles("opensafely")), columns=["People"]))


def test_many_columns_have_their_numbers_upright_and_initials_for_months():
    summary = months(*range(10, 29))
    figure = over_time(release(summary, profiles("none")), columns=["People"])
    written = re.findall(r"<text[^>]*>([^<]*)</text>", figure.content)
    assert {"N", "D", "J", "F", "28"} <= set(written) and "Nov" not in written


def test_a_trend_breaks_where_a_number_is_hidden():
    summary = months(10, 3, 20)
    shown = release(summary, profiles("opensafely"))
    figure = trend(shown, column="People")
    assert texts(figure, summary, shown) == ["10", "20", "[REDACTED]"]
    assert unbound_in_figure(figure.content, registered(summary, shown)) == []
    lines = [len(re.findall(r'<path d="M [^"]*L [^"]*"[^>]*fill: none; stroke: #0072b2', one.content))
             for one in (figure, trend(release(summary, profiles("none")), column="People"))]
    assert lines == [0, 1]      # no line leads across the gap


# ------------------------------------------------------------------------------------------------ combinations

def sets(**counts: int):
    cells = Cells("combinations")
    for said, n in counts.items():
        held = said.replace("_", " + ")
        count = cells.count(n, population="enrolled", combination=held)
        cells.row(held, {"People": ("{n}", {"n": count})}, section="Exactly these", goes_with=count)
    for kind in sorted({kind for said in counts for kind in said.split("_")}):
        count = cells.count(sum(n for said, n in counts.items() if kind in said.split("_")), "took it up",
                            population="enrolled", intervention=kind)
        cells.row(kind, {"People": ("{n}", {"n": count})}, section="Each")
    return cells.summary("Combinations", ABOUT)


def test_combinations_stand_by_their_released_counts_and_a_hidden_one_is_not_drawn():
    summary = sets(pacing=12, pacing_sleep=28, sleep=3, goals_sleep=2)
    shown = release(summary, profiles("opensafely"))
    figure = combinations(shown)
    assert texts(figure, summary, shown) == ["10", "30", "35", "40"]  # 35 and 40: all who took up sleep, and pacing
    assert unbound_in_figure(figure.content, registered(summary, shown)) == []
    assert "goals" not in figure.content.lower()


def test_counts_that_are_rounded_alike_stand_in_the_order_of_their_names():
    for counts in ({"pacing": 31, "goals": 29}, {"pacing": 29, "goals": 31}):
        shown = release(sets(**counts), profiles("opensafely"))
        assert repr(combinations(shown)).startswith("Matrix of combinations. Combinations. goals: 30; pacing: 30;")


def test_where_no_combination_may_be_shown_a_sentence_says_so():
    shown = release(sets(pacing=2, sleep=3), profiles("opensafely"))
    assert repr(combinations(shown)) == "Combinations: there is no combination of several people that may be shown."
