"""Settings and tables in; who was approached, enrolled and interviewed, and what befell them, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.evaluation.described import Described
from analysis.measures.summary import Summary

if TYPE_CHECKING:
    import pandas as pd


class People(Described):
    """Of one study: who was approached, enrolled and interviewed, and what befell them."""

    def participant_flow(self) -> Summary:
        from analysis.measures.people.flow import NOT_RECORDED, NOT_STARTED, participant_flow

        asked = [said["columns"].get("response", {}) for name, said in self.study["extracts"].items()
                 if said.get("table", name) == "referrals"]
        always = all(one.get("required") or "value" in one for one in asked)
        return participant_flow(self._approaches, self.tables["episodes"],
                                reasons=self._codes("referrals", "reason"), withdrawals=self._withdrawals(),
                                identified=bool({"identified_on", "eligible"} & self._delivered("referrals")),
                                others=(NOT_STARTED,) if always else (NOT_STARTED, NOT_RECORDED))

    def follow_up_flow(self) -> Summary:
        from analysis.measures.people.follow_up import ENDS, follow_up_flow

        ends = self._delivered("patients") & set(ENDS)
        ends |= {"withdrew_on"} if self.study.collects("consents") and ends else set()
        return follow_up_flow(
            self.tables["episodes"], self.tables["patients"], data_cut=self.study.data_cut("records"),
            timepoints=self.tables["timepoints"] if self._due else None, labels=self._due, recorded=ends,
            consents=self.tables["consents"] if self._codes_hold("consents", "kind", "evaluation") else None,
            reasons=self._codes("timepoints", "reason"))

    def _codes_hold(self, table: str, column: str, code: str) -> bool:
        return self.study.collects(table) and code in self._codes(table, column)

    def enrolment_by_practice(self) -> Summary:
        from analysis.measures.people.flow import enrolment_by_practice

        return enrolment_by_practice(
            self.tables["patients"], self._approaches, self.sites, returned=self._returned(),
            recruitment=self.tables["recruitment"] if self.study.collects("recruitment") else None)

    def _returned(self) -> dict[str, list[str]]:
        """Of each time point in words, who returned a questionnaire then."""
        found = {label: self._outcomes_at(timepoint) for timepoint, label in self._due.items()}
        return {label: list(outcome.index[outcome.eq("returned")]) for label, outcome in found.items()}

    def interview_flow(self) -> Summary:
        """Without a line where the study keeps no log of whom it asked for an interview."""
        from analysis.measures.people.flow import interview_flow, no_interview_flow

        if not self.study.collects("recruitment"):
            return no_interview_flow()
        return interview_flow(self.tables["recruitment"], reasons=self._codes("recruitment", "reason"),
                              withdrawals=self._withdrawals(), enrolled=set(self.tables["episodes"]["patient_id"]))

    def _withdrawals(self) -> pd.DataFrame | None:
        return self.tables["withdrawals"] if self.study.collects("consents") else None

    def consent_acted(self) -> Summary:
        from analysis.measures.people.consents import consent_acted

        return consent_acted(self.tables["quality_consent"])

    def safety_events(self) -> Summary:
        """Always a table: where no event is collected it says so."""
        from analysis.extracts.tables import EVENTS
        from analysis.measures.people.safety import safety_events

        deaths = None
        if any("died_on" in said["columns"] for name, said in self.study["extracts"].items()
               if said.get("table", name) == "patients"):
            died = self.tables["patients"].dropna(subset=["died_on"])["patient_id"]
            deaths = died[died.isin(self.tables["episodes"]["patient_id"])].nunique()
        return safety_events(self.tables["events"] if self.study.collects("events") else None, EVENTS,
                             self.study["safety"].get("collected"), deaths)
