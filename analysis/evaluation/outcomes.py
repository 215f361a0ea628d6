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
        from analysis.measures.score_changes import score_changes

        return score_changes(self._scores, self.tables["episodes"], self._instruments, **self._compared)

    def other_thresholds(self) -> Summary:
        from analysis.measures.score_changes import other_thresholds

        return other_thresholds(self._scores, self.tables["episodes"], self._instruments, **self._compared)

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
