"""Published figures beside computed ones: equal as printed, or not; a name that no measure has is a mistake."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measured import rows

from analysis.errors import Mistake
from analysis.measures.published import agrees, not_transcribed, published_comparison
from analysis.measures.summary import About, Cells


def flow():
    cells = Cells("participant flow")
    invited = cells.people("invited", 59, "invited")
    cells.share(cells.people("enrolled", 34, "enrolled"), invited, name="enrolled_share")
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
        "People invited": {"Published": "59", "Computed": "59", "Agree": "yes", "Status": "as published",
                           "Source": "Scott 2020"},
        "Enrolled, %": {"Published": "57.7", "Computed": "57.6", "Agree": "NO",
                        "Status": "derived from published figures", "Source": "Scott 2020"},
        "Figures compared": {"Published": "2"}}
    assert {name: found.cells[identity].value for name, identity in found.names.items()} == {"compared": 2, "agree": 1}


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
