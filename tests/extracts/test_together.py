"""Issues as numbers of person, product and day: which must be looked at together, whatever their order."""

import numpy as np
import pytest

from analysis.extracts.large.together import NO_DRUG, Issues, Numbering

# Four people, three products of which the first two are one drug, a hundred days, quantities none, 28 and 56.
NUMBERING = Numbering(4, 3, 100, np.array([0, 0, NO_DRUG]), 1, np.array([np.nan, 28.0, 56.0]), 84)


def issues(*rows: tuple[int, int, int], repeat: bool = True, amount: int = 1, scale: int = 1) -> Issues:
    """Issues of (person, product, day), the first of which is row 0; sorted as they are looked at."""
    numbers = np.array([(person * 3 + word) * 100 + day for person, word, day in rows], "int64") * scale
    n = len(rows)
    return Issues.together([Issues(NUMBERING, numbers, np.arange(n), np.full(n, repeat), np.full(n, amount, "int32"))])


def rows(found: np.ndarray) -> list[int]:
    return sorted(int(row) for row in found)


def test_issues_of_one_product_on_one_day_lie_together():
    assert rows(issues((1, 0, 5), (2, 0, 5), (1, 0, 5), (1, 1, 5), (1, 0, 6)).made_twice()) == [0, 2]


def test_two_names_of_one_drug_on_a_day_lie_together_and_a_name_twice_does_not():
    found = issues((1, 0, 5), (1, 1, 5), (1, 2, 5), (2, 0, 5), (2, 0, 5), (3, 0, 5), (3, 1, 6)).of_two_strengths()
    assert rows(found) == [0, 1]


def test_repeats_that_are_monthly_but_for_a_gap_lie_together():
    monthly = [(1, 0, day) for day in (0, 10, 20, 30, 40, 50)]
    assert rows(issues(*monthly, (2, 0, 0), (2, 0, 99)).with_a_gap()) == []
    late = [(person, 0, day) for person in (1, 2) for day in (0, 2, 4, 6, 8)] + [(1, 0, 99), (2, 0, 50)]
    assert rows(issues(*late).with_a_gap()) == [0, 1, 2, 3, 4, 10]
    assert rows(issues(*late, repeat=False).with_a_gap()) == []


def test_nobody_lies_with_nobody():
    nobody = issues()
    assert [rows(of()) for of in (nobody.made_twice, nobody.of_two_strengths, nobody.with_a_gap,
                                  nobody.with_several_in_one)] == [[], [], [], []]


@pytest.mark.parametrize("scale", [1, 1 << 50], ids=["short numbers", "numbers that leave no room for a place"])
def test_sorted_issues_keep_their_rows_and_those_alike_their_order(scale):
    dice = np.random.default_rng(7)
    some = [tuple(map(int, row)) for row in dice.integers(0, [4, 3, 20], (500, 3))]
    made = issues(*some, scale=scale)
    assert made.row.tolist() == sorted(range(500), key=lambda row: (some[row], row))


@pytest.mark.parametrize("parts", [1, 2, 3, 4])
def test_no_person_is_in_two_parts_and_no_row_in_none(parts):
    dice = np.random.default_rng(11)
    every = issues(*[tuple(map(int, row)) for row in dice.integers(0, [4, 3, 100], (200, 3))])
    found = every.by_people(parts)
    assert len(found) == parts
    people = [set(part.number // 300) for part in found]
    assert sum(map(len, people)) == len(set().union(*people)) == 4
    assert rows(np.concatenate([part.row for part in found])) == list(range(200))
