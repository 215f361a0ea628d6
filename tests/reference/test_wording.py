"""The words of items come from a file of the study's own, held against the questionnaires that it uses."""

import pytest

from analysis.errors import Mistake
from analysis.reference.instruments import instrument
from analysis.reference.wording import read_wording

PEG = instrument("peg")


def test_words_are_found_by_instrument_and_item(tmp_path):
    (tmp_path / "wording.toml").write_text('[peg]\n1 = "First"\n3 = "Third"\n')
    assert read_wording(tmp_path / "wording.toml", [PEG]) == {("peg", "1"): "First", ("peg", "3"): "Third"}


@pytest.mark.parametrize(("said", "message"), [
    ('[pegg]\n1 = "First"\n', r"wording.toml: \[pegg\] is no instrument of this study\n  -> did you mean \[peg\]?"),
    ('[peg]\n4 = "Fourth"\n', "wording.toml: peg has no item '4'\n  -> its items are: 1, 2, 3"),
    ("[peg\n", "wording.toml: this is not TOML"), (None, "there is no file 'wording.toml' beside study.toml")])
def test_words_that_belong_to_nothing_are_a_mistake(tmp_path, said, message):
    if said is not None:
        (tmp_path / "wording.toml").write_text(said)
    with pytest.raises(Mistake, match=message):
        read_wording(tmp_path / "wording.toml", [PEG])
