"""Both halves in; side by side, and beside what was published, out."""

from __future__ import annotations

import tomllib
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from analysis.errors import Mistake
from analysis.evaluation.activity import Activity
from analysis.evaluation.doses import Doses
from analysis.evaluation.interviews import Interviews
from analysis.evaluation.people import People
from analysis.evaluation.reach import Reach
from analysis.measures.summary import Summary

if TYPE_CHECKING:
    from analysis.measures.joint.rows import Halves


# Beside those of `_quantitative`, each with what it needs.
FURTHER = {
    "characteristics": ("referrals",), "reach": ("referrals", "episodes"), "length_of_stay": ("episodes",),
    "safety_events": ("episodes",), "waiting_time": ("contacts", "referrals"), "contact_minutes": ("contacts",),
    "caseload": ("contacts", "episodes"), "interventions_per_person": ("interventions",), "dose_change": ("doses",),
    "high_doses": ("doses",), "completion": ("responses", "timepoints", "outcomes"),
    "returners": ("responses", "timepoints", "outcomes"), "standardised_changes": ("responses", "outcomes"),
    "interview_flow": ("recruitment",), "interview_sample": ("interviews",),
}


class Together(Reach, People, Activity, Doses, Interviews):
    """Of one study: both halves side by side, and beside what was published."""

    def joint_display(self) -> Summary:
        from analysis.measures.joint.statistics_by_theme import joint_display

        return joint_display(self.study["joint"], self._halves, place=partial(self.study.definition.where, "joint"))

    def side_by_side(self) -> Summary:
        from analysis.measures.joint.side_by_side import side_by_side

        return side_by_side(self.study["joint"], self._halves, place=partial(self.study.definition.where, "joint"))

    def threads(self) -> Summary:
        from analysis.measures.joint.thread import threads

        return threads(self.study["thread"], self._halves, place=partial(self.study.definition.where, "thread"))

    def mixed_methods_items(self) -> Summary:
        """What GRAMMS asks: what `[mixed_methods]` states of it, and the displays that this report has."""
        from analysis.measures.joint.reporting import mixed_methods_items
        from analysis.reference.guidelines import mixed_methods_items as asked

        flow, sample = self.participant_flow(), self.interview_sample()
        return mixed_methods_items(
            asked(), self.study["mixed_methods"], rows=self.study["joint"] or (), threads=self.study["thread"] or (),
            matrix=self.study["matrix"] or None,
            people={words: (source, source.cells[source.names[name]]) for words, source, name in (
                ("people enrolled", flow, "enrolled"), ("interviews", sample, "interviews")) if name in source.names})

    @cached_property
    def _halves(self) -> Halves:
        """What both halves offer to a joint display; no counts of themes where the approach to coding has none."""
        from analysis.approach import COUNTS, verdicts
        from analysis.interviews.quotations import FILE, read_signed
        from analysis.measures.interviews.passages import Codebook
        from analysis.measures.joint.rows import Halves

        codes, _, interviews = self._coded
        book = Codebook(codes, self.study.codebook.get("themes"))
        whose = dict(zip(interviews["interview_id"], interviews["participant_id"], strict=True))
        signed = read_signed(self.study.folder / FILE) if self.study.fits("quotations") else ()

        def of(code: str) -> list[str]:
            return [whose[one.interview] for one in signed if one.code in book.family(code) and one.interview in whose]

        counted = verdicts(self.study)[COUNTS].shown
        return Halves(book, self.theme_counts() if counted else None, self._quantitative(), of,
                      partly=len(self.sites) < len(self.study.sites) or self.study.made_up,
                      asked=self.asked_counts() if counted and self.study.collects("asked") else None,
                      further=self._further)

    def _further(self) -> list[Summary]:
        """Measures that a joint display may cite, and seldom does: of what the study collects."""
        return [getattr(self, measure)() for measure, needs in FURTHER.items()
                if all(self.study.collects(need) or self.study.fits(need) for need in needs)]

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
