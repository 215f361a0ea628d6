"""Signed quotations, transcripts and the service's people in; which words may be shown, and attributed how, out."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import InitVar, dataclass
from typing import TYPE_CHECKING, Any

from analysis.interviews.quotations import Signed, fingerprint
from analysis.protect.released import Released

if TYPE_CHECKING:
    import pandas as pd

    from analysis.evaluation.quotations import Candidates

_DOOR = object()  # only quoted() holds it
# What tells of a person in whatever words it stands: an NHS number, a telephone number, an address.
PERSONAL = {
    "an NHS number or a telephone number": re.compile(r"(?<!\d)(?:\+\d{2}[ -]?|0)?\d(?:[ -]?\d){8,11}(?!\d)"),
    "an e-mail address": re.compile(r"\S@\S+\.\w"),
    "a postcode": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"),
}
DECADE, RANGE, OPEN = re.compile(r"(\d+)0s"), re.compile(r"(\d+)\D+(\d+)"), re.compile(r"(\d+)(?:\+| (?:and|or) over)")


@dataclass(frozen=True)
class Quotation:
    """Words that may be shown, who said them, and the codes that they stand for. `signed` is false in drafts only."""

    id: str
    words: str
    attribution: str
    code: str
    participant: str
    signed: bool = True


@dataclass(frozen=True)
class Withheld:
    """A signed quotation that is not shown, the line that it stands on, and why."""

    where: str
    why: str


@dataclass(frozen=True)
class Quotations:
    """
    What may be quoted, in the order of the codebook: the only thing that `present` shows words of participants from.

    `labels` are the codes, with the theme of each; `beside` the counts of mentions, where the approach shows counts.
    """

    shown: tuple[Quotation, ...]
    withheld: tuple[Withheld, ...]
    labels: Mapping[str, str]
    themes: Mapping[str, str]
    rule: str
    beside: Released | None = None
    _door: InitVar[object] = None

    def __post_init__(self, _door: object):
        if _door is not _DOOR:
            raise TypeError("quotations are made by protect.quotes.quoted and by nothing else")

    def of(self, code: str) -> tuple[Quotation, ...]:
        """Those of one code."""
        return tuple(one for one in self.shown if one.code == code)

    def under(self, code: str) -> tuple[Quotation, ...]:
        """Those of a code and, where it is a theme, of the codes under it."""
        return tuple(one for one in self.shown if code in (one.code, self.themes.get(one.code)))

    def __repr__(self) -> str:
        return f"Quotations({len(self.shown)} shown)"


def quoted(candidates: Candidates, *, beside: Released | None = None, working: bool = False,
           of_site: bool = False) -> Quotations:
    """
    The quotations that may be shown, each checked on every run, and those withheld with the reason.

    Shown is what a person signed off, of an interview that is still used and whose participant consented to quotation,
    verbatim at its place in the transcript after its redactions, without a number or address that tells of a person,
    not more than `most` of one participant. The words beside it must fit at least `k` people of the service (not of
    the interviews); attributes that make it fewer are left out from the last on. In the `working` tier passages that
    nobody signed yet are shown too, and say so. In a report `of_site` neither other sites' nor staff's are part of it.
    """
    rule = candidates.rule
    interviews = candidates.interviews.set_index("interview_id")
    codes = list(candidates.labels)
    shown: list[Quotation] = []
    withheld: list[Withheld] = []
    of: Counter[str] = Counter()
    for signed in candidates.signed:
        who = interviews.loc[signed.interview] if signed.interview in interviews.index else None
        if who is None and of_site:  # most likely another site's
            continue
        if of_site and who["group"] not in rule.attribution:  # a site's report would say where the staff works
            continue
        transcript = candidates.transcripts.get(signed.interview)
        why = _refused(signed, who, transcript, codes)
        words, said_by = "", ""
        if not why:
            words, (said_by, why) = signed.words(transcript), attribution(who, candidates)
            why = why or _personal(words, candidates.names)
        if not why and of[who["participant_id"]] >= rule.most:
            why = f"more than {rule.most} quotations of one participant"
        if why:
            withheld.append(Withheld(signed.where, why))
            continue
        of[who["participant_id"]] += 1
        shown.append(Quotation(_id(signed, words), words, said_by, signed.code, str(who["participant_id"])))
    if working:
        shown += _drafts(candidates, {(one.code, one.words) for one in shown})
    shown.sort(key=lambda one: codes.index(one.code))
    return Quotations(tuple(shown), tuple(withheld), candidates.labels, candidates.themes, rule.in_words, beside,
                      _DOOR)


def attribution(who: pd.Series, candidates: Candidates) -> tuple[str, str]:
    """
    What stands under a quotation, 'P07, service user, female', and why it may not be shown, if so.

    A group that the study's attribution does not name (staff: everybody knows them) is called by the group only. The
    site counts towards the people who must fit wherever there are reports by site, for there it is said.
    """
    rule, group = candidates.rule, str(who["group"])
    named = f"{who['participant_id']}, {group}"
    if group not in rule.attribution:
        return named, ""
    wanted = [name for name in rule.attribution[group] if isinstance(who.get(name), str)]
    while wanted or candidates.cohort is not None:
        if fits(who, wanted, candidates) >= rule.k:
            return ", ".join([named, *(_said(str(who[name]), candidates.sites) for name in wanted)]), ""
        if not wanted:
            break
        wanted.pop()
    return "", f"fewer than {rule.k} people of the service fit even the group"


def fits(who: pd.Series, attributes: list[str], candidates: Candidates) -> int:
    """How many people of the service have these attributes as the person interviewed has them."""
    people = candidates.cohort
    if candidates.sites and who.get(candidates.by) in candidates.sites:
        people = people[people[candidates.by] == who[candidates.by]] if candidates.by in people else people[:0]
    for name in attributes:
        if name == "age_band":
            people = people[_of_age(people, str(who[name]), who.get("date"))]
        else:
            people = people[people[name] == who[name]] if name in people else people[:0]
    return len(people)


def _of_age(people: pd.DataFrame, band: str, day: Any):
    """Which of them were, in the year of the interview, of an age in the band; nobody where the band is not known."""
    import pandas as pd

    low, high = ages(band)
    if "birth_year" in people and people["birth_year"].notna().any() and not pd.isna(day):
        age = pd.Timestamp(day).year - people["birth_year"]
    elif "age" in people:
        age = people["age"]
    else:
        return pd.Series(False, index=people.index)
    return age.between(low, high).eq(True)


def ages(band: str) -> tuple[int, int]:
    """'50s', '18 to 39', '80+' -> its youngest and oldest; an empty range for words that are no band of ages."""
    if found := DECADE.fullmatch(band.strip()):
        return int(found[1]) * 10, int(found[1]) * 10 + 9
    if found := RANGE.fullmatch(band.strip()):
        return int(found[1]), int(found[2])
    if found := OPEN.fullmatch(band.strip()):
        return int(found[1]), 200
    return 1, 0


def _said(value: str, sites: Mapping[str, str]) -> str:
    return sites.get(value, value)


def _refused(signed: Signed, who: pd.Series | None, transcript: str | None, codes: list[str]) -> str:
    if who is None:
        return "its interview is not one that may be used: withdrawn, withheld, or not delivered"
    if who.get("quotable") != "yes":
        return "there is no consent to quotation"
    if signed.recognisable != "no":
        return "a colleague or a GP would know the speaker by what is said"
    if signed.code not in codes:
        return f"the codebook has no code '{signed.code}'"
    if transcript is None:
        return "the coded project does not hold the transcript, so the words cannot be held against it"
    if signed.end > len(transcript):
        return "it ends after the transcript does"
    if fingerprint(signed.words(transcript)) != signed.text_sha256.strip().casefold():
        return "the words at its place are not those that were signed: sign it off again"
    return ""


def _personal(words: str, names: tuple[str, ...]) -> str:
    for what, pattern in PERSONAL.items():
        if pattern.search(words):
            return f"it holds what looks like {what}: redact it"
    for name in names:
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words, re.IGNORECASE):
            return "it holds the name of a site, a worker or a participant: redact it"
    return ""


def _drafts(candidates: Candidates, taken: set[tuple[str, str]]) -> list[Quotation]:
    """Every coded passage that nobody signed yet, for those who work on the material."""
    who = candidates.interviews.set_index("interview_id")
    drafts = {}
    for interview, code, words in candidates.passages:
        if interview in who.index and (code, words) not in taken and code in candidates.labels:
            person = who.loc[interview]
            drafts.setdefault((interview, code, words), Quotation(
                hashlib.sha256(f"draft|{interview}|{code}|{words}".encode()).hexdigest()[:10], words,
                f"{person['participant_id']}, {person['group']}", code, str(person["participant_id"]), False))
    return list(drafts.values())


def _id(signed: Signed, words: str) -> str:
    said = f"quotation|{signed.interview}|{signed.start}|{signed.end}|{signed.code}|{fingerprint(words)}"
    return hashlib.sha256(said.encode()).hexdigest()[:10]

