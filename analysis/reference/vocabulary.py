"""Words of the field in; the canonical columns and codes that exports mean by them, out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "vocabulary"


@cache
def headings() -> Mapping[str, Any]:
    """headings.toml: words for any table's columns, for private columns, questionnaires and each table."""
    return tomllib.loads((FOLDER / "headings.toml").read_text("utf-8"))


@cache
def values() -> Mapping[str, Any]:
    """values.toml: words for codes, by table and column; `missing` are words that mean an empty cell."""
    return tomllib.loads((FOLDER / "values.toml").read_text("utf-8"))


def plain(words: str) -> str:
    """Lower case, letters and digits only, one space between words; DateStart and date_start are "date start"."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words)
    return " ".join(re.findall(r"[^\W_]+", parted.casefold()))


@cache
def spelled(heading: str) -> str:
    """A heading as `plain` gives it, with its abbreviations in full: "Pt Ref" is "patient reference"."""
    short, said = headings()["abbreviations"], f" {plain(heading)} "
    for words in (words for words in short if " " in words):  # "D/C" is "d c" by now
        said = said.replace(f" {words} ", f" {short[words]} ")
    return " ".join(short.get(word, word) for word in said.split())


def is_number_of_a_person(heading: str) -> bool:
    """Whether a heading is a word for a person and one for a number: "Client No.", "Study ID", "PtRef"."""
    known = headings()["person"]
    said = " ".join(word for word in spelled(heading).split() if word not in known["beside"])
    return any(said == f"{whose} {number}" for whose in known["whose"] for number in known["number"])


def is_private(heading: str) -> bool:
    """Whether a heading says that its cells hold names, addresses, other means of contact or free text."""
    said, known = plain(heading), headings()["private"]
    if said in known["except"] or said.replace(" ", "") in known["except"]:
        return False
    return any(_within(plain(word), said) for word in known["words"])


def is_known(heading: str) -> bool:
    """Whether some word of the vocabulary fits the heading: a row of which none does is no row of headings."""
    said = spelled(heading)
    tight = said.replace(" ", "")
    return is_private(heading) or is_number_of_a_person(heading) or bool(prefix_of(heading)[0]) or any(
        said == word or tight == word.replace(" ", "") or (" " in word and _within(word, said))
        for word in _all_words())


def prefix_of(heading: str) -> tuple[str, str, int]:
    """Of a heading that ends in a number, as of a questionnaire's item: the instrument, the words, the number."""
    match = re.match(r"^(.*?[^\d\W].*?)(?:[\s_.\-]+(?:q|item|i))?[\s_.\-]*(\d{1,2})$", heading.strip(), re.I)
    if not match:
        return "", "", 0
    words = plain(match[1]).replace(" ", "")
    known = headings()["questionnaires"]
    instrument = next((name for name, aliases in known.items() if words in aliases), "")
    return instrument, words, int(match[2])


def means(vocabulary: str, value: str) -> str:
    """
    The code that a value stands for: `vocabulary` is "sex", "yes_no" or "contacts.attendance"; empty: not known.

    Of a value with a remark ("Declined - too far", "Accepted (urgent)") the words before it count where the whole is
    not known.
    """
    known = _meanings(vocabulary)
    before = re.split(r"\s[-–—/]\s|\s?[:;(,]", value.strip(), maxsplit=1)[0]
    return known.get(plain(value) or value.strip(), "") or known.get(plain(before), "")


def national_codes(vocabulary: str, found: Iterable[str]) -> Mapping[str, str]:
    """
    What the NHS Data Dictionary means by these values, where it knows all of several; else nothing. A value that means
    none of ours is empty.
    """
    said, known = {value for value in found if value}, values()["national"].get(vocabulary, {})
    return {value: known[value] for value in said} if len(said) > 1 and said <= set(known) else {}


def is_missing(value: str) -> bool:
    """Whether a word means that nothing is known."""
    return value.strip().casefold() in values()["missing"]


@cache
def _meanings(vocabulary: str) -> Mapping[str, str]:
    table: Any = values()
    for part in vocabulary.split("."):
        table = table.get(part, {}) if isinstance(table, Mapping) else {}
    if not isinstance(table, Mapping):
        return {}
    return {plain(word) or word: code for code, words in table.items() if isinstance(words, list)
            for word in (code, *words)}


@cache
def _all_words() -> frozenset[str]:
    said = headings()
    lists = list(said["any"].values())
    for table in said["tables"].values():
        lists += table["columns"].values()
    return frozenset(spelled(word) for words in lists for word in words)


def _within(word: str, said: str) -> bool:
    return f" {word} " in f" {said} "
