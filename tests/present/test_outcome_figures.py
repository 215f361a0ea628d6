"""The figures of outcomes: drawn from released numbers, said in words, and nothing of what is hidden in the drawing."""

import pandas as pd
import pytest
from lxml import etree

from analysis.measures.questionnaires.answering_patterns import answering_patterns
from analysis.measures.questionnaires.band_changes import band_changes
from analysis.measures.questionnaires.change_spread import change_spread
from analysis.measures.questionnaires.outcomes import outcome_scores
from analysis.measures.questionnaires.standardised_changes import standardised_changes
from analysis.present import alluvial, answered, forest, means_on_scales, scores_compared, spread_of_change
from analysis.protect.gate import unbound_in_figure
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release
from analysis.reference.instruments import instrument

SVG = "{http://www.w3.org/2000/svg}"
PHQ9 = instrument("phq9")


def scores(pairs):
    return pd.DataFrame([(f"P{n}", "phq9", timepoint, score) for n, pair in enumerate(pairs)
                         for timepoint, score in zip(("baseline", "follow_up"), pair, strict=True)],
                        columns=["patient_id", "instrument", "timepoint", "score"]).astype({"score": "Float64"})


MEASURES = {
    means_on_scales: lambda told, people: outcome_scores(told, people, [PHQ9]),
    forest: lambda told, people: standardised_changes(told, people, [PHQ9]),
    spread_of_change: lambda told, people: change_spread(told, people, [PHQ9]),
    alluvial: lambda told, people: band_changes(told, people, [PHQ9]),
    answered: lambda told, people: answering_patterns(told, people, [PHQ9], labels={"baseline": "Baseline",
                                                                                    "follow_up": "Follow-up"}),
}
# 20 moderate and later mild by 4 to 6 points, 10 the same, 3 worse: under OpenSAFELY the three are hidden.
PAIRS = [(12, 8)] * 10 + [(12, 6)] * 10 + [(12, 12)] * 10 + [(12, 21)] * 3


def made(figure, rules="none", pairs=PAIRS):
    people = pd.DataFrame({"patient_id": [f"P{n}" for n in range(len(pairs))]})
    released = release(MEASURES[figure](scores(pairs), people), Profiles({"enrolled": profile(rules)}))
    return figure(released), released


@pytest.mark.parametrize("figure", MEASURES)
@pytest.mark.parametrize("rules", ["none", "opensafely", "nhs-england"])
def test_every_number_is_bound_to_its_cell_and_the_description_says_no_other(figure, rules):
    drawn, released = made(figure, rules)
    assert unbound_in_figure(drawn.content, {i: {"text": cell.text} for i, cell in released.cells.items()}) == []
    ids = [element.get("id") for element in etree.fromstring(drawn.content.encode()).iter() if element.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("figure", MEASURES)
def test_where_everything_is_hidden_a_sentence_stands_in_its_place(figure):
    drawn, _ = made(figure, "opensafely", PAIRS[-3:])
    assert "svg" not in drawn.content and repr(drawn).endswith("so there is nothing to draw.")


@pytest.mark.parametrize("figure", [alluvial, answered])  # means and quartiles rest on everybody
def test_a_count_that_is_hidden_leaves_the_drawing_as_it_is_whatever_it_was(figure):
    """Three or five who were worse, of so many that the others' rounded numbers are the same."""
    first, second = (made(figure, "opensafely", [*PAIRS[:30], *[(12, 21)] * n])[0].content for n in (3, 5))
    assert first == second


@pytest.mark.parametrize(("figure", "said"), [
    (means_on_scales, "Two means on each scale. Questionnaire scores at baseline and follow-up, same people. PHQ-9, "
               "depressive symptoms (0 to 27, higher is worse): 12.0 at baseline, 9.8 at follow-up."),
    (answered, "Patterns of answering, with people. Who had a score when. Baseline: all; Follow-up: all: 33.")])
def test_the_description_says_the_same_numbers(figure, said):
    assert repr(made(figure)[0]) == said


def test_bins_beyond_the_threshold_are_in_full_colour_and_a_hidden_one_says_so():
    drawn, _ = made(spread_of_change, "opensafely")
    assert "better by 6 to under 9 10" in repr(drawn) and "worse by 9 to under 12 hidden" in repr(drawn)
    assert "[REDACTED]" in drawn.content


def test_a_stream_is_as_wide_as_its_released_count():
    drawn, _ = made(alluvial)
    assert "from moderate to mild 20, from moderate to moderate 10, from moderate to severe 3" in repr(drawn)


def test_a_point_of_the_forest_is_to_the_right_where_the_score_was_better_and_has_its_threshold():
    drawn, released = made(forest)
    response, threshold = released.named("phq9_response"), released.named("phq9_threshold")
    assert response.value > 0
    assert repr(drawn).endswith(f"PHQ-9: {response.text}, from {released.named('phq9_response_low').text} to "
                                f"{released.named('phq9_response_high').text}, threshold {threshold.text}.")


def test_everybody_who_changed_by_the_same_has_a_point_without_an_interval():
    drawn, _ = made(forest, pairs=[(12, 8)] * 10)
    assert "not known, from not known to not known" in repr(drawn)
    assert "nan" not in drawn.content


def test_the_time_points_are_called_as_the_definition_calls_them():
    people, labels = pd.DataFrame({"patient_id": ["P0", "P1"]}), ("Start", "12 weeks")
    told, rules = scores([(12, 8), (14, 10)]), Profiles({"enrolled": profile("none")})
    means = means_on_scales(release(outcome_scores(told, people, [PHQ9], labels=labels), rules))
    bands = alluvial(release(band_changes(told, people, [PHQ9], labels=labels), rules))
    assert "open: start; filled: 12 weeks" in means.content and "13.0 at start, 9.0 at 12 weeks" in repr(means)
    assert "moderate 2 at start and 1 at 12 weeks" in repr(bands)
    assert unbound_in_figure(bands.content, {i: {"text": cell.text} for i, cell in release(
        band_changes(told, people, [PHQ9], labels=labels), rules).cells.items()}) == []


def test_the_scores_in_words_a_sentence_a_questionnaire():
    people = pd.DataFrame({"patient_id": ["P0", "P1", "P2"]})
    summary = outcome_scores(scores([(12, 8), (14, 10), (16, 9)]), people, [PHQ9])
    open_ones = release(summary, Profiles({"enrolled": profile("none")}))
    assert repr(scores_compared(open_ones)) == (
        "On the PHQ-9 (higher is worse) the mean of 3 people was 14.0 at baseline and 9.0 at follow-up: "
        "a change of -5.0 (confidence interval -9.3 to -0.7).")
    hidden = release(summary, Profiles({"enrolled": profile("opensafely")}))
    assert repr(scores_compared(hidden)) == "On the PHQ-9: [REDACTED]."
