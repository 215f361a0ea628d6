"""Every number that a page released and all that it showed: Released and bundles in, one JSON file in .build/ out."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

from analysis.measures.summary import Summary
from analysis.measures.verdicts import CHECK
from analysis.protect.quotes import Quotations
from analysis.protect.released import Released


class Registry:
    """
    What one page released.

    It holds true values beside released ones, because the audit of the whole report needs both: so it stays in .build/.
    `read` says what the page has read, when it is asked.
    """

    def __init__(self, page: str, path: Path, read: Callable[[], dict] = dict, tier: str = "release"):
        self.page, self.path, self._read, self.tier = page, path, read, tier
        self._cells: dict[str, dict] = {}
        self._shown: list[str] = []
        self._quotes: dict[str, dict] = {}
        self._notices: list[str] = []

    def add(self, summary: Summary, released: Released) -> None:
        """Register the cells of one released summary. One id with two different texts is a fault of the measure."""
        for identity, cell in released.cells.items():
            true = summary.cells[identity]
            entry = {"words": cell.words, "population": true.population, "kind": true.kind, "unit": cell.unit,
                     "text": cell.text, "status": cell.status, "released": cell.value, "true": true.value, "n": true.n,
                     "numerator": true.numerator, "denominator": true.denominator, "parts": list(true.parts)}
            if true.factor != 1:
                entry["factor"] = true.factor
            if self._cells.setdefault(identity, entry) != entry:
                raise ValueError(f"two numbers for one cell: {cell.words}")
            if cell.statistic == CHECK and cell.value == 0:
                about = ", ".join(said for _, said in cell.dimensions)
                self.notice(f"{summary.measure}, “{about}”: {cell.text} with what the definition says of them")

    def quoted(self, quotations: Quotations) -> None:
        """Register words that may be shown, and what may stand under them."""
        self._quotes |= {one.id: {"words": one.words, "attribution": one.attribution} for one in quotations.shown}
        self.write()

    def notice(self, words: str) -> None:
        """Something that the person who runs the report must hear of."""
        self._notices += [words] if words not in self._notices else []

    def showed(self, content: str) -> None:
        """Remember what `present` displayed, so that the runner can tell it from what came by another way."""
        self._shown.append(digest(content))
        self.write()

    def write(self) -> None:
        """The registry, written aside and renamed."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        aside = self.path.with_suffix(f".{os.getpid()}.tmp")
        held = {"page": self.page, "tier": self.tier, "cells": self._cells, "quotes": self._quotes,
                "notices": self._notices, "shown": self._shown, "read": self._read()}
        aside.write_text(json.dumps(held, sort_keys=True, ensure_ascii=False), "utf-8")
        os.replace(aside, self.path)


def digest(content: str) -> str:
    """The fingerprint of a displayed thing."""
    return hashlib.sha256(content.encode()).hexdigest()[:24]
