"""Settings and tables in; rows kept, rules run and met, what is missing, and the codings' balance out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from analysis.evaluation.asked import Asked
from analysis.measures.summary import Summary

if TYPE_CHECKING:
    import pandas as pd

# Tables whose rows are about people -> the day that a row of one happened, where that is one day.
ROWS_OF_PEOPLE = {"patients": "", "referrals": "invited_on", "episodes": "started_on", "contacts": "date",
                  "interventions": "offered_on", "prescriptions": "issued_on", "events": "date", "recruitment": "",
                  "interviews": "date"}


class Quality(Asked):
    """Of one study: data quality: rows kept, rules run and met, what is missing, the codings' balance."""

    def rows_kept(self) -> Summary:
        from analysis.measures.records.quality import rows_kept

        return rows_kept(self.tables["quality_rows"])

    def faults_found(self) -> Summary:
        from analysis.measures.records.quality import faults_found

        return faults_found(self.tables["quality_checks"], self.tables["quality_faults"])

    def rules_moved(self) -> Summary:
        from analysis.extracts.checks.severity import severities
        from analysis.measures.records.quality_rules import rules_moved

        return rules_moved([(move.rule, move.before, move.severity, ", ".join(move.extracts).replace("_", " "),
                             move.reason) for move in severities(self.study).moves])

    def rules_not_run(self) -> Summary:
        from analysis.measures.records.quality_rules import rules_not_run
        from analysis.reference.rules import RULES

        run = set(self.tables["quality_checks"]["rule"])
        return rules_not_run([(rule.subject, name, rule.wants) for name, rule in RULES.items() if name not in run])

    def missing_values(self) -> Summary:
        """Of the columns that the definition reads and that a canonical table lets be empty, in tables about people."""
        from analysis.measures.records.quality_missing import missing_values

        return missing_values(self.tables, self._may_be_empty)

    def missing_answers(self) -> Summary:
        from analysis.measures.records.quality_missing import missing_answers

        responses, known = self.tables["responses"], self.study.instruments
        return missing_answers(responses, {name: said["label"] for name, said in self.study["timepoints"].items()},
                               {name: known[name].title for name in known.names()
                                if name in set(responses["instrument"])})

    def rows_by_quarter(self) -> Summary:
        from analysis.measures.records.quality_missing import rows_by_quarter

        return rows_by_quarter(self.tables, self._days, self.study.period)

    def declared_counts(self) -> Summary:
        """`rows` of the extracts, and `codes` and `interviews` of the coded project, each with what was delivered."""
        from analysis.measures.records.quality import DELIVERED, declared_counts

        rows = self.tables["quality_rows"]
        came = rows[rows["what"].eq(DELIVERED)].set_index("extract")
        said = {name: one["rows"] for name, one in self.study["extracts"].items()
                if "rows" in one and name in came.index and not self.study.made_up}
        found = [(name, "rows", n, int(came.at[name, "rows"]), int(came.at[name, "people"]))
                 for name, n in said.items()]
        if self.study.fits("interviews.codes"):
            n = len(self.tables["codes"])
            found.append(("codebook", "codes", self.study["interviews"]["codes"], n, n))
        if self.study.fits("interviews.interviews"):
            logs = came[came["table"].eq("interviews")]
            found.append(("interview log", "interviews", self.study["interviews"]["interviews"],
                          int(logs["rows"].sum()), int(logs["people"].sum())))
        return declared_counts(found)

    def completeness_by_site(self) -> Summary:
        from analysis.measures.records.quality_over import completeness_by_site

        columns = self._may_be_empty
        return completeness_by_site(self._with_site(columns), columns, self.sites, self._by)

    def completeness_over_time(self) -> Summary:
        from analysis.measures.records.quality_over import completeness_over_time

        return completeness_over_time(self.tables, self._may_be_empty, self._days, self.study.period)

    def rows_by_quarter_and_site(self) -> Summary:
        from analysis.measures.records.quality_over import rows_by_quarter_and_site

        return rows_by_quarter_and_site(self._with_site(self._days), self._days, self.sites, self._by,
                                        self.study.period)

    def queries_by_site(self) -> Summary:
        from analysis.measures.records.quality_over import queries_by_site
        from analysis.reference.rules import RULES

        run = set(self.tables["quality_checks"]["rule"])
        subjects = {name: rule.subject for name, rule in RULES.items() if name in run}
        return queries_by_site(self.tables["quality_faults"], subjects, self.sites, self._by)

    @property
    def _by(self) -> str:
        return self.study["sites"].get("by", "site")

    @property
    def _days(self) -> dict[str, str]:
        """Of each table about people that has a day of its own, the column that holds it."""
        return {name: day for name, day in ROWS_OF_PEOPLE.items() if day and day in self._delivered(name)}

    @property
    def _may_be_empty(self) -> dict[str, list[str]]:
        """The columns that the definition reads and that a canonical table lets be empty, in tables about people."""
        from analysis.extracts.tables import TABLES
        from analysis.measures.records.quality_missing import PEOPLE

        columns = {name: self._delivered(name) for name in ROWS_OF_PEOPLE if self.study.collects(name)}
        columns = {name: [one.name for one in TABLES[name].columns if one.name in read and one.name not in PEOPLE
                          and not one.required] for name, read in columns.items()}
        return {name: those for name, those in columns.items() if those}

    def _with_site(self, names: Iterable[str]) -> dict[str, pd.DataFrame]:
        """The tables with the site of each row: their own, or that of the person whom the row is about."""
        where = self.tables["patients"].drop_duplicates("patient_id").set_index("patient_id")[self._by]
        return {name: frame if self._by in (frame := self.tables[name]) else
                frame.assign(**{self._by: frame["patient_id"].map(where)}) for name in names}

    def codings_balance(self) -> Summary:
        from analysis.measures.records.quality import codings_balance

        return codings_balance(self.tables["quality_codings"])
