"""Somebody's words in, a pattern for a line of a table out."""


def plain(words: object) -> str:
    """A pattern without placeholders: braces in somebody's words would be read as the name of a number."""
    return str(words).replace("{", "(").replace("}", ")")
