"""Settings and tables in; what the service delivered, to whom and when, out."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from analysis.evaluation.asked import Asked
from analysis.measures.activity.interventions import SETTINGS
from analysis.measures.summary import Summary

if TYPE_CHECKING:
    import pandas as pd


class Activity(Asked):
    """Of one study: what the service delivered: contacts and interventions, and how long people waited and stayed."""

    # ------------------------------------------------------------------------------------------ contacts

    def contacts_per_patient(self) -> Summary:
        from analysis.measures.activity.contacts import contacts_per_patient

        return contacts_per_patient(self.tables["contacts"], self.tables["episodes"],
                                    quantile_rule=self.study.quantile_rule)

    def contact_modes(self) -> Summary:
        from analysis.measures.activity.contacts import contact_modes

        return contact_modes(self._contacts, modes=self._codes("contacts", "mode"),
                             quantile_rule=self.study.quantile_rule)

    def contact_places(self) -> Summary:
        from analysis.measures.activity.contacts import contact_places

        return contact_places(self._contacts, places=self._codes("contacts", "place"),
                              quantile_rule=self.study.quantile_rule)

    def contact_minutes(self) -> Summary:
        from analysis.measures.activity.contacts import contact_minutes

        return contact_minutes(self._contacts, self.tables["episodes"], quantile_rule=self.study.quantile_rule)

    def attendance(self) -> Summary:
        from analysis.measures.activity.contacts import attendance

        return attendance(self._contacts)

    @cached_property
    def _contacts(self) -> pd.DataFrame:
        """Contacts with people who were enrolled: somebody who declined may have been telephoned."""
        contacts = self.tables["contacts"]
        return contacts[contacts["patient_id"].isin(self.tables["episodes"]["patient_id"])]

    # ------------------------------------------------------------------------------------------ time

    def contact_rate(self) -> Summary:
        from analysis.measures.activity.person_time import contact_rate

        return contact_rate(self._contacts, self._stretches, self.tables["episodes"]["patient_id"].nunique(),
                            **self._window)

    def contacts_since_start(self) -> Summary:
        from analysis.measures.activity.person_time import contacts_since_start

        return contacts_since_start(self._contacts, self._stretches, self.tables["episodes"], **self._window)

    def activity_over_time(self) -> Summary:
        """By month, or by quarter where the definition says so: [activity] calendar."""
        from analysis.measures.activity.over_time import activity_over_time

        return activity_over_time(self._contacts, self.tables["episodes"], self._stretches, **self._window,
                                  by=self.study["activity"].get("calendar", "month"))

    def caseload(self) -> Summary:
        from analysis.measures.activity.caseload import caseload

        return caseload(self.tables["episodes"], self._contacts, **self._window,
                        quantile_rule=self.study.quantile_rule)

    @property
    def _window(self) -> dict[str, pd.Timestamp]:
        """The period, no further than the data cut of records."""
        import pandas as pd

        first, last = self.study.period
        return {"first": pd.Timestamp(first), "until": pd.Timestamp(min(last, self.study.data_cut("records")))}

    @cached_property
    def _stretches(self) -> pd.DataFrame:
        from analysis.measures.activity.person_time import days_in_service

        return days_in_service(self.tables["episodes"], self.tables["patients"], **self._window)

    # ------------------------------------------------------------------------------------------ waiting and staying

    def waiting_time(self) -> Summary:
        from analysis.measures.activity.waiting import waiting_time

        return waiting_time(self._waits, since=self._since, until=self._cut,
                            within_weeks=self.study["activity"].get("seen_within_weeks", ()))

    def waiting_curve(self) -> Summary:
        from analysis.measures.activity.waiting import waiting_curve

        return waiting_curve(self._waits, since=self._since, first=self._window["first"], until=self._cut)

    def length_of_stay(self) -> Summary:
        from analysis.extracts.stays import in_words
        from analysis.measures.activity.stay import length_of_stay

        return length_of_stay(self._stays, until=self._cut, made=in_words(self.study))

    def stay_curve(self) -> Summary:
        from analysis.measures.activity.stay import stay_curve

        return stay_curve(self._stays, first=self._window["first"], until=self._cut)

    def people_and_episodes(self) -> Summary:
        from analysis.extracts.stays import in_words
        from analysis.measures.activity.stay import people_and_episodes

        return people_and_episodes(self.tables["episodes"], until=self._cut, made=in_words(self.study))

    @property
    def _cut(self) -> pd.Timestamp:
        import pandas as pd

        return pd.Timestamp(self.study.data_cut("records"))

    @property
    def _since(self) -> str:
        """Where the wait begins: as the definition says, else with the referral, else with the invitation."""
        said = self.study["activity"].get("wait_from")
        return said or ("identified_on" if "identified_on" in self._delivered("referrals") else "invited_on")

    @cached_property
    def _waits(self) -> pd.DataFrame:
        from analysis.measures.activity.waiting import waits

        return waits(self.tables["referrals"], self.tables["episodes"], self._contacts, self.tables["patients"],
                     until=self._cut, since=self._since)

    @cached_property
    def _stays(self) -> pd.DataFrame:
        from analysis.measures.activity.stay import LEAVING, stays

        return stays(self.tables["episodes"], self.tables["patients"], until=self._cut,
                     leaving=self.study["activity"].get("leaving", LEAVING))

    # ------------------------------------------------------------------------------------------ interventions

    def interventions(self) -> Summary:
        from analysis.measures.activity.interventions import interventions_taken_up

        return interventions_taken_up(self.tables["interventions"], self.tables["episodes"],
                                      kinds={setting: self._kinds(setting) for setting in SETTINGS},
                                      ends="ended_on" in self._delivered("interventions"))

    def intervention_providers(self) -> Summary:
        from analysis.measures.activity.interventions import intervention_providers

        return intervention_providers(self.tables["interventions"], providers=self._codes("interventions", "provider"))

    def interventions_per_person(self) -> Summary:
        from analysis.measures.activity.interventions import interventions_per_person

        return interventions_per_person(self.tables["interventions"], self.tables["episodes"],
                                        quantile_rule=self.study.quantile_rule)

    def combinations_within_service(self) -> Summary:
        return self._combinations("within service")

    def combinations_in_community(self) -> Summary:
        return self._combinations("community")

    def _combinations(self, setting: str) -> Summary:
        from analysis.measures.activity.combinations import combinations_taken_up

        return combinations_taken_up(self.tables["interventions"], self.tables["episodes"], setting,
                                     kinds={setting: self._kinds(setting)})

    def _kinds(self, setting: str) -> list[str]:
        """The interventions of a setting, without those of an extract that is of another one by definition."""
        found = [code for name, said in self.study["extracts"].items() if said.get("table", name) == "interventions"
                 and said["columns"].get("setting", {}).get("value", setting) == setting
                 for code in said["columns"].get("intervention", {}).get("codes", {}).values()]
        return list(dict.fromkeys(found))

    def interventions_by_practice(self) -> Summary:
        from analysis.measures.activity.interventions import interventions_by_practice

        return interventions_by_practice(self.tables["interventions"], self.tables["patients"], self.sites)
