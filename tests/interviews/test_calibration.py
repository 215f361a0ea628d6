"""Positions and the words that were stored with them: which unit they count in is seen, not assumed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.interviews.calibration import READINGS, Measured, Reading, calibrated

EMOJI = "I said \N{GRINNING FACE} to her and she was naïve about it."


def stored(text: str, words: str, reading: Reading) -> tuple[Measured, int, int, str]:
    """The words as a tool of that habit would store their place."""
    at = text.index(words)
    width = {"code points": len, "UTF-16 units": lambda t: len(t.encode("utf-16-le")) // 2,
             "UTF-8 bytes": lambda t: len(t.encode())}[reading.unit]
    start, end = width(text[:at]), width(text[:at + len(words)])
    return Measured(text), start + reading.first, end + reading.first - int(reading.inclusive), words


@pytest.mark.parametrize("reading", READINGS, ids=str)
def test_each_reading_is_found_by_the_words(reading):
    passages = [stored(EMOJI, words, reading) for words in ("said", "to her", "naïve", "about it")]
    found = calibrated(passages)
    assert (found.reading, found.right, found.believed) == (reading, 4, True)
    assert [EMOJI[slice(*text.place(start, end, reading))] for text, start, end, _ in passages] == [
        "said", "to her", "naïve", "about it"]


def test_without_words_the_tool_s_own_reading_stands():
    assert calibrated([(Measured(EMOJI), 3, 9, "")]).reading == READINGS[0]


def test_positions_that_no_reading_explains_are_not_believed():
    text = Measured("one two three four five six")
    found = calibrated([(text, 0, 3, "four"), (text, 4, 7, "five"), (text, 8, 13, "three")])
    assert not found.believed
    assert str(found) == ("1 of 3 passages stand where their positions say, read as code points from 0, the end after "
                          "the last character")


def test_a_position_that_cuts_a_character_in_two_is_no_place():
    assert Measured("ab\N{GRINNING FACE}").place(0, 3, Reading("UTF-16 units")) is None
    assert Measured("ab\N{GRINNING FACE}").place(0, 4, Reading("UTF-16 units")) == (0, 3)
    assert Measured("ab").place(-1, 1, READINGS[0]) is None
    assert Measured("ab").place(0, 3, READINGS[0]) is None


def test_words_are_found_where_they_stand_once():
    assert Measured("a b a c").find("b") == (2, 3)
    assert Measured("a b a c").find("a") is None
    assert Measured("a b a c").find(" ") is None


texts = st.text(st.sampled_from("ab cé\N{GRINNING FACE}\n"), min_size=1, max_size=40)


@given(texts, st.data(), st.sampled_from(READINGS))
def test_every_place_in_every_text_comes_back_under_its_own_reading(text, data, reading):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    edges = Measured(text)._edges[reading.unit]
    told = edges[start] + reading.first, edges[end] + reading.first - int(reading.inclusive)
    assert Measured(text).place(*told, reading) == (start, end)
