"""Released in, Sentence out: the words of a results section, each number bound to its cell."""

from __future__ import annotations

from analysis.errors import Leak
from analysis.present.shown import PLACEHOLDER, Shown, filled, require
from analysis.protect.gate import NUMBER
from analysis.protect.released import Released


class Sentence(Shown):
    """A sentence, or several, on a page."""


def sentence(words: str, *released: Released) -> Sentence:
    """
    The words with {names} filled from the released summaries, first come first served.

    A number typed into the words is refused: numbers come from cells.
    """
    if typed := NUMBER.search(PLACEHOLDER.sub("", words)):
        raise Leak(f"a number is typed into a sentence: '{typed.group()}' in '{words}'",
                   remedy="name the cell it comes from in braces: {enrolled}")
    sources = [require(r) for r in released]
    cells = {}
    for name in PLACEHOLDER.findall(words):
        source = next((r for r in sources if name in r.names), sources[0])
        cells[name] = source.named(name)
    return Sentence("sentence", (("text/html", f'<p class="sentence">{filled(words, cells, collapse=False)}</p>'),
                                 ("text/plain", filled(words, cells, as_html=False, collapse=False))),
                    tuple(dict.fromkeys(cell.id for cell in cells.values())))
