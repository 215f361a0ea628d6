"""What is written as REFI-QDA: valid against the standard's schemas, and read again as the same codings."""

import io
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from analysis.interviews.codings import Attribute, Code, Coding, Interview, Project
from analysis.interviews.refi_export import codebook, qdpx
from analysis.interviews.refi_qda import read

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT.parent / "shared" / "samples" / "refi-qda"
TEXT = "I was afraid \N{GRINNING FACE} of stopping.\nShe <listened> & I went at my own pace."
CODES = (Code("Medicines", "Medicines", definition="All about tablets & doses", codable=False),
         Code("fear", "fear", "Medicines", depth=1), Code("pace", "pace", "Medicines", depth=1))


def small(*codings, text=TEXT):
    return Project((Interview("P01", "P01", text),), CODES, codings, len(codings))


def again(project: Project) -> Project:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.qdpx"
        path.write_bytes(qdpx(project, "study"))
        return read(path)


def said(project: Project):
    return sorted((c.interview, c.code, c.coder, c.start if c.start is not None else -1, c.end or -1, c.text)
                  for c in project.codings)


def test_a_round_trip_keeps_every_coding_code_and_word():
    project = small(Coding("P01", "fear", "ann", 6, 12, "afraid"), Coding("P01", "fear", "bob", 6, 14),
                    Coding("P01", "pace", "ann", 6, 12, "afraid"), Coding("P01", "pace", ""))
    found = again(project)
    assert said(found) == [("P01", "fear", "ann", 6, 12, "afraid"),
                           ("P01", "fear", "bob", 6, 14, "afraid \N{GRINNING FACE}"), ("P01", "pace", "", -1, -1, ""),
                           ("P01", "pace", "ann", 6, 12, "afraid")]
    assert found.codes == project.codes and found.interviews == project.interviews
    assert found.losses == () and found.tolerated == (("a code on a whole source: a mention, not a passage", 1),)


def test_days_and_what_is_known_of_interviews_come_back(tmp_path):
    known = (Attribute("P01", "role", "nurse"), Attribute("P01", "set", "users & staff"))
    project = replace(small(Coding("P01", "fear", "ann", 6, 12, "afraid", date="2018-06-20")), attributes=known)
    found = again(project)
    assert found.attributes == known and [c.date for c in found.codings] == ["2018-06-20"]


def test_an_interview_without_text_gets_one_of_its_passages_that_says_so():
    found = again(small(Coding("P01", "fear", "ann", text="I was afraid"), text=None))
    assert found.interviews[0].text == ("The interview's text was not delivered. These are its coded passages, each on "
                                        "lines of its own.\n\nI was afraid")
    assert [(c.code, c.coder, c.text) for c in found.codings] == [("fear", "ann", "I was afraid")]


def test_the_same_project_gives_the_same_bytes():
    project = small(Coding("P01", "fear", "ann", 6, 12, "afraid"))
    assert qdpx(project, "study") == qdpx(project, "study")


@pytest.mark.parametrize(("schema", "name"), [("Project.xsd", "project"), ("Codebook.xsd", "codebook")])
def test_what_is_written_is_valid(schema, name):
    if not SCHEMAS.is_dir():
        pytest.skip("the standard's schemas are not beside this project")
    coded = small(Coding("P01", "fear", "ann", 6, 12, "afraid", date="2018-06-20"), Coding("P01", "pace", ""))
    project = replace(coded, attributes=(Attribute("P01", "role", "nurse"),))
    data = codebook(project)
    if name == "project":
        with zipfile.ZipFile(io.BytesIO(qdpx(project, "study"))) as archive:
            data = archive.read("project.qde")
    etree.XMLSchema(etree.parse(SCHEMAS / schema)).assertValid(etree.fromstring(data))


def test_the_worked_study_s_project_comes_back_whole():
    project = read(ROOT / "data_raw" / "south-glos" / "interviews.qdpx")
    found = again(project)
    assert said(found) == said(project) and len(found.codings) > 800
    assert found.codes == project.codes
    assert [(i.id, i.sha256) for i in found.interviews] == [(i.id, i.sha256) for i in project.interviews]


def test_the_standard_s_example_keeps_its_codings_and_codes():
    if not SCHEMAS.is_dir():
        pytest.skip("the standard's example is not beside this project")
    project = read(SCHEMAS / "TestProject.qdpx")
    found = again(project)
    assert len(found.codings) == len(project.codings) and [c.id for c in found.codes] == [c.id for c in project.codes]


words = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60)


@settings(max_examples=40, deadline=None)
@given(words, st.data())
def test_any_text_and_any_place_in_it_come_back(text, data):
    # The reader asks where words begin how a tool counted line ends, and a single passage of noise can mislead it.
    text = text.replace("\r", "").replace("\n", " ")
    if not text or text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}"):
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = again(small(Coding("P01", "fear", "ann", start, end, text[start:end]), text=text))
    assert [(c.start, c.end, c.text) for c in found.codings] == [(start, end, text[start:end])]
    assert found.interviews[0].text == text
