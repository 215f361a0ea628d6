"""Settings and prescriptions in; opioid doses by the definition's factor table, window and rules out."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from analysis.evaluation.asked import Asked
from analysis.measures.summary import Summary

if TYPE_CHECKING:
    import pandas as pd


class Doses(Asked):
    """Of one study: opioid doses, with the definition's factor table, window and rules."""

    @cached_property
    def _dose_lines(self):
        from analysis.measures.dose_line import dose_lines
        from analysis.reference.factors import factor_table

        rules = self.study["doses"]
        return dose_lines(self.tables["prescriptions"], factors=factor_table(rules["table"]),
                          range_rule=rules.get("range", "maximum"), prn_rule=rules.get("prn", "full"))

    def doses(self, timepoint: str) -> pd.DataFrame:
        """Each enrolled person's dose before `baseline` or `follow_up`: patient_id, dose, reason."""
        import pandas as pd

        from analysis.measures.dose_line import window_doses

        rules = self.study["doses"]
        started = self.tables["episodes"].groupby("patient_id")["started_on"].min()
        return window_doses(self._dose_lines.lines, started + pd.Timedelta(weeks=rules[timepoint]["weeks"]),
                            rules["window_days"], self.tables["patients"], unread=self._dose_lines.unread,
                            data_cut=self.study.data_cut("records"))

    def _dose_words(self) -> dict[str, Any]:
        from analysis.reference.factors import factor_table

        rules = self.study["doses"]
        return {"window_days": rules["window_days"], "table_title": factor_table(rules["table"]).title,
                "quantile_rule": self.study.quantile_rule}

    def opioid_dose(self) -> Summary:
        from analysis.measures.doses import opioid_dose

        return opioid_dose(self.doses("baseline"), self.doses("follow_up"), **self._dose_words(),
                           high_dose=self.study["doses"].get("high_dose", 120))

    def opioid_dose_by_practice(self) -> Summary:
        from analysis.measures.doses import opioid_dose_by

        return opioid_dose_by(self.doses("baseline"), self.doses("follow_up"), self.tables["patients"], by="practice",
                              names=self.sites, **self._dose_words())

    def dose_sources(self) -> Summary:
        from analysis.measures.doses import dose_sources

        return dose_sources(self._dose_lines.lines, self._dose_lines.unread)
