"""Rules over rows and tables, a module for each subject: what is seen in, the rows that break a rule out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analysis.extracts.seen import Bad, Seen, Whole

BREAKS: dict[str, Callable[[Seen], Iterator[Bad | Whole]]] = {}
