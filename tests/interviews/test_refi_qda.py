"""REFI-QDA: projects as tools really write them, and files that are none."""

from pathlib import Path

import pytest
from refi_project import ANNA, BEN, TALK, TEXT, at, one, project, text_source

from analysis.errors import ExtractMistake
from analysis.interviews.refi_qda import read

SAMPLE = Path(__file__).parents[3] / "shared/samples/refi-qda/TestProject.qdpx"


# ------------------------------------------------------------------------------------------------ what is read

def test_a_coding_is_its_interview_code_coder_and_words(qdpx):
    found = read(qdpx(project(text_source(at(11, 25)))))
    coding, = found.codings
    assert (coding.interview, coding.code, coding.coder) == ("I01", "time-to-talk", "Anna")
    assert (coding.start, coding.end, coding.text) == (11, 25, "She listened 🙂")  # code points, half open
    assert found.tolerated == () and found.losses == () and found.origin == "a tool"


def test_the_codebook_keeps_order_parents_and_descriptions(qdpx):
    codes = read(qdpx(project(text_source()))).codes
    assert [(c.id, c.parent, c.depth, c.definition) for c in codes] == [
        ("delivery", "", 0, "how"), ("time-to-talk", "delivery", 1, "")]


def test_an_uncoded_interview_is_still_an_interview(qdpx):
    found = read(qdpx(project(text_source())))
    assert [(i.id, i.text) for i in found.interviews] == [("I01", TEXT)]
    assert found.balance == (("codings in the file", 0), ("codings read", 0))


def test_text_may_stand_in_the_project_itself(qdpx):
    source = f'<TextSource name="I01"><PlainTextContent>Said here.</PlainTextContent>{at(0, 4)}</TextSource>'
    assert [c.text for c in read(qdpx(project(source))).codings] == ["Said"]


def test_the_coder_of_the_selection_stands_in_for_one_missing_on_the_coding(qdpx):
    selection = at(0, 2, f'<Coding><CodeRef targetGUID="{TALK}"/></Coding>').replace(
        "<PlainTextSelection", f'<PlainTextSelection creatingUser="{BEN}"')
    assert [c.coder for c in read(qdpx(project(text_source(selection)))).codings] == ["Ben"]


def test_a_project_without_users_has_coders_that_are_not_recorded(qdpx):
    selection = at(0, 2, f'<Coding><CodeRef targetGUID="{TALK}"/></Coding>')
    assert [c.coder for c in read(qdpx(project(text_source(selection), users=""))).codings] == [""]


def test_a_passage_of_a_transcript_lies_between_its_synchronisation_points(qdpx):
    source = f"""<AudioSource guid="{BEN}" name="I01.m4a"><Transcript plainTextPath="internal://t.txt">
        <SyncPoint guid="s1" position="0" timeStamp="0"/><SyncPoint guid="s2" position="9" timeStamp="900"/>
        <TranscriptSelection fromSyncPoint="s1" toSyncPoint="s2">{one()}</TranscriptSelection>
        </Transcript></AudioSource>"""
    found = read(qdpx(project(source)))
    assert [(c.interview, c.text) for c in found.codings] == [("I01", "We talked")]


def test_a_recording_without_words_joins_the_transcript_of_its_name(qdpx):
    sound = f'<AudioSource name="I01.m4a"><AudioSelection begin="0" end="9">{one()}</AudioSelection></AudioSource>'
    found = read(qdpx(project(text_source() + sound)))
    assert [(i.id, i.text) for i in found.interviews] == [("I01", TEXT)]
    assert [(c.interview, c.start) for c in found.codings] == [("I01", None)]
    assert found.tolerated == (("a code on a stretch of sound: a mention without a place", 1),
                               ("a recording or picture with the name of a text: one interview", 1))


def test_a_passage_of_a_pdf_is_found_in_its_plain_text(qdpx):
    words = f'<Representation plainTextPath="internal://t.txt">{at(0, 9)}</Representation>'
    found = read(qdpx(project(f'<PDFSource name="I01.pdf">{words}</PDFSource>')))
    assert [c.text for c in found.codings] == ["We talked"]


# ------------------------------------------------------------------------------------------------ what is tolerated

@pytest.mark.parametrize("name", ["Project.qde", "Study of 2017.qde"])
def test_a_project_under_another_name_is_read_and_noted(qdpx, name):
    found = read(qdpx(project(text_source(at(0, 9))), name=name))
    assert len(found.codings) == 1
    assert found.tolerated == (("the project's own file is not called project.qde", 1),)


def test_copies_that_macos_adds_are_no_second_project(qdpx):
    path = qdpx(project(text_source()), files={"__MACOSX/._project.qde": "x", "sources/t.txt": TEXT})
    assert read(path).tolerated == ()


