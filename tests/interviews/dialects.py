"""One project of coded interviews in each program's dialect: an abstract project in, its file out, for the laws."""

import csv
import io
import zipfile
from dataclasses import dataclass
from html import escape
from pathlib import Path
from xml.sax.saxutils import quoteattr

import openpyxl
from qualcoder_project import write as write_qualcoder
from taguette_project import write as write_taguette
from test_word_comments import document, end, run, start

from analysis.interviews.calibration import MARK, ONE, TWO, Reading
from analysis.interviews.codings import Code, Project
from analysis.interviews.refi_export import codebook

CODES = (Code("Medicines", "Medicines"), Code("fear", "fear", "Medicines", depth=1), Code("pace", "pace"))
PATHS = {"Medicines": ("Medicines",), "fear": ("Medicines", "fear"), "pace": ("pace",)}
NUMBERS = {code: number for number, code in enumerate(PATHS, 1)}


@dataclass(frozen=True)
class Mark:
    """One coding of the abstract project: interview, code, coder, and where it stands in code points, half open."""

    interview: str
    code: str
    coder: str
    start: int
    end: int


Texts = dict[str, str]
Marks = list[Mark]


# ------------------------------------------------------------------------------------------- programs with positions

def refi_qda(reading: Reading, *, names: bool = True):
    """A `.qdpx` of a program that counts in this way; without `names` its passages have no name."""
    def write(folder: Path, texts: Texts, marks: Marks) -> Path:
        sources, files = [], {}
        for number, (name, text) in enumerate(texts.items(), 1):
            selections = "".join(_selection(text, mark, n, reading, names) for n, mark in enumerate(marks)
                                 if mark.interview == name)
            sources.append(f'<TextSource guid="{_guid(1000 + number)}" name={quoteattr(name)} '
                           f'plainTextPath="internal://{number}.txt">{selections}</TextSource>')
            lines = text.replace("\n", "\r\n") if reading.line_ends == ONE else text
            files[f"sources/{number}.txt"] = ((MARK if reading.mark else "") + lines).encode()
        coders = "".join(f'<User guid="{_guid(2000 + n)}" name={quoteattr(coder)}/>' for n, coder in enumerate("AB"))
        book = codebook(Project((), CODES, (), 0)).decode()
        for number, code in enumerate(CODES, 1):
            guid = book.split(f'name="{code.name}"')[0].rsplit('guid="', 1)[1].split('"')[0]
            book = book.replace(guid, _guid(number))
        inner = book[book.index("<Codes>"):book.index("</CodeBook>")]
        xml = (f'<Project xmlns="urn:QDA-XML:project:1.0" name="p"><Users>{coders}</Users><CodeBook>{inner}</CodeBook>'
               f'<Sources>{"".join(sources)}</Sources></Project>')
        path = folder / "p.qdpx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("project.qde", xml)
            for member, data in files.items():
                archive.writestr(member, data)
        return path
    return write


def _selection(text: str, mark: Mark, number: int, reading: Reading, named: bool) -> str:
    begins, ends = (_counted(text, at, reading) for at in (mark.start, mark.end))
    name = f" name={quoteattr(text[mark.start:mark.end])}" if named else ""
    return (f'<PlainTextSelection guid="{_guid(3000 + number)}"{name} startPosition="{begins + reading.first}" '
            f'endPosition="{ends + reading.first - int(reading.inclusive)}"><Coding guid="{_guid(4000 + number)}" '
            f'creatingUser="{_guid(2000 + "AB".index(mark.coder))}"><CodeRef targetGUID="{_guid(NUMBERS[mark.code])}"/>'
            f'</Coding></PlainTextSelection>')


def _counted(text: str, at: int, reading: Reading) -> int:
    """A place in code points as the program counts it."""
    part = (MARK if reading.mark else "") + text[:at]
    part = part.replace("\n", "\r\n") if reading.line_ends == TWO else part
    return {"code points": len(part), "UTF-16 units": len(part.encode("utf-16-le")) // 2,
            "UTF-8 bytes": len(part.encode())}[reading.unit]


def _guid(number: int) -> str:
    return f"{number:08X}-0000-4000-8000-000000000000"


def qualcoder(unit: str = "code points", *, crlf: bool = False):
    """QualCoder's folder; its positions drift at emoji where `unit` is UTF-16, and its text may keep CRLF."""
    def write(folder: Path, texts: Texts, marks: Marks) -> Path:
        reading = Reading(unit, line_ends=TWO if crlf else "")
        number = {name: n for n, name in enumerate(texts, 1)}
        kept = {name: text.replace("\n", "\r\n") if crlf else text for name, text in texts.items()}
        codings = []
        for m in marks:
            said = texts[m.interview][m.start:m.end]
            codings.append((NUMBERS[m.code], number[m.interview], said.replace("\n", "\r\n") if crlf else said,
                            *(_counted(texts[m.interview], at, reading) for at in (m.start, m.end)), m.coder))
        codes = [(n, code, None) for code, n in NUMBERS.items()]
        sources = [(number[name], name, text) for name, text in kept.items()]
        return write_qualcoder(folder / "p.qda", sources, codes, codings)
    return write


