"""Whether an extract came in the shape that the definition says: what is seen in, the columns that did not, out."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.extracts.checks.seen import Seen, Whole
from analysis.extracts.people import PERSON

# So much of a column is blank where a report prints a number once for several rows; a slip leaves single cells blank.
PRINTED_ONCE, ENOUGH_TO_TELL = 0.25, 8


def printed_once(seen: Seen) -> Iterator[Whole]:
    """EMIS and other reports group rows: below the first row of a person, the cell with the number is blank."""
    for name, extract in seen.asked.items():
        column = next((extract.plan.column(one) for one in PERSON if one in extract.frame), None)
        if column is None or column.source in extract.plan.fill_down or len(extract.frame) < ENOUGH_TO_TELL:
            continue
        blank = extract.frame[column.name].isna()
        yield Whole(name, column.name, bool(not blank.iloc[0] and blank.mean() >= PRINTED_ONCE))


BREAKS = {"person on every row": printed_once}
