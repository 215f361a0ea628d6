"""Rules about interviews: each names the interview, the code or the place in the project that breaks it."""

import hashlib

import pandas as pd
import pytest
from coded_service import coded
from small_extracts import opened

from analysis.extracts.checks.interviews import held
from analysis.extracts.checks.rules import RULES
from analysis.interviews.codings import Coding, Interview, Project

DEFINITION = coded(codes=2, interviews=2)
TEXT = "Good morning"
SHA256 = hashlib.sha256(TEXT.encode()).hexdigest()
LOG = [("I1", "yes", SHA256, "log.csv", 2), ("I2", "yes", SHA256, "log.csv", 3)]
CODES = [("trust", "Trust", None, "codebook.csv", 2), ("time", "Time", "trust", "codebook.csv", 3)]
SOURCES = [Interview("I1", "I1", TEXT), Interview("I2", "I2", TEXT)]
CODINGS = [Coding("I1", "trust", "A", 0, 4), Coding("I1", "trust", "A", 5, 12), Coding("I1", "trust", "B", 0, 4),
           Coding("I1", "time", "A", 0, 4), Coding("I2", "trust", "A", 0, 4)]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return opened(tmp_path_factory.mktemp("small"), {}, DEFINITION)


def broken(study, *, log=LOG, codes=CODES, sources=SOURCES, codings=CODINGS, losses=(), gone=()):
    """(rule, what was found, file, line) of everything that is not as it must be."""
    project = Project(tuple(sources), (), tuple(codings), len(codings) + sum(n for _, n in losses), losses=losses)
    log = pd.DataFrame(log, columns=["interview_id", "recorded", "text_sha256", "source_file", "source_row"])
    book = pd.DataFrame(codes, columns=["code_id", "name", "parent", "source_file", "source_row"])
    found = held(study, {"interviews": log, "codes": book}, project, project, book, gone)
    return [(one.rule, it.found, it.file, it.row) for one in found for it in one.broken]


def test_a_clean_project_breaks_no_rule_and_all_of_them_are_run(study):
    assert broken(study) == []
    log = pd.DataFrame(LOG, columns=["interview_id", "recorded", "text_sha256", "source_file", "source_row"])
    book = pd.DataFrame(CODES, columns=["code_id", "name", "parent", "source_file", "source_row"])
    project = Project(tuple(SOURCES), (), tuple(CODINGS), len(CODINGS))
    run = {one.rule for one in held(study, {"interviews": log, "codes": book}, project, project, book)}
    joined = {"coded interview in the log", "code in the codebook"}  # held where the tables are joined
    assert run == {name for name, rule in RULES.items() if rule.subject == "interviews"} - joined


@pytest.mark.parametrize(("changed", "found"), [
    ({"codes": [*CODES[:1], ("time", "trust ", "trust", "codebook.csv", 3)]},
     ("one name a code", "'time' has the name of 'trust'", "codebook.csv", 3)),
    ({"codes": [*CODES[:1], ("time", "Time", "talk", "codebook.csv", 3)]},
     ("parent in the codebook", "'time' stands under 'talk'", "codebook.csv", 3)),
    ({"codes": [*CODES, ("hope", "Hope", None, "codebook.csv", 4)]},
     ("codes as declared", "3 where 2 are declared", "", 0)),
    ({"log": LOG[:1]}, ("interviews as declared", "1 where 2 are declared", "", 0)),
    ({"sources": SOURCES[:1], "codings": CODINGS[:4]},
     ("interview with its transcript", "no text of this interview in the project", "log.csv", 3)),
    ({"sources": [SOURCES[0], Interview("I2", "I2", "Good evening")]},
     ("transcript as coded", "another text than the log's", "log.csv", 3)),
    ({"losses": (("selection of no length", 2),)},
     ("passage with words", "selection of no length: 2 codings", "coded.qdpx", 0)),
    ({"losses": (("selection outside the text", 1),)},
     ("passage inside its text", "selection outside the text: 1 coding", "coded.qdpx", 0)),
    ({"codings": [*CODINGS, Coding("I2", "trust", "A", 2, 9)]},
     ("passage counted once", "'trust' twice in source 2 of the project, characters 2 to 4", "coded.qdpx", 0)),
])
def test_a_fault_is_told_by_one_rule_which_names_it(study, changed, found):
    assert broken(study, **changed) == [found]


LONG = "Nobody asked me before they wrote to Nurse Bell about the tablets I had."


def test_positions_that_moved_by_a_letter_are_told_of_the_interview_they_moved_in(study):
    words = [(0, 6), (7, 12), (16, 22), (23, 27), (28, 33), (66, 67)]
    moved = [Coding("I1", "time", "A", start + 1, end + 1) for start, end in words]
    log = [("I1", "yes", hashlib.sha256(LONG.encode()).hexdigest(), "log.csv", 2), LOG[1]]
    sources = [Interview("I1", "I1", LONG), SOURCES[1]]
    assert broken(study, log=log, sources=sources, codings=moved) == [
        ("passage at the edges of words", "5 of 6 passages of source 1 of the project begin or end inside a word",
         "coded.qdpx", 0)]
    assert broken(study, log=log, sources=sources, codings=[Coding("I1", "time", "A", *place) for place in words]) == []


