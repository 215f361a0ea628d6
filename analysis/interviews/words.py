"""A text and a place in it in; whether the place cuts a word, and words with their white space folded, out."""

from __future__ import annotations


def folded(words: str) -> str:
    """The words with every stretch of white space as one blank."""
    return " ".join(words.split())


def on_words(text: str, start: int, end: int) -> bool:
    """Whether it begins and ends with a whole word, and with no blank; or is whole lines, the last one's end too."""
    if not 0 <= start < end <= len(text) or text[start].isspace() or cuts_a_word(text, start, end):
        return False
    return not text[end - 1].isspace() or text[end - 1] == "\n" and (start == 0 or text[start - 1] == "\n")


def cuts_a_word(text: str, start: int, end: int) -> bool:
    """Whether the passage begins or ends inside a word; in scripts without blanks between words nobody can tell."""
    return _inside(text, start) or _inside(text, end)


def _inside(text: str, at: int) -> bool:
    return (0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()
            and not (_unbroken(text[at - 1]) or _unbroken(text[at])))


def _unbroken(character: str) -> bool:
    """Chinese, Japanese, Thai, Lao, Khmer and Burmese write words without blanks; Korean breaks between syllables."""
    return (character > "\u0dff" and ("\u0e00" <= character <= "\u0eff" or "\u1000" <= character <= "\u109f"
            or "\u1780" <= character <= "\u17ff" or "\u2e80" <= character <= "\ud7ff" or character > "\U0001ffff"))
