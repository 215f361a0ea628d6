"""The XML of REFI-QDA without an archive around it: a project beside its sources, a codebook alone."""

import pytest

from analysis.errors import ExtractMistake
from analysis.interviews.readers import read
from analysis.interviews.refi_export import codebook, qdpx

PROJECT = """<?xml version="1.0" encoding="utf-8"?>
<Project name="p" origin="x" xmlns="urn:QDA-XML:project:1.0"><CodeBook><Codes>
<Code guid="c1" name="trust" isCodable="true"/></Codes></CodeBook><Sources>
<TextSource guid="s1" name="I01" plainTextPath="internal://S1.txt"><PlainTextSelection guid="x" startPosition="2"
endPosition="6" creationDateTime="2018-06-20T10:00:00Z"><Coding guid="y"><CodeRef targetGUID="c1"/></Coding>
</PlainTextSelection></TextSource></Sources></Project>"""


def test_a_project_file_is_read_with_the_texts_in_the_folder_beside_it(tmp_path):
    (tmp_path / "p.qde").write_text(PROJECT, "utf-8")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "s1.TXT").write_text("I trust her.", "utf-8")
    project = read(tmp_path / "p.qde")
    assert [(c.code, c.text, c.date) for c in project.codings] == [("trust", "trus", "2018-06-20")]


def test_without_its_texts_a_project_file_has_places_and_no_words(tmp_path):
    (tmp_path / "p.qde").write_text(PROJECT, "utf-8")
    project = read(tmp_path / "p.qde")
    assert [(c.start, c.end, c.text) for c in project.codings] == [(2, 6, "")]
    assert any("does not hold" in said for said, _ in project.tolerated)


def test_a_path_that_climbs_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "study" / "sources").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("I trust nobody.", "utf-8")
    climbing = PROJECT.replace("internal://S1.txt", "internal://../../secret.txt")
    (tmp_path / "study" / "p.qde").write_text(climbing, "utf-8")
    assert read(tmp_path / "study" / "p.qde").interviews[0].text is None


@pytest.mark.parametrize(("namespace", "told"), [
    ("urn:QDA-XML:codebook:1.0", False), ("urn:QDA-XML:codebook:0:4", True), ("urn:QDA-XML:codebook:1:0", True)])
def test_a_codebook_is_read_in_whatever_namespace_programs_wrote_it(tmp_path, namespace, told):
    """ATLAS.ti Windows 9 writes codebook:0:4, and a generator that imitates NVivo 12 for Mac codebook:1:0."""
    (tmp_path / "c.qdc").write_text(f'<CodeBook xmlns="{namespace}"><Codes><Code guid="c001" name="a" isCodable="true">'
                                    f'<Description>x</Description><Code guid="{{2}}" name="b" isCodable="true" '
                                    f'color="#11223344"/></Code></Codes><Sets/></CodeBook>', "utf-8")
    project = read(tmp_path / "c.qdc")
    assert [(c.id, c.parent, c.definition) for c in project.codes] == [("a", "", "x"), ("b", "a", "")]
    assert any("another namespace" in said for said, _ in project.tolerated) == told


def test_the_codebook_that_this_package_writes_comes_back(tmp_path):
    (tmp_path / "p.qde").write_text(PROJECT, "utf-8")
    project = read(tmp_path / "p.qde")
    (tmp_path / "c.qdc").write_bytes(codebook(project))
    (tmp_path / "p.qdpx").write_bytes(qdpx(project, "p"))
    assert read(tmp_path / "c.qdc").codes == read(tmp_path / "p.qdpx").codes == project.codes


@pytest.mark.parametrize("text", ["", "<CodeBook", "<Project xmlns='urn:QDA-XML:codebook:1.0'/>",
                                  "<!DOCTYPE x [<!ENTITY a 'b'>]><CodeBook><Codes/></CodeBook>"])
def test_what_is_no_codebook_is_refused_in_words(tmp_path, text):
    (tmp_path / "c.qdc").write_text(text, "utf-8")
    if text.startswith("<Project"):
        assert read(tmp_path / "c.qdc").codes == ()
    else:
        with pytest.raises(ExtractMistake):
            read(tmp_path / "c.qdc")
