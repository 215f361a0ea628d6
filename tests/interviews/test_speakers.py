"""Who speaks is marked by QualCoder as if it were coded: no theme, no coder, and no name of a person comes of it."""

from qualcoder_project import write
from test_spreadsheets import QUALCODER, table

from analysis.interviews.codings import Code, Coding, Project
from analysis.interviews.readers import read
from analysis.interviews.speakers import CATEGORY, CODER, LOSS, without_speakers

TEXT = "Ann: I was afraid.\nBen: Slowly, then."


def test_turns_of_speakers_are_a_loss_and_their_codes_are_gone(tmp_path):
    found = read(write(tmp_path / "s.qda", [(1, "P01", TEXT)],
                       [(1, "fear", None), (2, "Ann", 1), (3, "Ben", 1), (4, "unused", None)],
                       [(1, 1, "I was afraid", 5, 17, "cat"), (2, 1, "Ann: I was afraid.", 0, 18, CODER),
                        (3, 1, "Ben: Slowly, then.", 19, 37, CODER)], categories=[(1, f"{CATEGORY}Sprecher", None)]))
    assert [(c.code, c.coder, c.text) for c in found.codings] == [("fear", "cat", "I was afraid")]
    assert [code.id for code in found.codes] == ["fear", "unused"]
    assert found.losses == ((LOSS, 2),) and found.codings_in == 3


def test_they_are_known_in_its_report_too(tmp_path):
    rows = [["P01.txt", "cat", "I was afraid", "ctid:1", "fear", "", ""],
            ["P01.txt", CODER, "Ann: I was afraid.", "ctid:2", "Ann", "", f"{CATEGORY}Speakers"]]
    found = read(table(tmp_path / "r.csv", QUALCODER[:7], *rows))
    assert [code.id for code in found.codes] == ["fear"] == [c.code for c in found.codings]
    assert found.losses == ((LOSS, 1),)


def test_a_speaker_s_code_stays_where_somebody_coded_with_it():
    codes = (Code(f"{CATEGORY}Speakers", f"{CATEGORY}Speakers", codable=False),
             Code("Ann", "Ann", f"{CATEGORY}Speakers", depth=1), Code("Ben", "Ben", f"{CATEGORY}Speakers", depth=1))
    codings = (Coding("P01", "Ann", CODER), Coding("P01", "Ann", "cat"))
    found = without_speakers(Project((), codes, codings, 2))
    assert [code.id for code in found.codes] == [f"{CATEGORY}Speakers", "Ann"] and found.codings == codings[1:]


def test_a_project_without_speakers_is_as_it_was():
    project = Project((), (Code("fear", "fear"), Code("unused", "unused")), (Coding("P01", "fear", "cat"),), 1)
    assert without_speakers(project) is project
