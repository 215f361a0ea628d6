"""The coders' log of what they settled, as they write it beside the study."""

import pytest

from analysis.errors import DefinitionMistake
from analysis.interviews.discrepancies import read_settled

GOOD = """[[discrepancy]]
interview  = "I01"
code       = "fear"
start      = 10
end        = 20
decision   = "dropped"
settled_by = ["R1", "R2"]
settled_on = 2018-07-02
"""


def test_a_decision_is_read_with_who_made_it_and_when(tmp_path):
    (tmp_path / "discrepancies.toml").write_text(GOOD, "utf-8")
    one, = read_settled(tmp_path / "discrepancies.toml")
    assert (one.interview, one.code, one.start, one.end, one.decision, one.settled_by, f"{one.settled_on}") == (
        "I01", "fear", 10, 20, "dropped", ("R1", "R2"), "2018-07-02")


def test_without_the_file_nothing_is_settled(tmp_path):
    assert read_settled(tmp_path / "discrepancies.toml") == ()


@pytest.mark.parametrize(("wrong", "said"), [
    (('"dropped"', '"gone"'), "the decision is 'gone'"), (('["R1", "R2"]', '[""]'), "nobody settled this"),
    (("end        = 20", "end        = 9"), "the passage goes from 10 to 9"), (("start ", "begin "), "begin")])
def test_what_can_be_no_decision_is_said_with_its_line(tmp_path, wrong, said):
    (tmp_path / "discrepancies.toml").write_text(GOOD.replace(*wrong), "utf-8")
    with pytest.raises(DefinitionMistake, match=said) as told:
        read_settled(tmp_path / "discrepancies.toml")
    assert "discrepancies.toml" in str(told.value)
