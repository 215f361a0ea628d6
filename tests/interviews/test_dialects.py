"""Laws: one project in the dialect of any program comes back as the same codings, and counts the same."""

import tempfile
from pathlib import Path

import dialects
import pytest
from dialects import CODES, PATHS, Mark
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.interviews.calibration import READINGS, Reading
from analysis.interviews.codings import codes_frame, codings_frame
from analysis.interviews.readers import read
from analysis.measures.interviews.passages import passages

# No word occurs twice: where it does, two readings can fit a passage, and nobody could tell them apart.
WORDS = ["pain", "tablets", "slowly", "🙂🙂🙂", "naïve", "listened", "ΩΩΩ", "R&D", "<b>", "afraid", "Thursday", "again",
         "worker", "talked", "garden", "sleeping", "🙂 odd", "quietly", "brother", "walking"]
ONE_LINE = st.permutations(WORDS).flatmap(lambda words: st.integers(3, 14).map(lambda n: " ".join(words[:n])))
LINES = st.permutations(WORDS).flatmap(lambda words: st.lists(
    st.integers(1, len(WORDS) - 1), min_size=1, max_size=4, unique=True).map(lambda cuts: "\n".join(
        " ".join(words[a:b]) for a, b in zip([0, *sorted(cuts)], [*sorted(cuts), len(WORDS)], strict=True))))


@st.composite
def projects(draw, text=LINES, whole_words=False):
    """Two interviews, and codings anywhere in them, or of whole words."""
    texts = {name: draw(text) for name in ("P01", "P02")}
    marks = []
    for _ in range(draw(st.integers(1, 8))):
        name = draw(st.sampled_from(list(texts)))
        said = texts[name]
        starts = [n for n in range(len(said)) if not said[n].isspace() and (n == 0 or said[n - 1].isspace())]
        start = draw(st.sampled_from(starts) if whole_words else st.integers(0, len(said) - 1))
        ends = [n for n in range(start + 1, len(said) + 1) if n == len(said) or said[n].isspace()]
        end = draw(st.sampled_from(ends) if whole_words else st.integers(start + 1, len(said)))
        if len(said[start:end].strip()) > 2:
            marks.append(Mark(name, draw(st.sampled_from(list(PATHS))), draw(st.sampled_from("AB")), start, end))
    return texts, list(dict.fromkeys(marks))


def back(write, texts, marks):
    with tempfile.TemporaryDirectory() as folder:
        found = read(write(Path(folder), texts, marks))
    assert found.losses == () and found.codings_in == len(found.codings)
    return found


def placed(found):
    return sorted((c.interview, c.code, c.coder, c.start, c.end, c.text) for c in found.codings)


def wanted(texts, marks):
    return sorted((m.interview, m.code, m.coder, m.start, m.end, texts[m.interview][m.start:m.end]) for m in marks)


# ------------------------------------------------------------------------------------------- programs with positions

@settings(max_examples=50, deadline=None)
@given(st.sampled_from(READINGS), projects(whole_words=True))
def test_a_refi_qda_project_comes_back_however_its_program_counts(reading, project):
    texts, marks = project
    found = back(dialects.refi_qda(reading), texts, marks)
    assert placed(found) == wanted(texts, marks)
    assert {i.id: i.text for i in found.interviews} == texts


@settings(max_examples=15, deadline=None)
@given(projects())
def test_a_project_of_the_standard_s_own_reading_comes_back_from_any_place(project):
    texts, marks = project
    assert placed(back(dialects.refi_qda(Reading()), texts, marks)) == wanted(texts, marks)


@pytest.mark.parametrize("write", [
    dialects.qualcoder(), dialects.qualcoder("UTF-16 units"), dialects.qualcoder(crlf=True), dialects.own_table,
    dialects.dedoose], ids=["QualCoder", "QualCoder, drifted", "QualCoder, CRLF", "table", "Dedoose"])
