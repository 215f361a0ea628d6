"""Settings and tables in; who people were, side by side, out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.errors import suggestion
from analysis.evaluation.outcomes import Outcomes
from analysis.measures.summary import Summary

if TYPE_CHECKING:
    import pandas as pd

    from analysis.measures.people.characteristics import Characteristic

# Shown where the definition names none, in this order, each where an extract brings it.
USUAL = ("age", "sex", "practice", "ethnicity", "imd_decile", "disability")
COLUMNS = {"age": "birth_year"}  # the canonical column, where it has another name
SECTION = ("characteristics", "columns")


class Described(Outcomes):
    """Of one study: who people were, by the characteristics that the definition names."""

    def characteristics(self) -> Summary:
        from analysis.measures.people.characteristics import characteristics

        return characteristics(self._known(self._chosen()), self._approaches, **self._as_asked)

    def completers(self) -> Summary:
        """At the last time point: who returned a questionnaire beside who did not, with their scores at the first."""
        from analysis.measures.people.characteristics import completers

        if len(self._due) < 2:
            raise self.study.definition.mistake(
                "whoever returned the last questionnaire is described by the first, and the definition has one time "
                "point" if self._due else "there is no time point at which anybody could have returned a questionnaire",
                "timepoints", remedy='add the other: follow_up = { label = "Follow-up", weeks = 12 }')
        timepoint, label = list(self._due.items())[-1]
        return completers(self._known(self._chosen(scores=True)), self._outcomes_at(timepoint), label=label,
                          **self._as_asked)

    @property
    def _as_asked(self) -> dict[str, str]:
        return {"quantile_rule": self.study.quantile_rule, "rounding": self.study.rounding,
                "denominator": self.study["characteristics"].get("denominator", "all")}

    @property
    def _due(self) -> dict[str, str]:
        """The time points in order, with their words; none where the service has no questionnaires."""
        if not (self.study.collects("responses") and self.study.fits("outcomes")):
            return {}
        points = sorted(self.study["timepoints"].items(), key=lambda point: point[1]["weeks"])
        return {name: said["label"] for name, said in points}

    def _outcomes_at(self, timepoint: str) -> pd.Series:
        """Of everybody enrolled, what became of their questionnaires at a time point."""
        import pandas as pd

        from analysis.measures.people.follow_up import outcomes_at

        people = pd.Index(self.tables["episodes"]["patient_id"].dropna().unique())
        return outcomes_at(self.tables["timepoints"], timepoint, people)["outcome"]

    def _chosen(self, *, scores: bool = False) -> dict[str, tuple[str, ...]]:
        """
        Each characteristic and the ways in which it is shown: the definition's, or the usual ones that are delivered.

        Mistake for one that is not known or not delivered, and for a way that it has not. With `scores`, the
        instruments' scores at the first time point are among them, whether they are named or not.
        """
        from analysis.measures.people.characteristics import SHOWN

        instruments = list(self.study["outcomes"].get("instruments", ())) if self._due else []
        named = self.study["characteristics"].get("columns")
        chosen = {one: SHOWN[one][:1] for one in USUAL if self._brings(one)} if named is None else {
            one: self._ways(one, (said,) if isinstance(said, str) else tuple(said), instruments)
            for one, said in named.items()}
        return chosen | ({one: SHOWN["score"][:1] for one in instruments if one not in chosen} if scores else {})

    def _brings(self, name: str) -> bool:
        """Whether an extract brings the characteristic; the practice may be stated for a whole file."""
        table = "referrals" if name in ("source", "route") else "patients"
        return name == "practice" and bool(self.sites) or COLUMNS.get(name, name) in self._delivered(table)

    def _ways(self, name: str, ways: tuple[str, ...], instruments: Sequence[str]) -> tuple[str, ...]:
        from analysis.measures.people.characteristics import SHOWN

        known = [one for one in SHOWN if one != "score"] + list(instruments)
        definition = self.study.definition
        if name not in known:
            raise definition.mistake(f"'{name}' is no characteristic", *SECTION, name,
                                     remedy=suggestion(name, known, f"known: {', '.join(known)}"))
        if name not in instruments and not self._brings(name):
            raise definition.mistake(f"no extract brings '{COLUMNS.get(name, name)}'", *SECTION, name,
                                     remedy="read it from a column of an extract, or take this line out")
        able = SHOWN["score" if name in instruments else name]
        if unknown := [way for way in ways if way not in able]:
            raise definition.mistake(f"'{name}' cannot be shown as '{unknown[0]}'", *SECTION, name,
                                     remedy=f"one or several of: {', '.join(able)}")
        return ways

    def _known(self, chosen: dict[str, tuple[str, ...]]) -> list[Characteristic]:
        from analysis.measures.people.characteristics import known_of

        codes = {column: self._codes("patients" if column in ("ethnicity", "disability") else "referrals", column)
                 for column in ("ethnicity", "disability", "source", "route")}
        return [one for name, ways in chosen.items() for one in (
            [self._score(name, ways)] if name in self.study["outcomes"].get("instruments", ()) else
            known_of(self.tables["patients"], self._approaches, {name: ways}, on=self.study.period[0],
                     sites=self.sites, codes=codes))]

    def _score(self, name: str, ways: tuple[str, ...]) -> Characteristic:
        """The score of an instrument at the first time point."""
        from analysis.measures.people.characteristics import score_of

        instrument = next(one for one in self._instruments if one.name == name)
        first, label = next(iter(self._due.items()))
        rows = self._scores[self._scores["instrument"].eq(name) & self._scores["timepoint"].eq(first)]
        return score_of(f"{instrument.title} at {label.lower()}", rows.set_index("patient_id")["score"], ways,
                        digits=instrument.digits)
