"""Files that are damaged or made to do harm: each is read or refused with a message, never a traceback or a hang."""

import io
import os
import random
import zipfile
from pathlib import Path

import pytest
from qualcoder_project import write as write_qualcoder
from taguette_project import bytes_of
from taguette_project import write as write_taguette
from test_codebook_table import HEAD
from test_codebook_table import document as table_of_codes
from test_nvivo_references import LINES, references
from test_spreadsheets import DEDOOSE, table, workbook
from test_word_comments import document, end, run, start

from analysis.errors import Mistake
from analysis.interviews import (
    codebook_table,
    dedoose,
    nvivo,
    nvivo_references,
    qualcoder,
    refi_qda,
    spreadsheet,
    taguette,
    word_comments,
)

# The whole number is for a change of a reader: FUZZ=10000 python -m pipelines test tests/interviews/test_fuzz.py
TRIES = int(os.environ.get("FUZZ", "240"))
TEXT = "I was afraid \N{GRINNING FACE} of stopping.\r\nShe listened, and I went at my own pace.\n"


def qdpx() -> bytes:
    guids = [f"{n:08X}-0000-4000-8000-000000000000" for n in range(9)]
    xml = (f'<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="p"><Users>'
           f'<User guid="{guids[1]}" name="ann"/></Users><CodeBook><Codes><Code guid="{guids[2]}" name="Medicines" '
           f'isCodable="true"><Code guid="{guids[3]}" name="fear" isCodable="true"/></Code></Codes></CodeBook><Sources>'
           f'<TextSource guid="{guids[4]}" name="P01" plainTextPath="internal://t.txt"><PlainTextSelection '
           f'guid="{guids[5]}" startPosition="6" endPosition="12"><Coding guid="{guids[6]}" creatingUser="{guids[1]}">'
           f'<CodeRef targetGUID="{guids[3]}"/></Coding></PlainTextSelection></TextSource></Sources></Project>')
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:  # stored, so that damage reaches the XML
        packed.writestr("project.qde", xml)
        packed.writestr("sources/t.txt", TEXT)
    return data.getvalue()


