"""Released in, Sentence out: the words of a results section, each number bound to its cell."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from analysis.errors import Leak
from analysis.present.shown import PLACEHOLDER, Shown, filled, marked, require
from analysis.protect.gate import NUMBER
from analysis.protect.released import Released, ReleasedCell

AGREES = re.compile(r"\{(\w+):([^|{}]*)\|([^|{}]*)\}")  # {invited:person was|people were}

class Sentence(Shown):
    """A sentence, or several, on a page."""


def sentence(words: str, *released: Released) -> Sentence:
    """
    The words with {names} filled from the released summaries, first come first served.

    {name:person was|people were} is the first words where the released number is one, else the second. A number typed
    into the words is refused: numbers come from cells.
    """
    sources = [require(r) for r in released]
    words = AGREES.sub(lambda match: match[2 if _one(_named(match[1], sources)) else 3], words)
    if typed := NUMBER.search(PLACEHOLDER.sub("", words)):
        raise Leak(f"a number is typed into a sentence: '{typed.group()}' in '{words}'",
                   remedy="name the cell it comes from in braces: {enrolled}")
    cells = {name: _named(name, sources) for name in PLACEHOLDER.findall(words)}
    return Sentence("sentence", (("text/html", f'<p class="sentence">{filled(words, cells, collapse=False)}</p>'),
                                 ("text/plain", filled(words, cells, as_html=False, collapse=False))),
                    tuple(dict.fromkeys(cell.id for cell in cells.values())))


def of_whom(released: Released, whole: str, did: str, /, **parts: str) -> Sentence:
    """
    "Of 59 people invited, 34 (57.6%) enrolled, 6 (10.2%) declined and 19 (32.2%) did not reply."

    `whole` names the people and `did` says what befell them ("invited"); each of `parts` is a name and its words, in
    which "was|were interviewed" agrees with the number. The share is the number called as the part with "_share"
    behind it, where there is one and the part is shown. Of nobody it says that nobody was.
    """
    released = require(released)
    if released.named(whole).status == "shown" and not released.named(whole).value:
        return sentence(f"Nobody was {did}.", released)
    said = [_part(released, name, words) for name, words in parts.items()]
    return sentence(f"Of {{{whole}}} {{{whole}:person|people}} {did}, {_listed(said)}.", released)


def middle(released: Released, what: str, name: str, unit: str = "") -> Sentence:
    """
    "The median age of people enrolled was 56 years (quartiles 51 to 61)."

    `name` is what the names of the three numbers begin with (`enrolled_age` for `enrolled_age_median`, `_q1` and
    `_q3`); `unit` may agree with the median, "contact|contacts". Where nobody has a value it says so.
    """
    released = require(released)
    cell = released.named(f"{name}_median")
    if cell.status == "absent":
        return sentence(f"There is no median {what}: nothing is recorded.", released)
    one, _, more = unit.partition("|")
    unit = f" {{{name}_median:{one}|{more or one}}}" if unit and cell.status == "shown" else ""
    ends = [released.named(f"{name}_{end}").status for end in ("q1", "q3")]
    spread = f" (quartiles {{{name}_q1}} to {{{name}_q3}})" if ends == ["shown", "shown"] else ""
    return sentence(f"The median {what} was {{{name}_median}}{unit}{spread}.", released)


def scores_compared(released: Released) -> Sentence:
    """
    "On the PEG (higher is worse) the mean of 21 people was 7.3 at baseline and 6.8 at follow-up: a change of -0.5 …"

    A sentence for each instrument of `outcome_scores`: the mean at both time points of the same people, and the change
    with its confidence interval. It names no direction, so that its words tell nothing of a hidden number.
    """
    released, said = require(released), []
    for name in (name.removesuffix("_paired") for name in released.names if name.endswith("_paired")):
        identity = released.names[f"{name}_paired"]
        line = next(line for line in released.lines
                    if any(identity == cell for _, _, ids in line.entries for _, cell in ids))
        title, better = line.section.partition(",")[0], line.section.rpartition(", ")[2].rstrip(")")
        if all(released.named(f"{name}_{part}").status == "hidden" for part in ("paired", "change")):
            said.append(f"On the {title}: {{{name}_paired}}.")
            continue
        said.append(f"On the {title} ({better}) the mean of {{{name}_paired}} {{{name}_paired:person|people}} was "
                    f"{{{name}_baseline_mean}} at baseline and {{{name}_follow_up_mean}} at follow-up: a change of "
                    f"{{{name}_change}}{_ends(released, name)}.")
    made = [sentence(words, released) for words in said or ["No questionnaire is compared."]]
    return Sentence("sentence", tuple((kind, "\n".join(dict(one.bundle)[kind] for one in made))
                                      for kind in ("text/html", "text/plain")),
                    tuple(dict.fromkeys(identity for one in made for identity in one.cells)))


def themes_mentioned(released: Released) -> Sentence:
    """
    "Of 25 interviews, 25 mention 'Enrolment into the service' and 18 'Perceived benefits'."

    Of `main_themes`: the numbers of its last column, all interviews, in its order, which is the codebook's. Where all
    of them are hidden it says so once, and of which themes.
    """
    base, *themes = require(released).lines
    number = {line: released.cells[dict(line.entries[-1][2])["interviews"]] for line in (base, *themes)}
    what = "interview" if _one(number[base]) else "interviews"
    verbs = ["" if n else "mentions " if _one(number[line]) else "mention " for n, line in enumerate(themes)]

    def said(render: Callable[[ReleasedCell], str], words: Callable[[str], str]) -> str:
        if themes and all(cell.status == "hidden" for cell in number.values()):
            names = _listed([f"'{words(line.label)}'" for line in themes])
            return f"How many interviews mention {names}: {render(number[base])}."
        each = [f"{render(number[line])} {verb}'{words(line.label)}'" for line, verb in zip(themes, verbs, strict=True)]
        return f"Of {render(number[base])} {what}, {_listed(each) or 'none mentions a theme'}."

    as_html = said(marked, lambda label: f'<span class="words">{html.escape(label)}</span>')
    return Sentence("sentence", (("text/html", f'<p class="sentence">{as_html}</p>'),
                                 ("text/plain", said(lambda cell: cell.text, str))),
                    tuple(dict.fromkeys(cell.id for cell in number.values())))


def _ends(released: Released, name: str) -> str:
    """The interval of a change in brackets; nothing where one of its ends is not shown."""
    ends = [f"{name}_change_low", f"{name}_change_high"]
    if any(released.named(end).status != "shown" for end in ends):
        return ""
    return f" (confidence interval {{{ends[0]}}} to {{{ends[1]}}})"


def _part(released: Released, name: str, words: str) -> str:
    """A number with its share, and what these people did."""
    cell, share = released.named(name), f"{name}_share"
    shown = share in released.names and cell.status == "shown" and released.named(share).status == "shown"
    verb, _, plural = words.partition(" ")[0].partition("|")
    agreeing = f"{{{name}:{verb}|{plural}}}{words[len(verb) + len(plural) + 1:]}" if plural else words
    return f"{{{name}}}{f' ({{{share}}})' if shown else ''} {agreeing}"


def _listed(said: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(said[:-1]), *said[-1:]]))


def _named(name: str, sources: list[Released]) -> ReleasedCell:
    return next((r for r in sources if name in r.names), sources[0]).named(name)


def _one(cell: ReleasedCell) -> bool:
    """Decided from the released number only: a hidden one reads as several."""
    return cell.status == "shown" and cell.value == 1
