"""
The 24 known ways in which programs depart from REFI-QDA: each is read, and each is told.

The numbers are those of the list that was gathered from the code and the issues of QualCoder, qdpx-toolkit, requal,
qualitative-coding, Taguette and openqda/refi-tools.
"""

import pytest
from refi_project import ANNA, BEN, CODEBOOK, PAST, TALK, TEXT, at, one, project, text_source

from analysis.interviews.codings import Attribute
from analysis.interviews.refi_qda import read

PASSAGE = at(0, 9)


def told(found):
    return [words for words, _ in found.tolerated]


def words_of(found):
    return [coding.text for coding in found.codings]


@pytest.fixture
def qdc(tmp_path):
    def written(inside, origin="a tool", namespace="urn:QDA-XML:codebook:1.0", more=""):
        path = tmp_path / "codes.qdc"
        path.write_text(f'<CodeBook xmlns="{namespace}" origin="{origin}"><Codes>{inside}</Codes>{more}</CodeBook>',
                        "utf-8")
        return read(path)
    return written


def code(guid, name, inside="", codable="true", more=""):
    return f'<Code guid="{guid}" name="{name}" isCodable="{codable}"{more}>{inside}</Code>'


# -------------------------------------------------------------------------------------------------- the archive (1-5)

def test_01_a_project_named_after_the_study_is_read(qdpx):
    """ATLAS.ti 26 for Mac: Trial.qde in place of project.qde."""
    found = read(qdpx(project(text_source(PASSAGE)), name="Trial.qde"))
    assert words_of(found) == ["We talked"] and told(found) == ["the project's own file is not called project.qde"]


def test_02_capitals_in_the_names_of_project_and_folder_are_read(qdpx):
    found = read(qdpx(project(text_source(PASSAGE)), {"Sources/T.txt": TEXT}, name="Project.qde"))
    assert words_of(found) == ["We talked"]
    assert told(found) == ["a text in another folder than 'sources'",
                           "the project's own file is not called project.qde"]


@pytest.mark.parametrize(("start", "tool"), [(12, "NVivo for Windows"), (11, "ATLAS.ti")])
def test_03_a_line_end_of_crlf_is_counted_as_the_program_counted_it(qdpx, start, tool):
    xml = project(text_source(at(start, start + 12)))
    found = read(qdpx(xml, {"sources/t.txt": TEXT.replace("\n", "\r\n")}))
    assert words_of(found) == ["She listened"]
    assert "a text with CRLF line ends: read as LF, positions moved along" in told(found)
    assert any("line ends as one character" in one for one in told(found)) == (tool == "ATLAS.ti")


@pytest.mark.parametrize("counted", [0, 1])
def test_04_a_byte_order_mark_is_no_character_of_the_text_whether_positions_count_it_or_not(qdpx, counted):
    """QualCoder writes its sources so; whether a program counts the mark is seen by the words."""
    places = [(0, 9), (11, 23), (26, 31)]
    selections = "".join(at(a + counted, b + counted).replace(" startPosition", f' name="{TEXT[a:b]}" startPosition')
                         for a, b in places)
    found = read(qdpx(project(text_source(selections)), {"sources/t.txt": b"\xef\xbb\xbf" + TEXT.encode()}))
    assert words_of(found) == ["We talked", "She listened", "to me"]
    assert "a text with a byte order mark" in told(found) and found.placed.right == found.placed.of == 3


def test_05_positions_that_count_an_emoji_as_two_are_seen_by_where_words_begin(qdpx):
    text = "🙂 We talked. She listened to me. It was good."
    passages = [text.index(words) for words in ("We", "She", "good")]
    selections = "".join(at(a + 1, a + 1 + n) for a, n in zip(passages, (2, 3, 4), strict=True))
    found = read(qdpx(project(text_source(selections)), {"sources/t.txt": text}))
    assert words_of(found) == ["We", "She", "good"]
    assert told(found) == ["positions are UTF-16 units from 0, the end after the last character: seen by where words "
                           "begin"]


# ------------------------------------------------------------------------------------------- notes and passages (6-8)

def test_06_a_memo_that_stands_on_its_passage_is_kept_without_author_and_day(qdpx):
    found = read(qdpx(project(text_source(at(0, 9, f"<Description>why?</Description>{one()}")))))
    assert [(n.kind, n.about, n.text, n.author) for n in found.notes] == [("passage", "I01", "why?", "")]
    assert told(found) == ["a comment on a passage or a source in place of a note: without author and day"]


