"""Words in a text: whether a passage cuts one."""

from analysis.interviews.words import cuts_a_word, on_words


def test_a_passage_is_on_words_when_it_cuts_none_and_has_no_blank_at_its_ends():
    assert on_words("we talked, twice", 3, 10)
    assert not on_words("we talked, twice", 4, 10)
    assert not on_words("we talked, twice", 2, 9)
    assert not on_words("we talked, twice", 3, 30)


def test_a_blank_at_an_end_cuts_no_word():
    assert not cuts_a_word("we talked, twice", 2, 11) and cuts_a_word("we talked, twice", 1, 11)
