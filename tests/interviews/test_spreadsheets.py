"""Tables of coded passages: each program's own headings, hand-kept sheets, and what is said of the rest."""

import csv
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import ExtractMistake
from analysis.interviews import dedoose, nvivo, spreadsheet
from analysis.interviews.codings import Attribute
from analysis.interviews.excerpts import Excerpt, project


def workbook(path: Path, *rows) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def table(path: Path, *rows, delimiter=",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def codings(found):
    return [(c.interview, c.code, c.coder, c.start, c.end, c.text) for c in found.codings]


def tree(found):
    return [(c.id, c.parent, c.codable) for c in found.codes]


# ------------------------------------------------------------------------------------------------ rows of one kind

def test_taguette_s_highlights_keep_the_tree_of_their_tags(tmp_path):
    words = "I was afraid"
    found = spreadsheet.read(table(tmp_path / "all_tags.csv", ["id", "document", "tag", "content"],
                                   ["1", "P01", "medicines.fear", words], ["1", "P01", "pace", words]))
    assert codings(found) == [("P01", "fear", "", None, None, words), ("P01", "pace", "", None, None, words)]
    assert tree(found) == [("medicines", "", False), ("fear", "medicines", True), ("pace", "", True)]
    assert found.origin == "Taguette, highlights"


def test_a_program_s_documents_are_called_as_in_its_whole_project(tmp_path):
    """Taguette calls a document by its file unless somebody says otherwise; so does QualCoder."""
    rows = [[str(n), name, "fear", "I was afraid"]
            for n, name in enumerate(["P01.docx", "P02.pdf", "P02.txt", "P03", "call.vtt"])]
    found = spreadsheet.read(table(tmp_path / "all_tags.csv", ["id", "document", "tag", "content"], *rows))
    assert [i.id for i in found.interviews] == ["P01", "P02.pdf", "P02.txt", "P03", "call"]
    found = spreadsheet.read(table(tmp_path / "own.csv", ["interview", "code"], ["P01.docx", "fear"]))
    assert [i.id for i in found.interviews] == ["P01.docx"]


QUALCODER = ["File", "Coder", "Coded", "Id", "Codename", "Coded_Memo", "Category", "Category", "FileVar_site",
             "FileVar_sex"]


@pytest.mark.parametrize("write", [table, workbook])
def test_qualcoder_s_report_has_the_tree_above_a_code_and_regions_without_words(tmp_path, write):
    """Its CSV leaves out cells of categories that a code lacks, so variables stand further left; XLSX does not."""
    gap = [] if write is table else [""]
    rows = [["P01.docx", "ann", "I was afraid", "ctid:1", "fear", "", "Side effects", "Medicines", "north", "female"],
            ["P01.docx", "ann", "slowly", "ctid:2", "pace", "why?", *gap, *gap, "north", "female"],
            ["P02.docx", "bob", "image", "imid:1", "dose", "", "Medicines", *gap, "south", "male"],
            ["P02.docx", "bob", "a/v", "avid:1", "pace", "", *gap, *gap, "south", "male"]]
    found = spreadsheet.read(write(tmp_path / ("r.csv" if write is table else "r.xlsx"), QUALCODER, *rows))
    assert [(*row[:3], row[5], coding.part) for row, coding in zip(codings(found), found.codings, strict=True)] == [
        ("P01", "fear", "ann", "I was afraid", "passage"), ("P01", "pace", "ann", "slowly", "passage"),
        ("P02", "dose", "bob", "", "elsewhere"), ("P02", "pace", "bob", "", "elsewhere")]
    assert tree(found) == [("Medicines", "", False), ("Side effects", "Medicines", False),
                           ("fear", "Side effects", True), ("dose", "Medicines", True), ("pace", "", True)]
    assert found.attributes == (Attribute("P01", "site", "north"), Attribute("P02", "site", "south"),
                                Attribute("P01", "sex", "female"), Attribute("P02", "sex", "male"))


def test_qualcoder_s_report_by_cases_has_a_passage_of_two_cases_once(tmp_path):
    rows = [[case, "P01.docx", "ann", "I was afraid", "ctid:1", "fear", ""] for case in ("Ann", "Ann and Ben")]
    found = spreadsheet.read(table(tmp_path / "r.csv", ["Case", "Filename", *QUALCODER[1:6]], *rows))
    assert codings(found) == [("P01", "fear", "ann", None, None, "I was afraid")]
    assert found.losses == (("the same passage with the same code and coder again", 1),)


@pytest.mark.parametrize("headings", [("Document group", "Document name", "Code", "Segment", "Created by"),
                                      ("Dokumentgruppe", "Dokumentname", "Code", "Codiertes Segment", "Autor")])
def test_maxqda_s_segments_are_read_in_two_languages_and_below_a_title(tmp_path, headings):
    found = spreadsheet.read(workbook(
        tmp_path / "segments.xlsx", ["Retrieved segments"], [], headings,
        ["users", "P01", "Medicines\\Fear", "I was afraid", "ann"], ["users", "P01", "Medicines", "tablets", "bob"]))
    assert codings(found) == [("P01", "Fear", "ann", None, None, "I was afraid"),
                              ("P01", "Medicines", "bob", None, None, "tablets")]


def test_maxqda_s_columns_of_code_frequencies_say_nothing_of_a_document(tmp_path):
    """MAXQDA 24: as a public script reads its export, aufildelanuit/semi-controlled-touch-survey."""
    head = ["Document name", "Code", "Segment", "site", "Code: Medicines > Fear", "Code: Medicines"]
    found = spreadsheet.read(workbook(tmp_path / "s.xlsx", head, ["P01", "Medicines > Fear", "afraid", "north", 1, 0],
                                      ["P02", "Medicines", "tablets", "south", 0, 3]))
    assert found.attributes == (Attribute("P01", "site", "north"), Attribute("P02", "site", "south"))
    assert tree(found) == [("Medicines", "", True), ("Fear", "Medicines", True)]


MAXQDA_GERMAN = ["Farbe", "Kommentar", "Dokumentgruppe", "Dokumentname", "Code", "Anfang", "Ende", "Gewicht", "Segment",
                 "Bearbeitet von", "Bearbeitet am", "Erstellt von", "Erstellt am", "Fläche", "Abdeckungsgrad %"]


def test_maxqda_s_german_csv_is_read_with_its_days_and_groups(tmp_path):
    """The headings and the delimiter of julianschuler/MAXQDA-encoding-statistics."""
    def row(group, document, code, words):
        return ["", "", group, document, code, "1", "2", "0", words, "", "", "ann", "20.06.2018 09:12:00", "0", "0,2"]

    found = spreadsheet.read(table(tmp_path / "segmente.csv", MAXQDA_GERMAN,
                                   row("users", "P01", "Medicines > Fear", "I was afraid"),
                                   row("staff", "S01", "Medicines", "tablets"), delimiter=";"))
    assert codings(found) == [("P01", "Fear", "ann", None, None, "I was afraid"),
                              ("S01", "Medicines", "ann", None, None, "tablets")]
    assert {c.date for c in found.codings} == {"2018-06-20"}
    assert [(a.interview, a.name, a.value) for a in found.attributes] == [
        ("P01", "Dokumentgruppe", "users"), ("S01", "Dokumentgruppe", "staff")]


def test_maxqda_s_document_variables_stand_behind_the_segments(tmp_path):
    """Public scripts read 'Age', 'Gender' and the like beside 'Document name', 'Code' and 'Segment'."""
    found = spreadsheet.read(workbook(
        tmp_path / "segments.xlsx", ["Document name", "Code", "Segment", "Beginning", "Created", "Gender", "Country"],
        ["P01", "Fear", "afraid", "3", "6/20/2018 9:12 AM", "female", "UK"],
        ["P01", "Pace", "slowly", "9", "6/20/2018 9:13 AM", "female", "UK"],
        ["P02", "Fear", "scared", "4", "6/20/2018 9:14 AM", "male", "UK"]))
    assert found.attributes == (Attribute("P01", "Gender", "female"), Attribute("P02", "Gender", "male"))
    assert {c.date for c in found.codings} == {""}  # whether a month comes first is not said


def test_a_name_of_a_thousand_strokes_is_no_tree_of_a_thousand_codes(tmp_path):
    found = spreadsheet.read(table(tmp_path / "t.csv", ["interview", "code", "text"], ["P01", "a/" * 1000, "afraid"]))
    assert max(code.depth for code in found.codes) < 50 and len(found.codings) == 1


def test_a_title_in_a_tag_of_taguette_is_no_parent(tmp_path):
    found = spreadsheet.read(table(tmp_path / "t.csv", ["id", "document", "tag", "content"],
                                   ["1", "P01", "Dr. Smith", "said so"], ["2", "P01", "support.listened", "listened"]))
    assert tree(found) == [("Dr. Smith", "", True), ("support", "", False), ("listened", "support", True)]


def test_atlas_ti_s_quotations_carry_several_codes(tmp_path):
    found = spreadsheet.read(workbook(
        tmp_path / "quotations.xlsx", ["ID", "Document", "Quotation Content", "Codes", "Comment"],
        ["3:10", "P01", "I was afraid", "Medicines: Fear\nPace", ""], ["3:11", "P01", "and then", "", ""]))
    assert codings(found) == [("P01", "Fear", "", None, None, "I was afraid"), ("P01", "Pace", "", None, None,
                                                                               "I was afraid")]
    assert dict(found.losses) == {"passage without a code": 1}


def test_a_table_of_one_s_own_may_say_positions(tmp_path):
    found = spreadsheet.read(table(tmp_path / "mine.csv", ["interview", "code", "coder", "start", "end", "text"],
                                   ["P01", "Medicines/Fear", "ann", "6", "12", "afraid"], delimiter=";"))
    assert codings(found) == [("P01", "Fear", "ann", 6, 12, "afraid")]


def test_codes_in_numbered_columns(tmp_path):
    found = spreadsheet.read(table(tmp_path / "wide.csv", ["transcript", "excerpt", "Code 1", "Code 2"],
                                   ["P01", "I was afraid", "Medicines->Fear", "Pace"], ["P02", "slowly", "Pace", ""]))
    assert [(c.interview, c.code) for c in found.codings] == [("P01", "Fear"), ("P01", "Pace"), ("P02", "Pace")]


def test_a_column_of_marks_is_a_code_and_a_column_of_words_is_none(tmp_path):
    found = spreadsheet.read(table(tmp_path / "marks.csv", ["Interview", "Quote", "Fear", "Pace", "Never", "Notes"],
                                   ["P01", "I was afraid", "1", "0", "0", "see P02"], ["P02", "slowly", "x", "yes", "",
                                                                                       ""]))
    assert [(c.interview, c.code) for c in found.codings] == [("P01", "Fear"), ("P02", "Fear"), ("P02", "Pace")]


def test_the_same_row_of_a_program_twice_is_one_coding_and_a_loss_by_name(tmp_path):
    row = ["7", "P01", "fear", "I was afraid"]
    found = spreadsheet.read(table(tmp_path / "t.csv", ["id", "document", "tag", "content"], row, row))
    assert found.balance == (("codings in the file", 2), ("codings read", 1),
                             ("the same passage with the same code and coder again", 1))


# ------------------------------------------------------------------------------------------------ Dedoose

DEDOOSE = ["Media Title", "Excerpt Range", "Excerpt Creator", "Excerpt Date", "Excerpt Copy", "Codes Applied Combined",
           "Code: Medicines Applied", "Code: Medicines Range", "Code: Medicines Weight",
           "Code: Medicines\\Fear Applied", "Code: Medicines\\Fear Range", "Code: Medicines\\Fear Weight"]


def test_a_dedoose_excerpt_repeated_for_a_second_coder_is_one_place(tmp_path):
    row = ["P01.docx", "6-12", "{}", "1/2/2020", "afraid", "Medicines, Fear", "False", "", "", "True", "", ""]
    found = dedoose.read(workbook(tmp_path / "excerpts.xlsx", DEDOOSE, *[[c.format(who) for c in row]
                                                                        for who in ("ann", "bob")]))
    assert codings(found) == [("P01.docx", "Fear", who, 6, 12, "afraid") for who in ("ann", "bob")]
    assert tree(found) == [("Medicines", "", True), ("Fear", "Medicines", True)]


def test_dedoose_s_descriptors_are_attributes_of_the_medium(tmp_path):
    row = ["6-12", "ann", "2020-02-01", "afraid", "Fear", "False", "", "", "True", "", ""]
    found = dedoose.read(workbook(tmp_path / "excerpts.xlsx", [*DEDOOSE, "Role"], ["P01", *row, "user"],
                                  ["S01", *row, "gp"]))
    assert found.attributes == (Attribute("P01", "Role", "user"), Attribute("S01", "Role", "gp"))
    assert {c.date for c in found.codings} == {"2020-02-01"}


def test_a_dedoose_excerpt_without_a_range_is_known_by_its_words(tmp_path):
    found = dedoose.read(workbook(tmp_path / "excerpts.xlsx", DEDOOSE, ["P01", "", "ann", "", "afraid", "", "True", "",
                                                                       "", "False", "", ""]))
    assert codings(found) == [("P01", "Medicines", "ann", None, None, "afraid")]


# ------------------------------------------------------------------------------------------------ NVivo

def test_a_matrix_of_nvivo_says_who_mentioned_what(tmp_path):
    found = nvivo.read(workbook(tmp_path / "matrix.xlsx", [None, "A : P01", "B : P02"], ["1 : Fear", 2, 0],
                                ["2 : Pace", 0, 1], ["3 : Never", 0, 0]))
    assert [(c.interview, c.code, c.start, c.text) for c in found.codings] == [("P01", "Fear", None, ""),
                                                                            ("P02", "Pace", None, "")]
    assert [c.name for c in found.codes] == ["Fear", "Pace", "Never"]


@pytest.mark.parametrize(("rows", "said"), [
    ([["Code", "A : P01"], ["1 : Fear", 1]], "the first row does not hold an empty cell"),
    ([[None, "A : P01"], ["Fear", 1]], "the row does not begin with '1 : code'"),
    ([[None, "A : P01"], ["1 : Fear", "often"]], "a cell of the matrix is no number")])
def test_what_is_no_matrix_is_said_with_its_row(tmp_path, rows, said):
    with pytest.raises(ExtractMistake, match=said):
        nvivo.read(workbook(tmp_path / "matrix.xlsx", *rows))


def test_real_matrices_of_nvivo():
    samples = Path(__file__).parents[3] / "shared" / "samples" / "nvivo"
    if not samples.is_dir():
        pytest.skip("the samples are not beside this project")
    counts = {path.name: (len(p.codes), len(p.codings)) for path in sorted(samples.glob("*.xlsx"))
              for p in [nvivo.read(path)]}
    assert counts == {"Int01_ID731.xlsx": (18, 5), "Int13_ID14.xlsx": (4, 4)}


# ------------------------------------------------------------------------------------------------ what cannot be read

@pytest.mark.parametrize(("rows", "said"), [
    ([["name", "value"], ["a", "1"]], "no sheet has the headings of a table of coded passages"),
    ([["interview", "code", "start", "end"], ["P01", "fear", "twelve", "20"]], "'start' is no whole number"),
    ([["interview", "code", "start", "end"], ["P01", "fear", "20", "12"]], "a passage ends before it begins"),
    ([["interview", "code", "start", "end"], ["P01", "fear", "20", ""]], "has only one of start and end")])
def test_a_table_that_cannot_be_read_is_said_with_its_row(tmp_path, rows, said):
    with pytest.raises(ExtractMistake, match=said):
        spreadsheet.read(table(tmp_path / "t.csv", *rows))


@pytest.mark.parametrize(("name", "content", "said"), [
    ("t.xlsx", b"interview,code", "this is no workbook"), ("t.csv", b"interview,code\nP01,f\xe9ar", "not UTF-8 text"),
    ("t.csv", b"", "no sheet has the headings")])
def test_a_file_that_is_not_what_its_name_says(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ExtractMistake, match=said):
        spreadsheet.read(tmp_path / name)


# ------------------------------------------------------------------------------------------------ laws

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).map(
    str.strip).filter(bool)
