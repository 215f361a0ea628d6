"""A cell that is no text in; the text that a person would write for it, out."""

from __future__ import annotations

import datetime
from decimal import Decimal

from analysis.extracts.formats.source import Cell

EXACT_IN_A_WORKBOOK = 10 ** 15  # Excel keeps 15 digits of a number and makes the others 0
EXACT_IN_A_DOUBLE = 2 ** 53
TRUTH = {True: "TRUE", False: "FALSE"}


def number_text(value: float, exact: int = EXACT_IN_A_DOUBLE, digits: int = 15) -> str:
    """
    A number without noise: 7 for 7.0, 0.3 for 0.1 + 0.2, 0.0000001 for 1e-7.

    From `exact` on, digits may be lost already: such a number is written 1.23456789012345E+18, so that no rule takes it
    for the identifier that it was.
    """
    if value != value or value in (float("inf"), float("-inf")):
        return "" if value != value else str(value)
    if abs(value) >= exact:
        mantissa, exponent = f"{value:.{digits - 1}E}".split("E")
        return f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}E{exponent}"
    if value == int(value):
        return str(int(value))
    return format(Decimal(f"{value:.{digits}g}"), "f")


def text_of(cell: Cell, date_format: str) -> str:
    """A cell as text; a true date is written the way the definition says that dates look in that column."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, datetime.datetime):
        if date_format:
            return cell.strftime(date_format)
        seconds = "%H:%M:%S" if cell.second else "%H:%M"
        return cell.strftime("%Y-%m-%d" if cell.time() == datetime.time() else f"%Y-%m-%d {seconds}")
    if isinstance(cell, datetime.date):
        return cell.strftime(date_format or "%Y-%m-%d")
    if isinstance(cell, datetime.time):
        return cell.strftime("%H:%M:%S" if cell.second else "%H:%M")
    minutes, seconds = divmod(round(cell.total_seconds()), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
