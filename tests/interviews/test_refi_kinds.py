"""A REFI-QDA project with every kind of source and selection: the books balance, and each program's count is found."""

import pytest
from refi_project import ANNA, BEN, TALK, at, one, project, text_source

from analysis.interviews.codings import Note, codes_frame, codings_frame
from analysis.interviews.refi_qda import read
from analysis.measures.interviews.count_ledger import count_ledger
from analysis.reference.counting import countings

SYNCS = '<SyncPoint guid="p1" position="0" timeStamp="0"/><SyncPoint guid="p2" position="9" timeStamp="900"/>'
TRANSCRIPT = (f'<Transcript guid="tr" plainTextPath="internal://t.txt">{SYNCS}'
              '<TranscriptSelection guid="ts" fromSyncPoint="p1" toSyncPoint="p2">{}</TranscriptSelection>'
              '</Transcript>')
CORNERS = 'firstX="1" firstY="2" secondX="30" secondY="40"'


def source(kind, inside, name="I01"):
    return f'<{kind} guid="s-{kind}-{name}" name="{name}" path="internal://x.bin">{inside}</{kind}>'


def region(kind, more="", inside=None, guid="r"):
    return f'<{kind} guid="{guid}" {more}>{inside or one()}</{kind}>'


PDF_TEXT = f'<Representation guid="rep" plainTextPath="internal://t.txt">{at(0, 9)}</Representation>'
KINDS = {
    "text": (text_source(at(0, 9)), "passage", "We talked"),
    "text in a PDF": (source("PDFSource", PDF_TEXT), "passage", "We talked"),
    "region of a PDF": (source("PDFSource", region("PDFSelection", f'page="0" {CORNERS}')), "elsewhere", ""),
    "region of a PDF with its words": (source("PDFSource", region("PDFSelection", f'page="0" {CORNERS}', (
        f"<Representation guid='w'><PlainTextContent>We talked</PlainTextContent></Representation>{one()}"))),
        "elsewhere", "We talked"),
    "picture": (source("PictureSource", region("PictureSelection", CORNERS)), "elsewhere", ""),
    "sound": (source("AudioSource", region("AudioSelection", 'begin="0" end="900"')), "elsewhere", ""),
    "video": (source("VideoSource", region("VideoSelection", 'begin="0" end="900"')), "elsewhere", ""),
    "transcript of a sound": (source("AudioSource", TRANSCRIPT.format(one())), "passage", "We talked"),
    "transcript of a video": (source("VideoSource", TRANSCRIPT.format(one())), "passage", "We talked"),
    "a picture's description": (source("PictureSource", f"<TextDescription guid='d'><PlainTextContent>We talked"
                                       f"</PlainTextContent>{at(0, 9)}</TextDescription>"), "elsewhere", ""),
    "whole text": (text_source(one()), "whole", ""), "whole picture": (source("PictureSource", one()), "whole", ""),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_coding_of_every_kind_is_read_as_what_it_is(qdpx, kind):
    xml, part, words = KINDS[kind]
    found = read(qdpx(project(xml)))
    assert [(c.interview, c.code, c.coder, c.part, c.text) for c in found.codings] == [
        ("I01", "time-to-talk", "Anna", part, words)]
    assert found.balance == (("codings in the file", 1), ("codings read", 1))


def test_a_project_of_all_kinds_loses_nothing_and_shows_what_each_program_counts(qdpx):
    """Two coders on one region, words of a PDF that are also a region of its page, a whole file."""
    both = one() + one(user=BEN)
    twin = source("PDFSource", region("PDFSelection", f'page="0" {CORNERS}', guid=BEN) + PDF_TEXT, "I02")
    picture = source("PictureSource", region("PictureSelection", CORNERS, both), "I03")
    sound = source("AudioSource", TRANSCRIPT.format(both), "I04")
    found = read(qdpx(project(text_source(at(0, 9) + one()) + picture + twin + sound)))
    assert found.balance == (("codings in the file", 8), ("codings read", 7),
                             ("region of a PDF page whose words carry the same code", 1))
    log = codings_frame(found)[["interview_id"]].drop_duplicates().assign(group="user")
    ledger = count_ledger(codes_frame(found), codings_frame(found), log.assign(participant_id=log["interview_id"]),
                          countings())
    line = next(line for line in ledger.lines if line.label == "time-to-talk")
    numbers = {column: ledger.cells[dict(ids)["n"]].value for column, _, ids in line.entries[1:]}
    assert numbers == {"NVivo: files": 4, "NVivo: references": 7, "MAXQDA: coded segments": 6,
                       "ATLAS.ti: groundedness": 4}


def test_notes_come_with_what_they_are_on_who_wrote_them_and_when(qdpx):
    notes = (f'<Notes><Note guid="n1" name="why" creatingUser="{ANNA}" creationDateTime="2018-06-20T09:00:00Z">'
             f'<PlainTextContent>What is it?</PlainTextContent></Note><Note guid="n2" name="shy"/></Notes>')
    book = f'<CodeBook><Codes><Code guid="{TALK}" name="talk"><NoteRef targetGUID="n1"/></Code></Codes></CodeBook>'
    found = read(qdpx(project(text_source(at(0, 9, one() + '<NoteRef targetGUID="n2"/>')), book, notes)))
    assert found.notes == (Note("code", "talk", "What is it?", "Anna", "2018-06-20"), Note("passage", "I01", "shy"))
    assert found.beside == (("notes", 2),)


def test_what_is_no_coding_is_counted_too(qdpx):
    more = ('<Variables><Variable guid="v" name="role" typeOfVariable="Text"/></Variables><Cases>'
            f'<Case guid="c" name="a"><CodeRef targetGUID="{TALK}"/></Case></Cases><Links><Link guid="l"/></Links>'
            '<Graphs><Graph guid="g"/></Graphs>')
    found = read(qdpx(project(text_source(at(0, 9)), more=more)))
    assert found.beside == (("cases", 1), ("variables", 1), ("links", 1), ("graphs", 1), ("codes on cases", 1))
    assert found.balance == (("codings in the file", 1), ("codings read", 1))
