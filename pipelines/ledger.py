"""Every page that was asked for and what became of it: no page goes missing without a name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipelines.cache import write_json

OUTCOMES = ("built", "unchanged", "withheld", "failed")


class Ledger:
    """The pages of one run, by site."""

    def __init__(self, asked: Iterable[tuple[str, str]]):
        self._asked = list(asked)
        self._entries: dict[tuple[str, str], dict] = {}

    def enter(self, site: str, page: str, outcome: str, **more: object) -> None:
        """What became of a page that was asked for; a page is entered once."""
        if outcome not in OUTCOMES:
            raise ValueError(f"no outcome '{outcome}'")
        if (site, page) not in self._asked or (site, page) in self._entries:
            raise ValueError(f"{page} ({site}) was not asked for, or is entered twice")
        self._entries[site, page] = {"site": site, "page": page, "outcome": outcome, **more}

    @property
    def gaps(self) -> list[tuple[str, str]]:
        """Pages asked for of which nothing is known: any is a fault of the run."""
        return [asked for asked in self._asked if asked not in self._entries]

    def count(self, outcome: str) -> int:
        return sum(entry["outcome"] == outcome for entry in self._entries.values())

    def of(self, site: str) -> list[dict]:
        """The entries of one site, in the order asked."""
        return [self._entries[asked] for asked in self._asked if asked[0] == site and asked in self._entries]

    def write(self, path: Path) -> None:
        """The ledger as JSON."""
        write_json(path, [self._entries.get(asked, {"site": asked[0], "page": asked[1], "outcome": "gap"})
                          for asked in self._asked])
