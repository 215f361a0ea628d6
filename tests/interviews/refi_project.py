"""Small REFI-QDA projects as programs write them, part by part, for the tests to read."""

import zipfile
from pathlib import Path

ANNA, BEN, TALK, PAST = (f"{n:08X}-0000-4000-8000-000000000000" for n in range(1, 5))
TEXT = "We talked.\nShe listened 🙂 to me."
CODEBOOK = f"""<CodeBook><Codes><Code guid="{PAST}" name="delivery" isCodable="true"><Description>how</Description>
  <Code guid="{TALK}" name="time-to-talk" isCodable="true"/></Code></Codes></CodeBook>"""
USERS = f'<Users><User guid="{ANNA}" name="Anna"/><User guid="{BEN}" name="Ben"/></Users>'


def one(code=TALK, user=ANNA):
    return f'<Coding guid="{code}" creatingUser="{user}"><CodeRef targetGUID="{code}"/></Coding>'


def at(start, end, inside=None, name="PlainTextSelection"):
    return f'<{name} guid="{BEN}" startPosition="{start}" endPosition="{end}">{inside or one()}</{name}>'


def text_source(inside="", path="internal://t.txt", name="I01.txt"):
    said = f'plainTextPath="{path}"' if path else ""
    return f'<TextSource guid="{BEN}" name="{name}" {said}>{inside}</TextSource>'


def project(sources, codebook=CODEBOOK, more="", users=USERS):
    return (f'<Project xmlns="urn:QDA-XML:project:1.0" name="p" origin="a tool">{users}{codebook}'
            f"<Sources>{sources}</Sources>{more}</Project>")


def write(path: Path, xml, files=None, name="project.qde") -> Path:
    """A `.qdpx` of that XML and the members `files`; without them, of the text that `text_source` names."""
    with zipfile.ZipFile(path, "w") as archive:
        if xml is not None:
            archive.writestr(name, xml)
        for member, content in ({"sources/t.txt": TEXT} if files is None else files).items():
            archive.writestr(member, content)
    return path
