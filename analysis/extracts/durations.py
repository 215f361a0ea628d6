"""Lengths of time as people write them in ("1 hr 15", "approx 20 mins", "01:15"); whole minutes, as text, out."""

from __future__ import annotations

import re

FORMAT = "duration"  # of a column of minutes in a definition
ABOUT = re.compile(r"^(?:approx\.?|approximately|about|around|circa|ca\.?|c\.|~)\s*", re.I)
IN_WORDS = {"half an hour": "30", "half hour": "30", "an hour": "60", "one hour": "60", "hour": "60", "1/2 hour": "30",
            "1/2 hr": "30", "½ hour": "30", "½ hr": "30", "quarter of an hour": "15", "an hour and a half": "90",
            "three quarters of an hour": "45", "1½ hours": "90", "two hours": "120"}
MINUTES = re.compile(r"(\d{1,4})\s*(?:m|min|mins|minute|minutes|')?\.?", re.I)
HOURS = re.compile(r"(\d{1,2}(?:\.\d{1,2})?)\s*(?:h|hr|hrs|hour|hours)\.?"
                   r"(?:\s*(?:and|,|&)?\s*(\d{1,2})\s*(?:m|min|mins|minute|minutes)?\.?)?", re.I)
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")


def whole_minutes(text: str) -> str:
    """
    The minutes that a length of time comes to, as digits; what says no one length ("20-30 mins", "long") as it stands.

    A number alone is minutes; hours and minutes may stand as on a clock, "1:15". An hour and a part that comes to no
    whole minute stays as it stands, too.
    """
    said = ABOUT.sub("", " ".join(text.split()))
    if said.casefold() in IN_WORDS:
        return IN_WORDS[said.casefold()]
    if match := MINUTES.fullmatch(said):
        return str(int(match[1]))
    if match := CLOCK.fullmatch(said):
        return str(int(match[1]) * 60 + int(match[2])) if int(match[2]) < 60 else text
    if match := HOURS.fullmatch(said):
        minutes = float(match[1]) * 60 + int(match[2] or 0)
        return str(round(minutes)) if abs(minutes - round(minutes)) < 1e-9 else text
    return text


def is_duration(text: str) -> bool:
    """Whether a text is a length of time, so that minutes can be read from it."""
    return whole_minutes(text).isdecimal()
