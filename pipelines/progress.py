"""What is going on and what went wrong, for the person who waits: fitted to a terminal, plain lines elsewhere."""

from __future__ import annotations

import shutil
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager


def fitted(words: str) -> str:
    """Words whose lines break between words at the width of the terminal, and hang; elsewhere the words as they are."""
    if not sys.stderr.isatty():
        return words
    width, lines = shutil.get_terminal_size().columns, []
    for line in words.split("\n"):
        hanging = " " * (len(line) - len(line.lstrip()) + 2)
        lines += textwrap.wrap(line, width, subsequent_indent=hanging, break_long_words=False,
                               break_on_hyphens=False) or [""]
    return "\n".join(lines)


class Progress:
    """Says each step and page as it begins and ends."""

    def __init__(self):
        self._console = None
        if sys.stderr.isatty():
            from rich.console import Console

            self._console = Console(stderr=True)

    @contextmanager
    def step(self, words: str) -> Iterator[None]:
        """One step of the road: a spinner while it lasts, its seconds when it is done."""
        began = time.monotonic()
        if self._console:
            with self._console.status(words):
                yield
            self._console.print(f"[green]done[/] {words} [dim]{time.monotonic() - began:.1f} s[/]", highlight=False)
        else:
            yield
            self.say(f"done {words} ({time.monotonic() - began:.1f} s)")

    def say(self, words: str) -> None:
        """One line."""
        if self._console:
            self._console.print(words, highlight=False, markup=False)
        else:
            print(words, file=sys.stderr, flush=True)
