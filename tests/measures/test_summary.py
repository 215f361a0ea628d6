"""Summary: cells are known by what they say; two numbers for one cell are an error."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures.cells import Cells, levels
from analysis.measures.summary import About, cell_id

WORDS = st.text("abc xyz", min_size=1, max_size=6)


def with_two_groups() -> Cells:
    cells = Cells("contacts")
    cells.people("enrolled", 40)
    cells.count(30, population="enrolled", mode="telephone")
    cells.count(10, population="enrolled", mode="text message")
    return cells


def ids(cells: Cells) -> dict[str, str]:
    return {cell.words: identity for identity, cell in cells.summary("", About("", "")).cells.items()}


# ------------------------------------------------------------------------------------------------ identity

def test_the_id_of_a_cell_is_a_known_one():
    assert cell_id("contacts", "enrolled", {"mode": "telephone"}, "people") == "c9acebef69"


@given(st.dictionaries(WORDS, WORDS, min_size=2), st.randoms())
def test_the_order_of_dimensions_is_no_part_of_an_id(dimensions, random):
    shuffled = list(dimensions.items())
    random.shuffle(shuffled)
    assert cell_id("m", "p", dict(shuffled), "s") == cell_id("m", "p", dimensions, "s")


def test_each_part_of_what_a_number_says_is_part_of_its_id():
    said = [
        ("contacts", "enrolled", {"mode": "telephone"}, "people"),
        ("visits", "enrolled", {"mode": "telephone"}, "people"),
        ("contacts", "invited", {"mode": "telephone"}, "people"),
        ("contacts", "enrolled", {"mode": "letter"}, "people"),
        ("contacts", "enrolled", {"place": "telephone"}, "people"),
        ("contacts", "enrolled", {}, "people"),
        ("contacts", "enrolled", {"mode": "telephone"}, "share")]
    assert len({cell_id(*one) for one in said}) == len(said)


KEYS, VALUES = st.sampled_from(["mode", "place", "reason"]), st.text("a|=\\", min_size=1, max_size=4)


@given(st.dictionaries(KEYS, VALUES), st.dictionaries(KEYS, VALUES))
def test_no_words_in_the_data_give_two_numbers_one_id(one, other):
    assert (cell_id("m", "p", one, "s") == cell_id("m", "p", other, "s")) == (one == other)


def test_a_value_that_looks_like_two_dimensions_is_one():
    assert cell_id("m", "p", {"mode": "a|place=b"}, "s") != cell_id("m", "p", {"mode": "a", "place": "b"}, "s")


def test_an_id_does_not_depend_on_what_was_counted_before_or_on_the_number():
    later = Cells("contacts")
    later.count(7, population="enrolled", mode="text message")
    later.count(99, population="enrolled", mode="telephone")
    later.people("enrolled", 106)
    assert ids(later) == ids(with_two_groups())


def test_the_same_people_are_one_cell_in_every_measure():
    assert Cells("contacts").people("enrolled", 40) == Cells("opioid dose").people("enrolled", 40)


def test_the_words_of_a_cell_are_for_a_person():
    assert list(ids(with_two_groups())) == ["people, enrolled: people", "contacts, enrolled, mode = telephone: people",
                                            "contacts, enrolled, mode = text message: people"]


# ------------------------------------------------------------------------------------------------ one number, one cell

def test_a_count_in_two_places_with_two_values_is_an_error():
    with pytest.raises(ValueError) as error:
        with_two_groups().count(31, population="enrolled", mode="telephone")
    assert str(error.value) == "two numbers for one cell: contacts, enrolled, mode = telephone: people: 30 and 31"


def test_a_count_in_two_places_with_one_value_is_one_cell():
    cells = with_two_groups()
    cells.count(30, population="enrolled", mode="telephone")
    assert ids(cells) == ids(with_two_groups())


def test_a_count_that_rests_on_other_people_is_another_number():
    cells = Cells("contacts")
    cells.count(30, "contacts", population="enrolled", people=12)
    with pytest.raises(ValueError, match="^two numbers for one cell: "):
        cells.count(30, "contacts", population="enrolled", people=13)


# ------------------------------------------------------------------------------------------------ kinds of cells

def test_a_count_of_people_rests_on_itself_and_a_count_of_contacts_on_the_people_who_had_them():
    cells = Cells("contacts")
    people = cells.count(5, population="enrolled")
    contacts = cells.count(30, "contacts", population="enrolled", people=5)
    made = cells.summary("", About("", "")).cells
    assert (made[people].n, made[contacts].n, made[contacts].value) == (5, 5, 30)


def test_a_share_says_which_cells_it_is_computed_from():
    cells = with_two_groups()
    whole, part, _ = ids(cells).values()
    share = cells.share(part, whole)
    made = cells.summary("", About("", "")).cells[share]
    assert (made.kind, made.value, made.numerator, made.denominator, made.unit) == ("ratio", 75.0, part, whole, "%")


def test_the_same_count_has_a_share_of_each_whole():
    cells = with_two_groups()
    whole, part, other = ids(cells).values()
    assert cells.share(part, whole) != cells.share(part, other)


def test_a_share_of_nobody_is_absent_and_says_why():
    cells = Cells("contacts")
    nobody = cells.people("enrolled", 0)
    share = cells.share(cells.count(0, population="enrolled", mode="letter"), nobody)
    made = cells.summary("", About("", "")).cells[share]
    assert (made.value, made.absent) == (None, "nobody to divide by")


def test_a_total_is_the_sum_of_its_parts_and_names_them():
    cells = with_two_groups()
    _, one, two = ids(cells).values()
    total = cells.total([one, two], population="enrolled")
    made = cells.summary("", About("", "")).cells[total]
    assert (made.kind, made.value, made.n, made.parts) == ("total", 40, 40, (one, two))


@pytest.mark.parametrize("nothing", [None, math.nan])
def test_a_statistic_of_nobody_is_absent_and_never_nan(nothing):
    cells = Cells("age")
    median = cells.value(nothing, "median", population="enrolled", n=0)
    made = cells.summary("", About("", "")).cells[median]
    assert (made.value, made.absent) == (None, "nobody to compute it from")


def test_a_word_about_a_number_names_it_and_is_of_its_people():
    cells = with_two_groups()
    _, part, _ = ids(cells).values()
    word = cells.word("yes", True, "agrees", follows=part, figure="By telephone", name="agrees")
    made = cells.summary("", About("", "")).cells[word]
    assert (made.kind, made.text, made.value, made.n, made.population, made.numerator, made.words) == (
        "text", "yes", 1.0, 30, "enrolled", part, "contacts, enrolled, figure = By telephone: agrees")


def test_a_word_about_no_number_is_an_error():
    with pytest.raises(KeyError):
        with_two_groups().word("yes", True, "agrees", follows="0123456789")


# ------------------------------------------------------------------------------------------------ the table

def test_columns_stand_in_the_order_in_which_they_are_first_mentioned_unless_told():
    cells = Cells("contacts")
    cells.row("one", {"B": ("x", {}), "A": ("y", {})})
    assert cells.summary("", About("", "")).columns == ("B", "A")
    assert cells.summary("", About("", ""), columns=("A", "B")).columns == ("A", "B")


def test_a_line_has_an_entry_for_each_of_its_columns_and_none_for_another():
    cells = Cells("contacts")
    n = cells.people("enrolled", 40)
    cells.line("Enrolled", People=("{n}", {"n": n}))
    line, = cells.summary("", About("", "")).lines
    assert (line.entry("People"), line.entry("Share")) == (("{n}", {"n": n}), None)


def test_a_line_is_optional_only_where_the_measure_says_so():
    cells = Cells("contacts")
    n = cells.people("enrolled", 0)
    cells.row("one", {"People": ("{n}", {"n": n})}, optional=True)
    cells.row("two", {"People": ("{n}", {"n": n})})
    cells.line("three", People=("{n}", {"n": n}))
    assert [line.optional for line in cells.summary("", About("", "")).lines] == [True, False, False]


@pytest.mark.parametrize(("found", "known", "rows"), [
    (["b", "a", "b"], [], ["a", "b"]),
    (["b"], ["c", "a"], ["c", "a", "b"]),          # the definition's in its order, occurring or not; then others
    (["a", "c"], ["c", "a"], ["c", "a"]),
    ([None, math.nan, "a"], [], ["a"]),            # what is missing is no level
    ([], ["a"], ["a"])])
def test_the_definition_s_values_have_a_row_whether_they_occur_or_not(found, known, rows):
    assert levels(found, known) == rows


@given(st.lists(st.sampled_from("abcd")), st.permutations("abcd"))
def test_rows_of_known_values_never_come_and_go_with_the_data(found, known):
    assert levels(found, known) == list(known)


def test_a_summary_is_frozen_and_with_about_is_a_changed_copy():
    before = with_two_groups().summary("Contacts", About("enrolled", "enrolled"))
    after = before.with_about(prespecified="prespecified")
    assert (before.about.prespecified, after.about.prespecified) == ("", "prespecified")
    with pytest.raises(AttributeError):
        before.title = "Visits"
