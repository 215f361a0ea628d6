"""Settings and answers in; questionnaires completed, scored and changed out."""

from __future__ import annotations

from functools import cached_property

from analysis.evaluation.asked import Asked
from analysis.measures.summary import Summary


class Outcomes(Asked):
    """Of one study: questionnaires: completed, scored, changed."""

    @cached_property
    def _instruments(self):
        from analysis.evaluation.chosen import chosen_instruments

        return chosen_instruments(self.study)

    @cached_property
    def _scores(self):
        from analysis.measures.questionnaires.scores import scores

        return scores(self.tables["responses"], self._instruments)

    def completion(self) -> Summary:
        from analysis.measures.questionnaires.completion import completion

        return completion(self.tables["timepoints"], self._scores, self.tables["episodes"], self._instruments,
                          labels=self._timepoint_labels)

    def outcome_scores(self) -> Summary:
        from analysis.measures.questionnaires.outcomes import outcome_scores

        return outcome_scores(self._scores, self.tables["episodes"], self._instruments, **self._compared,
                              labels=self._compared_labels, rule=self.study.quantile_rule)

    def score_changes(self) -> Summary:
        from analysis.measures.questionnaires.score_changes import score_changes

        return score_changes(self._scores, self.tables["episodes"], self._instruments, **self._compared)

    def other_thresholds(self) -> Summary:
        from analysis.measures.questionnaires.score_changes import other_thresholds

        return other_thresholds(self._scores, self.tables["episodes"], self._instruments, **self._compared)

    def returners(self) -> Summary:
        from analysis.measures.questionnaires.returners import returners

        return returners(self._scores, self.tables["timepoints"], self.tables["episodes"], self._instruments,
                         **self._compared)

    def band_changes(self) -> Summary:
        from analysis.measures.questionnaires.band_changes import band_changes

        return band_changes(self._scores, self.tables["episodes"], self._instruments, **self._compared,
                            labels=self._compared_labels)

    def change_spread(self) -> Summary:
        from analysis.measures.questionnaires.change_spread import change_spread

        return change_spread(self._scores, self.tables["episodes"], self._instruments, **self._compared,
                             rule=self.study.quantile_rule)

    def standardised_changes(self) -> Summary:
        from analysis.measures.questionnaires.standardised_changes import standardised_changes

        return standardised_changes(self._scores, self.tables["episodes"], self._instruments, **self._compared)

    def item_changes(self) -> Summary:
        from analysis.measures.questionnaires.item_changes import item_changes
        from analysis.reference.wording import read_wording

        said = self.study["outcomes"].get("wording")
        words = read_wording(self.study.folder / said, self._instruments) if said else {}
        return item_changes(self.tables["responses"], self.tables["episodes"], self._instruments, words,
                            **self._compared, labels=self._compared_labels)

    def profile_changes(self) -> Summary:
        from analysis.measures.questionnaires.profile_changes import profile_changes

        return profile_changes(self.tables["responses"], self._scores, self.tables["episodes"], self._instruments,
                               **self._compared)

    def unscored(self) -> Summary:
        from analysis.measures.questionnaires.unscored import unscored

        return unscored(self._scores, self.tables["episodes"], self._instruments, labels=self._timepoint_labels)

    def answering_patterns(self) -> Summary:
        from analysis.measures.questionnaires.answering_patterns import answering_patterns

        return answering_patterns(self._scores, self.tables["episodes"], self._instruments,
                                  labels=self._timepoint_labels)

    def outcome_tests(self) -> Summary:
        from analysis.evaluation.chosen import asked_tests
        from analysis.measures.questionnaires.outcome_tests import outcome_tests

        return outcome_tests(self._scores, self.tables["episodes"], self._instruments, asked_tests(self.study),
                             **self._compared)

    @property
    def _timepoint_labels(self) -> dict[str, str]:
        """Name -> heading of each time point, by their weeks."""
        return {name: said["label"] for name, said in sorted(self.study["timepoints"].items(),
                                                             key=lambda point: point[1]["weeks"])}

    @property
    def _compared_labels(self) -> tuple[str, str]:
        """The headings of the first and the last time point."""
        labels = list(self._timepoint_labels.values())
        return labels[0], labels[-1]

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
