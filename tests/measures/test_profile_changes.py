"""The EQ-5D profile itself: better, worse, mixed, same; no value set weighs one dimension against another."""

from dataclasses import replace

import pandas as pd
from paired_scores import enrolled, value

from analysis.measures.questionnaires.profile_changes import profile_changes
from analysis.measures.questionnaires.scores import scores
from analysis.reference.instruments import SHIPPED, instrument

FIVE = replace(instrument("eq5d5l"), value_set=SHIPPED.value_set("uk-5l-2026"))


def responses(*people):
    """Profiles at baseline and follow-up a person; a blank is '-'."""
    rows = [(f"P{n}", "eq5d5l", timepoint, item, None if level == "-" else int(level))
            for n, pair in enumerate(people, 1)
            for timepoint, profile in zip(("baseline", "follow_up"), pair, strict=True)
            for item, level in zip(FIVE.items, profile, strict=True)]
    return pd.DataFrame(rows, columns=["patient_id", "instrument", "timepoint", "item", "answer"]).astype(
        {"answer": "Int64"})


def test_profiles_are_compared_dimension_by_dimension():
    told = responses(("21232", "21222"), ("21222", "31222"), ("21232", "31222"), ("21232", "21232"),
                     ("11111", "11111"), ("21232", "2123-"))
    summary = profile_changes(told, scores(told, [FIVE]), enrolled(6), [FIVE])
    assert {kind: value(summary, f"eq5d5l_{kind}") for kind in ("better", "worse", "mixed", "same", "no_problem",
                                                               "profiles")} == {
        "better": 1, "worse": 1, "mixed": 1, "same": 2, "no_problem": 1, "profiles": 5}


def test_an_instrument_that_is_no_profile_has_no_rows():
    told = responses(("11111", "11111"))
    assert not profile_changes(told, scores(told, [FIVE]), enrolled(1), [instrument("peg")]).lines
