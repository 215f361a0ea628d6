"""A table of a folder on its way to an extract: what it was read as, from which files, and what was added to that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.extracts.proposal.tables import Reading
from analysis.extracts.proposal.timepoints import Timepoint


@dataclass
class Draft:
    """
    A table on the way to an extract: what was read, from which files, and by which preset.

    `through` is the extract by which its people's numbers are exchanged; `practice` the one of all its rows, or where
    `practices` says so, the one of each file by the part of its name; `lender` is another table of the same people that
    says it, under the heading `lent`. `values` are columns with one value for every
    row, `timepoint` that of its headings, `keep` the headings that must be filled for a row to be of it.
    """

    reading: Reading
    files: tuple[str, ...]
    preset: str = ""
    name: str = ""
    through: str = ""
    practice: str = ""
    practices: Mapping[str, str] = field(default_factory=dict)
    lender: Draft | None = None
    lent: str = ""
    timepoint: Timepoint | None = None
    fill_down: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
