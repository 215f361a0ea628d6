"""A value set says what each level takes away, and its worked examples must come out before it is used."""

import pytest

from analysis.errors import Mistake
from analysis.reference.instruments import SHIPPED
from analysis.reference.value_sets import defined

SMALL = {"name": "small", "title": "Small", "instrument": "eq5d3l", "country": "none", "date": "today",
         "method": "invented", "source": "invented", "licence": "none", "start": 1.0, "any_problem": 0.1,
         "any_at_worst": 0.2, "decrements": [[0, 0.05, 0.3], [0, 0.1, 0.2]],
         "examples": [{"answers": [1, 1], "index": 1.0, "source": "full health"}]}


def test_what_is_taken_off_once_is_taken_off_once():
    one = defined(SMALL)
    assert [one.index(levels) for levels in ((1, 1), (2, 1), (2, 2), (3, 1), (3, 3))] == [1.0, 0.85, 0.75, 0.4, 0.2]


@pytest.mark.parametrize(("change", "message"), [
    ({"sourse": "x"}, "did you mean 'source'"),
    ({"decrements": [[0, 0.1], [0, 0.1, 0.2]]}, "one row a dimension and one number a level"),
    ({"examples": [{"answers": [3, 3], "index": 0.3, "source": "x"}]}, r"comes to 0.2, and 0.3 is printed"),
    ({"examples": [{"answers": [4, 1], "index": 0.3, "source": "x"}]}, "is no profile of 2 dimensions"),
    ({"examples": []}, "no worked example"),
])
def test_a_file_that_contradicts_itself_is_refused(change, message):
    with pytest.raises(Mistake, match=message):
        defined(SMALL | change, where="small.toml")


@pytest.mark.parametrize("name", SHIPPED.value_sets())
def test_a_worse_level_is_never_worth_more(name):
    for row in SHIPPED.value_set(name).decrements:
        assert row[0] == 0 and list(row) == sorted(row)


def test_an_instrument_finds_the_value_sets_that_are_made_for_it():
    assert (SHIPPED.value_sets("eq5d5l"), SHIPPED.value_sets("eq5d3l"), SHIPPED.value_sets("peg")) == (
        ["uk-5l-2026"], ["uk-3l-mvh-a1"], [])