def test_07_guids_that_change_with_every_export_change_nothing(qdpx):
    first = read(qdpx(project(text_source(PASSAGE))))
    again = project(text_source(PASSAGE))
    for guid in (ANNA, BEN, TALK, PAST):
        again = again.replace(guid, guid.replace("4000", "4FFF"))
    found = read(qdpx(again))
    assert (found.codes, found.interviews) == (first.codes, first.interviews)
    assert [(c.interview, c.code, c.coder, c.text) for c in found.codings] == [
        ("I01", "time-to-talk", "Anna", "We talked")]


def test_08_a_selection_of_no_length_is_a_loss_by_name(qdpx):
    found = read(qdpx(project(text_source(PASSAGE + at(4, 4)))))
    assert found.losses == (("selection of no length", 1),) and words_of(found) == ["We talked"]


# ------------------------------------------------------------------------------------------------- codebooks (9-14)

@pytest.mark.parametrize("colour", ["#11223344", "rgb(17,34,51)", "red"])
def test_09_a_colour_in_another_form_stops_nothing(qdc, colour):
    found = qdc(code(TALK, "talk", more=f' color="{colour}"'))
    assert [c.id for c in found.codes] == ["talk"]
    assert told(found) == ["a colour that is not written as #RGB or #RRGGBB; colours are not read"]
    assert told(qdc(code(TALK, "talk", more=' color="#a1b"'))) == []


@pytest.mark.parametrize("namespace", ["urn:QDA-XML:codebook:0:4", "urn:QDA-XML:codebook:1:0"])
def test_10_and_11_a_codebook_in_an_older_or_misspelt_namespace_is_read(qdc, namespace):
    """ATLAS.ti 9 for Windows, and a generator that imitates NVivo 12 for Mac."""
    found = qdc(code(TALK, "talk"), namespace=namespace)
    assert [c.id for c in found.codes] == ["talk"]
    assert told(found) == ["another namespace than urn:QDA-XML:codebook:1.0"]


def test_12_an_empty_list_of_sets_is_told(qdc):
    found = qdc(code(TALK, "talk"), more="<Sets/>")
    assert told(found) == ["an empty list of sets, which the standard does not allow"]


def test_13_a_tree_that_stands_in_the_names_of_codes_is_read_as_a_tree(qdc):
    found = qdc(code(TALK, "support.listened") + code(PAST, "pace"), origin="Taguette 1.4.1")
    assert [(c.id, c.parent, c.codable) for c in found.codes] == [
        ("support", "", False), ("listened", "support", True), ("pace", "", True)]
    assert told(found) == ["a tree of codes that stands in their names only: read as a tree"]
    assert [c.id for c in qdc(code(TALK, "Dr. Smith"), origin="MAXQDA 24").codes] == ["Dr. Smith"]


def test_14_a_category_that_is_mirrored_as_a_code_is_one_theme(qdpx):
    mirrored = f"<CodeBook><Codes>{code(PAST, 'delivery', code(TALK, 'delivery'), codable='false')}</Codes></CodeBook>"
    found = read(qdpx(project(text_source(PASSAGE), codebook=mirrored)))
    assert [(c.id, c.parent, c.codable) for c in found.codes] == [
        ("delivery", "", False), ("delivery/delivery", "delivery", True)]
    assert told(found) == ["a folder with a code of its own name in it, as older QualCoder writes a category"]


# ------------------------------------------------------------------------------------------ cases and sets (15-18)

VARIABLES = '<Variables><Variable guid="v" name="role" typeOfVariable="Text"/></Variables>'
VALUE = '<VariableValue><VariableRef targetGUID="v"/><TextValue>nurse</TextValue></VariableValue>'


def test_15_variables_are_read_from_cases_without_a_name_and_from_sources(qdpx):
    """Quirkos has them on its cases, which need no name, MAXQDA on the sources."""
    source = text_source(PASSAGE)
    case = f'<Cases><Case guid="c">{VALUE}<SourceRef targetGUID="s"/></Case></Cases>'
    on_case = read(qdpx(project(source.replace(f'guid="{BEN}" name', 'guid="s" name'), more=VARIABLES + case)))
    assert on_case.attributes == (Attribute("I01", "case", "case 1"), Attribute("I01", "role", "nurse"))
    assert told(on_case) == ["a case without a name: called by its number"]
    on_source = read(qdpx(project(text_source(PASSAGE + VALUE), more=VARIABLES)))
    assert on_source.attributes == (Attribute("I01", "role", "nurse"),) and told(on_source) == []


