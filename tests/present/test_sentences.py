"""Sentences: their numbers come from cells and are never typed."""

import pytest
from small_measure import released

from analysis.errors import Leak, Mistake
from analysis.measures.cells import Cells
from analysis.measures.summary import About
from analysis.present import middle, of_whom, sentence, themes_mentioned
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


# ------------------------------------------------------------------------------------------------ that agree

def counted(rules: str = "none", **people: int):
    """People in all, and parts of them with their shares."""
    cells = Cells("parts")
    whole = cells.people("enrolled", people.pop("whole"), "whole")
    for name, n in people.items():
        cells.share(cells.count(n, population="enrolled", part=name, name=name), whole, name=f"{name}_share")
    return release(cells.summary("", About("", "")), Profiles({"enrolled": profile(rules)}))


SAID = {"came": "came", "seen": "was|were seen twice"}


@pytest.mark.parametrize(("people", "words"), [
    ({"whole": 59, "came": 34, "seen": 2}, "Of 59 people invited, 34 (57.6%) came and 2 (3.4%) were seen twice."),
    ({"whole": 59, "came": 34, "seen": 1}, "Of 59 people invited, 34 (57.6%) came and 1 (1.7%) was seen twice."),
    ({"whole": 1, "came": 1, "seen": 0}, "Of 1 person invited, 1 (100.0%) came and 0 (0.0%) were seen twice."),
    ({"whole": 0, "came": 0, "seen": 0}, "Nobody was invited.")])
def test_of_whom_keeps_its_grammar_with_one_with_none_and_with_nobody(people, words):
    assert repr(of_whom(counted(**people), "whole", "invited", **SAID)) == words


@pytest.mark.parametrize(("people", "words"), [
    ({"whole": 59, "came": 34, "seen": 1}, "Of 60 people invited, 35 (58.3%) came and [REDACTED] were seen twice."),
    ({"whole": 1, "came": 1, "seen": 0},
     "Of [REDACTED] people invited, [REDACTED] came and [REDACTED] were seen twice.")])
def test_of_whom_reads_a_hidden_number_as_several_and_leaves_out_its_share(people, words):
    """Words that agreed with the true number would tell that it is one."""
    assert repr(of_whom(counted("opensafely", **people), "whole", "invited", **SAID)) == words


def test_of_whom_binds_every_number_to_its_cell():
    shown = counted(whole=59, came=34, seen=2)
    assert of_whom(shown, "whole", "invited", **SAID).cells == tuple(
        shown.names[name] for name in ("whole", "came", "came_share", "seen", "seen_share"))


def test_of_whom_with_three_parts_lists_them():
    shown = counted(whole=10, a=5, b=3, c=2)
    assert repr(of_whom(shown, "whole", "asked", a="said yes", b="said no", c="said nothing")) == (
        "Of 10 people asked, 5 (50.0%) said yes, 3 (30.0%) said no and 2 (20.0%) said nothing.")


def medians(values: tuple[float | None, ...], rules: str = "none", n: int = 20):
    cells = Cells("ages")
    for part, value in zip(("median", "q1", "q3"), values, strict=True):
        cells.value(value, part, population="enrolled", n=n, digits=0, name=f"age_{part}")
    return release(cells.summary("", About("", "")), Profiles({"enrolled": profile(rules)}))


@pytest.mark.parametrize(("shown", "words"), [
    (medians((56, 51, 61)), "The median age was 56 years (quartiles 51 to 61)."),
    (medians((1, 0, 2)), "The median age was 1 year (quartiles 0 to 2)."),
    (medians((None, None, None), n=0), "There is no median age: nothing is recorded."),
    (medians((56, 51, 61), "opensafely", n=3), "The median age was [REDACTED].")])
def test_middle_keeps_its_grammar_with_one_without_any_and_when_hidden(shown, words):
    assert repr(middle(shown, "age", "age", "year|years")) == words


def test_words_in_a_sentence_agree_with_the_released_number():
    words = "{came} {came:person|people} came, {seen} {seen:was|were} seen."
    assert repr(sentence(words, counted(whole=9, came=1, seen=2))) == "1 person came, 2 were seen."
    assert repr(sentence(words, counted("opensafely", whole=9, came=1, seen=2))) == (
        "[REDACTED] people came, [REDACTED] were seen.")


@pytest.mark.parametrize(("numbers", "rules", "words"), [
    ((25, 25, 18), "none", "Of 25 interviews, 25 mention 'A 12-week wait' and 18 'Getting <in>'."),
    ((12, 1, 12), "none", "Of 12 interviews, 1 mentions 'A 12-week wait' and 12 'Getting <in>'."),
    ((1, 1, 0), "none", "Of 1 interview, 1 mentions 'A 12-week wait' and 0 'Getting <in>'."),
    ((9, None, None), "none", "Of 9 interviews, none mentions a theme."),
    ((25, 25, 3), "opensafely", "Of 25 interviews, 25 mention 'A 12-week wait' and [REDACTED] 'Getting <in>'."),
    ((5, 4, 3), "opensafely", "How many interviews mention 'A 12-week wait' and 'Getting <in>': [REDACTED].")])
def test_themes_are_named_with_the_interviews_that_mention_them(numbers, rules, words):
    cells = Cells("themes")
    for label, number in zip(("Interviews", "A 12-week wait", "Getting <in>"), numbers, strict=True):
        if number is not None:
            cell = cells.count(number, label, population="interviewed")
            cells.row(label, {"All": ("{interviews}", {"interviews": cell})})
    shown = release(cells.summary("Themes", About("", "")), Profiles({"interviewed": profile(rules)}))
    made = themes_mentioned(shown)
    assert repr(made) == words
    assert "<in>" not in made.content
    assert len(made.cells) == sum(number is not None for number in numbers)
