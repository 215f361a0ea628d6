"""What is said to the person who waits."""

import os
import sys

from pipelines.progress import fitted

SAID = "study.toml, line 6: unknown key 'synthetc'\n  -> did you mean 'synthetic', or one of the other keys?"


def test_lines_break_between_words_at_the_width_of_a_terminal_and_hang(monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((30, 24)))
    assert fitted(SAID) == ("study.toml, line 6: unknown\n  key 'synthetc'\n"
                            "  -> did you mean 'synthetic',\n    or one of the other keys?")


def test_elsewhere_the_words_are_as_they_are(monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    assert fitted(SAID) == SAID
