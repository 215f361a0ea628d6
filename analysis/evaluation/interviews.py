"""Settings and coded interviews in; sample, themes, agreement and saturation out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis.evaluation.asked import Asked
from analysis.measures.summary import Summary
from analysis.measures.words import capitalised, day_in_words

if TYPE_CHECKING:
    import pandas as pd

# What is asked of everybody who is interviewed; with age there would be more columns than people.
ATTRIBUTES = ("role", "practice", "sex")


class Interviews(Asked):
    """Of one study: what was said: sample, themes, agreement, saturation."""

    @property
    def _coded(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        return self.tables["codes"], self.tables["codings"], self.tables["interviews"]

    @property
    def _shown(self) -> dict[str, Any]:
        return {"themes": self.study.codebook.get("themes"), "groups": self.study["groups"] or ()}

    def interview_sample(self) -> Summary:
        from analysis.measures.interviews.sample import INTERVIEW, PEOPLE, interview_sample

        return interview_sample(self.tables["interviews"], groups=self.study["groups"] or (), labels=self.study.sites,
                                quantile_rule=self.study.quantile_rule,
                                known={column: self._codes("interviews", column) for column in (*PEOPLE, *INTERVIEW)})

    def theme_counts(self) -> Summary:
        from analysis.measures.interviews.themes import theme_counts

        return theme_counts(*self._coded, **self._shown)

    def main_themes(self) -> Summary:
        """The themes without the codes under them: the same cells as in `theme_counts`."""
        found = self.theme_counts()
        return replace(found, lines=tuple(line for line in found.lines if not line.depth))

    def count_ledger(self) -> Summary:
        from analysis.measures.interviews.count_ledger import count_ledger
        from analysis.reference.counting import countings

        return count_ledger(*self._coded, countings(), **self._shown)

    def co_occurrence(self) -> Summary:
        from analysis.measures.interviews.co_occurrence import co_occurrence

        return co_occurrence(*self._coded, **self._shown)

    def co_occurrence_of_codes(self) -> Summary:
        from analysis.measures.interviews.co_occurrence import co_occurrence

        return co_occurrence(*self._coded, of_codes=True, **self._shown)

    def themes_by_attribute(self) -> Summary:
        """
        By role, site and sex, where the interview log has more than one; `[interviews] by` names others.

        What the log has no column for may be a variable, 'case' or 'set' of the project that was coded.
        """
        from analysis.measures.cells import levels
        from analysis.measures.interviews.themes_by_attribute import themes_by_attribute

        by = self.study["interviews"].get("by", ATTRIBUTES)
        interviews, attributes = self._with_attributes(by), {}
        for column in by:
            known = self._codes("interviews", column)
            words = {value: self.sites.get(value, value) for value in levels(interviews[column].dropna(), known)}
            if len(words) > 1:
                attributes[column] = {value: capitalised(said) for value, said in words.items()}
        return themes_by_attribute(self.tables["codes"], self.tables["codings"], interviews, attributes=attributes,
                                   **self._shown)

    def _with_attributes(self, by: Sequence[str]) -> pd.DataFrame:
        """The interviews with a column for each of `by`; those that the project says two things of have neither."""
        interviews = self.tables["interviews"].copy()
        if missing := [name for name in by if name not in interviews]:
            said = self.tables["interview_attributes"].drop_duplicates()
            said = said[~said.duplicated(["interview_id", "name"], keep=False)]
            for name in missing:
                mine = said[said["name"] == name]
                if mine.empty:
                    known = sorted({*said["name"], *set(self.study["interviews"]["by"]) - set(missing), *ATTRIBUTES})
                    raise self.study.definition.mistake(
                        f"neither the interview log nor the coded project says '{name}' of an interview",
                        "interviews", "by", remedy=f"known are: {', '.join(known)}")
                interviews[name] = interviews["interview_id"].map(mine.set_index("interview_id")["value"])
        return interviews

    def themes_by_participant(self) -> Summary:
        from analysis.measures.interviews.by_participant import themes_by_participant

        return themes_by_participant(*self._coded, **self._shown)

    def stance_counts(self) -> Summary:
        from analysis.measures.interviews.themes import stance_counts

        return stance_counts(*self._coded, **self._shown)

    def asked_counts(self) -> Summary:
        from analysis.measures.interviews.themes import asked_counts

        return asked_counts(*self._coded, self.tables["asked"], **self._shown)

    def construct_counts(self) -> Summary:
        from analysis.measures.interviews.themes import construct_counts
        from analysis.reference.frameworks import constructs

        book = self.study.codebook
        return construct_counts(*self._coded, constructs=book.get("constructs", {}),
                                order=constructs(book.get("framework", "")), groups=self.study["groups"] or ())

    def agreement(self) -> Summary:
        from analysis.measures.interviews.agreement import agreement

        return agreement(*self._coded, themes=self.study.codebook.get("themes"))

    def discrepancies(self) -> Summary:
        from analysis.measures.interviews.discrepancies import discrepancies

        return discrepancies(*self._coded, self._settled(), **self._shown)

    def discrepancy_list(self) -> Summary:
        from analysis.measures.interviews.discrepancies import discrepancy_list

        texts = self.tables["transcripts"]
        return discrepancy_list(*self._coded, self._settled(), **self._shown,
                                transcripts=dict(zip(texts["interview_id"], texts["text"], strict=True)))

    def _settled(self) -> list:
        """
        The decisions beside study.toml on interviews that are here; DefinitionMistake where one speaks of no code.

        Decisions on interviews that were withdrawn, or are of another site, are left out with them.
        """
        from analysis.errors import DefinitionMistake, suggestion
        from analysis.interviews.discrepancies import FILE, read_settled
        from analysis.measures.interviews.discrepancies import Decision

        here = set(self.tables["interviews"]["interview_id"])
        settled = [one for one in read_settled(self.study.folder / FILE) if one.interview in here]
        codes = set(self.tables["codes"]["code_id"])
        for one in settled:
            if one.code not in codes:
                raise DefinitionMistake(f"the codebook has no code '{one.code}'", where=one.where,
                                        remedy=suggestion(one.code, codes, "write the code's id"))
        return [Decision(one.interview, one.code, one.start, one.end, one.decision,
                         f"by {' and '.join(one.settled_by)}, {day_in_words(one.settled_on)}"
                         + (f": {one.why}" if one.why else "")) for one in settled]

    def saturation(self) -> Summary:
        from analysis.approach import saturation_rule
        from analysis.measures.interviews.saturation import saturation

        return saturation(self.tables["codings"], self.tables["interviews"], **saturation_rule(self.study))

    def framework_matrix(self) -> Summary:
        from analysis.interviews.quotations import FILE, read_signed
        from analysis.measures.interviews.framework import framework_matrix

        signed = [(one.interview, one.start, one.end) for one in read_signed(self.study.folder / FILE)]
        return framework_matrix(*self._coded, self.tables["memos"], signed=signed, **self._shown)

    def framework_counts(self) -> Summary:
        from analysis.measures.interviews.framework import framework_counts

        return framework_counts(*self._coded, self.tables["memos"], **self._shown)

    def reporting_items(self) -> Summary:
        """What COREQ and SRQR ask and records answer; the number of quotations that are signed off is one of them."""
        from analysis.interviews.quotations import FILE, read_signed
        from analysis.measures.interviews.audit_trail import reporting_items
        from analysis.reference.guidelines import interview_items

        known = {column: self._codes("interviews", column) for column in ("setting", "mode")}
        recruitment = self.tables["recruitment"] if self.study.collects("recruitment") else None
        quoted = len(read_signed(self.study.folder / FILE)) if self.study.fits("quotations") else None
        return reporting_items(interview_items(), *self._coded, memos=self._memos, recruitment=recruitment,
                               software=self.study["interviews"].get("software", ""), quoted=quoted, known=known,
                               rule=self.study.quantile_rule, **self._shown)

    def coding_log(self) -> Summary:
        from analysis.measures.interviews.audit_trail import coding_log

        return coding_log(self.tables["codings"], self.tables["interviews"])

    def memos_kept(self) -> Summary:
        from analysis.measures.interviews.audit_trail import memos_kept

        return memos_kept(self.tables["memos"])

    def codebook_changes(self) -> Summary:
        """From each version of `[interviews] codebooks` to the next."""
        from analysis.measures.interviews.codebook_changes import VersionedCode, codebook_changes

        kept = self.tables["codebook_versions"]
        return codebook_changes([(version, [VersionedCode(tuple(one.path.split("\n")), one.definition, one.extension)
                                            for one in part.itertuples()])
                                 for version, part in kept.groupby("version", sort=False)])

    @property
    def _memos(self):
        return self.tables["memos"] if self.study.collects("memos") else None

    def declared_approach(self) -> Summary:
        """What the declared approach to coding has a report show, and what it leaves out and why."""
        from analysis.approach import in_words
        from analysis.measures.records.settings import settings

        said = [("Declared approach", self.study["interviews"]["coding"]), *in_words(self.study)]
        return settings({"": said}, title="What the declared approach to coding shows, and what it leaves out")

    def project_file(self) -> Summary:
        from analysis.measures.interviews.project_file import project_file

        return project_file(self.tables["quality_project"])

    def code_tree(self) -> Summary:
        from analysis.measures.interviews.themes import code_tree

        return code_tree(self.tables["codes"], themes=self.study.codebook.get("themes"))
