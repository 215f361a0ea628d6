"""Word documents with comments for codes: what a comment is anchored to is the passage, and what it says the code."""

import io
import zipfile

import pytest

from analysis.errors import ExtractMistake
from analysis.interviews.word_comments import read

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
W15 = 'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def start(number: int) -> str:
    return f'<w:commentRangeStart w:id="{number}"/>'


def end(number: int) -> str:
    return (f'<w:commentRangeEnd w:id="{number}"/><w:r><w:commentReference w:id="{number}"/></w:r>')


def document(*paragraphs: str, comments: list[tuple[int, str, str]] = (), replies: dict[int, int] | None = None,
             ) -> bytes:
    """A .docx as Word writes it, as far as comments go: comments are (id, author, words with | between paragraphs)."""
    said = "".join(
        f'<w:comment w:id="{n}" w:author="{who}">' + "".join(
            f'<w:p w14:paraId="{n:08X}">{run(line)}</w:p>' for line in words.split("|")) + "</w:comment>"
        for n, who, words in comments)
    extended = "".join(f'<w15:commentEx w15:paraId="{n:08X}" w15:paraIdParent="{parent:08X}"/>'
                       for n, parent in (replies or {}).items())
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", f"<w:document {W}><w:body>" + "".join(
            f"<w:p>{paragraph}</w:p>" for paragraph in paragraphs) + "</w:body></w:document>")
        packed.writestr("word/comments.xml", f"<w:comments {W} {W14}>{said}</w:comments>")
        packed.writestr("word/commentsExtended.xml", f"<w15:commentsEx {W15}>{extended}</w15:commentsEx>")
    return data.getvalue()


def found(tmp_path, data: bytes, name: str = "P01.docx"):
    (tmp_path / name).write_bytes(data)
    return read(tmp_path / name)


def test_a_comment_codes_the_words_that_it_is_anchored_to(tmp_path):
    project = found(tmp_path, document(run("I was ") + start(1) + run("afraid") + end(1) + run(" of it."),
                                       comments=[(1, "ann", "Medicines > Fear; Pace")]))
    assert [(c.interview, c.code, c.coder, c.start, c.end, c.text) for c in project.codings] == [
        ("P01", "Fear", "ann", 6, 12, "afraid"), ("P01", "Pace", "ann", 6, 12, "afraid")]
    assert project.interviews[0].text == "I was afraid of it.\n"
    assert [(c.name, c.parent) for c in project.codes] == [("Medicines", ""), ("Fear", "Medicines"), ("Pace", "")]


def test_anchors_may_overlap_and_run_over_paragraphs(tmp_path):
    project = found(tmp_path, document(run("one ") + start(1) + run("two ") + start(2) + run("three"),
                                       run("four") + end(1) + run(" five") + end(2),
                                       comments=[(1, "ann", "A"), (2, "bob", "B|C")]))
    assert [(c.code, c.text) for c in project.codings] == [
        ("A", "two three\nfour"), ("B", "three\nfour five"), ("C", "three\nfour five")]


def test_a_reply_and_a_comment_on_nothing_are_losses_by_name(tmp_path):
    project = found(tmp_path, document(start(1) + run("words") + end(1) + start(2) + run("") + end(2),
                                       comments=[(1, "ann", "A"), (2, "ann", "B"), (3, "bob", "I agree"),
                                                 (4, "ann", "C")], replies={3: 1}))
    assert project.balance == (("codings in the file", 4), ("codings read", 1), ("comment on no words", 1),
                               ("comment that is anchored nowhere", 1), ("reply to a comment", 1))


def test_what_tracked_changes_deleted_is_not_said(tmp_path):
    project = found(tmp_path, document(start(1) + run("kept") + '<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>'
                                       + end(1), comments=[(1, "ann", "A")]))
    assert project.codings[0].text == "kept"


def test_a_zip_of_documents_is_an_interview_each(tmp_path):
    one = document(start(1) + run("words") + end(1), comments=[(1, "ann", "A")])
    with zipfile.ZipFile(tmp_path / "coded.zip", "w") as packed:
        packed.writestr("P01.docx", one)
        packed.writestr("P02.docx", one)
    project = read(tmp_path / "coded.zip")
    assert [(c.interview, c.code) for c in project.codings] == [("P01", "A"), ("P02", "A")]
    assert [(i.id, i.text) for i in project.interviews] == [("P01", "words\n"), ("P02", "words\n")]


def test_what_is_no_word_document_is_said(tmp_path):
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as packed:
        packed.writestr("readme.txt", "hello")
    with pytest.raises(ExtractMistake, match="the file holds no Word document"):
        read(tmp_path / "other.zip")
    with pytest.raises(ExtractMistake, match="cannot be opened as a zip archive"):
        found(tmp_path, b"no zip at all")


def test_documents_without_any_comment_are_no_coded_project(tmp_path):
    """A report of highlights that Taguette writes as .docx is one."""
    path = tmp_path / "highlights.docx"
    path.write_bytes(document(run("I was afraid [fear]")))
    with pytest.raises(ExtractMistake, match="no document has a comment, so nothing is coded") as mistake:
        read(path)
    assert "XLSX or CSV" in str(mistake.value)


def test_an_entity_of_its_own_is_refused(tmp_path):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr("word/document.xml", f'<!DOCTYPE d [<!ENTITY a "aaaa">]><w:document {W}><w:body><w:p>'
                                             "<w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>")
    with pytest.raises(ExtractMistake, match="declares a document type"):
        found(tmp_path, data.getvalue())
