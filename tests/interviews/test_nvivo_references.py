"""NVivo's codes as Word documents: what stands under a source is a reference, and nobody is named who coded it."""

import zipfile
from html import escape

import pytest
from test_word_comments import document, run

from analysis.errors import ExtractMistake
from analysis.interviews.nvivo_references import UNTOLD, read
from analysis.interviews.readers import read as read_any

# The headings as NVivo's help has them (NVivo 9, Review the references in a node; Files since NVivo 12).
LINES = ["<Internals\\\\Interviews\\\\Barbara> - § 3 references coded  [4.06% Coverage]", "",
         "References 1-2 - 1.88% Coverage", "", "I was afraid of it.", "Very much.", "",
         "Reference 3 - 2.18% Coverage", "", "¶12: Then it stopped.", "",
         "<Files\\\\P02.docx> - § 1 reference coded  [0,50% Coverage]", "", "Reference 1 - 0,50% Coverage", "",
         "Afraid, yes."]


def references(*lines: str) -> bytes:
    return document(*(run(escape(line)) for line in lines))


def zipped(path, **documents: bytes):
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in documents.items():
            packed.writestr(name.replace("__", "/") + ".docx", data)
    return path


def codings(found):
    return [(c.interview, c.code, c.text) for c in found.codings]


def test_a_document_s_references_are_passages_of_the_code_that_it_is_called_by(tmp_path):
    path = tmp_path / "Fear.docx"
    path.write_bytes(references("Name: Fear", *LINES))
    found = read_any(path)
    assert codings(found) == [("Barbara", "Fear", "I was afraid of it.\nVery much."),
                              ("Barbara", "Fear", "Then it stopped."), ("P02", "Fear", "Afraid, yes.")]
    assert found.origin == "NVivo, references" and {c.coder for c in found.codings} == {""}


def test_what_two_users_coded_is_one_passage_and_the_books_say_nvivo_s_number(tmp_path):
    found = read(zipped(tmp_path / "codes.zip", Fear=references(*LINES)))
    assert found.balance == (("codings in the file", 4), ("codings read", 3),
                             ("the same passage, coded by a further user", 1))
    assert dict(found.tolerated)[UNTOLD] == 1


def test_folders_of_a_zip_are_the_codes_above_and_a_code_without_references_stays(tmp_path):
    found = read_any(zipped(tmp_path / "codes.zip", export__Medicines=references("Medicines"),
                            export__Medicines__Fear=references(*LINES)))
    assert [(c.id, c.parent, c.codable) for c in found.codes] == [("Medicines", "", True), ("Fear", "Medicines", True)]
    assert {c.code for c in found.codings} == {"Fear"}


def test_memos_and_references_that_are_not_there_are_losses_by_name(tmp_path):
    lines = ["<Memos\\\\Ideas> - § 2 references coded [1% Coverage]", "Reference 1 - 1% Coverage", "mine",
             "<Files\\\\P03> - § 2 references coded [1% Coverage]", "Reference 1 - 1% Coverage", "theirs"]
    found = read(zipped(tmp_path / "codes.zip", Fear=references(*lines)))
    assert codings(found) == [("P03", "Fear", "theirs")]
    assert found.losses == (("coding of a memo", 2), ("reference that is counted and not there", 1))


def test_documents_without_such_headings_are_refused_and_go_to_the_reader_of_comments(tmp_path):
    path = zipped(tmp_path / "codes.zip", P01=document(run("I was afraid")))
    with pytest.raises(ExtractMistake, match="no document lists references of a code"):
        read(path)
    with pytest.raises(ExtractMistake, match="no document has a comment"):
        read_any(path)