rows = st.lists(st.tuples(words, st.lists(words.filter(lambda w: "/" not in w), min_size=1, max_size=3), words, words),
                min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(rows)
def test_any_table_of_passages_comes_back_with_every_coding_at_its_code(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("t") / "t.csv"
    found = spreadsheet.read(table(path, ["interview", "code", "coder", "text"],
                                   *[[i, "/".join(code), coder, text] for i, code, coder, text in rows]))
    paths, parents = {}, {c.id: c for c in found.codes}
    for code in found.codes:
        paths[code.id] = (*paths.get(parents[code.id].parent, ()), code.name)
    assert [(c.interview, list(paths[c.code]), c.coder, c.text) for c in found.codings] == [
        (i, code, coder, text) for i, code, coder, text in rows]


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(tuple), min_size=1, max_size=6))
def test_a_code_stands_below_its_parent_and_its_parent_s_other_children_beside_it(paths):
    found = project([Excerpt("P01", (path,), "words", key=str(n)) for n, path in enumerate(paths)], "test")
    above: list[str] = []
    for code in found.codes:
        del above[code.depth:]
        assert (above[-1] if above else "") == code.parent
        above.append(code.id)


def test_a_theme_beside_a_code_is_above_it(tmp_path):
    found = spreadsheet.read(workbook(
        tmp_path / "coded.xlsx", ["Interview no", "Theme", "Code", "Extract", "Coder"],
        ["I1", "Access", "Getting there", "Two buses and a hill.", "AB"], ["I1", "Access", "", "It is far.", "AB"],
        ["I2", "", "Peer support", "All in one boat.", "CD"]))
    assert [(one.interview, one.code, one.coder, one.text) for one in found.codings] == [
        ("I1", "Getting there", "AB", "Two buses and a hill."), ("I1", "Access", "AB", "It is far."),
        ("I2", "Peer support", "CD", "All in one boat.")]
    assert {(code, above) for code, above, _ in tree(found)} == {
        ("Access", ""), ("Getting there", "Access"), ("Peer support", "")}
