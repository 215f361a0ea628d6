"""Words in a text: whether a passage cuts one."""

from analysis.interviews.words import cuts_a_word, on_words


def test_a_passage_is_on_words_when_it_cuts_none_and_has_no_blank_at_its_ends():
    assert on_words("we talked, twice", 3, 10)
    assert not on_words("we talked, twice", 4, 10)
    assert not on_words("we talked, twice", 2, 9)
    assert not on_words("we talked, twice", 3, 30)


def test_a_blank_at_an_end_cuts_no_word():
    assert not cuts_a_word("we talked, twice", 2, 11) and cuts_a_word("we talked, twice", 1, 11)


def test_whole_lines_with_the_end_of_the_last_are_on_words():
    text = "How?\nSlowly.\nWell."
    assert on_words(text, 5, 13) and on_words(text, 0, 5) and on_words(text, 5, 12)
    assert not on_words(text, 6, 13) and not on_words(text, 5, 14) and not on_words(text, 7, 13)
