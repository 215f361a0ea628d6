"""Published figures beside computed ones: equal as printed, or not; a name that no measure has is a mistake."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measured import rows

from analysis.errors import Mistake
from analysis.measures.cells import Cells
from analysis.measures.records.published import agrees, not_transcribed, published_comparison
from analysis.measures.summary import About
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release


def flow(enrolled: int = 34):
    cells = Cells("participant flow")
    invited = cells.people("invited", 59, "invited")
    cells.share(cells.people("enrolled", enrolled, "enrolled"), invited, name="enrolled_share")
    return cells.summary("Flow", About("people invited", "people invited"))


def figure(what: str, value: float, cell: str, digits: int = 0, status: str = "verified") -> dict:
    return {"what": what, "value": value, "digits": digits, "status": status, "source": "Scott 2020", "cell": cell}


# ------------------------------------------------------------------------------------------------ agreement

@pytest.mark.parametrize(("computed", "published", "digits", "same"), [
    (34, 34, 0, True),
    (33, 34, 0, False),
    (57.627, 57.6, 1, True),
    (57.627, 58, 0, True),
    (57.627, 57, 0, False),
    (26.5, 27, 0, True),        # halves up, as papers print them
    (26.5, 26, 0, False),
    (26.4999, 26, 0, True),
    (2.675, 2.68, 2, True),     # whose nearest float is a little less
    (-1.25, -1.3, 1, True),
    (-1.25, 1.3, 1, False),     # a fall is no rise
    (-0.04, 0, 1, True),
    (None, 0, 0, False)])
def test_a_computed_number_agrees_when_it_prints_as_the_published_one(computed, published, digits, same):
    assert agrees(computed, published, digits) is same


@given(st.integers(-10**6, 10**6), st.integers(0, 3))
def test_a_number_agrees_with_its_own_rounding_and_not_with_the_next(thousandths, digits):
    exact = Decimal(thousandths) / 1000
    printed = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    assert agrees(float(exact), float(printed), digits)
    assert not agrees(float(exact), float(printed + Decimal(1).scaleb(-digits)), digits)


# ------------------------------------------------------------------------------------------------ the table

def test_each_figure_stands_beside_the_computed_number():
    found = published_comparison([figure("People invited", 59, "participant flow/invited"),
                                  figure("Enrolled, %", 57.7, "participant flow/enrolled_share", 1, "derived"),
                                  {"what": "Age", "status": "not transcribed", "source": "table of ages"}], [flow()])
    assert rows(found) == {
        "People invited": {"Published": "59", "Computed": "59", "Agree": "1", "Status": "as published",
                           "Source": "Scott 2020"},
        "Enrolled, %": {"Published": "57.7", "Computed": "57.6", "Agree": "0",
                        "Status": "derived from published figures", "Source": "Scott 2020"},
        "Figures compared, and that agree": {"Published": "2", "Agree": "1"}}
    assert {name: found.cells[identity].value for name, identity in found.names.items()} == {"compared": 2, "agree": 1}


def shown(rules: str, enrolled: int, *figures: dict) -> dict[str, list[str]]:
    """Figure -> (published, computed, agree) as a reader sees them, everybody under the same profile."""
    found = published_comparison(figures, [flow(enrolled)])
    everybody = Profiles(dict.fromkeys(("invited", "enrolled"), profile(rules)))
    released = release(found, everybody)
    return {line.label: [pattern.format(**{name: released.cells[identity].text for name, identity in ids.items()})
                         for column in ("Published", "Computed", "Agree") if (entry := line.entry(column))
                         for pattern, ids in [entry]] for line in released.lines}


INVITED = figure("Invited", 59, "participant flow/invited")
ENROLLED = figure("Enrolled", 4, "participant flow/enrolled")


def test_a_figure_agrees_or_not_in_words_and_the_figures_that_do_are_counted():
    assert shown("none", 34, INVITED, ENROLLED) == {
        "Invited": ["59", "59", "yes"], "Enrolled": ["4", "34", "NO"],
        "Figures compared, and that agree": ["2", "1"]}


@pytest.mark.parametrize("enrolled", [4, 5])
def test_whether_a_hidden_number_is_the_published_one_is_hidden_and_so_is_how_many_agree(enrolled):
    """'yes' beside a hidden number would tell the number, and so would '2 of 2 agree'."""
    assert shown("opensafely", enrolled, INVITED, ENROLLED) == {
        "Invited": ["59", "60", "[REDACTED]"], "Enrolled": ["4", "[REDACTED]", "[REDACTED]"],
        "Figures compared, and that agree": ["2", "[REDACTED]"]}


@pytest.mark.parametrize("cell", ["invited", "enrolled_share"])
def test_whether_a_rounded_number_was_the_published_one_is_hidden_because_it_would_undo_the_rounding(cell):
    """59 invited are shown as 60: 'yes' beside the published 59 would tell that they are no 58 and no 61."""
    same, other = (shown("opensafely", 34, figure("It", value, f"participant flow/{cell}"))["It"] for value in (59, 58))
    assert same[1:] == other[1:] and same[2] == "[REDACTED]"


def test_figures_of_a_publication_are_never_hidden_or_rounded_whatever_the_strictest_profile_is():
    """They are in print: a four there is no four of ours."""
    assert shown("opensafely", 34, ENROLLED)["Enrolled"][0] == "4"
    assert shown("opensafely", 34, INVITED)["Figures compared, and that agree"][0] == "1"


def test_a_computed_number_keeps_the_identity_that_it_has_on_its_own_page():
    source = flow()
    found = published_comparison([figure("Enrolled, %", 57.6, "participant flow/enrolled_share", 1)], [source])
    assert set(source.cells) <= set(found.cells)


def test_figures_that_nobody_read_are_named_and_not_filled_in():
    assert rows(not_transcribed([{"what": "Age", "status": "not transcribed", "source": "table of ages"},
                                 figure("People invited", 59, "participant flow/invited")])) == {
        "Age": {"Status": "not transcribed", "Where it would be": "table of ages"}}


def test_a_name_that_no_measure_has_is_a_mistake_that_gives_the_nearest():
    with pytest.raises(Mistake) as mistake:
        published_comparison([figure("People enrolled", 34, "participant flow/enroled")], [flow()])
    assert str(mistake.value) == (
        "published.toml: no measure on this page has a number 'participant flow/enroled' (People enrolled)\n"
        "  -> did you mean 'participant flow/enrolled'? there are: participant flow/enrolled, "
        "participant flow/enrolled_share, participant flow/invited")
