"""A column's values in; the ways of writing a date that fit every one of them, out."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

DAYS = ("%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y/%m/%d", "%d/%m/%y", "%m/%d/%y",
        "%d.%m.%y", "%d-%m-%y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d %B %Y", "%d %b %y", "%d %B %y", "%d-%B-%Y",
        "%b %d, %Y", "%B %d, %Y", "%Y%m%d")
TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M:%S", "T%H:%M:%SZ", " %H:%M:%S.%f", "T%H:%M:%S.%fZ")
FORMATS = tuple(day + time for time in TIMES for day in DAYS)
MONTH_FIRST = ("%m/", "%m-", "%b ", "%B ")
# A year that nobody's record holds is no date but a number of eight digits, or a sentinel.
EARLIEST, LATEST = 1850, 2100
SHAPE = re.compile(r"\d")


def formats(values: Iterable[str], part: float = 1.0) -> list[str]:
    """
    The formats in which at least that part of the values is a date; by default all of them.

    A format that hardly any of a hundred of them fit is not tried on the others, so that a long column costs little.
    """
    distinct = sorted(set(values))
    some = distinct[::max(1, len(distinct) // 100)]
    if not any(SHAPE.search(value) for value in some):
        return []
    fitting = []
    for format in FORMATS:
        if sum(_fits(value, format) for value in some) < (part if part == 1.0 else part - 0.2) * len(some):
            continue
        allowed = int(len(distinct) * (1 - part))
        for value in distinct:
            if not _fits(value, format):
                allowed -= 1
                if allowed < 0:
                    break
        else:
            fitting.append(format)
    return fitting


def dates(values: Iterable[str], format: str) -> list[datetime.date]:
    """The days, of the values that are some."""
    found = {value: _day(value, format) for value in set(values)}
    return [day for value in values if (day := found[value])]


def month_first(format: str) -> bool:
    """Whether the month stands before the day: the American order."""
    return format.startswith(MONTH_FIRST)


def is_value(text: str) -> bool:
    """Whether a cell is a number or a date, and so no heading."""
    return bool(re.fullmatch(r"[-+]?[\d\s.,/:]*\d[\d\s.,/:%]*", text)) or bool(formats([text]))


def _fits(value: str, format: str) -> bool:
    return _day(value, format) is not None


def _shape(format: str) -> re.Pattern:
    """What a date in that format looks like: most values are seen to be none without being read as one."""
    looks = {"%Y": r"\d{4}", "%b": r"[^\W\d]+", "%B": r"[^\W\d]+", "%f": r"\d{1,6}"}
    parts = re.split(r"(%.)", format)
    return re.compile("".join(looks.get(part, r"\d{1,2}") if part.startswith("%") else re.escape(part)
                              for part in parts))


SHAPES = {format: _shape(format) for format in FORMATS}


def _day(value: str, format: str) -> datetime.date | None:
    if format in SHAPES and not SHAPES[format].fullmatch(value):
        return None
    try:
        day = datetime.datetime.strptime(value, format).date()
    except ValueError:
        return None
    if "%d" in format and "%Y" in format and not EARLIEST <= day.year <= LATEST:
        return None
    return None if "%Y%m%d" in format and len(value) < 8 else day
