"""Stored positions and line ends: what a tool counted is found out from where words begin."""

from hypothesis import given
from hypothesis import strategies as st

from analysis.interviews.offsets import AS_STORED, ONE, TWO, Text, line_ends, on_words

CRLF = Text("Good morning.\r\nHello there.\r\nThank you.")
LF = Text("Good morning.\nHello there.\nThank you.")


def test_a_position_in_a_text_with_crlf_moves_to_the_text_with_lf():
    assert CRLF.text[CRLF.place(15):CRLF.place(26)] == "Hello there"


def test_a_tool_that_counts_crlf_as_one_is_found_out():
    assert line_ends([(CRLF, 14, 25), (CRLF, 27, 36)]) == ONE


def test_a_tool_that_counts_line_ends_as_two_in_a_text_with_lf_is_found_out():
    assert line_ends([(LF, 15, 26), (LF, 29, 38)]) == TWO


def test_positions_that_fit_the_file_are_believed():
    assert line_ends([(CRLF, 15, 26), (CRLF, 29, 38)]) == AS_STORED
    assert line_ends([(LF, 14, 25), (LF, 27, 36)]) == AS_STORED
    assert line_ends([]) == AS_STORED


def test_a_passage_is_on_words_when_it_cuts_none_and_has_no_blank_at_its_ends():
    assert on_words("we talked, twice", 3, 10)
    assert not on_words("we talked, twice", 4, 10)
    assert not on_words("we talked, twice", 2, 9)
    assert not on_words("we talked, twice", 3, 30)


@given(st.lists(st.text(alphabet="ab é🙂", max_size=8), min_size=1, max_size=6), st.data())
def test_moving_to_lf_keeps_the_words(lines, data):
    stored = "\r\n".join(lines)
    text = Text(stored)
    start = data.draw(st.integers(0, len(stored)))
    end = data.draw(st.integers(start, len(stored)))
    if "\r" not in (stored[start - 1:start], stored[end - 1:end]):  # not between the two halves of a line end
        assert text.text[text.place(start):text.place(end)] == stored[start:end].replace("\r\n", "\n")
