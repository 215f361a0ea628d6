"""Settings and tables in; whom the service reached, and how far it was delivered as planned, out."""

from __future__ import annotations

from analysis.evaluation.described import Described
from analysis.measures.summary import Summary


class Reach(Described):
    """Of one study: whom the service reached, by which sites and staff, and how far it was delivered as planned."""

    def aggregate_counts(self) -> Summary:
        from analysis.measures.reach import aggregate_counts

        return aggregate_counts(self.tables["aggregates"], self.sites)
