"""Settings and tables in; what the service delivered, out."""

from __future__ import annotations

from analysis.evaluation.asked import Asked
from analysis.measures.activity import SETTINGS
from analysis.measures.summary import Summary


class Activity(Asked):
    """Of one study: what the service delivered: contacts and interventions."""

    def contacts_per_patient(self) -> Summary:
        from analysis.measures.activity import contacts_per_patient

        return contacts_per_patient(self.tables["contacts"], self.tables["episodes"],
                                    quantile_rule=self.study.quantile_rule)

    def contact_modes(self) -> Summary:
        from analysis.measures.activity import contact_modes

        return contact_modes(self.tables["contacts"], modes=self._codes("contacts", "mode"),
                             quantile_rule=self.study.quantile_rule)

    def attendance(self) -> Summary:
        from analysis.measures.activity import attendance

        return attendance(self.tables["contacts"])

    def interventions(self) -> Summary:
        from analysis.measures.activity import interventions_taken_up

        return interventions_taken_up(self.tables["interventions"], self.tables["episodes"],
                                      kinds={setting: self._kinds(setting) for setting in SETTINGS})

    def _kinds(self, setting: str) -> list[str]:
        """The interventions of a setting, without those of an extract that is of another one by definition."""
        found = [code for name, said in self.study["extracts"].items() if said.get("table", name) == "interventions"
                 and said["columns"].get("setting", {}).get("value", setting) == setting
                 for code in said["columns"].get("intervention", {}).get("codes", {}).values()]
        return list(dict.fromkeys(found))

    def interventions_by_practice(self) -> Summary:
        from analysis.measures.activity import interventions_by_practice

        return interventions_by_practice(self.tables["interventions"], self.tables["patients"], self.sites)
