"""Sentences: their numbers come from cells and are never typed."""

import pytest
from small_measure import released

from analysis.errors import Leak, Mistake
from analysis.measures.summary import About, Cells
from analysis.present import sentence
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release


def test_names_are_filled_with_the_released_numbers():
    shown = released()
    made = sentence("Of {enrolled} people, {alpha} ({alpha_share}) were in A & B.", shown)
    assert repr(made) == "Of 45 people, 10 (22.2%) were in A & B."
    assert made.content == (
        f'<p class="sentence">Of <span data-cell="{shown.names["enrolled"]}">45</span> people, '
        f'<span data-cell="{shown.names["alpha"]}">10</span> '
        f'(<span data-cell="{shown.names["alpha_share"]}">22.2%</span>) were in A &amp; B.</p>')
    assert made.cells == tuple(shown.names[name] for name in ("enrolled", "alpha", "alpha_share"))


def test_a_hidden_number_is_said_to_be_hidden():
    assert repr(sentence("{beta} were in Beta.", released())) == "[REDACTED] were in Beta."


def test_a_sentence_whose_numbers_are_all_hidden_keeps_its_words_and_every_number_its_place():
    shown = released()
    made = sentence("{beta} were in Beta ({beta_share}).", shown)
    assert repr(made) == "[REDACTED] were in Beta ([REDACTED])."
    assert made.cells == (shown.names["beta"], shown.names["beta_share"])


@pytest.mark.parametrize(("words", "number"), [
    ("Of 45 people, {alpha} came.", "45"),
    ("Half (50%) came.", "50%"),
    ("1,234 contacts.", "1,234"),
    ("A fall of 2.5, which is much.", "2.5,"),
    ("It changed by -3 points.", "3"),
    ("Between 12-14 people came.", "12"),
    ("Since 2017-01-02.", "2017")])
def test_a_typed_number_is_refused(words, number):
    with pytest.raises(Leak) as leak:
        sentence(words, released())
    assert str(leak.value) == (f"a number is typed into a sentence: '{number}' in '{words}'\n"
                               "  -> name the cell it comes from in braces: {enrolled}")


@pytest.mark.parametrize("name", ["PHQ-9", "GAD-7", "EQ-5D-5L", "SF-36", "COVID-19", "the 26-week review"])
def test_a_name_that_holds_a_figure_is_no_number(name):
    assert repr(sentence(f"{name}: {{alpha}} people.", released())) == f"{name}: 10 people."


def test_the_first_summary_that_has_the_name_gives_the_number():
    cells = Cells("flow")
    cells.people("enrolled", 99, "enrolled")
    cells.people("invited", 120, "invited")
    flow = release(cells.summary("", About("", "")), Profiles(dict.fromkeys(["enrolled", "invited"], profile("none"))))
    assert repr(sentence("{enrolled} of {invited}", released("none"), flow)) == "43 of 120"
    assert repr(sentence("{enrolled} of {invited}", flow, released("none"))) == "99 of 120"


def test_a_name_that_none_has_is_a_mistake_with_the_nearest():
    with pytest.raises(Mistake) as mistake:
        sentence("{alfa} came.", released())
    assert str(mistake.value).startswith("'groups' has no number called 'alfa'\n  -> did you mean 'alpha'? it has: ")