def taguette(folder: Path, texts: Texts, marks: Marks) -> Path:
    """Taguette's database; each interview is one paragraph, since its HTML keeps no line ends of its own."""
    number = {name: n for n, name in enumerate(texts, 1)}
    bytes_ = Reading("UTF-8 bytes")
    return write_taguette(
        folder / "p.sqlite3", [(name, f"<p>{escape(text, quote=False)}</p>") for name, text in texts.items()],
        [(".".join(PATHS[code]), "") for code in NUMBERS],
        [(number[m.interview], *(_counted(texts[m.interview], at, bytes_) for at in (m.start, m.end)),
          escape(texts[m.interview][m.start:m.end], quote=False), [NUMBERS[m.code]], m.coder) for m in marks])


def own_table(folder: Path, texts: Texts, marks: Marks) -> Path:
    """This package's own table of rows."""
    return _csv(folder, ["interview", "code", "coder", "start", "end", "text"], [
        [m.interview, "/".join(PATHS[m.code]), m.coder, m.start, m.end, texts[m.interview][m.start:m.end]]
        for m in marks])


def dedoose(folder: Path, texts: Texts, marks: Marks) -> Path:
    """Dedoose's excerpts, a row a coder, with three columns a code."""
    codes = ["\\".join(path) for path in PATHS.values()]
    head = ["Media Title", "Excerpt Range", "Excerpt Creator", "Excerpt Copy",
            *[f"Code: {code} {what}" for code in codes for what in ("Applied", "Range", "Weight")]]
    rows = [[m.interview, f"{m.start}-{m.end}", m.coder, texts[m.interview][m.start:m.end],
             *[cell for path in PATHS.values() for cell in (str(path == PATHS[m.code]), "", "")]] for m in marks]
    return _workbook(folder, head, rows)


def word(folder: Path, texts: Texts, marks: Marks) -> Path:
    """A zip of Word documents with a comment for each coding."""
    path = folder / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in texts.items():
            mine = [(n, m) for n, m in enumerate(marks) if m.interview == name]
            edges = sorted({0, len(text), *(at for _, m in mine for at in (m.start, m.end))})
            body = ""
            for a, b in zip(edges, [*edges[1:], len(text)], strict=True):
                body += "".join(end(n) for n, m in mine if m.end == a)
                body += "".join(start(n) for n, m in mine if m.start == a)
                body += run(escape(text[a:b], quote=False)) if b > a else ""
            archive.writestr(f"{name}.docx", document(body, comments=[
                (n, m.coder, " > ".join(PATHS[m.code])) for n, m in mine]))
    return path


# ------------------------------------------------------------------------------------------- tables without positions

def maxqda(separator: str):
    def write(folder: Path, texts: Texts, marks: Marks) -> Path:
        return _workbook(folder, ["Document group", "Document name", "Code", "Segment", "Created by"], [
            ["users", m.interview, separator.join(PATHS[m.code]), texts[m.interview][m.start:m.end], m.coder]
            for m in marks])
    return write


def atlas_ti(folder: Path, texts: Texts, marks: Marks) -> Path:
    return _workbook(folder, ["ID", "Document", "Quotation Content", "Codes", "Created by"], [
        [f"1:{n}", m.interview, texts[m.interview][m.start:m.end], ": ".join(PATHS[m.code]), m.coder]
        for n, m in enumerate(marks, 1)])


def taguette_table(folder: Path, texts: Texts, marks: Marks) -> Path:
    return _csv(folder, ["id", "document", "tag", "content"], [
        [n, m.interview, ".".join(PATHS[m.code]), texts[m.interview][m.start:m.end]] for n, m in enumerate(marks, 1)])


def qualcoder_table(folder: Path, texts: Texts, marks: Marks) -> Path:
    return _csv(folder, ["File", "Coder", "Coded", "Id", "Codename", "Coded_Memo"], [
        [m.interview, m.coder, texts[m.interview][m.start:m.end], f"ctid:{n}", m.code, ""]
        for n, m in enumerate(marks, 1)])


def numbered(folder: Path, texts: Texts, marks: Marks) -> Path:
    return _csv(folder, ["transcript", "excerpt", "coder", "Code 1"], [
        [m.interview, texts[m.interview][m.start:m.end], m.coder, "->".join(PATHS[m.code])] for m in marks])


def of_marks(folder: Path, texts: Texts, marks: Marks) -> Path:
    return _csv(folder, ["interview", "quote", "coder", *PATHS], [
        [m.interview, texts[m.interview][m.start:m.end], m.coder, *[int(code == m.code) for code in PATHS]]
        for m in marks])


def _csv(folder: Path, head: list, rows: list[list]) -> Path:
    path, out = folder / "p.csv", io.StringIO()
    csv.writer(out).writerows([head, *rows])
    path.write_text(out.getvalue(), "utf-8")
    return path


def _workbook(folder: Path, head: list, rows: list[list]) -> Path:
    book = openpyxl.Workbook()
    for row in [head, *rows]:
        book.active.append(row)
    book.save(folder / "p.xlsx")
    return folder / "p.xlsx"