def test_16_a_coding_that_says_whose_words_they_are_is_no_theme(qdpx):
    """NVivo writes membership of a case so; counted as a code it would put a theme into every interview."""
    case = f'<Cases><Case guid="{PAST[:-1]}9" name="P01">{VALUE}</Case></Cases>'
    said = at(0, 9, one(f"{PAST[:-1]}9"))
    found = read(qdpx(project(text_source(PASSAGE + said), more=VARIABLES + case)))
    assert found.balance == (("codings in the file", 2), ("codings read", 1), ("membership of a case", 1))
    assert found.attributes == (Attribute("I01", "case", "P01"), Attribute("I01", "role", "nurse"))


def test_17_document_groups_that_are_exported_as_sets_are_read(qdpx):
    """MAXQDA 24.7."""
    source = text_source(PASSAGE).replace(f'guid="{BEN}" name', 'guid="s" name')
    group = '<Sets><Set guid="g" name="users"><MemberSource targetGUID="s"/></Set></Sets>'
    found = read(qdpx(project(source, more=group)))
    assert found.attributes == (Attribute("I01", "set", "users"),) and found.beside == (("sets", 1),)


def test_18_sources_of_one_name_stay_apart(qdpx):
    """MAXQDA writes a source for each respondent of a survey."""
    found = read(qdpx(project(text_source(PASSAGE, name="Q1") * 3)))
    assert [i.id for i in found.interviews] == ["Q1", "Q1 (2)", "Q1 (3)"]
    assert found.tolerated == (("two sources of one name: the later one is numbered", 2),)


# --------------------------------------------------------------------------------------------- what is missing (19-24)

def test_19_a_source_without_path_and_codings_without_a_day_are_read(qdpx):
    found = read(qdpx(project(text_source(PASSAGE, path=""))))
    assert [(c.start, c.end, c.text, c.date) for c in found.codings] == [(0, 9, "", "")]
    assert told(found) == ["a source without text and without a path to it"]


def test_20_a_plain_path_to_a_file_whose_name_is_no_guid_is_followed_inside_the_archive(qdpx):
    """qc (qualitative-coding)."""
    found = read(qdpx(project(text_source(PASSAGE, path="talks/t.txt")), {"sources/t.txt": TEXT}))
    assert words_of(found) == ["We talked"] and told(found) == ["a path without internal://"]


def test_21_a_source_that_is_named_by_a_number_is_told_and_the_entry_of_the_root_is_no_text(qdpx):
    """NVivo 15 for Mac."""
    found = read(qdpx(project(text_source(PASSAGE, name="0f8fad5bd9cb469fa16570867728950e")),
                      {"sources/.root": "", "sources/t.txt": TEXT}))
    assert words_of(found) == ["We talked"]
    assert told(found) == ["a source named by a number in hexadecimal, as NVivo for Mac does"]


def test_22_what_a_program_is_known_to_leave_out_is_told(qdpx):
    found = read(qdpx(project(text_source(PASSAGE)).replace('origin="a tool"', 'origin="NVivo for Windows 12.6"')))
    assert told(found) == ["written by NVivo, which leaves datasets and some annotations out of such files (its help, "
                           "REFI-QDA Standard)"]


def test_23_and_24_a_codebook_of_openqda_is_read_though_its_guids_are_none(qdc):
    """OpenQDA's own example; its projects could not be exported when this was written."""
    found = qdc(code("c001", "talk", code("c002", "listened")), origin="OpenQDA")
    assert [(c.id, c.parent) for c in found.codes] == [("talk", ""), ("listened", "talk")]
    assert found.tolerated == (("a GUID of a code that has not the form of one", 2),)


# ------------------------------------------------------------------------------------------------- seen since then

def test_codes_without_a_list_around_them_are_read(qdpx):
    flat = CODEBOOK.replace("<Codes>", "").replace("</Codes>", "")
    found = read(qdpx(project(text_source(PASSAGE), codebook=flat)))
    assert [c.id for c in found.codes] == ["delivery", "time-to-talk"] and words_of(found) == ["We talked"]
    assert told(found) == ["codes that stand in the codebook without a list of codes around them"]


def test_a_text_in_utf_16_is_read(qdpx):
    found = read(qdpx(project(text_source(PASSAGE)), {"sources/t.txt": TEXT.encode("utf-16")}))
    assert words_of(found) == ["We talked"] and told(found) == ["a text in UTF-16, where the standard asks for UTF-8"]
