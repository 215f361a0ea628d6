"""Rules over rows and tables, a module for each subject: what is seen in, the rows that break a rule out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analysis.extracts.checks import activity, consent, identity, prescriptions, questionnaires, structure, time
from analysis.extracts.seen import Bad, Seen, Whole

BREAKS: dict[str, Callable[[Seen], Iterator[Bad | Whole]]] = {
    **structure.BREAKS, **identity.BREAKS, **time.BREAKS, **activity.BREAKS, **prescriptions.BREAKS,
    **questionnaires.BREAKS, **consent.BREAKS}
