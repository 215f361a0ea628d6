"""The study and its canonical tables in; each measure, called with the settings of the definition, out."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analysis.errors import Mistake
from analysis.measures.activity import SETTINGS
from analysis.measures.summary import Summary
from analysis.study import Study

if TYPE_CHECKING:
    import pandas as pd

# Tables whose rows are about people -> the day that a row of one happened, where that is one day.
ROWS_OF_PEOPLE = {"patients": "", "referrals": "invited_on", "episodes": "started_on", "contacts": "date",
                  "interventions": "offered_on", "prescriptions": "issued_on", "events": "date", "recruitment": "",
                  "interviews": "date"}


class Evaluation:
    """
    What one study asks of the measures.

    `tables` gives a canonical table by its name. `sites` are those whose rows the tables hold, code -> name; all of the
    study's by default. Each method is one measure with the definition's settings filled in, so that two pages that
    show the same number have computed it the same way.
    """

    def __init__(self, study: Study, tables: Mapping[str, pd.DataFrame], sites: Mapping[str, str] | None = None):
        self.study, self.tables, self.sites = study, tables, study.sites if sites is None else dict(sites)

    def _codes(self, table: str, column: str) -> list[str]:
        """The codes that the definition knows for a canonical column, in its order."""
        found = [code for name, said in self.study["extracts"].items() if said.get("table", name) == table
                 for code in said["columns"].get(column, {}).get("codes", {}).values()]
        return list(dict.fromkeys(found))

    # ---------------------------------------------------------------------------------------------- data quality

    def rows_kept(self) -> Summary:
        from analysis.measures.quality import rows_kept

        return rows_kept(self.tables["quality_rows"])

    def faults_found(self) -> Summary:
        from analysis.measures.quality import faults_found

        return faults_found(self.tables["quality_checks"], self.tables["quality_faults"])

    def rules_moved(self) -> Summary:
        from analysis.extracts.severity import severities
        from analysis.measures.quality_rules import rules_moved

        return rules_moved([(move.rule, move.before, move.severity, ", ".join(move.extracts).replace("_", " "),
                             move.reason) for move in severities(self.study).moves])

    def rules_not_run(self) -> Summary:
        from analysis.measures.quality_rules import rules_not_run
        from analysis.reference.rules import RULES

        run = set(self.tables["quality_checks"]["rule"])
        return rules_not_run([(rule.subject, name, rule.wants) for name, rule in RULES.items() if name not in run])

    def missing_values(self) -> Summary:
        """Of the columns that the definition reads and that a canonical table lets be empty, in tables about people."""
        from analysis.extracts.tables import TABLES
        from analysis.measures.quality_missing import PEOPLE, missing_values

        columns = {name: self._delivered(name) for name in ROWS_OF_PEOPLE if self.study.collects(name)}
        columns = {name: [one.name for one in TABLES[name].columns if one.name in read and one.name not in PEOPLE
                          and not one.required] for name, read in columns.items()}
        return missing_values(self.tables, {name: those for name, those in columns.items() if those})

    def missing_answers(self) -> Summary:
        from analysis.measures.quality_missing import missing_answers

        return missing_answers(self.tables["responses"],
                               {name: said["label"] for name, said in self.study["timepoints"].items()})

    def rows_by_quarter(self) -> Summary:
        from analysis.measures.quality_missing import rows_by_quarter

        dates = {name: day for name, day in ROWS_OF_PEOPLE.items() if day and day in self._delivered(name)}
        return rows_by_quarter(self.tables, dates, self.study.period)

    def _delivered(self, table: str) -> set[str]:
        """The columns of a canonical table that some extract is read into."""
        return {column for name, said in self.study["extracts"].items() if said.get("table", name) == table
                for column, one in said["columns"].items() if "from" in one}

    def codings_balance(self) -> Summary:
        from analysis.measures.quality import codings_balance

        return codings_balance(self.tables["quality_codings"])

    # ---------------------------------------------------------------------------------------------- people

    def participant_flow(self) -> Summary:
        from analysis.measures.flow import participant_flow

        return participant_flow(self.tables["referrals"], self.tables["episodes"],
                                reasons=self._codes("referrals", "reason"), withdrawals=self._withdrawals())

    def enrolment_by_practice(self) -> Summary:
        from analysis.measures.flow import enrolment_by_practice

        return enrolment_by_practice(self.tables["patients"], self.tables["referrals"], self.sites)

    def interview_flow(self) -> Summary:
        from analysis.measures.flow import interview_flow

        return interview_flow(self.tables["recruitment"], reasons=self._codes("recruitment", "reason"),
                              withdrawals=self._withdrawals())

    def _withdrawals(self) -> pd.DataFrame | None:
        return self.tables["withdrawals"] if self.study.collects("consents") else None

    def consent_acted(self) -> Summary:
        from analysis.measures.consents import consent_acted

        return consent_acted(self.tables["quality_consent"])

    def characteristics(self) -> Summary:
        from analysis.measures.characteristics import characteristics

        return characteristics(self.tables["patients"], self.tables["referrals"], on=self.study.period[0],
                               sites=self.sites, quantile_rule=self.study.quantile_rule,
                               ethnicities=self._codes("patients", "ethnicity"))

    def aggregate_counts(self) -> Summary:
        from analysis.measures.reach import aggregate_counts

        return aggregate_counts(self.tables["aggregates"], self.sites)

    def safety_events(self) -> Summary:
        """Always a table: where no event is collected it says so."""
        from analysis.extracts.tables import EVENTS
        from analysis.measures.safety import safety_events

        deaths = None
        if any("died_on" in said["columns"] for name, said in self.study["extracts"].items()
               if said.get("table", name) == "patients"):
            died = self.tables["patients"].dropna(subset=["died_on"])["patient_id"]
            deaths = died[died.isin(self.tables["episodes"]["patient_id"])].nunique()
        return safety_events(self.tables["events"] if self.study.collects("events") else None, EVENTS,
                             self.study["safety"].get("collected"), deaths)

    # ---------------------------------------------------------------------------------------------- activity

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

    # ---------------------------------------------------------------------------------------------- doses

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

    # ---------------------------------------------------------------------------------------------- outcomes

    @cached_property
    def _instruments(self):
        from analysis.reference.instruments import instrument

        return [instrument(name) for name in self.study["outcomes"]["instruments"]]

    @cached_property
    def _scores(self):
        from analysis.measures.scores import scores

        return scores(self.tables["responses"], self._instruments)

    def completion(self) -> Summary:
        from analysis.measures.completion import completion

        return completion(self.tables["timepoints"], self._scores, self.tables["episodes"], self._instruments,
                          labels={name: said["label"] for name, said in self.study["timepoints"].items()})

    def outcome_scores(self) -> Summary:
        from analysis.measures.outcomes import outcome_scores

        return outcome_scores(self._scores, self.tables["episodes"], self._instruments, **self._compared,
                              rule=self.study.quantile_rule)

    def score_changes(self) -> Summary:
        from analysis.measures.outcomes import score_changes

        return score_changes(self._scores, self.tables["episodes"], self._instruments, **self._compared)

    @property
    def _compared(self) -> dict[str, str]:
        """The first and the last time point of the definition, by their weeks, and both in words."""
        points = sorted(self.study["timepoints"].items(), key=lambda point: point[1]["weeks"])
        if len(points) < 2:
            raise self.study.definition.mistake(
                "scores are compared at two time points, and the definition has one", "timepoints",
                remedy='add the other: follow_up = { label = "Follow-up", weeks = 12 }')
        (baseline, first), (follow_up, last) = points[0], points[-1]
        return {"baseline": baseline, "follow_up": follow_up,
                "window": f"{first['label'].lower()} and {last['label'].lower()}"}

    # ---------------------------------------------------------------------------------------------- interviews

    @property
    def _coded(self) -> tuple:
        return self.tables["codes"], self.tables["codings"], self.tables["interviews"]

    @property
    def _shown(self) -> dict[str, Any]:
        return {"themes": self.study.codebook.get("themes"), "groups": self.study["groups"] or ()}

    def interview_sample(self) -> Summary:
        from analysis.measures.sample import INTERVIEW, PEOPLE, interview_sample

        return interview_sample(self.tables["interviews"], groups=self.study["groups"] or (), labels=self.study.sites,
                                quantile_rule=self.study.quantile_rule,
                                known={column: self._codes("interviews", column) for column in (*PEOPLE, *INTERVIEW)})

    def theme_counts(self) -> Summary:
        from analysis.measures.themes import theme_counts

        return theme_counts(*self._coded, **self._shown)

    def stance_counts(self) -> Summary:
        from analysis.measures.themes import stance_counts

        return stance_counts(*self._coded, **self._shown)

    def asked_counts(self) -> Summary:
        from analysis.measures.themes import asked_counts

        return asked_counts(*self._coded, self.tables["asked"], **self._shown)

    def construct_counts(self) -> Summary:
        from analysis.measures.themes import construct_counts
        from analysis.reference.frameworks import constructs

        book = self.study.codebook
        return construct_counts(*self._coded, constructs=book.get("constructs", {}),
                                order=constructs(book.get("framework", "")), groups=self.study["groups"] or ())

    def agreement(self) -> Summary:
        from analysis.measures.agreement import agreement

        return agreement(*self._coded, themes=self.study.codebook.get("themes"))

    def saturation(self) -> Summary:
        from analysis.approach import saturation_rule
        from analysis.measures.saturation import saturation

        return saturation(self.tables["codings"], self.tables["interviews"], **saturation_rule(self.study))

    def declared_approach(self) -> Summary:
        """What the declared approach to coding has a report show, and what it leaves out and why."""
        from analysis.approach import in_words
        from analysis.measures.settings import settings

        said = [("Declared approach", self.study["interviews"]["coding"]), *in_words(self.study)]
        return settings({"": said}, title="What the declared approach to coding shows, and what it leaves out")

    def code_tree(self) -> Summary:
        from analysis.measures.themes import code_tree

        return code_tree(self.tables["codes"], themes=self.study.codebook.get("themes"))

    # ---------------------------------------------------------------------------------------------- both together

    def joint_display(self) -> Summary:
        from analysis.measures.joint import joint_display

        return joint_display(self.study["joint"], self.theme_counts(), self._quantitative())

    def published_comparison(self) -> Summary:
        from analysis.measures.published import published_comparison

        return published_comparison(self._published(), [
            *([self.interview_flow()] if self.study.collects("recruitment") else []), *self._quantitative(),
            *([self.interview_sample()] if self.study.collects("interviews") else [])])

    def not_transcribed(self) -> Summary:
        from analysis.measures.published import not_transcribed

        return not_transcribed(self._published())

    def _quantitative(self) -> list[Summary]:
        """The measures of what the service collects: whatever it does not has no number to show."""
        measures = [self.participant_flow()]
        measures += [self.contacts_per_patient(), self.attendance()] if self.study.collects("contacts") else []
        measures += [self.interventions()] if self.study.collects("interventions") else []
        measures += [self.opioid_dose()] if self.study.fits("doses") else []
        measures += [self.outcome_scores(), self.score_changes()] if self.study.fits("outcomes") else []
        return measures

    def _published(self) -> list[dict[str, Any]]:
        path = self.study.folder / "published.toml"
        if not path.is_file():
            raise Mistake(f"{self.study.name} has no published.toml to compare with",
                          remedy="write it beside study.toml, or take the page 08_published_comparison out of 'pages'")
        return tomllib.loads(path.read_text("utf-8"))["figure"]

    # ---------------------------------------------------------------------------------------------- settings in words

    def protocol(self) -> Summary:
        """What was approved and planned, what was not stated, and dated deviations."""
        from analysis.measures.protocol import protocol_record

        return protocol_record(self.study["protocol"])

    def planned_measures(self) -> Summary:
        """Each measure of what the study has and its approach to coding shows, as prespecified or post hoc."""
        from analysis.approach import verdicts
        from analysis.measures.protocol import MEASURES, planned_measures

        approach = verdicts(self.study)
        shown = [name for name, needs in MEASURES.items() if all(
            approach[need].shown if need in approach else self.study.collects(need) or self.study.fits(need)
            for need in needs)]
        return planned_measures(shown, self.study["protocol"].get("prespecified"))

    def settings(self) -> Summary:
        """The definition's choices that a reader must know, as a table without a computed number."""
        from analysis.measures.settings import settings

        return settings(self._choices())

    def _choices(self) -> dict[str, list[tuple[str, str]]]:
        study, doses = self.study, self.study["doses"]
        choices = {
            "Study": [("Design", study["protocol"].get("design", "not stated")),
                      ("Classification", study["protocol"].get("classification", "not stated")),
                      ("Period", " to ".join(_date(day) for day in study.period))]
            + [(f"Data cut, {part}", _date(study.data_cut(part))) for part in study["data_cut"]],
            "Statistics": [("Quartiles", f"{study.quantile_rule} of Hyndman and Fan (1996)"),
                           ("Rounding for print", study.rounding)],
        }
        if doses:
            choices["Doses"] = [
                ("Factor table", self._dose_words()["table_title"]),
                ("Window", f"{doses['window_days']} days before the index date, earlier supply carried in"),
                ("A range such as one to two", f"read at its {doses.get('range', 'maximum')}"),
                ("As-required directions",
                 f"counted {'in full' if doses.get('prn', 'full') == 'full' else doses['prn']}"),
                ("Index dates", f"start of the episode plus {doses['baseline']['weeks']} and plus "
                                f"{doses['follow_up']['weeks']} weeks")]
        if study.fits("interviews"):
            choices["Interviews"] = [("Declared approach to coding", study["interviews"]["coding"]),
                                     ("Framework", study.codebook.get("framework", "none"))]
            if "framework" in study.codebook:
                choices["Interviews"].append(
                    ("Codes mapped on it by", study.codebook.get("mapped_by", "the researchers")))
        return choices


def _date(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"
