"""The coded project, the interview log and the codebook in; what breaks the rules about interviews out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.extracts.checks.rules import shape
from analysis.interviews.codings import Project
from analysis.study import Study

ENOUGH_TO_TELL = 5  # passages of one interview
WITH_A_TITLE = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Miss|Prof|Professor|Doctor|Nurse|Sister)\b\.? [A-Z][a-z]+")
A_NAME = re.compile(r"(?=.{4})[A-Z][a-z'’-]+(?: [A-Z][A-Za-z'’.-]*| (?:and|of|the))*")
WHO = (("contacts", "worker"), ("episodes", "worker"), ("interviews", "interviewer"))
# Codings that a reader cannot place keep the reader's own name for why, and are counted in the balance under it.
NO_WORDS = ("selection of no length", "selection without positions")
NOT_IN_TEXT = ("selection outside the text", "passage whose words are not in the text")


@dataclass(frozen=True)
class Broken:
    """One thing that breaks a rule: what was found, in which file and line (0: no line of its own)."""

    found: str
    file: str = ""
    row: int = 0


@dataclass(frozen=True)
class Held:
    """One rule that could be run: on the column of a table, over how many things, and what broke it."""

    rule: str
    table: str
    column: str
    over: int
    broken: tuple[Broken, ...]
    key: str = "project"  # the line of [interviews] that it goes back to


def held(study: Study, tables: Mapping[str, pd.DataFrame], whole: Project, project: Project, codes: pd.DataFrame,
         gone: Collection[str] = ()) -> list[Held]:
    """
    Every rule about interviews that this study allows.

    `whole` is the project as it was read, `project` without withdrawn interviews and with stances read; `tables` have
    the log as it was delivered. Interviews `gone` (withdrawn, or of a site that is withheld) are counted as declared,
    and not looked at.
    """
    log, file = tables["interviews"], study["interviews"]["project"]
    here = [one for one in project.interviews if one.id not in gone]
    found = [*_codebook(study, codes, whole, "codes" in tables, file)]
    said = None if study.made_up else study["interviews"].get("interviews")
    if said is not None:
        n = len({*log["interview_id"], *gone})
        found.append(Held("interviews as declared", "interviews", "", 1,
                          (Broken(f"{n} where {said} are declared"),) if n != said else (), "interviews"))
    texts = {one.id: one.sha256 for one in here if one.text is not None}
    if texts:
        unknown = {coding.interview for coding in project.codings} & set(texts) - set(log["interview_id"])
        found.append(_with_text(log, texts, len(unknown)))
    if "text_sha256" in log and log["text_sha256"].notna().any():
        found.append(_as_coded(log, texts))
    for rule, names in (("passage with words", NO_WORDS), ("passage inside its text", NOT_IN_TEXT)):
        lost = [(name, n) for name, n in whole.losses if name in names]
        found.append(Held(rule, "codings", "start", whole.codings_in, tuple(
            Broken(f"{name}: {n} coding{'s' if n > 1 else ''}", file) for name, n in lost)))
    if texts:
        found += [_at_words(whole, project, gone, file),
                  _without_names(whole, project, gone, file, _names_known(study, tables))]
    found.append(_once(whole, project, gone, file))
    return found


def _codebook(study: Study, codes: pd.DataFrame, whole: Project, delivered: bool, file: str) -> Iterator[Held]:
    """Names, parents and number of the codes: those of the codebook that was delivered, else the project's own."""
    rows = list(zip(codes["code_id"], codes["name"], codes["parent"], *_places(codes, file), strict=True))
    seen: dict[str, str] = {}
    alike = []
    for code, name, _, *place in rows:
        if not isinstance(name, str) or not name.strip():
            continue
        first = seen.setdefault(" ".join(name.split()).casefold(), code)
        if first != code:
            alike.append(Broken(f"'{code}' has the name of '{first}'", *place))
    yield Held("one name a code", "codes", "name", len(rows), tuple(alike))
    known, parents = set(codes["code_id"]), [row for row in rows if isinstance(row[2], str) and row[2]]
    if parents:
        yield Held("parent in the codebook", "codes", "parent", len(parents), tuple(
            Broken(f"'{code}' stands under '{parent}'", *place) for code, _, parent, *place in parents
            if parent not in known))
    said = None if study.made_up else study["interviews"].get("codes")
    if said is not None:
        n = len(codes) if delivered else len(whole.codes)
        yield Held("codes as declared", "codes", "", 1,
                   (Broken(f"{n} where {said} are declared"),) if n != said else (), "codes")


def _with_text(log: pd.DataFrame, texts: Mapping[str, str], unknown: int) -> Held:
    """
    An interview of which the log says that it was not recorded has no transcript, and needs none.

    A coded source that the log does not know, of which another rule tells, may be the transcript that seems to be
    missing under another name: as long as no more are missing than such sources are there, nothing more is said.
    """
    asked = log[log["recorded"].ne("no").fillna(True)] if "recorded" in log else log
    lacking = [place for one, *place in zip(asked["interview_id"], *_places(asked), strict=True) if one not in texts]
    return Held("interview with its transcript", "interviews", "interview_id", len(asked), tuple(
        Broken("no text of this interview in the project", *place) for place in lacking)
        if len(lacking) > unknown else ())


