"""Interview, Code, Coding, Project: the one model that every reader of coded interviews fills; frames come out."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.errors import DefinitionMistake, nearest

if TYPE_CHECKING:
    from analysis.interviews.calibration import Calibration

STANCES = ("positive", "negative", "mixed", "none")
OF_TALK = ("interview", "passage")  # kinds of notes that are about what somebody said
# What of a source a coding stands on: words, all of it, or a part of a picture, a page or a recording.
PASSAGE, WHOLE, ELSEWHERE = PARTS = ("passage", "whole", "elsewhere")
# How the names of files end that programs for coding take in; what is coded is called by its name without that, and a
# transcript (QualCoder's 'talk.mp3.txt', before 'talk.mp3.transcribed') by that of its recording.
RECORDING = r"mp[34]|m4[av]|wav|flac|ogg|wma|mov|wmv|avi|webm"
EXTENSION = re.compile(rf"(\.({RECORDING}))?\.(txt|transcribed)$|\.({RECORDING}|docx?|rtf|odt|pdf|md|markdown|html?|"
                       r"epub|srt|vtt|jpe?g|png|gif|tiff?)$", re.IGNORECASE)


@dataclass(frozen=True)
class Interview:
    """One coded source. `text` has LF line ends and no byte order mark; None where the delivery does not hold it."""

    id: str
    name: str
    text: str | None = None

    @property
    def sha256(self) -> str:
        """Fingerprint of the text in UTF-8, to compare with the one in the interview log; empty without a text."""
        return "" if self.text is None else hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Code:
    """One code of the codebook. `parent` is empty at the top, where `depth` is 0; a folder is not `codable`."""

    id: str
    name: str
    parent: str = ""
    definition: str = ""
    depth: int = 0
    codable: bool = True


@dataclass(frozen=True)
class Coding:
    """
    One code on one passage, by one coder (empty: not recorded).

    `start` and `end` are Unicode code points of the interview's text, half open. Both are None where there is no
    place in a text: a whole interview, a picture, a stretch of sound. `stance` is empty until `with_stance` reads it.
    """

    interview: str
    code: str
    coder: str = ""
    start: int | None = None
    end: int | None = None
    text: str = ""
    stance: str = ""
    date: str = ""  # the day on which it was coded, as in 2018-06-20; empty: not recorded
    selection: str = ""  # the reader's own name for the selection, which two codings of one selection share
    part: str = PASSAGE  # one of PARTS

    @property
    def place(self) -> tuple:
        """What two codings share that one coder made on one selection."""
        return (self.interview, self.start, self.end, self.coder, "" if self.start is not None else self.selection)


@dataclass(frozen=True)
class Attribute:
    """What a project says of an interview or of who gave it: a variable's value, the case or the set it belongs to."""

    interview: str
    name: str
    value: str


@dataclass(frozen=True)
class Note:
    """A note kept in the project: on a `kind` of thing (code, interview, passage, project) and on which one."""

    kind: str
    about: str
    text: str
    author: str = ""
    date: str = ""


@dataclass(frozen=True)
class Project:
    """
    What a reader found, in full: nothing goes missing without a name.

    `tolerated` says what in the file departs from its standard and how it was read, with how often; no name that
    people chose is in it, since a report shows it. `losses` counts by name the codings that are no passage of a code.
    The books balance: in the file = codings here + read as stance + losses. `beside` counts what the file holds that is
    no coding. `placed`: how positions were read, and what speaks for it; None where the file has none.
    """

    interviews: tuple[Interview, ...]
    codes: tuple[Code, ...]
    codings: tuple[Coding, ...]
    codings_in: int
    tolerated: tuple[tuple[str, int], ...] = ()
    losses: tuple[tuple[str, int], ...] = ()
    read_as_stance: int = 0
    origin: str = ""
    attributes: tuple[Attribute, ...] = ()
    notes: tuple[Note, ...] = ()
    beside: tuple[tuple[str, int], ...] = ()
    placed: Calibration | None = None

    def __post_init__(self):
        out = len(self.codings) + self.read_as_stance + sum(n for _, n in self.losses)
        if out != self.codings_in:
            raise ValueError(f"{self.codings_in} codings in, {out} out: the reader lost some without a name")

    @property
    def balance(self) -> tuple[tuple[str, int], ...]:
        """The books as lines: what went in, then everything that it became."""
        stance = (("read as stance", self.read_as_stance),) if self.read_as_stance else ()
        return (("codings in the file", self.codings_in), ("codings read", len(self.codings)), *stance, *self.losses)


class Books:
    """What a reader tolerates and what it loses, counted by name while it reads; at the end the Project, balanced."""

    def __init__(self, tolerated: Mapping[str, int] | None = None, losses: Mapping[str, int] | None = None):
        self.tolerated, self.losses = Counter(tolerated or {}), Counter(losses or {})

    def project(self, interviews: Iterable[Interview], codes: Iterable[Code], codings: Sequence[Coding], *,
                codings_in: int | None = None, **more: Any) -> Project:
        """`codings_in` where the file's codings were counted by themselves; else they are what was read and lost."""
        total = len(codings) + sum(self.losses.values()) if codings_in is None else codings_in
        return Project(tuple(interviews), tuple(codes), tuple(codings), total, tuple(sorted(self.tolerated.items())),
                       tuple(sorted(self.losses.items())), **more)