def test_a_folder_of_sources_with_a_capital_is_read_and_noted(qdpx):
    found = read(qdpx(project(text_source(at(0, 9))), files={"Sources/T.TXT": TEXT}))
    assert [c.text for c in found.codings] == ["We talked"]
    assert found.tolerated == (("a text in another folder than 'sources'", 1),)


def test_a_path_without_scheme_is_read_and_noted(qdpx):
    found = read(qdpx(project(text_source(at(0, 9), path="t.txt"))))
    assert [c.text for c in found.codings] == ["We talked"]
    assert found.tolerated == (("a path without internal://", 1),)


@pytest.mark.parametrize("path", ["relative:///t.txt", "absolute:///etc/hostname"])
def test_a_text_outside_the_archive_is_never_opened(qdpx, path):
    found = read(qdpx(project(text_source(at(0, 9), path=path))))
    assert found.interviews[0].text is None
    assert [(c.start, c.end, c.text) for c in found.codings] == [(0, 9, "")]
    assert found.tolerated == ((f"a text outside the archive ({path.partition(':')[0]}): not opened", 1),)


def test_a_path_that_climbs_out_of_the_archive_leads_nowhere(qdpx):
    found = read(qdpx(project(text_source(path="internal://../../../../etc/hostname"))))
    assert found.interviews[0].text is None


def test_a_byte_order_mark_is_no_character_of_the_text(qdpx):
    found = read(qdpx(project(text_source(at(0, 9))), files={"sources/t.txt": b"\xef\xbb\xbf" + TEXT.encode()}))
    assert [c.text for c in found.codings] == ["We talked"]
    assert found.tolerated == (("a text with a byte order mark", 1),)


@pytest.mark.parametrize("start", [12, 11])  # NVivo counts CRLF as two, ATLAS.ti as one
def test_crlf_is_read_as_the_tool_counted_it(qdpx, start):
    xml = project(text_source(at(start, start + 12)))
    found = read(qdpx(xml, files={"sources/t.txt": TEXT.replace("\n", "\r\n")}))
    assert [(c.start, c.text) for c in found.codings] == [(11, "She listened")]
    assert "\r" not in found.interviews[0].text


def test_guids_in_braces_and_in_another_case_are_the_same(qdpx):
    coding = f'<Coding creatingUser="{{{ANNA.lower()}}}"><CodeRef targetGUID="{{{TALK.lower()}}}"/></Coding>'
    found = read(qdpx(project(text_source(at(0, 9, coding)))))
    assert [(c.code, c.coder) for c in found.codings] == [("time-to-talk", "Anna")]


def test_a_code_on_a_whole_interview_is_a_coding_without_a_place(qdpx):
    found = read(qdpx(project(text_source(one()))))
    assert [(c.interview, c.start, c.end) for c in found.codings] == [("I01", None, None)]
    assert found.tolerated == (("a code on a whole source: a mention, not a passage", 1),)


def test_two_interviews_of_one_name_stay_two(qdpx):
    found = read(qdpx(project(text_source(at(0, 9)) + text_source(at(0, 9), name="I01.docx"))))
    assert [c.interview for c in found.codings] == ["I01", "I01 (2)"]
    assert found.tolerated == (("two sources of one name: the later one is numbered", 1),)


def test_a_source_without_a_name_is_called_by_its_file(qdpx):
    found = read(qdpx(project(text_source(at(0, 9), name=""))))
    assert [c.interview for c in found.codings] == ["t"]


# ---------------------------------------------------------------------------------------------- what is lost, by name

@pytest.mark.parametrize(("inside", "name"), [
    (at(3, 3), "selection of no length"),
    (at(3, 999), "selection outside the text"),
    (at(9, 3), "selection outside the text"),
    (at("", 3), "selection without positions"),
    (at(0, 9, "<Coding/>"), "coding that names no code"),
    (at(0, 9, one("nobody")), "code that is not in the codebook"),
])
def test_what_is_no_passage_of_a_code_is_counted_by_name(qdpx, inside, name):
    found = read(qdpx(project(text_source(inside + at(0, 2)))))
    assert found.losses == ((name, 1),)
    assert len(found.codings) == 1 and found.codings_in == 2


def test_who_said_it_is_no_theme(qdpx):
    case = '<Cases><Case guid="case-1" name="P01"/></Cases>'
    found = read(qdpx(project(text_source(at(0, 9, one("case-1"))), more=case)))
    assert found.losses == (("membership of a case", 1),)


def test_a_coded_memo_is_no_interview(qdpx):
    memo = f'<Notes><Note guid="n" name="m"><PlainTextContent>idea</PlainTextContent>{at(0, 4)}</Note></Notes>'
    found = read(qdpx(project(text_source(), more=memo)))
    assert found.losses == (("coding of a memo", 1),)