def test_positions_that_moved_behind_an_edit_are_told_where_the_first_ones_did_not_move(study):
    words, begins = [], 0
    for word in LONG.split():
        words.append((begins, begins + len(word)))
        begins += len(word) + 1
    moved = [Coding("I1", "time", "A", *place) for place in words[:8]] + [
        Coding("I1", "time", "A", start + 1, end + 1) for start, end in [one for one in words if one[0] > 36][:5]]
    log = [("I1", "yes", hashlib.sha256(LONG.encode()).hexdigest(), "log.csv", 2), LOG[1]]
    found = broken(study, log=log, sources=[Interview("I1", "I1", LONG), SOURCES[1]], codings=moved)
    assert [said for rule, said, *_ in found if rule == "passage at the edges of words"] == [
        "the last 5 of 13 passages of source 1 of the project begin or end inside a word"]


def test_a_name_with_its_title_is_told_by_its_place_and_not_repeated(study):
    log = [("I1", "yes", hashlib.sha256(LONG.encode()).hexdigest(), "log.csv", 2), LOG[1]]
    passages = [Coding("I1", "time", "A", 23, 72), Coding("I1", "trust", "A", 23, 72), Coding("I1", "time", "B", 0, 6)]
    assert broken(study, log=log, sources=[Interview("I1", "I1", LONG), SOURCES[1]], codings=passages) == [
        ("no name in a passage", "a title and a name in source 1 of the project, characters 37 to 47", "coded.qdpx", 0)]


def test_the_name_of_a_site_or_a_worker_is_told_by_its_place_and_a_code_or_a_word_is_no_name(tmp_path):
    sites = '[sites]\nby = "practice"\nnames = { a = "Mill Lane Surgery", b = "B" }\n'
    text = "Niamh at Mill Lane Surgery, not W1. Pharmacist? My pharmacist."
    log = pd.DataFrame({"interview_id": ["I1"]})
    book = pd.DataFrame(CODES, columns=["code_id", "name", "parent", "source_file", "source_row"])
    project = Project((Interview("I1", "I1", text),), (), (Coding("I1", "time", "A", 0, len(text)),), 1)
    contacts = pd.DataFrame({"worker": ["Niamh", "W1", "Pharmacist", None]})
    rules = held(opened(tmp_path, {}, DEFINITION + sites), {"interviews": log, "codes": book, "contacts": contacts},
                 project, project, book)
    said = "the name of a site or a worker in source 1 of the project, characters"
    assert [it.found for one in rules if one.rule == "no name in a passage" for it in one.broken] == [
        f"{said} 0 to 5", f"{said} 9 to 26"]


def test_a_source_that_was_renamed_is_not_told_a_second_time_as_a_missing_transcript(study):
    """'coded interview in the log' names the source; which transcript it is nobody can say where two are missing."""
    renamed = [SOURCES[0], Interview("second", "second", TEXT)]
    codings = [*CODINGS[:4], Coding("second", "trust", "A", 0, 4)]
    assert broken(study, sources=renamed, codings=codings) == []
    log = [*LOG, ("I3", "yes", SHA256, "log.csv", 4)]
    assert [(rule, row) for rule, _, _, row in broken(study, log=log, sources=renamed, codings=codings)
            if rule == "interview with its transcript"] == [("interview with its transcript", 3),
                                                            ("interview with its transcript", 4)]


def test_an_interview_that_was_not_recorded_needs_no_transcript(study):
    assert broken(study, log=[LOG[0], ("I2", "no", None, "log.csv", 3)], sources=SOURCES[:1], codings=CODINGS[:4]) == []


def test_a_withdrawn_interview_is_counted_as_declared_and_not_looked_at(study):
    twice = Coding("I2", "trust", "A", 2, 9)
    assert broken(study, log=LOG[:1], codings=[*CODINGS, twice], gone=["I2"]) == []


def test_a_passage_inside_another_is_counted_twice_however_far_apart_they_end(study):
    """The long passage reaches over the second and the third, which do not touch."""
    nested = [Coding("I1", "trust", "A", 0, 12), Coding("I1", "trust", "A", 1, 3), Coding("I1", "trust", "A", 5, 8)]
    assert [what for _, what, *_ in broken(study, codings=nested)] == [
        "'trust' twice in source 1 of the project, characters 1 to 3",
        "'trust' twice in source 1 of the project, characters 5 to 8"]


def test_a_project_without_texts_is_not_asked_for_them(study):
    sources = [Interview("I1", "I1"), Interview("I2", "I2")]
    assert broken(study, sources=sources) == []
