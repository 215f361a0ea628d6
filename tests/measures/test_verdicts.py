"""Claims about numbers: what holds, what does not, and what cannot be said."""

import pytest

from analysis.measures.verdicts import HIDDEN, VERDICTS


@pytest.mark.parametrize(("claim", "seen", "verdict"), [
    ("<", [(3, 3), (5, 5)], True), ("<", [(5, 5), (5, 5)], False), ("<", [(3, 7), (5, 5)], None),
    (">", [(5, 5), (3, 3)], True), (">=", [(5, 5), (5, 5)], True), ("<=", [(6, 6), (5, 5)], False),
    ("=", [(5, 5), (5, 5)], True), ("=", [(4, 6), (5, 5)], None), ("=", [(6, 8), (5, 5)], False),
    ("<", [HIDDEN, (5, 5)], None), ("<", [None, (5, 5)], None),
    ("few", [(3, 3), (12, 12)], True), ("few", [(4, 4), (12, 12)], False), ("few", [(0, 0), (12, 12)], False),
    ("most", [(7, 7), (12, 12)], True), ("most", [(6, 6), (12, 12)], False), ("most", [(5, 8), (12, 12)], None),
    ("all", [(12, 12), (12, 12)], True), ("all", [(11, 11), (12, 12)], False), ("all", [(0, 0), (0, 0)], None),
    ("some", [(1, 1), (4, 4)], True), ("some", [(0, 0), (4, 4)], False), ("none", [(0, 0), (4, 4)], True),
    ("some", [(0, 0), (0, 0)], None), ("none", [(0, 0), (0, 0)], None), ("most", [(0, 0), (0, 0)], None),
    ("any", [HIDDEN, (1, 1)], True), ("any", [HIDDEN, (0, 0)], None), ("any", [(0, 0), (0, 0)], False),
    ("anybody", [HIDDEN, (9, 9), (1, 1), (9, 9)], True), ("anybody", [HIDDEN, (9, 9), (0, 0), (9, 9)], None),
    ("anybody", [(0, 0), (9, 9), (0, 0), (0, 0)], False), ("anybody", [(0, 0), (0, 0)], None),
    ("nobody", [HIDDEN, (9, 9), (1, 1), (9, 9)], False), ("nobody", [(0, 0), (9, 9)], True),
    ("known", [None, (0, 0)], True), ("known", [None, HIDDEN], None), ("known", [None], False),
    ("every", [(1, 1), (1, 1)], True), ("every", [None, (0, 0)], False), ("every", [None, (1, 1)], None),
])
def test_a_claim_holds_does_not_or_cannot_be_checked(claim, seen, verdict):
    assert VERDICTS[claim](seen) is verdict
