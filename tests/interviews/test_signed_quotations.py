"""Words as a researcher wants them shown are found in the transcript, and what was put into brackets is told."""

import pytest

from analysis.interviews.quotations import Redaction, Signed, read_signed
from analysis.interviews.quoting import place

SAID = "Interviewer: And then?\n\nParticipant: I saw Dr Smith on Monday, and he said, go home. So I went home again."
PASSAGE = (SAID.index("I saw"), len(SAID))


def found(words: str, where=PASSAGE) -> tuple[str, tuple] | None:
    """The stretch that the words stand for, and each redaction as (what stood there, what stands there)."""
    at = place(SAID, words, *where)
    return at and (SAID[at[0]:at[1]], tuple((SAID[r.start:r.end], r.becomes) for r in at[2]))


@pytest.mark.parametrize(("words", "stretch", "redactions"), [
    ("he said, go home.", "he said, go home.", ()),
    ("I saw Dr Smith\n on  Monday", "I saw Dr Smith on Monday", ()),                       # white space is no matter
    ("I saw [the GP] on Monday", "I saw Dr Smith on Monday", ((" Dr Smith ", " [the GP] "),)),
    ("I saw Dr Smith […] So I went", "I saw Dr Smith on Monday, and he said, go home. So I went",
     ((" on Monday, and he said, go home. ", " […] "),)),
    ("and he [the doctor] said", "and he said", ((" ", " [the doctor] "),)),               # put in, nothing taken away
    ("[They] saw Dr Smith", "I saw Dr Smith", (("I ", "[They] "),))])
def test_words_are_found_and_what_is_bracketed_is_told(words, stretch, redactions):
    assert found(words) == (stretch, redactions)


@pytest.mark.parametrize("words", ["he told me, go home", "I saw Dr Jones", "home", "[…]", "[GP]"])
def test_words_that_are_not_there_to_the_letter_or_at_several_places_are_not_found(words):
    assert found(words) is None


def test_without_a_passage_words_are_looked_for_everywhere_but_not_from_a_bracket_on():
    assert found("I saw [the GP] on", (None, None))[0] == "I saw Dr Smith on"
    assert found("[They] saw Dr Smith", (None, None)) is None


def test_brackets_that_the_transcript_has_itself_are_no_redaction():
    assert place("I told [name] so.", "I told [name] so.", 0, 17) == (0, 17, ())


def test_a_sign_off_shows_the_transcript_s_own_words_with_its_redactions():
    start, end, redactions = place(SAID, "I saw [the GP] on Monday, […] go home.", *PASSAGE)
    signed = Signed("I1", "x", start, end, "", "R1", None, "no", redactions)
    assert signed.words(SAID) == "I saw [the GP] on Monday, […] go home."


# ------------------------------------------------------------------------------------------------ the file

ENTRY = """[[quote]]
interview = "I1"
code = "x"
start = 10
end = 30
redactions = [{ start = 12, end = 15, becomes = "[GP]" }]
text_sha256 = "abc"
recognisable = "no"
signed_by = "R1"
signed_on = 2018-07-02
"""


def read(tmp_path, text: str):
    (tmp_path / "quotes.toml").write_text(text, "utf-8")
    return read_signed(tmp_path / "quotes.toml")


def test_a_file_of_sign_offs_is_read_with_its_lines(tmp_path):
    one, other = read(tmp_path, ENTRY + "\n" + ENTRY)
    assert (one.redactions, one.where) == ((Redaction(12, 15, "[GP]"),), "quotes.toml, line 1")
    assert other.where == "quotes.toml, line 12"


def test_without_a_file_nothing_is_signed(tmp_path):
    assert read_signed(tmp_path / "quotes.toml") == ()


@pytest.mark.parametrize(("old", "new", "says"), [
    ("end = 30", "end = 10", "the quotation goes from 10 to 10"),
    ('"no"', '"perhaps"', "recognisable is 'perhaps'"),
    ('"R1"', '" "', "nobody signed this quotation"),
    ('"[GP]"', '"the GP"', "a redaction becomes 'the GP'"),
    ("end = 15", "end = 45", "a redaction goes from 12 to 45"),
    ("signed_on = 2018-07-02\n", "", "'signed_on' is missing"),
    ("signed_by", "sined_by", "did you mean 'signed_by'?")])
def test_what_cannot_be_a_sign_off_is_a_mistake_with_its_line(tmp_path, old, new, says):
    from analysis.errors import DefinitionMistake

    with pytest.raises(DefinitionMistake) as mistake:
        read(tmp_path, ENTRY.replace(old, new))
    assert says in str(mistake.value) and "quotes.toml, line" in str(mistake.value)
