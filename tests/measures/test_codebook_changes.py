"""Two versions of a codebook: what came, what went, and what is the same code under another name."""

import pytest

from analysis.measures.interviews.codebook_changes import VersionedCode, changes, codebook_changes


def book(*codes: tuple) -> list[VersionedCode]:
    """('theme/code', definition, passages) rows."""
    return [VersionedCode(tuple(path.split("/")), *more) for path, *more in codes]


def told(old, new) -> list[tuple]:
    return [("/".join(c.before) if c.before else None, "/".join(c.after) if c.after else None, c.what)
            for c in changes(old, new)]


@pytest.mark.parametrize(("old", "new", "what"), [
    (book(("a", "words")), book(("a", "words")), []),
    (book(("a", "words")), book(("a", "Words\n ")), []),                               # white space and case are none
    (book(("a", "words")), book(("a", "other words")), [("a", "a", "redefined")]),
    (book(("a", "words")), book(("a", "words"), ("b", "more")), [(None, "b", "new")]),
    (book(("a", "words"), ("b", "more")), book(("a", "words")), [("b", None, "taken out")]),
    (book(("a", "words")), book(("b", "words")), [("a", "b", "renamed")]),             # the same definition
    (book(("t/a", "words")), book(("u/a", "words")), [("t/a", "u/a", "moved")]),
    (book(("t/a", "words")), book(("u/b", "words")), [("t/a", "u/b", "renamed and moved")]),
    (book(("a", "", "f1")), book(("b", "", "f1")), [("a", "b", "renamed")]),           # the same passages
    (book(("a", "one", "f1")), book(("b", "two", "f1")), [("a", "b", "renamed and redefined")]),
    (book(("a", "")), book(("b", "")), [("a", None, "taken out"), (None, "b", "new")]),
    # Two codes of one definition tell nothing about which of them became which.
    (book(("a", "words"), ("b", "words")), book(("c", "words")),
     [("a", None, "taken out"), ("b", None, "taken out"), (None, "c", "new")])])
def test_what_changed_is_told_by_path_definition_and_passages(old, new, what):
    assert told(old, new) == what


def test_each_version_is_a_section_with_its_changes_from_the_one_before():
    found = codebook_changes([("March", book(("a", "x"))), ("May", book(("a", "x"), ("{b}", "y"))),
                              ("June", book(("a", "x"), ("{b}", "y")))])
    assert [(line.section, line.label, line.entries[0][1]) for line in found.lines] == [
        ("May", "(b)", "new"), ("June", "No change", "none")]
