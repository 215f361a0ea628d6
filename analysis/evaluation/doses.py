"""Settings and prescriptions in; opioid doses by the definition's factor table, window and rules out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analysis.evaluation.asked import Asked
from analysis.measures.summary import Summary

if TYPE_CHECKING:
    import pandas as pd

    from analysis.measures.prescribing.dose_scenarios import Grid
    from analysis.measures.prescribing.dose_windows import Rules
    from analysis.measures.prescribing.issues import Issues
    from analysis.measures.prescribing.readings import Readings

HIGH_DOSE_LINES = (50, 90)  # mg a day, of the CDC; the definition's own line, 120 unless it says another, is added


class Doses(Asked):
    """Of one study: opioid doses, with the definition's factor table, window and rules."""

    @cached_property
    def _rules(self) -> Rules:
        from analysis.measures.prescribing.dose_windows import Rules
        from analysis.reference.factors import factor_table

        said = self.study["doses"]
        return Rules(factor_table(said["table"]), said.get("range", "maximum"), said.get("prn", "full"))

    @cached_property
    def _issues(self) -> Issues:
        """Every issue on record, in numbers: a page's table of them may be too large to hold."""
        from analysis.measures.prescribing.issues import COLUMNS, issues_in, issues_of

        if batches := getattr(self.tables, "batches", None):
            return issues_in(batches("prescriptions", COLUMNS))
        return issues_of(self.tables["prescriptions"])

    @cached_property
    def _readings(self) -> Readings:
        from analysis.measures.prescribing.readings import read_texts

        return read_texts(self._issues.texts, self._product_names)

    @cached_property
    def _product_names(self) -> Mapping[str, str]:
        """Names of coded products by their dm+d code, where the definition names a list."""
        if not (listed := self.study["doses"].get("products")):
            return {}
        from analysis.reference.codes import product_names

        return product_names(self.study.folder / listed)

    @cached_property
    def _started(self) -> pd.Series:
        return self.tables["episodes"].groupby("patient_id")["started_on"].min()

    @cached_property
    def _issues_of_enrolled(self) -> Issues:
        return self._issues.of(self._started.index)

    def _index_dates(self, timepoint: str) -> pd.Series:
        import pandas as pd

        return self._started + pd.Timedelta(weeks=self.study["doses"][timepoint]["weeks"])

    @cached_property
    def _windows(self) -> dict[str, pd.DataFrame]:
        """Four doses of each enrolled person at both time points, or the reason why there is none."""
        from analysis.measures.prescribing.dose_windows import window_doses

        return {timepoint: window_doses(
            self._issues_of_enrolled, self._index_dates(timepoint), self.study["doses"]["window_days"],
            self.tables["patients"], rules=self._rules, readings=self._readings,
            data_cut=self.study.data_cut("records")) for timepoint in ("baseline", "follow_up")}

    @property
    def _definition(self) -> str:
        return self.study["doses"].get("definition", "D3")

    def doses(self, timepoint: str) -> pd.DataFrame:
        """Each enrolled person's dose before `baseline` or `follow_up`: patient_id, dose, reason."""
        found = self._windows[timepoint]
        return found[["patient_id", "reason"]].assign(dose=found[self._definition])

    def _dose_words(self) -> dict[str, Any]:
        return {"window_days": self.study["doses"]["window_days"], "table_title": self._rules.factors.title,
                "definition": self._definition}

    @property
    def _high_dose(self) -> float:
        return self.study["doses"].get("high_dose", 120)

    def opioid_dose(self) -> Summary:
        from analysis.measures.prescribing.doses import opioid_dose

        return opioid_dose(self.doses("baseline"), self.doses("follow_up"), **self._dose_words(),
                           high_dose=self._high_dose, quantile_rule=self.study.quantile_rule)

    def dose_change(self) -> Summary:
        from analysis.measures.prescribing.dose_change import dose_change

        return dose_change(self.doses("baseline"), self.doses("follow_up"), **self._dose_words(),
                           quantile_rule=self.study.quantile_rule)

    def high_doses(self) -> Summary:
        from analysis.measures.prescribing.dose_change import high_doses

        lines = self.study["doses"].get("lines", HIGH_DOSE_LINES)
        return high_doses(self.doses("baseline"), self.doses("follow_up"), **self._dose_words(),
                          lines=sorted({*lines, self._high_dose}))

    def dose_definitions(self) -> Summary:
        from analysis.measures.prescribing.dose_change import dose_definitions

        return dose_definitions(self._windows, window_days=self.study["doses"]["window_days"],
                                table_title=self._rules.factors.title, high_dose=self._high_dose,
                                quantile_rule=self.study.quantile_rule)

    def dose_bases(self) -> Summary:
        """Days of supply only where the records hold any."""
        from analysis.measures.prescribing.dose_bases import DIRECTIONS, GAP, SUPPLY, basis_doses, dose_bases, issued

        record = issued(self._prescriptions_of_enrolled, self._rules, self._product_names)
        bases = (*((SUPPLY,) if "days_supply" in self._delivered("prescriptions") else ()), GAP)
        directed = {timepoint: found[["patient_id", "reason"]].assign(dose=found["D3"])
                    for timepoint, found in self._windows.items()}
        found = {basis: {timepoint: basis_doses(
            record, self._index_dates(timepoint), self.study["doses"]["window_days"], self.tables["patients"],
            basis=basis, data_cut=self.study.data_cut("records")) for timepoint in self._windows} for basis in bases}
        return dose_bases({DIRECTIONS: directed} | found, window_days=self.study["doses"]["window_days"],
                          table_title=self._rules.factors.title, quantile_rule=self.study.quantile_rule,
                          several=self._several_in_one)

    @property
    def _several_in_one(self) -> pd.DataFrame | None:
        """`rows` and `person` of what the data query log says of rows that may be several issues; None: not asked."""
        from analysis.measures.prescribing.doses import SEVERAL_RULE

        if SEVERAL_RULE not in set(self.tables["quality_checks"]["rule"]):
            return None
        faults = self.tables["quality_faults"]
        return faults.loc[faults["rule"] == SEVERAL_RULE, ["rows", "person"]]

    @cached_property
    def _prescriptions_of_enrolled(self) -> pd.DataFrame:
        """As a frame, with the days of supply; a table too large to hold is read in parts."""
        import pandas as pd

        from analysis.measures.prescribing.issues import COLUMNS

        if not (batches := getattr(self.tables, "batches", None)):
            table = self.tables["prescriptions"]
            return table[table["patient_id"].isin(self._started.index)]
        columns = [*COLUMNS, *({"days_supply"} & self._delivered("prescriptions"))]
        parts = [part[part["patient_id"].isin(self._started.index)]
                 for part in (batch.to_pandas() for batch in batches("prescriptions", columns))]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)

    @cached_property
    def _grid(self) -> Grid:
        from analysis.measures.prescribing.dose_scenarios import Grid, Scenario
        from analysis.reference.factors import factor_table, factor_table_names

        rules = self._rules
        own = Scenario(rules.factors.name, rules.prn_rule, rules.range_rule, self.study["doses"]["window_days"],
                       self._definition)
        return Grid(self._issues_of_enrolled, self._readings,
                    (self._index_dates("baseline"), self._index_dates("follow_up")), self.tables["patients"],
                    {name: factor_table(name) for name in factor_table_names()}, own, self._high_dose,
                    self.study.quantile_rule, self.study.data_cut("records"))

    def dose_sensitivity(self) -> Summary:
        from analysis.measures.prescribing.dose_sensitivity import dose_sensitivity

        return dose_sensitivity(self._grid)

    def dose_grid(self) -> Summary:
        from analysis.measures.prescribing.dose_sensitivity import dose_grid

        return dose_grid(self._grid)

    def opioid_dose_by_practice(self) -> Summary:
        from analysis.measures.prescribing.doses import opioid_dose_by

        return opioid_dose_by(self.doses("baseline"), self.doses("follow_up"), self.tables["patients"], by="practice",
                              names=self.sites, **self._dose_words(), quantile_rule=self.study.quantile_rule)

    def dose_sources(self) -> Summary:
        from analysis.measures.prescribing.doses import dose_sources

        return dose_sources(self._issues, self._readings, self._rules, coded="products" in self.study["doses"],
                            several=self._several_in_one)

    def unread_rows(self) -> pd.DataFrame:
        """The rows of files that give no dose: for whoever holds them, on no page."""
        from analysis.measures.prescribing.unread import unread_rows

        return unread_rows(self.tables["prescriptions"], self._readings, self._rules)

    def unread_issues(self) -> Summary:
        from analysis.measures.prescribing.doses import unread_issues

        return unread_issues(self._issues, self._readings, self._rules)
