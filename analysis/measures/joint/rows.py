"""The definition's [[joint]] rows in; each checked, with its theme and its claims bound to cells, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.errors import DefinitionMistake
from analysis.measures.joint.claims import Claims
from analysis.measures.joint.named import Bound, Place, Talked, mistake, numbers
from analysis.measures.summary import Cells, Summary

# How findings of the two halves can stand to each other: O'Cathain, Murphy, Nicholl, BMJ 2010;341:c4587.
INFERENCES = ("convergence", "complementarity", "dissonance", "silence")
MEANINGS = ("Convergence: both halves say the same. Complementarity: they speak of different sides. Dissonance: they "
            "disagree. Silence: one half has nothing to say.")
JUDGED = "The meta-inference is the researchers' judgement and stands in the study's definition."


def checked(rows: Sequence[Mapping], place: Place) -> None:
    """DefinitionMistake for a row without a question, with an unknown inference, or with a half that is not named."""
    for at, row in enumerate(map(dict, rows)):
        if not row.get("question"):
            raise DefinitionMistake("the row has no question", where=place(str(at)), remedy='write: question = "…"')
        inference = row.get("inference", "")
        if inference not in INFERENCES:
            raise mistake(f"the inference is '{inference}'" if inference else "the row states no inference",
                          place(str(at), "inference"), inference, INFERENCES)
        if row["question"] in (earlier["question"] for earlier in rows[:at]):
            raise DefinitionMistake(f"two rows ask '{row['question']}'", where=place(str(at), "question"),
                                    remedy="ask it in one row, or in other words")
        for half in ("theme", "cells"):
            if not row.get(half) and inference != "silence":
                raise DefinitionMistake(f"the row has no {half}", where=place(str(at)),
                                        remedy=f"name its {half}, or where that half says nothing: "
                                               "inference = 'silence'")


def halves(cells: Cells, row: Mapping, themes: Summary, others: Sequence[Summary], where: Place
           ) -> tuple[Talked | None, Bound, Bound]:
    """
    A row's theme, its numbers in words, and the check of what it says of both; `where` gives the line of its keys.
    """
    talked = Talked(themes, row["theme"], where("theme")) if row.get("theme") else None
    cited = numbers(cells, row.get("cells", []), others, where("cells"))
    claims = Claims(cells, {"question": row["question"]})
    (claims.silent if row["inference"] == "silence" else claims.speak)(talked, list(cited[1].values()))
    if row.get("mentioned"):
        claims.mentioned(row["mentioned"], talked, where("mentioned"))
    for claim in row.get("expects", []):
        claims.expects(claim, [*others, themes], where("expects"))
    return talked, cited, claims.in_words()
