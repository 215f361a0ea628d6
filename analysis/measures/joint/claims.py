"""What a row of the definition says that its numbers show in; whether they do, as cells that are decided on release."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analysis.errors import DefinitionMistake
from analysis.measures.cells import Cells
from analysis.measures.interviews.passages import EVERYONE, group_population
from analysis.measures.joint.named import Asked, Bound, Find, Talked, mistake, taken
from analysis.measures.summary import CURRENCIES, Cell
from analysis.measures.verdicts import CHECK, COMPARED

CLAIM = re.compile(r"\s*(?P<left>[^<>=]*[^<>=\s])\s*(?P<sign><=|>=|<|>|=)\s*(?P<right>[^<>=]*[^<>=\s])\s*")
LITERAL = re.compile(r"[-−]?\d+(?:\.\d+)?(?P<unit>%?)")
HOW = "as in 'peg_change < 0' or 'community_uptake < within_service_uptake'"
SIGNS = {"<=": "≤", ">=": "≥"}
WORDS = {"none": "by nobody", "some": "by somebody", "few": "by few", "most": "by most", "all": "by all"}
MEANING = ("Checked: whether the numbers of a row, as they are shown, are what its author says they are. Mentioned by "
           "most is by more than half of the interviews, by few by a quarter or less. A number that is hidden, or "
           "rests on nobody, cannot be checked. That the check passes says nothing of whether the inference is sound.")
NOT_CLAIMED = "nothing is stated that numbers could show"


@dataclass
class Claims:
    """The claims of one row, collected: `about` tells them from those of other rows; `in_words` shows all of them."""

    cells: Cells
    about: Mapping[str, str]
    _shown: list[Bound] = field(default_factory=list)
    _verdicts: list[str] = field(default_factory=list)

    def speak(self, talked: Talked | None, cited: Sequence[str]) -> None:
        """Both halves say something: somebody mentions the theme, and the numbers cited are there."""
        parts = [*self._mentioned("anybody", talked), *([self._decided("known", cited, "numbers")] if cited else [])]
        both = ("both halves speak" if talked and cited else "somebody mentions it" if talked else
                "the numbers are there")
        if parts:
            self._add(f"{both}: {{v}}", {"v": self._decided("every", parts, "speak")})

    def silent(self, talked: Talked | None, cited: Sequence[str], asked: Asked | None = None) -> None:
        """
        One half says nothing. Where theme and numbers are named it is the interviews: then nobody mentions the theme,
        and somebody was `asked` about it, where that is on record; where only one is named, that one must be there.
        """
        if not (talked and cited):
            self.speak(talked, cited)
            return
        self._add("nobody mentions it: {v}", {"v": self._mentioned("nobody", talked)[0]})
        if asked and asked.on_record:
            counts = [taken(self.cells, asked.summary, cell) for cell in asked.counts]
            self._add("somebody was asked about it: {v}", {"v": self._decided("any", counts, "asked about it")})

    def mentioned(self, said: str | Mapping[str, str], talked: Talked | None, where: str) -> None:
        """By how many the theme is mentioned: one of WORDS for all interviews, or for each of some groups."""
        if talked is None:
            raise DefinitionMistake("it says how many mention a theme, and names none, or the approach to coding "
                                    "counts no mentions", where=where,
                                    remedy="name a theme, or take 'mentioned' out")
        by_group = {group_population(group): word for group, word in said.items()} if isinstance(
            said, Mapping) else {EVERYONE: said}
        for population, word in by_group.items():
            if population not in talked.counts:
                group = population.removesuffix("s interviewed")
                raise mistake(f"there is no group '{group}'", where, group,
                              [one.removesuffix("s interviewed") for one in talked.groups])
            if word not in WORDS:
                raise mistake(f"a theme is mentioned by '{word}'", where, word, WORDS)
            count, whole = talked.taken(self.cells, population)
            who = "" if population == EVERYONE else f"{population.removesuffix(' interviewed')}, "
            said_so = self._decided(word, [count, whole], f"mentioned {WORDS[word]} of {population}")
            self._add(f"mentioned {WORDS[word]}, {who}{{x}} of {{n}}: {{v}}", {"x": count, "n": whole, "v": said_so})

    def expects(self, claim: str, find: Find, where: str) -> None:
        """A number against another, or against one that is written out: 'peg_change < 0'."""
        said = CLAIM.fullmatch(claim)
        if not said:
            raise DefinitionMistake(f"'{claim}' compares nothing", where=where,
                                    remedy=f"write a number's name, one of {' '.join(COMPARED)}, and a number or the "
                                           f"name of one, {HOW}")
        source, left = find(said["left"], where)
        first = taken(self.cells, source, left)
        literal = LITERAL.fullmatch(said["right"])
        if literal:
            second = self._literal(literal, left, where)
        else:
            other, right = find(said["right"], where)
            if right.unit != left.unit:
                raise DefinitionMistake(
                    f"'{claim}' compares {_unit(left)} with {_unit(right)}", where=where,
                    remedy="compare numbers of one unit, or each of them with a number")
            second = taken(self.cells, other, right)
        beside = "" if literal else f"{_spoken(said['right'])} "
        sign = SIGNS.get(said["sign"], said["sign"])
        self._add(f"{_spoken(said['left'])} {{a}} {sign} {beside}{{b}}: {{v}}", {
            "a": first, "b": second, "v": self._decided(said["sign"], [first, second],
                                                        f"{said['left']} {said['sign']} {said['right']}")})

    def in_words(self) -> Bound:
        """The verdict on the row, then each claim with its own."""
        if not self._verdicts:
            return NOT_CLAIMED, {}
        every = self.cells.verdict(self._verdicts, "every", CHECK, words="the numbers agree|the numbers do not agree",
                                   **self.about)
        patterns, ids = ["{row}"], {"row": every}
        for n, (pattern, bound) in enumerate(self._shown):
            patterns.append(re.sub(r"\{(\w+)\}", rf"{{\g<1>{n}}}", pattern))
            ids |= {f"{name}{n}": identity for name, identity in bound.items()}
        return "; ".join(patterns), ids

    # ---------------------------------------------------------------------------------------------- parts

    def _add(self, pattern: str, ids: Mapping[str, str]) -> None:
        self._shown.append((pattern, dict(ids)))
        self._verdicts.append(ids["v"])

    def _decided(self, claim: str, parts: Sequence[str], words: str) -> str:
        return self.cells.verdict(list(parts), claim, f"claim: {words}", **self.about)

    def _mentioned(self, word: str, talked: Talked | None) -> list[str]:
        """By the groups and not their sum, which one hidden count hides."""
        if talked is None:
            return []
        counts = [one for population in talked.groups for one in talked.taken(self.cells, population)]
        return [self._decided(word, counts, f"mentioned by {word}")]

    def _literal(self, said: re.Match, left: Cell, where: str) -> str:
        number = said[0].removesuffix("%").replace("−", "-")
        if said["unit"] and left.unit != "%":
            raise DefinitionMistake(f"'{said[0]}' is a percentage, and '{left.statistic}' is {_unit(left)}",
                                    where=where, remedy=f"write {number}")
        unit = left.unit if left.unit in ("%", *CURRENCIES) else ""
        digits = len(number.partition(".")[2])
        return self.cells.add(Cell("joint display", "checks", f"stated: {number}{unit}", "value", float(number), 0,
                                   unit, digits))


def _spoken(name: str) -> str:
    """A number's name as words: 'opioid dose: follow_up_median' -> 'follow up median'."""
    own = name.rpartition(": ")[2]
    spoken = own.replace("_", " ")
    return own if re.search(r"(?<!\w)\d", spoken) else spoken  # a figure in words would read as a number of its own


def _unit(cell: Cell) -> str:
    return {"%": "a percentage", "": "a number without a unit"}.get(cell.unit, f"a number of {cell.unit}")