@pytest.fixture(scope="module")
def seeds(tmp_path_factory) -> dict[str, tuple]:
    """Reader and a sound file of its kind, by the name of the file."""
    folder = tmp_path_factory.mktemp("seeds")
    coded = write_qualcoder(folder / "s.qda", [(1, "P01.txt", TEXT)], [(1, "fear", 1)],
                            [(1, 1, "afraid", 6, 12, "ann")], categories=[(1, "Medicines", None)])
    rows = table(folder / "r.csv", ["interview", "code", "coder", "start", "end", "text"],
                 ["P01", "Medicines/fear", "ann", "6", "12", "afraid"])
    excerpts = workbook(folder / "e.xlsx", DEDOOSE, ["P01", "6-12", "ann", "", "afraid", "", "True", *[""] * 5])
    matrix = workbook(folder / "m.xlsx", [None, "A : P01"], ["1 : fear", 2])
    words = document(run("I was ") + start(1) + run("afraid") + end(1), comments=[(1, "ann", "fear")])
    highlights = write_taguette(folder / "t.sqlite3", [("P01", f"<p>{TEXT}</p>")], [("Medicines.fear", "")],
                                [(1, *bytes_of(TEXT, "afraid"), [1], "ann")])
    codebook = table_of_codes(folder / "c.docx", (0, *HEAD), (0, "Medicines", "", "1", "2"),
                              (240, "fear", "", "1", "2"))
    with zipfile.ZipFile(io.BytesIO(qdpx())) as packed:
        bare = packed.read("project.qde")
    book = b'<CodeBook xmlns="urn:QDA-XML:codebook:1.0">' + bare[bare.index(b"<Codes>"):bare.index(b"</CodeBook>") + 11]
    return {"p.qdpx": (refi_qda.read, qdpx()), "p.qde": (refi_qda.read, bare), "c.qdc": (refi_qda.read, book),
            "data.qda": (qualcoder.read, (coded / "data.qda").read_bytes()),
            "r.csv": (spreadsheet.read, rows.read_bytes()), "e.xlsx": (dedoose.read, excerpts.read_bytes()),
            "m.xlsx": (nvivo.read, matrix.read_bytes()), "P01.docx": (word_comments.read, words),
            "t.sqlite3": (taguette.read, highlights.read_bytes()),
            "c.docx": (codebook_table.read, codebook.read_bytes()),
            "Fear.docx": (nvivo_references.read, references(*LINES))}


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few of them changed, cut out, doubled or put elsewhere."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at, size = chance.randrange(len(changed) or 1), chance.choice((1, 2, 8, 64))
        match chance.randrange(6):
            case 0:
                changed[at:at + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[at:at + size]
            case 2:
                changed[at:at] = changed[at:at + size]
            case 3:
                changed[at:at] = chance.choice((b"<", b"&", b'"', b"\0", b"-1", b"99999999999", b"\xff\xfe", b"\n;"))
            case 4:
                del changed[at:]
            case 5:
                other = chance.randrange(len(changed) or 1)
                changed[at:at + size] = changed[other:other + size]
    return bytes(changed)


@pytest.mark.parametrize("name", ["p.qdpx", "p.qde", "c.qdc", "data.qda", "r.csv", "e.xlsx", "m.xlsx", "P01.docx",
                                  "t.sqlite3", "c.docx"])
def test_a_damaged_file_is_read_or_refused_and_nothing_else_happens(seeds, tmp_path, name):
    read, data = seeds[name]
    path, chance = tmp_path / name, random.Random(name)
    path.write_bytes(data)
    assert read(path).codes  # the sound one is read, so that what follows is about the damage
    refused = 0
    for number in range(TRIES // 6):
        path.write_bytes(damaged(data, chance))
        try:
            read(path)
        except Mistake as mistake:
            refused += 1
            assert mistake.found and mistake.remedy, number
    assert refused


def packed(path: Path, **members: bytes | str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return path


NEST = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
BOMB = f'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a0 "words">{NEST}]><Project>&a8;</Project>'
OUTSIDE = ('<?xml version="1.0"?><!DOCTYPE p [<!ENTITY s SYSTEM "file:///etc/hostname">]>'
           '<Project xmlns="urn:QDA-XML:project:1.0" name="&s;"/>')


@pytest.mark.parametrize(("xml", "said"), [(BOMB, "XML of 'project.qde' is broken|declares a document type"),
                                           (OUTSIDE, "declares a document type|is broken")])
def test_entities_are_neither_expanded_nor_fetched(tmp_path, xml, said):
    with pytest.raises(Mistake, match=said):
        refi_qda.read(packed(tmp_path / "p.qdpx", project__qde=xml))


def test_a_member_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.interviews.archive.Archive.read.__defaults__", (1024 * 1024,))
    with pytest.raises(Mistake, match="is larger than 1 MB when unpacked"):
        refi_qda.read(packed(tmp_path / "p.qdpx", project__qde=b" " * 5_000_000))


def test_an_attribute_of_many_megabytes_is_refused_or_read_and_no_more(tmp_path):
    xml = f'<Project xmlns="urn:QDA-XML:project:1.0" name="{"a" * 12_000_000}"/>'
    with pytest.raises(Mistake, match="is broken at line"):
        refi_qda.read(packed(tmp_path / "p.qdpx", project__qde=xml))


def test_a_path_that_climbs_out_is_a_name_and_is_never_followed(tmp_path):
    (tmp_path / "secret.txt").write_text("nobody's business")
    xml = qdpx_xml('plainTextPath="internal://../../secret.txt"')
    found = refi_qda.read(packed(tmp_path / "p.qdpx", project__qde=xml))
    assert found.interviews[0].text is None


def qdpx_xml(path: str) -> str:
    return (f'<Project xmlns="urn:QDA-XML:project:1.0" name="p"><Sources><TextSource guid="{"1" * 32}" name="P01" '
            f"{path}/></Sources></Project>")
