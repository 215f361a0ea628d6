"""The signed quotations of a study, quotes.toml, in; each with its place, its redactions and who signed it, out."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.definition import Definition, Required, read_optional, together

FILE = "quotes.toml"
SCHEMA = {"quote": [{
    "interview": Required(str), "code": Required(str), "start": Required(int), "end": Required(int),
    "text_sha256": Required(str), "signed_by": Required(str), "signed_on": Required(datetime.date),
    "recognisable": Required(str),
    "redactions": [{"start": Required(int), "end": Required(int), "becomes": Required(str)}]}]}
BRACKETED = re.compile(r"\[[^\[\]]+\]")


@dataclass(frozen=True)
class Redaction:
    """A stretch of the transcript that is not shown, and the words in square brackets that stand for it."""

    start: int
    end: int
    becomes: str


@dataclass(frozen=True)
class Signed:
    """
    One quotation that a person signed off: a stretch of one transcript, in code points, half open.

    `recognisable` is the person's answer to whether a colleague or a doctor would know the speaker by what is said.
    `where` is the line of the file. The words themselves are not kept: only the fingerprint of what was signed.
    """

    interview: str
    code: str
    start: int
    end: int
    text_sha256: str
    signed_by: str
    signed_on: datetime.date
    recognisable: str
    redactions: tuple[Redaction, ...] = ()
    where: str = ""

    def words(self, transcript: str) -> str:
        """The words as they were signed: those of the transcript, with what is redacted in square brackets."""
        said, at = [], self.start
        for one in self.redactions:
            said += [transcript[at:one.start], one.becomes]
            at = one.end
        return "".join([*said, transcript[at:self.end]])


def fingerprint(words: str) -> str:
    """SHA-256 of the words in UTF-8: what a sign-off is of."""
    return hashlib.sha256(words.encode()).hexdigest()


def read_signed(path: Path) -> tuple[Signed, ...]:
    """
    The quotations of a quotes.toml, in its order; none where there is no such file.

    Raises DefinitionMistake, with the line, for what cannot be a sign-off: a place that ends before it begins, a
    redaction outside it, without square brackets or over another one, an answer that is neither yes nor no.
    """
    definition = read_optional(path, SCHEMA)
    if definition is None:
        return ()
    found, mistakes = [], []
    for number, said in enumerate(definition.values.get("quote", [])):
        one = Signed(**{**said, "redactions": tuple(sorted(
            (Redaction(**part) for part in said.get("redactions", [])), key=lambda part: part.start))},
            where=definition.where("quote", str(number)))
        mistakes += [_mistake(definition, number, *wrong) for wrong in _wrong(one)]
        found.append(one)
    if mistakes:
        raise together(mistakes)
    return tuple(found)


def _mistake(definition: Definition, number: int, key: str, what: str, remedy: str):
    return definition.mistake(what, "quote", str(number), key, remedy=remedy)


def _wrong(one: Signed) -> list[tuple[str, str, str]]:
    """What cannot be right about a sign-off: key, what was found, what to write."""
    wrong = []
    if not 0 <= one.start < one.end:
        wrong.append(("end", f"the quotation goes from {one.start} to {one.end}",
                      "write where it begins and ends in the transcript, counted in characters from 0"))
    if one.recognisable not in ("yes", "no"):
        wrong.append(("recognisable", f"recognisable is '{one.recognisable}'",
                      "would a colleague or a GP know the speaker by what is said? write 'yes' or 'no'"))
    if not one.signed_by.strip():
        wrong.append(("signed_by", "nobody signed this quotation", "write the role or the initials of who did"))
    return wrong + [("redactions", what, remedy) for what, remedy in _wrong_redactions(one, one.redactions)]


def _wrong_redactions(one: Signed, redactions: Sequence[Redaction]) -> list[tuple[str, str]]:
    wrong, reach = [], one.start
    for part in redactions:
        if not reach <= part.start <= part.end <= one.end:  # nothing is taken away where a word is only put in
            wrong.append((f"a redaction goes from {part.start} to {part.end}",
                          f"it must lie inside the quotation ({one.start} to {one.end}) and over no other redaction"))
        if not BRACKETED.fullmatch(part.becomes.strip()):
            wrong.append((f"a redaction becomes '{part.becomes}'",
                          "write it in square brackets, as in '[GP]' or '[…]', so that a reader sees it"))
        reach = max(reach, part.end)
    return wrong
