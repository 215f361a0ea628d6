"""Positions and the words that were stored with them: which unit they count in is seen, not assumed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.interviews.calibration import MARK, ONE, READINGS, TWO, Measured, Reading, calibrated

EMOJI = "I said \N{GRINNING FACE} to her\nand she was naïve about it."
WIDTHS = {"code points": len, "UTF-16 units": lambda t: len(t.encode("utf-16-le")) // 2,
          "UTF-8 bytes": lambda t: len(t.encode())}


def stored(text: str, words: str, reading: Reading) -> tuple[Measured, int, int, str]:
    """The words as a tool of that habit would store their place, in a file with CRLF where it counts those as one."""
    mark, lines = MARK if reading.mark else "", text.replace("\n", "\r\n") if reading.line_ends == ONE else text
    measured = Measured(mark + lines)
    at = text.index(words)

    def width(part: str) -> int:
        return WIDTHS[reading.unit]((MARK if reading.mark else "")
                                    + (part.replace("\n", "\r\n") if reading.line_ends == TWO else part))

    start, end = width(text[:at]), width(text[:at + len(words)])
    return measured, start + reading.first, end + reading.first - int(reading.inclusive), words


@pytest.mark.parametrize("reading", READINGS, ids=str)
def test_each_reading_is_found_by_the_words(reading):
    passages = [stored(EMOJI, words, reading) for words in ("said", "to her", "naïve", "about it")]
    found = calibrated(passages)
    assert (found.right, found.believed) == (4, True) and (found.reading == reading or reading.mark)
    assert [EMOJI[slice(*text.place(start, end, found.reading))] for text, start, end, _ in passages] == [
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


def test_words_that_a_program_cut_short_need_only_begin_there():
    text = Measured("She listened to all of it, and then she asked what I wanted.")
    assert text.holds(4, 26, "listened to all…", READINGS[0])
    assert not text.holds(4, 26, "to all of it, an…", READINGS[0])


@pytest.mark.parametrize(("name", "taken"), [
    ("listened to all", "listened to all"), ("listened to  all", "listened to  all"),
    ("listened to a…", "listened to a…"), ("Quotation 6:1", ""), ("4,19", ""), ("", ""), ("asked", ""),
    ("nobody listened", "")])
def test_the_name_of_a_passage_speaks_only_where_it_can_be_its_words(name, taken):
    """ATLAS.ti names a passage after its words, MAXQDA writes positions, and people rename what they like."""
    assert Measured("She listened to all of it, and then she asked.").snippet(name, 4, 19) == taken


# -------------------------------------------------------------------------------------------- by the edges of words

CRLF = Measured("Good morning.\r\nHello there.\r\nThank you.")
LF = Measured("Good morning.\nHello there.\nThank you.")


def by_edges(*passages):
    return calibrated([(text, start, end, "") for text, start, end in passages]).reading


def test_a_position_in_a_text_with_crlf_moves_to_the_text_with_lf():
    assert CRLF.text[slice(*CRLF.place(15, 26))] == "Hello there"


def test_a_tool_that_counts_crlf_as_one_is_found_out():
    assert by_edges((CRLF, 14, 25), (CRLF, 27, 36)).line_ends == ONE


def test_a_tool_that_counts_line_ends_as_two_in_a_text_with_lf_is_found_out():
    assert by_edges((LF, 15, 26), (LF, 29, 38)).line_ends == TWO


def test_positions_that_fit_the_file_are_believed():
    assert by_edges((CRLF, 15, 26), (CRLF, 29, 38)) == by_edges((LF, 14, 25), (LF, 27, 36)) == by_edges() == READINGS[0]


@pytest.mark.parametrize("reading", [Reading("UTF-16 units"), Reading(inclusive=True),
                                     Reading(inclusive=True, first=1)], ids=str)
def test_another_unit_or_end_needs_several_passages_to_speak_for_it(reading):
    passages = [stored(EMOJI, words, reading)[:3] for words in ("to her", "naïve", "about it")]
    assert by_edges(*passages) == reading and by_edges(*passages[:1]) == READINGS[0]


def test_passages_that_cut_words_under_every_reading_are_not_believed():
    text = Measured("Somebody listened carefully yesterday. " * 30)
    inside = [(text, 39 * n + 3, 39 * n + 12, "") for n in range(30)]
    assert not calibrated(inside).believed and calibrated(inside[:10]).believed  # ten may be somebody's choice
    assert str(calibrated(inside)).startswith("0 of 30 passages begin and end between words")


def test_in_a_script_without_blanks_no_passage_cuts_a_word():
    text = Measured("私はとても怖かったです。" * 30)
    assert calibrated([(text, 12 * n + 3, 12 * n + 5, "") for n in range(30)]).right == 30


# ------------------------------------------------------------------------------------------------ laws

texts = st.text(st.sampled_from("ab cé\N{GRINNING FACE}\n"), min_size=1, max_size=40)


@given(texts, st.data(), st.sampled_from(READINGS))
def test_every_place_in_every_text_comes_back_under_its_own_reading(text, data, reading):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    measured, *_ = stored(text, text, reading)

    def width(part: str) -> int:
        return WIDTHS[reading.unit]((MARK if reading.mark else "")
                                    + (part.replace("\n", "\r\n") if reading.line_ends == TWO else part))

    told = width(text[:start]) + reading.first, width(text[:end]) + reading.first - int(reading.inclusive)
    assert measured.text == text and measured.place(*told, reading) == (start, end)


@given(st.lists(st.text(alphabet="ab é\N{GRINNING FACE}", max_size=8), min_size=1, max_size=6), st.data())
def test_moving_to_lf_keeps_the_words(lines, data):
    written = "\r\n".join(lines)
    text = Measured(written)
    start = data.draw(st.integers(0, len(written)))
    end = data.draw(st.integers(start, len(written)))
    if "\r" not in (written[start - 1:start], written[end - 1:end]):  # not between the two halves of a line end
        assert text.text[slice(*text.place(start, end))] == written[start:end].replace("\r\n", "\n")


def test_a_line_end_written_once_too_often_is_one_line_end():
    """QualCoder on Windows writes CRLF for MAXQDA as CR CR LF; its positions count one (refi.py, export_project)."""
    words = "And she was naïve"
    text = "I said to her\n" * 30 + words + " about it."
    measured = Measured(MARK + text.replace("\n", "\r\r\n"))
    at = text.index(words)
    found = calibrated([(measured, at, at + len(words), words)])
    assert measured.text == text and found.right == 1 and found.reading.line_ends == ONE
    assert measured.place(at, at + len(words), found.reading) == (at, at + len(words))


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_lines_coded_whole_with_their_ends_stand_at_lines(line_end):
    """As qc 1.7.8 codes: by line, the end counted as one whatever its file has (refi_qda/writer.py, line_positions)."""
    lines = ["Why?\n", "I was \N{GRINNING FACE} afraid.\n", "It got better.\n", "\n", "Then naïve.\n", "Well.\n"]
    text = Measured("".join(lines).replace("\n", line_end))
    chosen = [(sum(map(len, lines[:n])), sum(map(len, lines[:n + 1]))) for n in (1, 2, 4, 5)]
    found = calibrated([(text, start, end, "") for start, end in chosen])
    assert [text.text[slice(*text.place(start, end, found.reading))] for start, end in chosen] == [
        lines[n] for n in (1, 2, 4, 5)]