def _as_coded(log: pd.DataFrame, texts: Mapping[str, str]) -> Held:
    """The log's fingerprint beside that of the text that was coded, where there is one."""
    both = log[log["text_sha256"].notna() & log["interview_id"].isin(list(texts))]
    return Held("transcript as coded", "interviews", "text_sha256", len(both), tuple(
        Broken("another text than the log's", *place)
        for one, said, *place in zip(both["interview_id"], both["text_sha256"], *_places(both), strict=True)
        if said.strip().casefold() != texts[one]))


def _once(whole: Project, project: Project, gone: Collection[str], file: str) -> Held:
    """Two codings of one coder and code that overlap: the later one, by where it stands in its text."""
    places = {one.id: place for place, one in enumerate(whole.interviews, 1)}
    placed = sorted((c.interview, c.coder, c.code, c.start, c.end) for c in project.codings
                    if c.interview not in gone and c.start is not None and c.end is not None)
    broken, last, reach = [], None, 0
    for interview, coder, code, start, end in placed:
        if (interview, coder, code) == last and start < reach:
            broken.append(Broken(f"'{code}' twice in source {places[interview]} of the project, "
                                 f"characters {start} to {min(end, reach)}", file))
        reach = max(reach, end) if (interview, coder, code) == last else end
        last = (interview, coder, code)
    return Held("passage counted once", "codings", "start", len(placed), tuple(broken))


def _passages(whole: Project, project: Project, gone: Collection[str]) -> Iterator[tuple[int, str, int, int]]:
    """Each coded stretch of text once: the place of its source in the project, its text, where it begins and ends."""
    places = {one.id: place for place, one in enumerate(whole.interviews, 1)}
    texts = {one.id: one.text for one in project.interviews if one.text is not None and one.id not in gone}
    placed = {(c.interview, c.start, c.end) for c in project.codings
              if c.interview in texts and c.start is not None and c.end is not None}
    for interview, start, end in sorted(placed, key=lambda one: (places[one[0]], *one[1:])):
        yield places[interview], texts[interview], start, end


def _at_words(whole: Project, project: Project, gone: Collection[str], file: str) -> Held:
    """
    Of few passages one cannot tell; one person may well select from within words, a shift moves nearly all.

    Where a transcript was edited in its middle, only the passages behind that place moved: the last ones of the text.
    """
    inside: dict[int, list[bool]] = {}
    for place, text, start, end in _passages(whole, project, gone):
        cut = any(0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum() for at in (start, end))
        inside.setdefault(place, []).append(cut)
    return Held("passage at the edges of words", "codings", "start", len(inside), tuple(
        Broken(f"{said} of source {place} of the project begin or end inside a word", file)
        for place, cut in inside.items() if (said := _moved(cut))))


def _moved(cut: Sequence[bool]) -> str:
    """Which of an interview's passages, in the order of its text, a shift has moved; nothing where none has."""
    last = len(cut) - next((n for n in range(len(cut), 0, -1) if not cut[n - 1]), 0)
    if len(cut) >= ENOUGH_TO_TELL and sum(cut) > len(cut) / 2:
        return f"{sum(cut)} of {len(cut)} passages"
    return f"the last {last} of {len(cut)} passages" if last >= ENOUGH_TO_TELL else ""


def _names_known(study: Study, tables: Mapping[str, pd.DataFrame]) -> set[str]:
    """Names that the study itself has: of its sites, of workers and of interviewers; a code such as W1 is none."""
    said = set(study.sites.values())
    for table, column in WHO:
        if column in tables.get(table, ()):
            said |= set(tables[table][column].dropna().astype("str"))
    return {name for name in said if A_NAME.fullmatch(name)}


def _without_names(whole: Project, project: Project, gone: Collection[str], file: str, names: Collection[str]) -> Held:
    """
    Only the place is told: the log goes back to others than those who may read the transcript.

    A name that some text has in small letters, too, is a word: a worker who is called only 'Pharmacist'.
    """
    passages = list(_passages(whole, project, gone))
    texts = {text for _, text, _, _ in passages}
    known = sorted((name for name in names if not any(name.lower() in text for text in texts)), key=len, reverse=True)
    kinds = [("a title and a name", WITH_A_TITLE)]
    if known:
        kinds.append(("the name of a site or a worker", re.compile(rf"\b(?:{'|'.join(map(re.escape, known))})\b")))
    found = [(kind, place, start + name.start(), start + name.end()) for place, text, start, end in passages
             for kind, pattern in kinds for name in pattern.finditer(text[start:end])]
    return Held("no name in a passage", "codings", "text", len(set(passages)), tuple(
        Broken(f"{kind} in source {place} of the project, characters {start} to {end}", file)
        for kind, place, start, end in dict.fromkeys(found)))


def _places(frame: pd.DataFrame, file: str = "") -> tuple[list[str], list[int]]:
    """The file and the line of each row, where they are known."""
    if "source_file" not in frame:
        return [file] * len(frame), [0] * len(frame)
    return list(frame["source_file"].fillna(file)), [int(row) for row in frame["source_row"].fillna(0)]


def source_in_words(whole: Project, name: str) -> str:
    """A source is called only by its place in the project: people name sources after people."""
    place = next((n for n, interview in enumerate(whole.interviews, 1) if interview.id == name), 0)
    return f"source {place} of the project, called {shape(name)}"
