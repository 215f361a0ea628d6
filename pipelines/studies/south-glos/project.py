"""The coded interviews as a REFI-QDA project: transcripts in, interviews.qdpx and codebook.csv out."""

import uuid
import xml.etree.ElementTree as ET
from datetime import date, datetime, timedelta
from pathlib import Path

from coding import CODED_TWICE, HERE, Passage, codebook, read_transcript, second_coder
from fieldwork import INTERVIEWS, interview_id
from files import SYNTHETIC, write_csv, write_zip

NAMESPACE = "urn:QDA-XML:project:1.0"
FOLDER = uuid.uuid5(uuid.NAMESPACE_URL, "https://example.org/south-glos/interviews.qdpx")
MADE = datetime(2018, 6, 20, 10, 0)
COLOURS = {
    "enrolment": "#4477AA", "delivery": "#228833", "beyond-tablets": "#AA3377", "medicines": "#EE6677",
    "benefits": "#CCBB44", "continuation": "#66CCEE", "stance": "#BBBBBB",
}
STANCES = {
    "positive": "Speaks well of the service or of this part of it",
    "negative": "Speaks ill of the service or of this part of it",
    "mixed": "Speaks both well and ill of it",
}


def guid(*what: object) -> str:
    """The same thing has the same GUID on every run."""
    return str(uuid.uuid5(FOLDER, "/".join(map(str, what)))).upper()


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def interviews() -> list[tuple[str, str, str, list[tuple[str, list[Passage]]]]]:
    """Interview, participant, plain text, and the passages of each coder who coded it, in order of interview."""
    found = []
    for participant in INTERVIEWS:
        name = interview_id(participant)
        marked = (HERE / "transcripts" / f"{participant}.txt").read_text(encoding="utf-8")
        plain, passages = read_transcript(marked, participant)
        coders = [("Coder A", passages)]
        if name in CODED_TWICE:
            coders.append(("Coder B", second_coder(plain, passages, name)))
        found.append((name, participant, plain, coders))
    return found


def write_codebook(folder: Path) -> None:
    """The codebook as it was when coding ended, as CSV."""
    columns = ["code", "under", "name", "definition", "include", "exclude"]
    rows = [[row[column] for column in columns] for row in codebook()]
    write_csv(
        folder / "codebook.csv", [column.capitalize() for column in columns], rows,
        preamble=[SYNTHETIC, f"Codebook of the interview study: {len(rows)} codes"],
    )


def _codes(parent: ET.Element) -> None:
    tree = ET.SubElement(ET.SubElement(parent, "CodeBook"), "Codes")
    made = {}
    for row in codebook():
        above = row["under"]
        element = ET.SubElement(
            made.get(above, tree), "Code", guid=guid("code", row["code"]), name=row["code"], isCodable="true",
            color=COLOURS[above or row["code"]],
        )
        words = f"{row['name']}. {row['definition']}.\nInclude: {row['include']}.\nExclude: {row['exclude']}."
        ET.SubElement(element, "Description").text = words
        made[row["code"]] = element
    stance = ET.SubElement(
        tree, "Code", guid=guid("code", "stance"), name="stance", isCodable="false", color=COLOURS["stance"]
    )
    ET.SubElement(stance, "Description").text = "How a passage speaks of the service. Not a theme."
    for name, words in STANCES.items():
        element = ET.SubElement(
            stance, "Code", guid=guid("code", "stance", name), name=name, isCodable="true", color=COLOURS["stance"]
        )
        ET.SubElement(element, "Description").text = words + "."


def _selection(source: ET.Element, interview: str, coder: str, number: int, passage: Passage, at: datetime) -> None:
    """One passage of one coder: a coding for each of its codes and one more for its stance."""
    by, stamp = guid("user", coder), _stamp(at)
    what = ("selection", interview, coder, number)
    element = ET.SubElement(
        source, "PlainTextSelection", guid=guid(*what), name=f"{interview} {coder} {number}",
        startPosition=str(passage.start), endPosition=str(passage.end), creatingUser=by, creationDateTime=stamp,
    )
    targets = [("code", code) for code in passage.codes]
    if passage.stance:
        targets.append(("code", "stance", passage.stance))
    for target in targets:
        coding = ET.SubElement(
            element, "Coding", guid=guid(*what, *target), creatingUser=by, creationDateTime=stamp
        )
        ET.SubElement(coding, "CodeRef", targetGUID=guid(*target))


def write_project(folder: Path) -> None:
    """Valid against the standard's Project.xsd; offsets count Unicode code points and are half-open."""
    project = ET.Element(
        "Project", xmlns=NAMESPACE, name="Interviews (synthetic)", origin="extracts.py",
        creatingUserGUID=guid("user", "Coder A"), creationDateTime=_stamp(MADE),
    )
    users = ET.SubElement(project, "Users")
    for coder in ("Coder A", "Coder B"):
        ET.SubElement(users, "User", guid=guid("user", coder), name=coder)
    _codes(project)
    cases, sources, texts = ET.SubElement(project, "Cases"), ET.SubElement(project, "Sources"), []
    for name, participant, plain, coders in interviews():
        case = ET.SubElement(cases, "Case", guid=guid("case", participant), name=participant)
        ET.SubElement(case, "SourceRef", targetGUID=guid("source", name))
        transcribed = datetime.combine(date.fromisoformat(INTERVIEWS[participant][0]), MADE.time()) + timedelta(days=9)
        source = ET.SubElement(
            sources, "TextSource", guid=guid("source", name), name=name,
            plainTextPath=f"internal://{guid('source', name)}.txt", creatingUser=guid("user", "Coder A"),
            creationDateTime=_stamp(transcribed),
        )
        for coder, passages in coders:
            begun = transcribed + timedelta(days=2 if coder == "Coder A" else 6, hours=1)
            for number, passage in enumerate(passages, 1):
                _selection(source, name, coder, number, passage, begun + timedelta(minutes=3 * number))
        texts.append((f"sources/{guid('source', name)}.txt", plain.encode("utf-8")))
    ET.SubElement(project, "Description").text = f"{SYNTHETIC}. Nobody said what these transcripts say."
    ET.indent(project)
    content = '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(project, encoding="unicode") + "\n"
    write_zip(folder / "interviews.qdpx", [("project.qde", content.encode("utf-8")), *texts])
