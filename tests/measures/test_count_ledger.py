"""The count ledger: one set of codings, and the number that each program would print of it."""

import pytest
from coded_material import CODES, GROUPS, INTERVIEWS, codings, shown

from analysis.measures.interviews.count_ledger import OURS, count_ledger
from analysis.reference.counting import countings


def row(label: str, *rows) -> dict[str, str]:
    """What is printed beside a code: ours, and those of the other programs by their column."""
    return shown(count_ledger(CODES, codings(*rows), INTERVIEWS, countings(), groups=GROUPS), label)


NUMBERS = ["NVivo: files", "NVivo: references", "MAXQDA: coded segments", "ATLAS.ti: groundedness"]


@pytest.mark.parametrize(("rows", "ours", "theirs"), [
    ([("I01", "fear", "A", 0, 9)], "1 (1)", "1 1 1 1"),
    ([("I01", "fear", "A", 0, 9), ("I01", "fear", "B", 0, 9)], "1 (1)", "1 2 2 1"),     # both coders, to the letter
    ([("I01", "fear", "A", 0, 9), ("I01", "fear", "B", 1, 9)], "1 (1)", "1 2 2 2"),     # a letter apart
    ([("I01", "fear", "A", 0, 9), ("I01", "fear", "A", 20, 30)], "1 (2)", "1 2 2 2"),
    ([("I01", "fear", "A", 0, 9), ("I04", "fear", "A", 0, 9)], "2 (2)", "2 2 2 2"),
    ([("I01", "fear", "A", None, None, None, None)], "1 (0)", "1 0 0 0")])                # of which nothing is known
def test_each_program_prints_another_number_of_the_same_codings(rows, ours, theirs):
    found = row("Fear of reducing", *rows)
    assert (found[OURS], " ".join(found[name] for name in NUMBERS)) == (ours, theirs)


@pytest.mark.parametrize(("parts", "ours", "theirs"), [
    ([("whole", "s1")], "1 (0)", "1 1 0 0"), ([("elsewhere", "s1")], "1 (0)", "1 1 1 1"),
    ([("elsewhere", "s1"), ("elsewhere", "s1")], "1 (0)", "1 2 2 1"),  # two coders on one region
    ([("elsewhere", "s1"), ("elsewhere", "s2")], "1 (0)", "1 2 2 2")])
def test_a_region_of_a_picture_is_no_passage_here_and_counts_elsewhere(parts, ours, theirs):
    rows = [("I01", "fear", coder, None, None, None, None) for coder, _ in zip("AB", parts, strict=False)]
    marks = codings(*rows).assign(part=[part for part, _ in parts], selection=[key for _, key in parts])
    found = shown(count_ledger(CODES, marks, INTERVIEWS, countings(), groups=GROUPS), "Fear of reducing")
    assert (found[OURS], " ".join(found[name] for name in NUMBERS)) == (ours, theirs)


def test_a_theme_is_the_sum_of_its_codes_in_one_program_and_nothing_in_another():
    """One stretch with two codes: one passage of the theme here, two references, two segments, no quotation."""
    found = row("Medicines", ("I01", "fear", "A", 0, 9), ("I01", "own-pace", "A", 0, 9))
    assert (found[OURS], " ".join(found[name] for name in NUMBERS)) == ("1 (1)", "1 2 2 0")


def test_the_rule_of_every_number_and_its_source_stand_below():
    notes = " ".join(count_ledger(CODES, codings(("I01", "fear", "A", 0, 9)), INTERVIEWS, countings()).notes)
    assert all(f"{one.tool}, {one.number}: {one.says} ({one.source}" in notes for one in countings())
    assert {one.counts for one in countings()} <= {"interviews", "codings", "places"}
    assert {one.parents for one in countings()} <= {"own", "sum", "once"}
