"""From band to band: everybody enrolled is in one row, those without a score too."""

from hypothesis import given
from hypothesis import strategies as st
from measured import lines
from paired_scores import enrolled, scores, value

from analysis.measures.questionnaires.band_changes import band_changes
from analysis.reference.instruments import instrument

PEG, PHQ9, SWEMWBS = instrument("peg"), instrument("phq9"), instrument("swemwbs")


def test_people_are_counted_by_their_band_at_both_time_points():
    summary = band_changes(scores(PEG, (8, 5), (7, 7), (5, None), (None, 2)), enrolled(5), [PEG])
    told = {(label, n) for _, label, n, *_ in lines(summary) if n != "0"}
    assert told == {("Severe", "2"), ("then moderate", "1"), ("then severe", "1"), ("Moderate", "1"),
                    ("then no score", "1"), ("No score", "2"), ("then mild", "1"), ("Everybody", "5"),
                    ("at follow-up mild", "1"), ("at follow-up moderate", "1"), ("at follow-up severe", "1"),
                    ("at follow-up no score", "2")}


def test_a_score_at_a_cut_point_is_in_the_band_that_begins_there():
    summary = band_changes(scores(PEG, (7, 4), (20 / 3, 11 / 3)), enrolled(2), [PEG])
    assert (value(summary, "peg_3_2"), value(summary, "peg_2_1")) == (1, 1)


def test_an_instrument_without_bands_is_left_out_and_named():
    notes = band_changes(scores(SWEMWBS), enrolled(0), [SWEMWBS]).notes
    assert "SWEMWBS is left out: its file gives no bands." in notes


def test_the_rows_do_not_depend_on_the_answers():
    some = band_changes(scores(PHQ9, (10, 8), (27, 0)), enrolled(4), [PHQ9])
    none = band_changes(scores(PHQ9), enrolled(0), [PHQ9])
    assert [line.label for line in some.lines] == [line.label for line in none.lines]


scale = st.one_of(st.none(), st.integers(0, 27))


@given(st.lists(st.tuples(scale, scale), max_size=12))
def test_the_bands_of_either_side_add_up_to_everybody_enrolled(pairs):
    summary = band_changes(scores(PHQ9, *pairs), enrolled(len(pairs)), [PHQ9])
    for side in ("phq9_", "phq9_to_"):
        assert sum(value(summary, f"{side}{place}") for place in range(6)) == len(pairs)
