"""Sign-offs, transcripts, consent and the service's people in; the candidates for quotation of one report, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.evaluation.asked import Asked

if TYPE_CHECKING:
    import pandas as pd

    from analysis.interviews.quotations import Signed

ATTRIBUTES = ("sex", "age_band", "practice")
HOW = "write a section [quotations], as in: attribution = { 'service user' = ['sex', 'age_band'] }"


@dataclass(frozen=True)
class QuoteRule:
    """How a study quotes: the words beside a quotation, how many people they must fit, and how often one is heard."""

    k: int = 10
    most: int = 3
    attribution: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def in_words(self) -> str:
        return (f"Each quotation was signed off by a person, stands as it does in the transcript (what is in square "
                f"brackets was put in) and has its speaker's consent. The words beside it fit {self.k} people of the "
                f"service or more, and nobody is quoted more than {self.most} times.")


@dataclass(frozen=True)
class Candidates:
    """All that decides about the quotations of one report. Holds words that nobody has cleared yet: never shown."""

    signed: tuple[Signed, ...]
    interviews: pd.DataFrame
    transcripts: Mapping[str, str]
    passages: tuple[tuple[str, str, str], ...]  # interview, code, words
    cohort: pd.DataFrame
    labels: Mapping[str, str]  # code -> its words, in the order of the codebook
    themes: Mapping[str, str]  # code -> its theme
    rule: QuoteRule
    by: str
    sites: Mapping[str, str]
    names: tuple[str, ...]


class Quoting(Asked):
    """Of one study: what may be considered for quotation."""

    def quotations(self) -> Candidates:
        """
        The signed quotations, and all that `page.quote` needs to decide about them.

        The people who must fit the words beside a quotation are those enrolled; where no table says who enrolled,
        those in the list of patients. A study without the section [quotations] has no candidates.
        """
        from analysis.interviews.quotations import FILE, read_signed
        from analysis.measures.interviews.passages import Codebook

        rule, signed = quote_rule(self.study), read_signed(self.study.folder / FILE)
        interviews = self.tables["interviews"]
        if not self.study.fits("quotations"):
            if signed:
                raise self.study.definition.mistake(f"{FILE} has quotations, and the definition has no [quotations]",
                                                    remedy=HOW)
            return Candidates((), interviews, {}, (), interviews[:0], {}, {}, rule, "", {}, ())
        book = Codebook(self.tables["codes"], self.study.codebook.get("themes"))
        order = [code for theme in book.themes for code in book.family(theme)]
        patients = self.tables["patients"]
        if self.study.collects("episodes"):
            patients = patients[patients["patient_id"].isin(self.tables["episodes"]["patient_id"])]
        codings, texts = self.tables["codings"], self.tables["transcripts"]
        return Candidates(
            signed, interviews, dict(zip(texts["interview_id"], texts["text"], strict=True)),
            tuple(codings.dropna(subset=["text"])[["interview_id", "code_id", "text"]].itertuples(index=False,
                                                                                                  name=None)),
            patients, {code: book.themes.get(code, book.names[code]) for code in order},
            {code: book.line(code)[-1] for code in order}, rule, self.study["sites"].get("by", ""), self.study.sites,
            self._names())

    def _names(self) -> tuple[str, ...]:
        """What must not stand in a quotation: sites by name, and everybody's number in this evaluation."""
        interviewed = self.tables["interviews"]
        numbers = [*interviewed["participant_id"].dropna(), *interviewed["interviewer"].dropna()]
        return tuple(dict.fromkeys([*self.study.sites.values(), *map(str, numbers)]))


def quote_rule(study) -> QuoteRule:
    """The section [quotations] of a definition; DefinitionMistake for an attribute that cannot be checked."""
    said = study["quotations"]
    for group, attributes in said.get("attribution", {}).items():
        for name in attributes:
            if name not in ATTRIBUTES:
                raise study.definition.mistake(
                    f"the attribution of '{group}' has '{name}'", "quotations", "attribution", group,
                    remedy=f"only what the service knows of everybody can be checked: {', '.join(ATTRIBUTES)}")
    return QuoteRule(said.get("k", QuoteRule.k), said.get("most", QuoteRule.most),
                     {group: tuple(names) for group, names in said.get("attribution", {}).items()})