@settings(max_examples=6, deadline=None)
@given(projects(whole_words=True))
def test_a_project_with_positions_comes_back_from_every_program(write, project):
    texts, marks = project
    marks = list({(m.interview, m.code, m.coder, m.start, m.end): m for m in marks}.values())
    assert placed(back(write, texts, marks)) == wanted(texts, marks)


@pytest.mark.parametrize("write", [dialects.taguette, dialects.word], ids=["Taguette", "Word"])
@settings(max_examples=6, deadline=None)
@given(projects(text=ONE_LINE))
def test_a_project_in_paragraphs_comes_back(write, project):
    texts, marks = project
    assume(marks)  # documents without any comment are no coded project
    assert placed(back(write, texts, marks)) == wanted(texts, marks)


# ------------------------------------------------------------------------------------------- tables without positions

@pytest.mark.parametrize(("write", "coders"), [
    (dialects.maxqda("\\"), True), (dialects.maxqda(" > "), True), (dialects.atlas_ti, True), (dialects.numbered, True),
    (dialects.qualcoder_table, True), (dialects.of_marks, True), (dialects.taguette_table, False)],
    ids=["MAXQDA", "MAXQDA, newer", "ATLAS.ti", "numbered", "QualCoder", "marks", "Taguette"])
@settings(max_examples=5, deadline=None)
@given(projects(text=ONE_LINE, whole_words=True))
def test_a_table_of_passages_comes_back_with_its_words_and_codes(write, coders, project):
    texts, marks = project
    found = back(write, texts, marks)
    assert sorted((c.interview, c.code, c.coder, c.text) for c in found.codings) == sorted(
        (m.interview, m.code, m.coder if coders else "", texts[m.interview][m.start:m.end]) for m in marks)


# ------------------------------------------------------------------------------------------------ counts

def tallies(found):
    """Of each code and of each theme: passages by interview."""
    frame = codings_frame(found)
    parents = {code.id: code.parent for code in found.codes}
    families = {code: [code, *(c for c, p in parents.items() if p == code)] for code in parents}
    return {code: passages(frame, family)["interview_id"].value_counts().sort_index().to_dict()
            for code, family in families.items()}


@settings(max_examples=10, deadline=None)
@given(projects(whole_words=True), st.randoms(use_true_random=False))
def test_counts_do_not_move_with_the_order_of_codings_or_with_new_guids(project, chance):
    texts, marks = project
    first = back(dialects.refi_qda(Reading()), texts, marks)
    chance.shuffle(shuffled := list(marks))  # each selection and coding gets its GUID by its place
    again = back(dialects.refi_qda(Reading()), dict(reversed(texts.items())), shuffled)
    assert tallies(first) == tallies(again)


@settings(max_examples=10, deadline=None)
@given(projects(whole_words=True), st.data())
def test_a_passage_split_in_two_is_two_only_where_its_parts_merely_touch(project, data):
    """The rule: stretches that overlap are one passage, stretches that only touch are two."""
    texts, marks = project
    alone = Mark("P01", "pace", "A", 0, len(texts["P01"]))
    marks = [m for m in marks if not (m.code == "pace" and m.interview == "P01")]
    cut = data.draw(st.integers(1, alone.end - 2))
    counts = {}
    for name, parts in {"whole": [alone], "overlapping": [(0, cut + 1), (cut, alone.end)],
                        "touching": [(0, cut), (cut, alone.end)]}.items():
        split = [one if isinstance(one, Mark) else Mark("P01", "pace", "A", *one) for one in parts]
        counts[name] = tallies(back(dialects.refi_qda(Reading()), texts, [*marks, *split]))
    assert counts["overlapping"] == counts["whole"]
    assert counts["touching"] == {**counts["whole"], "pace": {**counts["whole"]["pace"], "P01": 2}}


def test_every_code_of_the_dialects_has_its_path():
    assert [code.id for code in CODES] == list(PATHS) and len(codes_frame(back(
        dialects.own_table, {"P01": "a b"}, [Mark("P01", code, "A", 0, 1) for code in PATHS]))) == 3
