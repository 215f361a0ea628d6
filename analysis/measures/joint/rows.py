"""Rows of the definition in; their theme, numbers and claims, bound to cells under the columns of a display, out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from analysis.errors import DefinitionMistake
from analysis.measures.cells import Cells
from analysis.measures.interviews.passages import Codebook
from analysis.measures.joint.claims import Claims
from analysis.measures.joint.named import Asked, Bound, Place, Talked, has, mistake, named, numbers
from analysis.measures.summary import Cell, Summary
from analysis.measures.words import plain

# The columns that a joint display may have; `present` gathers them into what was said, what was counted, what it means.
THEME, MENTIONED, FINDING, WORDS = "Theme", "Mentioned in interviews", "Qualitative finding", "In their words"
COUNTED, INFERENCE = "In the records and questionnaires", "Meta-inference"
MEANS, CHECKED = "What it means", "Checked against the numbers"
# How findings of the two halves can stand to each other: O'Cathain, Murphy, Nicholl, BMJ 2010;341:c4587.
INFERENCES = ("convergence", "complementarity", "dissonance", "silence")
MEANINGS = ("Convergence: both halves say the same. Complementarity: they speak of different sides. Dissonance: they "
            "disagree. Silence: one half has nothing to say.")
JUDGED = "The meta-inference is the researchers' judgement and stands in the study's definition."
NONE: Bound = ("", {})
ALL = "all that were signed off"


@dataclass(frozen=True)
class Halves:
    """
    What both halves of a study offer to a joint display: its codebook, its measures, and who may be quoted on a code.

    `themes` is what `theme_counts` made; None where the approach to coding counts nothing. `signed` gives, for a code,
    the participants of whom a quotation was signed off; not all of them where the interviews are one site's, or were
    made up (`partly`).
    `asked` is what `asked_counts` made, where it is on record what was asked. `further` are measures that are made only
    where a name is in none of `others`, which come first where both have it.
    """

    book: Codebook
    themes: Summary | None
    others: Sequence[Summary]
    signed: Callable[[str], Sequence[str]] = lambda code: ()
    partly: bool = False
    asked: Summary | None = None
    further: Callable[[], Sequence[Summary]] = tuple

    @cached_property
    def _every(self) -> Sequence[Summary]:
        return [*self.others, *self.further(), *([self.themes] if self.themes else [])]

    def find(self, name: str, where: str) -> tuple[Summary, Cell]:
        """The number of that name, and the measure that has it; DefinitionMistake for one that nobody has."""
        return named(name, self.others if has(name, self.others) else self._every, where)

    def label(self, code: str, where: str) -> str:
        """The words for a theme or code; DefinitionMistake, with the nearest, for one that is not there."""
        if code not in self.book.names:
            raise mistake(f"there is no theme or code '{code}'", where, code, self.book.names)
        return plain(self.book.themes.get(code, self.book.names[code]))

    def talked(self, code: str, where: str) -> Talked | None:
        """How many mention it, where that is counted."""
        self.label(code, where)
        return Talked(self.themes, code) if self.themes else None

    def asked_about(self, code: str) -> Asked | None:
        """In how many interviews the topic of its theme was raised, where that is on record."""
        return Asked(self.asked, self.book.line(code)[-1]) if self.asked and code else None


def checked(rows: Sequence[Mapping], place: Place) -> None:
    """DefinitionMistake for a row without a question, with an unknown inference, or with a half that is not named."""
    for at, row in enumerate(rows):
        if not row.get("question"):
            raise DefinitionMistake("the row has no question", where=place(str(at)), remedy='write: question = "…"')
        inference = row.get("inference", "")
        if inference not in INFERENCES:
            raise mistake(f"the inference is '{inference}'" if inference else "the row states no inference",
                          place(str(at), "inference"), inference, INFERENCES)
        if row["question"] in (earlier["question"] for earlier in rows[:at]):
            raise DefinitionMistake(f"two rows ask '{row['question']}'", where=place(str(at), "question"),
                                    remedy="ask it in one row, or in other words")
        for half in ("theme", "cells"):
            if not row.get(half) and inference != "silence":
                raise DefinitionMistake(f"the row has no {half}", where=place(str(at)),
                                        remedy=f"name its {half}, or where that half says nothing: "
                                               "inference = 'silence'")


def bound(cells: Cells, row: Mapping, halves: Halves, place: Place, *, about: Mapping[str, str],
          silent: bool = False) -> dict[str, Bound]:
    """
    Every column of a joint display for one row, or one step of a thread; `place` gives the line of its keys.

    `about` tells the row's verdicts from those of other rows; `silent` where it says that one half is.
    """
    theme = row.get("theme", "")
    talked = halves.talked(theme, place("theme")) if theme else None
    cited = numbers(cells, row.get("cells", []), halves.find, place("cells"))
    claims = Claims(cells, about)
    if silent:
        claims.silent(talked, list(cited[1].values()), halves.asked_about(theme))
    else:
        claims.speak(talked, list(cited[1].values()))
    if row.get("mentioned"):
        claims.mentioned(row["mentioned"], talked, place("mentioned"))
    for claim in row.get("expects", []):
        claims.expects(claim, halves.find, place("expects"))
    return {THEME: (halves.label(theme, place("theme")) if theme else "no theme", {}),
            MENTIONED: talked.in_words(cells) if talked else NONE, COUNTED: cited,
            FINDING: (plain(row.get("finding", "")), {}), WORDS: (_quoted(row, halves, place), {}),
            INFERENCE: (row.get("inference", "").capitalize(), {}), MEANS: (plain(row.get("says", "")), {}),
            CHECKED: claims.in_words()}


def rows_of(cells: Cells, rows: Sequence[Mapping], halves: Halves, place: Place, columns: Sequence[str]) -> None:
    """A line of the display for each row of `[[joint]]`."""
    checked(rows, place)
    for at, row in enumerate(rows):
        made = bound(cells, row, halves, partial(place, str(at)), about={"question": row["question"]},
                     silent=row["inference"] == "silence")
        cells.row(plain(row["question"]), {column: made[column] for column in columns})


def _quoted(row: Mapping, halves: Halves, place: Place) -> str:
    """'own-pace: P04, P07': of which participants the quotations on a theme stand here; all where it does not say."""
    theme = row.get("theme", "")
    if not theme:
        if row.get("quotes"):
            raise DefinitionMistake("quotations are named without the theme that they speak to",
                                    where=place("quotes"), remedy='write: theme = "…"')
        return ""
    signed = list(dict.fromkeys(halves.signed(theme)))
    if "quotes" not in row:
        return plain(f"{theme}: {ALL}") if signed else ""
    for participant in row["quotes"]:
        if participant not in signed and not halves.partly:
            raise mistake(f"no quotation of '{participant}' on '{theme}' was signed off", place("quotes"), participant,
                          signed) if signed else DefinitionMistake(
                f"no quotation on '{theme}' was signed off", where=place("quotes"),
                remedy="sign one off with make quotes, or take 'quotes' out")
    wanted = [participant for participant in row["quotes"] if participant in signed]
    return plain(f"{theme}: {', '.join(wanted)}") if wanted else ""
