"""An interview's name in; the made-up talk that was transcribed, and where its answers stand, out."""

from __future__ import annotations

import random

from analysis.reference.made_up import MARK, sentences


def transcript(seed: str) -> tuple[str, list[tuple[int, int]]]:
    """Twelve turns of talk, a paragraph each, and where four of its six answers stand (half open, code points)."""
    dice = random.Random(f"talk {seed}")
    asks = [words for who, words in sentences() if who == "I"]
    says = [words for who, words in sentences() if who == "R"]
    lines, answers, at = [MARK], [], len(MARK) + 1
    for turn in range(12):
        asking = turn % 2 == 0
        line = f"{'I' if asking else 'R'}: " + (dice.choice(asks) if asking else " ".join(dice.sample(says, 2)))
        if not asking:
            answers.append((at + 3, at + len(line)))
        lines.append(line)
        at += len(line) + 1
    return "\n".join(lines), sorted(dice.sample(answers, 4))
