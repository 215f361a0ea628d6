"""Settings in; what was approved, planned and chosen, in words, out."""

from __future__ import annotations

from analysis.evaluation.doses import Doses
from analysis.measures.summary import Summary
from analysis.measures.words import day_in_words, days_in_words


class Record(Doses):
    """Of one study: what was approved, planned and chosen, in words."""

    def protocol(self) -> Summary:
        """What was approved and planned, what was not stated, and dated deviations."""
        from analysis.measures.records.protocol import protocol_record

        return protocol_record(self.study["protocol"])

    def planned_measures(self) -> Summary:
        """Each measure of what the study has and its approach to coding shows, as prespecified or post hoc."""
        from analysis.approach import verdicts
        from analysis.measures.records.protocol import MEASURES, planned_measures

        approach = verdicts(self.study)
        shown = [name for name, needs in MEASURES.items() if all(
            approach[need].shown if need in approach
            else self.study.collects(need) or self.study.fits(need) or self._has(f"{need}.toml") for need in needs)]
        return planned_measures(shown, self.study["protocol"].get("prespecified"))

    def _has(self, file: str) -> bool:
        """Whether a file lies beside the definition. It is opened, so that the page is known to depend upon it."""
        try:
            (self.study.folder / file).open("rb").close()
        except FileNotFoundError:
            return False
        return True

    def settings(self) -> Summary:
        """The definition's choices that a reader must know, as a table without a computed number."""
        from analysis.measures.records.settings import settings

        return settings(self._choices())

    def _choices(self) -> dict[str, list[tuple[str, str]]]:
        study, doses = self.study, self.study["doses"]
        choices = {
            "Study": [("Design", study["protocol"].get("design", "not stated")),
                      ("Classification", study["protocol"].get("classification", "not stated")),
                      ("Period", days_in_words(*study.period))]
            + [(f"Data cut, {part}", day_in_words(study.data_cut(part))) for part in study["data_cut"]],
            "Statistics": [("Quartiles", f"{study.quantile_rule} of Hyndman and Fan (1996)"),
                           ("Rounding for print", study.rounding)],
        }
        if study.collects("episodes"):
            choices["Activity"] = self._activity()
        if doses:
            from analysis.measures.prescribing.dose_windows import DEFINITIONS

            definition, factors = doses.get("definition", "D3"), self._rules.factors
            choices["Doses"] = [
                ("Factor table", f"{factors.title} ({factors.name}, SHA-256 {factors.sha256[:12]})"),
                ("Window", f"{doses['window_days']} days before the index date, earlier supply carried in"),
                ("Daily dose", f"{definition}, {DEFINITIONS[definition]}"),
                ("A range such as one to two", f"read at its {doses.get('range', 'maximum')}"),
                ("As-required directions",
                 f"counted {'in full' if doses.get('prn', 'full') == 'full' else doses['prn']}"),
                ("Index dates", f"start of the episode plus {doses['baseline']['weeks']} and plus "
                                f"{doses['follow_up']['weeks']} weeks")]
        if study.fits("outcomes"):
            from analysis.evaluation.chosen import chosen_instruments

            choices["Questionnaires"] = [(one.title, one.scoring_words) for one in chosen_instruments(study)]
        if study.fits("interviews"):
            choices["Interviews"] = [("Declared approach to coding", study["interviews"]["coding"]),
                                     ("Framework", study.codebook.get("framework", "none"))]
            if "framework" in study.codebook:
                choices["Interviews"].append(
                    ("Codes mapped on it by", study.codebook.get("mapped_by", "the researchers")))
        return choices


    def _activity(self) -> list[tuple[str, str]]:
        from analysis.extracts.stays import in_words
        from analysis.measures.activity.stay import LEAVING
        from analysis.measures.activity.waiting import STARTS

        said = self.study["activity"]
        weeks = ", ".join(map(str, said.get("seen_within_weeks", ())))
        since = STARTS[said["wait_from"]] if "wait_from" in said else "the day of referral, or of invitation without it"
        made = [("Episodes", words)] if (words := in_words(self.study)) else []
        return [*made, ("A wait begins on", since), ("Share seen within so many weeks", weeks or "none named"),
                ("The calendar goes by", said.get("calendar", "month")),
                ("Ends of an episode that end no stay", ", ".join(said.get("leaving", LEAVING)) or "none")]
