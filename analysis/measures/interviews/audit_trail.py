"""Memos, codings, codes, interviews and recruitment in; how the analysis was done, as far as it is recorded, out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from analysis.measures.cells import Cells, levels
from analysis.measures.interviews.passages import EVERYONE, Codebook, groups_of, of_group, people_of, slug
from analysis.measures.statistics.quantiles import quantile
from analysis.measures.summary import About, Summary
from analysis.measures.tallies import counted
from analysis.measures.words import day_in_words, plain
from analysis.reference.guidelines import Item

NOT_STATED = "not stated"
CODING = "checks"  # the population of codings and memos: nobody's number
OF_INTERVIEWS = ("transcript check", "anonymisation", "negative case")
Answer = tuple[str, dict[str, str]]


def reporting_items(items: Sequence[Item], codes: pd.DataFrame, codings: pd.DataFrame, interviews: pd.DataFrame, *,
                    memos: pd.DataFrame | None = None, recruitment: pd.DataFrame | None = None, software: str = "",
                    quoted: int | None = None, themes: Mapping[str, str] | None = None, groups: Sequence[str] = (),
                    rule: str = "type 7",
                    known: Mapping[str, Sequence[str]] = MappingProxyType({})) -> Summary:
    """
    What the records of the interviews answer of COREQ and SRQR; what they do not is 'not stated'.

    Items that an author must write (who the interviewers are, the theory) are not among `items`. `quoted` is how many
    quotations are signed off. Medians and quartiles by the study's `rule`; `known` are the values that a
    column may have.
    """
    cells = Cells("reporting items", record=True)
    groups = groups_of(interviews, groups)
    made = _Answers(cells, interviews, groups, rule)
    book = Codebook(codes, themes)
    answers: dict[str, Answer | None] = {
        "participants": made.people(), "repeats": made.repeats(), "recorded": made.of_value("recorded", "yes"),
        "settings": made.by("setting", known), "modes": made.by("mode", known),
        "guides": made.by("guide_version", known),
        "minutes": made.minutes(), "not_interviewed": made.not_interviewed(recruitment),
        "coders": made.number(codings["coder"].nunique(), "coders") if codings["coder"].notna().any() else None,
        "double": made.double(codings), "software": (plain(software), {}) if software else None,
        "tree": ("{themes} themes and {codes} codes under them, listed with the themes", {
            "themes": cells.count(len(book.themes), "themes", population=CODING, unit="themes"),
            "codes": cells.count(len(book.names) - len(book.themes), "codes", population=CODING, unit="codes")}),
        "themes": (plain("; ".join(book.themes.values())), {}),
        "quotations": made.number(quoted, "quotations signed off") if quoted is not None else None}
    for kind in ("reflexivity", "decision", "participant feedback"):
        answers[kind] = made.memos(memos, kind)
    for kind in OF_INTERVIEWS:
        answers[kind] = made.of_memos(memos, kind)
    for item in items:
        numbers = ", ".join(name for name in (f"COREQ {item.coreq}" if item.coreq else "",
                                              f"SRQR {item.srqr}" if item.srqr else "") if name)
        cells.row(item.label, {"From the records": answers.get(item.answer) or (NOT_STATED, {}),
                               "When": made.when.get(item.answer) or ("", {}),
                               "Asked for by": (numbers, {})})
    return cells.summary("What the guidelines for interviews ask, as far as records answer",
                         About("people interviewed, and the records of the analysis", "none: counts",
                               "what is in no record is not stated"),
                         notes=("COREQ: Tong 2007. SRQR: O'Brien 2014. Labels are this package's own; the other items "
                                "are for the authors to write.",), stub="Item")


class _Answers:
    """Answers of one study: patterns with the ids of their cells."""

    def __init__(self, cells: Cells, interviews: pd.DataFrame, groups: list[str], rule: str):
        self.cells, self.interviews, self.groups, self.rule = cells, interviews, groups, rule
        self.when: dict[str, Answer] = {}  # of what has days, the months

    def _each(self, statistic: str, chosen: Callable[[pd.DataFrame], pd.DataFrame], what: str = "interviews",
              **where: str) -> dict[str, str]:
        """By group and in all: interviews that are chosen, or the people who gave them."""
        def count(group: str) -> tuple[int, int]:
            mine = chosen(of_group(self.interviews, group))
            people = people_of(mine, set(mine["interview_id"]))
            return (people if what == "people" else len(mine)), people

        return counted(self.cells, self.groups, count, statistic, f"{slug(statistic)}{{group}}", unit=what, **where)

    def _by_group(self, ids: Mapping[str, str]) -> Answer:
        pattern = "; ".join(f"{{g{n}}} {group}s" for n, group in enumerate(self.groups))
        return pattern, {f"g{n}": ids[group] for n, group in enumerate(self.groups)}

    def people(self) -> Answer:
        return self._by_group(self._each("people interviewed", lambda mine: mine, "people"))

    def repeats(self) -> Answer:
        return self._by_group(self._each("interviewed more than once", lambda mine: mine[
            mine["participant_id"].duplicated(keep=False)], "people"))

    def of_value(self, column: str, value: str) -> Answer | None:
        if column not in self.interviews or self.interviews[column].isna().all():
            return None
        ids = self._each(f"{column}: {value}", lambda mine: mine[mine[column].astype(str) == value])
        every = self._each("interviews", lambda mine: mine)
        return "{x} of {n}", {"x": ids[EVERYONE], "n": every[EVERYONE]}

    def by(self, column: str, known: Mapping[str, Sequence[str]]) -> Answer | None:
        """How many interviews have each value."""
        if column not in self.interviews or self.interviews[column].isna().all():
            return None
        values = levels(self.interviews[column].dropna().astype(str), known.get(column, ()))
        ids = {f"v{n}": self._each(column.replace("_", " "), lambda mine, v=value: mine[mine[column].astype(str) == v],
                                   **{"value of": value})[EVERYONE] for n, value in enumerate(values)}
        words = [f"v{value}" if value[:1].isdigit() else plain(value) for value in values]
        return "; ".join(f"{word}: {{v{n}}}" for n, word in enumerate(words)), ids

    def minutes(self) -> Answer | None:
        minutes = self.interviews["minutes"].dropna().astype(float).tolist() if "minutes" in self.interviews else []
        if not minutes:
            return None
        people = self.interviews.dropna(subset=["minutes"])["participant_id"].nunique()
        ids = {name: self.cells.value(quantile(minutes, at, self.rule), f"minutes: {name}", population=EVERYONE,
                                      n=people, unit="minutes", digits=0)
               for name, at in (("median", 0.5), ("low", 0.25), ("high", 0.75))}
        return "median {median} minutes, quartiles {low} to {high}", ids

    def not_interviewed(self, recruitment: pd.DataFrame | None) -> Answer | None:
        if recruitment is None:
            return None
        n = int(recruitment["response"].ne("interviewed").fillna(True).sum())
        return "{n} of {all}, by reason in the flow of recruitment", {
            "n": self.cells.count(n, "not interviewed", population="enrolled"),
            "all": self.cells.people("in the recruitment log, enrolled", len(recruitment))}

    def double(self, codings: pd.DataFrame) -> Answer | None:
        if codings["coder"].isna().all():
            return None
        coders = codings.dropna(subset=["coder"]).groupby("interview_id")["coder"].nunique()
        double = set(coders[coders > 1].index)
        ids = self._each("coded by two or more", lambda mine: mine[mine["interview_id"].isin(double)])
        every = self._each("interviews", lambda mine: mine)
        return "{x} of {n} interviews", {"x": ids[EVERYONE], "n": every[EVERYONE]}

    def number(self, value: int, words: str) -> Answer:
        return f"{{n}} {words}", {"n": self.cells.count(int(value), words, population=CODING, unit="")}

    def memos(self, memos: pd.DataFrame | None, kind: str) -> Answer | None:
        mine = _of_kind(memos, kind)
        if mine.empty:
            return None
        n = self.cells.count(len(mine), "memos", population=CODING, unit="memos", kind=kind)
        self.when[kind] = _when(self.cells, mine, n, kind=kind)
        return "{n} recorded", {"n": n}

    def of_memos(self, memos: pd.DataFrame | None, kind: str) -> Answer | None:
        mine = _of_kind(memos, kind)
        if mine.empty:
            return None
        about = set(mine["about"].dropna())
        ids = self._each(kind, lambda part: part[part["interview_id"].isin(about)])
        every = self._each("interviews", lambda part: part)
        self.when[kind] = _when(self.cells, mine, ids[EVERYONE], kind=kind)
        return "{x} of {n} interviews", {"x": ids[EVERYONE], "n": every[EVERYONE]}


def _of_kind(memos: pd.DataFrame | None, kind: str) -> pd.DataFrame:
    return pd.DataFrame(columns=["kind", "about", "date"]) if memos is None else memos[memos["kind"] == kind]


def _days(memos: pd.DataFrame) -> str:
    """When they are from, in months: words, for a day on its own may be the day of one interview."""
    days = memos["date"].dropna()
    if days.empty:
        return ""
    first, last = (f"{day:%B %Y}" for day in (days.min(), days.max()))
    return first if first == last else f"{first} to {last}"


def _when(cells: Cells, memos: pd.DataFrame, follows: str, **dimensions: str) -> Answer:
    """The months beside a number of people, which are hidden with it: of a few they are when each was interviewed."""
    days = _days(memos)
    return ("{when}", {"when": cells.beside(days, "when", follows=follows, **dimensions)}) if days else ("", {})


def coding_log(codings: pd.DataFrame, interviews: pd.DataFrame) -> Summary:
    """
    Who coded what, and when: interviews, codes and codings of each coder, with the first and the last month.

    Each number rests on the people whose interviews the coder had: one interview coded is one person interviewed.
    """
    cells = Cells("coding log", record=True)
    for coder, mine in codings.groupby(codings["coder"].fillna("not recorded"), sort=True):
        numbers = {"interviews": mine["interview_id"].nunique(), "codes": mine["code_id"].nunique(),
                   "codings": len(mine)}
        people = people_of(interviews, set(mine["interview_id"]))
        ids = {what: cells.count(n, what, population=EVERYONE, people=people, unit=what, coder=str(coder))
               for what, n in numbers.items()}
        _, when = _when(cells, mine, ids["interviews"], coder=str(coder)) if "date" in mine else ("", {})
        cells.row(str(coder), {**{what.capitalize(): ("{n}", {"n": identity}) for what, identity in ids.items()},
                               "When": ("{when}" if when else NOT_STATED, when)})
    return cells.summary("Who coded what, and when", About("codings of the people interviewed", "none: counts"),
                         stub="Coder")


def memos_kept(memos: pd.DataFrame, kinds: Sequence[str] = ("reflexivity", "decision", "code")) -> Summary:
    """The analysts' own notes that speak of no participant, with who wrote them and when, in order of their dates."""
    cells = Cells("memos", record=True)
    for kind in kinds:
        for one in memos[memos["kind"] == kind].sort_values("date", kind="stable").itertuples():
            when = day_in_words(one.date) if not pd.isna(one.date) else NOT_STATED
            about = f"{one.about}: " if isinstance(one.about, str) and one.about else ""
            cells.row(when, {"By": (plain(one.author) if isinstance(one.author, str) else NOT_STATED, {}),
                             "Memo": (plain(f"{about}{one.text}"), {})}, section=kind.capitalize())
    return cells.summary("Memos of the analysis", About("the analysts' notes on codes, decisions and themselves",
                                                        "none: a record"), stub="Date",
                         notes=("Notes on single interviews are in no released report.",))


