"""A table with a column for each item and time point in; one table for each time point, out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from analysis.extracts.proposal.files import Found

WORDS = (r"(?:t|time|tp|wave|w|wk|week|wks|weeks|m|mo|month|months|v|visit|fu|follow[ _-]?up|assessment)[ _-]?\d{1,2}|"
         r"\d{1,2}[ _-]?(?:w|wk|wks|week|weeks|m|mo|mth|month|months|yr|year|years)|"
         r"baseline|base|bl|pre|post|initial|final|intake|entry|exit|start|end|review|follow[ _-]?up|fu|admission|"
         r"discharge")
BEHIND = re.compile(rf"^(?P<base>.*[^\s_.\-(\[])[\s_.\-(\[]+(?P<wave>{WORDS})[)\]]?$", re.I)
BEFORE = re.compile(rf"^(?P<wave>{WORDS})[\s_.\-:]+(?P<base>[^\s_.\-:].*)$", re.I)
IN_COMMON = 3  # so many columns must come again at another time point


def waves(found: Found) -> list[Found]:
    """
    The table once for each time point that its headings name ("PHQ9_1_T1", "baseline_phq1"), each with the columns of
    that time point, under the words without it, and those of no time point. Nothing where headings name none, or too
    few columns come again.
    """
    best: list[tuple[str, dict[str, str]]] = []
    for shape in (BEHIND, BEFORE):
        parted: dict[str, dict[str, str]] = {}
        for heading in found.headings:
            if match := shape.match(heading):
                parted.setdefault(match["wave"].casefold(), {})[heading] = match["base"]
        if _come_again(list(parted.values())) and sum(map(len, parted.values())) > sum(len(one) for _, one in best):
            best = list(parted.items())
    of_a_wave = {heading for _, headed in best for heading in headed}
    return [_only(found, wave, headed, of_a_wave) for wave, headed in best]


def _come_again(parted: Sequence[dict[str, str]]) -> bool:
    """Whether the same columns are there for two time points; of one time point, whether there are several."""
    bases = [{base.casefold() for base in headed.values()} for headed in parted]
    if len(bases) == 1:
        return len(bases[0]) > IN_COMMON
    return any(len(one & other) >= IN_COMMON for n, one in enumerate(bases) for other in bases[:n])


def _only(found: Found, wave: str, headed: dict[str, str], of_a_wave: set[str]) -> Found:
    places = [n for n, heading in enumerate(found.headings) if heading in headed or heading not in of_a_wave]
    dated = frozenset(new for new, old in enumerate(places) if old in found.dated)
    names = tuple(found.headings[n] for n in places)
    return replace(found, headings=names, columns=tuple(found.columns[n] for n in places), dated=dated, wave=wave,
                   meant=tuple(headed.get(name, name) for name in names))
