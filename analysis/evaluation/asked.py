"""Asked: one study and its canonical tables, which every part of an evaluation is asked of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.study import Study

if TYPE_CHECKING:
    import pandas as pd


class Asked:
    """The study, its tables by canonical name, and the sites whose rows they hold (code -> name; all by default)."""

    def __init__(self, study: Study, tables: Mapping[str, pd.DataFrame], sites: Mapping[str, str] | None = None):
        self.study, self.tables, self.sites = study, tables, study.sites if sites is None else dict(sites)

    def _codes(self, table: str, column: str) -> list[str]:
        """The codes that the definition knows for a canonical column, in its order."""
        found = [code for name, said in self.study["extracts"].items() if said.get("table", name) == table
                 for code in said["columns"].get(column, {}).get("codes", {}).values()]
        return list(dict.fromkeys(found))

    def _delivered(self, table: str) -> set[str]:
        """The columns of a canonical table that some extract is read into."""
        return {column for name, said in self.study["extracts"].items() if said.get("table", name) == table
                for column, one in said["columns"].items() if "from" in one}

    @property
    def _approaches(self) -> pd.DataFrame:
        """The approaches, with enrolled as the response of whoever has an episode."""
        from analysis.measures.people.flow import approaches

        if not self.study.collects("episodes"):
            return self.tables["referrals"]
        return approaches(self.tables["referrals"], self.tables["episodes"])
