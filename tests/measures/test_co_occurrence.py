"""Co-occurrence: pairs of passages that overlap, and two coefficients that are read with their warnings."""

import pytest
from coded_material import CODES, GROUPS, INTERVIEWS, codings
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures.interviews.co_occurrence import (
    c_coefficient,
    co_occurrence,
    overlaps,
    warnings,
)
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release


def measured(*rows, **how):
    return co_occurrence(CODES, codings(*rows), INTERVIEWS, groups=GROUPS, **how)


def printed(summary, label: str, rules: str = "none") -> list[str]:
    """A row as a page prints it."""
    released = release(summary, Profiles({"interviewed": profile(rules)}))
    line = next(line for line in released.lines if line.label == label)
    return [pattern.format(**{name: released.cells[i].text for name, i in ids}) for _, pattern, ids in line.entries]


def test_the_worked_example_of_atlas_ti():
    """100 and 10 quotations, 5 of them together: 5 / 105 (ATLAS.ti manual, c-coefficient); flagged as uneven."""
    assert round(c_coefficient(100, 10, 5), 3) == 0.048
    assert warnings(100, 10, 5) == ["one is more than five times the other"]


@pytest.mark.parametrize(("n1", "n2", "both", "said"), [
    (50, 10, 5, []), (51, 10, 5, ["one is more than five times the other"]), (0, 10, 0, []),
    (2, 1, 2, ["out of range: a passage meets several of the other code"]),
    (2, 2, 4, ["out of range: a passage meets several of the other code"])])
def test_a_pair_is_flagged_where_its_coefficient_misleads(n1, n2, both, said):
    assert warnings(n1, n2, both) == said


def test_passages_that_overlap_are_a_pair_and_passages_that_touch_are_none():
    found = measured(("I01", "fear", "A", 0, 10), ("I01", "delivery", "A", 9, 20), ("I02", "fear", "A", 0, 10),
                     ("I02", "delivery", "A", 10, 20))
    assert printed(found, "Medicines × Delivery") == ["2 and 2", "1", "0.333", "0.500", "–"]


def test_two_coders_on_one_passage_are_one_passage_of_a_pair():
    found = measured(("I01", "fear", "A", 0, 10), ("I01", "fear", "B", 1, 12), ("I01", "delivery", "B", 5, 8))
    assert printed(found, "Medicines × Delivery") == ["1 and 1", "1", "1.000", "1.000", "–"]


def test_a_code_on_a_whole_interview_has_no_passage_that_could_overlap():
    found = measured(("I01", "fear", "A", None, None, None, None), ("I01", "delivery", "A", 0, 5))
    assert printed(found, "Medicines × Delivery")[1:4] == ["0", "0.000", "–"]


def test_among_codes_only_pairs_that_meet_have_a_row():
    found = measured(("I01", "fear", "A", 0, 10), ("I01", "own-pace", "A", 5, 20), of_codes=True)
    shown = release(found, Profiles({"interviewed": profile("none")}))
    assert [line.label for line in shown.lines] == ["Fear of reducing × Own {pace}"]


def test_a_row_of_codes_stays_where_its_count_is_hidden():
    """Under a strict profile one meeting and none at all look the same."""
    meet = measured(("I01", "fear", "A", 0, 10), ("I01", "own-pace", "A", 5, 20), of_codes=True)
    apart = measured(("I01", "fear", "A", 0, 10), ("I01", "own-pace", "A", 15, 20), of_codes=True)
    strict = Profiles({"interviewed": profile("opensafely")})
    assert [line.label for line in release(meet, strict).lines] == ["Fear of reducing × Own {pace}"]
    assert {cell.status for cell in release(meet, strict).cells.values()} == {"hidden"}
    assert len(release(apart, strict).lines) == (1 if profile("opensafely").hides_zero else 0)


spans = st.lists(st.integers(0, 30), unique=True, max_size=10).map(sorted).map(
    lambda cuts: [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)])


@given(spans, spans)
def test_overlapping_pairs_are_those_that_share_a_character(one, other):
    assert overlaps(one, other) == sum(bool(set(range(*a)) & set(range(*b))) for a in one for b in other)
