"""The definition's [matrix], records and coded interviews in; people beside what they said, out."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from analysis.errors import suggestion
from analysis.evaluation.doses import Doses
from analysis.evaluation.interviews import Interviews
from analysis.evaluation.outcomes import Outcomes
from analysis.measures.summary import Summary

if TYPE_CHECKING:
    from analysis.measures.joint.matrix import Linked
    from analysis.measures.joint.outcomes_of_people import Outcome

DOSE, CONTACTS = "dose", "contacts"


class Matrix(Outcomes, Doses, Interviews):
    """Of one study: what the records say of people beside what the same people said, with their consent to that."""

    def mixed_methods_matrix(self) -> Summary:
        """A person a row: in the working tier only."""
        from analysis.measures.joint.matrix import mixed_methods_matrix

        return mixed_methods_matrix(self._linked, self._outcomes_of_people)

    def matrix_by_group(self) -> Summary:
        from analysis.measures.joint.matrix import matrix_by_group

        return matrix_by_group(self._linked, self._outcomes_of_people)

    @cached_property
    def _linked(self) -> Linked:
        from analysis.measures.joint.matrix import Linked

        codes, codings, interviews = self._coded
        said = self.study["matrix"]
        for group in said.get("who", []):
            if group not in self.study["groups"]:
                raise self.study.definition.mistake(f"there is no group '{group}'", "matrix", "who",
                                                    remedy=suggestion(group, self.study["groups"]))
        if who := said.get("who"):
            interviews = interviews[interviews["group"].isin(who)]
        known = list(codes["code_id"])
        for code in said.get("themes", []):
            if code not in known:
                raise self.study.definition.mistake(f"there is no theme or code '{code}'", "matrix", "themes",
                                                    remedy=suggestion(code, known))
        return Linked(codes, codings, interviews, themes=self.study.codebook.get("themes"),
                      chosen=said.get("themes", ()))

    @cached_property
    def _outcomes_of_people(self) -> list[Outcome]:
        """What people are grouped by, as `[matrix] by` names it: instruments, the dose, attended contacts."""
        instruments = self.study["outcomes"].get("instruments", []) if self.study.collects("responses") else []
        known = [*instruments, *([DOSE] if self.study.fits("doses") else []),
                 *([CONTACTS] if self.study.collects("contacts") else [])]
        for name in self.study["matrix"]["by"]:
            if name not in known:
                raise self.study.definition.mistake(f"people cannot be grouped by '{name}'", "matrix", "by",
                                                    remedy=suggestion(name, known))
        return [self._outcome(name) for name in self.study["matrix"]["by"]]

    def _outcome(self, name: str) -> Outcome:
        from analysis.measures.joint.outcomes_of_people import contact_outcome, dose_outcome, score_outcome
        from analysis.measures.prescribing.doses import paired

        if name == DOSE:
            return dose_outcome(paired(self.doses("baseline"), self.doses("follow_up")))
        if name == CONTACTS:
            return contact_outcome(self.tables["contacts"], self.tables["episodes"])
        one = next(one for one in self._instruments if one.name == name)
        points = self._compared
        return score_outcome(self._scores, one, points["baseline"], points["follow_up"])
