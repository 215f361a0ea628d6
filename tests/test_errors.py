"""Mistakes: what a person reads, and what the run ends with."""

import errno
import os
import pickle

import pytest

from analysis.errors import (
    BlockingFaults,
    DefinitionMistake,
    ExtractMistake,
    Leak,
    Mistake,
    PageFailed,
    nearest,
    refused,
    suggestion,
)


@pytest.mark.parametrize("mistake, message", [
    (Mistake("there is no study 'x'"), "there is no study 'x'"),
    (Mistake("no sheet 'x'", where="book.xlsx"), "book.xlsx: no sheet 'x'"),
    (Mistake("no sheet 'x'", remedy="name another"), "no sheet 'x'\n  -> name another"),
    (Mistake("no sheet 'x'", where="book.xlsx", remedy="name another"), "book.xlsx: no sheet 'x'\n  -> name another"),
])
def test_a_mistake_says_where_what_and_on_a_line_of_its_own_the_remedy(mistake, message):
    assert str(mistake) == message


def test_each_kind_of_mistake_has_its_exit_code():
    assert {kind.__name__: kind.exit_code for kind in (
        Mistake, DefinitionMistake, ExtractMistake, BlockingFaults, PageFailed, Leak)} == {
        "Mistake": 2, "DefinitionMistake": 2, "ExtractMistake": 2, "BlockingFaults": 3, "PageFailed": 1, "Leak": 4}


@pytest.mark.parametrize("kind", [Mistake, BlockingFaults, PageFailed, Leak])
def test_a_mistake_made_in_another_process_arrives_whole(kind):
    arrived = pickle.loads(pickle.dumps(kind("found", where="here", remedy="do this")))
    assert (type(arrived), arrived.found, arrived.where, arrived.remedy, arrived.exit_code, str(arrived)) == (
        kind, "found", "here", "do this", kind.exit_code, "here: found\n  -> do this")


@pytest.mark.parametrize("number, said", [
    (errno.ENOSPC, "reports: the disk is full\n  -> make room, then start it again; the last report is as it was"),
    (errno.EROFS, "reports: the system does not let you use it: read-only file system\n"
                  "  -> take the right to read it, or to write there; the last report is as it was"),
    (errno.EIO, "None")])
def test_a_full_disk_and_a_shut_door_are_said_in_words_and_no_other_error_of_the_system_is(number, said):
    assert str(refused(OSError(number, os.strerror(number), "reports"))) == said


@pytest.mark.parametrize("word, known, guess", [
    ("colums", ["columns", "codes"], "columns"),
    ("xyz", ["columns", "codes"], ""),
    ("columns", [], ""),
    (7, [7, 8], "7"),
])
def test_the_nearest_known_word_is_offered_only_if_it_is_near(word, known, guess):
    assert nearest(word, known) == guess


@pytest.mark.parametrize(("word", "known", "said", "remedy"), [
    ("pegg", ["peg", "phq9"], {}, "did you mean 'peg'?"), ("x", ["peg", "phq9"], {}, "one of: peg, phq9"),
    ("x", [], {}, "one of: none"), ("x", ["peg"], {"otherwise": "take it out"}, "take it out"),
    ("pegg", ["peg"], {"always": "known: peg"}, "did you mean 'peg'? known: peg"),
    ("x", ["peg"], {"always": "known: peg"}, "known: peg")])
def test_a_word_that_is_not_known_is_answered_by_the_one_most_like_it_or_by_what_there_is(word, known, said, remedy):
    assert suggestion(word, known, **said) == remedy