def test_a_quotation_of_a_pdf_that_atlas_ti_writes_twice_counts_once(qdpx):
    region = f'<PDFSelection guid="{BEN}" page="0">{one()}</PDFSelection>'
    words = f'<Representation plainTextPath="internal://t.txt">{at(0, 9)}</Representation>'
    found = read(qdpx(project(f'<PDFSource name="I01.pdf">{region}{words}</PDFSource>')))
    assert [c.text for c in found.codings] == ["We talked"]
    assert found.losses == (("region of a PDF page whose words carry the same code", 1),)


# ------------------------------------------------------------------------------------------------ what is refused

def test_a_file_that_is_no_zip_is_a_mistake_with_a_remedy(tmp_path):
    path = tmp_path / "interviews.qdpx"
    path.write_text("not a zip")
    with pytest.raises(ExtractMistake) as told:
        read(path)
    assert str(told.value) == ("interviews.qdpx: the file cannot be opened as a zip archive\n"
                               "  -> export the project again as REFI-QDA (.qdpx) from the tool that holds it")


def test_a_missing_file_is_a_mistake(tmp_path):
    with pytest.raises(ExtractMistake, match="the file is not there"):
        read(tmp_path / "interviews.qdpx")


def test_an_archive_without_a_project_is_a_mistake(qdpx):
    with pytest.raises(ExtractMistake, match=r"holds no \.qde file"):
        read(qdpx(None))


def test_two_projects_in_one_archive_are_a_mistake(qdpx):
    with pytest.raises(ExtractMistake, match="several projects: a.qde, b.qde"):
        read(qdpx(None, files={"b.qde": "", "a.qde": ""}))


def test_signs_that_must_not_stand_bare_in_words_are_mended_and_told(qdpx):
    """As QualCoder 4.0 writes annotations and the words of passages, here over two pages of a PDF (refi.py)."""
    text = "We talked.\n\x0cShe listened."
    selection = at(0, 24).replace('startPosition="0"', 'startPosition="0" name="We talked. \x0cShe listened"')
    note = (f'<Notes><Note guid="{TALK}"><PlainTextContent>R&D, <5 mg & x &lt; y</PlainTextContent>'
            '<PlainTextSelection startPosition="1" endPosition="2"/></Note></Notes>')
    found = read(qdpx(project(text_source(selection), more=note), {"sources/t.txt": text}))
    assert [coding.text for coding in found.codings] == ["We talked.\n\x0cShe listened"]
    assert [note.text for note in found.notes] == ["R&D, <5 mg & x < y"]
    assert found.tolerated == (("a sign in words of the project's XML that must not stand there bare: mended", 4),)


@pytest.mark.parametrize(("xml", "found"), [
    ("<Project><Sources></Project>", "the XML of 'project.qde' is broken at line 1"),
    ("", "the XML of 'project.qde' is broken at line 1"),
    ('<CodeBook xmlns="urn:QDA-XML:codebook:1.0"/>', "holds a 'CodeBook' where a Project belongs"),
    ('<!DOCTYPE Project [<!ENTITY e SYSTEM "file:///etc/passwd">]><Project>&e;</Project>', "a document type"),
])
def test_a_broken_project_is_a_mistake(qdpx, xml, found):
    with pytest.raises(ExtractMistake, match=found):
        read(qdpx(xml))


def test_a_text_that_is_not_utf_8_is_a_mistake(qdpx):
    with pytest.raises(ExtractMistake, match="not UTF-8"):
        read(qdpx(project(text_source()), files={"sources/t.txt": "é".encode("cp1252")}))


@pytest.mark.parametrize(("names", "refused"), [(4, False), (5, True)])
def test_passages_named_after_words_that_stand_elsewhere_refuse_a_project_when_they_are_many(qdpx, names, refused):
    """A few may be names that somebody chose."""
    said = "".join(at(0, 9).replace(" startPosition", ' name="listened " startPosition') for _ in range(names))
    path = qdpx(project(text_source(said)))
    if refused:
        with pytest.raises(ExtractMistake, match="only 0 of 5 passages stand where their positions say"):
            read(path)
    else:
        assert len(read(path).codings) == names


def test_the_standards_own_example_keeps_its_sixteen_codings():
    if not SAMPLE.exists():
        pytest.skip("the sample of the standard is not here")
    found = read(SAMPLE)
    assert found.balance == (("codings in the file", 16), ("codings read", 14),
                             ("region of a PDF page whose words carry the same code", 2))
    assert len(found.codes) == 14 and len(found.interviews) == 11
    assert {c.coder for c in found.codings} == {"Friedrich Markgraf"}
    assert sum(c.start is None for c in found.codings) == 5  # two of a picture, two of a PDF page, one of a video
