"""Settings and tables in; rows kept, rules run and met, what is missing, and the codings' balance out."""

from __future__ import annotations

from analysis.evaluation.asked import Asked
from analysis.measures.summary import Summary

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
        from analysis.extracts.severity import severities
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
        from analysis.extracts.tables import TABLES
        from analysis.measures.records.quality_missing import PEOPLE, missing_values

        columns = {name: self._delivered(name) for name in ROWS_OF_PEOPLE if self.study.collects(name)}
        columns = {name: [one.name for one in TABLES[name].columns if one.name in read and one.name not in PEOPLE
                          and not one.required] for name, read in columns.items()}
        return missing_values(self.tables, {name: those for name, those in columns.items() if those})

    def missing_answers(self) -> Summary:
        from analysis.measures.records.quality_missing import missing_answers

        return missing_answers(self.tables["responses"],
                               {name: said["label"] for name, said in self.study["timepoints"].items()})

    def rows_by_quarter(self) -> Summary:
        from analysis.measures.records.quality_missing import rows_by_quarter

        dates = {name: day for name, day in ROWS_OF_PEOPLE.items() if day and day in self._delivered(name)}
        return rows_by_quarter(self.tables, dates, self.study.period)

    def codings_balance(self) -> Summary:
        from analysis.measures.records.quality import codings_balance

        return codings_balance(self.tables["quality_codings"])
