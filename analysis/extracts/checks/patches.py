"""Issues of opioid patches in; those whose directions change a patch on other days than it is worn for, out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.extracts.checks.prescriptions import AN_HOUR, opioid_names, words_of
from analysis.extracts.checks.seen import Bad, Seen
from analysis.reference.medicines import medicines

# Buprenorphine at 35 mcg/h and more is made to be worn for 3 days and for 4; "twice a week" is 3.5.
APART = 1  # days; more is another patch's interval, or a slip
WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10, "second": 2, "third": 3,
         "fourth": 4, "seventh": 7}
OFTEN = {"once": 1, "twice": 2}
NUMBER = rf"([0-9]+(?:\.[0-9]+)?|{'|'.join(WORDS)})"
DAYS = {"h": 1 / 24, "d": 1, "w": 7}
UNIT = r"(hour|hr|h|day|d|week|wk)"
STRENGTH = re.compile(rf"([0-9]+(?:\.[0-9]+)?)\s*{AN_HOUR}")
MADE_FOR = re.compile(rf"\b{NUMBER}[- ]?{UNIT}s?\b")  # "seven-day patches", of the product
EVERY = re.compile(rf"\b(?:every|each|after|q)\s*{NUMBER}(?:st|nd|rd|th)?[- ]?{UNIT}(?:s|ly)?\b"
                   rf"|\b{NUMBER}[- ]?(hour|hr)ly\b")
TIMES = re.compile(rf"\b({NUMBER[1:-1]}|{'|'.join(OFTEN)})(?: times)? ?"  # "twice a week", "once weekly"
                   rf"(?:a|per|each|every|/)? ?{UNIT}(?:ly)?\b")
PLAIN = ((re.compile(r"\b(?:every other|alternate) days?\b"), 2),
         (re.compile(r"\b(?:weekly|(?:a|every|each|per) week)\b"), 7),
         (re.compile(r"\b(?:daily|(?:a|every|each|per) day|od)\b"), 1))


def changed_otherwise(seen: Seen) -> Iterator[Bad]:
    """Where strength and interval are both clear: 'as directed' and two intervals in one sentence are not."""
    rows = seen.table("prescriptions", "product", "directions")
    if rows is None:
        return
    says = words_of(rows)
    for column in ("strength", "form"):
        if column in rows:
            says = says + " " + rows[column].fillna("").str.casefold()
    worn = says.map({text: worn_for(text) for text in says.unique()}).astype("float64")
    patches = rows.loc[worn.notna(), "directions"].fillna("")
    changed = patches.map({text: changed_after(text) for text in patches.unique()}).astype("float64")
    yield Bad(rows, "directions", (changed - worn).abs().gt(APART))


def worn_for(product: str) -> float | None:
    """How many days a patch is made to be worn, by what a product says in small letters; None: not clear."""
    strength, named = STRENGTH.search(product), re.search(opioid_names(), product)
    if not strength or not named:
        return None
    known = medicines()
    wear = known.wear.get((known.names[named[0]].ingredient, float(strength[1])))
    if wear is None:
        return None
    stated = {_number(n) * DAYS[unit[0]] for n, unit in MADE_FOR.findall(product)}
    return stated.pop() if len(stated) == 1 else known.names[named[0]].wear_days or wear


def changed_after(directions: str) -> float | None:
    """After how many days directions change a patch; None where they say none, or more than one number."""
    text = " ".join(directions.casefold().split())
    found = set()
    for first, unit, second, its_unit in EVERY.findall(text):
        found.add(_number(first or second) * DAYS[(unit or its_unit)[0]])
    if not found:
        found = {DAYS[unit[0]] / _number(n) for n, unit in TIMES.findall(text)}
    if not found:
        found = {days for pattern, days in PLAIN if pattern.search(text)}
    return found.pop() if len(found) == 1 else None


def _number(word: str) -> float:
    return (WORDS | OFTEN).get(word) or float(word)


BREAKS = {"patch changed when it is worn out": changed_otherwise}
