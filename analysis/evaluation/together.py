"""Both halves in; side by side, and beside what was published, out."""

from __future__ import annotations

import tomllib
from functools import partial
from typing import Any

from analysis.errors import Mistake
from analysis.evaluation.asked import Asked
from analysis.measures.summary import Summary


class Together(Asked):
    """Of one study: both halves side by side, and beside what was published."""

    def joint_display(self) -> Summary:
        from analysis.measures.joint.statistics_by_theme import joint_display

        return joint_display(self.study["joint"], self.theme_counts(), self._quantitative(),
                             place=partial(self.study.definition.where, "joint"))

    def published_comparison(self) -> Summary:
        from analysis.measures.records.published import published_comparison

        return published_comparison(self._published(), [
            *([self.interview_flow()] if self.study.collects("recruitment") else []), *self._quantitative(),
            *([self.interview_sample()] if self.study.collects("interviews") else [])])

    def not_transcribed(self) -> Summary:
        from analysis.measures.records.published import not_transcribed

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
