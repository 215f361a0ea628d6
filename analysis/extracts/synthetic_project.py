"""Made-up interviews in; a coded project of them, as REFI-QDA, out."""

from __future__ import annotations

import random
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

from analysis.extracts.synthetic_files import MARK, write_zip
from analysis.extracts.synthetic_records import Record, World
from analysis.reference.made_up import sentences

NAMESPACE = "urn:QDA-XML:project:1.0"
CODER, STAMP = "Coder A", "2000-01-01T09:00:00Z"
STANCES = ("positive", "negative", "mixed")
Passage = tuple[int, int, list[str]]  # from, to (half open, code points), codes


def write_project(world: World, path: Path) -> None:
    """
    Valid against the standard's schema: every interview of the log is a source, every code of the codebook a code.

    A few answers of each interview are coded; where the definition reads stances, some passages carry one.
    """
    stance = world.words.study["interviews"].get("stance", "")
    codes = world.table("codes")
    below = [c["code_id"] for c in codes if c["parent"]] or [c["code_id"] for c in codes]
    made = ET.Element("Project", xmlns=NAMESPACE, name=MARK, origin="make synthetic",
                      creatingUserGUID=guid("user"), creationDateTime=STAMP)
    ET.SubElement(ET.SubElement(made, "Users"), "User", guid=guid("user"), name=CODER)
    _codebook(made, codes, stance)
    sources, texts, dice = ET.SubElement(made, "Sources"), [], world.dice("passages")
    for interview in world.table("interviews"):
        name = interview["interview_id"]
        text, passages = transcript(dice, below, STANCES if stance else ())
        source = ET.SubElement(sources, "TextSource", guid=guid("source", name), name=name,
                               plainTextPath=f"internal://{guid('source', name)}.txt", creatingUser=guid("user"),
                               creationDateTime=STAMP)
        for number, passage in enumerate(passages):
            _selection(source, name, number, passage)
        texts.append((f"sources/{guid('source', name)}.txt", text.encode()))
    ET.SubElement(made, "Description").text = MARK
    ET.indent(made)
    content = '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(made, encoding="unicode") + "\n"
    write_zip(path, [("project.qde", content.encode()), *texts])


def transcript(dice: random.Random, codes: Sequence[str], stances: Sequence[str]) -> tuple[str, list[Passage]]:
    """Twelve turns of talk, an empty line between two, and a passage with a code for two in three answers."""
    asks = [words for who, words in sentences() if who == "I"]
    says = [words for who, words in sentences() if who == "R"]
    lines, passages, at = [MARK], [], len(MARK) + 2
    for turn in range(12):
        asking = turn % 2 == 0
        line = f"{'I' if asking else 'R'}: " + (dice.choice(asks) if asking else " ".join(dice.sample(says, 2)))
        if not asking and (dice.random() < 0.67 or not passages):
            stance = [f"stance/{dice.choice(stances)}"] if stances and dice.random() < 0.7 else []
            passages.append((at + 3, at + len(line), [*dice.sample(list(codes), min(len(codes), 1)), *stance]))
        lines.append(line)
        at += len(line) + 2
    return "\n\n".join(lines) + "\n", passages


def guid(*what: object) -> str:
    """The same thing has the same GUID on every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "https://example.org/synthetic/" + "/".join(map(str, what)))).upper()


def _codebook(project: ET.Element, codes: list[Record], stance: str) -> None:
    tree = ET.SubElement(ET.SubElement(project, "CodeBook"), "Codes")
    made: dict[str, ET.Element] = {}
    for code in codes:
        made[code["code_id"]] = ET.SubElement(made.get(code["parent"], tree), "Code", guid=guid(code["code_id"]),
                                              name=code["code_id"], isCodable="true")
    if stance:
        top = ET.SubElement(tree, "Code", guid=guid("stance"), name=stance, isCodable="false")
        for name in STANCES:
            ET.SubElement(top, "Code", guid=guid(f"stance/{name}"), name=name, isCodable="true")


def _selection(source: ET.Element, interview: str, number: int, passage: Passage) -> None:
    start, end, codes = passage
    what = ("selection", interview, number)
    element = ET.SubElement(source, "PlainTextSelection", guid=guid(*what), name=f"{interview} {number + 1}",
                            startPosition=str(start), endPosition=str(end), creatingUser=guid("user"),
                            creationDateTime=STAMP)
    for code in codes:
        coding = ET.SubElement(element, "Coding", guid=guid(*what, code), creatingUser=guid("user"),
                               creationDateTime=STAMP)
        ET.SubElement(coding, "CodeRef", targetGUID=guid(code))
