"""Release: the only door; what is derived is derived again from what may be seen."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_measure import profiles, released, summary

from analysis.errors import Mistake
from analysis.measures.cells import Cells
from analysis.measures.summary import MINUTES, About
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import Released, release


def texts(found: Released) -> dict[str, str]:
    return {name: found.cells[identity].text for name, identity in found.names.items()}


def one_total(rules: str, *people: int):
    """Groups, their sum and the share of the first, released."""
    cells = Cells("groups")
    parts = [cells.count(n, population="enrolled", group=f"group {k}", name=f"g{k}") for k, n in enumerate(people)]
    total = cells.total(parts, population="enrolled", name="total")
    cells.share(parts[0], total, name="share")
    return texts(release(cells.summary("", About("", "")), profiles(rules)))


# ------------------------------------------------------------------------------------------------ the door

def test_a_released_is_made_by_release_and_by_nothing_else():
    real = released()
    parts = {field.name: getattr(real, field.name) for field in dataclasses.fields(real)}
    with pytest.raises(TypeError, match="^a Released is made by protect.release and by nothing else$"):
        Released(**parts)


def test_a_released_that_was_altered_is_none():
    with pytest.raises(TypeError, match="^a Released is made by protect.release and by nothing else$"):
        dataclasses.replace(released(), cells=released("none").cells)


def test_a_released_says_what_it_is_and_none_of_its_numbers():
    assert repr(released("none")) == "Released('groups', 10 cells)"


# ------------------------------------------------------------------------------------------------ counts

def test_without_disclosure_control_every_number_is_true():
    assert texts(released("none")) == {
        "enrolled": "43", "alpha": "12", "alpha_share": "27.9%", "alpha_age": "52.5",
        "beta": "3", "beta_share": "7.0%", "beta_age": "43.5",
        "gamma": "28", "gamma_share": "65.1%", "gamma_age": "68.5"}


def test_under_opensafely_small_groups_are_hidden_and_the_rest_rounded():
    assert texts(released("opensafely")) == {
        "enrolled": "45", "alpha": "10", "alpha_share": "22.2%", "alpha_age": "52.5",
        "beta": "[REDACTED]", "beta_share": "[REDACTED]", "beta_age": "[REDACTED]",
        "gamma": "30", "gamma_share": "66.7%", "gamma_age": "68.5"}


@pytest.mark.parametrize(("rules", "text"), [("none", "0"), ("opensafely", "[REDACTED]"), ("nhs-england", "0")])
def test_a_zero_is_hidden_where_the_profile_hides_it(rules, text):
    assert texts(released(rules, {"Alpha": 0, "Beta": 20}))["alpha"] == text


def test_a_count_of_contacts_is_hidden_by_the_people_behind_it():
    cells = Cells("contacts")
    cells.count(300, "contacts", population="enrolled", people=7, name="few")
    cells.count(302, "contacts", population="enrolled", people=8, name="enough", mode="telephone")
    found = release(cells.summary("", About("", "")), profiles("opensafely"))
    assert texts(found) == {"few": "[REDACTED]", "enough": "300"}


@given(st.integers(0, 60), st.sampled_from(["opensafely", "nhs-england"]))
def test_no_count_shows_more_than_its_profile_allows(people, rules):
    cell = released(rules, {"Alpha": people, "Beta": 40}).named("alpha")
    if 1 <= people <= 7:
        assert (cell.status, cell.value, cell.text) == ("hidden", None, profile(rules).marker)
    elif people:
        assert (cell.status, cell.value, cell.text) == ("shown", 5 * ((2 * people + 5) // 10), f"{cell.value:g}")


# ------------------------------------------------------------------------------------------------ sums over people

def months_of(rules: str, *parts: tuple[float, int]) -> dict[str, str]:
    """Months of groups of people, their sum, and how many contacts there were a month, released."""
    cells = Cells("months")
    for k, (months, people) in enumerate(parts):
        cells.sum(months, "months", population="enrolled", n=people, unit="months", part=str(k), name=f"m{k}")
    whole = cells.sum(sum(m for m, _ in parts), "months", population="enrolled", n=sum(n for _, n in parts),
                      unit="months", name="all")
    cells.rate(cells.count(900, "contacts", population="enrolled", people=180), whole, "contacts", unit="", name="rate")
    return texts(release(cells.summary("", About("", "")), profiles(rules)))


@pytest.mark.parametrize("one", [0.4, 2.5, 3.1])
def test_the_days_of_one_person_are_not_the_whole_less_the_others(one):
    """Shown to the last place, 481.8 less 479.3 would be the 2.5 months of the one person who is hidden."""
    assert months_of("opensafely", (479.3, 180), (one, 1)) == {
        "m0": "480", "m1": "[REDACTED]", "all": "480", "rate": "1.88"}
    assert months_of("none", (479.3, 180), (one, 1))["m0"] == "479.3"


# ------------------------------------------------------------------------------------------------ medians

@pytest.mark.parametrize("rules", ["opensafely", "nhs-england"])
@pytest.mark.parametrize(("people", "text"), [(1, "hidden"), (7, "hidden"), (8, "48.5"), (13, "53.5")])
def test_a_median_needs_more_than_seven_people_and_is_not_rounded(rules, people, text):
    cell = released(rules, {"Alpha": people, "Beta": 40}).named("alpha_age")
    assert (cell.text if cell.status == "shown" else cell.status) == text


def test_a_median_of_nobody_is_absent_where_zero_may_be_shown_and_hidden_where_it_may_not():
    cells = Cells("age")
    cells.value(None, "median", population="enrolled", n=0, name="median")
    found = cells.summary("", About("", ""))
    cell = release(found, profiles("nhs-england")).named("median")
    assert (cell.status, cell.text, cell.value, cell.why) == ("absent", "–", None, "nobody to compute it from")
    assert release(found, profiles("opensafely")).named("median").status == "hidden"


# ------------------------------------------------------------------------------------------------ what is derived

def test_a_percentage_is_computed_from_the_protected_counts():
    """12 of 43 is 27.9%; a reader sees 10 of 45."""
    cell = released("opensafely").named("alpha_share")
    assert (cell.text, cell.value) == ("22.2%", 22.2)


def test_a_figure_draws_a_number_no_finer_than_it_is_printed():
    """The mean of 13 whole numbers, 6.076923…, is of 13 and of no number near: where a point stands would tell."""
    cells = Cells("scores")
    cells.value(79 / 13, "mean", population="enrolled", n=13, digits=1, name="mean")
    shown = release(cells.summary("", About("", "")), profiles("opensafely")).named("mean")
    assert (shown.text, shown.value) == ("6.1", 6.1)


def test_minutes_are_blurred_although_they_are_written_in_fives():
    """
    Rounded to 5 a sum of fives is what it was, and the whole less one site is the other: 45 minutes of 4 people.
    Rounded to an hour, what is left is 60, of anything from 1 to 119.
    """
    cells = Cells("minutes")
    for name, minutes, people in (("whole", 1570, 20), ("one site", 1525, 16), ("other site", 45, 4)):
        cells.count(minutes, name, population="enrolled", people=people, unit="minutes", goes_by=MINUTES, name=name)
    found = cells.summary("", About("", ""))
    assert texts(release(found, profiles("opensafely"))) == {"whole": "1,560", "one site": "1,500",
                                                             "other site": "[REDACTED]"}
    assert texts(release(found, profiles("none")))["whole"] == "1,570"
    assert profile("opensafely").unrounded(1560, MINUTES) == (1530, 1589)


def test_a_statistic_that_tells_how_many_people_there_are_is_hidden_where_their_number_is_rounded():
    cells = Cells("tests")
    n = cells.count(13, population="enrolled")
    cells.value(19.5, "rank sum", population="enrolled", n=13, tells=n, name="rank sum")
    found = cells.summary("", About("", ""))
    assert {rules: release(found, profiles(rules)).named("rank sum").text for rules in ("none", "opensafely")} == {
        "none": "19.5", "opensafely": "[REDACTED]"}


def test_a_percentage_of_a_hidden_whole_is_hidden():
    assert texts(released("opensafely", {"Alpha": 4}))["alpha_share"] == "[REDACTED]"


def test_a_percentage_of_nobody_is_absent():
    assert texts(released("nhs-england", {"Alpha": 0}))["alpha_share"] == "–"


def test_a_total_is_the_sum_of_the_protected_parts():
    """Three groups of 12 are 36, which alone would print as 35."""
    assert one_total("opensafely", 12, 12, 12) == {
        "g0": "10", "g1": "10", "g2": "10", "total": "30", "share": "33.3%"}


def test_a_total_never_reveals_a_single_hidden_cell():
    assert one_total("opensafely", 12, 3, 13) == {"g0": "10", "g1": "[REDACTED]", "g2": "15", "total": "[REDACTED]",
                                                  "share": "[REDACTED]"}


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.sampled_from(["none", "opensafely", "nhs-england"]))
def test_a_shown_total_always_adds_up_on_the_page(people, rules):
    seen = one_total(rules, *people)
    total, parts = seen["total"], [seen[f"g{k}"] for k in range(len(people))]
    if all(part.isdigit() for part in parts):
        assert int(total) == sum(map(int, parts))
    else:
        assert total == profile(rules).marker


# ------------------------------------------------------------------------------------------------ words

def one_word(rules: str, people: int, *, of: str = "people", plan=()) -> tuple[str, str]:
    """A number that rests on so many of 40 people, and the word about it, released."""
    cells = Cells("groups")
    whole, part = cells.people("enrolled", 40), cells.count(people, population="enrolled", group="Alpha")
    number = {"people": part, "share": cells.share(part, whole), "total": cells.total([part], population="enrolled"),
              "median": cells.value(6.5, "median", population="enrolled", n=people)}[of]
    word = cells.word("yes", True, "agrees", follows=number, figure="Alpha")
    found = release(cells.summary("", About("", "")), profiles(rules), plan=[number] if plan else ())
    return found.cells[number].text, found.cells[word].text


def test_without_disclosure_control_a_word_about_a_number_is_shown():
    assert {of: one_word("none", 4, of=of) for of in ("people", "share", "total", "median")} == {
        "people": ("4", "yes"), "share": ("10.0%", "yes"), "total": ("4", "yes"), "median": ("6.5", "yes")}


@pytest.mark.parametrize("of", ["people", "share", "total", "median"])
def test_a_word_is_hidden_where_the_number_that_it_follows_is_hidden(of):
    assert one_word("opensafely", 4, of=of) == ("[REDACTED]", "[REDACTED]")


@pytest.mark.parametrize(("of", "text", "word"), [
    ("people", "10", "[REDACTED]"), ("share", "25.0%", "[REDACTED]"), ("total", "10", "[REDACTED]"),
    ("median", "6.5", "yes")])
def test_a_word_is_hidden_where_the_number_that_it_follows_was_rounded(of, text, word):
    """12 of 40: 'yes, that is the 12 that were published' would undo the rounding. A median is not rounded."""
    assert one_word("opensafely", 12, of=of) == (text, word)


def test_a_word_is_hidden_where_the_plan_hides_the_number_that_it_follows():
    assert one_word("none", 12, plan=True) == ("hidden", "hidden")


def test_what_is_hidden_with_a_number_of_another_population_says_so_in_that_one_s_words():
    """Agreements are counted under 'publications', which hides nothing and so has no word for it."""
    cells = Cells("groups")
    few = cells.count(4, population="enrolled", group="Alpha")
    words = [cells.word("yes", True, "agrees", follows=few, figure="Alpha")]
    cells.total(words, population="publications", name="agree")
    assert texts(release(cells.summary("", About("", "")), profiles("opensafely"))) == {"agree": "[REDACTED]"}


# ------------------------------------------------------------------------------------------------ rows of nought

def rows_shown(rules: str, groups: dict[str, int], *, plan: str = "") -> dict[str, str]:
    """Label -> count of each line that is left, all of them optional but 'Everybody', with share and median."""
    cells = Cells("groups")
    whole = cells.people("enrolled", 40)
    cells.row("Everybody", {"People": ("{n}", {"n": whole})})
    for group, people in groups.items():
        n = cells.count(people, population="enrolled", group=group, name=group)
        median = cells.value(5 if people else None, "median", population="enrolled", n=people, group=group)
        cells.row(group, {"People": ("{n} ({share})", {"n": n, "share": cells.share(n, whole)}),
                          "Age": ("{median}", {"median": median})}, optional=True)
    summary = cells.summary("", About("", ""))
    found = release(summary, profiles(rules), plan=[summary.names[plan]] if plan else ())
    return {line.label: found.cells[line.entry("People")[1]["n"]].text for line in found.lines}


def test_a_row_that_shows_nought_and_nothing_else_is_left_out():
    assert rows_shown("none", {"Alpha": 3, "Beta": 0}) == {"Everybody": "40", "Alpha": "3"}


def test_a_row_that_is_not_optional_stays_though_it_shows_nought():
    assert [line.label for line in released("none", {"Alpha": 0, "Beta": 4}).lines] == ["Alpha", "Beta"]


def test_a_nought_that_is_hidden_keeps_its_row():
    assert rows_shown("opensafely", {"Alpha": 3, "Beta": 0}) == {
        "Everybody": "40", "Alpha": "[REDACTED]", "Beta": "[REDACTED]"}


def test_a_nought_that_may_be_shown_loses_its_row_and_a_small_count_keeps_it():
    assert rows_shown("nhs-england", {"Alpha": 3, "Beta": 0}) == {
        "Everybody": "40", "Alpha": profile("nhs-england").marker}


def test_a_nought_that_the_plan_hides_keeps_its_row():
    assert rows_shown("none", {"Alpha": 0}, plan="Alpha") == {"Everybody": "40", "Alpha": "hidden"}


@given(st.integers(0, 7), st.integers(0, 7), st.sampled_from(["opensafely", "nhs-england"]))
def test_rows_never_come_or_go_with_a_hidden_count(one, other, rules):
    if profile(rules).hides(one) and profile(rules).hides(other):
        assert rows_shown(rules, {"Alpha": one}) == rows_shown(rules, {"Alpha": other})


def test_the_cells_of_a_row_that_is_left_out_are_released_all_the_same():
    """The audit of the whole report sees every cell, whether a page made a row of it or not."""
    cells = Cells("groups")
    n = cells.count(0, population="enrolled", group="Alpha", name="alpha")
    cells.row("Alpha", {"People": ("{n}", {"n": n})}, optional=True)
    found = release(cells.summary("", About("", "")), profiles("none"))
    assert (found.lines, texts(found)) == ((), {"alpha": "0"})


# ------------------------------------------------------------------------------------------------ the plan

def test_what_the_plan_names_is_hidden_and_so_is_what_follows_from_it():
    planned = summary().names["gamma"]
    before, after = texts(released("opensafely")), texts(released("opensafely", plan=[planned]))
    assert {name for name in before if before[name] != after[name]} == {"gamma", "gamma_share"}
    assert after["gamma"] == after["gamma_share"] == "[REDACTED]"


def test_a_planned_cell_of_a_profile_without_a_marker_says_hidden():
    assert texts(released("none", plan=[summary().names["gamma"]]))["gamma"] == "hidden"


# ------------------------------------------------------------------------------------------------ what shows

@given(st.dictionaries(st.sampled_from(["Alpha", "Beta", "Gamma"]), st.integers(0, 20), min_size=1),
       st.sampled_from(["none", "opensafely", "nhs-england"]))
def test_a_hidden_number_shows_as_hidden_and_never_as_nought_or_nan(groups, rules):
    for cell in released(rules, groups).cells.values():
        if cell.status == "shown":
            assert cell.value is not None and cell.value == cell.value and "nan" not in cell.text.lower()
        else:
            assert cell.value is None
            assert cell.text == {"hidden": profile(rules).marker, "absent": "–"}[cell.status]


def test_each_population_is_released_by_its_own_profile():
    cells = Cells("flow")
    cells.people("invited", 4, "invited")
    cells.people("enrolled", 4, "enrolled")
    by_population = Profiles({"invited": profile("opensafely"), "enrolled": profile("none")})
    found = release(cells.summary("", About("", "")), by_population)
    assert texts(found) == {"invited": "[REDACTED]", "enrolled": "4"}
    assert [rules.name for rules in found.profiles] == ["none", "opensafely"]


def test_the_rounding_rule_of_the_study_is_the_one_that_prints():
    cells = Cells("age")
    cells.value(26.5, "median", population="enrolled", n=20, digits=0, name="median")
    found = cells.summary("", About("", ""))
    for rule, text in (("half up", "27"), ("half even", "26")):
        assert release(found, profiles("none"), rounding=rule).named("median").text == text


def test_a_name_that_the_measure_did_not_give_is_a_mistake_with_the_nearest():
    with pytest.raises(Mistake) as mistake:
        released().named("enroled")
    assert str(mistake.value) == (
        "'groups' has no number called 'enroled'\n"
        "  -> did you mean 'enrolled'? it has: alpha, alpha_age, alpha_share, beta, beta_age, beta_share, "
        "enrolled, gamma, gamma_age, gamma_share")
