"""Somebody's words in, a pattern for a line of a table out; a day in, the words for it out."""

from __future__ import annotations

import datetime


def plain(words: object) -> str:
    """A pattern without placeholders: braces in somebody's words would be read as the name of a number."""
    return str(words).replace("{", "(").replace("}", ")")


def capitalised(words: str) -> str:
    """The words with a capital at their beginning and all others as they are: NHS number, Day and month told apart."""
    return words[:1].upper() + words[1:]


def day_in_words(day: datetime.date) -> str:
    """1 September 2016."""
    return f"{day.day} {day:%B %Y}"


def days_in_words(first: datetime.date, last: datetime.date) -> str:
    """1 September 2016 to 31 December 2017."""
    return f"{day_in_words(first)} to {day_in_words(last)}"
