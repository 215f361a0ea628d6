"""Transcripts with markup in, their plain text and what each coder coded in it out."""

import random
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
STANCE = {"+": "positive", "-": "negative", "~": "mixed", "": ""}
CODED_TWICE = ("I01", "I04", "I10", "I14", "I19", "I23")
CONFUSABLE = {
    "invite-welcome": "gp-trust", "gp-trust": "joint-working", "invite-negative": "reasons-join",
    "reasons-join": "gp-trust", "search-tool": "workload", "gp-referral": "gp-trust", "time-to-talk": "listened",
    "listened": "worker-relation", "surgery-setting": "flexible-contact", "worker-relation": "listened",
    "flexible-contact": "surgery-setting", "joint-working": "gp-trust", "mood-and-pain": "wellbeing",
    "strategies": "daily-life", "not-for-me": "little-benefit", "community-links": "daily-life",
    "community-barriers": "burden", "learning-opioids": "fear-reducing", "fear-reducing": "no-change-wanted",
    "own-pace": "lower-dose-benefit", "lower-dose-benefit": "daily-life", "no-change-wanted": "fear-reducing",
    "confidence": "wellbeing", "daily-life": "confidence", "wellbeing": "confidence",
    "pain-unchanged": "little-benefit", "little-benefit": "not-for-me", "burden": "flexible-contact",
    "longer-support": "ending", "ending": "longer-support", "gp-time": "workload", "supervision": "workload",
    "workload": "gp-time",
}


@dataclass(frozen=True)
class Passage:
    """A stretch of a transcript that one coder coded: half-open, in Unicode code points. `stance` may be empty."""

    start: int
    end: int
    codes: tuple[str, ...]
    stance: str


def codebook() -> list[dict]:
    """The 6 parents and 33 codes of codes.toml, each parent before its own codes; a parent's `under` is empty."""
    rows = []
    for parent, entry in tomllib.loads((HERE / "codes.toml").read_text(encoding="utf-8")).items():
        codes = entry.pop("codes")
        rows.append({"code": parent, "under": "", **entry})
        rows += [{"code": code, "under": parent, **words} for code, words in codes.items()]
    return rows


def read_transcript(marked: str, name: str) -> tuple[str, list[Passage]]:
    """
    The text without its markup and the passages that the markup encloses, in order of where they begin.

    A passage reads {{code & code/+|its words}}; passages may lie inside one another. Raises ValueError where the markup
    is not closed, a code is not in the codebook, or a passage is not 15 to 80 words inside one turn.
    """
    known = {row["code"] for row in codebook() if row["under"]}
    text, passages, opened, length = [], [], [], 0
    for token in re.split(r"(\{\{[^|{}]*\||\}\})", marked):
        if token.startswith("{{"):
            codes, _, stance = token[2:-1].partition("/")
            opened.append((length, tuple(code.strip() for code in codes.split("&")), STANCE[stance.strip()]))
        elif token == "}}":
            if not opened:
                raise ValueError(f"{name}: a passage is closed that was never opened, near {''.join(text)[-40:]!r}")
            start, codes, stance = opened.pop()
            passages.append(Passage(start, length, codes, stance))
        else:
            text.append(token)
            length += len(token)
    plain = "".join(text)
    if opened or "{{" in plain or "}}" in plain or "|" in plain:
        raise ValueError(f"{name}: markup that is opened and not closed")
    for passage in passages:
        words = plain[passage.start : passage.end]
        if unknown := set(passage.codes) - known:
            raise ValueError(f"{name}: {sorted(unknown)} is not in codes.toml, at {words[:40]!r}")
        if not 15 <= len(words.split()) <= 80 or "\n" in words:
            raise ValueError(f"{name}: a passage is not 15 to 80 words of one turn: {words[:60]!r}")
    return plain, sorted(passages, key=lambda p: (p.start, -p.end))


def second_coder(plain: str, passages: list[Passage], name: str) -> list[Passage]:
    """
    What a second coder made of the same transcript: most of it the same, some of it elsewhere, otherwise or not at all.

    Of the codes given, about 75 in 100 are kept with boundaries moved by up to five words, 10 go to a code that is
    easily taken for it, 15 are missed; and one to three passages are this coder's own.
    """
    rng = random.Random(f"south-glos second coder {name}")
    found = []
    for passage in passages:
        codes = []
        for code in passage.codes:
            draw = rng.random()
            if draw < 0.85:
                codes.append(code if draw < 0.75 else CONFUSABLE[code])
        if codes:
            start, end = _moved(plain, passage.start, passage.end, rng)
            other = "mixed" if passage.stance in ("positive", "negative") else ""
            stance = passage.stance if rng.random() < 0.9 else other
            found.append(Passage(start, end, tuple(dict.fromkeys(codes)), stance))
    free = _uncoded(plain, passages)
    for start, end in sorted(rng.sample(free, min(len(free), rng.randint(1, 3)))):
        nearest = min(passages, key=lambda p: abs(p.start - start))
        found.append(Passage(start, end, (CONFUSABLE[nearest.codes[0]],), ""))
    return sorted(found, key=lambda p: (p.start, -p.end))


def _turn(plain: str, position: int) -> tuple[int, int]:
    """Where the words of the turn at a position begin, after its "Participant: ", and end."""
    begin = plain.rfind("\n", 0, position) + 1
    end = plain.find("\n", position)
    return plain.index(": ", begin) + 2, len(plain) if end < 0 else end


def _moved(plain: str, start: int, end: int, rng: random.Random) -> tuple[int, int]:
    """The passage with each boundary moved by 0 to 5 words, still inside its turn and 15 to 80 words long."""
    begin, stop = _turn(plain, start)
    words = [(m.start() + begin, m.end() + begin) for m in re.finditer(r"\S+", plain[begin:stop])]
    first = max(i for i, (a, _) in enumerate(words) if a <= start)
    last = min(i for i, (_, b) in enumerate(words) if b >= end)
    shift = [0, 0, 0, 0, 1, 2, 3, 4, 5]
    new_first = max(0, first + rng.choice([-1, 1]) * rng.choice(shift))
    new_last = min(len(words) - 1, last + rng.choice([-1, 1]) * rng.choice(shift))
    if not 15 <= new_last - new_first + 1 <= 80:
        new_first, new_last = first, last
    return words[new_first][0], words[new_last][1]


def _uncoded(plain: str, passages: list[Passage]) -> list[tuple[int, int]]:
    """Stretches of 15 to 60 words, of participants' turns, in which the first coder coded nothing."""
    stretches = []
    for turn in re.finditer(r"(?m)^Participant: (.+)$", plain):
        taken = sorted((p.start, p.end) for p in passages if turn.start() <= p.start < turn.end())
        at = turn.start(1)
        for start, end in [*taken, (turn.end(1), turn.end(1))]:
            gap = plain[at:start]
            stretch = gap.strip()
            if 15 <= len(stretch.split()) <= 60:
                begin = at + gap.index(stretch)
                stretches.append((begin, begin + len(stretch)))
            at = max(at, end)
    return stretches