def with_stance(project: Project, code: str) -> Project:
    """
    The project with the codes under `code` read as the stance of the codings on the same selection.

    They are called positive, negative, mixed or none, and leave codes and codings. A selection that carries two
    stances of one coder is mixed. The stance of a selection without any other code is a loss with a name. Raises
    DefinitionMistake where there is no such code, or a code under it has another name.
    """
    ids = [c.id for c in project.codes]
    if code not in ids:
        guess = nearest(code, ids)
        raise DefinitionMistake(f"the project has no code '{code}' to read stances from", where="[interviews] stance",
                                remedy=f"did you mean '{guess}'?" if guess else "take the line 'stance' out")
    words = {c.id: c.name.strip().casefold() for c in project.codes if code in _ancestors(project.codes, c.id)}
    if strange := sorted(set(words.values()) - set(STANCES)):
        raise DefinitionMistake(f"the code '{code}' has '{strange[0]}' under it, which is no stance",
                                where="[interviews] stance", remedy=f"call it one of: {', '.join(STANCES)}")
    said: dict[tuple, set[str]] = {}
    for coding in project.codings:
        if coding.code in words:
            said.setdefault(coding.place, set()).add(words[coding.code])
    kept = tuple(replace(c, stance=_one(said.get(c.place, set())))
                 for c in project.codings if c.code not in words and c.code != code)
    places = {c.place for c in kept}
    alone = sum(c.code in words and c.place not in places for c in project.codings)
    unsaid = sum(c.code == code for c in project.codings)
    read = sum(c.code in words for c in project.codings) - alone
    more = (("stance of a passage that has no code", alone), (f"'{code}' without saying which", unsaid))
    return replace(project, codes=tuple(c for c in project.codes if c.id not in words and c.id != code), codings=kept,
                   read_as_stance=project.read_as_stance + read,
                   losses=project.losses + tuple((name, n) for name, n in more if n))


def without_interviews(project: Project, gone: Mapping[str, str]) -> Project:
    """The project without these interviews, each with the words for why: their codings are losses with that name."""
    losses = Counter(gone[c.interview] for c in project.codings if c.interview in gone)
    return replace(project, interviews=tuple(i for i in project.interviews if i.id not in gone),
                   codings=tuple(c for c in project.codings if c.interview not in gone),
                   attributes=tuple(a for a in project.attributes if a.interview not in gone),
                   notes=tuple(n for n in project.notes if n.kind not in OF_TALK or n.about not in gone),
                   losses=project.losses + tuple(sorted(losses.items())))


def codes_frame(project: Project) -> pd.DataFrame:
    """The canonical table `codes`: one row a code, in the order of the codebook; `theme` is the code at its top."""
    rows = [{"code_id": c.id, "parent": c.parent or None, "name": c.name, "definition": c.definition or None,
             "theme": (*_ancestors(project.codes, c.id), c.id)[0]} for c in project.codes]
    return pd.DataFrame(rows, columns=["code_id", "parent", "name", "definition", "include", "exclude", "theme",
                                       "construct"], dtype="str")


def codings_frame(project: Project) -> pd.DataFrame:
    """The canonical table `codings`: one row a coding; start and end are missing without a place in a text."""
    rows = [{"interview_id": c.interview, "code_id": c.code, "coder": c.coder or None, "start": c.start, "end": c.end,
             "text": c.text or None, "date": c.date or None, "stance": c.stance or None, "part": c.part,
             "selection": c.selection or None} for c in project.codings]
    frame = pd.DataFrame(rows, columns=["interview_id", "code_id", "coder", "start", "end", "text", "date",
                                        "stance", "part", "selection"],
                         dtype="object")
    whole = {"start": "Int64", "end": "Int64"}
    frame["date"] = pd.to_datetime(frame["date"], errors="coerce").astype("datetime64[s]")
    return frame.astype({name: whole.get(name, "str") for name in frame.columns if name != "date"})


def code_ids(paths: list[tuple[str, ...]]) -> list[str]:
    """
    The id of each code from its path of names: its own name where no other code has it, else the path 'parent/name'.

    Names, because GUIDs are minted anew at every export (ATLAS.ti 26). A second code with one path gets ' (2)'.
    """
    tidy = [tuple(" ".join(name.split()).replace("/", "-") for name in path) for path in paths]
    leaves = [path[-1] for path in tidy]
    ids: list[str] = []
    for path in tidy:
        wanted = path[-1] if leaves.count(path[-1]) == 1 else "/".join(path)
        ids.append(unused(wanted, ids))
    return ids


def without_extension(name: str) -> str:
    """'P01.docx' -> 'P01'; a name that is nothing else stays."""
    return EXTENSION.sub("", name).strip() or name


def unused(wanted: str, taken) -> str:
    """The wanted name, or with the first ' (2)', ' (3)', … that nothing has taken."""
    name, n = wanted, 1
    while name in taken:
        n += 1
        name = f"{wanted} ({n})"
    return name


def _ancestors(codes: tuple[Code, ...], code: str) -> tuple[str, ...]:
    """The codes above this one, from the top down."""
    parents = {c.id: c.parent for c in codes}
    above: list[str] = []
    while parents.get(code):
        code = parents[code]
        above.insert(0, code)
    return tuple(above)


def _one(said: set[str]) -> str:
    taken = said - {"none"}
    if len(taken) > 1:
        return "mixed"
    return next(iter(taken), "none")
