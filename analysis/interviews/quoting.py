"""Words as a researcher wants them shown and the transcript in; where they stand in it, and what was redacted, out."""

from __future__ import annotations

import re

from analysis.interviews.quotations import Redaction

TOKEN = re.compile(r"(\s*\[[^\[\]]+\]\s*)")
AROUND = 2_000  # characters before and after a coded passage in which a quotation may begin or end
MOST = 1_500  # characters that one pair of brackets can stand for


def place(transcript: str, words: str, start: int | None = None, end: int | None = None,
          ) -> tuple[int, int, tuple[Redaction, ...]] | None:
    """
    Start, end and redactions of the words; None where the transcript does not have them, or has them more than once.

    What stands in square brackets may be anything in the transcript (a name, or talk that is left out), or nothing;
    all else must be there to the letter, white space aside. Looked for in the passage (`start` to `end`), then around
    it, then everywhere. Brackets at an end of the words need a passage: they reach to its end.
    """
    tokens = TOKEN.split(words.strip())
    open_start, open_end = not tokens[0] and len(tokens) > 1, not tokens[-1] and len(tokens) > 1
    known = start is not None and end is not None
    if (open_start or open_end) and not known or not "".join(tokens[::2]).strip():
        return None
    said = "".join(_bracket(token) if n % 2 else _literal(token) for n, token in enumerate(tokens))
    pattern = re.compile((r"\A" if open_start else "") + said + (r"\Z" if open_end else ""), re.DOTALL)
    regions = [(0, len(transcript))]
    if known:
        wider = start if open_start else max(0, start - AROUND), end if open_end else end + AROUND
        regions = [(start, end), wider, *([] if open_start or open_end else regions)]
    for low, high in regions:
        found = list(pattern.finditer(transcript[low:high]))
        if len(found) == 1 and found[0].group().strip():
            return _placed(found[0], tokens, low)
    return None


def _placed(match: re.Match, tokens: list[str], low: int) -> tuple[int, int, tuple[Redaction, ...]]:
    redactions = tuple(
        Redaction(match.start(n) + low, match.end(n) + low, token) for n, token in enumerate(tokens[1::2], 1)
        if match.group(n) != token)
    return match.start() + low, match.end() + low, redactions


def _literal(words: str) -> str:
    return r"\s+".join(re.escape(word) for word in words.split())


def _bracket(token: str) -> str:
    return rf"(\s*{re.escape(token.strip())}\s*|.{{0,{MOST}}}?)"
