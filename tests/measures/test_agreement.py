"""Agreement between coders: what is compared with what, over which interviews, and what it comes to."""

import pandas as pd
import pytest
from coded_material import CODES, INTERVIEWS, codings

from analysis.errors import Mistake
from analysis.measures.interviews.agreement import agreement
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release

TEXTS = INTERVIEWS.assign(characters=1000)


def found(*rows, interviews=TEXTS):
    return agreement(CODES, codings(*rows), interviews)


def value(summary, name):
    cell = summary.cells[summary.names[name]]
    return None if cell.value is None else round(cell.value, 4)


NVIVO = (("I01", "fear", "A", 0, 125), ("I01", "fear", "B", 75, 200))  # 50 characters both, 75 and 75 one of them


def test_characters_are_judged_by_both_coders_as_nvivo_does():
    here = found(*NVIVO)
    assert value(here, "fear_percent") == 85.0
    assert value(here, "fear_kappa") == 0.3143


def test_a_theme_is_marked_where_any_of_its_codes_is():
    here = found(("I01", "fear", "A", 0, 100), ("I01", "own-pace", "B", 0, 100))
    assert value(here, "medicines_kappa") == 1.0
    assert value(here, "fear_kappa") == 0.0


def test_an_interview_that_one_person_coded_is_no_evidence():
    alone = ("I02", "fear", "A", 0, 900)
    assert found(*NVIVO, alone).cells == found(*NVIVO).cells
    assert value(found(*NVIVO, alone), "double_coded") == 1


def test_overlapping_stretches_of_one_coder_count_once():
    twice = (("I01", "fear", "A", 0, 80), ("I01", "fear", "A", 60, 125), NVIVO[1])
    assert value(found(*twice), "fear_kappa") == 0.3143


def test_a_passage_is_met_where_every_coder_marked_some_of_it():
    here = found(*NVIVO, ("I01", "fear", "A", 500, 520), ("I01", "fear", "B", 700, 720))
    assert (value(here, "fear_met"), value(here, "fear_marked")) == (1, 3)


def test_by_interview_a_code_is_given_or_not():
    here = found(("I01", "fear", "A", 0, 10), ("I01", "fear", "B", 900, 910), ("I02", "fear", "A", 0, 10),
                 ("I02", "own-pace", "B", 0, 10), ("I03", "delivery", "A", 0, 10), ("I03", "delivery", "B", 0, 10))
    assert value(here, "fear_interviews_percent") == pytest.approx(66.6667)
    assert value(here, "fear_interviews_kappa") == 0.4


def test_a_code_that_nobody_gave_has_no_coefficient_and_says_why():
    here = found(*NVIVO)
    cell = here.cells[here.names["own_pace_kappa"]]
    assert (cell.value, cell.absent) == (None, "no difference to agree on")


def test_three_coders_are_pooled_over_their_pairs():
    here = found(*NVIVO, ("I01", "fear", "C", 0, 125))
    # pairs A-B 50/75/75/800, A-C 125/0/0/875, B-C 50/75/75/800
    assert value(here, "fear_percent") == pytest.approx(100 * (850 + 1000 + 850) / 3000)


def test_intervals_want_five_interviews_and_hold_the_estimate():
    many = pd.DataFrame([(f"I{n}", f"P{n}", "service user", 1000) for n in range(8)],
                        columns=["interview_id", "participant_id", "group", "characters"])
    rows = [(f"I{n}", "fear", coder, 10 * n * shift, 10 * n * shift + 200) for n in range(8)
            for coder, shift in (("A", 1), ("B", 2))]
    here = found(*rows, interviews=many)
    assert value(here, "fear_kappa_low") < value(here, "fear_kappa") < value(here, "fear_kappa_high")
    assert value(found(*rows[:8], interviews=many), "fear_kappa_low") is None


def test_without_a_second_coder_the_table_says_so_and_holds_no_coefficient():
    here = found(("I01", "fear", "A", 0, 10))
    assert [line.label for line in here.lines] == ["Interviews coded by two or more"]
    assert value(here, "double_coded") == 0 and value(here, "unitised_alpha") is None


def test_without_the_text_its_characters_cannot_be_counted():
    with pytest.raises(Mistake, match="the text of 1 double-coded interviews is not in the project"):
        found(*NVIVO, interviews=TEXTS.assign(characters=pd.array([None] * 4, dtype="Int64")))


def test_passages_of_few_people_are_as_small_a_number_as_the_people():
    """Two passages of one person tell that this person spoke of it."""
    both = [(f"I{n:02}", "fear", coder, 0, 100) for n in range(1, 3) for coder in "AB"]
    here = found(*both, ("I01", "own-pace", "A", 200, 300), ("I01", "own-pace", "B", 400, 500))
    assert {name: here.cells[here.names[name]].n for name in ("double_coded", "fear_marked", "own_pace_marked")} == {
        "double_coded": 2, "fear_marked": 2, "own_pace_marked": 1}
    hidden = release(here, Profiles({"interviewed": profile("opensafely")}))
    assert {hidden.named(name).status for name in ("own_pace_marked", "own_pace_kappa", "unitised_alpha")} == {"hidden"}
